"""Claims about the map as data: what crosses the wire, and that nothing finer than the drawings does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from making import HOSTILE, TODAY, item, write_layer

from components.server import as_json
from routes.dataset import Dataset, load
from routes.drawing import DECIMALS
from routes.mapdata import ARRIVALS, map_data, spell_detail
from routes.records import STANCES
from routes.stance import stance_at
from routes.view import MAX_ZOOM

POSITIONED = {"line", "rings", "position"}


@pytest.fixture(scope="module")
def data(real_dataset: Dataset) -> dict[str, Any]:
    return map_data(real_dataset, today=TODAY)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


def test_every_feature_is_sent_once(data: dict[str, Any], real_dataset: Dataset) -> None:
    assert [one["id"] for one in data["features"]] == list(real_dataset.features)
    assert {one["layer"] for one in data["features"]} <= {layer["id"] for layer in data["layers"]}
    assert {layer["id"]: layer["n"] for layer in data["layers"]} == {
        layer.id: len(layer.features) for layer in real_dataset.layers
    }


def test_positions_are_the_computed_curves_and_nothing_else(data: dict[str, Any], real_dataset: Dataset) -> None:
    for one in data["features"]:
        drawing = real_dataset.drawings[one["id"]]
        assert one.get("line", ()) == drawing.line
        assert one.get("rings", ()) == drawing.rings
        assert one.get("position") == drawing.position
        assert len(POSITIONED & one.keys()) == 1, "a feature is a line, an area or a point"
        rest = {name: value for name, value in one.items() if name not in (*POSITIONED, "lanes", "shift")}
        assert list(numbers(rest)) == []


def test_no_number_outside_the_features_is_a_position(data: dict[str, Any]) -> None:
    others = {name: value for name, value in data.items() if name not in ("features", "arrivals")}
    assert list(numbers(others)) == []


def test_no_position_is_finer_than_the_drawing(data: dict[str, Any]) -> None:
    for one in data["features"]:
        found = list(numbers({name: one[name] for name in POSITIONED & one.keys()}))
        assert found
        assert all(round(value, DECIMALS) == value for value in found)


def test_a_position_finer_than_the_grid_never_leaves(small_folder: Path) -> None:
    fine, ways = [102.1234567, 19.8765432], [[101.7456, 21.2456], [102.1234567, 19.8765432]]
    write_layer(small_folder, item("la-city", "place", fine), item("la-way", "segment", ways))
    sent = {one["id"]: one for one in map_data(load(small_folder), today=TODAY)["features"]}
    assert sent["la-city"]["position"] == (102.1, 19.9)
    assert (sent["la-way"]["line"][0], sent["la-way"]["line"][-1]) == ((101.7, 21.2), (102.1, 19.9))


def test_points_stand_on_the_grid(data: dict[str, Any]) -> None:
    for one in data["features"]:
        if "position" in one:
            assert [round(value, 1) for value in one["position"]] == list(one["position"])


def test_the_map_stops_where_it_is_schematic(data: dict[str, Any]) -> None:
    assert data["zoom"][1] == MAX_ZOOM == 7


@pytest.mark.parametrize("year", range(1990, 2027, 4))
def test_the_browser_looks_up_what_python_folds(data: dict[str, Any], real_dataset: Dataset, year: int) -> None:
    as_of = date(year, 12, 31).isoformat()
    for one in data["features"]:
        spells = data["stances"][one["stances"]]
        here = [s for s in spells if s["start"] <= as_of and (s["end"] is None or as_of <= s["end"])]
        expected = stance_at(real_dataset.spells.get(one["id"], ()), date(year, 12, 31))
        assert [s["stance"] for s in here] == ([expected.stance] if expected.stance != "unknown" or here else [])


def test_every_colour_answers_why(data: dict[str, Any]) -> None:
    for fold in data["stances"].values():
        for spell in fold:
            assert spell["stance"] in STANCES
            assert spell["events"]
            assert set(spell["events"]) <= data["events"].keys()
            assert spell["detail"] or spell["certainty"] == "established"
            assert not spell["carried"] or spell["detail"]


def test_every_spell_can_be_told(real_dataset: Dataset) -> None:
    for fold in real_dataset.spells.values():
        for spell in fold:
            told = spell_detail(spell, real_dataset)
            assert "{" not in told
            assert not spell.carried or len(told) > 10


def test_arrivals_are_the_single_years_in_order(data: dict[str, Any], real_dataset: Dataset) -> None:
    years = [one["year"] for one in data["arrivals"]]
    assert years == sorted(set(years))
    whole = [figure for figure in real_dataset.statistics_of(ARRIVALS) if figure.period.is_one_year]
    assert [one["value"] for one in data["arrivals"]] == [figure.value for figure in whole]


def test_the_data_goes_over_the_wire_as_json(data: dict[str, Any], real_dataset: Dataset) -> None:
    sent = json.loads(as_json(data))
    assert sent["fingerprint"] == real_dataset.fingerprint
    assert len(sent["features"]) == len(real_dataset.features)


def test_hostile_text_goes_over_the_wire_as_text(hostile_folder: Path) -> None:
    dataset = load(hostile_folder)
    sent = json.loads(as_json(map_data(dataset, today=TODAY)))
    assert all(one["name"].startswith(HOSTILE) for one in sent["features"])
    assert all(HOSTILE not in one for one in sent["features"]), "no property key of a file crosses"


def test_no_private_property_of_a_file_crosses(data: dict[str, Any]) -> None:
    allowed = {
        "id",
        "layer",
        "kind",
        "name",
        "authority",
        "whose",
        "text",
        "stances",
        "routes",
        "lanes",
        "shift",
        *POSITIONED,
    }
    assert {name for one in data["features"] for name in one} <= allowed
