"""What stands beside a chapter's words on a slide: the arrivals as a chart, a country's events as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN, MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from routes.dataset import Dataset
from routes.pack.facts import arrivals_up_to, chapter_events
from routes.pack.fitting import LINE, Paragraph
from routes.pack.page import Page
from routes.picture.svg import Box, safe
from routes.records import Statistic
from routes.stories import Chapter, Figure
from routes.words import date_words, number_words, say

DATE_SHARE, ROW_GAP = 0.24, 6.0
GREY = "8D99A3"
"""Of bars and lines: an office's own colours might be those of a stance."""

_GREY: Any = RGBColor.from_string(GREY)  # type: ignore[no-untyped-call]

LABEL_SIZE, GAP_WIDTH = 10, 35
PLOT_SHARE = (0.94, 0.72)
"""How wide and high the bars stand in the figure's place, about."""

_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own name for a table without style and lines."""

_YEARS_BETWEEN_LABELS = 12
Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Arrivals:
    """The yearly arrivals up to a chapter's date, and those that it names: first those whose value its words say."""

    years: Sequence[Statistic]
    named: Sequence[str]

    @property
    def title(self) -> str:
        """What the chart shows; where some figures are not final, so it says."""
        first, last = str(self.years[0].period), str(self.years[-1].period)
        words = say("pack.chart", first=first, last=last)
        return words if all(one.status == "final" for one in self.years) else f"{words} {say('pack.chart_hatched')}"

    @property
    def words(self) -> str:
        """The chart for those who do not see it."""
        told = [one for one in self.years if one.id in self.named] or [self.years[0], self.years[-1]]
        values = "; ".join(say("pack.chart_value", period=str(one.period), value=one.value) for one in told)
        return say("pack.chart_words", title=self.title, values=values)


def arrivals_of(chapter: Chapter, dataset: Dataset) -> Arrivals | None:
    """The arrivals for a chapter's chart; None where there are none by its date."""
    years = arrivals_up_to(dataset, chapter.as_of)
    named = {name.partition(":")[2] for name in chapter.leans if name.startswith("statistic:")}
    found = [one for one in years if one.id in named] or years[-1:]
    found.sort(key=lambda one: (number_words(one.value) not in chapter.text, -one.value))
    return Arrivals(years, [one.id for one in found]) if years else None


def put_chart(page: Page, arrivals: Arrivals) -> None:
    """A bar chart that can be edited: what is named is dark and has its value where there is room for it, figures that
    are not final are hatched."""
    data: Any = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
    data.categories = [str(one.period) for one in arrivals.years]
    data.add_series(say("pack.chart_series"), [one.value for one in arrivals.years])
    chart = page.chart("figure", XL_CHART_TYPE.COLUMN_CLUSTERED, data, arrivals.words)
    chart.has_legend, chart.has_title = False, True
    chart.font.size = Pt(10)
    chart.chart_title.text_frame.text = arrivals.title
    title = chart.chart_title.text_frame.paragraphs[0].runs[0].font
    title.size, title.bold = Pt(10), True
    _set_axes(chart, len(arrivals.years))
    plot = chart.plots[0]
    plot.gap_width = GAP_WIDTH
    labelled = labelled_years(arrivals, page.box("figure"))
    for number, one in enumerate(arrivals.years):
        point = plot.series[0].points[number]
        _set_bar(point, one, is_dark=one.id in labelled)
        if one.id in labelled:
            _set_label(point, one)


def labelled_years(arrivals: Arrivals, box: Box) -> set[str]:
    """The named figures whose values find room over their bars: the first always, another where it covers none of
    those before it and no higher bar."""
    slot = box.width * PLOT_SHARE[0] / len(arrivals.years)
    unit = box.height * PLOT_SHARE[1] / max(1, *(one.value for one in arrivals.years))
    half_bar = slot / (1 + GAP_WIDTH / 100) / 2
    places = {one.id: number for number, one in enumerate(arrivals.years)}
    values = {one.id: one.value for one in arrivals.years}
    chosen: list[str] = []

    def has_room(name: str) -> bool:
        half = _half_label(values[name])
        away = {other: abs(places[other] - places[name]) * slot for other in places if other != name}
        covered = [
            other for other in chosen
            if away[other] < half + _half_label(values[other])
            and abs(values[other] - values[name]) * unit < LINE * LABEL_SIZE
        ]  # fmt: skip
        hidden = [
            other for other in away
            if away[other] < half + half_bar and (values[other] - values[name]) * unit > LABEL_SIZE / 2
        ]  # fmt: skip
        return not covered and not hidden

    for name in arrivals.named:
        if not chosen or has_room(name):
            chosen.append(name)
    return set(chosen)


def _half_label(value: float) -> float:
    """Half the width of a value in a wide face: an office's may be one."""
    return len(number_words(value)) * LABEL_SIZE * 0.31


