"""Accounts made and changed: by an admin; the first one by whoever can write the store."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from routes.accounts.audit import COMMAND_LINE, audit, stamp
from routes.accounts.passwords import hashed, refuse_weak
from routes.accounts.people import (
    NAME,
    ROLES,
    Account,
    Role,
    account_named,
    accounts,
    identity_key,
    password_key,
    put_account,
)
from routes.accounts.rights import require
from routes.accounts.sessions import authenticate, end_all_sessions
from routes.problems import NotAllowedError
from routes.store import OUTSIDE, Store
from routes.words import say

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def add_account(
    store: Store,
    name: str,
    role: Role,
    password: str | None,
    email: str | None = None,
    *,
    by: Account | None,
    now: datetime,
) -> Account:
    """The new account. The first must be an admin's and needs no `by`; every other needs an admin.

    Without a password its owner signs in through the organisation alone, by `email`.
    """
    email = check_new_account(store, name, role, email, has_password=password is not None, by=by, now=now)
    account = Account(name=name, role=role, active=True, email=email, made=stamp(now), generation=token_hex(8))
    if password is not None:
        refuse_weak(password, name=name, email=email)
        store.keep("accounts", password_key(name), hashed(password))
    put_account(store, account)
    audit(store, "account-added", _who(by), time=stamp(now), account=name, role=role, result="done")
    return account


def change_account(
    store: Store,
    name: str,
    *,
    by: Account | None,
    now: datetime,
    role: Role | None = None,
    active: bool | None = None,
    password: str | None = None,
    email: str | None = None,
) -> Account:
    """The account as it is afterwards; what is None stays. `email=""` takes the address away.

    All its sessions end. A new address also unbinds the identity that signed in under the old one.
    """
    require(by, "manage-accounts", store, now=now)
    before = _existing(store, name)
    after = replace(
        before,
        role=before.role if role is None else role,
        active=before.active if active is None else active,
        email=before.email if email is None else _checked_email(store, email, name),
    )
    _check_role(after.role)
    _keep_one_admin(store, before, after)
    if password is not None:
        refuse_weak(password, name=name, email=after.email)
        store.keep("accounts", password_key(name), hashed(password))
    if after.email != before.email:
        store.drop("accounts", identity_key(name))
    put_account(store, after)
    end_all_sessions(store, name)
    facts = {"role": after.role, "active": after.active, "new_email": after.email != before.email}
    result = "done, with a new password" if password is not None else "done"
    audit(store, "account-changed", _who(by), time=stamp(now), account=name, **facts, result=result)
    return _existing(store, name)


def change_own_password(store: Store, name: str, current: str, new: str, *, now: datetime, peer: str = "") -> None:
    """Change one's own password, which needs the current one; all sessions end, also the one that asks."""
    account = authenticate(store, name, current, now=now, peer=peer)
    refuse_weak(new, name=account.name, email=account.email)
    store.keep("accounts", password_key(account.name), hashed(new))
    end_all_sessions(store, account.name)
    audit(store, "own-account-changed", account.name, time=stamp(now), result="done, with a new password")


def remove_account(store: Store, name: str, *, by: Account | None, now: datetime) -> None:
    """Forget how somebody signs in, and their address. The name stays taken: history says what they did under it."""
    change_account(store, name, by=by, now=now, active=False, email="")
    store.drop("accounts", password_key(name))
    store.drop("accounts", identity_key(name))
    audit(store, "account-removed", _who(by), time=stamp(now), account=name, result="done")


def _who(by: Account | None) -> str:
    return by.name if by else COMMAND_LINE


def _existing(store: Store, name: str) -> Account:
    account = account_named(store, name)
    if account is None:
        raise NotAllowedError(say("accounts.unknown", name=name, names=", ".join(a.name for a in accounts(store))))
    return account


def check_new_account(
    store: Store, name: str, role: str, email: str | None, *, has_password: bool, by: Account | None, now: datetime
) -> str | None:
    """The address as it is kept, where all but the password is right: ask for that only then."""
    if accounts(store):
        require(by, "manage-accounts", store, now=now)
    elif role != "admin":
        raise NotAllowedError(say("accounts.first_is_admin", name=name, role=role))
    email = _checked_email(store, email, name)
    if not NAME.fullmatch(name) or name == OUTSIDE:
        raise NotAllowedError(say("accounts.bad_name", name=name))
    if account_named(store, name) is not None:
        raise NotAllowedError(say("accounts.taken", name=name))
    _check_role(role)
    if email is None and not has_password:
        raise NotAllowedError(say("accounts.no_way_in", name=name))
    return email


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise NotAllowedError(say("accounts.bad_role", role=role, roles=", ".join(ROLES)))


def _checked_email(store: Store, email: str | None, name: str) -> str | None:
    """The address as it is compared; None for none."""
    if not email:
        return None
    email = email.strip().casefold()
    if not _EMAIL.fullmatch(email):
        raise NotAllowedError(say("accounts.bad_email", email=email))
    if any(account.email == email and account.name != name for account in accounts(store)):
        raise NotAllowedError(say("accounts.email_taken", email=email))
    return email


def _keep_one_admin(store: Store, before: Account, after: Account) -> None:
    """Somebody must be left who can make accounts."""
    if (before.role, before.active) != ("admin", True) or (after.role, after.active) == ("admin", True):
        return
    if not any(a.role == "admin" and a.active for a in accounts(store) if a.name != before.name):
        raise NotAllowedError(say("accounts.last_admin", name=before.name))
