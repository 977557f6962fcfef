"""Claims about the words on the page: every one that is asked for exists, with the values it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from hypothesis import given
from test_dates import partial_dates

from routes.dates import PartialDate, Period
from routes.records import ROUTE_IDS, STANCES, Certainty, EventEffect, FeatureKind, Level, ReadAs
from routes.words import as_of_words, catalogue, date_words, number_words, period_words, say, span_words

ROOT = Path(__file__).parent.parent
SOURCES = [*(ROOT / "routes").rglob("*.py"), *(ROOT / "components").rglob("*.py")]
TEMPLATES = sorted((ROOT / "components" / "templates").glob("*.html"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in pairs:
            yield from leaves(part, f"{path}.{name}" if path else str(name))


def find(key: str) -> Any:
    found: Any = catalogue()
    for part in key.split("."):
        assert part in found, f"the catalogue has no {key}"
        found = found[part]
    return found


EVERY = "**"
"""Stands for the names that a call gives without naming them."""


def asked_in_code() -> Iterator[tuple[str, str, set[str] | None]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say"
                and node.args
            ):
                given_names = {word.arg or EVERY for word in node.keywords}
                for key in ast.walk(node.args[0]):
                    if (
                        isinstance(key, ast.Constant)
                        and isinstance(key.value, str)
                        and not isinstance(node.args[0], ast.JoinedStr)
                    ):
                        yield path.name, key.value, given_names


def asked_in_templates() -> Iterator[tuple[str, str, set[str] | None]]:
    for path in TEMPLATES:
        for match in re.finditer(
            r'say\("([a-z_.]+)"(?=([,)]))((?:[^()]|\([^()]*\))*)\)', path.read_text(encoding="utf-8")
        ):
            yield path.name, match.group(1), set(re.findall(r"\b([a-z_]+)=", match.group(3)))


ASKED = sorted(
    {(where, key, frozenset(names or ())) for where, key, names in [*asked_in_code(), *asked_in_templates()]}
)


@pytest.mark.parametrize(("where", "key", "names"), ASKED, ids=[f"{where}-{key}" for where, key, _ in ASKED])
def test_every_string_asked_for_exists_and_gets_what_it_needs(where: str, key: str, names: frozenset[str]) -> None:
    found = find(key)
    texts = [found] if isinstance(found, str) else [found["one"], found["other"]]
    needed = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    if EVERY not in names:
        assert needed <= names, where
        assert isinstance(found, str) or "n" in names, where


def test_strings_are_asked_for_in_both_places() -> None:
    assert len([where for where, _, _ in ASKED if where.endswith(".py")]) > 20
    assert len([where for where, _, _ in ASKED if where.endswith(".html")]) > 20


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("stance.word", STANCES), ("stance.phrase", STANCES), ("stance.sentence", STANCES), ("route", ROUTE_IDS),
        ("certainty", get_args(Certainty)), ("effect", get_args(EventEffect)), ("level", get_args(Level)),
        ("kind", get_args(FeatureKind)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_word_of_the_records_can_be_said(prefix: str, words: tuple[str, ...]) -> None:
    assert all(say(f"{prefix}.{word}", country="Laos") for word in words)


@pytest.mark.parametrize("word", get_args(ReadAs))
def test_how_a_source_was_read_can_be_said(word: str) -> None:
    assert say(f"panel.read_{word}")


def test_every_string_of_the_catalogue_is_a_text_that_can_be_filled_in() -> None:
    for key, text in leaves(catalogue()):
        assert text.strip(), key
        names = [name for _, name, _, _ in Formatter().parse(text)]
        assert all(name is None or name.isidentifier() for name in names), key


def test_no_string_of_the_catalogue_holds_markup() -> None:
    assert [key for key, text in leaves(catalogue()) if re.search(r"<[a-z/!]", text)] == []


def test_values_are_never_read_as_strings_to_fill_in() -> None:
    assert "{first}" in say("link.as_of", text="{first} %s {0.__class__}")


def test_a_missing_string_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        say("panel.no_such_string")


@pytest.mark.parametrize(("n", "text"), [(0, "0 sources"), (1, "1 source"), (2, "2 sources"), (1234, "1,234 sources")])
def test_one_and_many_are_said_apart(n: int, text: str) -> None:
    assert say("panel.sources", n=n) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2013-05-28", "28 May 2013"),
        ("2013-05", "May 2013"),
        ("2013", "2013"),
        ("1996~", "about 1996"),
        ("1998-07~", "about July 1998"),
    ],
)
def test_a_date_is_said_no_finer_than_it_is_known(text: str, said: str) -> None:
    assert date_words(PartialDate.parse(text)) == said


@given(partial_dates())
def test_no_date_is_said_with_a_part_it_lacks(when: PartialDate) -> None:
    said = date_words(when)
    assert str(when.year) in said
    assert (when.month is not None) == any(month in said for month in catalogue()["dates"]["months"])
    assert said.startswith("about ") is when.circa


@pytest.mark.parametrize(
    ("as_of", "said"),
    [(date(2014, 12, 31), "end of 2014"), (date(2014, 5, 31), "31 May 2014"), (date(2013, 5, 28), "28 May 2013")],
)
def test_the_date_of_a_view_is_said(as_of: date, said: str) -> None:
    assert as_of_words(as_of) == said


@pytest.mark.parametrize(
    ("end", "is_open", "said"),
    [
        (None, False, "2013"),
        (None, True, "since 2013"),
        ("2014", True, "2013 to 2014"),
        ("2013", False, "2013"),
        ("2013", True, "since 2013"),
    ],
)
def test_a_span_is_said(end: str | None, is_open: bool, said: str) -> None:
    assert span_words(PartialDate(2013), PartialDate.parse(end) if end else None, is_open=is_open) == said


@pytest.mark.parametrize(("text", "said"), [("2009", "2009"), ("2011-01/2011-04", "January 2011 to April 2011")])
def test_a_period_is_said(text: str, said: str) -> None:
    assert period_words(Period.parse(text)) == said


@pytest.mark.parametrize(
    ("value", "said"), [(34538, "34,538"), (34538.0, "34,538"), (0, "0"), (9.5, "9.5"), (-1200, "-1,200")]
)
def test_a_number_is_said_with_its_thousands(value: float, said: str) -> None:
    assert number_words(value) == said
