// The same page spoilt in several ways: what watches over the pages has to notice each.
//
//   node spoilt.mjs BASE

import { Findings, PHONE, tell } from "./browser.mjs";

const base = process.argv[2];
const SPOILT = {
  nothing: "",
  "no sign of the focus":
    "a:focus,button:focus,input:focus{outline:0!important;box-shadow:none!important;background-color:transparent!important}",
  "a bar over everything": "html{scroll-padding-top:0!important}.pad-ways-out{height:90vh}",
  "wider than the window": "main{width:700px}",
  "tiny targets": ".nhsuk-footer a{display:block;height:10px;line-height:1}.nhsuk-footer li{margin:0!important}",
  "grey on grey": "main p{color:#ccc!important}",
};

tell(async (browser) => {
  const noticed = {};
  for (const [how, style] of Object.entries(SPOILT)) {
    const findings = new Findings(base);
    const context = await browser.newContext({ viewport: PHONE, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(base);
    if (style) await page.addStyleTag({ content: style });
    await findings.look(page, "the page");
    await findings.tabThrough(page, "the page");
    const { complaints, violations } = findings.report();
    noticed[how] = [...complaints, ...violations.map(({ id }) => id)].join("\n");
    await context.close();
  }
  return { noticed };
});
