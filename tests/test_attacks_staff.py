"""Claims about staff who mean harm, or are careless: what they cannot write, lose, read, leave behind or break."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_attacks_drafts import removed_under_an_addition
from test_desk import EFFECTS, EVENTS, WAYS, Office, edited, edited_since, line, name_conflict

import routes.commands
import routes.drafts
from components import state
from components.staff import deciding, editing, page
from components.staff import office as at_desk
from components.staff.office import documents_at_revision, layers_first, work_on
from routes.dataset import load
from routes.desk import Desk
from routes.documents import Document, Documents
from routes.drafts import Draft
from routes.edits import BlockedError, Edit
from routes.problems import NotAllowedError
from routes.redaction import Target, is_genuine
from routes.store.data_files import SETTLING
from routes.text import markdown
from routes.words import say

SECRET = "Secret farmhouse"


@pytest.fixture
def office(small_folder: Path) -> Office:
    return Office(small_folder)


def drafted(desk: Desk, document: str, record: str, **fields: Any) -> Draft:
    """A kept draft of one step."""
    base = desk.documents_at(desk.begun_head())
    draft = Draft(desk.begun_head()).stepped(
        f"made {fields}", document, edited(desk, document, record, **fields).documents[document], base
    )
    desk.keep_draft(draft)
    return draft


def with_feature(desk: Desk, **members: Any) -> Edit:
    """An edit that gives the way more members."""
    base = desk.begun_head()
    ways = desk.documents_at(base)[WAYS]
    records = {**ways.records, "la-way": {**ways.records["la-way"], **members}}
    return Edit(base=base, documents={WAYS: Document(ways.head, records)}, reason="More.")


def everything(office: Office) -> bytes:
    """Every byte of the data folder and the store in it."""
    return b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())


def told_and_gone(office: Office, text: str = SECRET) -> None:
    """The way has said `text`, and says something else by now."""
    office.lee.save(edited(office.lee, WAYS, "la-way", description=text))
    office.lee.save(edited(office.lee, WAYS, "la-way", description="The north."))


# Nobody's work is lost


def test_going_back_in_history_leaves_ones_draft_alone(office: Office) -> None:
    first = office.lee.save(edited(office.lee, WAYS, "la-way", name="Second")).revision
    assert first is not None
    draft = drafted(office.lee, WAYS, "la-city", name="Not saved yet")
    office.lee.take_back(first.number, "It was right before.")
    assert office.lee.draft() == draft
    office.lee.restore(WAYS, first.number, "It was not.")
    assert office.lee.draft() == draft


def test_an_import_from_the_command_line_leaves_ones_draft_alone(office: Office) -> None:
    draft = drafted(office.lee, WAYS, "la-city", name="Not saved yet")
    office.lee.save(replace(edited(office.lee, EVENTS, "la-act", title="Imported"), kind="import"))
    assert office.lee.draft() == draft


@pytest.mark.parametrize("who", ["lee", "min"], ids=["published", "proposed"])
def test_text_that_cannot_be_read_yet_outlives_a_save(office: Office, who: str) -> None:
    desk: Desk = getattr(office, who)
    desk.keep_draft(drafted(desk, EVENTS, "la-act", title="Saved").typed(WAYS, '{"unfinished'))
    desk.save(edited(desk, EVENTS, "la-act", title="Saved"))
    left = desk.draft()
    assert left is not None
    assert (left.steps, left.texts) == ((), {WAYS: '{"unfinished'})


def test_a_proposal_is_not_taken_up_over_steps_that_could_be_redone(office: Office) -> None:
    proposal = office.min.save(edited(office.min, WAYS, "la-way", name="Proposed")).proposal
    assert proposal is not None
    office.min.keep_draft(drafted(office.min, WAYS, "la-city", name="Undone for now").undone)
    with pytest.raises(NotAllowedError):
        office.min.take_up(proposal.id)
    assert office.min.begin_draft().can_redo


def test_two_tabs_of_one_draft_keep_the_steps_of_both(office: Office) -> None:
    one, other = work_on(office.lee), work_on(office.lee)
    one.step("one", WAYS, edited(office.lee, WAYS, "la-way", name="From one tab").documents[WAYS])
    other.step("other", WAYS, edited(office.lee, WAYS, "la-way", description="From the other").documents[WAYS])
    other.keep_text(EVENTS, "unfinished")
    work = work_on(office.lee)
    properties = work.documents[WAYS].records["la-way"]["properties"]
    assert (properties["name"], properties["description"]) == ("From one tab", "From the other")
    assert len(work.draft.steps) == 2


def test_what_is_published_while_a_file_is_read_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    feature = {**office.lee.documents_at(office.lee.begun_head())[WAYS].records["la-city"], "id": "la-new"}
    path = office.folder.parent / "more.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    join = routes.commands.joined

    def joined_late(*given: Any) -> Document:
        office.kim.save(edited(office.kim, WAYS, "la-city", name="Meanwhile"))
        return join(*given)

    monkeypatch.setattr(routes.commands, "joined", joined_late)
    arguments = argparse.Namespace(
        file=str(path), document=WAYS, part=None, map=[], set=[], dry_run=False, reason="From a colleague."
    )
    list(routes.commands.import_file(arguments, office.lee))
    assert load(office.folder).features["la-city"].name == "Meanwhile"
    assert "la-new" in load(office.folder).features


def load_feature(office: Office) -> dict[str, Any]:
    return dict(office.lee.documents_at(office.lee.begun_head())[WAYS].records["la-way"])


def test_a_heavy_draft_joins_its_oldest_steps_and_still_says_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes.drafts, "MOST_BYTES", 10_000)
    base = office.lee.documents_at(office.lee.begun_head())
    draft = Draft(1)
    for n in range(20):
        after = edited(office.lee, WAYS, "la-way", description=f"{n} " * 1000).documents[WAYS]
        draft = draft.stepped(f"step {n}", WAYS, after, base)
    assert len(draft.steps) < 5
    assert draft.at == len(draft.steps)
    assert draft.documents(base)[WAYS].records["la-way"]["properties"]["description"] == "19 " * 1000
    assert draft.undone.documents(base)[WAYS].records["la-way"]["properties"]["description"] == "18 " * 1000


# Nothing fine reaches readers


@pytest.mark.parametrize(
    "members",
    [
        {"exact": [101.1234567, 21.5]},
        {"geometry": {**line((101.7, 21.2), (102.6, 18.0)), "exact": [[101.1234567, 21.5]]}},
        {"properties": {"centre": {"lon": 101.1234567, "lat": 21.5}}},
        {"properties": {"Longitude": 101.1234567}},
        {"properties": {"bbox": [101.1234567, 21.5, 102.1, 22.5]}},
        {"properties": {"shape": {"type": "Point", "coordinates": [101.1234567, 21.5]}}},
    ],
    ids=["a member", "a member of the shape", "a property's parts", "half a position", "a box", "a shape inside"],
)
def test_positions_that_no_page_shows_are_made_coarse_too(office: Office, members: dict[str, Any]) -> None:
    if "properties" in members:
        members = {"properties": {**load_feature(office)["properties"], **members["properties"]}}
    edit = with_feature(office.lee, **members)
    ways = edit.documents[WAYS]
    assert ways is not None
    edit = replace(edit, documents={WAYS: Document({**ways.head, "centre": [101.1234567, 21.5]}, ways.records)})
    assert office.lee.save(edit).revision
    assert b"1234" not in everything(office)


def test_numbers_that_are_no_positions_stay_as_they_are(office: Office) -> None:
    more = {"width_km": 70.25, "years": [2001, 2012], "note": "Half."}
    properties = {**load_feature(office)["properties"], **more}
    office.lee.save(with_feature(office.lee, properties=properties))
    assert load_feature(office)["properties"] == properties


# What was redacted is gone


def test_a_detail_is_published_as_long_as_it_is_read_however_files_spell_it(office: Office) -> None:
    office.lee.save(edited(office.lee, WAYS, "la-way", description='The "old"\nfarmhouse'))
    with pytest.raises(NotAllowedError, match="still published"):
        office.kim.redact(Target(text='"old"\nfarm'), "It told too much.")


def test_redacting_a_plain_word_leaves_the_history_whole(office: Office) -> None:
    told_and_gone(office, "records and order before the head")
    office.kim.redact(Target(text="records"), "It told too much.")
    assert [list(revision.changes[WAYS].records) for revision in office.store.revisions()[1:3]] == [["la-way"]] * 2
    assert office.lee.documents_at(1)[WAYS].records == office.lee.documents_at(2)[WAYS].records | {
        "la-way": office.lee.documents_at(1)[WAYS].records["la-way"]
    }


def test_the_reason_of_a_redaction_does_not_tell_what_it_took_out(office: Office) -> None:
    told_and_gone(office)
    office.kim.redact(Target(text=SECRET), f"The {SECRET} was named.")
    assert SECRET.encode() not in everything(office)


def test_an_earlier_note_stays_genuine_when_its_own_words_are_redacted(office: Office) -> None:
    told_and_gone(office)
    office.kim.redact(Target(text=SECRET), "It named the valley of Foo.")
    office.kim.redact(Target(text="valley of Foo"), "So did the note.")
    notes = [revision.note["redacted"] for revision in office.store.revisions() if revision.kind == "redaction"]
    assert len(notes) == 2
    assert all(map(is_genuine, notes))
    assert b"valley of Foo" not in everything(office)


def test_a_forged_note_does_not_become_genuine_by_a_redaction(office: Office) -> None:
    told_and_gone(office)
    office.kim.redact(Target(text=SECRET), "It named the valley of Foo.")

    def forge(revision: Any) -> Any:
        note = {**revision.note.get("redacted", {}), "by": "lee"}
        return replace(revision, note={"redacted": note}) if revision.kind == "redaction" else revision

    last = office.store.revision(office.store.head())
    office.store.rewrite(forge, replace(last, number=last.number + 1, kind="save", note={}))
    office.kim.redact(Target(text="valley of Foo"), "So did the note.")
    assert not is_genuine(office.store.revision(last.number).note["redacted"])


def test_the_past_of_a_field_is_gone_from_the_words_and_typed_texts_of_drafts(office: Office) -> None:
    told_and_gone(office)
    drafted(office.min, WAYS, "la-way", description=SECRET)
    drafted(office.lee, WAYS, "la-way", description=SECRET)
    office.lee.keep_draft(office.lee.begin_draft().typed(WAYS, f'{{"id": "la-way" {SECRET}').typed(EVENTS, "mine,"))
    office.kim.redact(Target(WAYS, "la-way", "/properties/description"), "It told too much.")
    assert SECRET.encode() not in everything(office)
    assert office.lee.begin_draft().texts == {EVENTS: "mine,"}


def test_a_text_is_gone_from_typed_texts_as_json_spells_it(office: Office) -> None:
    told_and_gone(office, 'The "old" café')
    office.lee.keep_draft(Draft(1).typed(WAYS, r'"The \"old\" café, "The \"old\" caf\u00e9'))
    office.kim.redact(Target(text='"old" café'), "It told too much.")
    assert office.lee.begin_draft().texts == {WAYS: '"The [redacted], "The [redacted]'}


def test_what_was_redacted_is_not_remembered_by_the_pages(office: Office) -> None:
    told_and_gone(office)
    assert SECRET in str(documents_at_revision(office.kim, 2)[WAYS])
    office.kim.redact(Target(text=SECRET), "It told too much.")
    assert SECRET not in str(documents_at_revision(office.kim, 2)[WAYS])


# Pages stand whatever is written


@pytest.mark.parametrize("order", ["first", None, [1], {}, 1.5], ids=str)
def test_a_layer_with_an_order_that_is_no_number_is_listed_last(order: Any) -> None:
    documents: Documents = {
        "layers/odd": Document({"order": order}),
        "layers/a": Document({"order": 3}),
        EVENTS: Document(),
    }
    assert layers_first(documents) == ["layers/a", "layers/odd", EVENTS]


SHAPES: dict[str, Any] = {
    "a type that is a list": {"type": [], "coordinates": [1, 2]},
    "a part whose type is an object": {"type": "GeometryCollection", "geometries": [{"type": {}}]},
    "a number beyond any globe": {"type": "Point", "coordinates": [10**400, 2]},
    "an object as coordinates": {"type": "Point", "coordinates": {"lon": 1}},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_shape_that_is_none_blocks_saving(office: Office, shape: Any) -> None:
    with pytest.raises(BlockedError):
        office.lee.save(with_feature(office.lee, geometry=shape))


def test_readers_see_the_rest_whatever_shape_a_file_holds(office: Office) -> None:
    office.lee.begun_head()
    path = office.folder / "layers" / "ways.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    layer["features"][0]["geometry"] = SHAPES["a type that is a list"]
    path.write_text(json.dumps(layer), encoding="utf-8")
    deadline = time.monotonic() + 20 * SETTLING
    while office.store.head() == 1 and time.monotonic() < deadline:
        load(office.folder)
    assert office.store.revision(2).kind == "outside"
    assert load(office.folder).policy_events


# Rights


@pytest.mark.parametrize("way", ["restore", "take back", "import", "another id"])
def test_no_way_of_writing_moves_a_stance_alone(office: Office, way: str) -> None:
    proposal = office.lee.save(edited(office.lee, EFFECTS, "cn-effect", stance="tolerates")).proposal
    assert proposal is not None
    assert office.kim.publish(proposal.id).number == 2
    effects = office.lee.documents_at(2)[EFFECTS]
    renamed = {f"x-{key}" if key == "cn-effect" else key: row for key, row in effects.records.items()}
    renamed["x-cn-effect"] = {**renamed["x-cn-effect"], "id": "x-cn-effect"}
    ways: dict[str, Any] = {
        "restore": lambda: office.lee.restore(EFFECTS, 1, "Back."),
        "take back": lambda: office.lee.take_back(2, "Back.", document=EFFECTS, record="cn-effect", pointer="/stance"),
        "import": lambda: office.lee.save(
            replace(edited(office.lee, EFFECTS, "cn-effect", stance="returns"), kind="import")
        ),
        "another id": lambda: office.lee.save(
            Edit(base=2, documents={EFFECTS: Document({}, renamed)}, reason="Renamed.")
        ),
    }
    assert ways[way]().revision is None


def test_a_proposal_is_published_once(office: Office) -> None:
    proposal = office.min.save(edited_since(office.min, office.min.begun_head(), WAYS, "la-way", name="New")).proposal
    assert proposal is not None
    office.lee.publish(proposal.id)
    office.store.keep("proposals", proposal.id, proposal.as_json())  # as a reviewer still sees it who was slower
    with pytest.raises(Exception, match=r"[Nn]othing"):
        office.kim.publish(proposal.id)
    assert office.store.head() == 2


@pytest.mark.parametrize("act", ["removed", "added", "under another id"])
def test_a_stance_neither_comes_nor_goes_with_its_segment_alone(office: Office, act: str) -> None:
    base = office.lee.begun_head()
    ways = office.lee.documents_at(base)[WAYS]
    records = {key: record for key, record in ways.records.items() if key != "la-way" or act == "added"}
    if act != "removed":
        way = ways.records["la-way"]
        records["cn-way"] = {**way, "id": "cn-way", "properties": {**way["properties"], "authority": "CN"}}
    edit = Edit(base=base, documents={WAYS: Document(ways.head, records)}, reason="Redrawn.")
    assert office.lee.save(edit).revision is None


def test_a_place_comes_and_goes_without_a_second_person(office: Office) -> None:
    base = office.lee.begun_head()
    ways = office.lee.documents_at(base)[WAYS]
    records = {key: record for key, record in ways.records.items() if key != "la-city"}
    assert office.lee.save(Edit(base=base, documents={WAYS: Document(ways.head, records)}, reason="Gone.")).revision


# Words that no page shows


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"note": "Ask the brokers."}, "safety-operational"),
        ({"ask the brokers": 1}, "safety-operational"),
        ({"more": {"notes": ["Ask the brokers."]}}, "safety-operational"),
        ({"wkt": "POINT(101.123456 21.123456)"}, "safety-place"),
    ],
    ids=["a property", "a property's name", "deep inside", "a position as text"],
)
def test_what_must_not_be_published_blocks_saving_wherever_a_layer_holds_it(
    office: Office, members: dict[str, Any], rule: str
) -> None:
    for edit in (
        with_feature(office.lee, **members),
        with_feature(office.lee, properties={**load_feature(office)["properties"], **members}),
    ):
        with pytest.raises(BlockedError) as blocked:
            office.lee.save(edit)
        assert {problem.rule for problem in blocked.value.problems} == {rule}


@pytest.mark.parametrize(
    "text",
    [
        "At 21.1234, 101.1234.",
        "POINT(101.123456 21.123456)",
        "21.12\u00b0 N, 101.33\u00b0 E",
        "21\u00b012' north",
        "\u0662\u0661.1234, 101.1234",
    ],
)
def test_a_place_in_words_blocks_saving_and_is_no_reason(office: Office, text: str) -> None:
    with pytest.raises(BlockedError):
        office.lee.save(edited(office.lee, EVENTS, "la-act", summary=text))
    with pytest.raises(BlockedError):
        office.lee.save(replace(edited(office.lee, EVENTS, "la-act", summary="New"), reason=text))


@pytest.mark.parametrize("text", ["27.5 and 33.25 per cent", "1,514.25 to 2,706.50", "On 28.05.2013.", "70.25 km"])
def test_other_numbers_in_words_are_saved(office: Office, text: str) -> None:
    assert office.lee.save(edited(office.lee, EVENTS, "la-act", summary=text)).revision


# The pages


def staff_page() -> None:
    from components.staff import page

    page.show()


@pytest.fixture
def opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """Lee's staff page, without its maps, on the way in a view."""
    (office.folder / "basemap").mkdir(exist_ok=True)
    monkeypatch.setenv("ROUTES_DATA", str(office.folder))
    for module in (page, editing, at_desk):
        monkeypatch.setattr(module, "current_desk", lambda: office.lee)
    for name in ("draw_edit_map", "draw_map"):
        monkeypatch.setattr(editing, name, lambda *_given, **_options: None)

    def opened_in(view: str) -> AppTest:
        app = AppTest.from_function(staff_page, default_timeout=60)
        for key, value in {state.STAFF_DOCUMENT: WAYS, state.STAFF_RECORD: "la-way", "view-4": view}.items():
            app.session_state[key] = value
        return app.run()

    return opened_in


