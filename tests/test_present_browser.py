"""What only a real browser shows of presenting: chapters by link and by keys, the live map, the speaker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browser import WIDTHS, Visit, serving, visit
from making import HOSTILE
from playwright.sync_api import Browser, BrowserContext, expect

from routes.dataset import DEFAULT_FOLDER, load
from routes.staging import chapter_view, note_parts, story_data
from routes.stories import Chapter, Story
from routes.words import say

pytestmark = pytest.mark.browser

STORIES = load(DEFAULT_FOLDER).stories
LAOS = next(story for story in STORIES if story.id == "laos-2013")
CLOSING = next(story for story in STORIES if story.id == "closing-door")
NOTED = 1 + next(n for n, chapter in enumerate(CLOSING.chapters) if chapter.content_note)


def test_there_is_something_to_present() -> None:
    assert sum(len(story.chapters) for story in STORIES) >= 20


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as running:
        yield running


@pytest.fixture(params=["projector"])
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["reduce"])
def motion(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def room(chromium: Browser, screen: str, motion: str) -> Iterator[BrowserContext]:
    width, height = WIDTHS[screen]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=screen == "phone",
        reduced_motion=motion,  # type: ignore[arg-type]
    )
    yield context
    context.close()


@pytest.fixture
def stage(room: BrowserContext, address: str) -> Iterator[Visit]:
    """A stage in a fresh browser; whatever a test does, nothing may leave and nothing may go wrong."""
    seen = visit(room, address)
    yield seen
    assert seen.foreign == []
    assert seen.errors == []


def present(stage: Visit, story: Story, chapter: int = 1, more: str = "") -> None:
    """Open a story at a chapter and wait until its map stands."""
    stage.page.goto(f"{stage.address}/present?story={story.id}&chapter={chapter}{more}")
    stage.page.locator('body[data-ready="yes"]').wait_for()


def press(stage: Visit, *keys: str) -> None:
    for key in keys:
        stage.page.keyboard.press(key)


def is_at(stage: Visit, story: Story, number: int) -> None:
    expect(stage.page.locator("body")).to_have_attribute("data-chapter", story.chapters[number - 1].id)
    assert f"chapter={number}" in stage.page.url


def drawn(stage: Visit, feature_id: str) -> str | None:
    return stage.page.locator(f'#map_div path[data-feature-id="{feature_id}"]').get_attribute("data-stance")


def shows_its_data(stage: Visit, story: Story, chapter: Chapter) -> None:
    """The words, the date, every stance the words rely on, legend and sources are on the stage and to be seen."""
    page = stage.page
    expect(page.locator("body")).to_have_attribute("data-chapter", chapter.id)
    told = story_data(story, load(DEFAULT_FOLDER), today=date.today())
    data = next(one for one in told["chapters"] if one["id"] == chapter.id)
    assert page.locator(".told h1").inner_text() == chapter.title
    assert page.locator(".told .text").inner_text() == chapter.text
    assert page.locator(".told .date").inner_text() == data["date"]
    for feature_id, stance in chapter.shows.items():
        assert drawn(stage, feature_id) == stance, feature_id
        assert touches_map(stage, feature_id), feature_id
    the_legend_says_what_is_in_view(stage)
    sources = page.locator(".foot .sources")
    expect(sources).to_be_in_viewport()
    assert data["sources"][0]["label"] in sources.inner_text()
    fits = "(box) => box.scrollHeight <= box.clientHeight + 1"
    assert [box.evaluate(fits) for box in (sources, page.locator(".told .body"))] == [True, True]
    assert page.locator(".exhibit figure").count() == (1 if chapter.figure else 0)


IN_VIEW = """(inset) => {
    const { left, right, top, bottom } = document.querySelector(".map").getBoundingClientRect();
    const isIn = (path) => {
        const [length, screen] = [path.getTotalLength(), path.getScreenCTM()];
        return Array.from({ length: 200 }, (_, i) => path.getPointAtLength((length * i) / 199).matrixTransform(screen))
            .some(({ x, y }) => x > left + inset && x < right - inset && y > top + inset && y < bottom - inset);
    };
    const paths = [...document.querySelectorAll("#map_div path:is(.segment, .band, .mission)")].filter(isIn);
    return [...new Set(paths.map((path) => (path.matches(".mission") ? "mission" : path.dataset.stance)))];
}"""
"""What of the map's features is drawn at least so many pixels inside the part of it that is seen."""


