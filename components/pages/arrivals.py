"""The arrivals chart standing alone: bars, marks at policy events, Thai figures beside it, tables and downloads."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from components import markup, reading
from routes import figures
from routes.citations import mentions
from routes.dataset import Dataset, load
from routes.mapdata import ARRIVALS
from routes.words import say

CAUSE = "kr-cause-of-decline"
THAI_DISPUTES = ("thailand-2005-values", "thailand-official-number", "thailand-trend", "thailand-90-percent")


def show() -> None:
    """The arrivals page."""
    dataset = load()
    scale = figures.largest_arrivals(dataset)
    korea = figures.columns(dataset, [ARRIVALS], scale=scale)
    with reading.column("arrivals", title=say("arrivals.title"), lead=say("arrivals.lead"), wide=True):
        markup.show(
            "arrivals",
            columns=korea,
            marks=figures.marks(dataset, korea),
            thai=figures.columns(dataset, figures.THAI, scale=scale),
            thai_series=figures.THAI,
            cause=CAUSE if CAUSE in dataset.disputes else None,
            disputes=[dataset.disputes[name] for name in THAI_DISPUTES if name in dataset.disputes],
        )
        _tables(dataset)


def _tables(dataset: Dataset) -> None:
    markup.show("section", heading=say("arrivals.tables"), text="")
    _table(dataset, "arrivals", say("arrivals.title"), [ARRIVALS])
    _table(dataset, "thailand", say("arrivals.thai"), figures.THAI)
    _table(dataset, "revised", say("arrivals.revised"), [figures.PROVISIONAL])
    markup.show("section", heading=say("arrivals.totals"), text=say("arrivals.totals_lead"))
    _table(dataset, "totals", say("arrivals.totals"), [figures.TOTALS])


def _table(dataset: Dataset, name: str, title: str, series: Iterable[str]) -> None:
    names = list(series)
    rows = [
        {"figure": figure, "series": say(f"arrivals.{s}") if len(names) > 1 else "", "sources": _named(dataset, figure)}
        for s in names
        for figure in dataset.statistics_of(s)
    ]
    markup.show("figures_table", title=title, rows=rows, with_series=len(names) > 1, open=name == "totals")
    data = figures.figures_csv(dataset, names)
    label = say("reading.csv")
    st.download_button(
        label, data, f"{name}.csv", "text/csv", key=f"csv-{name}", on_click="ignore", help=title, type="tertiary"
    )


def _named(dataset: Dataset, figure: figures.Statistic) -> list[object]:
    return list(mentions(dataset, figure.sources))
