"""One slide being filled: text that fits, pictures, charts and tables with words for those who do not see them."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from pptx.chart.data import CategoryChartData
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Pt

from routes.pack.fitting import LINE, Paragraph, fitted, title_size
from routes.pack.layouts import Choice, Kind, choose, title_box, title_of
from routes.picture.svg import Box, safe
from routes.sharing import is_web_address

PIXELS = 1.7
"""Of a map for each point of a slide, before the picture is doubled."""

LONGEST_LINK = 90


@dataclass
class Page:
    """A slide with places for its parts; what stays empty is taken off by `finish`."""

    slide: Any
    choice: Choice
    size: Box
    wider: float
    language: str

    def title(self, text: str, sizes: Sequence[float]) -> None:
        """The title; its size is left to the layout where it fits so."""
        box = self.choice.title or title_box(self.choice, self.size)
        words, size = title_size(text, box, sizes, self.wider)
        shape = title_of(self.slide)
        if shape is None:
            shape = self.slide.shapes.add_textbox(*_emu(box))
            shape.name = "Title"
        if self.choice.title is None:
            _move(shape, box)
        _write(shape.text_frame, [Paragraph(words, size if size != sizes[0] else 0, bold=False)], self.language)

    def text(
        self, name: str, make: Callable[[float], Sequence[Paragraph]], sizes: Sequence[float]
    ) -> list[list[Paragraph]]:
        """Text at the largest size that fits its place; what is more than one place holds is given back."""
        pages = fitted(make, self.box(name), sizes, self.wider)
        if pages:
            _write(self._text_shape(name).text_frame, pages[0], self.language)
        return pages[1:]

    def box(self, name: str) -> Box:
        """The place of a part."""
        return self.choice.boxes[name]

    def pixels(self, name: str) -> tuple[int, int]:
        """The size of a picture that fills the place."""
        box = self.box(name)
        return max(round(box.width * PIXELS), 200), max(round(box.height * PIXELS), 200)

    def picture(self, name: str, png: bytes, words: str, link: str = "") -> None:
        """A picture that fills its place, with words for those who do not see it."""
        place = self._placeholder(name)
        stream = io.BytesIO(png)
        if place is None:
            shape = self.slide.shapes.add_picture(stream, *_emu(self.box(name)))
        else:
            shape = place.insert_picture(stream)
            shape.crop_left = shape.crop_right = shape.crop_top = shape.crop_bottom = 0.0
            _move(shape, self.box(name))
        _describe(shape, words)
        if is_web_address(link):
            shape.click_action.hyperlink.address = web_address(link)

    def chart(self, name: str, kind: Any, data: CategoryChartData, words: str) -> Any:
        """A chart that can be edited."""
        place = self._placeholder(name)
        if place is None:
            shape = self.slide.shapes.add_chart(kind, *_emu(self.box(name)), data)
        else:
            shape = place.insert_chart(kind, data)
        _describe(shape, words)
        return shape.chart

    def table(self, name: str, rows: int, columns: int, words: str) -> Any:
        """An empty table in the place."""
        place = self._placeholder(name)
        box = self.box(name)
        if place is None:
            shape = self.slide.shapes.add_table(rows, columns, *_emu(box))
        else:
            shape = place.insert_table(rows, columns)
            _move(shape, box)
        _describe(shape, words)
        return shape.table

    def drop_figure(self) -> None:
        """Leave the figure's place empty; text above it takes the room."""
        place = self._placeholder("figure")
        if place is not None:
            place.element.getparent().remove(place.element)
        text, figure = self.box("text"), self.box("figure")
        if (text.left, text.width) == (figure.left, figure.width) and text.bottom <= figure.top:
            text = Box(text.left, text.top, text.width, figure.bottom - text.top)
            self.choice = replace(self.choice, boxes={**self.choice.boxes, "text": text})

    def notes(self, paragraphs: Sequence[str]) -> None:
        """What the speaker sees."""
        slide = self.slide.notes_slide
        frame = slide.notes_text_frame
        if frame is None:  # a template's own notes page may lack the place
            frame = slide.shapes.add_textbox(Pt(54), Pt(400), Pt(430), Pt(340)).text_frame
        frame.text = "\n".join(safe(paragraph) for paragraph in paragraphs if paragraph)

    def finish(self) -> None:
        """Take off the places that stayed empty, and add the slide's number where the layout has one."""
        title = title_of(self.slide)
        for shape in list(self.slide.placeholders):
            is_title = title is not None and shape.shape_id == title.shape_id
            if (
                not is_title
                and (not shape.has_text_frame or not shape.text_frame.text)
                and shape.element.tag == qn("p:sp")
            ):
                shape.element.getparent().remove(shape.element)
        for shape in self.choice.layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                self._number(shape)

    def _number(self, shape: Any) -> None:
        if shape.element.find(f".//{qn('a:fld')}") is None:
            return
        number = copy.deepcopy(shape.element)
        for part in (number.find(f".//{qn('a:xfrm')}"), number.find(f".//{qn('a:lstStyle')}")):
            if part is not None:
                part.getparent().remove(part)
        number.find(f".//{qn('p:cNvPr')}").set("id", str(max(one.shape_id for one in self.slide.shapes) + 1))
        self.slide.shapes._spTree.append(number)

    def _placeholder(self, name: str) -> Any:
        idx = self.choice.taken.get(name)
        return next((one for one in self.slide.placeholders if one.placeholder_format.idx == idx), None)

    def _text_shape(self, name: str) -> Any:
        box = self.box(name)
        shape = self._placeholder(name)
        if shape is None:
            shape = self.slide.shapes.add_textbox(*_emu(box))
            shape.name = name.replace("_", " ").capitalize()
        elif (shape.left, shape.top, shape.width, shape.height) != tuple(_emu(box)):
            _move(shape, box)
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return shape


