// Opens Debian's Chromium and watches what it does: every request, every complaint, every byte. What a journey
// finds is handed to the Rust tests as one line of JSON.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// What the law asks of a public service (WCAG 2.2 AA), and what axe calls good practice.
const AXE_OPTIONS = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  rules: { "target-size": { enabled: true } },
  // There is neither a style sheet from elsewhere nor a frame, sound or film: the policy of the pages forbids them.
  preload: false,
};
/** The rules whose answer depends on sizes, places and colours, and not only on what is there. */
const RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];
/** With CI_LONG=1 axe is asked everything wherever it is asked anything. */
const IS_LONG = process.env.CI_LONG === "1";
/** Presses of Tab that are sent together. */
const TABS = 12;
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];
/** How long anything may take, in milliseconds: a busy machine is no mistake of the pages. */
export const PATIENCE = 120_000;
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };

/**
 * The one thing axe dislikes that stays: the design system puts the Back link before the main landmark, so that
 * "Skip to main content" passes over it.
 */
const isWanted = (rule, target) => rule === "region" && target === ".nhsuk-back-link";

/** Complaints of the browser that are none: statuses are judged on their own, and a demo on the network has no https. */
const EXPECTED = ["Failed to load resource", "The Cross-Origin-Opener-Policy header has been ignored"];

/** The browser of Debian's package, without a window. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });

/** What is noticed while somebody goes through the pages. */
export class Findings {
  constructor(base) {
    this.origin = new URL(base).origin;
    this.foreign = [];
    this.complaints = [];
    this.violations = [];
    this.pages = {};
  }

  /** Watches everything that happens in a context. `expected` are statuses that the journey provokes. */
  watch(context, { expected = [] } = {}) {
    context.setDefaultTimeout(PATIENCE);
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:" && url.origin !== this.origin) this.foreign.push(request.url());
    });
    context.on("response", (response) => {
      if (response.status() >= 400 && !expected.includes(response.status())) {
        this.complaints.push(`${response.status()} for ${new URL(response.url()).pathname}`);
      }
    });
    context.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !EXPECTED.some((start) => text.startsWith(start))) this.complaints.push(text);
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
  }

  /**
   * Asks axe about the page as it stands, and whether it fits into the window. `ask` "looks" where axe was asked
   * everything about such a page elsewhere: then only what depends on sizes, places and colours. "again": the same of
   * the page that it was asked everything about just now, and everything if more shows than did then.
   */
  async look(page, name, { ask = "everything" } = {}) {
    // What the pointer happens to be over looks different.
    await page.mouse.move(0, 0);
    const question = { options: AXE_OPTIONS, looks: RULES_OF_LOOKS, ask: IS_LONG ? "everything" : ask };
    let found = await page.evaluate(inspect, question);
    if (!found) {
      await page.evaluate(AXE);
      found = await page.evaluate(inspect, question);
    }
    const { violations, wider, path } = found;
    const seen = (this.pages[name] ??= { path, looks: 0, stops: 0 });
    seen.looks += 1;
    if (wider > 0) this.complaints.push(`${name}: ${wider} pixels wider than the window`);
    for (const { id, impact, help, nodes } of violations) {
      const where = nodes.map((node) => node.target.join(" ")).filter((target) => !isWanted(id, target));
      if (where.length === 0) continue;
      this.violations.push({ page: name, id, impact, help, where });
    }
  }

  /** Tabs through the page as it stands: whatever takes the focus shows it, and nothing lies on top of it. */
  async tabThrough(page, name) {
    await this.rest(page);
    await page.evaluate(`(${watchTabs})(${focus})`);
    for (let presses = 0; presses < 200; presses += TABS) {
      await Promise.all(Array.from({ length: TABS }, () => page.keyboard.press("Tab")));
      if (await page.evaluate(() => window.padTabs.isOver())) break;
    }
    for (const stop of await page.evaluate(() => window.padTabs.end())) this.judge(page, name, stop);
  }

  /** Remembers how the page looks while nothing has the focus: what is judged afterwards is held against that. */
  async rest(page) {
    await page.evaluate(rest);
  }

  /** Judges what has the focus just now. */
  async focused(page, name, forced = false) {
    const stop = await page.evaluate(focus, forced);
    this.judge(page, name, stop);
    return stop.text;
  }

  judge(page, name, { text, covered, shows }) {
    (this.pages[name] ??= { path: new URL(page.url()).pathname, looks: 0, stops: 0 }).stops += 1;
    if (covered) this.complaints.push(`${name}: "${text}" has the focus behind ${covered}`);
    if (!shows) this.complaints.push(`${name}: "${text}" does not show that it has the focus`);
  }

  /** For the tests to read. */
  report() {
    const { foreign, violations, pages } = this;
    return { foreign, complaints: [...new Set(this.complaints)], violations, pages };
  }
}

