// Starts the design system's components. The pages work without this; it only makes some of them nicer.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// "Leave this page quickly" replaces the page, so that the Back button does not return to it.
for (const link of document.querySelectorAll("[data-leave-quickly]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(link.href);
  });
}

// A form sent without a connection would end in the browser's own error page: it waits, says so, and is sent when the
// connection is back. Browsers are wrong about it now and then, so there is a button that asks the server itself.
const notice = document.querySelector("[data-offline]");
if (notice && HTMLFormElement.prototype.requestSubmit) {
  let waiting;
  let goes = false;
  const send = () => {
    if (!waiting) return;
    const { form, button } = waiting;
    waiting = undefined;
    notice.hidden = true;
    goes = true;
    form.requestSubmit(button);
    goes = false;
  };
  document.querySelector("main").addEventListener("submit", (event) => {
    if (navigator.onLine || goes) return;
    event.preventDefault();
    waiting = { form: event.target, button: event.submitter };
    notice.hidden = false;
    notice.focus();
  });
  notice.querySelector("[data-send-now]").addEventListener("click", () => {
    const { href } = document.querySelector(".pad-ways-out a");
    fetch(href, { method: "HEAD", cache: "no-store" }).then(send, () => notice.focus());
  });
  addEventListener("online", send);
}

// Copy buttons, for typing a referral into another system. Without scripts the text is selected by a click.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const said = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      done = document.execCommand("copy");
    }
    said.textContent = done ? `${button.dataset.name} copied` : `${button.dataset.name}: select the text and copy it`;
    for (const other of document.querySelectorAll("[data-copy].is-copied")) other.classList.remove("is-copied");
    button.classList.toggle("is-copied", done);
  });
}
