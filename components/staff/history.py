"""Who changed what, when and why, with before and after on the map; to restore, to take back, to redact."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import markup, state
from components.edit_map import draw_difference_map
from components.staff.office import documents_at_revision, layers_first
from components.staff.telling import document_title, show_told
from routes.accounts import may
from routes.desk import Desk
from routes.documents import is_layer
from routes.edits import BlockedError, EditConflict, Saved
from routes.problems import RoutesError
from routes.redaction import Target, is_genuine
from routes.retelling import summary
from routes.store import Revision
from routes.text import markdown
from routes.words import say

PAGE = 20


def show(desk: Desk) -> None:
    """The revisions of a document or of all, newest first."""
    head = desk.begun_head()
    documents = documents_at_revision(desk, head)
    names = ["", *layers_first(documents)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("staff.history.of"), names, key="history-of", width=380,
            format_func=lambda name: document_title(name, documents) if name else say("staff.history.all"),
        )  # fmt: skip
        key = f"history-before-{head}"
        older = st.number_input(say("staff.history.before"), 2, head + 1, head + 1, key=key, width=160)
    for revision in desk.store.revisions(document=chosen or None, before=int(older), limit=PAGE):
        _revision(desk, revision, chosen)
    if may(desk.account, "redact", desk.store):
        _redaction(desk)


def _revision(desk: Desk, revision: Revision, chosen: str) -> None:
    title = f"{revision.number} · {revision.author} · {markdown(summary(revision))}"
    box = st.expander(title, key=f"revision-{revision.number}", on_change="rerun")
    if not box.open:  # what nobody has opened need not be sent
        return
    with box:
        markup.show(
            "revision_head", who=revision.author, when=revision.time, reason=revision.reason,
            number=str(revision.number), by=revision.publisher,
        )  # fmt: skip
        _note(revision)
        documents = documents_at_revision(desk, revision.number)
        for name, change in revision.changes.items():
            show_told(name, change, documents)
        if any(map(is_layer, revision.changes)):
            what = f"revision-{revision.number}"
            draw_difference_map(what, what, key=f"difference-{what}")
        if may(desk.account, "edit", desk.store):
            _ways_back(desk, revision, chosen)


def _note(revision: Revision) -> None:
    note = revision.note.get("redacted")
    if note:
        key = "staff.history.genuine" if is_genuine(note) else "staff.history.forged"
        st.caption(say(key, n=len(note.get("revisions", ()))))


def _ways_back(desk: Desk, revision: Revision, chosen: str) -> None:
    """Restore this state of a document, or take this change back, whole or one record of it."""
    number = revision.number
    reason = st.text_input(say("staff.reason"), key=f"back-reason-{number}", max_chars=500)
    parts = [("", ""), *((name, record) for name, change in revision.changes.items() for record in change.records)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.selectbox(
            say("staff.history.part"), parts, key=f"back-part-{number}",
            format_func=lambda one: one[1] if one[1] else say("staff.history.whole"),
        )  # fmt: skip
        if revision.changes and st.button(say("staff.history.take_back"), key=f"take-back-{number}"):
            name, record = part
            known = {"document": name or None, "record": record or None}
            _do(lambda: desk.take_back(number, reason, **known), f"take-back-{number}")
        if chosen and st.button(say("staff.history.restore"), key=f"restore-{number}"):
            _do(lambda: desk.restore(chosen, number, reason), "draft")


def _do(act: Callable[[], Saved], what: str) -> None:
    try:
        saved = act()
    except EditConflict as conflict:
        state.remember(state.STAFF_CONFLICT, (conflict, what))
        st.rerun()
    except BlockedError as error:
        markup.show("reading_notice", sentences=str(error).splitlines())
        return
    except RoutesError as error:
        markup.show("reading_notice", sentences=[str(error)])
        return
    words = say("staff.proposed")
    if saved.revision is not None:
        words = say("staff.published", number=str(saved.revision.number))
    state.say_once(words)
    state.next_epoch()
    st.rerun()


def _redaction(desk: Desk) -> None:
    """Take a dangerous detail out of all history."""
    with st.expander(say("staff.redact.title"), key="redact", on_change="rerun") as box:
        if not box.open:
            return
        st.write(say("staff.redact.about"))
        text = st.text_input(say("staff.redact.text"), key="redact-text", type="password")
        names = ["", *layers_first(desk.store.documents())]
        document = st.selectbox(say("staff.redact.document"), names, key="redact-document")
        record = st.text_input(say("staff.redact.record"), key="redact-record")
        pointer = st.text_input(say("staff.redact.field"), key="redact-field", placeholder="/geometry")
        reason = st.text_input(say("staff.reason"), key="redact-reason", max_chars=500)
        if st.button(say("staff.redact.now"), key="redact-now"):
            target = Target(text=text) if text else Target(document or "", record.strip(), pointer.strip())
            _redact(desk, target, reason)


def _redact(desk: Desk, target: Target, reason: str) -> None:
    try:
        held = desk.redact(target, reason)
    except RoutesError as error:
        markup.show("reading_notice", sentences=str(error).splitlines())
        return
    state.say_once(f"{say('commands.redacted', n=held)} {say('commands.cannot_reach')}")
    st.rerun()

