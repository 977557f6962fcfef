"""The editing map and the map of differences: empty folium maps, drawn by components/editor_frame/.

What they draw is fetched from `/staff/map.json` and `/staff/difference.json`, which check who asks; only ids, a stamp
and a number cross by way of folium.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

import folium
from jinja2 import Template
from streamlit_folium import st_folium

from components.map import FrameState, empty_map
from components.server import data_version
from routes.words import say

KEY, DIFFERENCE_KEY = "edit-map", "difference-map"
FRAME_HEIGHT, DIFFERENCE_HEIGHT = 760, 460
"""Heights in pixels where the page's style says nothing else."""


class EditScript(folium.MacroElement):
    """Hands the empty Leaflet map to components/editor_frame/, with the version of the basemap it is to fetch."""

    _name = "EditScript"
    _template = Template(
        "{% macro script(this, kwargs) %}"
        'closingDoor.bridge.start(map_div, "{{ this.version }}", {{ this.failed }});'
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()
        self.version = data_version()
        self.failed = json.dumps(say("editor.map.failed"))


def draw_edit_map(
    layer: str,
    stamp: str,
    selected: str | None,
    sequence: int,
    on_change: Callable[[], None],
    *,
    key: str = KEY,
    height: int = FRAME_HEIGHT,
) -> None:
    """Show the layer ("layers/mongolia") for editing; after a step or a choice on the map `on_change` runs.

    `stamp` changes with every state of the draft. `sequence` is the number of the last message that was made:
    `routes.mapsteps.read_message` reads them from the session's value of `key`.
    """
    chosen = (selected or "").encode("utf-8", "replace").hex()  # an id in a draft may be any text
    _draw({"layer": layer, "v": stamp, "sel": chosen, "seq": str(sequence)}, key, height, on_change)


def draw_difference_map(what: str, stamp: str, *, key: str = DIFFERENCE_KEY, height: int = DIFFERENCE_HEIGHT) -> None:
    """Show what `what` (a word that `/staff/difference.json` understands) changes; nothing can be edited there."""
    _draw({"what": what, "v": stamp}, key, height, None)


def _draw(state: dict[str, str], key: str, height: int, on_change: Callable[[], None] | None) -> None:
    st_folium(
        empty_map(EditScript(), "editor"),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=FrameState(urlencode(state, safe=",/:")),
        render=False,  # it renders the map once more by itself
        on_change=on_change,
    )
