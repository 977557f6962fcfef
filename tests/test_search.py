"""Claims about finding anything by its words."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE

from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.search import MOST_HITS, HitKind, search
from routes.view import Filter, selectable

KINDS = {
    "country": "countries", "feature": "features", "event": "policy_events", "note": "risk_notes",
    "dispute": "disputes", "source": "sources", "term": "glossary",
}  # fmt: skip

SOME = 5
"""Every fifth record is looked for: a search takes some thirty milliseconds."""


@pytest.mark.parametrize("kind", get_args(HitKind))
def test_everything_of_every_kind_is_found_by_its_id(real_dataset: Dataset, kind: str) -> None:
    for record_id in list(getattr(real_dataset, KINDS[kind]))[::SOME]:
        assert any((hit.kind, hit.id) == (kind, record_id) for hit in search(real_dataset, record_id, Filter())), (
            record_id
        )


@pytest.mark.parametrize("kind", get_args(HitKind))
def test_everything_of_every_kind_is_found_by_its_title(real_dataset: Dataset, kind: str) -> None:
    for record_id, record in list(getattr(real_dataset, KINDS[kind]).items())[::SOME]:
        title = getattr(record, "title", None) or getattr(record, "name", None) or record.term
        hits = search(real_dataset, title.upper(), Filter())
        assert any(hit.id == record_id for hit in hits), record_id
        assert title == next(hit.title for hit in hits if hit.id == record_id)


@pytest.mark.parametrize("query", ["", "   ", "\t\n"])
def test_no_words_find_nothing(real_dataset: Dataset, query: str) -> None:
    assert search(real_dataset, query, Filter()) == []


@given(st.text() | st.sampled_from([HOSTILE, "(", "[a", "\\", "%", "é", "a" * 3000, "\ud800"]))
def test_no_query_whatever_raises(query: str) -> None:
    hits = search(load(DEFAULT_FOLDER), query, Filter())
    assert len(hits) <= MOST_HITS
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)


@pytest.mark.parametrize("query", ["laos", "LAOS", "  Laos  ", "láos"])
def test_case_accents_and_blanks_do_not_matter(real_dataset: Dataset, query: str) -> None:
    assert search(real_dataset, query, Filter()) == search(real_dataset, "laos", Filter()) != []


@given(st.permutations(["thailand", "north", "2013"]))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    dataset = load(DEFAULT_FOLDER)
    assert search(dataset, " ".join(words), Filter()) == search(dataset, "2013 north thailand", Filter())


def test_another_word_never_finds_more(real_dataset: Dataset) -> None:
    wide = {(hit.kind, hit.id) for hit in search(real_dataset, "embassy", Filter())}
    narrow = {(hit.kind, hit.id) for hit in search(real_dataset, "embassy seoul", Filter())}
    assert narrow <= wide != set()


def test_words_in_the_title_come_first(real_dataset: Dataset) -> None:
    has_word = ["thailand" in hit.title.casefold() for hit in search(real_dataset, "thailand", Filter())]
    assert has_word == sorted(has_word, reverse=True)
    assert {True, False} == set(has_word)


def test_what_is_found_can_be_selected(real_dataset: Dataset) -> None:
    allowed = selectable(real_dataset)
    found = [hit for letter in "aeiou" for hit in search(real_dataset, letter, Filter())]
    assert all(hit.selects is None or hit.selects in allowed for hit in found)
    assert all(hit.selects for hit in found if hit.kind in ("country", "feature", "event"))


@pytest.mark.parametrize(
    "chosen", [Filter(country=("LA",)), Filter(route=("vietnam",)), Filter(effect=("eases",))], ids=repr
)
def test_a_filter_without_words_lists_its_events_oldest_first(real_dataset: Dataset, chosen: Filter) -> None:
    hits = [hit for hit in search(real_dataset, "", chosen) if hit.kind == "event"]
    expected = [event for event in real_dataset.policy_events.values() if chosen.admits(event)]
    assert {hit.id for hit in hits} == {event.id for event in expected}
    days = [real_dataset.policy_events[hit.id].date.first_day for hit in hits]
    assert days == sorted(days) != []


def test_a_filter_on_a_country_lets_its_notes_through(real_dataset: Dataset) -> None:
    hits = search(real_dataset, "", Filter(country=("CN",)))
    notes = {hit.id for hit in hits if hit.kind == "note"}
    assert notes == {note.id for note in real_dataset.risk_notes.values() if note.scope == "CN"} != set()
    assert {hit.kind for hit in hits} == {"event", "note"}
