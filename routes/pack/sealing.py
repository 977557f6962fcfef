"""Where a manifest stands in a file of each kind, and the seal that tells whether the file was changed.

    PPTX         customXml/closing-door.xml, kept by Office     seal in the manifest, over all other members
    ZIP          manifest.json                                  seal in the manifest, over all other members
    PNG          chunk iTXt                                     chunk tEXt, over all other chunks
    SVG, HTML    metadata; a script that is data                comment in the last line, over all before
    PDF          the attachment manifest.json                   comment in the last line, over all before

A seal is a SHA-256: it shows accidents and edits, not who made the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from routes.exchange.limits import RefusedFileError
from routes.pack.archives import digest_of_members, packed, unpacked
from routes.pack.manifest import Manifest

MEMBER, PPTX_MEMBER = "manifest.json", "customXml/closing-door.xml"
NAMESPACE = "urn:the-closing-door:manifest"
PNG_START = b"\x89PNG\r\n\x1a\n"
KEYWORD, SEAL_KEYWORD = b"The Closing Door manifest", b"The Closing Door seal"

_IN_XML = re.compile(rf'<manifest xmlns="{NAMESPACE}">([^<]*)</manifest>'.encode())
_IN_HTML = re.compile(rb'<script type="application/json" id="manifest">([^<]*)</script>')
_SEAL = re.compile(rb"\n(?:<!--|%) sha256:([0-9a-f]{64})(?: -->)?\n\Z")
_LONGEST = 20 * 2**20
"""Characters of a manifest, unpacked."""


@dataclass(frozen=True)
class Found:
    """The manifest's text in a file, None where there is none, and whether the seal is there and right."""

    text: str | None
    is_intact: bool


def kind_of(data: bytes) -> str:
    """`pptx`, `zip`, `png`, `pdf`, `svg` or `html` by the content; "" for anything else."""
    if data.startswith(b"PK\x03\x04"):
        return "pptx" if b"ppt/presentation.xml" in data else "zip"
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for sign, kind in ((PNG_START.lower(), "png"), (b"%pdf-", "pdf")):
        if start.startswith(sign):
            return kind
    return "html" if start.startswith(b"<!doctype html") else "svg" if b"<svg" in start else ""


def sealed(data: bytes, manifest: Manifest) -> bytes:
    """The file with its manifest inside and a seal on it; a manifest that its maker put in is kept."""
    kind = kind_of(data)
    return _PUT[kind](data, manifest.as_json())


def found_in(data: bytes) -> Found:
    """The manifest and the state of the seal. Raises RefusedFileError where the file cannot be read."""
    take = _TAKE.get(kind_of(data))
    return take(data) if take else Found(None, False)


def _put_in_zip(data: bytes, text: str) -> bytes:
    return packed(_with_manifest(unpacked(data), MEMBER, text, "{}"))


def _put_in_pptx(data: bytes, text: str) -> bytes:
    return packed(_with_manifest(unpacked(data), PPTX_MEMBER, text, f'<manifest xmlns="{NAMESPACE}">{{}}</manifest>'))


def _with_manifest(members: dict[str, bytes], name: str, text: str, frame: str) -> dict[str, bytes]:
    others = {key: content for key, content in members.items() if key != name}
    seal = digest_of_members(others)
    whole = text.removesuffix("}") + f',"seal":"{seal}"}}'
    return {**others, name: frame.replace("{}", whole).encode()}


def _take_from_zip(data: bytes) -> Found:
    members = unpacked(data)
    text = members.pop(MEMBER, None)
    return Found(None, False) if text is None else _with_seal(text, members)


def _take_from_pptx(data: bytes) -> Found:
    members = unpacked(data)
    for name, content in members.items():  # Office gives it another name when it saves
        match = _IN_XML.search(content) if name.startswith("customXml/") else None
        if match:
            return _with_seal(match[1], {key: one for key, one in members.items() if key != name})
    return Found(None, False)


def _with_seal(text: bytes, others: dict[str, bytes]) -> Found:
    try:
        body: Any = json.loads(text)
        seal = body.get("seal")
    except (ValueError, AttributeError, RecursionError):
        seal = None
    return Found(text.decode("utf-8", "replace"), seal == digest_of_members(others))


