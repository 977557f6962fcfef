"""Pictures of a view to hand out: PNG and SVG with their manifest, the social card, and the maps of slides."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl

from routes.dataset import Dataset
from routes.pack.manifest import manifest_of_view
from routes.pack.sealing import sealed
from routes.picture import Parts, furniture, palette, picture_png, picture_svg
from routes.picture.composing import SMALLEST_UNIT, map_alone, sheet
from routes.picture.framing import saved_frame
from routes.picture.svg import Block, Box, rectangle, written
from routes.picture.ways import seen, shown_features
from routes.problems import LinkError
from routes.view import View, read_view
from routes.words import say

CARD = (1200, 630)
LARGEST, SMALLEST = 8000, 200
"""Pixels of a side."""

MAP_ALONE = Parts(legend=False, date=False, note=False, credits=False, fonts=False, type_scale=1.55)
LEGEND_SHARES, MOST_LEGEND = (1.0, 0.9, 0.8, 0.7), 0.18
"""How small the legend's type may get beside the map's, and how much of the picture's height it should have."""


def size_of(text: str) -> tuple[int, int]:
    """The size that `text` names, as 1920x1080 or `card`. Raises LinkError."""
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip(), re.ASCII)
    size = CARD if text == "card" else tuple(map(int, match.groups())) if match else (0, 0)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise LinkError(say("pack.bad_size", text=text, smallest=SMALLEST, largest=LARGEST))
    return size[0], size[1]


def view_of(query: str, dataset: Dataset, *, today: date) -> View:
    """The view that a link's parameters name (`as_of=2014&sel=LA`). Raises LinkError where a part cannot be shown."""
    view, unrestored = read_view(dict(parse_qsl(query.lstrip("?"))), dataset, today=today)
    if unrestored:
        raise LinkError(" ".join(unrestored))
    return view


def picture(
    dataset: Dataset, view: View, *, form: str, size: tuple[int, int], today: date, title: str = "", text: str = ""
) -> bytes:
    """A view as an `svg` or `png` file of `size` with legend, scale, note, date, credits and manifest inside."""
    return picture_files(dataset, view, forms=(form,), size=size, today=today, title=title, text=text)[form]


def picture_files(
    dataset: Dataset, view: View, *, forms: Sequence[str], size: tuple[int, int], today: date, title: str = "",
    text: str = "",
) -> dict[str, bytes]:  # fmt: skip
    """What `picture` makes in several forms, drawn once."""
    svg = picture_svg(dataset, view, size=size, today=today, title=title, text=text)
    manifest = manifest_of_view(view, dataset, today, title)
    return {form: sealed(svg.encode() if form == "svg" else picture_png(svg), manifest) for form in forms}


def card(dataset: Dataset, view: View, *, today: date, title: str, text: str) -> bytes:
    """The picture that a post in a social network shows: title, text and map."""
    return picture(dataset, view, form="png", size=CARD, today=today, title=title, text=text)


def slide_map(dataset: Dataset, view: View, size: tuple[int, int], today: date, *, scale: float = 2.0) -> bytes:
    """The map of a view as PNG with its legend in a strip below, so that nothing covers the map."""
    width, height = size
    unit = max(math.sqrt(width * height / (1200 * 675)), SMALLEST_UNIT) * MAP_ALONE.type_scale
    key = _legend(dataset, view, size, unit)
    strip = math.ceil(key.height + 8 * unit) if key.height else 0
    map_height = max(height - strip, 1)
    root = sheet(size)
    root.extend(map_alone(dataset, view, size=(width, map_height), today=today, parts=MAP_ALONE))
    root.append(rectangle(Box(0, map_height, width, strip), fill=palette.PAPER))
    root.append(key.at(0, height - key.height))
    return picture_png(written(root), scale)


def _legend(dataset: Dataset, view: View, size: tuple[int, int], unit: float) -> Block:
    shown = shown_features(dataset, view)
    if view.position:
        shown = seen(shown, saved_frame(view.position, Box(0, 0, *size), unit))
    keys = [furniture.legend(shown, unit * share, size[0]) for share in LEGEND_SHARES]
    return next((key for key in keys if key.height <= MOST_LEGEND * size[1]), keys[-1])
