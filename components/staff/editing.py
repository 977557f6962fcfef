"""The editor: a layer on its map or a table as rows, one record as a form, the raw text, and a preview beside them."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

import streamlit as st

from components import state
from components.edit_map import draw_edit_map
from components.map import draw_map
from components.panel import show_heading, show_reading
from components.staff.following import follow_chapter, follow_record
from components.staff.new_document import new_document
from components.staff.office import Work, current_desk, layers_first, work_on
from components.staff.raw_editor import raw_editor
from components.staff.record_form import record_form, record_picker
from components.staff.saving import blocking_list, save_bar, warning_list
from components.staff.steps import keep_step, make_step
from components.staff.story_form import chapter_form, story_form
from components.staff.table_form import table_form
from components.staff.telling import document_title
from routes.documents import STORIES, Document, is_layer, is_story, read_document, write_document
from routes.mapsteps import MapStep, read_message, with_step
from routes.problems import UnreadableError
from routes.text import markdown
from routes.typed import problems_of_text
from routes.words import say

LAYER_VIEWS = ("record", "all", "raw", "layer")
TABLE_VIEWS = ("record", "all")
PAGE = "staff"
STORY_ASKED = state.key_of(PAGE, "story")


def show(work: Work) -> None:
    """The editor on one document of the draft."""
    with st.container(horizontal=True, vertical_alignment="center", key="editor-bar"):
        document_id = _document_picker(work)
        new_document(work)
        save_bar(work)
    st.session_state.setdefault(state.STAFF_STAGE, "shapes")
    if is_layer(document_id):
        wide = st.session_state.get(f"view-{len(LAYER_VIEWS)}") in ("raw", "all")
        stage, form = st.columns([2, 3] if wide else [3, 2], gap="medium")
        with stage:
            _stage(work, document_id)
        with form:
            _forms(work, document_id, LAYER_VIEWS)
    elif not is_story(document_id) and _view(TABLE_VIEWS) == "all":
        blocking_list(work)
        table_form(work, document_id)
        warning_list(work, document_id)
    else:
        form, stage = st.columns([2, 3], gap="medium")
        with form:
            blocking_list(work)
            _show_view(work, document_id, "record")
            warning_list(work, document_id)
        with stage:
            _preview(work)


def _document_picker(work: Work) -> str:
    names = layers_first(work.documents)
    _adopt_address(names)
    chosen = state.remembered(state.STAFF_DOCUMENT)
    at = names.index(chosen) if chosen in names else 0
    picked = st.selectbox(
        say("staff.document"), names, at, key=f"document-{state.epoch()}", label_visibility="collapsed",
        format_func=lambda name: document_title(name, work.documents), width=340,
    )  # fmt: skip
    if picked != chosen:
        state.remember(state.STAFF_RECORD, next(iter(work.documents[picked].records), None))
        state.remember(state.STAFF_DOCUMENT, picked)
    _write_address(picked)
    return str(picked)


def _adopt_address(names: list[str]) -> None:
    """Open the story that the address asks for, unless this page wrote the address itself."""
    before = state.remembered(STORY_ASKED)
    state.adopt_address(PAGE, "story")
    asked = state.text_of(PAGE, "story")
    if asked != before and STORIES + asked in names:
        state.remember(state.STAFF_DOCUMENT, STORIES + asked)
        state.remember(state.STAFF_RECORD, None)


def _write_address(document_id: str) -> None:
    story = document_id.removeprefix(STORIES) if is_story(document_id) else ""
    state.remember(STORY_ASKED, story)
    state.write_address(PAGE, story=story)


def _view(views: tuple[str, ...]) -> str:
    chosen = st.segmented_control(
        say("staff.view.label"), views, default=views[0], key=f"view-{len(views)}", required=True,
        format_func=lambda view: say(f"staff.view.{view}"), label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen or views[0])


def _forms(work: Work, document_id: str, views: tuple[str, ...]) -> None:
    view = _view(views)
    if view == "raw":  # it marks and lists its own
        _show_view(work, document_id, view)
        return
    blocking_list(work)
    _show_view(work, document_id, view)
    warning_list(work, document_id)


def _show_view(work: Work, document_id: str, view: str) -> None:
    if document_id in work.draft.texts and view != "raw":
        st.warning(markdown(say("staff.text_first")), icon=":material/data_object:")
        if st.button(say("staff.text_drop"), icon=":material/delete:", key="text-drop"):
            work.keep_text(document_id, None)
            st.rerun()
        return
    if view == "raw":
        _raw(work, document_id)
    elif view == "all":
        table_form(work, document_id)
    elif view == "layer":
        _head_form(work, document_id)
    elif is_story(document_id):
        _story(work, document_id)
    else:
        record = record_picker(work, document_id)
        if record is not None:
            follow_record(work, record)
            record_form(work, document_id, record)


def _story(work: Work, document_id: str) -> None:
    """A story's head and one of its chapters."""
    story_form(work, document_id)
    record = record_picker(work, document_id)
    if record is not None:
        document = work.documents[document_id]
        follow_chapter(work, document_id, record, document.records[record])
        number = 1 + document.order.index(record)
        here = urlencode({"story": document_id.removeprefix(STORIES), "chapter": number})
        st.link_button(say("staff.on_stage"), f"/staff/present?{here}", icon=":material/co_present:")
        chapter_form(work, document_id, record)


