"""Claims about reading and writing the tables."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import making
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import HOSTILE, edit_cell, effect, event, line_of, records, source, text_columns
from test_dates import partial_dates

from routes.dataset import DEFAULT_FOLDER
from routes.dates import PartialDate, Period
from routes.problems import Problem
from routes.records import Citation
from routes.tables import TABLES, read_table, write_table

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.text("\",;@=\r\n\t'\\|\ufeff\0 a", max_size=20)
    | st.just(HOSTILE)
).map(str.strip)
FILE_LIMIT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Everything a field of this type can hold once it has been read."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {
            "id": IDS,
            "country": st.sampled_from(["LA", "CN", "INT"]),
            "link": st.sampled_from(["not stated", "https://example.org/a?b=c,d;e&f", 'http://example.org/"><script>']),
        }[hint.__metadata__[0]]
    if origin in (Union, types.UnionType):
        return st.none() | values_of(next(arg for arg in args if arg is not types.NoneType))
    if origin is Literal:
        return st.sampled_from(args)
    if hint == tuple[Citation, ...]:
        locators = TEXTS.filter(lambda text: ";" not in text)
        return st.lists(st.builds(Citation, IDS, locators), max_size=3).map(tuple)
    if origin is tuple:
        word = st.text("abc:-", min_size=1) if args[0] is str else values_of(args[0])
        return st.lists(word, max_size=3).map(tuple)
    return {
        str: TEXTS.filter(bool),
        float: st.floats(-1e14, 1e14),
        bool: st.booleans(),
        PartialDate: partial_dates(),
        Period: st.builds(lambda when: Period(when, when), partial_dates()),
    }[hint]


def rows_of(kind: type[Any]) -> st.SearchStrategy[list[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    row = st.fixed_dictionaries({name: values_of(hint) for name, hint in hints.items()})
    return st.lists(row.map(lambda values: kind(**values)), max_size=3, unique_by=lambda record: record.id)


@pytest.mark.parametrize("table", TABLES)
@FILE_LIMIT
@given(data=st.data())
def test_a_table_reads_back_as_it_was_written(table: str, tmp_path: Path, data: st.DataObject) -> None:
    kind = TABLES[table]
    rows = data.draw(rows_of(kind))
    path = tmp_path / f"{table}.csv"
    path.write_bytes(write_table(rows, kind).encode())
    assert read_table(path.read_bytes(), kind, shown_as="t.csv") == (tuple(rows), [])


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_ours_reads_and_writes_back(table: str, tmp_path: Path) -> None:
    path, kind = DEFAULT_FOLDER / f"{table}.csv", TABLES[table]
    rows, problems = read_table(path.read_bytes(), kind, shown_as=table)
    assert rows
    assert problems == []
    copy = tmp_path / "t.csv"
    copy.write_text(write_table(rows, kind), encoding="utf-8")
    assert read_table(copy.read_bytes(), kind, shown_as=table) == (rows, [])


def read(tmp_path: Path, kind: type[Any], text: str | bytes) -> tuple[tuple[Any, ...], list[Problem]]:
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path.read_bytes(), kind, shown_as="t.csv")


BAD_CELLS: dict[str, Mapping[str, tuple[str, ...]]] = {
    "countries": {"code": ("la", "LAO", "", "L1", "İT"), "name": ("", "  ")},
    "policy_events": {
        "id": ("", "Laos", "a b", "é", "a_b", "a\nb", "<b>"),
        "date": ("", "May 2013", "2013-02-30", "2013/2014"),
        "end": ("tomorrow", "99"),
        "title": ("",),
        "effect": ("", "Eases", "eases ; restricts"),
        "certainty": ("sure",),
        "kind": ("rumour",),
        "routes": ("laos", "laos-thailand;vietnam"),
        "announced": ("no", "true", "Yes"),
        "sources": ("Paper", "a paper", "@ page 3"),
    },
    "effects": {"stance": ("kind",), "basis": ("", "rumour"), "start": ("now",), "until": ("2013-",), "seen": ("~",)},
    "risk_notes": {"level": ("extreme",), "valid_from": ("",), "reviewed": ("",)},
    "series": {"country": ("??",), "unit": ("",)},
    "statistics": {
        "period": ("", "2014/2013", "1-2"),
        "value": ("", "1,514", "nan", "inf", "1e400", "many", "1_514", "٣"),
        "upper": ("-inf", "1 514"),
        "status": ("guess",),
    },
    "sources": {
        "address": ("", "javascript:alert(1)", "//example.org", "http://", "ftp://example.org", "https://a b.org",
                    "https://me:secret@example.org", "data:text/html,x", "http://[::1", "https://example.org/\n"
                    "x", "JaVaScRiPt://example.org/%0aalert(1)"),
        "kind": ("blog",),
        "read_as": ("",),
        "read_on": ("",),
    },
    "disputes": {"countries": ("Laos",), "shown": ("",)},
    "dispute_claims": {"dispute": ("", "LA"), "claim": ("",)},
    "glossary": {"definition": ("",), "sources": ("UPPER",)},
}  # fmt: skip


def test_bad_cells_are_tried_on_every_table() -> None:
    assert BAD_CELLS.keys() == TABLES.keys()


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        pytest.param(table, column, cell, id=f"{table}-{column}-{cell!a}")
        for table, columns in BAD_CELLS.items()
        for column, cells in columns.items()
        for cell in cells
    ],
)
def test_a_bad_cell_loses_its_row_and_no_other(table: str, column: str, cell: str, tmp_path: Path) -> None:
    kind, key = TABLES[table], "code" if table == "countries" else "id"
    ids = ("LA", "CN", "KH") if key == "code" else ("first", "second", "third")
    path = tmp_path / "t.csv"
    path.write_text(write_table([replace(records()[table][0], **{key: one}) for one in ids], kind), encoding="utf-8")
    line = line_of(path, f"{ids[1]},")
    edit_cell(path, ids[1], **{column: cell})
    found, problems = read_table(path.read_bytes(), kind, shown_as="t.csv")
    assert [record.id for record in found] == [ids[0], ids[2]]
    (problem,) = problems
    assert (problem.line, problem.rule, problem.severity) == (line, "table-cell", "error")
    assert problem.pointer == f"{cell if column == key else ids[1]}/{column}"
    assert repr(cell) in problem.message


def test_every_bad_cell_of_a_row_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(write_table([source()], TABLES["sources"]), encoding="utf-8")
    edit_cell(path, "paper", kind="blog", read_on="yesterday", address="gopher://x")
    found, problems = read_table(path.read_bytes(), TABLES["sources"], shown_as="t.csv")
    assert found == ()
    assert {problem.pointer for problem in problems} == {"paper/kind", "paper/read_on", "paper/address"}


def test_an_id_used_twice_keeps_the_first_and_names_the_line_of_the_second(tmp_path: Path) -> None:
    rows = [event("one", summary="Two\nlines."), event("two"), event("one", title="Another")]
    text = write_table(rows, TABLES["policy_events"])
    found, problems = read(tmp_path, TABLES["policy_events"], text)
    assert found == tuple(rows[:2])
    (problem,) = problems
    assert (problem.rule, problem.line, problem.pointer) == ("id-unique", 5, "one")


def test_the_columns_may_come_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(write_table([effect()], TABLES["effects"]), encoding="utf-8")
    (row,) = making.rows_of(path)
    making.write_rows(path, [dict(reversed(row.items()))])
    assert read_table(path.read_bytes(), TABLES["effects"], shown_as="t.csv") == ((effect(),), [])
    edit_cell(path, "la-effect", basis="rumour")
    _, problems = read_table(path.read_bytes(), TABLES["effects"], shown_as="t.csv")
    assert [problem.pointer for problem in problems] == ["la-effect/basis"]


@pytest.mark.parametrize(
    ("spoil", "rule", "line"),
    [
        pytest.param(lambda text: text.replace(b"title", b"titel"), "table-header", 1, id="column misspelt"),
        pytest.param(lambda text: text.replace(b",title", b""), "table-header", 1, id="column missing"),
        pytest.param(lambda text: text.replace(b"title", b"title,title", 1), "table-header", 1, id="column twice"),
        pytest.param(lambda text: text.split(b"\n", 1)[1], "table-header", 1, id="no header"),
        pytest.param(lambda _: b"", "table-unreadable", 0, id="empty"),
        pytest.param(lambda _: bytes(range(256)), "table-unreadable", 0, id="bytes"),
        pytest.param(lambda text: text.decode().encode("utf-16"), "table-unreadable", 0, id="UTF-16"),
        pytest.param(lambda text: text + b'la-x,"open quote', "table-unreadable", 3, id="quote left open"),
        pytest.param(lambda text: text + b'a,"b"c\n', "table-unreadable", 3, id="text after a quote"),
        pytest.param(lambda text: text + b"x" * 200_000, "table-unreadable", 3, id="cell without end"),
        pytest.param(lambda text: text + b"la-x,LA\n", "table-cells", 3, id="cells missing"),
        pytest.param(lambda text: text.rstrip(b"\n") + b",one more\n", "table-cells", 2, id="one cell more"),
    ],
)
def test_a_spoilt_table_is_one_problem(spoil: Any, rule: str, line: int, tmp_path: Path) -> None:
    text = write_table([event()], TABLES["policy_events"]).encode()
    found, problems = read(tmp_path, TABLES["policy_events"], spoil(text))
    assert found == ((event(),) if rule == "table-cells" and line == 3 else ())
    assert [(problem.rule, problem.line, problem.file) for problem in problems] == [(rule, line, "t.csv")]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="empty lines"),
        pytest.param(lambda text: text.rstrip(), id="no last line end"),
        pytest.param(lambda text: text.replace(",LA,", ", LA ,"), id="blanks round a cell"),
    ],
)
def test_what_spreadsheets_do_to_a_table_is_understood(change: Any, tmp_path: Path) -> None:
    text = write_table([event(), event("la-two")], TABLES["policy_events"])
    assert change(text) != text
    assert read(tmp_path, TABLES["policy_events"], change(text)) == ((event(), event("la-two")), [])


@FILE_LIMIT
@given(data=st.binary(max_size=200) | st.text('",\n\r;a', max_size=60).map(str.encode))
@pytest.mark.parametrize("with_header", [False, True], ids=["bare", "after the header"])
def test_no_bytes_whatever_break_the_reading_of_a_table(with_header: bool, data: bytes, tmp_path: Path) -> None:
    header = write_table([], TABLES["series"]).encode() if with_header else b""
    found, problems = read(tmp_path, TABLES["series"], header + data)
    assert found or problems or not data.strip() or set(data) <= set(b'"\r\n')


def test_free_text_stands_in_every_table() -> None:
    assert all(text_columns(table) for table in TABLES)
