"""Claims about saving: rights, reviews, conflicts, going back, and what a redaction leaves."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from making import rows_of

from routes.accounts import Account, add_account
from routes.dataset import load
from routes.desk import Desk
from routes.documents import Document, fields_of
from routes.drafts import Draft
from routes.edits import BlockedError, Edit, EditConflict
from routes.merging import settled
from routes.problems import NotAllowedError, RoutesError
from routes.redaction import Target, is_genuine
from routes.store.data_files import SETTLING
from routes.store.opening import open_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WAYS, EVENTS, EFFECTS = "layers/ways", "policy_events", "effects"


class Office:
    """A small data folder and its staff: kim is an admin, lee a reviewer, min an editor."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, open_store(folder)
        self.reader = Desk(self.store, None, folder / "basemap", lambda: NOW)
        self.kim = self._hire("kim", "admin", None)
        self.lee = self._hire("lee", "reviewer", self.kim.account)
        self.min = self._hire("min", "editor", self.kim.account)

    def _hire(self, name: str, role: Any, by: Account | None) -> Desk:
        account = add_account(self.store, name, role, None, f"{name}@example.org", by=by, now=NOW)
        return replace(self.reader, account=account)

@pytest.fixture
def office(small_folder: Path) -> Office:
    return Office(small_folder)


def edited(desk: Desk, document: str, record: str, **fields: Any) -> Edit:
    """An edit of one record on the newest revision: `name="x"` is a property or a cell, `geometry` the shape."""
    head = desk.store.head() or desk.begun_head()
    return edited_since(desk, head, document, record, **fields)


def edited_since(desk: Desk, base: int, document: str, record: str, **fields: Any) -> Edit:
    before = desk.documents_at(base)[document]
    old = dict(before.records[record])
    for name, value in fields.items():
        if document.startswith("layers/") and name != "geometry":
            old["properties"] = {**old["properties"], name: value}
        else:
            old[name] = value
    after = Document(before.head, {**before.records, record: old})
    return Edit(base=base, documents={document: after}, reason="It was wrong.")


def line(*positions: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(position) for position in positions]}


def test_a_reviewer_who_saves_publishes_and_readers_see_it(office: Office) -> None:
    saved = office.lee.save(edited(office.lee, WAYS, "la-way", name="A new name"))
    assert saved.revision is not None
    assert (saved.revision.number, saved.revision.author, saved.revision.reason) == (2, "lee", "It was wrong.")
    assert load(office.folder).features["la-way"].name == "A new name"


def test_an_editor_who_saves_proposes_and_readers_see_nothing_yet(office: Office) -> None:
    before = load(office.folder).fingerprint
    saved = office.min.save(edited(office.min, WAYS, "la-way", name="A new name"))
    assert saved.revision is None
    assert [proposal.author for proposal in office.lee.proposals()] == ["min"]
    assert load(office.folder).fingerprint == before


def test_a_reviewer_publishes_what_an_editor_proposed_and_it_stays_the_editors(office: Office) -> None:
    proposal = office.min.save(edited(office.min, WAYS, "la-way", name="A new name")).proposal
    assert proposal is not None
    revision = office.lee.publish(proposal.id)
    assert (revision.author, revision.publisher) == ("min", "lee")
    assert office.lee.proposals() == []
    assert load(office.folder).features["la-way"].name == "A new name"


def test_an_office_of_one_can_let_editors_publish(office: Office) -> None:
    office.kim.let_editors_publish(True)
    assert office.min.save(edited(office.min, WAYS, "la-way", name="A new name")).revision