def _put_in_png(data: bytes, text: str) -> bytes:
    head, end = data[:-12], data[-12:]
    content = KEYWORD + b"\0\1\0\0\0" + zlib.compress(text.encode(), 9)
    whole = head + _chunk(b"iTXt", content)
    seal = hashlib.sha256(whole + end).hexdigest().encode()
    return whole + _chunk(b"tEXt", SEAL_KEYWORD + b"\0" + seal) + end


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _take_from_png(data: bytes) -> Found:
    text, seal, others = None, b"", [PNG_START]
    for kind, content, whole in _chunks(data):
        if kind == b"tEXt" and content.startswith(SEAL_KEYWORD + b"\0"):
            seal = content.removeprefix(SEAL_KEYWORD + b"\0")
            continue
        others.append(whole)
        if kind == b"iTXt" and content.startswith(KEYWORD + b"\0"):
            text = _inflated(content.removeprefix(KEYWORD + b"\0\1\0\0\0"))
    return Found(text, hashlib.sha256(b"".join(others)).hexdigest().encode() == seal)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at = len(PNG_START)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length], data[at : at + 12 + length]
        at += 12 + length
    if at < len(data):
        yield b"", b"", data[at:]


def _inflated(packed_text: bytes) -> str | None:
    try:
        return zlib.decompressobj().decompress(packed_text, _LONGEST).decode("utf-8", "replace")
    except zlib.error:
        return None


def _put_in_svg(data: bytes, text: str) -> bytes:
    start = data.index(b">", data.index(b"<svg")) + 1
    metadata = f'<metadata><manifest xmlns="{NAMESPACE}">{text}</manifest></metadata>'.encode()
    return _with_last_line(data[:start] + metadata + data[start:], b"<!-- sha256:%s -->")


def _put_in_html(data: bytes, text: str) -> bytes:
    script = f'<script type="application/json" id="manifest">{text}</script>'.encode()
    at = data.rindex(b"</body>") if b"</body>" in data else len(data)
    whole = data if _IN_HTML.search(data) else data[:at] + script + data[at:]
    return _with_last_line(whole, b"<!-- sha256:%s -->")


def _put_in_pdf(data: bytes, text: str) -> bytes:
    if _pdf_text(data) is None:
        writer = PdfWriter(io.BytesIO(data), incremental=True)
        writer.add_attachment(MEMBER, text.encode())
        out = io.BytesIO()
        writer.write(out)
        data = out.getvalue()
    return _with_last_line(data, b"%% sha256:%s")


def _with_last_line(data: bytes, line: bytes) -> bytes:
    whole = data.rstrip(b"\r\n")
    return whole + b"\n" + line % hashlib.sha256(whole).hexdigest().encode() + b"\n"


def _take_by(find: Callable[[bytes], str | None]) -> Callable[[bytes], Found]:
    def take(data: bytes) -> Found:
        match = _SEAL.search(data[-200:])
        body = data[: len(data) - len(match[0])] if match else data
        return Found(find(body), bool(match) and hashlib.sha256(body).hexdigest().encode() == match[1])  # type: ignore[index]

    return take


def _text_by(pattern: re.Pattern[bytes]) -> Callable[[bytes], str | None]:
    def find(data: bytes) -> str | None:
        match = pattern.search(data)
        return match[1].decode("utf-8", "replace") if match else None

    return find


def _pdf_text(data: bytes) -> str | None:
    try:
        attached = PdfReader(io.BytesIO(data)).attachments.get(MEMBER, [])
        return attached[0].decode("utf-8", "replace") if attached else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        expected, remedy = "a PDF that can be read", "Take the file as it was made."
        raise RefusedFileError(expected, f"a damaged one ({error})", remedy) from None


_PUT: dict[str, Callable[[bytes, str], bytes]] = {
    "pptx": _put_in_pptx,
    "zip": _put_in_zip,
    "png": _put_in_png,
    "svg": _put_in_svg,
    "html": _put_in_html,
    "pdf": _put_in_pdf,
}
_TAKE: dict[str, Callable[[bytes], Found]] = {
    "pptx": _take_from_pptx,
    "zip": _take_from_zip,
    "png": _take_from_png,
    "svg": _take_by(_text_by(_IN_XML)),
    "html": _take_by(_text_by(_IN_HTML)),
    "pdf": _take_by(_pdf_text),
}
