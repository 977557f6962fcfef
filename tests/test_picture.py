"""Pictures of the map look like the live map, say what they show, fit any size, and hold no text as markup."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from itertools import combinations, groupby
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE, TODAY
from PIL import Image, ImageChops

from routes.basemap import basemap_names
from routes.dataset import Dataset, load
from routes.picture import Parts, furniture, palette, picture_png, picture_svg, picture_words
from routes.picture.framing import LIVE_FRAME, Frame, fitted_frame, positions_of, saved_frame
from routes.picture.lettering import FACES, Face, Type, font_files
from routes.picture.names import names, taken_ground
from routes.picture.palette import DASH, STANCE
from routes.picture.svg import Box, element, unclipped, written
from routes.picture.ways import line_look, shown_features
from routes.records import STANCES
from routes.stance import stance_at
from routes.text import visible
from routes.view import MAX_ZOOM, MIN_ZOOM, MapPosition, View
from routes.words import say

FRAME_FOLDER = Path(__file__).parent.parent / "components" / "frame"
CSS = (FRAME_FOLDER / "frame.css").read_text(encoding="utf-8")
BASEMAP_JS = (FRAME_FOLDER / "2_basemap.js").read_text(encoding="utf-8")
FEATURES_JS = (FRAME_FOLDER / "3_features.js").read_text(encoding="utf-8")

SLIDE = (1920, 1080)
SIZES = [SLIDE, (1600, 1000), (1200, 630), (643, 450), (900, 1200), (1080, 1080), (480, 360)]
DATES = [date(1999, 12, 31), date(2012, 12, 31), date(2014, 12, 31), date(2020, 12, 31)]
LAOS = MapPosition(6.25, 18.6, 103.0)
ELEMENTS = {"svg", "title", "desc", "style", "rect", "defs", "clipPath", "g", "path", "line", "circle", "text"}


def view(year: int = 2014, **changes: object) -> View:
    return View(as_of=date(year, 12, 31), **changes)  # type: ignore[arg-type]


def svg(dataset: Dataset, shown: View | None = None, size: tuple[int, int] = (800, 500), **options: object) -> str:
    return picture_svg(dataset, shown or view(), size=size, today=TODAY, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def slide(real_dataset: Dataset) -> str:
    """The whole map at the end of 2014, large."""
    return svg(real_dataset, size=SLIDE)


def parsed(text: str) -> Element:
    """The file as elements without a namespace."""
    return fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))


def texts(root: Element) -> list[str]:
    return [found.text or "" for found in root.iter("text")]


def ids(root: Element) -> set[str]:
    return {found.get("id", "").removeprefix("f-") for found in root.iter() if found.get("id", "").startswith("f-")}


def css_value(selector: str, name: str) -> str:
    """What the live map's style sheet says of a selector; the first rule wins, as none is written twice."""
    body = re.search(rf"(?m)^{re.escape(selector)} \{{([^}}]*)\}}", CSS)
    assert body, selector
    found = re.search(rf"(?<![\w-]){name}: ([^;]+);", body[1])
    assert found, (selector, name)
    return found[1]


def numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split())


# The look is the live map's


@pytest.mark.parametrize("stance", STANCES)
def test_colour_and_dash_of_each_stance_are_the_live_maps(stance: str) -> None:
    assert f"--{stance}: {STANCE[stance]};" in CSS
    dash = css_value(f'[data-stance="{stance}"]', "--dash")
    assert DASH[stance] == (() if dash == "none" else numbers(dash))


def test_other_colours_are_the_live_maps() -> None:
    for name in ("ink", "soft", "line", "sea"):
        assert f"--{name}: {getattr(palette, name.upper())};" in CSS
    assert css_value('[data-stance="none"]', "--stance") == STANCE["none"]
    for colour in (palette.LAND, palette.LAKE, palette.BORDER, palette.PROVINCE, palette.RIVER, palette.KEY_RIVER):
        assert f'"{colour}"' in BASEMAP_JS
    assert css_value(".name.country", "color") == palette.COUNTRY_NAME
    assert css_value(".name.country:not(.chosen)", "color") == palette.QUIET_NAME
    assert css_value(".name.river", "color") == palette.RIVER_NAME
    assert css_value("path.place", "fill") == palette.PLACE


