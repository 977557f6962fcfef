"""Claims about data as HTML: nothing that stands in a field is ever markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from making import HOSTILE, HOSTILE_ADDRESS, event, feature, note, source
from markupsafe import Markup

from components import markup
from components.markup import TEMPLATES, render
from routes.records import NOT_STATED
from routes.stance import UNKNOWN
from routes.text import visible

ALL = sorted(path.stem for path in TEMPLATES.glob("*.html"))
TAGS = {"div", "p", "span", "b", "i", "ol", "ul", "li", "details", "summary", "a", "cite", "h2", "h3", "section", "br"}


class Seen(HTMLParser):
    """The tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def pieces(text: str, address: str = HOSTILE_ADDRESS) -> dict[str, dict[str, Any]]:
    """Panels filled with the same text wherever there is free text."""
    found = [(source(title=text, author=text, publisher=text, date=text, address=address), text)]
    one = event(title=text, summary=text, area=text)
    way = feature(name=text, description=text)
    leg = SimpleNamespace(feature=way, spell=UNKNOWN)
    return {
        "route": {"told": text, "legs": [(leg, text)]},
        "notes": {"notes": [(note(title=text, text=text), found)]},
        "timeline": {
            "past": [(one, found)],
            "later": [(one, found)],
            "filtered_out": 1,
            "near": 7,
            "disputed": {one.id},
        },
        "why": {
            "reasons": [(SimpleNamespace(event=one), found)],
            "unmoved": [(SimpleNamespace(event=one), [])],
            "disputed": (),
        },
        "chosen_event": {"event": one, "found": found, "as_of": one.date.first_day},
    }


@pytest.mark.parametrize("template", pieces(""))
def test_hostile_text_is_shown_and_never_run(template: str) -> None:
    seen = Seen(render(template, **pieces(HOSTILE)[template]))
    assert seen.tags <= TAGS
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]
    assert all((value or "").startswith("https://example.org/") for name, value in seen.attributes if name == "href")
    assert visible(HOSTILE) in seen.text


@pytest.mark.parametrize("template", pieces(""))
@given(text=st.text(min_size=1).filter(str.strip))
def test_any_text_is_shown_as_it_is_typed(template: str, text: str) -> None:
    plain, seen = (Seen(render(template, **pieces(words)[template])) for words in ("x", text))
    assert seen.tags == plain.tags
    assert [name for name, _ in seen.attributes] == [name for name, _ in plain.attributes]
    assert visible(text) in seen.text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://x.org", "HTTPS:x", NOT_STATED]
)
def test_only_a_web_address_is_a_link(address: str) -> None:
    seen = Seen(render("notes", **pieces("x", address)["notes"]))
    assert "a" not in seen.tags


def test_a_link_to_a_source_tells_it_nothing_about_us() -> None:
    attributes = dict(Seen(render("notes", **pieces("x")["notes"])).attributes)
    assert attributes["rel"] == "noopener noreferrer"
    assert attributes["href"] == HOSTILE_ADDRESS


@given(st.text() | st.integers() | st.none() | st.just(HOSTILE))
def test_whatever_a_template_prints_is_text(value: object) -> None:
    template = markup._environment().from_string(
        '<b title="{{ value }}">{{ value }}</b>{% set copy = value ~ "" %}{{ copy }}'
    )
    html = template.render(value=value)
    seen = Seen(html)
    assert seen.tags == {"b"}
    assert [name for name, _ in seen.attributes] == ["title"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", html)


def test_markup_of_a_template_is_kept() -> None:
    assert markup._as_text(Markup("<b>")) == Markup("<b>")
    assert markup._as_text(None) == ""


@pytest.mark.parametrize("template", ALL)
def test_no_template_lets_a_value_through(template: str) -> None:
    text = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
    text = re.sub(r'<script defer src="\{\{ (file|asset)\("[a-z.]+"\) \}\}">', "", text)  # a file of ours
    assert not re.findall(
        r"\|\s*safe\b|autoescape|Markup|<script|<style|<iframe|\son[a-z]+\s*=|\sstyle\s*=\s*[\"'][^\"']*url", text
    )
    assert not re.findall(r"\s[a-z-]+=\{\{", text), "every attribute stands in quotes"


@pytest.mark.parametrize("template", ALL)
def test_every_template_can_be_read(template: str) -> None:
    assert markup._environment().get_template(f"{template}.html")


@pytest.mark.parametrize("template", pieces(""))
def test_a_value_that_is_missing_is_a_fault_of_ours(template: str) -> None:
    with pytest.raises(UndefinedError):
        render(template)
