"""What changed between two dates that the reader chooses."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import markup, reading, state
from routes.changes import arrivals_in, changes_between, read_date
from routes.dataset import load
from routes.problems import LinkError
from routes.view import FIRST_YEAR
from routes.words import catalogue, date_words, say

PAGE = "changes"
DEFAULTS = {"from": date(2012, 12, 31), "to": date(2014, 12, 31)}


def show() -> None:
    """The page of changes."""
    with reading.column(PAGE, title=say("changes.title"), lead=say("changes.lead")):
        state.adopt_address(PAGE, *DEFAULTS)
        start, end = _dates(date.today())
        dataset = load()
        changes = changes_between(dataset, start, end)
        names = {country.code: country.name for country in dataset.countries.values()}
        names |= {"INT": say("reading.international")} | catalogue()["route"]
        years = {str(day.year): arrivals_in(dataset, day.year) for day in (changes.start, changes.end)}
        heading = say("changes.heading", start=said(changes.start), end=said(changes.end))
        markup.show("changes", heading=heading, changes=changes, names=names, years=list(years.items()))


def said(day: date) -> str:
    """A date inside a sentence: "the end of 2012" for the last day of a year."""
    is_year_end = (day.month, day.day) == (12, 31)
    return say("changes.year_end", year=str(day.year)) if is_year_end else date_words(day)


def _dates(today: date) -> tuple[date, date]:
    """The two dates, from the page's two fields; a date that cannot be read is said and its default used."""
    fields = dict(zip(DEFAULTS, st.columns(2), strict=True))
    asked = {name: _field(name, column, today) for name, column in fields.items()}
    _presets()
    chosen, complaints = dict(DEFAULTS), []
    for name, text in asked.items():
        try:
            chosen[name] = read_date(text, DEFAULTS[name], today=today)
        except LinkError as error:
            complaints.append(f"{error} {say('changes.instead', date=said(DEFAULTS[name]))}")
    if complaints:
        markup.show("reading_notice", sentences=complaints)
    state.write_address(PAGE, **asked)
    return chosen["from"], chosen["to"]


def _field(name: str, column: st.delta_generator.DeltaGenerator, today: date) -> str:
    key = state.key_of(PAGE, name)
    years = [str(year) for year in range(today.year, FIRST_YEAR - 1, -1)]
    if not state.text_of(PAGE, name):
        st.session_state[key] = str(DEFAULTS[name].year)
    column.selectbox(say(f"changes.{name}"), years, key=key, accept_new_options=True)
    return state.text_of(PAGE, name)


def _presets() -> None:
    with st.container(horizontal=True, key="presets"):
        for preset in catalogue()["changes"]["preset"]:
            st.button(preset["text"], on_click=_take, args=(preset,), key=f"preset-{preset['from']}-{preset['to']}")


def _take(preset: dict[str, str]) -> None:
    for name in DEFAULTS:
        st.session_state[state.key_of(PAGE, name)] = preset[name]
