"""The pictures under docs/: the explore page at three widths. `python tests/take_screenshots.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from browser import WIDTHS, launch, serving, visit
from playwright.sync_api import sync_playwright

VIEW = "as_of=2014&sel=la-transit"


def main(folder: Path) -> None:
    """Take each picture anew."""
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for screen, (width, height) in WIDTHS.items():
            size = {"width": width, "height": height}
            seen = visit(browser.new_context(viewport=size, has_touch=screen == "phone"), address)
            seen.open_map(VIEW)
            seen.page.screenshot(path=folder / f"explore-{width}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
