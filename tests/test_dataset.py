"""Claims about reading a whole data folder, good or broken."""

from __future__ import annotations

import os
import shutil
from dataclasses import FrozenInstanceError, fields
from datetime import date
from pathlib import Path

import pytest
from making import HOSTILE, edit_cell, items, records, rows_of, write_layer, write_rows

from routes.basemap import basemap_data
from routes.dataset import DEFAULT_FOLDER, FOLDER_VARIABLE, Dataset, data_folder, load
from routes.mapdata import map_data
from routes.records import ROUTE_IDS
from routes.tables import TABLES

FILES = sorted(load(DEFAULT_FOLDER).texts)
BASEMAP = sorted(str(path.relative_to(DEFAULT_FOLDER)) for path in (DEFAULT_FOLDER / "basemap").glob("*.geojson"))
TODAY = date(2026, 11, 22)


def _delete(path: Path) -> None:
    path.unlink()


def _into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _repeat_ids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        path.write_text(text + text.split("\n", 1)[1], encoding="utf-8")
    else:
        head, _, rest = text.partition('"features": [')
        path.write_text(f'{head}"features": [{rest.rstrip().rstrip("}").rstrip().rstrip("]")},{rest}', encoding="utf-8")


BREAKINGS = {
    "deleted": _delete,
    "empty": lambda path: path.write_bytes(b""),
    "bytes": lambda path: path.write_bytes(bytes(range(256)) * 50),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3].rpartition(b",")[0]),
    "Latin-1": lambda path: path.write_bytes(b"\xe9" + path.read_bytes()),
    "other columns": lambda path: path.write_text("a,b,c\n1,2,3\n", encoding="utf-8"),
    "other JSON": lambda path: path.write_text('{"type": "FeatureCollection", "features": [1, null]}', encoding="utf-8"),  # noqa: E501
    "a list": lambda path: path.write_text("[]", encoding="utf-8"),
    "ids twice": _repeat_ids,
    "a folder": _into_folder,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "breaking"),
    [
        (name, breaking)
        for name in FILES
        for breaking in BREAKINGS
        if breaking not in (("other JSON", "a list") if name.endswith(".csv") else ("other columns",))
    ],
)
def test_a_broken_file_takes_no_other_with_it(name: str, breaking: str, tmp_path: Path, real_dataset: Dataset) -> None:
    folder = Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("basemap")))
    BREAKINGS[breaking](folder / name)
    dataset = load(folder)
    quiet = breaking == "deleted" and name.startswith(("layers/", "stories/"))
    assert quiet or any(problem.file.endswith(name) and problem.severity == "error" for problem in dataset.problems)
    table = Path(name).stem
    depend_on_it = {
        "sources": (), "series": ("statistics",), "policy_events": ("effects", "disputes"),
        "disputes": ("dispute_claims",), "dispute_claims": ("disputes",), "countries": ("effects", "risk_notes"),
    }.get(table, ("effects", "risk_notes", "disputes"))  # fmt: skip
    for other in set(TABLES) - {table, *depend_on_it}:
        touched = {"disputes", "dispute_claims"} if depend_on_it else set()
        if other not in touched:
            assert getattr(dataset, other).keys() == getattr(real_dataset, other).keys(), other
    assert {layer.id for layer in dataset.layers} >= {layer.id for layer in real_dataset.layers} - {table}
    assert map_data(dataset, today=TODAY)["layers"]


@pytest.mark.parametrize("breaking", ["deleted", "bytes", "other JSON", "a list"])
@pytest.mark.parametrize("name", BASEMAP)
def test_a_broken_basemap_leaves_the_routes(
    name: str, breaking: str, copied_folder: Path, real_dataset: Dataset
) -> None:
    (copied_folder / name).chmod(0o644)
    BREAKINGS[breaking](copied_folder / name)
    dataset = load(copied_folder)
    assert dataset.problems == ()
    assert dataset.features.keys() == real_dataset.features.keys()
    assert name != "basemap/countries.geojson" or dataset.drawings.keys() == dataset.features.keys()
    sent = basemap_data(dataset)
    assert all(isinstance(sent[part]["features"], list) for part in ("countries", "rivers", "world"))


def test_a_folder_with_nothing_in_it_is_an_empty_dataset(tmp_path: Path) -> None:
    dataset = load(tmp_path)
    assert all(not getattr(dataset, table) for table in TABLES)
    assert {problem.rule for problem in dataset.problems} == {"table-unreadable"}
    assert map_data(dataset, today=TODAY)["features"] == []
    assert load(tmp_path / "nowhere").layers == ()


def test_the_broken_folder_keeps_what_is_sound(broken_folder: Path) -> None:
    dataset = load(broken_folder)
    broken = {problem.file for problem in dataset.problems}
    assert {"glossary.csv", "disputes.csv", "risk_notes.csv", "layers/mongolia.geojson"} <= broken
    assert dataset.policy_events
    assert dataset.risk_notes
    assert dataset.drawings.keys() == dataset.features.keys() != set()


def test_hostile_text_is_text_and_no_problem(hostile_folder: Path, real_dataset: Dataset) -> None:
    dataset = load(hostile_folder)
    assert dataset.problems == ()
    assert all(getattr(dataset, table).keys() == getattr(real_dataset, table).keys() for table in TABLES)
    assert all(event.title.startswith(HOSTILE) for event in dataset.policy_events.values())
    assert all(feature.name.startswith(HOSTILE) for feature in dataset.features.values())


