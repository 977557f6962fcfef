/* What there is to read, by id, and what of it holds on a day; worked out before by routes/pack/explaining.py. */
closingDoor.records = (() => {
  const { words, say } = closingDoor;
  const MOST_HITS = 60;
  let all = null;
  let places = [];

  /** Everything, read from the page once somebody wants it. */
  function read() {
    if (all) return all;
    all = JSON.parse(document.getElementById("data-explaining").textContent);
    for (const [name, table] of Object.entries(all.words)) words[name] = { ...words[name], ...table };
    places = everything();
    return all;
  }

  const own = (table, id) => (Object.hasOwn(table, id) ? table[id] : null);
  const begun = (event, day) => event.day <= day;
  const holds = ({ start, end }, day) => start <= day && (!end || day <= end);

  /** The spell of a stand that holds on a day. */
  function spellOf(subject, day) {
    const stand = all.stands[subject.stand];
    return stand && (stand.spells.find((spell) => holds(spell, day)) || stand.unknown);
  }

  function eventsOf(effects, day) {
    const found = effects.map((id) => all.effects[id]).filter(({ event, always }) => begun(all.events[event], day) || always);
    return inOrder([...new Set(found.map(({ event }) => event))]);
  }

  const inOrder = (ids) => ids.sort((a, b) => (all.events[a].day + a < all.events[b].day + b ? -1 : 1));

  /** The events behind a colour, and those on record that moved none. */
  function reasons(subject, day) {
    const spell = spellOf(subject, day);
    const others = all.stands[subject.stand].unmoved.filter((id) => !spell.effects.includes(id) && begun(all.events[all.effects[id].event], day));
    return { moved: eventsOf(spell.effects, day), unmoved: eventsOf(others, day) };
  }

  /** A country's events: behind the day and ahead of it. */
  function timeline(country, day) {
    const ids = Object.keys(all.events).filter((id) => all.events[id].country === country);
    return { past: ids.filter((id) => begun(all.events[id], day)), later: ids.filter((id) => !begun(all.events[id], day)) };
  }

  function notes(scopes, day) {
    const gravest = ["high", "medium", "low"];
    const found = Object.entries(all.notes).filter(([, note]) => scopes.includes(note.scope) && holds(note, day));
    return found.sort((a, b) => gravest.indexOf(a[1].level) - gravest.indexOf(b[1].level)).map(([, note]) => note);
  }

  const disputes = (country) => Object.values(all.disputes).filter(({ countries }) => countries.includes(country));

  /** Everything that can be found: its kind, its id, a title, a line below it, and the text it is found by. */
  function everything() {
    const rows = (table, kind, line, text, selects = () => null) =>
      Object.entries(table).map(([id, one]) => ({ kind, id, title: one.title, line: line(one), selects: selects(one, id), text: folded(`${one.title} ${id} ${text(one)}`), head: folded(one.title) }));
    const said = (kind) => words.kind[kind] || words.panel[kind];
    return [
      ...rows(all.subjects, "subject", ({ kind }) => said(kind), ({ texts = [], told = "" }) => `${texts.join(" ")} ${told}`, (_, id) => id),
      ...rows(all.events, "event", ({ when }) => `${when} · ${said("event")}`, ({ summary, when }) => `${summary} ${when}`, (_, id) => id),
      ...rows(all.notes, "note", () => said("note"), ({ text }) => text),
      ...rows(all.disputes, "dispute", () => said("dispute"), ({ shown, claims }) => `${shown} ${claims.map(({ text }) => text).join(" ")}`),
      ...rows(all.terms, "term", () => said("term"), ({ text }) => text),
      ...rows(all.sources, "source", ({ line }) => `${line} · ${said("source")}`, ({ line }) => line),
    ];
  }

  const folded = (text) => String(text).normalize("NFKD").toLowerCase().replace(/\p{Mn}/gu, "");

  /** What holds every word, best first: the words in the title, then elsewhere. */
  function search(query) {
    const asked = folded(query).split(/\s+/).filter(Boolean);
    if (!asked.length) return [];
    const misses = ({ head }) => asked.filter((word) => !head.includes(word)).length;
    return places.filter(({ text }) => asked.every((word) => text.includes(word))).sort((a, b) => misses(a) - misses(b));
  }

  const asOfWords = (day) => (closingDoor.isYearEnd(day) ? say(words.dates.end_of_year, { year: day.slice(0, 4) }) : closingDoor.sayDay(day));
  const count = (told, n) => say(n === 1 ? told.one : told.other, { n });

  return { read, own, spellOf, reasons, timeline, notes, disputes, search, begun, asOfWords, count, MOST_HITS };
})();
