"""Packs are made apart, two processes at a time, with their progress told; data and pictures as they are published."""

from __future__ import annotations

import argparse
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from xml.etree.ElementTree import fromstring

import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, TODAY, edit_cell, rows_of
from pack_making import ADDRESS, story_named
from PIL import Image

from routes.dataset import DEFAULT_FOLDER, Dataset, load
from routes.drawing import GRID_DEGREES
from routes.pack import building, commands, parts
from routes.pack.archives import packed, unpacked
from routes.pack.building import PackError, Shelf, build_pack, lanes, made_already, pack_zip
from routes.pack.data_files import data_zip
from routes.pack.facts import view_keys
from routes.pack.manifest import manifest_of
from routes.pack.parts import PARTS
from routes.pack.pictures import CARD, card, picture, size_of, slide_map, view_of
from routes.pack.verifying import verify
from routes.pack.views import CHANGE_FRAME, CLOSEST_CHANGE, chapter_view, compared_views
from routes.picture.framing import LIVE_FRAME, positions_of, saved_frame
from routes.picture.svg import Box
from routes.picture.ways import shown_features
from routes.problems import LinkError, NotAllowedError
from routes.sharing import ADDRESS_VARIABLE
from routes.stories import Chapter, Story
from routes.view import View
from routes.words import say


