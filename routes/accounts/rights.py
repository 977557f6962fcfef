"""What each role may do: one table, asked wherever something is written and wherever a button is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from routes.accounts.audit import UNKNOWN, audit, stamp
from routes.accounts.people import Account, Role, accounts
from routes.problems import NotAllowedError
from routes.store import Store
from routes.words import say

Act = Literal["edit", "export-drafts", "publish", "redact", "read-log", "change-settings", "manage-accounts"]
ACTS: tuple[Act, ...] = get_args(Act)

_EDITOR: frozenset[Act] = frozenset({"edit", "export-drafts"})
_REVIEWER: frozenset[Act] = _EDITOR | {"publish", "read-log"}
RIGHTS: dict[Role, frozenset[Act]] = {"editor": _EDITOR, "reviewer": _REVIEWER, "admin": frozenset(ACTS)}

EDITORS_PUBLISH = "editors-publish"
"""The setting of a one-person office: where it is true, editors may publish."""


def may(account: Account | None, act: Act, store: Store) -> bool:
    """Whether `account` may do `act`; nobody in particular may do nothing."""
    if account is None or not account.active:
        return False
    if act in RIGHTS[account.role]:
        return True
    return act == "publish" and store.kept("settings", EDITORS_PUBLISH) is True


def require(account: Account | None, act: Act, store: Store, *, now: datetime) -> Account:
    """The account, if it may do `act`; else the refusal is logged and raised as NotAllowedError."""
    if account is not None and may(account, act, store):
        return account
    audit(store, act, account.name if account else UNKNOWN, time=stamp(now), result="refused")
    if account is None:
        raise NotAllowedError(say("accounts.sign_in_first"))
    role, what = say(f"accounts.role.{account.role}"), say(f"accounts.act.{act}")
    raise NotAllowedError(say("accounts.may_not", name=account.name, role=role, act=what))


def others_who_may_publish(store: Store, account: Account) -> list[str]:
    """The names of those who could review what `account` did."""
    return [other.name for other in accounts(store) if other.name != account.name and may(other, "publish", store)]
