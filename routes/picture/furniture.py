"""What stands round the map and on it: legend, date, scale, note, credits, and the title of a card."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element

from routes.dataset import Dataset
from routes.picture import palette
from routes.picture.framing import Frame
from routes.picture.lettering import BASELINE, BOLD, SANS, SEMIBOLD, SERIF, Type
from routes.picture.svg import Block, element, stacked
from routes.picture.ways import Shown, dot_look, line_look
from routes.records import STANCES
from routes.words import date_words, say

SWATCH, WORD = 46.0, 98.0
"""The widths of a row's swatch and word in pixels of the live map."""

COLUMN_GAP = 14.0

SCALES_KM = (1000, 500, 200, 100, 50, 20, 10)
WIDEST_SCALE = 150.0
TITLE_LINES = 5
HEADING_SIZES = (1.2, 1.0, 0.88, 0.76, 0.64)


def legend(shown: Sequence[Shown], unit: float, room: float) -> Block:
    """A row for each stance that is shown, and what thin lines and dots mean; in as many columns as fit `room`."""
    rows = _legend_rows(shown, unit, room, with_phrases=True)
    if max((row.width for row in rows), default=0.0) > room:
        rows = _legend_rows(shown, unit, room, with_phrases=False)
    kicker = Type(BOLD, 13.5 * unit, palette.SOFT, spacing=0.06)
    title = kicker.block([say("map.legend").upper()])
    return stacked([title, _in_columns(rows, room, COLUMN_GAP * unit)], 6 * unit) if rows else Block(0, 0)


def _legend_rows(shown: Sequence[Shown], unit: float, room: float, *, with_phrases: bool) -> list[Block]:
    ways = [item for item in shown if item.has_stance]
    missions = [item for item in shown if item.feature.kind == "mission"]
    rows = [
        _stance_row(stance, unit, with_phrases=with_phrases)
        for stance in STANCES
        if any(item.stance == stance for item in ways)
    ]
    note = Type(SANS, 14.5 * unit, palette.SOFT)
    lines = [item for item in ways if item.drawing.line]
    unsure = [item.stance for item in lines if not item.sure and item.stance != "unknown"]
    if unsure:
        rows.append(_row(_swatch(unsure[0], unit, sure=False), note, say("map.thin"), unit, room))
    for ours, words in ((True, say("map.mission")), (False, say("map.other_mission"))):
        if any(item.is_ours == ours for item in missions):
            rows.append(_row(_mark("mission", unit, ours=ours), note, words, unit, room))
    if any(item.feature.kind == "place" for item in shown):
        rows.append(_row(_mark("place", unit), note, say("map.place"), unit, room))
    return rows


def _stance_row(stance: str, unit: float, *, with_phrases: bool) -> Block:
    word, phrase = Type(SEMIBOLD, 16 * unit), Type(SANS, 14.5 * unit, palette.SOFT)
    row = _row(_swatch(stance, unit, sure=stance != "unknown"), word, say(f"stance.word.{stance}"), unit)
    if not with_phrases:
        return row
    left = (SWATCH + 10 + WORD) * unit
    text = say(f"stance.phrase.{stance}")
    baseline = (row.height - word.line) / 2 + BASELINE * word.size
    drawn = phrase.drawn(text, left, baseline - BASELINE * phrase.size)
    return Block(left + phrase.width(text), row.height, (*row.items, drawn))


def _row(mark: Element, text_type: Type, text: str, unit: float, room: float = math.inf) -> Block:
    left = (SWATCH + 10) * unit
    words = text_type.block(text_type.wrapped(text, room - left))
    top = max(24 * unit - text_type.line, 0.0) / 2
    middle = element("g", mark, transform=f"translate(0 {top + text_type.line / 2:.1f})")
    return Block(left + words.width, words.height + 2 * top, (middle, words.at(left, top)))


def _swatch(stance: str, unit: float, *, sure: bool) -> Element:
    look = line_look(stance, unit, sure=sure)
    inset = 2.3 * unit if stance in palette.ROUND else 0.0  # round ends stick out
    return element("line", x1=inset, x2=SWATCH * unit - inset, y1=0.0, y2=0.0, **look)


def _mark(kind: str, unit: float, *, ours: bool = False) -> Element:
    radius = palette.RADIUS["place" if kind == "place" else "ours" if ours else "other"]
    look = dot_look(kind, unit, ours=ours)
    return element("circle", cx=SWATCH * unit / 2, cy=0.0, r=radius * unit, **look)


