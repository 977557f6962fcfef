/* Keys, swipes and playing by itself. The page listens first, so keys work wherever the focus is, on the map too. */
closingDoor.keys = (() => {
  const { stage, words, say, data: source } = closingDoor;
  const { dataset } = document.body;
  const USUAL_S = 20;
  const TYPING_MS = 4000;
  const SWIPE_PX = 60;
  const IDLE_MS = 120_000; // a kiosk that somebody has paused and left goes on
  const ACTS = {
    ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous", Home: "first", End: "last",
    b: "blank", ".": "blank", Backspace: "restore", m: "more", s: "speaker", f: "full", p: "play", h: "help", "?": "help",
    Escape: "leave", q: "quit",
  };
  const CAPS = [
    [["→", "Space", "Page ↓"], "next"], [["←", "Page ↑"], "previous"], [["Home", "End"], "ends"], [["1 … 9", "Enter"], "jump"],
    [["B"], "blank"], [["Backspace"], "restore"], [["M"], "more"], [["S"], "speaker"], [["F"], "full"], [["P"], "play"],
    [["Esc"], "leave"], [["Q"], "quit"], [["H", "?"], "help"],
  ];
  let typed = "";
  let forgetting = null;
  let playing = null;
  let idle = null;
  let seconds = 0;

  const acts = {
    next: stage.next,
    previous: stage.previous,
    first: () => stage.go(0),
    last: stage.last,
    blank: stage.toggleBlank,
    restore: stage.restore,
    more: stage.showMore,
    speaker: openSpeaker,
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
    play: () => (playing ? pause() : play()),
    help: () => stage.showHelp(CAPS.filter(([, what]) => leads(what)).map(([keys, what]) => [keys, words.present.help[what]])),
    leave: () => stage.close() || leave(),
    quit,
  };

  function start() {
    addEventListener("keydown", onKey, { capture: true });
    addEventListener("pointerdown", touched, { capture: true, passive: true });
    watchSwipes(document.querySelector(".told"));
    seconds = Math.min(Math.max(Number(source.params.get("autoplay")) || 0, 0), 600);
    if (seconds) play();
    stage.onTell(() => playing && play()); // a chapter that was gone to by hand has its whole time
  }

  function onKey(event) {
    if (dataset.mode === "explore") return touched(); // who explores types and steps by other keys
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!(event.repeat ? event.key in ACTS : press(event.key, event.shiftKey))) return; // a key held down moves once
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** What a key does, here or in the speaker's window; false where it is none of ours. */
  function press(key, shift = false) {
    if (/^\d$/.test(key)) return type(key);
    if (key === "Enter" && typed) return jump();
    forgetTyped();
    let what = ACTS[key.length === 1 ? key.toLowerCase() : key];
    if (key === " " && shift) what = "previous";
    if (!what) return false;
    if (what !== "play") touched();
    act(what);
    return true;
  }

  const act = (what) => acts[what]();

  function type(digit) {
    touched();
    typed = (typed + digit).slice(-2);
    stage.showJump(typed);
    clearTimeout(forgetting);
    forgetting = setTimeout(forgetTyped, TYPING_MS);
    return true;
  }

  function jump() {
    const to = Number(typed) - 1;
    forgetTyped();
    if (to >= 0) stage.go(to);
    return true;
  }

  function forgetTyped() {
    typed = "";
    clearTimeout(forgetting);
    stage.showJump("");
  }

  /** Play by itself, round and round, until somebody touches a key or the screen. */
  function play() {
    seconds = Math.max(seconds || USUAL_S, 3);
    clearTimeout(idle);
    clearTimeout(playing);
    playing = setTimeout(() => (stage.isOver() ? stage.go(0) : stage.next()), seconds * 1000);
    stage.status(say(words.present.playing, { n: seconds }));
  }

  function pause() {
    clearTimeout(idle);
    if (!playing) return;
    clearTimeout(playing);
    playing = null;
    stage.status(words.present.paused);
  }

  function touched() {
    pause();
    if (source.params.has("autoplay")) idle = setTimeout(play, IDLE_MS);
  }

  function openSpeaker() {
    if (!dataset.speaker) return;
    const opened = window.open(dataset.speaker + stage.id(), `speaker-${stage.id()}`, "popup,width=1000,height=760");
    if (!opened) stage.status(words.present.blocked);
  }

  function leave() {
    closingDoor.line.leave();
    if (dataset.leave) location.assign(dataset.leave + stage.id());
  }

  /** At once to a page that shows nothing of this; "back" does not lead here again. */
  function quit() {
    document.documentElement.hidden = true;
    closingDoor.line.quit();
    location.replace(dataset.away || "about:blank");
  }

  function watchSwipes(over) {
    let from = null;
    over.addEventListener("touchstart", ({ touches }) => (from = touches.length === 1 ? touches[0] : null), { passive: true });
    over.addEventListener("touchend", ({ changedTouches: [to] }) => {
      if (!from) return;
      const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
      if (Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(down)) act(across < 0 ? "next" : "previous");
    }, { passive: true });
  }

  /** Whether a key leads anywhere: on a page that stands alone some have nowhere to go. */
  const leads = (what) => !(what in { speaker: 1, leave: 1 }) || Boolean(dataset[what]);

  /** One more key, with its line in the help. */
  function add(key, cap, what, does) {
    ACTS[key] = what;
    acts[what] = does;
    CAPS.push([[cap], what]);
  }

  return { start, press, act, add };
})();
