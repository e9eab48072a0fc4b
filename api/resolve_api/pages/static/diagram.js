// Diagrams that can be moved and enlarged: every `.diagram[data-diagram]` holds an <img>
// for people without scripts and for print; here its SVG takes the picture's place.
(() => {
  const SAFE = /^(?:\/(?!\/)|#|\?|https?:)/i;
  const READABLE = 1; // a picture of points shown as pixels: its smallest text has 11
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
    box.append(state.bar, state.frame);
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
    const before = state.pan && {pan: state.pan.getPan(), zoom: state.pan.getSizes().realZoom};
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
    if (before) { real(state, before.zoom); state.pan.pan(before.pan); } else begin(state);
  }

  // Begin where one can read: whole if that is large enough, else at what is in focus,
  // else at the customer's end.
  function begin(state) {
    const {realZoom} = state.pan.getSizes();
    if (realZoom >= 0.7 * READABLE) return;
    real(state, READABLE);
    const wanted = state.box.dataset.focus;
    const target = (wanted && state.frame.querySelector(`[data-name="${CSS.escape(wanted)}"]`))
      || state.frame.querySelector("[data-name^='touchpoint-']");
    if (target) centre(state, target); else corner(state);
  }

  function corner(state) {
    const {width, height, realZoom, viewBox} = state.pan.getSizes();
    const tall = viewBox.height * realZoom;
    const wide = viewBox.width * realZoom;
    const x = wide < width ? (width - wide) / 2 : 0;
    state.pan.pan({x: x - viewBox.x * realZoom, y: Math.max(0, (height - tall) / 2) - viewBox.y * realZoom});
  }

  // By matrices: what is on the screen is behind until the next frame.
  function centre(state, target) {
    const moved = state.frame.querySelector(".svg-pan-zoom_viewport");
    const {x, y, width, height} = target.getBBox();
    const point = new DOMPoint(x + width / 2, y + height / 2)
      .matrixTransform(moved.getScreenCTM().inverse().multiply(target.getScreenCTM()));
    const {width: wide, height: high, realZoom} = state.pan.getSizes();
    const {viewBox} = state.pan.getSizes();
    state.pan.pan({
      x: filled(wide / 2 - point.x * realZoom, viewBox.x * realZoom, viewBox.width * realZoom, wide),
      y: filled(high / 2 - point.y * realZoom, viewBox.y * realZoom, viewBox.height * realZoom, high),
    });
  }

  // Nothing empty is shown beside the picture where there is more of it to see.
  function filled(at, start, size, room) {
    if (size <= room) return (room - size) / 2 - start;
    return Math.min(Math.max(at, room - start - size), -start);
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
    const {realZoom, width, height, viewBox} = state.pan.getSizes();
    const least = Math.min(width / viewBox.width, height / viewBox.height, READABLE);
    const next = Math.min(Math.max(realZoom * factor, least / 2), MOST);
    if (point) state.pan.zoomAtPointBy(next / realZoom, point); else state.pan.zoomBy(next / realZoom);
  }

  function refit(state) {
    if (!state.pan) return;
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
    whole,
    read: (state) => { if (state.pan) { state.pan.resize(); real(state, READABLE); } },
    large: (state) => large(state),
  };
  const SIGNS = {in: "+", out: "−", whole: "⤢", read: "1:1", large: "□"};

  function toolbar(state) {
    const bar = document.createElement("div");
    bar.className = "diagram-bar btn-group";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", state.box.dataset.sayTools || "");
    for (const [does, act] of Object.entries(ACTS)) {
      const label = state.box.dataset[`say${does[0].toUpperCase()}${does.slice(1)}`] || SIGNS[does];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-secondary";
      button.dataset.does = does;
      button.title = label;
      button.setAttribute("aria-label", label);
      if (does === "large") button.setAttribute("aria-pressed", "false");
      button.textContent = SIGNS[does];
      button.addEventListener("click", () => act(state));
      bar.append(button);
    }
    return bar;
  }

  function key(state, event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.pan) return;
    const move = {ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP]}[event.key];
    if (move) state.pan.panBy({x: move[0], y: move[1]});
    else if (event.key === "+" || event.key === "=") ACTS.in(state);
    else if (event.key === "-" || event.key === "_") ACTS.out(state);
    else if (event.key === "0") whole(state);
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
      state.moved = true;
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
          draw(state);
        }
      } else if (change.addedNodes.length) start();
    }
  }).observe(document.documentElement, {childList: true, subtree: true, attributeFilter: ["data-diagram"]});
  start();

  // For other scripts of ours: bring a thing of the picture into sight.
  window.diagrams = {
    find(box, name) {
      const state = box.diagram;
      const target = state?.pan && state.frame.querySelector(`[data-name="${CSS.escape(name)}"]`);
      if (!target) return false;
      if (state.pan.getSizes().realZoom < 0.7 * READABLE) real(state, READABLE);
      centre(state, target);
      return true;
    },
    draw(box) { return box.diagram ? draw(box.diagram) : prepare(box); },
  };
})();
