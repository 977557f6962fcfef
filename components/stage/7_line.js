/* The line between the stage and the speaker's window: where the story stands goes out, keys come in. */
closingDoor.line = (() => {
  const { stage } = closingDoor;
  const started = Date.now();
  let channel = null;
  let now = null;

  function start() {
    channel = closingDoor.data.channel(stage.id());
    channel.addEventListener("message", ({ data }) => {
      if (data.kind === "hello") stage.tell();
      else if (data.kind === "key" && typeof data.key === "string") closingDoor.keys.press(data.key, data.shift === true);
    });
    stage.onTell((at) => {
      now = { kind: "at", started, ...at };
      channel.postMessage(now);
    });
    addEventListener("pagehide", leave);
    stage.tell();
  }

  const leave = () => channel && channel.postMessage({ kind: "left" });
  const quit = () => channel && channel.postMessage({ kind: "quit" });

  return { start, leave, quit };
})();

(async () => {
  try {
    await closingDoor.stage.start();
    closingDoor.line.start();
    closingDoor.keys.start();
  } catch (error) {
    closingDoor.data.fail(error);
  }
})();