@pytest.mark.parametrize(
    ("document", "record", "fields"),
    [(EFFECTS, "cn-effect", {"stance": "tolerates"}), (EVENTS, "la-act", {"certainty": "alleged"})],
    ids=["a stance", "something alleged"],
)
def test_what_is_grave_waits_for_a_second_person_and_one_alone_may_do_it(
    office: Office, document: str, record: str, fields: dict[str, str]
) -> None:
    proposal = office.lee.save(edited(office.lee, document, record, **fields)).proposal
    assert proposal is not None
    with pytest.raises(NotAllowedError, match="second person"):
        office.lee.publish(proposal.id)
    assert office.kim.publish(proposal.id).author == "lee"


def test_who_is_alone_publishes_even_what_is_grave(small_folder: Path) -> None:
    office = Office.__new__(Office)
    office.folder, office.store = small_folder, open_store(small_folder)
    office.reader = Desk(office.store, None, small_folder / "basemap", lambda: NOW)
    kim = office._hire("kim", "admin", None)
    assert kim.save(edited(kim, EFFECTS, "cn-effect", stance="tolerates")).revision


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sources": ["nowhere"]}, "reference"),
        ({"description": "Ask the brokers."}, "safety-operational"),
        ({"geometry": {"type": "LineString", "coordinates": [[1, 2]]}}, "rfc7946-line"),
        ({"geometry": None}, "feature-geometry"),
    ],
    ids=["a broken reference", "what helps nobody but smugglers", "half a line", "no shape"],
)
def test_what_is_dangerous_blocks_saving(office: Office, change: dict[str, Any], rule: str) -> None:
    before = load(office.folder).texts
    with pytest.raises(BlockedError) as blocked:
        office.lee.save(edited(office.lee, WAYS, "la-way", **change))
    assert rule in {problem.rule for problem in blocked.value.problems}
    assert load(office.folder).texts == before


def test_an_old_fault_elsewhere_does_not_stand_in_the_way(office: Office) -> None:
    notes = office.folder / "risk_notes.csv"
    notes.write_text(notes.read_text().replace("la-note,LA", "la-note,XX"), encoding="utf-8")
    assert office.lee.save(edited(office.lee, WAYS, "la-way", name="A new name")).revision


def test_a_record_that_others_refer_to_cannot_be_taken_away_alone(office: Office) -> None:
    events = office.lee.documents_at(office.lee.begun_head())[EVENTS]
    rest = Document(events.head, {key: row for key, row in events.records.items() if key != "la-act"})
    with pytest.raises(BlockedError):
        office.lee.save(Edit(base=1, documents={EVENTS: rest}, reason="Gone."))


def test_what_is_saved_is_made_coarse_first(office: Office) -> None:
    fine = line((101.8123456, 21.2345678), (102.1, 19.9), (102.6, 18.0))
    office.lee.save(edited(office.lee, WAYS, "la-way", geometry=fine))
    assert b"1234" not in b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert load(office.folder).features["la-way"].positions[0] == (101.8, 21.2)


def test_edits_of_different_fields_are_merged_and_said(office: Office) -> None:
    base = office.lee.begun_head()
    office.lee.save(edited_since(office.lee, base, WAYS, "la-way", name="Lee's name"))
    saved = office.kim.save(edited_since(office.kim, base, WAYS, "la-way", description="Kim's words."))
    assert saved.merged_with == {WAYS: ("la-way",)}
    feature = load(office.folder).features["la-way"]
    assert (feature.name, feature.description) == ("Lee's name", "Kim's words.")


def test_edits_of_one_field_are_refused_until_a_person_picks(office: Office) -> None:
    base = office.lee.begun_head()
    office.lee.save(edited_since(office.lee, base, WAYS, "la-way", name="Lee's name"))
    with pytest.raises(EditConflict) as conflict:
        office.kim.save(edited_since(office.kim, base, WAYS, "la-way", name="Kim's name"))
    [one] = conflict.value.conflicts
    assert (one.base, one.ours, one.theirs) == ("Name of la-way", "Kim's name", "Lee's name")
    assert load(office.folder).features["la-way"].name == "Lee's name"


