"""The file formats that come in and go out, in one table that pages, command line and tests go through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from routes.documents import is_layer, is_story

FormatId = Literal["geojson", "gpkg", "kml", "kmz", "gpx", "shapefile", "csv", "xlsx", "json"]
Direction = Literal["import", "export"]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format: its name in words (a key of the catalogue), its files, and what it carries which way."""

    id: FormatId
    label: str
    extension: str
    media_type: str
    layer: frozenset[Direction] = frozenset()
    table: frozenset[Direction] = frozenset()


_IN: frozenset[Direction] = frozenset({"import"})
_BOTH: frozenset[Direction] = frozenset({"import", "export"})
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ALL = (
    Format(id="geojson", label="exchange.format.geojson", extension=".geojson", media_type="application/geo+json",
           layer=_BOTH),
    Format(id="gpkg", label="exchange.format.gpkg", extension=".gpkg", media_type="application/geopackage+sqlite3",
           layer=_BOTH, table=_BOTH),
    Format(id="kml", label="exchange.format.kml", extension=".kml",
           media_type="application/vnd.google-earth.kml+xml", layer=_BOTH),
    Format(id="kmz", label="exchange.format.kmz", extension=".kmz", media_type="application/vnd.google-earth.kmz",
           layer=_IN),
    Format(id="gpx", label="exchange.format.gpx", extension=".gpx", media_type="application/gpx+xml", layer=_IN),
    Format(id="shapefile", label="exchange.format.shapefile", extension=".zip", media_type="application/zip",
           layer=_IN),
    Format(id="csv", label="exchange.format.csv", extension=".csv", media_type="text/csv", layer=_BOTH, table=_BOTH),
    Format(id="xlsx", label="exchange.format.xlsx", extension=".xlsx", media_type=_SHEET, layer=_BOTH, table=_BOTH),
)  # fmt: skip

FORMATS: dict[str, Format] = {form.id: form for form in _ALL}
"""The formats of layers and tables; any of them may stand in an upload."""

STORY_FORMAT = Format(id="json", label="exchange.format.json", extension=".json", media_type="application/json")
"""What a story goes out as and comes in as: its own file, since no table holds a view."""


def formats_for(document_id: str, direction: Direction) -> tuple[Format, ...]:
    """The formats that a layer, table or story can take that way, in the order they are offered."""
    if is_story(document_id):
        return (STORY_FORMAT,)
    return tuple(form for form in _ALL if direction in (form.layer if is_layer(document_id) else form.table))
