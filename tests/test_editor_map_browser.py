"""What only a real browser shows of the editing map: shapes are drawn and changed, and every change reaches Python."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

import pytest
from browser import ROOT, WIDTHS, Visit, free_port, visit, wait_for
from editing import BENT
from making import HOSTILE
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator
from shapely import LineString, Polygon
from shapely.geometry import shape

from routes.text import visible

LAYER = "layers/laos-thailand"
LAOS = "la-transit"
BANGKOK = "th-to-bangkok"
LAOS_POINTS = [[101.6, 21.1], [102.1, 19.9], [102.6, 18.0]]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/editor_app.py", "--server.port", str(port)]
    with TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


class Editor:
    """A member of staff at the editing map, with a draft of their own."""

    def __init__(self, seen: Visit) -> None:
        self.seen, self.frame, self.page = seen, seen.frame, seen.page
        self.layer, self.desk = LAYER, uuid4().hex

    def open(self, start: str = "", layer: str = LAYER) -> Editor:
        self.layer, self.desk = layer, f"{start}-{self.desk}" if start else self.desk
        self.seen.open(f"/?desk={self.desk}&layer={layer}")
        self.frame.locator('body[data-ready="yes"]').wait_for()
        return self

    def state(self) -> dict[str, Any]:
        """What Python has, once it has answered everything."""
        self.frame.locator('body[data-pending="no"]').wait_for()
        answer = self.page.request.get(f"{self.seen.address}/test/desk?desk={self.desk}&layer={self.layer}")
        found: dict[str, Any] = answer.json()
        return found

    def points(self, feature: str) -> Any:
        """The positions of a feature in Python's draft."""
        return self.state()["shapes"][feature]["coordinates"]

    def steps(self) -> list[str]:
        """The kinds of the steps that reached Python, each once."""
        sent = {step["seq"]: step["step"] for message in self.state()["messages"] for step in message["steps"]}
        return [sent[number] for number in sorted(sent)]

    def path(self, feature: str) -> Locator:
        return self.frame.locator(f'path[data-feature-id="{feature}"]')

    def choose(self, feature: str) -> None:
        self.path(feature).focus()
        self.path(feature).press("Enter")
        self.frame.locator(f'path.chosen[data-feature-id="{feature}"]').wait_for()

    def tool(self, name: str) -> Locator:
        return self.frame.get_by_role("toolbar").get_by_role("button", name=name, exact=True)

    def handle(self, number: int) -> Locator:
        return self.frame.get_by_role("button", name=f"Point {number}:")

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position is on the page, in pixels."""
        script = "(_, [lon, lat]) => { const { x, y } = map.latLngToContainerPoint([lat, lon]); return [x, y]; }"
        x, y = self.frame.locator("body").evaluate(script, [lon, lat])
        box = _box(self.frame.locator("#map_div"))
        return box["x"] + x, box["y"] + y

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=6)
        if drop:
            self.page.mouse.up()

    def click(self, lon: float, lat: float) -> None:
        self.page.mouse.click(*self.at(lon, lat))


def _box(found: Locator) -> FloatRect:
    box = found.bounding_box()
    assert box
    return box


@pytest.fixture(scope="module")
def contexts(chromium: Browser) -> Callable[[str], BrowserContext]:
    """One context for each screen, so that a browser fetches Streamlit's files once."""

    @cache
    def context(screen: str) -> BrowserContext:
        width, height = WIDTHS[screen]
        return chromium.new_context(viewport={"width": width, "height": height}, has_touch=screen == "phone")

    return context


@pytest.fixture(params=["desktop"])
def editor(contexts: Callable[[str], BrowserContext], address: str, request: pytest.FixtureRequest) -> Iterator[Editor]:
    """Whatever a test does, nothing may leave, go wrong or run as script."""
    seen = visit(contexts(request.param), address)
    yield Editor(seen)
    hurt = [frame.evaluate("typeof window.hurt") for frame in seen.page.frames]
    seen.page.close()
    assert seen.foreign == []
    assert seen.errors == []
    assert set(hurt) == {"undefined"}


def on_grid(positions: Any) -> bool:
    return all(math.isclose(number * 10, round(number * 10), abs_tol=1e-7) for one in positions for number in one)


