/* The quiet map underneath: land, borders, rivers, lakes on one canvas; names as text that never overlaps. */
closingDoor.basemap = (() => {
  const { element } = closingDoor;
  const paper = { land: "#f6f3ec", lake: "#dbe6ec" };
  const borders = { color: "#a79f92", weight: 1 };
  const APART_PX = 7; // nearer to each other two names on one line read as one
  const labels = []; // names, the most important first

  function draw(map, data) {
    map.createPane("names").style.zIndex = 460;
    map.getPane("names").style.pointerEvents = "none";
    const renderer = ground(map, data);
    addNames(map, data);
    addProvinces(map, renderer);
  }

  /** Land, water and borders on one canvas of a map. */
  function ground(map, data) {
    map.createPane("base").style.zIndex = 200;
    map.getPane("base").style.pointerEvents = "none";
    const renderer = L.canvas({ pane: "base", padding: 0.6 });
    const add = (collection, style) => L.geoJSON(collection, { pane: "base", renderer, interactive: false, style }).addTo(map);
    const filled = (colour) => ({ fillColor: colour, fillOpacity: 1, fill: true, color: colour, weight: 1 }); // no seams between neighbours
    const land = filled(paper.land);
    add(data.world, land);
    add(data.countries, land);
    add(data.lakes, filled(paper.lake));
    add(data.rivers, (river) => (river.properties.key ? { color: "#7fa8c4", weight: 2 } : { color: "#cfdde5", weight: 0.8 }));
    add(data.borders, (border) =>
      border.properties.status === "international" ? borders : { ...borders, dashArray: "3 4" });
    return renderer;
  }

  /** Province lines come only when someone is close enough to want them. */
  function addProvinces(map, renderer) {
    let lines = null;
    map.on("zoomend", async () => {
      if (map.getZoom() >= 5 && !lines) {
        lines = L.layerGroup();
        const data = await closingDoor.bridge.load("provinces");
        const style = { color: "#d8d2c6", weight: 0.7, dashArray: "2 3" };
        L.geoJSON(data, { pane: "base", renderer, interactive: false, style }).addTo(lines);
      }
      if (lines) map.getZoom() >= 5 ? lines.addTo(map) : lines.remove();
    });
  }

  function addNames(map, data) {
    for (const country of data.countries.features) {
      const { a2, name, lx, ly } = country.properties;
      const place = data.label_at[a2] || [lx, ly];
      if (data.label_at[a2]) label(map, place, "country chosen", data.names[a2] || name, 0, a2);
      else if (data.quiet.includes(a2)) label(map, place, "country", name, 3);
    }
    for (const place of data.places.features) {
      const { name, role } = place.properties;
      const capital = role === "capital" || role === "destination"; // Seoul is where the way ends
      const onRoute = data.route_cities.includes(name);
      label(map, place.geometry.coordinates, "city", name, capital ? 1 : 2, null, capital || onRoute ? 3.5 : 5);
    }
    for (const [name, lon, lat] of data.river_names) label(map, [lon, lat], "river", name, 4, null, 4.5);
    labels.sort((a, b) => a.rank - b.rank);
    map.on("zoomend moveend resize", () => placeNames(map));
    closingDoor.onChange((changed) => changed.layers && placeNames(map));
    document.addEventListener("toggle", () => placeNames(map), true); // a box that unfolds covers names
    document.fonts.ready.then(() => placeNames(map));
  }

  function label(map, [lon, lat], className, name, rank, select = null, least = 0) {
    const text = element(select ? "button" : "span", `name ${className}`, name);
    if (select) {
      text.type = "button";
      text.dataset.country = select;
      text.addEventListener("click", (event) => {
        event.stopPropagation();
        closingDoor.change({ selected: select });
      });
    }
    const dot = className === "city" ? element("i", "dot") : null;
    const box = element("div", "", null, dot ? [dot, text] : [text]);
    const icon = L.divIcon({ html: box, className: `label ${className}`, iconSize: [0, 0] });
    const at = L.latLng(lat, lon);
    L.marker(at, { icon, interactive: false, keyboard: false, pane: "names" }).addTo(map);
    labels.push({ at, box, dot, text, rank, least, spots: className === "river" ? middle : dot ? beside : around });
  }

  /** Where a name of a given size may stand, relative to its place in pixels, best first. */
  const middle = (w, h) => [[-w / 2, -h / 2]];
  const beside = (w, h) => [
    [9, -h / 2], [-w - 9, -h / 2], [-w / 2, -h - 6], [-w / 2, 6], [7, -h - 2], [7, 2], [-w - 7, -h - 2], [-w - 7, 2],
  ];
  const around = (w, h) => [0, -0.6, 0.6, -1.2, 1.2].flatMap((down) => [0, -0.25, 0.25].map((aside) => [w * (aside - 0.5), h * (down - 0.5)]));

  /** Put each name where it hides least; one that would touch a more important name, a box or the edge goes. */
  function placeNames(map) {
    const { dots, lines } = closingDoor.features.obstacles();
    const taken = [...document.querySelectorAll(".box, .leaflet-bar, .leaflet-control-attribution")].map((box) => box.getBoundingClientRect());
    const seen = { left: 0, top: 0, right: map.getSize().x, bottom: map.getSize().y };
    for (const name of labels) name.box.hidden = map.getZoom() < name.least;
    const shown = labels.filter(({ box }) => !box.hidden);
    const sizes = shown.map(({ text }) => [text.offsetWidth, text.offsetHeight]);
    shown.forEach(({ at, box, dot, text, rank, spots }, i) => {
      const point = map.latLngToContainerPoint(at);
      const [w, h] = sizes[i];
      let best = { cost: Infinity };
      spots(w, h).forEach(([x, y], order) => {
        const rect = { left: point.x + x, top: point.y + y, right: point.x + x + w, bottom: point.y + y + h };
        const fits = rect.left >= seen.left && rect.right <= seen.right && rect.top >= seen.top && rect.bottom <= seen.bottom;
        if (!fits || taken.some((other) => touch(rect, other, APART_PX))) return;
        const covered = (points) => points.filter((p) => p.x > rect.left - p.r && p.x < rect.right + p.r && p.y > rect.top - p.r && p.y < rect.bottom + p.r).length;
        const hides = covered(dots);
        if (hides && rank > 1) return;
        const cost = order + 6 * hides + 2 * Math.min(covered(lines), 10);
        if (cost < best.cost) best = { cost, rect, x, y };
      });
      box.hidden = best.cost === Infinity;
      if (box.hidden) return;
      taken.push(best.rect);
      text.style.transform = `translate(${Math.round(best.x)}px, ${Math.round(best.y)}px)`;
      if (dot) dot.hidden = dots.some((p) => Math.hypot(p.x - point.x, p.y - point.y) < 9); // a mission marks the city already
    });
  }

  function touch(a, b, gap) {
    return a.left < b.right + gap && a.right > b.left - gap && a.top < b.bottom && a.bottom > b.top;
  }

  return { draw, ground };
})();
