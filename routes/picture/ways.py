"""The routes, bands and missions in the look of the live map: casing under lines, lanes side by side, dots in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element

from routes.dataset import Dataset
from routes.drawing import Drawing
from routes.picture import palette
from routes.picture.framing import Frame, positions_of
from routes.picture.svg import Point, dashes, element, path_of, worded
from routes.records import Feature
from routes.stance import UNKNOWN, stance_at
from routes.view import View
from routes.words import say

RING = 4.0
"""By how much the ring round a selected dot is larger, in pixels of the live map."""

HINT_STEP = 10.0
"""How far apart, in pixels of the live map, names look for lines they would cover."""


@dataclass(frozen=True)
class Shown:
    """A feature as a view shows it. `stance` is `none` where there is none; `sure` is established and not carried."""

    feature: Feature
    drawing: Drawing
    stance: str
    sure: bool
    selected: bool

    @property
    def words(self) -> str:
        """The name and the stance, as the live map says them under the pointer."""
        if self.stance == "none":
            return self.feature.name
        return f"{self.feature.name}: {say(f'stance.word.{self.stance}')}"

    @property
    def has_stance(self) -> bool:
        """Whether its colour says a stance; a mission's does not."""
        return self.stance != "none" and self.feature.kind != "mission"

    @property
    def is_ours(self) -> bool:
        """Whether it is a South Korean mission."""
        return self.feature.whose == "KR"


def shown_features(dataset: Dataset, view: View, *, highlight: bool = True) -> list[Shown]:
    """The features of the view's layers in the order they are drawn: a place never hides the mission in it."""
    wanted = [f for f in dataset.features.values() if view.layers is None or f.layer in view.layers]
    wanted.sort(key=lambda feature: feature.kind == "mission")
    return [_shown(feature, dataset, view.as_of, view.selection if highlight else None) for feature in wanted]


def _shown(feature: Feature, dataset: Dataset, as_of: date, selection: str | None) -> Shown:
    spell = stance_at(dataset.spells.get(feature.id, ()), as_of)
    sure = spell is not UNKNOWN and spell.certainty == "established" and not spell.carried
    is_dot = feature.kind in ("place", "mission")  # not every mission with its host, nor every place with its route
    chosen = (feature.id,) if is_dot else (feature.id, feature.authority, *feature.routes)
    return Shown(
        feature,
        dataset.drawings[feature.id],
        "none" if feature.kind in ("context", "place") else spell.stance,
        sure,
        selection is not None and selection in chosen,
    )


def seen(shown: Sequence[Shown], frame: Frame) -> list[Shown]:
    """Those of which something lies in the frame."""
    return [item for item in shown if any(frame.box.has(frame.point(p)) for p in positions_of([item.drawing]))]


def ways(shown: Sequence[Shown], frame: Frame) -> list[Element]:
    """Bands, halos, casings, lines and dots, each above the one before; what is selected above its like."""
    ordered = sorted(shown, key=lambda item: item.selected)
    lines = [item for item in ordered if item.drawing.line]
    return [
        element("g", *[_band(item, frame) for item in ordered if item.drawing.rings]),
        element("g", *[_halo(item, frame) for item in lines if item.selected]),
        element("g", *[_casing(item, frame) for item in lines if item.selected or item.feature.kind == "segment"]),
        element("g", *[_line(item, frame) for item in lines]),
        element("g", *[_dot(item, frame) for item in shown if item.drawing.position]),
    ]


def line_points(drawing: Drawing, frame: Frame) -> list[Point]:
    """A line's points, each in its lane to the right of the direction of travel."""
    points = [frame.point(position) for position in drawing.line]
    moved: list[Point] = []
    for i, (x, y) in enumerate(points):
        (x1, y1), (x2, y2) = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        shift = drawing.lanes[i] * palette.LANE_PX * frame.unit / length if drawing.lanes else 0.0
        moved.append((x - (y2 - y1) * shift, y + (x2 - x1) * shift))
    return moved


def dot_point(drawing: Drawing, frame: Frame) -> Point:
    """Where a dot stands: aside, for others at the same position."""
    assert drawing.position is not None
    x, y = frame.point(drawing.position)
    return x - drawing.place_in_row * palette.ROW_PX * _dot_scale(frame), y


def dot_radius(item: Shown, frame: Frame) -> float:
    """The radius of a place or mission in pixels of the picture."""
    key = "place" if item.feature.kind == "place" else "ours" if item.is_ours else "other"
    return palette.RADIUS[key] * _dot_scale(frame)


def dot_reach(item: Shown, frame: Frame) -> float:
    """How far from its middle a dot covers the map, with the ring round one that is selected."""
    return dot_radius(item, frame) + (RING + 2 if item.selected else 1) * frame.unit


