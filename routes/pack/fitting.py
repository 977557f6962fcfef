"""Text that fits its box: paragraphs measured with our own fonts, shrunk within limits, then split.

The fonts of the office's machine are not known here. What is measured is Source Sans and Source Serif, widened by as
much as the widest runs wider that an office may take for Arial and Georgia (DejaVu, where LibreOffice has neither) or,
for a template of others, wide office fonts. Lengths are points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from routes.picture.lettering import SANS, SEMIBOLD, SERIF, Face, Type
from routes.picture.svg import Box, safe

LINE = 1.2
"""The height of a line in font sizes."""

LEAST_LINES = 3
"""Of a paragraph that goes on in the next box."""

WIDER, WIDEST = 1.24, 1.3
"""How much wider than ours the fonts of our own template and of an office's may run."""

BOLDER = 1.09
"""How much wider still their bold is than our semibold."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its text, its size in points, and what follows the text as a link to itself."""

    text: str
    size: float
    bold: bool = False
    link: str = ""
    gap: float = 0.0
    """The space above, in font sizes."""

    def lines(self, room: float, wider: float) -> list[str]:
        """The text and its link as they break in a column."""
        words = f"{self.text} {self.link}".strip()
        return self._type(wider).wrapped(words, room) or [""]

    def height(self, room: float, wider: float) -> float:
        """How high it stands in a column."""
        return (len(self.lines(room, wider)) * LINE + self.gap) * self.size

    def cut(self, room: float, wider: float, most: int) -> tuple[Paragraph, Paragraph]:
        """The first `most` lines and the rest, without the link."""
        lines = self._type(wider).wrapped(self.text, room)
        head, rest = _split(safe(self.text), sum(len(line.replace(" ", "")) for line in lines[:most]))
        return replace(self, text=head, link=""), replace(self, text=rest)

    def _type(self, wider: float) -> Type:
        return Type(SEMIBOLD, self.size * wider * BOLDER) if self.bold else Type(SANS, self.size * wider)


def _split(text: str, letters: int) -> tuple[str, str]:
    """The text up to so many letters, blanks not counted, and the rest."""
    counted = accumulate((sign != " " for sign in text), initial=0)
    at = next((place for place, count in enumerate(counted) if count == letters), len(text))
    return text[:at].strip(), text[at:].strip()


def height_of(paragraphs: Sequence[Paragraph], room: float, wider: float) -> float:
    """How high the paragraphs stand."""
    return sum(paragraph.height(room, wider) for paragraph in paragraphs)


def fits(paragraphs: Sequence[Paragraph], box: Box, wider: float) -> bool:
    """Whether the paragraphs stand inside the box."""
    return height_of(paragraphs, box.width, wider) <= box.height


def fitted(
    make: Callable[[float], Sequence[Paragraph]], box: Box, sizes: Sequence[float], wider: float
) -> list[list[Paragraph]]:
    """The paragraphs at the largest size that fits the box; split over several where not even the smallest does."""
    for size in sizes:
        paragraphs = make(size)
        if fits(paragraphs, box, wider):
            return [list(paragraphs)]
    return list(_pages(make(sizes[-1]), box, wider))


def _pages(paragraphs: Sequence[Paragraph], box: Box, wider: float) -> Iterator[list[Paragraph]]:
    page: list[Paragraph] = []
    waiting = list(paragraphs)
    while waiting:
        first = waiting.pop(0)
        if fits([*page, first], box, wider):
            page.append(first)
            continue
        left = box.height - height_of(page, box.width, wider) - first.gap * first.size
        most = int(left / (first.size * LINE))
        if not page or (most >= LEAST_LINES and not first.link):
            head, rest = first.cut(box.width, wider, max(most, 1))
            page.append(head)
            first = replace(rest, gap=0.0)
        yield page
        page, waiting = [], [first, *waiting] if first.text else waiting
    if page:
        yield page


def title_size(text: str, box: Box, sizes: Sequence[float], wider: float, face: Face = SERIF) -> tuple[str, float]:
    """A title and the size at which it stands in its box; only where no size does, it is cut short."""
    for size in sizes:
        style = Type(face, size * wider)
        if len(style.wrapped(text, box.width)) * size * LINE <= box.height:
            return safe(text), size
    style = Type(face, sizes[-1] * wider)
    lines = style.fitted(text, box.width, max(int(box.height / (sizes[-1] * LINE)), 1))
    return " ".join(lines), sizes[-1]