def the_legend_says_what_is_in_view(stage: Visit) -> None:
    """Each stance that stands in the legend colours a line or a band that is seen, and the other way round."""
    stage.page.locator('body[data-still="yes"]').wait_for()
    rows = stage.page.locator(".key li[data-shows]:visible, .key .missions:visible")
    said = {row.get_attribute("data-shows") or "mission" for row in rows.all()}
    assert set(stage.page.evaluate(IN_VIEW, 30)) <= said <= set(stage.page.evaluate(IN_VIEW, 0))
    for row in rows.all():
        expect(row).to_be_in_viewport(ratio=1)


def touches_map(stage: Visit, feature_id: str) -> bool:
    return bool(
        stage.page.evaluate(
            """(id) => {
                const a = document.querySelector(`#map_div path[data-feature-id="${id}"]`).getBoundingClientRect();
                const b = document.querySelector(".map").getBoundingClientRect();
                return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
            }""",
            feature_id,
        )
    )


@pytest.mark.parametrize("story", STORIES, ids=[story.id for story in STORIES])
def test_every_chapter_opens_by_its_link_with_its_words_stances_legend_and_sources(stage: Visit, story: Story) -> None:
    for number, chapter in enumerate(story.chapters, start=1):
        present(stage, story, number)
        if chapter.content_note:
            expect(stage.page.locator(".note")).to_contain_text(chapter.content_note)
            press(stage, "ArrowRight")
        shows_its_data(stage, story, chapter)


@pytest.mark.parametrize("story", STORIES, ids=[story.id for story in STORIES])
def test_every_chapter_is_reached_by_keys_alone_there_and_back(stage: Visit, story: Story) -> None:
    present(stage, story)
    heights = set()
    for number, chapter in enumerate(story.chapters, start=1):
        if chapter.content_note:
            expect(stage.page.locator(".note")).to_be_visible()
            press(stage, "ArrowRight")
        is_at(stage, story, number)
        shows_its_data(stage, story, chapter)
        heights.add(stage.page.locator(".map").evaluate("(map) => map.clientHeight"))
        press(stage, ("ArrowRight", " ", "PageDown")[number % 3])
    assert len(heights) == 1  # a map that changed its size would jump instead of fly
    press(stage, "Home")
    is_at(stage, story, 1)
    press(stage, "End", "PageUp", "ArrowLeft")
    is_at(stage, story, len(story.chapters) - 2)


@pytest.mark.long
@pytest.mark.parametrize("screen", ["projector", "desktop", "phone"], indirect=True)
def test_type_is_large_and_nothing_scrolls_sideways(stage: Visit, screen: str) -> None:
    present(stage, LAOS, 4)
    size = "(element) => parseFloat(getComputedStyle(element).fontSize)"
    text, title = (stage.page.locator(one).evaluate(size) for one in (".told .text", ".told h1"))
    least = {"projector": (34, 56), "desktop": (25, 42), "phone": (17, 24)}[screen]
    assert (text >= least[0], title >= least[1]) == (True, True), (text, title)
    assert stage.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("story", STORIES, ids=[story.id for story in STORIES])
@pytest.mark.parametrize(
    "size",
    [
        pytest.param((1366, 768), id="1366x768"),
        pytest.param((1920, 1080), id="1920x1080", marks=pytest.mark.long),
        pytest.param((3840, 2160), id="3840x2160", marks=pytest.mark.long),
        pytest.param((844, 390), id="844x390", marks=pytest.mark.long),
        pytest.param((390, 844), id="390x844"),
    ],
)
def test_legend_sources_and_words_fit_every_screen(stage: Visit, story: Story, size: tuple[int, int]) -> None:
    width, height = size
    stage.page.set_viewport_size({"width": width, "height": height})
    present(stage, story)
    for number, chapter in enumerate(story.chapters, start=1):
        press(stage, *str(number), "Enter")
        if chapter.content_note:
            press(stage, "ArrowRight")
        expect(stage.page.locator("body")).to_have_attribute("data-chapter", chapter.id)
        for part in (".sources", ".sources span >> nth=0", ".credits", ".arrow.next", ".map"):
            expect(stage.page.locator(part)).to_be_in_viewport(ratio=1)
        for row in stage.page.locator(".key li:visible").all():
            expect(row).to_be_in_viewport(ratio=1)
        fits = "(box) => box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1"
        parts = [".foot .sources", ".told nav"] + ([".told .body"] if width > height else [])  # a phone's words scroll
        assert [stage.page.locator(part).evaluate(fits) for part in parts] == [True] * len(parts), chapter.id
        for figure in stage.page.locator(".plot, .window").all():
            assert figure.evaluate("(figure) => figure.clientHeight") >= 35, chapter.id


