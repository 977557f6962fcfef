"""A story as staff write it: its head, each chapter as a form, its view captured from the map, and tips."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
import streamlit as st

from components import markup, state
from components.staff.fields import Choices, cell_of, field_widget, property_of
from components.staff.office import Work
from components.staff.steps import keep_step, with_record
from routes.dates import parse_as_of
from routes.documents import Document, Record, is_layer
from routes.mending import id_from
from routes.records import ID_PATTERN, STANCES
from routes.staging import captured_view, explore_params
from routes.stories import STORY_TEXTS, Chapter
from routes.story_checks import LONGEST_TEXT
from routes.view import View, read_view
from routes.words import catalogue, say

LONG = ("text", "more", "notes")
LEANING = {"event": "policy_events", "note": "risk_notes", "statistic": "statistics", "dispute": "disputes"}
FIGURES = ("", "arrivals", "timeline", "compare")


def story_form(work: Work, document_id: str) -> None:
    """Show the head of a story, and the button that adds a chapter of what was last looked at on the map."""
    document = work.documents[document_id]
    head = dict(document.head)
    for name in (*STORY_TEXTS, "language"):
        head[name] = _text(document_id, "", name, str(head.get(name, "")), LONG if name == "summary" else ())
    keep_step(work, document_id, Document(head, document.records))
    if st.button(say("stories.form.add"), key=f"add-chapter-{state.epoch()}", icon=":material/add_a_photo:"):
        _add(work, document_id)


def _add(work: Work, document_id: str) -> None:
    document = work.documents[document_id]
    title = say("stories.form.new_title")
    name = id_from(title)
    while name in document.records:
        name += "-2"
    view = captured_view(state.current_view(work.preview))
    record = {"id": name, "title": title, "view": view, "text": say("stories.form.new_text")}
    state.remember(state.STAFF_RECORD, name)
    keep_step(work, document_id, with_record(document, document_id, name, record), anew=True)


def chapter_form(work: Work, document_id: str, record_id: str) -> None:
    """Show the form of one chapter, with tips beside it; each changed field is one step of the draft."""
    document = work.documents[document_id]
    record = document.records[record_id]
    form, tips = st.columns([5, 2], gap="medium")
    with tips:
        markup.show("story_tips", tips=catalogue()["stories"]["form"]["tips"])
    with form:
        _order(work, document_id, record_id)
        after = _written(work, document_id, record_id, record)
        after["view"] = _view(work, document_id, record_id, record)
        after["id"] = _id(document_id, record_id)
    new = {name: value for name, value in after.items() if value or name in ("id", "title", "text", "view")}
    if new["id"] != record_id:
        state.remember(state.STAFF_RECORD, new["id"])
    moved = new["view"] != record.get("view") or new["id"] != record_id
    keep_step(work, document_id, with_record(document, document_id, record_id, new), anew=moved)


def _written(work: Work, document_id: str, record_id: str, record: Record) -> dict[str, Any]:
    """The chapter with everything that its words and lists now say."""
    after = dict(record)

    def text(name: str) -> None:
        after[name] = _text(document_id, record_id, name, str(record.get(name, "")), LONG)

    text("title")
    text("text")
    _count(str(after["text"]))
    for name in ("more", "notes", "content_note"):
        text(name)
    choices = Choices(work.documents)
    key = _key(document_id, record_id, "sources")
    cell = cell_of("sources", record.get("sources"))
    shown = field_widget("policy_events", "sources", state.mounted(key, cell), choices, key)
    if shown != cell:
        after["sources"] = property_of("sources", shown)
    after["leans"] = _leans(document_id, record_id, record, choices)
    after["shows"] = _shows(work, document_id, record_id, record)
    after["figure"] = _figure(document_id, record_id, record, choices)
    return after


def _key(document_id: str, record_id: str, name: str) -> str:
    return f"field-{document_id}-{record_id}-{name}-{state.epoch()}"


def _text(document_id: str, record_id: str, name: str, value: str, long: tuple[str, ...]) -> str:
    key = _key(document_id, record_id, name)
    label, value = say(f"stories.form.{name}"), state.mounted(key, value)
    if name in long:
        return st.text_area(label, value, key=key, height="content")
    return st.text_input(label, value, key=key)


def _count(text: str) -> None:
    words = len(text.split())
    if words > LONGEST_TEXT:
        st.warning(say("stories.form.too_long", n=words, most=LONGEST_TEXT))
    else:
        st.caption(say("stories.form.words", n=words, most=LONGEST_TEXT))


def _id(document_id: str, record_id: str) -> str:
    name = st.text_input(say("stories.form.id"), record_id, key=_key(document_id, record_id, "id")).strip()
    return name if ID_PATTERN.fullmatch(name) else record_id


def _leans(document_id: str, record_id: str, record: Record, choices: Choices) -> list[str]:
    known = {
        f"{kind}:{name}": choices.title(table, name) for kind, table in LEANING.items() for name in choices.ids(table)
    }
    key = _key(document_id, record_id, "leans")
    chosen: list[str] = state.mounted(key, list(record.get("leans") or []))
    options = list(dict.fromkeys([*known, *chosen]))
    label, hint = say("stories.form.leans"), say("stories.form.leans_help")
    return st.multiselect(label, options, chosen, key=key, help=hint, format_func=lambda one: known.get(one, one))


def _shows(work: Work, document_id: str, record_id: str, record: Record) -> dict[str, str]:
    """Features with the stance that the words rely on."""
    key = _key(document_id, record_id, "shows")
    start: Mapping[str, str] = state.mounted(key, dict(record.get("shows") or {}))
    features = [name for layer, one in work.documents.items() if is_layer(layer) for name in one.records]
    st.caption(say("stories.form.shows"))
    edited = st.data_editor(
        pd.DataFrame(list(start.items()), columns=["feature", "stance"], dtype="str"),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "feature": st.column_config.SelectboxColumn(say("stories.form.feature"), options=features, required=True),
            "stance": st.column_config.SelectboxColumn(say("stories.form.stance"), options=STANCES, required=True),
        },
    )
    pairs = ((str(row["feature"]), str(row["stance"])) for _, row in edited.iterrows())
    return {feature: stance for feature, stance in pairs if feature in features or feature in start}


def _figure(document_id: str, record_id: str, record: Record, choices: Choices) -> dict[str, Any] | None:
    key = _key(document_id, record_id, "figure")
    start: Mapping[str, Any] = state.mounted(key, dict(record.get("figure") or {}))
    kind = st.selectbox(
        say("stories.form.figure"), FIGURES, FIGURES.index(start.get("kind", "")), key=key,
        format_func=lambda one: say(f"stories.form.figure_{one or 'none'}"),
    )  # fmt: skip
    if kind in ("", "arrivals"):
        return {"kind": kind} if kind else None
    before, after = start.get("dates") or (start.get("from", ""), start.get("to", ""))
    names = ("first", "second") if kind == "compare" else ("from", "to")
    sides = st.columns(2)
    texts = (before, after)
    days = [
        side.text_input(say(f"stories.form.{name}"), text, key=f"{key}-{kind}-{name}").strip()
        for side, name, text in zip(sides, names, texts, strict=True)
    ]
    if kind == "compare":
        return {"kind": kind, "dates": days}
    countries = choices.ids("countries")
    at = countries.index(start["country"]) if start.get("country") in countries else 0
    country = st.selectbox(say("stories.form.country"), countries, at, key=f"{key}-country")
    return {"kind": kind, "country": country, "from": days[0], "to": days[1]}


def _view(work: Work, document_id: str, record_id: str, record: Record) -> dict[str, str]:
    """The chapter's view: as it is, or as a pasted link or the map has it."""
    view: dict[str, str] = dict(record.get("view") or {})
    st.caption(say("stories.form.view"))
    markup.show("chapter_view", params=view, address=_address(work, record_id, view))
    key = _key(document_id, record_id, "link")
    link = st.text_input(say("stories.form.view_link"), key=key)
    place = view.get("map", "")
    with st.container(horizontal=True):
        if st.button(say("stories.form.take_link"), key=f"{key}-take", disabled=not link.strip()):
            return _taken(work, link, place) or view
        hint = say("stories.form.seen_help")
        if st.button(say("stories.form.take_seen"), key=f"{key}-seen", help=hint):
            return captured_view(state.current_view(work.preview), place)
    return view


