"""Who has an account and what they may, the setting of a one-person office, and the audit log."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from components import state
from components.staff.telling import show_refusal
from routes.accounts import (
    ROLES,
    Account,
    accounts,
    add_account,
    change_account,
    change_own_password,
    may,
    remove_account,
)
from routes.accounts.rights import EDITORS_PUBLISH
from routes.desk import Desk
from routes.problems import NotAllowedError, RoutesError
from routes.words import say


def show(desk: Desk) -> None:
    """One's own password; for an admin all accounts and the setting; for who may, the log."""
    if may(desk.account, "manage-accounts", desk.store):
        _accounts(desk)
    if may(desk.account, "change-settings", desk.store):
        _setting(desk)
    _own_password(desk)
    if may(desk.account, "read-log", desk.store):
        with st.expander(say("staff.office.log"), key="audit-log", on_change="rerun") as box:
            if box.open:
                st.dataframe(pd.DataFrame(desk.store.logged(limit=500)).astype(str), hide_index=True)


def _accounts(desk: Desk) -> None:
    st.subheader(say("staff.office.accounts"))
    for account in accounts(desk.store):
        with st.container(horizontal=True, vertical_alignment="center", key=f"account-{account.name}"):
            st.text(f"{account.name} · {say(f'accounts.role.{account.role}')}")
            if not account.active:
                st.caption(say("commands.inactive"))
            with st.popover(say("staff.office.change"), key=f"change-{account.name}"):
                _change(desk, account)
    box = st.popover(say("staff.office.add"), icon=":material/person_add:", key="add-account")
    with box, st.form("add-account-form"):
        name = st.text_input(say("staff.office.name"))
        role = st.selectbox(say("staff.office.role"), ROLES, format_func=lambda one: say(f"accounts.role.{one}"))
        email = st.text_input(say("staff.office.email"))
        password = st.text_input(say("staff.office.password"), type="password", autocomplete="new-password")
        if st.form_submit_button(say("staff.office.add")):
            known = {"by": desk.account, "now": desk.now()}
            _do(lambda: add_account(desk.store, name, role, password or None, email or None, **known))


def _change(desk: Desk, account: Account) -> None:
    with st.form(f"change-form-{account.name}"):
        at = ROLES.index(account.role)
        role = st.selectbox(say("staff.office.role"), ROLES, at, format_func=lambda one: say(f"accounts.role.{one}"))
        active = st.checkbox(say("commands.active"), account.active)
        email = st.text_input(say("staff.office.email"), account.email or "")
        password = st.text_input(say("staff.office.new_password"), type="password", autocomplete="new-password")
        gone = st.checkbox(say("staff.office.remove"))
        if not st.form_submit_button(say("staff.office.change")):
            return
    known = {"by": desk.account, "now": desk.now()}
    if gone:
        _do(lambda: remove_account(desk.store, account.name, **known))
        return
    changes = {"role": role, "active": active, "email": email, "password": password or None}
    _do(lambda: change_account(desk.store, account.name, **changes, **known))


def _setting(desk: Desk) -> None:
    now = desk.store.kept("settings", EDITORS_PUBLISH) is True
    wanted = st.toggle(say("staff.office.editors_publish"), now, key=f"editors-publish-{now}")
    if wanted != now:
        _do(lambda: desk.let_editors_publish(wanted))


def _own_password(desk: Desk) -> None:
    box = st.popover(say("staff.office.own_password"), icon=":material/password:", key="own-password")
    with box, st.form("own-form"):
        current = st.text_input(say("staff.office.current"), type="password", autocomplete="current-password")
        new = st.text_input(say("staff.office.new_password"), type="password", autocomplete="new-password")
        again = st.text_input(say("commands.again"), type="password", autocomplete="new-password")
        if st.form_submit_button(say("staff.office.change")):
            _do(lambda: _changed(desk, current, new, again))


def _changed(desk: Desk, current: str, new: str, again: str) -> None:
    if new != again:
        raise NotAllowedError(say("commands.not_the_same"))
    assert desk.account is not None
    change_own_password(desk.store, desk.account.name, current, new, now=desk.now())


def _do(act: Callable[[], object]) -> None:
    try:
        act()
    except RoutesError as error:
        show_refusal(error)
        return
    state.say_once(say("staff.office.done"))
    st.rerun()
