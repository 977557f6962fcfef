"""The whole picture: what goes where at any size, and the SVG file that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from routes.basemap import basemap_names
from routes.dataset import Dataset
from routes.picture import furniture, palette
from routes.picture.framing import Frame, fitted_frame, positions_of, saved_frame
from routes.picture.ground import ground
from routes.picture.lettering import SERIF, Type, font_rules
from routes.picture.names import names, pin_marks, taken_ground
from routes.picture.saying import date_sentence, picture_words
from routes.picture.svg import Block, Box, clipped, element, rectangle, stacked, worded, written
from routes.picture.ways import hints, seen, shown_features, ways
from routes.view import View

Numbered = Sequence[tuple[int, str]]
"""Pins: a number and the id of the feature it stands beside."""

SIZE_AT_ONE = (1200, 675)
"""A picture of this size has lines and type as large as the live map's; others in proportion to their sides."""

SMALLEST_UNIT = 0.75
LANDSCAPE = 1.25
CARD_COLUMN = 0.36
"""The share of a card's width that its title and text take."""

MARGIN, ABOVE_SCALE = 16.0, 40.0


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a picture has beside the map. `type_scale` makes its lines and type larger or smaller than is usual.

    `fonts` are in the file for whoever has none of ours; `picture_png` needs none.
    """

    legend: bool = True
    date: bool = True
    scale: bool = True
    note: bool = True
    credits: bool = True
    highlight: bool = True
    names: bool = True
    fonts: bool = True
    type_scale: float = 1.0


def picture_svg(
    dataset: Dataset,
    view: View,
    *,
    size: tuple[int, int],
    today: date,
    title: str = "",
    text: str = "",
    parts: Parts = Parts(),
    pins: Numbered = (),
) -> str:
    """The view as an SVG file of `size` pixels that needs nothing beside it; see `picture_png` for pixels.

    `title` and `text` make a card of it; `pins` are numbers to stand beside features, by id.
    """
    root = sheet(size)
    picture = _Picture(dataset, view, size, today, parts)
    root.append(worded("title", title or date_sentence(view.as_of, today)))
    root.append(worded("desc", picture_words(dataset, view, today)))
    if parts.fonts:
        root.append(worded("style", font_rules()))
    root.append(rectangle(Box(0, 0, *size), fill=palette.PAPER))
    root.extend(picture.drawn(title, text, pins))
    return written(root)


def sheet(size: tuple[int, int]) -> Element:
    """An empty picture."""
    width, height = size
    return element("svg", xmlns="http://www.w3.org/2000/svg", width=width, height=height,
                   viewBox=f"0 0 {width} {height}", role="img", lang="en")  # fmt: skip


def map_alone(dataset: Dataset, view: View, *, size: tuple[int, int], today: date, parts: Parts) -> list[Element]:
    """What `picture_svg` draws, to stand in the upper left corner of another picture."""
    return _Picture(dataset, view, size, today, parts).drawn("", "", ())


class _Picture:
    """One picture being put together: its unit, what it shows, and what stands where."""

    def __init__(self, dataset: Dataset, view: View, size: tuple[int, int], today: date, parts: Parts) -> None:
        self.dataset, self.view, self.today, self.parts = dataset, view, today, parts
        self.width, self.height = size
        area = self.width * self.height / (SIZE_AT_ONE[0] * SIZE_AT_ONE[1])
        self.unit = max(area**0.5, SMALLEST_UNIT) * parts.type_scale
        self.margin = MARGIN * self.unit
        self.shown = shown_features(dataset, view, highlight=parts.highlight)
        self.is_wide = self.width >= LANDSCAPE * self.height

    def drawn(self, title: str, text: str, numbered: Numbered) -> list[Element]:
        """Everything, the map first."""
        room = self.width - 2 * self.margin
        parts = self.parts
        foot = furniture.footer(self.dataset, self.unit, room, today=self.today, note=parts.note, credits=parts.credits)
        foot_height = foot.height + self.margin if foot.height else 0.0
        canvas = Box(0, 0, self.width, max(self.height - foot_height, 1.0))
        items = [foot.at(self.margin, canvas.bottom + self.margin / 2)]
        if not self.is_wide:
            return self._tall(canvas, title, text, numbered) + items
        return (self._card(canvas, title, text, numbered) if title or text else self._bare(canvas, numbered)) + items

    def _bare(self, canvas: Box, numbered: Numbered) -> list[Element]:
        """The map alone; a box with the date and the legend lies on it, unless it would cover a route there."""
        key = self._below(0.42 * canvas.width, 24)
        if not key.height:
            return self._map(self._frame(canvas, canvas), [], numbered)
        key = furniture.boxed(key, self.unit)
        frame = self._frame(canvas, Box(canvas.left, canvas.top, canvas.width - key.width, canvas.height))
        corner = self._free_corner(key, frame)
        if corner is None:
            return self._card(canvas, "", "", numbered)
        return [*self._map(frame, [corner], numbered), key.at(corner.left, corner.top)]

    def _card(self, canvas: Box, title: str, text: str, numbered: Numbered) -> list[Element]:
        """Title, text, date and legend in a column; the map beside it."""
        room = canvas.width * CARD_COLUMN - 2 * self.margin
        below = self._below(room, 20)
        room = room if title or text else below.width
        column = room + 2 * self.margin
        space = canvas.height - 2 * self.margin - (below.height + self.margin if below.height else 0)
        head = furniture.heading(title, text, self.unit, room, space)
        box = Box(canvas.left + column, canvas.top, canvas.width - column, canvas.height)
        items = self._map(self._frame(box, box), [], numbered)
        foot = canvas.bottom - self.margin - below.height if head.height else self.margin
        return [*items, head.at(self.margin, self.margin), below.at(self.margin, foot)]

    def _tall(self, canvas: Box, title: str, text: str, numbered: Numbered) -> list[Element]:
        """Title, text and date above the map, the legend under it."""
        room = canvas.width - 2 * self.margin
        head = furniture.heading(title, text, self.unit, room, canvas.height * 0.3) if title or text else Block(0, 0)
        when = self._when(room, 24)
        above = stacked([block for block in (head, when) if block.height], self.margin / 2)
        key = self._legend(room)
        top = above.height + 1.5 * self.margin if above.height else 0.0
        bottom = key.height + self.margin if key.height else 0.0
        box = Box(canvas.left, top, canvas.width, max(canvas.height - top - bottom, 1.0))
        items = self._map(self._frame(box, box), [], numbered)
        return [*items, above.at(self.margin, 0.75 * self.margin), key.at(self.margin, box.bottom + 0.75 * self.margin)]

    def _below(self, room: float, size: float) -> Block:
        """The date over the legend."""
        blocks = (self._when(room, size), self._legend(room))
        return stacked([block for block in blocks if block.height], self.margin / 2)

    def _when(self, room: float, size: float) -> Block:
        if not self.parts.date:
            return Block(0, 0)
        words = Type(SERIF, size * self.unit)
        return words.block(words.wrapped(date_sentence(self.view.as_of, self.today), room))

    def _legend(self, room: float) -> Block:
        """The legend of what is in sight."""
        if not self.parts.legend:
            return Block(0, 0)
        shown = self.shown
        if self.view.position:
            canvas = Box(0, 0, self.width, self.height)
            shown = seen(shown, saved_frame(self.view.position, canvas, self.unit))
        return furniture.legend(shown, self.unit, room)

    def _frame(self, box: Box, clear: Box) -> Frame:
        if self.view.position:
            return saved_frame(self.view.position, box, self.unit)
        return fitted_frame((item.drawing for item in self.shown), box, self.unit, clear=clear)

    def _free_corner(self, block: Block, frame: Frame) -> Box | None:
        """The corner where the block covers no route and no mission; the lower right if it can be."""
        box, space = frame.box, self.margin
        left, right = box.left + space, box.right - block.width - space
        top, low = box.top + space, box.bottom - block.height - space
        corners = [(right, low), (left, low - ABOVE_SCALE * self.unit), (right, top), (left, top)]
        points = [frame.point(position) for position in positions_of(item.drawing for item in self.shown)]
        points += hints(self.shown, frame)
        boxes = [Box(x, y, block.width, block.height) for x, y in corners]
        reach = palette.CASING_WIDTH * self.unit
        return next((corner for corner in boxes if not any(corner.has(point, reach) for point in points)), None)

    def _map(self, frame: Frame, boxes: list[Box], numbered: Numbered) -> list[Element]:
        box = frame.box
        bar = furniture.scale_bar(frame)
        bar_at = Box(box.left + self.margin, box.bottom - self.margin - bar.height, bar.width, bar.height)
        taken = taken_ground(self.shown, frame, [*boxes, bar_at] if self.parts.scale else boxes)
        basemap = basemap_names(self.dataset)
        marks = pin_marks(numbered, self.shown, taken)  # before the names, which make room for them
        layers = [ground(self.dataset, frame), *ways(self.shown, frame)]
        layers += names(basemap, taken) if self.parts.names else []
        layers += [*marks, *([bar.at(bar_at.left, bar_at.top)] if self.parts.scale else [])]
        edge = rectangle(box, fill="none", stroke=palette.LINE, stroke_width=self.unit)
        return [*clipped(layers, box, Box(0, 0, self.width, self.height), palette.PAPER), edge]
