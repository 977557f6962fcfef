/* The speaker's window: what to say, what comes next, and the time; its keys drive the stage. */
closingDoor.speaker = (() => {
  const { element, say, words, data: source } = closingDoor;
  const parts = {};
  const [LARGEST, SMALLEST] = [48, 20]; // px of the notes
  const HERE = { f: true, s: true, h: true, "?": true }; // keys that mean something on the stage's own window only
  let story;
  let channel;
  let started = Date.now();
  let stageStarted = null;

  async function start() {
    story = await source.story();
    lay();
    channel = source.channel(story.id);
    channel.addEventListener("message", ({ data }) => hear(data));
    addEventListener("keydown", onKey, { capture: true });
    channel.postMessage({ kind: "hello" });
    addEventListener("resize", fit);
    document.fonts.ready.then(fit);
    setInterval(tick, 500);
    tick();
    document.body.dataset.ready = "yes";
  }

  function lay() {
    const say_ = words.present.speaker;
    for (const name of ["elapsed", "now", "count", "state", "title", "text", "nextTitle", "nextText"]) {
      parts[name] = element(name === "title" ? "h1" : name === "nextTitle" ? "h2" : "p", name);
    }
    parts.notes = element("div", "notes");
    parts.notesHead = element("h3", "", say_.notes);
    parts.state.setAttribute("role", "status");
    parts.state.textContent = say_.waiting;
    const time = (label, part) => element("div", "time", null, [element("span", "", label), part]);
    const arrow = (text, label, key) => closingDoor.button("arrow", text, label, () => send(key));
    const nav = element("nav", "", null, [arrow("‹", words.present.previous, "ArrowLeft"), parts.count, arrow("›", words.present.next, "ArrowRight")]);
    const head = element("header", "", null, [time(say_.elapsed, parts.elapsed), nav, time(say_.clock, parts.now)]);
    parts.here = element("section", "here", null, [parts.title, parts.text, parts.notesHead, parts.notes]);
    parts.next = element("section", "next", null, [element("h3", "", say_.next), parts.nextTitle, parts.nextText]);
    parts.here.hidden = parts.next.hidden = true; // until a stage says where it stands
    parts.main = document.querySelector("main");
    document.getElementById("opening").remove();
    parts.main.append(head, parts.state, parts.here, parts.next, element("footer", "", say_.help));
    document.title = `${say_.title} · ${story.title}`;
  }

  function hear(message) {
    if (message.kind === "at" && message.story === story.id) show(message);
    else if (message.kind === "quit") location.replace(document.body.dataset.away || "about:blank");
    else if (message.kind === "left") {
      parts.state.textContent = words.present.speaker.waiting;
      fit();
    }
  }

  function show({ at, noting, ending, blank, started: since }) {
    const [chapter, next] = [story.chapters[at], story.chapters[at + 1]];
    if (!chapter) return;
    if (since !== stageStarted) started = stageStarted = since;
    const put = (name, text) => (parts[name].textContent = closingDoor.visible(text || ""));
    put("count", say(words.present.counter, { n: at + 1, of: story.chapters.length }));
    put("title", `${chapter.date} · ${chapter.title}`);
    put("text", chapter.text);
    parts.notes.replaceChildren(...chapter.notes.map(note));
    parts.notesHead.hidden = !chapter.notes.length;
    parts.here.hidden = parts.next.hidden = false;
    put("nextTitle", next ? next.title : words.present.speaker.last);
    put("nextText", next ? next.text : "");
    put("state", blank ? words.present.speaker.blank : noting ? `${words.present.speaker.note}: ${chapter.content_note}` : ending ? words.present.speaker.ending : "");
    document.body.dataset.chapter = chapter.id;
    fit();
  }

  /** A part of the notes: the words that open it, then what is said. */
  function note([lead, text]) {
    const { visible } = closingDoor;
    return element("p", "", null, [...(lead ? [element("b", "", visible(lead)), " "] : []), element("span", "", `${visible(text)} `)]);
  }

  /** The largest type that shows the whole chapter at once. */
  function fit() {
    for (let size = LARGEST; size >= SMALLEST; size -= 1) {
      parts.main.style.setProperty("--size", `${size}px`);
      if (parts.main.scrollHeight <= parts.main.clientHeight) return;
    }
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "t") started = Date.now();
    else if (!HERE[key] && key !== "Tab" && key !== "r" && key !== "c") send(event.key, event.shiftKey);
    else return;
    if (key !== "Enter") event.preventDefault();
  }

  function send(key, shift = false) {
    channel.postMessage({ kind: "key", key, shift });
  }

  function tick() {
    const passed = Math.max(0, Math.floor((Date.now() - started) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    parts.elapsed.textContent = `${two(Math.floor(passed / 60))}:${two(passed % 60)}`;
    parts.now.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }

  return { start };
})();

closingDoor.speaker.start().catch(closingDoor.data.fail);
