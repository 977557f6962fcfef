"""The reading pages run, for every link, and lean only on records that exist."""

from __future__ import annotations

import csv
import importlib
import io
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import pages
from components.pages import arrivals, method
from routes import figures
from routes.citations import records_named
from routes.dataset import FOLDER_VARIABLE, load
from routes.stance import REACH_YEARS
from routes.text import markdown
from routes.words import catalogue, say

ALL = sorted(path.stem for path in Path(pages.__file__).parent.glob("*.py") if path.stem != "__init__")
READING = [name for name in ALL if name != "explore"]
PARAMETERS = {
    "stories": ("id",),
    "changes": ("from", "to"),
    "disputes": ("id", "country"),
    "sources": ("id", "q", "sort"),
    "glossary": ("id",),
}
HOSTILE = [
    "<script>alert(1)</script>",
    "'); DROP TABLE--",
    "\u202e\u0000\u200b",
    "../../etc/passwd",
    "{{ 7 * 7 }}{% x %}",
    "x" * 5000,
    "%s{0}{text}",
    "-1",
    "[a](javascript:alert(1)) :red[x] $x$",
]


def open_page(name: str, **params: str) -> AppTest:
    """The page after its first run, opened by a link with `params`."""

    def script(name: str) -> None:
        import importlib

        importlib.import_module(f"components.pages.{name}").show()

    page = AppTest.from_function(script, args=(name,), default_timeout=30)
    for parameter, text in params.items():
        page.query_params[parameter] = text
    return page.run()


def html_of(page: AppTest) -> str:
    """All HTML on the page."""
    return "\n".join(element.proto.body for element in page.get("html"))


@pytest.mark.parametrize("name", READING)
def test_a_page_opens_without_an_exception(name):
    page = open_page(name)
    assert not page.exception
    assert say(f"{name}.title") in re.sub(r"&#39;", "'", html_of(page))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_hostile_link_never_breaks_a_page_and_never_becomes_markup(name, text):
    page = open_page(name, **dict.fromkeys(PARAMETERS[name], text))
    assert not page.exception
    assert "<script" not in html_of(page)


def markdown_of(page: AppTest) -> list[str]:
    """Everything on the page that Streamlit would read as Markdown."""
    labels = [str(option.content) for group in page.get("button_group") for option in group.proto.options]
    return [element.value for kind in ("markdown", "warning", "caption", "info") for element in page.get(kind)] + labels


@pytest.mark.parametrize("name", ["explore", *PARAMETERS])
def test_a_web_address_in_a_link_becomes_no_link(name):
    names = PARAMETERS.get(name, ("as_of", "sel", "layers", "filter", "map"))
    page = open_page(name, **dict.fromkeys(names, "https://evil.example www.evil.example"))
    assert "evil.example" in html_of(page) or name == "disputes"
    assert not [text for text in markdown_of(page) if "evil" in text]
    assert 'href="https://evil' not in html_of(page)


def test_a_country_on_a_button_is_no_markup(copied_folder, monkeypatch):
    path = copied_folder / "countries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Laos", "**L** ![](x)"), encoding="utf-8")
    monkeypatch.setenv(FOLDER_VARIABLE, str(copied_folder))
    (laos,) = (label for label in markdown_of(open_page("disputes")) if "L" in label and "x" in label)
    assert laos == markdown("**L** ![](x)")


