// What goes wrong on a phone, one scene each: what the page says then, that nothing is lost, and that one referral is
// made of it.
//
//   node calm.mjs BASE SCENE [CODE]
//
// CODE: an unused slip, where no demo hands one out.

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESK, FLAGS, Findings, PHONE, tell } from "./browser.mjs";
import { answer, be, freshSlip, scan } from "./journey.mjs";
import { PAGES, PERSON, fill, goOn, meet } from "./person.mjs";

const [base, scene, code] = process.argv.slice(2);
const SEND = "I agree. Send my answers";
const scenes = {
  connectionLost,
  connectionLostWithoutScripts,
  answerLost,
  backAfterSending,
  twoTabs,
  cookiesOff,
  rested,
  leaveQuickly,
  deleteAnswers,
};

tell(async (browser) => {
  const findings = new Findings(base);
  const told = await scenes[scene](browser, findings);
  return { ...told, ...findings.report() };
});

async function someone(browser, findings, options = {}) {
  const context = await browser.newContext({ viewport: PHONE, ...options });
  findings.watch(context, { expected: [422] });
  const page = await context.newPage();
  await scan(page, base, code ?? (await freshSlip(browser, base)));
  return { context, page };
}

/** Goes on to the page of this number, or to "check your answers". */
async function upTo(page, last, name) {
  for (const step of PAGES.slice(0, last)) {
    await meet(page, step.heading);
    await fill(page, step.fill, { name });
    await goOn(page);
  }
  await meet(page, PAGES[last]?.heading ?? "Check your answers");
}

async function reference(page) {
  await meet(page, "We have your answers");
  return (await page.locator("main .pad-reference").first().innerText()).trim();
}

/** The references that the triage team finds under this name. */
async function found(browser, name) {
  const context = await browser.newContext({ viewport: DESK });
  const page = await context.newPage();
  await be(page, base, "Terry Testcase");
  await page.getByLabel("Find a referral").fill(name);
  await goOn(page, "Find");
  await meet(page, /./);
  const references = await page.locator(".pad-rows__reference").allInnerTexts();
  await context.close();
  return references.map((text) => text.trim());
}

/** The connection goes while a page is filled in, and again when it is sent: the page waits, and sends when it is back. */
async function connectionLost(browser, findings) {
  const name = "Olga Offlinetest";
  const { context, page } = await someone(browser, findings);
  await upTo(page, 1, name);
  await fill(page, PAGES[1].fill, { name });
  await context.setOffline(true);
  await goOn(page);
  const notice = page.getByRole("alert");
  await notice.waitFor();
  await findings.look(page, "not connected");
  const said = await notice.innerText();
  const hasFocus = await notice.evaluate((element) => element === document.activeElement);
  const kept = await page.getByLabel("Full name", { exact: true }).inputValue();
  // Asking the server itself says the same, and loses nothing.
  await goOn(page, "Try to send it now");
  await notice.waitFor();
  await context.setOffline(false);
  for (const step of PAGES.slice(2)) {
    await meet(page, step.heading);
    await fill(page, step.fill, { name });
    await goOn(page);
  }
  await meet(page, "Check your answers");
  await context.setOffline(true);
  await goOn(page, SEND);
  await notice.waitFor();
  const before = await found(browser, name);
  await context.setOffline(false);
  const sent = await reference(page);
  await context.close();
  return { said, hasFocus, kept, name, before, sent, found: await found(browser, name) };
}

/** Without scripts the browser says it in its own words; going back and sending again makes one referral. */
async function connectionLostWithoutScripts(browser, findings) {
  const name = "Nora Noscripttest";
  const { context, page } = await someone(browser, findings, { javaScriptEnabled: false });
  await upTo(page, PAGES.length, name);
  await context.setOffline(true);
  await goOn(page, SEND);
  await page.waitForURL(/^chrome-error/);
  await context.setOffline(false);
  // The browser's page has taken this one's place, so Back leads to the last question, with its answers.
  await page.goBack();
  await meet(page, PAGES.at(-1).heading);
  await goOn(page);
  await meet(page, "Check your answers");
  const checked = await page.locator("main").innerText();
  await goOn(page, SEND);
  const sent = await reference(page);
  await context.close();
  return { checked, sent, found: await found(browser, name) };
}

/** The answers arrive, but what the server says to that is lost: sending again finds the same referral. */
async function answerLost(browser, findings) {
  const name = "Ann Answerlost";
  const { context, page } = await someone(browser, findings);
  await upTo(page, PAGES.length, name);
  const cookies = await context.cookies();
  await page.route("**/refer/9", async (route) => {
    await route.fetch({ maxRedirects: 0 });
    await route.abort("connectionreset");
  });
  await goOn(page, SEND);
  await page.waitForURL(/^chrome-error/);
  await page.unroute("**/refer/9");
  await context.clearCookies();
  await context.addCookies(cookies);
  const before = await found(browser, name);
  await page.goto(`${base}/refer/9`);
  await meet(page, "Check your answers");
  await goOn(page, SEND);
  const sent = await reference(page);
  await context.close();
  return { before, sent, found: await found(browser, name) };
}

