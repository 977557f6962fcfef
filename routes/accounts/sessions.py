"""Signing in and out: a session is a random token in the browser, of which the store knows only the SHA-256."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe

from routes.accounts.attempts import begin_try, end_try
from routes.accounts.audit import UNKNOWN, audit, neighbourhood, stamp
from routes.accounts.passwords import hashed, is_outdated, matches
from routes.accounts.people import Account, account_named, password_key, put_account
from routes.problems import NotAllowedError
from routes.store import Store
from routes.words import say

UNUSED_FOR, IN_ALL = timedelta(minutes=60), timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
"""How often it is written down that a session is in use: reading stays cheap."""


def authenticate(store: Store, name: str, password: str, *, now: datetime, peer: str = "") -> Account:
    """The account whose name and password these are; NotAllowedError otherwise, the same for every reason.

    `peer` is the address of whoever asks; "" is this machine's command line. Right or wrong, it is logged.
    """
    name = name.strip().lower()
    account = account_named(store, name)
    facts = {"time": stamp(now), "peer": neighbourhood(peer)}
    who = account.name if account else UNKNOWN
    try:
        begin_try(store, name, peer, now=now)
    except NotAllowedError:
        audit(store, "sign-in", who, result="refused: must wait", **facts)
        raise
    kept = store.kept("accounts", password_key(account.name)) if account and account.active else None
    if not matches(kept, password) or account is None or kept is None:
        audit(store, "sign-in", who, result="refused", **facts)
        raise NotAllowedError(say("sign_in.wrong"))
    end_try(store, name, peer, now=now)
    _renew_hash(store, account, kept, password)
    audit(store, "sign-in", who, result="done", **facts)
    return account


def _renew_hash(store: Store, account: Account, kept: str, password: str) -> None:
    """Keep the hash anew where today's parameters are others, unless the password has been changed meanwhile."""
    if is_outdated(kept) and store.kept("accounts", password_key(account.name)) == kept:
        store.keep("accounts", password_key(account.name), hashed(password))


def sign_in(store: Store, name: str, password: str, *, now: datetime, peer: str = "") -> str:
    """The token of a new session; NotAllowedError as of `authenticate`."""
    return open_session(store, authenticate(store, name, password, now=now, peer=peer), now=now)


def open_session(store: Store, account: Account, *, now: datetime) -> str:
    """The token of a new session of somebody who has shown who they are. It is nowhere but in the answer."""
    _sweep(store, now)
    token = token_urlsafe(32)
    session = {"name": account.name, "generation": account.generation, "started": stamp(now)}
    store.keep("sessions", _key(token), session)
    return token


def account_of(store: Store, token: str, *, now: datetime) -> Account | None:
    """Whose session this is; None where it has ended, or the account may not sign in any more."""
    key = _key(token)
    session = store.kept("sessions", key)
    if session is None:
        return None
    used = datetime.fromisoformat(store.kept("sessions", _used(key)) or session["started"])
    account = account_named(store, session["name"])
    if account is None or not account.active or account.generation != session["generation"]:
        return None
    if _has_ended(datetime.fromisoformat(session["started"]), used, now):
        return None
    if now - used >= NOTED_EVERY:
        store.keep("sessions", _used(key), stamp(now))
    return account


def sign_out(store: Store, token: str, *, now: datetime) -> None:
    """End a session; nothing where it has ended already."""
    account = account_of(store, token, now=now)
    _drop(store, _key(token))
    if account is not None:
        audit(store, "sign-out", account.name, time=stamp(now), result="done")


def end_all_sessions(store: Store, name: str) -> None:
    """End every session of an account, also one that is being opened at this moment."""
    account = account_named(store, name)
    if account is not None:
        put_account(store, replace(account, generation=token_hex(8)))
    for key, session in store.all_kept("sessions").items():
        if "/" not in key and session["name"] == name:
            _drop(store, key)


def _has_ended(started: datetime, used: datetime, now: datetime) -> bool:
    return now - started >= IN_ALL or now - used >= UNUSED_FOR


def _sweep(store: Store, now: datetime) -> None:
    """Forget the sessions that ended by themselves."""
    kept = store.all_kept("sessions")
    for key in kept:
        session = kept.get(key.partition("/")[0])
        if session is None or now - datetime.fromisoformat(session["started"]) >= IN_ALL:
            store.drop("sessions", key)


def _drop(store: Store, key: str) -> None:
    store.drop("sessions", key)
    store.drop("sessions", _used(key))


def _key(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _used(key: str) -> str:
    return f"{key}/used"
