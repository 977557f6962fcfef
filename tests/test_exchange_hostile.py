"""Files made to harm: each is refused in plain words, soon, and in bounded memory, or read without harm."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exchange_reading import GPX, KML, gpkg, packed, places, shapefile, workbook

from routes.documents import Document
from routes.exchange import FORMATS, MAX_BYTES, RefusedFileError, Upload, export, read_upload
from routes.exchange.apart import read_here
from routes.exchange.limits import MEMORY, SECONDS
from routes.exchange.reading import ENVIRONMENT

ROOT = Path(__file__).parent.parent
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
) + "]>"  # fmt: skip
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def kml(text: str = "&a;", declared: str = "") -> bytes:
    return f"{HEAD}{declared}<kml><Document><Placemark><name>{text}</name></Placemark></Document></kml>".encode()


def gpx(declared: str) -> bytes:
    return f'{HEAD}{declared}<gpx><wpt lat="1" lon="1"><name>&a;</name></wpt></gpx>'.encode()


def spoilt_workbook(member: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook(["name"], ["B"]))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return packed({**files, member: change(files[member])})


def declaring(declared: str) -> Callable[[bytes], bytes]:
    return lambda content: (HEAD + declared).encode() + re.sub(rb"^<\?xml.*?\?>", b"", content)


def renamed_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose sheet is in a file that does not say that it is XML."""
    with zipfile.ZipFile(io.BytesIO(workbook(["name"], ["B"]))) as archive:
        files = {name: archive.read(name).replace(b"sheet1.xml", b"sheet1.dat") for name in archive.namelist()}
    sheet = change(files.pop("xl/worksheets/sheet1.xml"))
    return packed({**files, "xl/worksheets/sheet1.dat": sheet})


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("doc.kml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    return out.getvalue()


def spoilt_gpkg(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.deserialize(gpkg(places=places("EPSG:4326")))
        for statement in statements:
            database.execute(statement)
        database.commit()
        return database.serialize()


def many_members() -> bytes:
    return packed({f"{n}.kml": b"" for n in range(1_001)})


def nested_json(depth: int) -> bytes:
    return b'{"type": "Feature", "geometry": null, "properties": {"a": ' + b"[" * depth + b"]" * depth + b"}}"


VIEW = "CREATE VIEW v AS SELECT * FROM places"
LOOP = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS fid FROM n"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: packed({"doc.kml": bytes(60 * 2**20)}), "unpacks to at most"),
    "zip of a hundred bombs": (lambda: packed({f"{n}.shp": bytes(2**21) for n in range(100)}), "unpacks to at most"),
    "zip in a zip": (lambda: packed({"doc.kml": packed({"doc.kml": KML.encode()})}), "no archive inside"),
    "more members than anyone needs": (many_members, "at most 1,000 files"),
    "name that climbs": (lambda: packed({"../evil.kml": KML.encode()}), "names inside the archive"),
    "name that climbs on Windows": (lambda: packed({"a\\..\\..\\evil.kml": KML.encode()}), "names inside the archive"),
    "absolute name": (lambda: packed({"/etc/evil.kml": KML.encode()}), "names inside the archive"),
    "drive": (lambda: packed({"C:\\evil.kml": KML.encode()}), "names inside the archive"),
    "link": (linked, "got a link, doc.kml"),
    "no archive inside": (lambda: b"PK\x05\x06" + bytes(18), "got an archive with nothing in it"),
    "laughs in KML": (lambda: kml("&j;", LAUGHS), "without a document type"),
    "laughs in KMZ": (lambda: packed({"doc.kml": kml("&j;", LAUGHS)}), "without a document type"),
    "laughs in GPX": (lambda: gpx(LAUGHS), "without a document type"),
    "laughs in XLSX": (lambda: spoilt_workbook("xl/workbook.xml", declaring(LAUGHS)), "without a document type"),
    "laughs in a sheet": (
        lambda: spoilt_workbook("xl/worksheets/sheet1.xml", declaring(LAUGHS)), "without a document type"
    ),
    "laughs in a sheet with another name": (
        lambda: renamed_sheet(declaring(LAUGHS)), "expected"
    ),
    "file in KML": (lambda: kml("&a;", EXTERNAL), "without a document type"),
    "file in KMZ": (lambda: packed({"doc.kml": kml("&a;", EXTERNAL)}), "without a document type"),
    "file in GPX": (lambda: gpx(EXTERNAL), "without a document type"),
    "file in XLSX": (lambda: spoilt_workbook("xl/styles.xml", declaring(EXTERNAL)), "without a document type"),
    "laughs in UTF-16": (lambda: kml("&j;", LAUGHS).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "UTF-16"),
    "deep XML": (lambda: b"<kml>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</kml>", "inside each other"),
    "NaN in KML": (lambda: KML.replace("100.5,", "nan,").encode(), "numbers as coordinates"),
    "infinity in GPX": (lambda: GPX.replace('"100.5"', '"inf"').encode(), "numbers as coordinates"),
    "words for coordinates": (lambda: KML.replace("100.5,13.8", "here").encode(), "positions such as"),
    "a thousand levels": (lambda: nested_json(1_000), "RFC 7946"),
    "200 levels": (lambda: nested_json(200), "RFC 7946"),
    "a million levels": (lambda: nested_json(1_000_000), "RFC 7946"),
    "view in GPKG": (lambda: spoilt_gpkg(VIEW), "got the view v"),
    "endless view in GPKG": (lambda: spoilt_gpkg("DROP TABLE places", f"CREATE VIEW places AS {LOOP}"), "got the view"),
    "module in GPKG": (
        lambda: spoilt_gpkg("PRAGMA writable_schema = ON", "INSERT INTO sqlite_master(type, name, tbl_name, rootpage, "
                            "sql) VALUES('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc'')')"),
        "got the table v",
    ),
    "module under another name in GPKG": (
        lambda: spoilt_gpkg("PRAGMA writable_schema = ON", "UPDATE sqlite_master SET sql = 'CREATE/**/VIRTUAL TABLE "
                            "places USING VirtualOGR(x)' WHERE name = 'places'"),
        "got",
    ),
    "SQLite that is no GPKG": (lambda: spoilt_gpkg("DROP TABLE gpkg_contents"), "expected a GeoPackage"),
    "wide table": (lambda: b",".join(b"c%d" % n for n in range(300)) + b"\n", "at most 200 columns"),
    "long cell": (lambda: b"a\n" + b"x" * 200_000 + b"\n", "usual size"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_words(name: str) -> None:
    build, message = HOSTILE[name]
    data = build()
    started = time.monotonic()
    with pytest.raises(RefusedFileError) as refused:
        read_here(data, "the file")
    assert message in str(refused.value)
    assert str(refused.value).startswith("the file: expected ")
    assert time.monotonic() - started < SECONDS


def csv_of_a_million() -> bytes:
    return b"lon,lat\n" + b"1,2\n" * 1_000_000


def geojson_of_a_million() -> bytes:
    """Too long as it is; see `geojson_in_disguise`."""
    feature = b'{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[1,2]}}'
    return b'{"type":"FeatureCollection","features":[' + (feature + b",") * 999_999 + feature + b"]}"


def geojson_in_disguise() -> bytes:
    return b'{"type":"FeatureCollection","features":[' + b"{}," * 6_000_000 + b"{}]}"


def kml_of_many() -> bytes:
    return b"<kml>" + b"<Placemark/>" * 1_500_000 + b"</kml>"


def kml_of_elements() -> bytes:
    return b"<kml>" + b"<a/>" * 4_900_000 + b"</kml>"


def sheet_of_a_million() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001))
    return spoilt_workbook(
        "xl/worksheets/sheet1.xml", lambda content: re.sub(rb"(?s)<sheetData>.*</sheetData>",
                                                           b"<sheetData>" + rows + b"</sheetData>", content)
    )  # fmt: skip


def sheet_with_a_far_row() -> bytes:
    return spoilt_workbook("xl/worksheets/sheet1.xml", lambda content: content.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))  # fmt: skip