/** Back after sending shows no answers, and sends nothing. */
async function backAfterSending(browser, findings) {
  const name = "Bea Backtest";
  const { context, page } = await someone(browser, findings);
  const sent = await answer(page, { name });
  const shown = [];
  for (let times = 0; times < 3; times += 1) {
    await page.goBack();
    await page.getByRole("heading", { level: 1 }).waitFor();
    shown.push({ reference: await reference(page), answers: (await page.locator("main").innerText()).includes(name) });
  }
  await findings.look(page, "back after sending");
  await context.close();
  return { sent, shown, found: await found(browser, name) };
}

/** Two tabs: what one has sent the other keeps; both send; one referral. */
async function twoTabs(browser, findings) {
  const name = "Tilda Twotabs";
  const { context, page: first } = await someone(browser, findings);
  await upTo(first, 3, name);
  const second = await context.newPage();
  await second.goto(base);
  await second.getByRole("link", { name: "Carry on where you stopped" }).click();
  for (const step of PAGES.slice(3)) {
    await meet(second, step.heading);
    await fill(second, step.fill, { name });
    await goOn(second);
  }
  await meet(second, "Check your answers");
  // The first tab still stands at an earlier page. What it sends now changes only that.
  await fill(first, PAGES[3].fill, { name });
  await first.getByLabel("In your own words (optional)", { exact: true }).fill("Typed in the first tab");
  await goOn(first);
  await meet(first, "Check your answers");
  const checked = await first.locator("main").innerText();
  await goOn(second, SEND);
  const sent = await reference(second);
  await goOn(first, SEND);
  const again = await reference(first);
  await context.close();
  return { checked, sent, again, found: await found(browser, name) };
}

/** A browser that keeps no cookies: the page says so, and how to go on. */
async function cookiesOff(browser, findings) {
  const folder = mkdtempSync(join(tmpdir(), "iapt-pad-no-cookies-"));
  mkdirSync(join(folder, "Default"));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(blocked));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const options = { executablePath, headless: true, args: FLAGS, viewport: PHONE };
  const context = await browser.browserType().launchPersistentContext(folder, options);
  try {
    findings.watch(context);
    const page = await context.newPage();
    await scan(page, base, code ?? (await freshSlip(browser, base)));
    await meet(page, "Please start again");
    await findings.look(page, "cookies off");
    const said = await page.locator("main").innerText();
    const cookies = (await context.cookies()).length;
    await page.getByRole("link", { name: "Need help now?" }).first().click();
    await meet(page, /./);
    const help = await page.locator("main").innerText();
    return { said, cookies, help };
  } finally {
    await context.close();
    rmSync(folder, { recursive: true });
  }
}

/** An hour's pause before a page is sent: the date of birth opens what was there, and the way goes on to its end. */
async function rested(browser, findings) {
  const { context, page } = await someone(browser, findings);
  await upTo(page, 3);
  await page.request.post(`${base}/test/wait/61`, { headers: { "sec-fetch-site": "same-origin" } });
  await goOn(page);
  await meet(page, "You were away for a while");
  const said = await page.locator("main").innerText();
  for (const [label, part] of [["Day", "day"], ["Month", "month"], ["Year", "year"]]) {
    await page.getByLabel(label, { exact: true }).fill(PERSON[part]);
  }
  await goOn(page, "Carry on");
  await meet(page, PAGES[3].heading);
  for (const step of PAGES.slice(3)) {
    await meet(page, step.heading);
    await fill(page, step.fill);
    await goOn(page);
  }
  await meet(page, "Check your answers");
  const checked = await page.locator("main").innerText();
  await goOn(page, SEND);
  const sent = await reference(page);
  await context.close();
  return { said, checked, sent };
}

/** "Leave this page quickly" puts another page in this one's place: Back does not return to it. */
async function leaveQuickly(browser, findings) {
  const { context, page } = await someone(browser, new Findings(base));
  const elsewhere = [];
  await context.route("https://www.bbc.co.uk/**", (route) => {
    elsewhere.push(route.request().headers().referer ?? "");
    return route.fulfill({ contentType: "text/html", body: "<title>Weather</title><h1>Weather</h1>" });
  });
  await upTo(page, 2);
  const length = () => page.evaluate(() => history.length);
  const before = await length();
  const left = page.url();
  await page.getByRole("link", { name: "Leave this page quickly" }).click();
  await meet(page, "Weather");
  const after = await length();
  const title = await page.title();
  await page.goBack();
  const back = page.url();
  await context.close();
  findings.pages["leaving"] = { path: "/refer/3", looks: 0, stops: 0 };
  return { before, after, title, left, back, referers: elsewhere };
}

/** "Delete my answers" stands on every page with answers, and does it. */
async function deleteAnswers(browser, findings) {
  const { context, page } = await someone(browser, findings);
  const deleted = [];
  const forget = async (name) => {
    const [url, cookies] = [page.url(), await context.cookies()];
    await goOn(page, "Delete my answers");
    await page.waitForURL(`${base}/`);
    const left = (await context.cookies()).length;
    await page.goto(url);
    deleted.push({ name, left, then: await page.getByRole("heading", { level: 1 }).innerText() });
    await context.addCookies(cookies);
    await page.goto(url);
  };
  for (const step of PAGES) {
    await meet(page, step.heading);
    await forget(String(step.heading));
    await fill(page, step.fill);
    await goOn(page);
  }
  await meet(page, "Check your answers");
  await forget("Check your answers");
  await context.close();
  return { deleted };
}
