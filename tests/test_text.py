"""Claims about making text harmless."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE

from routes.text import csv_cell, folded, markdown, visible

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SEEN_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f"
                          "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]")  # fmt: skip
"""Signs of old scripts, shorthand and music: formats by name, and no way to hide or turn text round."""


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Zl", "Zp"])
def test_every_character_that_hides_or_turns_is_written_out(category: str) -> None:
    hidden = [
        c for c in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(c) == category and c not in "\t\n" and not SEEN_FORMATS.match(c)
    ]  # fmt: skip
    assert hidden
    assert [f"U+{ord(c):04X}" for c in hidden if visible(c) != f"⟨U+{ord(c):04X}⟩"] == []


def test_every_mark_of_direction_is_written_out() -> None:
    turning = [c for c in map(chr, range(0x11000)) if unicodedata.bidirectional(c) in TURNING]
    assert len(turning) >= len(TURNING)
    assert all(visible(c) != c for c in turning)


def test_the_frame_writes_out_the_same_characters() -> None:
    script = (Path(__file__).parent.parent / "components" / "frame" / "1_store.js").read_text(encoding="utf-8")
    (written,) = re.findall(r"const hidden = /(\[.*\])/gu;", script)
    hidden = re.compile(re.sub(r"\\u\{(\w+)\}", lambda match: chr(int(match[1], 16)), written))
    surrogates = range(0xD800, 0xE000)  # no JSON of ours holds one
    for code in set(range(sys.maxunicode + 1)) - {ord("\t"), ord("\n"), *surrogates}:
        assert bool(hidden.fullmatch(chr(code))) == (visible(chr(code)) != chr(code)), f"U+{code:04X}"


@given(st.text())
def test_visible_text_stays_visible(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    once.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_plain_text_of_any_script_is_left_alone(text: str) -> None:
    assert visible(text) == text


@given(st.text() | st.just(HOSTILE) | st.text("*_`[]()<>#$:!|~\\ \n-"))
def test_no_mark_of_markdown_survives(text: str) -> None:
    shown = markdown(text)
    assert "\n" not in shown
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not set("\\`*_{}[]()<>#+-.!|:$~^=&@/") & set(bare)


@given(st.text())
def test_markdown_shows_what_was_typed(text: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown(text)) == visible(text).replace("\n", " ")


@given(st.text() | st.text("=+-@\t\r '", min_size=1))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")
    assert cell == text or text[0] in "=+-@\t\r"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("É", "e"),
        ("ＢＲＯＫＥＲ", "broker"),
        ("𝐁𝐫𝐨𝐤𝐞𝐫", "broker"),
        ("ﬁ", "fi"),
        ("STRASSE", "straße"),
        ("Ł", "ł"),
        ("ϓ", "υ"),
    ],
)
def test_case_accents_and_dress_do_not_matter(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text())
def test_folded_text_is_folded_for_good(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text("abcdefghijklmnopqrstuvwxyz éüñ한국어"))
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert folded(text.upper()) == folded(text)
