"""How much an uploaded file may hold, and the refusal of what it may not.

The numbers are far above what a layer or table of ours needs and far below what would keep the server busy.
"""

from __future__ import annotations

from routes.problems import RoutesError
from routes.text import visible

MAX_BYTES = 20 * 2**20
"""Of the file as it comes."""

MAX_UNPACKED = 100 * 2**20
MAX_RATIO = 200
"""How much larger an archive may get by unpacking; spreadsheets of equal rows reach 50."""

MAX_MEMBERS = 1_000
MAX_PARTS = 200
"""Layers, folders or sheets in one file."""

MAX_RECORDS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 100_000
"""Characters of one value."""

MAX_POSITIONS = 200_000
MAX_ELEMENTS = 1_000_000
MAX_XML_DEPTH = 100
MAX_WKT_DEPTH = 10

SECONDS = 20
"""Of computing for one file, and of waiting for it."""

MEMORY = 1536 * 2**20
"""Address space of the process that reads one file; about 500 MiB of it are the libraries themselves."""


class RefusedFileError(RoutesError):
    """A file that is not read, or could not be written: its name, what was expected, what was got, what to do."""

    def __init__(self, expected: str, got: str, remedy: str, *, file: str = "") -> None:
        super().__init__(expected, got, remedy)
        self.file = file

    def __str__(self) -> str:
        expected, got, remedy = (visible(str(part)) for part in self.args)
        return f"{self.file or 'The file'}: expected {expected}, got {got}. {remedy}"


def labelled(name: str) -> str:
    """An uploaded name as it is shown in messages: it is a label, never a path."""
    return visible(name).replace("\n", " ").replace("\t", " ")[:100].strip() or "The file"


def check_count(count: int, most: int, things: str, remedy: str = "Split the file, or leave out what is not needed.",
                *, got: str = "") -> None:  # fmt: skip
    """Raise RefusedFileError where there are more than `most`; `got` says it where the count is not known."""
    if count > most:
        raise RefusedFileError(f"at most {most:,} {things}", got or f"{count:,}", remedy)
