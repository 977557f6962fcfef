"""The handout: a story as a PDF for paper and for screens, typeset by Typst from `handout.typ`.

    Story, Dataset ──> data of the template ──> handout.typ ──> PDF/UA-1 (tagged, for screen readers)

The template gets data, never markup; the compiler reads no file and no font but what it is given here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from urllib.parse import quote

import typst

from routes.citations import Listed, plain, short_name
from routes.dataset import Dataset
from routes.pack.handout_figures import figure_citations, figure_data, numbers_of
from routes.pack.manifest import manifest_of
from routes.pack.printable import Verbatim, legible, printable_svg, printed
from routes.pack.views import chapter_view, compared_views
from routes.picture import Parts, palette, picture_svg, picture_words
from routes.picture.lettering import SANS, SERIF
from routes.picture.saying import date_sentence
from routes.records import NOT_STATED, STANCES, Citation, Dispute, Source
from routes.sharing import is_web_address, link_of, qr_svg, short_link
from routes.staging import explore_params
from routes.stance import stance_at
from routes.stories import Chapter, Story
from routes.story_checks import story_sources
from routes.view import View
from routes.words import date_words, say

Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, str] = {"a4": "a4", "letter": "us-letter"}
TEMPLATE = Path(__file__).with_name("handout.typ")

MAP_WIDTH = 1000
MAP_HEIGHTS: dict[Paper, dict[str | None, int]] = {
    "a4": {None: 740, "arrivals": 540, "timeline": 540, "compare": 480},
    "letter": {None: 640, "arrivals": 460, "timeline": 460, "compare": 360},
}
"""The pixels of a chapter's map, by the kind of figure that shares its page."""

SIDE_SIZE = (480, 300)
"""The pixels of each of the two maps of a comparison."""

TYPE_SCALE = 1.3
"""So much larger than on a screen the maps' type has to be to be read on paper."""

ADDRESS_MARKS = "%/:=&?~#+!$,;'@()*[]"
"""What stays as it is in an address; everything else is a letter, a digit or written out."""

WORDS = (
    "kicker", "contents", "key", "key_note", "sources", "view", "timeline_date", "timeline_event",
    "timeline_certainty", "unknown", "unknown_lead", "shown", "why", "bibliography", "bibliography_lead", "method",
    "method_text", "method_check", "licence", "licence_text",
)  # fmt: skip
"""The template's own words."""


def handout_pdf(story: Story, dataset: Dataset, *, paper: Paper, today: date, address: str) -> bytes:
    """The story as a tagged PDF: a cover, a page for each chapter, what is not known, bibliography and method.

    `address` is that of the server whose views the links and QR codes open; without one there are none. The facts are
    attached as `manifest.json`, to which `routes.pack.sealing` adds its seal. The same input gives the same bytes.
    """
    contents = printed(_Handout(story, dataset, today, address, paper).contents())
    inputs = {
        "data": json.dumps(contents, ensure_ascii=False),
        "manifest": manifest_of(story, dataset, today).as_json(),
    }
    fonts = typst.Fonts(False, False, [str(face.path.parent) for face in (SANS, SERIF)])
    with TemporaryDirectory() as nothing:
        compiler = typst.Compiler(
            TEMPLATE.read_bytes(),
            root=nothing,
            package_path=nothing,
            package_cache_path=nothing,
            font_paths=fonts,
            sys_inputs=inputs,
        )
        made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=datetime.combine(today, time(), UTC))
    assert isinstance(made, bytes)
    return made


