"""Data as HTML: Jinja templates that escape every value, and the one function that shows them.

No other module writes HTML. A template may hold markup; what is put into it is always text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from routes import words
from routes.text import visible

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        say=words.say,
        date_words=words.date_words,
        as_of_words=words.as_of_words,
        span_words=words.span_words,
        period_words=words.period_words,
        number_words=words.number_words,
    )
    return environment


def _as_text(value: object) -> object:
    """What a template prints: markup made by a template as it is, everything else as visible text."""
    return value if isinstance(value, Markup) else "" if value is None else visible(str(value))


def compile_templates() -> None:
    """Make every template ready, so that no reader waits for it."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def render(template: str, **values: object) -> str:
    """The HTML of `components/templates/<template>.html` with `values`, each of them escaped."""
    return _environment().get_template(f"{template}.html").render(**values)


def show(template: str, *, width: Literal["stretch", "content"] = "stretch", **values: object) -> None:
    """Put a template on the page; as wide as its content where others stand beside it."""
    st.html(render(template, **values), width=width)
