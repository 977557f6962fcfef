"""Archives opened within limits and packed the same way each time."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping

from routes.exchange.limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, RefusedFileError, check_count

_ENTRY = b"PK\x01\x02"
_SMALL = 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files in an archive by name, in memory; archives inside stay as they are.

    Raises RefusedFileError before anything is unpacked where there are too many or they would get too large.
    """
    check_count(data.count(_ENTRY), MAX_MEMBERS, "files in the archive", got="more")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            most = min(MAX_UNPACKED, max(_SMALL, MAX_RATIO * len(data)))
            check_count(size, most, "bytes in the archive", "Take the file as it was made.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise RefusedFileError("an archive without a password", "an encrypted one", "Save it without.")
            found = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, zlib.error) as error:
        raise RefusedFileError("a whole archive", f"a damaged one ({error})", "Take the file as it was made.") from None
    if len(found) < sum(not entry.is_dir() for entry in entries):
        raise RefusedFileError("each name once in the archive", "a name twice", "Save it again.")
    return found


def packed(members: Mapping[str, bytes], *, loose: bool = False) -> bytes:
    """The archive of the members in their order, without the time of day; what is packed already is only stored.

    A `loose` one, to be unpacked again at once, stores everything.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            is_dense = loose or name.endswith((".png", ".pptx", ".zip", ".pdf"))
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_STORED if is_dense else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def digest_of_members(members: Mapping[str, bytes]) -> str:
    """One SHA-256 over the names and contents of members, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(name.encode("utf-8", "replace") + b"\0" + hashlib.sha256(members[name]).digest())
    return digest.hexdigest()
