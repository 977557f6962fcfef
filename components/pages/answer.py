"""A plain answer to the first question everyone asks: why does nobody stay in China?"""

from __future__ import annotations

from components import markup, reading
from routes.citations import citations_behind, mentions
from routes.dataset import Dataset, load
from routes.words import catalogue, say


def show() -> None:
    """The answer page."""
    words = catalogue()["answer"]
    with reading.column("answer", title=say("answer.title"), lead=say("answer.lead")):
        paragraphs = [_paragraph(load(), **paragraph) for paragraph in words["paragraph"]]
        markup.show("answer", paragraphs=paragraphs, links=words["next"])


def _paragraph(
    dataset: Dataset, *, heading: str, text: str, leans: list[str], disputes: tuple[str, ...] = ()
) -> dict[str, object]:
    cited = citations_behind(dataset, [*leans, *(f"dispute:{name}" for name in disputes)])
    known = [dataset.disputes[name] for name in disputes if name in dataset.disputes]
    return {"heading": heading, "text": text, "sources": mentions(dataset, cited), "disputes": known}
