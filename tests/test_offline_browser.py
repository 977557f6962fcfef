"""The offline page opened from a file, every request refused: the story by keys, the map explored, nothing asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from browser import WIDTHS
from making import HOSTILE, make_hostile
from pack_making import hostile_story, story_named
from playwright.sync_api import Browser, Page, expect

from routes import answers
from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.pack.offline import offline_html
from routes.stories import Story
from routes.text import visible
from routes.words import say

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 22)
DATASET = load(DEFAULT_FOLDER)
LAOS = story_named(DATASET, "laos-2013")
CLOSING = story_named(DATASET, "closing-door")


@dataclass
class Seen:
    """A page in a browser with everything it asked for, said and did wrong."""

    page: Page
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, selector: str, most: int = 200) -> None:
        """Go on by Tab until an element has the focus."""
        for _ in range(most):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def stance(self, feature_id: str) -> str | None:
        return self.page.locator(f'#map_div path[data-feature-id="{feature_id}"]').get_attribute("data-stance")

    def explore(self) -> None:
        self.press("e")
        expect(self.page.locator(".panel h2")).to_be_visible()


Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page for each story."""
    folder = tmp_path_factory.mktemp("stick")
    for story in DATASET.stories:
        (folder / f"{story.id}.html").write_bytes(offline_html(story, DATASET, today=TODAY))
    return folder


@pytest.fixture
def opened(chromium: Browser, stick: Path) -> Iterator[Open]:
    """Opens a page of the stick; whatever a test does, nothing is asked for and nothing goes wrong."""
    everything: list[Seen] = []

    def open_page(name: str = LAOS.id, screen: str = "projector", folder: Path = stick) -> Seen:
        width, height = WIDTHS[screen]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=screen == "phone", reduced_motion="reduce"
        )
        seen = Seen(context.new_page())
        everything.append(seen)
        seen.page.set_default_timeout(20_000)
        address = (folder / f"{name}.html").as_uri()
        context.route("**/*", lambda route: route.continue_() if route.request.url == address else route.abort())
        seen.page.on("request", lambda request: seen.asked.append(request.url) if request.url != address else None)
        seen.page.on("console", lambda message: seen.errors.append(message.text))
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.on("dialog", lambda dialog: (seen.errors.append(dialog.message), dialog.dismiss()))
        seen.page.goto(address)
        seen.page.locator('body[data-ready="yes"]').wait_for()
        return seen

    yield open_page
    for seen in everything:
        assert seen.page.evaluate("typeof window.hurt") == "undefined"
        seen.page.context.close()
        assert (seen.asked, seen.errors) == ([], [])


@pytest.mark.parametrize("story", DATASET.stories, ids=[story.id for story in DATASET.stories])
def test_every_chapter_is_reached_by_keys_alone_and_matches_its_data(opened: Open, story: Story) -> None:
    seen = opened(story.id)
    for number, chapter in enumerate(story.chapters):
        if chapter.content_note:
            expect(seen.page.locator("main > .note")).to_contain_text(chapter.content_note)
            seen.press("ArrowRight")
        expect(seen.page.locator("body")).to_have_attribute("data-chapter", chapter.id)
        assert seen.page.locator(".told h1").inner_text() == chapter.title
        assert seen.page.locator(".told .text").inner_text() == chapter.text
        assert {feature: seen.stance(feature) for feature in chapter.shows} == chapter.shows
        expect(seen.page.locator(".foot .key")).to_be_in_viewport()
        assert seen.page.locator(".foot .sources span").count() > 0
        seen.press(("ArrowRight", " ", "PageDown")[number % 3])
    seen.press("Home")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", story.chapters[0].id)
    seen.press("2", "Enter")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", story.chapters[1].id)


def test_after_the_last_chapter_stand_all_sources_and_the_way_back(opened: Open) -> None:
    seen = opened()
    seen.press("End", "ArrowRight")
    end = seen.page.locator(".end")
    expect(end).to_be_visible()
    cited = {citation.source for chapter in LAOS.chapters for citation in chapter.sources}
    expect(end.locator("li")).to_have_count(len(cited))
    seen.press("ArrowLeft")
    expect(end).to_be_hidden()
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[-1].id)
    seen.press("ArrowRight", "e")
    expect(end).to_be_hidden()
    expect(seen.page.locator(".panel h2")).to_be_visible()
    seen.press("e", "Home")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[0].id)


