"""The bar over the editor: what the draft holds, undo and redo, what stands in the way, and saving with a reason."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import state
from components.staff.office import Work
from components.staff.telling import problem_text, show_refusal, show_told
from routes.accounts import may
from routes.documents import Document, document_of
from routes.edits import Edit, EditConflict, Saved
from routes.mending import mends_for
from routes.merging import changes_between
from routes.problems import Problem, RoutesError
from routes.retelling import is_sensitive
from routes.text import markdown
from routes.words import say

MOST_LISTED = 6


def save_bar(work: Work) -> None:
    """Show the bar, inside a row."""
    can_undo, can_redo = work.draft.can_undo, work.draft.can_redo
    if st.button(say("staff.undo"), icon=":material/undo:", disabled=not can_undo, help=_last(work), key="undo"):
        _go(work, back=True)
    if st.button(say("staff.redo"), icon=":material/redo:", disabled=not can_redo, key="redo"):
        _go(work, back=False)
    if work.draft.steps or work.draft.texts:
        st.text(say("staff.draft", n=work.draft.at, base=str(work.draft.base)))
        _throw_away(work)
    st.space("stretch")
    key = f"save-{state.epoch()}"  # it closes when what it offered is saved
    box = st.popover(say("staff.save"), icon=":material/save:", key=key, on_change="rerun", type="primary")
    if box.open:
        with box:
            _save_form(work)


def _last(work: Work) -> str | None:
    return markdown(work.draft.steps[work.draft.at - 1].words) if work.draft.can_undo else None


def _go(work: Work, *, back: bool) -> None:
    work.desk.keep_draft(work.draft.undone if back else work.draft.redone)
    state.next_epoch()
    st.rerun()


def _throw_away(work: Work) -> None:
    with st.popover(say("staff.discard"), icon=":material/delete_sweep:", key="discard"):
        st.write(say("staff.discard_ask"))
        if st.button(say("staff.discard_yes"), key="discard-yes"):
            work.desk.drop_draft()
            state.next_epoch()
            st.rerun()


def blocking_list(work: Work) -> None:
    """What is wrong with the draft and blocks saving, each with its mends."""
    for place, problem in enumerate(work.new_problems):
        st.error(problem_text(problem, work.documents), icon=":material/block:")
        _mends(work, problem, f"blocking-{place}")


def warning_list(work: Work, document_id: str) -> None:
    """What else is wrong with a document, each with its mends."""
    for place, problem in enumerate(work.warnings(document_id)):
        st.warning(problem_text(problem, work.documents), icon=":material/info:")
        _mends(work, problem, f"warning-{place}")


def _mends(work: Work, problem: Problem, place: str) -> None:
    name = document_of(problem.file)
    document = work.documents.get(name)
    for number, mend in enumerate(mends_for(problem, name, document) if document else []):
        key = f"mend-{place}-{number}-{state.epoch()}"
        if st.button(markdown(mend.words), key=key, icon=":material/build:"):
            work.step(mend.words, name, mend.apply(document or Document()))
            state.next_epoch()
            st.rerun()


def _save_form(work: Work) -> None:
    """What would be saved, and the reason for it."""
    if not work.touched:
        st.write(say("staff.nothing_to_save"))
        return
    for name, after in work.touched.items():
        show_told(name, changes_between(work.base.get(name), after), work.documents)
    if work.draft.texts:
        st.warning(say("staff.texts_left", documents=", ".join(work.draft.texts)))
    key, hint = f"reason-{state.epoch()}", say("staff.reason_help")
    reason = st.text_input(say("staff.reason"), key=key, max_chars=500, help=hint)
    blocking = work.new_problems
    if blocking:
        listed = [problem_text(problem, work.documents) for problem in blocking[:MOST_LISTED]]
        told = [markdown(say("staff.blocked", n=len(blocking))), *listed]
        st.error("\n- ".join(told), icon=":material/block:")
    st.caption(_what_happens(work))
    if st.button(say("staff.save_now"), type="primary", disabled=bool(blocking), key="save-now"):
        edit = Edit(base=work.draft.base, documents=work.touched, reason=reason)
        save(lambda: work.desk.save(edit), "conflict")


def _what_happens(work: Work) -> str:
    account = work.desk.account
    if not may(account, "publish", work.desk.store):
        return say("staff.will_propose")
    changes = {name: changes_between(work.base.get(name), after) for name, after in work.touched.items()}
    why = next((why for name, change in changes.items() if (why := is_sensitive(name, change))), None)
    return say("staff.will_publish") if why is None else f"{say(why)} {say('staff.second_person')}"


def save(act: Callable[[], Saved], what: str) -> None:
    """Do what saves and say what became of it; a conflict is kept for its own page, with `what` on its map."""
    try:
        saved = act()
    except EditConflict as conflict:
        state.remember(state.STAFF_CONFLICT, (conflict, what))
        st.rerun()
    except RoutesError as error:
        show_refusal(error)
        return
    state.remember(state.STAFF_CONFLICT, None)
    state.say_once(_told(saved), lasts=bool(saved.merged_with))
    state.next_epoch()
    st.rerun()


def _told(saved: Saved) -> str:
    if saved.revision is not None:
        words = say("staff.published", number=str(saved.revision.number))
    else:
        words = say("staff.proposed" if saved.proposal else "staff.conflict.theirs")
    others = [record for records in saved.merged_with.values() for record in records]
    if not others:
        return words
    named = ", ".join(others[:MOST_LISTED]) + (" …" if len(others) > MOST_LISTED else "")
    return f"{words} {say('staff.merged', n=len(others), names=named)}"
