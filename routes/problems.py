"""What can be wrong with a file, and the errors this package raises.

    RoutesError                 every error of ours; the message names file, expected, got, what to do
    ├── UnreadableError         a file cannot be read at all (missing, not UTF-8, not JSON, not CSV)
    ├── LinkError               a link holds something that cannot be restored
    ├── RefusedFileError        an uploaded file is not read, or a format cannot hold a document (`routes.exchange`)
    ├── NotAllowedError         who asks may not do this, or nobody may right now; nothing was written
    ├── BlockedError            what would be saved must not be published; holds the problems (`routes.edits`)
    ├── EditConflict            somebody else changed the same fields in between; holds them (`routes.edits`)
    ├── StaleError              the store has moved on since the base of a commit; read again and merge
    └── StoreError              the store cannot be read or written (full, read-only, out of reach)

A fault in a record is not raised: it is a `Problem`, so that one reading reports all of them and the reader
still sees the rest.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class RoutesError(Exception):
    """Base of every error raised by this package."""


class UnreadableError(RoutesError):
    """A file cannot be read at all."""


class LinkError(RoutesError):
    """A link holds something that cannot be restored."""


class NotAllowedError(RoutesError):
    """Who asks may not do this, or nobody may right now; nothing was written."""


class StaleError(RoutesError):
    """The store has moved on since the base of a commit; nothing was written."""


class StoreError(RoutesError):
    """The store cannot be read or written; what was there before stands whole."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault in one place: where it is, what was expected, what was got, what to do.

    `file` is a path as the caller gave it, `line` counts from 1 (0 where there is none), `pointer` is an RFC 6901
    JSON pointer in a JSON file, the feature's id where a layer's feature is meant, and `record-id/column` in a table,
    `rule` is a short stable name (`rfc7946-position`, `dates-in-order`). An error keeps the record off the map; a
    warning does not.
    """

    file: str
    line: int
    pointer: str
    rule: str
    severity: Severity
    message: str
    hint: str

    def as_dict(self) -> dict[str, str | int]:
        """The problem as `{file, line, pointer, rule, severity, message, hint}`."""
        return asdict(self)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        at = f" at {self.pointer}" if self.pointer else ""
        line = f"{where}: {self.severity} [{self.rule}]{at}: {self.message} {self.hint}".rstrip()
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
