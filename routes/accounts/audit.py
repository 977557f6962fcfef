"""The lines of the audit log: when, what, who, and with what result; never a password, token or whole address."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from ipaddress import IPv4Address, ip_address, ip_network

from routes.store import Store

UNKNOWN = "unknown"
"""Who, where nobody is known by the name given: what was typed there may be a password and is not written down."""

COMMAND_LINE = "command line"
"""Where somebody is who asks through no network, and who made the first account."""

_SECRET = re.compile(r"password|token|secret|cookie|hash|session", re.IGNORECASE)


def audit(store: Store, act: str, who: str, *, time: str, **facts: str | int | bool | None) -> None:
    """Add a line to the audit log; a ValueError, and no line, where a fact is called after something secret.

    `time` is ISO 8601 in UTC. Facts are named for what they say: `result="refused"`, `revision=7`.
    """
    secret = [name for name in facts if _SECRET.search(name)]
    if secret:
        raise ValueError(f"expected facts that may stand in the audit log, got {', '.join(secret)}; leave them out.")
    store.log({"time": time, "act": act, "who": who, **facts})


def stamp(now: datetime) -> str:
    """A moment as it is kept and logged: ISO 8601 in UTC, to the second.

    >>> stamp(datetime(2024, 5, 28, 9, 30, tzinfo=UTC))
    '2024-05-28T09:30:00+00:00'
    """
    return now.astimezone(UTC).isoformat(timespec="seconds")


def neighbourhood(peer: str) -> str:
    """The network a peer's address is in, which is all that is kept of it; no peer is this machine's command line.

    >>> neighbourhood("203.0.113.77"), neighbourhood("2001:db8:1:2::3"), neighbourhood("::ffff:203.0.113.77")
    ('203.0.113.0/24', '2001:db8:1::/48', '203.0.113.0/24')
    """
    if not peer:
        return COMMAND_LINE
    try:
        address = ip_address(peer)
    except ValueError:
        return UNKNOWN
    address = getattr(address, "ipv4_mapped", None) or address
    bits = 24 if isinstance(address, IPv4Address) else 48
    return str(ip_network((address, bits), strict=False))