def test_one_change_is_taken_back_and_later_ones_stay(office: Office) -> None:
    first = office.lee.save(edited(office.lee, WAYS, "la-way", name="A new name")).revision
    office.lee.save(edited(office.lee, WAYS, "la-way", description="Kept."))
    assert first is not None
    office.lee.take_back(first.number, "It was right before.")
    feature = load(office.folder).features["la-way"]
    assert (feature.name, feature.description) == ("Name of la-way", "Kept.")


def test_one_field_of_a_change_is_taken_back(office: Office) -> None:
    first = office.lee.save(edited(office.lee, WAYS, "la-way", name="A new name", description="New words.")).revision
    assert first is not None
    office.lee.take_back(first.number, "Only the name.", document=WAYS, record="la-way", pointer="/properties/name")
    feature = load(office.folder).features["la-way"]
    assert (feature.name, feature.description) == ("Name of la-way", "New words.")


def test_any_revision_is_restored_as_a_revision_of_its_own(office: Office) -> None:
    office.lee.save(edited(office.lee, WAYS, "la-way", name="Second"))
    office.lee.save(edited(office.lee, WAYS, "la-way", name="Third"))
    saved = office.lee.restore(WAYS, 2, "The second was better.")
    assert saved.revision is not None
    assert (saved.revision.kind, dict(saved.revision.note)) == ("restore", {"restored": 2})
    assert load(office.folder).features["la-way"].name == "Second"


def test_a_proposal_is_sent_back_taken_up_and_proposed_again(office: Office) -> None:
    proposal = office.min.save(edited(office.min, WAYS, "la-way", name="A new name")).proposal
    assert proposal is not None
    office.lee.send_back(proposal.id, "Say which source.")
    assert office.min.proposals()[0].returned == "Say which source."
    draft = office.min.take_up(proposal.id)
    assert office.min.proposals() == []
    record = draft.documents(office.min.documents_at(draft.base))[WAYS].records["la-way"]
    assert record["properties"]["name"] == "A new name"


def test_a_draft_is_private_kept_and_gone_when_it_is_published(office: Office) -> None:
    draft = office.lee.begin_draft()
    base = office.lee.documents_at(draft.base)
    edit = edited(office.lee, WAYS, "la-way", name="A new name")
    office.lee.keep_draft(draft.stepped("Renamed", WAYS, edit.documents[WAYS], base))
    assert office.kim.draft() is None
    kept = office.lee.draft()
    assert kept is not None
    assert kept.undone.redone == kept
    assert office.lee.save(replace(edit, documents=kept.touched(base))).revision
    assert office.lee.draft() is None


def test_undo_and_redo_go_through_every_step(office: Office) -> None:
    base = office.lee.documents_at(office.lee.begun_head())
    draft = Draft(1)
    for n in range(3):
        after = edited(office.lee, WAYS, "la-way", name=f"Name {n}").documents[WAYS]
        draft = draft.stepped(f"step {n}", WAYS, after, base)

    def name(draft: Draft) -> Any:
        return draft.documents(base)[WAYS].records["la-way"]["properties"]["name"]

    assert [name(draft), name(draft.undone), name(draft.undone.undone.undone)] == ["Name 2", "Name 1", "Name of la-way"]
    assert name(draft.undone.undone.redone) == "Name 1"
    assert Draft.from_json(json.loads(json.dumps(draft.as_json(), default=dict))) == draft


def test_a_redaction_leaves_no_trace_and_a_signed_note(office: Office) -> None:
    office.lee.save(edited(office.lee, WAYS, "la-way", description="Secret farmhouse"))
    office.lee.save(edited(office.lee, WAYS, "la-way", description="The north."))
    office.lee.keep_draft(Draft(1).typed(WAYS, "Secret farmhouse"))
    assert office.kim.redact(Target(text="Secret farmhouse"), "It told too much.") == 2
    everything = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert b"Secret" not in everything
    [note] = [revision.note["redacted"] for revision in office.store.revisions() if revision.kind == "redaction"]
    assert is_genuine(note)
    assert not is_genuine({**note, "by": "somebody"})
    assert load(office.folder).features["la-way"].description == "The north."


