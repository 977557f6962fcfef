"""Type in pictures: which fonts, how wide a text is, and how the fonts travel inside an SVG file.

The fonts are Source Sans Pro and Source Serif Pro (OFL 1.1) as their packages install them, so that a picture comes
out the same on a machine that has no fonts. Text stays text, to be searched, copied and read aloud; an SVG file
carries the letters it needs.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from routes.picture import palette
from routes.picture.svg import Block, element, safe, worded

LINE_HEIGHT = 1.25
BASELINE = 0.95
"""From the top of a line to its baseline, in font sizes."""

CHARACTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2028), 0x2030, 0x2039, 0x203A, 0x20AC)
"""What an SVG file carries of each font: the letters of western and central Europe."""

NOT_CARRIED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "fpgm", "prep", "cvt "]
"""Tables that the letters do not need: without them a font is cut down four times faster."""

ELLIPSIS = "…"


@dataclass(frozen=True)
class Face:
    """One cut of a font."""

    family: str
    file: str
    weight: int = 400
    style: str = "normal"

    @property
    def path(self) -> Path:
        """Where the package put its file."""
        return Path(str(files(self.file.partition("/")[0]))) / self.file.partition("/")[2]

    @property
    def families(self) -> str:
        """The font and, where a program ignores the one in the file, what comes nearest."""
        generic = "serif" if "Serif" in self.family else "sans-serif"
        return f"'{self.family}', '{self.family.replace('Pro', '3' if generic == 'sans-serif' else '4')}', {generic}"


SANS = Face("Source Sans Pro", "font_source_sans_pro/files/SourceSansPro-Regular.ttf")
SEMIBOLD = Face("Source Sans Pro", "font_source_sans_pro/files/SourceSansPro-Semibold.ttf", 600)
BOLD = Face("Source Sans Pro", "font_source_sans_pro/files/SourceSansPro-Bold.ttf", 700)
ITALIC = Face("Source Sans Pro", "font_source_sans_pro/files/SourceSansPro-It.ttf", style="italic")
SERIF = Face("Source Serif Pro", "font_source_serif_pro/files/SourceSerifPro-Bold.ttf", 700)
FACES = (SANS, SEMIBOLD, BOLD, ITALIC, SERIF)


@dataclass(frozen=True)
class Type:
    """A face at a size in pixels of the picture, with its colour and its spacing in font sizes."""

    face: Face
    size: float
    colour: str = palette.INK
    spacing: float = 0.0
    halo: float = 0.0

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * LINE_HEIGHT

    def width(self, text: str) -> float:
        """How wide the text is drawn; letters the font lacks count as one font size."""
        ems, letters = _measured(self.face, text)
        return (ems + self.spacing * letters) * self.size

    def wrapped(self, text: str, room: float) -> list[str]:
        """The text in lines of at most `room` pixels; a word that is longer is broken."""
        lines: list[str] = []
        used, blank = 0.0, (_advances(self.face).get(ord(" "), 1.0) + self.spacing) * self.size
        for word in safe(text).split():
            longer = used + blank + self.width(word)
            if lines and longer <= room:
                lines[-1], used = f"{lines[-1]} {word}", longer
                continue
            while self.width(word) > room and len(word) > 1:
                cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or self.width(word[:n]) <= room)
                lines.append(word[:cut])
                word = word[cut:]
            lines.append(word)
            used = self.width(word)
        return lines

    def fitted(self, text: str, room: float, most: int) -> list[str]:
        """The text in at most so many lines; the last one says when something was left out."""
        lines = self.wrapped(text, room)
        if len(lines) <= most:
            return lines
        last = lines[most - 1]
        while last and self.width(last + ELLIPSIS) > room:
            last = last[:-1].rstrip()
        return [*lines[: most - 1], last + ELLIPSIS]

    def drawn(self, text: str, x: float, top: float, *, anchor: str | None = None) -> Element:
        """One line of text whose box begins at `top`.

        A halo is a second text underneath: drawing programs do not all know `paint-order`.
        """
        look: dict[str, object] = {
            "x": x,
            "y": top + self.size * BASELINE,
            "font_family": self.face.families,
            "font_size": self.size,
            "font_weight": self.face.weight if self.face.weight != 400 else None,
            "font_style": self.face.style if self.face.style != "normal" else None,
            "letter_spacing": self.spacing * self.size or None,
            "text_anchor": anchor,
        }
        face = worded("text", text, **look, fill=self.colour)
        if not self.halo:
            return face
        edge = {"stroke": "#fff", "stroke_width": self.halo, "stroke_linejoin": "round"}
        return element("g", worded("text", text, **look, **edge, fill="#fff", aria_hidden="true"), face)

    def block(self, lines: Iterable[str]) -> Block:
        """Lines of text, aligned left."""
        lines = list(lines)
        items = tuple(self.drawn(line, 0, n * self.line) for n, line in enumerate(lines))
        return Block(max(map(self.width, lines), default=0.0), len(lines) * self.line, items)


def font_files() -> list[str]:
    """The files a renderer needs."""
    return [str(face.path) for face in FACES]


def font_rules() -> str:
    """The style rules that carry the fonts inside an SVG file."""
    return "".join(map(_font_rule, FACES))


@cache
def _advances(face: Face) -> dict[int, float]:
    """How far each character moves on, in font sizes."""
    with TTFont(face.path, lazy=True) as font:
        widths, per_em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[glyph][0] / per_em for code, glyph in font.getBestCmap().items()}


@lru_cache(maxsize=8192)
def _measured(face: Face, text: str) -> tuple[float, int]:
    """How wide the text is in font sizes, and how many letters it has."""
    advances, shown = _advances(face), safe(text)
    return sum(advances.get(ord(c), 1.0) for c in shown), len(shown)


@cache
def _font_rule(face: Face) -> str:
    data = base64.b64encode(_subset(face)).decode("ascii")
    look = f"font-weight:{face.weight};font-style:{face.style}"
    return f"@font-face{{font-family:'{face.family}';{look};src:url(data:font/woff;base64,{data}) format('woff')}}"


def _subset(face: Face) -> bytes:
    with TTFont(face.path, lazy=True) as font:
        subsetter = Subsetter(Options(hinting=False, drop_tables=NOT_CARRIED))
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()
