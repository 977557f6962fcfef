"""Our own presentation: 16:9, real layouts with placeholders, quiet colours, and fonts that offices have.

It is made from python-pptx's empty one, so that no binary file lies in the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from xml.sax.saxutils import quoteattr

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Pt

from routes.pack.layouts import SLOTS, Kind, boxes_in
from routes.picture import palette
from routes.picture.svg import Box

SLIDE = Box(0, 0, 960, 540)
TITLE = Box(34, 14, 892, 50)
REGION = Box(34, 74, 892, 452)
NUMBER = Box(866, 514, 60, 16)
OPENING_TITLE, OPENING_TEXT = Box(34, 96, 400, 150), Box(34, 256, 400, 180)
OPENING_MAP, OPENING_SOURCE = Box(464, 24, 462, 486), Box(34, 452, 400, 74)

KOREAN_FONT = "Malgun Gothic"
_FONTS = {"majorFont": ("Georgia", "02040502050405020303"), "minorFont": ("Arial", "020B0604020202020204")}
"""What Windows and macOS with Office have; the number describes the shape, for others to choose the nearest."""

NAMES: Mapping[Kind, str] = {
    "title": "Title",
    "chapter": "Chapter",
    "chart": "Chapter with chart",
    "table": "Chapter with table",
    "compare": "Two dates",
    "words": "Text",
    "wide_table": "Table",
}
_IDX = {"map": 10, "text": 11, "figure": 12, "source": 13, "other": 14, "caption": 15, "other_caption": 16}
_TYPES = {"map": "pic", "other": "pic"}
_PROMPTS = {"map": "Map", "other": "Second map", "text": "Text", "figure": "Figure", "source": "Sources",
            "caption": "Date", "other_caption": "Second date"}  # fmt: skip
_SIZES = {"text": 20, "source": 10, "caption": 14, "other_caption": 14, "figure": 12}
_BOLD = ("caption", "other_caption")
_NUMBER_FIELD = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr/><a:t>‹#›</a:t></a:fld>'
_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_COLOURS = {"dk1": palette.INK, "lt1": palette.PAPER, "dk2": palette.SOFT, "lt2": palette.LAND,
            "accent1": "#2f6690", "accent2": "#8d99a3", "accent3": "#b07f08", "accent4": "#b2182b",
            "accent5": "#4393c3", "accent6": "#6d6558", "hlink": "#1d5480", "folHlink": "#5b4a72"}  # fmt: skip


def house_template() -> Any:
    """An empty presentation with our layouts, one for each kind of slide."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(SLIDE.width), Pt(SLIDE.height)
    _set_theme(presentation.slide_master)
    _set_master(presentation.slide_master)
    layouts = list(presentation.slide_layouts)
    for layout, kind in zip(layouts, get_args(Kind), strict=False):
        _set_layout(layout, kind)
    for layout in layouts[len(NAMES) :]:
        presentation.slide_layouts.remove(layout)
    return presentation


def _set_theme(master: Any) -> None:
    part = master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    for name, colour in _COLOURS.items():
        place = theme.find(f".//{_A}clrScheme/{_A}{name}")
        place[:] = [etree.Element(f"{_A}srgbClr", val=_six(colour))]
    for group, (font, shape) in _FONTS.items():
        fonts = theme.find(f".//{_A}{group}")
        fonts.find(f"{_A}latin").attrib.update({"typeface": font, "panose": shape})
        fonts.find(f"{_A}ea").set("typeface", KOREAN_FONT)
    theme.set("name", "The Closing Door")
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _six(colour: str) -> str:
    digits = colour.removeprefix("#")
    return (digits if len(digits) == 6 else "".join(2 * digit for digit in digits)).upper()


