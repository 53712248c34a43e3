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
