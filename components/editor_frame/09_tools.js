/* The toolbar above the map, the sentence that says what to do, and the note while something is not kept yet. */
closingDoor.tools = (() => {
  const { bridge, element, features, handles, sketch, split, state, words } = closingDoor;
  const PENDING_MS = 4000;
  const MODES = ["reshape", "move", "line", "point", "area"];
  const buttons = {};
  let bar = null;
  let said = null;
  let waiting = null;
  state.tool = "reshape";

  function draw(map, data) {
    if (bar) return note(data);
    for (const mode of MODES) button(mode, (event) => (mode in { reshape: 1, move: 1 } || event.detail ? closingDoor.change({ tool: state.tool === mode ? "reshape" : mode }) : sketch.inTheMiddle(mode)));
    button("finish", sketch.finish);
    button("cancel", () => (split.begun() ? split.cancel() : closingDoor.change({ tool: "reshape" })));
    button("split", split.press);
    button("remove_point", handles.removePoint);
    button("reverse", reverse);
    button("delete", () => features.commit("delete", [{ id: state.selected, geometry: null }], null));
    const group = (names) => element("div", "group", null, names.map((name) => buttons[name]));
    said = element("p", "hint");
    said.setAttribute("role", "status");
    bar = element("div", "toolbar", null, [group(["reshape", "move"]), group(["line", "point", "area"]), group(["finish", "cancel", "split", "remove_point", "reverse", "delete"]), said]);
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.toolbar);
    document.body.prepend(bar);
    document.addEventListener("keydown", onKey);
    closingDoor.onChange(refresh);
    refresh();
    note(data);
  }

  function button(name, act) {
    const made = element("button", "", words.tool[name]);
    Object.assign(made, { type: "button", title: words.title[name] });
    made.dataset.tool = name;
    made.addEventListener("click", act);
    buttons[name] = made;
  }

  function refresh() {
    if (!bar) return;
    const feature = features.selected();
    const drawing = sketch.isDrawing();
    const cutting = Boolean(split.begun());
    const isLine = Boolean(feature) && feature.geometry && feature.geometry.type === "LineString";
    for (const mode of MODES) buttons[mode].setAttribute("aria-pressed", state.tool === mode);
    buttons.split.setAttribute("aria-pressed", cutting);
    buttons.finish.hidden = !drawing || state.tool === "point";
    buttons.cancel.hidden = !drawing && !cutting;
    for (const name of ["split", "remove_point", "reverse", "delete"]) buttons[name].hidden = drawing;
    const enabled = { finish: sketch.canFinish(), split: split.can(), remove_point: handles.canRemove(), reverse: isLine, delete: Boolean(feature) };
    for (const [name, is] of Object.entries(enabled)) buttons[name].disabled = !is;
    for (const box of document.querySelectorAll(".handle")) box.classList.toggle("current", Boolean(state.point) && box.dataset.key === `point ${state.point.n} ${state.point.index}`);
    split.mark();
    hint(drawing ? words.hint[state.tool] : cutting ? words.hint.split : state.tool === "move" ? words.hint.move : feature ? chosen(feature) : words.hint.choose);
  }

  function chosen(feature) {
    const text = feature.geometry ? words.hint.reshape : words.hint.undrawable;
    return `${closingDoor.visible(feature.name)}. ${text}`;
  }

  function hint(text) {
    if (said && said.textContent !== text) said.textContent = text;
  }

  function reverse() {
    const { id, geometry: shape } = features.selected();
    closingDoor.change({ point: null });
    features.commit("reverse", [{ id, geometry: { ...shape, coordinates: structuredClone(shape.coordinates).reverse() } }]);
  }

  function onKey(event) {
    if (event.key === "Escape" && !sketch.isDrawing()) split.begun() ? split.cancel() : bridge.select(null);
    if (!(event.ctrlKey || event.metaKey) || event.altKey || sketch.isDrawing()) return;
    const key = event.key.toLowerCase();
    const step = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!step) return;
    event.preventDefault();
    bridge.step(step, []);
  }

  /** A box at the foot of the map: what cannot be drawn. */
  function note(data) {
    box("note", data.undrawable ? closingDoor.say(words.undrawable, { n: data.undrawable }) : null);
  }

  /** The sentence in the place of what cannot be fetched. */
  function fail(text) {
    box("failed", text);
  }

  /** While Python has not answered; a sentence says so where that takes long. */
  function pending(is) {
    clearTimeout(waiting);
    document.body.dataset.pending = is ? "yes" : "no";
    if (is) waiting = setTimeout(() => box("pending", words.pending), PENDING_MS);
    else box("pending", null);
  }

  function box(name, text) {
    const old = document.querySelector(`.message.${name}`);
    if (old) old.remove();
    if (!text) return;
    const made = element("p", `message ${name}`, text);
    made.setAttribute("role", name === "note" ? "note" : "alert");
    document.body.append(made);
  }

  return { draw, refresh, hint, fail, pending };
})();
