// Filing: help while somebody types; everything works without it.
(() => {
  const later = (ms, act) => { let waiting; return () => { clearTimeout(waiting); waiting = setTimeout(act, ms); }; };
  const form = document.querySelector("form[data-filing]");

  // Files too many or too large are told before they are sent.
  const files = document.getElementById("files");
  if (files) files.addEventListener("change", () => {
    const told = document.getElementById("files-wrong");
    const large = [...files.files].filter((one) => one.size > Number(files.dataset.largest));
    const many = files.files.length > Number(files.dataset.most);
    const wrong = many ? told.dataset.many : large.length ? `${told.dataset.large} ${large[0].name}` : "";
    files.setCustomValidity(wrong);
    told.textContent = wrong;
    told.classList.toggle("d-block", Boolean(wrong));
    files.classList.toggle("is-invalid", Boolean(wrong));
  });

  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = button.dataset.copied; });
  });
  if (!form) return;

  const chosen = () => form.querySelector("[name=where]:checked")?.value ?? "";
  let newest = 0;
  const replace = async (id, address, options) => {
    const mine = ++newest;
    const answer = await fetch(address, options).catch(() => null);
    if (!answer?.ok || (id === "places" && mine !== newest)) return;
    const there = document.getElementById(id);
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (there && made) there.replaceWith(made);
  };

  // Like complaints, while the words are written and when a place is chosen.
  const look = later(700, () => {
    const text = form.elements.text.value;
    if (text.trim().length < 8 && !chosen()) return;
    replace("like", "/file/like", {method: "POST", body: new URLSearchParams({text, where: chosen()})});
  });
  form.elements.text.addEventListener("input", look);
  form.addEventListener("change", (event) => { if (event.target.name === "where") look(); });

  // Places, while their search is typed.
  const find = document.getElementById("find");
  const search = () => replace("places", `/file/places?${new URLSearchParams({find: find.value, where: chosen()})}`);
  find.addEventListener("input", later(250, search));
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });

  // The picture of a chain, fetched when it is asked for; its links choose.
  const chain = document.getElementById("chain");
  const box = chain?.querySelector(".diagram");
  const show = (button) => {
    chain.querySelector(".chain").hidden = true;
    chain.hidden = box.hidden = false;
    box.dataset.diagram = `/file/picture?${new URLSearchParams({map: button.value})}`;
    if (!box.diagram) window.diagrams.draw(box);
    form.querySelectorAll("button[name=picture]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  };
  form.querySelectorAll("button[name=picture]").forEach((button) => {
    button.addEventListener("click", (event) => { event.preventDefault(); show(button); });
    if (button.getAttribute("aria-pressed") === "true") show(button);
  });
  if (chain) chain.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    const id = decodeURIComponent((link?.getAttribute("href") ?? link?.getAttribute("xlink:href") ?? "").slice(1));
    if (!id) return;
    event.preventDefault();
    if (!document.getElementById(id)) { find.value = ""; await replace("places", `/file/places?${new URLSearchParams({find: "", where: chosen()})}`); }
    const place = document.getElementById(id);
    if (!place) return;
    place.closest("details").open = true;
    form.querySelectorAll(".picked").forEach((one) => one.classList.remove("picked"));
    place.classList.add("picked");
    const choices = place.querySelectorAll("input[type=radio]");
    // A place with one promise is chosen with it; among several somebody decides.
    const first = choices.length === 2 ? choices[0] : choices[choices.length - 1];
    first.checked = true;
    first.dispatchEvent(new Event("change", {bubbles: true}));
    first.focus({preventScroll: true});
    place.scrollIntoView({block: "center"});
  });
})();
