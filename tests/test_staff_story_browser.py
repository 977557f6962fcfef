"""Staff write stories in a real browser: chapters begun, captured, previewed and rehearsed."""

from __future__ import annotations

import pytest
from browser import FRAME
from playwright.sync_api import expect
from staffing import Office, choose, throw_away

from routes.documents import Document
from routes.drafts import Draft

pytestmark = pytest.mark.browser


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
