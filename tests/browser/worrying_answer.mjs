// Two people who give a worrying answer. One says at the first question that they are not safe, leaves a first name and a
// number on the help page and stops; the other says further on that they have had thoughts of being better off dead, and
// closes the tab. Both times help stands in the very response to the answer, and the triage team has them.
//
//   node worrying_answer.mjs BASE

import { DESK, Findings, PHONE, tell } from "./browser.mjs";
import { be, findInInbox, freshSlip, scan } from "./journey.mjs";
import { PAGES, fill, goOn, meet } from "./person.mjs";

const base = process.argv[2];
const FIRST = "Wanda";
const LATER = "Wren Worrytest";

tell(async (browser) => {
  const findings = new Findings(base);
  const first = await atTheFirstQuestion(browser, findings);
  const later = await furtherOn(browser, findings);
  const page = await triage(browser, findings);
  const banner = await page.locator(".pad-now").innerText();
  first.team = await lookFor(page, FIRST, findings);
  later.team = await lookFor(page, LATER, findings);
  return { banner, first, later, ...findings.report() };
});

async function atTheFirstQuestion(browser, findings) {
  const { context, page } = await begin(browser, findings);
  await meet(page, PAGES[0].heading);
  await page.getByLabel("Yes", { exact: true }).check();
  const help = await helpAfter(page, findings);
  await page.getByLabel("I am not sure", { exact: true }).check();
  await page.getByLabel("First name", { exact: true }).fill(FIRST);
  await page.getByLabel("Phone number", { exact: true }).fill("07700 900654");
  await goOn(page, "Stop here");
  // Not sure to be safe: help stands there once more before the end.
  await meet(page, /^Please get help now/);
  await findings.look(page, "help, once more");
  await goOn(page, "Stop here");
  await meet(page, /^You have stopped/);
  await findings.look(page, "stopped");
  const stopped = await page.locator("main").innerText();
  await context.close();
  return { ...help, stopped };
}

async function furtherOn(browser, findings) {
  const { context, page } = await begin(browser, findings);
  for (const step of PAGES) {
    await meet(page, step.heading);
    await fill(page, step.alarm ?? step.fill, { name: LATER });
    if (step.alarm) break;
    await goOn(page);
  }
  const help = await helpAfter(page, findings);
  // The tab is closed without another click.
  await context.close();
  return help;
}

async function begin(browser, findings) {
  const code = await freshSlip(browser, base);
  const context = await browser.newContext({ viewport: PHONE });
  findings.watch(context);
  const page = await context.newPage();
  await scan(page, base, code);
  return { context, page };
}

/** Sends the page, and hands back what the response to that itself says. */
async function helpAfter(page, findings) {
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await goOn(page);
  const response = await answered;
  const html = await response.text();
  await page.getByRole("heading", { name: /Call 999 or go to A&E/ }).waitFor();
  await findings.look(page, "help");
  const words = await page.locator("main").innerText();
  return { status: response.status(), inTheResponse: html.includes('href="tel:999"'), words };
}

/** Somebody in the triage team, looking at the inbox. */
async function triage(browser, findings) {
  const context = await browser.newContext({ viewport: DESK });
  findings.watch(context);
  const page = await context.newPage();
  await be(page, base, "Terry Testcase");
  await meet(page, /./);
  return page;
}

async function lookFor(page, name, findings) {
  const row = await findInInbox(page, base, name);
  const queue = await page.locator("section.pad-queue", { has: row }).getByRole("heading").first().innerText();
  const reference = await row.locator(".pad-rows__reference").innerText();
  await row.getByRole("link").click();
  await meet(page, new RegExp(name));
  await findings.look(page, `the unfinished referral of ${name}`);
  const record = await page.locator("main").innerText();
  return { queue, reference, record };
}
