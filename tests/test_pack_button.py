"""The button beside a story: nothing is made before somebody asks, and every part that is there can be downloaded."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from components import pack
from routes.pack.building import PackError
from routes.pack.parts import PARTS
from routes.sharing import ADDRESS_VARIABLE
from routes.words import say

STORY = "laos-2013"


def page() -> None:
    from components.pack import pack_button

    pack_button("laos-2013")


def unknown_page() -> None:
    from components.pack import pack_button

    pack_button("atlantis")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, bytes]]:
    """Files by part; building a part puts some there."""
    made: dict[str, dict[str, bytes]] = {}

    def build(*_: object, parts: list[str], progress: object, **__: object) -> None:
        progress(0.5, say("pack.part.data"))  # type: ignore[operator]
        made.update({name: {f"{STORY}-{name}.bin": b"data"} for name in parts})

    monkeypatch.setattr(pack, "build_pack", build)
    monkeypatch.setattr(pack, "made_already", lambda part, *_, **__: made.get(part))
    return made


def test_nothing_is_made_until_asked_and_then_offered(shelf: dict[str, dict[str, bytes]]) -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [button.label for button in app.button] == [say("pack.make")]
    assert not app.get("download_button")
    app.button(key=f"pack-make-{STORY}").click().run()
    assert set(shelf) == set(PARTS)
    assert len(app.get("download_button")) == len(PARTS) + 1  # and all together


def test_only_the_chosen_parts_are_made(shelf: dict[str, dict[str, bytes]]) -> None:
    app = AppTest.from_function(page).run()
    app.pills(key=f"pack-parts-{STORY}").set_value(["data"]).run()
    app.button(key=f"pack-make-{STORY}").click().run()
    assert set(shelf) == {"data"}
    app.pills(key=f"pack-parts-{STORY}").set_value([]).run()
    assert app.button(key=f"pack-make-{STORY}").disabled


@pytest.mark.usefixtures("shelf")
def test_what_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PackError("It failed: [x](javascript:1).")

    monkeypatch.setattr(pack, "build_pack", fail)
    app = AppTest.from_function(page).run()
    app.button(key=f"pack-make-{STORY}").click().run()
    assert not app.exception
    assert app.error[0].value == r"It failed\: \[x\]\(javascript\:1\)\."


def test_a_story_that_is_not_there_has_no_button() -> None:
    app = AppTest.from_function(unknown_page).run()
    assert not app.exception
    assert not app.button


def test_links_lead_to_the_public_site_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack.st, "context", SimpleNamespace(url="http://10.0.0.7:8501/stories"))
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    assert pack._address() == "http://10.0.0.7:8501"
    monkeypatch.setenv(ADDRESS_VARIABLE, "https://map.example.org")
    assert pack._address() == "https://map.example.org"
