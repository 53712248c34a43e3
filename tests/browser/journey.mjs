// The steps that several journeys share: get a slip, go through the pages, look into the inbox and the mail.

import { PATIENCE } from "./browser.mjs";
import { pointer } from "./hands.mjs";
import { PAGES, PERSON, fill, goOn, meet } from "./person.mjs";

/** The code of a slip that nobody has used. */
export async function freshSlip(browser, base) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(`${base}/demo`);
  await goOn(page, "Be the patient with a fresh slip");
  await page.waitForURL(/\/s\/[0-9A-Z-]+$/i);
  const code = page.url().split("/").at(-1);
  await context.close();
  return code;
}

/** Scans the slip, as its QR code says the address, and starts. */
export async function scan(page, base, code, { visit = async () => {}, hand = pointer } = {}) {
  await page.goto(`${base}/S/${code.toUpperCase()}`);
  await meet(page, /Welcome/);
  await visit("the slip");
  await goOn(page, "Start now", hand);
}

/**
 * Fills in every page up to "check your answers", and that page too. `visit` is told the name of each page before it
 * is filled in; `later` leaves the short lists for a talk.
 */
export async function answer(page, { visit = async () => {}, hand = pointer, name = PERSON.name, later = false } = {}) {
  for (const step of PAGES) {
    if (later && step.isList) continue;
    await meet(page, step.heading);
    await visit(String(step.heading), step);
    await fill(page, step.fill, { hand, name, later });
    await goOn(page, "Continue", hand);
  }
  await meet(page, "Check your answers");
  await visit("Check your answers");
  await goOn(page, "I agree. Send my answers", hand);
  await meet(page, "We have your answers");
  await visit("We have your answers");
  return (await page.locator("main .pad-reference").first().innerText()).trim();
}

/** Chooses the first of the places that stand on the confirmation. */
export async function keepPlace(page, { visit = async () => {}, hand = pointer } = {}) {
  await hand.choose(page.getByRole("group", { name: "Which one suits you?" }).getByRole("radio").first());
  await goOn(page, "Keep this place for me", hand);
  await meet(page, /^We have kept/);
  await visit("the kept place");
}

/** Signs in as one of the demo's staff, in one click. */
export async function be(page, base, who) {
  await page.goto(`${base}/demo`);
  await goOn(page, `Be ${who}`);
}

/** Signs in as the colleague that a house has which is no demo. */
export async function signInWith(page, base, password) {
  await page.goto(`${base}/staff/sign-in`);
  await page.getByLabel("Username", { exact: true }).fill("terry");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await goOn(page, "Sign in");
  await page.waitForURL((url) => !url.pathname.startsWith("/staff/sign-in"));
}

/** Looks for a row of the inbox, page by page, as somebody does who works it off. Leaves the page where it stands. */
export async function findInInbox(page, base, words) {
  const row = page.locator("table.pad-rows tr", { hasText: words });
  await page.goto(`${base}/inbox`);
  for (let pages = 0; pages < 20; pages += 1) {
    if ((await row.count()) > 0) return row.first();
    const more = page.getByRole("link", { name: /^Show the next ones/ });
    if ((await more.count()) === 0) break;
    await Promise.all([page.waitForNavigation(), more.last().click()]);
  }
  throw new Error(`nothing in the inbox says ${words}`);
}

/** The mails that name this reference, once `count` of them were sent. */
export async function mails(page, base, reference, count) {
  const cards = page.locator(".nhsuk-card", { hasText: reference });
  const until = Date.now() + PATIENCE;
  do {
    await page.goto(`${base}/demo/mail`);
    if ((await cards.count()) >= count) break;
    await page.waitForTimeout(500);
  } while (Date.now() < until);
  const found = [];
  for (const card of await cards.all()) {
    const [to] = (await card.locator(".nhsuk-body-s").innerText()).replace(/^To /, "").split(",");
    found.push({
      subject: (await card.getByRole("heading").innerText()).trim(),
      to,
      body: (await card.locator(".pad-lines").innerText()).trim(),
    });
  }
  return found;
}
