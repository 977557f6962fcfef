"""Hostile text in every field: each page shows it as typed, and nothing of it runs or leaves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit, serving, visit
from making import HOSTILE, make_hostile
from playwright.sync_api import Browser

from routes.dataset import DEFAULT_FOLDER
from routes.text import visible

PAGES = ["/answer", "/arrivals", "/changes?from=2012&to=2014", "/disputes", "/sources", "/glossary", "/method"]
VIEWS = ["", "sel=LA", "sel=la-transit", "sel=laos-thailand", "sel=rok-beijing", "sel=la-nine-returned-2013"]
AS_TYPED = " ".join(visible(HOSTILE).split())

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(DEFAULT_FOLDER, tmp_path_factory.mktemp("hostile") / "data"))
    make_hostile(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def reader(chromium: Browser, address: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    seen = visit(context, address)
    yield seen
    for frame in seen.page.frames:
        assert frame.evaluate("typeof window.hurt") == "undefined"
    context.close()
    assert seen.foreign == []
    assert seen.errors == []


def words_on(seen: Visit) -> str:
    """Everything a reader can see on the page and in the map's frame, folded parts included."""
    return " ".join(" ".join(frame.locator("body").text_content() or "" for frame in seen.page.frames).split())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_hostile_text_as_typed_and_runs_none_of_it(reader: Visit, path: str) -> None:
    reader.open(path)
    reader.settle()
    assert reader.page.locator('[data-testid="stException"]').count() == 0
    if path not in ("/method",):  # which shows no text from data
        assert AS_TYPED in words_on(reader)


@pytest.mark.parametrize("view", VIEWS)
def test_the_map_and_the_panel_show_hostile_text_as_typed_and_run_none_of_it(reader: Visit, view: str) -> None:
    reader.open_map(f"as_of=2014&{view}")
    assert AS_TYPED in words_on(reader)


@pytest.mark.parametrize("choice", ["Timeline", "Risks", "Figures", "Disputes"])
def test_every_part_of_the_panel_shows_hostile_text_as_typed(reader: Visit, choice: str) -> None:
    reader.open_map("as_of=2020&sel=CN")
    reader.page.get_by_role("radio", name=choice).or_(reader.page.get_by_role("button", name=choice)).first.click()
    reader.settle()
    assert AS_TYPED in words_on(reader)


def test_popup_and_tooltip_show_hostile_text_as_typed(reader: Visit) -> None:
    reader.open_map("as_of=2014")
    reader.feature("la-transit").dispatch_event("click")
    reader.feature("la-transit").dispatch_event("mouseover")
    for box in (".leaflet-popup", ".leaflet-tooltip"):
        text = " ".join((reader.frame.locator(box).text_content() or "").split())
        assert AS_TYPED in text


def test_search_results_show_hostile_text_as_typed_and_open(reader: Visit) -> None:
    reader.open_map()
    box = reader.page.get_by_placeholder("Search events, places, sources")
    box.fill("javascript Oudomxay")
    box.press("Enter")
    hit = reader.page.get_by_role("button", name="window.hurt").first
    hit.wait_for()
    assert AS_TYPED in " ".join((hit.text_content() or "").split())
    hit.click()
    reader.settle()
