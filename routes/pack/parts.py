"""What a pack consists of, in one table that building, command line, pages and tests go through.

A new part is a function here that gives files by name, and a line in `PARTS`. What makes a part is imported by it, so
that nobody waits for what they do not ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from routes.dataset import Dataset
from routes.stories import Story

Files = Mapping[str, bytes]
Step = Callable[[float, str], None]
"""Is told how much is done, from 0 to 1, and what is being done."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a pack is made of. `address` is the server's, for links; `template` an office's own, as name and bytes."""

    story: Story
    dataset: Dataset
    today: date
    address: str = ""
    template: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Part:
    """One part of a pack: its name in words is `pack.part.<id>`, `weight` about the seconds that it takes."""

    id: str
    weight: float
    make: Callable[[Order, Step], Files]


def _slides(order: Order, step: Step) -> Files:
    from routes.pack.slides import slides_pptx

    data = slides_pptx(
        order.story, order.dataset, today=order.today, address=order.address, template=order.template, step=step
    )
    return {f"{order.story.id}-slides.pptx": data}


def _handout(order: Order, step: Step) -> Files:
    from routes.pack.handout import PAPERS, handout_pdf
    from routes.pack.manifest import manifest_of
    from routes.pack.sealing import sealed

    manifest = manifest_of(order.story, order.dataset, order.today)
    files = {}
    for number, paper in enumerate(PAPERS):
        step(number / len(PAPERS), "")
        data = handout_pdf(order.story, order.dataset, paper=paper, today=order.today, address=order.address)
        files[f"{order.story.id}-handout-{paper}.pdf"] = sealed(data, manifest)
    return files


def _offline(order: Order, _step: Step) -> Files:
    from routes.pack.offline import offline_html

    html = offline_html(order.story, order.dataset, today=order.today, address=order.address)
    return {f"{order.story.id}-offline.html": html}


def _pictures(order: Order, step: Step) -> Files:
    from routes.pack.pictures import card, picture_files
    from routes.pack.views import chapter_view

    story, dataset, today = order.story, order.dataset, order.today
    views = {chapter.id: chapter_view(chapter, dataset, today=today) for chapter in story.chapters}
    files: dict[str, bytes] = {}
    for number, chapter in enumerate(story.chapters, start=1):
        step((number - 1) / len(story.chapters), chapter.title)
        name = f"pictures/{story.id}-{number:02}-{chapter.id}"
        made = picture_files(dataset, views[chapter.id], forms=("svg", "png"), size=(1920, 1080), today=today)
        files |= {f"{name}.{form}": data for form, data in made.items()}
    last = views[story.chapters[-1].id]
    files[f"pictures/{story.id}-card.png"] = card(dataset, last, today=today, title=story.title, text=story.summary)
    return files


def _data(order: Order, _step: Step) -> Files:
    from routes.pack.data_files import data_zip

    return {f"{order.story.id}-data.zip": data_zip(order.story, order.dataset, today=order.today)}


PARTS: Mapping[str, Part] = {
    part.id: part
    for part in (
        Part("slides", 5, _slides),
        Part("handout", 2.5, _handout),
        Part("offline", 1, _offline),
        Part("pictures", 4, _pictures),
        Part("data", 0.5, _data),
    )
}
