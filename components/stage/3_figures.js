/* What stands under a chapter's words: arrivals up to its date, events in order, or one place at two dates. */
closingDoor.figures = (() => {
  const { element, say, words, stageMap } = closingDoor;
  const number = (value) => value.toLocaleString("en-GB");

  /** The figure as an element that fills the room it is given; `fit` is called once it stands there. */
  function draw(figure) {
    return { arrivals, timeline, compare }[figure.kind](figure);
  }

  function framed(kind, caption, parts) {
    return element("figure", kind, null, [element("figcaption", "", caption), ...parts]);
  }

  function arrivals({ axis: [first, last], full, bars }) {
    const byYear = new Map(bars.map((bar) => [bar.year, bar]));
    const now = bars[bars.length - 1];
    const most = bars.reduce((best, bar) => (best && best.value >= bar.value ? best : bar), null);
    const plot = element("div", "plot");
    for (let year = first; year <= last; year += 1) plot.append(rod(year, byYear.get(year), { full, now, most }));
    const spoken = bars.map(({ year, value }) => say(words.present.arrivals_spoken, { year, value: number(value) }));
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", spoken.join("; "));
    const unsure = bars.some(({ status }) => status !== "final");
    const caption = unsure ? `${words.present.arrivals}. ${words.present.arrivals_note}.` : words.present.arrivals;
    return { box: framed("arrivals", caption, [plot]), fit() {} };
  }

  function rod(year, bar, { full, now, most }) {
    const figure = element("b", "", bar && (bar === now || (bar === most && now.year - most.year > 2)) ? number(bar.value) : "");
    const body = element("i");
    body.style.setProperty("--share", bar ? Math.max(bar.value / full, 0.012) : 0);
    if (bar) body.dataset.status = bar.status;
    const tick = element("span", "", year % 5 === 0 || bar === now ? year : "");
    const column = element("div", bar && bar === now ? "yearly now" : "yearly", null, [element("div", "rod", null, [figure, body]), tick]);
    if (now && bar !== now && Math.abs(year - now.year) < 3) tick.textContent = "";
    return column;
  }

  function timeline({ title, events }) {
    const told = events.filter((event) => event.told);
    const list = element("ol", "", null, (told.length ? told : events).map(eventRow));
    const rest = element("p", "rest");
    const box = framed("timeline", title, [list, rest]);
    const fit = () => {
      const count = () => (rest.textContent = moreEvents(events.length - list.children.length));
      count();
      while (list.children.length > 1 && box.scrollHeight > box.clientHeight + 1) {
        list.lastChild.remove();
        count();
      }
    };
    return { box, fit };
  }

  function moreEvents(n) {
    const { one, other } = words.present.timeline_more;
    return n ? say(n === 1 ? one : other, { n }) : "";
  }

  function eventRow({ when, title, effect, certainty }) {
    const row = element("li", effect, null, [element("span", "when", when), ` ${closingDoor.visible(title)}`]);
    if (certainty !== "established") row.append(" ", element("em", "", words.certainty[certainty]));
    return row;
  }

  function compare({ sides, moved }) {
    const panes = sides.map((side) => ({ ...side, window: element("div", "window") }));
    const columns = panes.map(({ date, arrivals: figure, window }) =>
      element("div", "side", null, [element("b", "", date), window, element("span", "", figure)]));
    const fit = async () => {
      await stageMap.settled();
      for (const { day, window } of panes) {
        const scale = Number(getComputedStyle(document.documentElement).getPropertyValue("--magnified"));
        const [width, height] = [window.clientWidth / scale, window.clientHeight / scale];
        const frame = element("div", "magnified", null, [stageMap.pictureOf(day, moved, width, height)]);
        window.replaceChildren(frame);
      }
    };
    const pair = element("div", "pair", null, columns);
    pair.setAttribute("role", "img");
    pair.setAttribute("aria-label", sides.map(({ date, arrivals: figure }) => `${date}: ${figure}`).join("; "));
    return { box: framed("compare", words.present.compare, [pair]), fit };
  }

  return { draw, eventRow };
})();