def test_type_is_read_from_the_back_of_a_room(stage: Visit) -> None:
    size = "(element) => Math.round(parseFloat(getComputedStyle(element).fontSize))"
    numbers = {bool(chapter.figure): n for n, chapter in enumerate(LAOS.chapters, start=1)}
    for has_figure, number in numbers.items():
        present(stage, LAOS, number)
        for part, least in {".key li": 28, ".sources": 26, ".credits": 18, ".text": 35 if has_figure else 42}.items():
            assert stage.page.locator(f"{part}:visible").first.evaluate(size) >= least, part
    present(stage, CLOSING, 1 + next(n for n, one in enumerate(CLOSING.chapters) if one.figure))
    assert stage.page.locator(".yearly > span").first.evaluate(size) >= 26


def test_places_that_have_no_name_are_not_drawn_on_the_stage(stage: Visit) -> None:
    present(stage, LAOS, 4)
    assert stage.page.locator("#map_div path.place").count() > 0
    expect(stage.page.locator("#map_div path.place:visible")).to_have_count(0)


@pytest.mark.parametrize("story", [CLOSING, LAOS], ids=lambda story: story.id)
@pytest.mark.parametrize("screen", ["projector", "phone"], indirect=True)
def test_the_figures_in_a_chart_cover_no_bar_and_stay_in_the_chart(stage: Visit, story: Story) -> None:
    charts = [n for n, one in enumerate(story.chapters, start=1) if one.figure and one.figure.kind == "arrivals"]
    for number in charts:
        present(stage, story, number)
        if story.chapters[number - 1].content_note:
            press(stage, "ArrowRight")
            is_at(stage, story, number)
        bitten = stage.page.evaluate(
            """() => {
                const plot = document.querySelector(".exhibit .plot"); // the one that stands: a fit draws it anew
                const box = (one) => one.getBoundingClientRect();
                const within = box(plot.closest(".exhibit"));
                const across = (a, b) => a.left < b.right - 1 && a.right > b.left + 1;
                const touch = (a, b) => across(a, b) && a.top < b.bottom - 1 && a.bottom > b.top + 1;
                const figures = [...plot.querySelectorAll(".rod b")].filter((one) => one.textContent).map(box);
                const bars = [...plot.querySelectorAll(".rod i")].map(box).filter((one) => one.height > 0);
                const out = (one) => one.right > within.right + 1 || one.left < within.left - 1;
                const bad = figures.filter((one) => out(one) || bars.some((bar) => touch(one, bar)));
                return figures.length ? bad.length : "no figure";
            }"""
        )
        assert bitten == 0, number


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_on_a_phone_words_fade_at_the_lower_edge_while_there_are_more(stage: Visit) -> None:
    present(stage, CLOSING, 8)
    words = stage.page.locator(".told .body")
    assert words.evaluate("(box) => box.scrollHeight > box.clientHeight + 4")
    assert words.evaluate("(box) => getComputedStyle(box).maskImage") != "none"
    words.evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(words).not_to_have_css("mask-image", re.compile("gradient"))
    press(stage, "ArrowLeft")
    is_at(stage, CLOSING, 7)
    assert words.evaluate("(box) => box.scrollTop") == 0


@pytest.mark.parametrize("screen", ["projector", "desktop", "phone"], indirect=True)
@pytest.mark.parametrize("key", ["h", "m"])
def test_what_lies_over_the_stage_is_as_high_as_its_words_and_closed_at_its_upper_right(stage: Visit, key: str) -> None:
    present(stage, LAOS, 2)
    press(stage, key)
    sheet = stage.page.locator(".sheet")
    shut = sheet.get_by_role("button", name=say("present.close"))
    expect(shut).to_be_focused()
    outer, inner = sheet.bounding_box(), shut.bounding_box()
    assert outer
    assert inner
    assert inner["y"] - outer["y"] < 60
    assert outer["x"] + outer["width"] - inner["x"] - inner["width"] < 70
    last = sheet.locator(":scope > *").last.bounding_box()
    assert last
    assert outer["y"] + outer["height"] - last["y"] - last["height"] < 60
    shut.click()
    expect(sheet).to_be_hidden()


