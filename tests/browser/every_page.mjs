// The one list of all pages and states. It takes a picture of each, on a phone and on a desk, for people to look at; or
// it asks axe about each. A demo has to be running:
//
//   cargo run -- demo
//   node tests/browser/every_page.mjs http://127.0.0.1:8080 --pictures FOLDER [PART…]
//   node tests/browser/every_page.mjs http://127.0.0.1:8080 --look [PART…]
//
// A PART is one of the functions below, or `patients` or `staff` for all of those that a demo can show. Without a PART:
// both, but for four that need slips and people no demo has and a clock that can be moved, and one that needs a house
// whose mail reaches nobody; the tests serve those from houses of their own (--slip, --void, --expired: codes; --offer,
// --waiting, --talk: links; --password: of the colleague there). The part `readme` alone makes the three pictures of
// README.md (it needs pdftoppm); for a neutral address on the slip, start the demo with
// DEMO_BASE_URL=http://talking.example.org.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DESK, Findings, PATIENCE, PHONE, launch } from "./browser.mjs";
import { answer, be, freshSlip, keepPlace, scan, signInWith } from "./journey.mjs";
import { PAGES, PERSON, fill, goOn, meet } from "./person.mjs";

const { values: how, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pictures: { type: "string" },
    look: { type: "boolean" },
    slip: { type: "string" },
    void: { type: "string" },
    expired: { type: "string" },
    offer: { type: "string" },
    waiting: { type: "string" },
    talk: { type: "string" },
    password: { type: "string" },
  },
});
const [base, ...wanted] = positionals;
const folder = how.pictures;
if (folder) mkdirSync(folder, { recursive: true });
const findings = new Findings(base);
let taken = 0;
let part = "";

