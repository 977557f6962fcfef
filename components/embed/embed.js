/* A view on another site's page: the readers' map by itself, showing what its address asks for. */
(() => {
  const { map: folder, version, failed, options } = document.body.dataset;
  const params = new URLSearchParams(location.search);
  const asked = params.get("controls");
  document.body.dataset.shown = asked === null ? "clock legend layers zoom reset" : asked.replaceAll(",", " ");
  document.body.dataset.unfoldFrom = 900; // a smaller map would lie under its legend
  if (!params.get("as_of")) params.set("as_of", String(new Date().getUTCFullYear() - 1));

  /* On our own pages Python hears what was chosen; here only the way to the whole site follows it. */
  window.Streamlit = {
    setComponentValue({ seq: _, ...view }) {
      document.getElementById("open").href = `/?${new URLSearchParams(view)}`;
    },
  };
  const map = L.map("map_div", JSON.parse(options));
  closingDoor.bridge.start(map, folder, version, failed);
  closingDoor.bridge.receive(params);
})();