def test_the_real_data_has_no_problem(real_dataset: Dataset) -> None:
    assert real_dataset.problems == ()


@pytest.mark.parametrize("table", [name for name in TABLES if "sources" in {f.name for f in fields(TABLES[name])}])
def test_every_record_has_a_source_that_exists(real_dataset: Dataset, table: str) -> None:
    for record in getattr(real_dataset, table).values():
        assert record.sources, record.id
        assert {citation.source for citation in record.sources} <= real_dataset.sources.keys()


def test_every_feature_has_a_source_that_exists(real_dataset: Dataset) -> None:
    for feature in real_dataset.features.values():
        assert feature.sources, feature.id
        assert {citation.source for citation in feature.sources} <= real_dataset.sources.keys()


def test_every_effect_stands_on_an_event(real_dataset: Dataset) -> None:
    assert {effect.event for effect in real_dataset.effects.values()} <= real_dataset.policy_events.keys()


@pytest.mark.parametrize("route", ROUTE_IDS)
def test_every_route_is_drawn(real_dataset: Dataset, route: str) -> None:
    assert any(
        route in feature.routes for feature in real_dataset.features.values() if feature.kind == "segment"
    ) or any(route in feature.routes for feature in real_dataset.features.values() if feature.kind == "band")


def test_what_a_view_can_select_has_one_meaning(real_dataset: Dataset) -> None:
    kinds = [real_dataset.countries, real_dataset.features, ROUTE_IDS, real_dataset.policy_events]
    assert len({name for kind in kinds for name in kind}) == sum(len(kind) for kind in kinds)


def test_layers_stand_in_their_order(real_dataset: Dataset) -> None:
    orders = [(layer.order, layer.id) for layer in real_dataset.layers]
    assert orders == sorted(orders)


def test_a_dataset_never_changes(small_folder: Path) -> None:
    dataset = load(small_folder)
    with pytest.raises(FrozenInstanceError):
        dataset.layers = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        dataset.countries["XX"] = dataset.countries["LA"]  # type: ignore[index]


def test_the_data_is_read_once_and_again_when_a_file_changes(small_folder: Path) -> None:
    before = load(small_folder)
    assert load(small_folder) is before
    edit_cell(small_folder / "countries.csv", "LA", name="Lao People's Democratic Republic")
    after = load(small_folder)
    assert after.countries["LA"].name == "Lao People's Democratic Republic"
    assert after.fingerprint != before.fingerprint


@pytest.mark.parametrize("name", ["effects.csv", "layers/ways.geojson"])
def test_the_fingerprint_follows_the_content_alone(name: str, small_folder: Path) -> None:
    before = load(small_folder).fingerprint
    path = small_folder / name
    os.utime(path, (1, 1))
    assert load(small_folder).fingerprint == before
    path.write_bytes(path.read_bytes() + b"\n")
    assert load(small_folder).fingerprint != before


def test_the_folder_is_named_by_a_variable(monkeypatch: pytest.MonkeyPatch, small_folder: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(small_folder))
    assert data_folder() == small_folder
    assert load().basemap_folder == small_folder / "basemap"
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    assert data_folder() == DEFAULT_FOLDER


def test_a_small_folder_is_read_as_it_was_written(small_folder: Path) -> None:
    dataset = load(small_folder)
    assert dataset.problems == ()
    for table, rows in records().items():
        assert list(getattr(dataset, table).values()) == rows
    assert list(dataset.features) == [item["id"] for item in items()]
    assert [claim.id for claim in dataset.claims_of("la-dispute")] == ["claim-change", "claim-not"]


def test_figures_come_oldest_first(small_folder: Path) -> None:
    path = small_folder / "statistics.csv"
    write_rows(path, rows_of(path)[::-1])
    assert [figure.id for figure in load(small_folder).statistics_of("arrivals")] == ["arr-2013", "arr-2014"]


def test_one_id_in_two_layers_is_drawn_once(small_folder: Path) -> None:
    write_layer(small_folder, *items(), name="ways-again", order=2)
    dataset = load(small_folder)
    assert [len(layer.features) for layer in dataset.layers] == [len(items()), 0]
    assert {problem.rule for problem in dataset.problems} == {"id-unique"}


@pytest.mark.parametrize(
    ("file", "record", "cells"),
    [
        ("risk_notes.csv", "la-note", {"text": "Ask the brokers."}),
        ("policy_events.csv", "la-act", {"summary": "A girl aged 14 was among them."}),
    ],
)
def test_a_record_whose_words_must_not_be_published_is_kept_from_readers(
    small_folder: Path, file: str, record: str, cells: dict[str, str]
) -> None:
    edit_cell(small_folder / file, record, **cells)
    dataset = load(small_folder)
    assert record not in getattr(dataset, Path(file).stem)
    assert [problem.file for problem in dataset.problems if problem.rule.startswith("safety")] == [file]
    assert all(text not in str(map_data(dataset, today=TODAY)) for text in cells.values())


def test_a_layers_title_that_must_not_be_published_is_kept_from_readers(small_folder: Path) -> None:
    write_layer(small_folder, *items(), title="Where the brokers are")
    (layer,) = load(small_folder).layers
    assert (layer.title, len(layer.features)) == ("ways", len(items()))