/** The page as it stands, at each width. */
async function take(page, name) {
  taken += 1;
  for (const [kind, size] of [["phone", PHONE], ["desk", DESK]]) {
    await page.setViewportSize(size);
    await page.evaluate(() => window.scrollTo(0, 0));
    const ask = kind === "phone" ? "everything" : "again";
    if (how.look) await findings.look(page, `${part}: ${name}`, { ask });
    if (how.look && kind === "phone") await findings.tabThrough(page, `${part}: ${name}`);
    if (!folder) continue;
    const file = `${part}-${String(taken).padStart(2, "0")}-${name}-${kind}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true });
  }
}

async function visit(page, path, name) {
  // A server that is kept waiting by a busy machine ends the connection; a browser then asks again.
  await page.goto(base + path).catch(() => page.goto(base + path));
  await take(page, name);
}

/** The page with everything opened that opens. */
async function takeOpened(page, name) {
  const closed = page.locator("main details:not([open])");
  if ((await closed.count()) === 0) return;
  await closed.evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
  await take(page, `${name}-opened`);
}

/** Sends the page as it stands, and takes what comes back. */
async function takeError(page, name, button = "Continue") {
  await goOn(page, button);
  await page.locator(".nhsuk-error-summary").waitFor();
  await take(page, `${name}-error`);
}

async function fixedPages(page) {
  await visit(page, "/", "home");
  await takeError(page, "home");
  await visit(page, "/help-now", "help-now");
  await visit(page, "/crisis", "crisis");
  await visit(page, "/privacy", "privacy");
  await visit(page, "/accessibility-statement", "accessibility");
  await visit(page, "/nowhere", "not-found");
  await visit(page, "/inbox/nowhere", "not-found-signed-out");
  await visit(page, "/s/7K3M-9QXT-2VBR", "slip-unknown");
  await visit(page, "/s/7K3M-9QXT-2VBS", "slip-mistyped");
  await visit(page, "/refer/5", "gone");
}

async function patient(page, code) {
  await scan(page, base, code, { visit: () => take(page, "slip") });
  for (const [index, step] of PAGES.entries()) {
    await meet(page, step.heading);
    const name = `refer-${index + 1}`;
    await take(page, name);
    await takeOpened(page, name);
    await takeError(page, name);
    await takeOpened(page, `${name}-error`);
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
  await visit(page, `/s/${code}`, "slip-started");
  await visit(page, "/", "home-started");
  await visit(page, "/refer/4", "refer-4-again");
  await page.goto(`${base}/refer/9`);
  await goOn(page, "I agree. Send my answers");
  await meet(page, "We have your answers");
  await take(page, "confirmation");
  await page.locator("main a.pad-reference").click();
  await page.waitForURL(/\/r\//);
  await take(page, "own-page");
  await visit(page, `/s/${code}`, "slip-sent");
  await page.context().clearCookies();
  await visit(page, `/s/${code}`, "slip-used");
  await goOn(page, "Start without a slip");
  for (const step of PAGES.filter(({ isList }) => !isList)) {
    await meet(page, step.heading);
    await fill(page, step.fill, { later: true });
    await goOn(page);
  }
  await goOn(page, "I agree. Send my answers");
  await meet(page, "We have added this to what we have");
  await take(page, "added-to-what-we-have");
}

/** Choosing a place, and the own page behind the date of birth. */
async function place(page, code) {
  await scan(page, base, code);
  await answer(page, { name: "Petra Placetest" });
  await take(page, "confirmation-with-places");
  await takeError(page, "places", "Keep this place for me");
  await keepPlace(page, { visit: () => take(page, "kept") });
  await visit(page, "/refer/10", "confirmation-with-a-place");
  await page.locator("main a.pad-reference").click();
  await page.waitForURL(/\/r\/[0-9A-Z]+$/);
  const own = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await visit(page, own, "own-page");
  await page.getByRole("link", { name: "Change or give up my place" }).click();
  await take(page, "own-open");
  await takeError(page, "own-open");
  await birthDate(page, { day: "1" });
  await takeError(page, "own-open-wrong-date");
  await birthDate(page);
  await goOn(page);
  await meet(page, "Change or give up your place");
  await take(page, "own-change");
  await takeError(page, "own-change");
  await page.getByRole("radio").first().check();
  await goOn(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await take(page, "own-changed");
  await visit(page, own, "own-page-opened");
  await visit(page, `${own}/details`, "own-details");
  for (const label of ["Phone number", "Email address"]) await page.getByLabel(label, { exact: true }).fill("");
  await takeError(page, "own-details", "Save");
  await page.getByLabel("Phone number", { exact: true }).fill("07700 900322");
  await goOn(page, "Save");
  await page.waitForURL(/said=/);
  await take(page, "own-page-said");
  await visit(page, `${own}/copy`, "own-copy");
  await visit(page, `${own}/stop`, "own-stop");
  await goOn(page, "Take my form back");
  await meet(page, "You took it back");
  await take(page, "own-taken-back");
  await visit(page, own, "own-ended");
}

async function birthDate(page, { day = PERSON.day } = {}) {
  for (const [label, value] of [["Day", day], ["Month", PERSON.month], ["Year", PERSON.year]]) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

/** Neither the short lists nor an email address: a person will ring. */
async function laterOn(page, code) {
  await scan(page, base, code);
  for (const step of PAGES.filter(({ isList }) => !isList)) {
    await meet(page, step.heading);
    await fill(page, step.fill, { later: true });
    await goOn(page);
  }
  await take(page, "check-without-lists");
  await goOn(page, "I agree. Send my answers");
  await meet(page, "We have your answers");
  await take(page, "confirmation-without-lists");
}

/** A GP, without a slip, for somebody who is not there. */
async function gp(page) {
  await page.goto(base);
  await goOn(page, "refer a patient who agrees");
  for (const [index, step] of PAGES.filter(({ isList }) => !isList).entries()) {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await take(page, `refer-${index + 1}`);
    await fill(page, step.fill, { later: true });
    if (index === 1) {
      await takeError(page, "refer-2");
      await page.getByLabel("Your own name", { exact: true }).fill("Dr Gil Generic");
      await page.getByLabel("Your job, and where", { exact: true }).fill("GP at Example Surgery");
    }
    await goOn(page);
  }
  await meet(page, "Check your answers");
  await take(page, "check");
  await goOn(page, "The patient agrees. Send this");
  await meet(page, "We have your answers");
  await take(page, "confirmation");
}

async function unsafe(page, code) {
  await scan(page, base, code);
  await page.getByLabel("Yes", { exact: true }).check();
  await goOn(page);
  await take(page, "help-not-reachable");
  await page.getByLabel("Phone number", { exact: true }).fill("12");
  await goOn(page, "Carry on with the form");
  await take(page, "help-error");
  await page.getByLabel("No", { exact: true }).check();
  await page.getByLabel("First name", { exact: true }).fill("Wim");
  await page.getByLabel("Phone number", { exact: true }).fill("07700 900777");
  await goOn(page, "Carry on with the form");
  await take(page, "help-not-safe");
  await goOn(page, "Stop here");
  await take(page, "stopped");
  await goOn(page, "Delete my answers from this device");
  await take(page, "deleted");
}

/** Somebody who would rather not say, and then leaves a number that nobody can dial. */
async function oddNumber(page, code) {
  await scan(page, base, code);
  await page.getByLabel("I would rather not say", { exact: true }).check();
  await goOn(page);
  await take(page, "help-rather-not");
  await page.goto(`${base}/refer/1`);
  await page.getByLabel("Yes", { exact: true }).check();
  await goOn(page);
  await page.getByLabel("First name", { exact: true }).fill("Wanda");
  await page.getByLabel("Phone number", { exact: true }).fill("ask at the Red Lion");
  await goOn(page, "Carry on with the form");
  await take(page, "help-number-as-typed");
  await goOn(page, "Stop here");
  await take(page, "stopped-number-as-typed");
  await page.goto(`${base}/refer/2`);
  await fill(page, PAGES[1].fill);
  await goOn(page);
  await fill(page, PAGES[2].fill);
  await page.getByLabel("Phone number", { exact: true }).fill("0770 900 12");
  await goOn(page);
  await take(page, "refer-3-number-as-typed");
  await be(page, base, "Terry Testcase");
  const one = page.locator("table.pad-rows tr", { hasText: PERSON.name }).getByRole("link").first();
  await visit(page, await one.getAttribute("href"), "referral-number-as-typed");
}

/** Words that worry on a page that has to be corrected; then a sign that comes from the spine, and both at once. */
async function worryingWords(page, code) {
  await scan(page, base, code);
  for (const step of PAGES.slice(0, 3)) {
    await meet(page, step.heading);
    await fill(page, step.fill);
    await goOn(page);
  }
  await meet(page, PAGES[3].heading);
  await fill(page, PAGES[3].fill);
  await page.getByRole("group", { name: /new for you/ }).getByLabel("Weakness in both legs", { exact: true }).check();
  await goOn(page);
  await take(page, "help-spine");
  await page.goto(`${base}/refer/4`);
  await page.getByLabel("In your own words (optional)", { exact: true }).fill("I want to kill myself");
  await page.getByLabel("Back pain", { exact: true }).uncheck();
  await goOn(page);
  await take(page, "worrying-words");
}

async function refused(page, code) {
  await scan(page, base, code);
  for (const step of PAGES.filter(({ isList }) => !isList)) {
    await meet(page, step.heading);
    await fill(page, step.fill, { later: true });
    await goOn(page);
  }
  await goOn(page, "I do not agree");
  await take(page, "refused");
}

/** Slips that cannot be used. */
async function unusable(page) {
  await visit(page, `/s/${how.void}`, "slip-taken-back");
  await visit(page, `/s/${how.expired}`, "slip-out-of-date");
}

/** Gives the date of birth that everybody in the house of the tests has. */
async function opens(page, link, then) {
  await page.goto(`${base}/r/${link}/open?then=${then}`);
  await page.getByLabel("Day", { exact: true }).fill("29");
  await page.getByLabel("Month", { exact: true }).fill("2");
  await page.getByLabel("Year", { exact: true }).fill("1980");
  await goOn(page);
}

/** Somebody waits for a place; to somebody else one is offered. */
async function offered(page) {
  await visit(page, `/r/${how.waiting}`, "waits");
  await opens(page, how.waiting, "change");
  await take(page, "waits-change");
  await visit(page, `/r/${how.offer}`, "offered");
  await goOn(page, "Yes, keep it for me");
  await meet(page, /^We have kept/);
  await take(page, "offer-accepted");
}

/** A first talk is chosen, kept and changed. */
async function talks(page) {
  await opens(page, how.talk, "place");
  await meet(page, "Choose a place");
  await take(page, "talks");
  await takeError(page, "talks", "Keep this place for me");
  await keepPlace(page, { visit: () => take(page, "talk-kept") });
  await visit(page, `/r/${how.talk}`, "talk-own-page");
  await visit(page, `/r/${how.talk}/change`, "talk-change");
}

/** A draft that has rested for an hour, and for a day. */
async function rested(page) {
  const wait = (minutes) =>
    page.request.post(`${base}/test/wait/${minutes}`, { headers: { "sec-fetch-site": "same-origin" } });
  await scan(page, base, how.slip);
  for (const step of PAGES.slice(0, 3)) {
    await meet(page, step.heading);
    await fill(page, step.fill);
    await goOn(page);
  }
  await meet(page, PAGES[3].heading);
  await wait(61);
  await goOn(page);
  await meet(page, "You were away for a while");
  await take(page, "locked");
  await takeError(page, "locked", "Carry on");
  await birthDate(page, { day: "1" });
  await takeError(page, "locked-wrong-date", "Carry on");
  await visit(page, "/", "home-locked");
  await wait(24 * 60);
  await visit(page, "/refer/4", "gone-after-a-day");
}

/** The patient on a physio's tablet. */
async function tablet(page, code) {
  await be(page, base, "Phil Pretend");
  await visit(page, "/refer-now/hand-over", "hand-over");
  await page.getByLabel(/^Code of the slip/).fill("7K3M-9QXT-2VBS");
  await takeError(page, "hand-over", "Sign me out and hand over");
  await page.getByLabel(/^Code of the slip/).fill(code);
  await goOn(page, "Sign me out and hand over");
  await meet(page, /Welcome/);
  await take(page, "welcome-on-a-tablet");
  await goOn(page, "Start now");
  for (const step of PAGES.filter(({ isList }) => !isList)) {
    await meet(page, step.heading);
    if (step === PAGES[0]) await take(page, "handed-over");
    await fill(page, step.fill, { later: true });
    await goOn(page);
  }
  await goOn(page, "I agree. Send my answers");
  await meet(page, "We have your answers");
  await take(page, "confirmation-on-a-tablet");
  await visit(page, "/", "home-on-a-tablet");
  await goOn(page, "Start without a slip");
  await page.getByLabel("Yes", { exact: true }).first().check();
  await goOn(page);
  await goOn(page, "Stop here");
  await take(page, "stopped-on-a-tablet");
}

async function team(page) {
  await visit(page, "/demo", "demo");
  await be(page, base, "Terry Testcase");
  await take(page, "inbox");
  await visit(page, "/inbox/now", "now-several");
  await takeError(page, "now-several", "Acknowledge the ticked ones");
  const rows = page.locator("table.pad-rows");
  const urgent = await rows.first().getByRole("link").first().getAttribute("href");
  await visit(page, urgent, "referral-urgent");
  await goOn(page, "Acknowledge");
  await take(page, "referral-acknowledged");
  await page.goto(`${base}/inbox`);
  const calm = await rows.last().getByRole("link").first().getAttribute("href");
  await visit(page, `${calm}/own-link`, "own-link");
  await visit(page, calm, "referral");
  await takeOpened(page, "referral");
  await takeError(page, "referral-decline", "Decline");
  await page.goto(base + calm);
  await goOn(page, "Accept");
  await take(page, "referral-accepted");
  await takeOpened(page, "referral-accepted");
  await handOver(page, calm);
  await visit(page, `${urgent}/alike/${calm.split("/").at(-1)}`, "beside");
  await goOn(page, "The same person: link them");
  await take(page, "linked");
  await takeError(page, "linked", "Take it back");
  await page.goto(`${base}/inbox`);
  const tabs = [];
  for (const tab of await page.locator(".pad-tabs a").all()) {
    const [path, text] = [await tab.getAttribute("href"), await tab.innerText()];
    tabs.push([path, `inbox-${text.toLowerCase().replace(/[^a-z]+/g, "-")}`]);
  }
  for (const [path, name] of tabs) await visit(page, path, name);
  await visit(page, "/inbox?view=free&flag=NO_VOICEMAIL&sort=longest", "inbox-narrowed");
  await visit(page, "/inbox?view=left&clinic=NOWHERE", "inbox-nobody-fits");
  await takeError(page, "inbox-give", "Give");
  await page.goto(`${base}/inbox`);
  await page.getByLabel("Find a referral").fill(PERSON.name);
  await goOn(page, "Find");
  await take(page, "inbox-found");
  await visit(page, "/courses", "courses");
  await visit(page, "/admin/staff", "forbidden");
  await visit(page, "/inbox/TT-0000-0000", "not-found");
  await visit(page, "/demo/mail", "mail");
}

/** What is typed into the record system, and its number there. */
async function handOver(page, referral) {
  await visit(page, `${referral}/hand-over`, "hand-over");
  await page.getByRole("button", { name: "Copy Name", exact: true }).click();
  await page.locator("[data-copied]", { hasText: "Name" }).waitFor();
  await takeError(page, "hand-over", "Entered as this number");
  await page.getByLabel("Its number in the record system").fill("778-1");
  await goOn(page, "Entered as this number");
  await take(page, "handed-over");
  await visit(page, "/inbox/accepted-not-entered", "to-be-entered");
  await visit(page, "/inbox/waiting-times", "waiting-times");
}

/** What a version of the rules would have changed. */
async function replay(page) {
  await be(page, base, "Lena Leadsample");
  await visit(page, "/inbox/from-before", "from-before-contact-was-recorded");
  await page.goto(`${base}/inbox`);
  await page.locator("table.pad-rows").last().getByRole("link").first().click();
  const told = await page.getByText(/Rules version [0-9a-f]{12}/).innerText();
  const address = `/admin/rules/${told.match(/version ([0-9a-f]{12})/)[1]}/replay`;
  await visit(page, address, "replay");
  await goOn(page, "Run it");
  await page.waitForURL(/watch/);
  // Left at once, for a page that watches loads itself again.
  while (!(await page.locator("[data-found]").count())) await page.goto(base + address);
  await take(page, "replay-found");
}

/** The team rings, asks for more, and declines; the patient answers, and reads where to go, on their own page. */
async function reaching(page, code) {
  const name = "Reni Reachtest";
  await scan(page, base, code);
  await answer(page, { name });
  await page.locator("main a.pad-reference").click();
  await page.waitForURL(/\/r\/[0-9A-Z]+$/);
  const own = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await be(page, base, "Terry Testcase");
  await page.getByLabel("Find a referral").fill(name);
  await goOn(page, "Find");
  const record = await page.locator("table.pad-rows").getByRole("link").first().getAttribute("href");
  await page.goto(base + record);
  await goOn(page, "No answer");
  await take(page, "rung");
  await takeOpened(page, "rung");
  await takeError(page, "ask", "Ask");
  await page.getByLabel(/^When is a good time/).check();
  await goOn(page, "Ask");
  await take(page, "asked");
  await visit(page, "/inbox?queue=waiting", "waiting");
  await page.context().clearCookies();
  await visit(page, own, "own-page");
  await page.goto(`${base}${own}/answer`);
  await birthDate(page);
  await goOn(page);
  await meet(page, "Our question to you");
  await take(page, "answer");
  await takeError(page, "answer", "Send");
  await page.getByLabel("Your answer", { exact: true }).fill("In the mornings");
  await page.context().clearCookies();
  await goOn(page, "Send");
  await meet(page, "What is your date of birth?");
  await take(page, "answer-kept");
  await takeError(page, "answer-kept");
  await birthDate(page);
  await goOn(page);
  await meet(page, "Our question to you");
  await page.getByText("In the mornings").waitFor();
  await page.getByLabel("Your answer", { exact: true }).fill("I want to end my life");
  await goOn(page, "Send");
  await meet(page, /^Thank you for telling us/);
  await take(page, "help");
  await page.context().clearCookies();
  await be(page, base, "Terry Testcase");
  await page.goto(base + record);
  await take(page, "answered");
  await takeOpened(page, "answered");
  await goOn(page, "Wrong number");
  await take(page, "wrong-number");
  await takeOpened(page, "wrong-number");
  await takeError(page, "decline", "Decline");
  await page.getByLabel("Why", { exact: true }).first().fill("Needs another service.");
  await page.getByLabel("Where you pointed the patient to", { exact: true }).fill("Ring the other service.");
  await page.getByLabel("Somebody rings them", { exact: true }).last().check();
  await page.getByLabel("Who was told", { exact: true }).first().fill("The other service, by phone");
  await goOn(page, "Decline");
  await take(page, "declined");
  await visit(page, "/inbox/rings", "people-to-ring");
  await page.context().clearCookies();
  await page.goto(`${base}${own}/open?then=page`);
  await birthDate(page);
  await goOn(page);
  await take(page, "own-page-declined");
}

/** Somebody is in danger and no message gets through: the band says whom to ring. */
async function unreached(page) {
  await signInWith(page, base, how.password);
  // Until the worker has tried in vain, the message counts as on its way.
  const ring = page.locator(".pad-now__ring");
  for (const until = Date.now() + PATIENCE; !(await ring.count()) && Date.now() < until; ) {
    await page.waitForTimeout(500);
    await page.goto(`${base}/inbox`);
  }
  await ring.first().waitFor();
  await take(page, "inbox-ring");
  const urgent = await page.locator("table.pad-rows").getByRole("link").first().getAttribute("href");
  await visit(page, urgent, "referral-ring");
}

async function call(page, code) {
  await be(page, base, "Terry Testcase");
  await visit(page, "/inbox/call", "call");
  await page.getByLabel(/^Code of the slip/).fill(code);
  await goOn(page, "Look up the slip");
  await take(page, "call-slip");
  await page.getByRole("group", { name: /ending your life/ }).getByRole("radio", { name: "Yes" }).check();
  await takeError(page, "call-in-danger", "Send the referral");
  await page.getByLabel("Caller’s full name", { exact: true }).fill(PERSON.name);
  for (const part of ["day", "month", "year"]) {
    await page.getByLabel(part[0].toUpperCase() + part.slice(1), { exact: true }).fill(PERSON[part]);
  }
  await page.getByLabel("Phone number", { exact: true }).fill(PERSON.phone);
  await page.getByLabel("What would they like help with most?", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("group", { name: "Do they agree to be referred?" }).getByLabel("Yes", { exact: true }).check();
  await goOn(page, "Send the referral");
  await take(page, "call-sent");
}

/** Courses, runs, rooms and appointments. */
async function diary(page) {
  await be(page, base, "Terry Testcase");
  await visit(page, "/courses", "runs");
  const runs = page.locator("main a[href^='/courses/runs/']:not([href$='/new'])");
  const run = await runs.first().getAttribute("href");
  await visit(page, "/courses?past", "runs-past");
  await visit(page, "/courses/offered", "offered");
  await page.locator("main a[href^='/courses/offered/']:not([href$='/new'])").first().click();
  await take(page, "course");
  await visit(page, "/courses/offered/new", "course-new");
  await takeError(page, "course-new", "Save");
  await visit(page, "/courses/venues", "venues");
  await page.locator("main a[href^='/courses/venues/']:not([href$='/new'])").first().click();
  await take(page, "venue");
  await visit(page, "/courses/venues/new", "venue-new");
  await takeError(page, "venue-new", "Save");
  await visit(page, "/courses/runs/new", "run-new");
  await page.locator("main form button").last().click();
  await page.locator(".nhsuk-error-summary").waitFor();
  await take(page, "run-new-error");
  await visit(page, run, "run");
  await takeOpened(page, "run");
  await visit(page, `${run}/change`, "run-change");
  await visit(page, `${run}/sessions/1`, "who-came");
  await visit(page, "/courses/slots", "appointments");
  await takeError(page, "appointments", "Add appointments");
}

async function physio(page) {
  await be(page, base, "Phil Pretend");
  await take(page, "pads");
  await visit(page, "/pads/counts", "counts");
  await visit(page, "/pads/templates", "templates");
  await visit(page, "/pads/new", "pad-new");
  await takeError(page, "pad-new", "Make the pad");
  await visit(page, "/pads/slip", "one-slip");
  await takeError(page, "one-slip", "Make the slip");
  await page.getByRole("group", { name: "Which service it is for" }).getByRole("radio").first().check();
  await goOn(page, "Make the slip");
  await take(page, "slip-on-screen");
  await page.goto(`${base}/pads`);
  await visit(page, await page.getByRole("link", { name: /^Pad \d/ }).first().getAttribute("href"), "pad");
}

async function withPhysio(page) {
  await be(page, base, "Phil Pretend");
  await visit(page, "/refer-now", "refer-now");
  await takeError(page, "refer-now", "Refer now");
  await page.getByLabel("Patient’s full name", { exact: true }).fill(PERSON.name);
  for (const part of ["day", "month", "year"]) {
    await page.getByLabel(part[0].toUpperCase() + part.slice(1), { exact: true }).fill(PERSON[part]);
  }
  await page.getByLabel("Phone number", { exact: true }).fill(PERSON.phone);
  await page.getByRole("group", { name: /would the patient like help with most/ }).getByRole("radio").first().check();
  await page.getByRole("group", { name: /feels in danger now/ }).getByRole("radio").first().check();
  await page.getByLabel("The patient agrees today to be referred", { exact: true }).check();
  await goOn(page, "Refer now");
  await page.locator(".nhsuk-panel").waitFor();
  await take(page, "referred");
}

/** The rules: in force, a proposal of the second lead, what is wrong with a file, and what one may not decide oneself. */
async function rules(page) {
  await be(page, base, "Lena Leadsample");
  await visit(page, "/admin/rules", "rules");
  const proposal = await page.locator(".nhsuk-inset-text a").first().getAttribute("href");
  await visit(page, proposal, "rules-proposal");
  await takeOpened(page, "rules-proposal");
  await page.goto(base + proposal);
  await takeError(page, "rules-proposal", "Refuse");
  await visit(page, "/admin/rules/propose", "rules-propose");
  const box = page.getByLabel("Or the rules as text");
  await box.fill((await box.inputValue()).replace('"bsl"', '"bls"').replace('"format_need"', '"format_needs"'));
  await takeError(page, "rules-propose", "Check and propose");
  await be(page, base, "Lewis Leadtest");
  await visit(page, proposal, "rules-own-proposal");
}

async function administrator(page) {
  await be(page, base, "Ada Adminsample");
  await take(page, "staff");
  await visit(page, "/admin/staff/add", "staff-add");
  await takeError(page, "staff-add", "Add");
  await page.getByLabel("Name", { exact: true }).fill("Nina Newcomer");
  await page.getByLabel("Username", { exact: true }).fill(`nina${Date.now() % 100000}`);
  await page.getByRole("group", { name: "Role" }).getByLabel(/^Administrator/).check();
  await goOn(page, "Add");
  await meet(page, /^Link for Nina/);
  await take(page, "link-once");
  await page.goto(`${base}/admin/staff`);
  await page.getByRole("link", { name: "Terry Testcase" }).click();
  await page.waitForURL(/\/admin\/staff\/[0-9a-f-]+$/);
  await take(page, "account");
  await takeError(page, "account", "Request a new password");
  await visit(page, "/admin/keys", "keys");
  await visit(page, "/admin/keys/add", "keys-add");
  await takeError(page, "keys-add", "Add");
  await page.getByLabel("Label", { exact: true }).fill("A made-up system");
  await page.getByRole("group", { name: "What may it be used for?" }).getByRole("checkbox").first().check();
  await goOn(page, "Add");
  await take(page, "key-once");
  await visit(page, "/admin/rota", "rota");
  await visit(page, "/admin/rota/add", "rota-add");
  await takeError(page, "rota-add", "Save");
  await visit(page, "/admin/rota", "rota-again");
  const person = await page.locator("main").getByRole("link", { name: /^Change/ }).first().getAttribute("href");
  await visit(page, person, "rota-change");
  await page.getByLabel("Days and hours on shift").fill("Mon-Fri 09:00-17:00\nNights");
  await takeError(page, "rota-change", "Save");
  await page.getByLabel("Days and hours on shift").fill("Mon-Fri 09:00-17:00\nSat-Sun 17:00-09:00");
  await goOn(page, "Save");
  await visit(page, "/admin/rota", "rota-with-shifts");
  await visit(page, `${person}/leave`, "rota-leave");
  await takeError(page, "rota-leave", "Save");
  const year = new Date().getFullYear() + 1;
  for (const [group, day] of [["First day away", 21], ["Last day away", 28]]) {
    const boxes = page.getByRole("group", { name: group });
    for (const [label, value] of [["Day", day], ["Month", 12], ["Year", year]]) {
      await boxes.getByLabel(label, { exact: true }).fill(String(value));
    }
  }
  await goOn(page, "Save");
  await meet(page, /Leave$/);
  await take(page, "rota-on-leave");
  await visit(page, "/admin/pads", "kept-pads");
  await visit(page, await page.getByRole("link", { name: /^Pad \d/ }).first().getAttribute("href"), "kept-pad");
  await takeError(page, "kept-pad", "Count back");
}

/** An administrator asks for an account, a lead approves it, and the person chooses a password with the link. */
async function approvals(page) {
  await be(page, base, "Ada Adminsample");
  const username = `nora${Date.now() % 100000}`;
  await page.goto(`${base}/admin/staff/add`);
  await page.getByLabel("Name", { exact: true }).fill("Nora Newcomer");
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("E-mail address", { exact: true }).fill(`${username}@staff.example.org`);
  await page.getByRole("group", { name: "Role" }).getByLabel(/^Triage/).check();
  await page.getByLabel("Why the person needs this role").fill("Joins the team");
  await goOn(page, "Add");
  await meet(page, /^New account/);
  const asked = new URL(page.url()).pathname;
  await take(page, "requested");
  await visit(page, "/admin/approvals", "approvals-of-the-administrator");
  await be(page, base, "Lena Leadsample");
  await visit(page, "/admin/approvals", "approvals");
  await takeError(page, "approvals", "Note my leave");
  await visit(page, asked, "approval");
  await takeError(page, "approval", "Refuse");
  await goOn(page, "Approve");
  await meet(page, "Approvals");
  await take(page, "approved");
  await visit(page, "/admin/account-changes", "account-changes");
  let link;
  for (const until = Date.now() + PATIENCE; !link && Date.now() < until; ) {
    await page.goto(`${base}/demo/mail`);
    link = (await page.content()).match(/\/staff\/password\/[0-9a-z]+/)?.[0];
    if (!link) await page.waitForTimeout(500);
  }
  await page.context().clearCookies();
  await visit(page, link, "choose-password");
  await takeError(page, "choose-password", "Save the password");
  await page.getByLabel("New password", { exact: true }).fill("kettle violin harbour");
  await goOn(page, "Save the password");
  await meet(page, "Sign in");
  await take(page, "password-chosen");
  await visit(page, link, "link-over");
}

async function signIn(page) {
  await visit(page, "/staff/sign-in", "sign-in");
  await page.getByLabel("Username", { exact: true }).fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await takeError(page, "sign-in", "Sign in");
  await visit(page, "/staff/sign-in?signed-out", "signed-out");
}

/**
 * What a phone shows that has read a slip, the inbox as it opens on a desk, and the first slip of a sheet: a quarter of A4
 * at 144 dots an inch.
 */
async function readme(page) {
  await page.goto(`${base}/demo`);
  await goOn(page, "Be the patient with a fresh slip");
  await meet(page, /Welcome/);
  await page.screenshot({ path: join(folder, "patient.png") });
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

const patients = [fixedPages, patient, place, laterOn, gp, unsafe, oddNumber, worryingWords, refused, tablet];
const staff = [
  team,
  replay,
  reaching,
  call,
  diary,
  physio,
  withPhysio,
  rules,
  administrator,
  approvals,
  signIn,
];
const always = [...patients, ...staff];
const named = [...always, unusable, rested, offered, talks, unreached, readme].filter(({ name }) => wanted.includes(name));
const groups = { patients, staff };
const asked = [...wanted.flatMap((group) => groups[group] ?? []), ...named];
const browser = await launch();
for (const visitor of wanted.length > 0 ? asked : always) {
  part = visitor.name;
  const context = await browser.newContext({ viewport: PHONE });
  findings.watch(context, { expected: [403, 404, 408, 409, 422] });
  const page = await context.newPage();
  page.setDefaultTimeout(how.look ? PATIENCE : 15000);
  try {
    // Only a demo gives slips away, and only who asks for one gets it.
    const slip = visitor.length > 1 ? (how.slip ?? (await freshSlip(browser, base))) : undefined;
    await visitor(page, slip);
  } catch (error) {
    console.error(`${part} stopped at ${page.url()}: ${error.message}`);
    const said = await page.locator("main").innerText({ timeout: 1000 }).catch(() => "");
    console.error(said.slice(0, 1500));
    process.exitCode = 1;
  }
  await context.close();
}
await browser.close();
console.log(how.look ? JSON.stringify(findings.report()) : `${taken} pages, twice each, in ${folder}`);
