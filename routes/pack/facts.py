"""The facts that a handed-out file states, each by a key that the data can be asked for again.

stance:la-transit@2014-12-31    event:la-nine-returned-2013    note:la-note-2024    statistic:arr-kr-2013
dispute:laos-after-2013         source:nknews-2018             chapter:laos-2013/nine
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from routes.dataset import Dataset
from routes.figures import timeline_events
from routes.mapdata import ARRIVALS
from routes.pack.views import chapter_view, compared_views
from routes.picture.framing import saved_frame
from routes.picture.svg import Box
from routes.picture.ways import seen, shown_features
from routes.records import PolicyEvent, Statistic
from routes.stance import stance_at
from routes.stories import Chapter, Story
from routes.view import View, read_view
from routes.words import as_of_words, number_words, period_words, say, span_words

WIDEST_FRAME = Box(0, 0, 1920, 1080)


@dataclass(frozen=True)
class Fact:
    """What a file states: `name` is what it is about, `says` what it says of that, by member."""

    name: str
    says: Mapping[str, str]


def fact_of(dataset: Dataset, key: str) -> Fact | None:
    """The fact as the data has it now; None where the data has no such thing."""
    kind, _, name = key.partition(":")
    read = _READERS.get(kind)
    return read(dataset, name) if read else None


def facts_of(dataset: Dataset, keys: Iterable[str]) -> dict[str, Fact]:
    """The facts by key, each once; keys of what the data does not have are left out."""
    found = ((key, fact_of(dataset, key)) for key in dict.fromkeys(keys))
    return {key: fact for key, fact in found if fact}


def chapter_keys(story: Story, chapter: Chapter, dataset: Dataset, today: date) -> list[str]:
    """The keys of everything a chapter states: its words, its maps, what it leans on, its figure, its sources."""
    on_stage, _ = read_view(chapter.view, dataset, today=today)
    views = (on_stage, chapter_view(chapter, dataset, today=today), *compared_views(chapter, dataset, today=today))
    keys = [f"chapter:{story.id}/{chapter.id}", *(key for view in views for key in view_keys(dataset, view))]
    keys += [f"stance:{feature}@{chapter.as_of}" for feature in chapter.shows]
    keys += [*chapter.leans, *_figure_keys(chapter, dataset)]
    return list(dict.fromkeys([*keys, *(f"source:{citation.source}" for citation in chapter.sources)]))


def view_keys(dataset: Dataset, view: View) -> list[str]:
    """The keys of the stances that a picture of the view shows."""
    shown = shown_features(dataset, view)
    if view.position:
        shown = seen(shown, saved_frame(view.position, WIDEST_FRAME, 1.0))
    return [f"stance:{item.feature.id}@{view.as_of}" for item in shown if item.feature.effect_scopes]


def arrivals_up_to(dataset: Dataset, as_of: date) -> list[Statistic]:
    """The yearly arrivals that are whole by the date, oldest first."""
    found = dataset.statistics_of(ARRIVALS)
    return [one for one in found if one.period.is_one_year and one.period.end.last_day <= as_of]


def _figure_keys(chapter: Chapter, dataset: Dataset) -> Iterator[str]:
    figure = chapter.figure
    if figure is None:
        return
    if figure.start is None or figure.end is None:
        yield from (f"statistic:{one.id}" for one in arrivals_up_to(dataset, chapter.as_of))
    elif figure.kind == "timeline":
        yield from (f"event:{event.id}" for event in chapter_events(chapter, dataset))
    else:
        for day in (figure.start, figure.end):
            years = arrivals_up_to(dataset, day)
            yield from (f"statistic:{one.id}" for one in years if one.period.start.year == day.year)


def chapter_events(chapter: Chapter, dataset: Dataset) -> list[PolicyEvent]:
    """The events of the chapter's timeline that the filter of its view admits, oldest first."""
    figure = chapter.figure
    if figure is None or figure.start is None or figure.end is None:
        return []
    seen, _ = read_view({"filter": chapter.view.get("filter", "")}, dataset, today=chapter.as_of)
    return timeline_events(dataset, figure.country or "", figure.start, figure.end, seen.filter)


def _stance(dataset: Dataset, name: str) -> Fact | None:
    feature_id, _, day = name.partition("@")
    feature = dataset.features.get(feature_id)
    try:
        as_of = date.fromisoformat(day)
    except ValueError:
        return None
    if feature is None:
        return None
    spell = stance_at(dataset.spells.get(feature_id, ()), as_of)
    carried = say("pack.carried") if spell.carried else ""
    says = {"stance": say(f"stance.word.{spell.stance}"), "certainty": say(f"certainty.{spell.certainty}")}
    about = say("pack.stance", name=feature.name, date=as_of_words(as_of))
    return Fact(about, {**says, "carried": carried})


def _event(dataset: Dataset, name: str) -> Fact | None:
    event = dataset.policy_events.get(name)
    if event is None:
        return None
    when = span_words(event.date, event.end, is_open=event.kind == "policy")
    says = {"date": when, "title": event.title, "summary": event.summary}
    certainty = say(f"certainty.{event.certainty}")
    return Fact(say("pack.event", title=event.title), {**says, "certainty": certainty})


def _note(dataset: Dataset, name: str) -> Fact | None:
    note = dataset.risk_notes.get(name)
    if note is None:
        return None
    when = span_words(note.valid_from, note.valid_to, is_open=True)
    says = {"title": note.title, "text": note.text, "level": say(f"level.{note.level}"), "date": when}
    return Fact(say("pack.note", title=note.title), says)


def _statistic(dataset: Dataset, name: str) -> Fact | None:
    one = dataset.statistics.get(name)
    if one is None:
        return None
    period = period_words(one.period)
    series = dataset.series.get(one.series)
    is_ours = one.series == ARRIVALS
    title = series.title if series else one.series
    about = say("pack.arrivals", period=period) if is_ours else say("pack.figure", series=title, period=period)
    says = {"value": number_words(one.value), "upper": "" if one.upper is None else number_words(one.upper)}
    return Fact(about, {**says, "status": say(f"arrivals.word_{one.status}")})


def _dispute(dataset: Dataset, name: str) -> Fact | None:
    dispute = dataset.disputes.get(name)
    if dispute is None:
        return None
    claims = " / ".join(claim.claim for claim in dataset.claims_of(name))
    says = {"title": dispute.title, "shown": dispute.shown, "why": dispute.why, "claims": claims}
    return Fact(say("pack.dispute", title=dispute.title), says)


def _source(dataset: Dataset, name: str) -> Fact | None:
    source = dataset.sources.get(name)
    if source is None:
        return None
    members = ("title", "author", "publisher", "date", "address")
    return Fact(say("pack.source", title=source.title), {member: getattr(source, member) for member in members})


def _chapter(dataset: Dataset, name: str) -> Fact | None:
    story_id, _, chapter_id = name.partition("/")
    story = next((story for story in dataset.stories if story.id == story_id), None)
    chapter = next((one for one in story.chapters if one.id == chapter_id), None) if story else None
    if chapter is None:
        return None
    says = {"title": chapter.title, "text": chapter.text, "more": chapter.more, "notes": chapter.notes}
    return Fact(say("pack.chapter", title=chapter.title), {**says, "view": " ".join(chapter.view.values())})


_READERS: dict[str, Callable[[Dataset, str], Fact | None]] = {
    "stance": _stance,
    "event": _event,
    "note": _note,
    "statistic": _statistic,
    "dispute": _dispute,
    "source": _source,
    "chapter": _chapter,
}
