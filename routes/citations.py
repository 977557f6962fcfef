"""One bibliography: every source, and any view of the dashboard, as BibTeX, CSL-JSON, RIS and plain text.

Formats: BibTeX with the biblatex fields `url`, `urldate` and `langid`; CSL-JSON 1.0.2; RIS of 2011. What a source does
not state is left out, never written as "not stated". The escaping is our own: it is one table, and no library that
we found writes all three.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from routes.dataset import Dataset
from routes.dates import PartialDate
from routes.records import NOT_STATED, Citation, Source
from routes.text import folded, visible
from routes.words import as_of_words, date_words, say

_BIBTEX_TYPES = {"article": "article", "report": "techreport", "book": "book"}
_BIBTEX_PUBLISHERS = {"article": "journal", "report": "institution", "book": "publisher"}
_CSL_TYPES = {
    "article": "article-newspaper",
    "report": "report",
    "law": "legislation",
    "treaty": "treaty",
    "statement": "document",
    "dataset": "dataset",
    "cable": "document",
    "book": "book",
    "web": "webpage",
    "encyclopedia": "entry-encyclopedia",
}
_RIS_TYPES = {
    "article": "NEWS",
    "report": "RPRT",
    "law": "STAT",
    "dataset": "DATA",
    "book": "BOOK",
    "web": "ELEC",
    "encyclopedia": "ENCYC",
}
_BIBTEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces even after a backslash, so an escaped brace must not be one.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "&%$#_"},
    }
)
_BRACKETED = re.compile(r"\A[(\[](.*)[)\]]\Z")
_INNER_QUOTES = str.maketrans("“”", "‘’")
_OPENING_QUOTE = re.compile(r'(?<![^\s(\[‘“/—–-])"')
_ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", " ": "%20", "\n": "", "\r": ""})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is cited, with "not stated" already gone: the common ground of all formats."""

    key: str
    kind: str
    author: str
    title: str
    publisher: str
    issued: str
    address: str
    accessed: date | None
    language: str
    note: str

    @property
    def issued_parts(self) -> list[int]:
        """[year, month, day] as far as they are known."""
        try:
            when = PartialDate.parse(self.issued)
        except ValueError:
            return []
        return [part for part in (when.year, when.month, when.day) if part]

    @property
    def issued_words(self) -> str:
        """The date as it is said, or as the source has it where it is no date."""
        return date_words(PartialDate.parse(self.issued)) if self.issued_parts else self.issued


@dataclass(frozen=True)
class Mention:
    """A source named in passing: its id, a short name and the place in it."""

    source: str
    label: str
    locator: str


def entry_of(source: Source) -> Entry:
    """The source as an entry of the bibliography."""
    return Entry(
        key=source.id,
        kind=source.kind,
        author=_stated(source.author),
        title=_stated(source.title),
        publisher=_stated(source.publisher),
        issued=_stated(source.date),
        address=_stated(source.address),
        accessed=source.read_on.last_day if source.read_on.precision == "day" else None,
        language=source.language,
        note=source.note or "",
    )


def bibtex(sources: Iterable[Source]) -> str:
    """The sources as a BibTeX file."""
    return "\n".join(_bibtex(entry_of(source)) for source in sources)


def csl_json(sources: Iterable[Source]) -> str:
    """The sources as a CSL-JSON array."""
    return _as_json([_csl(entry_of(source)) for source in sources])


def ris(sources: Iterable[Source]) -> str:
    """The sources as a RIS file, with the line ends RIS asks for."""
    return "".join(_ris(entry_of(source)) for source in sources)


def plain(source: Source) -> str:
    """The source as one line: author, title, publisher, date, address."""
    return _plain(entry_of(source))


def short_name(source: Source) -> str:
    """The source in a few words: who, and the year where it is stated ("NK News, 2018").

    It is in Latin letters, for a room that reads no others: the publisher stands for an author who has none.
    """
    entry = entry_of(source)
    who = _in_latin(entry.author) or _in_latin(entry.publisher) or _in_latin(entry.title) or entry.key
    return _line(f"{who}, {entry.issued_parts[0]}" if entry.issued_parts else who)


def _in_latin(name: str) -> str:
    """The words of a name that are in Latin letters.

    >>> _in_latin("연합뉴스 (Yonhap)"), _in_latin("Radio Free Asia (Korean)"), _in_latin("남빛나라")
    ('Yonhap', 'Radio Free Asia (Korean)', '')
    """
    words = name.split()
    kept = [word for word in words if not any(sign.isalpha() and not _is_latin(sign) for sign in word)]
    text = " ".join(kept)
    if len(kept) < len(words):
        text = _BRACKETED.sub(r"\1", text)
    return text if any(map(_is_latin, text)) else ""


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN ")


