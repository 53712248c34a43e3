// The whole way, from the slip to a place that is kept, as different people meet it: on a very narrow phone, at 400% zoom,
// in the dark, in the colours of their own system, with nothing but a keyboard. And help after a worrying answer.
//
//   node modes.mjs BASE MODE [FOLDER]
//
// MODE: narrow, zoomed, dark, forced, keyboard or noscript; axe is a script, so in the last the pages are only gone
// through. On the narrow phone it is asked everything, elsewhere what the mode can change. With a FOLDER a picture of every page is left there.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Findings, PHONE, tell } from "./browser.mjs";
import { keyboard, pointer } from "./hands.mjs";
import { answer, freshSlip, keepPlace, scan } from "./journey.mjs";
import { PAGES, goOn, meet } from "./person.mjs";

const MODES = {
  narrow: { viewport: { width: 320, height: 640 } },
  // 1280 by 1024 pixels at 400%.
  zoomed: { viewport: { width: 320, height: 256 } },
  dark: { viewport: PHONE, colorScheme: "dark" },
  forced: { viewport: PHONE, colorScheme: "dark", forcedColors: "active" },
  keyboard: { viewport: PHONE },
  noscript: { viewport: PHONE, javaScriptEnabled: false },
};

const [base, mode, folder] = process.argv.slice(2);
if (folder) mkdirSync(folder, { recursive: true });
let pictures = 0;
const gone = [];
let scripted = 0;

tell(async (browser) => {
  const findings = new Findings(base);
  const { context, page, hand, visit } = await person(browser, findings);
  await scan(page, base, await freshSlip(browser, base), { visit, hand });
  const reference = await answer(page, { visit, hand });
  await keepPlace(page, { visit, hand });
  await context.close();
  await danger(browser, findings);
  return { reference, gone, scripted, ...findings.report() };
});

async function person(browser, findings) {
  const context = await browser.newContext(MODES[mode]);
  findings.watch(context, { expected: [422] });
  const page = await context.newPage();
  let name = "";
  const noticed = () => findings.focused(page, name);
  const hand = mode === "keyboard" ? keyboard(page, noticed) : pointer;
  const visit = async (heading, step) => {
    name = heading;
    await see(page, findings, name);
    if (step?.heading !== PAGES[1].heading) return;
    await goOn(page, "Continue", hand);
    await page.locator(".nhsuk-error-summary").waitFor();
    name = `${heading}, sent empty`;
    await see(page, findings, name);
  };
  return { context, page, hand, visit };
}

async function see(page, findings, name) {
  gone.push(name);
  scripted += await page.locator("body.js-enabled").count();
  if (mode === "noscript") return;
  // Chromium forgets the system's colours when a page follows.
  if (mode === "forced") {
    await page.emulateMedia({ forcedColors: "none" });
    await page.emulateMedia(MODES.forced);
  }
  await findings.look(page, name, { ask: mode === "narrow" ? "everything" : "looks" });
  if (folder) {
    pictures += 1;
    const file = `${mode}-${String(pictures).padStart(2, "0")}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: mode !== "zoomed" });
  }
  if (mode === "keyboard") await findings.rest(page);
  else await findings.tabThrough(page, name);
}

/** Somebody who is in danger: help, its follow-up, and the end. */
async function danger(browser, findings) {
  const { context, page, hand } = await person(browser, findings);
  await scan(page, base, await freshSlip(browser, base), { hand });
  await meet(page, PAGES[0].heading);
  await hand.choose(page.getByLabel("Yes", { exact: true }));
  await see(page, findings, "the first question, answered");
  await goOn(page, "Continue", hand);
  await meet(page, /^Thank you for telling us/);
  await see(page, findings, "help");
  await hand.choose(page.getByLabel("Yes", { exact: true }));
  await goOn(page, "Stop here", hand);
  await meet(page, /^You have stopped/);
  await see(page, findings, "stopped");
  await context.close();
}
