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
};
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];
/** How long anything may take, in milliseconds: a busy machine is no mistake of the pages. */
export const PATIENCE = 60_000;
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
    this.checked = 0;
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

  /** Asks axe about the page as it stands. */
  async look(page, name) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate((options) => window.axe.run(document, options), AXE_OPTIONS);
    this.checked += 1;
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) this.complaints.push(`${name}: ${wider} pixels wider than the window`);
    for (const { id, impact, help, nodes } of violations) {
      const where = nodes.map((node) => node.target.join(" ")).filter((target) => !isWanted(id, target));
      if (where.length === 0) continue;
      this.violations.push({ page: name, id, impact, help, where });
    }
  }

  /** For the tests to read. */
  report() {
    const { foreign, violations, checked } = this;
    return { foreign, complaints: [...new Set(this.complaints)], violations, checked };
  }
}

/** Counts what comes over the wire to a page, headers and all. */
export async function scales(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
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
