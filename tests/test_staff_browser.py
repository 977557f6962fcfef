"""Staff at work in a real browser: from signing in to taking a change back, and who is kept out."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import FRAME, Visit, serving, visit
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from components.staff.fields import hints_of
from routes.accounts import add_account
from routes.dataset import DEFAULT_FOLDER
from routes.documents import Document
from routes.drafts import Draft
from routes.merging import changes_between
from routes.store import Revision, Store, documents_at
from routes.store.opening import open_store

pytestmark = pytest.mark.browser
PASSWORD = "a long walk to vientiane"
LAYER = "Layer: Laos and Thailand"


@dataclass
class Office:
    """A server on a folder of its own, with kim, who may do everything, and min, an editor."""

    browser: Browser
    folder: Path
    address: str

    @property
    def store(self) -> Store:
        return open_store(self.folder)

    @contextmanager
    def visited(self, path: str = "/", width: int = 1440) -> Iterator[Visit]:
        context = self.browser.new_context(viewport={"width": width, "height": 900})
        seen = visit(context, self.address)
        seen.page.goto(self.address + path)
        yield seen
        context.close()

    @contextmanager
    def signed_in(self, name: str, width: int = 1440) -> Iterator[Visit]:
        with self.visited("/staff/sign-in", width) as seen:
            seen.page.get_by_label("Name").fill(name)
            seen.page.get_by_label("Password").fill(PASSWORD)
            seen.page.keyboard.press("Enter")
            seen.page.locator(".st-key-staff-bar").wait_for()
            seen.settle()
            yield seen
            assert seen.errors == []
            assert seen.foreign == []


def make_folder(folder: Path) -> Path:
    shutil.copytree(DEFAULT_FOLDER, folder, ignore=shutil.ignore_patterns(".store"))
    store, now = open_store(folder), datetime.now(UTC)
    kim = add_account(store, "kim", "admin", PASSWORD, by=None, now=now)
    add_account(store, "min", "editor", PASSWORD, by=kim, now=now)
    return folder


@pytest.fixture(scope="module")
def office(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = make_folder(tmp_path_factory.mktemp("office") / "data")
    with serving(folder) as address:
        yield Office(chromium, folder, address)


def choose(seen: Visit, number: int, words: str) -> None:
    """Pick an option of the page's n-th box."""
    seen.page.get_by_role("combobox").nth(number).click()
    seen.page.get_by_role("option", name=words).first.click()
    seen.settle()


def part(seen: Visit, name: str) -> None:
    seen.page.locator(".st-key-staff-bar").get_by_text(name, exact=False).first.click()
    seen.settle()


def open_laos(seen: Visit) -> None:
    choose(seen, 0, LAYER)
    choose(seen, 1, "(la-transit)")
    seen.frame.get_by_label("Point 2: arrow keys").wait_for()


def move_second_point(seen: Visit, steps: int = 3) -> None:
    """Three steps of the grid to the east, by keyboard."""
    seen.frame.get_by_label("Point 2: arrow keys").focus()
    for _ in range(steps):
        seen.page.keyboard.press("ArrowRight")
    seen.settle(900)


def save(seen: Visit, reason: str) -> None:
    seen.page.get_by_role("button", name="Save").first.click()
    why = seen.page.get_by_role("textbox", name="Why?")
    why.fill(reason)
    why.press("Tab")
    seen.settle()
    seen.page.locator(".st-key-save-now button").click()
    seen.settle()


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


def throw_away(staff: Visit) -> None:
    staff.page.get_by_role("button", name="Throw away").click()
    staff.page.get_by_role("button", name="Yes, throw the draft away").click()
    staff.settle()


def drafted(office: Office, document_id: str) -> dict[str, Any]:
    """The records of a document as kim's draft has them, and the words of its steps under the empty key."""
    draft = Draft.from_json(office.store.kept("drafts", "kim"))
    base = documents_at(office.store, draft.base)
    return {**draft.documents(base)[document_id].records, "": [step.words for step in draft.steps]}


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


def draft(office: Office, story: str) -> Document | None:
    """A story as kim's draft has it."""
    kept = office.store.kept("drafts", "kim")
    assert kept is not None
    return Draft.from_json(kept).documents(office.store.documents()).get(f"stories/{story}")


