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
    made.querySelectorAll(".invalid-feedback, .wording-note").forEach((one) => one.remove());
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

  // Enter in a line of another act presses the button of that act.
  document.addEventListener("keydown", (event) => {
    const act = event.target.matches("input") && event.target.closest("[data-act]");
    if (event.key !== "Enter" || !act) return;
    event.preventDefault();
    act.querySelector("button").click();
  });

  // The draft, a moment after the last key; one request at a time.
  const address = form.dataset.draft;
  const note = document.getElementById("draft-note");
  const compare = document.getElementById("compare");
  if (!address || !note) return;
  let timer = 0;
  let saving = null; // the request under way
  let again = false;
  let ended = false;
  let typed = false; // something that no request has taken along yet
  const save = () => {
    if (ended) return null;
    if (saving) { again = true; return saving; }
    again = false;
    typed = false;
    saving = send();
    return saving;
  };
  const send = async () => {
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
      typed = true;
    } finally {
      saving = null;
      if (again) later();
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 1200); };
  form.addEventListener("input", () => { typed = true; later(); });
  form.addEventListener("submit", () => { clearTimeout(timer); ended = true; });

  // A form that is sent waits, for a moment, until what was typed is saved.
  document.addEventListener("submit", (event) => {
    const other = event.target;
    const own = other === form; // it takes along what is typed, but not a stale revision
    if (ended || !(saving || (typed && !own)) || other.dataset.waited) return;
    event.preventDefault();
    event.stopPropagation();
    other.dataset.waited = "1";
    clearTimeout(timer);
    const {submitter} = event;
    const saved = (async () => { await saving; if (typed && !own) await save(); })();
    const patience = new Promise((go) => { setTimeout(go, 2000); });
    Promise.race([saved, patience]).then(() => {
      other.requestSubmit(submitter);
      delete other.dataset.waited;
    });
  }, true);
  // Who leaves the page by a link, or closes it, loses nothing either.
  addEventListener("pagehide", () => {
    if (ended || !typed) return;
    typed = false;
    const kept = new FormData(form);
    // What is under way arrives first, and is one more revision.
    if (saving) kept.set("draft_revision", String(Number(kept.get("draft_revision")) + 1));
    fetch(address, {
      method: "POST", body: kept, headers: {Accept: "application/json"}, keepalive: true,
    }).then((answer) => answer.json()).then((told) => {
      if (told.revision) form.elements.draft_revision.value = told.revision;
    }).catch(() => { typed = true; });
  });
})();
