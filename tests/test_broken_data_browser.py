"""A broken file never takes the map down: readers see the rest and a notice, staff see why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit, launch, serving, visit
from playwright.sync_api import sync_playwright

from routes.dataset import DEFAULT_FOLDER

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "data"))


@pytest.fixture
def reader(folder: Path) -> Iterator[Visit]:
    with serving(folder) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        seen = visit(browser.new_context(viewport={"width": 1440, "height": 900}), address)
        yield seen
        browser.close()
        assert seen.foreign == []


def test_a_file_that_breaks_while_the_server_runs_costs_only_itself_and_a_mended_one_is_back(
    reader: Visit, folder: Path
) -> None:
    layer = folder / "layers" / "mongolia.geojson"
    whole = layer.read_bytes()
    reader.open_map("as_of=2014")
    assert reader.feature("mn-to-ulaanbaatar").count() == 1

    layer.write_bytes(whole[:200])
    reader.open_map("as_of=2014")
    assert reader.feature("mn-to-ulaanbaatar").count() == 0
    assert reader.feature("cn-to-yunnan").count() == 1
    assert reader.page.get_by_text("could not be shown").first.is_visible()
    reader.open("/method")
    reader.settle()
    assert "mongolia.geojson" in (reader.page.locator("body").text_content() or "")

    layer.write_bytes(whole)
    reader.open_map("as_of=2014")
    assert reader.feature("mn-to-ulaanbaatar").count() == 1
    assert reader.page.get_by_text("could not be shown").count() == 0
