//! Prepares what the binary embeds: the NHS design system's stylesheet and script, our own few lines
//! beside them, and the fonts of the printed slips.
//!
//! Nothing third-party is committed: the packages named in package-lock.json are fetched with npm when
//! they are missing or the lock file has changed, never on every build.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

const OWN: &str = "src/web/assets";
const PACKAGES: &str = "node_modules";
const STAMP: &str = "node_modules/.iapt-pad-lock";
const NHSUK: &str = "node_modules/nhsuk-frontend/dist/nhsuk";
const FONTS: &str = "node_modules/@expo-google-fonts";

fn main() {
    if let Err(problem) = prepare() {
        eprintln!("error: {problem}");
        std::process::exit(1);
    }
}

fn prepare() -> Outcome<()> {
    for watched in [
        "build.rs",
        "migrations",
        "package.json",
        "package-lock.json",
        OWN,
        STAMP,
    ] {
        println!("cargo::rerun-if-changed={watched}");
    }
    fetch_packages()?;

    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut shelf = Shelf::new(&out)?;
    let icon = fs::read_to_string(format!("{OWN}/icon.svg"))?;
    shelf.put("APP_CSS", "app.css", "text/css; charset=utf-8", &stylesheet()?)?;
    shelf.put("APP_JS", "app.js", "text/javascript; charset=utf-8", &script()?)?;
    let staff = fs::read_to_string(format!("{OWN}/staff.js"))?;
    shelf.put("STAFF_JS", "staff.js", "text/javascript; charset=utf-8", &staff)?;
    shelf.put("ICON_SVG", "icon.svg", "image/svg+xml", &icon)?;
    shelf.close(&out)?;
    put_fonts(&out)
}

/// Runs `npm ci` when what is installed is not what the lock file names.
fn fetch_packages() -> Outcome<()> {
    let wanted = hex(&Sha256::digest(fs::read("package-lock.json")?));
    if fs::read_to_string(STAMP).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ran = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .output();
    let ran = ran.map_err(|_| {
        "Node.js with npm is needed to fetch the NHS stylesheet and the fonts: install it \
         (on Debian: apt-get install nodejs npm) and build again."
    })?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        return Err(format!("npm ci failed; it said:\n{said}").into());
    }
    fs::create_dir_all(PACKAGES)?;
    fs::write(STAMP, &wanted)?;
    // Cargo runs this script again when a watched file is newer than the last run, so the stamp takes the
    // lock file's age: otherwise the build after a fetch would compile everything a second time.
    let lock_age = fs::metadata("package-lock.json")?.modified()?;
    fs::File::options()
        .write(true)
        .open(STAMP)?
        .set_modified(lock_age)?;
    Ok(())
}

/// The NHS stylesheet without what we never show, and our own rules after it.
///
/// Its `@font-face` rules go: they would fetch a licensed face from another host, which tells that host who
/// visits, and the content policy refuses it anyway. The pages use the reader's own Arial.
fn stylesheet() -> Outcome<String> {
    let nhs = fs::read_to_string(format!("{NHSUK}/nhsuk-frontend.min.css"))?;
    let nhs = nhs
        .replace("Frutiger W01,", "")
        .replace("@charset \"UTF-8\";", "");
    let nhs = match nhs.find("/*# sourceMappingURL") {
        Some(end) => &nhs[..end],
        None => &nhs,
    };
    let sheet = keep_used(nhs) + &fs::read_to_string(format!("{OWN}/app.css"))?;
    match sheet.contains("url(") {
        true => Err("the stylesheet asks for a file that we do not serve (url(…))".into()),
        false => Ok(sheet),
    }
}

/// Components of the NHS stylesheet that no page of ours shows. To use one, take it off this list.
const UNUSED: [&str; 14] = [
    "nhsuk-hero",
    "nhsuk-file-upload",
    "nhsuk-tabs",
    "nhsuk-breadcrumb",
    "nhsuk-do-dont-list",
    "nhsuk-contents-list",
    "nhsuk-image",
    "nhsuk-code",
    "nhsuk-header__search",
    "nhsuk-header--white",
    "nhsuk-search-input",
    "[data-sort]",
    "[aria-sort",
    "search-cancel-button",
];

