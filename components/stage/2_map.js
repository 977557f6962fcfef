/* The stage's map: drawn by the frame's own scripts, magnified so that it can be read from the back of a room. */
closingDoor.stageMap = (() => {
  const { state, words, data: source } = closingDoor;
  const MAGNIFIED = 1.7; // at 1920x1080
  const FLIGHT_S = 1.8;
  const HOME = [[9.3, 96], [49.3, 132]];
  const CLOSEST = 7; // the map is schematic: nobody comes nearer
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let map;
  let clear;
  let shown = null; // the chapter on the map
  let showing = false;
  let onAstray = () => {};
  let onMoved = () => {};
  let astray = false;
  let land; // the basemap's data

  closingDoor.bridge = { load: source.map }; // instead of the frame's bridge to Python

  /** Draw the map once, in the room that is left for it and where the first chapter wants it. */
  async function start(box, clearPixels, first, { strayed, moved, worded }) {
    clear = clearPixels;
    [onAstray, onMoved] = [strayed, moved];
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
    land = await source.map("basemap");
    closingDoor.basemap.draw(map, land);
    map.on("dragstart popupopen dblclick", stray);
    home.addEventListener("wheel", stray, { passive: true });
    map.on("movestart", () => (document.body.dataset.still = "no"));
    map.on("moveend", () => (document.body.dataset.still = "yes"));
    map.on("moveend", () => astray && onMoved());
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
    if (shown) onMoved();
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
    const { at, zoom } = aim(chapter);
    if (isPlaced() && isThere(at, zoom)) return;
    if (fly && !still.matches) map.flyTo(at, zoom, { duration: FLIGHT_S });
    else map.setView(at, zoom, { animate: false });
  }

  const aim = (chapter) => (chapter.place ? target(chapter.place) : whole());

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

  /** The map as it was on a day, closer to where some features lie: a map of its own in an element, that answers nobody. */
  function picture(into, day, ids) {
    const small = L.map(into, {
      zoomSnap: 0, zoomControl: false, attributionControl: false, keyboard: false, dragging: false, scrollWheelZoom: false,
      doubleClickZoom: false, boxZoom: false, touchZoom: false, zoomAnimation: false, fadeAnimation: false,
    });
    const changed = closingDoor.features.boundsOf(ids);
    small.fitBounds(changed.isValid() ? changed.pad(0.12) : HOME, { animate: false, maxZoom: CLOSEST });
    closingDoor.features.still(small, day);
    closingDoor.basemap.ground(small, land);
    return small;
  }

  /** What is seen of the features: where the map is, or, while it flies to the chapter, where it will be. */
  function seen() {
    if (astray || !shown) return closingDoor.features.seen();
    const { at, zoom } = aim(shown);
    return closingDoor.features.seen(at, zoom);
  }

  return { start, show, resize, picture, seen, leaflet: () => map };
})();