def test_a_story_is_begun_on_a_phone_and_its_chapters_duplicated_and_deleted(office: Office) -> None:
    with office.signed_in("kim", 390) as staff:
        staff.page.get_by_role("button", name="New").click()
        staff.page.get_by_role("radio", name="Story", exact=True).click()
        staff.settle()
        staff.page.get_by_role("textbox", name="Title").fill("Vietnam 2019")
        staff.page.get_by_role("textbox", name="Audience").fill("Press; four minutes.")
        staff.page.get_by_role("button", name="Begin", exact=True).click()
        staff.settle()
        begun = draft(office, "vietnam-2019")
        assert begun is not None
        assert begun.order == ("new-chapter",)
        assert set(begun.records["new-chapter"]["view"]) == {"as_of", "layers"}
        assert staff.params() == {"story": "vietnam-2019"}

        staff.page.get_by_role("button", name="Duplicate").click()
        staff.settle()
        duplicated = draft(office, "vietnam-2019")
        assert duplicated is not None
        assert duplicated.order == ("new-chapter", "new-chapter-2")
        staff.page.get_by_role("button", name="Delete", exact=True).click()
        staff.settle()
        assert draft(office, "vietnam-2019") == begun

        about = staff.page.get_by_role("button", name="Delete this story")
        about.scroll_into_view_if_needed()
        about.click()
        staff.settle()
        assert draft(office, "vietnam-2019") is None
        throw_away(staff)


def test_the_preview_shows_the_chapter_that_is_edited_and_a_new_one_takes_what_was_looked_at(office: Office) -> None:
    with office.signed_in("kim") as staff:
        staff.page.goto(f"{office.address}/?as_of=2018&sel=VN&map=5.5/16/106")
        staff.frame.locator('body[data-ready="yes"]').wait_for()
        staff.settle()
        staff.page.get_by_role("link", name="Staff").click()
        staff.settle(900)
        choose(staff, 0, "Story: Laos 2013")
        staff.frame.locator('body[data-ready="yes"]').wait_for()
        assert staff.stance("la-transit") == "cooperates"
        assert staff.feature("mn-to-ulaanbaatar").count() == 0  # its layer is off in this chapter
        expect(staff.page.get_by_text("You last looked at: end of 2018, VN.")).to_be_visible()

        choose(staff, 1, "(known)")
        staff.settle(900)
        staff.page.get_by_role("button", name="New chapter from what").click()
        staff.settle()
        story = draft(office, "laos-2013")
        assert story is not None
        view = dict(story.records["new-chapter"]["view"])
        assert len(view.pop("layers").split(",")) > 3
        assert view.pop("map").startswith("6/")  # half a level nearer: a stage is larger
        assert view == {"as_of": "2018", "sel": "VN"}
        throw_away(staff)


def test_a_place_that_is_found_in_the_preview_is_taken_with_all_else_that_the_chapter_shows(office: Office) -> None:
    with office.signed_in("kim") as staff:
        choose(staff, 0, "Story: Laos 2013")
        staff.frame.locator('body[data-ready="yes"]').wait_for()
        staff.frame.get_by_role("button", name="Zoom out").click()
        staff.page.wait_for_timeout(600)
        staff.feature("la-transit").focus()
        staff.page.keyboard.press("Enter")
        staff.settle(900)
        before = office.store.documents()["stories/laos-2013"].records["before"]["view"]
        staff.page.get_by_role("button", name="Take what I last looked at").click()
        staff.settle()
        story = draft(office, "laos-2013")
        assert story is not None
        after = story.records["before"]["view"]
        assert {**after, "map": ""} == {**before, "sel": "la-transit", "map": ""}
        zooms = [float(view["map"].split("/")[0]) for view in (before, after)]
        assert zooms[0] - zooms[1] == pytest.approx(0.5)
        throw_away(staff)


def test_the_map_stays_in_sight_however_far_down_the_form_one_writes(office: Office) -> None:
    with office.signed_in("kim") as staff:
        choose(staff, 0, "Story: Laos 2013")
        staff.page.get_by_role("button", name="Take what I last looked at").scroll_into_view_if_needed()
        box = staff.page.locator(FRAME).bounding_box()
        assert box is not None
        assert 0 < box["y"] < box["y"] + box["height"] < 900