VIEWS = ("record", "all", "layer", "raw")


@pytest.mark.parametrize("view", ["record", "all"])
def test_an_open_form_does_not_undo_what_was_written_elsewhere(
    office: Office, opened: Callable[[str], AppTest], view: str
) -> None:
    office.lee.begun_head()
    app = opened(view)
    office.kim.save(edited(office.kim, WAYS, "la-way", name="Published meanwhile"))
    assert not app.run().exception
    assert office.lee.draft() is None
    drafted(office.lee, WAYS, "la-way", name="From another window")
    assert [toast.value for toast in app.run().toast] == [say("staff.changed_elsewhere")]
    assert len(office.lee.begin_draft().steps) == 1


def test_a_form_takes_one_edit_after_the_other(office: Office, opened: Callable[[str], AppTest]) -> None:
    office.lee.begun_head()
    app = opened("record")
    for name in ("First", "Second", "Name of la-way", "Third"):
        box = next(one for one in app.text_input if (one.key or "").startswith(f"field-{WAYS}-la-way-name"))
        app = box.set_value(name).run()
        assert not app.toast
        assert work_on(office.lee).documents[WAYS].records["la-way"]["properties"]["name"] == name
    assert len(office.lee.begin_draft().steps) == 4


def name_of(office: Office) -> Any:
    return work_on(office.lee).documents[WAYS].records["la-way"]["properties"]["name"]