@pytest.fixture
def story(real_dataset: Dataset) -> Story:
    return story_named(real_dataset, "laos-2013")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf with nothing on it."""
    fresh = Shelf(10**8)
    monkeypatch.setattr(building, "_SHELF", fresh)
    return fresh


# Building


@pytest.mark.usefixtures("shelf")
def test_a_pack_is_made_apart_and_kept_for_the_day(
    story: Story, real_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[float, str]] = []
    options: dict[str, Any] = {"today": TODAY, "parts": ("data",), "progress": lambda *said: told.append(said)}
    assert made_already("data", story, real_dataset, today=TODAY) is None
    files = build_pack(story, real_dataset, **options)
    assert list(files) == ["laos-2013-data.zip"]
    assert verify(files["laos-2013-data.zip"], real_dataset) == []
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[0] == (0.0, say("pack.starting"))
    assert say("pack.waiting") not in [words for _, words in told]  # no other pack is being made
    assert told[-1] == (1.0, say("pack.done"))
    monkeypatch.setattr(building, "_made", None)  # the second time nothing is made
    assert build_pack(story, real_dataset, **options) == files
    assert made_already("data", story, real_dataset, today=TODAY) == files
    assert made_already("data", story, replace(real_dataset, fingerprint="other"), today=TODAY) is None


@pytest.mark.usefixtures("shelf")
def test_what_is_refused_apart_is_told_here(story: Story, real_dataset: Dataset) -> None:
    with pytest.raises(PackError, match=r"bad\.pptx: expected a PowerPoint template"):
        build_pack(story, real_dataset, today=TODAY, parts=("slides",), template=("bad.pptx", b"no template"))
    with pytest.raises(PackError, match="There is no story “gone”"):
        build_pack(replace(story, id="gone"), real_dataset, today=TODAY, parts=("data",))


@pytest.mark.usefixtures("shelf")
def test_a_process_that_dies_is_told(story: Story, real_dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building.sys, "executable", "/bin/false")
    with pytest.raises(PackError, match="could not be made"):
        build_pack(story, real_dataset, today=TODAY, parts=("data",))


@pytest.mark.usefixtures("shelf")
def test_whoever_leaves_ends_the_processes(story: Story, real_dataset: Dataset) -> None:
    class GoneError(Exception):
        pass

    def leave(_share: float, words: str) -> None:
        if words.startswith(say("pack.part.data")):
            raise GoneError

    with pytest.raises(GoneError):
        build_pack(story, real_dataset, today=TODAY, parts=("data",), progress=leave)
    assert build_pack(story, real_dataset, today=TODAY, parts=("data",))  # and the next one gets a turn


@pytest.mark.usefixtures("shelf")
def test_when_too_many_wait_the_next_is_told_so(
    story: Story, real_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_LINE", building.BoundedSemaphore(1))
    with building._turn(print), pytest.raises(NotAllowedError, match="Several packs"):
        build_pack(story, real_dataset, today=TODAY, parts=("data",))


def test_a_pack_that_waits_for_another_says_so() -> None:
    told: Queue[str] = Queue()

    def wait() -> None:
        with building._turn(told.put):
            told.put("its turn")

    other = Thread(target=wait)
    with building._turn(told.put):
        other.start()
        assert told.get(timeout=10) == say("pack.waiting")
        assert told.empty()
    assert told.get(timeout=10) == "its turn"
    other.join()


def test_the_oldest_files_leave_a_full_shelf_first() -> None:
    shelf = Shelf(10)
    for name in ("a", "b"):
        shelf.put((name,), {"file": b"1234"})
    assert shelf.get(("a",))
    shelf.put(("c",), {"file": b"1234"})
    assert [shelf.get((name,)) is not None for name in ("a", "b", "c")] == [True, False, True]
    shelf.put(("d",), {"file": b"0" * 100})
    assert shelf.get(("d",))


def test_a_shelf_is_used_by_many_at_once() -> None:
    shelf = Shelf(50)

    def work(start: int) -> None:
        for n in range(start, start + 99):
            shelf.put((str(n % 7),), {"f": bytes(n % 20)})

    threads = [Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len((shelf.get((str(n),)) or {"f": b""})["f"]) for n in range(7)) <= 50


@given(st.lists(st.sampled_from(sorted(PARTS)), unique=True))
def test_every_part_is_made_once_in_at_most_two_processes(names: list[str]) -> None:
    found = lanes(names)
    assert sorted(name for lane in found for name in lane) == sorted(names)
    assert len(found) <= 2


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_has_a_name_in_words(part: str) -> None:
    assert say(f"pack.part.{part}")


def test_the_pictures_of_a_pack_are_whole_and_true(story: Story, real_dataset: Dataset) -> None:
    short = replace(story, chapters=story.chapters[:1])
    order = parts.Order(story=short, dataset=real_dataset, today=TODAY)
    files = PARTS["pictures"].make(order, lambda _share, _words: None)
    assert list(files) == [
        "pictures/laos-2013-01-before.svg",
        "pictures/laos-2013-01-before.png",
        "pictures/laos-2013-card.png",
    ]
    for name, data in files.items():
        assert verify(data, real_dataset) == [], name
    whole = pack_zip(files, short, real_dataset, today=TODAY)
    assert set(unpacked(whole)) == {*files, "README.txt", "manifest.json"}
    assert verify(whole, real_dataset) == []


# Data


def test_data_has_only_what_is_published_on_the_grid(story: Story, copied_folder: Path) -> None:
    path = copied_folder / "layers" / "laos-thailand.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"]["phone"] = "secret-detail"
        feature["bbox"] = [102.123456, 17.0, 103.0, 18.0]
        if feature["geometry"]["type"] == "LineString":
            feature["geometry"]["coordinates"][0][0] += 0.0123
    layer["secret-head"] = "secret-detail"
    path.write_text(json.dumps(layer), encoding="utf-8")
    edit_cell(copied_folder / "policy_events.csv", "la-after-2013", summary="A broker helped.")
    dataset = load(copied_folder)
    members = unpacked(data_zip(story, dataset, today=TODAY))
    assert "la-after-2013" not in dataset.policy_events
    events = list(csv.DictReader(io.StringIO(members["policy_events.csv"].decode())))
    assert "la-after-2013" not in {row["id"] for row in events}
    for name, content in members.items():
        assert b"secret-detail" not in content, name
        assert b"broker" not in content.lower(), name
    for feature in json.loads(members["layers/laos-thailand.geojson"])["features"]:
        assert "bbox" not in feature
        for value in flat(feature["geometry"]["coordinates"]):
            assert abs(value / GRID_DEGREES - round(value / GRID_DEGREES)) < 1e-6


def flat(value: Any) -> list[float]:
    return [one for part in value for one in flat(part)] if isinstance(value, list) else [value]


def test_data_names_its_sources_and_its_licence(story: Story, real_dataset: Dataset, tmp_path: Path) -> None:
    members = unpacked(data_zip(story, real_dataset, today=TODAY))
    readme = members["README.txt"].decode()
    assert "CC BY 4.0" in readme
    assert real_dataset.fingerprint in readme
    assert real_dataset.sources["voa-2014-10-laos"].address in readme
    assert json.loads(members["layers/laos-thailand.geojson"])["attribution"].startswith("What “Laos 2013” shows.")
    cited = {row["id"] for row in csv.DictReader(io.StringIO(members["sources.csv"].decode()))}
    assert {one.source for chapter in story.chapters for one in chapter.sources} <= cited
    (tmp_path / "x.gpkg").write_bytes(members["laos-2013.gpkg"])
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "x.gpkg")}
    assert {"laos-thailand", "china-transit", "policy_events", "sources", "statistics"} <= layers
    info = pyogrio.read_info(tmp_path / "x.gpkg", layer="laos-thailand")
    assert info["features"] == len(json.loads(members["layers/laos-thailand.geojson"])["features"])


def test_the_stances_in_the_data_are_those_that_the_story_shows(story: Story, real_dataset: Dataset) -> None:
    members = unpacked(data_zip(story, real_dataset, today=TODAY))
    rows = list(csv.DictReader(io.StringIO(members["stances.csv"].decode())))
    found = {(row["chapter"], row["feature"]): row["stance"] for row in rows}
    for chapter in story.chapters:
        for feature, stance in chapter.shows.items():
            assert found[chapter.id, feature] == stance


def test_hostile_words_stay_words_in_data(hostile_folder: Path) -> None:
    dataset = load(hostile_folder)
    members = unpacked(data_zip(story_named(dataset, "laos-2013"), dataset, today=TODAY))
    for name, content in members.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))], name
    assert verify(data_zip(story_named(dataset, "laos-2013"), dataset, today=TODAY), dataset) == []


# Pictures


@pytest.mark.parametrize(("text", "size"), [("1920x1080", (1920, 1080)), ("card", CARD), (" 640×480 ", (640, 480))])
def test_sizes_are_read(text: str, size: tuple[int, int]) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["", "1920", "0x0", "99999x10", "100x100", "1920x9000", "٣٠٠x٣٠٠", "-5x900"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(LinkError, match="Expected a size"):
        size_of(text)


def test_a_view_is_read_from_a_link_or_refused(real_dataset: Dataset) -> None:
    assert view_of("as_of=2014&sel=LA", real_dataset, today=TODAY).selection == "LA"
    with pytest.raises(LinkError, match="Atlantis"):
        view_of("?sel=Atlantis", real_dataset, today=TODAY)


def test_a_card_and_a_picture_carry_their_facts(real_dataset: Dataset) -> None:
    view = view_of("as_of=2014&sel=LA&layers=laos-thailand", real_dataset, today=TODAY)
    data = card(real_dataset, view, today=TODAY, title=HOSTILE, text=HOSTILE)
    assert Image.open(io.BytesIO(data)).size == CARD
    assert verify(data, real_dataset) == []
    svg = picture(real_dataset, view, form="svg", size=(800, 500), today=TODAY, title=HOSTILE)
    root = fromstring(svg)
    assert not [one for one in root.iter() if one.tag.endswith(("}script", "}image", "}a"))]
    assert verify(svg, real_dataset) == []


def test_a_slides_map_has_the_size_asked_for_and_is_twice_as_fine(real_dataset: Dataset) -> None:
    view = view_of("as_of=2014&layers=laos-thailand", real_dataset, today=TODAY)
    drawn = Image.open(io.BytesIO(slide_map(real_dataset, view, (500, 400), TODAY)))
    assert drawn.size == (1000, 800)


def test_a_chapters_map_shows_all_that_its_words_rely_on(real_dataset: Dataset) -> None:
    for one in real_dataset.stories:
        for chapter in one.chapters:
            view = chapter_view(chapter, real_dataset, today=TODAY)
            assert (view.as_of, view.selection) == (chapter.as_of, chapter.view.get("sel"))
            assert view.position
            frame = saved_frame(view.position, Box(0, 0, *LIVE_FRAME), 1.0)
            for position in positions_of(real_dataset.drawings[name] for name in chapter.shows):
                assert frame.box.has(frame.point(position)), (one.id, chapter.id)


def test_a_comparison_shows_what_changed_large_and_from_the_same_place(real_dataset: Dataset) -> None:
    compared = [chapter for one in real_dataset.stories for chapter in one.chapters if compared_views_of(chapter)]
    assert compared
    for chapter in compared:
        before, after = compared_views_of(chapter)
        assert before.position
        assert (before.position, before.layers) == (after.position, after.layers)
        shown = zip(shown_features(real_dataset, before), shown_features(real_dataset, after), strict=True)
        moved = [one.drawing for one, other in shown if one.stance != other.stance]
        frame = saved_frame(before.position, Box(0, 0, *LIVE_FRAME), 1.0)
        points = [frame.point(position) for position in positions_of(moved)]
        assert all(CHANGE_FRAME.has(point, 1.0) for point in points)
        width, height = (max(side) - min(side) for side in zip(*points, strict=True))
        is_large = width > CHANGE_FRAME.width / 2 or height > CHANGE_FRAME.height / 2
        assert is_large or before.position.zoom == CLOSEST_CHANGE


def compared_views_of(chapter: Chapter) -> list[View]:
    return compared_views(chapter, load(DEFAULT_FOLDER), today=TODAY)


def test_a_comparison_of_two_days_between_which_nothing_changed_keeps_the_chapters_frame(story: Story) -> None:
    chapter = next(chapter for chapter in story.chapters if chapter.figure and chapter.figure.kind == "compare")
    assert chapter.figure
    still = replace(chapter, figure=replace(chapter.figure, start=chapter.figure.end))
    own = chapter_view(still, load(DEFAULT_FOLDER), today=TODAY)
    assert [view.position for view in compared_views_of(still)] == 2 * [own.position]


def test_the_facts_of_a_pack_hold_every_stance_that_its_maps_show(real_dataset: Dataset) -> None:
    for one in real_dataset.stories:
        scenes = {scene.id: set(scene.keys) for scene in manifest_of(one, real_dataset, TODAY).scenes}
        for chapter in one.chapters:
            for view in (chapter_view(chapter, real_dataset, today=TODAY), *compared_views_of(chapter)):
                assert set(view_keys(real_dataset, view)) <= scenes[chapter.id], (one.id, chapter.id)


# The command line


def run(*given: str) -> int:
    parser = argparse.ArgumentParser()
    commands.pack_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(commands.joined(given))
    return int(arguments.run(arguments))


@pytest.mark.usefixtures("shelf")
def test_the_command_line_makes_a_pack_and_verifies_it(
    tmp_path: Path, copied_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROUTES_DATA", str(copied_folder))
    out = tmp_path / "packs"
    options = ("--lang", "en", "--out", str(out), "--address", ADDRESS, "--part", "data")
    assert run("export", "pack", "--story", "laos-2013", *options) == 0
    names = {path.name for path in out.iterdir()}
    assert "laos-2013-data.zip" in names
    assert len(names) == 2  # and the whole as one file
    for path in out.iterdir():
        assert run("verify", str(path)) == 0
    edit_cell(copied_folder / "statistics.csv", "arr-kr-2013", value="1515")
    assert run("verify", str(out / "laos-2013-data.zip")) == 1
    assert "arrivals in 2013: the pack says 1,514, the data says 1,515" in capsys.readouterr().out


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("given", "set_to", "used"),
    [
        (("--address", ADDRESS), "https://other.example", ADDRESS),
        ((), ADDRESS, ADDRESS),
        ((), "", ""),
        ((), "map.example.org", ""),
    ],
    ids=["given", "set", "neither", "set to what is no address"],
)
def test_the_sites_address_is_the_one_given_or_else_the_one_set(
    given: tuple[str, ...], set_to: str, used: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, set_to)
    asked: list[str] = []

    def build(*_: object, address: str, **__: object) -> dict[str, bytes]:
        asked.append(address)
        return {}

    monkeypatch.setattr(commands, "build_pack", build)
    assert run("export", "pack", "--story", "laos-2013", "--out", str(tmp_path), *given) == 0
    assert asked == [used]


def test_the_command_line_refuses_an_address_that_can_be_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("export", "pack", "--story", "laos-2013", "--address", "map.example.org")
    assert "Expected an address such as https://map.example.org" in capsys.readouterr().err


def test_the_command_line_refuses_another_story_or_language() -> None:
    with pytest.raises(NotAllowedError, match="no story “atlantis”"):
        run("export", "pack", "--story", "atlantis")
    with pytest.raises(NotAllowedError, match="not in “ko”"):
        run("export", "pack", "--story", "laos-2013", "--lang", "ko")


def test_the_command_line_draws_any_view(tmp_path: Path) -> None:
    options = ("--format", "svg", "--size", "800x500", "--out", str(tmp_path / "laos.svg"))
    assert run("export", "picture", "--view", "as_of=2014&sel=LA&layers=laos-thailand", *options) == 0
    assert run("verify", str(tmp_path / "laos.svg")) == 0


def test_other_exports_are_left_alone() -> None:
    plain = ["export", "policy_events", "--format", "csv"]
    assert commands.joined(plain) == plain
    assert commands.joined(["export"]) == ["export"]


def test_archives_are_the_same_each_time() -> None:
    members = {"b": b"1", "a.png": b"2"}
    assert packed(members) == packed(members)
    assert unpacked(packed(members)) == members


def test_rows_of_a_pack_are_rows_of_the_data(story: Story, real_dataset: Dataset, copied_folder: Path) -> None:
    members = unpacked(data_zip(story, real_dataset, today=TODAY))
    whole = {row["id"]: row for row in rows_of(copied_folder / "statistics.csv")}
    for row in csv.DictReader(io.StringIO(members["statistics.csv"].decode())):
        assert row["value"] == whole[row["id"]]["value"]