def _head_form(work: Work, document_id: str) -> None:
    """What a layer says of itself, and its end."""
    document = work.documents[document_id]
    head = document.head
    epoch = state.epoch()
    title = st.text_input(say("staff.layer_title"), str(head.get("title", "")), key=f"title-{document_id}-{epoch}")
    about = st.text_area(say("staff.layer_about"), str(head.get("description", "")), key=f"about-{document_id}-{epoch}")
    order = head.get("order")
    number = min(max(order, 0), 99) if isinstance(order, int) else 99
    at = st.number_input(say("staff.layer_order"), 0, 99, number, key=f"order-{document_id}-{epoch}")
    keep_step(
        work, document_id, Document({**head, "title": title, "description": about, "order": int(at)}, document.records)
    )
    if st.button(say("staff.delete_layer"), icon=":material/delete:", key=f"delete-layer-{epoch}"):
        state.remember(state.STAFF_DOCUMENT, None)
        keep_step(work, document_id, None, anew=True)


def _raw(work: Work, document_id: str) -> None:
    """The layer as text; what cannot be read yet is kept, and what can becomes a step."""
    text = _text(work, document_id)
    typed = raw_editor(text, problems_of_text(document_id, text), key=f"raw-{document_id}")
    if typed is None:
        return
    state.remember(state.STAFF_TYPED, (document_id, typed))
    try:
        after = read_document(document_id, typed.encode("utf-8", "surrogatepass"))
    except (UnreadableError, UnicodeDecodeError):
        work.keep_text(document_id, typed)
        st.rerun()
    work.keep_text(document_id, None)
    keep_step(work_on(work.desk), document_id, after, anew=True)
    st.rerun()


def _text(work: Work, document_id: str) -> str:
    """The layer as text: what cannot be read yet, else as it was typed, else as a file has it."""
    kept = work.draft.texts.get(document_id)
    if kept is not None:
        return kept
    document = work.documents[document_id]
    name, typed = state.remembered(state.STAFF_TYPED, ("", ""))
    with suppress(UnreadableError, UnicodeEncodeError):
        if name == document_id and read_document(document_id, typed.encode()) == document:
            return str(typed)
    return write_document(document_id, document).decode()


# The stage


def _stage(work: Work, document_id: str) -> None:
    """The layer's shapes to edit, or the whole map as readers would see it."""
    stage = st.segmented_control(
        say("staff.stage.label"), ("shapes", "preview"), key=state.STAFF_STAGE, required=True,
        format_func=lambda one: say(f"staff.stage.{one}"), label_visibility="collapsed",
    )  # fmt: skip
    if stage == "preview":
        _preview(work)
        return
    if state.remembered(state.EDIT_SEQUENCE) is None:  # a browser that was here before this server
        _take_from_map()
    number, chosen = int(state.remembered(state.EDIT_SEQUENCE, 0)), state.remembered(state.STAFF_RECORD)
    draw_edit_map(document_id, work.stamp, chosen, number, _take_from_map, key=state.EDIT_MAP)


def _preview(work: Work) -> None:
    """What readers would see if the draft were published now."""
    dataset = work.preview
    view = state.current_view(dataset)
    draw_map(view, state.sequence(), state.take_from_frame(dataset), work.preview_address)
    with st.container(key="preview-panel"):
        show_heading(dataset, view)
        show_reading(dataset, view)


def _take_from_map() -> None:
    """Make the steps that were made on the map, and choose what was chosen there."""
    message = read_message(st.session_state.get(state.EDIT_MAP))
    desk = current_desk()
    if message is None or desk.account is None:
        return
    for step in message.after(int(state.remembered(state.EDIT_SEQUENCE, 0))):
        _make(work_on(desk), step)
    state.remember(state.EDIT_SEQUENCE, message.number)
    names = state.remembered(state.EDIT_NAMES, {})
    chosen = message.selected and names.get(message.selected, message.selected)
    if chosen != state.remembered(state.STAFF_RECORD) or message.steps:
        state.remember(state.STAFF_RECORD, chosen)
        state.next_epoch()


def _make(work: Work, step: MapStep) -> None:
    """Make one step in its own layer; a layer that is gone meanwhile takes none."""
    if step.kind in ("undo", "redo"):
        work.desk.keep_draft(work.draft.undone if step.kind == "undo" else work.draft.redone)
        return
    before = work.documents.get(step.layer)
    if before is None:
        return
    taken = {key for document in work.documents.values() for key in document.records}
    names = state.remembered(state.EDIT_NAMES, {})
    after, names = with_step(step.layer, before, step, taken, names)
    state.remember(state.EDIT_NAMES, names)
    make_step(work, step.layer, after)
