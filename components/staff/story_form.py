"""A story as staff write it: its head, each chapter as a form, its view captured from the map, and tips."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
import streamlit as st

from components import markup, state
from components.staff.fields import Choices, cell_of, cell_typed, field_widget, property_of, rows_typed
from components.staff.following import looked_at, members_of
from components.staff.office import Work
from components.staff.record_form import id_field, whole_buttons
from components.staff.steps import keep_step, make_step, with_record
from routes.dataset import Dataset
from routes.dates import parse_as_of
from routes.documents import Document, Record, is_layer
from routes.mending import id_from
from routes.records import STANCES
from routes.staging import captured_view, explore_params
from routes.stories import STORY_TEXTS, Chapter
from routes.story_checks import LONGEST_TEXT
from routes.view import View, read_view
from routes.words import as_of_words, catalogue, say

LONG = ("summary", "text", "more", "notes")
LEANING = {"event": "policy_events", "note": "risk_notes", "statistic": "statistics", "dispute": "disputes"}
NEEDED = (*STORY_TEXTS, "language", "order", "text")
"""What is kept where it is empty, for the checks to ask for it."""

FIGURES = ("", "arrivals", "timeline", "compare")
FIGURE_DAYS = {"compare": ("first", "second"), "timeline": ("from", "to")}
LAST = 99
"""The place in the list of whatever says no other, as `routes.stories` has it."""


Typed = Callable[[], Any]
"""What stands in a widget now, as a member of the record."""

Take = Callable[[str, Typed], Callable[[], None]]
"""From a member's name: what runs as soon as somebody has changed its widget, and makes that a step."""


def story_form(work: Work, document_id: str) -> None:
    """Show the head of a story, and the button that adds a chapter of what was last looked at on the map."""
    is_new = document_id not in work.base
    with st.expander(say("stories.form.about"), is_new, key=f"about-{document_id}-{state.epoch()}"):
        _head(work, document_id, work.documents[document_id].head)
        if st.button(say("stories.form.delete"), icon=":material/delete:", key=f"delete-story-{state.epoch()}"):
            state.remember(state.STAFF_DOCUMENT, None)
            keep_step(work, document_id, None, anew=True)
    with st.container(horizontal=True):
        hint = say("stories.form.seen_help")
        if st.button(
            say("stories.form.add"), key=f"add-chapter-{state.epoch()}", icon=":material/add_a_photo:", help=hint
        ):
            _add(work, document_id)
        with st.popover(say("stories.form.tips_title"), icon=":material/lightbulb:"):
            markup.show("story_tips", tips=catalogue()["stories"]["form"]["tips"])
    st.caption(_seen_words(looked_at(work.preview)))


def _head(work: Work, document_id: str, head: Mapping[str, Any]) -> None:
    take = partial(_taking, work, document_id, "")
    for name in (*STORY_TEXTS, "language"):
        _text(document_id, "", name, str(head.get(name, "")), take)
    key, order = _key(document_id, "", "order"), head.get("order")
    at = state.mounted(key, order if isinstance(order, int) and 0 <= order <= LAST else LAST)
    change = take("order", lambda: int(st.session_state[key]))
    st.number_input(say("staff.layer_order"), 0, LAST, at, key=key, on_change=change)


def _taking(drawn: Work, document_id: str, record_id: str, name: str, typed: Typed) -> Callable[[], None]:
    return partial(_take, drawn, document_id, record_id, name, typed)


def _take(drawn: Work, document_id: str, record_id: str, name: str, typed: Typed) -> None:
    """Make what was typed into a member of a chapter, or of the head (""), a step."""
    work = drawn.as_drawn()
    if not work:
        return
    document = work.documents[document_id]
    if record_id:
        after = _with_member(document.records[record_id], name, typed())
        make_step(work, document_id, with_record(document, document_id, record_id, after))
    else:
        make_step(work, document_id, Document(_with_member(document.head, name, typed()), document.records))


