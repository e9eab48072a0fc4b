// Diagrams that can be moved and enlarged: every `.diagram[data-diagram]` holds an <img>
// for people without scripts and for print; here its SVG takes the picture's place.
(() => {
  const SAFE = /^(?:\/(?!\/)|#|\?|https?:)/i;
  const READABLE = 1; // a picture of points shown as pixels: its smallest text has 11
  const NEARLY = 0.95;
  const LARGEST = 1.4; // no more when it begins
  const EDGE = 16;
  const MOST = 4;
  const STEP = 60;
  let number = 0;

  const start = () => document.querySelectorAll(".diagram[data-diagram]").forEach(prepare);

  function prepare(box) {
    if (box.diagram) return;
    const state = {box, pan: null, moved: false, url: box.dataset.diagram};
    box.diagram = state;
    state.frame = document.createElement("div");
    state.frame.className = "diagram-frame";
    state.frame.tabIndex = 0;
    state.frame.setAttribute("role", "group");
    state.frame.setAttribute("aria-label", box.dataset.name || "");
    state.bar = toolbar(state);
    state.frame.addEventListener("keydown", (event) => key(state, event));
    state.frame.addEventListener("wheel", (event) => wheel(state, event), {passive: false});
    state.frame.addEventListener("click", (event) => {
      if (state.moved) { event.preventDefault(); event.stopPropagation(); }
    }, true);
    fingers(state);
    box.prepend(state.bar, state.frame);
    if (box.dataset.diagramOn) {
      document.body.addEventListener(box.dataset.diagramOn, () => { if (box.isConnected) draw(state); });
    }
    new ResizeObserver(() => {
      if (!state.frame.clientWidth) return;
      if (state.late) show(state, state.late); else refit(state);
    }).observe(state.frame);
    return draw(state);
  }

  // Fetch and show; a picture that is shown anew stays where it was moved to.
  async function draw(state) {
    const {box} = state;
    try {
      const svg = clean(await source(box));
      box.classList.add("diagram-drawn"); // a frame that is not shown has no size
      box.classList.remove("diagram-failed");
      show(state, svg);
      if (box.isConnected) box.dispatchEvent(new CustomEvent("diagram:drawn", {bubbles: true}));
    } catch {
      if (state.pan) return; // what was drawn before stays
      box.classList.add("diagram-failed");
      const words = box.parentElement.querySelector(".diagram-words");
      if (words) words.open = true;
    }
  }

  // The address of an SVG, or `img`: it stands in the image itself, as a data address.
  async function source(box) {
    if (box.dataset.diagram === "img") {
      const dark = document.documentElement.dataset.bsTheme === "dark" && box.querySelector("source");
      const data = (dark ? dark.srcset : box.querySelector("img").src).split("base64,")[1];
      return new TextDecoder().decode(Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)));
    }
    const asked = new URL(box.dataset.diagram, location.href);
    if (document.documentElement.dataset.bsTheme === "dark") asked.searchParams.set("theme", "dark");
    const answer = await fetch(asked, {headers: {Accept: "image/svg+xml"}});
    const kind = answer.headers.get("Content-Type") || "";
    if (!answer.ok || !kind.startsWith("image/svg")) throw new Error(kind);
    return answer.text();
  }

  // Only shapes, texts and links of our own kind are taken over; ids become unique here.
  function clean(text) {
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (svg.localName !== "svg") throw new Error("no svg");
    svg.querySelectorAll("script, style, foreignObject, iframe, animate, set, use, image").forEach((one) => one.remove());
    const title = svg.querySelector(":scope > title"); // would be a tooltip everywhere
    if (title) {
      svg.setAttribute("aria-label", title.textContent);
      svg.removeAttribute("aria-labelledby");
      title.remove();
    }
    const mark = `d${number += 1}-`;
    for (const one of [svg, ...svg.querySelectorAll("*")]) {
      for (const {name, value} of [...one.attributes]) {
        if (name.startsWith("on") || name === "style") one.removeAttribute(name);
        else if (name.endsWith("href") && !SAFE.test(value)) one.removeAttribute(name);
        else if (name === "id") { one.dataset.name = value; one.id = mark + value; }
        else if (name.startsWith("aria-") && name.endsWith("by")) {
          one.setAttribute(name, value.split(" ").map((id) => mark + id).join(" "));
        }
      }
    }
    return document.importNode(svg, true);
  }

  function show(state, svg) {
    if (!state.frame.clientWidth) { state.late = svg; return; } // shown when it has room
    state.late = null;
    const stays = state.pan && state.touched;
    const before = stays && {pan: state.pan.getPan(), zoom: state.pan.getSizes().realZoom};
    if (state.pan) state.pan.destroy();
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    svg.style.overflow = "hidden"; // svg-pan-zoom would write a style that the policy refuses
    state.frame.replaceChildren(svg);
    state.pan = svgPanZoom(svg, {
      controlIconsEnabled: false, mouseWheelZoomEnabled: false, dblClickZoomEnabled: false,
      preventMouseEventsDefault: false, minZoom: 0.01, maxZoom: 1000, fit: true, center: true,
      customEventsHandler: {haltEventListeners: ["touchstart", "touchend", "touchmove", "touchleave", "touchcancel", "mousedown", "mouseup", "mousemove", "mouseleave"], init: () => {}, destroy: () => {}},
      beforePan: (_, wanted) => within(state, wanted),
    });
    numberChanges(state);
    if (before) { real(state, before.zoom); state.pan.pan(before.pan); } else begin(state);
  }

  // ------------------------------------------------------------- where it begins
  // Whole, if one can read it so; else all that stands out and the customer; else the
  // touchpoint, with as much of what leads there as has room.
  function begin(state) {
    whole(state);
    const fits = state.pan.getSizes().realZoom;
    if (fits >= NEARLY * READABLE) {
      real(state, Math.min(fits, LARGEST));
      state.pan.center();
      return;
    }
    real(state, READABLE);
    const change = state.changes[state.change];
    const lit = all(state, ".lit, .changed");
    const customer = all(state, "[data-name=customer]");
    const every = [...lit, ...customer];
    if (lit.length && !change && enough(state, every)) { settle(state, every); return; }
    const seed = change || named(state, state.box.dataset.focus)
      || all(state, ".lit[data-name^='touchpoint-']")[0] || nearest(state, customer[0])
      || lit[0] || customer[0];
    if (!seed) { state.pan.center(); return; }
    const more = lit.length ? every : [...customer, ...all(state, "[data-name^='touchpoint-']")];
    settle(state, grown(state, seed, change ? lit : more, change ? [] : customer));
  }

  // What has room together with the seed: the customer first, then the nearest.
  function grown(state, seed, others, first) {
    const shown = [seed];
    const far = (one) => Math.hypot(middle(one).x - middle(seed).x, middle(one).y - middle(seed).y);
    const sorted = others.filter((one) => !first.includes(one)).sort((a, b) => far(a) - far(b));
    for (const one of [...first, ...sorted]) {
      if (enough(state, [...shown, one])) shown.push(one);
      else if (!first.includes(one)) break;
    }
    return shown;
  }

  function nearest(state, customer) {
    const touchpoints = all(state, "[data-name^='touchpoint-']");
    if (!customer) return touchpoints[0];
    const far = (one) => Math.abs(middle(one).y - middle(customer).y);
    return touchpoints.sort((a, b) => far(a) - far(b))[0];
  }

  const middle = (box) => ({x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2});
  const around = (boxes) => ({
    left: Math.min(...boxes.map((one) => one.left)), right: Math.max(...boxes.map((one) => one.right)),
    top: Math.min(...boxes.map((one) => one.top)), bottom: Math.max(...boxes.map((one) => one.bottom)),
  });

  function enough(state, boxes) {
    const {width, height, realZoom} = state.pan.getSizes();
    const {left, right, top, bottom} = around(boxes);
    return (right - left) * realZoom <= width - EDGE && (bottom - top) * realZoom <= height - EDGE;
  }

  function all(state, selector) {
    return [...state.frame.querySelectorAll(selector)].map((one) => boxOf(state, one));
  }

  function named(state, name) {
    return name ? all(state, `[data-name="${CSS.escape(name)}"]`)[0] : undefined;
  }

  // Where a thing is in the picture. By matrices: what is on the screen is behind until
  // the next frame. Of an arrow its words count: it may be as long as the picture.
  function boxOf(state, target) {
    const moved = state.frame.querySelector(".svg-pan-zoom_viewport");
    const arrow = target.classList.contains("edge");
    const texts = arrow ? [...target.querySelectorAll("text")] : [];
    const found = (texts.length ? texts : [target]).map((one) => {
      const {x, y, width, height} = one.getBBox();
      const turn = moved.getScreenCTM().inverse().multiply(one.getScreenCTM());
      const from = new DOMPoint(x, y).matrixTransform(turn);
      const to = new DOMPoint(x + width, y + height).matrixTransform(turn);
      return {left: from.x, right: to.x, top: from.y, bottom: to.y};
    });
    const box = around(found);
    if (!arrow || texts.length) return box;
    const {x, y} = middle(box); // an arrow without words
    return {left: x - 10, right: x + 10, top: y - 10, bottom: y + 10};
  }

  // Show these boxes whole, and cut as few others as can be.
  function settle(state, boxes) {
    const {width, height, realZoom, viewBox} = state.pan.getSizes();
    const need = around(boxes);
    const every = all(state, ".node");
    const x0 = opening(need.left, need.right, width / realZoom, viewBox.x, viewBox.width, []);
    const beside = every.filter((one) => one.right > x0 && one.left < x0 + width / realZoom)
      .map((one) => [one.top, one.bottom]);
    const y = opening(need.top, need.bottom, height / realZoom, viewBox.y, viewBox.height, beside);
    const level = every.filter((one) => one.bottom > y && one.top < y + height / realZoom)
      .map((one) => [one.left, one.right]);
    const x = opening(need.left, need.right, width / realZoom, viewBox.x, viewBox.width, level);
    state.pan.pan({x: -x * realZoom, y: -y * realZoom});
  }

  // In one direction: where a window of this room begins that shows `from` to `to`, cuts
  // few of the others and little of which is empty.
  function opening(from, to, room, start, size, others) {
    if (size <= room) return start - (room - size) / 2;
    const [least, most] = [Math.min(to + EDGE / 2 - room, from - EDGE / 2), Math.max(to + EDGE / 2 - room, from - EDGE / 2)];
    const kept = (at) => Math.min(Math.max(at, least), most);
    const wanted = kept(Math.min(Math.max((from + to - room) / 2, start), start + size - room));
    const edges = others.flatMap(([low, high]) => [low - 6, high + 6, low - 6 - room, high + 6 - room]);
    const cost = (at) => others.filter(([low, high]) => [at, at + room].some((edge) => low < edge && edge < high)).length
      + Math.abs(at - wanted) / room
      + 4 * (Math.max(0, start - at) + Math.max(0, at + room - start - size)) / room;
    const possible = [wanted, ...edges.filter((at) => at >= least && at <= most)];
    return possible.map((at) => [cost(at), at]).reduce((best, one) => (one[0] < best[0] ? one : best))[1];
  }

  // ------------------------------------------------------------- what changed
  // From where the chain begins to the customer.
  function numberChanges(state) {
    const found = all(state, ".changed");
    state.changes = found.sort((a, b) => a.left - b.left || a.top - b.top);
    state.change = Math.min(state.change ?? 0, Math.max(found.length - 1, 0));
    state.bar.querySelector(".diagram-changes").hidden = !found.length;
    tellChange(state);
  }

  function go(state, by) {
    if (!state.pan || !state.changes?.length) return;
    state.touched = true;
    state.change = (state.change + by + state.changes.length) % state.changes.length;
    if (state.pan.getSizes().realZoom < NEARLY * READABLE) real(state, READABLE);
    settle(state, [state.changes[state.change]]);
    tellChange(state);
  }

  // Say which one it is, and frame it.
  function tellChange(state) {
    state.frame.querySelector(".diagram-here")?.remove();
    const one = state.changes[state.change];
    const said = state.bar.querySelector(".diagram-place");
    const words = state.box.dataset.sayPlace || "{n} / {all}";
    said.textContent = one ? words.replace("{n}", state.change + 1).replace("{all}", state.changes.length) : "";
    if (!one) return;
    const frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const sizes = {x: one.left - 5, y: one.top - 5, width: one.right - one.left + 10, height: one.bottom - one.top + 10, rx: 8};
    for (const [name, value] of Object.entries(sizes)) frame.setAttribute(name, value);
    frame.setAttribute("class", "diagram-here");
    state.frame.querySelector(".svg-pan-zoom_viewport").append(frame);
  }

  function find(state, name) {
    const target = state.pan && named(state, name);
    if (!target) return false;
    state.touched = true;
    if (state.pan.getSizes().realZoom < NEARLY * READABLE) real(state, READABLE);
    settle(state, [target]);
    return true;
  }

  // A part of the picture always stays in sight.
  function within(state, wanted) {
    if (!state.pan) return wanted;
    const {width, height, realZoom, viewBox} = state.pan.getSizes();
    const kept = 80;
    const limit = (value, least, most) => Math.min(Math.max(value, Math.min(least, most)), Math.max(least, most));
    return {
      x: limit(wanted.x, kept - (viewBox.x + viewBox.width) * realZoom, width - kept - viewBox.x * realZoom),
      y: limit(wanted.y, kept - (viewBox.y + viewBox.height) * realZoom, height - kept - viewBox.y * realZoom),
    };
  }

  function whole(state) {
    if (!state.pan) return;
    state.pan.resize();
    state.pan.fit();
    state.pan.center();
  }

  function real(state, scale) {
    const {realZoom} = state.pan.getSizes();
    state.pan.zoomBy(scale / realZoom);
  }

  function zoom(state, factor, point) {
    if (!state.pan) return;
    state.touched = true;
    const {realZoom, width, height, viewBox} = state.pan.getSizes();
    const least = Math.min(width / viewBox.width, height / viewBox.height, READABLE);
    const next = Math.min(Math.max(realZoom * factor, least / 2), MOST);
    if (point) state.pan.zoomAtPointBy(next / realZoom, point); else state.pan.zoomBy(next / realZoom);
  }

  function refit(state) {
    if (!state.pan) return;
    if (!state.touched) { begin(state); return; }
    const {realZoom} = state.pan.getSizes();
    const at = state.pan.getPan();
    state.pan.resize();
    real(state, realZoom);
    state.pan.pan(at);
  }

  function large(state, on = !state.box.classList.contains("diagram-large")) {
    state.box.classList.toggle("diagram-large", on);
    document.documentElement.classList.toggle("diagram-covers", on);
    const button = state.bar.querySelector("[data-does=large]");
    button.setAttribute("aria-pressed", String(on));
    refit(state);
    state.frame.focus({preventScroll: true});
  }

  const ACTS = {
    in: (state) => zoom(state, 1.3),
    out: (state) => zoom(state, 1 / 1.3),
    whole: (state) => { state.touched = true; whole(state); },
    read: (state) => { if (state.pan) { state.touched = true; state.pan.resize(); real(state, READABLE); } },
    large: (state) => large(state),
  };
  const SIGNS = {in: "+", out: "−", whole: "⤢", read: "1:1", large: "□", back: "←", next: "→"};
  const KEYS = {back: "P", next: "N"};

  // A strip above the picture: it never lies over it.
  function toolbar(state) {
    const bar = document.createElement("div");
    bar.className = "diagram-bar";
    const place = document.createElement("span");
    place.className = "diagram-place";
    place.setAttribute("role", "status");
    const changes = group(state, "diagram-changes", "changes", {back: () => go(state, -1), next: () => go(state, 1)});
    changes.insertBefore(place, changes.lastChild);
    changes.hidden = true;
    bar.append(changes, group(state, "diagram-tools btn-group", "tools", ACTS));
    return bar;
  }

  const saying = (state, does) => state.box.dataset[`say${does[0].toUpperCase()}${does.slice(1)}`];

  function group(state, className, name, acts) {
    const made = document.createElement("div");
    made.className = className;
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", saying(state, name) || "");
    for (const [does, act] of Object.entries(acts)) {
      const label = saying(state, does) || SIGNS[does];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-secondary";
      button.dataset.does = does;
      button.title = label;
      button.setAttribute("aria-label", label);
      if (does === "large") button.setAttribute("aria-pressed", "false");
      if (KEYS[does]) button.setAttribute("aria-keyshortcuts", KEYS[does]);
      button.textContent = SIGNS[does];
      button.addEventListener("click", () => act(state));
      made.append(button);
    }
    return made;
  }

  function key(state, event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.pan) return;
    const move = {ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP]}[event.key];
    if (move) { state.touched = true; state.pan.panBy({x: move[0], y: move[1]}); }
    else if (event.code === "KeyN" && state.changes.length) go(state, 1);
    else if (event.code === "KeyP" && state.changes.length) go(state, -1);
    else if (event.key === "+" || event.key === "=") ACTS.in(state);
    else if (event.key === "-" || event.key === "_") ACTS.out(state);
    else if (event.key === "0") ACTS.whole(state);
    else if (event.key === "1") ACTS.read(state);
    else if (event.key === "Escape" && state.box.classList.contains("diagram-large")) large(state, false);
    else return;
    event.preventDefault();
  }

  // The wheel scrolls the page, unless Ctrl is held or the picture covers the window.
  function wheel(state, event) {
    if (!state.pan || !(event.ctrlKey || event.metaKey || state.box.classList.contains("diagram-large"))) return;
    event.preventDefault();
    zoom(state, Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) / 300), inside(state, event));
  }

  function inside(state, {clientX, clientY}) {
    const frame = state.frame.getBoundingClientRect();
    return {x: clientX - frame.left, y: clientY - frame.top};
  }

  // One finger or the mouse moves, two fingers enlarge.
  function fingers(state) {
    const {frame} = state;
    const down = new Map();
    frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button !== 0) return;
      down.set(event.pointerId, event);
      state.moved = false;
      state.travelled = 0;
    });
    frame.addEventListener("pointermove", (event) => {
      const last = down.get(event.pointerId);
      if (!last || !state.pan) return;
      const other = [...down.entries()].find(([id]) => id !== event.pointerId)?.[1];
      if (other) pinch(state, last, event, other); else drag(state, last, event);
      down.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      frame.addEventListener(name, (event) => {
        down.delete(event.pointerId);
        if (!down.size) frame.classList.remove("diagram-moving");
      });
    }
    frame.addEventListener("dragstart", (event) => event.preventDefault());
  }

  function drag(state, last, event) {
    const x = event.clientX - last.clientX;
    const y = event.clientY - last.clientY;
    state.travelled += Math.abs(x) + Math.abs(y);
    if (state.travelled > 6 && !state.moved) {
      state.moved = state.touched = true;
      state.frame.classList.add("diagram-moving");
      state.frame.setPointerCapture(event.pointerId);
    }
    state.pan.panBy({x, y});
  }

  function pinch(state, last, event, other) {
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    const middle = {clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2};
    state.moved = true;
    zoom(state, apart(event) / apart(last), inside(state, middle));
    state.pan.panBy({x: (event.clientX - last.clientX) / 2, y: (event.clientY - last.clientY) / 2});
  }

  // What is put into the page later, or gets another address, is shown, too.
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") {
        const state = change.target.diagram;
        if (state && state.url !== change.target.dataset.diagram) {
          state.url = change.target.dataset.diagram;
          state.touched = false; // another picture begins anew
          draw(state);
        }
      } else if (change.addedNodes.length) start();
    }
  }).observe(document.documentElement, {childList: true, subtree: true, attributeFilter: ["data-diagram"]});
  start();

  // For other scripts of ours: bring a thing of the picture into sight.
  window.diagrams = {
    find(box, name) {
      return box.diagram ? find(box.diagram, name) : false;
    },
    draw(box) { return box.diagram ? draw(box.diagram) : prepare(box); },
  };
})();
