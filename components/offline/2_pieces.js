/* What the panel is made of: an event, a note, a disagreement, a list of sources. */
closingDoor.pieces = (() => {
  const { element, words, records } = closingDoor;
  const IS_WEB = /^https?:\/\//;

  function swatch({ stance, sure }) {
    const mark = element("i", "swatch");
    mark.dataset.stance = stance;
    mark.dataset.sure = sure ? "yes" : "no";
    return mark;
  }

  const badge = (text, kind = "") => element("span", `badge ${kind}`, text);
  const certainty = (word) => (word === "established" ? [] : [badge(words.certainty[word], word)]);

  /** A box that folds; its content is made when it is first opened. */
  function fold(className, title, make, isOpen = false) {
    const box = element("details", className, null, [element("summary", "", title)]);
    const fill = () => box.children.length === 1 && box.append(...make());
    box.addEventListener("toggle", () => box.open && fill());
    if (isOpen) fill();
    box.open = isOpen;
    return box;
  }

  function source(id, locator = "") {
    const { sources } = records.read();
    const found = records.own(sources, id);
    if (!found) return element("li", "", id);
    const { title, line, address = "" } = found;
    const name = element(IS_WEB.test(address) ? "a" : "cite", "", title);
    if (IS_WEB.test(address)) Object.assign(name, { href: address, target: "_blank", rel: "noopener noreferrer" });
    const parts = [name, " ", element("span", "quiet", [line, locator].filter(Boolean).join(" · "))];
    if (address) parts.push(element("span", "address", address));
    return element("li", "", null, parts);
  }

  function cited(list) {
    if (!list.length) return element("p", "quiet", words.panel.no_sources);
    return fold("backing", records.count(words.panel.sources, list.length), () => [element("ul", "", null, list.map(([id, locator]) => source(id, locator)))]);
  }

  /** An event in a list, or as a section that stands under its own title. */
  function event(id, { ahead = false, tag = "li" } = {}) {
    const { when, title, summary, effect, certainty: word, disputed, sources } = records.read().events[id];
    const marks = [...certainty(word), ...(disputed ? [badge(words.panel.disputed, "disputed")] : [])];
    const row = element(tag, `event ${effect}${ahead ? " ahead" : ""}`, null, [
      element("span", "when", ahead ? `${when} · ${words.panel.ahead}` : when), ...(tag === "li" ? [element("b", "title", title), " "] : []), ...marks,
      element("p", "", summary), cited(sources),
    ]);
    row.dataset.event = id;
    return row;
  }

  const events = (ids, how) => element("ol", "events-list", null, ids.map((id) => event(id, how)));

  function note({ title, level, certainty: word, text, valid, sources }) {
    const head = element("h3", "", title);
    return element("section", `note-box ${level}`, null, [head, " ", badge(words.level[level], level), ...certainty(word), element("p", "", text), element("p", "quiet", valid), cited(sources)]);
  }

  function dispute({ title, claims, shown, why }) {
    const rows = claims.map(({ text, sources }) => element("li", "", text, [cited(sources)]));
    const answer = element("p", "", null, [element("b", "", words.panel.shown), ` ${closingDoor.visible(shown)} `, element("span", "quiet", why)]);
    return element("section", "dispute", null, [element("h3", "", title), element("ul", "claims", null, rows), answer]);
  }

  return { badge, certainty, cited, dispute, event, events, fold, note, source, swatch };
})();