def endless_geopackage() -> bytes:
    generated = "ALTER TABLE places ADD COLUMN big AS (hex(zeroblob(900000000)))"
    return spoilt_gpkg(generated)


HUGE = [
    csv_of_a_million, geojson_of_a_million, geojson_in_disguise, kml_of_many, kml_of_elements, sheet_of_a_million,
    sheet_with_a_far_row, endless_geopackage,
]  # fmt: skip
MEASURE = """
import resource, sys, time, tracemalloc
from routes.exchange import RefusedFileError, read_upload
data = sys.stdin.buffer.read()
tracemalloc.start()
started = time.monotonic()
try:
    read_upload(data, "the file"); said = "read"
except RefusedFileError as error:
    said = str(error)
seconds, (_, own) = time.monotonic() - started, tracemalloc.get_traced_memory()
print(seconds, own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, said, sep="\\n")
"""


@pytest.mark.long
@pytest.mark.parametrize("build", HUGE, ids=lambda build: build.__name__)
def test_a_huge_file_is_refused_in_seconds_and_bounded_memory(build: Callable[[], bytes]) -> None:
    done = subprocess.run([sys.executable, "-c", MEASURE], input=build(), capture_output=True, cwd=ROOT, check=True)
    seconds, own, childs, said = done.stdout.decode().split("\n", 3)
    assert said.startswith("the file: expected ")
    assert float(seconds) < SECONDS + 10
    assert int(own) < 50 * 2**20
    assert int(childs) * 1024 < MEMORY


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(RefusedFileError, match=f"at most {MAX_BYTES:,} bytes"):
        read_upload(bytes(MAX_BYTES + 1), "a")