@pytest.mark.parametrize(
    ("selector", "name", "value"),
    [
        ("path.segment", "stroke-width", palette.LINE_WIDTH),
        ('path.segment[data-stance="unknown"]', "stroke-width", palette.UNKNOWN_WIDTH),
        ('path.segment[data-sure="no"]', "stroke-width", palette.UNSURE_WIDTH),
        ("path.casing", "stroke-width", palette.CASING_WIDTH),
        ("path.casing", "stroke-opacity", palette.CASING_OPACITY),
        ("path.halo", "stroke-width", palette.HALO_WIDTH),
        ("path.halo", "stroke-opacity", palette.HALO_OPACITY),
        ('path.casing[data-sure="no"]', "stroke-opacity", palette.UNSURE_CASING_OPACITY),
        ("path.band", "fill-opacity", palette.BAND_FILL),
        ("path.band", "stroke-width", palette.BAND_WIDTH),
        ("path.band", "stroke-opacity", palette.BAND_EDGE),
        ('path.band[data-sure="no"]', "fill-opacity", palette.UNSURE_BAND_FILL),
        ('path.band[data-sure="no"]', "stroke-opacity", palette.UNSURE_BAND_EDGE),
        ('path.band[data-stance="sealed"]', "fill-opacity", palette.SEALED_BAND_FILL),
        ("path.band.selected", "stroke-width", palette.SELECTED_BAND_WIDTH),
        ("path.context", "stroke-width", palette.CONTEXT_WIDTH),
    ],
)
def test_widths_and_opacities_are_the_live_maps(selector: str, name: str, value: float) -> None:
    assert float(css_value(selector, name)) == value


def test_lanes_rows_and_dots_are_the_live_maps() -> None:
    for name in ("LANE_PX", "ROW_PX", "CLOSE_ZOOM"):
        assert re.search(rf"const {name} = {getattr(palette, name):g};", FEATURES_JS)
    radius = '{ place: 3, mission: whose === "ours" ? 6 : 4 }'
    assert radius in FEATURES_JS
    assert palette.RADIUS == {"place": 3, "ours": 6, "other": 4}
    assert numbers(css_value("path.context", "stroke-dasharray")) == palette.CONTEXT_DASH
    dashes = {numbers(dash) for dash in re.findall(r'dashArray: "([^"]+)"', BASEMAP_JS)}
    assert dashes == {palette.BORDER_DASH, palette.PROVINCE_DASH}


# What is shown is what holds at the date


@pytest.mark.parametrize("as_of", DATES, ids=str)
def test_every_feature_is_drawn_in_the_colour_and_dash_of_its_stance_at_the_date(
    real_dataset: Dataset, as_of: date
) -> None:
    root = parsed(svg(real_dataset, View(as_of=as_of), (1200, 675)))
    drawn = {found.get("id"): found for found in root.iter("path") if found.get("id")}
    for feature in real_dataset.features.values():
        if feature.kind not in ("segment", "band"):
            continue
        stance = stance_at(real_dataset.spells[feature.id], as_of).stance
        path = drawn[f"f-{feature.id}"]
        assert path.get("stroke") == STANCE[stance]
        assert numbers(path.get("stroke-dasharray", "")) == DASH[stance]
        title = path.find("title")
        assert title is not None
        assert title.text == f"{feature.name}: {say(f'stance.word.{stance}')}"


def test_borders_go_on_west_of_the_fine_basemap(real_dataset: Dataset) -> None:
    west = MapPosition(5.0, 36.0, 78.0)
    root = parsed(svg(real_dataset, view(position=west), parts=Parts(legend=False, date=False)))
    drawn = [found.get("stroke-dasharray") for found in root.iter("path") if found.get("stroke") == palette.BORDER]
    assert len(drawn) == 2
    assert drawn[0] is None  # the other is dashed: disputed


def test_only_the_views_layers_are_drawn(real_dataset: Dataset) -> None:
    shown = ids(parsed(svg(real_dataset, view(layers=("mongolia",)))))
    assert shown == {feature.id for feature in real_dataset.features.values() if feature.layer == "mongolia"}
    assert not ids(parsed(svg(real_dataset, view(layers=()))))


