"""The slides as an office program draws them: LibreOffice turns them into pages, each says what it should, in place.

Where Arial and Georgia are missing it takes wider fonts: what fits then fits anywhere.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from pptx import Presentation

from routes.dataset import load
from routes.pack.slides import slides_pptx

ADDRESS = "https://map.example.org"
EMU = 12700
LOOSE = 3.0
"""Points by which a letter's box may reach out of the box of its text: it is higher than the letter."""


def slides_in_libreoffice() -> str:
    """Turn every story's slides into PDF."""
    dataset, count = load(), 0
    for story in dataset.stories:
        data = slides_pptx(story, dataset, today=date.today(), address=ADDRESS)
        slides = list(Presentation(BytesIO(data)).slides)
        pages = list(_pages(data))
        assert len(pages) == len(slides)
        for (text, _), chapter in zip(pages[1:], story.chapters, strict=False):
            assert chapter.title in text
            assert "Not travel or legal advice" in text
        outside = [told for slide, (_, letters) in zip(slides, pages, strict=True) for told in _outside(slide, letters)]
        assert not outside, f"{story.id}: {outside}"
        count += len(pages)
    return (
        f"LibreOffice drew {count} slides of {len(dataset.stories)} stories, each with its title and its note, "
        "and every text inside its box"
    )


Letter = tuple[str, tuple[float, float, float, float]]


def _pages(data: bytes) -> Iterator[tuple[str, list[Letter]]]:
    """The text of each page, and its plain letters with their boxes: left, top, right and bottom, from the top."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "slides.pptx").write_bytes(data)
        home = f"-env:UserInstallation=file://{folder}/home"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, "slides.pptx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
        pdf = pypdfium2.PdfDocument((Path(folder) / "slides.pdf").read_bytes())
    for page in pdf:
        text, height = page.get_textpage(), page.get_height()
        letters = []
        for n in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(n)
            box = (left, height - top, right, height - bottom)
            letters += [(sign, box) for sign in _plain(text.get_text_range(n, 1))]
        yield " ".join(text.get_text_bounded().split()), letters
    pdf.close()


def _plain(text: str) -> str:
    """The letters and figures that every font has."""
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


def _outside(slide: Any, letters: list[Letter]) -> Iterator[str]:
    """The texts of a slide that reach out of their boxes."""
    page = "".join(sign for sign, _ in letters)
    for shape in slide.shapes:
        words = _plain(shape.text_frame.text) if shape.has_text_frame else ""
        if not words or shape.element.find(".//{*}fld") is not None:  # the slide's number
            continue
        at = page.find(words)
        assert at >= 0, f"{shape.name} is not on the page: {words[:60]}"
        lefts, tops, rights, bottoms = zip(*(box for _, box in letters[at : at + len(words)]), strict=True)
        left, top = shape.left / EMU - LOOSE, shape.top / EMU - LOOSE
        right, bottom = (shape.left + shape.width) / EMU + LOOSE, (shape.top + shape.height) / EMU + LOOSE
        if min(lefts) < left or min(tops) < top or max(rights) > right or max(bottoms) > bottom:
            reach = f"{min(tops):.0f} to {max(bottoms):.0f}, {top:.0f} to {bottom:.0f} is its own"
            yield f"{shape.text_frame.text[:40]} ({reach})"


if __name__ == "__main__":
    print(slides_in_libreoffice())