def test_on_a_phone_the_bar_takes_two_rows_and_its_arrows_keep_their_names(office: Office) -> None:
    with office.signed_in("kim", 390) as staff:
        box = staff.page.locator(".st-key-editor-bar").bounding_box()
        assert box is not None
        assert box["height"] < 100
        for name in ("New", "Undo", "Redo", "Save"):
            button = staff.page.get_by_role("button", name=name).bounding_box()
            assert button is not None
            assert (button["width"], button["height"]) >= (44, 40)


def test_the_draft_on_the_stage_has_its_own_speakers_window_and_leads_back_to_the_editor(office: Office) -> None:
    with office.signed_in("kim") as staff:
        choose(staff, 0, "Story: Laos 2013")
        notes = staff.page.get_by_role("textbox", name="Speaker notes")
        notes.fill("Say what only the draft says.")
        notes.press("Tab")
        staff.settle()
        link = staff.page.get_by_role("link", name="See this draft on the stage")
        staff.page.goto(office.address + str(link.get_attribute("href")))
        staff.page.locator('body[data-ready="yes"]').wait_for()
        with staff.page.expect_popup() as opened:
            staff.page.keyboard.press("s")
        assert opened.value.url.endswith("/staff/present/speaker?story=laos-2013")
        expect(opened.value.locator(".notes")).to_have_text("Say what only the draft says.")
        opened.value.close()
        staff.page.keyboard.press("Escape")
        staff.page.locator(".st-key-staff-bar").wait_for()
        staff.settle()
        expect(staff.page.get_by_role("textbox", name="Speaker notes")).to_have_value("Say what only the draft says.")
        throw_away(staff)


@pytest.mark.parametrize("width", [pytest.param(1440, marks=pytest.mark.long), 390])
@pytest.mark.parametrize("name", ["Edit", "Review", "History", "Files", "Office"])
def test_every_part_opens_without_an_error_or_sideways_scrolling(office: Office, name: str, width: int) -> None:
    with office.signed_in("kim", width) as staff:
        part(staff, name)
        staff.settle(900)
        assert staff.page.locator('[data-testid="stException"]').count() == 0
        wide = staff.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


# Who is kept out


def status(address: str, method: str = "GET") -> int:
    """What an address answers somebody without a session."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    request = urllib.request.Request(address, method=method, data=b"x" if method != "GET" else None)
    try:
        with urllib.request.build_opener(Stay).open(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("path", "method", "answer"),
    [
        ("/staff", "GET", 303),
        ("/staff/map.json?layer=layers/laos-thailand", "GET", 403),
        ("/staff/difference.json?what=draft", "GET", 403),
        ("/staff/preview/data.json", "GET", 403),
        ("/staff/preview/stories/laos-2013.json", "GET", 403),
        ("/staff/present?story=laos-2013", "GET", 403),
        ("/staff/present/speaker?story=laos-2013", "GET", 403),
        ("/_stcore/upload_file/x/y", "PUT", 404),
        ("/staff/sign-out", "POST", 403),
    ],
)
def test_an_outsider_gets_nothing_from_staff_addresses(office: Office, path: str, method: str, answer: int) -> None:
    assert status(office.address + path, method) == answer


def run_of(office: Office, *, button: str, cookie: str = "") -> list[ForwardMsg]:
    """What a run of the staff page sends to a message made by hand, as a browser with that cookie would send it."""
    headers = {"Cookie": cookie, "Origin": office.address} if cookie else {"Origin": office.address}
    address = office.address.replace("http", "ws") + "/_stcore/stream"
    received = []
    with connect(address, additional_headers=headers, max_size=None) as socket:
        message = BackMsg()
        message.rerun_script.page_name = "staff"
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = f"$$ID-0-{button}", True
        socket.send(message.SerializeToString())
        while True:
            received.append(ForwardMsg.FromString(socket.recv(timeout=20)))  # type: ignore[arg-type]
            if received[-1].WhichOneof("type") == "script_finished":
                return received


def test_a_message_made_by_hand_writes_nothing_for_a_reader(office: Office) -> None:
    head, logged = office.store.head(), len(office.store.logged())
    received = run_of(office, button="save-now")
    sent = b"".join(message.SerializeToString() for message in received)
    assert b"This page is for staff" in sent
    assert b"save-now" not in sent
    assert office.store.head() == head
    assert len(office.store.logged()) == logged
