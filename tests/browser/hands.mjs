// Two ways to use a page: with a pointer, and with nothing but a keyboard. A journey is told which.

/** Clicks and types. */
export const pointer = {
  choose: (control) => control.check(),
  type: (control, text) => control.fill(text),
  press: (control) => control.click(),
};

/** Tabs forward only, and never further than a page is long. `noticed` is told where each Tab has led. */
export function keyboard(page, noticed = async () => {}) {
  const has = (control) => control.evaluate((element) => element === document.activeElement);
  const tab = async () => {
    await page.keyboard.press("Tab");
    await noticed();
  };
  const until = async (arrived, what) => {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await arrived()) return;
      await tab();
    }
    throw new Error(`Tab never reaches ${what}`);
  };
  const go = (control) => until(() => has(control), control);
  // A group of radios is one stop: the arrows go on from there, and choose.
  const radio = async (control) => {
    await until(() => control.evaluate((element) => element.name === document.activeElement.name), control);
    if (await has(control)) {
      await page.keyboard.press("Space");
      return;
    }
    for (let presses = 0; presses < 20 && !(await has(control)); presses += 1) await page.keyboard.press("ArrowDown");
  };
  return {
    async choose(control) {
      if ((await control.getAttribute("type")) === "radio") return radio(control);
      await go(control);
      if (!(await control.isChecked())) await page.keyboard.press("Space");
    },
    async type(control, text) {
      await go(control);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
    },
    async press(control) {
      await go(control);
      await page.keyboard.press("Enter");
    },
    tab,
  };
}