def field(app: AppTest, name: str, record: str = "la-way") -> Any:
    return next(one for one in app.text_input if (one.key or "").startswith(f"{name}-{WAYS}-{record}"))


def look_away(app: AppTest, how: str) -> AppTest:
    """Look at something else than the form of la-way, and come back to it."""
    if how == "another record":
        for record in ("la-band", "la-way"):
            picker = next(one for one in app.selectbox if (one.key or "").startswith("pick-"))
            app = picker.set_value(record).run()
        return app
    key, other = {"all records": ("view-4", "all"), "another part": (state.STAFF_PART, "office")}[how]
    before = app.session_state[key]
    for value in (other, before):
        app.session_state[key] = value
        app = app.run()
    return app


@pytest.mark.parametrize("how", ["another record", "all records", "another part"])
def test_looking_away_and_back_keeps_what_was_typed(
    office: Office, opened: Callable[[str], AppTest], how: str
) -> None:
    office.lee.begun_head()
    app = field(opened("record"), "field").set_value("First").run()
    app = look_away(app, how)
    assert not app.exception
    assert (name_of(office), len(office.lee.begin_draft().steps)) == ("First", 1)
    field(app, "field").set_value("Second").run()
    assert (name_of(office), len(office.lee.begin_draft().steps)) == ("Second", 2)


