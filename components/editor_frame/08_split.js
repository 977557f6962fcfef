/* Splitting: a line at the chosen point at once; an area from the chosen corner to another, which is chosen next. */
closingDoor.split = (() => {
  const { bridge, cut, features, geometry, handles, state, words } = closingDoor;
  let map;
  let chord = null; // what the cut would be, while its end is pointed at

  /** Where the cut of an area begins, while its end is being chosen; any change of the area ends that. */
  function begun() {
    const feature = features.selected();
    const stands = state.cut && feature && state.tool === "reshape" && feature.id === state.cut.id;
    return stands && JSON.stringify(feature.geometry) === state.cut.shape ? state.cut : null;
  }

  function can() {
    const at = handles.current();
    const found = at && cut.part(at.feature.geometry, at.n);
    if (!found) return false;
    return at.run.closed ? geometry.count(at.run) > 3 : Boolean(cut.line(at.feature.geometry, at.n, at.index));
  }

  function press() {
    if (begun()) return cancel();
    const { feature, run, n, index } = handles.current();
    if (!run.closed) return make(feature, cut.line(feature.geometry, n, index));
    if (cut.part(feature.geometry, n).rings > 1) return closingDoor.tools.hint(words.split_hole);
    const corners = run.positions.slice(0, geometry.count(run));
    if (!corners.some((_, other) => cut.area(feature.geometry, n, index, other))) return closingDoor.tools.hint(words.split_nowhere);
    closingDoor.change({ cut: { id: feature.id, n, index, shape: JSON.stringify(feature.geometry) } });
    handles.focus(n, index);
  }

  function cancel() {
    closingDoor.change({ cut: null });
    clear();
  }

  function halves(n, index) {
    const start = begun();
    return start && n === start.n ? cut.area(features.selected().geometry, n, start.index, index) : null;
  }

  const isStart = ({ n, index }) => Boolean(begun()) && state.cut.n === n && state.cut.index === index;

  /** Cut to the corner of a handle; whether a cut was being made at all. */
  function end(handle) {
    if (!begun()) return false;
    const made = halves(handle.n, handle.index);
    if (made) make(handle.feature, made);
    else if (!isStart(handle)) closingDoor.tools.hint(words.split_outside);
    return true;
  }

  /** Two features of one; the first half keeps the id. */
  function make({ id }, [first, second]) {
    closingDoor.change({ cut: null });
    features.commit("split", [{ id, geometry: first }, { id: bridge.nextId(), geometry: second, copy_of: id }]);
  }

  /** Show what the cut to the corner of a handle would be. */
  function show(intoMap, { n, index, position, feature }) {
    map = intoMap;
    clear();
    if (!halves(n, index)) return;
    const start = geometry.runs(feature.geometry)[n].positions[state.cut.index];
    chord = L.polyline([start, position].map(geometry.latLng), { className: "sketch", interactive: false, pane: "handles" }).addTo(map);
  }

  function clear() {
    if (chord) chord.remove();
    chord = null;
  }

  /** Show which handles a cut may end at; one that was given up does not come back. */
  function mark() {
    if (!begun()) state.cut = null;
    document.body.classList.toggle("cutting", Boolean(begun()));
    for (const box of document.querySelectorAll(".handle:not(.plus)")) {
      const [n, index] = box.dataset.key.split(" ").slice(1).map(Number);
      const off = Boolean(begun()) && !isStart({ n, index }) && !halves(n, index);
      if (begun()) box.classList.toggle("current", isStart({ n, index }));
      box.classList.toggle("off", off);
      box.setAttribute("aria-disabled", off);
    }
  }

  return { begun, can, press, cancel, end, show, clear, mark };
})();
