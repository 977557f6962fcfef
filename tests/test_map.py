"""Claims about the folium map: empty, constant, and reached by one small safe text alone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE
from test_view import ours, views

from components import map as map_module
from components.map import FrameScript, FrameState, draw_map, empty_map, frame_value, published_map
from components.present import STAGE
from components.server import ASSETS, EDITOR_FRAME, FRAME
from routes.view import MAX_ZOOM, View, read_view

SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=&,./_~-"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What reaches streamlit-folium."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(map_module, "st_folium", lambda fig, **named: calls.append({"fig": fig, **named}))
    return calls


def page_of(fig: folium.Map) -> str:
    return str(fig.get_root().render())


@given(st.text(SAFE))
def test_ids_dates_and_numbers_pass_to_the_frame(state: str) -> None:
    assert FrameState(state).state == state


@given(st.text(SAFE), st.characters().filter(lambda c: c not in SAFE), st.text(SAFE))
def test_any_other_character_is_refused(before: str, odd: str, after: str) -> None:
    with pytest.raises(ValueError, match="ids, dates and numbers"):
        FrameState(before + odd + after)


@pytest.mark.parametrize("state", [HOSTILE, '");alert(1);("', "a\n", "a\\", "</script>", "${1}", "`", "%22", "sel=é"])
def test_script_is_refused(state: str) -> None:
    with pytest.raises(ValueError, match="ids, dates and numbers"):
        FrameState(state)


@given(views(), st.integers(0, 10**9))
def test_every_view_there_can_be_passes_to_the_frame(view: View, sequence: int) -> None:
    calls: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(map_module, "st_folium", lambda fig, **named: calls.append({"fig": fig, **named}))
        draw_map(view, sequence, lambda: None, published_map())
    (call,) = calls
    state = dict(part.split("=", 1) for part in call["feature_group_to_add"].state.split("&"))
    assert state.pop("seq") == str(sequence)
    expected = {name: value for name, value in view.to_params().items() if name != "filter"}
    assert state == expected, "the filter is no business of the map's"


def test_the_frame_is_asked_for_nothing_but_its_own_value(shown: list[dict[str, Any]]) -> None:
    draw_map(View(as_of=date(2014, 12, 31)), 0, lambda: None, published_map())
    assert shown[0]["returned_objects"] == []
    assert shown[0]["key"] == map_module.KEY


def test_the_map_is_the_same_whatever_the_view(shown: list[dict[str, Any]]) -> None:
    """A changed base map is a new component to Streamlit, and the reader's zoom is lost."""
    draw_map(View(as_of=date(2014, 12, 31)), 0, lambda: None, published_map())
    draw_map(View(as_of=date(1995, 5, 1), selection="LA", layers=()), 7, lambda: None, published_map())
    one, other = (re.sub(r"map_[0-9a-f]{32}|[0-9a-f]{32}", "id", page_of(call["fig"])) for call in shown)
    assert one == other
    assert shown[0]["fig"] is not shown[1]["fig"]


def test_the_map_holds_no_data_of_ours() -> None:
    page = page_of(empty_map(FrameScript(published_map()), "frame"))
    dataset = ours()
    names = [*dataset.features, *dataset.policy_events, *(one.name for one in dataset.features.values())]
    names += [event.title for event in dataset.policy_events.values()]
    assert [name for name in names if name in page] == []
    assert "coordinates" not in page


def test_the_map_has_no_address_but_ours() -> None:
    fig = empty_map(FrameScript(published_map()), "frame")
    page = page_of(fig)
    found = re.findall(r"""(?:src|href)\s*=\s*["']?([^"'\s>]+)""", page)
    found += [address for _, address in (*fig.default_js, *fig.default_css)]
    assert found
    assert all(address.startswith(f"{ASSETS}/") for address in found)
    assert re.findall(r"https?://|[\"'(]//", page) == []


@pytest.mark.parametrize("folder", [FRAME, EDITOR_FRAME, STAGE], ids=lambda folder: folder.name)
def test_scripts_that_are_joined_in_the_order_of_their_names_are_numbered_without_gap_or_repeat(folder: Path) -> None:
    numbers = [int(path.name.partition("_")[0]) for path in sorted(folder.glob("*.js"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_map_has_no_tiles_and_stops_at_its_zoom() -> None:
    fig = empty_map(FrameScript(published_map()), "frame")
    assert not [child for child in fig._children.values() if isinstance(child, folium.TileLayer)]
    assert fig.options["maxZoom"] == MAX_ZOOM


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON | st.dictionaries(st.sampled_from(["as_of", "sel", "layers", "filter", "map", "seq"]), JSON))
def test_whatever_the_frame_sends_is_a_view_and_a_number(stored: Any) -> None:
    params, sequence = frame_value(stored)
    assert 0 <= sequence < 1_000_000_000
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in params.items())
    view, _ = read_view(params, ours(), today=date(2026, 11, 22))
    FrameState(view.to_params()["as_of"])


@pytest.mark.parametrize(
    ("sent", "sequence"),
    [
        (1, 1),
        (999_999_999, 999_999_999),
        (10**9, 0),
        (-1, 0),
        (0, 0),
        ("7", 0),
        (1.5, 0),
        (True, 0),
        (None, 0),
        ([1], 0),
    ],
    ids=repr,
)
def test_only_a_small_whole_number_is_a_sequence(sent: object, sequence: int) -> None:
    params, found = frame_value({"as_of": "2014", "seq": sent})
    assert (found, type(found)) == (sequence, int)
    assert params["as_of"] == "2014"


@pytest.mark.parametrize("stored", [None, "text", 3, [], ["as_of", "2014"]], ids=repr)
def test_what_is_no_object_is_nothing(stored: object) -> None:
    assert frame_value(stored) == ({}, 0)