def test_a_timeline_begins_with_dated_acts_in_order_and_says_how_many_are_left_out(stage: Visit) -> None:
    number, figure = next(
        (n, one.figure) for n, one in enumerate(LAOS.chapters, start=1) if one.figure and one.figure.kind == "timeline"
    )
    present(stage, LAOS, number)
    told = story_data(LAOS, load(DEFAULT_FOLDER), today=date.today())["chapters"][number - 1]["figure"]["events"]
    shown = stage.page.locator(".timeline li").all_inner_texts()
    assert len(shown) >= 3, figure
    events = [
        next(one for one in told if " ".join(text.split()).startswith(f"{one['when']} {one['title']}"))
        for text in shown
    ]
    assert events == sorted(events, key=lambda one: (one["runs"], one["day"]))
    assert not events[0]["runs"]
    expect(stage.page.locator(".timeline .rest")).to_contain_text(str(len(told) - len(shown)))


def test_keys_work_after_a_click_on_the_map_and_one_returns_to_the_chapter_exactly(stage: Visit) -> None:
    present(stage, LAOS, 4)
    place = "() => document.querySelector('#map_div path[data-feature-id=\"la-transit\"]').getAttribute('d')"
    marked = "() => [...document.querySelectorAll('path.selected')].map((path) => path.dataset.featureId)"
    before = stage.page.evaluate(place), stage.page.evaluate(marked)
    middle = "(path) => { const {x, y} = path.getPointAtLength(path.getTotalLength() * 0.4).matrixTransform(path.getScreenCTM()); return [x, y]; }"  # noqa: E501
    stage.page.mouse.click(*stage.page.locator('#map_div path[data-feature-id="th-to-bangkok"]').evaluate(middle))
    popup = stage.page.locator(".leaflet-popup")
    expect(popup).to_contain_text("cooperates")
    assert popup.locator(".reasons li").count() >= 1
    stage.page.mouse.move(1400, 500)
    stage.page.mouse.wheel(0, -400)
    expect(stage.page.locator(".back")).to_be_visible()
    press(stage, "Backspace")
    expect(popup).to_have_count(0)
    expect(stage.page.locator(".back")).to_be_hidden()
    assert (stage.page.evaluate(place), stage.page.evaluate(marked)) == before
    assert "la-transit" in before[1]  # the chapter selects Laos
    stage.page.mouse.click(1400, 300)
    press(stage, "ArrowRight")
    is_at(stage, LAOS, 5)
    shows_its_data(stage, LAOS, LAOS.chapters[4])


@pytest.mark.long
def test_space_goes_on_even_where_a_feature_or_a_button_has_the_focus(stage: Visit) -> None:
    present(stage, LAOS, 2)
    stage.page.locator('#map_div path[data-feature-id="la-transit"]').focus()
    press(stage, " ")
    is_at(stage, LAOS, 3)
    expect(stage.page.locator(".leaflet-popup")).to_have_count(0)
    stage.page.locator(".arrow.previous").focus()
    press(stage, " ")
    is_at(stage, LAOS, 4)


@pytest.mark.long
def test_what_a_chapter_selects_is_marked_and_opens_only_on_a_click(stage: Visit) -> None:
    story = next(one for one in STORIES if one.id == "embassy-in-beijing")
    present(stage, story)
    mission = stage.page.locator(f'#map_div path[data-feature-id="{story.chapters[0].view["sel"]}"]')
    assert "selected" in str(mission.get_attribute("class"))
    expect(stage.page.locator(".leaflet-popup")).to_have_count(0)
    mission.focus()
    press(stage, "Enter")
    expect(stage.page.locator(".leaflet-popup")).to_be_visible()
    press(stage, "Backspace")
    expect(stage.page.locator(".leaflet-popup")).to_have_count(0)