def test_what_was_typed_is_kept_though_the_next_press_leads_away(
    office: Office, opened: Callable[[str], AppTest]
) -> None:
    office.lee.begun_head()
    app = opened("record")
    field(app, "field").set_value("First")
    app.session_state[state.STAFF_PART] = "office"
    app.run()
    assert name_of(office) == "First"


@pytest.mark.parametrize(("wanted", "word"), [("la-band", "taken_id"), ("La Way", "bad_id")])
def test_a_record_takes_neither_anothers_id_nor_one_that_is_none(
    office: Office, opened: Callable[[str], AppTest], wanted: str, word: str
) -> None:
    office.lee.begun_head()
    before = work_on(office.lee).documents[WAYS]
    app = field(opened("record"), "id").set_value(wanted).run()
    assert work_on(office.lee).documents[WAYS] == before
    assert say(f"staff.record.{word}") in [one.value for one in app.warning]


def test_a_form_has_the_fields_of_its_records_kind_and_whatever_the_record_holds(
    office: Office, opened: Callable[[str], AppTest]
) -> None:
    office.lee.begun_head()
    app = opened("record")
    labels = {one.label for one in app.text_input}
    assert "From" in labels
    assert "Width in km" not in labels
    drafted(office.lee, WAYS, "la-way", width_km=30)
    assert "Width in km" in {one.label for one in opened("record").text_input}


