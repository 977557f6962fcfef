/* What stands under a chapter's words: arrivals up to its date, events in order, or one place at two dates. */
closingDoor.figures = (() => {
  const { element, say, words, stageMap } = closingDoor;
  const small = []; // the maps of the comparison that stands
  const FIGURE_YEARS = 3; // about as wide as a figure over a bar is
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
    if (now && last - now.year < FIGURE_YEARS) lift(plot.querySelector(".now"), bars.slice(-1 - FIGURE_YEARS), full);
    const spoken = bars.map(({ year, value }) => say(words.present.arrivals_spoken, { year, value: number(value) }));
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", spoken.join("; "));
    const unsure = bars.some(({ status }) => status !== "final");
    const caption = unsure ? `${words.present.arrivals}. ${words.present.arrivals_note}.` : words.present.arrivals;
    return { box: framed("arrivals", caption, [plot]), fit() {} };
  }

  /** Near the right end of the axis the last bar's figure stands over the bars before it: higher than they are. */
  function lift(column, covered, full) {
    const values = covered.map(({ value }) => value);
    column.classList.add("late");
    column.querySelector("b").style.setProperty("--lift", (Math.max(...values) - values[values.length - 1]) / full);
  }

  function rod(year, bar, { full, now, most }) {
    const figure = element("b", "", bar && (bar === now || (bar === most && now.year - most.year > 2)) ? number(bar.value) : "");
    const body = element("i");
    body.style.setProperty("--share", bar ? Math.max(bar.value / full, 0.012) : 0);
    if (bar) body.dataset.status = bar.status;
    const tick = element("span", "", year % 5 === 0 || bar === now ? year : "");
    const column = element("div", bar && bar === now ? "yearly now" : "yearly", null, [element("div", "rod", null, [figure, body]), tick]);
    if (now && bar !== now && Math.abs(year - now.year) < 4) tick.textContent = "";
    return column;
  }

  /** As many events as fit, what the chapter rests on before others; what goes on for long stands behind dated acts. */
  function timeline({ title, events }) {
    const inOrder = [...events.filter(({ runs }) => !runs), ...events.filter(({ runs }) => runs)];
    const rows = new Map(inOrder.map((event) => [event, eventRow(event)]));
    const leaving = [...inOrder.filter(({ told }) => told), ...inOrder.filter(({ told }) => !told)];
    const list = element("ol", "", null, [...rows.values()]);
    const rest = element("p", "rest");
    const box = framed("timeline", title, [list, rest]);
    const fit = () => {
      while (list.children.length > 1 && box.scrollHeight > box.clientHeight + 1) {
        rows.get(leaving.pop()).remove();
        rest.textContent = moreEvents(events.length - list.children.length);
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

  /** Two maps that are drawn for the room they have; under each its date, the stance that changed, and the arrivals. */
  function compare({ sides, moved }) {
    const panes = sides.map((side) => ({ ...side, window: element("div", "window"), stances: stancesAt(side.day, moved) }));
    const columns = panes.map(({ date, arrivals: figure, window, stances }) => {
      const words_ = stances.flatMap(({ swatch, word }) => [swatch, element("b", "", word)]);
      return element("div", "side", null, [window, element("p", "stances", null, [element("span", "when", date), ...words_]), element("p", "quiet", figure)]);
    });
    const pair = element("div", "pair", null, columns);
    pair.setAttribute("role", "img");
    pair.setAttribute("aria-label", panes.map(({ date, arrivals: figure, stances }) => [`${date}: ${stances.map(({ word }) => word).join(", ")}`, figure].filter(Boolean).join(", ")).join("; "));
    return { box: framed("compare", words.present.compare, [pair]), fit: () => drawPanes(panes, moved) };
  }

  function stancesAt(day, moved) {
    const stances = new Set(closingDoor.features.looksAt(moved, day).map(({ stance }) => stance));
    return [...stances].map((stance) => {
      const swatch = element("i", "swatch");
      swatch.dataset.stance = stance;
      return { swatch, word: words.stance.word[stance] };
    });
  }

  function drawPanes(panes, moved) {
    small.splice(0).forEach((map) => map.remove());
    for (const { day, window } of panes) {
      const home = element("div");
      window.replaceChildren(element("div", "magnified", null, [home]));
      small.push(stageMap.picture(home, day, moved));
    }
  }

  return { draw, eventRow };
})();
