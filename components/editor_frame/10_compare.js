/* What differs, drawn in its colours and not to be changed: before, after, and what others made of it. */
closingDoor.compare = (() => {
  const { element, features, words } = closingDoor;
  const SIDES = ["before", "ours", "theirs"];
  let group = null;
  let legend = null;
  let map;
  let data;

  function draw(intoMap, given, isSame) {
    [map, data] = [intoMap, given];
    if (!map.getPane("features")) map.createPane("features").style.zIndex = 420;
    if (group) group.remove();
    group = L.layerGroup().addTo(map);
    for (const side of SIDES) for (const difference of data.differences) if (difference[side]) add(difference, side);
    if (legend) legend.remove();
    legend = L.control({ position: "bottomright" });
    legend.onAdd = () => element("div", "box compare-legend", null, [element("ul", "", null, sides().map(row))]);
    legend.addTo(map);
    if (!isSame) closingDoor.fit(map, data.differences.flatMap((difference) => SIDES.map((side) => ({ geometry: difference[side] }))));
    closingDoor.tools.fail(data.differences.length ? null : words.no_difference);
  }

  const sides = () => SIDES.filter((side) => side !== "theirs" || data.differences.some(({ theirs }) => theirs));

  function row(side) {
    return element("li", "", null, [element("i", `sample ${side}`), element("span", "", data.legend[side])]);
  }

  function add(difference, side) {
    const shapes = features.shapesOf(difference[side], `difference ${side}`, { pane: "features" }).addTo(group);
    const text = closingDoor.say(words.side, { name: closingDoor.visible(difference.name), side: data.legend[side] });
    for (const shape of shapes.getLayers()) {
      shape.bindTooltip(() => element("span", "", text), { sticky: true, direction: "top", className: "hover", opacity: 1 });
      const path = shape.getElement();
      if (!path) continue;
      for (const [name, value] of Object.entries({ tabindex: 0, role: "img", "aria-label": text })) path.setAttribute(name, value);
      path.dataset.featureId = difference.id;
      path.dataset.side = side;
    }
  }

  return { draw };
})();