def test_a_renamed_record_keeps_its_place_and_stays_open(office: Office, opened: Callable[[str], AppTest]) -> None:
    office.lee.begun_head()
    before = list(work_on(office.lee).documents[WAYS].records)
    app = field(opened("record"), "id").set_value("la-road").run()
    assert list(work_on(office.lee).documents[WAYS].records) == [n if n != "la-way" else "la-road" for n in before]
    assert field(app, "field", "la-road").value == "Name of la-way"


def pressed(app: AppTest, key: str) -> AppTest:
    return next(one for one in app.button if (one.key or "").startswith(key)).click().run()


def test_text_that_cannot_be_read_can_be_dropped(office: Office, opened: Callable[[str], AppTest]) -> None:
    base = office.lee.begun_head()
    office.lee.keep_draft(Draft(base).typed(WAYS, "oops {"))
    app = opened("record")
    assert markdown(say("staff.text_first")) in [one.value for one in app.warning]
    pressed(app, "text-drop")
    assert office.lee.begin_draft().texts == {}


def test_text_that_reads_as_the_layer_stays_as_it_was_typed(
    office: Office, opened: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another text would replace the editor, and what was typed since would be lost with it."""
    office.lee.begun_head()
    typed = json.dumps(json.loads(office.lee.texts_with({})[f"{WAYS}.geojson"]), indent=7).replace("Name of", "Called")
    shown: list[str] = []

    def editor(text: str, *_given: Any, **_options: Any) -> str | None:
        shown.append(text)
        return typed if len(shown) == 1 else None

    monkeypatch.setattr(editing, "raw_editor", editor)
    app = opened("raw")
    app.run()
    assert work_on(office.lee).documents[WAYS].records["la-way"]["properties"]["name"].startswith("Called")
    assert shown[1:] == [typed] * (len(shown) - 1)
    office.lee.keep_draft(office.lee.begin_draft().undone)
    app.run()
    assert shown[-1] != typed


def test_a_conflict_is_decided_by_a_pick_for_each_field_and_does_not_hide_the_history(
    office: Office, opened: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "draw_difference_map", lambda *_given, **_options: None)
    conflict = name_conflict(office)
    app = opened("record")
    app.session_state[state.STAFF_CONFLICT] = (conflict, "conflict")
    app = app.run()
    settle = next(one for one in app.button if one.key == "settle")
    assert (app.radio[0].value, settle.disabled) == (None, True)
    app.session_state[state.STAFF_PART] = "history"
    app = app.run()
    assert [one.key for one in app.selectbox] == ["history-of"]
    app.session_state[state.STAFF_PART] = "edit"
    app = app.run()
    app = app.radio[0].set_value("theirs").run()
    app = pressed(app, "settle")
    assert [toast.value for toast in app.toast] == [markdown(say("staff.conflict.theirs"))]
    assert office.lee.draft() is None


ODD: dict[str, dict[str, Any]] = {
    "two fine positions": {"geometry": line((101.12345, 21.12345), (102.54321, 19.54321))},
    "a list as properties": {"properties": [1]},
    "a text as properties": {"properties": "x"},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("members", ODD.values(), ids=ODD)
def test_the_editor_stands_whatever_a_draft_holds(
    office: Office, opened: Callable[[str], AppTest], view: str, members: dict[str, Any]
) -> None:
    base = office.lee.begun_head()
    after = with_feature(office.lee, **members).documents[WAYS]
    office.lee.keep_draft(Draft(base).stepped("odd", WAYS, after, office.lee.documents_at(base)))
    assert not opened(view).exception


@pytest.mark.parametrize("order", [-1, 150, True, "first"], ids=str)
def test_a_layer_can_be_edited_whatever_its_place(office: Office, opened: Callable[[str], AppTest], order: Any) -> None:
    base = office.lee.begun_head()
    ways = office.lee.documents_at(base)[WAYS]
    after = Document({**ways.head, "order": order}, ways.records)
    office.lee.keep_draft(Draft(base).stepped("odd", WAYS, after, {WAYS: ways}))
    assert not opened("layer").exception


def test_picking_ours_against_a_removed_layer_keeps_the_whole_of_it(
    office: Office, opened: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "draw_difference_map", lambda *_given, **_options: None)
    conflict = removed_under_an_addition(office)
    app = opened("record")
    app.session_state[state.STAFF_CONFLICT] = (conflict, "conflict")
    app = app.run()
    assert not app.exception
    app = app.radio[0].set_value("ours").run()
    app = next(one for one in app.button if one.key == "settle").click().run()
    assert not app.exception
    assert list(office.store.documents()["layers/extra"].records) == ["extra-1", "extra-2", "extra-3"]
