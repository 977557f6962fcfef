"""Staff at work in a real browser: from signing in to taking a change back, and nothing that they typed is lost."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from staffing import LAYER, Office, choose, drafted, move_second_point, open_laos, part, save, throw_away

from components.staff.fields import hints_of
from routes.documents import Document
from routes.merging import changes_between
from routes.store import Revision
from routes.store.opening import open_store

pytestmark = pytest.mark.browser


def longitude(office: Office) -> float:
    layer = json.loads((office.folder / "layers" / "laos-thailand.geojson").read_text())
    way = next(one for one in layer["features"] if one["id"] == "la-transit")
    return float(way["geometry"]["coordinates"][1][0])


def test_a_vertex_is_moved_saved_with_a_reason_seen_by_a_reader_and_taken_back(office: Office) -> None:
    before, head = longitude(office), open_store(office.folder).head()
    with office.signed_in("kim") as staff, office.visited() as reader:
        reader.open_map()
        drawn = reader.feature("la-transit").get_attribute("d")
        open_laos(staff)
        move_second_point(staff)
        assert longitude(office) == before
        save(staff, "The river bends there.")
        assert longitude(office) == pytest.approx(before + 0.3)

        reader.open_map()
        assert reader.feature("la-transit").get_attribute("d") != drawn

        part(staff, "History")
        newest = staff.page.locator("details").first
        assert "kim" in newest.inner_text()
        assert "31 km" in newest.inner_text()
        newest.locator("summary").click()
        staff.settle()
        expect(staff.page.locator(".revision .reason")).to_have_text("The river bends there.")
        staff.frame.locator("path").first.wait_for()
        why = staff.page.get_by_role("textbox", name="Why?").first
        why.fill("It does not.")
        why.press("Tab")
        staff.settle()
        staff.page.get_by_role("button", name="Take this change back").click()
        staff.settle()
        assert longitude(office) == before
    revisions = open_store(office.folder).revisions(limit=5)
    kinds = [(one.kind, one.author, one.reason) for one in revisions if one.number > max(head, 1)]
    assert kinds == [("take-back", "kim", "It does not."), ("save", "kim", "The river bends there.")]


def test_a_draft_survives_a_closed_tab_and_undo_goes_back_through_it(office: Office) -> None:
    with office.signed_in("kim") as staff:
        open_laos(staff)
        move_second_point(staff, 1)
        move_second_point(staff, 1)
    with office.signed_in("kim") as staff:
        expect(staff.page.get_by_text("2 steps since revision")).to_be_visible()
        for left in ("1 step since", "0 steps since"):
            staff.page.get_by_role("button", name="Undo").click()
            staff.settle()
            expect(staff.page.get_by_text(left)).to_be_visible()
        staff.page.get_by_role("button", name="Redo").click()
        staff.settle()
        expect(staff.page.get_by_text("1 step since")).to_be_visible()
        throw_away(staff)
        assert office.store.kept("drafts", "kim") is None


def test_an_editor_proposes_and_a_reviewer_publishes_what_the_form_and_the_preview_showed(office: Office) -> None:
    head = office.store.head()
    with office.signed_in("min") as staff:
        open_laos(staff)
        name = staff.page.get_by_role("textbox", name="Name")
        name.fill("Through northern Laos")
        name.press("Tab")
        staff.settle()
        staff.page.get_by_text("As readers see it").click()
        staff.settle(900)
        expect(staff.feature("la-transit")).to_have_attribute("aria-label", "Through northern Laos: unknown")
        save(staff, "A shorter name.")
        assert office.store.head() == max(head, 1)
        part(staff, "Review")
        assert staff.page.get_by_role("button", name="Publish").count() == 0
    with office.signed_in("kim") as staff:
        part(staff, "Review (1)")
        expect(staff.page.locator(".told").first).to_contain_text("Through northern Laos")
        staff.page.get_by_role("button", name="Publish").click()
        staff.settle()
    newest = office.store.revisions(limit=1)[0]
    assert (newest.author, newest.publisher) == ("min", "kim")


def test_two_who_change_one_name_are_both_shown_and_one_picks(office: Office) -> None:
    with office.signed_in("kim") as staff:
        open_laos(staff)
        name = staff.page.get_by_role("textbox", name="Name")
        name.fill("Kim's name")
        name.press("Tab")
        staff.settle()
        publish_as_somebody_else(office, "Somebody else's name")
        save(staff, "A better name.")
        told = staff.page.locator(".conflict")
        expect(told.locator(".ours td")).to_have_text("Kim's name")
        expect(told.locator(".theirs td")).to_have_text("Somebody else's name")
        expect(told).to_contain_text("lee, 2026-11-22 00:00:00 UTC: Another name.")
        staff.page.get_by_text("Yours", exact=True).last.click()
        staff.settle()
        staff.page.get_by_role("button", name="Save with these decisions").click()
        staff.settle()
    layer = office.store.documents()["layers/laos-thailand"]
    assert layer.records["la-transit"]["properties"]["name"] == "Kim's name"
    assert [one.author for one in office.store.revisions(limit=2)] == ["kim", "lee"]


def publish_as_somebody_else(office: Office, name: str) -> None:
    """A revision of lee's, as another replica or the command line makes it."""
    before = office.store.documents()["layers/laos-thailand"]
    way = before.records["la-transit"]
    renamed = {**way, "properties": {**way["properties"], "name": name}}
    change = changes_between(before, Document(before.head, {**before.records, "la-transit": renamed}))
    head = office.store.head()
    office.store.commit(
        Revision(
            number=head + 1, kind="save", author="lee", publisher="lee", time="2026-11-22T00:00:00+00:00",
            reason="Another name.", base=head, changes={"layers/laos-thailand": change},
        )
    )  # fmt: skip


