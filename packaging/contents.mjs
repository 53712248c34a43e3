// What the binary contains, written twice from one list, so that the two cannot disagree: NOTICE (for people: every
// component with its licence, then the licences' texts) and a CycloneDX 1.6 bill of materials (for machines).
//
//   node packaging/contents.mjs FOLDER [--target x86_64-unknown-linux-gnu]
//
// The crates are those that `cargo tree` links for that target: no tests, no build scripts, no procedural macros. Beside
// them stand what the build embeds from npm, the SQLite that libsqlite3-sys compiles, and Rust's standard library. The
// same checkout gives the same bytes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { values: how, positionals } = parseArgs({
  allowPositionals: true,
  options: { target: { type: "string", default: "x86_64-unknown-linux-gnu" } },
});
const [folder] = positionals;
if (!folder) {
  console.error("usage: node packaging/contents.mjs FOLDER [--target TRIPLE]");
  process.exit(2);
}
process.chdir(join(import.meta.dirname, ".."));

const run = (program, ...args) =>
  execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });

/** Files of a package that hold its licence, without those of what it has vendored deeper down. */
function licenceFiles(place) {
  return readdirSync(place, { withFileTypes: true })
    .filter((file) => file.isFile() && /^(licen[cs]e|copying|notice|copyright|unlicense)/i.test(file.name))
    .map((file) => readFileSync(join(place, file.name), "utf8").replaceAll("\r\n", "\n").trim())
    .filter((text) => text !== "");
}

/** The crates that are linked, and who uses whom. */
function crates() {
  const metadata = JSON.parse(
    run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", how.target),
  );
  const known = new Map(metadata.packages.map((one) => [`${one.name} ${one.version}`, one]));
  const checksums = new Map(
    readFileSync("Cargo.lock", "utf8")
      .split("[[package]]")
      .map((entry) => Object.fromEntries([...entry.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value])))
      .map((entry) => [`${entry.name} ${entry.version}`, entry.checksum]),
  );
  const edges = ["tree", "--locked", "--edges", "normal,no-proc-macro", "--target", how.target];
  const found = new Map();
  const above = [];
  for (const line of run("cargo", ...edges, "--prefix", "depth", "--format", " {p}").trim().split("\n")) {
    const [, depth, name, version] = line.match(/^(\d+) (\S+) v(\S+)/);
    const key = `${name} ${version}`;
    const user = above[depth - 1];
    above[depth] = key;
    if (!found.has(key)) {
      const { license, repository, manifest_path, source } = known.get(key);
      found.set(key, {
        own: source === null,
        name,
        version,
        licence: (license ?? "").replace(/\s*\/\s*/g, " OR "),
        purl: `pkg:cargo/${name}@${version}`,
        repository,
        hash: checksums.get(key) && { alg: "SHA-256", content: checksums.get(key) },
        texts: source === null ? [] : licenceFiles(dirname(manifest_path)),
        uses: new Set(),
        place: dirname(manifest_path),
      });
    }
    if (user) found.get(user).uses.add(`pkg:cargo/${name}@${version}`);
  }
  return [...found.values()];
}

/** What build.rs takes from npm. */
function embedded() {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  return Object.keys(lock[""].dependencies).map((name) => {
    const place = join("node_modules", name);
    const { version, license, repository } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const integrity = lock[`node_modules/${name}`].integrity.replace(/^sha512-/, "");
    return {
      name,
      version,
      licence: license,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      repository: repository.url.replace(/^git\+/, ""),
      hash: { alg: "SHA-512", content: Buffer.from(integrity, "base64").toString("hex") },
      texts: licenceFiles(place),
    };
  });
}