@pytest.mark.long
def test_b_blanks_the_screen_and_any_step_brings_it_back(stage: Visit) -> None:
    present(stage, LAOS, 2)
    press(stage, "b")
    expect(stage.page.locator(".blank")).to_be_visible()
    press(stage, "b")
    expect(stage.page.locator(".blank")).to_be_hidden()
    press(stage, "b", "ArrowRight")
    expect(stage.page.locator(".blank")).to_be_hidden()
    is_at(stage, LAOS, 3)


@pytest.mark.long
def test_a_number_and_enter_jump_and_a_number_too_high_goes_to_the_last(stage: Visit) -> None:
    present(stage, LAOS)
    press(stage, "4")
    expect(stage.page.locator(".jump")).to_contain_text("4")
    press(stage, "Enter")
    is_at(stage, LAOS, 4)
    expect(stage.page.locator(".jump")).to_be_hidden()
    press(stage, "9", "9", "Enter")
    is_at(stage, LAOS, len(LAOS.chapters))
    press(stage, "2", "ArrowLeft", "Enter")
    is_at(stage, LAOS, len(LAOS.chapters) - 1)


@pytest.mark.parametrize("story", [LAOS, CLOSING], ids=lambda story: story.id)
def test_after_the_last_chapter_stand_all_sources_of_the_story(stage: Visit, story: Story) -> None:
    present(stage, story, len(story.chapters))
    press(stage, "ArrowRight")
    end = stage.page.locator(".end")
    expect(end).to_be_visible()
    cited = {citation.source for chapter in story.chapters for citation in chapter.sources}
    assert end.locator("li").count() == len(cited)
    seen: set[int] = set()
    for _ in range(20):
        seen |= set(end.locator("li").evaluate_all(WHOLE_ON_SCREEN))
        if end.locator(".next").is_disabled():
            break
        press(stage, "ArrowRight")
    assert len(seen) == len(cited)  # every one stands whole on some page
    press(stage, "ArrowRight", "m")
    expect(end).to_be_visible()
    expect(stage.page.locator(".sheet")).to_be_hidden()
    for over, key in ((".blank", "b"), (".sheet", "h")):
        press(stage, key)
        expect(stage.page.locator(over)).to_be_visible()
        press(stage, "ArrowRight")
        expect(stage.page.locator(over)).to_be_hidden()
        expect(end).to_be_visible()
    press(stage, "Home")
    expect(end).to_be_hidden()
    is_at(stage, story, 1)
    press(stage, "End", "ArrowRight")
    expect(end).to_be_visible()
    press(stage, "ArrowLeft")
    expect(end).to_be_hidden()
    shows_its_data(stage, story, story.chapters[-1])
    press(stage, "ArrowRight", "2", "Enter")
    is_at(stage, story, 2)
    expect(end).to_be_hidden()


WHOLE_ON_SCREEN = """(rows) => {
    const { left, right, top, bottom } = document.querySelector(".bibliography").getBoundingClientRect();
    return rows.flatMap((row, n) => {
        const box = row.getBoundingClientRect();
        return box.left > left - 2 && box.right < right + 2 && box.top > top - 2 && box.bottom < bottom + 2 ? [n] : [];
    });
}"""


@pytest.mark.long
def test_the_speaker_is_told_that_the_story_is_over(stage: Visit, room: BrowserContext, address: str) -> None:
    present(stage, LAOS, len(LAOS.chapters))
    speaker = visit(room, address)
    speaker.page.goto(f"{address}/present/speaker?story={LAOS.id}")
    expect(speaker.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[-1].id)
    press(speaker, "ArrowRight")
    expect(stage.page.locator(".end")).to_be_visible()
    expect(speaker.page.locator(".state")).to_have_text(say("present.speaker.ending"))


def test_a_content_note_comes_first_and_going_back_leaves_the_chapter_unseen(stage: Visit) -> None:
    present(stage, CLOSING, NOTED - 1)
    press(stage, "ArrowRight")
    expect(stage.page.locator(".note")).to_be_visible()
    assert stage.page.locator(".told h1").inner_text() == CLOSING.chapters[NOTED - 2].title
    press(stage, "ArrowLeft")
    expect(stage.page.locator(".note")).to_be_hidden()
    is_at(stage, CLOSING, NOTED - 1)


