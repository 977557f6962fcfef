"""No word in the catalogue without a reader: every key is asked for somewhere in the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from routes.words import catalogue

ROOT = Path(__file__).parent.parent
WHOLE = (
    re.compile(r"""["']([a-z_]+(?:\.[\w-]+)+)["']"""),  # say("panel.why"), in Python and in templates
    re.compile(r"\bwords\.([a-z_]+(?:\.[a-z_]+)+)"),  # words.map.name, in the frame's scripts
)
STEM = (
    re.compile(r"""f["']([a-z_]+\.[a-z_.]*)\{"""),  # f"panel.{kind}"
    re.compile(r"""["']([a-z_]+\.[a-z_.]*)["']\s*~"""),  # "panel.read_" ~ word
    re.compile(r"\bwords(\.[a-z_.]+)\["),  # words.stance.word[stance]
)
CATALOGUE = re.compile(r"""catalogue\(\)((?:\["\w+"\])+)""")  # catalogue()["method"]["section"]


@cache
def program() -> str:
    """All our code: Python, templates and the frame's scripts."""
    kinds = (".py", ".html", ".js")
    files = [path for folder in ("components", "routes") for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    assert len(files) > 40
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The keys of all words: 'dates.months', 'panel.later' and so on; singular and plural are one."""
    for name, value in table.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield prefix + name


@cache
def strings() -> set[str]:
    return set(re.findall(r"""["']([\w-]+)["']""", program()))


def named(word: str) -> bool:
    """Whether the program has `word` as a string of its own, or as a string with a suffix that is one."""
    quoted = strings()
    suffixes = [text for text in quoted if text.startswith("_") and word.endswith(text)]
    return word in quoted or any(word.removesuffix(suffix) in quoted for suffix in suffixes)


@cache
def asked_for() -> tuple[set[str], set[str], set[str]]:
    """Whole keys, beginnings of keys whose end is filled in, and tables taken as they are."""
    whole = {match for pattern in WHOLE for match in pattern.findall(program())}
    stems = {match for pattern in STEM for match in pattern.findall(program())}
    stems = {f"{stem[1:]}." if stem.startswith(".") else stem for stem in stems}
    taken = {".".join(re.findall(r"\w+", match)) for match in CATALOGUE.findall(program())}
    return whole, stems, taken


def is_used(key: str) -> bool:
    whole, stems, taken = asked_for()
    if key in whole or any(key == path or key.startswith(f"{path}.") for path in taken):
        return True
    ends = [key.removeprefix(stem) for stem in stems if key.startswith(stem)]
    return any("." not in end and named(end) for end in ends)


@pytest.mark.parametrize("key", sorted(keys(catalogue())))
def test_every_word_in_the_catalogue_is_said_somewhere(key: str) -> None:
    assert is_used(key), f"nothing says {key}: take it out of routes/words.en.toml"


@pytest.mark.parametrize("key", ["panel.no_such_word", "no_such_table.word"])
def test_a_word_nobody_says_is_noticed(key: str) -> None:
    assert not is_used(key)
