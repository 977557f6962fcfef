"""A file that was handed out can be held against the data: it says yes while all stands, and names what does not."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, TODAY, edit_cell
from pack_making import hostile_story, small_map, story_named
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader, PdfWriter

from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.exchange.limits import RefusedFileError
from routes.pack.archives import packed, unpacked
from routes.pack.facts import Fact, fact_of
from routes.pack.manifest import Manifest, Scene, manifest_of, manifest_of_view, read_manifest
from routes.pack.sealing import Found, found_in, kind_of, sealed
from routes.pack.verifying import verify
from routes.problems import UnreadableError
from routes.text import visible
from routes.view import View
from routes.words import say

KINDS = ("pptx", "zip", "png", "svg", "html", "pdf")


@cache
def empty(kind: str) -> bytes:
    """The smallest file of a kind."""
    out = io.BytesIO()
    if kind == "pptx":
        Presentation().save(out)
    elif kind == "zip":
        return packed({"a.csv": b"id\n", "README.txt": b"text"})
    elif kind == "png":
        return small_map(None, None, (40, 40))
    elif kind == "pdf":
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write(out)
    else:
        text = {"svg": '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
                "html": "<!DOCTYPE html><html><body><p>Map</p></body></html>"}  # fmt: skip
        return text[kind].encode()
    return out.getvalue()


@pytest.fixture(scope="module")
def manifest(real_dataset: Dataset) -> Manifest:
    return manifest_of(story_named(real_dataset, "laos-2013"), real_dataset, TODAY)


# Every kind of file


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_file_of_each_kind_is_whole_and_true(kind: str, manifest: Manifest, real_dataset: Dataset) -> None:
    data = sealed(empty(kind), manifest)
    assert kind_of(data) == kind
    assert read_manifest(found_in(data).text or "") == (manifest, True)
    assert verify(data, real_dataset) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_a_manifest_says_so(kind: str, real_dataset: Dataset) -> None:
    assert verify(empty(kind), real_dataset) == [say("verify.no_manifest")]


def changed(kind: str, data: bytes) -> bytes:
    """The file with something else in it, as an edit would leave it."""
    if kind in ("pptx", "zip"):
        members = unpacked(data)
        name = "docProps/core.xml" if kind == "pptx" else "a.csv"
        return packed({**members, name: members[name] + b" "})
    if kind == "png":
        at = data.index(b"IDAT") - 4
        chunk = struct.pack(">I", 3) + b"tEXtk\0v" + struct.pack(">I", zlib.crc32(b"tEXtk\0v"))
        return data[:at] + chunk + data[at:]
    if kind == "pdf":
        return data + b"\n% more\n"
    return data.replace(b"<rect/>", b"<rect width='2'/>").replace(b"Map", b"Maps")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_changed_says_so(kind: str, manifest: Manifest, real_dataset: Dataset) -> None:
    data = changed(kind, sealed(empty(kind), manifest))
    assert verify(data, real_dataset) == [say("verify.changed")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_facts_that_was_changed_says_so(kind: str, manifest: Manifest, real_dataset: Dataset) -> None:
    other = replace(manifest, title="Another title")
    text = manifest.as_json().replace('"title":"Laos 2013"', '"title":"Another title"')
    data = sealed(empty(kind), _Written(text))  # type: ignore[arg-type]
    assert read_manifest(text) == (other, False)
    assert verify(data, real_dataset) == [say("verify.list_changed")]


class _Written:
    """A manifest that says what it is told to."""

    def __init__(self, text: str) -> None:
        self.as_json: Callable[[], str] = lambda: text


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "pptx"])
def test_a_sealed_file_still_opens(kind: str, manifest: Manifest) -> None:
    data = sealed(empty(kind), manifest)
    if kind == "png":
        Image.open(io.BytesIO(data)).load()
    elif kind == "pdf":
        assert len(PdfReader(io.BytesIO(data)).pages) == 1
    elif kind == "pptx":
        Presentation(io.BytesIO(data))
    else:
        assert fromstring(data)[0].tag.endswith("metadata")


def test_slides_that_an_office_saved_again_still_name_their_facts(manifest: Manifest, real_dataset: Dataset) -> None:
    members = unpacked(sealed(empty("pptx"), manifest))
    renamed = {name.replace("closing-door.xml", "item1.xml"): content for name, content in members.items()}
    saved = packed({**renamed, "docProps/app.xml": b"<Properties/>"})
    assert verify(saved, real_dataset) == [say("verify.changed")]


# The facts


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_figure_is_named(kind: str, copied_folder: Path, manifest: Manifest) -> None:
    data = sealed(empty(kind), manifest)
    edit_cell(copied_folder / "statistics.csv", "arr-kr-2013", value="1515")
    assert verify(data, load(copied_folder)) == ["arrivals in 2013: the pack says 1,514, the data says 1,515"]


@pytest.mark.parametrize(
    ("table", "record", "cells", "told"),
    [
        ("policy_events", "la-nine-returned-2013", {"date": "2013-05-27"},
         "the event “Nine North Koreans are sent back to Pyongyang”, date: the pack says 28 May 2013, "
         "the data says 27 May 2013"),
        ("policy_events", "la-nine-returned-2013", {"certainty": "reported"}, "certainty: the pack says established"),
        ("statistics", "arr-kr-2013", {"status": "provisional"}, "status: the pack says final"),
        ("risk_notes", "la-note-before-2013", {"title": "Other"}, "title: the pack says"),
        ("disputes", "laos-after-2013", {"shown": "Nothing."}, "what is shown: the pack says"),
        ("sources", "voa-2014-10-laos", {"publisher": "Another"}, "publisher: the pack says"),
    ],
)  # fmt: skip
def test_each_kind_of_fact_is_named_when_it_changes(
    table: str, record: str, cells: dict[str, str], told: str, copied_folder: Path, manifest: Manifest
) -> None:
    edit_cell(copied_folder / f"{table}.csv", record, **cells)
    assert any(told in sentence for sentence in verify(sealed(empty("zip"), manifest), load(copied_folder)))


def test_a_stance_that_changed_is_named_with_its_date(copied_folder: Path, manifest: Manifest) -> None:
    dataset = load(copied_folder)
    text = (copied_folder / "effects.csv").read_text(encoding="utf-8")
    rows = [
        row
        for row in text.split("\n")
        if not row.startswith(tuple(e for e, x in dataset.effects.items() if x.scope == "LA"))
    ]
    (copied_folder / "effects.csv").write_text("\n".join(rows), encoding="utf-8")
    told = verify(sealed(empty("zip"), manifest), load(copied_folder))
    assert any("end of 2014: the pack says mixed, the data says unknown" in sentence for sentence in told)


def test_what_is_gone_and_words_that_changed_are_named(copied_folder: Path, manifest: Manifest) -> None:
    path = copied_folder / "stories" / "laos-2013.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace("On 28 May they were", "On 29 May they were"), encoding="utf-8"
    )
    text = (copied_folder / "policy_events.csv").read_text(encoding="utf-8")
    rows = [row for row in text.split("\n") if not row.startswith("la-six-released-2014")]
    (copied_folder / "policy_events.csv").write_text("\n".join(rows), encoding="utf-8")
    told = verify(sealed(empty("zip"), manifest), load(copied_folder))
    assert any("the chapter “May 2013: nine people”, text" in one and "On 28 May" in one for one in told)
    assert any(one.endswith("the data no longer has it") for one in told)


def test_the_manifest_lists_what_each_chapter_leans_on_shows_and_cites(real_dataset: Dataset) -> None:
    for story in real_dataset.stories:
        made = manifest_of(story, real_dataset, TODAY)
        for scene, chapter in zip(made.scenes, story.chapters, strict=True):
            expected = {*chapter.leans, *(f"source:{cited.source}" for cited in chapter.sources)}
            expected |= {f"stance:{feature}@{chapter.as_of}" for feature in chapter.shows}
            assert expected <= set(scene.keys)
            for feature, stance in chapter.shows.items():
                assert made.facts[f"stance:{feature}@{chapter.as_of}"].says["stance"] == stance
        assert {key for scene in made.scenes for key in scene.keys} == set(made.facts)
        assert made.fingerprint == real_dataset.fingerprint
        assert made.made == TODAY


def test_a_pictures_manifest_has_the_stances_in_sight(real_dataset: Dataset) -> None:
    made = manifest_of_view(View(as_of=TODAY, layers=("laos-thailand",)), real_dataset, TODAY)
    assert made.facts
    assert all(key.startswith("stance:") for key in made.facts)


@pytest.mark.parametrize(
    "key",
    ["", "event:", "event:none", "stance:la-transit", "stance:none@2014-12-31", "stance:la-transit@soon",
     "chapter:laos-2013/none", "chapter:none/x", "odd:x"],
)  # fmt: skip
def test_what_the_data_does_not_have_is_no_fact(key: str, real_dataset: Dataset) -> None:
    assert fact_of(real_dataset, key) is None


# Hostile


texts = st.text(st.characters(codec=None), max_size=30).map(visible)


@given(st.lists(st.tuples(texts, texts, texts), max_size=4), texts)
def test_a_manifest_reads_back_equal_whatever_it_says(said: list[tuple[str, str, str]], title: str) -> None:
    facts = {key: Fact(name, {"title": text}) for key, name, text in said}
    scene = Scene(id="a", title=title, as_of="2014-12-31", keys=tuple(facts))
    made = Manifest(story="s", title=title, made=TODAY, fingerprint="f", scenes=(scene,), facts=facts)
    assert read_manifest(made.as_json()) == (made, True)
    assert not set(made.as_json()) & set("<>&")
    for kind in ("svg", "html", "png"):
        assert found_in(sealed(empty(kind), made)) == Found(found_in(sealed(empty(kind), made)).text, True)


def test_hostile_words_in_a_manifest_are_no_markup(real_dataset: Dataset) -> None:
    story = hostile_story(story_named(real_dataset, "laos-2013"))
    changed_data = replace(real_dataset, stories=(story,))
    data = sealed(empty("html"), manifest_of(story, changed_data, TODAY))
    assert data.count(b"<script") == 1
    assert verify(data, changed_data) == []
    assert visible(HOSTILE) in json.loads(found_in(data).text or "")["title"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "[" * 5000, '{"chapters": 1}', '{"chapters": [], "facts": []}']
)
def test_what_is_no_manifest_is_said_so(text: str, real_dataset: Dataset) -> None:
    with pytest.raises(UnreadableError):
        read_manifest(text)
    assert say("verify.bad_manifest") in verify(packed({"manifest.json": text.encode()}), real_dataset)


@given(st.binary(max_size=200), st.sampled_from(KINDS), st.integers(0, 10_000))
def test_bytes_of_any_kind_are_answered_or_refused(noise: bytes, kind: str, at: int) -> None:
    dataset = load(DEFAULT_FOLDER)
    whole = empty(kind)
    for data in (noise, whole[: at % len(whole)], whole[: at % len(whole)] + noise + whole[at % len(whole) :]):
        with suppress(RefusedFileError):
            assert verify(data, dataset)


def test_a_bomb_is_refused_before_it_is_unpacked(real_dataset: Dataset) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 300_000_000)
    with pytest.raises(RefusedFileError):
        verify(out.getvalue(), real_dataset)
