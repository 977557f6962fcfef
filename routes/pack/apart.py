"""Make some parts of a pack in this process, as `routes.pack.building` starts it: a folder in, an archive out.

    python -m routes.pack.apart FOLDER LANE

FOLDER holds `order.json`, `texts.zip` and perhaps `template`; LANE.json in it lists parts. The files go to LANE.zip.
Each line of output is `{"part", "share", "words"}` or, at the end, `{"refused": sentence}`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from routes.dataset import published_dataset
from routes.pack.archives import packed, unpacked
from routes.pack.parts import PARTS, Order
from routes.problems import RoutesError, UnreadableError
from routes.words import say

POLITE = 5
"""By how much this process lets others go first: readers do not wait for a pack."""


def main() -> None:
    """Make what the order lists."""
    with contextlib.suppress(OSError):
        os.nice(POLITE)
    folder, lane = Path(sys.argv[1]), sys.argv[2]
    try:
        (folder / f"{lane}.zip").write_bytes(made(folder, lane, _tell))
    except RoutesError as error:
        _tell(refused=str(error))


def made(folder: Path, lane: str, tell: Callable[..., None]) -> bytes:
    """The files of the lane's parts as an archive, each part in a folder of its own."""
    order = order_in(folder)
    files: dict[str, bytes] = {}
    for name in json.loads((folder / f"{lane}.json").read_text(encoding="utf-8")):
        step = partial(_step, tell, name)
        step(0.0, "")
        files |= {f"{name}/{file}": data for file, data in PARTS[name].make(order, step).items()}
        step(1.0, "")
    return packed(files, loose=True)


def order_in(folder: Path) -> Order:
    """The order that a folder holds."""
    asked: dict[str, Any] = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    dataset = published_dataset(unpacked((folder / "texts.zip").read_bytes()), Path(asked["basemap"]))
    story = next((story for story in dataset.stories if story.id == asked["story"]), None)
    if story is None or not story.chapters:
        raise UnreadableError(say("pack.no_story", id=asked["story"]))
    template = (asked["template"], (folder / "template").read_bytes()) if asked["template"] else None
    today = date.fromisoformat(asked["today"])
    return Order(story=story, dataset=dataset, today=today, address=asked["address"], template=template)


def _step(tell: Callable[..., None], name: str, share: float, words: str) -> None:
    tell(part=name, share=share, words=words)


def _tell(**said: object) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
