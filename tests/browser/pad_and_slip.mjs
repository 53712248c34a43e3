// A physio signs in with a password, mints a pad of four slips and downloads it, and makes one slip on the screen.
//
//   node pad_and_slip.mjs BASE USERNAME PASSWORD FOLDER
//
// The PDF and a photograph of the code on the screen are left in FOLDER.

import { join } from "node:path";
import { DESK, Findings, tell } from "./browser.mjs";
import { goOn, meet } from "./person.mjs";

const [base, username, password, folder] = process.argv.slice(2);

tell(async (browser) => {
  const findings = new Findings(base);
  const context = await browser.newContext({ viewport: DESK });
  findings.watch(context, { expected: [422] });
  const page = await context.newPage();
  await signIn(page, findings);
  const pad = await mint(page, findings);
  const slip = await onScreen(page, findings);
  await page.goto(`${base}/pads`);
  await findings.look(page, "the pads");
  const listed = await page.locator("main").innerText();
  await goOn(page, "Sign out");
  await page.waitForURL(/signed-out/);
  await findings.look(page, "signed out");
  return { pad, slip, listed, ...findings.report() };
});

async function signIn(page, findings) {
  await page.goto(`${base}/pads`);
  await meet(page, "Sign in");
  await findings.look(page, "sign in");
  await goOn(page, "Sign in");
  await page.locator(".nhsuk-error-summary").waitFor();
  await findings.look(page, "sign in, sent empty");
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await goOn(page, "Sign in");
  await meet(page, "Pads and slips");
}

async function mint(page, findings) {
  await page.getByRole("button", { name: "New pad to print" }).click();
  await meet(page, "New pad");
  await findings.look(page, "new pad");
  await goOn(page, "Make the pad");
  await page.locator(".nhsuk-error-summary").waitFor();
  await findings.look(page, "new pad, sent empty");
  await page.getByLabel("How many slips").fill("4");
  await page.getByRole("group", { name: "How they are printed" }).getByRole("radio").first().check();
  await page.getByRole("group", { name: "Which service they are for" }).getByRole("radio").first().check();
  await goOn(page, "Make the pad");
  await meet(page, /^Pad \d+/);
  await findings.look(page, "the pad");
  const said = await page.locator("main").innerText();
  const downloading = page.waitForEvent("download");
  await goOn(page, "Download to print (PDF)");
  const download = await downloading;
  const pdf = join(folder, "pad.pdf");
  await download.saveAs(pdf);
  return { pdf, named: download.suggestedFilename(), said };
}

async function onScreen(page, findings) {
  await page.goto(`${base}/pads`);
  await page.getByRole("button", { name: "One slip now, on the screen" }).click();
  await meet(page, "One slip now");
  await findings.look(page, "one slip");
  await goOn(page, "Make the slip");
  await page.locator(".nhsuk-error-summary").waitFor();
  await findings.look(page, "one slip, sent empty");
  await page.getByRole("group", { name: "Which service it is for" }).getByRole("radio").first().check();
  await goOn(page, "Make the slip");
  await meet(page, /^Slip \d+/);
  await findings.look(page, "the slip on the screen");
  const photograph = join(folder, "screen.png");
  await page.locator(".pad-qr").screenshot({ path: photograph });
  return {
    photograph,
    code: (await page.locator(".pad-code").innerText()).trim(),
    said: await page.locator("main").innerText(),
  };
}
