"""Elements of an SVG file. Every text and attribute passes through here, so that text from data stays text.

`xml.etree` escapes markup; what XML cannot hold, or what would turn the direction of the text, is written out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from routes.text import visible

Point = tuple[float, float]

_NOT_XML = re.compile("[\ufffe\uffff]")


def element(tag: str, /, *children: Element, **attributes: object) -> Element:
    """An element; `stroke_width=2.0` becomes `stroke-width="2"` and an attribute that is None is left out."""
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.replace("_", "-"), _value(value))
    made.extend(children)
    return made


def worded(tag: str, text: str, /, **attributes: object) -> Element:
    """An element that holds text."""
    made = element(tag, **attributes)
    made.text = safe(text)
    return made


def safe(text: str) -> str:
    """`text` as XML can hold it, in one line and with every hidden character written out."""
    return _NOT_XML.sub("\ufffd", visible(" ".join(text.split())))


def number(value: float) -> str:
    """A length as short text: one decimal is a tenth of a pixel.

    >>> number(12.04), number(12.25), number(-0.01)
    ('12', '12.2', '0')
    """
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def dashes(pattern: Sequence[float], unit: float) -> str | None:
    """A dash pattern in pixels of the picture, or None for a solid line."""
    return " ".join(f"{part * unit:.2f}" for part in pattern) or None


def path_of(points: Sequence[Point], *, closed: bool = False) -> str:
    """Path data through the points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")


def written(root: Element) -> str:
    """The file."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _value(value: object) -> str:
    if isinstance(value, float):
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return safe(str(value))


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the picture, y downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def holds(self, other: Box) -> bool:
        """Whether the other box lies wholly inside."""
        sides = self.left <= other.left and other.right <= self.right
        return sides and self.top <= other.top and other.bottom <= self.bottom

    def touches(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two overlap, or come nearer than `gap` from side to side."""
        across = self.left < other.right + gap and self.right > other.left - gap
        return across and self.top < other.bottom and self.bottom > other.top

    def has(self, point: Point, reach: float = 0.0) -> bool:
        """Whether the point lies inside, or outside by less than `reach`."""
        x, y = point
        across = self.left - reach < x < self.right + reach
        return across and self.top - reach < y < self.bottom + reach


@dataclass(frozen=True)
class Block:
    """Something of a known size that is drawn from (0, 0) and can be put anywhere."""

    width: float
    height: float
    items: tuple[Element, ...] = ()

    def at(self, x: float, y: float) -> Element:
        """The block with its top left corner at (x, y)."""
        return element("g", *self.items, transform=f"translate({number(x)} {number(y)})")


def stacked(blocks: Sequence[Block], gap: float) -> Block:
    """The blocks one under the other."""
    items, y = [], 0.0
    for block in blocks:
        items.append(block.at(0, y))
        y += block.height + gap
    return Block(max((block.width for block in blocks), default=0.0), max(y - gap, 0.0), tuple(items))


def rectangle(box: Box, **look: object) -> Element:
    """The box, drawn."""
    return element("rect", x=box.left, y=box.top, width=box.width, height=box.height, **look)


def clipped(layers: Sequence[Element], box: Box, sheet: Box, colour: str) -> list[Element]:
    """The layers, cut to the box. The id names the box, so that pictures on one page may share it.

    The rest of the sheet is painted over as well, so that `unclipped` looks the same.
    """
    name = f"map-{box.left:.0f}-{box.top:.0f}-{box.width:.0f}-{box.height:.0f}"
    cutter = element("defs", element("clipPath", rectangle(box), id=name))
    sides = (
        Box(0, 0, sheet.width, box.top),
        Box(0, box.bottom, sheet.width, sheet.height - box.bottom),
        Box(0, box.top, box.left, box.height),
        Box(box.right, box.top, sheet.width - box.right, box.height),
    )
    beside = [rectangle(side, fill=colour) for side in sides if side.width > 0 and side.height > 0]
    return [cutter, element("g", *layers, clip_path=f"url(#{name})"), *beside]


def unclipped(svg: str) -> str:
    """The picture without the cut of `clipped`, which takes a renderer half of its time."""
    return re.sub(r'<g clip-path="url\(#map-[-\d]+\)">', "<g>", svg)
