"""The colours, dashes and widths of the map, in pixels of the live map: the same as components/frame/frame.css has.

Pictures multiply every length by their `unit`. `tests/test_picture.py` holds each value against the live map's files.
"""

from __future__ import annotations

INK, SOFT, LINE, PAPER, SEA = "#1f2933", "#5b6670", "#ddd6c9", "#ffffff", "#dfe8ed"
LAND, LAKE = "#f6f3ec", "#dbe6ec"
BORDER, PROVINCE = "#a79f92", "#d8d2c6"
RIVER, KEY_RIVER = "#cfdde5", "#7fa8c4"
COUNTRY_NAME, QUIET_NAME, RIVER_NAME = "#6d6558", "#6b6358", "#36627f"

STANCE = {
    "cooperates": "#2166ac",
    "tolerates": "#4393c3",
    "mixed": "#b07f08",
    "returns": "#b2182b",
    "sealed": "#111",
    "unknown": "#7d858c",
    "none": "#6b6358",
}
DASH: dict[str, tuple[float, ...]] = {
    "cooperates": (),
    "tolerates": (14, 7),
    "mixed": (12, 6, 2, 6),
    "returns": (6, 5),
    "sealed": (1, 7),
    "unknown": (1, 6),
    "none": (2, 3),
}
ROUND = ("sealed", "unknown")
"""Stances whose dashes have round ends: dots."""

BORDER_DASH, PROVINCE_DASH, CONTEXT_DASH = (3, 4), (2, 3), (2, 2.5)

LINE_WIDTH, UNKNOWN_WIDTH, UNSURE_WIDTH = 4.5, 3.5, 3.0
CASING_WIDTH, HALO_WIDTH, CONTEXT_WIDTH = 8.0, 12.0, 3.5
CASING_OPACITY, UNSURE_CASING_OPACITY, HALO_OPACITY = 0.9, 0.6, 0.85
BAND_FILL, UNSURE_BAND_FILL, SEALED_BAND_FILL = 0.26, 0.16, 0.4
BAND_WIDTH, SELECTED_BAND_WIDTH = 1.2, 2.6
BAND_EDGE, UNSURE_BAND_EDGE = 0.7, 0.6
PLACE = "#7d7568"

LANE_PX, ROW_PX = 7.0, 10.0
"""How far lines that share a leg, and missions at one position, stand apart."""

RADIUS = {"place": 3.0, "ours": 6.0, "other": 4.0}
CLOSE_ZOOM, FAR_SCALE = 5.0, 0.85
"""From this zoom on dots are full size; further out they are this much smaller."""


def line_width(stance: str, *, sure: bool) -> float:
    """The width of a segment's line, selected or not; what is only reported, or not known at all, is thinner."""
    if not sure:
        return UNSURE_WIDTH
    return UNKNOWN_WIDTH if stance == "unknown" else LINE_WIDTH


def band_fill(stance: str, *, sure: bool) -> float:
    """The opacity of a band."""
    if stance == "sealed":
        return SEALED_BAND_FILL
    return BAND_FILL if sure else UNSURE_BAND_FILL
