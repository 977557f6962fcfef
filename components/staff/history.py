"""Who changed what, when and why, with before and after on the map; to restore, to take back, to redact."""

from __future__ import annotations

import streamlit as st

from components import markup, state
from components.staff.office import documents_at_revision, layers_first
from components.staff.saving import save
from components.staff.telling import document_title, show_changes, show_refusal
from routes.accounts import may
from routes.desk import Desk
from routes.documents import fields_of
from routes.merging import same
from routes.naming import label_of, shortened
from routes.problems import RoutesError
from routes.redaction import Target, is_genuine
from routes.retelling import summary
from routes.store import Revision
from routes.text import markdown
from routes.words import say

PAGE = 20
LONGEST_WHY = 80


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
        older = head + 1
        if head > PAGE:
            key, label = f"history-before-{head}", say("staff.history.before")
            older = int(st.number_input(label, 2, head + 1, head + 1, key=key, width=200))
    for revision in desk.store.revisions(document=chosen or None, before=older, limit=PAGE):
        _revision(desk, revision, chosen)
    if may(desk.account, "redact", desk.store):
        _redaction(desk)


def _revision(desk: Desk, revision: Revision, chosen: str) -> None:
    box = st.expander(_title(revision), key=f"revision-{revision.number}", on_change="rerun")
    if not box.open:  # what nobody has opened need not be sent
        return
    with box:
        markup.show(
            "revision_head", who=revision.author, when=revision.time, reason=revision.reason,
            number=str(revision.number), by=revision.publisher,
        )  # fmt: skip
        _note(revision)
        show_changes(revision.changes, documents_at_revision(desk, revision.number), f"revision-{revision.number}")
        if may(desk.account, "edit", desk.store):
            _ways_back(desk, revision, chosen)


def _title(revision: Revision) -> str:
    """A revision in one line: its number, when, who, what, and why."""
    when = revision.time[:16].replace("T", " ")
    if not revision.author:
        return markdown(f"{revision.number} · {when} · {say('staff.history.begins')}")
    told = markdown(f"{revision.number} · {when} · {revision.author} · {summary(revision)}")
    return f"{told} · *{markdown(shortened(revision.reason, LONGEST_WHY))}*"


def _note(revision: Revision) -> None:
    note = revision.note.get("redacted")
    if note:
        key = "staff.history.genuine" if is_genuine(note) else "staff.history.forged"
        st.caption(say(key, n=len(note.get("revisions", ()))))


def _ways_back(desk: Desk, revision: Revision, chosen: str) -> None:
    """Restore this state of a document, or take this change back, whole or one record of it."""
    number = revision.number
    reason = st.text_input(say("staff.reason"), key=f"back-reason-{number}", max_chars=500)
    if revision.changes:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            part = st.selectbox(
                say("staff.history.part"), _parts(revision), key=f"back-part-{number}", format_func=_part_words
            )
            if st.button(say("staff.history.take_back"), key=f"take-back-{number}"):
                known = dict(zip(("document", "record", "pointer"), (one or None for one in part), strict=True))
                save(lambda: desk.take_back(number, reason, **known), f"take-back-{number}")
    documents = documents_at_revision(desk, number)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [chosen] if chosen else list(revision.changes) or layers_first(documents)
        name = st.selectbox(
            say("staff.history.restored"), names, key=f"restored-{number}",
            format_func=lambda one: document_title(one, documents),
        )  # fmt: skip
        if st.button(say("staff.history.restore"), key=f"restore-{number}"):
            save(lambda: desk.restore(str(name), number, reason), "draft")


def _parts(revision: Revision) -> list[tuple[str, str, str]]:
    """All of a revision, each record of it, and each field of a record that had several changed."""
    parts = [("", "", "")]
    for name, change in revision.changes.items():
        for record, (before, after) in change.records.items():
            parts.append((name, record, ""))
            was, now = fields_of(before or {}), fields_of(after or {})
            moved = [field for field in {**was, **now} if not same(was.get(field), now.get(field))]
            if before and after and len(moved) > 1:
                parts += [(name, record, field) for field in moved]
    return parts


def _part_words(part: tuple[str, str, str]) -> str:
    _, record, pointer = part
    if not record:
        return say("staff.history.whole")
    return f"{record}: {label_of(pointer)}" if pointer else record


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
        show_refusal(error)
        return
    state.say_once(f"{say('commands.redacted', n=held)} {say('commands.cannot_reach')}")
    st.rerun()