/** The C source of SQLite inside libsqlite3-sys, by its own header. */
function sqlite(place) {
  const header = readFileSync(join(place, "sqlite3", "sqlite3.h"), "utf8");
  const [, version] = header.match(/#define SQLITE_VERSION\s+"(.*)"/);
  return {
    name: "sqlite",
    version,
    licence: "blessing",
    purl: `pkg:generic/sqlite@${version}`,
    repository: "https://sqlite.org/src",
    texts: [header.slice(header.indexOf("** The author disclaims"), header.indexOf("****", 20)).replace(/^\*\* ?/gm, "").trim()],
  };
}

/** The standard library, of the compiler that is asked here. */
function standardLibrary() {
  const [, version] = run("rustc", "--version").match(/^rustc (\S+)/);
  const licence = "MIT OR Apache-2.0";
  return { name: "rust-std", version, licence, purl: `pkg:generic/rust-std@${version}`, repository: "https://github.com/rust-lang/rust", texts: [] };
}

const linked = crates();
const own = linked.find((one) => one.own);
const others = [
  ...linked.filter((one) => !one.own),
  ...embedded(),
  sqlite(linked.find((one) => one.name === "libsqlite3-sys").place),
  standardLibrary(),
].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
const nameless = others.filter((one) => !one.licence);
if (nameless.length > 0) {
  console.error(`no licence is given by: ${nameless.map((one) => one.name).join(", ")}`);
  process.exit(1);
}

/** The list, and each text once, with who brought it. */
function notice() {
  const width = Math.max(...others.map((one) => one.name.length)) + 2;
  const rows = others.map((one) => `${one.name.padEnd(width)}${one.version.padEnd(14)}${one.licence}`);
  const texts = new Map();
  for (const one of others) {
    for (const text of one.texts) {
      // The same licence is often broken into lines differently.
      const words = text.replace(/\s+/g, " ");
      texts.set(words, { text, names: new Set([...(texts.get(words)?.names ?? []), one.name]) });
    }
  }
  const silent = others.filter((one) => one.texts.length === 0).map((one) => `${one.name} (${one.repository ?? one.purl})`);
  const line = "=".repeat(100);
  return [
    `iapt-pad ${own.version} is licensed under the ${own.licence}; see LICENSE. The binary for ${how.target} contains the work`,
    "of others, listed here with the licence that each states. A choice (OR) is taken as the first that deny.toml allows.",
    "",
    ...rows,
    "",
    "These bring no licence text in their package; the text of the licence named above applies, and the copyright is that",
    "of their authors:",
    ...silent.map((one) => `  ${one}`),
    ...[...texts.values()].flatMap(({ text, names }) => ["", line, `From ${[...names].join(", ")}:`, "", text]),
    "",
  ].join("\n");
}

function billOfMaterials() {
  const component = (one) => ({
    type: "library",
    "bom-ref": one.purl,
    name: one.name,
    version: one.version,
    ...(one.hash && { hashes: [one.hash] }),
    licenses: [{ expression: one.licence }],
    purl: one.purl,
    ...(one.repository && { externalReferences: [{ type: "vcs", url: one.repository }] }),
  });
  const beside = others.filter((one) => !one.purl.startsWith("pkg:cargo/"));
  const uses = (one) => [...(one.uses ?? []), ...(one === own ? beside.map((part) => part.purl) : [])].sort();
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { ...component(own), type: "application" },
      properties: [{ name: "cargo:target", value: how.target }],
    },
    components: others.map(component),
    dependencies: [own, ...others].map((one) => ({ ref: one.purl, dependsOn: uses(one) })),
  };
  const hash = createHash("sha256").update(JSON.stringify(bill)).digest("hex");
  // A UUID from the content (RFC 9562, version 8), so that the same content has the same number.
  const uuid = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`, hash.slice(20, 32)];
  return `${JSON.stringify({ ...bill, serialNumber: `urn:uuid:${uuid.join("-")}` }, null, 2)}\n`;
}

if (!existsSync("node_modules/.iapt-pad-lock")) {
  console.error("node_modules is missing: build the program first, or run `npm ci --ignore-scripts`");
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "NOTICE"), notice());
writeFileSync(join(folder, "iapt-pad.cdx.json"), billOfMaterials());
console.log(`${others.length} components in ${join(folder, "NOTICE")} and ${join(folder, "iapt-pad.cdx.json")}`);
