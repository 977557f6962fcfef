"""Slides: a title, one for each chapter, the method and all sources; nothing runs over, nothing runs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from making import HOSTILE, HOSTILE_ADDRESS, TODAY
from pack_making import (
    ADDRESS,
    LONG,
    described,
    hostile_story,
    opened,
    small_map,
    story_named,
    template,
    texts_of,
    wide_template,
)
from pptx import Presentation
from pptx.enum.dml import MSO_COLOR_TYPE
from pptx.oxml.ns import qn

from routes.citations import short_name
from routes.dataset import Dataset, load
from routes.exchange.limits import RefusedFileError
from routes.mapdata import ARRIVALS
from routes.pack import slides
from routes.pack.fitting import Paragraph, fits, fitted, title_size
from routes.pack.layouts import box_of
from routes.pack.page import web_address
from routes.pack.slides import slides_pptx
from routes.pack.views import chapter_view
from routes.picture import picture_words
from routes.picture.lettering import SANS, SERIF, Type
from routes.picture.svg import Box, safe
from routes.sharing import is_web_address, link_of
from routes.staging import explore_params, note_parts
from routes.stories import Story
from routes.story_checks import story_sources
from routes.text import visible
from routes.words import say

EMU = 12700
STORIES = ("closing-door", "embassy-in-beijing", "laos-2013")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps that cost nothing: what they show has tests of its own."""
    monkeypatch.setattr(slides, "slide_map", small_map)


@pytest.fixture
def deck(monkeypatch: pytest.MonkeyPatch, real_dataset: Dataset) -> Callable[..., Any]:
    monkeypatch.setattr(slides, "slide_map", small_map)

    def make(story: Story | str = "laos-2013", dataset: Dataset = real_dataset, **options: Any) -> Any:
        story = story_named(dataset, story) if isinstance(story, str) else story
        return opened(slides_pptx(story, dataset, today=TODAY, address=ADDRESS, **options))

    return make


def titles(presentation: Any) -> list[str]:
    return [slide.shapes.title.text for slide in presentation.slides]


def chapter_slides(presentation: Any, story: Story) -> list[Any]:
    """The first slide of each chapter."""
    found = {slide.shapes.title.text: slide for slide in reversed(list(presentation.slides))}
    return [found[chapter.title] for chapter in story.chapters]


# What there is


