/* The panel: what is true on the view's date of what is chosen on the map, found by words, or asked for by name. */
closingDoor.panel = (() => {
  const { element, state, words, say, records, pieces, button } = closingDoor;
  const NEAR_EVENTS = 7; // how many past events stand open; older ones fold into one line
  const body = element("div", "panel");
  const open = { why: false, timeline: true, notes: false, disputes: false };
  let record = null; // what was opened and is nowhere on the map: {kind, id}
  let listing = false;

  function start(into) {
    into.append(body);
    closingDoor.onChange((changed) => {
      if (changed.selected) [record, listing] = [null, false];
      if (changed.selected || (changed.asOf && !record && !listing)) draw();
    });
  }

  function draw(query = "") {
    const { subjects, events } = records.read();
    const chosen = state.selected || "";
    if (query) return put(hits(query));
    if (listing) return put(sourceList());
    if (record) return put(recordParts());
    if (records.own(subjects, chosen)) return put(subjectParts(subjects[chosen]));
    if (records.own(events, chosen)) return put(eventParts(chosen));
    return put(overview());
  }

  function put(parts) {
    body.replaceChildren(...parts);
  }

  /** A title that can take the focus, so that whoever opened something by keys reads on from there. */
  function heading(text) {
    const made = element("h2", "", text);
    made.tabIndex = -1;
    return made;
  }

  function head(kind, title) {
    return [element("p", "kicker", `${words.panel[kind] || words.kind[kind]} · ${records.asOfWords(state.asOf)}`), heading(title)];
  }

  function choose(id) {
    closingDoor.change({ selected: id });
    focusHead();
  }

  function stand(subject) {
    const spell = records.spellOf(subject, state.asOf);
    if (!spell) return [];
    const parts = [element("p", "stand", null, [pieces.swatch(spell), element("b", "", words.stance.word[spell.stance])]), element("p", "sentence", spell.sentence)];
    return spell.detail ? [...parts, element("p", "quiet", spell.detail)] : parts;
  }

  function subjectParts(subject) {
    const { kind, title, texts = [], sources, country, legs } = subject;
    return [
      ...head(kind, title), ...stand(subject), ...texts.map((text) => element("p", "", text)), ...(sources ? [pieces.cited(sources)] : []),
      ...(legs ? route(subject) : []),
      ...(country ? reading(country, subject) : []),
    ];
  }

  function eventParts(id) {
    const { events, subjects } = records.read();
    const { title, country, day } = events[id];
    const its = records.own(subjects, country);
    const shown = pieces.event(id, { ahead: day > state.asOf, tag: "section" });
    return [...head("event", title), shown, ...(its ? [element("h3", "", its.title), ...stand(its)] : []), ...reading(country, its || { scopes: [country] })];
  }

  function route({ told, legs, scopes }) {
    const { subjects } = records.read();
    const rows = legs.map((id) => leg(id, subjects[id]));
    return [
      element("h3", "", words.panel.told), element("p", "told-words", told), element("p", "quiet", words.panel.told_note),
      element("h3", "", words.panel.legs), element("ol", "stands", null, rows), notesFold(scopes),
    ];
  }

  function leg(id, subject) {
    const spell = records.spellOf(subject, state.asOf);
    return standRow(id, subject.title, spell, words.stance.word[spell.stance]);
  }

  function standRow(id, title, spell, text) {
    const name = button("name-link", title, null, () => choose(id));
    return element("li", "", null, [pieces.swatch(spell), element("span", "", null, [name, " ", element("span", "quiet", text)])]);
  }

  /** What there is to read, each part folded but for those the reader has opened. */
  function reading(country, subject) {
    const { past, later } = records.timeline(country, state.asOf);
    const disputes = records.disputes(country);
    const why = subject.stand === undefined ? [] : [part("why", null, () => reasonParts(subject))];
    return [
      ...why,
      part("timeline", past.length, () => timelineParts(past, later)),
      notesFold(subject.scopes),
      part("disputes", disputes.length, () => (disputes.length ? disputes.map(pieces.dispute) : [quiet(words.panel.no_disputes)])),
    ];
  }

  function part(name, n, make) {
    const title = n === null ? words.panel[name] : `${words.panel[name]} ${n}`;
    const box = pieces.fold(`part part-${name}`, title, make, open[name]);
    box.querySelector("summary").addEventListener("click", () => (open[name] = !box.open));
    return box;
  }

  function notesFold(scopes) {
    const found = records.notes(scopes, state.asOf);
    return part("notes", found.length, () => (found.length ? found.map(pieces.note) : [quiet(words.panel.no_notes)]));
  }

  const quiet = (text) => element("p", "quiet", text);

  function reasonParts(subject) {
    const { moved, unmoved } = records.reasons(subject, state.asOf);
    const others = unmoved.length ? [pieces.fold("later", `${words.panel.not_moved} (${unmoved.length})`, () => [pieces.events(unmoved)])] : [];
    return [...(moved.length ? [quiet(words.panel.why_lead), pieces.events(moved)] : [quiet(words.panel.no_reasons)]), ...others];
  }

  function timelineParts(past, later) {
    const earlier = past.slice(0, -NEAR_EVENTS);
    return [
      ...(past.length ? [] : [quiet(words.panel.no_events)]),
      ...(earlier.length ? [pieces.fold("earlier", records.count(words.panel.earlier, earlier.length), () => [pieces.events(earlier)])] : []),
      pieces.events(past.slice(-NEAR_EVENTS)),
      ...(later.length ? [pieces.fold("later", records.count(words.panel.later, later.length), () => [pieces.events(later, { ahead: true })])] : []),
    ];
  }

  function overview() {
    const { subjects, events, on_the_way: codes } = records.read();
    const rows = codes.map((code) => {
      const spell = records.spellOf(subjects[code], state.asOf);
      return standRow(code, subjects[code].title, spell, spell.sentence);
    });
    const total = Object.keys(events).length;
    const shown = Object.values(events).filter((event) => records.begun(event, state.asOf)).length;
    const routes = Object.entries(subjects).filter(([, { kind }]) => kind === "route");
    const choices = routes.map(([id, { title }]) => button("choice", title, null, () => choose(id)));
    return [
      element("p", "kicker", say(words.panel.start_kicker, { as_of: records.asOfWords(state.asOf) })), heading(words.panel.start_title),
      element("p", "", words.panel.start_lead), element("ul", "stands", null, rows), element("p", "choices", null, choices),
      quiet(`${say(words.panel.start_events, { shown, total })} ${words.panel.start_thesis}`), quiet(words.site.not_advice),
    ];
  }

  function hits(query) {
    const found = records.search(query);
    const rows = found.slice(0, records.MOST_HITS).map(({ kind, id, title, line, selects }) => {
      const row = button("hit", null, null, () => show(kind, id, selects));
      row.append(element("b", "", title), element("span", "quiet", line));
      return element("li", "", null, [row]);
    });
    const told = found.length ? records.count(words.find.found, found.length) : words.find.none;
    const more = found.length > records.MOST_HITS ? [quiet(say(words.find.more, { n: records.MOST_HITS }))] : [];
    return [quiet(told), element("ul", "hits", null, rows), ...more];
  }

  /** Open something that was found: on the map where it is on it, else by itself. */
  function show(kind, id, selects) {
    [record, listing] = selects ? [null, false] : [{ kind, id }, false];
    const isNew = selects && selects !== state.selected;
    if (isNew) closingDoor.change({ selected: selects });
    else draw();
    focusHead();
  }

  function focusHead() {
    const name = body.querySelector("h2");
    body.parentElement.scrollTop = 0;
    name.focus({ preventScroll: true });
    if (innerWidth <= 820) name.scrollIntoView(); // there the whole page scrolls
  }

  function recordParts() {
    const { kind, id } = record;
    const all = records.read();
    const one = { note: all.notes, dispute: all.disputes, term: all.terms, source: all.sources }[kind][id];
    const made = {
      note: () => [pieces.note(one)],
      dispute: () => [pieces.dispute(one)],
      term: () => [element("p", "", one.text), pieces.cited(one.sources)],
      source: () => [element("ul", "source-list", null, [pieces.source(id)])],
    }[kind]();
    return [...head(kind, one.title), ...made, back()];
  }

  function sourceList() {
    const { sources } = records.read();
    const ids = Object.keys(sources).sort((a, b) => sources[a].title.localeCompare(sources[b].title, "en", { ignorePunctuation: true }));
    return [element("p", "kicker", records.count(words.panel.sources, ids.length)), heading(words.pages.sources), back(), element("ul", "source-list", null, ids.map((id) => pieces.source(id)))];
  }

  const back = () => button("choice", words.offline.back, null, reset);

  /** Back to what is chosen on the map. */
  function reset() {
    [record, listing] = [null, false];
    draw();
    focusHead();
  }

  function listSources() {
    [record, listing] = [null, true];
    draw();
    focusHead();
  }

  return { start, draw, reset, listSources };
})();
