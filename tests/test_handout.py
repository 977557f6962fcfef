"""The PDF handout says all that its story says, in order, with its sources, for eyes, screen readers and printers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import process_time
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, TODAY
from pypdf import PdfReader

from routes.changes import arrivals_in
from routes.citations import short_name
from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.figures import largest_arrivals
from routes.pack.handout import ADDRESS_MARKS, PAPERS, TEMPLATE, Paper, handout_pdf
from routes.pack.manifest import manifest_of
from routes.pack.printable import LEFT_OUT, printable
from routes.picture.lettering import SANS, SERIF
from routes.records import Citation
from routes.sharing import link_of
from routes.staging import explore_params
from routes.stories import Chapter, Figure, Story, read_story
from routes.story_checks import story_sources
from routes.words import number_words, say

ADDRESS = "https://closing-door.example.org"
INCH, MM = 72, 72 / 25.4
SIZES = {"a4": (210 * MM, 297 * MM), "letter": (8.5 * INCH, 11 * INCH)}
IDS = sorted(path.stem for path in (DEFAULT_FOLDER / "stories").glob("*.json"))
EVERY_STORY = pytest.mark.parametrize("name", IDS)
EVERY_PAPER = pytest.mark.parametrize("paper", list(PAPERS))


@cache
def told(name: str) -> Story:
    """A story that we ship."""
    story, problems = read_story(name, (DEFAULT_FOLDER / "stories" / f"{name}.json").read_bytes())
    assert story is not None, problems
    return story


@cache
def dataset() -> Dataset:
    return replace(load(DEFAULT_FOLDER), stories=tuple(map(told, IDS)))


def made(story: Story, paper: Paper = "a4", of: Dataset | None = None, address: str = ADDRESS) -> bytes:
    return handout_pdf(story, of or dataset(), paper=paper, today=TODAY, address=address)


def exact_link(chapter: Chapter) -> str:
    return link_of(explore_params(chapter, dataset(), today=TODAY), ADDRESS)


@cache
def handout(name: str, paper: Paper = "a4") -> PdfReader:
    """The handout of a story that we ship, made once."""
    return read(made(told(name), paper))


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def packed(text: str) -> str:
    """`text` without spaces and breaks, which depend on the lines."""
    return re.sub(r"[\s\u200b]+", "", text)


def unquoted(text: str) -> str:
    """`text` without quotes, which are single where they stand in others."""
    return re.sub("[\"'“”‘’]", "", text)


def words_of(reader: PdfReader, start: int = 0, end: int | None = None) -> str:
    return packed("".join(page.extract_text() for page in reader.pages[start:end]))


def bookmarks(reader: PdfReader) -> dict[str, int]:
    """The page of each bookmark of the first level, from 0."""
    entries = [entry for entry in reader.outline if not isinstance(entry, list)]
    return {str(entry.title): reader.get_destination_page_number(entry) or 0 for entry in entries}


def structure(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree."""
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop().get_object()
        kids = found.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if hasattr(kid, "get") and "/S" in kid:
                yield kid
                waiting.append(kid)


def links(reader: PdfReader) -> list[str]:
    notes = (note.get_object() for page in reader.pages for note in page.get("/Annots", []))
    return [str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})]