/** Runs in the page: what axe finds, and by how much the page is too wide; nothing where axe is not there yet. */
async function inspect({ options, looks, ask }) {
  if (!("axe" in window)) return null;
  const shown = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility());
  const isAll = ask === "everything" || (ask === "again" && !shown.every((element) => window.padShown?.has(element)));
  if (ask === "everything") window.padShown = new Set(shown);
  // Where the system chooses the colours it sees to their contrast; axe reads those that the page asked for.
  const forced = matchMedia("(forced-colors: active)").matches;
  const values = looks.filter((rule) => !forced || rule !== "color-contrast");
  const rules = forced ? { ...options.rules, "color-contrast": { enabled: false } } : options.rules;
  const asked = isAll ? { ...options, rules } : { ...options, runOnly: { type: "rule", values }, rules: {} };
  const { violations } = await window.axe.run(document, asked);
  const { scrollWidth, clientWidth } = document.documentElement;
  return { violations, wider: scrollWidth - clientWidth, path: location.pathname };
}

/**
 * Runs in the page: judges what has the focus before each further Tab, when the page has come to rest after the one
 * before it. It is over when the focus is back where it began.
 */
function watchTabs(focus) {
  const forced = matchMedia("(forced-colors: active)").matches;
  const stops = [];
  let over = false;
  const look = () => {
    if (over) return;
    if (document.activeElement !== document.body) stops.push(focus(forced));
    else over = stops.length > 0;
  };
  const pressed = ({ key }) => key === "Tab" && look();
  addEventListener("keydown", pressed, true);
  window.padTabs = {
    isOver() {
      return over || document.activeElement === document.body;
    },
    end() {
      look();
      removeEventListener("keydown", pressed, true);
      // Of the last presses some may have come after it was over, and led round again.
      document.activeElement.blur();
      scrollTo(0, 0);
      return stops;
    },
  };
}

/** Runs in the page: remembers how everything looks that can take the focus, while nothing has it. */
function rest() {
  const look = (element) =>
    [element, ...(element.labels ?? [])]
      .flatMap((part) => [getComputedStyle(part), getComputedStyle(part, "::before")])
      .map(({ outline, outlineStyle, outlineColor, boxShadow, backgroundColor, border, borderStyle }) => {
        const isOutlined = outlineStyle !== "none" && !outlineColor.endsWith(", 0)");
        return [isOutlined ? outline : "", boxShadow, backgroundColor, borderStyle === "none" ? "" : border];
      })
      .join();
  document.activeElement.blur();
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  window.padLook = look;
  window.padRest = new Map([...all].map((element) => [element, look(element)]));
}

/** Runs in the page: what has the focus, whether it shows that, and what lies on top of it. */
function focus(forced) {
  const element = document.activeElement;
  const text = (element.innerText || element.labels?.[0]?.innerText || element.id || element.tagName).trim();
  const box = element.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  // What stays in place while the page moves may lie on top of something.
  let fixed = on && !element.contains(on) ? on : null;
  while (fixed && !["sticky", "fixed"].includes(getComputedStyle(fixed).position)) fixed = fixed.parentElement;
  const behindBar = fixed && !fixed.contains(element);
  const outside = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  const covered = behindBar ? "a bar that stays" : outside ? "the edge of the window" : "";
  // Where the system chooses the colours, shadows and backgrounds are gone: only an outline or a border is left.
  const outlined = [element, ...(element.labels ?? [])]
    .flatMap((part) => [getComputedStyle(part), getComputedStyle(part, "::before")])
    .some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  const changed = !window.padRest?.has(element) || window.padLook(element) !== window.padRest.get(element);
  return { text, covered, shows: forced ? outlined : changed };
}

/** Counts what comes over the wire to a page, headers and all. `line` makes the wire as slow as that. */
export async function scales(page, line = null) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  if (line) await session.send("Network.emulateNetworkConditions", line);
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  return {
    /** Bytes since the last weighing. */
    weigh() {
      const weight = bytes;
      bytes = 0;
      return weight;
    },
  };
}

/** Runs a journey to its end and prints what it found; a journey that fails says where, and what the page said. */
export async function tell(journey) {
  const browser = await launch();
  try {
    console.log(JSON.stringify(await journey(browser)));
  } catch (error) {
    process.exitCode = 1;
    console.error(error.stack ?? error);
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      const said = await page.locator("main").innerText({ timeout: 1000 }).catch(() => "");
      console.error(`\n--- the page ${page.url()} said:\n${said.slice(0, 2000)}`);
    }
  } finally {
    await browser.close();
  }
}