@pytest.mark.parametrize("editor", list(WIDTHS), indirect=True)
def test_every_feature_of_the_layer_is_drawn_with_a_name_and_can_be_reached(editor: Editor) -> None:
    editor.open()
    for feature in editor.state()["shapes"]:
        path = editor.path(feature)
        assert path.get_attribute("d") not in (None, "", "M0 0"), feature
        assert path.get_attribute("tabindex") == "0"
    assert editor.path(LAOS).get_attribute("aria-label") == "Northern Laos to Vientiane (segment)"
    wider = editor.frame.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
    assert wider <= 0


@pytest.mark.long
def test_choosing_a_feature_by_key_shows_its_points_and_tells_python(editor: Editor) -> None:
    editor.open().choose(LAOS)
    assert editor.frame.locator(".handle:not(.plus)").count() == 3
    state = editor.state()
    assert state["selected"] == LAOS
    assert [message["steps"] for message in state["messages"]] == [[]]


@pytest.mark.long
def test_a_second_click_reaches_the_feature_below(editor: Editor) -> None:
    editor.open()
    for band in ("laos-arrival", "yunnan-laos-border", "laos-arrival"):
        editor.click(101.4, 21.6)
        editor.frame.locator(f'path.chosen[data-feature-id="{band}"]').wait_for()
    assert editor.state()["selected"] == "laos-arrival"


def test_dragging_a_point_sends_one_message_with_the_point_on_the_grid(editor: Editor) -> None:
    editor.open().choose(LAOS)
    before = len(editor.state()["messages"])
    editor.drag(editor.at(102.1, 19.9), editor.at(103.43, 19.67))
    assert editor.points(LAOS) == [LAOS_POINTS[0], [103.4, 19.7], LAOS_POINTS[2]]
    messages = editor.state()["messages"]
    assert len(messages) == before + 1
    (step,) = messages[-1]["steps"]
    assert step["step"] == "reshape"
    assert [change["id"] for change in step["changes"]] == [LAOS]


def test_a_dragged_point_snaps_to_the_end_of_another_segment_and_says_its_name(editor: Editor) -> None:
    editor.open().choose(LAOS)
    x, y = editor.at(102.8, 17.4)
    editor.drag(editor.at(102.6, 18.0), (x + 7, y + 6), drop=False)
    name = editor.frame.locator(".leaflet-snap-pane .leaflet-tooltip").last
    assert name.inner_text() == "start of North-eastern Thailand to Bangkok"
    editor.page.mouse.up()
    assert editor.points(LAOS)[2] == [102.8, 17.4]
    assert name.count() == 0


@pytest.mark.long
def test_a_dragged_point_snaps_to_a_place_of_another_layer(editor: Editor) -> None:
    editor.open().choose(LAOS)
    x, y = editor.at(105.8, 21.0)  # a mission in Hanoi
    editor.drag(editor.at(102.1, 19.9), (x - 9, y + 2))
    assert editor.points(LAOS)[1] == [105.8, 21.0]


@pytest.mark.long
def test_alt_leaves_targets_aside_and_keeps_the_grid(editor: Editor) -> None:
    editor.open().choose(LAOS)
    x, y = editor.at(102.8, 17.4)
    editor.page.keyboard.down("Alt")
    editor.drag(editor.at(102.6, 18.0), (x + 12, y), drop=False)
    assert editor.frame.locator(".leaflet-snap-pane .leaflet-tooltip").count() == 0
    editor.page.mouse.up()
    editor.page.keyboard.up("Alt")
    end = editor.points(LAOS)[2]
    assert end != [102.8, 17.4]
    assert on_grid([end])


@pytest.mark.long
def test_a_plus_between_two_points_inserts_one_by_drag_or_key(editor: Editor) -> None:
    editor.open().choose(LAOS)
    plus = editor.frame.get_by_role("button", name="Insert a point between 1 and 2")
    box = _box(plus)
    editor.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), editor.at(103.0, 20.6))
    assert editor.points(LAOS) == [LAOS_POINTS[0], [103.0, 20.6], *LAOS_POINTS[1:]]
    editor.frame.get_by_role("button", name="Insert a point between 1 and 2").press("Enter")
    points = editor.points(LAOS)
    assert len(points) == 5
    assert on_grid(points)
    assert editor.handle(2).evaluate("(handle) => handle === document.activeElement")


