// Wording that looks for a culprit: noticed after a pause in typing, and once on sending.
// Nothing is blocked: "send as it is" sends, and if the server is away, so does the form.
(() => {
  const PAUSE = 900;
  const PATIENCE = 1500;
  const ENDS = /[.!?…\n]/;
  const known = new WeakMap();   // field -> what was looked at, and the words to leave

  const about = (field) => {
    if (!known.has(field)) known.set(field, {text: "", found: false, left: "", timer: 0, turn: 0});
    return known.get(field);
  };

  // It stands where the eye is: below the field while typing, above the button on sending.
  const noteOf = (field, button) => {
    const id = `${field.id}-wording`;
    let note = document.getElementById(id);
    if (!note) {
      note = document.createElement("div");
      note.id = id;
      note.className = "wording-note";
      note.setAttribute("role", "status");
      note.addEventListener("click", (event) => pressed(event, field, note));
    }
    const shown = button && button.offsetWidth > 1;
    const [at, side] = shown ? [button.closest("p") || button, "beforebegin"] : [field, "afterend"];
    const there = shown ? at.previousElementSibling : at.nextElementSibling;
    if (there !== note) at.insertAdjacentElement(side, note);
    return note;
  };

  const look = async (field, sending) => {
    const it = about(field);
    const text = field.value;
    const turn = ++it.turn;
    if (!text.trim()) { it.text = text; it.found = false; noteOf(field).replaceChildren(); return false; }
    const body = new URLSearchParams({text, sending: sending ? "yes" : ""});
    let html = "";
    try {
      const answer = await fetch("/wording", {
        method: "POST", body, credentials: "same-origin", redirect: "error",
        signal: AbortSignal.timeout(sending ? PATIENCE : 10 * PATIENCE),
      });
      if (!answer.ok) return false;
      html = (await answer.text()).trim();
    } catch { return false; }
    if (turn !== it.turn || field.value !== text) return false;
    it.text = text;
    it.found = html !== "";
    noteOf(field, sending && it.found ? field.form.wordingSubmitter : null).innerHTML = html;
    return it.found;
  };

  // Places count characters; a string counts an emoji twice.
  const units = (text, place) => Array.from(text).slice(0, place).join("").length;

  const use = (field, button) => {
    const text = field.value;
    let start = units(text, Number(button.dataset.start));
    let end = units(text, Number(button.dataset.end));
    while (start > 0 && !ENDS.test(text[start - 1])) start -= 1;
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end < text.length && !ENDS.test(text[end])) end += 1;
    if (end < text.length && text[end] !== "\n") end += 1;
    field.focus();
    field.setRangeText(button.dataset.wordingUse, start, end, "end");
    field.dispatchEvent(new Event("input", {bubbles: true}));
  };

  const pressed = (event, field, note) => {
    const button = event.target.closest("button");
    if (!button) return;
    const it = about(field);
    if (button.hasAttribute("data-wording-use")) {
      it.left = "";
      note.replaceChildren();
      use(field, button);
    } else {
      it.left = field.value;
      note.replaceChildren();
      if (button.hasAttribute("data-wording-send")) send(field.form); else field.focus();
    }
  };

  const send = (form) => {
    const submitter = form.wordingSubmitter;
    form.wordingAsked = true;
    form.requestSubmit(submitter && submitter.isConnected ? submitter : undefined);
  };

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches("textarea[data-wording]")) return;
    const it = about(field);
    clearTimeout(it.timer);
    it.timer = setTimeout(() => {
      if (field.isConnected && field.value !== it.left) look(field, false);
    }, PAUSE);
  });

  // Before every other listener: what is not sent yet, nobody else needs to know of.
  addEventListener("submit", (event) => {
    const form = event.target;
    const fields = [...form.elements]
      .filter((one) => one.matches("textarea[data-wording]") && one.value.trim() && one.value !== one.defaultValue && one.value !== about(one).left);
    const draft = event.submitter && event.submitter.hasAttribute("formnovalidate");
    if (form.wordingAsked || !fields.length || draft) { form.wordingAsked = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    form.wordingSubmitter = event.submitter;
    if (form.wordingLooking) return;
    form.wordingLooking = true;
    fields.forEach((one) => clearTimeout(about(one).timer));
    Promise.all(fields.map((one) => look(one, true))).then((found) => {
      form.wordingLooking = false;
      const first = fields[found.indexOf(true)];
      if (!first) { send(form); return; }
      fields.forEach((one, n) => { if (found[n]) about(one).left = one.value; });
      document.getElementById(`${first.id}-wording`).querySelector("[data-wording-send]").focus();
    });
  }, true);
})();