def sample(form: str, folder: Path) -> bytes:
    record = {"type": "Feature", "id": "a", "geometry": {"type": "Point", "coordinates": [1, 2]},
              "properties": {"name": "A" * 50}}  # fmt: skip
    document = Document({"type": "FeatureCollection"}, {"a": record})
    made = {
        "kmz": lambda: packed({"doc.kml": KML.encode()}),
        "gpx": lambda: GPX.encode(),
        "shapefile": lambda: shapefile(folder, "EPSG:3857"),
    }
    return made[form]() if form in made else export(document, "layers/any", form)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good file of every format."""
    return {form: sample(form, tmp_path_factory.mktemp(form)) for form in FORMATS}


def refusal_of(data: bytes) -> str:
    """What is said of the bytes; "" where they are read. Any other exception is a fault."""
    try:
        upload = read_here(data, "the file")
    except RefusedFileError as error:
        said = str(error)
    else:
        assert Upload.from_json(json.loads(json.dumps(upload.as_json(), allow_nan=False))).parts
        return ""
    assert said.startswith("the file: expected ")
    return said


@pytest.mark.parametrize("form", FORMATS)
def test_a_good_file_of_every_format_is_known_by_its_content(form: str, samples: dict[str, bytes]) -> None:
    assert read_here(samples[form], "a name that says nothing").format == form


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "csv"])
def test_a_file_cut_short_is_refused(form: str, samples: dict[str, bytes]) -> None:
    data = samples[form]
    assert all(refusal_of(data[: len(data) * part // 8]) for part in range(1, 8))


@pytest.mark.parametrize("form", FORMATS)
@given(data=st.data())
@settings(max_examples=25)
def test_a_spoilt_file_is_read_or_refused(form: str, samples: dict[str, bytes], data: Any) -> None:
    spoilt = bytearray(samples[form])
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(spoilt) - 1), st.integers(0, 255)), max_size=6)):
        spoilt[at] = value
    refusal_of(bytes(spoilt))


STARTS = [b"", b"{", b"<kml>", b"<gpx>", b"SQLite format 3\0", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b"a,b\n"]


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    refusal_of(start + rest)


@pytest.mark.parametrize("given", [b"", b"nonsense", b"{}"])
def test_a_reading_process_that_dies_is_a_refusal(given: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(*_command: Any, **options: Any) -> Any:
        seen.update(options)
        if not given:
            raise subprocess.TimeoutExpired("apart", 1)
        if given == b"{}":
            raise subprocess.CalledProcessError(-11, "apart")
        return subprocess.CompletedProcess("apart", 0, given)

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr("routes.exchange.reading.subprocess.run", run)
    with pytest.raises(RefusedFileError, match=f"the file: expected a file that can be read within {SECONDS} seconds"):
        read_upload(b"a", "the file")
    assert seen["env"] == ENVIRONMENT