def cite_view(title: str, address: str, as_of: date, today: date, fingerprint: str) -> dict[str, str]:
    """How to cite one view of the dashboard: `plain text`, `BibTeX`, `RIS` and `CSL-JSON`, each ready to paste."""
    entry = Entry(
        key=f"closing-door-{as_of.isoformat()}",
        kind="web",
        author=say("citation.author"),
        title=say("citation.view", title=title, date=as_of_words(as_of)),
        publisher=say("site.title"),
        issued=today.isoformat(),
        address=address,
        accessed=today,
        language="en",
        note=say("citation.version", fingerprint=fingerprint),
    )
    return {
        "plain text": f"{_plain(entry)} {say('citation.accessed', date=date_words(today))} {entry.note}",
        "BibTeX": _bibtex(entry),
        "RIS": _ris(entry),
        "CSL-JSON": _as_json([_csl(entry)]),
    }


@dataclass(frozen=True)
class Listed:
    """A source as a list shows it: what it states, and how many records lean on it."""

    source: Source
    used: int

    @property
    def publisher(self) -> str:
        """The publisher, or nothing where it is not stated."""
        return _stated(self.source.publisher)

    def fields(self) -> dict[str, Any]:
        """What to print, with nothing where the source does not say; an address only if it is http or https."""
        entry = entry_of(self.source)
        address = entry.address if entry.address.startswith(("http://", "https://")) else ""
        return {
            "source": self.source,
            "used": self.used,
            "title": entry.title,
            "author": entry.author,
            "publisher": entry.publisher,
            "date": entry.issued_words,
            "address": address,
        }


def find_sources(dataset: Dataset, query: str = "", *, order: str = "publisher") -> list[Listed]:
    """The sources that hold every word of `query` somewhere, in one of the `ORDERS`."""
    words = folded(query).split()
    counts = cited_by(dataset)
    found = [Listed(source, counts[source.id]) for source in dataset.sources.values() if _holds(source, words)]
    return sorted(found, key=_ORDER_KEYS[order])


def _holds(source: Source, words: list[str]) -> bool:
    text = folded(" ".join([source.id, source.author, source.title, source.publisher, source.date, source.note or ""]))
    return all(word in text for word in words)


def _by_publisher(row: Listed) -> tuple[bool, str, str]:
    return not row.publisher, folded(row.publisher), row.source.date


def _newest_first(row: Listed) -> tuple[int, str]:
    numbers = [*entry_of(row.source).issued_parts, 0, 0, 0][:3]
    return -(numbers[0] * 10_000 + numbers[1] * 100 + numbers[2]), row.source.id


def _most_used_first(row: Listed) -> tuple[int, str]:
    return -row.used, row.source.id


_ORDER_KEYS: dict[str, Callable[[Listed], Any]] = {
    "publisher": _by_publisher,
    "date": _newest_first,
    "used": _most_used_first,
}
ORDERS = tuple(_ORDER_KEYS)


def cited_by(dataset: Dataset) -> Mapping[str, int]:
    """How many records lean on each source, by source id; sources nobody cites are in it with 0."""
    counts = dict.fromkeys(dataset.sources, 0)
    for record in _citing(dataset):
        for source in {citation.source for citation in record.sources}:
            counts[source] = counts.get(source, 0) + 1
    return counts


def _citing(dataset: Dataset) -> Iterable[Any]:
    yield from dataset.countries.values()
    yield from dataset.policy_events.values()
    yield from dataset.risk_notes.values()
    yield from dataset.statistics.values()
    yield from dataset.dispute_claims.values()
    yield from dataset.glossary.values()
    yield from dataset.features.values()


def citations_behind(dataset: Dataset, references: Iterable[str]) -> tuple[Citation, ...]:
    """The citations of the records that `references` (`event:id`, `note:id`, `statistic:id`, `dispute:id`) name.

    Each source comes once, in the order met; a reference that points nowhere adds nothing.
    """
    found: dict[str, Citation] = {}
    for reference in references:
        for record in records_named(dataset, reference):
            for citation in record.sources:
                found.setdefault(citation.source, citation)
    return tuple(found.values())


