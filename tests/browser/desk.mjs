// The team at a desk, one scene each: what the keys do and what they never do, and that nothing moves while one reads.
//
//   node desk.mjs BASE SCENE [PASSWORD]
//
// PASSWORD: of the colleague `terry`, where no demo makes one somebody of the staff in one click.

import { DESK, Findings, tell } from "./browser.mjs";
import { be, signInWith } from "./journey.mjs";
import { goOn } from "./person.mjs";

const [base, scene, password] = process.argv.slice(2);
const scenes = { keys, keysOff, news };
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.id);

tell(async (browser) => {
  const findings = new Findings(base);
  const told = await scenes[scene](browser, findings);
  return { ...told, ...findings.report() };
});

/** Somebody of the team, signed in, and every form that is sent from then on. */
async function somebody(browser, findings) {
  const context = await browser.newContext({ viewport: DESK });
  findings.watch(context, { expected: [422] });
  const page = await context.newPage();
  const sent = [];
  if (password) await signInWith(page, base, password);
  else await be(page, base, "Terry Testcase");
  page.on("request", (request) => request.method() !== "GET" && sent.push(new URL(request.url()).pathname));
  await page.goto(`${base}/inbox`);
  return { context, page, sent };
}

/** Down the list, into a referral, to Accept and on to the next: by keys alone. */
async function keys(browser, findings) {
  const { page, sent } = await somebody(browser, findings);
  const hrefs = await page.locator(".pad-rows__who a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const stops = [];
  for (const key of ["j", "j", "k"]) {
    await page.keyboard.press(key);
    stops.push(await focused(page));
  }
  await page.keyboard.press("o");
  await page.waitForURL(base + hrefs[0]);
  await page.keyboard.press("a");
  const atAccept = await page.evaluate(() => document.activeElement.closest("form")?.getAttribute("action") ?? "");
  const stays = new URL(page.url()).pathname;
  await page.keyboard.press("n");
  await page.waitForURL((url) => url.pathname !== stays);
  const next = new URL(page.url()).pathname;
  await page.keyboard.press("u");
  await page.waitForURL(/\/inbox(\?|$)/);
  await page.keyboard.press("/");
  // In a field a letter is a letter.
  await page.keyboard.type("jokna?");
  const typed = await page.getByLabel("Find a referral").inputValue();
  return { hrefs: hrefs.slice(0, 2), stops, opened: stays, atAccept, next, typed, sent };
}

/** Turned off on this device, they stay off. */
async function keysOff(browser, findings) {
  const { page, sent } = await somebody(browser, findings);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByLabel("Use these keys on this device").uncheck();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const off = [];
  for (const path of ["/inbox", await page.locator(".pad-rows__who a").first().getAttribute("href")]) {
    await page.goto(base + path);
    const before = await focused(page);
    for (const key of ["j", "k", "o", "n", "u", "a", "/", "?"]) await page.keyboard.press(key);
    const quiet = (await focused(page)) === before && !(await page.getByRole("dialog").isVisible());
    off.push(quiet && page.url() === base + path);
  }
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByRole("dialog").getByLabel("Use these keys on this device").check();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("a");
  const onAgain = await page.evaluate(() => document.activeElement.closest("form")?.getAttribute("action") ?? "");
  return { off, onAgain, sent };
}

/** While one reads, somebody in danger rings a colleague: a bar says so, and nothing else changes. */
async function news(browser, findings) {
  const { context, page } = await somebody(browser, findings);
  await page.clock.install();
  await page.goto(`${base}/inbox`);
  const rows = page.locator("table.pad-rows tbody tr");
  const row = rows.nth(Math.min(8, (await rows.count()) - 1));
  await row.getByRole("checkbox").check();
  await row.getByRole("link").focus();
  const stands = async () => ({
    box: await row.boundingBox(),
    scrolled: await page.evaluate(() => scrollY),
    focus: await focused(page),
    ticked: await row.getByRole("checkbox").isChecked(),
    rows: await rows.allInnerTexts(),
  });
  const before = await stands();
  const colleague = await context.newPage();
  const name = "Dara Desktest";
  await colleague.goto(`${base}/inbox/call`);
  await colleague.getByRole("group", { name: /ending your life/ }).getByRole("radio", { name: "Yes" }).check();
  await colleague.getByLabel("Caller’s full name", { exact: true }).fill(name);
  await colleague.getByLabel("Phone number", { exact: true }).fill("07700 900321");
  await goOn(colleague, "Send the referral");
  // Kept although the rest is still to be asked.
  await colleague.getByText("is with the team already").waitFor();
  await page.bringToFront();
  await page.clock.fastForward(30_000);
  const alarm = page.getByRole("alert").filter({ hasText: "needs somebody today" });
  await alarm.waitFor();
  const after = await stands();
  const said = await page.locator(".pad-news").innerText();
  const covered = await page.locator(".pad-news").evaluate((bar) => getComputedStyle(bar).position);
  await alarm.getByRole("link").click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  const leadsTo = await page.getByRole("heading", { level: 1 }).innerText();
  return { before, after, said, covered, leadsTo, name };
}
