"""Claims about the public geography under the routes."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from shapely import Point, box
from shapely.geometry import shape

from components.server import as_json
from routes.basemap import (
    COARSE_FROM,
    FIRST_PAINT,
    LABEL_AT,
    QUIET_COUNTRIES,
    ROUTE_CITIES,
    basemap_data,
    basemap_folder,
    basemap_names,
    province_lines,
    read_basemap,
)
from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.drawing import countries_of


@pytest.fixture(scope="module")
def data(real_dataset: Dataset) -> dict[str, Any]:
    return basemap_data(real_dataset)


@pytest.mark.parametrize("name", FIRST_PAINT)
def test_every_file_of_the_first_paint_is_sent(data: dict[str, Any], name: str) -> None:
    collection = data[name.removesuffix("_110m")]
    assert collection["type"] == "FeatureCollection"
    assert collection["features"]


def test_every_country_on_the_way_has_its_name_on_its_land(data: dict[str, Any]) -> None:
    land = countries_of(data["countries"])
    assert data["names"].keys() == LABEL_AT.keys()
    assert all(land[code].contains(Point(position)) for code, position in LABEL_AT.items())


def test_every_quiet_country_and_city_is_in_the_basemap(data: dict[str, Any]) -> None:
    codes = {one["properties"]["a2"] for one in data["countries"]["features"]}
    assert set(QUIET_COUNTRIES) <= codes - LABEL_AT.keys()
    assert set(ROUTE_CITIES) <= {one["properties"]["name"] for one in data["places"]["features"]}


def test_borders_go_on_where_the_fine_basemap_ends(data: dict[str, Any], real_dataset: Dataset) -> None:
    fine = read_basemap(basemap_folder(real_dataset), "borders")["features"]
    assert data["borders"]["features"][: len(fine)] == fine
    coarse = {one["properties"]["status"]: shape(one["geometry"]) for one in data["borders"]["features"][len(fine) :]}
    solid, dashed = coarse["international"], coarse["disputed"]
    nepal, china_and_kazakhstan = box(80.0, 26.5, 86.9, 30.5), box(80.0, 43.0, 83.0, 46.0)
    assert solid.intersects(nepal)
    assert solid.intersects(china_and_kazakhstan)
    assert solid.bounds[2] > 87 - 0.1  # up to the cut
    assert dashed.intersects(box(78.0, 31.0, 80.0, 35.0))  # China and India
    assert solid.bounds[0] >= COARSE_FROM
    assert not solid.intersects(box(88.0, 4.0, 130.0, 53.0))  # never beside the fine ones


def test_borders_beyond_the_fine_basemap_cost_little(data: dict[str, Any], real_dataset: Dataset) -> None:
    without = {**data, "borders": read_basemap(basemap_folder(real_dataset), "borders")}
    assert len(gzip.compress(as_json(data))) - len(gzip.compress(as_json(without))) < 5_000


def test_the_basemap_asks_for_nothing_elsewhere(data: dict[str, Any], real_dataset: Dataset) -> None:
    sent = as_json([data, province_lines(real_dataset)])
    assert b"http:" not in sent
    assert b"https:" not in sent


def test_a_folder_without_a_basemap_borrows_ours(small_folder: Path) -> None:
    dataset = load(small_folder)
    assert basemap_folder(dataset) == DEFAULT_FOLDER / "basemap"
    assert basemap_data(dataset)["countries"]["features"]


def test_a_folder_with_a_basemap_uses_its_own(copied_folder: Path) -> None:
    assert basemap_folder(load(copied_folder)) == copied_folder / "basemap"


def test_a_basemap_that_is_gone_is_empty(small_folder: Path) -> None:
    (small_folder / "basemap").mkdir()
    dataset = load(small_folder)
    assert province_lines(dataset) == {"type": "FeatureCollection", "features": []}
    assert basemap_data(dataset)["rivers"]["features"] == []


def test_names_are_those_of_the_whole_basemap(data: dict[str, Any], real_dataset: Dataset) -> None:
    found = basemap_names(real_dataset)
    assert {name: value for name, value in found.items() if name != "countries"}.items() <= data.items()
    told = [country["properties"] for country in found["countries"]["features"]]
    assert told == [country["properties"] for country in data["countries"]["features"]]