def records_named(dataset: Dataset, reference: str) -> tuple[Any, ...]:
    """The records with sources that a reference such as `event:la-nine-returned-2013` names; empty where none is."""
    kind, _, name = reference.partition(":")
    if kind == "dispute":
        return dataset.claims_of(name)
    tables: dict[str, Mapping[str, Any]] = {
        "event": dataset.policy_events,
        "note": dataset.risk_notes,
        "statistic": dataset.statistics,
    }
    record = tables.get(kind, {}).get(name)
    return (record,) if record else ()


def mentions(dataset: Dataset, citations: Iterable[Citation]) -> list[Mention]:
    """The citations as short names to show in a line."""
    return [
        Mention(citation.source, short_name(dataset.sources[citation.source]), citation.locator)
        for citation in citations
        if citation.source in dataset.sources
    ]


def _stated(text: str) -> str:
    """What a source states; of "not stated [Arrests in Bangkok]", our own description in its brackets."""
    text = text.strip()
    return text.removeprefix(NOT_STATED).strip() if text == NOT_STATED or text.startswith(f"{NOT_STATED} [") else text


def _line(text: str) -> str:
    """`text` on one line with nothing hidden in it."""
    return visible(" ".join(text.split()))


def _as_json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2)


def _bibtex(entry: Entry) -> str:
    parts = entry.issued_parts
    publisher = _BIBTEX_PUBLISHERS.get(entry.kind, "howpublished")
    fields = {
        "author": f"{{{_escaped(entry.author)}}}" if entry.author else "",
        "title": f"{{{_escaped(entry.title)}}}" if entry.title else "",
        publisher: _escaped(entry.publisher),
        "year": str(parts[0]) if parts else "",
        "month": str(parts[1]) if len(parts) > 1 else "",
        "day": str(parts[2]) if len(parts) > 2 else "",
        "url": _line(entry.address.translate(_ADDRESS_ESCAPES)),
        "urldate": entry.accessed.isoformat() if entry.accessed and entry.address else "",
        "language": _escaped(entry.language),
        "note": _escaped(entry.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{_BIBTEX_TYPES.get(entry.kind, 'misc')}{{{entry.key},", *lines, "}", ""])


def _escaped(text: str) -> str:
    return _line(text).translate(_BIBTEX_ESCAPES)


def _csl(entry: Entry) -> dict[str, Any]:
    in_container = entry.kind in ("article", "web", "encyclopedia")
    item = {
        "id": entry.key,
        "type": _CSL_TYPES[entry.kind],
        "author": [{"literal": _line(entry.author)}] if entry.author else None,
        "title": _line(entry.title),
        "container-title" if in_container else "publisher": _line(entry.publisher),
        "issued": _csl_date(entry),
        "accessed": {"date-parts": [[*entry.accessed.timetuple()[:3]]]} if entry.accessed else None,
        "URL": _line(entry.address),
        "language": _line(entry.language),
        "note": _line(entry.note),
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(entry: Entry) -> dict[str, Any] | None:
    if entry.issued_parts:
        return {"date-parts": [entry.issued_parts]}
    return {"literal": _line(entry.issued)} if entry.issued else None


def _ris(entry: Entry) -> str:
    parts = [f"{part:02}" for part in entry.issued_parts]
    lines = [
        ("TY", _RIS_TYPES.get(entry.kind, "GEN")),
        ("ID", entry.key),
        ("AU", entry.author),
        ("TI", entry.title),
        ("T2" if entry.kind == "article" else "PB", entry.publisher),
        ("PY", f"{entry.issued_parts[0]:04}" if parts else ""),
        ("DA", "/".join([*parts, "", "", ""][:4]) if parts else entry.issued),
        ("UR", entry.address),
        ("Y2", entry.accessed.strftime("%Y/%m/%d/") if entry.accessed and entry.address else ""),
        ("LA", entry.language),
        ("N1", entry.note),
    ]
    written = [f"{tag}  - {_line(value)}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""]) + "\r\n"


def _plain(entry: Entry) -> str:
    title = f"“{_quoted_within(_line(entry.title))}”" if entry.title else ""
    where = ", ".join(_line(part) for part in (entry.publisher, entry.issued_words) if part)
    sentences = [part.rstrip(".") + "." for part in (_line(entry.author), title, where) if part]
    return " ".join([*sentences, _line(entry.address)]).strip()


def _quoted_within(text: str) -> str:
    """`text` as it stands in double quotes: its own are single.

    >>> _quoted_within('“Beyond Utopia”: a "film" review')
    '‘Beyond Utopia’: a ‘film’ review'
    """
    return _OPENING_QUOTE.sub("‘", text.translate(_INNER_QUOTES)).replace('"', "’")
