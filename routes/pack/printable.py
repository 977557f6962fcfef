"""Text that the handout's fonts can print: what they have no letters for is left out visibly, never drawn as a box."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from routes.picture.lettering import SANS, SERIF
from routes.text import visible

LEFT_OUT = "[…]"

_BRACKETS = str.maketrans("⟨⟩", "‹›")
"""The brackets in which `visible` writes a hidden character, as the fonts have them."""

_GLOSSED = re.compile(re.escape(LEFT_OUT) + r"\s*(?=[\[(])")
"""Words left out before their translation in brackets: the translation stands alone."""

_LONG_WORD = re.compile(r"(?<!\S)(?!https?://)\S{25,}|\w{25,}")
"""What may be wider than a line. Addresses break at their marks by themselves."""

_PIECE = re.compile(r".{24}(?=.)")
_BREAK = "\u200b"


class Verbatim(str):
    """A picture, an address or what stands in the file's head: it passes as it is, because it is not set in type."""

    __slots__ = ()


def printed(value: Any) -> Any:
    """A value of JSON with every text in it made printable."""
    if isinstance(value, Verbatim) or value is None:
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: printed(item) for name, item in value.items()}
    return [printed(item) for item in value] if isinstance(value, list | tuple) else value


def printable(text: str) -> str:
    """`text` as `legible` has it, and long words breakable; what has been made so must not be made so again."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\g<0>{_BREAK}", word[0]), legible(text))


def legible(text: str) -> str:
    """`text` on one line with nothing hidden in it, and words in other scripts left out.

    >>> legible("태국, 입국 [Thailand: arrivals]")
    '[Thailand: arrivals]'
    """
    whole = unicodedata.normalize("NFC", visible(" ".join(text.split()))).translate(_BRACKETS)
    return _GLOSSED.sub("", _foreign_words().sub(LEFT_OUT, whole))


def printable_svg(svg: str) -> Verbatim:
    """A picture whose letters can all be printed, without the fonts it carries: the handout has them."""
    bare = re.sub(r"<style>.*?</style>", "", svg, count=1)
    return Verbatim(re.sub(f"{_missing()}+", LEFT_OUT, bare))


@cache
def _foreign_words() -> re.Pattern[str]:
    """Words in letters that the fonts lack, with the marks and figures between and about them."""
    missing, mark = _missing(), r"[^\w\s\[\]]{0,3}"
    return re.compile(rf"{mark}{missing}(?:[^A-Za-z\[\]]*{missing})*{mark}")


@cache
def _missing() -> str:
    """A pattern of one letter that not all the fonts have."""
    codes = set.intersection(*(set(_codes(face.path)) for face in (SANS, SERIF)))
    ranges = "".join(f"\\U{code:08x}" for code in sorted(codes))
    return rf"[^\s{ranges}]"


def _codes(path: Any) -> list[int]:
    with TTFont(path, lazy=True) as font:
        return list(font.getBestCmap())
