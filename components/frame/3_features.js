/* The routes, bands and missions: drawn once, then restyled by attributes that frame.css reads. */
closingDoor.features = (() => {
  const { element, state, spellAt, words } = closingDoor;
  const LANE_PX = 7;
  const ROW_PX = 10;
  const CLOSE_ZOOM = 5; // from here on dots are full size; further out a row of them would cover its city
  const EDGE_PX = 6; // what shows less than this much inside the map's edge is not seen
  const drawn = new Map(); // id -> {feature, paths, anchor}
  const groups = new Map(); // layer id -> L.LayerGroup
  let map;
  let events;
  let popup = null;

  /** A polyline that keeps each point its lane to the right of the direction of travel, in pixels at every zoom. */
  const SideBySide = L.Polyline.extend({
    _projectLatlngs(latlngs, result, bounds) {
      L.Polyline.prototype._projectLatlngs.call(this, latlngs, result, bounds);
      const { lanes } = this.options;
      const ring = result[result.length - 1];
      if (!lanes || !ring || ring.length !== lanes.length) return;
      const moved = ring.map((point, i) => {
        const before = ring[Math.max(i - 1, 0)];
        const after = ring[Math.min(i + 1, ring.length - 1)];
        const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
        const shift = (lanes[i] * LANE_PX) / length;
        return L.point(point.x - (after.y - before.y) * shift, point.y + (after.x - before.x) * shift);
      });
      result[result.length - 1] = moved;
    },
  });

  /** A dot that steps aside, in pixels, for others at the same position; smaller where the map is seen from far. */
  const InARow = L.CircleMarker.extend({
    _project() {
      const scale = this._map.getZoom() < CLOSE_ZOOM ? 0.85 : 1;
      this._radius = this.options.radius * scale;
      L.CircleMarker.prototype._project.call(this);
      this._point = this._point.add([-(this.options.shift || 0) * ROW_PX * scale, 0]);
      this._updateBounds();
    },
  });

  function draw(intoMap, data) {
    map = intoMap;
    events = data.events;
    makePanes(map);
    for (const layer of data.layers) groups.set(layer.id, L.layerGroup().addTo(map));
    const below = data.features.filter(({ kind }) => kind !== "mission"); // a place never hides the mission in it
    for (const feature of [...below, ...data.features.filter(({ kind }) => kind === "mission")]) add(feature);
    for (const [id, item] of drawn) makeReachable(id, item);
    restyle();
    highlight();
    showLayers();
    closingDoor.onChange((changed) => {
      if (changed.asOf) restyle();
      if (changed.layers) showLayers();
      if (changed.selected) {
        highlight();
        drawn.has(state.selected) ? openPopup(state.selected) : map.closePopup();
      } else if (changed.asOf && popup) {
        popup.setContent(popupContent(drawn.get(state.selected).feature));
      }
    });
  }

  function makePanes(onMap) {
    const panes = { bands: 405, halo: 408, casing: 410, lines: 420, points: 430 };
    for (const [pane, z] of Object.entries(panes)) onMap.createPane(pane).style.zIndex = z;
  }

  /** A feature's shape, and under a line its casing and the halo that shows when it is selected. */
  function shapesOf(feature, interactive) {
    const visible = { className: `feature ${feature.kind}`, interactive, bubblingMouseEvents: false };
    if (feature.line) {
      const line = feature.line.map(turn);
      const shared = { lanes: feature.lanes, smoothFactor: 0.5 };
      const under = (name) => new SideBySide(line, { ...shared, pane: name, className: name, interactive: false });
      return { halo: under("halo"), casing: under("casing"), shape: new SideBySide(line, { ...visible, ...shared, pane: "lines" }) };
    }
    if (feature.rings) return { casing: null, shape: L.polygon(feature.rings.map((ring) => [ring.map(turn)]), { ...visible, pane: "bands" }) };
    const whose = feature.whose === "KR" ? "ours" : "other";
    const radius = { place: 3, mission: whose === "ours" ? 6 : 4 }[feature.kind];
    const point = { ...visible, pane: "points", radius, shift: feature.shift, className: `feature ${feature.kind} ${whose}` };
    return { casing: null, shape: new InARow(turn(feature.position), point) };
  }

  const turn = ([lon, lat]) => [lat, lon];

  function add(feature) {
    const group = groups.get(feature.layer);
    const { shape, casing, halo } = shapesOf(feature, true);
    for (const part of [halo, casing, shape]) if (part) part.addTo(group);
    drawn.set(feature.id, { feature, shape, casing, halo });
    const hover = () => element("span", "", hoverText(feature));
    shape.bindTooltip(hover, { sticky: true, direction: "top", className: "hover", opacity: 1 });
    shape.on("click", () => choose(feature.id));
  }

  /** Leaflet's paths cannot take the focus by themselves: give each a place in the tab order, a role and a name. */
  function makeReachable(id, { shape }) {
    const path = shape.getElement();
    if (!path) return;
    path.dataset.featureId = id;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(id);
    });
  }

  function choose(id) {
    if (state.selected === id) openPopup(id);
    closingDoor.change({ selected: id });
  }

  function restyle() {
    for (const item of drawn.values()) {
      const path = item.shape.getElement();
      if (!path) continue;
      style(item, state.asOf);
      path.setAttribute("aria-label", hoverText(item.feature));
    }
  }

  /** Give a feature's paths the attributes that its stance on a day is drawn by. */
  function style({ feature, shape, casing }, day) {
    const { stance, sure } = lookOf(feature, day);
    for (const target of [shape.getElement(), casing && casing.getElement()]) {
      if (!target) continue;
      if (target.dataset.stance !== stance) target.dataset.stance = stance;
      if (target.dataset.sure !== sure) target.dataset.sure = sure;
    }
  }

  function lookOf(feature, day) {
    const spell = spellAt(feature, day);
    const stance = feature.kind === "context" || feature.kind === "place" ? "none" : spell ? spell.stance : "unknown";
    return { stance, sure: spell && spell.certainty === "established" && !spell.carried ? "yes" : "no" };
  }

  /** The lines and bands that the map shows now, drawn on another map as they were on a day; nothing there answers. */
  function still(onMap, day) {
    makePanes(onMap);
    for (const { feature, shape } of drawn.values()) {
      if (!map.hasLayer(shape) || feature.position) continue;
      const copy = { feature, ...shapesOf(feature, false) };
      if (copy.casing) copy.casing.addTo(onMap);
      copy.shape.addTo(onMap);
      style(copy, day);
    }
  }

  /** What is in view, `{feature, stance, sure}` each, were the map at another place; it need not have moved there yet. */
  function seen(at = map.getCenter(), zoom = map.getZoom()) {
    const size = map.getSize();
    const corner = map.project(at, zoom).subtract(size.divideBy(2));
    const view = L.bounds(L.point(EDGE_PX, EDGE_PX), size.subtract([EDGE_PX, EDGE_PX]));
    const pixels = (positions) => positions.map((position) => map.project(turn(position), zoom).subtract(corner));
    const isIn = ({ line, rings, position }) => {
      if (line) return pixels(line).some((to, i, points) => i && L.LineUtil.clipSegment(points[i - 1], to, view, false));
      if (rings) return rings.some((ring) => L.PolyUtil.clipPolygon(pixels(ring), view).length > 2);
      return view.contains(pixels([position])[0]);
    };
    const shown = [...drawn.values()].filter(({ feature, shape }) => map.hasLayer(shape) && isIn(feature));
    return shown.map(({ feature }) => ({ feature, ...lookOf(feature, state.asOf) }));
  }

  /** Those of the named features that are lines or bands on the map now. */
  function ways(ids) {
    return ids.map((id) => drawn.get(id)).filter((item) => item && !item.feature.position && map.hasLayer(item.shape));
  }

  const boundsOf = (ids) => L.latLngBounds(ways(ids).map(({ shape }) => shape.getBounds()));
  const looksAt = (ids, day) => ways(ids).map(({ feature }) => lookOf(feature, day));

  function hoverText(feature) {
    if (feature.kind === "context" || feature.kind === "place") return feature.name;
    const spell = spellAt(feature, state.asOf);
    const stance = spell ? spell.stance : "unknown";
    return `${feature.name}: ${words.stance.word[stance]}`;
  }

  function showLayers() {
    for (const [id, group] of groups) {
      const wanted = !state.layers || state.layers.includes(id);
      if (wanted && !map.hasLayer(group)) {
        group.addTo(map);
        for (const [key, item] of drawn) if (item.feature.layer === id) makeReachable(key, item);
        restyle();
        highlight();
      } else if (!wanted) {
        group.remove();
      }
    }
  }

  function highlight() {
    for (const [id, { shape, casing, halo, feature }] of drawn) {
      const chosenBy = feature.position ? [id] : [id, feature.authority, ...(feature.routes || [])]; // no dot with its host or route
      const isSelected = chosenBy.includes(state.selected);
      for (const part of [shape, casing, halo]) if (part && part.getElement()) part.getElement().classList.toggle("selected", isSelected);
    }
  }

  function middleOf({ feature }) {
    const positions = feature.line || (feature.rings && feature.rings[0]) || [feature.position];
    if (feature.rings) return L.latLngBounds(positions.map(([lon, lat]) => [lat, lon])).getCenter();
    const [lon, lat] = positions[Math.floor(positions.length / 2)];
    return L.latLng(lat, lon);
  }

  function openPopup(id) {
    const item = drawn.get(id);
    popup = L.popup({ className: "closing-door", maxWidth: 320, maxHeight: map.getSize().y - 90, autoPanPadding: [20, 20] });
    popup.setLatLng(middleOf(item)).setContent(popupContent(item.feature)).openOn(map);
    item.shape.closeTooltip(); // it would stick out from under the popup
    popup.on("remove", ({ target }) => {
      if (popup === target) popup = null;
    });
    clearOfLegend();
  }

  /** The legend lies above popups: move the map by the little it takes to show both. */
  function clearOfLegend() {
    const legend = document.querySelector(".legend");
    if (!legend || !popup) return;
    const [box, other] = [popup.getElement().getBoundingClientRect(), legend.getBoundingClientRect()];
    const [across, up] = [box.right - other.left + 10, box.bottom - other.top + 10];
    if (across <= 10 || up <= 10 || box.left >= other.right) return;
    map.panBy(up < across && box.top > up ? [0, up] : [across, 0], { animate: false });
  }

  /** What a name should not cover: the dots, and points along the lines, in pixels of the map. */
  function obstacles() {
    const dots = [];
    const lines = [];
    for (const { shape, feature } of drawn.values()) {
      if (!map.hasLayer(shape)) continue;
      if (feature.position && getComputedStyle(shape.getElement()).display !== "none") dots.push({ ...xy(shape._point), r: shape._radius + 1 });
      for (const part of (feature.line && shape._parts) || []) {
        for (let i = 1; i < part.length; i += 1) {
          const steps = Math.ceil(part[i].distanceTo(part[i - 1]) / 10);
          for (let k = 0; k < steps; k += 1) lines.push({ ...xy(part[i - 1].add(part[i].subtract(part[i - 1]).multiplyBy(k / steps))), r: 2 });
        }
      }
    }
    return { dots, lines };
  }

  function xy(layerPoint) {
    const { x, y } = map.layerPointToContainerPoint(layerPoint);
    return { x, y };
  }

  function popupContent(feature) {
    const parts = [element("h3", "", feature.name)];
    if (feature.kind !== "context" && feature.kind !== "place") {
      const spell = spellAt(feature, state.asOf);
      const stance = spell ? spell.stance : "unknown";
      const swatch = element("i", "swatch");
      swatch.dataset.stance = stance;
      const unknownNorth = stance === "unknown" && feature.authority === "KP";
      const phrase = unknownNorth ? words.stance.sentence.unknown_north_korea : words.stance.phrase[stance];
      parts.push(element("p", "stance", null, [swatch, element("b", "", words.stance.word[stance]), `: ${phrase}`]));
      if (spell && spell.detail) parts.push(element("p", "detail", spell.detail));
      const reasons = spell ? spell.events.filter((event) => events[event] && events[event].day <= state.asOf) : [];
      if (reasons.length) parts.push(element("p", "because", words.map.because), reasonList(reasons));
    }
    if (feature.text) parts.push(element("p", "detail", feature.text));
    return element("div", "", null, parts);
  }

  function reasonList(reasons) {
    const shown = [...reasons].sort((a, b) => (events[a].day < events[b].day ? -1 : 1)).slice(-3);
    return element("ul", "reasons", null, shown.map((id) => {
      const { when, title, certainty } = events[id];
      return element("li", "", null, [element("span", "when", when), ` ${closingDoor.visible(title)} `, element("em", "", words.certainty[certainty])]);
    }));
  }

  return { draw, obstacles, still, seen, boundsOf, looksAt };
})();
