/* Drawing a new line, point or area: click for each point, double-click or Enter to finish. */
closingDoor.sketch = (() => {
  const { bridge, geometry, snap, state } = closingDoor;
  const KINDS = { line: "segment", point: "place", area: "context" };
  const LEAST = { line: 2, point: 1, area: 3 };
  let map;
  let points = [];
  let shape = null;

  function prepare(intoMap) {
    map = intoMap;
    map.on("click", ({ latlng, originalEvent }) => state.tool in KINDS && add(latlng, originalEvent.altKey));
    map.on("dblclick", () => state.tool in KINDS && finish());
    map.on("mousemove", ({ latlng, originalEvent }) => state.tool in KINDS && show(snap.place(latlng, { free: originalEvent.altKey })));
    map.on("mouseout", () => state.tool in KINDS && (snap.clear(), show()));
    document.addEventListener("keydown", onKey);
    closingDoor.onChange((changed) => changed.tool && begin());
  }

  function begin() {
    points = [];
    show();
    const isDrawing = state.tool in KINDS;
    map.getContainer().classList.toggle("drawing", isDrawing);
    if (isDrawing) map.doubleClickZoom.disable();
    else map.doubleClickZoom.enable();
    if (isDrawing) map.getContainer().focus({ preventScroll: true });
    else snap.clear();
  }

  function add(latlng, free) {
    const position = snap.place(latlng, { free });
    if (!points.length || !geometry.same(position, points[points.length - 1])) points.push(position); // a double-click is two clicks
    show();
    closingDoor.tools.refresh();
    if (state.tool === "point") finish();
  }

  /** The points so far, and a leg to where the pointer is. */
  function show(pointer = null) {
    if (shape) shape.remove();
    shape = null;
    const path = [...points, ...(pointer ? [pointer] : [])].map(geometry.latLng);
    if (!path.length || !(state.tool in KINDS)) return;
    const make = state.tool === "area" && path.length > 2 ? L.polygon : L.polyline;
    shape = L.layerGroup([make(path, { className: "sketch", interactive: false, pane: "handles" })]).addTo(map);
    for (const at of points) L.circleMarker(geometry.latLng(at), { className: "sketch-point", radius: 6, interactive: false, pane: "handles" }).addTo(shape);
  }

  function onKey(event) {
    if (!(state.tool in KINDS) || event.target.closest(".toolbar")) return;
    if (event.key === "Enter") finish();
    else if (event.key === "Escape") closingDoor.change({ tool: "reshape" });
    else if (event.key === "Backspace") points.pop();
    else return;
    event.preventDefault();
    show();
    closingDoor.tools.refresh();
  }

  function canFinish() {
    return state.tool in KINDS && points.length >= LEAST[state.tool];
  }

  function finish() {
    if (!canFinish()) return;
    const coordinates = { line: points, point: points[0], area: [geometry.ring(points)] }[state.tool];
    const type = { line: "LineString", point: "Point", area: "Polygon" }[state.tool];
    const [id, kind] = [bridge.nextId(), KINDS[state.tool]];
    closingDoor.change({ tool: "reshape" });
    closingDoor.features.commit("draw", [{ id, geometry: { type, coordinates }, kind }], id);
  }

  /** A small shape in the middle of the map, for whoever draws with the keyboard: its handles are moved from there. */
  function inTheMiddle(tool) {
    closingDoor.change({ tool });
    const [lon, lat] = geometry.onGrid(map.getCenter());
    points = [[lon, lat], [geometry.grid(lon + 1, 180), lat], [lon, geometry.grid(lat + 1, 90)]].slice(0, LEAST[tool]);
    finish();
    const first = document.querySelector('[data-key="point 0 0"]');
    if (first) first.focus({ preventScroll: true });
  }

  return { prepare, canFinish, finish, inTheMiddle, isDrawing: () => state.tool in KINDS };
})();
