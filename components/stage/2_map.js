/* The stage's map: drawn by the frame's own scripts, magnified so that it can be read from the back of a room. */
closingDoor.stageMap = (() => {
  const { state, words, data: source } = closingDoor;
  const MAGNIFIED = 1.7; // at 1920x1080
  const FLIGHT_S = 1.8;
  const CLOSER = 1.7;
  const HOME = [[9.3, 96], [49.3, 132]];
  const CLOSEST = 7; // the map is schematic: nobody comes nearer
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let map;
  let clear;
  let shown = null; // the chapter on the map
  let showing = false;
  let onAstray = () => {};
  let astray = false;

  closingDoor.bridge = { load: source.map }; // instead of the frame's bridge to Python

  /** Draw the map once, in the room that is left for it and where the first chapter wants it. */
  async function start(box, clearPixels, first, { strayed, worded }) {
    clear = clearPixels;
    onAstray = strayed;
    const drawn = await source.map("data");
    Object.assign(words, drawn.words);
    closingDoor.stances = drawn.stances;
    worded(); // what stands under the map is there before the map is measured
    L.Browser.retina = true; // a canvas that is magnified needs twice the pixels
    const frame = closingDoor.element("div", "magnified");
    const home = closingDoor.element("div");
    home.id = "map_div";
    frame.append(home);
    box.append(frame);
    magnify();
    map = L.map(home, {
      zoomSnap: 0, wheelPxPerZoomLevel: 120, minZoom: 2, maxZoom: CLOSEST, zoomControl: false, attributionControl: false,
      keyboard: false, maxBounds: [[-12, 60], [62, 165]], maxBoundsViscosity: 0.8,
    });
    document.body.dataset.still = "yes";
    place(first, false);
    home.setAttribute("aria-label", words.map.name);
    state.asOf = first.as_of;
    closingDoor.features.draw(map, drawn);
    closingDoor.basemap.draw(map, await source.map("basemap"));
    map.on("dragstart popupopen dblclick", stray);
    home.addEventListener("wheel", stray, { passive: true });
    map.on("movestart", () => (document.body.dataset.still = "no"));
    map.on("moveend", () => (document.body.dataset.still = "yes"));
    closingDoor.onChange(stray);
    new ResizeObserver(resize).observe(box);
    return drawn;
  }

  /** Whether somebody looks round on the map by themselves, nearby: only the offline page offers that here. */
  const isExplored = () => document.body.dataset.mode === "explore";

  function stray() {
    if (showing || astray || isExplored()) return;
    astray = true;
    onAstray(true);
  }

  function magnify() {
    const scale = isExplored() ? 1 : Math.max(1, MAGNIFIED * Math.min(window.innerWidth / 1920, window.innerHeight / 1080));
    document.documentElement.style.setProperty("--magnified", scale.toFixed(3));
  }

  function resize() {
    magnify();
    map.invalidateSize({ animate: false });
    if (shown && !astray && !isExplored()) place(shown, false);
  }

  /** Show all that a chapter's view holds: date, layers, selection, place; nothing of what was clicked remains. */
  function show(chapter, { fly = true } = {}) {
    showing = true;
    shown = chapter;
    closingDoor.change({ asOf: chapter.as_of, layers: chapter.layers, selected: chapter.sel });
    map.closePopup(); // a selection of the chapter's is marked; its popup opens on a click
    place(chapter, fly);
    showing = false;
    astray = false;
    onAstray(false);
  }

  function place(chapter, fly) {
    const { at, zoom } = chapter.place ? target(chapter.place) : whole();
    if (isPlaced() && isThere(at, zoom)) return;
    if (fly && !still.matches) map.flyTo(at, zoom, { duration: FLIGHT_S });
    else map.setView(at, zoom, { animate: false });
  }

  /** A chapter's zoom is meant for a stage of 1920x1080; any other shows the same part of the world. */
  function target([lat, lon, zoom]) {
    const { x, y } = map.getSize();
    return { at: L.latLng(lat, lon), zoom: Math.min(CLOSEST, zoom + Math.log2(Math.min(x / clear[0], y / clear[1]))) };
  }

  function whole() {
    const bounds = L.latLngBounds(HOME);
    return { at: bounds.getCenter(), zoom: map.getBoundsZoom(bounds) };
  }

  const isPlaced = () => map.getZoom() !== undefined;

  function isThere(at, zoom) {
    return map.getCenter().distanceTo(at) < 100 && Math.abs(map.getZoom() - zoom) < 0.001;
  }

  /** A still picture of the map on another day, so many pixels wide and high, round some features and closer to them. */
  function pictureOf(day, ids, width, height) {
    const before = state.asOf;
    showing = true;
    closingDoor.change({ asOf: day });
    const picture = copyOf(map.getContainer());
    closingDoor.change({ asOf: before });
    showing = false;
    const middle = middleOf(ids);
    picture.style.transformOrigin = `${middle.x}px ${middle.y}px`;
    picture.style.transform = `translate(${width / 2 - middle.x}px, ${height / 2 - middle.y}px) scale(${CLOSER})`;
    return picture;
  }

  /** A copy of an element that shows as it does now and answers to nothing. */
  function copyOf(original) {
    const copy = original.cloneNode(true);
    const canvases = original.querySelectorAll("canvas");
    copy.querySelectorAll("canvas").forEach((canvas, i) => canvas.getContext("2d").drawImage(canvases[i], 0, 0));
    for (const part of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of ["id", "data-feature-id", "data-country", "tabindex", "role", "aria-label"]) part.removeAttribute(name);
    }
    copy.querySelectorAll(".leaflet-popup-pane, .leaflet-tooltip-pane, .leaflet-names-pane").forEach((pane) => pane.remove());
    const { x, y } = map.getSize();
    Object.assign(copy.style, { width: `${x}px`, height: `${y}px` });
    copy.inert = true;
    copy.setAttribute("aria-hidden", "true");
    return copy;
  }

  function middleOf(ids) {
    const edge = map.getContainer().getBoundingClientRect();
    const scale = edge.width / map.getSize().x;
    const boxes = ids
      .map((id) => document.querySelector(`path[data-feature-id="${id}"]`))
      .filter((path) => path && path.matches(".segment, .band"))
      .map((path) => path.getBoundingClientRect());
    if (!boxes.length) return map.getSize().divideBy(2);
    const sides = (side, pick) => pick(...boxes.map((box) => box[side]));
    const x = (sides("left", Math.min) + sides("right", Math.max)) / 2 - edge.left;
    const y = (sides("top", Math.min) + sides("bottom", Math.max)) / 2 - edge.top;
    return L.point(x / scale, y / scale);
  }

  /** The stances that something on the map has now. */
  function stancesDrawn() {
    const paths = [...document.querySelectorAll("#map_div path.feature[data-stance]")];
    return new Set(paths.filter((path) => !path.matches(".context, .place")).map((path) => path.dataset.stance));
  }

  const settled = () => new Promise((done) => (document.body.dataset.still === "yes" ? done() : map.once("moveend", done)));

  return { start, show, resize, pictureOf, stancesDrawn, settled, leaflet: () => map };
})();