@pytest.mark.parametrize("name", STORIES)
def test_there_is_a_title_a_slide_for_each_chapter_the_method_and_the_sources(
    name: str, deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, name)
    found = titles(deck(name))
    count = len(story_sources(story, real_dataset))
    expected = [story.title, *(one.title for one in story.chapters), say("pack.method_title")]
    assert found[: len(expected)] == expected
    assert set(found[len(story.chapters) + 2 :]) == {
        say("pack.sources_title", n=count),
        say("pack.continued", title=say("pack.sources_title", n=count)),
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_chapter_has_its_words_its_sources_its_notes_and_the_note_on_advice(
    name: str, deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, name)
    numbers = {source.id: n for n, source in enumerate(story_sources(story, real_dataset), start=1)}
    for slide, chapter in zip(chapter_slides(deck(name), story), story.chapters, strict=True):
        text = "\n".join(texts_of(slide))
        notes = slide.notes_slide.notes_text_frame.text
        assert chapter.text in text
        assert say("site.not_advice") in text
        assert real_dataset.fingerprint in text
        parts = [f"{lead} {text}" for lead, text in note_parts(chapter.notes)]
        assert [line for line in notes.splitlines() if line in parts] == parts
        assert chapter.more in notes
        for cited in chapter.sources:
            assert f"{numbers[cited.source]} {short_name(real_dataset.sources[cited.source])}" in text
            assert f"[{numbers[cited.source]}]" in notes
            assert cited.locator in notes


def test_every_source_stands_on_the_last_slides_under_its_number(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, "closing-door")
    text = "\n".join(text for slide in deck(story).slides for text in texts_of(slide))
    for number, source in enumerate(story_sources(story, real_dataset), start=1):
        title = re.escape(safe(source.title.split(" [")[-1]).strip('"“')[:11])
        assert re.search(rf"(?m)^{number}\. .*{title}", text), source.id


@pytest.mark.parametrize("name", STORIES)
def test_every_picture_chart_and_table_says_what_it_shows(
    name: str, deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, name)
    presentation = deck(name)
    for slide in presentation.slides:
        assert all(len(words) > 20 for words in described(slide).values())
    for slide, chapter in zip(chapter_slides(presentation, story), story.chapters, strict=True):
        view = chapter_view(chapter, real_dataset, today=TODAY)
        if not chapter.figure or chapter.figure.kind != "compare":
            assert picture_words(real_dataset, view, TODAY) in described(slide).values()


def test_a_chapter_with_arrivals_has_a_chart_that_can_be_edited_up_to_its_date(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, "closing-door")
    for slide, chapter in zip(chapter_slides(deck(story), story), story.chapters, strict=True):
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        assert bool(charts) == (chapter.figure is not None and chapter.figure.kind == "arrivals")
        for chart in charts:
            years = [str(one.period) for one in real_dataset.statistics_of(ARRIVALS)]
            values = {str(one.period): one.value for one in real_dataset.statistics_of(ARRIVALS)}
            shown = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
            last = str(chapter.as_of.year - (chapter.as_of.month < 12))
            assert shown == {year: values[year] for year in years if year <= last}
            assert chart.part.chart_workbook.xlsx_part is not None


def bars_of(chart: Any) -> dict[str, tuple[str, bool, str]]:
    """Each year's bar: its value where it has a label, whether it is dark, how it is filled."""
    found = {}
    for at, year in enumerate(chart.plots[0].categories):
        point = chart.plots[0].series[0].points[at]
        label = point.data_label.text_frame.text if point.data_label.has_text_frame else ""
        is_dark = point.format.fill.fore_color.type == MSO_COLOR_TYPE.SCHEME
        found[str(year)] = (label, is_dark, str(point.format.fill.type).split()[0])
    return found


def chapter_bars(deck: Callable[..., Any], dataset: Dataset) -> dict[str, dict[str, tuple[str, bool, str]]]:
    story = story_named(dataset, "closing-door")
    slides_of = zip(story.chapters, chapter_slides(deck(story), story), strict=True)
    return {
        chapter.id: bars_of(shape.chart) for chapter, slide in slides_of for shape in slide.shapes if shape.has_chart
    }


def test_a_bar_is_dark_where_it_has_its_value_and_nowhere_else(deck: Callable[..., Any], real_dataset: Dataset) -> None:
    bars = chapter_bars(deck, real_dataset)
    assert len(bars) == 5
    for chart in bars.values():
        assert any(is_dark for _, is_dark, _ in chart.values())
        assert all(bool(label) == is_dark for label, is_dark, _ in chart.values())


def test_what_a_chapters_words_say_has_its_value_also_where_two_stand_side_by_side(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    bars = chapter_bars(deck, real_dataset)
    told = {name: [label for label, _, _ in chart.values() if label] for name, chart in bars.items()}
    assert told["fall"] == ["2,706", "1,502"]
    assert told["thesis"] == ["1,514", "1,418", "1,047"]
    assert told["sealed"] == ["1,047", "63", "196"]
    assert told["known"] == ["2,914", "223"]


def test_a_figure_that_is_not_final_is_hatched(deck: Callable[..., Any], real_dataset: Dataset) -> None:
    is_final = {str(one.period): one.status == "final" for one in real_dataset.statistics_of(ARRIVALS)}
    for chart in chapter_bars(deck, real_dataset).values():
        assert {year: kind for year, (_, _, kind) in chart.items()} == {
            year: "SOLID" if is_final[year] else "PATTERNED" for year in chart
        }


def test_a_timeline_is_a_table_and_a_comparison_two_maps_with_their_dates(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, "laos-2013")
    for slide, chapter in zip(chapter_slides(deck(story), story), story.chapters, strict=True):
        kind = chapter.figure.kind if chapter.figure else None
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        assert bool(tables) == (kind == "timeline")
        assert len([name for name in described(slide) if "Picture" in name or "Map" in name or "map" in name]) == 1 + (
            kind == "compare"
        )
        if kind == "compare":
            text = "\n".join(texts_of(slide))
            assert "end of 2012" in text
            assert "end of 2014" in text
            assert "1,502 in 2012" in text
        if tables:
            assert tables[0].cell(0, 0).text == say("pack.date")
            assert tables[0].cell(1, 0).text == "10 May 2013"


def test_fonts_are_the_themes_and_offices_have_them(deck: Callable[..., Any]) -> None:
    presentation = deck()
    themes = [part.blob.decode() for part in presentation.part.package.iter_parts() if "theme" in str(part.partname)]
    assert 'typeface="Georgia"' in themes[0]
    assert 'typeface="Arial"' in themes[0]
    for slide in presentation.slides:
        assert not list(slide.element.iter(qn("a:latin")))


def test_the_file_tells_its_title_day_and_version(deck: Callable[..., Any], real_dataset: Dataset) -> None:
    properties = deck().core_properties
    assert properties.title == "Laos 2013"
    assert properties.created.date() == TODAY
    assert real_dataset.fingerprint in properties.comments


@pytest.mark.parametrize("name", STORIES)
def test_each_map_leads_to_the_live_view_and_a_short_link_is_there_to_type(
    name: str, deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, name)
    presentation = deck(name)
    found = links(presentation)
    for slide, chapter in zip(chapter_slides(presentation, story), story.chapters, strict=True):
        assert link_of(explore_params(chapter, real_dataset, today=TODAY), ADDRESS) in found
        short = f"{ADDRESS}/s/{name}/{chapter.id}"
        assert short in found
        assert f"{say('pack.view')} {short.removeprefix('https://')}" in "\n".join(texts_of(slide))
        assert short in slide.notes_slide.notes_text_frame.text


def test_without_an_address_of_the_site_nothing_leads_to_it(real_dataset: Dataset) -> None:
    without = opened(
        slides_pptx(story_named(real_dataset, "laos-2013"), real_dataset, today=TODAY, address="javascript:1")
    )
    assert not any("as_of=" in link or "/s/" in link for link in links(without))
    assert not any(say("pack.view") in text for slide in without.slides for text in texts_of(slide))


@pytest.mark.usefixtures("quick")
def test_the_same_day_and_data_give_the_same_file(real_dataset: Dataset) -> None:
    story = story_named(real_dataset, "laos-2013")
    story = replace(story, chapters=story.chapters[:2])
    one, other = (slides_pptx(story, real_dataset, today=TODAY) for _ in range(2))
    assert one == other


# Nothing runs over


def overflowing(presentation: Any) -> Iterator[str]:
    """What stands outside the slide or is higher than its box, measured with our own fonts as they are."""
    whole = Box(-1, -1, presentation.slide_width / EMU + 2, presentation.slide_height / EMU + 2)
    for number, slide in enumerate(presentation.slides, start=1):
        for shape in slide.shapes:
            if not whole.holds(box_of(shape)):
                yield f"{number}: {shape.name} leaves the slide"
            if shape.has_text_frame and text_height(shape) > shape.height / EMU + 1:
                yield f"{number}: {shape.name} is too high: {shape.text_frame.text[:40]}"
            if shape.has_table and sum(row.height for row in shape.table.rows) > shape.height + EMU:
                yield f"{number}: the table is too high"


def text_height(shape: Any) -> float:
    is_title = shape.is_placeholder and "TITLE" in str(shape.placeholder_format.type)
    height = 0.0
    for line in shape.text_frame.paragraphs:
        sizes = [run.font.size.pt for run in line.runs if run.font.size]
        size = sizes[0] if sizes else 28.0 if is_title else 9.0
        words = Type(SERIF if is_title else SANS, size)
        height += len(words.wrapped(line.text, shape.width / EMU)) * size * 1.2
        height += line.space_before.pt if line.space_before else 0
    return height


def overlapping(presentation: Any) -> Iterator[str]:
    for number, slide in enumerate(presentation.slides, start=1):
        boxes = [(one.name, box_of(one)) for one in slide.shapes if "number" not in one.name.lower()]
        for (one, box), (other, second) in combinations(boxes, 2):
            if box.touches(second, gap=-2):
                yield f"{number}: {one} and {other}"


@pytest.mark.parametrize("name", STORIES)
def test_no_text_leaves_its_box_and_nothing_covers_another_thing(name: str, deck: Callable[..., Any]) -> None:
    presentation = deck(name)
    assert not list(overflowing(presentation))
    assert not list(overlapping(presentation))


@pytest.mark.parametrize("given", [template, wide_template], ids=["4:3", "16:9"])
def test_no_text_leaves_its_box_in_an_offices_template(given: Callable[[], bytes], deck: Callable[..., Any]) -> None:
    presentation = deck(template=("office.pptx", given()))
    assert not list(overflowing(presentation))
    assert not list(overlapping(presentation))


def test_a_text_that_is_too_long_goes_on_on_the_next_slide_with_every_word(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    story = story_named(real_dataset, "laos-2013")
    chapter = replace(story.chapters[0], text=LONG, title=f"A title {LONG}")
    presentation = deck(replace(story, chapters=(chapter,)))
    assert not list(overflowing(presentation))
    text = " ".join(text for slide in list(presentation.slides)[1:] for text in texts_of(slide))
    assert text.count("nobody could read") >= LONG.count("nobody could read")
    assert LONG.strip() in presentation.slides[1].notes_slide.notes_text_frame.text  # the title was cut short


@pytest.mark.parametrize("size", [0, 1, 40, 400])
def test_words_split_over_boxes_are_all_there_and_each_box_holds_its_own(size: int) -> None:
    words = [f"word{n}" for n in range(size)]
    box = Box(0, 0, 200, 60)
    pages = fitted(lambda points: [Paragraph(" ".join(words), points)], box, (14, 12), 1.15)
    assert " ".join(p.text for page in pages for p in page).split() == words
    assert all(fits(page, box, 1.15) for page in pages)


def test_a_word_longer_than_its_box_loses_no_letter() -> None:
    box = Box(0, 0, 100, 60)
    pages = fitted(lambda points: [Paragraph("x" * 300, points)], box, (14,), 1.15)
    assert "".join(p.text for page in pages for p in page) == "x" * 300


def test_a_title_is_set_smaller_before_it_is_cut() -> None:
    box = Box(0, 0, 400, 40)
    assert title_size("Short", box, (28, 20), 1.0) == ("Short", 28)
    words, size = title_size("A title that is a little longer than others", box, (28, 20), 1.0)
    assert (words, size) == ("A title that is a little longer than others", 20) or words.endswith("…")
    assert title_size(LONG, box, (28, 20), 1.0)[0].endswith("…")


# Text is text


def links(presentation: Any) -> list[str]:
    """Every address outside the file that anything in it names."""
    out = io.BytesIO()
    presentation.save(out)
    with zipfile.ZipFile(out) as archive:
        rels = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")]
    found = [
        one for text in rels for one in re.findall(r"<Relationship [^>]*>", text) if 'TargetMode="External"' in one
    ]
    return [match[1].replace("&amp;", "&") for one in found if (match := re.search(r'Target="([^"]*)"', one))]


def test_hostile_words_stay_words_and_links_lead_to_the_web_only(
    hostile_folder: Path, deck: Callable[..., Any]
) -> None:
    dataset = load(hostile_folder)
    story = hostile_story(story_named(dataset, "laos-2013"))
    presentation = deck(story, dataset)
    text = "\n".join(text for slide in presentation.slides for text in texts_of(slide))
    assert safe(HOSTILE) in text
    assert not list(overflowing(presentation))
    assert links(presentation)
    for link in links(presentation):
        assert link.startswith(("http://", "https://"))
        assert not set(link) & set(' <>{}"')
    notes = presentation.slides[1].notes_slide.notes_text_frame.text
    assert safe(HOSTILE) in notes


@pytest.mark.parametrize("sign", ["\ud800", "\x00", "\x0b", "\u202e", "\ufffe", "_x0041_", "\U000e0041"], ids=ascii)
def test_no_sign_breaks_the_file_or_hides(sign: str, deck: Callable[..., Any], real_dataset: Dataset) -> None:
    story = story_named(real_dataset, "laos-2013")
    story = hostile_story(replace(story, chapters=story.chapters[:1]), before=f"a{sign}b ")
    presentation = deck(story)
    text = "\n".join(texts_of(presentation.slides[1]))
    assert safe(f"a{sign}b") in text
    assert visible(text.replace("\n", " ").replace("\x0b", " ")) == text.replace("\n", " ").replace("\x0b", " ")


@pytest.mark.parametrize(
    ("address", "is_one"),
    [("https://a.example/b", True), ("http://a.example", True), (HOSTILE_ADDRESS, True), ("javascript:1", False),
     ("file:///etc/passwd", False), ("https://", False), ("not stated", False), ("//a.example", False),
     ("https://[bad", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(address: str, is_one: bool) -> None:
    assert is_web_address(address) == is_one
    assert not set(web_address(address)) & set(' <>{}"\\^`|')


# An office's template


def test_an_offices_template_gives_size_and_layouts_and_none_of_its_slides(
    deck: Callable[..., Any], real_dataset: Dataset
) -> None:
    presentation = deck(template=("office.pptx", wide_template()))
    assert "An old slide of the office" not in titles(presentation)
    assert presentation.slides[1].slide_layout.name == "Picture with Caption"
    story = story_named(real_dataset, "laos-2013")
    for slide, chapter in zip(chapter_slides(presentation, story), story.chapters, strict=True):
        assert slide.shapes.title.is_placeholder
        assert all(len(words) > 20 for words in described(slide).values())
        assert " ".join(chapter.notes.split()) in " ".join(slide.notes_slide.notes_text_frame.text.split())
    narrow = deck(template=("office.pptx", template()))
    assert narrow.slide_width == Presentation().slide_width
    assert narrow.slides[1].slide_layout.name == "Title Only"


def test_a_potx_is_taken_as_well(deck: Callable[..., Any]) -> None:
    data = repacked(
        template(), {"[Content_Types].xml": lambda old: old.replace(b"presentation.main", b"template.main")}
    )
    assert len(deck(template=("office.potx", data)).slides) > 8


def repacked(data: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = dict.fromkeys([*old.namelist(), *changes])
        for name in names:
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes[name](content) if name in changes else content)
    return out.getvalue()


DOCTYPE = b"?><!DOCTYPE a [<!ENTITY b 'c'>]>"
RELS = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_link(kind: str, target: str) -> Callable[[bytes], bytes]:
    link = f'<Relationship Id="rId99" Type="{TYPE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return lambda old: old.replace(b"</Relationships>", link.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a zip",
        b"PK\x03\x04 ppt/presentation.xml",
        template()[:5000],
        repacked(template(), {"ppt/vbaProject.bin": lambda _: b"macro"}),
        repacked(template(), {"ppt/embeddings/oleObject1.bin": lambda _: b"object"}),
        repacked(template(), {RELS: with_link("image", "https://tracker.example/i.png")}),
        repacked(template(), {RELS: with_link("hyperlink", "javascript:alert(1)")}),
        repacked(template(), {RELS: with_link("slideLayout", "file://server/share/x.xml")}),
        repacked(template(), {"ppt/presentation.xml": lambda old: old.replace(b"?>", DOCTYPE, 1)}),
        repacked(template(), {"ppt/presentation.xml": lambda _: b"<p:presentation"}),
        repacked(template(), {"ppt/media/big.bin": lambda _: b"0" * 120_000_000}),
        repacked(template(), {"ppt/slideLayouts/_rels/slideLayout1.xml.rels": lambda _: b"<Relationships/>"}),
    ],
    ids=["empty", "no zip", "a start", "cut", "macro", "object", "image elsewhere", "script", "share", "entities",
         "broken xml", "bomb", "layout without master"],
)  # fmt: skip
@pytest.mark.usefixtures("quick")
def test_a_hostile_or_broken_template_is_refused_in_clear_words(data: bytes, real_dataset: Dataset) -> None:
    with pytest.raises(RefusedFileError, match=r"office\.pptx: expected .*, got .*\."):
        slides_pptx(story_named(real_dataset, "laos-2013"), real_dataset, today=TODAY, template=("office.pptx", data))


def test_a_template_may_link_to_the_offices_site(deck: Callable[..., Any]) -> None:
    data = repacked(template(), {RELS: with_link("hyperlink", "https://office.example/")})
    assert len(deck(template=("office.pptx", data)).slides) > 8