def test_escape_leaves_the_search_so_that_the_next_key_is_a_key_again(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.press("/")
    seen.page.keyboard.type("laos")
    seen.press("Escape", "e")
    expect(seen.page.locator(".told")).to_be_visible()


@pytest.mark.parametrize(("screen", "shown"), [("phone", False), ("desktop", True)])
def test_no_empty_box_stands_under_the_zoom_buttons(opened: Open, screen: str, shown: bool) -> None:
    seen = opened(screen=screen)
    seen.explore()
    expect(seen.page.locator(".box.tools")).to_be_visible(visible=shown)
    assert seen.page.locator(".box.tools button:visible").count() == int(shown)


@pytest.mark.long
def test_explore_opens_where_the_chapter_stands_and_e_leads_back_to_it_exactly(opened: Open) -> None:
    seen = opened()
    seen.press("4", "Enter")
    place = "() => document.querySelector('#map_div path[data-feature-id=\"la-transit\"]').getAttribute('d')"
    before = seen.page.evaluate(place)
    seen.explore()
    expect(seen.page.locator(".year")).to_have_text(str(LAOS.chapters[3].as_of.year))
    expect(seen.page.locator(".told")).to_be_hidden()
    seen.tab_to(".slider")
    seen.press("PageUp", "PageUp")
    seen.press("e")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[3].id)
    expect(seen.page.locator(".reading")).to_be_hidden()
    assert seen.page.evaluate(place) == before
    assert {feature: seen.stance(feature) for feature in LAOS.chapters[3].shows} == LAOS.chapters[3].shows
    seen.press("ArrowRight")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[4].id)


