// For staff: says what came since the page was loaded, and moves through lists by keyboard. The pages work without it.
// On a phone the lists are a line to push sideways: the one that is open stands in sight.
for (const here of document.querySelectorAll(".pad-tabs [aria-current], .pad-views [aria-current]")) {
  const line = here.closest("ul");
  line.scrollLeft = here.offsetLeft - line.offsetLeft - 16;
}

const band = document.querySelector("[data-news]");
const each = 25000;

// News: a bar at the bottom, so that nothing moves that is being read. Asked for while the page can be seen.
if (band) {
  const bar = document.createElement("div");
  // It stands there empty from the start: screen readers tell what comes into a region that was there.
  bar.className = "pad-news";
  const text = document.createElement("p");
  const now = document.createElement("p");
  text.setAttribute("role", "status");
  now.setAttribute("role", "alert");
  bar.append(now, text);
  document.body.append(bar);
  const known = new Set((band.dataset.known || "").split(" "));
  let timer;
  let told = "";
  const link = (href, words) => {
    const made = document.createElement("a");
    made.href = href;
    made.textContent = words;
    return made;
  };
  const show = ({ fresh, more, danger }) => {
    const unseen = danger.filter(({ reference }) => !known.has(reference));
    const words = JSON.stringify([fresh, unseen]);
    if (words === told) return;
    told = words;
    now.replaceChildren();
    text.replaceChildren();
    if (unseen.length) {
      now.append("Now: ");
      unseen.forEach(({ reference, url }, at) => now.append(at ? ", " : "", link(url, reference)));
      now.append(unseen.length === 1 ? " needs somebody today" : " need somebody today");
    }
    if (fresh) {
      const many = more ? `${fresh} or more` : fresh;
      text.append(`${many} new ${fresh === 1 ? "referral" : "referrals"}. `, link(band.dataset.again || location.href, "Show the list again"));
    }
    bar.classList.toggle("pad-news--danger", unseen.length > 0);
    bar.classList.toggle("pad-news--on", fresh > 0 || unseen.length > 0);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    now.replaceChildren();
    text.replaceChildren("You are signed out. ", link(location.href, "Sign in again"));
    bar.classList.remove("pad-news--danger");
    bar.classList.add("pad-news--on");
  };
  const ask = async () => {
    timer = undefined;
    if (document.hidden) return;
    try {
      const answer = await fetch(band.dataset.news, { cache: "no-store", redirect: "error" });
      if (answer.status === 401) return stop();
      if (answer.ok) show(await answer.json());
    } catch {
      // Without a connection it asks again later.
    }
    timer = setTimeout(ask, each);
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && timer === undefined) ask();
  });
  timer = setTimeout(ask, each);
}

// Keys: single letters, so they can be turned off on this device (WCAG 2.1.4). None of them decides anything.
const off = "pad-keys-off";
const kept = (() => {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
})();
const rows = [...document.querySelectorAll(".pad-rows__who a")];
const deciding = document.getElementById("decide");
if (rows.length || deciding) {
  const keys = deciding
    ? [["a", "go to Accept, or to Acknowledge where that comes first; you then choose it yourself"], ["n", "open the next one in the list"], ["u", "back to the list"]]
    : [["j", "next row"], ["k", "row before"], ["o", "open the row"], ["n", "next page of the list"]];
  keys.push(["/", "go to the search"], ["?", "this help"]);
  const help = document.createElement("dialog");
  help.className = "pad-keys";
  help.setAttribute("aria-labelledby", "pad-keys-heading");
  help.innerHTML =
    '<h2 class="nhsuk-heading-m" id="pad-keys-heading">Keyboard shortcuts</h2><dl></dl>' +
    '<p><label><input type="checkbox"> Use these keys on this device</label></p>' +
    '<form method="dialog"><button class="nhsuk-button nhsuk-button--small">Close</button></form>';
  for (const [key, does] of keys) {
    const line = document.createElement("div");
    const [term, what] = [document.createElement("dt"), document.createElement("dd")];
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    what.textContent = does;
    line.append(term, what);
    help.querySelector("dl").append(line);
  }
  const box = help.querySelector("input");
  box.checked = kept?.getItem(off) !== "yes";
  box.addEventListener("change", () => (box.checked ? kept?.removeItem(off) : kept?.setItem(off, "yes")));
  document.body.append(help);
  const opener = document.createElement("button");
  opener.type = "button";
  opener.className = "pad-as-link";
  opener.textContent = "Keyboard shortcuts";
  opener.addEventListener("click", () => help.showModal());
  const foot = document.createElement("li");
  foot.className = "nhsuk-footer__list-item";
  foot.append(opener);
  document.querySelector(".nhsuk-footer__list")?.append(foot);

  const step = (by) => {
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const open = (selector) => document.querySelector(selector)?.click();
  const does = {
    j: () => step(1),
    k: () => step(-1),
    o: () => rows.includes(document.activeElement) && document.activeElement.click(),
    n: () => open("[data-next]"),
    u: () => open(".nhsuk-back-link"),
    a: () => {
      const form = document.querySelector('form[action*="/acknowledge"]') ?? document.querySelector('form[action*="/accept"]');
      (form?.querySelector("input[type=radio]:checked") ?? form?.querySelector("input:not([type=hidden]), button"))?.focus();
    },
    "/": () => document.getElementById("sought")?.focus(),
    "?": () => help.showModal(),
  };
  const listed = new Set(keys.map(([key]) => key));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
    if (!listed.has(event.key)) return;
    event.preventDefault();
    does[event.key]();
  });
}
