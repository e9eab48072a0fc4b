// The inbox by keyboard, and fresh while nobody is choosing.
(() => {
  const links = () => [...document.querySelectorAll("[data-row]")];
  const list = () => document.getElementById("tasks");
  const showKeys = () => document.querySelectorAll(".keys").forEach((one) => { one.hidden = false; });
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const move = (by) => {
    const rows = links();
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    row.focus();
    row.closest("li").scrollIntoView({block: "nearest"});
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const inside = event.target.closest(".task");
    if (event.key === "j" || (event.key === "ArrowDown" && inside)) move(1);
    else if (event.key === "k" || (event.key === "ArrowUp" && inside)) move(-1);
    else if (event.key === "x" && inside) {
      const box = inside.querySelector("input[type=checkbox]");
      if (box) box.click(); // tells that something changed, too
    } else return;
    event.preventDefault();
  });

  // News waits until nothing is chosen: a refreshed list must not take it away.
  let waiting = false;
  const refresh = () => {
    const here = list();
    if (!here) return;
    waiting = Boolean(here.querySelector("input:checked"));
    if (!waiting) here.dispatchEvent(new CustomEvent("refresh"));
  };
  document.body.addEventListener("news", refresh);
  // What changed before the page was told what is new, or while it was not, is looked up.
  let connected = false;
  document.body.addEventListener("htmx:sse:after:connection", () => {
    if (connected || performance.now() > 2000) refresh();
    connected = true;
  });
  document.addEventListener("change", () => { if (waiting) refresh(); });
  document.addEventListener("htmx:after:swap", showKeys);
  showKeys();
})();
