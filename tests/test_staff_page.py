"""Claims about the staff page as a script, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from components.staff import page
from routes.problems import StoreError


def test_a_store_that_cannot_be_read_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise StoreError("The history of data/: expected a folder that can be written, got a read-only one.")

    told: list[str] = []
    monkeypatch.setattr(page, "current_desk", away)
    monkeypatch.setattr(page, "show_refusal", lambda error: told.append(str(error)))
    page.show()
    assert told == ["The history of data/: expected a folder that can be written, got a read-only one."]