def test_typed_text_that_cannot_be_read_is_kept_and_marked(office: Office) -> None:
    with office.signed_in("kim") as staff:
        choose(staff, 0, LAYER)
        staff.page.get_by_text("GeoJSON", exact=True).click()
        staff.settle(1500)
        ace = staff.page.frame_locator('iframe[title*="geojson_editor"]')
        ace.locator(".ace_text-input").focus()
        staff.page.keyboard.press("Control+Home")
        staff.page.keyboard.type("oops ")
        staff.settle(1200)
        expect(ace.locator(".ace_gutter-cell.ace_error").first).to_be_visible()
        kept = office.store.kept("drafts", "kim")
        assert kept is not None
        assert kept["texts"]["layers/laos-thailand"].startswith("oops {")
        throw_away(staff)


def test_cells_pasted_into_a_table_stay_while_its_rows_are_looked_for(office: Office) -> None:
    with office.signed_in("kim") as staff:
        staff.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        choose(staff, 0, "Table: policy events")
        staff.page.get_by_text("All records", exact=True).click()
        staff.settle(900)
        grid = staff.page.locator('[data-testid="stDataFrame"]').first
        columns = list(hints_of("policy_events"))
        box = grid.bounding_box()
        assert box
        staff.page.mouse.click(box["x"] + 80, box["y"] + 56)  # the first row's id
        staff.settle()
        at = 0
        for name, text in {"date": "about May 2013", "routes": "tumen-crossing laos-thailand"}.items():
            for _ in range(columns.index(name) - at):
                staff.page.keyboard.press("ArrowRight")
            at = columns.index(name)
            staff.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
            staff.page.keyboard.press("Control+v")
            staff.settle(900)
        looked_for = staff.page.get_by_placeholder("Words to look for")
        for words in ("vientiane", ""):
            looked_for.fill(words)
            looked_for.press("Enter")
            staff.settle(900)
        records = drafted(office, "policy_events")
        first = next(iter(records.values()))
        assert (first["date"], first["routes"]) == ("about May 2013", "tumen-crossing laos-thailand")
        assert len(records[""]) == 2
        throw_away(staff)


def test_what_was_typed_is_kept_though_the_next_tap_leads_away(office: Office) -> None:
    with office.signed_in("kim") as staff:
        open_laos(staff)
        staff.page.get_by_role("textbox", name="Name").fill("Typed and tapped away")
        staff.page.locator(".st-key-staff-bar").get_by_text("History").first.click(delay=0)
        staff.settle()
        assert drafted(office, "layers/laos-thailand")["la-transit"]["properties"]["name"] == "Typed and tapped away"
        part(staff, "Edit")
        throw_away(staff)
