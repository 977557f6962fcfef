"""What must hold between a story and the data: every chapter restores its view, and the data carries its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from routes.changes import arrivals_in
from routes.citations import records_named
from routes.dataset import Dataset
from routes.figures import timeline_events
from routes.mapdata import ARRIVALS
from routes.problems import Problem
from routes.records import PolicyEvent, Source, Statistic
from routes.stance import stance_at
from routes.stories import Chapter, Figure, Story
from routes.view import View, read_view

LONGEST_TEXT = 45
"""Words on the stage: more cannot be read from ten metres, nor listened past."""

LONGEST_TITLE = 8

Fault = tuple[str, str, str, str]
"""Member, rule, message, hint."""


def check_story(story: Story, dataset: Dataset, *, today: date) -> list[Problem]:
    """A problem for each thing that a chapter says or shows and the data does not carry, or that must not be said.

    Pointers are `chapter-id/member`, lines those where the chapter begins.
    """
    problems: list[Problem] = []
    checks: tuple[Callable[[Chapter, Dataset, date], Iterable[Fault]], ...] = (
        _view_faults, _shown_faults, _source_faults, _leaning_faults, _length_faults, _figure_faults,
    )  # fmt: skip
    for chapter in story.chapters:
        problems += [_problem(story, chapter, *fault) for check in checks for fault in check(chapter, dataset, today)]
    return problems


def story_sources(story: Story, dataset: Dataset) -> tuple[Source, ...]:
    """The sources of a story, each once, in the order of first use: a source's footnote number is its place here."""
    cited = dict.fromkeys(citation.source for chapter in story.chapters for citation in chapter.sources)
    return tuple(dataset.sources[source] for source in cited if source in dataset.sources)


def _problem(story: Story, chapter: Chapter, member: str, rule: str, message: str, hint: str) -> Problem:
    pointer = f"{chapter.id}/{member}"
    return Problem(
        file=story.file, line=chapter.line, pointer=pointer, rule=rule, severity="error", message=message, hint=hint
    )


def _view_faults(chapter: Chapter, dataset: Dataset, today: date) -> Iterator[Fault]:
    if chapter.as_of > today:
        message = f"Expected a date that is not after today ({today}), got {chapter.as_of}."
        yield "view", "story-date", message, "Take the last whole month, or the day."
    view, unrestored = read_view(chapter.view, dataset, today=today)
    for sentence in unrestored:
        yield "view", "story-view", f"Expected a view that can be restored whole: {sentence}", "Capture it again."
    if not unrestored and view.to_params() != chapter.view:
        message = f"Expected the view as a link says it, {view.to_params()}, got {dict(chapter.view)}."
        yield "view", "story-view", message, "Write it so, or capture it again."
    selected = dataset.features.get(view.selection or "")
    if selected and not _is_on(view, selected.layer):
        message = f"Expected the layer {selected.layer!r} to be on, since {selected.id!r} is selected."
        yield "view", "story-layer", message, "Switch the layer on."


def _is_on(view: View, layer: str) -> bool:
    return view.layers is None or layer in view.layers


def _shown_faults(chapter: Chapter, dataset: Dataset, today: date) -> Iterator[Fault]:
    """The map must show what the words rely on: the feature, on a layer that is on, in the stance named."""
    view, _ = read_view(chapter.view, dataset, today=today)
    for feature_id, stance in chapter.shows.items():
        feature = dataset.features.get(feature_id)
        if feature is None:
            message = f"Expected the id of a feature, got {feature_id!r}, which is nowhere."
            yield "shows", "reference", message, "Correct the id, or read the chapter again without it."
            continue
        if not _is_on(view, feature.layer):
            message = f"Expected the layer {feature.layer!r} to be on, since {feature_id!r} is to be seen."
            yield "shows", "story-layer", message, "Switch the layer on."
        found = stance_at(dataset.spells.get(feature_id, ()), chapter.as_of).stance
        if found != stance:
            message = f"Expected {feature_id!r} to show {stance} on {chapter.as_of}, got {found}."
            yield "shows", "story-stance", message, "Read the words again: they may no longer be true."


def _source_faults(chapter: Chapter, dataset: Dataset, _: date) -> Iterator[Fault]:
    if not chapter.sources:
        yield "sources", "source-needed", "Choose at least one source.", ""
    for citation in chapter.sources:
        if citation.source not in dataset.sources:
            message = f"Expected the id of a source, got {citation.source!r}, which is nowhere."
            yield "sources", "reference", message, "Correct the id, or add the source."


def _leaning_faults(chapter: Chapter, dataset: Dataset, _: date) -> Iterator[Fault]:
    for reference in chapter.leans:
        records = records_named(dataset, reference)
        if not records:
            message = f"Expected a reference such as event:la-nine-returned-2013, got {reference!r}, which is nowhere."
            yield "leans", "reference", message, "Correct the reference."
        if any(_lies_ahead(record, chapter.as_of) for record in records):
            message = f"Expected only what had begun by {chapter.as_of}, got {reference!r}."
            yield "leans", "story-ahead", message, "Move the chapter's date, or tell it in a later chapter."


def _lies_ahead(record: object, as_of: date) -> bool:
    if isinstance(record, Statistic):
        return record.period.end.last_day > as_of
    return isinstance(record, PolicyEvent) and not record.has_begun(as_of)


def _length_faults(chapter: Chapter, _: Dataset, __: date) -> Iterator[Fault]:
    for member, text, most in (("text", chapter.text, LONGEST_TEXT), ("title", chapter.title, LONGEST_TITLE)):
        words = len(text.split())
        if words > most:
            message = f"Expected at most {most} words on the stage, got {words}."
            yield member, "story-length", message, "Say one thing. The rest may stand in 'more' or in the notes."


def _figure_faults(chapter: Chapter, dataset: Dataset, today: date) -> Iterator[Fault]:
    figure = chapter.figure
    if figure is None:
        return
    if figure.end and figure.end > chapter.as_of:
        message = f"Expected a figure up to the chapter's date ({chapter.as_of}), got {figure.end}."
        yield "figure", "story-ahead", message, "Shorten the figure, or move the chapter's date."
    if figure.country and figure.country not in dataset.countries:
        message = f"Expected the code of a country, got {figure.country!r}, which is nowhere."
        yield "figure", "reference", message, "Correct the code."
    elif not _has_data(figure, chapter, dataset, today):
        message = f"Expected a figure ({figure.kind}) with data, got none."
        yield "figure", "story-figure", message, "Choose other dates or another filter, or leave the figure out."


def _has_data(figure: Figure, chapter: Chapter, dataset: Dataset, today: date) -> bool:
    if figure.start is None or figure.end is None:
        return any(one.period.end.last_day <= chapter.as_of for one in dataset.statistics_of(ARRIVALS))
    if figure.kind == "compare":
        return bool(arrivals_in(dataset, figure.start.year) and arrivals_in(dataset, figure.end.year))
    view, _ = read_view(chapter.view, dataset, today=today)
    return bool(timeline_events(dataset, figure.country or "", figure.start, figure.end, view.filter))
