"""Claims about the staff page as a script, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.staff import page
from components.staff.telling import problem_text
from routes.problems import Problem, StoreError
from routes.store.opening import open_store
from routes.text import markdown


def test_a_store_that_cannot_be_read_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise StoreError("The history of data/: expected a folder that can be written, got a read-only one.")

    told: list[str] = []
    monkeypatch.setattr(page, "current_desk", away)
    monkeypatch.setattr(page, "show_refusal", lambda error: told.append(str(error)))
    page.show()
    assert told == ["The history of data/: expected a folder that can be written, got a read-only one."]


@pytest.mark.parametrize(
    ("file", "pointer", "place"),
    [
        ("layers/ways.geojson", "la-way", "Layer: Ways · Name of la-way"),
        ("layers/ways.geojson", "/features/1/properties/kind", "Layer: Ways · Name of la-band · Kind"),
        ("layers/ways.geojson", "/features/7", "Layer: Ways"),
        ("policy_events.csv", "la-act/effect", "Table: policy events · An act · Effect on refugees"),
        ("gone.csv", "", "gone.csv"),
    ],
)
def test_a_problem_is_placed_as_the_forms_name_it(small_folder: Path, file: str, pointer: str, place: str) -> None:
    documents = open_store(small_folder).documents()
    problem = Problem(file=file, line=0, pointer=pointer, rule="x", severity="error", message="Got it.", hint="Mend.")
    assert problem_text(problem, documents) == f"**{markdown(place)}** {markdown('Got it. Mend.')}"
