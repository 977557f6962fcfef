"""A small OpenID provider for tests: everybody who comes is logged in at once as the person it was told of."""

from __future__ import annotations

import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from browser import free_port
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, CLIENT_SECRET = "closing-door", "a secret between two test servers"


@dataclass
class Provider:
    """The provider at `address`; `person` holds the claims of whoever logs in next."""

    address: str
    person: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "test", "use": "sig"}))
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Discovery, authorization, token and keys: what the authorization code flow asks for."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", lambda _request: JSONResponse(KeySet([self.key]).as_dict(private=False))),
            ]
        )

    def secrets(self, site: str) -> str:
        """What Streamlit's secrets.toml says for a site at `site`."""
        return f"""[auth]
redirect_uri = "{site}/oauth2callback"
cookie_secret = "{token_urlsafe(32)}"
client_id = "{CLIENT}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{self.address}/.well-known/openid-configuration"
"""

    def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        code = token_urlsafe(16)
        self.codes[code] = {"nonce": asked["nonce"], **self.person}
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 302)

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        given = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if given.partition(":")[0] != CLIENT or form["code"][0] not in self.codes:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.codes.pop(form["code"][0])}
        id_token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key)
        return JSONResponse({"access_token": token_urlsafe(16), "token_type": "Bearer", "id_token": id_token})


@contextmanager
def providing(**person: Any) -> Iterator[Provider]:
    """A provider on this machine, until the block ends."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}", person)
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(20)