def assert_inside_the_margins(data: bytes) -> None:
    """No letter is nearer to an edge than a printer can print, nor outside the text's own width."""
    pdf = pypdfium2.PdfDocument(data)
    for page in pdf:
        text, (width, height) = page.get_textpage(), page.get_size()
        boxes = [text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
        assert min(box[0] for box in boxes) >= 17 * MM
        assert max(box[2] for box in boxes) <= width - 17 * MM
        assert min(box[1] for box in boxes) >= 6 * MM
        assert max(box[3] for box in boxes) <= height - 15 * MM
    pdf.close()


def scene(**changes: Any) -> Story:
    """A story of one chapter."""
    plain = Chapter(
        id="one", title="One", view=MappingProxyType({"as_of": "2014", "layers": "laos-thailand"}), text="Said.",
        shows=MappingProxyType({"la-transit": "mixed"}), sources=(Citation("lee-closing-door", "introduction"),),
    )  # fmt: skip
    return replace(told("laos-2013"), chapters=(replace(plain, **changes),))


# What it says


@EVERY_STORY
def test_every_chapter_stands_whole_and_in_order(name: str) -> None:
    said, at = words_of(handout(name)), 0
    for chapter in told(name).chapters:
        for text in (chapter.title, chapter.content_note, chapter.text, chapter.more):
            found = said.find(packed(printable(text)), at)
            assert found >= 0, (chapter.id, text)
            at = found


@EVERY_STORY
def test_every_chapter_of_ours_fits_a_page_of_its_own(name: str) -> None:
    pages = bookmarks(handout(name))
    titles = [chapter.title for chapter in told(name).chapters]
    assert [pages[title] for title in titles] == list(range(1, len(titles) + 1))
    assert pages[say("handout.unknown")] == len(titles) + 1


@EVERY_PAPER
def test_paper_has_its_size_and_a_chapter_its_page(paper: Paper) -> None:
    reader = handout("laos-2013", paper)
    for page in reader.pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(SIZES[paper], abs=0.1)
    assert bookmarks(reader)[say("handout.unknown")] == len(told("laos-2013").chapters) + 1


def test_cover_says_for_whom_when_which_data_and_what_it_is_not() -> None:
    cover = words_of(handout("laos-2013"), 0, 1)
    story = told("laos-2013")
    for text in (story.title, story.summary, story.audience, "22 November 2026", say("site.not_advice")):
        assert packed(text) in cover
    assert dataset().fingerprint in cover


@EVERY_STORY
def test_every_source_is_in_the_bibliography_under_its_footnote_number(name: str) -> None:
    reader = handout(name)
    listed = words_of(reader, bookmarks(reader)[say("handout.bibliography")])
    at = 0
    for n, source in enumerate(story_sources(told(name), dataset()), 1):
        start = packed(f"{n}{printable(source.author)}" if source.author != "not stated" else f"{n}“")
        found = listed.find(start, at)
        assert found >= 0, (n, source.id)
        assert unquoted(packed(printable(source.title).removeprefix("not stated").strip())) in unquoted(listed)
        at = found
        if source.address.startswith("http"):
            assert quote(source.address, safe=ADDRESS_MARKS) in listed
    assert len(links(reader)) >= len(story_sources(told(name), dataset()))


def test_a_chapters_notes_name_its_sources_with_their_places() -> None:
    story = told("laos-2013")
    numbers = {source.id: n for n, source in enumerate(story_sources(story, dataset()), 1)}
    for page, chapter in enumerate(story.chapters, 1):
        said = words_of(handout("laos-2013"), page, page + 1)
        for citation in chapter.sources:
            name = short_name(dataset().sources[citation.source])
            assert packed(f"{numbers[citation.source]}{name}") in said
            assert packed(citation.locator) in said


def test_every_pin_is_in_the_legend_with_its_stance() -> None:
    for page, chapter in enumerate(told("laos-2013").chapters, 1):
        said = words_of(handout("laos-2013"), page, page + 1)
        for n, (feature, stance) in enumerate(chapter.shows.items(), 1):
            assert packed(f"{n}{dataset().features[feature].name}: {stance}") in said


def test_a_pin_that_is_not_on_the_map_says_so() -> None:
    said = words_of(read(made(scene(shows=MappingProxyType({"la-transit": "mixed", "dmz": "unknown"})))), 1, 2)
    assert said.count(packed(say("handout.outside"))) == 1


def test_chart_has_every_figure_up_to_the_date_and_no_later_one() -> None:
    story = scene(figure=Figure("arrivals"), view=MappingProxyType({"as_of": "2012"}))
    said = words_of(read(made(story)), 1, 2)
    counted = [one for year in range(1999, 2013) if (one := arrivals_in(dataset(), year))]
    assert packed("".join(number_words(one.value) for one in counted)) in said
    assert number_words(largest_arrivals(dataset())) in said
    later = arrivals_in(dataset(), 2013)
    assert later
    assert number_words(later.value) not in said


@pytest.mark.parametrize(("as_of", "is_hatched"), [("2012", True), ("1998", False)])
def test_figures_that_are_not_final_are_hatched_and_the_caption_says_so(as_of: str, is_hatched: bool) -> None:
    story = scene(figure=Figure("arrivals"), view=MappingProxyType({"as_of": as_of}))
    reader = read(made(story))
    kinds = [one.get_object().get("/PatternType") for one in reader.pages[1]["/Resources"].get("/Pattern", {}).values()]
    assert (1 in kinds) == is_hatched  # a tiling, in the words of ISO 32000
    assert (packed(say("handout.hatched")) in words_of(reader, 1, 2)) == is_hatched


def test_comparison_shows_two_maps_and_timeline_every_event() -> None:
    reader = handout("laos-2013")
    compared, listed = words_of(reader, 5, 6), words_of(reader, 4, 5)
    assert packed("at the end of 2012") in compared
    assert packed("at the end of 2014") in compared
    events = [e for e in dataset().policy_events.values() if e.country == "LA" and e.date.year in (2013, 2014)]
    assert events
    assert all(packed(printable(event.title)) in listed for event in events)


def test_what_is_not_known_has_every_claim_of_every_dispute_leaned_on() -> None:
    said = words_of(handout("laos-2013"))
    leaned = {
        lean.removeprefix("dispute:") for c in told("laos-2013").chapters for lean in c.leans if "dispute:" in lean
    }
    assert leaned
    for name in leaned:
        assert packed(printable(dataset().disputes[name].shown)) in said
        assert all(packed(printable(claim.claim)) in said for claim in dataset().claims_of(name))


def test_every_chapter_links_to_its_exact_view() -> None:
    found = links(handout("laos-2013"))
    for chapter in told("laos-2013").chapters:
        assert exact_link(chapter) in found


@EVERY_STORY
def test_every_chapter_prints_a_link_that_is_short_enough_to_type(name: str) -> None:
    found = links(handout(name))
    for page, chapter in enumerate(told(name).chapters, 1):
        link = f"{ADDRESS}/s/{name}/{chapter.id}"
        assert link in found
        said = words_of(handout(name), page, page + 1)
        assert packed(f"{say('handout.view')} {link.removeprefix('https://')}") in said
        assert "as_of=" not in said


@pytest.mark.parametrize("address", ["", "map.example.org", "javascript:alert(1)"])
def test_without_an_address_of_the_site_nothing_leads_to_it(address: str) -> None:
    data = made(told("laos-2013"), address=address)
    reader = read(data)
    said = words_of(reader)
    assert packed(say("handout.address")) not in words_of(reader, 0, 1)
    assert packed(say("handout.view")) not in said
    assert not [link for link in links(reader) if "as_of=" in link or "/s/" in link]
    assert not [element for element in structure(reader) if str(element.get("/Alt", "")) == say("handout.qr")]
    assert_inside_the_margins(data)
    titles = [chapter.title for chapter in told("laos-2013").chapters]
    assert [bookmarks(reader)[title] for title in titles] == list(range(1, len(titles) + 1))


def test_every_printed_qr_code_opens_the_exact_view() -> None:
    pdf = pypdfium2.PdfDocument(handout("laos-2013", "letter").stream.getvalue())  # type: ignore[attr-defined]
    for page, chapter in enumerate(told("laos-2013").chapters, 1):
        picture = pdf[page].render(scale=150 / INCH).to_pil().convert("L")
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [exact_link(chapter)]
    pdf.close()


# How it is made


@EVERY_PAPER
def test_it_is_tagged_titled_and_in_a_language(paper: Paper) -> None:
    reader = handout("laos-2013", paper)
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title == "Laos 2013"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


@EVERY_STORY
def test_every_picture_has_its_alt_text(name: str) -> None:
    figures = [element for element in structure(handout(name)) if element["/S"] == "/Figure"]
    kinds = [chapter.figure.kind for chapter in told(name).chapters if chapter.figure]
    assert len(figures) == 2 * len(told(name).chapters) + 2 * kinds.count("compare") + kinds.count("arrivals")
    assert all(str(element.get("/Alt", "")).strip() for element in figures)
    maps = [str(element["/Alt"]) for element in figures if "Schematic map" in str(element["/Alt"])]
    assert len(maps) == len(told(name).chapters) + 2 * kinds.count("compare")


@EVERY_STORY
def test_only_our_fonts_are_in_it_and_all_are_embedded(name: str) -> None:
    fonts = [
        kind.get_object()
        for page in handout(name).pages
        for font in page["/Resources"].get("/Font", {}).values()
        for kind in font.get_object()["/DescendantFonts"]
    ]
    assert fonts
    for font in fonts:
        assert re.search(r"\+Source(Sans|Serif)Pro-", str(font["/BaseFont"]))
        assert {"/FontFile2", "/FontFile3"} & font["/FontDescriptor"].get_object().keys()


def test_it_carries_its_date_its_data_version_and_its_facts() -> None:
    reader = handout("laos-2013")
    assert reader.metadata
    assert reader.metadata.creation_date
    assert reader.metadata.creation_date.date() == TODAY
    assert dataset().fingerprint in str(reader.metadata.subject or reader.metadata.keywords)
    (facts,) = reader.attachments["manifest.json"]
    assert facts.decode() == manifest_of(told("laos-2013"), dataset(), TODAY).as_json()


@EVERY_STORY
def test_no_soft_break_is_printed_as_a_letter_or_stands_in_the_files_head(name: str) -> None:
    reader = handout(name)
    assert not [page for page in reader.pages if "U+200B" in page.extract_text()]
    assert reader.metadata
    described = reader.root_object["/Metadata"].get_object().get_data().decode()
    head = [described, *map(str, reader.metadata.values())]
    assert any(dataset().fingerprint in value for value in head)
    assert not [value for value in head if "\u200b" in value or "U+200B" in value]


def test_same_story_gives_the_same_bytes() -> None:
    assert made(scene()) == made(scene())


@EVERY_PAPER
def test_a_long_chapter_flows_on_and_nothing_is_cut(paper: Paper) -> None:
    words = [f"w{n}" for n in range(2500)]
    story = scene(more=" ".join(words), text="A long word: " + 300 * "x", title="Long " * 12)
    data = made(story, paper)
    said = words_of(read(data))
    assert all(word in said for word in words)
    assert [said.find(f"{a}{b}") >= 0 for a, b in pairwise(words)].count(False) < len(read(data).pages)
    assert 300 * "x" in said
    assert_inside_the_margins(data)


@EVERY_STORY
def test_nothing_stands_outside_the_margins(name: str) -> None:
    assert_inside_the_margins(handout(name).stream.getvalue())  # type: ignore[attr-defined]


def test_a_chapter_with_next_to_nothing_in_it_is_printed() -> None:
    bare = {"more": "", "sources": (), "shows": MappingProxyType({"nowhere": "mixed"}), "leans": ("dispute:none",)}
    for figure in (None, Figure("arrivals")):
        story = scene(**bare, figure=figure, view=MappingProxyType({"as_of": "1990", "sel": "gone"}))
        assert "Said." in words_of(read(made(story)), 1, 2)


# Text from data stays text


def test_template_reads_nothing_and_evaluates_nothing() -> None:
    template = re.sub(r"//.*", "", TEMPLATE.read_text(encoding="utf-8"))
    assert not re.search(r"\b(import|include|eval|read|plugin|csv|yaml|toml|xml|cbor|bibliography)\b\s*[(\"]", template)
    assert re.findall(r"image\(([^,]+),", template) == ["bytes(one.svg)"]


def test_hostile_text_is_printed_and_never_runs(hostile_folder: Path) -> None:
    hostile = load(hostile_folder)
    plain = told("laos-2013")
    chapters = tuple(
        replace(
            chapter,
            title=HOSTILE + chapter.title,
            text=HOSTILE + chapter.text,
            more=HOSTILE + chapter.more,
            content_note=HOSTILE,
            sources=tuple(Citation(c.source, HOSTILE + c.locator) for c in chapter.sources),
        )
        for chapter in plain.chapters[3:]
    )
    texts = {name: HOSTILE + getattr(plain, name) for name in ("title", "summary", "audience")}
    story = replace(plain, **texts, language=HOSTILE, chapters=chapters)
    data = made(story, of=hostile)
    reader = read(data)
    assert words_of(reader).count(packed(printable(HOSTILE))) > 40
    assert_inside_the_margins(data)
    assert all(link.startswith(("https://", "http://")) for link in links(reader))
    for mark in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/SubmitForm"):
        assert mark not in data
    assert reader.root_object["/Lang"] == "en"


@given(st.text(max_size=60))
def test_printable_text_has_letters_that_the_fonts_have(text: str) -> None:
    have = set.intersection(*(set(codes(face)) for face in (SANS, SERIF)))
    assert {ord(letter) for letter in printable(text)} - {0x200B} <= have


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=24))
def test_plain_text_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("part", ["-", "한", "한1", "한 a", "http://한", "x"])
def test_long_text_is_made_printable_in_step_with_its_length(part: str) -> None:
    start = process_time()
    printable(part * 50_000)
    assert process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("이현재", LEFT_OUT),
        ("연합뉴스 (Yonhap)", "(Yonhap)"),
        ("태국, 2004년부터 9천6백 여명 [Thailand: 9,600]", "[Thailand: 9,600]"),
        ("Seoul says 북송 twice", f"Seoul says {LEFT_OUT} twice"),
        ("a\u202eb", "a‹U+202E›b"),
        ("Oudômxai, café — “2,706”", "Oudômxai, café — “2,706”"),
    ],
)
def test_words_in_other_scripts_are_left_out_visibly(text: str, shown: str) -> None:
    assert printable(text) == shown


@cache
def codes(face: Any) -> tuple[int, ...]:
    """The letters of a font."""
    with TTFont(face.path, lazy=True) as font:
        return tuple(font.getBestCmap())