@pytest.mark.long
def test_help_names_the_keys_and_those_that_streamlit_keeps_do_nothing(stage: Visit) -> None:
    present(stage, LAOS)
    press(stage, "r", "c")
    expect(stage.page.locator(".sheet")).to_be_hidden()
    press(stage, "?")
    expect(stage.page.locator(".sheet kbd").first).to_be_visible()
    assert say("present.help.quit") in stage.page.locator(".sheet").inner_text()
    press(stage, "h")
    expect(stage.page.locator(".sheet")).to_be_hidden()
    press(stage, "m")
    expect(stage.page.locator(".sheet .cited li").first).to_be_visible()
    press(stage, "Escape")
    expect(stage.page.locator(".sheet")).to_be_hidden()
    is_at(stage, LAOS, 1)


def test_escape_leaves_to_the_story_and_q_to_a_plain_page(stage: Visit) -> None:
    present(stage, LAOS, 2)
    press(stage, "Escape")
    stage.page.wait_for_url("**/stories?id=laos-2013")
    stage.page.get_by_role("heading", name=LAOS.title, exact=True).wait_for()
    present(stage, LAOS, 2)
    press(stage, "q")
    stage.page.wait_for_url("**/clock")
    body = stage.page.locator("body").inner_text()
    assert re.fullmatch(r"[\d:.\sAPM]{4,10}", body)
    assert stage.page.title() == say("present.speaker.plain")


def test_the_speaker_is_in_step_with_the_stage_and_drives_it(stage: Visit, room: BrowserContext, address: str) -> None:
    present(stage, LAOS, 2)
    speaker = visit(room, address)
    speaker.page.goto(f"{address}/present/speaker?story={LAOS.id}")
    for number in (2, 3):
        here, after = LAOS.chapters[number - 1], LAOS.chapters[number]
        expect(speaker.page.locator("body")).to_have_attribute("data-chapter", here.id)
        expect(speaker.page.locator(".notes")).to_have_text(here.notes)
        expect(speaker.page.locator(".nextTitle")).to_have_text(after.title)
        expect(speaker.page.locator(".nextText")).to_have_text(after.text)
        if number == 2:
            press(stage, "ArrowRight")
    press(speaker, "ArrowRight")
    is_at(stage, LAOS, 4)
    press(speaker, "6", "Enter")
    is_at(stage, LAOS, 6)
    press(speaker, "b")
    expect(stage.page.locator(".blank")).to_be_visible()
    expect(speaker.page.locator(".state")).to_have_text(say("present.speaker.blank"))
    assert re.fullmatch(r"\d\d:\d\d", speaker.page.locator(".elapsed").inner_text())
    assert re.fullmatch(r"\d\d:\d\d", speaker.page.locator(".now").inner_text())
    press(speaker, "q")
    stage.page.wait_for_url("**/clock")
    speaker.page.wait_for_url("**/clock")
    assert (speaker.foreign, speaker.errors) == ([], [])


@pytest.mark.parametrize(
    "size",
    [
        pytest.param((1366, 657), id="1366x657"),
        pytest.param((1366, 768), id="1366x768", marks=pytest.mark.long),
        pytest.param((1440, 789), id="1440x789", marks=pytest.mark.long),
    ],
)
def test_notes_stand_in_their_parts_and_fill_the_speakers_window(
    size: tuple[int, int], stage: Visit, room: BrowserContext, address: str
) -> None:
    speaker = visit(room, address)
    speaker.page.set_viewport_size({"width": size[0], "height": size[1]})
    for story in load(DEFAULT_FOLDER).stories:
        present(stage, story)
        speaker.page.goto(f"{address}/present/speaker?story={story.id}")
        for number, chapter in enumerate(story.chapters, start=1):
            press(stage, *str(number), "Enter")
            expect(speaker.page.locator("body")).to_have_attribute("data-chapter", chapter.id)
            leads = speaker.page.locator(".notes b")
            assert leads.all_inner_texts() == [lead for lead, _ in note_parts(chapter.notes)]
            assert len({leads.nth(n).bounding_box()["y"] for n in range(leads.count())}) == leads.count() > 1
            height, scrolled, type_px = speaker.page.evaluate(
                "[innerHeight, document.querySelector('main').scrollHeight,"
                " parseFloat(getComputedStyle(document.querySelector('.notes')).fontSize)]"
            )
            assert scrolled <= height
            assert type_px >= 25


