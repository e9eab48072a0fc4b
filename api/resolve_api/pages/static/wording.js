// Wording that looks for a culprit: noticed after a pause in typing, and once on sending.
// Nothing is blocked: "send as it is" sends, and if the server is away, so does the form.
(() => {
  const PAUSE = 900;
  const PATIENCE = 1500;
  const GLANCE = 500;   // what appeared under the pointer a moment ago was not meant
  const SHOWN = 3;      // sentences at once: more would be a lecture
  const known = new WeakMap();   // field -> what was looked at, and the words to leave

  const about = (field) => {
    if (!known.has(field)) known.set(field, {left: new Set(), html: "", timer: 0, turn: 0, since: 0});
    return known.get(field);
  };

  // What a screen reader is told while somebody types; there before the first note, so that
  // it is heard. The note itself is a group: who comes to its buttons hears what it is.
  const told = document.createElement("div");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  document.addEventListener("focusin", (event) => {
    if (!told.isConnected && event.target.matches("textarea[data-wording]")) document.body.append(told);
  });

  const shownOf = (field) => document.getElementById(`${field.id}-wording`);

  // It stands where the eye is: below the field while typing, above the button on sending.
  const noteOf = (field, button) => {
    let note = shownOf(field);
    if (!note) {
      note = document.createElement("div");
      note.id = `${field.id}-wording`;
      note.className = "wording-note";
      note.setAttribute("role", "group");
      note.setAttribute("aria-labelledby", `${note.id}-why`);
      note.setAttribute("aria-describedby", `${note.id}-found`);
    }
    const shown = button && button.offsetWidth > 1;
    const [at, side] = shown ? [button.closest("p") || button, "beforebegin"] : [field, "afterend"];
    const there = shown ? at.previousElementSibling : at.nextElementSibling;
    if (there !== note) at.insertAdjacentElement(side, note);
    return note;
  };

  const clear = (field) => {
    about(field).html = "";
    shownOf(field)?.remove();
    told.replaceChildren();
  };

  // Without the words that were left before; nothing where none remain.
  const parts = (html, left) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    const items = [...made.content.querySelectorAll("li")];
    const fresh = items.filter((one) => !left.has(one.dataset.words)).slice(0, SHOWN);
    items.forEach((one) => { if (!fresh.includes(one)) one.remove(); });
    return fresh.length ? made : null;
  };

  const show = (field, made, button, sending) => {
    const it = about(field);
    const note = noteOf(field, button);
    if (it.html === made.innerHTML) return;
    if (!it.html) it.since = Date.now();
    it.html = made.innerHTML;
    note.replaceChildren(made.content);
    const why = note.querySelector(".wording-why");
    const found = note.querySelector(".wording-found");
    why.id = `${note.id}-why`;
    found.id = `${note.id}-found`;
    if (sending) { told.replaceChildren(); return; }
    const said = [why, ...found.querySelectorAll(".wording-offer")].map((one) => one.cloneNode(true));
    said.forEach((one) => one.removeAttribute("id"));
    if (told.textContent !== said.map((one) => one.textContent).join("")) told.replaceChildren(...said);
  };

  // What was noticed in a field now, or null; nobody is told before it is shown.
  const ask = async (field, sending) => {
    const it = about(field);
    const text = field.value;
    const turn = ++it.turn;
    if (!text.trim()) return null;
    const body = new URLSearchParams({text, sending: sending ? "yes" : ""});
    try {
      const answer = await fetch("/wording", {
        method: "POST", body, credentials: "same-origin", redirect: "error",
        signal: AbortSignal.timeout(sending ? PATIENCE : 10 * PATIENCE),
      });
      if (!answer.ok) return null;
      const html = (await answer.text()).trim();
      if (turn !== it.turn || field.value !== text || !field.isConnected) return null;
      const made = parts(html, it.left);
      if (!made) clear(field);
      return made;
    } catch { return null; }
  };

  const look = async (field) => {
    const made = await ask(field, false);
    if (made) show(field, made, null, false);
  };

  const leave = (field) => {
    for (const one of shownOf(field)?.querySelectorAll("li") ?? []) about(field).left.add(one.dataset.words);
  };

  // Places count characters; a string counts an emoji twice.
  const units = (text, place) => Array.from(text).slice(0, place).join("").length;

  // The offer takes the place of its sentence, wherever that stands by now, as if it
  // were typed: it can be undone. What is to be filled in is chosen.
  const use = (field, item, offer) => {
    const {sentence, start} = item.dataset;
    const near = field.value.indexOf(sentence, units(field.value, Number(start)));
    const from = near < 0 ? field.value.indexOf(sentence) : near;
    field.focus();
    if (from < 0) return;
    field.setSelectionRange(from, from + sentence.length);
    if (!document.execCommand("insertText", false, offer)) {
      field.setRangeText(offer, from, from + sentence.length, "end");
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }
    const gap = offer.lastIndexOf("...");
    if (gap >= 0) field.setSelectionRange(from + gap, from + gap + 3);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".wording-note button");
    if (!button) return;
    const note = button.closest(".wording-note");
    const field = document.getElementById(note.id.replace(/-wording$/, ""));
    if (!field || (event.detail && Date.now() - about(field).since < GLANCE)) return;
    const offer = button.dataset.wordingUse;
    if (offer === undefined) leave(field);
    clear(field);
    if (offer !== undefined) use(field, button.closest("li"), offer);
    else if (button.hasAttribute("data-wording-send")) send(field.form);
    else field.focus();
  });

  // Not while the form is still being sent: a browser would not send it again then.
  const send = (form) => setTimeout(() => {
    const submitter = form.wordingSubmitter;
    form.wordingAsked = true;
    form.requestSubmit(submitter && submitter.isConnected ? submitter : undefined);
    form.wordingAsked = false;
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches("textarea[data-wording]")) return;
    const it = about(field);
    const items = [...shownOf(field)?.querySelectorAll("li") ?? []];
    if (items.some((one) => !field.value.includes(one.dataset.sentence))) clear(field);
    clearTimeout(it.timer);
    it.timer = setTimeout(() => { if (field.isConnected) look(field); }, PAUSE);
  });

  // Before every other listener: what is not sent yet, nobody else needs to know of.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.wordingAsked) return;
    const fields = [...form.elements]
      .filter((one) => one.matches("textarea[data-wording]") && one.value.trim() && one.value !== one.defaultValue);
    const draft = event.submitter && event.submitter.hasAttribute("formnovalidate");
    if (!fields.length || draft) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.wordingSubmitter = event.submitter;
    if (form.wordingLooking) return;
    form.wordingLooking = true;
    fields.forEach((one) => clearTimeout(about(one).timer));
    Promise.all(fields.map((one) => ask(one, true))).then((made) => {
      form.wordingLooking = false;
      const which = made.findIndex(Boolean);
      if (which < 0) { send(form); return; }
      const first = fields[which];
      about(first).html = "";
      show(first, made[which], form.wordingSubmitter, true);
      leave(first);
      fields.forEach((one, n) => { if (made[n] && one !== first) look(one).then(() => leave(one)); });
      shownOf(first).querySelector("[data-wording-send]").focus();
    });
  }, true);
})();
