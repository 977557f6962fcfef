"""Requests to an ASGI site in this process, and what it answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes
    repeated: set[str]

    @property
    def policy(self) -> dict[str, list[str]]:
        parts = (part.split() for part in self.headers["content-security-policy"].split(";"))
        return {name: values for name, *values in parts}


def ask_of(site: ASGIApp, path: str, method: str = "GET", **headers: str) -> Answer:
    """What the site answers, without a server; header names are given with underscores."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path.partition("?")[0], "raw_path": path.encode(), "query_string": path.partition("?")[2].encode(),
        "root_path": "", "server": ("localhost", 80), "client": ("localhost", 1),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    with suppress(RuntimeError):  # a fault goes on to the server's log after its answer
        asyncio.run(site(scope, receive, send))
    start, *bodies = sent
    pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    names = [name for name, _ in pairs]
    content = b"".join(message.get("body", b"") for message in bodies)
    return Answer(start["status"], dict(pairs), content, {name for name in names if names.count(name) > 1})
