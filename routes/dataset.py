"""Everything we know, read once: tables, layers, and what is wrong with them.

    load()                 ->  what is published, read again when it has changed; what every reader sees
    read_dataset(texts)    ->  the same of any set of files, such as a draft that nobody has published

A Dataset never changes and is shared by all readers.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, TypeVar

from routes.checks import check_references
from routes.documents import LAYERS, STORIES
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
from routes.safety import HIDDEN_FOR, check_safety, harmful_records
from routes.stance import Spell, fold
from routes.store.opening import open_store
from routes.stories import Chapter, Story, read_story
from routes.tables import TABLES, read_table

T = TypeVar("T")
DEFAULT_FOLDER = Path(__file__).parent.parent / "data"
FOLDER_VARIABLE = "ROUTES_DATA"


@dataclass(frozen=True)
class Dataset:
    """All records by id, the layers in their order, and the problems found on the way.

    A reader may rely on every reference inside: what points nowhere has been taken out and stands in `problems`.
    `texts` are the files it was read from, by name below the data folder.
    """

    texts: Mapping[str, bytes]
    basemap_folder: Path
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
    stories: tuple[Story, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def features(self) -> Mapping[str, Feature]:
        """Every feature of every layer by id."""
        return {feature.id: feature for layer in self.layers for feature in layer.features}

    @cached_property
    def drawings(self) -> Mapping[str, Drawing]:
        """How each feature is drawn, by feature id."""
        countries = self.basemap_folder / "countries.geojson"
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

    def chapter(self, story_id: str, chapter_id: str) -> Chapter | None:
        """One chapter of a story; None where there is none."""
        named = (story.chapters for story in self.stories if story.id == story_id)
        return next((chapter for chapters in named for chapter in chapters if chapter.id == chapter_id), None)

    def statistics_of(self, series: str) -> tuple[Statistic, ...]:
        """The figures of one series, oldest first."""
        found = (statistic for statistic in self.statistics.values() if statistic.series == series)
        return tuple(sorted(found, key=lambda statistic: (statistic.period.start.first_day, statistic.id)))


def data_folder() -> Path:
    """The folder that `ROUTES_DATA` names, or the project's own `data/`."""
    return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def load(folder: Path | None = None) -> Dataset:
    """What is published, by the store that holds `folder`; read anew only when it has changed."""
    folder = folder or data_folder()
    return _load(folder, open_store(folder).stamp(), _stamp_of(folder / "basemap" / "countries.geojson"))


@lru_cache(maxsize=2)
def _load(folder: Path, _stamp: object, _basemap_stamp: object) -> Dataset:
    return published_dataset(open_store(folder).texts(), folder / "basemap")


def published_dataset(texts: Mapping[str, bytes], basemap_folder: Path) -> Dataset:
    """The dataset of `texts` as readers may see it: without the records whose words must not be published."""
    dataset = read_dataset(texts, basemap_folder)
    harmful = harmful_records(dataset)
    if not harmful:
        return dataset
    rest = read_dataset(texts, basemap_folder, without=harmful)
    told = [problem for problem in check_safety(dataset, today=None) if problem.rule in HIDDEN_FOR]
    return replace(rest, problems=(*rest.problems, *told))


def read_dataset(
    texts: Mapping[str, bytes], basemap_folder: Path, *, without: Collection[tuple[str, str]] = ()
) -> Dataset:
    """The dataset of the files `texts`, by name below a data folder, but for the records (file, id) in `without`."""
    problems: list[Problem] = []
    tables: dict[str, dict[str, Any]] = {}
    for name, kind in TABLES.items():
        file = f"{name}.csv"
        records, found = read_table(texts.get(file, b""), kind, shown_as=file)
        tables[name] = {record.id: record for record in records if (file, record.id) not in without}
        problems += found
    layers: list[Layer] = []
    for file in files_in(LAYERS, texts):
        layer, found = read_layer(PurePosixPath(file).stem, texts[file], shown_as=file)
        problems += found
        if layer is not None:
            features = tuple(feature for feature in layer.features if (file, feature.id) not in without)
            if (file, "") in without:
                layer = replace(layer, title=layer.id, description="")
            layers.append(replace(layer, features=features))
    layers.sort(key=lambda layer: (layer.order, layer.id))
    tables, sound_layers, found = check_references(tables, tuple(layers))
    problems += found
    stories: list[Story] = []
    for file in files_in(STORIES, texts):
        story, found = read_story(PurePosixPath(file).stem, texts[file])
        problems += found
        if story is not None and (file, "") not in without:
            chapters = tuple(chapter for chapter in story.chapters if (file, chapter.id) not in without)
            if chapters:
                stories.append(replace(story, chapters=chapters))
    return Dataset(
        texts=MappingProxyType(dict(texts)),
        basemap_folder=basemap_folder,
        fingerprint=_fingerprint(texts),
        layers=sound_layers,
        stories=tuple(sorted(stories, key=lambda story: (story.order, story.id))),
        problems=tuple(problems),
        **{name: MappingProxyType(records) for name, records in tables.items()},
    )


def files_in(folder: str, texts: Iterable[str]) -> list[str]:
    """The names of the files in a folder (`routes.documents.LAYERS`), in a fixed order."""
    return sorted(file for file in texts if file.startswith(folder))


def _stamp_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _fingerprint(texts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for file in [*(f"{name}.csv" for name in TABLES), *files_in(LAYERS, texts), *files_in(STORIES, texts)]:
        digest.update(file.encode())
        digest.update(texts.get(file, b""))
    return digest.hexdigest()[:16]