@dataclass(frozen=True)
class _Handout:
    """What stands in a handout, as values of JSON."""

    story: Story
    dataset: Dataset
    today: date
    address: str
    paper: Paper

    def contents(self) -> dict[str, Any]:
        """Everything the template shows."""
        note, fingerprint = say("site.not_advice"), self.dataset.fingerprint
        day = date_words(self.today)
        language, region = _language(self.story.language)
        return {
            "paper": PAPERS[self.paper],
            "language": language,
            "region": region,
            "document": {
                "title": _as_it_is(self.story.title),
                "author": _as_it_is(say("handout.author")),
                "about": _as_it_is(
                    say("handout.about", title=self.story.title, date=day, fingerprint=fingerprint, note=note)
                ),
                "keywords": [
                    _as_it_is(f"data-version:{fingerprint}"),
                    _as_it_is(f"date:{self.today.isoformat()}"),
                    _as_it_is(f"story:{self.story.id}"),
                ],
            },
            "title": self.story.title,
            "summary": self.story.summary,
            "site": say("site.title"),
            "note": note,
            "footer": say("handout.footer", site=say("site.title"), fingerprint=fingerprint, date=day),
            "facts": [
                (say("handout.audience"), self.story.audience),
                (say("handout.date"), day),
                (say("handout.version"), fingerprint),
                *([(say("handout.address"), self.address)] if is_web_address(self.address) else []),
            ],
            "key": [_key_row(stance) for stance in STANCES],
            "chapters": [self._chapter(n, chapter) for n, chapter in enumerate(self.story.chapters, 1)],
            "disputes": [self._dispute(dispute) for dispute in self._disputes],
            "bibliography": [self._entry(self.dataset.sources[name]) for name in self._numbers],
            "words": {name: say(f"handout.{name}") for name in WORDS},
        }

    @cached_property
    def _disputes(self) -> tuple[Dispute, ...]:
        """The disputes the story leans on, in the order of first use."""
        names = dict.fromkeys(
            reference.removeprefix("dispute:")
            for chapter in self.story.chapters
            for reference in chapter.leans
            if reference.startswith("dispute:")
        )
        return tuple(self.dataset.disputes[name] for name in names if name in self.dataset.disputes)

    @cached_property
    def _citations(self) -> list[Citation]:
        """Every citation in the handout: of chapters, then of figures, then of disputes."""
        found = [citation for chapter in self.story.chapters for citation in chapter.sources]
        found += [one for chapter in self.story.chapters for one in figure_citations(chapter, self.dataset)]
        claims = (claim for dispute in self._disputes for claim in self.dataset.claims_of(dispute.id))
        return found + [citation for claim in claims for citation in claim.sources]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each source: those of `story_sources`, and on from there what only figures or claims cite."""
        first = [source.id for source in story_sources(self.story, self.dataset)]
        others = [citation.source for citation in self._citations if citation.source in self.dataset.sources]
        return {name: n for n, name in enumerate(dict.fromkeys([*first, *others]), 1)}

    def _chapter(self, n: int, chapter: Chapter) -> dict[str, Any]:
        kind = chapter.figure.kind if chapter.figure else None
        size = (MAP_WIDTH, MAP_HEIGHTS[self.paper][kind])
        view = chapter_view(chapter, self.dataset, today=self.today)
        picture, pins = self._pinned_map(chapter, view, size)
        figure = figure_data(chapter, self.dataset, self._numbers)
        if figure and kind == "compare":
            figure["maps"] = self._compared(chapter)
        return {
            "kicker": say("handout.chapter", n=n, of=len(self.story.chapters)),
            "title": chapter.title,
            "when": date_sentence(chapter.as_of, self.today),
            "content_note": chapter.content_note,
            "text": chapter.text,
            "more": chapter.more,
            "map": picture,
            "map_note": say("handout.map", date=date_sentence(chapter.as_of, self.today), credit=say("map.credit")),
            "pins": pins,
            "figure": figure,
            "numbers": numbers_of(chapter.sources, self._numbers),
            "notes": self._notes(chapter.sources),
            "links": self._links(chapter) if is_web_address(self.address) else None,
        }

    def _links(self, chapter: Chapter) -> dict[str, Any]:
        """The way to the live map: the whole link as a QR code, a short one to type."""
        link = _encoded(link_of(explore_params(chapter, self.dataset, today=self.today), self.address))
        short = _encoded(short_link(self.story.id, chapter.id, self.address))
        return {
            "link": Verbatim(link),
            "short": Verbatim(short),
            "short_text": short.removeprefix("https://"),
            "qr": {"svg": Verbatim(qr_svg(link)), "alt": say("handout.qr")},
        }

    def _pinned_map(self, chapter: Chapter, view: View, size: tuple[int, int]) -> tuple[dict[str, Any], list[Any]]:
        """The chapter's map, and a legend row for each of its pins; one that lies outside the map says so."""
        features = [self.dataset.features[name] for name in chapter.shows if name in self.dataset.features]
        pins = [(n, feature.id) for n, feature in enumerate(features, 1)]
        picture = self._map(view, size, pins)
        drawn = set(re.findall(r">(\d+)</text>", picture["svg"]))
        rows = []
        for n, feature in enumerate(features, 1):
            stance = stance_at(self.dataset.spells.get(feature.id, ()), chapter.as_of).stance
            text = say("handout.pin", name=feature.name, stance=say(f"stance.word.{stance}"))
            rows.append({"n": n, "text": text, "outside": "" if str(n) in drawn else say("handout.outside")})
        return picture, rows

    def _compared(self, chapter: Chapter) -> list[dict[str, Any]]:
        """The same map at the two days of the chapter's comparison."""
        views = compared_views(chapter, self.dataset, today=self.today)
        return [self._map(view, SIDE_SIZE, legend=False) for view in views]

    def _map(
        self, view: View, size: tuple[int, int], pins: Iterable[tuple[int, str]] = (), *, legend: bool = True
    ) -> dict[str, Any]:
        """A map without highlights: a thick line loses its dashes, which have to be read without colour."""
        parts = Parts(
            legend=legend, date=False, note=False, credits=False, highlight=False, fonts=False, type_scale=TYPE_SCALE
        )  # fmt: skip
        svg = picture_svg(self.dataset, view, size=size, today=self.today, parts=parts, pins=tuple(pins))
        words = picture_words(self.dataset, replace(view, selection=None), self.today)
        return {"svg": printable_svg(svg), "alt": words}

    def _notes(self, citations: Iterable[Citation]) -> list[dict[str, Any]]:
        """A footnote for each source cited, with every place in it, by number."""
        places = _places(citations)
        cited = sorted((name for name in places if name in self._numbers), key=self._numbers.__getitem__)
        names = {name: short_name(self.dataset.sources[name]) for name in cited}
        return [{"n": self._numbers[name], "text": ", ".join([names[name], *places[name]])} for name in cited]

    def _dispute(self, dispute: Dispute) -> dict[str, Any]:
        claims = self.dataset.claims_of(dispute.id)
        return {
            "title": dispute.title,
            "claims": [{"text": one.claim, "numbers": numbers_of(one.sources, self._numbers)} for one in claims],
            "shown": dispute.shown,
            "why": dispute.why,
        }

    def _entry(self, source: Source) -> dict[str, Any]:
        """A work of the bibliography: what it states, where it was used, and its address."""
        places = _places(self._citations)[source.id]
        address = _encoded(Listed(source, 0).fields()["address"])
        return {
            "n": self._numbers[source.id],
            "text": plain(_legible_source(source)),
            "places": say("handout.place", places="; ".join(places)) if places else "",
            "link": Verbatim(address),
            "address": address,
        }


