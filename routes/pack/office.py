"""An office's own template, looked over before it is used: what could run, ask other hosts or break is refused."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

from defusedxml.ElementTree import fromstring
from pptx import Presentation
from pptx.exc import PythonPptxError

from routes.exchange.limits import MAX_BYTES, RefusedFileError, check_count, labelled
from routes.exchange.xml_checks import root_tag
from routes.exchange.zips import is_zip
from routes.pack.archives import packed, unpacked
from routes.pack.layouts import title_of

_TYPES = "[Content_Types].xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_TEMPLATE = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
_SHOW = b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
_ACTIVE = ("vbaproject", "activex", "oleobject", "embeddings/", "externallink", "webextension")
_REMEDY = "Save the template again without it."


def office_template(data: bytes, name: str) -> Any:
    """The presentation in a PPTX or POTX file, without its slides. Raises RefusedFileError."""
    label = labelled(name)
    try:
        check_count(len(data), MAX_BYTES, "bytes", "Take large pictures out of the template.")
        if not is_zip(data) or b"ppt/presentation.xml" not in data:
            raise RefusedFileError("a PowerPoint template (PPTX or POTX)", "something else", "Save it as PPTX.")
        members = unpacked(data)
        for path, content in members.items():
            _check(path, content)
        types = members.get(_TYPES, b"").replace(_TEMPLATE, _PLAIN).replace(_SHOW, _PLAIN)
        return _without_slides(_opened(packed({**members, _TYPES: types})))
    except RefusedFileError as error:
        error.file = label
        raise


def _check(path: str, content: bytes) -> None:
    low = path.lower()
    if any(sign in low for sign in _ACTIVE):
        raise RefusedFileError("a template without macros, controls or embedded files", path, _REMEDY)
    if low.endswith((".xml", ".rels")):
        root_tag(content)
    if low.endswith(".rels"):
        _check_links(path, content)


def _check_links(path: str, content: bytes) -> None:
    for link in fromstring(content):
        if link.get("TargetMode", "").lower() != "external":
            continue
        kind, target = link.get("Type", ""), link.get("Target", "")
        if not kind.endswith("/hyperlink") or urlsplit(target).scheme not in ("http", "https"):
            raise RefusedFileError("a template that fetches nothing from elsewhere", f"{target} in {path}", _REMEDY)


def _opened(data: bytes) -> Any:
    try:
        presentation = Presentation(io.BytesIO(data))
        layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
        has_title = any(title_of(layout) is not None for layout in layouts)
    except (PythonPptxError, LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
        got = f"one that cannot be opened ({type(error).__name__})"
        raise RefusedFileError("a whole PowerPoint template", got, "Save it again in PowerPoint.") from None
    if not has_title or not presentation.slide_width or not presentation.slide_height:
        raise RefusedFileError("a template with a layout that has a title", "none", "Add one in the slide master.")
    return presentation


def _without_slides(presentation: Any) -> Any:
    listed = presentation.slides._sldIdLst
    for one in list(listed):
        presentation.part.drop_rel(one.rId)
        listed.remove(one)
    sections = presentation.part._element.xpath("//*[local-name()='sectionLst']/ancestor::*[local-name()='ext'][1]")
    for section in sections:  # they name slides that are gone
        section.getparent().remove(section)
    return presentation
