"""Signing in through the organisation: which account an identity belongs to that an OpenID provider vouches for.

Nobody gets an account by having an identity: an admin makes it, with the e-mail address. The first login binds the
identity (issuer and subject); from then on the address alone lets nobody in, so that one given to a new colleague does
not open the old one's account. Each login counts once: the time a provider issued it at must be newer than the last.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from routes.accounts.audit import UNKNOWN, audit, neighbourhood, stamp
from routes.accounts.people import Account, accounts, identity_key
from routes.problems import NotAllowedError
from routes.store import Store
from routes.words import say

FRESH_FOR = timedelta(minutes=10)
"""How old a login may be, and how far a provider's clock may be from ours."""


def account_of_identity(
    store: Store,
    issuer: str,
    subject: str,
    email: str | None,
    email_verified: bool,
    *,
    issued_at: int,
    now: datetime,
    peer: str = "",
) -> Account:
    """The account of an identity whose login has just been checked; NotAllowedError where there is none.

    `issued_at` is the ID token's `iat` (seconds since 1970): a login that is old or was used before is refused.
    """
    account = _bound(store, issuer, subject) or (_unbound(store, email) if email and email_verified else None)
    who, result = account.name if account else UNKNOWN, "done"
    if account is None or not account.active:
        result = "refused: no account"
    elif abs(now.timestamp() - issued_at) > FRESH_FOR.total_seconds() or issued_at <= _last_login(store, account):
        result = "refused: an old login"
    audit(store, "sign-in", who, time=stamp(now), peer=neighbourhood(peer), issuer=issuer, result=result)
    if account is None or result != "done":
        raise NotAllowedError(say("sign_in.login_is_old" if account and account.active else "sign_in.no_account"))
    identity = {"issuer": issuer, "subject": subject, "issued_at": issued_at}
    store.keep("accounts", identity_key(account.name), identity)
    return account


def _bound(store: Store, issuer: str, subject: str) -> Account | None:
    """The account this identity is bound to."""
    kept = store.all_kept("accounts")
    for account in accounts(store):
        identity = kept.get(identity_key(account.name))
        if identity and (identity["issuer"], identity["subject"]) == (issuer, subject):
            return account
    return None


def _unbound(store: Store, email: str) -> Account | None:
    """The account with this address that no identity is bound to yet."""
    found = (account for account in accounts(store) if account.email == email.strip().casefold())
    return next((account for account in found if store.kept("accounts", identity_key(account.name)) is None), None)


def _last_login(store: Store, account: Account) -> int:
    identity = store.kept("accounts", identity_key(account.name))
    return int(identity["issued_at"]) if identity else 0
