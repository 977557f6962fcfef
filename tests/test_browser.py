"""What only a real browser shows: the map, the clock, the panel, the link, and that nothing leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from browser import WIDTHS, Visit, serving, visit
from playwright.sync_api import Browser, expect

from routes.dataset import load

LAYERS = ["tumen-crossing", "china-transit", "laos-thailand", "golden-triangle", "mongolia", "vietnam", "embassies"]
PAGES = ["/", "/stories", "/answer", "/arrivals", "/changes", "/disputes", "/sources", "/glossary", "/method"]
LAOS = "la-transit"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as running:
        yield running


@pytest.fixture(params=["desktop"])
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(chromium: Browser, address: str, screen: str) -> Iterator[Visit]:
    """A reader at a fresh browser; whatever a test does, nothing may leave and nothing may go wrong."""
    width, height = WIDTHS[screen]
    context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=screen == "phone")
    seen = visit(context, address)
    yield seen
    context.close()
    assert seen.foreign == []
    assert seen.errors == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "screen", [pytest.param("desktop", marks=pytest.mark.long), "projector", "phone"], indirect=True
)
def test_every_page_opens_at_every_width_without_sideways_scrolling(reader: Visit, path: str) -> None:
    reader.open_map() if path == "/" else reader.open(path)
    reader.settle()
    assert reader.page.locator('[data-testid="stException"]').count() == 0
    wider = reader.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


def test_each_layer_is_drawn_with_all_its_features(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    for feature in (one for layer in load().layers if layer.id in LAYERS for one in layer.features):
        assert reader.feature(feature.id).get_attribute("d") not in (None, "", "M0 0"), feature.id
        assert reader.feature(feature.id).get_attribute("data-stance") is not None


def test_stepping_from_2012_to_2014_turns_laos_from_cooperating_to_mixed_and_says_why(reader: Visit) -> None:
    reader.open_map(f"as_of=2012&sel={LAOS}")
    assert reader.stance(LAOS) == "cooperates"
    slider = reader.frame.get_by_role("slider")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert reader.stance(LAOS) == "mixed"
    reader.page.get_by_text("Laos lets some refugees go on and sends others back.").wait_for()
    why = reader.page.locator(".panel .event").first.inner_text()
    assert "28 May 2013" in why
    assert "source" in why
    assert reader.params()["as_of"] == "2014"


def test_panning_zooming_and_toggling_a_layer_send_nothing_to_python(reader: Visit) -> None:
    reader.open_map()
    reader.forget_wire()
    box = reader.page.locator('iframe[title^="streamlit_folium"]').bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 120, y + 60, steps=8)
    reader.page.mouse.up()
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.page.mouse.wheel(0, -300)
    reader.frame.locator("details.layers summary").click()
    reader.frame.get_by_role("checkbox", name="Mongolia").uncheck()
    reader.settle(1000)
    assert reader.feature("mn-to-ulaanbaatar").count() == 0
    assert (len(reader.sent), len(reader.received)) == (0, 0)
    reader.frame.get_by_role("checkbox", name="Mongolia").check()
    assert reader.stance("mn-to-ulaanbaatar") == "unknown"
    reader.settle(1000)
    assert (len(reader.sent), len(reader.received)) == (0, 0)


def test_a_step_of_the_date_needs_no_python_and_once_it_rests_one_run_fills_panel_and_link(reader: Visit) -> None:
    reader.open_map(f"as_of=2012&sel={LAOS}")
    reader.forget_wire()
    slider = reader.frame.get_by_role("slider")
    changed_without_python = slider.evaluate(
        """(slider) => {
            for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"])
                slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            return document.querySelector('path[data-feature-id="la-transit"]').dataset.stance;
        }"""
    )
    assert changed_without_python == "mixed"
    assert reader.sent == []
    reader.page.get_by_text("Route segment · end of 2015", exact=False).first.wait_for()
    reader.settle()
    assert reader.runs() == 1
    assert [message.rerun_script.fragment_id != "" for message in reader.reruns_asked()] == [True]
    assert reader.params()["as_of"] == "2015"


def test_playing_restyles_year_by_year_and_tells_python_only_when_paused(reader: Visit) -> None:
    reader.open_map(f"as_of=2011&sel={LAOS}")
    reader.forget_wire()
    reader.frame.get_by_role("button", name="Play").click()
    reader.frame.locator('path[data-feature-id="la-transit"][data-stance="mixed"]').wait_for()
    assert reader.sent == []
    reader.frame.get_by_role("button", name="Pause").click()
    reader.settle()
    assert reader.runs() == 1


def test_a_selected_line_that_is_only_reported_stays_thin_and_has_a_dark_edge(reader: Visit) -> None:
    def width(feature_id: str) -> str:
        return str(reader.feature(feature_id).evaluate("(path) => getComputedStyle(path).strokeWidth"))

    reader.open_map(f"as_of=2014&sel={LAOS}")
    laos = reader.feature(LAOS)
    expect(laos).to_have_class(re.compile(r"\bselected\b"))
    assert laos.get_attribute("data-sure") == "no"
    assert (width(LAOS), width("th-to-bangkok")) == ("3px", "4.5px")
    expect(reader.frame.locator("path.halo:visible")).to_have_count(1)
    reader.frame.get_by_role("button", name="Thailand", exact=True).click()
    expect(laos).not_to_have_class(re.compile(r"\bselected\b"))
    assert (width(LAOS), width("th-to-bangkok")) == ("3px", "4.5px")


def test_places_are_small_filled_dots_that_the_legend_names_while_there_are_any(reader: Visit) -> None:
    reader.open_map("as_of=2014&sel=LA")
    row = reader.frame.locator(".legend li", has_text="place on a route")
    expect(row).to_be_visible()
    place = reader.frame.locator("path.place").first
    fill, swatch = place.evaluate("(path) => getComputedStyle(path).fill"), row.locator(".dot.place")
    assert swatch.evaluate("(dot) => getComputedStyle(dot).backgroundColor") == fill != "rgb(255, 255, 255)"
    expect(reader.frame.locator("path.place.selected")).to_have_count(0)
    reader.frame.locator("details.layers summary").click()
    for box in reader.frame.locator(".layers input:not([value=embassies])").all():
        box.uncheck()
    expect(reader.frame.locator("path.place")).to_have_count(0)
    expect(row).to_be_hidden()
    reader.frame.locator(".layers input").first.check()
    expect(row).to_be_visible()
    place.press("Enter")
    expect(place).to_have_class(re.compile(r"\bselected\b"))


def test_zoom_survives_a_step_of_the_date(reader: Visit) -> None:
    reader.open_map("as_of=2012")
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.settle()
    zoom = reader.frame.locator("body").evaluate("() => window.map.getZoom()")
    reader.frame.get_by_role("slider").press("ArrowRight")
    reader.settle(800)
    assert reader.frame.locator("body").evaluate("() => window.map.getZoom()") == zoom


def test_a_click_selects_with_a_popup_at_once_and_the_panel_follows(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    reader.forget_wire()
    reader.feature("cn-to-yunnan").dispatch_event("click")
    assert reader.frame.locator(".leaflet-popup h3").inner_text() == "Beijing to Yunnan"
    reader.page.locator(".panel h2", has_text="Beijing to Yunnan").wait_for()
    reader.settle()
    assert reader.runs() == 1
    assert reader.params()["sel"] == "cn-to-yunnan"


def test_a_segment_is_reached_read_and_chosen_with_the_keyboard_alone(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    segment = reader.feature(LAOS)
    assert segment.get_attribute("tabindex") == "0"
    assert segment.get_attribute("aria-label") == "Northern Laos to Vientiane: mixed"
    segment.focus()
    segment.press("Enter")
    reader.page.locator(".panel h2", has_text="Northern Laos to Vientiane").wait_for()
    assert "lets some go on" in reader.frame.locator(".leaflet-popup").inner_text()


def test_the_name_of_a_country_on_the_map_opens_its_panel(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    reader.frame.get_by_role("button", name="Thailand", exact=True).click()
    reader.page.locator(".panel h2", has_text="Thailand").wait_for()
    reader.settle()  # the address follows the panel
    assert reader.params()["sel"] == "TH"


def test_hovering_names_a_feature(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    reader.feature("cn-to-guangxi").dispatch_event("mouseover")
    assert reader.frame.locator(".leaflet-tooltip").inner_text() == "Beijing to Guangxi: returns"


def test_a_shared_link_restores_date_selection_layers_and_position_elsewhere(
    reader: Visit, chromium: Browser, address: str
) -> None:
    reader.open_map(f"as_of=2013-05-28&sel={LAOS}")
    reader.frame.locator("details.layers summary").click()
    reader.frame.get_by_role("checkbox", name="Vietnam").uncheck()
    reader.frame.locator("body").evaluate("() => void window.map.setView([19, 103], 6, { animate: false })")
    reader.frame.get_by_role("button", name="Share").click()
    reader.settle()
    link = reader.page.get_by_role("dialog").locator("code").first.inner_text()
    assert dict(parse_qsl(urlsplit(link).query)) == reader.params()
    other = visit(chromium.new_context(viewport={"width": 1440, "height": 900}), address)
    other.open_map(link.split("?", 1)[1])
    assert other.frame.locator(".year").inner_text() == "28 May 2013"
    assert other.page.locator(".panel h2").first.inner_text() == "Northern Laos to Vientiane"
    assert other.feature("vn-south").count() == 0
    zoom, lat = other.frame.locator("body").evaluate("() => [window.map.getZoom(), window.map.getCenter().lat]")
    assert zoom == 6
    assert lat == pytest.approx(19, abs=0.05)
    other.page.context.close()


def test_a_map_that_was_moved_meanwhile_stays_and_show_all_routes_frees_the_link_of_its_place(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    middle = "() => [window.map.getCenter().lat.toFixed(1), window.map.getCenter().lng.toFixed(1)]"
    frame = reader.frame.locator("body")
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.settle()  # the map moves on by itself until then
    reader.feature(LAOS).evaluate("(path) => path.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    frame.evaluate("() => void window.map.setView([40, 110], 5, { animate: false })")
    reader.settle()
    assert frame.evaluate(middle) == ["40.0", "110.0"]
    assert "map" in reader.params()
    reader.frame.get_by_role("button", name="Show all routes").click()
    reader.frame.get_by_role("slider").press("ArrowRight")
    reader.settle()
    assert frame.evaluate(middle) != ["40.0", "110.0"]
    assert "map" not in reader.params()


def test_the_share_dialog_has_pictures_citations_and_code_of_the_same_view(reader: Visit) -> None:
    reader.open_map("as_of=2013-05-28&sel=LA&map=6/19.5/103")
    reader.frame.get_by_role("button", name="Share").click()
    reader.settle()
    dialog = reader.page.get_by_role("dialog")
    link = dialog.locator("code").first.inner_text()
    dialog.get_by_role("tab", name="Picture").click()
    for words, start in {"PNG": b"\x89PNG", "SVG": b"<?xml", "Social card": b"\x89PNG"}.items():
        with reader.page.expect_download() as download:
            dialog.get_by_role("button", name=words).click()
        assert Path(download.value.path()).read_bytes().startswith(start)
        assert download.value.suggested_filename.startswith("closing-door-2013-05-28-")
    dialog.get_by_role("tab", name="Cite").click()
    expect(dialog.locator("code").filter(has_text=link)).to_have_count(6)  # the link itself and five styles
    dialog.get_by_role("tab", name="Embed").click()
    dialog.get_by_role("button", name="Clock").click()
    reader.settle()
    expect(dialog.locator("code").filter(has_text="<iframe")).to_contain_text("controls=legend,layers")


@pytest.mark.parametrize(
    "query",
    [
        "as_of=tomorrow",
        "as_of=1066",
        "sel=gone-since-2020",
        "layers=atlantis",
        "filter=effect:magic",
        "map=99/0/0",
        "sel=%3Cscript%3Ealert(1)%3C/script%3E&as_of=%7B%7B7*7%7D%7D",
    ],
)
def test_a_bad_or_old_link_opens_and_says_what_it_could_not_restore(reader: Visit, query: str) -> None:
    reader.open_map(query)
    notice = reader.page.get_by_text("Part of this link could not be restored.")
    notice.wait_for()
    assert reader.stance("cn-to-yunnan") == "returns"


def test_search_finds_an_event_and_opens_it(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    box = reader.page.get_by_placeholder("Search events, places, sources")
    box.fill("Oudomxay")
    box.press("Enter")
    hit = reader.page.get_by_role("button", name="Oudomxay").first
    hit.click()
    reader.page.locator(".panel h2").first.wait_for()
    reader.settle()
    assert reader.params()["sel"]


def test_a_filter_narrows_the_timeline_and_joins_the_link(reader: Visit) -> None:
    reader.open_map("as_of=2020&sel=LA&filter=effect:restricts,country:LA")
    assert reader.params()["filter"] == "country:LA,effect:restricts"
    assert reader.page.get_by_text("hidden by the filter").count() >= 0
    assert reader.page.get_by_text("results").first.is_visible()


def test_an_exact_date_can_be_typed(reader: Visit) -> None:
    reader.open_map(f"as_of=2012&sel={LAOS}")
    exact = reader.frame.get_by_label("Exact date")
    exact.fill("2013-05-27")
    exact.dispatch_event("change")
    assert reader.stance(LAOS) == "cooperates"
    exact.fill("2013-05-28")
    exact.dispatch_event("change")
    assert reader.stance(LAOS) == "mixed"
    assert reader.frame.locator(".year").inner_text() == "28 May 2013"


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_on_a_phone_the_map_comes_first_and_the_panel_is_a_scroll_away(reader: Visit) -> None:
    reader.open_map("as_of=2014&sel=LA")
    frame = reader.page.locator('iframe[title^="streamlit_folium"]').bounding_box()
    panel = reader.page.locator(".panel h2").first
    assert frame
    assert frame["width"] == pytest.approx(390, abs=2)
    assert frame["y"] + frame["height"] < 844
    panel.scroll_into_view_if_needed()
    assert panel.is_visible()


def test_the_map_data_is_sent_once_and_then_only_asked_for(reader: Visit) -> None:
    reader.page.unroute_all()  # a browser keeps no cache while requests are intercepted
    fetched = "performance.getEntriesByType('resource').find((entry) => entry.name.includes('/map/data.json'))"
    size = f"() => {fetched}.transferSize"
    reader.open_map()
    first = reader.frame.locator("body").evaluate(size)
    reader.open_map()
    second = reader.frame.locator("body").evaluate(size)
    assert first > 10_000
    assert second < 1000, "the second visit fetched the geometry again"


def test_the_map_still_answers_after_a_visit_to_another_page(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    reader.feature("cn-to-yunnan").dispatch_event("click")
    reader.page.locator(".panel h2", has_text="Beijing to Yunnan").wait_for()
    reader.page.get_by_role("link", name="Glossary").first.click()
    reader.page.get_by_role("heading", name="Glossary").wait_for()
    reader.page.get_by_role("link", name="Explore").first.click()
    reader.frame.locator('body[data-ready="yes"]').wait_for()
    reader.settle()
    assert reader.params()["sel"] == "cn-to-yunnan"
    reader.feature(LAOS).dispatch_event("click")
    reader.page.locator(".panel h2", has_text="Northern Laos to Vientiane").wait_for()


@pytest.mark.parametrize("story", [story.id for story in load().stories])
@pytest.mark.parametrize("screen", ["desktop", "phone"], indirect=True)
def test_a_story_to_read_shows_the_map_of_each_chapter_in_the_shape_of_the_screen(
    reader: Visit, story: str, screen: str
) -> None:
    reader.open(f"/stories?id={story}")
    chapters = next(one for one in load().stories if one.id == story).chapters
    maps = reader.page.locator(".story a.map img")
    expect(maps).to_have_count(len(chapters))
    for chapter, shown in zip(chapters, maps.all(), strict=True):
        shown.scroll_into_view_if_needed()
        wide, words = shown.evaluate("async (image) => [(await image.decode(), image.naturalWidth), image.alt]")
        assert wide == {"desktop": 1200, "phone": 720}[screen]
        assert chapter.view["as_of"][:4] in words


def test_a_map_of_no_chapter_or_shape_is_not_found(reader: Visit) -> None:
    reader.open("/stories")
    for path in ("closing-door/north/round", "closing-door/none/wide", "none/north/wide", "closing-door/%3Cb%3E/wide"):
        assert reader.page.request.get(f"{reader.address}/stories/{path}.png").status == 404
