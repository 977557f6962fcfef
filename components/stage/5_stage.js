/* The stage: one chapter at a time, with legend and sources always under the map. */
closingDoor.stage = (() => {
  const { button, element, say, words, figures, foot, stageMap, data: source } = closingDoor;
  const { dataset } = document.body;
  const SMALLEST = 0.875; // of the type's size: then words are 35 pixels high at 1920x1080
  const parts = {};
  const listeners = [];
  let story;
  let at = 0;
  let noting = false;
  let blank = false;

  async function start() {
    story = await source.story();
    const asked = Number(source.params.get("chapter")) || 1;
    lay();
    const first = story.chapters[clamp(asked - 1)];
    await stageMap.start(parts.map, story.clear, first, { strayed: (astray) => (parts.back.hidden = !astray), worded: foot.fill });
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
    parts.blank = element("div", "blank");
    parts.blank.setAttribute("aria-label", say_.blank);
    parts.jump = element("p", "jump");
    for (const part of [parts.blank, parts.jump]) part.hidden = true;
    parts.all = element("div", "scene", null, [parts.told, parts.map, foot.box]);
    document.querySelector("main").append(parts.all, parts.sheet, parts.note, parts.jump, parts.blank);
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
    blank = false;
    close();
    if (noting) showNote(chapter);
    else showChapter(chapter, fly);
    parts.note.hidden = !noting;
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
    parts.count.textContent = say(words.present.counter, { n: at + 1, of: story.chapters.length });
    document.title = closingDoor.visible(`${at + 1}. ${chapter.title} · ${story.title}`);
    stageMap.show(chapter, { fly });
    foot.showKey();
    parts.all.querySelector(".previous").disabled = at === 0;
    parts.all.querySelector(".next").disabled = at === story.chapters.length - 1;
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
    let size = 1;
    do {
      parts.body.style.setProperty("--fit", size);
      size -= 0.0125;
    } while (size >= SMALLEST && parts.body.scrollHeight > parts.body.clientHeight + 1);
    if (figure) figure.fit();
    foot.showSources(chapter, () => press("more"));
  }

  function next() {
    if (noting) go(at, { agreed: true });
    else if (at < story.chapters.length - 1) go(at + 1);
    else if (blank) toggleBlank();
  }

  function previous() {
    if (at > 0) go(at - 1);
    else if (blank) toggleBlank();
  }

  /** The chapter exactly as it was told, after a click or a pan. */
  function restore() {
    if (!noting) stageMap.show(story.chapters[at]);
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
    if (isOpen || noting) return;
    const shut = button("plain", words.present.close, null, close);
    parts.sheet.dataset.name = name;
    parts.sheet.replaceChildren(...content, shut);
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
    const name = element(dataset.sources ? "a" : "span", "", label);
    if (dataset.sources) Object.assign(name, { href: dataset.sources + encodeURIComponent(id), target: "_blank", rel: "noopener" });
    return element("li", "", null, [name, places.length ? ` · ${closingDoor.visible(places.join("; "))}` : ""]);
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
    const now = { story: story.id, at, noting, blank };
    listeners.forEach((listen) => listen(now));
  }

  return {
    start, go, next, previous, restore, toggleBlank, close, showMore, showHelp, showJump, tell, status: say_,
    last: () => go(story.chapters.length - 1),
    isLast: () => at === story.chapters.length - 1 && !noting,
    onTell: (listen) => listeners.push(listen),
    id: () => story.id,
  };
})();