def test_legend_has_the_stances_in_sight_and_no_others(real_dataset: Dataset) -> None:
    def words(shown: View) -> set[str]:
        return {word for word in texts(parsed(svg(real_dataset, shown, SLIDE))) if word in STANCES}

    assert words(view(1999)) == {"returns", "unknown"}
    assert "sealed" in words(view(2020))
    assert words(view(2020, position=LAOS)) == {"cooperates", "mixed", "returns", "unknown"}


def test_places_are_filled_dots_that_the_legend_names_where_there_are_any(real_dataset: Dataset) -> None:
    def places(root: Element) -> list[Element]:
        return [dot for dot in root.iter("circle") if dot.get("fill") == palette.PLACE]

    with_places, without = (parsed(svg(real_dataset, view(layers=(layer,)))) for layer in ("vietnam", "embassies"))
    shown = [f for f in real_dataset.features.values() if f.layer == "vietnam" and f.kind == "place"]
    assert len(places(with_places)) == len(shown) + 1 > 1
    assert say("map.place") in texts(with_places)
    assert not places(without)
    assert say("map.place") not in texts(without)


@pytest.mark.parametrize("selection", ["la-transit", "LA", "laos-thailand"])
def test_selection_is_a_dark_edge_and_a_reported_line_stays_thin(real_dataset: Dataset, selection: str) -> None:
    def drawn(**options: object) -> Element:
        return parsed(svg(real_dataset, view(selection=selection), (1600, 900), **options))

    def edges(root: Element) -> int:
        return sum(found.get("stroke-opacity") == f"{palette.HALO_OPACITY}" for found in root.iter("path"))

    def widths(root: Element) -> dict[str, str]:
        lines = [found for found in root.iter("path") if found.get("id") and found.get("fill") == "none"]
        return {line.get("id", ""): line.get("stroke-width", "") for line in lines}

    chosen, plain = drawn(), drawn(parts=Parts(highlight=False))
    thin, full = (float(widths(chosen)[line]) for line in ("f-la-transit", "f-th-to-bangkok"))
    assert thin / full == pytest.approx(palette.UNSURE_WIDTH / palette.LINE_WIDTH, abs=0.01)
    assert widths(chosen) == widths(plain)
    assert edges(chosen) > 0 == edges(plain)


def test_a_selected_band_keeps_the_fill_that_says_how_sure_it_is(real_dataset: Dataset) -> None:
    def fills(**options: object) -> dict[str | None, str | None]:
        root = parsed(svg(real_dataset, view(selection="laos-thailand"), (1600, 900), **options))
        return {found.get("id"): found.get("fill-opacity") for found in root.iter("path") if found.get("id")}

    assert fills() == fills(parts=Parts(highlight=False))


def test_same_view_gives_the_same_file(real_dataset: Dataset, slide: str) -> None:
    assert svg(real_dataset, size=SLIDE) == slide


def test_countries_are_named_in_the_words_of_the_table(real_dataset: Dataset, slide: str) -> None:
    named = texts(parsed(slide))
    for code in ("KP", "KR", "CN", "LA", "TH", "VN", "KH", "MM", "MN"):
        assert real_dataset.countries[code].name.upper() in named


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("position", [None, LAOS], ids=["whole", "Laos"])
def test_no_name_touches_another_or_leaves_the_map(
    real_dataset: Dataset, size: tuple[int, int], position: MapPosition | None
) -> None:
    shown, box = shown_features(real_dataset, view()), Box(0, 0, *size)
    drawings = [item.drawing for item in shown]
    frame = saved_frame(position, box, 1.0) if position else fitted_frame(drawings, box, 1.0, clear=box)
    ground = taken_ground(shown, frame, [])
    assert names(basemap_names(real_dataset), ground)
    written_on = [taken for taken in ground.taken if taken.height > 6]
    assert not [pair for pair in combinations(written_on, 2) if pair[0].touches(pair[1])]
    assert all(box.holds(taken) for taken in written_on)


@pytest.mark.parametrize("size", [SLIDE, (1600, 1000), (643, 450)], ids=str)
@pytest.mark.parametrize("position", [None, LAOS, MapPosition(5, 35, 120), MapPosition(4, 25, 95)], ids=str)
def test_the_box_with_the_legend_covers_no_route(
    real_dataset: Dataset, size: tuple[int, int], position: MapPosition | None
) -> None:
    root = parsed(svg(real_dataset, view(position=position), size))
    boxes = [group for group in root.iter("g") if len(group) and group[0].get("rx")]
    drawn = [path.get("d", "") for path in root.iter("path") if path.get("id", "").startswith("f-")]
    points = [numbers(point) for path in drawn for point in re.findall(r"[-\d.]+ [-\d.]+", path)]
    assert points
    for group in boxes:
        left, top = numbers(group.get("transform", "").removeprefix("translate(").removesuffix(")"))
        box = Box(left, top, float(group[0].get("width", 0)), float(group[0].get("height", 0)))
        assert not [point for point in points if box.has((point[0], point[1]))]


