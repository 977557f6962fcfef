"""The data in the states that tests ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import launch
from hypothesis import settings
from making import make_hostile, write_folder
from playwright.sync_api import Browser, sync_playwright
from postgres import database_url, one_database, postgres  # noqa: F401  fixtures
from staffing import office  # noqa: F401  fixture

from routes.dataset import DEFAULT_FOLDER, Dataset, load

settings.register_profile("quick", max_examples=25, deadline=None)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def real_dataset() -> Dataset:
    """The project's own data."""
    return load(DEFAULT_FOLDER)


@pytest.fixture
def copied_folder(tmp_path: Path) -> Path:
    """A copy of data/ that a test may spoil."""
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns(".store")))


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A data folder of a few good records, without a basemap."""
    return write_folder(tmp_path / "data")


@pytest.fixture
def hostile_folder(copied_folder: Path) -> Path:
    """A copy of data/ in which every free text and some property keys are hostile; ids, words and dates are good."""
    make_hostile(copied_folder)
    return copied_folder


@pytest.fixture
def broken_folder(copied_folder: Path) -> Path:
    """A copy of data/ with a table gone, one of bytes, one with a bad cell, a layer cut short, and no basemap."""
    (copied_folder / "glossary.csv").unlink()
    (copied_folder / "disputes.csv").write_bytes(bytes(range(256)) * 40)
    notes = copied_folder / "risk_notes.csv"
    notes.write_text(notes.read_text(encoding="utf-8").replace(",high,", ",dire,", 1), encoding="utf-8")
    layer = copied_folder / "layers" / "mongolia.geojson"
    layer.write_bytes(layer.read_bytes()[:300])
    (copied_folder / "basemap" / "countries.geojson").unlink()
    return copied_folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """This machine's browser, for the tests of one module."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
