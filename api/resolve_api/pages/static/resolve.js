// What every page may use; each part of the pages has its own file beside this one.
(() => {
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
  // A part that asks for itself anew stays as it is where the answer has no such part:
  // somebody signed out meanwhile, or the server was away.
  document.addEventListener("htmx:before:swap", (event) => {
    const {ctx, tasks} = event.detail;
    const found = tasks.some((task) => task.fragment && task.fragment.childElementCount);
    if (ctx.select && !found) event.preventDefault();
  });
  // What is wrong is looked at first.
  const field = document.querySelector(".is-invalid, [aria-invalid=true]");
  const wrong = field || document.querySelector("[role=alert]");
  if (wrong) {
    const around = wrong.closest("details");
    if (around) around.open = true;
    wrong.scrollIntoView({block: "center"});
    if (field || !document.querySelector("[autofocus]")) {
      if (wrong.tabIndex < 0) wrong.tabIndex = -1; // a text is no stop of the Tab key
      wrong.focus({preventScroll: true});
    }
  }
})();