# Parts


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("legend", say("map.legend").upper()),
        ("date", "As it stood at the end of 2014"),
        ("scale", "km at"),
        ("note", say("site.not_advice")),
        ("credits", "GeoNames"),
        ("names", "THAILAND"),
    ],
)
def test_each_part_can_be_left_out(real_dataset: Dataset, slide: str, part: str, words: str) -> None:
    assert words in " ".join(texts(parsed(slide)))
    assert words not in " ".join(texts(parsed(svg(real_dataset, size=SLIDE, parts=Parts(**{part: False})))))


def test_credits_carry_the_data_version_and_the_day(real_dataset: Dataset, slide: str) -> None:
    said = " ".join(texts(parsed(slide)))
    assert real_dataset.fingerprint in said
    assert "22 November 2026" in said


def test_pins_stand_beside_what_is_shown(real_dataset: Dataset) -> None:
    numbered = [(1, "la-transit"), (2, "embassy-nowhere"), (3, "mongolia-gone"), (4, "dmz")]
    said = texts(parsed(svg(real_dataset, pins=numbered)))
    assert {word for word in said if word.isdigit()} == {"1", "4"}
    away = svg(real_dataset, view(position=LAOS), pins=numbered)
    assert {word for word in texts(parsed(away)) if word.isdigit()} == {"1"}


def test_a_date_after_today_is_not_claimed(real_dataset: Dataset) -> None:
    assert "As known on 22 November 2026" in texts(parsed(svg(real_dataset, view(2026), SLIDE)))
    assert "end of 2026" not in picture_words(real_dataset, view(2026), TODAY)


# Words for those who do not see it


def test_alt_text_says_date_stances_and_what_is_highlighted(real_dataset: Dataset) -> None:
    words = picture_words(real_dataset, view(selection="LA"), TODAY)
    assert "end of 2014" in words
    assert re.search(r"mixed \([^)]*Laos", words)
    assert re.search(r"returns \([^)]*China", words)
    assert words.endswith("Highlighted: Laos.")
    assert picture_words(real_dataset, view(layers=()), TODAY).endswith("no route is shown.")


def test_alt_text_of_a_close_up_leaves_out_what_is_not_in_it(real_dataset: Dataset) -> None:
    assert "Mongolia" in picture_words(real_dataset, view(), TODAY)
    assert "Mongolia" not in picture_words(real_dataset, view(position=LAOS), TODAY)


def test_file_carries_its_title_and_alt_text(real_dataset: Dataset) -> None:
    root = parsed(svg(real_dataset, title="Laos 2013"))
    assert [(child.tag, child.text) for child in root[:2]] == [
        ("title", "Laos 2013"),
        ("desc", picture_words(real_dataset, view(), TODAY)),
    ]


# Which part of the world

positions = st.builds(MapPosition, st.floats(MIN_ZOOM, MAX_ZOOM), st.floats(-5, 55), st.floats(80, 145))
sizes = st.tuples(st.integers(300, 4000), st.integers(200, 2400))


def corners(frame: Frame) -> Box:
    """What of the world a frame shows, in degrees of longitude and of Mercator's latitude."""
    width, height = frame.box.width / frame.world * 360, frame.box.height / frame.world * 360
    return Box(frame.middle[0] * 360 - width / 2, frame.middle[1] * 360 - height / 2, width, height)


@given(positions, sizes, st.floats(0.75, 4))
def test_a_saved_position_shows_at_least_the_same_bounds_at_any_size(
    position: MapPosition, size: tuple[int, int], unit: float
) -> None:
    live = corners(saved_frame(position, Box(0, 0, *LIVE_FRAME), 1.0))
    here = corners(saved_frame(position, Box(0, 0, *size), unit))
    slack = 1e-6
    assert here.left <= live.left + slack
    assert here.top <= live.top + slack
    assert here.right >= live.right - slack
    assert here.bottom >= live.bottom - slack