def test_the_past_of_one_field_is_redacted_and_its_present_stays(office: Office) -> None:
    shape = line((101.7, 21.2), (102.6, 18.0))
    office.lee.save(edited(office.lee, WAYS, "la-way", geometry=shape))
    office.kim.redact(Target(WAYS, "la-way", "/geometry"), "Too fine.")
    sides = office.store.revision(2).changes[WAYS].records["la-way"]
    assert [fields_of(side or {})["/geometry"] for side in sides] == [None, shape]
    assert load(office.folder).features["la-way"].positions == ((101.7, 21.2), (102.6, 18.0))


def test_what_is_still_published_is_not_redacted(office: Office) -> None:
    with pytest.raises(NotAllowedError, match="still published"):
        office.kim.redact(Target(text="Name of la-way"), "Too fine.")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "The brokers said so."])
def test_a_reason_is_needed_and_obeys_the_same_rules(office: Office, reason: str) -> None:
    with pytest.raises(RoutesError):
        office.lee.save(replace(edited(office.lee, WAYS, "la-way", name="New"), reason=reason))


def test_a_table_is_saved_as_a_spreadsheet_left_it(office: Office) -> None:
    office.lee.save(edited(office.lee, EVENTS, "la-act", title='With "quotes", and commas'))
    titles = {row["id"]: row["title"] for row in rows_of(office.folder / "policy_events.csv")}
    assert titles["la-act"] == 'With "quotes", and commas'


WRITES: dict[str, Any] = {
    "save": lambda desk: desk.save(Edit(base=1, documents={WAYS: None}, reason="x")),
    "draft": lambda desk: desk.keep_draft(Draft(1)),
    "read a draft": lambda desk: desk.draft(),
    "drop a draft": lambda desk: desk.drop_draft(),
    "read proposals": lambda desk: desk.proposals(),
    "withdraw": lambda desk: desk.withdraw("0" * 12),
    "take up": lambda desk: desk.take_up("0" * 12),
    "restore": lambda desk: desk.restore(WAYS, 1, "x"),
    "take back": lambda desk: desk.take_back(1, "x"),
    "publish": lambda desk: desk.publish("0" * 12),
    "send back": lambda desk: desk.send_back("0" * 12, "x"),
    "redact": lambda desk: desk.redact(Target(text="x y z"), "x"),
    "settings": lambda desk: desk.let_editors_publish(True),
}
BEYOND = {
    "nobody": set(WRITES),
    "somebody who has left": set(WRITES),
    "an editor": {"publish", "send back", "redact", "settings"},
    "a reviewer": {"redact", "settings"},
}


@pytest.mark.parametrize(("who", "act"), [(who, act) for who, acts in BEYOND.items() for act in sorted(acts)])
def test_who_may_not_is_refused_where_it_is_written_and_that_is_logged(office: Office, who: str, act: str) -> None:
    office.lee.begun_head()
    gone = replace(office.min, account=replace(office.min.account or Any, active=False))
    desks = {"nobody": office.reader, "somebody who has left": gone, "an editor": office.min, "a reviewer": office.lee}
    desk = desks[who]
    before, lines = load(office.folder).texts, len(office.store.logged())
    with pytest.raises(NotAllowedError):
        WRITES[act](desk)
    assert load(office.folder).texts == before
    assert office.store.head() == 1
    newest = office.store.logged()[0]
    assert len(office.store.logged()) == lines + 1
    assert newest["result"] == "refused"