def test_a_speaker_without_a_stage_has_no_empty_heads(stage: Visit, address: str) -> None:
    stage.page.goto(f"{address}/present/speaker?story={LAOS.id}")
    expect(stage.page.locator(".state")).to_have_text(say("present.speaker.waiting"))
    expect(stage.page.get_by_role("heading")).to_have_count(0)


@pytest.mark.long
def test_s_opens_the_speakers_window(stage: Visit) -> None:
    present(stage, LAOS, 3)
    with stage.page.expect_popup() as opened:
        press(stage, "s")
    expect(opened.value.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[2].id)


def watched_moves(stage: Visit) -> int:
    """How often the map was redrawn on the way from chapter 1 to 5."""
    stage.page.evaluate(
        """() => {
            window.seen = new Set();
            const path = document.querySelector('#map_div .leaflet-base-pane canvas');
            const look = () => { window.seen.add(path.style.transform); requestAnimationFrame(look); };
            look();
        }"""
    )
    press(stage, "5", "Enter")
    is_at(stage, LAOS, 5)
    stage.page.locator('body[data-still="yes"]').wait_for()
    stage.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return int(stage.page.evaluate("() => window.seen.size"))


@pytest.mark.long
@pytest.mark.parametrize("motion", ["reduce", "no-preference"], indirect=True)
def test_the_map_flies_unless_the_reader_wants_no_motion(stage: Visit, motion: str) -> None:
    present(stage, LAOS)
    moves = watched_moves(stage)
    assert moves <= 3 if motion == "reduce" else moves > 4
    shows_its_data(stage, LAOS, LAOS.chapters[4])


@pytest.mark.long
def test_a_kiosk_plays_round_and_round_until_a_key_is_pressed(stage: Visit) -> None:
    stage.page.clock.install()
    present(stage, LAOS, len(LAOS.chapters), "&autoplay=20")
    expect(stage.page.locator(".status")).to_contain_text("20")
    for _ in range(10):
        stage.page.clock.run_for(20_500)
        if stage.page.locator(".end").is_hidden():
            break
        assert stage.page.locator(".end li").count() > 30
    is_at(stage, LAOS, 1)
    stage.page.clock.run_for(20_500)
    is_at(stage, LAOS, 2)
    press(stage, "ArrowRight")
    is_at(stage, LAOS, 3)
    expect(stage.page.locator(".status")).to_have_text(say("present.paused"))
    stage.page.clock.run_for(100_000)
    is_at(stage, LAOS, 3)
    stage.page.clock.run_for(41_000)  # two minutes after the last key a kiosk goes on
    is_at(stage, LAOS, 4)


@pytest.mark.long
@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_a_phone_has_the_map_above_the_words_and_arrows_for_a_thumb(stage: Visit) -> None:
    present(stage, LAOS, 4)
    boxes = [stage.page.locator(one).bounding_box() for one in (".map", ".told h1", ".arrow.next")]
    assert all(boxes)
    above, words, arrow = (box for box in boxes if box)
    assert above["y"] + above["height"] <= words["y"]
    assert min(arrow["width"], arrow["height"]) >= 44
    stage.page.locator(".arrow.next").tap()
    is_at(stage, LAOS, 5)
    stage.page.locator(".arrow.previous").tap()
    is_at(stage, LAOS, 4)


INSIDE_ITS_WINDOW = """(paths) => paths.map((path) => {
    const [a, b] = [path, path.closest(".window")].map((one) => one.getBoundingClientRect());
    return a.height > 0.5 * b.height && a.top > b.top - 2 && a.bottom < b.bottom + 2;
})"""
"""Whether each line fills much of the window it stands in, and stands in it whole."""


@pytest.mark.long
def test_a_comparison_shows_the_same_place_at_two_dates(stage: Visit) -> None:
    present(
        stage, LAOS, 1 + next(n for n, one in enumerate(LAOS.chapters) if one.figure and one.figure.kind == "compare")
    )
    windows = stage.page.locator(".window")
    expect(windows.locator(".leaflet-container")).to_have_count(2)
    for n, stance in enumerate(("cooperates", "mixed")):
        expect(stage.page.locator(".side").nth(n)).to_contain_text(say(f"stance.word.{stance}"))
        sea = windows.nth(n).locator(".leaflet-container")
        assert sea.evaluate("(map) => getComputedStyle(map).backgroundColor") == "rgb(223, 232, 237)"
        seen = windows.nth(n).locator("path.segment").evaluate_all(INSIDE_ITS_WINDOW)
        assert any(seen), stance
    assert windows.nth(0).locator('path[data-stance="mixed"]').count() == 0
    assert windows.nth(1).locator('path[data-stance="mixed"]').count() > 0


