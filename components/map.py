"""The folium map: empty and constant, drawn by our own script, and the one small state that crosses to it and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import folium
from jinja2 import Template
from streamlit_folium import st_folium

from components.server import asset_address, data_version
from routes.view import MAX_ZOOM, MIN_ZOOM, View
from routes.words import say

KEY = "map"
FRAME_HEIGHT = 760
"""Height in pixels until page.css fits the frame to the window."""

_SAFE_STATE = re.compile(r"[A-Za-z0-9=&,./_~-]*")


@dataclass(frozen=True)
class MapAddress:
    """Where the frame fetches its data: a folder of addresses of ours, and a version that changes with the content."""

    folder: str
    version: str


class FrameScript(folium.MacroElement):
    """Hands the empty Leaflet map to components/frame/, with the address of the data it is to fetch."""

    _name = "FrameScript"
    _template = Template(
        "{% macro script(this, kwargs) %}"
        'closingDoor.bridge.start(map_div, "{{ this.folder }}", "{{ this.version }}", {{ this.failed }});'
        "{% endmacro %}"
    )

    def __init__(self, address: MapAddress) -> None:
        super().__init__()
        self.folder, self.version = address.folder, address.version
        self.failed = json.dumps(say("map.failed"))


class FrameState(folium.FeatureGroup):
    """The view on its way to the frame, as the text of a link's parameters; the frame runs this when it changes."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.layerGroup();"
        'closingDoor.bridge.receive("{{ this.state }}");'
        "{% endmacro %}"
    )

    def __init__(self, state: str) -> None:
        super().__init__()
        if not _SAFE_STATE.fullmatch(state):
            raise ValueError("expected a state of ids, dates and numbers only")
        self.state = state


def published_map() -> MapAddress:
    """What every reader sees."""
    return MapAddress("/map", data_version())


def draw_map(view: View, sequence: int, on_change: Callable[[], None], address: MapAddress) -> None:
    """Show the map of `view`. After a choice in the frame `on_change` runs; `frame_value` then says what was chosen."""
    state = urlencode({**view.to_params(), "seq": sequence}, safe=",/:")
    state = re.sub(r"filter=[^&]*&?", "", state)
    st_folium(
        empty_map(FrameScript(address), "frame"),
        key=KEY,
        height=FRAME_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=FrameState(state),
        render=False,  # it renders the map once more by itself
        on_change=on_change,
    )


def empty_map(script: folium.MacroElement, assets: str) -> folium.Map:
    """A map with nothing on it but our script, made from constants alone and anew each time, since st_folium changes
    what it is given. `assets` names the script's file and style: `frame` is frame.js and frame.css."""
    base = folium.Map(
        location=(30, 114),
        zoom_start=4,
        tiles=None,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
        max_bounds=True,
        min_lat=-12,
        max_lat=62,
        min_lon=60,
        max_lon=165,
        max_bounds_viscosity=0.8,
    )
    base.default_js = [("leaflet", asset_address("leaflet.js")), (assets, asset_address(f"{assets}.js"))]
    base.default_css = [("leaflet", asset_address("leaflet.css")), (assets, asset_address(f"{assets}.css"))]
    base.options["maxZoom"], base.options["minZoom"] = MAX_ZOOM, MIN_ZOOM
    base.add_child(script)
    return base


def frame_value(stored: Any) -> tuple[dict[str, str], int]:
    """What the frame sent, as a link's parameters and its sequence number; anything odd is left out."""
    if not isinstance(stored, dict):
        return {}, 0
    params = {name: value for name, value in stored.items() if isinstance(value, str)}
    sequence = stored.get("seq")
    return params, sequence if type(sequence) is int and 0 < sequence < 1_000_000_000 else 0
