"""How long to wait after wrong tries at signing in: counted by name and by the network the tries come from.

Nobody can lock a colleague out for long: no wait is longer than a quarter of an hour, tries during a wait do not
lengthen it, and whoever has signed in from a network within 90 days is counted there by themselves, so that tries at
their name from elsewhere do not hold them up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from threading import Lock

from routes.accounts.audit import COMMAND_LINE, neighbourhood, stamp
from routes.problems import NotAllowedError
from routes.store import Store
from routes.words import say

FREE_BY_NAME, FREE_BY_NETWORK = 5, 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
KNOWN_FOR = timedelta(days=90)

_COUNTING = Lock()


def begin_try(store: Store, name: str, peer: str, *, now: datetime) -> None:
    """Count a try as failed before it is made, so that many at once cannot outrun the count.

    NotAllowedError where a wait is not over; such a try is not counted.
    """
    with _COUNTING:
        counted = {key: (_count(store, key, now), free) for key, free in _watched(store, name, peer).items()}
        left = max(_left(store, key, count, free, now) for key, (count, free) in counted.items())
        if left > timedelta():
            minutes = ceil(left / timedelta(minutes=1))
            raise NotAllowedError(say("sign_in.wait", n=minutes))
        for key, (count, _) in counted.items():
            store.keep("attempts", key, {"count": count + 1, "last": stamp(now)})


def end_try(store: Store, name: str, peer: str, *, now: datetime) -> None:
    """Take the try back, since it was right: the name starts afresh, and the network is known to it from now on."""
    with _COUNTING:
        for key, free in _watched(store, name, peer).items():
            if free == FREE_BY_NETWORK:
                store.keep("attempts", key, {"count": _count(store, key, now) - 1, "last": stamp(now)})
            else:
                store.drop("attempts", key)
        store.keep("attempts", _known(name, peer), {"count": 0, "last": stamp(now)})
    _sweep(store, now)


def _watched(store: Store, name: str, peer: str) -> dict[str, int]:
    """The keys a try is counted under, each with the number of failures that cost no wait."""
    network = neighbourhood(peer)
    if network == COMMAND_LINE:
        return {_key("own", f"{name} {network}"): FREE_BY_NAME}
    is_known = store.kept("attempts", _known(name, peer)) is not None
    own = _key("own", f"{name} {network}") if is_known else _key("name", name)
    return {own: FREE_BY_NAME, _key("network", network): FREE_BY_NETWORK}


def _known(name: str, peer: str) -> str:
    return f"known-{_digest(f'{name} {neighbourhood(peer)}')}"


def _key(kind: str, what: str) -> str:
    """Few enough keys that no flood of invented names and networks can fill the store."""
    return f"{kind}-{_digest(what)[:4]}"


def _digest(what: str) -> str:
    return sha256(what.encode("utf-8", "surrogatepass")).hexdigest()


def _count(store: Store, key: str, now: datetime) -> int:
    kept = store.kept("attempts", key)
    if kept is None or now - datetime.fromisoformat(kept["last"]) > FORGOTTEN_AFTER:
        return 0
    return int(kept["count"])


def _left(store: Store, key: str, count: int, free: int, now: datetime) -> timedelta:
    """How much of the wait after `count` failures is left."""
    kept = store.kept("attempts", key)
    if kept is None or count < free:
        return timedelta()
    wait: timedelta = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(count - free, 10))
    return min(wait, datetime.fromisoformat(kept["last"]) + wait - now)


def _sweep(store: Store, now: datetime) -> None:
    for key, kept in store.all_kept("attempts").items():
        age = now - datetime.fromisoformat(kept["last"])
        if age > (KNOWN_FOR if key.startswith("known-") else FORGOTTEN_AFTER):
            store.drop("attempts", key)
