"""Staff accounts as they are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from routes.store import Store

Role = Literal["editor", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z0-9-]{2,40}")


@dataclass(frozen=True, kw_only=True)
class Account:
    """One member of staff: `name` is the author of their revisions and is never given to anybody else.

    `email` is the address an OpenID provider must vouch for. A session counts only while `generation` is the one it
    was opened under.
    """

    name: str
    role: Role
    active: bool = True
    email: str | None = None
    made: str = ""
    generation: str = field(default="", repr=False)


def account_named(store: Store, name: str) -> Account | None:
    """The account called `name`, active or not."""
    kept = store.kept("accounts", name) if NAME.fullmatch(name) else None
    return None if kept is None else _account(name, kept)


def accounts(store: Store) -> list[Account]:
    """All accounts by name, also those that are not active any more."""
    kept = store.all_kept("accounts")
    return [_account(name, kept[name]) for name in sorted(kept) if NAME.fullmatch(name)]


def put_account(store: Store, account: Account) -> None:
    """Keep an account as it now is; its password and identity stand apart."""
    store.keep("accounts", account.name, {name: value for name, value in vars(account).items() if name != "name"})


def password_key(name: str) -> str:
    """Where the hash of an account's password is kept."""
    return f"{name}/password"


def identity_key(name: str) -> str:
    """Where the OpenID identity bound to an account is kept."""
    return f"{name}/identity"


def _account(name: str, kept: dict[str, Any]) -> Account:
    return Account(name=name, **kept)
