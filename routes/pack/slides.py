"""A story as slides (PPTX): a title, one slide for each chapter, the method, and all sources with their numbers.

Everything stays editable: text is text, a chart is a chart, and layouts have placeholders, so that an office can give
its own template. What an office's layouts have no place for stands where our own would have it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from routes.citations import entry_of, plain, short_name
from routes.dataset import Dataset
from routes.pack import figures
from routes.pack.fitting import WIDER, WIDEST, Paragraph, fits
from routes.pack.house import house_template
from routes.pack.layouts import Kind
from routes.pack.manifest import manifest_of
from routes.pack.office import office_template
from routes.pack.page import Page, choice_for, new_page
from routes.pack.parts import Step
from routes.pack.pictures import slide_map
from routes.pack.sealing import sealed
from routes.pack.views import chapter_view, compared_views
from routes.picture import picture_words
from routes.picture.saying import date_sentence
from routes.picture.svg import safe
from routes.records import Source
from routes.sharing import is_web_address, link_of, short_link
from routes.staging import explore_params, note_parts
from routes.stance import REACH_YEARS
from routes.stories import Chapter, Story
from routes.story_checks import story_sources
from routes.view import View
from routes.words import as_of_words, catalogue, date_words, say

TITLE_SIZES = (28, 25, 22, 20)
OFFICE_SIZES = (44, 40, 36, 32)
"""At which an office's layout may set a title; ours are set smaller."""

OPENING_SIZES = (36, 32, 28, 24, 20)
TEXT_SIZES = (24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12)
SMALL_SIZES = (10, 9.5, 9, 8.5, 8)
TABLE_SIZES, WIDE_TABLE_SIZES = (12, 11.5, 11, 10.5, 10), (16, 15, 14, 13, 12)
SOURCE_SIZES = (14, 13, 12)


def slides_pptx(
    story: Story, dataset: Dataset, *, today: date, address: str = "", template: tuple[str, bytes] | None = None,
    step: Step = lambda _share, _words: None,
) -> bytes:  # fmt: skip
    """The story as a PPTX file with its manifest inside; `template` is the name and the bytes of an office's own.

    Raises RefusedFileError for a template that cannot be used.
    """
    presentation = office_template(template[1], template[0]) if template else house_template()
    deck = _Deck(presentation, story, dataset, today, address, WIDEST if template else WIDER)
    deck.opening()
    for number, chapter in enumerate(story.chapters):
        step((number + 1) / (len(story.chapters) + 2), chapter.title)
        deck.chapter(chapter)
    deck.method()
    deck.sources()
    _set_properties(presentation, story, dataset, today)
    out = io.BytesIO()
    presentation.save(out)
    return sealed(out.getvalue(), manifest_of(story, dataset, today))


def _set_properties(presentation: Any, story: Story, dataset: Dataset, today: date) -> None:
    properties = presentation.core_properties
    properties.title, properties.subject = safe(story.title)[:255], safe(story.summary)[:255]
    properties.author = properties.last_modified_by = say("citation.author")
    properties.comments = say("citation.version", fingerprint=dataset.fingerprint)
    properties.keywords, properties.category, properties.language = "", "", safe(story.language)[:20]
    properties.created = properties.modified = datetime(today.year, today.month, today.day)
    properties.revision = 1


