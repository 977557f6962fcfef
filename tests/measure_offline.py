"""How long the offline page takes to a drawn map, beside a bare Leaflet page with the same shapes: medians, one run.

    PYTHONPATH=. python tests/measure_offline.py [story id]

Both pages are opened from files in the same browser by turns. The bare page is measured twice: as Leaflet draws by
default (SVG), and with `preferCanvas`, its fastest way.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from browser import launch
from playwright.sync_api import Browser, sync_playwright

from routes.basemap import basemap_data
from routes.dataset import Dataset, load
from routes.mapdata import map_data
from routes.pack.offline import LEAFLET, as_script_data, offline_html

ROUNDS = 5
WATCH = """
(() => {
  const look = () => {
    if (!document.body || document.body.dataset.ready !== "yes") return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
  };
  requestAnimationFrame(look);
})();
"""
DRAWN = """() => new Promise((done) => {
  const look = () => (window.drawnAt ? done(window.drawnAt) : requestAnimationFrame(look));
  look();
})"""
BARE = """<!doctype html><meta charset="utf-8"><title>bare</title><style>{css}
html, body, #map {{ height: 100%; margin: 0; }}</style><body><div id="map"></div>
<script type="application/json" id="shapes">{shapes}</script><script>{leaflet}</script><script>
const {{ basemap, map: data }} = JSON.parse(document.getElementById("shapes").textContent);
const map = L.map("map", {{ preferCanvas: {canvas} }}).fitBounds([[9.3, 96], [49.3, 132]]);
const dot = (_, at) => L.circleMarker(at, {{ radius: 4 }});
for (const part of ["world", "countries", "lakes", "rivers", "borders", "places"])
  L.geoJSON(basemap[part], {{ pointToLayer: dot }}).addTo(map);
const turn = ([lon, lat]) => [lat, lon];
for (const one of data.features) {{
  if (one.line) L.polyline(one.line.map(turn)).addTo(map);
  else if (one.rings) L.polygon(one.rings.map((ring) => [ring.map(turn)])).addTo(map);
  else L.circleMarker(turn(one.position), {{ radius: 4 }}).addTo(map);
}}
document.body.dataset.ready = "yes";
</script></body>"""


def bare_page(dataset: Dataset, today: date, *, canvas: bool) -> str:
    """Leaflet and the shapes, and nothing else."""
    return BARE.format(
        css=(LEAFLET / "leaflet.css").read_text(encoding="utf-8"),
        shapes=as_script_data({"basemap": basemap_data(dataset), "map": map_data(dataset, today=today)}),
        leaflet=(LEAFLET / "leaflet.js").read_text(encoding="utf-8"),
        canvas=str(canvas).lower(),
    )


def opening_ms(browser: Browser, page_file: Path) -> float:
    """From the start of the navigation to the second frame after the map is drawn."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(page_file.as_uri())
    taken = float(page.evaluate(DRAWN))
    context.close()
    return taken


def main() -> None:
    dataset, today = load(), date.today()
    story = next(story for story in dataset.stories if story.id in (*sys.argv[1:], dataset.stories[0].id))
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {
            "offline": offline_html(story, dataset, today=today),
            "bare, canvas": bare_page(dataset, today, canvas=True).encode(),
            "bare, default": bare_page(dataset, today, canvas=False).encode(),
        }
        files = {name: Path(folder) / f"{number}.html" for number, name in enumerate(pages)}
        for name, data in pages.items():
            files[name].write_bytes(data)
        browser = launch(playwright)
        taken: dict[str, list[float]] = {name: [] for name in pages}
        for turn in range(ROUNDS + 1):
            for name, file in files.items():
                found = opening_ms(browser, file)
                if turn:  # the first warms the browser up
                    taken[name].append(found)
        browser.close()
    ours = median(taken["offline"])
    for name, values in taken.items():
        ratio = f"offline / this = {ours / median(values):.2f}"
        print(f"{name:14} {len(pages[name]) / 1e6:.2f} MB  median {median(values):5.0f} ms  {ratio}")


if __name__ == "__main__":
    main()
