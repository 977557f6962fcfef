"""What waits for eyes: each proposal with its difference, to publish, send back or withdraw, and published faults."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import markup, state
from components.staff.office import documents_at_revision
from components.staff.telling import problem_text, show_changes, show_refusal
from routes.accounts import may
from routes.desk import Desk
from routes.edits import EditConflict, Proposal
from routes.problems import RoutesError
from routes.text import markdown
from routes.words import say

MOST_FAULTS = 20


def show(desk: Desk) -> None:
    """The proposals, oldest first, after what is wrong with what is published."""
    _faults(desk)
    found = desk.proposals()
    if not found:
        st.write(say("staff.review.none"))
    for proposal in found:
        with st.container(border=True, key=f"proposal-{proposal.id}"):
            _proposal(desk, proposal)


def _faults(desk: Desk) -> None:
    """What edits by other means have brought that no save would have let pass."""
    faults = desk.published_faults()
    if faults:
        documents = desk.store.documents()
        listed = [problem_text(fault, documents) for fault in faults[:MOST_FAULTS]]
        told = [markdown(say("staff.review.faults", n=len(faults))), *listed]
        st.error("\n- ".join(told), icon=":material/rule:")


def _proposal(desk: Desk, proposal: Proposal) -> None:
    markup.show("revision_head", who=proposal.author, when=proposal.time, reason=proposal.reason, number=None, by=None)
    show_changes(proposal.changes, documents_at_revision(desk, proposal.base), f"proposal-{proposal.id}")
    if proposal.returned:
        st.warning(markdown(f"{say('staff.review.returned')} {proposal.returned}"), icon=":material/reply:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _buttons(desk, proposal)


def _buttons(desk: Desk, proposal: Proposal) -> None:
    is_mine = desk.account is not None and proposal.author == desk.account.name
    if may(desk.account, "publish", desk.store):
        if st.button(say("staff.review.publish"), type="primary", key=f"publish-{proposal.id}"):
            _do(lambda: say("staff.published", number=str(desk.publish(proposal.id).number)))
        with st.popover(say("staff.review.send_back"), key=f"back-{proposal.id}"):
            words = st.text_area(say("staff.review.words"), key=f"words-{proposal.id}", max_chars=500)
            if st.button(say("staff.review.send"), key=f"send-{proposal.id}") and words.strip():
                _do(lambda: _sent_back(desk, proposal, words))
    if is_mine and st.button(say("staff.review.take_up"), key=f"take-up-{proposal.id}"):
        _do(lambda: _taken_up(desk, proposal))
    if (is_mine or may(desk.account, "publish", desk.store)) and st.button(
        say("staff.review.withdraw"), key=f"withdraw-{proposal.id}"
    ):
        _do(lambda: _withdrawn(desk, proposal))


def _sent_back(desk: Desk, proposal: Proposal, words: str) -> str:
    desk.send_back(proposal.id, words)
    return say("staff.review.sent_back", name=proposal.author)


def _taken_up(desk: Desk, proposal: Proposal) -> str:
    desk.take_up(proposal.id)
    state.next_epoch()
    return say("staff.review.taken_up")


def _withdrawn(desk: Desk, proposal: Proposal) -> str:
    desk.withdraw(proposal.id)
    return say("staff.review.withdrawn")


def _do(act: Callable[[], str]) -> None:
    """Do something with a proposal and say what came of it."""
    try:
        state.say_once(act())
    except EditConflict:
        st.error(say("staff.review.conflict"), icon=":material/call_split:")
        return
    except RoutesError as error:
        show_refusal(error)
        return
    st.rerun()