@dataclass(frozen=True)
class _Deck:
    presentation: Any
    story: Story
    dataset: Dataset
    today: date
    address: str
    wider: float

    def opening(self) -> None:
        """The title of the story over the map of its last chapter."""
        page = self._page("title", self.story.title, OPENING_SIZES)
        page.text("text", lambda size: [Paragraph(self.story.summary, size)], TEXT_SIZES[5:])
        if "map" in page.choice.taken:
            self._map(page, "map", chapter_view(self.story.chapters[-1], self.dataset, today=self.today))
        if "source" in page.choice.boxes:
            page.text("source", lambda size: [Paragraph(text, size) for text in self._about()], (12, 11, 10, 9, 8))
        page.notes([self.story.audience, *self._about()])
        page.finish()

    def _about(self) -> list[str]:
        made = say("pack.made", date=date_words(self.today), fingerprint=self.dataset.fingerprint)
        live = say("pack.live", address=self.address) if is_web_address(self.address) else ""
        return [text for text in (say("site.not_advice"), made, live) if text]

    def chapter(self, chapter: Chapter) -> None:
        """A chapter's slide, and others where its words or its table do not fit on one."""
        kinds: dict[str, Kind] = {"arrivals": "chart", "timeline": "table", "compare": "compare"}
        figure = chapter.figure
        kind = kinds[figure.kind] if figure else "chapter"
        arrivals = figures.arrivals_of(chapter, self.dataset) if kind == "chart" else None
        rows = figures.timeline_rows(chapter, self.dataset) if kind == "table" else []
        if (kind == "chart" and not arrivals) or (kind == "table" and not rows):
            kind = "chapter"
        page = self._page(kind, chapter.title, TITLE_SIZES)
        left_rows = self._fill_figure(page, kind, chapter, arrivals, rows)
        rest = self._chapter_text(page, chapter, with_date=kind != "compare")
        self._finish(page, chapter)
        for paragraphs in rest:
            self._words_page(say("pack.continued", title=chapter.title), paragraphs, chapter)
        for some, size in left_rows:
            self._table_page(chapter, some, size)

    def _fill_figure(
        self, page: Page, kind: Kind, chapter: Chapter, arrivals: figures.Arrivals | None, rows: figures.Rows
    ) -> list[tuple[figures.Rows, float]]:
        """The map and what stands beside it; the pages of a table that found no room are given back."""
        link = self._link(chapter)
        if kind == "compare":
            self._compare(page, chapter, link)
            return []
        self._map(page, "map", chapter_view(chapter, self.dataset, today=self.today), link)
        if arrivals:
            figures.put_chart(page, arrivals)
        elif rows:
            box = page.box("figure")
            fitting = figures.table_pages(rows, box, TABLE_SIZES, self.wider, whole=True)
            if not fitting:
                page.drop_figure()
                return self._wide_pages(rows)
            figures.put_table(page, *fitting[0], self._table_words(chapter, rows))
        return []

    def _wide_pages(self, rows: figures.Rows) -> list[tuple[figures.Rows, float]]:
        box = choice_for(self.presentation, "wide_table").boxes["figure"]
        return figures.table_pages(rows, box, WIDE_TABLE_SIZES, self.wider, whole=False)

    def _link(self, chapter: Chapter) -> str:
        """The link to the live map as the chapter shows it; nothing where the site has no address."""
        if not is_web_address(self.address):
            return ""
        return link_of(explore_params(chapter, self.dataset, today=self.today), self.address)

    def _short_link(self, chapter: Chapter) -> str:
        """The same to type."""
        return short_link(self.story.id, chapter.id, self.address) if is_web_address(self.address) else ""

    def _compare(self, page: Page, chapter: Chapter, link: str) -> None:
        views = compared_views(chapter, self.dataset, today=self.today)
        for name, caption, view in zip(("map", "other"), ("caption", "other_caption"), views, strict=True):
            self._map(page, name, view, link)
            words = date_sentence(view.as_of, self.today)
            page.text(caption, lambda size, words=words: [Paragraph(words, size, bold=True)], (14, 13, 12, 11, 10))  # type: ignore[misc]

    def _map(self, page: Page, name: str, view: View, link: str = "") -> None:
        png = slide_map(self.dataset, view, page.pixels(name), self.today)
        page.picture(name, png, picture_words(self.dataset, view, self.today), link)

    def _table_words(self, chapter: Chapter, rows: figures.Rows) -> str:
        assert chapter.figure is not None
        code = chapter.figure.country or ""
        country = self.dataset.countries[code].name if code in self.dataset.countries else code
        return say("pack.table_words", country=country, n=len(rows))

    def _chapter_text(self, page: Page, chapter: Chapter, *, with_date: bool) -> list[list[Paragraph]]:
        compared = figures.arrivals_of_years(chapter.figure, self.dataset) if not with_date and chapter.figure else ""
        when = date_sentence(chapter.as_of, self.today)

        def make(size: float) -> list[Paragraph]:
            head = [Paragraph(when, round(size * 0.72, 1), bold=True)] if with_date else []
            told = [Paragraph(chapter.text, size, gap=0.35 if with_date else 0.0)]
            return [*head, *told, *([Paragraph(compared, size)] if compared else [])]

        return page.text("text", make, TEXT_SIZES)

    def _finish(self, page: Page, chapter: Chapter | None) -> None:
        """The line of sources, the note that every slide carries, and the speaker's notes."""
        names = list(self._cited(chapter)) if chapter else []
        made = {"fingerprint": self.dataset.fingerprint, "date": date_words(self.today)}
        note = say("pack.line", note=say("site.not_advice"), **made)
        link = self._short_link(chapter) if chapter else ""
        box = page.box("source")

        def make(size: float) -> list[Paragraph]:
            foot = [Paragraph(note, round(size * 0.85, 1), gap=0.25)]
            if link:
                foot = [Paragraph(say("pack.view"), size, link=link, gap=0.1), *foot]
            shown = names
            while len(shown) > 1 and not fits(self._strip(shown, names, foot, size), box, self.wider):
                shown = shown[:-1] if size == SMALL_SIZES[-1] else []
            return self._strip(shown or names, names, foot, size)

        page.text("source", make, SMALL_SIZES)
        page.notes(self._notes(chapter) if chapter else [note])
        page.finish()

    def _strip(
        self, shown: Sequence[str], names: Sequence[str], foot: Sequence[Paragraph], size: float
    ) -> list[Paragraph]:
        more = f" {say('pack.more_sources', n=len(names) - len(shown))}" if len(shown) < len(names) else ""
        line = say("pack.sources", names=" · ".join(shown)) + more
        return [*([Paragraph(line, size)] if names else []), *foot]

    def _cited(self, chapter: Chapter) -> Iterator[str]:
        """The numbers and short names of a chapter's sources, each once."""
        numbers = {source.id: number for number, source in enumerate(story_sources(self.story, self.dataset), start=1)}
        for source_id in dict.fromkeys(citation.source for citation in chapter.sources):
            if source_id in numbers:
                yield f"{numbers[source_id]} {short_name(self.dataset.sources[source_id])}"

    def _notes(self, chapter: Chapter) -> list[str]:
        numbers = {source.id: number for number, source in enumerate(story_sources(self.story, self.dataset), start=1)}
        cited = [
            f"[{numbers[citation.source]}] {short_name(self.dataset.sources[citation.source])}"
            + (f", {citation.locator}" if citation.locator else "")
            for citation in chapter.sources
            if citation.source in numbers
        ]
        warned = [say("pack.content_note", text=chapter.content_note)] if chapter.content_note else []
        more = [say("pack.more"), chapter.more] if chapter.more else []
        when = say("pack.shown_date", date=as_of_words(chapter.as_of))
        live = [f"{say('pack.view')} {link}"] if (link := self._short_link(chapter)) else []
        notes = [f"{lead} {text}".strip() for lead, text in note_parts(chapter.notes)]
        return [chapter.title, *notes, *warned, *more, when, *live, say("pack.sources", names=""), *cited]

    def method(self) -> None:
        """How a colour is derived, how to check the file, licences and credits."""
        values = {"reach": REACH_YEARS, "date": date_words(self.today), "fingerprint": self.dataset.fingerprint}
        texts = [text.format(**values) for text in catalogue()["pack"]["method"]]
        self._words_pages(say("pack.method_title"), lambda size: _spaced(texts, size), (18, 17, 16, 15, 14))

    def sources(self) -> None:
        """Every source with the number that the slides give it."""
        found = story_sources(self.story, self.dataset)

        def make(size: float) -> list[Paragraph]:
            return [_source_paragraph(number, source, size) for number, source in enumerate(found, start=1)]

        self._words_pages(say("pack.sources_title", n=len(found)), make, SOURCE_SIZES)

    def _words_pages(self, title: str, make: Callable[[float], list[Paragraph]], sizes: Sequence[float]) -> None:
        page = self._page("words", title, TITLE_SIZES)
        rest = page.text("text", make, sizes)
        self._finish(page, None)
        for paragraphs in rest:
            self._words_page(say("pack.continued", title=title), paragraphs, None)

    def _words_page(self, title: str, paragraphs: Sequence[Paragraph], chapter: Chapter | None) -> None:
        page = self._page("words", title, TITLE_SIZES)
        size = paragraphs[0].size
        rest = page.text("text", lambda _: paragraphs, (size,))
        assert not rest
        self._finish(page, chapter)

    def _table_page(self, chapter: Chapter, rows: figures.Rows, size: float) -> None:
        page = self._page("wide_table", say("pack.continued", title=chapter.title), TITLE_SIZES)
        figures.put_table(page, rows, size, self._table_words(chapter, rows))
        self._finish(page, chapter)

    def _page(self, kind: Kind, title: str, sizes: Sequence[float]) -> Page:
        page = new_page(self.presentation, kind, self.wider, self.story.language)
        page.title(title, (*OFFICE_SIZES, *sizes) if self.wider == WIDEST else sizes)
        return page


def _spaced(texts: Iterable[str], size: float) -> list[Paragraph]:
    return [Paragraph(text, size, gap=0.5) for text in texts]


def _source_paragraph(number: int, source: Source, size: float) -> Paragraph:
    address = entry_of(source).address
    text = f"{number}. {plain(source)}"
    if not is_web_address(address):
        return Paragraph(text, size, gap=0.2)
    return Paragraph(text.removesuffix(safe(address)).strip(), size, link=address, gap=0.2)