def _address(work: Work, record_id: str, view: Mapping[str, str]) -> str:
    """Where the explore page shows the view; nowhere while it has no date that can be read."""
    try:
        parse_as_of(view.get("as_of", ""))
    except ValueError:
        return ""
    chapter = Chapter(id=record_id, title="", view=view, text="")
    return "./?" + urlencode(explore_params(chapter, work.preview, today=date.today()), safe=",/:")


def _taken(work: Work, link: str, place: str) -> dict[str, str] | None:
    """The view that a link holds; says so where it holds none, or not the whole of it."""
    params = dict(parse_qsl(urlsplit(link.strip()).query))
    seen, unrestored = read_view(params, work.preview, today=date.today())
    if "as_of" not in params or unrestored:
        markup.show("reading_notice", sentences=[say("stories.form.bad_link"), *unrestored])
        return None
    return captured_view(_without_filter(seen), place)


def _without_filter(seen: View) -> View:
    """A chapter's events are chosen by its words, not by a reader's filter."""
    return View(as_of=seen.as_of, selection=seen.selection, layers=seen.layers, position=seen.position)


def _order(work: Work, document_id: str, record_id: str) -> None:
    names = list(work.documents[document_id].records)
    at = names.index(record_id)
    with st.container(horizontal=True):
        _mover(work, document_id, at, at - 1, "up", ":material/arrow_upward:")
        _mover(work, document_id, at, at + 1, "down", ":material/arrow_downward:")


def _mover(work: Work, document_id: str, at: int, to: int, word: str, icon: str) -> None:
    document = work.documents[document_id]
    key, is_end = f"{word}-{state.epoch()}", not 0 <= to < len(document.records)
    if st.button(say(f"stories.form.{word}"), key=key, icon=icon, disabled=is_end):
        keep_step(work, document_id, swapped(document, at, to), anew=True)


def swapped(document: Document, at: int, to: int) -> Document:
    """The document with two records in each other's place."""
    names = list(document.records)
    names[at], names[to] = names[to], names[at]
    return Document(document.head, {name: document.records[name] for name in names})
