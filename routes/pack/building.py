"""Build a pack: its parts are made in processes of their own, two at a time, so that no reader waits for one.

What was made is kept for a while by part, story, state of the data and day.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock, Timer
from typing import Any

from routes.dataset import Dataset
from routes.pack.archives import packed, unpacked
from routes.pack.parts import PARTS, Files
from routes.problems import NotAllowedError, RoutesError
from routes.stories import Story
from routes.words import say

AT_ONCE = 2
"""Processes of one pack; a server makes one pack at a time."""

WAITING = 5
"""Packs that are made or wait; who comes later is told so."""

SECONDS = 240
"""Of one process, before it is ended."""

KEPT_BYTES = 150 * 2**20

_ROOT = Path(__file__).parent.parent.parent
_PASSED_ON = ("PYTHONPATH", "TMPDIR", "TEMP", "SYSTEMROOT", "LANG")
Progress = Callable[[float, str], None]
Key = tuple[str, ...]


class PackError(RoutesError):
    """A pack that could not be made."""


class Shelf:
    """Files that were made, by key; the oldest go when they are too many."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._files: OrderedDict[Key, Files] = OrderedDict()

    def get(self, key: Key) -> Files | None:
        """The files under the key, if they are still here."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def put(self, key: Key, files: Files) -> None:
        """Keep the files."""
        with self._lock:
            self._files[key] = files
            while self._size() > self._most and len(self._files) > 1:
                self._files.popitem(last=False)

    def _size(self) -> int:
        return sum(len(data) for files in self._files.values() for data in files.values())


_SHELF = Shelf(KEPT_BYTES)
_LINE, _TURN = BoundedSemaphore(WAITING), BoundedSemaphore(1)


def build_pack(
    story: Story, dataset: Dataset, *, today: date, address: str = "", progress: Progress = lambda _share, _words: None,
    parts: Collection[str] = tuple(PARTS), template: tuple[str, bytes] | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """The files of a story's pack by name. `progress` is told, in this thread, the share that is done and what is next.

    Raises PackError where it cannot be made, NotAllowedError where too many wait.
    """
    keys = {name: _key(name, story, dataset, today, address, template) for name in PARTS if name in parts}
    missing = [name for name, key in keys.items() if _SHELF.get(key) is None]
    if missing:
        progress(0.0, say("pack.starting"))
        with _turn(partial(progress, 0.0)):
            missing = [name for name in missing if _SHELF.get(keys[name]) is None]
            for name, files in _made(missing, story, dataset, today, address, template, progress).items():
                _SHELF.put(keys[name], files)
    progress(1.0, say("pack.done"))
    return {name: data for key in keys.values() for name, data in (_SHELF.get(key) or {}).items()}


def made_already(part: str, story: Story, dataset: Dataset, *, today: date, address: str = "") -> Files | None:
    """The files of a part that somebody has asked for before; None where it has yet to be made."""
    return _SHELF.get(_key(part, story, dataset, today, address, None))


def pack_zip(files: Files, story: Story, dataset: Dataset, *, today: date) -> bytes:
    """All files of a pack in one archive with a manifest of its own."""
    from routes.pack.manifest import manifest_of
    from routes.pack.sealing import sealed

    readme = say("pack.data_about", title=story.title, fingerprint=dataset.fingerprint, date=today.isoformat())
    notes = f"{readme}\n{say('site.not_advice')}\n".encode("utf-8", "replace")
    return sealed(packed({"README.txt": notes, **files}, loose=True), manifest_of(story, dataset, today))


def _key(
    part: str, story: Story, dataset: Dataset, today: date, address: str, template: tuple[str, bytes] | None
) -> Key:
    look = hashlib.sha256(template[1]).hexdigest() if template and part == "slides" else ""
    return part, story.id, dataset.fingerprint, today.isoformat(), address, look


@contextmanager
def _turn(tell: Callable[[str], None]) -> Iterator[None]:
    """Its turn among the packs; whoever has to wait for it is told so."""
    if not _LINE.acquire(blocking=False):
        raise NotAllowedError(say("pack.busy"))
    try:
        if not _TURN.acquire(blocking=False):
            tell(say("pack.waiting"))
            _TURN.acquire()
        try:
            yield
        finally:
            _TURN.release()
    finally:
        _LINE.release()


def _made(
    names: list[str], story: Story, dataset: Dataset, today: date, address: str, template: tuple[str, bytes] | None,
    progress: Progress,
) -> dict[str, dict[str, bytes]]:  # fmt: skip
    """The files of each part, made in as many processes as there are lanes."""
    with TemporaryDirectory(prefix="pack-") as folder_name:
        folder = Path(folder_name)
        asked = {
            "story": story.id,
            "today": today.isoformat(),
            "address": address,
            "basemap": str(dataset.basemap_folder.resolve()),
            "template": template[0] if template else "",
        }
        (folder / "order.json").write_text(json.dumps(asked), encoding="utf-8")
        (folder / "texts.zip").write_bytes(packed(dataset.texts))
        if template:
            (folder / "template").write_bytes(template[1])
        return _run(folder, lanes(names), progress)


def lanes(names: Iterable[str]) -> list[list[str]]:
    """The parts in at most `AT_ONCE` lists that take about as long."""
    found: list[list[str]] = [[] for _ in range(AT_ONCE)]
    for name in sorted(names, key=lambda name: -PARTS[name].weight):
        min(found, key=lambda lane: sum(PARTS[one].weight for one in lane)).append(name)
    return [lane for lane in found if lane]


def _run(folder: Path, wanted: list[list[str]], progress: Progress) -> dict[str, dict[str, bytes]]:
    told: SimpleQueue[Mapping[str, Any] | None] = SimpleQueue()
    processes: list[subprocess.Popen[str]] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(_run_lane, folder, f"lane{n}", lane, told.put, processes) for n, lane in enumerate(wanted)]
        try:
            _pass_on(told, len(jobs), [name for lane in wanted for name in lane], progress)
            return {name: files for job in jobs for name, files in job.result().items()}
        finally:  # whoever asked may have gone
            for process in processes:
                process.kill()


def _pass_on(told: SimpleQueue[Any], running: int, names: list[str], progress: Progress) -> None:
    """Tell the caller what the processes tell, until the last has ended."""
    done = dict.fromkeys(names, 0.0)
    whole = sum(PARTS[name].weight for name in names)
    while running:
        said = told.get()
        if said is None:
            running -= 1
        elif said.get("part") in done:
            done[said["part"]] = float(said["share"])
            share = sum(PARTS[name].weight * part for name, part in done.items()) / whole
            words = say(f"pack.part.{said['part']}")
            progress(min(share, 0.99), f"{words}: {said['words']}" if said["words"] else words)


def _run_lane(
    folder: Path, lane: str, names: list[str], tell: Callable[[Mapping[str, Any] | None], None],
    processes: list[subprocess.Popen[str]],
) -> dict[str, dict[str, bytes]]:  # fmt: skip
    """Start a process for the parts and wait for it; what it says is passed on."""
    (folder / f"{lane}.json").write_text(json.dumps(names), encoding="utf-8")
    try:
        refused = _listen([sys.executable, "-m", "routes.pack.apart", str(folder), lane], tell, processes)
        result = folder / f"{lane}.zip"
        if refused or not result.exists():
            raise PackError(refused or say("pack.failed"))
        files: dict[str, dict[str, bytes]] = {name: {} for name in names}
        for path, data in unpacked(result.read_bytes()).items():
            part, _, name = path.partition("/")
            files[part][name] = data
        return files
    finally:
        tell(None)


def _listen(
    command: list[str], tell: Callable[[Mapping[str, Any]], None], processes: list[subprocess.Popen[str]]
) -> str:
    """Run a command and pass on each line that it says; what it was refused for, or nothing."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment = {**passed_on, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    refused = ""
    with subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        processes.append(process)
        ending = Timer(SECONDS, process.kill)
        ending.start()
        try:
            for line in process.stdout or ():
                said = json.loads(line)
                refused = str(said.get("refused", refused))
                tell(said)
        finally:
            ending.cancel()
            process.kill()
    return refused
