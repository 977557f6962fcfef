"""The six stance colours can be told apart by every eye and printer, and every word can be read.

How colours look to colour-blind readers: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. Distances
are CIE 1976 L*a*b*. Contrast is WCAG 2.2's: 3 for shapes (1.4.11), 4.5 for text (1.4.3).
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from routes.records import STANCES

COMPONENTS = Path(__file__).parent.parent / "components"
FRAME = (COMPONENTS / "frame" / "frame.css").read_text(encoding="utf-8")
PAGE = (COMPONENTS / "page.css").read_text(encoding="utf-8")
READING = (COMPONENTS / "reading.css").read_text(encoding="utf-8")
BASEMAP = (COMPONENTS / "frame" / "2_basemap.js").read_text(encoding="utf-8")

SHAPE, TEXT = 3.0, 4.5
APART = 12.0
"""L*a*b* distance from which two lines of a map are told apart by colour alone."""

Rgb = tuple[float, float, float]
Matrix = tuple[Rgb, Rgb, Rgb]

IDENTITY: Matrix = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
GREY: Matrix = ((0.2126, 0.7152, 0.0722),) * 3
EYES: dict[str, Matrix] = {
    "full colour": IDENTITY,
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "greyscale": GREY,
}
ALIKE = {
    ("greyscale", "cooperates", "returns"),
    ("greyscale", "tolerates", "mixed"),
    ("greyscale", "tolerates", "unknown"),
    ("greyscale", "mixed", "unknown"),
}
"""The pairs that some eyes cannot tell by colour; the dash alone tells them apart. Nothing may be added lightly."""


def variables(css: str) -> dict[str, str]:
    """The colours that a style sheet names."""
    return dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]{3,6})\b", css))


def rules(css: str) -> list[tuple[str, str]]:
    """Selector and declarations of every rule, media queries flattened."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [(selector.strip(), body) for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", bare)]


def linear(colour: str) -> Rgb:
    """Linear RGB of '#b2182b' or '#111'."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def seen(colour: str, eye: str) -> Rgb:
    """Linear RGB of a colour as `eye` sees it."""
    rgb = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in EYES[eye])
    return red, green, blue


def lab(rgb: Rgb) -> Rgb:
    """L*a*b* under D65."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [sum(a * b for a, b in zip(row, rgb, strict=True)) / w for row, w in zip(to_xyz, white, strict=True)]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eye: str) -> float:
    pairs = zip(lab(seen(one, eye)), lab(seen(other, eye)), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    high, low = sorted(
        (sum(w * c for w, c in zip(GREY[0], linear(x), strict=True)) for x in (one, other)), reverse=True
    )
    return (high + 0.05) / (low + 0.05)


STANCE_COLOURS = {stance: variables(FRAME)[stance] for stance in STANCES}
DASHES = dict(re.findall(r'\[data-stance="(\w+)"\] \{ --stance: [^;]+; --dash: ([^;]+); \}', FRAME))
LAND = re.findall(r'land: "(#[0-9a-f]{6})"', BASEMAP)[0]
PAIRS = list(combinations(STANCES, 2))


def test_contrast_agrees_with_wcag_on_known_pairs() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_panel_and_reading_pages_use_the_colours_of_the_map() -> None:
    assert {stance: variables(PAGE)[stance] for stance in STANCES} == STANCE_COLOURS
    for stance, colour in STANCE_COLOURS.items():
        swatch = next(body for selector, body in rules(READING) if selector == f".rd i.{stance}")
        assert set(re.findall(r"#[0-9a-f]{3,6}", swatch)) == {colour}


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_two_stances_differ_in_dash(one: str, other: str) -> None:
    assert DASHES[one] != DASHES[other]


def test_dashes_differ_by_more_than_a_pixel_or_in_the_number_of_strokes() -> None:
    drawn = sorted([float(part) for part in dash.split()] for dash in DASHES.values() if dash != "none")
    for short, long in pairwise(drawn):
        assert len(short) != len(long) or max(abs(a - b) for a, b in zip(short, long, strict=True)) >= 1


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_eye_tells_two_stances_apart_by_colour_or_it_is_known_to_need_the_dash(
    one: str, other: str, eye: str
) -> None:
    apart = distance(STANCE_COLOURS[one], STANCE_COLOURS[other], eye)
    assert (apart < APART) == ((eye, one, other) in ALIKE), f"{apart:.1f}"


@pytest.mark.parametrize("stance", STANCES)
@pytest.mark.parametrize(("ground", "colour"), [("land", LAND), ("white casing", "#ffffff")])
def test_every_stance_stands_out_from_land_and_from_its_white_casing(stance: str, ground: str, colour: str) -> None:
    assert contrast(STANCE_COLOURS[stance], colour) >= SHAPE, ground


@pytest.mark.parametrize("sheet", ["frame", "page", "reading"])
def test_every_text_colour_can_be_read(sheet: str) -> None:
    """Against white, and names on the map against land too; white text against its own dark ground."""
    css = {"frame": FRAME, "page": PAGE, "reading": READING}[sheet]
    named = variables(css)
    read = 0
    for selector, body in rules(css):
        found = re.search(r"(?<![\w-])color:\s*(?:var\(--(\w+)\)|(#[0-9a-f]{3,6}))", body)
        if not found:
            continue
        colour = found[2] or named[found[1]]
        ground = re.search(r"background:\s*(?:var\(--(\w+)\)|(#[0-9a-f]{3,6}))", body)
        grounds = [ground[2] or named[ground[1]]] if ground else ["#ffffff", *([LAND] if ".name" in selector else [])]
        for under in grounds:
            assert contrast(colour, under) >= TEXT, f"{selector}: {colour} on {under}"
            read += 1
    assert read > 5
