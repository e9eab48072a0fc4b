// The page of a case: what is new appears by itself, without touching what is typed;
// names are offered after @; the whole case is printed.
(() => {
  const root = document.querySelector(".case[data-case]");
  if (!root) return;

  // ---------------------------------------------------------------- what is new
  const dirty = (part) => [...part.querySelectorAll("textarea, input:not([type=hidden]), select")].some((field) => {
    if (field === document.activeElement) return true;
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  });
  const opened = (part) => new Set([...part.querySelectorAll("details[open]")].map(nameOf));
  const nameOf = (details) => {
    const holder = details.closest("[id]");
    const place = holder ? [...holder.querySelectorAll("details")].indexOf(details) : 0;
    return `${holder ? holder.id : ""}/${place}`;
  };
  const put = (part, fresh) => {
    const open = opened(part);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll("details").forEach((one) => { if (open.has(nameOf(one))) one.open = true; });
    if (focused) document.getElementById(focused)?.focus({preventScroll: true});
    delete part.dataset.old;
  };
  const offer = (part, fresh) => {
    part.querySelector(":scope > .changed")?.remove();
    const note = document.createElement("p");
    note.className = "changed alert alert-info";
    note.setAttribute("role", "status");
    const show = document.createElement("button");
    show.type = "button";
    show.className = "btn btn-sm btn-outline-secondary ms-2";
    show.textContent = root.dataset.show;
    show.addEventListener("click", () => put(part, fresh));
    note.append(root.dataset.changed, show);
    part.prepend(note);
  };
  const shownAs = new Map();
  document.querySelectorAll("[data-live]").forEach((part) => shownAs.set(part.id, part.innerHTML));
  const refresh = async () => {
    const answer = await fetch(root.dataset.page ?? `/cases/${root.dataset.case}`, {headers: {Accept: "text/html"}});
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-live]").forEach((part) => {
      const other = fresh.getElementById(part.id);
      if (!other || other.innerHTML === shownAs.get(part.id)) return;
      shownAs.set(part.id, other.innerHTML);
      const copy = document.importNode(other, true);
      if (dirty(part)) offer(part, copy); else put(part, copy);
    });
    document.body.dispatchEvent(new CustomEvent("case-shown"));
  };
  let waiting = 0, busy = false, again = false;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (busy) { again = true; return; }
      busy = true;
      try { await refresh(); } catch { /* away for a moment: the next news tries again */ } finally {
        busy = false;
        if (again) { again = false; soon(); }
      }
    }, 300);
  };
  document.body.addEventListener("case", soon);
  // What changed while the line was down, or before it was up, is looked up.
  let connected = false;
  document.body.addEventListener("htmx:sse:after:connection", () => {
    if (connected || performance.now() > 3000) soon();
    connected = true;
  });

  // ---------------------------------------------------------------- talk about this
  const about = document.getElementById("say-about");
  const text = document.getElementById("say-text");
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-about]");
    if (!link || !about || !text) return;
    event.preventDefault();
    if (![...about.options].some((one) => one.value === link.dataset.about)) {
      location.assign(link.href);
      return;
    }
    about.value = link.dataset.about;
    text.scrollIntoView({block: "center"});
    text.focus({preventScroll: true});
  });

  // ---------------------------------------------------------------- names after @
  const people = document.querySelector("[data-people]");
  if (text && people) {
    const known = [...people.options].filter((one) => one.dataset.written)
      .map((one) => ({written: one.dataset.written, name: one.textContent.trim()}));
    let list = null, chosen = 0, offered = [];
    const close = () => {
      list?.remove(); list = null; offered = [];
      text.removeAttribute("aria-controls");
      text.removeAttribute("aria-activedescendant");
    };
    const begun = () => /(^|[\s(])@([^\s@]*)$/.exec(text.value.slice(0, text.selectionStart));
    const take = (one) => {
      const match = begun();
      if (!match) return close();
      const start = text.selectionStart - match[2].length;
      text.setRangeText(`${one.written} `, start, text.selectionStart, "end");
      close();
      text.focus();
    };
    const mark = (place) => {
      chosen = (place + offered.length) % offered.length;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === chosen)));
      list.children[chosen].scrollIntoView({block: "nearest"});
      text.setAttribute("aria-activedescendant", list.children[chosen].id);
    };
    const suggest = () => {
      const match = begun();
      const wanted = match ? match[2].toLocaleLowerCase() : null;
      offered = match ? known.filter((one) => `${one.written} ${one.name}`.toLocaleLowerCase().includes(wanted)).slice(0, 8) : [];
      if (!offered.length) return close();
      if (!list) {
        list = document.createElement("ul");
        list.className = "names";
        list.id = "say-names";
        list.setAttribute("role", "listbox");
        text.after(list);
      }
      list.replaceChildren(...offered.map((one, n) => {
        const item = document.createElement("li");
        item.id = `say-name-${n}`;
        item.setAttribute("role", "option");
        item.textContent = `@${one.written} – ${one.name}`;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
        return item;
      }));
      text.setAttribute("aria-controls", list.id);
      mark(0);
    };
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("input", suggest);
    text.addEventListener("blur", close);
    text.addEventListener("keydown", (event) => {
      if (!list) return;
      const moves = {ArrowDown: 1, ArrowUp: -1};
      if (event.key in moves) { event.preventDefault(); mark(chosen + moves[event.key]); }
      else if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); take(offered[chosen]); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
    });
  }

  // What was typed survives an ended session and a reload; it is forgotten once said.
  const form = document.getElementById("say");
  if (text && form) {
    const key = `say:${root.dataset.case}`;
    if (!text.value && !location.hash.startsWith("#entry-")) text.value = sessionStorage.getItem(key) ?? "";
    if (location.hash.startsWith("#entry-")) sessionStorage.removeItem(key);
    text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
  }

  // ---------------------------------------------------------------- print
  const button = document.querySelector("[data-print]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll(".case details:not(.act):not([open])")];
    shut.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => { shut.forEach((one) => { one.open = false; }); shut = []; });
})();
