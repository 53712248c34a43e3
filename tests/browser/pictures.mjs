// Takes a picture of every main page on a phone and on a desk, for people to look at. A demo has to be running:
//
//   cargo run -- demo
//   node tests/browser/pictures.mjs http://127.0.0.1:8080 FOLDER [PART…]
//
// Parts: fixedPages, patient, unsafe, refused, team, physio, administrator, signIn. Without one: all of them. The part
// `readme` alone makes the two pictures of README.md (it needs pdftoppm); for a neutral address on the slip, start the
// demo with DEMO_BASE_URL=http://talking.example.org.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESK, PHONE, launch } from "./browser.mjs";
import { be, freshSlip, scan } from "./journey.mjs";
import { PAGES, PERSON, fill, goOn, meet } from "./person.mjs";

const [base, folder, ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
let taken = 0;
let part = "";

/** One picture at each width, of the whole page. */
async function take(page, name) {
  taken += 1;
  for (const [kind, size] of [["phone", PHONE], ["desk", DESK]]) {
    await page.setViewportSize(size);
    await page.evaluate(() => window.scrollTo(0, 0));
    const file = `${part}-${String(taken).padStart(2, "0")}-${name}-${kind}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true });
  }
}

async function visit(page, path, name) {
  await page.goto(base + path);
  await take(page, name);
}

async function fixedPages(page) {
  await visit(page, "/", "home");
  await goOn(page);
  await take(page, "home-error");
  await visit(page, "/help-now", "help-now");
  await visit(page, "/privacy", "privacy");
  await visit(page, "/accessibility-statement", "accessibility");
  await visit(page, "/nowhere", "not-found");
  await visit(page, "/s/7K3M-9QXT-2VBR", "slip-unknown");
  await visit(page, "/s/7K3M-9QXT-2VBS", "slip-mistyped");
  await visit(page, "/refer/5", "gone");
}

async function patient(page, code) {
  await scan(page, base, code, () => take(page, "slip"));
  for (const [index, step] of PAGES.entries()) {
    await meet(page, step.heading);
    const name = `refer-${index + 1}`;
    await take(page, name);
    await goOn(page);
    await page.locator(".nhsuk-error-summary").waitFor();
    await take(page, `${name}-error`);
    await fill(page, step.alarm ?? step.fill);
    await goOn(page);
    if (!step.alarm) continue;
    await meet(page, /^Thank you for telling us/);
    await take(page, "help-after-a-worrying-answer");
    await page.getByLabel("Yes", { exact: true }).check();
    await goOn(page, "Carry on with the form");
  }
  await meet(page, "Check your answers");
  await take(page, "check");
  await goOn(page, "I agree. Send my answers");
  await meet(page, "We have your answers");
  await take(page, "confirmation");
  await page.locator("main a.pad-reference").click();
  await page.waitForURL(/\/r\//);
  await take(page, "own-page");
  await visit(page, `/s/${code}`, "slip-sent");
  await page.context().clearCookies();
  await visit(page, `/s/${code}`, "slip-used");
}

async function unsafe(page, code) {
  await scan(page, base, code);
  await page.getByLabel("Yes", { exact: true }).check();
  await goOn(page);
  await take(page, "help-not-reachable");
  await page.getByLabel("No", { exact: true }).check();
  await page.getByLabel("First name", { exact: true }).fill("Wim");
  await page.getByLabel("Phone number", { exact: true }).fill("07700 900777");
  await goOn(page, "Carry on with the form");
  await take(page, "help-not-safe");
  await goOn(page, "Stop here");
  await take(page, "stopped");
}

async function refused(page, code) {
  await scan(page, base, code);
  for (const step of PAGES) {
    await meet(page, step.heading);
    await fill(page, step.fill);
    await goOn(page);
  }
  await goOn(page, "I do not agree");
  await take(page, "refused");
}

async function team(page) {
  await visit(page, "/demo", "demo");
  await be(page, base, "Terry Testcase");
  await take(page, "inbox");
  const rows = page.locator("table.pad-rows");
  const urgent = await rows.first().getByRole("link").first().getAttribute("href");
  await visit(page, urgent, "referral-urgent");
  await goOn(page, "Acknowledge");
  await take(page, "referral-acknowledged");
  await page.goto(`${base}/inbox`);
  const calm = await rows.last().getByRole("link").first().getAttribute("href");
  await visit(page, calm, "referral");
  await page.locator("summary", { hasText: "Decline" }).click();
  await goOn(page, "Decline");
  await take(page, "referral-decline-error");
  await page.goto(base + calm);
  await goOn(page, "Accept");
  await take(page, "referral-accepted");
  await page.goto(`${base}/inbox`);
  for (const tab of await page.locator(".pad-tabs a").all()) {
    const [path, text] = [await tab.getAttribute("href"), await tab.innerText()];
    tabs.push([path, `inbox-${text.toLowerCase().replace(/[^a-z]+/g, "-")}`]);
  }
  for (const [path, name] of tabs) await visit(page, path, name);
  await page.goto(`${base}/inbox`);
  await page.getByLabel("Find a referral").fill(PERSON.name);
  await goOn(page, "Find");
  await take(page, "inbox-found");
  await visit(page, "/inbox/call", "call");
  await page.getByRole("group", { name: /ending your life/ }).getByRole("radio", { name: "Yes" }).check();
  await goOn(page, "Send the referral");
  await take(page, "call-in-danger");
  await visit(page, "/courses", "courses");
  await visit(page, "/reports", "reports");
  await visit(page, "/admin/staff", "forbidden");
  await visit(page, "/demo/mail", "mail");
}
const tabs = [];

async function physio(page) {
  await be(page, base, "Phil Pretend");
  await take(page, "pads");
  await visit(page, "/pads/new", "pad-new");
  await visit(page, "/pads/slip", "one-slip");
  await page.getByRole("group", { name: "Which service it is for" }).getByRole("radio").first().check();
  await goOn(page, "Make the slip");
  await take(page, "slip-on-screen");
  await page.goto(`${base}/pads`);
  for (const [path, name] of await links(page, /Pad \d+/)) {
    await visit(page, path, name);
    break;
  }
  for (const [path, name] of await links(page, /[Rr]efer/)) await visit(page, path, name);
}

async function links(page, words) {
  await page.goto(`${base}/pads`);
  const found = [];
  for (const link of await page.locator("a", { hasText: words }).all()) {
    found.push([await link.getAttribute("href"), (await link.innerText()).toLowerCase().replace(/[^a-z]+/g, "-")]);
  }
  return found;
}

async function administrator(page) {
  await page.goto(`${base}/demo`);
  await goOn(page, "Be Ada Adminsample");
  await take(page, "staff");
  await visit(page, "/admin/staff/add", "staff-add");
  await visit(page, "/admin/keys", "keys");
  await visit(page, "/admin/keys/add", "keys-add");
}

async function signIn(page) {
  await visit(page, "/staff/sign-in", "sign-in");
  await page.getByLabel("Username", { exact: true }).fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await goOn(page, "Sign in");
  await take(page, "sign-in-error");
}

/** The inbox as it opens on a desk, and the first slip of a sheet: a quarter of A4 at 144 dots an inch. */
async function readme(page) {
  await page.setViewportSize({ width: 1280, height: 960 });
  await be(page, base, "Terry Testcase");
  await meet(page, "Inbox");
  await page.screenshot({ path: join(folder, "inbox.png") });
  await be(page, base, "Phil Pretend");
  await page.getByRole("button", { name: "New pad to print" }).click();
  await page.getByLabel("How many slips").fill("4");
  await page.getByLabel("A6, four to an A4 sheet").check();
  await page.getByRole("group", { name: "Which service they are for" }).getByRole("radio").first().check();
  await goOn(page, "Make the pad");
  const downloading = page.waitForEvent("download");
  await goOn(page, "Download to print (PDF)");
  const pdf = join(tmpdir(), "iapt-pad-slip.pdf");
  await (await downloading).saveAs(pdf);
  const firstSlip = ["-r", "144", "-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "595", "-H", "842"];
  execFileSync("pdftoppm", ["-png", "-singlefile", ...firstSlip, pdf, join(folder, "slip")]);
}

const browser = await launch();
const always = [fixedPages, patient, unsafe, refused, team, physio, administrator, signIn];
const visitors = wanted.length > 0 ? [...always, readme].filter(({ name }) => wanted.includes(name)) : always;
for (const visitor of visitors) {
  part = visitor.name;
  const context = await browser.newContext({ viewport: PHONE });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  try {
    await visitor(page, await freshSlip(browser, base));
  } catch (error) {
    console.error(`${part} stopped at ${page.url()}: ${error.message}`);
    process.exitCode = 1;
  }
  await context.close();
}
await browser.close();
console.log(`${taken} pages, twice each, in ${folder}`);