def test_the_date_is_moved_by_keys_and_map_and_panel_follow(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == say("panel.everything")
    seen.press("Enter")
    shown = int(seen.page.locator(".year").inner_text())
    for year, keys in ((shown + 2, ["ArrowRight"] * 2), (shown - 3, ["ArrowLeft"] * 5), (1990, ["Home"])):
        if keys == ["Home"]:
            seen.tab_to(".slider")
        seen.press(*keys)
        expect(seen.page.locator(".year")).to_have_text(str(year))
        live = answers.country_stand(DATASET, "LA", date(year, 12, 31))
        expect(seen.page.locator(".stands li", has_text="Laos")).to_contain_text(live.sentence)
        assert seen.stance("la-transit") == live.spell.stance
        expect(seen.page.locator(".panel .kicker")).to_contain_text(str(year))


@pytest.mark.long
def test_the_clock_plays_and_stops_when_the_story_goes_on(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.tab_to(".play")
    before = seen.page.locator(".year").inner_text()
    seen.press("Enter")
    expect(seen.page.locator(".year")).not_to_have_text(before)
    seen.press("e")
    assert seen.page.locator(".play").get_attribute("data-playing") == "no"
    expect(seen.page.locator(".told h1")).to_have_text(LAOS.chapters[0].title)


def test_a_countrys_timeline_is_read_by_keys_with_its_sources(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.press("/")
    seen.page.keyboard.type("laos")
    seen.tab_to(".hit")
    assert seen.page.locator(".hit").first.inner_text().startswith("Laos")
    seen.press("Enter")
    expect(seen.page.locator(".panel h2")).to_have_text("Laos")
    day = date.fromisoformat(str(seen.page.evaluate("closingDoor.state.asOf")))
    story = answers.timeline(DATASET, "LA", day, answers.Filter())
    assert story.past
    assert story.later
    for summary in (".earlier > summary", ".part-timeline .later > summary"):
        if seen.page.locator(summary).count():
            seen.tab_to(summary)
            seen.press("Enter")
    found = seen.page.locator(".part-timeline .event")
    expect(found).to_have_count(len(story.past) + len(story.later))
    told = [str(one.get_attribute("data-event")) for one in found.all()]
    assert told == [event.id for event in (*story.past, *story.later)]
    newest = seen.page.locator(f'.part-timeline [data-event="{story.past[-1].id}"]')
    expect(newest).to_contain_text(story.past[-1].summary)
    newest.locator("summary").focus()
    seen.press("Enter")
    source = DATASET.sources[story.past[-1].sources[0].source]
    expect(newest.locator(".backing li").first).to_contain_text(source.title)
    expect(newest.locator(".backing a").first).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.long
def test_why_notes_and_disputes_of_a_segment_stand_in_the_panel(opened: Open) -> None:
    seen = opened()
    seen.explore()
    path = seen.page.locator('#map_div path[data-feature-id="la-transit"]')
    path.focus()
    seen.press("Enter")
    expect(seen.page.locator(".leaflet-popup")).to_contain_text(DATASET.features["la-transit"].name)
    expect(seen.page.locator(".panel h2")).to_have_text(DATASET.features["la-transit"].name)
    day = date.fromisoformat(str(seen.page.evaluate("closingDoor.state.asOf")))
    feature = DATASET.features["la-transit"]
    spell = answers.stance_at(DATASET.spells[feature.id], day)
    for part in ("why", "notes", "disputes"):
        seen.tab_to(f".part-{part} > summary")
        seen.press("Enter")
    told = [one.get_attribute("data-event") for one in seen.page.locator(".part-why > ol > .event").all()]
    assert told == list(dict.fromkeys(reason.event.id for reason in answers.reasons(DATASET, spell, day)))
    notes = answers.notes_of(DATASET, (*feature.effect_scopes, *feature.routes), day)
    assert seen.page.locator(".part-notes .note-box").count() == len(notes)
    assert seen.page.locator(".part-disputes .dispute").count() == len(answers.disputes_of(DATASET, "LA"))


@pytest.mark.parametrize(
    ("query", "kind", "title"),
    [
        ("tumen yalu crossing", "route", "Tumen and Yalu crossing"),
        ("nine koreans pyongyang", "event", "Nine North Koreans are sent back to Pyongyang"),
        ("non-refoulement", "term", "non-refoulement"),
        ("always returned", "dispute", "Has China always returned people?"),
        ("people found in china risk", "note", "People found in China risk being returned"),
        ("no such word anywhere", "", ""),
    ],
)
def test_a_search_finds_and_opens(opened: Open, query: str, kind: str, title: str) -> None:
    seen = opened()
    seen.explore()
    seen.press("/")
    seen.page.keyboard.type(query)
    if not title:
        expect(seen.page.locator(".panel")).to_contain_text(say("find.none"))
        return
    seen.tab_to(".hit")
    seen.press("Enter")
    expect(seen.page.locator(".panel h2")).to_have_text(title, ignore_case=True)
    expect(seen.page.locator(".panel .kicker")).to_contain_text(
        say(f"panel.{kind}") if kind in ("route", "event") else say(f"kind.{kind}")
    )
    seen.press("Escape", "Escape", "Escape")
    expect(seen.page.locator(".told")).to_be_visible()


@pytest.mark.long
def test_all_sources_are_listed_with_their_addresses(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.page.get_by_role("button", name=say("pages.sources"), exact=True).focus()
    seen.press("Enter")
    expect(seen.page.locator(".source-list li")).to_have_count(len(DATASET.sources))
    links = seen.page.locator(".source-list a").evaluate_all("(links) => links.map((link) => link.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert len(links) > 400


@pytest.mark.long
def test_layers_are_switched_by_keys(opened: Open) -> None:
    seen = opened(CLOSING.id)
    seen.explore()
    seen.page.locator(".layers summary").focus()
    seen.press("Enter")
    layer = DATASET.layers[0]
    feature = f'#map_div path[data-feature-id="{layer.features[0].id}"]'
    seen.page.locator(f'.layers input[value="{layer.id}"]').focus()
    shown = seen.page.locator(feature).count()
    seen.press(" ")
    expect(seen.page.locator(feature)).to_have_count(1 - shown)


@pytest.mark.long
def test_help_names_only_keys_that_lead_somewhere(opened: Open) -> None:
    seen = opened()
    seen.press("?")
    sheet = seen.page.locator(".sheet")
    expect(sheet).to_contain_text(say("offline.help.explore"))
    assert say("present.help.speaker") not in sheet.inner_text()
    seen.press("Escape", "s", "Escape")
    expect(seen.page.locator(".told h1")).to_have_text(LAOS.chapters[0].title)


@pytest.mark.long
@pytest.mark.parametrize("explored", [False, True], ids=["presenting", "exploring"])
def test_q_leaves_at_once_for_an_empty_page(opened: Open, explored: bool) -> None:
    seen = opened()
    if explored:
        seen.explore()
    seen.press("q")
    seen.page.wait_for_url("about:blank")


@pytest.mark.long
def test_a_kiosk_goes_on_with_the_story_when_somebody_has_explored_and_left(opened: Open) -> None:
    seen = opened()
    seen.explore()
    seen.page.evaluate("closingDoor.keys.act('next')")
    expect(seen.page.locator("body")).to_have_attribute("data-chapter", LAOS.chapters[1].id)
    expect(seen.page.locator(".told h1")).to_have_text(LAOS.chapters[1].title)
    expect(seen.page.locator(".reading")).to_be_hidden()


@pytest.mark.long
def test_a_content_note_stays_before_its_chapter_after_exploring(opened: Open) -> None:
    noted = 1 + next(n for n, chapter in enumerate(CLOSING.chapters) if chapter.content_note)
    seen = opened(CLOSING.id)
    seen.press(*str(noted), "Enter")
    expect(seen.page.locator("main > .note")).to_be_visible()
    seen.explore()
    expect(seen.page.locator("main > .note")).to_be_hidden()
    seen.tab_to("path.feature")
    seen.press("e")
    expect(seen.page.locator("main > .note")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("screen", ["projector", "desktop", "phone"])
def test_nothing_scrolls_sideways_in_either_mode_and_the_switch_can_be_touched(opened: Open, screen: str) -> None:
    seen = opened(screen=screen)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    switch = seen.page.get_by_role("button", name=say("offline.explore_label"))
    expect(switch).to_be_in_viewport(ratio=1)
    assert seen.page.evaluate(wide) <= 0
    switch.click()
    expect(seen.page.locator(".panel h2")).to_be_visible()
    assert seen.page.evaluate(wide) <= 0
    for part in (".map", ".clock"):
        expect(seen.page.locator(part)).to_be_in_viewport()
    least = 44 if screen == "phone" else 36
    back = seen.page.get_by_role("button", name=say("offline.present"))
    box = back.bounding_box()
    assert box
    assert box["height"] >= least
    back.click()
    expect(seen.page.locator(".told h1")).to_be_visible()


@pytest.fixture(scope="module")
def hostile_stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    data = Path(shutil.copytree(DEFAULT_FOLDER, folder / "data", ignore=shutil.ignore_patterns(".store")))
    make_hostile(data)
    hostile: Dataset = load(data)
    story = hostile_story(story_named(hostile, LAOS.id))
    (folder / f"{LAOS.id}.html").write_bytes(offline_html(story, hostile, today=TODAY, address="https://example.org"))
    return folder


def test_hostile_text_in_every_field_stays_text_in_both_modes(opened: Open, hostile_stick: Path) -> None:
    seen = opened(folder=hostile_stick)
    as_typed = " ".join(visible(HOSTILE).split())

    def words(selector: str) -> str:
        return " ".join((seen.page.locator(selector).first.text_content() or "").split())

    expect(seen.page.locator("main > .note")).to_be_visible()
    assert as_typed in words("main > .note")
    seen.press("ArrowRight")
    assert as_typed in words(".told h1")
    seen.press("m")
    assert as_typed in words(".sheet")
    seen.press("m", "e")
    for chosen in ("LA", "CN", "la-transit", "laos-thailand", "la-nine-returned-2013"):
        seen.page.evaluate("(id) => closingDoor.change({ selected: id })", chosen)
        for summary in seen.page.locator(".panel .part > summary").all():
            summary.click()
        for summary in seen.page.locator(".panel .backing > summary").all()[:3]:
            if summary.is_visible():
                summary.click()
        assert as_typed in words(".panel")
    seen.page.locator('#map_div path[data-feature-id="la-transit"]').focus()
    seen.press("Enter")
    assert as_typed in words(".leaflet-popup")
    seen.press("/")
    seen.page.keyboard.type("javascript oudomxay")
    assert as_typed in words(".hits")
    seen.page.get_by_role("button", name=say("pages.sources"), exact=True).click()
    assert as_typed in words(".source-list")
    links = seen.page.locator(".panel a, #about a").evaluate_all("(links) => links.map((link) => link.protocol)")
    assert set(links) <= {"http:", "https:"}
