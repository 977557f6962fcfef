/* Where a point that is being dragged comes to lie: on a named target close by, else on the grid. */
closingDoor.snap = (() => {
  const { element, geometry, say, visible, words } = closingDoor;
  const REACH_PX = 14;
  let map;
  let targets = [];
  let ring = null;

  function prepare(intoMap, given) {
    map = intoMap;
    targets = given.map((target) => ({ ...target, at: geometry.latLng(target.position) }));
    if (!map.getPane("snap")) map.createPane("snap").style.zIndex = 640;
    map.getPane("snap").style.pointerEvents = "none";
  }

  /** The position for a point at `latlng`; `own` are ids that are no targets, `free` leaves targets aside. */
  function place(latlng, { own = null, free = false } = {}) {
    const target = free ? null : nearest(latlng, own);
    mark(target);
    return target ? [...target.position] : geometry.onGrid(latlng);
  }

  function nearest(latlng, own) {
    const point = map.latLngToContainerPoint(latlng);
    let best = null;
    let least = REACH_PX;
    for (const target of targets) {
      const distance = target.id === own ? Infinity : map.latLngToContainerPoint(target.at).distanceTo(point);
      if (distance < least) [best, least] = [target, distance];
    }
    return best;
  }

  function mark(target) {
    if (ring && target && ring.target === target) return;
    if (ring) ring.shape.remove();
    ring = null;
    if (!target) return;
    const shape = L.circleMarker(target.at, { pane: "snap", radius: 15, interactive: false, className: "snap-ring" }).addTo(map);
    const text = target.end === "point" ? visible(target.name) : say(words[`${target.end}_of`], { name: visible(target.name) });
    const name = element("span", "", text);
    shape.bindTooltip(name, { pane: "snap", permanent: true, direction: "top", offset: [0, -14], className: "hover", opacity: 1 });
    ring = { target, shape };
  }

  return { prepare, place, clear: () => mark(null) };
})();
