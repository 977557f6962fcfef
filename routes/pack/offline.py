"""The offline page: one HTML file that holds a story and the whole map, and asks nobody for anything.

It opens by double click from a USB stick. Its scripts are Leaflet's and those of the live map and stage, read as files
from `components/` (nothing of it is imported here) and allowed by their hashes; all data is in it as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from routes.basemap import basemap_data, province_lines
from routes.dataset import Dataset
from routes.mapdata import map_data
from routes.pack.explaining import explaining_data
from routes.pack.manifest import manifest_of
from routes.pack.sealing import sealed
from routes.picture.lettering import BOLD, ITALIC, SANS, SEMIBOLD, SERIF, Face
from routes.sharing import is_web_address
from routes.staging import story_data
from routes.stories import Story
from routes.text import visible
from routes.words import catalogue, date_words, say

FRONTEND = Path(__file__).parent.parent.parent / "components"
LEAFLET = Path(str(distribution("XStatic-Leaflet").locate_file("xstatic/pkg/leaflet/data")))

FACES = (SANS, SEMIBOLD, BOLD, ITALIC, SERIF)
_UNUSED_TABLES = ["GDEF", "BASE", "STAT", "DSIG", "fpgm", "prep", "cvt "]
_KEPT_FEATURES = ["kern", "tnum", "lnum"]

_AS_IT_IS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_ADDRESS_IN_STYLE = re.compile(r"url\((?!data:)[^)]*\)")


def offline_html(story: Story, dataset: Dataset, *, today: date, address: str = "") -> bytes:
    """The story and the map as one HTML file with its manifest and seal; `address` is where the live map is."""
    scripts = _scripts()
    data = {
        "story": story_data(story, dataset, today=today),
        "data": map_data(dataset, today=today),
        "basemap": basemap_data(dataset),
        "provinces": province_lines(dataset),
        "explaining": explaining_data(dataset, today=today),
        "offline": catalogue()["offline"],
    }
    inlined = {name: as_script_data(value) for name, value in data.items()}
    title = say("offline.title", story=story.title, site=say("site.title"))
    style = Markup(_fonts(_letters([title, *inlined.values()])) + _styles())
    page = _template().render(
        title=title,
        language=story.language,
        say=say,
        about=_about(dataset, today),
        address=address.rstrip("/") if is_web_address(address) else "",
        policy=_policy(scripts, style),
        style=style,
        data=inlined,
        scripts=[Markup(script) for script in scripts],
    )
    return sealed(page.encode("utf-8", "replace"), manifest_of(story, dataset, today))


def _about(dataset: Dataset, today: date) -> list[str]:
    made = say("pack.made", date=date_words(today), fingerprint=dataset.fingerprint)
    return [say("site.not_advice"), made, say("map.credit")]


def as_script_data(value: Any) -> Markup:
    """JSON that may stand in a script element: nothing in it can end the element or begin a comment.

    >>> as_script_data({"a": "</script><!--"})
    Markup('{"a":"\\\\u003c/script\\\\u003e\\\\u003c!--"}')
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_AS_IT_IS))


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(FRONTEND / "offline"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


@cache
def _scripts() -> tuple[str, ...]:
    """What runs, in order: Leaflet, the map, the stage, and what lets a reader explore."""
    leaflet = (LEAFLET / "leaflet.js").read_text(encoding="utf-8").rsplit("//# source", 1)[0]
    ours = (_joined(sorted((FRONTEND / folder).glob("*.js"))) for folder in ("frame", "stage", "offline"))
    scripts = (leaflet, *ours)
    assert not any(mark in script.lower() for script in scripts for mark in ("</script", "<!--"))
    return scripts


@cache
def _styles() -> str:
    """All style in order; Leaflet's pictures, which no part of the page uses, are left out."""
    paths = [LEAFLET / "leaflet.css", *(FRONTEND / name for name in ("frame/frame.css", "stage/stage.css"))]
    return _ADDRESS_IN_STYLE.sub("none", _joined([*paths, FRONTEND / "offline" / "offline.css"]))


def _joined(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _policy(scripts: Iterable[str], style: str) -> str:
    """What a browser may do with the page: run these scripts, and reach nothing."""
    rules = {
        "default-src": ["'none'"],
        "script-src": [_hash(script) for script in scripts],
        "style-src": [_hash(style)],
        "img-src": ["data:"],
        "font-src": ["data:"],
        "connect-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _letters(texts: Iterable[str]) -> frozenset[int]:
    """Every letter in the texts, in both cases, since some of them are shown in capitals."""
    text = "".join({letter for text in texts for letter in text})
    return frozenset(map(ord, text + text.upper() + text.lower() + "›‹→←↑↓…·+−" + "".join(map(chr, range(0x20, 0x7F)))))


@cache
def _fonts(letters: frozenset[int]) -> str:
    """The style rules of the page's typefaces, cut down to these letters."""
    return "\n".join(_font_rule(face, letters) for face in FACES) + "\n"


def _font_rule(face: Face, letters: frozenset[int]) -> str:
    name = face.family.removesuffix(" Pro")
    data = base64.b64encode(_cut(face, letters)).decode("ascii")
    look = f"font-weight: {face.weight}; font-style: {face.style};"
    return f'@font-face {{ font-family: "{name}"; {look} src: url(data:font/woff;base64,{data}) format("woff"); }}'


def _cut(face: Face, letters: frozenset[int]) -> bytes:
    with TTFont(face.path, lazy=True) as font:
        options = Options(hinting=False, drop_tables=_UNUSED_TABLES, layout_features=_KEPT_FEATURES)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()
