"""Claims about drafts and decisions under odd orders of events: nothing is lost, and nobody's work is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_desk import EVENTS, WAYS, Office, decided, edited, edited_since

from routes.desk import Desk
from routes.documents import Document
from routes.edits import Edit, EditConflict


@pytest.fixture
def office(small_folder: Path) -> Office:
    return Office(small_folder)


def gone(desk: Desk, document: str) -> Edit:
    return Edit(base=desk.begun_head(), documents={document: None}, reason="No longer needed.")


def new_layer(desk: Desk) -> str:
    doc = desk.documents_at(desk.begun_head())[WAYS]
    one = dict(next(iter(doc.records.values())))
    one = {**one, "id": "extra-1", "properties": {**one["properties"], "kind": "context", "name": "E1"}}
    two = {**one, "id": "extra-2"}
    head = {**doc.head, "title": "Extra"}
    extra = Document(head, {"extra-1": one, "extra-2": two})
    assert desk.save(Edit(base=desk.store.head(), documents={"layers/extra": extra}, reason="A new layer.")).revision
    return "layers/extra"


def test_ours_wins_over_a_removed_layer(office: Office) -> None:
    name = new_layer(office.kim)
    mine = edited(office.lee, name, "extra-1", name="Mine")
    assert office.kim.save(gone(office.kim, name)).revision
    with pytest.raises(EditConflict) as caught:
        office.lee.save(mine)
    office.lee.settle(decided(caught.value, for_ours=True))
    now = office.store.documents()
    assert now[name].records["extra-1"]["properties"]["name"] == "Mine"


def removed_under_an_addition(office: Office) -> EditConflict:
    """lee has added a feature to layers/extra, which kim has removed meanwhile."""
    name = new_layer(office.kim)
    base = office.lee.begun_head()
    doc = office.lee.documents_at(base)[name]
    three = {**doc.records["extra-1"], "id": "extra-3"}
    mine = Edit(base=base, documents={name: Document(doc.head, {**doc.records, "extra-3": three})}, reason="One more.")
    assert office.kim.save(gone(office.kim, name)).revision
    with pytest.raises(EditConflict) as caught:
        office.lee.save(mine)
    return caught.value


def test_ours_added_wins_over_a_removed_layer_and_keeps_every_feature(office: Office) -> None:
    office.lee.settle(decided(removed_under_an_addition(office), for_ours=True))
    assert list(office.store.documents()["layers/extra"].records) == ["extra-1", "extra-2", "extra-3"]


def test_our_removal_wins_whole_or_not_at_all(office: Office) -> None:
    name = new_layer(office.kim)
    mine = gone(office.lee, name)
    assert office.kim.save(edited(office.kim, name, "extra-1", name="Theirs")).revision
    with pytest.raises(EditConflict) as caught:
        office.lee.save(mine)
    office.lee.settle(decided(caught.value, for_ours=True))
    now = office.store.documents().get(name)
    assert now is None or list(now.records) == ["extra-1", "extra-2"]


def test_what_was_undone_meanwhile_does_not_take_back_a_colleagues_change(office: Office) -> None:
    base = office.lee.begun_head()
    docs = office.lee.documents_at(base)
    mine = edited_since(office.lee, base, WAYS, "la-way", name="Mine")
    draft = office.lee.begin_draft().stepped("renamed", WAYS, mine.documents[WAYS], docs)
    office.lee.keep_draft(draft)
    assert office.kim.save(edited(office.kim, WAYS, "la-way", name="Theirs")).revision
    with pytest.raises(EditConflict) as caught:
        office.lee.save(mine)
    office.lee.keep_draft(draft.undone)  # in another window
    office.lee.settle(decided(caught.value, for_ours=False))
    left = office.lee.draft()
    assert left is None or left.touched(office.lee.documents_at(left.base)) == {}


def test_a_step_made_while_a_new_layer_is_proposed_is_kept(office: Office) -> None:
    base = office.min.begun_head()
    docs = office.min.documents_at(base)
    one = dict(docs[WAYS].records["la-way"])
    one = {**one, "id": "extra-1", "properties": {**one["properties"], "kind": "context", "name": "E1"}}
    two = {**one, "id": "extra-2"}
    head = {**docs[WAYS].head, "title": "Extra"}
    first = Document(head, {"extra-1": one})
    draft = office.min.begin_draft().stepped("a layer", "layers/extra", first, docs)
    office.min.keep_draft(draft)
    edit = Edit(base=base, documents=draft.touched(docs), reason="A new layer.")
    later = Document(head, {"extra-1": one, "extra-2": two})
    office.min.keep_draft(draft.stepped("one more", "layers/extra", later, docs))  # in another window
    assert office.min.save(edit).proposal
    left = office.min.draft()
    assert left is not None
    kept = left.touched(docs)["layers/extra"]
    assert kept is not None
    assert "extra-2" in kept.records


def test_what_one_member_decides_stays_out_of_anothers_draft(office: Office) -> None:
    """Tab of lee's with an open conflict; kim signs in in the same browser and presses the button."""
    base = office.lee.begun_head()
    docs = office.kim.documents_at(base)
    mine = edited_since(office.lee, base, WAYS, "la-way", name="Lee's")
    other = edited_since(office.kim, base, EVENTS, "la-act", title="Kim's title")
    office.kim.keep_draft(office.kim.begin_draft().stepped("title", EVENTS, other.documents[EVENTS], docs))
    min_edit = edited_since(office.min, base, WAYS, "la-way", name="Others")
    office.kim.let_editors_publish(True)
    office.min.save(min_edit)
    with pytest.raises(EditConflict) as caught:
        office.lee.save(mine)
    office.kim.settle(decided(caught.value, for_ours=False))
    left = office.kim.draft()
    assert left is not None
    assert set(left.touched(office.kim.documents_at(left.base))) == {EVENTS}, left
