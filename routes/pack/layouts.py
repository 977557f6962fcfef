"""The kinds of slide, what stands where on each, and which placeholder of a layout takes it. Lengths are points.

One rule places things in our own template and, where an office's template has no place for them, on its slides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pptx.enum.shapes import PP_PLACEHOLDER as P

from routes.picture.svg import Box

Kind = Literal["title", "chapter", "chart", "table", "compare", "words", "wide_table"]

GAP, CAPTION_HEIGHT, SOURCE_HEIGHT = 18.0, 24.0, 50.0
LEAST_MAP = 0.35
"""The share of a slide that an office's own picture placeholder must have for a map."""

TITLES = frozenset({P.TITLE, P.CENTER_TITLE})
FURNITURE = frozenset({P.DATE, P.FOOTER, P.SLIDE_NUMBER, P.HEADER})
_BODY, _PICTURE = frozenset({P.BODY}), frozenset({P.PICTURE})
_CONTENT = frozenset({P.BODY, P.OBJECT})

SLOTS: dict[Kind, dict[str, frozenset[Any]]] = {
    "title": {"text": frozenset({P.SUBTITLE}), "map": _PICTURE, "source": _BODY},
    "chapter": {"map": _PICTURE, "text": _BODY, "source": _BODY},
    "chart": {"map": _PICTURE, "text": _BODY, "figure": frozenset({P.CHART}), "source": _BODY},
    "table": {"map": _PICTURE, "text": _BODY, "figure": frozenset({P.TABLE}), "source": _BODY},
    "compare": {"map": _PICTURE, "other": _PICTURE, "text": _BODY, "source": _BODY, "caption": _BODY,
                "other_caption": _BODY},
    "words": {"text": _CONTENT, "source": _BODY},
    "wide_table": {"figure": frozenset({P.TABLE}), "source": _BODY},
}  # fmt: skip
"""What stands on each kind of slide beside its title, and which placeholders take it, in the order of their idx."""

OPTIONAL: Mapping[Kind, frozenset[str]] = {"title": frozenset({"map", "source"})}
_USUALLY = frozenset({"source", "caption", "other_caption"})


def boxes_in(kind: Kind, region: Box) -> dict[str, Box]:
    """Where each thing of a slide stands in what its title and footer leave free."""
    left, top, width = region.left, region.top, region.width
    source = Box(left, region.bottom - SOURCE_HEIGHT, width, SOURCE_HEIGHT)
    height = region.height - SOURCE_HEIGHT - 8
    if kind in ("words", "wide_table"):
        return {"text" if kind == "words" else "figure": Box(left, top, width, height), "source": source}
    if kind == "compare":
        return {**_compared(Box(left, top, width, height)), "source": source}
    share = {"chart": 0.56, "table": 0.5}.get(kind, 0.66)
    map_box = Box(left, top, round(width * share), height)
    column = Box(map_box.right + GAP, top, width - map_box.width - GAP, height)
    if kind in ("chapter", "title"):
        return {"map": map_box, "text": column, "source": source}
    text = Box(column.left, top, column.width, round(height * (0.38 if kind == "table" else 0.47)))
    figure = Box(column.left, text.bottom + 8, column.width, height - text.height - 8)
    return {"map": map_box, "text": text, "figure": figure, "source": source}


def _compared(area: Box) -> dict[str, Box]:
    half = (area.width - GAP) / 2
    text_height = 70.0
    maps = Box(area.left, area.top + CAPTION_HEIGHT, half, area.height - CAPTION_HEIGHT - text_height - 8)
    aside = area.left + half + GAP
    return {
        "caption": Box(area.left, area.top, half, CAPTION_HEIGHT),
        "other_caption": Box(aside, area.top, half, CAPTION_HEIGHT),
        "map": maps,
        "other": Box(aside, maps.top, half, maps.height),
        "text": Box(area.left, area.bottom - text_height, area.width, text_height),
    }


@dataclass(frozen=True)
class Choice:
    """A layout for a kind of slide: the idx of the placeholder for each thing, and boxes for what has none."""

    layout: Any
    taken: Mapping[str, int]
    boxes: Mapping[str, Box]
    title: Box | None