def _legible_source(source: Source) -> Source:
    """The source with what it states made legible part by part, and without its address."""
    return replace(
        source,
        author=legible(source.author),
        title=legible(source.title),
        publisher=legible(source.publisher),
        date=legible(source.date),
        address=NOT_STATED,
    )


def _as_it_is(text: str) -> Verbatim:
    """A text for the file's head, where a soft break would stand as a letter."""
    return Verbatim(legible(text))


def _encoded(address: str) -> str:
    """An address in the letters that every reader of a PDF can type, and that the fonts have."""
    return quote(address, safe=ADDRESS_MARKS, errors="replace")


def _places(citations: Iterable[Citation]) -> dict[str, list[str]]:
    """The places in each source, each once, in the order met."""
    found: dict[str, dict[str, None]] = {}
    for citation in citations:
        places = found.setdefault(citation.source, {})
        if citation.locator:
            places[citation.locator] = None
    return {name: list(places) for name, places in found.items()}


def _key_row(stance: str) -> dict[str, Any]:
    """A stance's line as the template draws it, its word, and what it means."""
    return {
        "colour": palette.STANCE[stance],
        "dash": list(palette.DASH[stance]),
        "round": stance in palette.ROUND,
        "word": say(f"stance.word.{stance}"),
        "phrase": say(f"stance.phrase.{stance}"),
    }


def _language(tag: str) -> tuple[str, str | None]:
    """Language and region of a tag such as `en-GB`, as Typst wants them; English where it is none."""
    match = re.fullmatch(r"([a-z]{2,3})(?:-([A-Z]{2}))?", tag)
    return (match[1], match[2]) if match else ("en", None)