def _set_axes(chart: Any, years: int) -> None:
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    axis = chart.category_axis
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = _GREY
    axis.tick_labels.font.size = Pt(10)
    if years > _YEARS_BETWEEN_LABELS:
        for name in ("c:tickLblSkip", "c:tickMarkSkip"):
            skip = etree.SubElement(axis._element, qn(name), val="5")
            axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _set_bar(point: Any, one: Statistic, *, is_dark: bool) -> None:
    fill, edge = point.format.fill, point.format.line
    if one.status == "final":
        fill.solid()
        colours = [fill.fore_color]
    else:
        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.back_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        edge.width = Pt(0.75)
        edge.fill.solid()
        colours = [fill.fore_color, edge.fill.fore_color]
    for colour in colours:
        if is_dark:
            colour.theme_color = MSO_THEME_COLOR.TEXT_1
        else:
            colour.rgb = _GREY


def _set_label(point: Any, one: Statistic) -> None:
    label = point.data_label
    label.has_text_frame = True
    label.text_frame.text = number_words(one.value)
    label.text_frame.paragraphs[0].runs[0].font.size = Pt(LABEL_SIZE)
    label.position = XL_LABEL_POSITION.OUTSIDE_END


def timeline_rows(chapter: Chapter, dataset: Dataset) -> list[tuple[str, str]]:
    """The events of a chapter's timeline as (date, title); what is not established says so."""
    return [(date_words(event.date), _told(event)) for event in chapter_events(chapter, dataset)]


def _told(event: Any) -> str:
    if event.certainty == "established":
        return str(event.title)
    return say("pack.unsure", title=event.title, certainty=say(f"certainty.{event.certainty}"))


def table_pages(rows: Rows, box: Box, sizes: Sequence[float], wider: float, *, whole: bool) -> list[tuple[Rows, float]]:
    """The rows at the largest size that fits; split over several boxes, or nothing where they must be `whole`."""
    for size in sizes:
        if _height(rows, box, size, wider) <= box.height:
            return [(rows, size)]
    if whole:
        return []
    pages: list[list[tuple[str, str]]] = [[]]
    for row in rows:
        if pages[-1] and _height([*pages[-1], row], box, sizes[-1], wider) > box.height:
            pages.append([])
        pages[-1].append(row)
    return [(page, sizes[-1]) for page in pages]


def row_height(row: tuple[str, str], box: Box, size: float, wider: float) -> float:
    """How high a row of a table stands."""
    widths = (box.width * DATE_SHARE - 6, box.width * (1 - DATE_SHARE))
    cells = zip(row, widths, strict=True)
    return max(len(Paragraph(text, size).lines(room, wider)) for text, room in cells) * LINE * size + ROW_GAP


def _height(rows: Rows, box: Box, size: float, wider: float) -> float:
    heading = LINE * size + ROW_GAP
    return heading + sum(row_height(row, box, size, wider) for row in rows)


def put_table(page: Page, rows: Rows, size: float, words: str) -> None:
    """A table of dates and events under their headings, with a thin line between rows."""
    box = page.box("figure")
    headings = (say("pack.date"), say("pack.event_heading"))
    table = page.table("figure", len(rows) + 1, 2, words)
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
    table.horz_banding = False
    table.columns[0].width = Pt(box.width * DATE_SHARE)
    table.columns[1].width = Pt(box.width * (1 - DATE_SHARE))
    for at, row in enumerate([headings, *rows]):
        high = row_height(row, box, size, page.wider) if at else LINE * size + ROW_GAP
        table.rows[at].height = Pt(high)
        for column, text in enumerate(row):
            _set_cell(table.cell(at, column), text, size, is_heading=at == 0 or column == 0)


def _set_cell(cell: Any, text: str, size: float, *, is_heading: bool) -> None:
    cell.margin_left = 0
    cell.margin_right = Pt(6)
    cell.margin_top = cell.margin_bottom = Pt(ROW_GAP / 2)
    line = cell.text_frame.paragraphs[0]
    line.line_spacing = Pt(round(LINE * size, 1))
    run = line.add_run()
    run.text = safe(text)
    run.font.size, run.font.bold = Pt(size), is_heading
    edge = etree.SubElement(cell._tc.get_or_add_tcPr(), qn("a:lnB"), w="6350")
    fill = etree.SubElement(edge, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=GREY)


def arrivals_of_years(figure: Figure, dataset: Dataset) -> str:
    """The arrivals of the two years that are compared, in one sentence; nothing where one is missing."""
    values = [_year(dataset, day) for day in (figure.start, figure.end) if day]
    found = [one for one in values if one]
    if len(found) < 2:
        return ""
    told = [say("pack.chart_value", period=str(one.period), value=one.value) for one in found]
    return say("pack.compared", before=told[0], after=told[1])


def _year(dataset: Dataset, day: date) -> Statistic | None:
    found: Iterable[Statistic] = arrivals_up_to(dataset, date(day.year, 12, 31))
    return next((one for one in found if one.period.start.year == day.year), None)
