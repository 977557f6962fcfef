"""The right widget for each field of a record: words from a list, dates with their precision, sources picked by title.

Every widget takes and gives the text of a table's cell, so that one set serves tables and features alike.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pandas as pd
import streamlit as st

from routes.dates import PartialDate, Period
from routes.documents import Document, is_layer
from routes.records import INTERNATIONAL, Citation, Country, FeatureKind, RouteId
from routes.tables import TABLES
from routes.words import catalogue, say

FEATURE_FIELDS: dict[str, Any] = {
    "kind": FeatureKind,
    "name": str,
    "authority": Country,
    "routes": tuple[RouteId, ...],
    "from": str | None,
    "to": str | None,
    "description": str | None,
    "scope": str | None,
    "whose": Country,
    "width_km": float | None,
    "sources": tuple[Citation, ...],
}
"""The properties of a feature and what each holds, as `routes.layers` reads them."""

KINDS_OF = {
    "from": {"segment", "band"},
    "to": {"segment", "band"},
    "scope": {"mission"},
    "whose": {"mission"},
    "width_km": {"band"},
}
"""The properties that only some kinds of feature have."""

LONG_TEXTS = {"summary", "text", "description", "why", "shown", "claim", "definition", "note", "role"}
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Choices:
    """What there is to pick from, in the documents as the draft has them."""

    documents: Mapping[str, Document]

    def ids(self, table: str) -> list[str]:
        """The ids of a table's records."""
        document = self.documents.get(table)
        return list(document.records) if document else []

    def title(self, table: str, record_id: str) -> str:
        """An id with the words that say what it is."""
        document = self.documents.get(table)
        record = document.records.get(record_id, {}) if document else {}
        words = next((str(record[name]) for name in ("title", "name", "term") if record.get(name)), "")
        return f"{words} ({record_id})" if words else record_id

    @property
    def countries(self) -> list[str]:
        """Country codes, and the one for international bodies."""
        return [*self.ids("countries"), INTERNATIONAL]


def hints_of(document_id: str) -> dict[str, Any]:
    """The fields of a document's records by name, with what each may hold."""
    return FEATURE_FIELDS if is_layer(document_id) else get_type_hints(TABLES[document_id], include_extras=True)


def has_field(document_id: str, name: str, fields: Mapping[str, Any]) -> bool:
    """Whether a record's form has the field: what its kind has, and whatever it holds all the same."""
    kinds = KINDS_OF.get(name) if is_layer(document_id) else None
    return kinds is None or fields.get("kind") in kinds or bool(fields.get(name))


def field_widget(
    document_id: str, name: str, value: str, choices: Choices, key: str, on_change: Callable[[], None] | None = None
) -> str:
    """Show the widget of a field with `value` in it; the cell's text as it is now.

    `on_change` runs as soon as somebody has changed it, whatever else they have pressed meanwhile; `cell_typed` then
    says to what.
    """
    hint = inner_hint(hints_of(document_id)[name])
    label, origin = label_of(name), get_origin(hint)
    if hint is PartialDate:
        _date_widget(label, value, key, on_change)
    elif hint is bool:
        st.checkbox(label, value == "yes", key=key, on_change=on_change)
    elif origin is Literal:
        _pick(label, value, list(get_args(hint)), key, on_change)
    elif origin is tuple:
        _several_widget(label, name, value, get_args(hint)[0], choices, key, on_change)
    elif origin is Annotated and hint.__metadata__[0] == "country":
        _pick(label, value, choices.countries, key, on_change, lambda one: choices.title("countries", one))
    elif origin is Annotated and name in REFERS_TO:
        table = REFERS_TO[name]
        _pick(label, value, choices.ids(table), key, on_change, lambda one: choices.title(table, one))
    elif name in LONG_TEXTS:
        st.text_area(label, value, key=key, height="content", on_change=on_change)
    else:
        help_text = say("staff.field.period_help") if hint is Period else None
        st.text_input(label, value, key=key, help=help_text, on_change=on_change)
    return cell_typed(document_id, name, value, key)


def cell_typed(document_id: str, name: str, value: str, key: str) -> str:
    """The cell's text as the widget `key`, which was shown with `value`, has it now."""
    hint = inner_hint(hints_of(document_id)[name])
    typed = st.session_state.get(key)
    if hint is PartialDate:
        return _date_typed(key)
    if hint is bool:
        return "yes" if typed else ""
    if get_origin(hint) is tuple and get_args(hint)[0] is Citation:
        return _sources_typed(value, typed or {})
    return " ".join(typed or []) if get_origin(hint) is tuple else str(typed or "")


REFERS_TO = {"event": "policy_events", "series": "series", "dispute": "disputes"}
"""Fields that hold the id of one record of a table."""


def label_of(name: str) -> str:
    """A field's name as staff read it."""
    labels: dict[str, str] = catalogue()["staff"]["field"]["label"]
    return labels.get(name, name.replace("_", " ").capitalize())