def _with_member(members: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    after = {**members, name: value}
    if not value and name not in NEEDED:
        del after[name]
    return after


def _seen_words(seen: View) -> str:
    selected = seen.selection or say("stories.form.nothing")
    return say("stories.form.seen", date=as_of_words(seen.as_of), selected=selected)


def _add(work: Work, document_id: str) -> None:
    document = work.documents[document_id]
    record = captured_chapter(work.preview, document.records)
    name = str(record["id"])
    state.remember(state.STAFF_RECORD, name)
    keep_step(work, document_id, with_record(document, document_id, name, record), anew=True)


def captured_chapter(dataset: Dataset, taken: Collection[str]) -> dict[str, Any]:
    """A chapter to be written, of what was last looked at on the map; its id is none of those `taken`."""
    title = say("stories.form.new_title")
    name = id_from(title)
    while name in taken:
        name += "-2"
    return {"id": name, "title": title, "view": _captured(dataset), "text": say("stories.form.new_text")}


def _captured(dataset: Dataset, place: str = "", seen: View | None = None) -> dict[str, str]:
    """A chapter's view of what was `seen`, or last looked at; its layers are those there are in the draft."""
    return captured_view(seen or looked_at(dataset), [layer.id for layer in dataset.layers], place)


def chapter_form(work: Work, document_id: str, record_id: str) -> None:
    """Show the form of one chapter; each changed field is one step of the draft, made before the page is drawn anew."""
    document = work.documents[document_id]
    record = document.records[record_id]
    with st.container(horizontal=True, key="chapter-row"):
        _order(work, document_id, record_id)
        whole_buttons(work, document_id, record_id)
    _members(work, document_id, record_id, record)
    view = _view(work, document_id, record_id, record)
    id_field(work, document_id, record_id)
    if view is not None:
        keep_step(work, document_id, with_record(document, document_id, record_id, {**record, "view": view}), anew=True)


def _members(work: Work, document_id: str, record_id: str, record: Record) -> None:
    """The words and lists of a chapter."""
    take: Take = partial(_taking, work, document_id, record_id)
    for name in ("title", "text", "more", "notes", "content_note"):
        _text(document_id, record_id, name, str(record.get(name, "")), take)
        if name == "text":
            _count(str(record.get(name, "")))
    choices = Choices(work.documents)
    _sources(document_id, record_id, record, choices, take)
    _leans(document_id, record_id, record, choices, take)
    _shows(work, document_id, record_id, record, take)
    _figure(document_id, record_id, record, choices, take)


def _key(document_id: str, record_id: str, name: str) -> str:
    return f"field-{document_id}-{record_id}-{name}-{state.epoch()}"


def _text(document_id: str, record_id: str, name: str, value: str, take: Take) -> None:
    key = _key(document_id, record_id, name)
    label, value = say(f"stories.form.{name}"), state.mounted(key, value)
    change = take(name, lambda: str(st.session_state.get(key, "")))
    if name in LONG:
        st.text_area(label, value, key=key, height="content", on_change=change)
    else:
        st.text_input(label, value, key=key, on_change=change)


def _count(text: str) -> None:
    words = len(text.split())
    if words > LONGEST_TEXT:
        st.warning(say("stories.form.too_long", n=words, most=LONGEST_TEXT))
    else:
        st.caption(say("stories.form.words", n=words, most=LONGEST_TEXT))


def _sources(document_id: str, record_id: str, record: Record, choices: Choices, take: Take) -> None:
    key = _key(document_id, record_id, "sources")
    cell = state.mounted(key, cell_of("sources", record.get("sources")))

    def typed() -> Any:
        return property_of("sources", cell_typed("policy_events", "sources", cell, key))

    field_widget("policy_events", "sources", cell, choices, key, take("sources", typed))


def _leans(document_id: str, record_id: str, record: Record, choices: Choices, take: Take) -> None:
    known = {
        f"{kind}:{name}": choices.title(table, name) for kind, table in LEANING.items() for name in choices.ids(table)
    }
    key = _key(document_id, record_id, "leans")
    chosen: list[str] = state.mounted(key, _texts_of(record.get("leans")))
    options = list(dict.fromkeys([*known, *chosen]))
    st.multiselect(
        say("stories.form.leans"), options, chosen, key=key, help=say("stories.form.leans_help"),
        format_func=lambda one: known.get(one, one), on_change=take("leans", lambda: list(st.session_state[key])),
    )  # fmt: skip


def _shows(work: Work, document_id: str, record_id: str, record: Record, take: Take) -> None:
    """Features with the stance that the words rely on."""
    key = _key(document_id, record_id, "shows")
    start: Mapping[str, str] = state.mounted(key, members_of(record.get("shows")))
    rows = [{"feature": feature, "stance": stance} for feature, stance in start.items()]
    features = [name for layer, one in work.documents.items() if is_layer(layer) for name in one.records]

    def typed() -> dict[str, str]:
        found = rows_typed(rows, st.session_state[key])
        return {row["feature"]: row["stance"] for row in found if row.get("feature") and row.get("stance")}

    st.caption(say("stories.form.shows"))
    st.data_editor(
        pd.DataFrame(rows, columns=["feature", "stance"], dtype="str"),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        on_change=take("shows", typed),
        column_config={
            "feature": st.column_config.SelectboxColumn(say("stories.form.feature"), options=features, required=True),
            "stance": st.column_config.SelectboxColumn(say("stories.form.stance"), options=STANCES, required=True),
        },
    )


def _figure(document_id: str, record_id: str, record: Record, choices: Choices, take: Take) -> None:
    key = _key(document_id, record_id, "figure")
    start: Mapping[str, Any] = state.mounted(key, members_of(record.get("figure")))
    country = str(start.get("country") or "")
    countries = list(dict.fromkeys([*choices.ids("countries"), *filter(None, [country])]))
    change = take("figure", partial(_figure_typed, key, start, countries))
    at = FIGURES.index(start["kind"]) if start.get("kind") in FIGURES else 0
    kind = st.selectbox(
        say("stories.form.figure"), FIGURES, at, key=key, on_change=change,
        format_func=lambda one: say(f"stories.form.figure_{one or 'none'}"),
    )  # fmt: skip
    if kind in FIGURE_DAYS:
        for side, name, text in zip(st.columns(2), FIGURE_DAYS[kind], _days_of(start), strict=True):
            side.text_input(say(f"stories.form.{name}"), text, key=f"{key}-{kind}-{name}", on_change=change)
    if kind == "timeline":
        at = countries.index(country) if country else 0
        st.selectbox(say("stories.form.country"), countries, at, key=f"{key}-country", on_change=change)


def _texts_of(value: Any) -> list[str]:
    """A list of texts as a story may hold it; empty where something else stands there."""
    return list(map(str, value)) if isinstance(value, list) else []


def _days_of(figure: Mapping[str, Any]) -> list[str]:
    """The two dates of a figure as they are written; empty where it has none."""
    days = _texts_of(figure.get("dates")) or (figure.get("from", ""), figure.get("to", ""))
    return [*map(str, days), "", ""][:2]


def _figure_typed(key: str, start: Mapping[str, Any], countries: list[str]) -> dict[str, Any] | None:
    """The figure as its widgets have it; those that are not on the page yet will show what `start` has."""
    typed, kind = st.session_state, st.session_state[key]
    if kind not in FIGURE_DAYS:
        return {"kind": kind} if kind else None
    named = zip(FIGURE_DAYS[kind], _days_of(start), strict=True)
    days = [str(typed.get(f"{key}-{kind}-{name}", text)).strip() for name, text in named]
    if kind == "compare":
        return {"kind": kind, "dates": days}
    country = typed.get(f"{key}-country") or str(start.get("country") or countries[0])
    return {"kind": kind, "country": country, "from": days[0], "to": days[1]}


def _view(work: Work, document_id: str, record_id: str, record: Record) -> dict[str, str] | None:
    """Another view for the chapter, where somebody takes that of a pasted link or of the map."""
    view = {name: str(value) for name, value in members_of(record.get("view")).items()}
    st.caption(say("stories.form.view"))
    markup.show("chapter_view", params=view, address=_address(work, record_id, view))
    if view.get("filter"):
        st.caption(say("stories.form.filter"))
    key = _key(document_id, record_id, "link")
    link = st.text_input(say("stories.form.view_link"), key=key)
    place = view.get("map", "")
    with st.container(horizontal=True):
        if st.button(say("stories.form.take_link"), key=f"{key}-take", disabled=not link.strip()):
            return _taken(work, link, place)
        hint = say("stories.form.seen_help")
        if st.button(say("stories.form.take_seen"), key=f"{key}-seen", help=hint):
            return _captured(work.preview, place)
    return None


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
    return _captured(work.preview, place, seen)


def _order(work: Work, document_id: str, record_id: str) -> None:
    at = work.documents[document_id].order.index(record_id)
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
