// An answer being written: room for more proposals, and a draft saved while typing.
(() => {
  // What changed before the page was told what is new, or while it was not, is looked up.
  let connected = false;
  document.body.addEventListener("htmx:sse:after:connection", () => {
    if (connected || performance.now() > 2000) {
      for (const id of ["state", "around"]) {
        document.getElementById(id)?.dispatchEvent(new CustomEvent("refresh"));
      }
    }
    connected = true;
  });

  const form = document.getElementById("answer-form");
  if (!form) return;

  // One more proposal without asking the server.
  const grow = (button) => {
    const groups = form.querySelectorAll("[data-group]");
    const last = groups[groups.length - 1];
    const before = Number(last.dataset.group);
    const number = before + 1;
    const made = last.cloneNode(true);
    made.dataset.group = number;
    for (const element of made.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(`-${before}`, `-${number}`));
      }
      element.removeAttribute("aria-invalid");
      element.removeAttribute("aria-describedby");
      element.classList.remove("is-invalid");
      if (element.tagName === "TEXTAREA") element.value = "";
      if (element.tagName === "SELECT") element.selectedIndex = 0;
    }
    made.querySelectorAll(".invalid-feedback").forEach((one) => one.remove());
    made.querySelectorAll("details").forEach((one) => { one.open = false; });
    made.querySelector("legend").textContent = button.dataset.title.replace("{n}", number);
    last.after(made);
    form.elements.groups.value = number;
    made.querySelector("textarea").focus();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    if (!button || form.querySelectorAll("[data-group]").length >= 20) return;
    event.preventDefault();
    grow(button);
  });

  // The draft, a moment after the last key; one request at a time.
  const address = form.dataset.draft;
  const note = document.getElementById("draft-note");
  const compare = document.getElementById("compare");
  if (!address || !note) return;
  let timer = 0;
  let saving = false;
  let again = false;
  let ended = false;
  const save = async () => {
    if (ended) return;
    if (saving) { again = true; return; }
    saving = true;
    again = false;
    try {
      const answer = await fetch(address, {
        method: "POST", body: new FormData(form), headers: {Accept: "application/json"},
      });
      if (answer.status === 401) { note.textContent = form.dataset.signedOut; ended = true; return; }
      const told = await answer.json();
      note.textContent = told.said;
      if (answer.ok) form.elements.draft_revision.value = told.revision;
      if (answer.status === 409) { compare.hidden = false; ended = true; }
    } catch {
      note.textContent = form.dataset.away;
    } finally {
      saving = false;
      if (again) later();
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 1200); };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { clearTimeout(timer); ended = true; });
})();
