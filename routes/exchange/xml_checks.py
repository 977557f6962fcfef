"""The first look at any XML, at the speed of the C parser and before anything else sees it."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from routes.exchange.limits import RefusedFileError


def root_tag(data: bytes) -> str:
    """The name of the outermost element (`kml`, `gpx`), without its namespace.

    Raises RefusedFileError where the whole is not well-formed XML, and for a document type, the only place where
    entities and references to other files can be made.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    found: list[str] = []

    def keep(name: str, _attributes: Any) -> None:
        found.append(name.rpartition("}")[2])
        parser.StartElementHandler = None

    parser.StartElementHandler = keep
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        remedy = "Save it again from the program that made it."
        raise RefusedFileError("well-formed XML", str(error), remedy) from None
    return found[0]


def _refuse(*_declared: object) -> None:
    raise RefusedFileError("XML without a document type or entities", "one with them", "Save it again without.")
