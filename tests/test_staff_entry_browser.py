"""The parts of the staff page in a real browser, and who is kept out of them."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from staffing import Office, part
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [pytest.param(1440, marks=pytest.mark.long), 390])
@pytest.mark.parametrize("name", ["Edit", "Review", "History", "Files", "Office"])
def test_every_part_opens_without_an_error_or_sideways_scrolling(office: Office, name: str, width: int) -> None:
    with office.signed_in("kim", width) as staff:
        part(staff, name)
        staff.settle(900)
        assert staff.page.locator('[data-testid="stException"]').count() == 0
        wide = staff.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


# Who is kept out


def status(address: str, method: str = "GET") -> int:
    """What an address answers somebody without a session."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    request = urllib.request.Request(address, method=method, data=b"x" if method != "GET" else None)
    try:
        with urllib.request.build_opener(Stay).open(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("path", "method", "answer"),
    [
        ("/staff", "GET", 303),
        ("/staff/map.json?layer=layers/laos-thailand", "GET", 403),
        ("/staff/difference.json?what=draft", "GET", 403),
        ("/staff/preview/data.json", "GET", 403),
        ("/staff/preview/stories/laos-2013.json", "GET", 403),
        ("/staff/present?story=laos-2013", "GET", 403),
        ("/staff/present/speaker?story=laos-2013", "GET", 403),
        ("/_stcore/upload_file/x/y", "PUT", 404),
        ("/staff/sign-out", "POST", 403),
    ],
)
def test_an_outsider_gets_nothing_from_staff_addresses(office: Office, path: str, method: str, answer: int) -> None:
    assert status(office.address + path, method) == answer


def run_of(office: Office, *, button: str, cookie: str = "") -> list[ForwardMsg]:
    """What a run of the staff page sends to a message made by hand, as a browser with that cookie would send it."""
    headers = {"Cookie": cookie, "Origin": office.address} if cookie else {"Origin": office.address}
    address = office.address.replace("http", "ws") + "/_stcore/stream"
    received = []
    with connect(address, additional_headers=headers, max_size=None) as socket:
        message = BackMsg()
        message.rerun_script.page_name = "staff"
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = f"$$ID-0-{button}", True
        socket.send(message.SerializeToString())
        while True:
            received.append(ForwardMsg.FromString(socket.recv(timeout=20)))  # type: ignore[arg-type]
            if received[-1].WhichOneof("type") == "script_finished":
                return received


def test_a_message_made_by_hand_writes_nothing_for_a_reader(office: Office) -> None:
    head, logged = office.store.head(), len(office.store.logged())
    received = run_of(office, button="save-now")
    sent = b"".join(message.SerializeToString() for message in received)
    assert b"This page is for staff" in sent
    assert b"save-now" not in sent
    assert office.store.head() == head
    assert len(office.store.logged()) == logged