def _in_columns(rows: Sequence[Block], room: float, gap: float) -> Block:
    widest = max((row.width for row in rows), default=1.0)
    columns = max(1, min(int((room + gap) / (widest + gap)), len(rows)))
    per_column = -(-len(rows) // columns)
    stacks = [stacked(rows[n : n + per_column], 0) for n in range(0, len(rows), per_column)]
    items = tuple(stack.at(n * (widest + gap), 0) for n, stack in enumerate(stacks))
    return Block(len(stacks) * (widest + gap) - gap, max(stack.height for stack in stacks), items)


def boxed(content: Block, unit: float) -> Block:
    """The content on white with a thin edge, as the live map's boxes."""
    aside, down = 14 * unit, 10 * unit
    width, height = content.width + 2 * aside, content.height + 2 * down
    ground = element("rect", width=width, height=height, rx=8 * unit, fill=palette.PAPER, fill_opacity=0.96,
                     stroke=palette.LINE, stroke_width=unit)  # fmt: skip
    return Block(width, height, (ground, content.at(aside, down)))


def heading(title: str, text: str, unit: float, room: float, height: float) -> Block:
    """A title and a text that fit the room; type is made to fit within limits, and only then is a text cut short."""
    for size in HEADING_SIZES:
        block, is_whole = _heading(title, text, unit * size, room, height)
        if is_whole:
            break
    return block


def _heading(title: str, text: str, unit: float, room: float, height: float) -> tuple[Block, bool]:
    """The heading at one size, and whether all of it is there."""
    large, plain, gap = Type(SERIF, 34 * unit), Type(SANS, 18.5 * unit), 10 * unit
    most = min(TITLE_LINES, max(1, int(height / large.line)))
    titles = large.fitted(title, room, most)
    left = max(int((height - len(titles) * large.line - gap) / plain.line), 0)
    texts = plain.fitted(text, room, left) if left else []
    blocks = [style.block(lines) for style, lines in ((large, titles), (plain, texts)) if lines]
    is_whole = titles == large.wrapped(title, room) and texts == plain.wrapped(text, room)
    return stacked(blocks, gap), is_whole


def scale_bar(frame: Frame) -> Block:
    """A round number of kilometres; Mercator's scale differs by latitude, so the words name it."""
    unit = frame.unit
    per_pixel = frame.km_per_pixel()
    km = next((km for km in SCALES_KM if km / per_pixel <= WIDEST_SCALE * unit), SCALES_KM[-1])
    side = "picture.scale_north" if frame.latitude >= 0 else "picture.scale_south"
    words = say(side, km=km, latitude=abs(round(frame.latitude)))
    text = Type(SANS, 13 * unit, palette.INK, halo=3.2 * unit)
    length, top = km / per_pixel, text.line + 3 * unit
    shape = f"M0 {top - 4 * unit:.1f}V{top:.1f}H{length:.1f}V{top - 4 * unit:.1f}"
    halo = element("path", d=shape, fill="none", stroke="#fff", stroke_width=4 * unit)
    bar = element("path", d=shape, fill="none", stroke=palette.INK, stroke_width=1.6 * unit)
    return Block(max(length, text.width(words)), top + 2 * unit, (halo, bar, text.drawn(words, 0, 0)))


def footer(dataset: Dataset, unit: float, room: float, *, today: date, note: bool, credits: bool) -> Block:
    """What every copy must say: the note, whose map and data it is, and the basemap's credit."""
    strong, small = Type(SEMIBOLD, 14 * unit), Type(SANS, 12.5 * unit, palette.SOFT)
    project = say("picture.project", site=say("site.title"), fingerprint=dataset.fingerprint, date=date_words(today))
    blocks = [strong.block(strong.wrapped(say("site.not_advice"), room))] if note else []
    if credits:
        beside = small.width(project)
        if blocks and blocks[0].height <= strong.line and blocks[0].width + 30 * unit + beside <= room:
            own = small.block([project]).at(room - beside, strong.line - small.line)
            blocks = [Block(room, strong.line, (*blocks[0].items, own))]
        else:
            blocks.append(small.block(small.wrapped(project, room)))
        blocks.append(small.block(small.wrapped(say("map.credit"), room)))
    return stacked(blocks, 1 * unit)
