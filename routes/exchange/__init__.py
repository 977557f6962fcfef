"""Files that come in and go out: GeoJSON, GeoPackage, KML, KMZ, GPX, Shapefile, CSV and XLSX.

    read_upload(bytes, name)  ->  Upload         its parts (layers, folders, sheets), read in a process of its own
    guess_mapping(part, target)                  which column is which field
    mapped(part, target, mapping, defaults)      records in our shape
    joined(existing, incoming)  ->  Document     updated and added to, never taken from
    read_story_file(bytes, name)  ->  Document  a story, whole, from its own JSON
    export(document, document_id, format)  ->  bytes

Every refusal is a RefusedFileError. What is read is not yet checked or generalised: `routes.desk` does that.
"""

from routes.exchange.formats import FORMATS, Format, formats_for
from routes.exchange.limits import MAX_BYTES, RefusedFileError
from routes.exchange.mapping import Incoming, fields_for, guess_mapping, joined, mapped
from routes.exchange.reading import read_upload
from routes.exchange.stories import is_story_file, read_story_file
from routes.exchange.uploads import Item, Part, Upload
from routes.exchange.writing import export

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Format",
    "Incoming",
    "Item",
    "Part",
    "RefusedFileError",
    "Upload",
    "export",
    "fields_for",
    "formats_for",
    "guess_mapping",
    "is_story_file",
    "joined",
    "mapped",
    "read_story_file",
    "read_upload",
]