def test_an_edit_by_other_means_is_checked_and_its_faults_are_told_to_staff(office: Office) -> None:
    office.lee.begin_draft()
    assert office.lee.published_faults() == []
    events = office.folder / "policy_events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace(",LA,", ",XX,", 1), encoding="utf-8")
    deadline = time.monotonic() + 20 * SETTLING
    while office.lee.begun_head() == 1 and time.monotonic() < deadline:
        time.sleep(SETTLING / 5)
    assert office.store.revision(2).kind == "outside"
    assert {fault.file for fault in office.lee.published_faults()} == {"policy_events.csv", "effects.csv"}
    with pytest.raises(NotAllowedError):
        office.reader.published_faults()


def name_conflict(office: Office) -> EditConflict:
    """lee has drafted another name of la-way than kim has published meanwhile."""
    base = office.lee.begun_head()
    mine = edited(office.lee, WAYS, "la-way", name="Lee's").documents
    office.lee.keep_draft(office.lee.begin_draft().stepped("mine", WAYS, mine[WAYS], office.lee.documents_at(base)))
    office.kim.save(edited(office.kim, WAYS, "la-way", name="Kim's"))
    with pytest.raises(EditConflict) as conflict:
        office.lee.save(Edit(base=base, documents=mine, reason="Better."))
    return conflict.value


def decided(conflict: EditConflict, *, for_ours: bool) -> Edit:
    documents = {
        name: settled(merge, {(one.record, one.field) for one in merge.conflicts} if for_ours else set())
        for name, merge in conflict.merges.items()
    }
    return replace(conflict.edit, base=conflict.head, documents=documents)


def name_published(office: Office, record: str = "la-way") -> str:
    return str(office.store.documents()[WAYS].records[record]["properties"]["name"])


def test_letting_theirs_stand_ends_a_conflict_and_its_draft(office: Office) -> None:
    conflict = name_conflict(office)
    head = office.store.head()
    saved = office.lee.settle(decided(conflict, for_ours=False))
    assert (saved.revision, saved.proposal, office.lee.draft()) == (None, None, None)
    assert (name_published(office), office.store.head()) == ("Kim's", head)


@pytest.mark.parametrize("for_ours", [True, False], ids=["ours", "theirs"])
def test_steps_of_another_window_outlive_the_decision_of_a_conflict(office: Office, for_ours: bool) -> None:
    conflict = name_conflict(office)
    draft, base = office.lee.begin_draft(), office.lee.documents_at(1)
    now = draft.documents(base)[WAYS]
    band = {**now.records["la-band"], "properties": {**now.records["la-band"]["properties"], "name": "Wider"}}
    later = Document(now.head, {**now.records, "la-band": band})
    office.lee.keep_draft(draft.stepped("later", WAYS, later, base))

    office.lee.settle(decided(conflict, for_ours=for_ours))
    assert name_published(office) == ("Lee's" if for_ours else "Kim's")
    left = office.lee.draft()
    assert left is not None
    assert left.base == office.store.head()
    after = left.documents(office.lee.documents_at(left.base))[WAYS].records
    assert after["la-band"]["properties"]["name"] == "Wider"
    assert after["la-way"]["properties"]["name"] == name_published(office)
    office.lee.save(Edit(base=left.base, documents=left.touched(office.lee.documents_at(left.base)), reason="Later."))
    assert (name_published(office, "la-band"), office.lee.draft()) == ("Wider", None)


def test_every_refusal_is_in_the_audit_log(office: Office) -> None:
    conflict = name_conflict(office)
    refused: dict[str, Any] = {
        "EditConflict": lambda: office.lee.save(replace(conflict.edit, reason="Once more.")),
        "BlockedError": lambda: office.lee.save(replace(conflict.edit, reason="Ask the broker.")),
        "NotAllowedError": lambda: office.kim.redact(Target(text="Kim's"), "It was wrong."),
    }
    for why, act in refused.items():
        with pytest.raises(RoutesError):
            act()
        newest = office.store.logged(limit=1)[0]
        assert (newest["result"], newest["why"]) == ("refused", why)
