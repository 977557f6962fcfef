/* The foot of the stage: legend, sources and credits, under every chapter. */
closingDoor.foot = (() => {
  const { button, element, say, words, stageMap } = closingDoor;
  const STANCES = ["cooperates", "tolerates", "mixed", "returns", "sealed", "unknown"];
  const key = element("ul", "key");
  const cited = element("p", "sources");
  const credits = element("p", "credits");
  const box = element("footer", "foot", null, [key, cited, credits]);

  /** Write what stays: once the map's words are here. */
  function fill() {
    key.append(...keyRows());
    credits.textContent = `${words.map.schematic} ${words.map.credit}`;
  }

  /** As many sources as stand in two lines; the rest are a key away. */
  function showSources({ sources }, onMore) {
    const names = sources.map(({ label }) => element("span", "", label));
    const more = button("more", "", null, onMore);
    let left = names.length;
    const put = () => {
      const rest = names.length - left;
      more.textContent = say(words.present.more_sources, { n: rest });
      cited.replaceChildren(element("b", "", words.present.sources), ...names.slice(0, left), ...(rest ? [more] : []));
    };
    put();
    while (left > 1 && cited.scrollHeight > cited.clientHeight + 1) {
      left -= 1;
      put();
    }
  }

  function keyRows() {
    const mark = (stance, extra = {}) => {
      const line = element("i", "swatch");
      Object.assign(line.dataset, { stance, ...extra });
      return element("span", "mark", null, [line]);
    };
    const dot = (className, whose, text) => element("span", className, null, [element("span", "mark", null, [element("i", `dot ${whose}`)]), element("span", "", text)]);
    const rows = STANCES.map((stance) => {
      const row = element("li", "", null, [mark(stance), element("b", "", words.stance.word[stance]), element("span", "", words.stance.phrase[stance])]);
      row.dataset.shows = stance;
      return row;
    });
    const missions = element("li", "missions", null, [dot("our", "ours", words.map.mission), dot("their", "other", words.map.other_mission)]);
    return [...rows, element("li", "thin", null, [mark("returns", { sure: "no" }), element("span", "", words.map.thin)]), missions];
  }

  /** The legend says what is in view: the stances of lines and bands, whether one is thin, and whose missions. */
  function showKey() {
    const seen = stageMap.seen();
    const ways = seen.filter(({ feature }) => feature.line || feature.rings);
    const unsure = ways.find(({ feature, stance, sure }) => feature.line && sure === "no" && stance in words.stance.word && stance !== "unknown");
    const missions = seen.filter(({ feature }) => feature.kind === "mission").map(({ feature }) => feature.whose === "KR");
    for (const row of key.querySelectorAll("[data-shows]")) row.hidden = !ways.some(({ stance }) => stance === row.dataset.shows);
    const [thin, dots] = [key.querySelector(".thin"), key.querySelector(".missions")];
    thin.hidden = !unsure;
    if (unsure) thin.querySelector(".swatch").dataset.stance = unsure.stance;
    dots.hidden = !missions.length;
    dots.querySelector(".our").hidden = !missions.includes(true);
    dots.querySelector(".their").hidden = !missions.includes(false);
  }

  return { box, fill, showKey, showSources };
})();