def choice_for(presentation: Any, kind: Kind) -> Choice:
    """The layout for a kind of slide, and the places on it."""
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    return choose(kind, layouts, _size(presentation))


def new_page(presentation: Any, kind: Kind, wider: float, language: str) -> Page:
    """A new last slide of a kind."""
    choice = choice_for(presentation, kind)
    return Page(presentation.slides.add_slide(choice.layout), choice, _size(presentation), wider, language)


def _size(presentation: Any) -> Box:
    return Box(0, 0, presentation.slide_width / 12700, presentation.slide_height / 12700)


def web_address(address: str) -> str:
    """The address as a file may hold it: signs that no address has are percent-encoded."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace")


def shown_address(address: str) -> str:
    """The address as text, short, its host whole."""
    text = safe(address).removeprefix("https://").removeprefix("http://").rstrip("/")
    return text if len(text) <= LONGEST_LINK else f"{text[: LONGEST_LINK - 1]}…"


def _write(frame: Any, paragraphs: Sequence[Paragraph], language: str) -> None:
    for number, paragraph in enumerate(paragraphs):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if paragraph.gap and number:
            line.space_before = Pt(paragraph.gap * paragraph.size)
        if paragraph.size:
            line.line_spacing = Pt(round(LINE * paragraph.size, 1))
            _without_bullet(line)
        _run(line, safe(paragraph.text) + " " * bool(paragraph.link), paragraph, language)
        if paragraph.link:
            run = _run(line, shown_address(paragraph.link), paragraph, language)
            run.hyperlink.address = web_address(paragraph.link)


def _without_bullet(line: Any) -> None:
    """Lines that an office's layout would indent and dot."""
    look = line._p.get_or_add_pPr()
    look.attrib.update({"marL": "0", "indent": "0"})
    look.append(look.makeelement(qn("a:buNone"), {}))


def _run(line: Any, text: str, paragraph: Paragraph, language: str) -> Any:
    run = line.add_run()
    run.text = text
    run._r.get_or_add_rPr().set("lang", "en-GB" if language == "en" else safe(language))
    if paragraph.size:
        run.font.size = Pt(paragraph.size)
    if paragraph.bold:
        run.font.bold = True
    return run


def _describe(shape: Any, words: str) -> None:
    shape.element.xpath(".//p:cNvPr")[0].set("descr", safe(words))


def _move(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _emu(box)


def _emu(box: Box) -> list[Any]:
    return [Pt(side) for side in (box.left, box.top, box.width, box.height)]