@given(positions, sizes, st.floats(0.75, 4))
def test_no_picture_comes_closer_than_the_live_map(position: MapPosition, size: tuple[int, int], unit: float) -> None:
    assert saved_frame(position, Box(0, 0, *size), unit).seen_zoom <= MAX_ZOOM + 1e-9


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("layers", [None, ("dmz",), ("laos-thailand",), ("mongolia", "vietnam")], ids=str)
def test_without_a_position_everything_that_is_shown_fits(
    real_dataset: Dataset, size: tuple[int, int], layers: tuple[str, ...] | None
) -> None:
    drawings = [item.drawing for item in shown_features(real_dataset, view(layers=layers))]
    clear = Box(0, 0, size[0] * 0.7, size[1])
    frame = fitted_frame(drawings, Box(0, 0, *size), 1.0, clear=clear)
    assert all(clear.has(frame.point(position)) for position in positions_of(drawings))
    assert frame.seen_zoom <= MAX_ZOOM


# Do no harm


def test_a_finer_position_in_a_file_gives_the_same_picture(real_dataset: Dataset, copied_folder: Path) -> None:
    path = copied_folder / "layers" / "laos-thailand.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    for feature in layer["features"]:
        if feature["geometry"]["type"] == "LineString":
            feature["geometry"]["coordinates"] = [
                [x + 0.0312, y - 0.0271] for x, y in feature["geometry"]["coordinates"]
            ]
    path.write_text(json.dumps(layer), encoding="utf-8")
    fine = load(copied_folder)
    without = Parts(credits=False)  # they name the version of the data
    assert svg(fine, parts=without) == svg(real_dataset, parts=without)


def harmless(text: str) -> Element:
    """The file as elements, once it has been seen to hold nothing but shapes, words and fonts."""
    root = parsed(text)
    assert {found.tag for found in root.iter()} <= ELEMENTS
    for found in root.iter():
        assert not [name for name in found.attrib if name.startswith("on") or "href" in name or name == "style"]
        assert all("url(" not in value or re.fullmatch(r"url\(#map-[\d-]+\)", value) for value in found.attrib.values())
    (style,) = root.iter("style")
    assert re.sub(r"url\(data:font/woff;base64,[A-Za-z0-9+/=]+\)", "", style.text or "").count("url(") == 0
    return root


def test_the_file_needs_and_runs_nothing(real_dataset: Dataset) -> None:
    harmless(svg(real_dataset, title="A title", text="A text", pins=[(1, "la-transit")]))


def test_hostile_text_stays_text(hostile_folder: Path) -> None:
    hostile = load(hostile_folder)
    shown = view(selection="la-transit")
    root = harmless(svg(hostile, shown, SLIDE, title=HOSTILE, text=HOSTILE, pins=[(1, "la-transit")]))
    said = " ".join(filter(None, (found.text for found in root.iter())))
    assert "<script>window.hurt=1</script>" in said
    assert "\u202e" not in said
    assert "⟨U+202E⟩" in said
    assert picture_png(written(root)).startswith(b"\x89PNG")


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_title_and_text_make_a_well_formed_file(title: str, text: str) -> None:
    root = element("svg", *furniture.heading(title, text, 1.0, 300, 200).items)
    said = "".join(found.text or "" for found in fromstring(written(root)).iter("text"))
    assert visible(said) == said


def test_a_basemap_that_has_changed_is_drawn_anew(copied_folder: Path) -> None:
    dataset = load(copied_folder)
    before = svg(dataset)
    for name, gone in (("lakes", palette.LAKE), ("places", ">Kunming<")):
        assert gone in before
        (copied_folder / "basemap" / f"{name}.geojson").write_text('{"features": []}', encoding="utf-8")
        assert gone not in svg(dataset)


def test_pictures_of_a_broken_data_folder_are_still_drawn(broken_folder: Path) -> None:
    assert ids(parsed(svg(load(broken_folder))))


# Type


@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{face.family} {face.weight} {face.style}")
def test_text_is_drawn_with_our_own_fonts_and_as_wide_as_it_was_measured(face: Face) -> None:
    words = Type(face, 40)
    text = "Northern Laos to Vientiane 2013"
    canvas = element("svg", words.drawn(text, 20, 10), xmlns="http://www.w3.org/2000/svg", width=900, height=80)
    left, _, right, _ = ink(picture_png(written(canvas)))
    assert right - left == pytest.approx(words.width(text), rel=0.03)
    other = next(kind for kind in FACES if kind != face)
    assert words.width(text) != Type(other, 40).width(text)


