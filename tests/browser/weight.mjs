// What each page of the way weighs over the wire and how long it takes, from the slip to the end: once with the short
// lists, up to a place that is kept, and once without, on a fast line and on slow 3G (400 kbit/s, 400 ms there and back).
//
//   node weight.mjs BASE

import { Findings, PHONE, scales, tell } from "./browser.mjs";
import { answer, freshSlip, keepPlace, scan } from "./journey.mjs";

const base = process.argv[2];
const SLOW_3G = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };

tell(async (browser) => {
  const findings = new Findings(base);
  const ways = {};
  for (const [way, later] of [["without the short lists", true], ["with the short lists", false]]) {
    // The slow one does nothing but wait for its line.
    const lines = [null, SLOW_3G].map((line) => walk(browser, findings, later, line));
    const [fast, slow] = await Promise.all(lines);
    ways[way] = {
      pages: fast.documents,
      steps: fast.steps.map((step, index) => ({ ...step, slowMilliseconds: slow.steps[index].milliseconds })),
    };
  }
  return { ways, ...findings.report() };
});

async function walk(browser, findings, later, line) {
  const context = await browser.newContext({ viewport: PHONE });
  findings.watch(context);
  const page = await context.newPage();
  const scale = await scales(page, line);
  let documents = 0;
  page.on("response", (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage && response.status() === 200) documents += 1;
  });
  const steps = [];
  const visit = async (name) => {
    await page.waitForLoadState("load");
    const milliseconds = await page.evaluate(() => Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd));
    steps.push({ name, bytes: scale.weigh(), milliseconds });
  };
  await scan(page, base, await freshSlip(browser, base), { visit });
  await answer(page, { visit, later });
  if (!later) await keepPlace(page, { visit });
  await context.close();
  return { documents, steps };
}
