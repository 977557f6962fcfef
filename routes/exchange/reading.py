"""Read an uploaded file in a process of its own, so that no file can hold up or bring down the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from routes.exchange.limits import MAX_BYTES, MEMORY, SECONDS, RefusedFileError, check_count, labelled
from routes.exchange.uploads import Upload

_ROOT = Path(__file__).parent.parent.parent
_NOWHERE = "http://127.0.0.1:9"
_SKIPPED = (
    "PCIDSK", "PDS4", "VICAR", "PDF", "MBTiles", "EEDA", "OGCAPI", "GDALG", "MapInfo File", "LVBAG", "S57", "DGN",
    "OGR_VRT", "CSV", "GML", "GPX", "LIBKML", "KML", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "OGR_GMT",
    "SQLite", "WAsP", "OpenFileGDB", "DXF", "FlatGeobuf", "GeoRSS", "VFK", "PGDUMP", "OSM", "GPSBabel", "OGR_PDS",
    "WFS", "OAPIF", "EDIGEO", "Idrisi", "ODS", "XLSX", "Elasticsearch", "Carto", "AmigoCloud", "SXF", "Selafin", "JML",
    "PLSCENES", "CSW", "VDV", "MVT", "NGW", "MapML", "GTFS", "PMTiles", "JSONFG", "MiraMonVector", "ADBC", "AVCBin",
    "AVCE00", "AIVector", "HTTP",
)  # fmt: skip
"""GDAL's readers that are taken out; a test tells when a new version of GDAL brings others."""

ENVIRONMENT = {
    "GDAL_SKIP": ",".join(_SKIPPED),
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "http_proxy": _NOWHERE,
    "https_proxy": _NOWHERE,
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""All that the process knows of this machine."""


def read_upload(data: bytes, name: str) -> Upload:
    """What a file holds, its format told from its content; `name` is a label for messages.

    Nothing is fetched and nothing written. Raises RefusedFileError within `SECONDS` and a little for starting.
    """
    label = labelled(name)
    try:
        check_count(len(data), MAX_BYTES, "bytes", "Upload only the layer that is needed.")
        if not data.strip():
            raise RefusedFileError("a file with something in it", "an empty one", "Save it again.")
        answer = _answer(data, label)
        if "upload" not in answer:
            expected, got, remedy = answer["refused"]
            raise RefusedFileError(expected, got, remedy)
    except RefusedFileError as error:
        error.file = label
        raise
    return Upload.from_json(answer["upload"])


def _answer(data: bytes, label: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "routes.exchange.apart", label]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, cwd=_ROOT, env=ENVIRONMENT, timeout=SECONDS + 10, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        expected = f"a file that can be read within {SECONDS} seconds and {MEMORY // 2**20:,} MiB of memory"
        raise RefusedFileError(expected, "one that cannot", "Split it, or save it in another format.") from None
    return answer
