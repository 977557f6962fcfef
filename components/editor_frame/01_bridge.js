/* Between the editing map and Python: the address of what to draw comes in; steps and the choice go out.

   A step stays in the message until Python has answered with its number: two quick steps never replace each other. */
closingDoor.bridge = (() => {
  const { state, words } = closingDoor;
  const ANSWER_MS = 10_000; // how long an older state is taken for a late one; afterwards Python has begun anew
  let map;
  let version;
  let failed;
  let sequence = 0; // of the last message sent or answered
  let steps = []; // done here, not yet answered
  let sentAt = -Infinity;
  let wanted = null; // the last state from Python that has not been shown
  let shown = null; // the address of what is on the map
  let layer = null; // the one on the map
  let loading = false;
  let busy = false; // a drag is going on: nothing may be redrawn under it

  async function load(name) {
    return fetched(`/map/${name}.json?v=${version}`, "default");
  }

  async function fetched(address, cache) {
    const response = await fetch(address, { cache, redirect: "error" });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return response.json();
  }

  async function start(intoMap, dataVersion, failedText) {
    map = intoMap;
    version = dataVersion;
    failed = failedText;
    map.attributionControl.setPrefix(false);
    const box = map.getContainer();
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true }); // a page that jumps spoils a drag
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
    await settle();
  }

  /** A state from Python, as the text of a link's parameters. */
  function receive(text) {
    wanted = new URLSearchParams(text);
    settle();
  }

  function isLate(params) {
    return Number(params.get("seq")) < sequence && performance.now() - sentAt < ANSWER_MS;
  }

  /** Show the wanted state as soon as it may be shown. */
  async function settle() {
    if (!map || busy || loading || !wanted) return;
    const params = wanted;
    wanted = null;
    if (isLate(params)) return;
    loading = true;
    try {
      await take(params);
    } catch (error) {
      shown = null;
      closingDoor.tools.fail(failed);
      console.warn(error.message);
    }
    loading = false;
    settle();
  }

  async function take(params) {
    const address = addressOf(params);
    const data = address === shown ? null : await fetched(address, "no-store");
    if (busy) wanted = wanted || params; // until the drag is over
    if (busy || isLate(params)) return;
    const number = Number(params.get("seq"));
    sequence = Math.max(sequence, number);
    steps = steps.filter((step) => step.seq > number);
    const selected = decodeURIComponent((params.get("sel") || "").replace(/../g, "%$&")) || null;
    const isFirst = !document.body.dataset.ready;
    closingDoor.tools.fail(null);
    if (data) show(data, selected, shown && shown.split("&v=")[0] === address.split("&v=")[0]);
    else closingDoor.change({ selected });
    shown = address;
    layer = params.get("layer");
    closingDoor.tools.pending(number < sequence);
    if (isFirst) {
      closingDoor.basemap.draw(map, quiet(await load("basemap")));
      document.body.dataset.ready = "yes";
    }
  }

  function addressOf(params) {
    const part = (name) => encodeURIComponent(params.get(name) || "");
    return params.has("what")
      ? `/staff/difference.json?what=${part("what")}&v=${part("v")}`
      : `/staff/map.json?layer=${part("layer")}&v=${part("v")}`;
  }

  function show(data, selected, isSame) {
    Object.assign(words, data.words);
    if (!document.body.dataset.shown) map.attributionControl.addAttribution(words.credit);
    map.getContainer().setAttribute("aria-label", words.name);
    if (data.differences) closingDoor.compare.draw(map, data, isSame);
    else closingDoor.features.show(map, data, selected, isSame);
    document.body.dataset.shown = String(Number(document.body.dataset.shown || 0) + 1);
  }

  /** The basemap with all names small, none of them a button. */
  function quiet(basemap) {
    const features = basemap.countries.features.map((country) => {
      const at = basemap.label_at[country.properties.a2];
      return at ? { ...country, properties: { ...country.properties, lx: at[0], ly: at[1] } } : country;
    });
    const names = [...basemap.quiet, ...Object.keys(basemap.label_at)];
    return { ...basemap, countries: { ...basemap.countries, features }, quiet: names, label_at: {} };
  }

  /** Tell Python of one step; it has been made on the map already. */
  function step(kind, changes) {
    sequence += 1;
    steps.push({ seq: sequence, layer, step: kind, changes });
    shown = null; // whatever Python makes of it is drawn anew
    send();
  }

  function select(id) {
    if (state.selected === id) return;
    closingDoor.change({ selected: id });
    sequence += 1;
    send();
  }

  function send() {
    sentAt = performance.now();
    window.Streamlit.setComponentValue({ seq: sequence, selected: state.selected, steps: structuredClone(steps) });
    closingDoor.tools.pending(true);
  }

  /** Nothing is redrawn between `hold` and `release`. */
  function hold() {
    busy = true;
  }

  function release() {
    busy = false;
    settle();
  }

  return { start, receive, load, step, select, hold, release, nextId: () => `new-${sequence + 1}` };
})();
