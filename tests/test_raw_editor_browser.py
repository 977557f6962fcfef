"""The raw editor in a real browser: faults are marked where they stand, and what is typed is never lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from browser import ROOT, Visit, free_port, visit, wait_for
from making import HOSTILE, collection, item
from playwright.sync_api import Browser, FrameLocator, expect

from routes.text import visible

pytestmark = pytest.mark.browser

LINES = ",\n".join(json.dumps(item(name)) for name in ("la-way", "other"))
TEXT = json.dumps(collection()).replace("[]", f"[\n{LINES}\n]") + "\n"

APP = """
import streamlit as st
from components.server import MIDDLEWARE
app = st.App({page!r}, middleware=MIDDLEWARE)
"""

PAGE = """
import streamlit as st
from components.staff.raw_editor import raw_editor
from routes.typed import problems_of_text
st.set_page_config(layout="wide")
text = st.session_state.setdefault("text", {text!r})
typed = raw_editor(text, problems_of_text("layers/ways", text), key="raw")
if typed is not None:
    st.session_state["text"] = typed
    st.rerun()
st.button("Run again")
st.code(st.session_state["text"], language=None)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("raw")
    (folder / "page.py").write_text(PAGE.format(text=TEXT), encoding="utf-8")
    (folder / "app.py").write_text(APP.format(page=str(folder / "page.py")), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def staff(chromium: Browser, address: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    seen = visit(context, address)
    seen.open()
    editor(seen).locator(".ace_content").wait_for()
    yield seen
    for frame in seen.page.frames:
        assert frame.evaluate("typeof window.hurt") == "undefined"
    context.close()
    assert seen.foreign == []
    assert seen.errors == []


def editor(seen: Visit) -> FrameLocator:
    return seen.page.frame_locator('iframe[title$="geojson_editor"]')


def type_at(seen: Visit, line: int, column: int, text: str) -> None:
    """Put the cursor before a character and type."""
    keys = editor(seen).locator(".ace_text-input")
    keys.evaluate("node => node.focus()")
    keys.press("Control+Home")
    editor(seen).locator(".ace_editor").evaluate(
        "(node, [line, column]) => node.env.editor.gotoLine(line, column)", [line, column]
    )
    keys.press_sequentially(text) if text != "Backspace" else keys.press(text)


def kept_text(seen: Visit) -> str:
    """What Python has got of the text."""
    return seen.page.locator('[data-testid="stCode"] code').text_content() or ""


def typed_text(seen: Visit) -> str:
    """What stands in the editor."""
    return str(editor(seen).locator(".ace_editor").evaluate("node => node.env.editor.getValue()"))


def after_members(line: int) -> int:
    return TEXT.split("\n")[line - 1].index('"id"') - 1


def test_a_missing_comma_is_marked_on_its_line_and_mended_by_one_click(staff: Visit) -> None:
    expect(editor(staff).locator(".ace_gutter-cell.ace_error")).to_have_count(0)
    type_at(staff, 3, after_members(3), "Backspace")
    cell = editor(staff).locator(".ace_gutter-cell.ace_error")
    expect(cell).to_have_count(1)
    assert (cell.text_content() or "").strip() == "3"
    expect(editor(staff).locator(".ace_error-marker")).to_have_count(1)
    expect(staff.page.get_by_text("Line 3, column")).to_be_visible()
    staff.page.get_by_role("button", name="Add the missing comma").click()
    expect(editor(staff).locator(".ace_content")).to_be_visible()
    expect(editor(staff).locator(".ace_gutter-cell.ace_error")).to_have_count(0)
    staff.settle()
    assert json.loads(typed_text(staff)) == json.loads(TEXT)
    assert kept_text(staff) == typed_text(staff).rstrip()


@pytest.mark.long
def test_what_is_typed_stays_through_other_runs_and_while_it_is_invalid(staff: Visit) -> None:
    type_at(staff, 2, 0, "half a thou")
    type_at(staff, 2, 11, "ght")
    editor(staff).locator(".ace_text-input").press("Enter")
    expect(staff.page.locator('[data-testid="stCode"]')).to_contain_text("half a thought")
    staff.page.get_by_role("button", name="Run again").click()
    staff.settle()
    assert "half a thought" in typed_text(staff)
    assert kept_text(staff) == typed_text(staff).rstrip()


@pytest.mark.long
def test_hostile_text_is_shown_as_typed_in_the_editor_its_marks_and_the_list(staff: Visit) -> None:
    name = json.dumps(HOSTILE, ensure_ascii=False)[1:-1]
    start = TEXT.split("\n")[1].index("LA")
    editor(staff).locator(".ace_editor").evaluate(
        "(node, [at, text]) => node.env.editor.session.insert({row: 1, column: at}, text)", [start, name]
    )
    told = staff.page.get_by_text("Expected authority to be")
    expect(told).to_be_visible()
    staff.settle()
    assert "<script>window.hurt=1</script>" in " ".join((told.text_content() or "").split())
    assert visible("\u202e") in (told.text_content() or "") or "\\u202e" in (told.text_content() or "")
    mark = editor(staff).locator(".ace_gutter-cell.ace_error").first
    mark.hover()
    expect(editor(staff).locator(".ace_tooltip")).to_contain_text("<script>window.hurt=1</script>")
    assert name in typed_text(staff)
