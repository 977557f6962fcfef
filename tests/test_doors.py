"""Claims about the staff entrance: who gets in, by which cookie, from where, and what happens on the way out."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from browser import ROOT, free_port, wait_for
from oidc_provider import providing
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from test_accounts import ADMINS, EDITORS, MemoryStore

from components.doors import AT_ONCE, COOKIE, LONGEST_FORM, SECURE_COOKIE, WAITING, account_of_cookies, staff_doors
from components.server import MIDDLEWARE
from components.staff import oidc
from components.staff.oidc import CALLBACK, ENTER, LandAtTheDoor
from routes.accounts import add_account, sessions, sign_in
from routes.problems import StoreError

HERE = {"sec-fetch-site": "same-origin"}
SITE = "http://map.example.org"


@dataclass
class Entrance:
    """The doors on a store of their own, and what they answer."""

    store: Any

    def __post_init__(self) -> None:
        callback = Route(CALLBACK, lambda _request: RedirectResponse("/", 302))
        self.app = MIDDLEWARE[0].cls(LandAtTheDoor(Starlette(routes=[*staff_doors(lambda: self.store), callback])))

    def ask(self, path: str, method: str = "GET", *, site: str = SITE, **options: Any) -> httpx.Response:
        return asyncio.run(self.asked(path, method, site=site, **options))

    async def asked(self, path: str, method: str = "GET", *, site: str = SITE, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=("203.0.113.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url=site) as client:
            return await client.request(method, path, **options)

    def sign_in(
        self, password: str = EDITORS, *, name: str = "binh", site: str = SITE, **headers: str
    ) -> httpx.Response:
        fields = {"name": name, "password": password}
        return self.ask("/staff/sign-in", "POST", site=site, data=fields, headers={**HERE, **headers})


def cookie_of(response: httpx.Response) -> str:
    """The cookie that an answer gives, as a request sends it back."""
    return response.headers.get("set-cookie", "").partition(";")[0]


def who(entrance: Entrance, cookie: str) -> str | None:
    """Who is signed in with a cookie."""
    name, _, value = cookie.partition("=")
    account = account_of_cookies(entrance.store, {name: value})
    return account.name if account else None


@pytest.fixture
def entrance() -> Entrance:
    """The entrance of an office with an admin, `anna`, and an editor, `binh`."""
    store: Any = MemoryStore()
    now = datetime.now(UTC)
    anna = add_account(store, "anna", "admin", ADMINS, by=None, now=now)
    add_account(store, "binh", "editor", EDITORS, "binh@example.org", by=anna, now=now)
    return Entrance(store)


@pytest.fixture
def closed_entrance() -> Entrance:
    """The entrance where nobody has an account."""
    return Entrance(MemoryStore())


# The page


def test_without_an_account_the_page_says_how_to_make_one_and_asks_for_nothing(closed_entrance: Entrance) -> None:
    page = closed_entrance.ask("/staff/sign-in")
    assert "python -m routes users add NAME --role admin" in page.text
    assert "<form" not in page.text
    assert closed_entrance.sign_in(ADMINS, name="admin").status_code == 403


def test_the_page_has_no_script_and_is_kept_by_nobody(entrance: Entrance) -> None:
    page = entrance.ask("/staff/sign-in")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert " on" not in page.text.partition("<body>")[2].replace(" on ", " ")
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert 'type="password" autocomplete="current-password"' in page.text


def test_the_style_sheet_is_kept_by_browsers_until_it_changes(entrance: Entrance) -> None:
    address = entrance.ask("/staff/sign-in").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in entrance.ask(address).headers["cache-control"]
    assert entrance.ask(address.partition("?")[0]).headers["cache-control"] == "no-cache"


def test_what_was_typed_as_a_name_is_shown_as_text(entrance: Entrance) -> None:
    page = entrance.sign_in("x", name='"><img src=x>\u202e')
    assert "<img" not in page.text
    assert "&#34;&gt;&lt;img src=x&gt;⟨U+202E⟩" in page.text
    assert 'role="alert"' in page.text


# Signing in and out


def test_name_and_password_open_a_session_and_lead_to_the_editor(entrance: Entrance) -> None:
    answer = entrance.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert who(entrance, cookie_of(answer)) == "binh"
    assert (
        "You are signed in as binh (editor)."
        in entrance.ask("/staff/sign-in", headers={"cookie": cookie_of(answer)}).text
    )


@pytest.mark.parametrize(
    ("site", "name", "secure"), [(SITE, COOKIE, False), ("https://map.example.org", SECURE_COOKIE, True)]
)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    entrance: Entrance, site: str, name: str, secure: bool
) -> None:
    given, *attributes = entrance.sign_in(site=site).headers["set-cookie"].split("; ")
    assert given.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(attributes)
    assert ("Secure" in attributes) is secure
    assert not [part for part in attributes if part.startswith(("Domain", "Max-Age", "Expires"))]


def test_the_cookie_bound_to_this_host_counts_before_the_other(entrance: Entrance) -> None:
    now = datetime.now(UTC)
    own, planted = (sign_in(entrance.store, *person, now=now) for person in (("binh", EDITORS), ("anna", ADMINS)))
    account = account_of_cookies(entrance.store, {COOKIE: planted, SECURE_COOKIE: own})
    assert account is not None
    assert account.name == "binh"


@pytest.mark.parametrize("cookies", [{}, {COOKIE: ""}, {COOKIE: "x"}, {SECURE_COOKIE: "é" * 5000}, {"other": "x"}])
def test_no_other_cookie_is_anybodys(entrance: Entrance, cookies: dict[str, str]) -> None:
    assert account_of_cookies(entrance.store, cookies) is None


def test_a_wrong_password_gives_no_cookie_and_says_so(entrance: Entrance) -> None:
    answer = entrance.sign_in("not the password")
    assert (answer.status_code, cookie_of(answer)) == (403, "")
    assert "The name or the password is wrong." in answer.text


def test_signing_in_again_ends_the_session_this_browser_had(entrance: Entrance) -> None:
    first = cookie_of(entrance.sign_in())
    second = cookie_of(entrance.sign_in(ADMINS, name="anna", cookie=first))
    assert (who(entrance, first), who(entrance, second)) == (None, "anna")


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(entrance: Entrance) -> None:
    cookie = cookie_of(entrance.sign_in())
    answer = entrance.ask("/staff/sign-out", "POST", headers={**HERE, "cookie": cookie})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    assert 'closing-door-staff=""' in answer.headers["set-cookie"]
    assert who(entrance, cookie) is None


def test_the_log_says_from_which_network_and_holds_no_token(entrance: Entrance) -> None:
    cookie = cookie_of(entrance.sign_in())
    assert entrance.store.logged()[0]["peer"] == "203.0.113.0/24"
    assert cookie.partition("=")[2] not in "".join(entrance.store.lines)


# What is turned away


@pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": SITE},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": "http://map.example.org.evil.example"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_changes_nothing(entrance: Entrance, path: str, headers: dict[str, str]) -> None:
    cookie = cookie_of(entrance.sign_in())
    before, form = dict(entrance.store.things), {"name": "anna", "password": ADMINS}
    answer = entrance.ask(path, "POST", data=form, headers={**headers, "cookie": cookie})
    assert (answer.status_code, cookie_of(answer)) == (403, "")
    assert entrance.store.things == before


def test_an_older_browser_says_by_its_origin_where_a_form_is_from(entrance: Entrance) -> None:
    form = {"name": "binh", "password": EDITORS}
    assert entrance.ask("/staff/sign-in", "POST", data=form, headers={"origin": SITE}).status_code == 303


@pytest.mark.parametrize("body", [b"", b"%", b"\xff=\xfe", b"name=binh", b"&" * 4000, b'{"name": "binh"}'], ids=repr)
def test_a_body_that_is_no_form_signs_nobody_in(entrance: Entrance, body: bytes) -> None:
    assert entrance.ask("/staff/sign-in", "POST", content=body, headers=HERE).status_code == 403


def test_a_body_longer_than_a_form_is_not_read_to_its_end(entrance: Entrance) -> None:
    read: list[int] = []

    async def endless() -> Any:
        for number in range(1000):
            read.append(number)
            yield b"x" * 1024

    answer = entrance.ask("/staff/sign-in", "POST", content=endless(), headers=HERE)
    assert answer.status_code == 413
    assert len(read) <= LONGEST_FORM // 1024 + 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_other_method_is_answered(entrance: Entrance, method: str) -> None:
    assert entrance.ask("/staff/sign-in", method, headers=HERE).status_code == 405


def test_a_session_is_not_ended_by_following_a_link(entrance: Entrance) -> None:
    cookie = cookie_of(entrance.sign_in())
    assert entrance.ask("/staff/sign-out", headers={**HERE, "cookie": cookie}).status_code == 405
    assert who(entrance, cookie) == "binh"


def test_a_flood_waits_in_a_short_line_and_the_rest_is_told_so(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    running: set[object] = set()
    open_ = Event()

    def slow(_kept: str | None, _password: str) -> bool:
        me = object()
        running.add(me)
        at_once.append(len(running))
        open_.wait(20)
        running.discard(me)
        return False

    monkeypatch.setattr(sessions, "matches", slow)

    async def flood() -> list[int]:
        form = {"name": "binh", "password": "x"}
        asked = [entrance.asked("/staff/sign-in", "POST", data=form, headers=HERE) for _ in range(40)]
        tasks = [asyncio.create_task(one) for one in asked]
        busy = 40 - AT_ONCE - WAITING
        while sum(task.done() for task in tasks) < busy:
            await asyncio.sleep(0)
        open_.set()
        return [answer.status_code for answer in await asyncio.gather(*tasks)]

    statuses = asyncio.run(flood())
    assert statuses.count(503) == 40 - AT_ONCE - WAITING
    assert max(at_once) <= AT_ONCE


def test_a_store_out_of_reach_is_said_in_words(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_reach(*_given: object) -> None:
        raise StoreError("the place of a file")

    for name in ("kept", "all_kept"):
        monkeypatch.setattr(entrance.store, name, out_of_reach)
    for answer in (entrance.ask("/staff/sign-in"), entrance.sign_in()):
        assert answer.status_code == 503
        assert "out of reach" in answer.text
        assert "file" not in answer.text


# Through the organisation


@pytest.fixture
def streamlits_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit signs cookies with a secret that stays the same during a test."""
    secret = get_cookie_secret()
    monkeypatch.setattr(
        "streamlit.web.server.starlette.starlette_auth_routes.get_cookie_secret", lambda: secret or "test"
    )


