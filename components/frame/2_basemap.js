/* The quiet map underneath: land, borders, rivers, lakes on one canvas; names as text that never overlaps. */
closingDoor.basemap = (() => {
  const { element } = closingDoor;
  const paper = { land: "#f6f3ec", lake: "#dbe6ec" };
  const borders = { color: "#a79f92", weight: 1 };
  let labels = [];

  function draw(map, data) {
    for (const [pane, z] of [["base", 200], ["names", 460]]) {
      map.createPane(pane).style.zIndex = z;
      map.getPane(pane).style.pointerEvents = "none";
    }
    const renderer = L.canvas({ pane: "base", padding: 0.6 });
    const add = (collection, style) => L.geoJSON(collection, { pane: "base", renderer, interactive: false, style }).addTo(map);
    const land = { fillColor: paper.land, fillOpacity: 1, stroke: false, fill: true };
    add(data.world, land);
    add(data.countries, land);
    add(data.lakes, { ...land, fillColor: paper.lake });
    add(data.rivers, (river) => (river.properties.key ? { color: "#7fa8c4", weight: 2 } : { color: "#cfdde5", weight: 0.8 }));
    add(data.borders, (border) =>
      border.properties.status === "international" ? borders : { ...borders, dashArray: "3 4" });
    addNames(map, data);
    addProvinces(map, renderer);
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
      const capital = role === "capital";
      const onRoute = data.route_cities.includes(name);
      label(map, place.geometry.coordinates, "city", name, capital ? 1 : 2, null, capital || onRoute ? 3.5 : 5);
    }
    for (const [name, lon, lat] of data.river_names) label(map, [lon, lat], "river", name, 4, null, 4.5);
    map.on("zoomend moveend resize", () => avoidOverlap(map));
    document.fonts.ready.then(() => avoidOverlap(map));
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
    const box = element("div", "", null, className === "city" ? [element("i", "dot"), text] : [text]);
    const icon = L.divIcon({ html: box, className: `label ${className}`, iconSize: [0, 0] });
    L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(map);
    labels.push({ box, text, rank, least });
  }

  /** Hide the less important of two names that would touch. */
  function avoidOverlap(map) {
    const taken = [];
    const zoom = map.getZoom();
    for (const { box, text, rank, least } of [...labels].sort((a, b) => a.rank - b.rank)) {
      box.hidden = zoom < least;
      if (box.hidden) continue;
      const r = text.getBoundingClientRect();
      const touches = taken.some((t) => r.left < t.right + 4 && r.right > t.left - 4 && r.top < t.bottom && r.bottom > t.top);
      text.style.visibility = touches && rank > 0 ? "hidden" : "";
      if (!touches || rank === 0) taken.push(r);
    }
  }

  return { draw };
})();
