// Maps: what is looked at while somebody writes, and ways between picture and list.
(() => {
  const WAIT = 700;
  const MOST = 990000; // bytes of a form

  // From the list to the picture, and from the picture to the list.
  const diagram = document.querySelector(".diagram[data-diagram]");
  const finders = document.querySelectorAll("[data-find]");
  document.addEventListener("diagram:drawn", () => finders.forEach((one) => { one.hidden = false; }));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-find]");
    if (button && window.diagrams.find(diagram, button.dataset.find)) {
      diagram.scrollIntoView({block: "nearest"});
      diagram.querySelector(".diagram-frame").focus({preventScroll: true});
    }
    const printer = event.target.closest("[data-print]");
    if (printer) print();
    const shape = event.target.closest(".diagram-frame [data-name^='step-']");
    const listed = shape && document.getElementById(`list-${shape.dataset.name}`);
    if (listed) {
      listed.scrollIntoView({block: "center"});
      listed.focus({preventScroll: true});
    }
  });
  document.querySelectorAll("[data-print]").forEach((one) => { one.hidden = false; });

  const editor = document.querySelector("[data-editor]");
  if (!editor) return;
  const text = editor.querySelector("#source");
  const look = editor.querySelector("#look");
  const state = editor.querySelector("[data-state]");
  const saved = text.defaultValue;
  let waiting = 0;
  let last = null; // the picture drawn last, while the text has errors
  let asked = null;

  text.addEventListener("input", () => {
    state.textContent = editor.dataset.unsaved;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, WAIT);
  });
  editor.addEventListener("change", (event) => { if (event.target.name === "marked") refresh(); });
  editor.addEventListener("submit", (event) => {
    const isLarge = new Blob([text.value.replaceAll("\n", "\r\n")]).size > MOST;
    if (isLarge) {
      event.preventDefault();
      state.textContent = editor.dataset.large;
    }
    leaving = !isLarge;
  });
  let leaving = false;
  const dark = document.documentElement.dataset.bsTheme === "dark";
  if (dark && editor.dataset.theme !== "dark") refresh(); // the server drew it light
  addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== saved) event.preventDefault();
  });

  async function refresh() {
    if (asked) asked.abort();
    asked = new AbortController();
    const form = new FormData();
    form.set("source", text.value);
    form.set("part", "1");
    const plain = editor.querySelector("[name=marked]");
    if (plain && plain.checked) form.set("marked", "no");
    form.set("theme", document.documentElement.dataset.bsTheme || "light");
    state.textContent = editor.dataset.busy;
    try {
      const answer = await fetch(editor.dataset.look, {method: "POST", body: form, signal: asked.signal});
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      put(await answer.text());
      state.textContent = text.value === saved ? "" : editor.dataset.unsaved;
    } catch (why) {
      if (why.name !== "AbortError") state.textContent = editor.dataset.away;
    }
  }

  // The picture stays where it was moved to: its frame is kept, only its image changes.
  function put(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const before = look.querySelector(".diagram") || last;
    last = before;
    const after = fresh.querySelector(".diagram");
    const open = look.querySelector(".diagram-words")?.open;
    if (before && after) {
      before.querySelector("img").src = after.querySelector("img").src;
      before.querySelector(".diagram-key").replaceWith(after.querySelector(".diagram-key"));
      after.replaceWith(before);
    }
    look.replaceChildren(...fresh.childNodes);
    const words = look.querySelector(".diagram-words");
    if (words && open) words.open = true;
    if (before && after) window.diagrams.draw(before);
  }

  // A finding leads to its line.
  look.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const line = Math.min(Number(link.dataset.line) || 1, lines.length) - 1;
    const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + lines[line].length);
    const height = parseFloat(getComputedStyle(text).lineHeight) || 20;
    text.scrollTop = Math.max(0, (line - 5) * height);
    text.scrollIntoView({block: "nearest"});
  });

  // Tab would leave the text, as on every page; two spaces are typed by hand.
  text.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      editor.querySelector("[value=save]").click();
    }
  });
})();
