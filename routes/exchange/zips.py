"""The members of an archive, in memory; nothing is ever written under a name from inside one."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from routes.exchange.limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, RefusedFileError, check_count

_ENTRY = b"PK\x01\x02"
_ZIP = b"PK\x03\x04"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SMALL = 2**20
"""Archives that unpack to less may have any ratio."""


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as an archive that holds something."""
    return data.startswith(_ZIP)


def members(data: bytes) -> dict[str, bytes]:
    """The files in an archive by name, without folders.

    Raises RefusedFileError before anything is unpacked where there are too many, where they would get too large, and
    where one is a link, is encrypted, or has a name that leads out of the archive; and for an archive inside.
    """
    check_count(data.count(_ENTRY), MAX_MEMBERS, "files in the archive", got="more")  # before their list is built
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(data))
            for entry in entries:
                _check(entry)
            found = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, zlib.error) as error:
        raise RefusedFileError("a whole archive", f"a damaged one ({error})", "Pack it again.") from None
    if len(found) < sum(not entry.is_dir() for entry in entries):
        raise RefusedFileError("each name once in the archive", "a name twice", "Pack it again.")
    for name, content in found.items():
        if is_zip(content):
            raise RefusedFileError("no archive inside the archive", name, "Unpack it and upload what is inside.")
    return found


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > max(_SMALL, MAX_RATIO * packed):
        most = min(MAX_UNPACKED, max(_SMALL, MAX_RATIO * packed))
        expected = f"an archive that unpacks to at most {most:,} bytes"
        raise RefusedFileError(expected, f"{unpacked:,} bytes", "Upload only the layer that is needed.")


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    steps = name.replace("\\", "/").split("/")
    if not name or steps[0] == "" or ".." in steps or ":" in steps[0] or "\0" in name:
        raise RefusedFileError("names inside the archive that stay inside it", name, "Pack it again without paths.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedFileError("files in the archive", f"a link, {name}", "Pack the file that it leads to.")
    if entry.flag_bits & 1:
        raise RefusedFileError("an archive without a password", f"{name}, encrypted", "Pack it without a password.")
    if entry.compress_type not in _METHODS:
        got = f"{name}, packed by method {entry.compress_type}"
        raise RefusedFileError("files that are stored or deflated", got, "Pack it again as a plain zip.")