def _set_master(master: Any) -> None:
    places = {"title": TITLE, "body": Box(REGION.left, REGION.top, REGION.width, REGION.height - 40), "sldNum": NUMBER}
    for shape in list(master.placeholders):
        kind = shape.element.find(".//{*}ph").get("type")
        if kind in places:
            _put(shape, places[kind])
        else:
            shape.element.getparent().remove(shape.element)
    styles = master.element.find("{*}txStyles")
    title = styles.find("{*}titleStyle/{*}lvl1pPr")
    title.set("algn", "l")
    title.find("{*}defRPr").attrib.update({"sz": "2800", "b": "1"})
    for level in styles.find("{*}bodyStyle"):
        level.attrib.update({"marL": "0", "indent": "0"})
        for bullet in level.findall("{*}buChar"):
            level.replace(bullet, etree.Element(f"{_A}buNone"))
        for gap in level.findall("{*}spcBef"):
            gap[:] = [etree.Element(f"{_A}spcPts", val="0")]
    for shape in master.placeholders:
        _set_insets(shape)


def _set_insets(shape: Any) -> None:
    body = shape.element.find(".//{*}bodyPr")
    body.attrib.update({"lIns": "0", "tIns": "0", "rIns": "0", "bIns": "0"})
    if shape.element.find(".//{*}ph").get("type") == "title":
        body.set("anchor", "b")


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(side) for side in (box.left, box.top, box.width, box.height))


def _set_layout(layout: Any, kind: Kind) -> None:
    root = layout.element
    root.attrib.pop("type", None)
    root.attrib.update({"preserve": "1", "userDrawn": "1"})
    layout.name = NAMES[kind]
    tree = layout.shapes._spTree
    for shape in list(layout.shapes):
        tree.remove(shape.element)
    is_opening = kind == "title"
    boxes = _opening() if is_opening else boxes_in(kind, REGION)
    tree.append(_placeholder(2, "Title", "ctrTitle" if is_opening else "title", None,
                             OPENING_TITLE if is_opening else TITLE, 36 if is_opening else 28))  # fmt: skip
    types = {**_TYPES, "figure": "chart" if kind == "chart" else "tbl", "text": "subTitle" if is_opening else "body"}
    for number, name in enumerate(SLOTS[kind], start=3):
        place = types.get(name, "body"), _IDX[name], boxes[name], _SIZES.get(name, 18)
        tree.append(_placeholder(number, _PROMPTS[name], *place, bold=name in _BOLD, quiet=name == "source"))
    tree.append(_placeholder(20, "Slide number", "sldNum", 17, NUMBER, 9, quiet=True))


def _opening() -> dict[str, Box]:
    return {"text": OPENING_TEXT, "map": OPENING_MAP, "source": OPENING_SOURCE}


def _placeholder(
    number: int, name: str, kind: str, idx: int | None, box: Box, size: int, *, bold: bool = False, quiet: bool = False
) -> Any:
    """A placeholder of a layout. The slide number is a field and stands on the right."""
    place = "".join(f' {key}="{value}"' for key, value in (("type", kind), ("idx", idx)) if value is not None)
    colour = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>' if quiet else ""
    look = f'<a:defRPr sz="{size * 100}" b="{int(bold or kind in ("title", "ctrTitle"))}">{colour}</a:defRPr>'
    is_number = kind == "sldNum"
    words = _NUMBER_FIELD if is_number else f"<a:r><a:rPr/><a:t>{name}</a:t></a:r>"
    anchor = "b" if kind in ("title", "ctrTitle") or idx == _IDX["source"] else "t"
    emu = [round(12700 * side) for side in (box.left, box.top, box.width, box.height)]
    return parse_xml(
        f'<p:sp {_NS}><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(name)}/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph{place}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{emu[0]}" y="{emu[1]}"/>'
        f'<a:ext cx="{emu[2]}" cy="{emu[3]}"/></a:xfrm></p:spPr><p:txBody>'
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle>'
        f'<a:lvl1pPr marL="0" indent="0" algn="{"r" if is_number else "l"}"><a:buNone/>{look}</a:lvl1pPr></a:lstStyle>'
        f"<a:p>{words}</a:p></p:txBody></p:sp>"
    )
