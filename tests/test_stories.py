"""Claims about the shipped stories, about reading one, and about what the data must carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from math import log, pi, radians, tan
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import TODAY

from routes.answers import reasons
from routes.citations import citations_behind, records_named
from routes.dataset import DEFAULT_FOLDER, Dataset
from routes.dates import parse_as_of
from routes.problems import Problem
from routes.records import STANCES, Citation
from routes.safety import check_safety
from routes.stance import stance_at
from routes.stories import CHAPTER_TEXTS, UNWRITTEN, Chapter, Figure, Story, read_story, story_file
from routes.story_checks import LONGEST_TEXT, check_story, story_sources
from routes.view import read_view


def story_of(path: Path) -> Story:
    story, problems = read_story(path.stem, path.read_bytes())
    assert story is not None, problems
    assert problems == []
    return story


STORIES = [story_of(path) for path in sorted((DEFAULT_FOLDER / "stories").glob("*.json"))]
EVERY_STORY = pytest.mark.parametrize("story", STORIES, ids=[story.id for story in STORIES])
SCENES = [(story, chapter) for story in STORIES for chapter in story.chapters]
EVERY_CHAPTER = pytest.mark.parametrize(
    "chapter", [chapter for _, chapter in SCENES], ids=[f"{story.id}-{chapter.id}" for story, chapter in SCENES]
)


def problems_of(story: Story, dataset: Dataset, today: date = TODAY) -> list[Problem]:
    """What is wrong with a story, what must not be published included."""
    alone = replace(dataset, stories=(story,))
    return [*check_story(story, dataset, today=today), *check_safety(alone, today=today)]


def rules(story: Story, dataset: Dataset, today: date = TODAY) -> list[str]:
    return [problem.rule for problem in problems_of(story, dataset, today)]


# --- the shipped stories ---------------------------------------------------------------------------------------------


@EVERY_STORY
def test_the_data_carries_every_shipped_story(story: Story, real_dataset: Dataset) -> None:
    assert [str(problem) for problem in check_story(story, real_dataset, today=TODAY)] == []


def test_the_three_stories_have_their_lengths_and_an_order() -> None:
    lengths = {story.id: len(story.chapters) for story in sorted(STORIES, key=lambda story: story.order)}
    assert list(lengths) == ["closing-door", "embassy-in-beijing", "laos-2013"]
    assert 8 <= lengths["closing-door"] <= 10
    assert all(5 <= lengths[name] <= 6 for name in ("embassy-in-beijing", "laos-2013"))


@EVERY_STORY
def test_every_story_ends_with_what_is_known_and_what_is_not(story: Story) -> None:
    last = story.chapters[-1]
    assert "Known:" in last.text
    assert "Not known:" in last.text
    assert last.as_of > max(chapter.as_of for chapter in story.chapters[:-1])


@EVERY_CHAPTER
def test_every_chapter_is_a_whole_view_and_says_which_stances_it_relies_on(
    chapter: Chapter, real_dataset: Dataset
) -> None:
    view, unrestored = read_view(chapter.view, real_dataset, today=TODAY)
    assert unrestored == []
    assert view.to_params() == chapter.view
    assert view.as_of == chapter.as_of
    assert view.position is not None
    assert view.layers is not None
    assert chapter.shows
    assert chapter.notes


@EVERY_CHAPTER
def test_every_source_of_a_chapter_stands_behind_a_record_it_leans_on(chapter: Chapter, real_dataset: Dataset) -> None:
    behind = {citation.source for citation in citations_behind(real_dataset, chapter.leans)}
    assert [str(citation) for citation in chapter.sources if citation.source not in behind] == []


@EVERY_CHAPTER
def test_every_figure_and_year_in_a_chapter_stands_in_a_record_it_leans_on(
    chapter: Chapter, real_dataset: Dataset
) -> None:
    carried = {number for record in leant_on(chapter, real_dataset) for number in numbers(words_of(record))}
    told = numbers(f"{chapter.title} {chapter.text} {chapter.more}")
    assert told - carried == set()


def leant_on(chapter: Chapter, dataset: Dataset) -> Iterable[Any]:
    """The records a chapter names, with the effects of its events and the disputes above its claims."""
    for reference in chapter.leans:
        yield from records_named(dataset, reference)
        kind, _, name = reference.partition(":")
        if kind == "dispute":
            yield dataset.disputes[name]
        if kind == "event":
            yield from (effect for effect in dataset.effects.values() if effect.event == name)


def words_of(record: Any) -> str:
    values = (getattr(record, field.name) for field in fields(record) if field.name not in ("id", "sources", "event"))
    return " ".join(f"{value:.10g}" if isinstance(value, float) else str(value) for value in values)


def numbers(text: str) -> set[str]:
    return {number.replace(",", "").lstrip("0") for number in re.findall(r"\d[\d,]*\d|\d", text)}


@EVERY_CHAPTER
def test_what_a_chapter_relies_on_lies_beside_the_panel_of_a_wide_stage(
    chapter: Chapter, real_dataset: Dataset
) -> None:
    """At 1920x1080 the words take the left third; at least one end of each feature lies clear of them."""
    for feature_id in chapter.shows:
        spots = [pixel(chapter.view["map"], position) for position in real_dataset.features[feature_id].positions]
        assert any(640 <= x <= 1920 and 0 <= y <= 1010 for x, y in spots), feature_id


def pixel(place: str, position: tuple[float, float]) -> tuple[float, float]:
    """Where a position (lon, lat) stands on a stage of 1920x1080 pixels in Web Mercator."""
    zoom, lat, lon = (float(part) for part in place.split("/"))
    world = 256 * 2**zoom

    def height(degrees: float) -> float:
        return log(tan(pi / 4 + radians(degrees) / 2)) * world / (2 * pi)

    return 960 + (position[0] - lon) * world / 360, 540 + height(lat) - height(position[1])


def test_no_story_draws_the_fall_in_arrivals_after_laos() -> None:
    """The largest fall (2011 to 2012) came before May 2013; where both are told, the figures come first or say so."""
    for story in STORIES:
        falls = [chapter for chapter in story.chapters if "1,502" in chapter.text]
        for chapter in falls:
            assert "Laos and Thailand do not change" in chapter.text or "had fallen before" in chapter.text


def test_the_closing_door_is_told_as_one_authors_thesis() -> None:
    (story,) = (story for story in STORIES if story.id == "closing-door")
    told = [chapter.text for chapter in story.chapters if "closing door" in chapter.text.lower()]
    assert told
    assert all("author" in text for text in told)


@EVERY_STORY
def test_the_sources_of_a_story_come_once_in_the_order_of_first_use(story: Story, real_dataset: Dataset) -> None:
    found = [source.id for source in story_sources(story, real_dataset)]
    cited = [citation.source for chapter in story.chapters for citation in chapter.sources]
    assert found == sorted(set(cited), key=cited.index)


# --- a change in the data is noticed ---------------------------------------------------------------------------------


@EVERY_CHAPTER
def test_a_changed_feature_id_makes_the_story_fail(chapter: Chapter, real_dataset: Dataset) -> None:
    (story,) = (story for story, one in SCENES if one is chapter)
    for feature_id in chapter.shows:
        spoilt = with_renamed(real_dataset, feature_id)
        found = check_story(replace(story, chapters=(chapter,)), spoilt, today=TODAY)
        assert (f"{chapter.id}/shows", "reference") in {(problem.pointer, problem.rule) for problem in found}
        assert any(feature_id in problem.message for problem in found)


def with_renamed(dataset: Dataset, feature_id: str) -> Dataset:
    layers = tuple(
        replace(layer, features=tuple(replace(f, id=f"{f.id}-x") if f.id == feature_id else f for f in layer.features))
        for layer in dataset.layers
    )
    return replace(dataset, layers=layers)


@EVERY_CHAPTER
def test_a_stance_that_loses_its_reasons_makes_the_story_fail(chapter: Chapter, real_dataset: Dataset) -> None:
    (story,) = (story for story, one in SCENES if one is chapter)
    for feature_id, stance in chapter.shows.items():
        spell = stance_at(real_dataset.spells[feature_id], chapter.as_of)
        assert bool(reasons(real_dataset, spell, chapter.as_of)) == (stance != "unknown")
    bare = replace(real_dataset, effects=MappingProxyType({}))
    if set(chapter.shows.values()) != {"unknown"}:
        assert "story-stance" in rules(replace(story, chapters=(chapter,)), bare)


# --- what a story must not do ----------------------------------------------------------------------------------------

LAOS = next(story for story in STORIES if story.id == "laos-2013")
NINE = next(chapter for chapter in LAOS.chapters if chapter.id == "nine")

FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a date after today": ("story-date", {"view": {"as_of": "2027"}, "shows": {}}),
    "the year that is not over": ("story-date", {"view": {"as_of": "2026"}, "shows": {}}),
    "a layer that is nowhere": ("story-view", {"view": {"as_of": "2014", "layers": "roads"}}),
    "a selection that is nowhere": ("story-view", {"view": {"as_of": "2014", "sel": "la-road"}}),
    "a place off the map": ("story-view", {"view": {"as_of": "2014", "map": "12/20/102"}}),
    "a view not as a link says it": ("story-view", {"view": {"as_of": "2014-12-31"}}),
    "a selection on a layer that is off": (
        "story-layer", {"view": {"as_of": "2014", "sel": "la-transit", "layers": "mongolia"}, "shows": {}}),
    "a stance on a layer that is off": ("story-layer", {"view": {"as_of": "2014", "layers": "none"}}),
    "a feature that is nowhere": ("reference", {"shows": {"la-road": "mixed"}}),
    "another stance than the map's": ("story-stance", {"shows": {"la-transit": "returns"}}),
    "no source": ("source-needed", {"sources": ()}),
    "a source that is nowhere": ("reference", {"sources": (Citation("a-rumour"),)}),
    "a record that is nowhere": ("reference", {"leans": ("event:la-ten-returned",)}),
    "an event that lies ahead": ("story-ahead", {"leans": ("event:la-six-released-2014",)}),
    "a figure that lies ahead": ("story-ahead", {"leans": ("statistic:arr-kr-2013",)}),
    "more words than a stage holds": ("story-length", {"text": "word " * (LONGEST_TEXT + 1)}),
    "a long title": ("story-length", {"title": "one two three four five six seven eight nine"}),
    "an operational word on the stage": ("safety-operational", {"text": "They paid a broker."}),
    "an operational word in the notes": ("safety-operational", {"notes": "Say which bank is unguarded."}),
    "an operational word in a locator": ("safety-operational", {"sources": (Citation("bbc-2013-laos", "safe house"),)}),
    "an age": ("safety-person", {"more": "One of them was 15 years old."}),
    "a timeline of nowhere": ("reference", {"figure": Figure("timeline", "XX", date(2012, 1, 1), date(2013, 1, 1))}),
    "a timeline without events": (
        "story-figure", {"figure": Figure("timeline", "LA", date(1990, 1, 1), date(1990, 12, 31))}),
    "a timeline whose events are all filtered out": (
        "story-figure", {"figure": Figure("timeline", "LA", date(2012, 1, 1), date(2013, 1, 1)),
                         "view": {**NINE.view, "filter": "country:CN"}}),
    "a timeline into the future": (
        "story-ahead", {"figure": Figure("timeline", "LA", date(2012, 1, 1), date(2014, 12, 31))}),
    "a comparison without figures": (
        "story-figure", {"figure": Figure("compare", None, date(1991, 12, 31), date(1992, 12, 31))}),
    "a chart before its first figure": ("story-figure", {"figure": Figure("arrivals"), "view": {"as_of": "1995"}}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "changes"), FAULTS.values(), ids=list(FAULTS))
def test_a_chapter_is_told_what_is_wrong(rule: str, changes: dict[str, Any], real_dataset: Dataset) -> None:
    chapter = replace(NINE, **changes)
    found = problems_of(replace(LAOS, chapters=(chapter,)), real_dataset)
    (problem, *_) = [problem for problem in found if problem.rule == rule]
    assert problem.file == "stories/laos-2013.json"
    assert rule.startswith("safety") or problem.line == NINE.line > 1
    assert problem.pointer.startswith("nine/")


def test_the_head_of_a_story_obeys_the_same_rules(real_dataset: Dataset) -> None:
    assert rules(replace(LAOS, summary="How brokers work."), real_dataset) == ["safety-operational"]


@pytest.mark.parametrize("member", CHAPTER_TEXTS)
def test_every_text_of_a_chapter_is_searched_for_harm(member: str, real_dataset: Dataset) -> None:
    chapter = replace(NINE, **{member: "They paid a smuggler."})
    assert "safety-operational" in rules(replace(LAOS, chapters=(chapter,)), real_dataset)


# --- reading ---------------------------------------------------------------------------------------------------------

WHOLE: Mapping[str, Any] = {
    "title": "A story", "summary": "What it tells.", "audience": "All.", "language": "en", "order": 1,
    "chapters": [
        {"id": "one", "title": "One", "view": {"as_of": "2014"}, "text": "Words.", "sources": ["paper @ p. 3"]},
    ],
}  # fmt: skip


def read(value: Any) -> tuple[Story | None, list[tuple[int, str, str]]]:
    story, problems = read_story("a-story", json.dumps(value, indent=1).encode())
    return story, [(problem.line, problem.pointer, problem.rule) for problem in problems]


def with_chapter(**changes: Any) -> dict[str, Any]:
    """A good story with a second chapter that differs."""
    (first,) = WHOLE["chapters"]
    second = {name: value for name, value in {**first, "id": "two", **changes}.items() if value is not None}
    return {**WHOLE, "chapters": [first, second]}


def test_a_story_is_read_with_its_chapters_in_order() -> None:
    story, problems = read(with_chapter(figure={"kind": "timeline", "country": "LA", "from": "2012", "to": "2014"}))
    assert problems == []
    assert story is not None
    assert [chapter.id for chapter in story.chapters] == ["one", "two"]
    assert story.chapters[0].sources == (Citation("paper", "p. 3"),)
    assert story.chapters[0].as_of == parse_as_of("2014")
    assert story.chapters[1].figure == Figure("timeline", "LA", date(2012, 1, 1), date(2014, 12, 31))
    assert story.chapters[1].line > story.chapters[0].line > 1
    assert story.file == story_file("a-story") == "stories/a-story.json"


SPOILT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "no id": ("", "story-member", {"id": None}),
    "an id with a space": ("/id", "story-member", {"id": "chapter two"}),
    "an id twice": ("/id", "story-chapter-id", {"id": "one"}),
    "no words": ("", "story-member", {"text": None}),
    "blank words": ("/text", "story-member", {"text": " "}),
    "notes that are no text": ("/notes", "story-member", {"notes": ["Say this."]}),
    "a member nobody knows": ("", "story-member", {"colour": "red"}),
    "no view": ("", "story-member", {"view": None}),
    "a view that is a link": ("/view", "story-member", {"view": "?as_of=2014"}),
    "a view without a date": ("/view", "story-member", {"view": {"sel": "LA"}}),
    "a view of no date": ("/view/as_of", "story-member", {"view": {"as_of": "May"}}),
    "a view with a parameter nobody knows": ("/view", "story-member", {"view": {"as_of": "2014", "zoom": "5"}}),
    "sources that are no list": ("/sources", "story-member", {"sources": "paper"}),
    "a stance nobody knows": ("/shows", "story-member", {"shows": {"la-way": "open"}}),
    "a figure nobody knows": ("/figure", "story-figure", {"figure": {"kind": "pie"}}),
    "a figure that is a word": ("/figure", "story-figure", {"figure": "arrivals"}),
    "a chart with a date": ("/figure", "story-member", {"figure": {"kind": "arrivals", "to": "2014"}}),
    "a timeline without an end": (
        "/figure", "story-member", {"figure": {"kind": "timeline", "country": "LA", "from": "2012"}}),
    "a timeline that ends before it begins": (
        "/figure", "story-figure", {"figure": {"kind": "timeline", "country": "LA", "from": "2014", "to": "2012"}}),
    "a comparison without dates": ("/figure", "story-member", {"figure": {"kind": "compare"}}),
    "a comparison of one date": ("/figure/dates", "story-member", {"figure": {"kind": "compare", "dates": ["2014"]}}),
    "a comparison of a date with itself": (
        "/figure", "story-figure", {"figure": {"kind": "compare", "dates": ["2014", "2014-12-31"]}}),
}  # fmt: skip


@pytest.mark.parametrize(("where", "rule", "changes"), SPOILT.values(), ids=list(SPOILT))
def test_a_bad_chapter_is_left_out_with_its_line_and_the_rest_stands(
    where: str, rule: str, changes: dict[str, Any]
) -> None:
    story, problems = read(with_chapter(**changes))
    assert story is not None
    assert [chapter.id for chapter in story.chapters] == ["one"]
    (line, pointer, found), *others = problems
    assert others == []
    assert (pointer, found) == (f"/chapters/1{where}", rule)
    assert line > story.chapters[0].line


@pytest.mark.parametrize("value", [None, 3, "story", [], {}, {"chapters": {}}, {**WHOLE, "chapters": []}])
def test_what_has_no_chapters_is_no_story(value: Any) -> None:
    story, problems = read(value)
    assert story is None
    assert problems[-1][2] == "story-chapters"


def test_a_file_that_is_not_json_is_no_story() -> None:
    story, (problem,) = read_story("a-story", b'{"title": "A story",}')
    assert story is None
    assert problem.rule == "json-syntax"


def test_a_story_is_called_by_an_id() -> None:
    _, (problem,) = read_story("A story", json.dumps(WHOLE).encode())
    assert problem.rule == "story-id"


@pytest.mark.parametrize("member", ["title", "summary", "audience", "language"])
def test_the_head_of_a_story_is_whole(member: str) -> None:
    _, problems = read({name: value for name, value in WHOLE.items() if name != member})
    assert [(pointer, rule) for _, pointer, rule in problems] == [("", "story-member")]


@pytest.mark.parametrize("member", ["title", "summary", "audience", "language", "text"])
@pytest.mark.parametrize("empty", [None, "", " "], ids=["absent", "empty", "blank"])
def test_a_text_that_is_yet_to_be_written_is_asked_for_in_plain_words(member: str, empty: str | None) -> None:
    story = with_chapter(text=empty) if member == "text" else {**WHOLE, member: empty}
    data = json.dumps({name: value for name, value in story.items() if value is not None}).encode()
    _, (problem,) = read_story("a-story", data)
    assert f"{problem.message} {problem.hint}".strip() == UNWRITTEN[member]


@pytest.mark.parametrize("wrong", [3, ["A summary."]])
def test_a_text_of_another_type_is_told_as_expected_and_got(wrong: Any) -> None:
    _, (problem,) = read_story("a-story", json.dumps({**WHOLE, "summary": wrong}).encode())
    assert problem.message.startswith("Expected summary to be a text, got ")
    assert problem.hint == "Correct it."


def test_a_chapter_without_a_source_asks_for_one_in_plain_words(real_dataset: Dataset) -> None:
    story = replace(LAOS, chapters=(replace(NINE, sources=()),))
    told = {problem.message for problem in check_story(story, real_dataset, today=TODAY)}
    assert told == {"Choose at least one source."}


NAMES = ["id", "view", "as_of", "kind", "dates", "chapters", "figure"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["2014", "arrivals", *STANCES]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


MEMBERS = [*CHAPTER_TEXTS, "id", "view", "figure", "sources", "leans", "shows"]


@given(st.dictionaries(st.sampled_from(MEMBERS), ANYTHING))
def test_no_chapter_whatever_it_holds_stops_the_reading(chapter: dict[str, Any]) -> None:
    story, problems = read({**WHOLE, "chapters": [*WHOLE["chapters"], chapter]})
    assert story is not None
    assert len(story.chapters) == 2 or problems


@given(st.binary(max_size=60) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_no_file_whatever_it_holds_stops_the_reading(data: bytes) -> None:
    story, problems = read_story("a-story", data)
    assert story is not None or problems
