/* Where the stage's data comes from: inlined in the page as `data-<name>`, or else from this server. */
closingDoor.data = (() => {
  const { dataset } = document.body;
  const params = new URLSearchParams(location.search);

  async function load(name, address) {
    const inlined = document.getElementById(`data-${name}`);
    if (inlined) return JSON.parse(inlined.textContent);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.json();
  }

  /** The story that the address names; its words join the map's. */
  async function story() {
    const id = params.get("story") || "";
    if (!/^[a-z0-9-]{1,100}$/.test(id) && !document.getElementById("data-story")) throw new Error("no story");
    const found = await load("story", `${dataset.story}/${id}.json`);
    closingDoor.words.present = found.words;
    document.documentElement.lang = found.language;
    return found;
  }

  const map = (name) => load(name, `${dataset.map}/${name}.json?v=${dataset.version}`);

  function fail(error) {
    const { element } = closingDoor;
    const back = element("a", "", "→");
    back.href = "/stories";
    document.querySelector("main").replaceChildren(element("p", "message", `${dataset.failed} `, [back]));
    console.warn(error);
  }

  /** What the windows of one story talk through; those of its draft have another. */
  const channel = (id) => new BroadcastChannel(`${dataset.story}/${id}`);

  return { params, story, map, channel, fail };
})();

closingDoor.button = (className, text, label, onClick) => {
  const made = closingDoor.element("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
};
