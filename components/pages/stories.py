"""The stories: a list of them, or one to read chapter by chapter, each chapter with its sources and its view."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from components import markup, reading, state
from components.chapter_maps import chapter_map
from components.pack import pack_button
from routes.citations import mentions, plain
from routes.dataset import Dataset, load
from routes.staging import explore_params
from routes.stories import Chapter, Story
from routes.story_checks import story_sources
from routes.words import as_of_words, say

PAGE = "stories"


def show() -> None:
    """The page of stories."""
    dataset = load()
    state.adopt_address(PAGE, "id")
    asked = state.text_of(PAGE, "id")
    story = next((story for story in dataset.stories if story.id == asked), None)
    if story:
        _one(dataset, story)
    else:
        _all(dataset, asked)
    state.write_address(PAGE, id=story.id if story else "")


def _all(dataset: Dataset, asked: str) -> None:
    with reading.column(PAGE, title=say("stories.title"), lead=say("stories.lead")):
        if asked:
            markup.show("reading_notice", sentences=[say("stories.bad_id", text=asked)])
        markup.show("stories", stories=dataset.stories)


def _one(dataset: Dataset, story: Story) -> None:
    with reading.column(PAGE, title=story.title, lead=story.summary):
        with st.container(horizontal=True, vertical_alignment="center", key="story-acts"):
            markup.show("story_present", width="content", story=story)
            pack_button(story.id)
        markup.show(
            "story",
            story=story,
            chapters=[_told(dataset, story, chapter) for chapter in story.chapters],
            cited=[(source.id, plain(source)) for source in story_sources(story, dataset)],
        )


def _told(dataset: Dataset, story: Story, chapter: Chapter) -> dict[str, object]:
    figure = chapter.figure
    links = {
        "arrivals": "arrivals",
        "timeline": f"./?{urlencode({'as_of': chapter.view['as_of'], 'sel': figure.country or ''})}" if figure else "",
        "compare": f"changes?{urlencode({'from': figure.start or '', 'to': figure.end or ''})}" if figure else "",
    }
    return {
        "chapter": chapter,
        "date": as_of_words(chapter.as_of),
        "explore": "./?" + urlencode(explore_params(chapter, dataset, today=date.today()), safe=",/:"),
        "map": chapter_map(story.id, chapter, dataset, today=date.today()),
        "sources": mentions(dataset, chapter.sources),
        "figure": (figure.kind, links[figure.kind]) if figure else None,
    }
