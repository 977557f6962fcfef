"""A server with staff on a data folder of its own, and what they do on its pages in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, serving, visit
from playwright.sync_api import Browser

from routes.accounts import add_account
from routes.dataset import DEFAULT_FOLDER
from routes.drafts import Draft
from routes.store import Store, documents_at
from routes.store.opening import open_store

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


def throw_away(staff: Visit) -> None:
    staff.page.get_by_role("button", name="Throw away").click()
    staff.page.get_by_role("button", name="Yes, throw the draft away").click()
    staff.settle()


def drafted(office: Office, document_id: str) -> dict[str, Any]:
    """The records of a document as kim's draft has them, and the words of its steps under the empty key."""
    draft = Draft.from_json(office.store.kept("drafts", "kim"))
    base = documents_at(office.store, draft.base)
    return {**draft.documents(base)[document_id].records, "": [step.words for step in draft.steps]}
