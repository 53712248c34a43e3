// The first pages with nothing but a keyboard: what takes the focus is seen, and is not hidden by the bar on top.
//
//   node keyboard_only.mjs BASE

import { Findings, PHONE, tell } from "./browser.mjs";
import { freshSlip } from "./journey.mjs";
import { PERSON, meet } from "./person.mjs";

const base = process.argv[2];

tell(async (browser) => {
  const code = await freshSlip(browser, base);
  const findings = new Findings(base);
  const context = await browser.newContext({ viewport: PHONE });
  findings.watch(context);
  const page = await context.newPage();
  const keys = keyboard(page, findings);
  await page.goto(`${base}/s/${code}`);
  const first = await keys.tab();
  await keys.press("Start now");
  for (const step of STEPS) {
    await meet(page, step.heading);
    for (const { to, then } of step.keys) {
      await keys.go(to(page));
      for (const key of then) await page.keyboard.press(key);
    }
    await keys.press("Continue");
  }
  await meet(page, "How can we reach you?");
  return { first, presses: keys.presses(), ...findings.report() };
});

const label = (name) => (page) => page.getByLabel(name, { exact: true });
const inGroup = (group, name) => (page) => page.getByRole("group", { name: group }).getByLabel(name, { exact: true });
const typed = (text) => [...text].map((letter) => (letter === " " ? "Space" : letter));

const STEPS = [
  {
    heading: /^Are you thinking/,
    keys: [{ to: inGroup(/^Are you thinking/, "Yes"), then: ["ArrowDown"] }],
  },
  {
    heading: "About you",
    keys: [
      { to: label("Full name"), then: typed(PERSON.name) },
      { to: label("Day"), then: typed(PERSON.day) },
      { to: label("Month"), then: typed(PERSON.month) },
      { to: label("Year"), then: typed(PERSON.year) },
      { to: inGroup(/GP surgery/, "Yes"), then: ["Space"] },
    ],
  },
];

/** A person who tabs: forward only, and never further than a page is long. */
function keyboard(page, findings) {
  let presses = 0;
  const tab = async () => {
    presses += 1;
    await page.keyboard.press("Tab");
    const { text, hidden } = await page.evaluate(focused);
    if (hidden) findings.complaints.push(`${new URL(page.url()).pathname}: "${text}" has the focus behind ${hidden}`);
    return text;
  };
  const go = async (control) => {
    for (let tries = 0; tries < 40; tries += 1) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await tab();
    }
    throw new Error(`Tab never reaches ${control}`);
  };
  const press = async (name) => {
    await go(page.getByRole("button", { name, exact: true }));
    await page.keyboard.press("Enter");
  };
  return { tab, go, press, presses: () => presses };
}

/** Runs in the page: what has the focus, and what lies on top of it. */
function focused() {
  const element = document.activeElement;
  const text = (element.innerText || element.id || element.tagName).trim();
  const box = element.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const bar = document.querySelector(".pad-ways-out");
  const covered = on && bar?.contains(on) && !bar.contains(element);
  const outside = box.bottom <= 0 || box.top >= innerHeight;
  return { text, hidden: covered ? "the bar on top" : outside ? "the edge of the window" : "" };
}
