"""Claims about what a link says and what it restores."""

from __future__ import annotations

from datetime import date
from functools import cache
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, event

from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.records import ROUTE_IDS
from routes.view import (
    FILTER_KEYS,
    FIRST_YEAR,
    MAX_ZOOM,
    MIN_ZOOM,
    Filter,
    MapPosition,
    View,
    default_as_of,
    read_view,
    selectable,
)

TODAY = date(2026, 11, 22)
PARAMETERS = ("as_of", "sel", "layers", "filter", "map")


@cache
def ours() -> Dataset:
    return load(DEFAULT_FOLDER)


@st.composite
def views(draw: st.DrawFn) -> View:
    layers = [layer.id for layer in ours().layers]
    some = st.lists(st.sampled_from(layers), unique=True).map(lambda chosen: tuple(n for n in layers if n in chosen))
    words = {
        "country": sorted({one.country for one in ours().policy_events.values()}),
        "route": ROUTE_IDS,
        "effect": ("eases", "restricts", "neutral", "unclear"),
        "certainty": ("established", "reported", "alleged"),
    }
    chosen = {key: tuple(draw(st.lists(st.sampled_from(words[key]), max_size=2))) for key in FILTER_KEYS}
    position = st.builds(
        MapPosition,
        st.integers(MIN_ZOOM * 4, MAX_ZOOM * 4).map(lambda quarters: quarters / 4),
        st.integers(-8500, 8500).map(lambda n: n / 100),
        st.integers(-18000, 18000).map(lambda n: n / 100),
    )
    return View(
        as_of=draw(st.dates(date(FIRST_YEAR, 1, 1), date(TODAY.year, 12, 31))),
        selection=draw(st.none() | st.sampled_from(sorted(selectable(ours())))),
        layers=draw(st.none() | some),
        filter=Filter(**chosen),
        position=draw(st.none() | position),
    )


@given(views())
def test_a_link_restores_the_view_it_was_made_from(view: View) -> None:
    assert read_view(view.to_params(), ours(), today=TODAY) == (view, [])
    address = urlencode(view.to_params(), safe=",/:")
    assert read_view(dict(parse_qsl(address)), ours(), today=TODAY) == (view, [])


@given(views())
def test_the_same_view_is_always_the_same_link(view: View) -> None:
    again, _ = read_view(view.to_params(), ours(), today=TODAY)
    assert again.to_params() == view.to_params()
    assert set(view.to_params()) <= set(PARAMETERS)


JUNK = (
    st.text(min_size=1)
    | st.text("0123456789-/.,:~ ", min_size=1)
    | st.sampled_from(
        [HOSTILE, "none,none", "../../etc", "0", "-1/-1/-1", "country:", ":", "LA\0", "é" * 5000, "9" * 5000]
    )
)


@pytest.mark.parametrize("name", PARAMETERS)
@given(junk=JUNK)
def test_junk_in_a_link_keeps_the_default_and_is_told(name: str, junk: str) -> None:
    view, unrestored = read_view({name: junk}, ours(), today=TODAY)
    default, _ = read_view({}, ours(), today=TODAY)
    if unrestored:
        assert view == default
        assert len(unrestored) == 1
        assert unrestored[0].endswith(".")
    else:
        assert view != default or name == "as_of"
        assert read_view(view.to_params(), ours(), today=TODAY)[0] == view


@given(st.dictionaries(st.sampled_from(PARAMETERS) | st.text(), JUNK))
def test_no_link_whatever_raises(params: dict[str, str]) -> None:
    view, unrestored = read_view(params, ours(), today=TODAY)
    assert isinstance(view, View)
    assert len(unrestored) <= len(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_one_bad_part_takes_no_other_with_it(name: str) -> None:
    good = {"as_of": "2014", "sel": "LA", "layers": "none", "filter": "country:LA", "map": "5/20.5/104.2"}
    whole, told = read_view(good, ours(), today=TODAY)
    assert told == []
    view, unrestored = read_view({**good, name: "junk!"}, ours(), today=TODAY)
    assert len(unrestored) == 1
    assert "junk!" in unrestored[0]
    assert {key: value for key, value in whole.to_params().items() if key != name}.items() <= view.to_params().items()


@pytest.mark.parametrize("text", ["1989", f"{TODAY.year + 1}", "2013~", "2013-13", "2013-02-30", "today", "2014/2015"])
def test_a_date_the_map_cannot_show_is_told(text: str) -> None:
    view, unrestored = read_view({"as_of": text}, ours(), today=TODAY)
    assert view.as_of == default_as_of(TODAY)
    assert text in unrestored[0]


@pytest.mark.parametrize(
    "text", ["2/20/104", "8/20/104", "7.25/20/104", "5/86/104", "5/20/181", "5/20", "5/20/104/1", "5,20,104", "nan/1/1"]
)
def test_a_position_off_the_map_is_told(text: str) -> None:
    view, unrestored = read_view({"map": text}, ours(), today=TODAY)
    assert view.position is None
    assert len(unrestored) == 1


def test_the_zoom_of_a_shared_link_may_be_a_fraction() -> None:
    """The frame zooms in quarter steps and writes what it shows."""
    view, unrestored = read_view({"map": "4.25/28.31/113.90"}, ours(), today=TODAY)
    assert unrestored == []
    assert view.to_params()["map"] == "4.25/28.31/113.9"


def test_an_empty_link_shows_the_last_whole_year() -> None:
    assert read_view({}, ours(), today=TODAY) == (View(as_of=date(2025, 12, 31)), [])
    assert read_view(dict.fromkeys(PARAMETERS, ""), ours(), today=TODAY) == (View(as_of=date(2025, 12, 31)), [])


@pytest.mark.parametrize("kind", ["countries", "features", "policy_events"])
def test_everything_on_the_map_can_be_selected(kind: str) -> None:
    for name in getattr(ours(), kind):
        assert read_view({"sel": name}, ours(), today=TODAY)[0].selection == name


def test_layers_keep_their_order_whatever_the_link_says() -> None:
    ids = [layer.id for layer in ours().layers]
    assert read_view({"layers": ",".join(ids[::-1])}, ours(), today=TODAY)[0].layers == tuple(ids)


@pytest.mark.parametrize(
    ("chosen", "admitted"),
    [
        (Filter(), True),
        (Filter(country=("LA",)), True),
        (Filter(country=("CN", "LA")), True),
        (Filter(country=("CN",)), False),
        (Filter(route=("vietnam", "laos-thailand")), True),
        (Filter(route=("vietnam",)), False),
        (Filter(country=("LA",), effect=("eases",)), False),
        (Filter(country=("LA",), effect=("eases", "restricts"), certainty=("established",)), True),
        (Filter(certainty=("alleged",)), False),
    ],
    ids=repr,
)
def test_a_filter_needs_one_value_of_each_key(chosen: Filter, admitted: bool) -> None:
    assert chosen.admits(event()) is admitted
    assert bool(chosen) is (chosen != Filter())
