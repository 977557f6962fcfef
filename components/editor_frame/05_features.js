/* The features of the layer, those of other layers as quiet context, and every change made to them here. */
closingDoor.features = (() => {
  const { bridge, element, geometry, state, words } = closingDoor;
  const drawn = new Map(); // id -> L.LayerGroup
  let features = new Map(); // id -> {id, kind, name, geometry}
  let map;
  let beneath = null;

  function show(intoMap, data, selected, isSame) {
    if (!map) prepare(intoMap);
    geometry.setStep(data.grid);
    closingDoor.snap.prepare(map, data.targets);
    features = new Map(data.features.map((feature) => [feature.id, feature]));
    if (beneath) beneath.remove();
    beneath = L.layerGroup().addTo(map);
    for (const feature of data.context) shapesOf(feature.geometry, `quiet ${feature.kind}`, { interactive: false, pane: "beneath" }).addTo(beneath);
    for (const feature of data.published) shapesOf(feature.geometry, "was", { interactive: false, pane: "beneath" }).addTo(beneath);
    closingDoor.change({ selected: features.has(selected) ? selected : null });
    redraw();
    closingDoor.tools.draw(map, data);
    if (!isSame) closingDoor.fit(map, [...data.features, ...(data.features.length ? [] : data.context)]);
  }

  function prepare(intoMap) {
    map = intoMap;
    for (const [pane, z] of Object.entries({ beneath: 400, features: 420, handles: 620 })) map.createPane(pane).style.zIndex = z;
    closingDoor.onChange((changed) => (changed.selected || changed.tool) && redraw());
    map.on("zoomend", () => closingDoor.handles.draw(map));
    closingDoor.sketch.prepare(map);
  }

  /** The shapes of a geometry: one flat group of Leaflet paths of one class. */
  function shapesOf(shape, className, given = {}) {
    const options = { ...given, bubblingMouseEvents: false };
    const point = (_, at) => L.circleMarker(at, { ...options, className: `dot ${className}`, radius: given.radius || 6 });
    const flat = L.layerGroup();
    const add = (layer) => (layer.getLayers ? layer.getLayers().forEach(add) : flat.addLayer(layer));
    add(L.geoJSON(shape, { ...options, className, pointToLayer: point }));
    return flat;
  }

  /** Everything anew; what had the focus has it again. */
  function redraw() {
    const focused = document.hasFocus() && document.activeElement.dataset.key; // never taken from the page round us
    for (const shapes of drawn.values()) shapes.remove();
    drawn.clear();
    for (const feature of features.values()) drawOne(feature, feature.geometry);
    closingDoor.handles.draw(map);
    closingDoor.tools.refresh();
    if (focused) focus(focused);
  }

  function focus(key) {
    const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const other = state.selected && document.querySelector(`[data-key="${CSS.escape(`feature ${state.selected}`)}"]`);
    if (found || other) (found || other).focus({ preventScroll: true });
  }

  function drawOne(feature, shape) {
    if (drawn.has(feature.id)) drawn.get(feature.id).remove();
    const chosen = feature.id === state.selected;
    const group = L.layerGroup().addTo(map);
    drawn.set(feature.id, group);
    if (!shape) return;
    const wide = shapesOf(shape, "hit", { pane: "features", radius: 14 }).addTo(group);
    const seen = shapesOf(shape, `mine ${feature.kind} ${chosen ? "chosen" : ""}`, { pane: "features" }).addTo(group);
    const name = () => element("span", "", feature.name);
    for (const path of [...wide.getLayers(), ...seen.getLayers()]) {
      if (!chosen) path.bindTooltip(name, { sticky: true, direction: "top", className: "hover", opacity: 1 });
      path.on("click", ({ originalEvent }) => bridge.select(next(originalEvent)));
      path.getElement().dataset.of = feature.id;
      path.getElement().addEventListener("pointerdown", (event) => state.tool === "move" && drag(event, feature.id));
    }
    reachable(seen.getLayers()[0], feature, chosen);
  }

  /** Of the features under the pointer the one below the chosen one, so that all can be reached. */
  function next({ clientX, clientY }) {
    const here = document.elementsFromPoint(clientX, clientY).map(({ dataset }) => dataset.of).filter(Boolean);
    const ids = [...new Set(here)];
    return ids[(ids.indexOf(state.selected) + 1) % ids.length];
  }

  /** Leaflet's paths cannot take the focus by themselves: give it a place in the tab order, a role and a name. */
  function reachable(shape, feature, chosen) {
    const path = shape.getElement();
    path.dataset.featureId = feature.id;
    path.dataset.key = `feature ${feature.id}`;
    const label = `${closingDoor.visible(feature.name)} (${words.kind[feature.kind] || words.kind.other})`;
    for (const [name, value] of Object.entries({ tabindex: 0, role: "button", "aria-label": label, "aria-pressed": chosen })) path.setAttribute(name, value);
    path.addEventListener("keydown", (event) => {
      const steps = closingDoor.handles.ARROWS[event.key];
      if (event.key === "Enter" || event.key === " ") bridge.select(feature.id);
      else if (steps && state.tool === "move") moveBy(feature.id, steps);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  function moveBy(id, [lon, lat]) {
    const by = geometry.step();
    closingDoor.change({ selected: id });
    commit("move", [{ id, geometry: geometry.shifted(features.get(id).geometry, lon * by, lat * by) }]);
  }

  /** Drag a whole feature; its points stay on the grid. The map's own box keeps the pointer, since paths are redrawn. */
  function drag(event, id) {
    if (event.button) return;
    const box = map.getContainer();
    const feature = features.get(id);
    const at = (pointer) => map.mouseEventToLatLng(pointer);
    const from = at(event);
    let moved = null;
    bridge.hold();
    map.dragging.disable(); // before the mouse or touch event that follows reaches it
    box.setPointerCapture(event.pointerId);
    const follow = (pointer) => {
      const to = at(pointer);
      const [lon, lat] = [geometry.grid(to.lng - from.lng, 360), geometry.grid(to.lat - from.lat, 180)];
      moved = lon || lat ? geometry.shifted(feature.geometry, lon, lat) : null;
      drawOne(feature, moved || feature.geometry);
    };
    box.addEventListener("pointermove", follow);
    box.addEventListener("lostpointercapture", () => {
      box.removeEventListener("pointermove", follow);
      map.dragging.enable();
      closingDoor.change({ selected: id });
      if (moved) commit("move", [{ id, geometry: moved }]);
      bridge.release();
    }, { once: true });
  }

  /** Make one step's changes on the map and tell Python; `select` is what is chosen afterwards. */
  function commit(step, changes, select = state.selected) {
    for (const { id, geometry: shape, copy_of: source, kind } of changes) {
      const before = features.get(id) || features.get(source) || { kind, name: words.new_feature };
      if (shape) features.set(id, { ...before, id, geometry: shape });
      else features.delete(id);
    }
    closingDoor.change({ selected: select });
    redraw();
    bridge.step(step, JSON.parse(JSON.stringify(changes, (_, value) => (typeof value === "number" ? geometry.rounded(value) : value))));
  }

  /** What a name on the map should not cover. */
  function obstacles() {
    const points = [...features.values()].flatMap((feature) => geometry.runs(feature.geometry).flatMap(({ positions }) => positions));
    return { dots: points.map((position) => ({ ...map.latLngToContainerPoint(geometry.latLng(position)), r: 9 })), lines: [] };
  }

  return { show, redraw, commit, obstacles, shapesOf, preview: drawOne, selected: () => features.get(state.selected) || null };
})();

/** Bring features into view with room round them. */
closingDoor.fit = (map, features) => {
  const bounds = L.latLngBounds([]);
  for (const { geometry } of features) {
    for (const { positions } of closingDoor.geometry.runs(geometry)) positions.forEach((position) => bounds.extend(closingDoor.geometry.latLng(position)));
  }
  map.invalidateSize({ animate: false }); // the toolbar may just have taken its share
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { animate: false, maxZoom: 6 });
};
