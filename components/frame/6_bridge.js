/* Between the frame and Python: one small state in each direction, in the grammar of docs/links.md. */
closingDoor.bridge = (() => {
  const { state } = closingDoor;
  const REST_MS = 300;
  let map;
  let sequence = 0;
  let resting = null;
  let receiving = false;
  let waiting = null; // a state that came before the map was ready
  let ready = false;
  let home;
  let placed = false; // a link or the reader has put the map somewhere
  let place = []; // zoom, lat, lon as Python has them
  let folder;
  let version;

  /** Map data by name; its address changes with its content, so a browser fetches it once. */
  async function load(name) {
    const response = await fetch(`${folder}/${name}.json?v=${version}`);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.json();
  }

  async function start(intoMap, dataFolder, dataVersion, failedText) {
    map = intoMap;
    folder = dataFolder;
    document.body.dataset.folder = folder;
    version = dataVersion;
    map.attributionControl.setPrefix(false);
    home = L.latLngBounds([9.3, 96], [49.3, 132]);
    fitAll();
    map.on("resize", () => placed || fitAll());
    const fit = new ResizeObserver(() => map.invalidateSize({ animate: false })); // the clock takes its share late
    fit.observe(map.getContainer());
    for (const kind of ["pointerdown", "wheel", "keydown"]) {
      map.getContainer().addEventListener(kind, () => (placed = true), { capture: true, passive: true });
    }
    const frame = closingDoor.element("section", "clock");
    document.body.append(frame);
    try {
      const data = await load("data");
      Object.assign(closingDoor.words, data.words);
      closingDoor.stances = data.stances;
      map.attributionControl.addAttribution(closingDoor.words.map.credit);
      document.getElementById("map_div").setAttribute("aria-label", closingDoor.words.map.name);
      if (!state.asOf) state.asOf = `${data.clock.last - 1}-12-31`;
      if (waiting) take(waiting);
      waiting = null;
      closingDoor.features.draw(map, data);
      await nextFrame(); // the routes are seen before the rest is made, here and in the panel
      rest();
      closingDoor.clock.draw(frame, data);
      closingDoor.legend.draw(map, data);
      ready = true;
      closingDoor.onChange(changed);
      if (waiting) receive(waiting);
      map.invalidateSize();
      if (!placed) fitAll();
      const basemap = await load("basemap");
      await nextFrame();
      closingDoor.basemap.draw(map, basemap);
      document.body.dataset.ready = "yes";
    } catch (error) {
      frame.textContent = failedText;
      console.error(error);
    }
  }

  /** All routes, above the line of credits; at once, since an animation under way would undo the next fit. */
  function fitAll() {
    const credits = document.querySelector(".leaflet-control-attribution");
    map.fitBounds(home, { animate: false, paddingBottomRight: [0, credits ? credits.offsetHeight : 0] });
  }

  /** All routes, on a screen of any size: the map stands nowhere in particular again. */
  function showAll() {
    fitAll();
    placed = false;
  }

  function nextFrame() {
    return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }

  /** A state from Python, as the text of a link's parameters. An older one never undoes what the reader just did. */
  function receive(text) {
    const params = typeof text === "string" ? new URLSearchParams(text) : text;
    const number = Number(params.get("seq"));
    if (number < sequence || resting) return;
    sequence = number;
    if (!ready) {
      waiting = params;
      return;
    }
    receiving = true;
    take(params);
    receiving = false;
  }

  function take(params) {
    const layers = params.get("layers");
    closingDoor.change({
      asOf: lastDay(params.get("as_of")),
      selected: params.get("sel") || null,
      layers: layers ? layers.split(",").filter((id) => id !== "none") : null,
    });
    const asked = (params.get("map") || "").split("/").map(Number);
    const [zoom, lat, lon] = asked;
    if (lon === undefined || asked.every((number, n) => number === place[n])) return; // the reader may have moved on
    placed = true;
    place = asked;
    map.setView([lat, lon], zoom, { animate: false });
  }

  /** The day a link's date means: the last of its year or month. */
  function lastDay(text) {
    const [year, month = 12, day] = text.split("-").map(Number);
    return day ? text : new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  }

  function changed(what) {
    if (receiving) return;
    if (what.selected) rest();
    else if (what.asOf && !closingDoor.clock.isPlaying()) {
      clearTimeout(resting);
      resting = setTimeout(rest, REST_MS);
    }
  }

  /** Tell Python what the reader looks at now, and what they ask for: `share`. */
  function rest(asks = "") {
    clearTimeout(resting);
    resting = null;
    sequence += 1;
    const seen = params();
    place = (seen.map || "").split("/").map(Number);
    window.Streamlit.setComponentValue({ ...seen, asks, seq: sequence });
  }

  function params() {
    const out = { as_of: closingDoor.isYearEnd(state.asOf) ? state.asOf.slice(0, 4) : state.asOf };
    if (state.selected) out.sel = state.selected;
    if (state.layers) out.layers = state.layers.join(",") || "none";
    if (placed) {
      const { lat, lng } = map.getCenter();
      out.map = `${map.getZoom()}/${lat.toFixed(2)}/${lng.toFixed(2)}`;
    }
    return out;
  }

  /** The address that restores this view elsewhere, the map's position included. */
  function link() {
    const address = new URL(window.parent.location.href);
    for (const name of ["as_of", "sel", "layers", "map"]) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(params())) address.searchParams.set(name, value);
    return address.href;
  }

  return { start, load, receive, rest, link, showAll };
})();