@pytest.mark.long
@pytest.mark.parametrize(
    "query", ["", "?story=nowhere", "?story=../../etc", "?story=%3Cscript%3E", "?story=laos-2013&chapter=x"]
)
def test_a_wrong_link_never_breaks_the_stage(stage: Visit, query: str) -> None:
    stage.page.goto(f"{stage.address}/present{query}")
    if "laos" in query:
        stage.page.locator('body[data-ready="yes"]').wait_for()
        is_at(stage, LAOS, 1)
    else:
        stage.page.get_by_text(say("present.failed")).wait_for()
    stage.errors[:] = [
        error for error in stage.errors if "404" not in error
    ]  # the browser's own line on a missing story


@pytest.mark.long
def test_the_stages_pages_run_no_script_of_their_own_and_say_what_a_browser_may_do(stage: Visit) -> None:
    ask = stage.page.request.get
    for page in ("/present", "/present/speaker", "/clock"):
        answer = ask(stage.address + page)
        policy, html = answer.headers["content-security-policy"], answer.text()
        assert "'unsafe-eval'" not in policy
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|javascript:", html)
        for address in re.findall(r'(?:src|href)="(/[^"]+\?v=[^"]+)"', html):
            assert "immutable" in ask(stage.address + address).headers["cache-control"], address
    assert [ask(stage.address + path).status for path in ("/stories/x.json", "/present/files/x.js")] == [404, 404]


@pytest.mark.long
def test_the_place_of_a_chapter_is_the_middle_of_what_the_words_leave_clear(stage: Visit) -> None:
    """At 1920x1080 the map's middle is the chapter's, so the explore page and a picture show the same."""
    chapter = LAOS.chapters[3]
    present(stage, LAOS, 4)
    position = chapter_view(chapter, load(DEFAULT_FOLDER), today=date.today()).position
    assert position is not None
    link = stage.page.evaluate("() => fetch('/stories/laos-2013.json').then((answer) => answer.json())")["chapters"][3]
    assert link["place"] == [position.lat, position.lon, position.zoom]


def hostile_story(folder: Path) -> Story:
    """A story all of whose texts are hostile, in the place of the shipped ones."""
    path = folder / "stories" / "laos-2013.json"
    story = json.loads(path.read_text(encoding="utf-8"))
    for name in ("title", "summary", "audience"):
        story[name] = HOSTILE
    for chapter in story["chapters"]:
        chapter |= dict.fromkeys(("title", "text", "more", "notes", "content_note"), HOSTILE)
        chapter["sources"] = [f"{source.partition('@')[0]}@ {HOSTILE}" for source in chapter["sources"]]
    path.write_text(json.dumps(story), encoding="utf-8")
    return next(story for story in load(folder).stories if story.id == "laos-2013")


def test_hostile_texts_of_a_story_stay_text_on_stage_speaker_and_page(
    copied_folder: Path, room: BrowserContext
) -> None:
    story = hostile_story(copied_folder)
    with serving(copied_folder) as address:
        stage, speaker, reader = (visit(room, address) for _ in range(3))
        present(stage, story)
        speaker.page.goto(f"{address}/present/speaker?story={story.id}")
        for _ in story.chapters:
            expect(stage.page.locator(".note")).to_contain_text("<script>window.hurt=1</script>")
            press(stage, "ArrowRight")
            expect(stage.page.locator(".told .text")).to_contain_text("⟨U+202E⟩")
            press(stage, "m")
            expect(stage.page.locator(".sheet .cited")).to_contain_text("{{7*7}}")
            press(stage, "ArrowRight")
        expect(speaker.page.locator(".notes")).to_contain_text("<script>window.hurt=1</script>")
        reader.open(f"/stories?id={story.id}")
        reader.page.locator("article.story").wait_for()
        for seen in (stage, speaker, reader):
            assert seen.page.evaluate("window.hurt") is None
            assert (seen.foreign, seen.errors) == ([], [])
            seen.page.close()
