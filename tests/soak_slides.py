"""The slides as an office program draws them: LibreOffice turns them into pages, and each says what it should."""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path

from pptx import Presentation
from pypdf import PdfReader

from routes.dataset import load
from routes.pack.slides import slides_pptx

ADDRESS = "https://map.example.org"


def slides_in_libreoffice() -> str:
    """Turn every story's slides into PDF."""
    dataset, count = load(), 0
    for story in dataset.stories:
        data = slides_pptx(story, dataset, today=date.today(), address=ADDRESS)
        pages = _pages(data)
        assert len(pages) == len(Presentation(BytesIO(data)).slides)
        for page, chapter in zip(pages[1:], story.chapters, strict=False):
            assert chapter.title in page
            assert "Not travel or legal advice" in page
        count += len(pages)
    return f"LibreOffice drew {count} slides of {len(dataset.stories)} stories, each with its title and its note"


def _pages(data: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "slides.pptx").write_bytes(data)
        home = f"-env:UserInstallation=file://{folder}/home"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, "slides.pptx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
        return [" ".join(page.extract_text().split()) for page in PdfReader(Path(folder) / "slides.pdf").pages]
