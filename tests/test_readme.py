"""The README's own commands, on a clean checkout."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from browser import ROOT, free_port, launch, visit, wait_for
from playwright.sync_api import sync_playwright

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_COMMANDS = re.findall(r"^(make \w+)", README.split("```sh")[1].split("```")[0], flags=re.MULTILINE)


def test_the_readme_begins_with_two_commands_that_the_makefile_has() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert FIRST_COMMANDS == ["make run", "make test"]
    for command in FIRST_COMMANDS:
        assert re.search(rf"^{command.removeprefix('make ')}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", README))
def test_everything_the_readme_links_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.browser
def test_make_run_on_a_clean_checkout_serves_the_map(tmp_path: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    port = free_port()
    with (tmp_path / "run.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=tmp_path, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}", process, seconds=300)
            with sync_playwright() as playwright:
                browser = launch(playwright)
                reader = visit(browser.new_context(), f"http://127.0.0.1:{port}")
                reader.open_map("as_of=2014")
                assert reader.stance("la-transit") == "mixed"
                browser.close()
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # make, its shell and the server
            process.wait(30)
