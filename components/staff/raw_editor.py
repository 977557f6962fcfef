"""The raw GeoJSON of a layer in an editor, with its problems marked where they stand, listed and mended beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from routes.located_json import Place
from routes.problems import Problem
from routes.text import markdown, visible
from routes.typed import mends_for_text, places_of
from routes.words import say

HEIGHT = 460
EDITOR = declare_component(
    "geojson_editor", path=str(Path(str(distribution("streamlit-ace").locate_file("streamlit_ace/frontend/build"))))
)
"""The package's editor itself, since its own function cannot turn off that Enter takes a proposed word."""

MOST_MARKED = 200
MOST_LISTED = 20
_TOKEN = re.compile(r'"[^"\n]*"?|[\w.+-]+|.')


@dataclass
class _Frame:
    """One editor in the browser: which it is, what it began with, what it holds, and what the caller last gave."""

    number: int
    began_with: str
    holds: str
    given: str


def raw_editor(text: str, problems: Sequence[Problem], *, key: str) -> str | None:
    """The text once it was typed or mended, valid or not; None while it is `text` still.

    `problems` are those of `text` (`routes.typed.problems_of_text`). Keep what comes back and run again with it and
    its problems. While `text` stays what it was, whatever is typed stays in the browser; another text replaces it.
    """
    frame = _frame(text, key)
    places = places_of(text, problems)
    editor, beside = st.columns([3, 2])
    with editor:
        typed = EDITOR(
            defaultValue=frame.began_with,
            mode="hjson",  # colours JSON; Ace's own mode for it would start a worker that marks faults as well
            theme="textmate",
            height=HEIGHT,
            fontSize=14,
            tabSize=2,
            wrapEnabled=True,
            showGutter=True,
            showPrintMargin=False,
            autoUpdate=True,
            setOptions={"enableLiveAutocompletion": False},
            annotations=[_annotation(p, at) for p, at in zip(problems[:MOST_MARKED], places, strict=False)],
            markers=_markers(text, problems[:MOST_MARKED], places),
            key=f"{key}-{frame.number}",
            default=frame.began_with,
        )
    with beside:
        mended = _problem_list(text, problems, places, key)
    if typed != frame.holds:
        frame.holds = str(typed)
        return frame.holds
    return mended


def _frame(text: str, key: str) -> _Frame:
    """The editor that holds `text`: a new one where the caller's text became another than what was typed."""
    frame: _Frame | None = st.session_state.get(key)
    if frame is None or text not in (frame.given, frame.holds):
        frame = _Frame(frame.number + 1 if frame else 1, text, text, text)
    frame.given = text
    st.session_state[key] = frame
    return frame


def _annotation(problem: Problem, place: Place) -> dict[str, Any]:
    said = visible(f"{problem.message} {problem.hint}")
    return {"row": place.line - 1, "column": place.column - 1, "type": problem.severity, "text": said}


def _markers(text: str, problems: Sequence[Problem], places: Sequence[Place]) -> list[dict[str, Any]]:
    """What is wrong, underlaid from the place of each problem to the end of the word."""
    lines = text.split("\n")
    marked = []
    for problem, (line, column) in zip(problems, places, strict=False):
        word = _TOKEN.match(lines[line - 1], column - 1) if line <= len(lines) else None
        marked.append(
            {
                "startRow": line - 1,
                "startCol": column - 1,
                "endRow": line - 1,
                "endCol": word.end() if word else column,
                "className": "ace_error-marker" if problem.severity == "error" else "ace_highlight-marker",
                "type": "text",
            }
        )
    return marked


def _problem_list(text: str, problems: Sequence[Problem], places: Sequence[Place], key: str) -> str | None:
    """The problems in words, each with its mends; the text mended where one is clicked."""
    mended = None
    st.markdown(markdown(say("mending.problems", n=len(problems)) if problems else say("mending.no_problems")))
    for number, (problem, place) in enumerate(zip(problems[:MOST_LISTED], places, strict=False)):
        where = say("mending.place", line=str(place.line), column=str(place.column))
        st.markdown(markdown(f"{where}: {problem.message} {problem.hint}"))
        for mend in mends_for_text(problem, text):
            if st.button(markdown(mend.words), key=f"{key}-mend-{number}-{mend.key}"):
                mended = mend.apply(text)
    if len(problems) > MOST_LISTED:
        st.markdown(markdown(say("mending.more_problems", n=len(problems) - MOST_LISTED)))
    return mended
