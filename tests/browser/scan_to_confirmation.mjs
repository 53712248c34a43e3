// A person scans a slip and goes through every page to the confirmation; then a member of the triage team, one click
// away in the demo, finds the referral in the inbox and accepts it, and the mail is looked at.
//
//   node scan_to_confirmation.mjs BASE [--no-script] [--strip] [--look]
//
// --no-script: without JavaScript; --strip: without Sec-Fetch-* headers; --look: sends every page empty first, and asks
// axe about every page, mistakes included.

import { parseArgs } from "node:util";
import { DESK, Findings, PHONE, tell } from "./browser.mjs";
import { answer, be, findInInbox, freshSlip, mails, scan } from "./journey.mjs";
import { PERSON, goOn, meet } from "./person.mjs";
import { strippingProxy } from "./stripping_proxy.mjs";

const { values: how, positionals } = parseArgs({
  allowPositionals: true,
  options: { "no-script": { type: "boolean" }, strip: { type: "boolean" }, look: { type: "boolean" } },
});

tell(async (browser) => {
  const code = await freshSlip(browser, positionals[0]);
  const proxy = how.strip ? await strippingProxy(positionals[0]) : null;
  const base = proxy?.base ?? positionals[0];
  const findings = new Findings(base);
  const told = { ...(await patient(browser, base, code, findings)) };
  Object.assign(told, await team(browser, base, told.reference, findings));
  proxy?.close();
  return { ...told, stripped: proxy?.seen, ...findings.report() };
});

/** The phone of a person in a waiting room. */
async function patient(browser, base, code, findings) {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: !how["no-script"] });
  findings.watch(context, { expected: how.look ? [422] : [] });
  const page = await context.newPage();
  let scripted;
  const visit = async (name, step) => {
    scripted ??= await page.locator("body.js-enabled").count();
    if (!how.look) return;
    await findings.look(page, name);
    if (step) await sendEmpty(page, name, step, findings);
  };
  await scan(page, base, code, { visit });
  const reference = await answer(page, { visit });
  const cookies = (await context.cookies()).map(({ name, httpOnly, secure }) => ({ name, httpOnly, secure }));
  await context.close();
  return { reference, cookies, scripted: scripted > 0 };
}

/** Sends a page with nothing on it: it comes back, says what is missing, and the first field is one click away. */
async function sendEmpty(page, name, step, findings) {
  await goOn(page);
  const summary = page.locator(".nhsuk-error-summary");
  await summary.waitFor();
  await meet(page, step.heading);
  await findings.look(page, `${name}, sent empty`);
  const focused = await summary.evaluate((element) => element === document.activeElement);
  if (!focused) findings.complaints.push(`${name}: the error summary has not the focus`);
  if (!(await page.title()).startsWith("Error: ")) findings.complaints.push(`${name}: the title says no error`);
  const link = summary.getByRole("link").first();
  const target = (await link.getAttribute("href")).slice(1);
  await link.click();
  const reached = await page.evaluate(() => document.activeElement?.id);
  if (reached !== target) findings.complaints.push(`${name}: the message leads to ${reached}, not to ${target}`);
}

/** The screen of somebody in the triage team. */
async function team(browser, base, reference, findings) {
  const context = await browser.newContext({ viewport: DESK, javaScriptEnabled: !how["no-script"] });
  findings.watch(context, { expected: how.look ? [422] : [] });
  const page = await context.newPage();
  const look = async (name) => how.look && findings.look(page, name);
  await page.goto(`${base}/demo`);
  await look("the demo's page");
  await be(page, base, "Terry Testcase");
  await meet(page, /./);
  await look("the inbox");
  const row = await findInInbox(page, base, reference);
  await row.getByRole("link").click();
  await meet(page, new RegExp(reference));
  await look("the referral");
  await goOn(page, "Accept");
  await page.locator(".nhsuk-notification-banner--success, .nhsuk-panel").first().waitFor();
  await look("the referral, accepted");
  const state = await page.locator(".pad-record-top__tags").innerText();
  const sent = await mails(page, base, reference, 2);
  await look("the mail");
  if (how.look) {
    await page.goto(`${base}/inbox/call`);
    await look("a call");
    await page.getByRole("group", { name: /ending your life/ }).getByRole("radio", { name: "Yes" }).check();
    await goOn(page, "Send the referral");
    await page.locator(".nhsuk-error-summary").waitFor();
    await look("a call, sent half empty, with somebody in danger");
  }
  await context.close();
  return { state, mails: sent, person: PERSON };
}