def ink(png: bytes) -> tuple[int, int, int, int]:
    """The box of everything that is drawn."""
    box = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A").getbbox()
    assert box
    return box


def test_fonts_come_from_installed_packages() -> None:
    assert all(Path(file).is_file() for file in font_files())


@given(st.text(max_size=300), st.text(max_size=900), st.floats(80, 900), st.floats(60, 900))
def test_a_heading_stays_in_its_room(title: str, text: str, room: float, height: float) -> None:
    block = furniture.heading(title, text, 1.0, room, height)
    assert block.width <= room + 1
    assert block.height <= height + 1


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("title", ["", "Laos 2013: how one event changed a route"], ids=["bare", "card"])
def test_no_text_runs_over_the_edge(real_dataset: Dataset, size: tuple[int, int], title: str) -> None:
    root = parsed(svg(real_dataset, size=size, title=title, text=title and "A sentence or two of text. " * 6))
    by_look = {(face.weight, face.style, "Serif" in face.family): face for face in FACES}

    def check(found: Element, x: float, y: float) -> None:
        shift = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", found.get("transform", ""))
        x, y = (x + float(shift[1]), y + float(shift[2])) if shift else (x, y)
        if found.tag == "text":
            look = (int(found.get("font-weight", 400)), found.get("font-style", "normal"))
            face = by_look[(*look, "Serif" in found.get("font-family", ""))]
            words = Type(face, float(found.get("font-size", 0)), spacing=0)
            left, base = x + float(found.get("x", 0)), y + float(found.get("y", 0))
            assert left >= 0, found.text
            assert left + words.width(found.text or "") <= size[0], found.text
            assert base - words.size / 2 >= 0, found.text
            assert base <= size[1], found.text
        for child in found:
            check(child, x, y)

    check(root, 0, 0)


# Pixels


@pytest.mark.parametrize("size", [(1200, 630), (600, 800)])
def test_png_shows_the_map_cut_to_its_box_although_the_renderer_cuts_nothing(
    real_dataset: Dataset, size: tuple[int, int]
) -> None:
    whole = svg(real_dataset, view(position=LAOS), size, title="Laos", text="Said.")
    assert unclipped(whole) != whole
    cut = resvg_py.svg_to_bytes(svg_string=whole, skip_system_fonts=True, font_files=font_files())
    one, other = (Image.open(io.BytesIO(data)).convert("RGB") for data in (cut, picture_png(whole)))
    differing = ImageChops.difference(one, other).convert("L").histogram()
    assert sum(differing[40:]) < 20


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_png_has_the_size_that_was_asked_for(real_dataset: Dataset, scale: float) -> None:
    png = Image.open(io.BytesIO(picture_png(svg(real_dataset, size=(600, 400)), scale)))
    assert png.size == (600 * scale, 400 * scale)
    assert png.convert("RGB").getextrema() != ((255, 255),) * 3


def strokes(stance: str) -> tuple[float, ...]:
    """How a line of the stance looks in grey: the mean lengths of its strokes of each kind, in pixels."""
    line = element("line", x1=10.0, x2=810.0, y1=20.0, y2=20.0, **line_look(stance, 4.0, sure=True))
    ground = element("rect", width=820, height=40, fill="#fff")
    canvas = element("svg", ground, line, xmlns="http://www.w3.org/2000/svg", width=820, height=40)
    grey = Image.open(io.BytesIO(picture_png(written(canvas)))).convert("L")
    row = [grey.getpixel((x, 20)) < 200 for x in range(10, 810)]  # type: ignore[operator]
    runs = [len(list(run)) for dark, run in groupby(row) if dark][1:-1]
    return (min(runs), max(runs), len(runs)) if runs else (800.0,)


@pytest.mark.parametrize(("one", "other"), list(combinations(STANCES, 2)))
def test_every_two_stances_are_told_apart_in_a_grey_print(one: str, other: str) -> None:
    here, there = strokes(one), strokes(other)
    assert len(here) != len(there) or max(abs(a - b) for a, b in zip(here, there, strict=True)) >= 4
