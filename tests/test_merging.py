"""Three-way merging by record and field: nothing of either side is ever lost without a word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.documents import Document, fields_of, record_of
from routes.merging import Change, applied, changes_between, merged, same

VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
RECORDS = st.dictionaries(
    st.sampled_from(["type", "geometry", "a/b", "~"]), VALUES, max_size=3
) | st.fixed_dictionaries({"properties": st.none() | st.dictionaries(st.sampled_from(["name", "", "x/y"]), VALUES)})
DOCUMENTS = st.builds(
    Document,
    st.dictionaries(st.sampled_from(["title", "order"]), VALUES, max_size=2),
    st.dictionaries(st.sampled_from("abcdef"), RECORDS, max_size=5),
)
MAYBE = st.none() | DOCUMENTS


def document(**records: Any) -> Document:
    return Document({"title": "Ways"}, {key: {"properties": record} for key, record in records.items()})


@given(RECORDS)
def test_a_record_comes_back_from_its_fields(record: dict[str, Any]) -> None:
    assert record_of(fields_of(record)) == record


@given(MAYBE, MAYBE)
def test_a_change_leads_from_one_state_to_the_other_and_back(one: Document | None, other: Document | None) -> None:
    change = changes_between(one, other)
    there, back = applied(one, change), applied(other, change.inverse)
    assert (there, there and there.order) == (other, other and other.order)
    assert (back, back and back.order) == (one, one and one.order)


@given(MAYBE, MAYBE)
def test_a_change_survives_json(one: Document | None, other: Document | None) -> None:
    import json

    change = changes_between(one, other)
    assert Change.from_json(json.loads(json.dumps(change.as_json(), default=dict))) == change


@given(MAYBE, MAYBE, MAYBE)
def test_every_edit_of_either_side_is_in_the_merge_or_in_a_conflict(
    base: Document | None, ours: Document | None, theirs: Document | None
) -> None:
    result = merged("ways", base, ours, theirs)
    disputed = {(conflict.record, conflict.field) for conflict in result.conflicts}
    if disputed and result.document is None:
        return
    for side in (ours, theirs):
        for key, (before, after) in changes_between(base, side).records.items():
            got = result.document.records.get(key) if result.document else None
            if (key, "") in disputed or ("", "") in disputed or same(got, after):
                continue
            was, now, is_ = (fields_of(record or {}) for record in (before, after, got))
            for name in {*was, *now}:
                changed = not same((name in was, was.get(name)), (name in now, now.get(name)))
                if changed and (key, name) not in disputed:
                    assert same((name in is_, is_.get(name)), (name in now, now.get(name))), (key, name)


@given(MAYBE, MAYBE)
def test_what_one_side_alone_has_changed_is_taken_as_it_is(base: Document | None, changed: Document | None) -> None:
    for ours, theirs in ((changed, base), (base, changed)):
        result = merged("ways", base, ours, theirs)
        assert not result.conflicts
        assert (result.document, result.document and result.document.order) == (changed, changed and changed.order)


def test_two_people_who_edit_different_fields_of_one_feature_both_keep_their_work() -> None:
    base = document(way={"name": "Old", "authority": "LA"})
    ours, theirs = document(way={"name": "New", "authority": "LA"}), document(way={"name": "Old", "authority": "TH"})
    result = merged("ways", base, ours, theirs)
    assert not result.conflicts
    assert result.document == document(way={"name": "New", "authority": "TH"})


def test_two_people_who_edit_one_field_are_both_shown_with_the_ancestor() -> None:
    result = merged("ways", document(a={"name": "0"}), document(a={"name": "1"}), document(a={"name": "2"}))
    [conflict] = result.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("0", "1", "2")
    assert (conflict.record, conflict.field) == ("a", "/properties/name")


def test_an_edit_of_what_somebody_removed_is_a_conflict_not_a_loss() -> None:
    result = merged("ways", document(a={"name": "0"}), document(a={"name": "1"}), document())
    assert [(conflict.record, conflict.field, conflict.theirs) for conflict in result.conflicts] == [("a", "", None)]


def test_a_row_added_to_a_removed_document_is_a_conflict_not_a_loss() -> None:
    result = merged("ways", document(), document(a={"name": "1"}), None)
    assert result.conflicts


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [("axbc", "abc", "axbc"), ("abc", "abyc", "abyc"), ("axbc", "abyc", "axbyc"), ("cba", "abyc", "cbya")],
)
def test_records_keep_their_neighbours(ours: str, theirs: str, expected: str) -> None:
    base, mine, other = (document(**{key: {} for key in keys}) for keys in ("abc", ours, theirs))
    result = merged("ways", base, mine, other)
    assert result.document is not None
    assert "".join(result.document.order) == expected