def inner_hint(hint: Any) -> Any:
    """What a field holds where it holds something."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not types.NoneType)
    return hint


def _pick(
    label: str, value: str, words: Sequence[str], key: str, on_change: Callable[[], None] | None, shown: Any = str
) -> None:
    """One of `words`, or a value that is there already and is not among them."""
    options = list(dict.fromkeys(["", *words, value]))
    at = options.index(value)
    st.selectbox(
        label, options, at, key=key, on_change=on_change, format_func=lambda one: shown(one) if one else "—"
    )


def _several_widget(
    label: str, name: str, value: str, kind: Any, choices: Choices, key: str, on_change: Callable[[], None] | None
) -> None:
    if kind is Citation:
        _sources_widget(label, value, choices, key, on_change)
        return
    chosen = value.split()
    words = list(get_args(kind)) if get_origin(kind) is Literal else choices.countries if kind is Country else []
    options = list(dict.fromkeys([*words, *chosen]))
    names = {one: choices.title("countries", one) for one in choices.countries} | catalogue()["route"]
    st.multiselect(
        label, options, chosen, key=key, accept_new_options=not words or name == "touches",
        format_func=lambda one: names.get(one, one), on_change=on_change,
    )  # fmt: skip


def _cited(value: str) -> list[dict[str, str]]:
    """The sources of a cell, each with its place."""
    parts = [part.partition("@")[::2] for part in value.split(";") if part.strip()]
    return [{"source": source.strip(), "place": place.strip()} for source, place in parts]


def rows_typed(rows: Sequence[Mapping[str, str]], edits: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows of a small table after what was done in it."""
    changed = [{**row, **edits.get("edited_rows", {}).get(at, {})} for at, row in enumerate(rows)]
    kept = [row for at, row in enumerate(changed) if at not in edits.get("deleted_rows", ())]
    return [*kept, *edits.get("added_rows", ())]


def _sources_typed(value: str, edits: Mapping[str, Any]) -> str:
    """The cell after what was done in the table of its sources."""
    found = [
        (str(row.get("source") or "").strip(), str(row.get("place") or "").strip())
        for row in rows_typed(_cited(value), edits)
    ]
    return "; ".join(f"{source} @ {place}" if place else source for source, place in found if source)


def _sources_widget(
    label: str, value: str, choices: Choices, key: str, on_change: Callable[[], None] | None
) -> None:
    """Sources picked from the list, each with the place in it that carries the claim."""
    st.caption(label)
    st.data_editor(
        pd.DataFrame(_cited(value), columns=["source", "place"], dtype="str"),
        key=key,
        on_change=on_change or "rerun",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "source": st.column_config.SelectboxColumn(
                say("staff.field.source"), options=choices.ids("sources"), required=True, width="medium",
                format_func=lambda one: choices.title("sources", one),
            ),
            "place": st.column_config.TextColumn(say("staff.field.place"), width="medium"),
        },
    )


def _date_widget(label: str, value: str, key: str, on_change: Callable[[], None] | None) -> None:
    """A date no finer than the source's: a year, perhaps a month, perhaps a day, perhaps only about."""
    known = _parsed(value)
    st.caption(label)
    year_at, month_at, day_at, about_at = st.columns([3, 3, 2, 2], vertical_alignment="center")
    words = {name: say(f"staff.field.{name}") for name in ("year", "month", "day")}
    year_at.text_input(
        words["year"], str(known.year) if known else value, key=key,
        placeholder=words["year"], label_visibility="collapsed", on_change=on_change,
    )  # fmt: skip
    months = ["", *(str(month) for month in MONTHS)]
    names = catalogue()["dates"]["months"]
    month_at.selectbox(
        words["month"], months, known.month or 0 if known else 0, key=f"{key}-month", label_visibility="collapsed",
        format_func=lambda one: names[int(one) - 1] if one else words["month"], on_change=on_change,
    )  # fmt: skip
    days = ["", *(str(day) for day in range(1, 32))]
    day_at.selectbox(
        words["day"], days, known.day or 0 if known else 0, key=f"{key}-day", label_visibility="collapsed",
        format_func=lambda one: one or words["day"], on_change=on_change,
    )  # fmt: skip
    is_about = bool(known and known.circa)
    about_at.checkbox(say("staff.field.about"), is_about, key=f"{key}-about", on_change=on_change)


def _date_typed(key: str) -> str:
    year, month, day = (str(st.session_state.get(name) or "").strip() for name in (key, f"{key}-month", f"{key}-day"))
    parts = [year, month and f"{int(month):02}", month and day and f"{int(day):02}"]
    return "-".join(part for part in parts if part) + ("~" if year and st.session_state.get(f"{key}-about") else "")


def _parsed(value: str) -> PartialDate | None:
    try:
        return PartialDate.parse(value) if value else None
    except ValueError:
        return None


def cell_of(name: str, value: Any) -> str:
    """A feature's property as the text a widget takes."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ("; " if name == "sources" else " ").join(str(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def property_of(name: str, cell: str) -> Any:
    """What a widget gave, as the property of a feature; None where there is nothing to say."""
    if name == "routes":
        return cell.split()
    if name == "sources":
        return [part.strip() for part in cell.split(";") if part.strip()]
    if name == "width_km":
        try:
            number = float(cell) if cell.strip() else None
        except ValueError:
            return cell  # kept as typed, for the checks to say what is wrong
        return int(number) if number is not None and number.is_integer() else number
    return cell.strip() or None
