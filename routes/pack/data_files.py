"""What a story shows, as data: its layers as GeoJSON, CSV and GeoPackage, the records behind it as CSV, its sources.

Positions are those on the published map, on the grid; a record that readers must not see is not in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pyogrio import raw

from routes.citations import bibtex, csl_json, plain, ris
from routes.dataset import Dataset
from routes.documents import LAYERS, Document, Record, file_of, read_document
from routes.exchange import export
from routes.exchange.cells import as_table_cell, guarded
from routes.exchange.mapping import LAYER_FIELDS
from routes.generalising import generalised
from routes.pack.archives import packed
from routes.pack.manifest import Manifest, manifest_of
from routes.pack.sealing import sealed
from routes.records import Layer, Source
from routes.stance import stance_at
from routes.stories import Story
from routes.tables import csv_line
from routes.view import read_view
from routes.words import date_words, say

TABLES_OF = {"event": "policy_events", "note": "risk_notes", "statistic": "statistics", "dispute": "disputes",
             "source": "sources"}  # fmt: skip
"""The table that a fact of each kind stands in."""


def data_zip(story: Story, dataset: Dataset, *, today: date) -> bytes:
    """A ZIP of what the story shows, with a README that names sources and licence, and its manifest."""
    manifest = manifest_of(story, dataset, today)
    documents = {**_layers(story, dataset, today), **_tables(manifest, dataset)}
    about = say("pack.data_about", title=story.title, fingerprint=dataset.fingerprint, date=date_words(today))
    sources = [dataset.sources[name] for name in documents["sources"].records if name in dataset.sources]
    members = {"README.txt": _readme(story, about, documents, sources)}
    for document_id, document in documents.items():
        for form in ("geojson", "csv") if document_id.startswith(LAYERS) else ("csv",):
            members[f"{document_id}.{form}"] = export(document, document_id, form, about=about)
    members["stances.csv"] = _stances(story, dataset, today)
    members[f"{story.id}.gpkg"] = _geopackage(documents, about)
    for name, write in (("bib", bibtex), ("ris", ris), ("csl.json", csl_json)):
        members[f"sources.{name}"] = write(sources).encode("utf-8")
    return sealed(packed(members, loose=True), manifest)


def _layers(story: Story, dataset: Dataset, today: date) -> dict[str, Document]:
    """The layers that any chapter shows, with the features that readers may see, on the grid."""
    views = [read_view(chapter.view, dataset, today=today)[0] for chapter in story.chapters]
    shown = [layer for layer in dataset.layers if any(view.layers is None or layer.id in view.layers for view in views)]
    return {f"{LAYERS}{layer.id}": _layer(layer, dataset) for layer in shown}


def _layer(layer: Layer, dataset: Dataset) -> Document:
    """A layer with what its features are told on the map; other properties of the file stay behind."""
    whole = _published(f"{LAYERS}{layer.id}", dataset, {feature.id for feature in layer.features})
    records = {key: {**record, "properties": _told(record)} for key, record in whole.records.items()}
    return Document({"title": layer.title, "description": layer.description}, records)


def _told(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record["properties"].items() if name in LAYER_FIELDS}


def _tables(manifest: Manifest, dataset: Dataset) -> dict[str, Document]:
    """The records behind the story by table: what it leans on, effects that colour its maps, and all their sources."""
    wanted: dict[str, set[str]] = {table: set() for table in TABLES_OF.values()}
    for key in manifest.facts:
        kind, _, name = key.partition(":")
        if kind in TABLES_OF:
            wanted[TABLES_OF[kind]].add(name)
    wanted["effects"] = set(_colouring(manifest, dataset))
    wanted["policy_events"] |= {dataset.effects[name].event for name in wanted["effects"]}
    wanted["dispute_claims"] = {claim.id for name in wanted["disputes"] for claim in dataset.claims_of(name)}
    wanted["series"] = {dataset.statistics[name].series for name in wanted["statistics"]}
    for table in ("policy_events", "risk_notes", "statistics", "dispute_claims"):
        for name in wanted[table]:
            wanted["sources"] |= {citation.source for citation in getattr(dataset, table)[name].sources}
    return {table: _published(table, dataset, names) for table, names in sorted(wanted.items())}


def _colouring(manifest: Manifest, dataset: Dataset) -> Iterator[str]:
    """The effects behind the stances that the maps show."""
    for key in manifest.facts:
        feature, _, day = key.removeprefix("stance:").partition("@")
        if key.startswith("stance:"):
            yield from stance_at(dataset.spells.get(feature, ()), date.fromisoformat(day)).effects


def _published(document_id: str, dataset: Dataset, kept: set[str]) -> Document:
    """The records of a document that are kept, as they are published."""
    text = dataset.texts.get(file_of(document_id))
    document = generalised(document_id, read_document(document_id, text)) if text else Document()
    return Document(document.head, {key: record for key, record in document.records.items() if key in kept})


def _stances(story: Story, dataset: Dataset, today: date) -> bytes:
    """What each feature shows in each chapter, with the events behind it."""
    rows = [["chapter", "as_of", "feature", "name", "stance", "certainty", "carried", "events"]]
    for chapter in story.chapters:
        view, _ = read_view(chapter.view, dataset, today=today)
        for feature in dataset.features.values():
            if not feature.effect_scopes or (view.layers is not None and feature.layer not in view.layers):
                continue
            spell = stance_at(dataset.spells.get(feature.id, ()), view.as_of)
            events = dict.fromkeys(dataset.effects[name].event for name in spell.effects)
            rows.append([chapter.id, str(view.as_of), feature.id, feature.name, spell.stance, spell.certainty,
                         "yes" if spell.carried else "no", " ".join(events)])  # fmt: skip
    return "".join(csv_line(guarded(as_table_cell(cell)) for cell in row) for row in rows).encode("utf-8", "replace")


def _geopackage(documents: Mapping[str, Document], about: str) -> bytes:
    """One GeoPackage of all layers and tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.gpkg"
        for document_id, document in documents.items():
            if document.records:
                _add(path, document_id, export(document, document_id, "gpkg", about=about), about)
        return path.read_bytes() if path.exists() else b""


def _add(path: Path, document_id: str, data: bytes, about: str) -> None:
    part = path.with_name("part.gpkg")
    part.write_bytes(data)
    meta, _, geometry, fields = raw.read(part)
    raw.write(
        str(path),
        geometry=geometry if geometry is not None and len(geometry) else None,
        field_data=[np.asarray(field, dtype=object) for field in fields],
        fields=meta["fields"],
        layer=document_id.removeprefix(LAYERS),
        driver="GPKG",
        geometry_type="Unknown" if geometry is not None else None,
        crs=meta["crs"] if geometry is not None else None,
        layer_metadata={"DESCRIPTION": about},
        append=False,
    )


def _readme(story: Story, about: str, documents: Mapping[str, Document], sources: Iterable[Source]) -> bytes:
    lines = [story.title, "", about, "", say("site.not_advice"), "", say("pack.data_files"), ""]
    lines += [f"{name}: {len(document.records)}" for name, document in documents.items()]
    lines += ["", say("pack.data_licence"), "", say("pack.sources", names=""), ""]
    lines += [f"{number}. {plain(source)}" for number, source in enumerate(sources, start=1)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
