"""Stories, templates and small stand-ins for the tests of packs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from making import HOSTILE
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from routes.dataset import Dataset
from routes.stories import Story

ADDRESS = "https://map.example.org"
LONG = "One more sentence that nobody could read from the back of a room. " * 40


def story_named(dataset: Dataset, story_id: str) -> Story:
    return next(story for story in dataset.stories if story.id == story_id)


def hostile_story(story: Story, before: str = HOSTILE) -> Story:
    """The story with the worst text before each of its own."""
    chapters = tuple(
        replace(
            chapter, title=before + chapter.title, text=before + chapter.text, more=before + chapter.more,
            notes=before + chapter.notes, content_note=before,
            sources=tuple(replace(cited, locator=before) for cited in chapter.sources),
        )
        for chapter in story.chapters
    )  # fmt: skip
    return replace(
        story, title=before + story.title, summary=before + story.summary, audience=before, chapters=chapters
    )


def small_map(_dataset: object, _view: object, size: tuple[int, int], *_: object, **__: object) -> bytes:
    """A picture of the right shape that costs nothing to draw."""
    out = io.BytesIO()
    Image.new("RGB", (size[0] // 10, size[1] // 10), "white").save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Any:
    return Presentation(io.BytesIO(data))


def template(presentation: Any = None) -> bytes:
    """python-pptx's own empty presentation stands for an office's: 4:3, with PowerPoint's usual layouts."""
    out = io.BytesIO()
    (presentation or Presentation()).save(out)
    return out.getvalue()


def wide_template() -> bytes:
    """A 16:9 template whose layout for a picture with a caption has room for a map."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(13.333), Inches(7.5)
    layout = presentation.slide_layouts.get_by_name("Picture with Caption")
    places = {0: (0.5, 0.3, 12.3, 1.0), 1: (0.5, 1.5, 8.2, 5.0), 2: (9.0, 1.5, 3.8, 5.0)}
    for shape in layout.placeholders:
        if shape.placeholder_format.idx in places:
            left, top, width, height = map(Inches, places[shape.placeholder_format.idx])
            shape.left, shape.top, shape.width, shape.height = left, top, width, height
    presentation.slides.add_slide(presentation.slide_layouts[0]).shapes.title.text = "An old slide of the office"
    return template(presentation)


def texts_of(slide: Any) -> Iterator[str]:
    """Every text on a slide."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def described(slide: Any) -> dict[str, str]:
    """The alternative text of every picture, chart and table on a slide, by its name."""
    shapes = [shape for shape in slide.shapes if not shape.has_text_frame]
    return {shape.name: shape.element.xpath(".//p:cNvPr")[0].get("descr", "") for shape in shapes}
