/* The clock: arrivals by year are the bars, the date is the marker on them. Drag, step by keys, or play. */
closingDoor.clock = (() => {
  const { element, state, words } = closingDoor;
  const YEAR_MS = 900;
  let first, last, bars, slider, marker, year, playButton, exact, timer = null;

  function draw(into, data) {
    ({ first, last } = data.clock);
    const values = new Map(data.arrivals.map((arrival) => [arrival.year, arrival]));
    into.append(face(), chart(values));
    closingDoor.onChange((changed) => changed.asOf && show());
    show();
  }

  function face() {
    year = element("output", "year");
    playButton = element("button", "play");
    playButton.type = "button";
    playButton.addEventListener("click", () => (timer ? pause() : play()));
    exact = element("input", "exact");
    Object.assign(exact, { type: "date", min: `${first}-01-01`, max: `${last}-12-31` });
    exact.setAttribute("aria-label", words.clock.exact);
    exact.addEventListener("change", () => exact.value && exact.checkValidity() && closingDoor.change({ asOf: exact.value }));
    const label = element("label", "exact-label", words.clock.exact, [exact]);
    return element("div", "face", null, [element("span", "as-of", words.clock.as_of), year, element("div", "controls", null, [playButton, label])]);
  }

  function chart(values) {
    const most = Math.max(1, ...[...values.values()].map((arrival) => arrival.value));
    bars = [];
    const row = element("div", "bars");
    for (let y = first; y <= last; y += 1) {
      const arrival = values.get(y);
      const bar = element("i", "bar");
      bar.style.setProperty("--share", arrival ? Math.max(arrival.value / most, 0.015) : 0);
      if (arrival) bar.dataset.status = arrival.status;
      const figure = element("span", "figure", arrival ? arrival.value.toLocaleString("en-GB") : "");
      const tick = element("span", y % 5 === 0 ? "tick five" : "tick", y);
      const column = element("div", "column", null, [element("div", "stack", null, [figure, bar]), tick]);
      column.title = `${y}: ${spoken(arrival)}`;
      row.append(column);
      bars.push({ year: y, column, arrival });
    }
    marker = element("div", "marker", null, [element("b")]);
    row.append(marker);
    slider = element("div", "slider", null, [row]);
    Object.entries({ role: "slider", tabindex: "0", "aria-label": words.clock.name, "aria-valuemin": first, "aria-valuemax": last })
      .forEach(([name, value]) => slider.setAttribute(name, value));
    slider.addEventListener("keydown", onKey);
    slider.addEventListener("pointerdown", onPointer);
    return element("div", "chart", null, [element("p", "caption", words.clock.chart), slider]);
  }

  function spoken(arrival) {
    if (!arrival) return words.clock.no_figure;
    const note = arrival.status === "final" ? "" : ` (${words.clock[arrival.status]})`;
    return arrival.value.toLocaleString("en-GB") + note;
  }

  function onKey(event) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
    const shown = Number(state.asOf.slice(0, 4));
    let to = event.key in steps ? shown + steps[event.key] : { Home: first, End: last }[event.key];
    if (event.key === "ArrowLeft" && !closingDoor.isYearEnd(state.asOf)) to = shown - 1;
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  }

  function onPointer(event) {
    event.preventDefault();
    slider.focus({ preventScroll: true });
    pause();
    const follow = (move) => {
      const { left, width } = slider.querySelector(".bars").getBoundingClientRect();
      goTo(first + Math.floor(((move.clientX - left) / width) * (last - first + 1)));
    };
    follow(event);
    slider.setPointerCapture(event.pointerId);
    slider.addEventListener("pointermove", follow);
    slider.addEventListener("lostpointercapture", () => slider.removeEventListener("pointermove", follow), { once: true });
  }

  function goTo(to) {
    closingDoor.change({ asOf: `${Math.min(Math.max(to, first), last)}-12-31` });
  }

  function play() {
    if (Number(state.asOf.slice(0, 4)) >= last) goTo(first);
    timer = setInterval(() => {
      const shown = Number(state.asOf.slice(0, 4));
      if (shown >= last) pause();
      else goTo(shown + 1);
    }, YEAR_MS);
    show();
  }

  function pause() {
    if (!timer) return;
    clearInterval(timer);
    timer = null;
    show();
    closingDoor.bridge.rest();
  }

  function show() {
    const shown = Number(state.asOf.slice(0, 4));
    const whole = closingDoor.isYearEnd(state.asOf);
    year.textContent = whole ? shown : closingDoor.sayDay(state.asOf);
    year.classList.toggle("day", !whole);
    exact.value = state.asOf;
    playButton.setAttribute("aria-label", timer ? words.clock.pause : words.clock.play);
    playButton.dataset.playing = timer ? "yes" : "no";
    for (const bar of bars) {
      bar.column.classList.toggle("ahead", bar.year > shown);
      bar.column.classList.toggle("now", bar.year === shown);
      bar.column.classList.toggle("beside", Math.abs(bar.year - shown) === 1);
      bar.column.classList.toggle("near", Math.abs(bar.year - shown) <= 4);
    }
    const { arrival } = bars[shown - first] || {};
    slider.setAttribute("aria-valuenow", shown);
    slider.setAttribute("aria-valuetext", `${year.textContent}: ${spoken(arrival)}`);
    marker.style.left = `${((shown - first + 0.5) / (last - first + 1)) * 100}%`;
  }

  return { draw, isPlaying: () => timer !== null };
})();