def login(*, secret: str | None = None, issued: datetime | None = None, **claims: Any) -> str:
    """Streamlit's cookie after a login through the organisation."""
    issued = issued or datetime.now(UTC)
    said = {"iss": "https://login.example.org", "sub": "b-1", "email": "binh@example.org", "email_verified": True,
            "iat": int(issued.timestamp()), **claims}  # fmt: skip
    signed = create_signed_value(secret or get_cookie_secret() or "test", "_streamlit_user", json.dumps(said))
    return f"_streamlit_user={signed.decode()}"


@pytest.mark.usefixtures("streamlits_secret")
def test_a_fresh_login_opens_a_session_and_streamlits_cookie_goes(entrance: Entrance) -> None:
    answer = entrance.ask(ENTER, headers={"cookie": login()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    given = answer.headers.get_list("set-cookie")
    assert who(entrance, next(part for part in given if part.startswith(COOKIE)).partition(";")[0]) == "binh"
    assert any(part.startswith('_streamlit_user=""') for part in given)


@pytest.mark.usefixtures("streamlits_secret")
def test_the_same_login_does_not_open_the_door_again_after_signing_out(entrance: Entrance) -> None:
    cookie = login()
    session = cookie_of(entrance.ask(ENTER, headers={"cookie": cookie}))
    entrance.ask("/staff/sign-out", "POST", headers={**HERE, "cookie": session})
    again = entrance.ask(ENTER, headers={"cookie": cookie})
    assert (again.status_code, "Sign in again." in again.text) == (403, True)
    assert COOKIE not in "".join(again.headers.get_list("set-cookie"))


@pytest.mark.usefixtures("streamlits_secret")
@pytest.mark.parametrize(
    "cookie",
    [
        lambda: "",
        lambda: "_streamlit_user=made-up",
        lambda: login(secret="another secret"),
        lambda: login(email_verified=False),
        lambda: login(email="eve@example.org"),
        lambda: login(issued=datetime.now(UTC) - timedelta(hours=1)),
        lambda: login(iat=None),
    ],
    ids=["none", "made up", "signed by another", "not verified", "of nobody", "old", "without a time"],
)
def test_no_other_login_opens_a_session(entrance: Entrance, cookie: Callable[[], str]) -> None:
    answer = entrance.ask(ENTER, headers={"cookie": cookie()})
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    assert not entrance.store.all_kept("sessions")


def test_the_way_through_the_organisation_is_offered_where_there_is_one(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/staff/organisation" not in entrance.ask("/staff/sign-in").text
    assert entrance.ask("/staff/organisation").headers["location"] == "/staff/sign-in"
    monkeypatch.setattr(oidc, "is_configured", lambda: True)
    assert 'href="/staff/organisation"' in entrance.ask("/staff/sign-in").text


def test_the_providers_callback_leads_to_the_door(entrance: Entrance) -> None:
    assert entrance.ask(CALLBACK).headers["location"] == ENTER


# In a real browser, with Streamlit and a provider

APP = """
import streamlit as st
from starlette.middleware import Middleware
from components.doors import staff_doors
from components.server import MIDDLEWARE
from components.staff.oidc import LandAtTheDoor
from office import STORE

app = st.App("page.py", routes=staff_doors(lambda: STORE), middleware=[*MIDDLEWARE, Middleware(LandAtTheDoor)])
"""
PAGE = """
import streamlit as st
from components.doors import account_of_cookies
from office import STORE

account = account_of_cookies(STORE, st.context.cookies)
st.text(f"seen: {account.name if account else 'nobody'}")
"""
OFFICE = """
from datetime import UTC, datetime
from routes.accounts import add_account
from test_accounts import ADMINS, MemoryStore

STORE = MemoryStore()
anna = add_account(STORE, "anna", "admin", ADMINS, by=None, now=datetime.now(UTC))
add_account(STORE, "binh", "editor", None, "binh@example.org", by=anna, now=datetime.now(UTC))
"""


@contextmanager
def office(folder: Path, secrets: Callable[[str], str]) -> Iterator[str]:
    """The address of a small site with the staff entrance, which Streamlit itself serves."""
    port = free_port()
    site = f"http://localhost:{port}"
    (folder / ".streamlit").mkdir()
    for name, text in {"app": APP, "page": PAGE, "office": OFFICE}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / ".streamlit" / "secrets.toml").write_text(secrets(site), encoding="utf-8")
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", folder)))
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.address",
               "localhost", "--server.port", str(port), "--browser.gatherUsageStats", "false"]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": paths}, stdout=log, stderr=log)
        try:
            wait_for(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """A site with the staff entrance and the provider it trusts, which runs on another host."""
    folder = tmp_path_factory.mktemp("office")
    with (
        providing(sub="b-1", email="binh@example.org", email_verified=True) as provider,
        office(folder, provider.secrets) as address,
    ):
        yield address, provider


def seen_by_streamlit(page: Page, address: str) -> str:
    """Whom a page of Streamlit's sees."""
    page.goto(f"{address}/staff")
    return page.get_by_text("seen: ").inner_text().removeprefix("seen: ")


@pytest.mark.browser
def test_staff_sign_in_with_the_keyboard_and_streamlit_sees_them(site: tuple[str, Any], chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site[0]}/staff/sign-in")
    page.locator("#name:focus").wait_for()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.locator("#password:focus").wait_for()
    page.keyboard.type(ADMINS)
    page.keyboard.press("Enter")
    page.get_by_text("seen: anna").wait_for()
    page.goto(f"{site[0]}/staff/sign-in")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    assert seen_by_streamlit(page, site[0]) == "nobody"
    page.context.close()


@pytest.mark.browser
def test_staff_sign_in_through_the_organisation_and_an_old_login_does_not_bring_them_back(
    site: tuple[str, Any], chromium: Browser
) -> None:
    address, provider = site
    page = chromium.new_page()
    page.goto(f"{address}/staff/sign-in")
    with page.expect_request(f"{address}{ENTER}") as entering:
        page.get_by_role("link", name="Sign in with your organisation").click()
    page.get_by_text("seen: binh").wait_for()
    sent = entering.value.all_headers()["cookie"].split("; ")
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_streamlit_user")]

    page.goto(f"{address}/staff/sign-in")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    logins = [cookie.partition("=") for cookie in sent if cookie.startswith("_streamlit_user")]
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, _, value in logins])
    page.goto(f"{address}{ENTER}")
    assert "used before" in page.get_by_role("alert").inner_text()
    assert seen_by_streamlit(page, address) == "nobody"

    provider.person["sub"] = "somebody-else"
    page.goto(f"{address}/staff/organisation")
    assert "Ask an admin" in page.get_by_role("alert").inner_text()
    page.context.close()


def test_behind_a_proxy_on_this_machine_that_speaks_https_the_cookie_is_secure(site: tuple[str, Any]) -> None:
    proxied = {"x-forwarded-proto": "https", **HERE}
    answer = httpx.post(f"{site[0]}/staff/sign-in", data={"name": "anna", "password": ADMINS}, headers=proxied)
    assert (answer.status_code, answer.headers["set-cookie"].partition("=")[0]) == (303, SECURE_COOKIE)
    assert "; Secure" in answer.headers["set-cookie"]
