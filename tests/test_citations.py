"""The bibliography: every source in every format, whatever stands in its fields."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.citations import (
    ORDERS,
    bibtex,
    citations_behind,
    cite_view,
    cited_by,
    csl_json,
    find_sources,
    plain,
    ris,
    short_name,
)
from routes.dataset import DEFAULT_FOLDER, load
from routes.dates import PartialDate
from routes.records import NOT_STATED, Source

ODD = [
    "}}}{",
    "\\",
    "\\}",
    "a\r\nER  - \r\nTY  - BOOK",
    '"},{"',
    "100 % & $5 #1_~^",
    "\u202egnp.exe",
    "\ud800",
    "@article{x,",
    NOT_STATED,
]
HOSTILE = st.text(min_size=1) | st.sampled_from(ODD)
FULL = Source(
    id="hrw-2025",
    author="Human Rights Watch",
    title="Returns & 100 % of the {rest}",
    publisher="Human Rights Watch",
    date="2025-10-15",
    address="https://www.hrw.org/a_b?x=1&y={2}",
    kind="report",
    read_as="excerpt",
    read_on=PartialDate(2026, 11, 22),
    language="en",
    note=None,
)
UNSTATED = replace(FULL, author=NOT_STATED, publisher=NOT_STATED, date=NOT_STATED, address=NOT_STATED)

FIELDS = ("author", "title", "publisher", "date", "address", "note")
sources = st.fixed_dictionaries(dict.fromkeys(FIELDS, HOSTILE)).map(lambda fields: replace(FULL, **fields))


@given(sources)
def test_csl_json_is_json_that_holds_each_source_once(source):
    (item,) = json.loads(csl_json([source]))
    assert item["id"] == source.id
    csl_json([source]).encode("utf-8")


@given(sources)
def test_bibtex_braces_balance_as_bibtex_counts_them(source):
    """BibTeX counts every brace, also one after a backslash."""
    depth = 0
    for character in bibtex([source]):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@given(sources)
def test_bibtex_has_one_entry_and_one_field_on_each_line(source):
    first, *fields, last, end = bibtex([source]).split("\n")
    assert first == "@techreport{hrw-2025,"
    assert (last, end) == ("}", "")
    assert all(re.fullmatch(r"  [a-z]+ = \{.*\},", line) for line in fields)


@given(sources)
def test_ris_is_one_record_whatever_the_fields_hold(source):
    lines = ris([source]).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert sum(line.startswith("TY  - ") for line in lines) == 1
    assert sum(line.startswith("ER  - ") for line in lines) == 1


def test_bibtex_escapes_the_marks_of_latex():
    assert r"Returns \& 100 \% of the \textbraceleft{}rest\textbraceright{}" in bibtex([FULL])
    assert "url = {https://www.hrw.org/a_b?x=1&y=%7B2%7D}" in bibtex([FULL])


@pytest.mark.parametrize("write", [bibtex, csl_json, ris], ids=lambda write: write.__name__)
def test_what_a_source_does_not_state_is_left_out(write):
    assert NOT_STATED not in write([UNSTATED])


def test_plain_text_leaves_out_what_is_not_stated():
    assert plain(UNSTATED) == "“Returns & 100 % of the {rest}”."


def test_a_title_that_is_not_stated_leaves_our_description_in_brackets():
    described = replace(UNSTATED, title="not stated [Arrests in Bangkok]")
    assert plain(described) == "“[Arrests in Bangkok]”."


def test_plain_text_names_author_title_publisher_date_and_address():
    assert plain(FULL) == (
        "Human Rights Watch. “Returns & 100 % of the {rest}”. Human Rights Watch, 15 October 2025. "
        "https://www.hrw.org/a_b?x=1&y={2}"
    )


def test_a_date_known_to_the_month_stays_a_month():
    month = replace(FULL, date="2013-05")
    assert json.loads(csl_json([month]))[0]["issued"] == {"date-parts": [[2013, 5]]}
    assert "DA  - 2013/05//" in ris([month])
    assert "  day = " not in bibtex([month])


def test_every_source_of_ours_is_in_every_format():
    ours = load().sources
    assert [item["id"] for item in json.loads(csl_json(ours.values()))] == list(ours)
    assert re.findall(r"^@[a-z]+\{([a-z0-9-]+),$", bibtex(ours.values()), flags=re.MULTILINE) == list(ours)
    assert re.findall(r"^ID  - (.+)\r$", ris(ours.values()), flags=re.MULTILINE) == list(ours)


def test_short_name_says_who_and_when():
    assert short_name(FULL) == "Human Rights Watch, 2025"
    assert short_name(replace(UNSTATED, publisher="NK News")) == "NK News"


@pytest.mark.parametrize(
    ("author", "publisher", "shown"),
    [
        ("남빛나라", "Newsis", "Newsis"),
        ("연합뉴스 (Yonhap)", "서울신문 (Seoul Shinmun)", "Yonhap"),
        (NOT_STATED, "중앙일보 [JoongAng Ilbo]", "JoongAng Ilbo"),
        ("서재덕", "Radio Free Asia (Korean)", "Radio Free Asia (Korean)"),
        ("Nguyễn Đăng", "Tuổi Trẻ", "Nguyễn Đăng"),
        ("남빛나라", "중앙일보", "Returns & 100 % of the {rest}"),
    ],
)
def test_a_short_name_is_what_an_english_room_can_read(author: str, publisher: str, shown: str) -> None:
    assert short_name(replace(UNSTATED, author=author, publisher=publisher)) == shown


def test_every_short_name_of_ours_is_in_latin_letters() -> None:
    for source in load(DEFAULT_FOLDER).sources.values():
        name = short_name(source)
        assert re.search("[A-Za-z]", name), source.id
        assert not re.search("[\u0370-\u1dff\u2e80-\ufdff]", name), source.id


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("“Beyond Utopia”: A film review", "“‘Beyond Utopia’: A film review”"),
        ('Truth behind "Issue of Defectors" Exposed', "“Truth behind ‘Issue of Defectors’ Exposed”"),
        ('("Not refugees", he said)', "“(‘Not refugees’, he said)”"),
        ("North Korea's way", "“North Korea's way”"),
    ],
)
def test_quotes_in_a_quoted_title_are_single(title: str, quoted: str) -> None:
    assert plain(replace(UNSTATED, title=title)) == f"{quoted}."


def test_no_entry_of_ours_has_double_quotes_within_double_quotes() -> None:
    for source in load(DEFAULT_FOLDER).sources.values():
        title = plain(source).partition("“")[2].rpartition("”")[0]
        assert not set(title) & set("“”\""), source.id


@given(title=HOSTILE)
def test_a_cited_view_names_its_date_and_the_version_of_the_data(title):
    cited = cite_view(title, "https://x.org/?as_of=2014", date(2014, 12, 31), date(2026, 11, 22), "abc123")
    assert list(cited) == ["plain text", "BibTeX", "RIS", "CSL-JSON"]
    for text in cited.values():
        assert "end of 2014" in text
        assert "abc123" in text
        assert "https://x.org/?as_of=2014" in text


def test_records_that_lean_on_a_source_are_counted_once_each():
    dataset = load()
    counts = cited_by(dataset)
    leaning = [e for e in dataset.policy_events.values() if any(c.source == "nknews-2018" for c in e.sources)]
    assert counts["nknews-2018"] >= len(leaning) > 0
    assert set(counts) == set(dataset.sources)


def test_search_finds_a_source_by_words_in_any_order_case_and_accent():
    found = find_sources(load(), "DEFECT nk néws 2018 countries")
    assert "nknews-2018" in [row.source.id for row in found]
    assert find_sources(load(), "no-such-words-anywhere") == []


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_lists_every_source_once(order):
    rows = find_sources(load(), order=order)
    assert sorted(row.source.id for row in rows) == sorted(load().sources)


def test_newest_sources_come_first_and_undated_ones_last():
    dates = [row.source.date for row in find_sources(load(), order="date")]
    years = [int(when[:4]) if when[:4].isdigit() else 0 for when in dates]
    assert years == sorted(years, reverse=True)


def test_a_reference_that_points_nowhere_adds_no_citation():
    assert citations_behind(load(), ["event:no-such-event", "nonsense", "dispute:", "table:x"]) == ()