def choose(kind: Kind, layouts: Iterable[Any], slide: Box) -> Choice:
    """The layout that has a placeholder for everything on the slide, else one with a title and little else."""
    found = [(layout, _taken(kind, layout, slide)) for layout in layouts]
    whole = [(layout, taken) for layout, taken in found if taken is not None]
    if whole:
        layout, taken = min(whole, key=lambda one: len(_contents(one[0])) - len(one[1]))
        return _choice(kind, layout, taken, slide)
    titled = [layout for layout, _ in found if title_of(layout) is not None] or [layout for layout, _ in found]
    plainest = min(titled, key=lambda layout: (len(_contents(layout)), not _is_on_top(layout, slide)))
    return _choice(kind, plainest, {}, slide)


def _choice(kind: Kind, layout: Any, taken: Mapping[str, int], slide: Box) -> Choice:
    by_idx = {one.placeholder_format.idx: box_of(one) for one in layout.placeholders}
    boxes = boxes_in(kind, region_of(layout, slide))
    if taken and "source" not in taken:  # the strip at the foot goes under whatever the layout has
        boxes = {name: _above(by_idx[taken[name]], boxes["source"].top) if name in taken else box
                 for name, box in boxes.items()}  # fmt: skip
    elif taken:
        boxes |= {name: by_idx[idx] for name, idx in taken.items()}
    has_place = _is_on_top(layout, slide) or (kind == "title" and bool(taken))
    return Choice(layout, taken, boxes, box_of(title_of(layout)) if has_place else None)


def _above(box: Box, bottom: float) -> Box:
    return Box(box.left, box.top, box.width, max(min(box.bottom, bottom - 4) - box.top, 20.0))


def _taken(kind: Kind, layout: Any, slide: Box) -> dict[str, int] | None:
    """The placeholder's idx for each thing, or None where one is missing or the map's is too small."""
    if title_of(layout) is None or not (kind == "title" or _is_on_top(layout, slide)):
        return None
    free = _contents(layout)
    taken: dict[str, int] = {}
    for name, kinds in SLOTS[kind].items():
        place = next((one for one in free if one.placeholder_format.type in kinds), None)
        if place is not None:
            free.remove(place)
            taken[name] = place.placeholder_format.idx
        elif name not in OPTIONAL.get(kind, _USUALLY):
            return None
    places = {one.placeholder_format.idx: box_of(one) for one in layout.placeholders}
    if not all(places[idx].width and places[idx].height for idx in taken.values()):
        return None
    room = places[taken["map"]] if kind == "chapter" else None
    return None if room and room.width * room.height < LEAST_MAP * slide.width * slide.height else taken


def _contents(layout: Any) -> list[Any]:
    """The placeholders that hold something, in the order of their idx."""
    found = [one for one in layout.placeholders if one.placeholder_format.type not in TITLES | FURNITURE]
    return sorted(found, key=lambda one: int(one.placeholder_format.idx))


def title_of(layout: Any) -> Any:
    """The title's placeholder, or None."""
    return next((one for one in layout.placeholders if one.placeholder_format.type in TITLES), None)


def _is_on_top(layout: Any, slide: Box) -> bool:
    title = title_of(layout)
    if title is None:
        return False
    box = box_of(title)
    return box.width > 0.5 * slide.width and box.height > 0 and box.bottom < 0.36 * slide.height


def region_of(layout: Any, slide: Box) -> Box:
    """What a layout's title and footers leave free."""
    title = title_of(layout)
    is_on_top = _is_on_top(layout, slide)
    box = box_of(title) if is_on_top else _usual_title(slide)
    low = [box_of(one).top for one in layout.placeholders if one.placeholder_format.type in FURNITURE]
    foot = min([top for top in low if top > 0.8 * slide.height], default=slide.height * 0.965)
    return Box(box.left, box.bottom + 6, box.width, foot - box.bottom - 10)


def _usual_title(slide: Box) -> Box:
    margin = 0.036 * slide.width
    return Box(margin, 0.037 * slide.height, slide.width - 2 * margin, 0.12 * slide.height)


def title_box(choice: Choice, slide: Box) -> Box:
    """Where the title stands: in the layout's place, or at the top where that is elsewhere."""
    return choice.title or _usual_title(slide)


def box_of(shape: Any) -> Box:
    """A shape's place in points; nothing where it has none."""
    sides = (shape.left, shape.top, shape.width, shape.height)
    return Box(*(0.0 if side is None else side / 12700 for side in sides))