def middle_of(item: Shown, frame: Frame) -> Point:
    """The point of a feature that a pin or a popup points to."""
    drawing = item.drawing
    if drawing.line:
        return line_points(drawing, frame)[len(drawing.line) // 2]
    if drawing.rings:
        xs, ys = zip(*(frame.point(position) for position in drawing.rings[0]), strict=True)
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return dot_point(drawing, frame)


def hints(shown: Sequence[Shown], frame: Frame) -> list[Point]:
    """Points along the lines, close enough together for names to see them."""
    out: list[Point] = []
    for item in shown:
        if not item.drawing.line:
            continue
        for (x1, y1), (x2, y2) in pairwise(line_points(item.drawing, frame)):
            steps = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / (HINT_STEP * frame.unit)))
            out += [(x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps) for n in range(1, steps + 1)]
    return out


def line_look(stance: str, unit: float, *, sure: bool) -> dict[str, object]:
    """The stroke of a segment: its colour, width and dash."""
    return {
        "fill": "none",
        "stroke": palette.STANCE[stance],
        "stroke_width": palette.line_width(stance, sure=sure) * unit,
        "stroke_dasharray": dashes(palette.DASH[stance], unit),
        "stroke_linecap": "round" if stance in palette.ROUND else "butt",
    }


def dot_look(item_kind: str, unit: float, *, ours: bool) -> dict[str, object]:
    """The fill and edge of a place or mission."""
    if item_kind == "place":
        return {"fill": palette.PLACE, "stroke": "#fff", "stroke_width": 1.0 * unit}
    if ours:
        return {"fill": palette.INK, "stroke": "#fff", "stroke_width": 2 * unit}
    return {"fill": "#fff", "stroke": palette.INK, "stroke_width": 1.6 * unit}


def _band(item: Shown, frame: Frame) -> Element:
    stance = item.stance
    edge = palette.SELECTED_BAND_WIDTH if item.selected else palette.BAND_WIDTH
    rings = "".join(path_of([frame.point(p) for p in ring], closed=True) for ring in item.drawing.rings)
    return element(
        "path",
        worded("title", item.words),
        id=f"f-{item.feature.id}",
        d=rings,
        fill=palette.STANCE[stance],
        fill_opacity=palette.band_fill(stance, sure=item.sure),
        stroke=palette.STANCE[stance],
        stroke_width=edge * frame.unit,
        stroke_opacity=1.0 if item.selected else palette.BAND_EDGE if item.sure else palette.UNSURE_BAND_EDGE,
        stroke_dasharray=dashes(palette.DASH[stance], frame.unit),
    )


def _halo(item: Shown, frame: Frame) -> Element:
    """The dark edge of a line that is selected."""
    return _under(item, frame, palette.INK, palette.HALO_WIDTH, palette.HALO_OPACITY)


def _casing(item: Shown, frame: Frame) -> Element:
    opacity = palette.CASING_OPACITY if item.sure else palette.UNSURE_CASING_OPACITY
    return _under(item, frame, "#fff", palette.CASING_WIDTH, 1.0 if item.selected else opacity)


def _under(item: Shown, frame: Frame, colour: str, width: float, opacity: float) -> Element:
    look = {"stroke": colour, "stroke_width": width * frame.unit, "stroke_opacity": opacity, "stroke_linecap": "round"}
    return element("path", d=path_of(line_points(item.drawing, frame)), fill="none", **look)


def _line(item: Shown, frame: Frame) -> Element:
    look = line_look(item.stance, frame.unit, sure=item.sure)
    if item.feature.kind == "context":
        look |= {
            "stroke_width": palette.CONTEXT_WIDTH * frame.unit,
            "stroke_opacity": 0.9,
            "stroke_dasharray": dashes(palette.CONTEXT_DASH, frame.unit),
        }
    title = worded("title", item.words)
    data = path_of(line_points(item.drawing, frame))
    return element("path", title, id=f"f-{item.feature.id}", d=data, **look)


def _dot(item: Shown, frame: Frame) -> Element:
    x, y = dot_point(item.drawing, frame)
    look = dot_look(item.feature.kind, frame.unit, ours=item.is_ours)
    radius = dot_radius(item, frame)
    ring = element("circle", cx=x, cy=y, r=radius + RING * frame.unit, fill="#fff", stroke=palette.INK,
                   stroke_width=1.8 * frame.unit)  # fmt: skip
    dot = element("circle", cx=x, cy=y, r=radius, **look)
    title = worded("title", item.words)
    return element("g", title, *([ring] if item.selected else []), dot, id=f"f-{item.feature.id}")


def _dot_scale(frame: Frame) -> float:
    return frame.unit * (1.0 if frame.seen_zoom >= palette.CLOSE_ZOOM else palette.FAR_SCALE)
