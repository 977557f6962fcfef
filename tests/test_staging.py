"""Claims about a story as the stage gets it: places, sources by name, figures; and about capturing a view."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import TODAY

from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.pack.facts import chapter_events
from routes.pack.figures import timeline_rows
from routes.staging import captured_view, chapter_view, explore_params, note_parts, story_data
from routes.stance import stance_at
from routes.stories import Chapter, Figure, Story
from routes.view import MAX_ZOOM, MIN_ZOOM, MapPosition, View, read_view

STORIES = load(DEFAULT_FOLDER).stories
EVERY_STORY = pytest.mark.parametrize("story", STORIES, ids=[story.id for story in STORIES])


@EVERY_STORY
def test_a_story_is_plain_json_with_every_chapter_in_order(story, real_dataset: Dataset) -> None:
    data = json.loads(json.dumps(story_data(story, real_dataset, today=TODAY), allow_nan=False))
    assert [one["id"] for one in data["chapters"]] == [chapter.id for chapter in story.chapters]
    for told, chapter in zip(data["chapters"], story.chapters, strict=True):
        assert told["as_of"] == chapter.as_of.isoformat()
        assert {one["id"] for one in told["sources"]} == {citation.source for citation in chapter.sources}
        assert len(told["sources"]) == len({one["id"] for one in told["sources"]})
        assert (told["figure"] or {}).get("kind") == (chapter.figure.kind if chapter.figure else None)


@pytest.mark.parametrize(
    ("notes", "parts"),
    [
        ("", []),
        ("One thing.", [("", "One thing.")]),
        ("First this. Say: Look.", [("", "First this."), ("Say:", "Look.")]),
        ("Say: Look. Do not join two. Asked: Why? As a guess. Do not claim a cause.",
         [("Say:", "Look."), ("Do not", "join two."), ("Asked:", "Why? As a guess."), ("Do not claim", "a cause.")]),
        ("Say: We do not say, and do not know; Do not ask.", [("Say:", "We do not say, and do not know; Do not ask.")]),
        ("Say: One line\nAsked: Another.", [("Say:", "One line"), ("Asked:", "Another.")]),
    ],
)  # fmt: skip
def test_notes_fall_into_parts_where_a_sentence_opens_one(notes: str, parts: list[tuple[str, str]]) -> None:
    assert note_parts(notes) == parts


@EVERY_STORY
def test_no_word_of_the_notes_is_lost_between_their_parts(story, real_dataset: Dataset) -> None:
    for told, chapter in zip(story_data(story, real_dataset, today=TODAY)["chapters"], story.chapters, strict=True):
        assert " ".join(f"{lead} {text}" for lead, text in told["notes"]).split() == chapter.notes.split()
        assert len(told["notes"]) > 2


def without_quotes(text: str) -> str:
    """The text as it is whichever quotes its style of citation has."""
    return re.sub("[\"'“”‘’]", "", text)


@EVERY_STORY
def test_a_story_ends_with_each_of_its_sources_once(story, real_dataset: Dataset) -> None:
    told = story_data(story, real_dataset, today=TODAY)["sources"]
    cited = {citation.source for chapter in story.chapters for citation in chapter.sources}
    assert [one["id"] for one in told] == list(dict.fromkeys(one["id"] for one in told))
    assert {one["id"] for one in told} == cited
    for one in told:
        title = real_dataset.sources[one["id"]].title.removeprefix("not stated ").strip()[:20]
        assert without_quotes(title) in without_quotes(one["text"])
        assert "http" not in one["text"]


def test_a_timeline_knows_which_events_go_on_for_long(real_dataset: Dataset) -> None:
    told = story_data(next(s for s in STORIES if s.id == "laos-2013"), real_dataset, today=TODAY)["chapters"]
    events = next(one["figure"]["events"] for one in told if (one["figure"] or {}).get("kind") == "timeline")
    assert {one["when"] for one in events if one["runs"]} == {"since 28 May 2013"}
    assert len(events) > 5


@EVERY_STORY
def test_the_link_to_the_map_is_restored_whole(story, real_dataset: Dataset) -> None:
    for chapter in story.chapters:
        params = explore_params(chapter, real_dataset, today=TODAY)
        view, unrestored = read_view(params, real_dataset, today=TODAY)
        assert unrestored == []
        assert (view.as_of, view.to_params()) == (chapter.as_of, params)


def test_arrivals_never_run_ahead_of_the_chapter(real_dataset: Dataset) -> None:
    seen = 0
    for story in STORIES:
        for told in story_data(story, real_dataset, today=TODAY)["chapters"]:
            if told["figure"] and told["figure"]["kind"] == "arrivals":
                seen += 1
                assert all(f"{bar['year']}-12-31" <= told["as_of"] for bar in told["figure"]["bars"])
                assert max(bar["value"] for bar in told["figure"]["bars"]) <= told["figure"]["full"]
    assert seen >= 3


def test_a_comparison_names_only_what_changed_between_its_dates(real_dataset: Dataset) -> None:
    told = story_data(next(s for s in STORIES if s.id == "laos-2013"), real_dataset, today=TODAY)["chapters"]
    figure = next(one["figure"] for one in told if one["figure"] and one["figure"]["kind"] == "compare")
    days = [date.fromisoformat(side["day"]) for side in figure["sides"]]
    assert "la-transit" in figure["moved"]
    for name in figure["moved"]:
        spells = real_dataset.spells.get(name, ())
        assert len({stance_at(spells, day).stance for day in days}) == 2, name


@given(
    zoom=st.sampled_from([zoom / 4 for zoom in range(MIN_ZOOM * 4 + 2, MAX_ZOOM * 4 - 1)]),
    lat=st.floats(-10, 60),
    lon=st.floats(65, 160),
)
def test_a_captured_view_shows_on_the_map_what_was_captured(zoom: float, lat: float, lon: float) -> None:
    dataset = load(DEFAULT_FOLDER)
    seen = View(as_of=date(2014, 12, 31), position=MapPosition(zoom, round(lat, 2), round(lon, 2)))
    chapter = Chapter(id="one", title="", text="", view=captured_view(seen, []))
    again, unrestored = read_view(explore_params(chapter, dataset, today=TODAY), dataset, today=TODAY)
    assert unrestored == []
    assert again.position is not None and seen.position is not None  # noqa: PT018
    assert again.position.zoom == zoom
    assert abs(again.position.lat - seen.position.lat) < 0.03
    assert abs(again.position.lon - seen.position.lon) < 0.03


def test_a_captured_view_without_a_place_keeps_the_one_before() -> None:
    captured = captured_view(View(as_of=date(2014, 12, 31)), ["a"], "5/20/100")
    assert captured == {"as_of": "2014", "layers": "a", "map": "5/20/100"}


def test_a_captured_view_names_its_layers_so_that_a_later_one_does_not_join_it() -> None:
    every, none = View(as_of=date(2014, 12, 31)), View(as_of=date(2014, 12, 31), layers=())
    assert captured_view(every, ["a", "b"])["layers"] == "a,b"
    assert captured_view(none, ["a", "b"])["layers"] == "none"


def test_a_timeline_has_the_events_that_the_chapters_filter_admits_and_its_link_carries_the_filter(
    real_dataset: Dataset,
) -> None:
    figure = Figure("timeline", "LA", date(2005, 1, 1), date(2013, 12, 31))
    whole = replace(STORIES[0], chapters=(Chapter(id="one", title="", text="", view={"as_of": "2014"}, figure=figure),))
    filtered = replace(whole.chapters[0], view={"as_of": "2014", "filter": "effect:restricts,certainty:established"})

    def told(story: Story) -> list[dict[str, str]]:
        (chapter,) = story_data(story, real_dataset, today=TODAY)["chapters"]
        events: list[dict[str, str]] = chapter["figure"]["events"]
        return events

    fewer = told(replace(whole, chapters=(filtered,)))
    assert 0 < len(fewer) < len(told(whole))
    assert {(event["effect"], event["certainty"]) for event in fewer} == {("restricts", "established")}
    assert explore_params(filtered, real_dataset, today=TODAY) == dict(filtered.view)
    on_paper = chapter_events(filtered, real_dataset)
    assert sorted(event.title for event in on_paper) == sorted(event["title"] for event in fewer)
    assert [title for _, title in timeline_rows(filtered, real_dataset)] == [event.title for event in on_paper]


def test_a_chapter_without_a_place_has_none(real_dataset: Dataset) -> None:
    chapter = replace(STORIES[0].chapters[0], view={"as_of": "2014"})
    assert chapter_view(chapter, real_dataset, today=TODAY).position is None
