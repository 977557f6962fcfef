"""Claims about a route told in words."""

from __future__ import annotations

from datetime import date

import pytest
from making import feature

from routes.dataset import Dataset
from routes.records import ROUTE_IDS, RouteId
from routes.stance import UNKNOWN, stance_at
from routes.telling import Leg, legs_of, read_aloud

END = date(2014, 12, 31)


@pytest.mark.parametrize("route", ROUTE_IDS)
def test_every_segment_of_a_route_is_told_once(real_dataset: Dataset, route: RouteId) -> None:
    legs = legs_of(real_dataset, route, END)
    expected = [f.id for f in real_dataset.features.values() if f.kind in ("segment", "band") and route in f.routes]
    assert sorted(leg.feature.id for leg in legs) == sorted(expected) != []


@pytest.mark.parametrize("route", ROUTE_IDS)
def test_every_leg_has_its_stance_of_the_day(real_dataset: Dataset, route: RouteId) -> None:
    for leg in legs_of(real_dataset, route, END):
        assert leg.spell == stance_at(real_dataset.spells[leg.feature.id], END)


@pytest.mark.parametrize("route", ROUTE_IDS)
def test_the_telling_names_every_place_in_whole_sentences(real_dataset: Dataset, route: RouteId) -> None:
    legs = legs_of(real_dataset, route, END)
    told = read_aloud(legs)
    assert all((leg.feature.to_name or leg.feature.name) in told for leg in legs)
    assert told.startswith(f"From {legs[0].feature.from_name}")
    assert told.endswith(".")
    assert "{" not in told
    assert "None" not in told


def leg(kind: str, start: str | None, end: str | None) -> Leg:
    return Leg(feature(f"{start}-{end}".lower(), kind, name="a way", from_name=start, to_name=end), UNKNOWN)


@pytest.mark.parametrize(
    ("legs", "told"),
    [
        ([], ""),
        ([leg("segment", "A", "B"), leg("segment", "B", "C")], "From A, then to B, then to C."),
        (
            [leg("band", "A", "the river"), leg("band", "the river", "B"), leg("segment", "B", "C")],
            "From A across the river into B, then to C.",
        ),
        ([leg("segment", "A", "B"), leg("segment", "D", "E")], "From A, then to B. Or from D, then to E."),
        ([leg("segment", None, None)], "From a way, then to a way."),
    ],
    ids=["nothing", "on and on", "over a river", "two ways in", "unnamed"],
)
def test_legs_become_sentences(legs: list[Leg], told: str) -> None:
    assert read_aloud(legs) == told
