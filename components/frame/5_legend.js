/* The legend, the layer switches and the share button: small controls in the corners of the map. */
closingDoor.legend = (() => {
  const { element, state, words, say } = closingDoor;
  const STANCES = ["cooperates", "tolerates", "mixed", "returns", "sealed", "unknown"];

  function corner(map, position, content) {
    const control = L.control({ position });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(content);
      L.DomEvent.disableScrollPropagation(content);
      return content;
    };
    control.addTo(map);
  }

  function draw(map, data) {
    corner(map, "bottomright", legend(data));
    corner(map, "topright", layers(data));
    corner(map, "topleft", share(map));
  }

  /** A box that folds to its title; open where there is room. */
  function fold(className, title, parts) {
    const box = element("details", `box ${className}`, null, [element("summary", "", title), ...parts]);
    box.open = window.innerWidth >= Number(document.body.dataset.unfoldFrom || 640);
    return box;
  }

  function swatch(stance, extra = {}) {
    const mark = element("i", "swatch");
    Object.assign(mark.dataset, { stance, ...extra });
    return mark;
  }

  function legend(data) {
    const rows = STANCES.map((stance) => element("li", "", null, [swatch(stance), element("b", "", words.stance.word[stance]), element("span", "phrase", words.stance.phrase[stance])]));
    rows.push(element("li", "note", null, [swatch("returns", { sure: "no" }), words.map.thin]));
    const missions = element("span", "", words.map.mission);
    missions.append(element("i", "dot other"), words.map.other_mission);
    rows.push(element("li", "note", null, [element("i", "dot ours"), missions]));
    const places = data.features.filter(({ kind }) => kind === "place").map(({ layer }) => layer);
    const placeRow = element("li", "note", null, [element("i", "dot place"), words.map.place]);
    rows.push(placeRow);
    const showPlaces = () => (placeRow.hidden = !places.some((layer) => !state.layers || state.layers.includes(layer)));
    closingDoor.onChange((changed) => changed.layers && showPlaces());
    showPlaces();
    const hidden = element("p", "hidden-count");
    const total = Object.keys(data.events).length;
    const count = () => {
      const shown = Object.values(data.events).filter((event) => event.day <= state.asOf).length;
      hidden.textContent = `${words.map.schematic} ${say(words.map.hidden, { shown, total })}`;
    };
    closingDoor.onChange((changed) => changed.asOf && count());
    count();
    return fold("legend", words.map.legend, [element("ul", "", null, rows), hidden]);
  }

  function layers(data) {
    const boxes = data.layers.map((layer) => {
      const box = element("input");
      Object.assign(box, { type: "checkbox", value: layer.id });
      box.addEventListener("change", () => {
        const on = boxes.map(({ box: other }) => other).filter((other) => other.checked);
        closingDoor.change({ layers: on.length === boxes.length ? null : on.map((other) => other.value) });
      });
      return { box, row: element("label", "", null, [box, element("span", "", layer.title), element("em", "count", layer.n)]) };
    });
    const show = () => boxes.forEach(({ box }) => (box.checked = !state.layers || state.layers.includes(box.value)));
    closingDoor.onChange((changed) => changed.layers && show());
    show();
    const control = fold("layers", words.map.layers, boxes.map(({ row }) => row));
    control.open = false;
    return control;
  }

  function share(map) {
    const button = element("button", "share", words.map.share);
    button.type = "button";
    const said = element("input", "link");
    said.readOnly = true;
    said.hidden = true;
    said.setAttribute("aria-label", words.map.copy_link);
    button.addEventListener("click", async () => {
      const link = closingDoor.bridge.link();
      closingDoor.bridge.rest("share"); // Python opens what else there is to share and cite
      try {
        await navigator.clipboard.writeText(link);
        button.textContent = words.map.copied;
        setTimeout(() => (button.textContent = words.map.share), 2500);
      } catch {
        said.hidden = false;
        said.value = link;
        said.select();
      }
    });
    const reset = element("button", "reset", words.map.reset);
    reset.type = "button";
    reset.addEventListener("click", () => closingDoor.bridge.showAll());
    return element("div", "box tools", null, [button, reset, said]);
  }

  return { draw };
})();
