/* The stage: one chapter at a time, with legend and sources always under the map. */
closingDoor.stage = (() => {
  const { button, element, say, words, figures, foot, stageMap, data: source } = closingDoor;
  const { dataset } = document.body;
  const SMALLEST = 0.875; // of the type's size: then words are 35 pixels high at 1920x1080
  const LARGEST = 1.25; // where no figure needs the room
  const STEP = 0.0125;
  const parts = {};
  const listeners = [];
  let story;
  let at = 0;
  let noting = false;
  let ending = false; // the story is over, its sources are on the screen
  let page = 0; // of the sources
  let blank = false;

  async function start() {
    story = await source.story();
    const asked = Number(source.params.get("chapter")) || 1;
    lay();
    const first = story.chapters[clamp(asked - 1)];
    await stageMap.start(parts.map, story.clear, first, { strayed: (astray) => (parts.back.hidden = !astray), moved: foot.showKey, worded: foot.fill });
    document.getElementById("opening").remove();
    go(asked - 1, { fly: false });
    document.fonts.ready.then(fit);
    addEventListener("resize", fit);
    dataset.ready = "yes";
  }

  function lay() {
    const say_ = words.present;
    parts.date = element("p", "date");
    parts.title = element("h1");
    parts.text = element("p", "text");
    parts.figure = element("div", "exhibit");
    parts.count = element("span", "count");
    parts.status = element("p", "status");
    parts.status.setAttribute("role", "status");
    parts.body = element("div", "body", null, [parts.date, parts.title, parts.text, parts.figure]);
    parts.body.setAttribute("aria-live", "polite");
    parts.body.addEventListener("scroll", showMoreBelow, { passive: true });
    const nav = element("nav", "", null, [
      button("arrow previous", "‹", say_.previous, () => press("previous")), parts.count,
      button("arrow next", "›", say_.next, () => press("next")),
      button("plain", say_.more, null, () => press("more")), button("plain", say_.keys, null, () => press("help")),
    ]);
    parts.told = element("section", "told", null, [parts.body, parts.status, nav]);
    parts.back = button("back", say_.return_to, null, () => press("restore"));
    parts.back.hidden = true;
    parts.map = element("div", "map", null, [parts.back]);
    parts.sheet = sheet("sheet");
    parts.note = sheet("note");
    parts.end = sheet("end");
    parts.blank = element("div", "blank");
    parts.blank.setAttribute("aria-label", say_.blank);
    parts.jump = element("p", "jump");
    for (const part of [parts.blank, parts.jump]) part.hidden = true;
    parts.all = element("div", "scene", null, [parts.told, parts.map, foot.box]);
    document.querySelector("main").append(parts.all, parts.end, parts.sheet, parts.note, parts.jump, parts.blank);
  }

  function sheet(className) {
    const made = element("section", className);
    made.setAttribute("role", "dialog");
    made.hidden = true;
    return made;
  }

  const press = (what) => closingDoor.keys.act(what);
  const clamp = (n) => Math.min(Math.max(n, 0), story.chapters.length - 1);

  /** Go to a chapter by its place; what is said before it comes first. */
  function go(to, { fly = true, agreed = false } = {}) {
    at = clamp(Math.trunc(to));
    const chapter = story.chapters[at];
    noting = Boolean(chapter.content_note) && !agreed;
    ending = false;
    blank = false;
    close();
    if (noting) showNote(chapter);
    else showChapter(chapter, fly);
    parts.note.hidden = !noting;
    parts.end.hidden = true;
    parts.all.inert = noting;
    if (noting) parts.note.querySelector("button").focus();
    if (location.protocol.startsWith("http")) {
      const address = new URL(location.href);
      address.searchParams.set("chapter", at + 1);
      history.replaceState(null, "", address);
    }
    tell();
  }

  function showNote(chapter) {
    const on = button("plain", words.present.note_button, null, () => press("next"));
    parts.note.replaceChildren(element("h2", "", words.present.content_note), element("p", "", chapter.content_note), element("p", "hint", words.present.go_on), on);
    parts.note.setAttribute("aria-label", words.present.content_note);
  }

  function showChapter(chapter, fly) {
    parts.date.textContent = closingDoor.visible(chapter.date);
    parts.title.textContent = closingDoor.visible(chapter.title);
    parts.text.textContent = closingDoor.visible(chapter.text);
    parts.body.scrollTop = 0;
    parts.count.textContent = say(words.present.counter, { n: at + 1, of: story.chapters.length });
    document.title = closingDoor.visible(`${at + 1}. ${chapter.title} · ${story.title}`);
    stageMap.show(chapter, { fly });
    parts.all.querySelector(".previous").disabled = at === 0;
    dataset.chapter = chapter.id;
    fit();
  }

  /** Let everything find its room: words as large as they fit, then the figure, then as many sources as stand in two lines. */
  function fit() {
    const chapter = story.chapters[at];
    if (noting || !chapter || dataset.mode === "explore") return;
    const figure = chapter.figure && figures.draw(chapter.figure);
    parts.figure.replaceChildren(...(figure ? [figure.box] : []));
    parts.figure.hidden = !figure;
    parts.figure.classList.add("ample");
    if (!fitWords(figure ? 1 : LARGEST)) parts.figure.classList.remove("ample");
    if (figure) figure.fit();
    foot.showSources(chapter, () => press("more"));
    foot.showKey();
    showMoreBelow();
    if (ending) turn(0);
  }

  /** Fade the lower edge of the words while there are more below it. */
  function showMoreBelow() {
    const { scrollTop, scrollHeight, clientHeight } = parts.body;
    parts.body.classList.toggle("cut", scrollHeight - clientHeight - scrollTop > 4);
  }

  /** The largest type that lets the words stand in their room beside the figure; false where even the smallest does not. */
  function fitWords(largest) {
    for (let size = largest; size >= SMALLEST; size -= STEP) {
      parts.body.style.setProperty("--fit", size);
      if (parts.body.scrollHeight <= parts.body.clientHeight + 1) return true;
    }
    return false;
  }

  function next() {
    if (noting) go(at, { agreed: true });
    else if (blank && (ending ? isOver() : isLast())) toggleBlank();
    else if (ending) turn(1);
    else if (isLast()) end();
    else go(at + 1);
  }

  function previous() {
    if (ending && page > 0) turn(-1);
    else if (ending) go(at, { fly: false, agreed: true });
    else if (at > 0) go(at - 1);
    else if (blank) toggleBlank();
  }

  const isLast = () => at === story.chapters.length - 1 && !noting;

  /** After the last chapter: every source of the story, on as many pages as it takes. */
  function end() {
    close();
    ending = true;
    blank = false;
    const say_ = words.present;
    parts.list = element("ol", "bibliography", null, story.sources.map(({ id, text }) => element("li", "", null, [sourceName(id, text)])));
    parts.page = element("span", "count");
    const nav = element("nav", "", null, [
      button("arrow previous", "‹", say_.previous, () => press("previous")), parts.page,
      button("arrow next", "›", say_.next, () => press("next")), button("plain", say_.again, null, () => press("first")),
    ]);
    const count = say(story.sources.length === 1 ? say_.end_sources.one : say_.end_sources.other, { n: story.sources.length });
    parts.end.replaceChildren(element("p", "date", story.title), element("h2", "", count), parts.list, nav);
    parts.end.setAttribute("aria-label", count);
    parts.end.hidden = false;
    parts.all.inert = true;
    page = 0;
    turn(0);
    nav.querySelector(".next").focus({ preventScroll: true });
    tell();
  }

  /** Go so many pages on in the sources. */
  function turn(by) {
    const { list } = parts;
    if (by) close();
    if (by) blank = false;
    const gap = parseFloat(getComputedStyle(list).columnGap) || 0;
    const pages = Math.max(1, Math.ceil((list.scrollWidth + gap - 4) / (list.clientWidth + gap))); // half a pixel is no page
    page = Math.min(Math.max(page + by, 0), pages - 1);
    list.scrollLeft = page * (list.clientWidth + gap);
    parts.page.textContent = pages > 1 ? say(words.present.page, { n: page + 1, of: pages }) : "";
    parts.end.querySelector(".next").disabled = page === pages - 1;
    if (by) tell();
  }

  /** Whether nothing comes after what is on the screen. */
  const isOver = () => ending && parts.end.querySelector(".next").disabled;

  /** The chapter exactly as it was told, after a click or a pan. */
  function restore() {
    if (!noting && !ending) stageMap.show(story.chapters[at]);
    foot.showKey();
  }

  function toggleBlank() {
    blank = !blank;
    parts.blank.hidden = !blank;
    tell();
  }

  /** Close what lies over the stage; false where nothing did. */
  function close() {
    const wasOpen = !parts.sheet.hidden || !parts.blank.hidden;
    parts.sheet.hidden = true;
    parts.blank.hidden = true;
    return wasOpen;
  }

  function open(name, content) {
    const isOpen = !parts.sheet.hidden && parts.sheet.dataset.name === name;
    close();
    if (isOpen || noting || (ending && name === "more")) return;
    const shut = button("plain shut", words.present.close, null, close);
    parts.sheet.dataset.name = name;
    parts.sheet.replaceChildren(shut, ...content);
    parts.sheet.setAttribute("aria-label", content[0].textContent);
    parts.sheet.hidden = false;
    parts.sheet.scrollTop = 0;
    shut.focus({ preventScroll: true });
  }

  function showMore() {
    const chapter = story.chapters[at];
    const content = [element("h2", "", chapter.title), element("p", "", chapter.more)];
    if (chapter.figure && chapter.figure.kind === "timeline") {
      content.push(element("h3", "", chapter.figure.title), element("ol", "events", null, chapter.figure.events.map(figures.eventRow)));
    }
    content.push(element("h3", "", words.present.sources), element("ul", "cited", null, chapter.sources.map(cited)));
    open("more", content);
  }

  function cited({ id, label, places }) {
    return element("li", "", null, [sourceName(id, label), places.length ? ` · ${closingDoor.visible(places.join("; "))}` : ""]);
  }

  function sourceName(id, text) {
    const name = element(dataset.sources ? "a" : "span", "", text);
    if (dataset.sources) Object.assign(name, { href: dataset.sources + encodeURIComponent(id), target: "_blank", rel: "noopener" });
    return name;
  }

  function showHelp(rows) {
    const list = element("dl", "", null, rows.map(([keys, what]) => element("div", "", null, [element("dt", "", null, keys.map((key) => element("kbd", "", key))), element("dd", "", what)])));
    open("help", [element("h2", "", words.present.keys), list]);
  }

  function showJump(typed) {
    parts.jump.hidden = !typed;
    parts.jump.textContent = say(words.present.jump, { n: typed });
  }

  function say_(text) {
    parts.status.textContent = text;
  }

  function tell() {
    const now = { story: story.id, at, noting, ending, blank };
    listeners.forEach((listen) => listen(now));
  }

  return {
    start, go, next, previous, restore, toggleBlank, close, showMore, showHelp, showJump, tell, status: say_,
    last: () => go(story.chapters.length - 1),
    isOver,
    onTell: (listen) => listeners.push(listen),
    id: () => story.id,
  };
})();
