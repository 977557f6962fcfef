"""Claims about reading JSON strictly and knowing where each value stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.located_json import MAX_DEPTH, Json, LocatedJson, Place, pointer_to, read_json, shown

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
json_values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def read(text: str) -> LocatedJson:
    return read_json(text.encode(), "f.json")


def paths(value: Json, pointer: str = "") -> list[tuple[str, Json]]:
    """Every value under a value with its pointer, worked out apart from the code under test."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    steps = ((str(step).replace("~", "~0").replace("/", "~1"), child) for step, child in inner)
    return [(pointer, value), *(found for step, child in steps for found in paths(child, f"{pointer}/{step}"))]


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        pytest.param(b"\xef\xbb\xbf{}", "json-encoding", 1, id="byte order mark"),
        pytest.param("{}".encode("utf-16"), "json-encoding", 1, id="UTF-16 with a mark"),
        pytest.param("{}".encode("utf-16-le"), "json-encoding", 1, id="UTF-16 without a mark"),
        pytest.param(b'["\n', "json-syntax", 1, id="unterminated string"),
        pytest.param(b'[1,\n"\xff"]', "json-encoding", 2, id="byte that is not UTF-8"),
        pytest.param(b'["\xed\xa0\x80"]', "json-encoding", 1, id="surrogate as UTF-8"),
        pytest.param(b"", "json-syntax", 1, id="empty file"),
        pytest.param(b"[1,\n2,\n]", "json-syntax", 3, id="trailing comma in an array"),
        pytest.param(b'{"a": 1,\n}', "json-syntax", 2, id="trailing comma in an object"),
        pytest.param(b'["a\tb"]', "json-syntax", 1, id="control character"),
        pytest.param(b"{} {}", "json-syntax", 1, id="two values"),
        pytest.param(b"{'a': 1}", "json-syntax", 1, id="single quotes"),
        pytest.param(b"[01]", "json-syntax", 1, id="leading zero"),
        pytest.param(b'["\\x41"]', "json-syntax", 1, id="unknown escape"),
        pytest.param(b"[\n\nNaN]", "json-number", 3, id="NaN"),
        pytest.param(b"[\n-Infinity]", "json-number", 2, id="-Infinity"),
        pytest.param(b"[1,\n1e400]", "json-number", 2, id="float beyond a double"),
        pytest.param(b"[1,\n" + b"9" * 400 + b"]", "json-number", 2, id="integer beyond a double"),
        pytest.param(b"[" + b"9" * 5000 + b"]", "json-number", 1, id="integer beyond Python's limit"),
        pytest.param(b"[\n" * 101 + b"]" * 101, "json-depth", 101, id="101 levels"),
        pytest.param(b"[" * 100_000, "json-depth", 1, id="100,000 open brackets"),
        pytest.param(b'{"a":' * 100_000, "json-depth", 1, id="100,000 open objects"),
    ],
)
def test_text_that_is_no_json_is_refused_at_its_line(data: bytes, rule: str, line: int) -> None:
    refused = read_json(data, "f.json")
    assert not refused.is_json
    assert refused.value is None
    assert [(p.rule, p.line, p.severity) for p in refused.problems] == [(rule, line, "error")]


def test_message_names_expected_got_and_what_to_do() -> None:
    (problem,) = read('{"a": 1,\n}').problems
    assert problem.message == 'Expected a name in double quotes, got "}".'
    assert problem.hint == "Remove the comma before the closing bracket (RFC 8259)."


def test_brackets_inside_strings_are_no_nesting() -> None:
    assert read('["' + "[" * 200 + '"]').is_json


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).is_json


def test_file_over_the_size_limit_is_refused_unread() -> None:
    (problem,) = read_json(b"not even JSON", "f.json", max_bytes=5).problems
    assert problem.rule == "json-size"


def test_every_unusable_number_is_reported_in_one_reading() -> None:
    found = read('{"a": NaN,\n"b": [1, 1e999]}')
    assert [(p.pointer, p.line) for p in found.problems] == [("/a", 1), ("/b/1", 2)]


def test_repeated_name_is_an_error_yet_json_and_the_last_one_counts() -> None:
    found = read('{"a": 1,\n"b": {"c": 1, "c": 2},\n"a": 3}')
    assert found.is_json
    assert found.value == {"a": 3, "b": {"c": 2}}
    assert [(p.rule, p.pointer, p.line) for p in found.problems] == [
        ("json-duplicate-name", "/a", 3),
        ("json-duplicate-name", "/b/c", 2),
    ]


@pytest.mark.parametrize("text", [r'["\ud800"]', r'["a\udc00b"]', r'{"\ud800": 1}', r'["\ud800\u0041"]'])
def test_half_a_surrogate_pair_is_an_error_that_can_be_printed(text: str) -> None:
    (problem,) = read(text).problems
    assert problem.rule == "json-surrogate"
    str(problem).encode("utf-8")


def test_whole_surrogate_pair_is_no_problem() -> None:
    assert read(r'["\ud83d\ude00"]').problems == ()


@pytest.mark.parametrize("text", ["9007199254740993", "18446744073709551617", "-0.0", "1E+2", '"\\u0000"', " \r\t[]"])
def test_value_is_what_the_text_says(text: str) -> None:
    assert repr(read(text).value) == repr(json.loads(text))


def test_place_gives_line_and_column() -> None:
    places = read('{\r\n  "a/b": [\r\n    1, {"~": null}\r\n  ]}').places(["", "/a~1b", "/a~1b/1/~0", "/nothing"])
    assert places == {"": Place(1, 1), "/a~1b": Place(2, 10), "/a~1b/1/~0": Place(3, 14)}


def test_pointer_escapes_slash_and_tilde() -> None:
    assert pointer_to((((None, "a/b"), 0), "~")) == "/a~1b/0/~0"


@pytest.mark.parametrize("value", [None, True, 1.5, 10**300, "x" * 500, "\ud800", [1], {"\ud800": 1}, {}])
def test_shown_value_is_short_and_printable(value: Json) -> None:
    assert len(shown(value).encode("utf-8")) < 200


@given(json_values)
def test_reading_gives_back_what_was_written(value: Json) -> None:
    found = read(json.dumps(value))
    assert found.value == value
    assert found.problems == ()


@given(json_values, st.sampled_from([None, 0, 1, 4]))
def test_every_place_points_to_its_value(value: Json, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    found = read_json(text.encode("utf-8", "surrogatepass"), "f.json")
    places = found.places(pointer for pointer, _ in paths(found.value))
    lines = text.split("\n")
    for pointer, part in paths(found.value):
        line, column = places[pointer]
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == part


@given(st.binary() | st.text(alphabet='[]{}",:0123456789eE+-.\\untrfalse NI \n').map(str.encode))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    found = read_json(data, "f.json")
    assert found.is_json or (found.value is None and len(found.problems) >= 1)


@settings(max_examples=50)
@given(st.text(alphabet='[]{}",:01eE.- \n', max_size=30))
def test_what_is_accepted_is_what_the_standard_library_reads(text: str) -> None:
    found = read(text)
    try:
        expected = json.loads(text)
    except ValueError:
        assert not found.is_json
    else:
        assert not found.is_json or found.value == expected
