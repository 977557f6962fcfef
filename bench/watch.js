/* What the bench asks of a page, with the page's own clock. One copy runs in the top window, from document start.

   Every wait ends at the first animation frame in which the thing is there, so its grain is a frame (16.7 ms). */
(() => {
  if (window !== window.top) return;
  const LIMIT_MS = 60000;
  const epoch = (inWindow) => inWindow.performance.timeOrigin + inWindow.performance.now();

  /** The windows of the maps on the page. */
  function maps() {
    const frames = [...document.querySelectorAll('iframe[title^="streamlit_folium"]')];
    return frames.map((frame) => frame.contentWindow).filter((inWindow) => inWindow && inWindow.document);
  }

  /** The SVG path of a feature: by our attribute, or as Leaflet's layer made from the GeoJSON feature of that id. */
  function pathIn(inWindow, id) {
    const marked = inWindow.document.querySelector(`path[data-feature-id="${id}"]`);
    if (marked) return marked;
    const layers = Object.values((inWindow.map && inWindow.map._layers) || {});
    const layer = layers.find((one) => one.feature && one.feature.id === id && one._path);
    return layer ? layer._path : null;
  }

  function pathOf(id) {
    for (const inWindow of maps()) {
      const path = pathIn(inWindow, id);
      if (path) return path;
    }
    return null;
  }

  /** How a feature looks now: our stance attribute, or the colour of its stroke. */
  function look(id) {
    const path = pathOf(id);
    return path && path.isConnected ? path.dataset.stance || path.getAttribute("stroke") : null;
  }

  function text(selector) {
    const found = document.querySelector(selector);
    return found ? found.textContent.trim() : "";
  }

  /** The time (ms since 1970) at which `check` first holds in an animation frame, or null. */
  function until(check) {
    const last = epoch(window) + LIMIT_MS;
    return new Promise((resolve) => {
      const tryNow = () => {
        if (check()) resolve(epoch(window));
        else if (epoch(window) > last) resolve(null);
        else requestAnimationFrame(tryNow);
      };
      tryNow();
    });
  }

  /** The time of the next event of this kind, in any window of the page. */
  function next(kind) {
    return new Promise((resolve) => {
      for (const inWindow of [window, ...maps()]) {
        const note = (event) => resolve(inWindow.performance.timeOrigin + event.timeStamp);
        inWindow.addEventListener(kind, note, { capture: true, once: true });
      }
    });
  }

  /** Milliseconds from the next event of `kind` until `check` holds, or null. */
  async function between(kind, check) {
    if (check()) return null; // there already: nothing to measure
    const started = next(kind);
    const ended = await until(check);
    return ended === null ? null : ended - (await started);
  }

  const bench = {
    look,
    text,
    stepped: (id, wanted) => between("keydown", () => look(id) === wanted),
    filled: (kind, selector) => {
      const before = text(selector);
      return between(kind, () => text(selector) && text(selector) !== before);
    },
    /** Where on the page the mouse hits the feature itself, as [x, y], or null. */
    pointOn(id) {
      const path = pathOf(id);
      if (!path) return null;
      const inWindow = path.ownerDocument.defaultView;
      const offset = inWindow.frameElement.getBoundingClientRect();
      const matrix = path.getScreenCTM();
      for (const part of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9]) {
        const { x, y } = path.getPointAtLength(path.getTotalLength() * part).matrixTransform(matrix);
        if (inWindow.document.elementFromPoint(x, y) === path) return [offset.x + x, offset.y + y];
      }
      return null;
    },
    async sinceNavigation(check) {
      const at = await until(check);
      return at === null ? null : at - performance.timeOrigin;
    },
  };
  window.bench = bench;
  const { id, look: wanted, selector } = window.benchWants;
  bench.ready = bench.sinceNavigation(() => (selector ? text(selector) : look(id) === wanted));
})();