@pytest.mark.parametrize("name", READING)
def test_a_page_is_short(name):
    source = Path(importlib.import_module(f"components.pages.{name}").__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 90


def test_everything_the_answer_leans_on_exists():
    for paragraph in catalogue()["answer"]["paragraph"]:
        assert paragraph["leans"]
        references = [*paragraph["leans"], *(f"dispute:{name}" for name in paragraph.get("disputes", ()))]
        assert [reference for reference in references if not records_named(load(), reference)] == []


def test_the_answer_sends_readers_only_to_what_exists():
    for link in catalogue()["answer"]["next"]:
        page, _, query = link["address"].removeprefix("./").partition("?")
        assert page in ("", *READING)
        name = query.partition("=")[2]
        assert not query or name in {**load().countries, **load().sources, **load().glossary}


def test_every_paragraph_of_the_answer_shows_its_sources():
    shown = html_of(open_page("answer"))
    assert shown.count(say("reading.sources")) == len(catalogue()["answer"]["paragraph"])


def test_every_event_marked_on_the_arrivals_chart_exists():
    assert [name for name in figures.BREAKS if name not in load().policy_events] == []


def test_every_dispute_and_series_the_arrivals_page_names_exists():
    assert arrivals.CAUSE in load().disputes
    assert [name for name in arrivals.THAI_DISPUTES if name not in load().disputes] == []
    assert [name for name in (*figures.THAI, figures.TOTALS, figures.PROVISIONAL) if name not in load().series] == []


def test_the_arrivals_chart_has_a_bar_for_each_year_from_1999_to_2025():
    columns = figures.columns(load(), ["arrivals-kr"])
    assert [column.year for column in columns] == list(range(1999, 2026))
    assert all(len(column.bars) == 1 for column in columns)
    assert max(bar.share for column in columns for bar in column.bars) == 1


def test_thai_years_without_figures_are_shown_as_gaps():
    empty = [column.year for column in figures.columns(load(), figures.THAI) if not column.bars]
    assert empty == [2012, 2013, 2014, 2015]


def test_the_mark_of_may_2013_stands_inside_2013():
    columns = figures.columns(load(), ["arrivals-kr"])
    (mark,) = [m for m in figures.marks(load(), columns) if m.event.id == "la-nine-returned-2013"]
    assert 14 / 27 < mark.at < 15 / 27


def test_the_largest_fall_came_before_the_act_of_may_2013():
    """The sentence on the arrivals page, checked against the data."""
    years = {s.period.start.year: s.value for s in load().statistics_of("arrivals-kr")}
    falls = {year: years[year - 1] - value for year, value in years.items() if year - 1 in years}
    assert max(falls, key=lambda year: falls[year]) == 2012
    assert years[2013] > years[2012]
    assert load().policy_events["la-nine-returned-2013"].date.year == 2013
    assert f"{years[2011]:,.0f} in 2011 to {years[2012]:,.0f} in 2012" in say("arrivals.no_cause")


def test_figures_download_as_csv_whose_cells_no_spreadsheet_runs():
    rows = list(csv.reader(io.StringIO(figures.figures_csv(load(), ["arrivals-kr", *figures.THAI]))))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_method_page_names_the_reach_of_a_practice():
    words = " ".join(text for section in method.sections() for text in section["paragraphs"])
    assert f"carried for {REACH_YEARS} years" in words
    assert "{" not in words


def test_the_method_page_says_how_many_problems_the_data_has():
    n = len(load().problems)
    assert (say("method.problems", n=n) if n else say("method.no_problems")) in html_of(open_page("method"))


def test_a_link_to_a_dispute_puts_it_first():
    shown = html_of(open_page("disputes", id="laos-nine-path"))
    assert re.search(r'id="dispute-([a-z0-9-]+)"', shown).group(1) == "laos-nine-path"
    assert shown.count('id="dispute-laos-nine-path"') == 1


def test_a_country_in_the_link_filters_the_disputes():
    shown = html_of(open_page("disputes", country="MN"))
    assert "dispute-mn-how-many" in shown
    assert "dispute-laos-nine-path" not in shown


def test_every_dispute_stands_on_its_page_with_all_its_claims():
    shown = html_of(open_page("disputes"))
    assert [name for name in load().disputes if f'id="dispute-{name}"' not in shown] == []
    assert shown.count("<li><p>") == len(load().dispute_claims)


def test_a_link_to_a_source_shows_it_and_says_when_it_does_not_exist():
    assert 'id="source-nknews-2018"' in html_of(open_page("sources", id="nknews-2018"))
    assert say("sources.bad_id", text="gone") in html_of(open_page("sources", id="gone"))


def test_an_outward_link_opens_apart_and_tells_nothing():
    links = re.findall(r'<a href="(http[^"]+)"([^>]*)>', html_of(open_page("sources", q="laos")))
    assert links
    assert all('target="_blank" rel="noopener noreferrer"' in rest for _, rest in links)


def test_a_search_in_the_link_finds_only_what_matches():
    shown = html_of(open_page("sources", q="scarlatoiu no such source"))
    assert 'id="source-' not in shown


def test_changing_a_date_changes_the_page_and_the_link():
    page = open_page("changes")
    assert page.query_params["from"] == "2012"
    page.selectbox(key="changes-to").set_value("2020").run()
    assert not page.exception
    assert page.query_params["to"] == "2020"
    assert say("changes.heading", start="the end of 2012", end="the end of 2020") in html_of(page)


def test_every_preset_of_changes_is_one_click():
    for preset in catalogue()["changes"]["preset"]:
        page = open_page("changes")
        page.button(key=f"preset-{preset['from']}-{preset['to']}").click().run()
        assert not page.exception
        assert (page.query_params["from"], page.query_params["to"]) == (preset["from"], preset["to"])


def test_swapped_dates_show_the_same_changes():
    one, other = (
        open_page("changes", **{"from": "2014", "to": "2012"}),
        open_page("changes", **{"from": "2012", "to": "2014"}),
    )
    assert html_of(one) == html_of(other)


def test_a_date_that_cannot_be_read_is_said():
    assert say("changes.bad_date", text="soon") in html_of(open_page("changes", to="soon"))
