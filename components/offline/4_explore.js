/* Two ways to use one map: the story is presented, or somebody explores. A button and E lead from one to the other. */
closingDoor.explore = (() => {
  const { button, element, state, stage, stageMap, keys, records, panel, words } = closingDoor;
  const { dataset } = document.body;
  let now = null; // where the story stands
  let map = null;
  let box = null;
  let field = null;

  function start() {
    words.offline = JSON.parse(document.getElementById("data-offline").textContent);
    Object.assign(words.present.help, words.offline.help);
    stage.onTell((at) => {
      now = at;
      if (isOn()) close(); // the story goes on by itself, as in a kiosk
    });
    stage.tell();
    keys.add("e", "E", "explore", open);
    document.querySelector(".told nav").append(button("plain explore", words.offline.explore, words.offline.explore_label, open));
    addEventListener("keydown", onKey, { capture: true });
  }

  const isOn = () => dataset.mode === "explore";

  function open() {
    stage.close();
    document.querySelector(".scene").inert = false;
    dataset.mode = "explore";
    if (!box) lay();
    panel.draw();
    stageMap.resize();
    if (innerWidth <= 820) showAll();
    map.keyboard.enable();
    box.querySelector(".leave").focus({ preventScroll: true });
  }

  /** Back to the chapter as it was told, or to the note before it. */
  function close() {
    const playing = document.querySelector('.play[data-playing="yes"]');
    if (playing) playing.click();
    map.keyboard.disable();
    dataset.mode = "present";
    stageMap.resize();
    stage.go(now.at, { fly: false, agreed: !now.noting });
    document.querySelector(".told nav .explore").focus({ preventScroll: true });
  }

  /** Made when somebody first wants it, so that the story opens at once. */
  function lay() {
    map = stageMap.leaflet();
    records.read();
    const data = JSON.parse(document.getElementById("data-data").textContent);
    Object.assign(closingDoor.bridge, { rest() {}, showAll, link });
    L.control.zoom({ position: "topleft" }).addTo(map);
    closingDoor.legend.draw(map, data);
    const clock = element("section", "clock");
    closingDoor.clock.draw(clock, data);
    box = element("section", "reading", null, [bar()]);
    box.setAttribute("aria-label", words.offline.label);
    document.querySelector("main").append(clock, box);
    panel.start(box);
  }

  function bar() {
    field = element("input", "find");
    Object.assign(field, { type: "search", placeholder: words.find.hint, maxLength: 200 });
    field.setAttribute("aria-label", words.find.label);
    field.addEventListener("input", () => panel.draw(field.value));
    closingDoor.onChange((changed) => changed.selected && (field.value = ""));
    const leave = button("leave", words.offline.present, null, close);
    const overview = button("choice", words.panel.everything, null, () => {
      field.value = "";
      closingDoor.change({ selected: null });
      panel.reset();
    });
    const sources = button("choice", words.pages.sources, null, () => {
      field.value = "";
      panel.listSources();
    });
    return element("header", "asking", null, [field, leave, overview, sources, element("p", "quiet", words.offline.keys)]);
  }

  function onKey(event) {
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey) return;
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    if (event.key === "Escape") return onEscape(event);
    if (isTyping) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") return stepDate(event);
    const act = { e: close, "/": () => field.focus(), q: () => keys.act("quit") }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** The arrows move the date wherever the focus is, but on the map itself, which they move. */
  function stepDate(event) {
    const slider = document.querySelector(".slider");
    if (event.target === slider || event.target === map.getContainer()) return;
    event.preventDefault();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: event.key }));
  }

  /** Escape takes back the last thing: what was typed, what was chosen, exploring itself. */
  function onEscape(event) {
    event.preventDefault();
    field.blur(); // the next key is a key again, not a letter
    if (field.value) {
      field.value = "";
      panel.draw();
    } else if (state.selected) closingDoor.change({ selected: null });
    else close();
  }

  function showAll() {
    map.fitBounds([[9.3, 96], [49.3, 132]], { animate: false });
  }

  /** Where the live map shows this view; nothing where the page was made without an address. */
  function link() {
    const { lat, lng } = map.getCenter();
    const params = new URLSearchParams({ as_of: state.asOf, ...(state.selected ? { sel: state.selected } : {}) });
    if (state.layers) params.set("layers", state.layers.join(",") || "none");
    params.set("map", `${Math.min(Math.max(map.getZoom(), 3), 7).toFixed(2)}/${lat.toFixed(2)}/${lng.toFixed(2)}`);
    return `${dataset.live}/?${params}`;
  }

  if (dataset.ready === "yes") start(); // a story that could not be opened leaves nothing to explore
  return { open, close };
})();
