"""Stories under `data/stories/` (JSON): ordered chapters, each a whole view with the words told over it.

    Story       title, summary, audience, language, order, chapters
    └── Chapter     id, title, view, text, more, notes, figure, sources, leans, shows, content_note
        └── Figure      arrivals | timeline of a country | comparison of two dates

A chapter's view is the parameters of a link (docs/links.md), so restoring it restores all of it. What a chapter says
of the data is checked in `routes.story_checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from routes.dates import PartialDate, parse_as_of
from routes.located_json import LocatedJson, read_json, shown
from routes.problems import Problem
from routes.records import ID_PATTERN, STANCES, Citation, Stance

FigureKind = Literal["arrivals", "timeline", "compare"]
FIGURE_MEMBERS = {
    "arrivals": {"kind"},
    "timeline": {"kind", "country", "from", "to"},
    "compare": {"kind", "dates"},
}
VIEW_PARAMETERS = ("as_of", "sel", "layers", "filter", "map")
CHAPTER_TEXTS = ("title", "text", "more", "notes", "content_note")
"""The members of a chapter that people read."""

STORY_TEXTS = ("title", "summary", "audience")

UNWRITTEN = {
    "title": "Write a title.",
    "summary": "Write a summary.",
    "audience": "Write whom it is for.",
    "language": "Write its language, such as 'en'.",
    "text": "Write the text on the stage.",
    "country": "Choose a country.",
}
"""What to do where a text that is needed has yet to be written; to whoever writes that is no mistake."""


@dataclass(frozen=True)
class Figure:
    """What stands beside a chapter's words: a comparison is of the days `start` and `end`, a timeline goes between."""

    kind: FigureKind
    country: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One scene: a view, the words on the stage, and what carries them.

    `leans` are the records that carry its claims (`event:id`, `note:id`, `statistic:id`, `dispute:id`), `shows` the
    stances the words rely on, by feature id. `line` is where it begins in its file, 0 where it was read from none.
    """

    id: str
    title: str
    view: Mapping[str, str]
    text: str
    more: str = ""
    notes: str = ""
    figure: Figure | None = None
    sources: tuple[Citation, ...] = ()
    leans: tuple[str, ...] = ()
    shows: Mapping[str, Stance] = field(default_factory=dict)
    content_note: str = ""
    line: int = field(default=0, compare=False)

    @property
    def as_of(self) -> date:
        """The date of its view."""
        return parse_as_of(self.view["as_of"])


@dataclass(frozen=True, kw_only=True)
class Story:
    """A briefing: chapters in their order, for an audience, in one language (BCP 47)."""

    id: str
    title: str
    summary: str
    audience: str
    language: str
    order: int
    chapters: tuple[Chapter, ...]

    @property
    def file(self) -> str:
        """Its file, below the data folder."""
        return story_file(self.id)


def story_file(story_id: str) -> str:
    """The file of a story, below the data folder."""
    return f"stories/{story_id}.json"


def story_texts(story: Story) -> Iterator[tuple[str, str, str]]:
    """Every text of ours in a story, as (chapter id, member, text); the id of the head is ""."""
    yield from (("", name, getattr(story, name)) for name in STORY_TEXTS)
    for chapter in story.chapters:
        yield from ((chapter.id, name, getattr(chapter, name)) for name in CHAPTER_TEXTS)
        yield from ((chapter.id, "sources", citation.locator) for citation in chapter.sources)


def read_story(story_id: str, data: bytes) -> tuple[Story | None, list[Problem]]:
    """The story in the bytes of its file with its good chapters, and one problem for each fault.

    What is not a JSON object with chapters gives no story; a chapter with a fault is left out and the rest stands.
    """
    document = read_json(data, story_file(story_id))
    faults = _Faults(document)
    if not ID_PATTERN.fullmatch(story_id):
        faults.add("", "story-id", "a file name of small letters, digits and hyphens", story_id)
    value: Any = document.value if _can_be_written(document) else None
    if not isinstance(value, dict) or not isinstance(value.get("chapters"), list):
        if document.is_json:
            faults.add("", "story-chapters", "an object with a list 'chapters'", value)
        return None, faults.located()
    head = _Members(value, "", faults)
    texts = {name: head.take(name, _is_text, "a text") for name in STORY_TEXTS}
    language = head.take("language", _is_language, "a language such as 'en'")
    order = head.take("order", _is_whole_number, "a whole number", 99)
    head.refuse_others({*STORY_TEXTS, "language", "order", "chapters"})
    chapters = _read_chapters(value["chapters"], faults)
    if not chapters:
        faults.add("/chapters", "story-chapters", "at least one good chapter", value["chapters"])
        return None, faults.located()
    story = Story(id=story_id, **texts, language=language, order=order, chapters=tuple(chapters.values()))
    return story, faults.located()


def _can_be_written(document: LocatedJson) -> bool:
    """Whether every text of it is one: half a surrogate pair is none, and no page or file can hold it."""
    return not any(problem.rule == "json-surrogate" for problem in document.problems)


class _Faults:
    """Collects the problems of one file, with the line of each pointer."""

    def __init__(self, document: LocatedJson) -> None:
        self.document, self.problems = document, list(document.problems)

    def add(self, pointer: str, rule: str, expected: str, got: object) -> None:
        self.say(pointer, rule, f"Expected {expected}, got {shown(got)}.", "Correct it.")

    def say(self, pointer: str, rule: str, message: str, hint: str = "") -> None:
        self.problems.append(
            Problem(file=self.document.file, line=0, pointer=pointer, rule=rule, severity="error",
                    message=message, hint=hint)
        )  # fmt: skip

    def located(self) -> list[Problem]:
        """The problems with their lines, all looked up at once."""
        places = self.document.places(problem.pointer for problem in self.problems)
        return [
            replace(one, line=places[one.pointer].line) if not one.line and one.pointer in places else one
            for one in self.problems
        ]


@dataclass(frozen=True)
class _Members:
    """The members of the object at a pointer, each checked when it is taken."""

    values: Mapping[str, Any]
    at: str
    faults: _Faults

    def take(self, name: str, check: Callable[[Any], bool], expected: str, default: Any = None) -> Any:
        """A member that passes its check; `default` where it is absent or, with a problem added, wrong."""
        value = self.values.get(name)
        if name in self.values and check(value):
            return value
        if name in self.values or default is None:
            pointer = f"{self.at}/{name}" if name in self.values else self.at
            if name in UNWRITTEN and default is None and _is_unwritten(value):
                self.faults.say(pointer, "story-member", UNWRITTEN[name])
            else:
                self.faults.add(pointer, "story-member", f"{name} to be {expected}", value)
        return "" if default is None else default

    def refuse_others(self, known: set[str]) -> None:
        """A problem for each member that is not known: it would be lost on the stage."""
        for name in sorted(set(self.values) - known):
            self.faults.add(self.at, "story-member", f"only {', '.join(sorted(known))}", name)


def _read_chapters(items: list[Any], faults: _Faults) -> dict[str, Chapter]:
    chapters: dict[str, Chapter] = {}
    places = faults.document.places(f"/chapters/{n}" for n in range(len(items)))
    for n, item in enumerate(items):
        before = len(faults.problems)
        chapter = _read_chapter(item, f"/chapters/{n}", faults)
        if chapter and chapter.id in chapters:
            faults.add(f"/chapters/{n}/id", "story-chapter-id", "each id once in a story", chapter.id)
        if chapter and len(faults.problems) == before:
            place = places.get(f"/chapters/{n}")
            chapters[chapter.id] = replace(chapter, line=place.line if place else 0)
    return chapters


def _read_chapter(item: Any, at: str, faults: _Faults) -> Chapter | None:
    if not isinstance(item, dict):
        faults.add(at, "story-chapters", "a chapter to be an object", item)
        return None
    members = _Members(item, at, faults)
    required = {"id": members.take("id", _is_id, "small letters, digits and hyphens")}
    required |= {name: members.take(name, _is_text, "a text") for name in ("title", "text")}
    optional = {name: members.take(name, _is_text, "a text", "") for name in ("more", "notes", "content_note")}
    cited = members.take("sources", _are_texts, "a list of texts such as 'id @ place in it'", [])
    leans = members.take("leans", _are_texts, "a list of texts such as 'event:id'", [])
    expected = f"an object from feature ids to {', '.join(STANCES)}"
    shows = members.take("shows", _are_stances, expected, {})
    view = _read_view(members)
    figure = _read_figure(item["figure"], f"{at}/figure", faults) if "figure" in item else None
    members.refuse_others({"id", *CHAPTER_TEXTS, "view", "figure", "sources", "leans", "shows"})
    return Chapter(
        **required,
        **optional,
        view=MappingProxyType(view),
        figure=figure,
        sources=tuple(_cite(text) for text in cited),
        leans=tuple(leans),
        shows=MappingProxyType(shows),
    )


def _read_view(chapter: _Members) -> dict[str, str]:
    view: dict[str, str] = chapter.take("view", _are_named_texts, "an object of a link's parameters")
    if not view:
        return {}
    members = _Members(view, f"{chapter.at}/view", chapter.faults)
    members.take("as_of", _is_as_of, "a date such as 2014 or 2013-05-28")
    members.refuse_others(set(VIEW_PARAMETERS))
    return view


def _read_figure(item: Any, at: str, faults: _Faults) -> Figure | None:
    kind: Any = item.get("kind") if isinstance(item, dict) else None
    if kind not in tuple(FIGURE_MEMBERS):
        faults.add(at, "story-figure", f"a figure with a kind from {', '.join(FIGURE_MEMBERS)}", kind)
        return None
    members = _Members(item, at, faults)
    members.refuse_others(FIGURE_MEMBERS[kind])
    if kind == "arrivals":
        return Figure(kind)
    if kind == "compare":
        country, days = None, members.take("dates", _are_two_dates, "a list of two dates")
    else:
        country = members.take("country", _is_text, "a country's code")
        days = [members.take(name, _is_as_of, "a date such as 2014 or 2013-05-28") for name in ("from", "to")]
    if not days or not all(days):
        return None
    start = parse_as_of(days[0]) if kind == "compare" else PartialDate.parse(days[0]).first_day
    end = parse_as_of(days[1])
    if start >= end:
        faults.add(at, "story-figure", "the earlier date first", f"{start} and {end}")
    return Figure(kind, country, start, end)


def _cite(text: str) -> Citation:
    source, _, locator = text.partition("@")
    return Citation(source.strip(), locator.strip())


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_unwritten(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(ID_PATTERN.fullmatch(value))


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value))


def _is_whole_number(value: Any) -> bool:
    return type(value) is int


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_named_texts(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_text, value.values()))


def _are_stances(value: Any) -> bool:
    return isinstance(value, dict) and all(stance in STANCES for stance in value.values())


def _is_as_of(value: Any) -> bool:
    try:
        parse_as_of(value)
    except (ValueError, TypeError):
        return False
    return True


def _are_two_dates(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_as_of, value))