def test_arrow_keys_move_a_point_one_step_each_and_a_key_held_down_is_one_change(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.handle(2).press("ArrowRight")
    assert editor.points(LAOS)[1] == [102.2, 19.9]
    assert editor.handle(2).evaluate("(handle) => handle === document.activeElement"), "the redraw keeps the focus"
    for _ in range(4):
        editor.page.keyboard.down("ArrowUp")
    editor.page.keyboard.up("ArrowUp")
    assert editor.points(LAOS)[1] == [102.2, 20.3]
    assert editor.steps() == ["reshape", "reshape"]


@pytest.mark.long
def test_delete_removes_points_until_a_line_has_two(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.handle(2).press("Delete")
    assert editor.points(LAOS) == [LAOS_POINTS[0], LAOS_POINTS[2]]
    editor.handle(1).press("Delete")
    assert editor.frame.get_by_role("status").inner_text() == (
        "A line keeps at least two points, an area at least three corners."
    )
    assert editor.points(LAOS) == [LAOS_POINTS[0], LAOS_POINTS[2]]
    assert editor.tool("Remove point").is_disabled()


def test_a_line_is_split_at_a_point_into_two_that_share_it(editor: Editor) -> None:
    editor.open().choose(LAOS)
    assert editor.tool("Split").is_disabled()
    editor.handle(2).click()
    editor.tool("Split").click()
    shapes = editor.state()["shapes"]
    assert shapes[LAOS]["coordinates"] == LAOS_POINTS[:2]
    assert shapes[f"{LAOS}-2"]["coordinates"] == LAOS_POINTS[1:]
    assert editor.steps() == ["split"]
    assert editor.path(f"{LAOS}-2").count() == 1, "the new part has the name that Python gave it"


def status_of(editor: Editor) -> str:
    return editor.frame.get_by_role("status").inner_text()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_an_area_is_split_from_a_corner_to_another_into_two_that_share_the_cut(editor: Editor, by: str) -> None:
    editor.open("areas", "layers/ways").choose("polygon")
    assert editor.tool("Split").is_disabled()
    if by == "mouse":
        editor.handle(2).click()
        editor.tool("Split").click()
        assert status_of(editor).startswith("Choose the corner to cut to")
        editor.handle(4).hover()
        assert editor.frame.locator("path.sketch").count() == 1
        editor.handle(4).click()
    else:
        editor.handle(2).focus()
        editor.tool("Split").press("Enter")
        assert status_of(editor).startswith("Choose the corner to cut to")
        assert editor.handle(2).evaluate("(handle) => handle === document.activeElement")
        for _ in range(2):
            editor.page.keyboard.press("Tab")
        editor.page.keyboard.press("Enter")
    state = editor.state()
    shapes = [state["shapes"][name] for name in ("polygon", "polygon-2")]
    assert shapes == [
        {"type": "Polygon", "coordinates": [[BENT[3], BENT[4], BENT[0], BENT[1], BENT[3]]]},
        {"type": "Polygon", "coordinates": [[*BENT[1:4], BENT[1]]]},
    ]
    assert editor.steps() == ["split"]
    assert editor.frame.locator("path.sketch").count() == 0
    assert editor.path("polygon-2").count() == 1


def test_a_cut_that_leaves_the_area_or_runs_along_its_edge_is_refused_with_a_hint(editor: Editor) -> None:
    editor.open("areas", "layers/ways").choose("polygon")
    editor.handle(3).click()
    editor.tool("Split").click()
    assert status_of(editor) == (
        "No straight cut leads from this corner to another inside the area; choose another corner first."
    )
    editor.handle(1).click()
    editor.tool("Split").click()
    for number in (2, 3, 5):
        assert editor.handle(number).get_attribute("aria-disabled") == "true"
        editor.handle(number).click(force=True)
        assert status_of(editor).startswith("The cut must run inside the area")
    assert editor.handle(4).get_attribute("aria-disabled") == "false"
    assert editor.frame.locator(".handle.current").inner_text() == "1", "where the cut begins stays marked"
    assert editor.steps() == []


@pytest.mark.parametrize("leave", ["Escape", "Cancel", "Split", "a change"])
def test_a_cut_that_was_begun_can_be_given_up(editor: Editor, leave: str) -> None:
    editor.open("areas", "layers/ways").choose("polygon")
    editor.handle(2).click()
    editor.tool("Split").click()
    assert editor.tool("Split").get_attribute("aria-pressed") == "true"
    if leave == "Escape":
        editor.page.keyboard.press("Escape")
    elif leave == "a change":
        editor.handle(2).press("ArrowDown")
    else:
        editor.tool(leave).click()
    editor.handle(4).click()
    assert editor.state()["selected"] == "polygon"
    assert editor.tool("Split").get_attribute("aria-pressed") == "false"
    assert editor.steps() == (["reshape"] if leave == "a change" else [])


def test_an_area_with_a_hole_says_why_it_is_not_split(editor: Editor) -> None:
    editor.open("shapes", "layers/ways").choose("polygon")
    editor.handle(3).first.click()
    editor.tool("Split").click()
    assert status_of(editor).startswith("An area with a hole is not split here")
    assert editor.steps() == []


def test_a_line_of_several_runs_is_split_within_the_run_of_the_point(editor: Editor) -> None:
    editor.open("areas", "layers/ways").choose("multilinestring")
    runs = editor.points("multilinestring")
    editor.handle(1).nth(1).click()
    assert editor.tool("Split").is_disabled(), "an end of a run parts nothing"
    editor.handle(2).nth(1).click()
    editor.tool("Split").click()
    shapes = editor.state()["shapes"]
    assert shapes["multilinestring"] == {"type": "MultiLineString", "coordinates": [runs[0], runs[1][:2]]}
    assert shapes["multilinestring-2"] == {"type": "MultiLineString", "coordinates": [runs[1][1:], runs[2]]}


def test_one_area_of_several_is_split_and_the_others_stay_with_the_larger_half(editor: Editor) -> None:
    editor.open("areas", "layers/ways").choose("multipolygon")
    (first, second) = editor.points("multipolygon")
    editor.handle(2).nth(1).click()
    editor.tool("Split").click()
    editor.handle(4).nth(1).click()
    shapes = editor.state()["shapes"]
    assert shapes["multipolygon"]["type"] == "MultiPolygon"
    assert shapes["multipolygon"]["coordinates"][0] == first
    halves = [shape(shapes["multipolygon-2"]), Polygon(shapes["multipolygon"]["coordinates"][1][0])]
    assert halves[0].union(halves[1]).equals(Polygon(second[0]))


CUTS = """(_, [ring, pairs]) => pairs.map(([from, to]) => {
    const made = closingDoor.cut.area({ type: "Polygon", coordinates: [ring] }, 0, from, to);
    return made && made.map((half) => half.coordinates[0]);
})"""


def rings(count: int) -> Iterator[list[list[float]]]:
    """Rings round a centre, so that none crosses itself, with notches and corners in a row; wound either way."""
    chance = random.Random(7)
    while count:
        angles = sorted({chance.randrange(0, 360, 15) for _ in range(chance.randint(4, 12))})
        radii = [chance.choice([1.0, 2.5, 2.5, 4.0]) for _ in angles]
        points = [
            [round(100 + far * math.cos(math.radians(a)), 1), round(20 + far * math.sin(math.radians(a)), 1)]
            for a, far in zip(angles, radii, strict=True)
        ]
        if len({*map(tuple, points)}) == len(points) > 3 and Polygon(points).is_valid:
            count -= 1
            yield points[:: chance.choice([1, -1])]


def test_every_cut_of_an_area_makes_two_valid_ones_and_every_other_is_refused(editor: Editor) -> None:
    editor.open("areas", "layers/ways")
    body, made = editor.frame.locator("body"), 0
    for points in rings(60):
        whole, pairs = Polygon(points), list(combinations(range(len(points)), 2))
        cuts = body.evaluate(CUTS, [[*points, points[0]], pairs])
        for (one, other), halves in zip(pairs, cuts, strict=True):
            chord = LineString([points[one], points[other]])
            touched = whole.boundary.intersection(chord)
            parts = whole.covers(chord) and touched.geom_type == "MultiPoint" and len(touched.geoms) == 2
            assert bool(halves) == parts, (points, one, other)
            if not halves:
                continue
            made += 1
            larger, smaller = map(Polygon, halves)
            assert larger.is_valid
            assert smaller.is_valid
            assert all(half.exterior.is_ccw for half in (larger, smaller))
            assert larger.area >= smaller.area - 1e-9
            assert math.isclose(larger.area + smaller.area, whole.area)
            assert larger.intersection(smaller).equals(chord)
            assert {*map(tuple, halves[0])} & {*map(tuple, halves[1])} == {*map(tuple, (points[one], points[other]))}
    assert made > 200


@pytest.mark.long
def test_a_line_is_reversed_and_a_feature_deleted(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.tool("Reverse").click()
    assert editor.points(LAOS) == LAOS_POINTS[::-1]
    editor.tool("Delete feature").click()
    assert LAOS not in editor.state()["shapes"]
    assert editor.path(LAOS).count() == 0
    assert editor.steps() == ["reverse", "delete"]


@pytest.mark.parametrize("finish", ["Enter", "double-click", "button"])
def test_a_line_is_drawn_by_clicks_and_finished(editor: Editor, finish: str) -> None:
    editor.open()
    editor.tool("Line").click()
    for position in ((95.0, 20.0), (96.03, 18.98), (97.0, 20.0)):
        editor.click(*position)
    editor.page.keyboard.press("Backspace")
    if finish == "double-click":
        editor.page.mouse.dblclick(*editor.at(98.0, 21.0))
    else:
        editor.click(98.0, 21.0)
        editor.page.keyboard.press("Enter") if finish == "Enter" else editor.tool("Finish").click()
    state = editor.state()
    new = state["selected"]
    assert state["shapes"][new] == {"type": "LineString", "coordinates": [[95.0, 20.0], [96.0, 19.0], [98.0, 21.0]]}
    assert editor.steps() == ["draw"]
    assert state["messages"][-1]["steps"][0]["changes"][0]["kind"] == "segment"
    editor.frame.locator(f'path.chosen[data-feature-id="{new}"]').wait_for()


@pytest.mark.long
def test_a_point_is_drawn_with_one_click_even_on_another_feature(editor: Editor) -> None:
    editor.open()
    editor.tool("Point").click()
    editor.click(*LAOS_POINTS[1])
    state = editor.state()
    assert state["shapes"][state["selected"]] == {"type": "Point", "coordinates": LAOS_POINTS[1]}


@pytest.mark.long
def test_an_area_is_drawn_as_a_closed_ring_counterclockwise(editor: Editor) -> None:
    editor.open()
    editor.tool("Area").click()
    for position in ((95.0, 20.0), (97.0, 22.0), (97.0, 20.0)):
        editor.click(*position)
    editor.page.keyboard.press("Enter")
    state = editor.state()
    (ring,) = state["shapes"][state["selected"]]["coordinates"]
    assert ring == [[97.0, 20.0], [97.0, 22.0], [95.0, 20.0], [97.0, 20.0]]
    editor.handle(1).press("ArrowRight")
    (ring,) = editor.points(state["selected"])
    assert ring[0] == ring[-1] == [97.1, 20.0]
    editor.handle(1).press("Delete")
    assert editor.points(state["selected"]) == [ring], "a ring keeps three corners"


@pytest.mark.long
def test_escape_drops_a_drawing_and_sends_nothing(editor: Editor) -> None:
    editor.open()
    editor.seen.forget_wire()
    editor.tool("Line").click()
    editor.click(95.0, 20.0)
    editor.click(97.0, 20.0)
    editor.page.keyboard.press("Escape")
    editor.seen.settle()
    assert editor.frame.locator("path.sketch").count() == 0
    assert editor.seen.sent == []


@pytest.mark.long
def test_a_line_is_drawn_with_the_keyboard_alone(editor: Editor) -> None:
    editor.open()
    editor.tool("Line").press("Enter")
    editor.page.keyboard.press("ArrowUp")
    state = editor.state()
    points = state["shapes"][state["selected"]]["coordinates"]
    assert len(points) == 2
    assert on_grid(points)
    assert editor.steps() == ["draw", "reshape"]


@pytest.mark.long
def test_a_feature_is_moved_whole_by_drag_and_by_key(editor: Editor) -> None:
    editor.open()
    editor.tool("Move").click()
    editor.drag(editor.at(102.35, 18.96), editor.at(103.37, 19.44))
    moved = [[102.6, 21.6], [103.1, 20.4], [103.6, 18.5]]
    assert editor.points(LAOS) == moved
    editor.path(LAOS).press("ArrowLeft")
    assert editor.points(LAOS) == [[round(lon - 0.1, 9), lat] for lon, lat in moved]
    assert editor.steps() == ["move", "move"]


@pytest.mark.long
def test_panning_and_zooming_send_nothing(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.state()
    editor.seen.forget_wire()
    editor.drag(editor.at(95.0, 20.0), editor.at(97.0, 21.0))
    editor.frame.get_by_role("button", name="Zoom in").click()
    editor.page.mouse.wheel(0, -300)
    editor.seen.settle(1000)
    assert (editor.seen.sent, editor.seen.received) == ([], [])


@pytest.mark.long
def test_undo_in_python_redraws_and_keeps_zoom_choice_and_point(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.frame.get_by_role("button", name="Zoom in").click()
    editor.handle(3).press("ArrowUp")
    assert editor.points(LAOS)[2] == [102.6, 18.1]
    drawn = editor.path(LAOS).get_attribute("d")
    view = "() => [map.getZoom(), map.getCenter().lat, map.getCenter().lng]"
    before = editor.frame.locator("body").evaluate(view)
    editor.page.get_by_role("button", name="Undo").click()
    editor.frame.locator(f'path[data-feature-id="{LAOS}"]:not([d="{drawn}"])').wait_for()
    assert editor.points(LAOS) == LAOS_POINTS
    assert editor.frame.locator("body").evaluate(view) == before
    assert editor.frame.locator(f'path.chosen[data-feature-id="{LAOS}"]').count() == 1
    assert editor.frame.locator(".handle.current").inner_text() == "3"


@pytest.mark.long
def test_control_z_on_the_map_asks_python_to_undo(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.handle(3).press("ArrowUp")
    editor.page.keyboard.press("Control+z")
    assert editor.points(LAOS) == LAOS_POINTS
    editor.page.keyboard.press("Control+y")
    assert editor.points(LAOS)[2] == [102.6, 18.1]


@pytest.mark.long
def test_many_quick_steps_all_arrive(editor: Editor) -> None:
    editor.open().choose(LAOS)
    for number in (1, 2, 3) * 4:
        editor.handle(number).press("ArrowRight")
    assert editor.points(LAOS) == [[round(lon + 0.4, 9), lat] for lon, lat in LAOS_POINTS]
    assert len(editor.steps()) == 12


@pytest.mark.long
def test_steps_on_a_new_feature_follow_it_to_the_name_python_gives(editor: Editor) -> None:
    editor.open()
    editor.tool("Line").press("Enter")
    for _ in range(3):
        editor.page.keyboard.press("ArrowUp")
    editor.tool("Reverse").click()
    state = editor.state()
    assert editor.steps() == ["draw", "reshape", "reshape", "reshape", "reverse"]
    assert not any(key.startswith("new-") for key in state["shapes"])
    assert len(state["shapes"]) == 11


@pytest.mark.long
def test_nothing_is_redrawn_under_a_drag(editor: Editor) -> None:
    editor.open().choose(LAOS)
    editor.state()
    shown = editor.frame.locator("body").get_attribute("data-shown")
    editor.drag(editor.at(102.1, 19.9), editor.at(103.4, 19.7), drop=False)
    editor.frame.locator("body").evaluate(
        f"() => closingDoor.bridge.receive('layer={LAYER}&v={editor.desk}-0&sel=&seq=999')"
    )
    editor.seen.settle()
    assert editor.frame.locator("body").get_attribute("data-shown") == shown
    assert editor.frame.locator(".dragging").count() == 1
    editor.page.mouse.up()
    assert editor.points(LAOS)[1] == [103.4, 19.7]


@pytest.mark.long
def test_every_kind_of_geometry_is_drawn_and_its_points_can_be_changed(editor: Editor) -> None:
    editor.open("shapes", "layers/ways")
    before = editor.state()["shapes"]
    for feature in before:
        editor.choose(feature)
        editor.handle(2 if feature != "point" else 1).first.press("ArrowRight")
    after = editor.state()["shapes"]
    assert all(after[feature] != before[feature] for feature in before)
    assert after["linestring"]["coordinates"][1] == [108.1, 18.0, 250.0], "a height stays"
    assert after["polygon"]["coordinates"][1] == before["polygon"]["coordinates"][1], "the hole stays"


def test_hostile_names_and_ids_stay_text_and_can_be_edited(editor: Editor) -> None:
    editor.open("hostile", "layers/ways")
    assert "Features without a shape that can be drawn: 8." in editor.frame.locator(".message.note").inner_text()
    path = editor.frame.locator("path.mine.segment")
    path.dispatch_event("mouseover")
    as_typed = " ".join(visible(HOSTILE).split())
    assert as_typed in " ".join((editor.frame.locator(".leaflet-tooltip").first.text_content() or "").split())
    path.focus()
    path.press("Enter")
    assert as_typed in " ".join((editor.frame.get_by_role("status").text_content() or "").split())
    editor.handle(2).press("ArrowRight")
    assert editor.points(HOSTILE)[1] == [102.2, 19.9]
    assert editor.state()["selected"] == HOSTILE
    editor.drag(editor.at(102.6, 18.0), editor.at(104.0, 18.0), drop=False)
    assert as_typed in " ".join((editor.frame.locator(".leaflet-snap-pane").text_content() or "").split())
    editor.page.mouse.up()
    assert editor.points(HOSTILE)[2] == [104.0, 18.0]


@pytest.mark.long
@pytest.mark.parametrize("editor", ["phone"], indirect=True)
def test_a_point_is_dragged_by_touch(editor: Editor) -> None:
    editor.open().choose(LAOS)
    box = _box(editor.handle(2))
    assert min(box["width"], box["height"]) >= 24
    client = editor.page.context.new_cdp_session(editor.page)
    start, end = editor.at(102.1, 19.9), editor.at(103.4, 19.7)
    for kind, point in (("touchStart", start), ("touchMove", _between(start, end)), ("touchMove", end)):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert editor.points(LAOS) == [LAOS_POINTS[0], [103.4, 19.7], LAOS_POINTS[2]]


def _between(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


@pytest.mark.long
@pytest.mark.parametrize("status", [401, 500, None], ids=["signed out", "server fault", "server gone"])
def test_what_cannot_be_fetched_leaves_a_sentence(
    contexts: Callable[[str], BrowserContext], address: str, status: int | None
) -> None:
    seen = visit(contexts("desktop"), address)
    seen.page.route("**/staff/map.json*", lambda route: route.fulfill(status=status) if status else route.abort())
    seen.open(f"/?desk={uuid4().hex}&layer={LAYER}")
    said = seen.frame.get_by_role("alert").inner_text()
    seen.page.close()
    assert said.startswith("The layer could not be fetched. What you have done is kept")


def test_a_difference_is_drawn_in_named_colours_and_cannot_be_changed(editor: Editor) -> None:
    editor.seen.open("/?what=review-1")
    editor.frame.locator('body[data-ready="yes"]').wait_for()
    assert editor.frame.locator(".compare-legend").inner_text().split("\n") == ["before", "after"]
    colours = [_stroke(editor, side) for side in ("before", "ours")]
    assert colours == ["rgb(107, 99, 88)", "rgb(178, 24, 43)"]
    assert editor.frame.get_by_role("toolbar").count() == 0
    assert editor.frame.locator(".handle").count() == 0
    editor.frame.locator('path[data-side="ours"]').dispatch_event("click")
    editor.seen.settle()
    assert editor.frame.locator(".handle").count() == 0


@pytest.mark.long
def test_a_conflict_shows_both_sides_and_what_they_began_with(editor: Editor) -> None:
    editor.seen.open("/?what=conflict-1")
    editor.frame.locator('body[data-ready="yes"]').wait_for()
    legend = editor.frame.locator(".compare-legend").inner_text().split("\n")
    assert legend == ["what both began with", "yours", "published meanwhile"]
    assert len({_stroke(editor, side) for side in ("before", "ours", "theirs")}) == 3
    assert editor.frame.locator('path[data-side="theirs"]').get_attribute("aria-label") == (
        "Northern Laos to Vientiane: published meanwhile"
    )


@pytest.mark.long
def test_no_difference_is_said(editor: Editor) -> None:
    editor.seen.open("/?what=nothing")
    editor.frame.get_by_text("Nothing differs on the map.").wait_for()


def _stroke(editor: Editor, side: str) -> str:
    path = editor.frame.locator(f'path[data-side="{side}"]')
    return str(path.evaluate("(path) => getComputedStyle(path).stroke"))
