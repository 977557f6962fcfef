"""Everything we know, read once from a data folder: tables, layers, basemap, and what is wrong with them.

A Dataset never changes and is shared by all readers. `load` reads again when a file under the folder has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from routes.checks import check_references
from routes.drawing import Drawing, countries_of, draw_all, on_grid
from routes.layers import read_layer
from routes.problems import Problem
from routes.records import (
    CountryRecord,
    Dispute,
    DisputeClaim,
    Effect,
    Feature,
    GlossaryTerm,
    Layer,
    PolicyEvent,
    RiskNote,
    Series,
    Source,
    Statistic,
)
from routes.stance import Spell, fold
from routes.tables import TABLES, read_table

T = TypeVar("T")
DEFAULT_FOLDER = Path(__file__).parent.parent / "data"
FOLDER_VARIABLE = "ROUTES_DATA"


@dataclass(frozen=True)
class Dataset:
    """All records by id, the layers in their order, and the problems found on the way.

    A reader may rely on every reference inside: what points nowhere has been taken out and stands in `problems`.
    """

    folder: Path
    fingerprint: str
    countries: Mapping[str, CountryRecord]
    policy_events: Mapping[str, PolicyEvent]
    effects: Mapping[str, Effect]
    risk_notes: Mapping[str, RiskNote]
    series: Mapping[str, Series]
    statistics: Mapping[str, Statistic]
    sources: Mapping[str, Source]
    disputes: Mapping[str, Dispute]
    dispute_claims: Mapping[str, DisputeClaim]
    glossary: Mapping[str, GlossaryTerm]
    layers: tuple[Layer, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def features(self) -> Mapping[str, Feature]:
        """Every feature of every layer by id."""
        return {feature.id: feature for layer in self.layers for feature in layer.features}

    @cached_property
    def drawings(self) -> Mapping[str, Drawing]:
        """How each feature is drawn, by feature id."""
        countries = self.folder / "basemap" / "countries.geojson"
        try:
            land = countries_of(json.loads(countries.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # not the basemap we know
            land = {}
        return draw_all(map(on_grid, self.features.values()), land)

    @cached_property
    def spells(self) -> Mapping[str, tuple[Spell, ...]]:
        """The stances over time of each segment, band and mission, by feature id."""
        return {
            feature.id: self.spells_of(*feature.effect_scopes)
            for feature in self.features.values()
            if feature.effect_scopes
        }

    def spells_of(self, *scopes: str) -> tuple[Spell, ...]:
        """The stances over time that the effects on `scopes` (a country code, a segment id) add up to."""
        return fold(effect for effect in self.effects.values() if effect.scope in scopes)

    def claims_of(self, dispute: str) -> tuple[DisputeClaim, ...]:
        """The claims of one dispute, in file order."""
        return tuple(claim for claim in self.dispute_claims.values() if claim.dispute == dispute)

    def statistics_of(self, series: str) -> tuple[Statistic, ...]:
        """The figures of one series, oldest first."""
        found = (statistic for statistic in self.statistics.values() if statistic.series == series)
        return tuple(sorted(found, key=lambda statistic: (statistic.period.start.first_day, statistic.id)))


def data_folder() -> Path:
    """The folder that `ROUTES_DATA` names, or the project's own `data/`."""
    return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def load(folder: Path | None = None) -> Dataset:
    """The dataset in `folder`; read anew only when a file in it has changed."""
    folder = folder or data_folder()
    return _load(folder, _stamp(folder))


def data_files(folder: Path) -> list[Path]:
    """The tables and layers of a data folder that make up the dataset, in a fixed order."""
    tables = [folder / f"{name}.csv" for name in TABLES]
    return tables + sorted((folder / "layers").glob("*.geojson"))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    stamps = []
    for path in [*data_files(folder), folder / "basemap" / "countries.geojson"]:
        try:
            status = path.stat()
        except OSError:
            continue
        stamps.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(stamps)


@lru_cache(maxsize=2)
def _load(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> Dataset:
    problems: list[Problem] = []
    tables: dict[str, dict[str, Any]] = {}
    for name, kind in TABLES.items():
        path = folder / f"{name}.csv"
        records, found = read_table(path, kind, shown_as=_shown(path, folder))
        tables[name] = {record.id: record for record in records}
        problems += found
    layers: list[Layer] = []
    for path in sorted((folder / "layers").glob("*.geojson")):
        layer, found = read_layer(path, shown_as=_shown(path, folder))
        problems += found
        if layer is not None:
            layers.append(layer)
    layers.sort(key=lambda layer: (layer.order, layer.id))
    tables, sound_layers, found = check_references(tables, tuple(layers))
    problems += found
    return Dataset(
        folder=folder,
        fingerprint=_fingerprint(folder),
        layers=sound_layers,
        problems=tuple(problems),
        **{name: MappingProxyType(records) for name, records in tables.items()},
    )


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in data_files(folder):
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def _shown(path: Path, folder: Path) -> str:
    return str(Path(folder.name) / path.relative_to(folder))