/// The rules of a minified stylesheet whose selectors name something that is used.
fn keep_used(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(open) = rest.find('{') {
        let (selectors, after) = rest.split_at(open);
        let close = matching_brace(after);
        let body = &after[1..close];
        rest = &after[close + 1..];
        if selectors.starts_with("@font-face") {
            continue;
        }
        let (selectors, body) = match selectors.starts_with("@media") || selectors.starts_with("@supports") {
            true => (selectors.to_owned(), keep_used(body)),
            false => (used_selectors(selectors), body.to_owned()),
        };
        if !selectors.is_empty() && !body.is_empty() {
            kept.extend([&selectors, "{", &body, "}"]);
        }
    }
    kept
}

/// Where the brace that opens `text` closes.
fn matching_brace(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len() - 1
}

/// The selectors of one rule without those that name an unused component.
fn used_selectors(selectors: &str) -> String {
    let mut depth = 0_usize;
    let parts = selectors.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    let used: Vec<&str> = parts
        .filter(|one| !UNUSED.iter().any(|unused| one.contains(unused)))
        .collect();
    used.join(",")
}

/// The NHS script and the lines that start it, as one module: the pages work without it.
fn script() -> Outcome<String> {
    let nhs = fs::read_to_string(format!("{NHSUK}/nhsuk-frontend.min.js"))?;
    let nhs = nhs.split("//# sourceMappingURL").next().unwrap_or_default();
    Ok(format!("{nhs}\n{}", fs::read_to_string(format!("{OWN}/app.js"))?))
}

/// The assets as the binary will carry them: named by their content, compressed once, listed in assets.rs.
struct Shelf {
    dir: PathBuf,
    constants: String,
    list: String,
}

impl Shelf {
    fn new(out: &Path) -> Outcome<Self> {
        let dir = out.join("assets");
        fs::create_dir_all(&dir)?;
        Ok(Shelf {
            dir,
            constants: String::new(),
            list: String::new(),
        })
    }

    /// Stores one asset, and a constant for its address.
    fn put(&mut self, constant: &str, name: &str, media_type: &str, text: &str) -> Outcome<()> {
        let hash = &hex(&Sha256::digest(text))[..12];
        let (stem, ending) = name.split_once('.').ok_or("an asset's name has an ending")?;
        let file = format!("{stem}-{hash}.{ending}");
        fs::write(self.dir.join(format!("{name}.gz")), gzipped(text.as_bytes())?)?;
        self.constants += &format!(
            "/// Address of `{name}`, named by its content.\npub const {constant}: &str = \"/assets/{file}\";\n"
        );
        self.list += &format!(
            "    Asset {{ file: \"{file}\", media_type: \"{media_type}\", \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{name}.gz\")) }},\n"
        );
        Ok(())
    }

    fn close(self, out: &Path) -> Outcome<()> {
        let source = format!("{}\nstatic ALL: &[Asset] = &[\n{}];\n", self.constants, self.list);
        Ok(fs::write(out.join("assets.rs"), source)?)
    }
}

/// Puts the faces of the printed slips, gzipped, where `include_bytes!` finds them: the package and file of each, and its
/// name.
fn put_fonts(out: &Path) -> Outcome<()> {
    fs::create_dir_all(out.join("fonts"))?;
    for (from, to) in [
        ("noto-sans/400Regular/NotoSans_400Regular", "NotoSans-Regular"),
        ("noto-sans/700Bold/NotoSans_700Bold", "NotoSans-Bold"),
        (
            "noto-sans-arabic/400Regular/NotoSansArabic_400Regular",
            "NotoSansArabic-Regular",
        ),
        (
            "noto-nastaliq-urdu/400Regular/NotoNastaliqUrdu_400Regular",
            "NotoNastaliqUrdu-Regular",
        ),
        (
            "noto-sans-bengali/400Regular/NotoSansBengali_400Regular",
            "NotoSansBengali-Regular",
        ),
        // A twentieth of the download of Noto Sans SC, which only comes in all its weights.
        (
            "zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular",
            "ZCOOLXiaoWei-Regular",
        ),
    ] {
        let source = format!("{FONTS}/{from}.ttf");
        let program = fs::read(&source).map_err(|e| format!("{source}: {e}"))?;
        fs::write(out.join(format!("fonts/{to}.ttf.gz")), gzipped(&program)?)?;
    }
    Ok(())
}

fn gzipped(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
