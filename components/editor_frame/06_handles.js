/* The control points of the chosen feature as handles: drag, arrow keys, Delete; a plus between two inserts a point. */
closingDoor.handles = (() => {
  const { bridge, element, geometry, say, snap, state, words } = closingDoor;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const ROOM_PX = 56; // between two points, for a plus
  const MOST = 200;
  let map;
  let group = null;

  function draw(intoMap) {
    map = intoMap;
    if (group) group.remove();
    closingDoor.split.clear();
    group = L.layerGroup().addTo(map);
    const feature = closingDoor.features.selected();
    if (!feature || state.tool !== "reshape") return;
    const all = geometry.runs(feature.geometry);
    if (all.reduce((sum, run) => sum + geometry.count(run), 0) > MOST) return;
    all.forEach((run, n) => {
      const points = geometry.count(run);
      for (let i = 0; i < points; i += 1) add(feature, n, i, run.positions[i], false);
      if (run.dots) return;
      for (let i = 1; i < points + (run.closed ? 1 : 0); i += 1) {
        const [a, b] = [run.positions[i - 1], run.positions[i % points]];
        const apart = map.latLngToContainerPoint(geometry.latLng(a)).distanceTo(map.latLngToContainerPoint(geometry.latLng(b)));
        const middle = geometry.onGrid({ lng: (a[0] + b[0]) / 2, lat: (a[1] + b[1]) / 2 });
        if (apart >= ROOM_PX) add(feature, n, i, middle, true);
      }
    });
  }

  function add(feature, n, index, position, isNew) {
    const icon = L.divIcon({ html: element("span", "", isNew ? "+" : index + 1), className: isNew ? "handle plus" : "handle", iconSize: [34, 34] });
    const marker = L.marker(geometry.latLng(position), { icon, draggable: true, keyboard: false, pane: "handles", bubblingMouseEvents: false, zIndexOffset: isNew ? 0 : 1000 });
    marker.addTo(group);
    const box = marker.getElement();
    box.tabIndex = 0;
    box.dataset.key = `${isNew ? "plus" : "point"} ${n} ${index}`;
    box.setAttribute("role", "button");
    box.setAttribute("aria-label", isNew ? say(words.plus, { before: index, after: index + 1 }) : say(words.point_n, { n: index + 1 }));
    const handle = { feature, n, index, position, isNew, marker };
    box.addEventListener("focus", () => !isNew && closingDoor.change({ point: { id: feature.id, n, index } }));
    box.addEventListener("keydown", (event) => onKey(event, handle));
    marker.on("click", () => closingDoor.split.end(handle) || (isNew ? place(handle, position) : box.focus({ preventScroll: true })));
    for (const event of ["focus", "mouseenter"]) box.addEventListener(event, () => closingDoor.split.show(map, handle));
    onDrag(handle);
  }

  function onDrag(handle) {
    const { feature, marker } = handle;
    let to = null;
    marker.on("dragstart", () => {
      bridge.hold();
      to = null;
      map.getContainer().classList.add("dragging");
    });
    marker.on("drag", ({ originalEvent }) => {
      to = snap.place(marker.getLatLng(), { own: feature.id, free: originalEvent.altKey });
      marker.setLatLng(geometry.latLng(to));
      closingDoor.features.preview(feature, reshaped(handle, to));
    });
    marker.on("dragend", () => {
      snap.clear();
      map.getContainer().classList.remove("dragging");
      place(handle, to || handle.position);
      bridge.release();
    });
  }

  function reshaped({ feature, n, index, isNew }, position) {
    const shape = structuredClone(feature.geometry);
    const run = geometry.runs(shape)[n];
    if (isNew) geometry.insert(run, index, position);
    else geometry.move(run, index, position);
    return shape;
  }

  /** Put the point of a handle somewhere for good. */
  function place(handle, position) {
    const { feature, n, index, isNew } = handle;
    closingDoor.change({ point: { id: feature.id, n, index } });
    if (!isNew && geometry.same(position, handle.position)) return closingDoor.features.redraw();
    closingDoor.features.commit("reshape", [{ id: feature.id, geometry: reshaped(handle, position) }]);
    focus(n, index);
  }

  function focus(n, index) {
    const found = document.querySelector(`[data-key="point ${n} ${index}"]`);
    if (found) found.focus({ preventScroll: true });
  }

  function onKey(event, handle) {
    if (event.key in ARROWS && !handle.isNew) nudge(event, handle);
    else if (event.key === "Delete" || event.key === "Backspace") handle.isNew || removePoint();
    else if (event.key === "Enter" || event.key === " ") closingDoor.split.end(handle) || (handle.isNew && place(handle, handle.position));
    else return;
    event.preventDefault();
    event.stopPropagation(); // the arrows would pan the map
  }

  /** Move by one step of the grid for each press; a key held down is one change, made when it is let go. */
  function nudge(event, handle) {
    const { marker, feature } = handle;
    const [lon, lat] = ARROWS[event.key];
    const { lng, lat: at } = marker.getLatLng();
    const to = geometry.onGrid({ lng: lng + lon * geometry.step(), lat: at + lat * geometry.step() });
    if (!handle.moving) {
      handle.moving = true;
      bridge.hold();
      const done = () => {
        if (!handle.moving) return;
        handle.moving = false;
        place(handle, handle.to);
        bridge.release();
      };
      for (const end of ["keyup", "blur"]) marker.getElement().addEventListener(end, done, { once: true });
    }
    handle.to = to;
    marker.setLatLng(geometry.latLng(to));
    closingDoor.features.preview(feature, reshaped(handle, to));
  }

  /** The point last touched, if it is one of the chosen feature's: `{feature, run, n, index}`. */
  function current() {
    const feature = closingDoor.features.selected();
    if (!feature || state.tool !== "reshape" || !state.point || state.point.id !== feature.id) return null;
    const { n, index } = state.point;
    const run = geometry.runs(feature.geometry)[n];
    return run && index < geometry.count(run) ? { feature, run, n, index } : null;
  }

  function canRemove() {
    const at = current();
    return Boolean(at) && geometry.count(at.run) > at.run.least;
  }

  function removePoint() {
    if (!canRemove()) return closingDoor.tools.hint(words.fewest);
    const { feature, n, index } = current();
    const shape = structuredClone(feature.geometry);
    geometry.remove(geometry.runs(shape)[n], index);
    closingDoor.features.commit("reshape", [{ id: feature.id, geometry: shape }]);
    focus(n, Math.max(index - 1, 0));
  }

  return { ARROWS, draw, current, focus, canRemove, removePoint };
})();
