"""Signing in through the organisation, by the parts `st.login` is made of: where it begins, and what comes back.

`st.login` needs a page drawn by a script and leads back to the first one; scripts cannot set cookies. So the way there
and back is walked by addresses of ours (`components.doors`), between Streamlit's own two: the login and its callback,
where Authlib checks state, nonce and signature. Everything that Streamlit does not publish of them is named here alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import validate_auth_credentials
from streamlit.errors import StreamlitAuthError
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_auth_routes import _clear_auth_cookie, _get_cookie_value_from_request
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

ENTER = "/staff/enter"
CALLBACK = "/oauth2callback"
PROVIDER = "default"


def is_configured() -> bool:
    """Whether Streamlit's secrets name an OpenID provider, in `[auth]`."""
    try:
        validate_auth_credentials(PROVIDER)
    except StreamlitAuthError:
        return False
    return True


def login_address() -> str:
    """Where the way to the provider begins; good for two minutes."""
    return generate_login_redirect_url(PROVIDER)


def claims_of(request: Request) -> Mapping[str, Any] | None:
    """What the provider said of whoever has logged in, from the cookie that Streamlit signed."""
    cookie = _get_cookie_value_from_request(request, USER_COOKIE_NAME)
    return json.loads(cookie) if cookie else None


def forget_login(response: Response, request: Request) -> None:
    """Let the browser drop what Streamlit keeps of a login."""
    _clear_auth_cookie(response, request)


class LandAtTheDoor:
    """Lets the provider's callback lead to `ENTER`, where Streamlit's answer leads to its first page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_to_the_door(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"location"]
                message["headers"] = [*kept, (b"location", ENTER.encode())]
            await send(message)

        is_callback = scope["type"] == "http" and scope["path"] == CALLBACK
        await self.app(scope, receive, send_to_the_door if is_callback else send)
