"""The staff entrance: the sign-in page, the cookie that holds a session's token, the way in through the organisation.

    GET  /staff/sign-in        the form, or who is signed in; how to make the first account where there is none
    POST /staff/sign-in        name and password for a session
    POST /staff/sign-out       the session ends
    GET  /staff/organisation   to the OpenID provider of Streamlit's `[auth]` secrets, as `st.login` goes there
    GET  /staff/enter          back from it: a login that has just been made, for a session of ours

A login through the provider lives in a cookie of Streamlit's that is good for a month. Here it is good for one entry
within minutes; then that cookie goes, and our session decides alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from components.markup import render
from components.server import STYLE, Body, typefaces
from components.staff import oidc
from routes.accounts import Account, account_of, account_of_identity, accounts, open_session, sign_in, sign_out
from routes.problems import NotAllowedError, StoreError
from routes.store import Store
from routes.words import say

SIGN_IN, SIGN_OUT, STAFF = "/staff/sign-in", "/staff/sign-out", "/staff"
ORGANISATION, STYLES = "/staff/organisation", "/staff/sign-in.css"

COOKIE = "closing-door-staff"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""The cookie's name over https, under which browsers take it from this very host alone."""

LONGEST_FORM = 4096
AT_ONCE, WAITING = 2, 20
"""How many passwords are checked at a time (each takes 19 MiB and a fifth of a second), and how many may wait."""


def account_of_cookies(store: Store, cookies: Mapping[str, str]) -> Account | None:
    """Who is signed in, by the cookies of a request or of `st.context`."""
    token = _token(cookies)
    return account_of(store, token, now=_now()) if token else None


def staff_doors(store: Callable[[], Store]) -> list[Route]:
    """The addresses of the staff entrance, on the store that `store` gives."""
    doors = _Doors(store)
    return [
        Route(SIGN_IN, doors.show, methods=["GET"]),
        Route(SIGN_IN, doors.sign_in, methods=["POST"]),
        Route(SIGN_OUT, doors.sign_out, methods=["POST"]),
        Route(ORGANISATION, doors.to_organisation, methods=["GET"]),
        Route(oidc.ENTER, doors.enter, methods=["GET"]),
        Route(STYLES, _styles, methods=["GET"]),
    ]


@dataclass(frozen=True)
class _Doors:
    store: Callable[[], Store]
    checking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    line: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE + WAITING))

    def show(self, request: Request) -> Response:
        try:
            return self._page(request)
        except StoreError:
            return _refusal("out_of_reach", 503)

    async def sign_in(self, request: Request) -> Response:
        if not _is_from_here(request):
            return _refusal("from_elsewhere", 403)
        form = await _form(request)
        if form is None:
            return _refusal("too_much", 413)
        if not self.line.acquire(blocking=False):
            return _refusal("busy", 503)
        try:
            return await to_thread.run_sync(self._sign_in, request, form, limiter=self.checking)
        finally:
            self.line.release()

    def _sign_in(self, request: Request, form: Mapping[str, str]) -> Response:
        name = form.get("name", "")
        try:
            store = self.store()
            token = sign_in(store, name, form.get("password", ""), now=_now(), peer=_peer(request))
            return self._let_in(request, token)
        except NotAllowedError as error:
            return self._page(request, error=str(error), name=name, status=403)
        except StoreError:
            return _refusal("out_of_reach", 503)

    def sign_out(self, request: Request) -> Response:
        if not _is_from_here(request):
            return _refusal("from_elsewhere", 403)
        try:
            self._end_session(request)
        except StoreError:
            return _refusal("out_of_reach", 503)
        response = _go(SIGN_IN)
        for name, secure in ((COOKIE, False), (SECURE_COOKIE, True)):
            response.delete_cookie(name, secure=secure, httponly=True, samesite="strict")
        return response

    def to_organisation(self, _request: Request) -> Response:
        return _go(oidc.login_address() if oidc.is_configured() else SIGN_IN)

    def enter(self, request: Request) -> Response:
        claims = oidc.claims_of(request)
        try:
            response = self._enter(request, claims) if claims else self._unvouched(request)
        except NotAllowedError as error:
            response = self._page(request, error=str(error), status=403)
        except StoreError:
            response = _refusal("out_of_reach", 503)
        oidc.forget_login(response, request)
        return response

    def _enter(self, request: Request, claims: Mapping[str, Any]) -> Response:
        account = account_of_identity(
            self.store(),
            str(claims.get("iss", "")),
            str(claims.get("sub", "")),
            str(claims.get("email") or ""),
            claims.get("email_verified") in (True, "true"),  # some providers send it as a text
            issued_at=int(claims.get("iat") or 0),
            now=_now(),
            peer=_peer(request),
        )
        return self._let_in(request, open_session(self.store(), account, now=_now()))

    def _unvouched(self, request: Request) -> Response:
        return self._page(request, error=say("sign_in.not_vouched"), status=403)

    def _let_in(self, request: Request, token: str) -> Response:
        """On to the editor with the new session; the one this browser had before ends."""
        self._end_session(request)
        is_secure = request.url.scheme == "https"
        response = _go(STAFF)
        response.set_cookie(
            SECURE_COOKIE if is_secure else COOKIE, token, secure=is_secure, httponly=True, samesite="strict"
        )
        return response

    def _end_session(self, request: Request) -> None:
        if token := _token(request.cookies):
            sign_out(self.store(), token, now=_now())

    def _page(self, request: Request, *, error: str = "", name: str = "", status: int = 200) -> Response:
        store = self.store()
        html = render(
            "sign_in",
            account=account_of_cookies(store, request.cookies),
            is_closed=not accounts(store),
            has_organisation=oidc.is_configured(),
            error=error,
            name=name,
            styles=f"{STYLES}?v={_sheet().version}",
        )
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


@cache
def _sheet() -> Body:
    return Body.of(typefaces() + (Path(__file__).parent / "sign_in.css").read_bytes(), STYLE)


def _styles(request: Request) -> Response:
    return _sheet().answer_file(request)


def _is_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of this host: as browsers say by themselves, and no page can."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form, as typed; None where more was sent than a sign-in form holds."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_FORM:
                return None
    except ClientDisconnect:
        return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _peer(request: Request) -> str:
    """Where a request comes from: as a proxy says where uvicorn trusts one (FORWARDED_ALLOW_IPS)."""
    return request.client.host if request.client else "unknown"


def _token(cookies: Mapping[str, str]) -> str | None:
    return cookies.get(SECURE_COOKIE) or cookies.get(COOKIE)


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})


def _refusal(word: str, status: int) -> Response:
    return PlainTextResponse(say(f"sign_in.{word}"), status, headers={"Cache-Control": "no-store"})


def _now() -> datetime:
    return datetime.now(UTC)
