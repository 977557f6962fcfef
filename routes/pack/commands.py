"""The command line of packs: make one, draw one view, and hold a file against the data.

python -m routes export pack --story ID [--lang en] [--out DIR] [--template FILE] [--address URL] [--part PART]
python -m routes export picture --view "as_of=2014&sel=LA" --format svg|png --size 1920x1080|card --out FILE
python -m routes verify FILE
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from routes.dataset import Dataset, load
from routes.exchange.limits import MAX_BYTES, RefusedFileError
from routes.pack.building import build_pack, pack_zip
from routes.pack.parts import PARTS
from routes.pack.pictures import picture, size_of, view_of
from routes.pack.verifying import verify
from routes.problems import NotAllowedError
from routes.sharing import ADDRESS_VARIABLE, is_site_address, site_address
from routes.stories import Story
from routes.text import visible
from routes.words import say

JOINED = ("pack", "picture")
"""What may come after `export` instead of a document; each is a command of its own, `export-pack`."""

MOST_VERIFIED = 5 * MAX_BYTES


def joined(argv: Sequence[str]) -> list[str]:
    """The arguments with `export pack` as the one word that the parser knows.

    >>> joined(["export", "pack", "--story", "laos-2013"])
    ['export-pack', '--story', 'laos-2013']
    """
    if len(argv) > 1 and argv[0] == "export" and argv[1] in JOINED:
        return [f"export-{argv[1]}", *argv[2:]]
    return list(argv)


def pack_commands(kinds: Any) -> None:
    """Add the commands to the subparsers of `python -m routes`."""
    one = kinds.add_parser("export-pack", help="a story's briefing pack: slides, handout, pictures, data (export pack)")
    one.add_argument("--story", required=True, metavar="ID", help="the story's id")
    one.add_argument("--lang", help="refuse a story in another language than this")
    one.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="the folder to write to (default: here)")
    one.add_argument("--template", type=Path, metavar="FILE", help="an office's own PPTX or POTX for the slides")
    address = f"this site's address, for links to the live map (default: what {ADDRESS_VARIABLE} says)"
    one.add_argument("--address", type=_web_address, metavar="URL", help=address)
    one.add_argument("--part", action="append", choices=tuple(PARTS), help="only this part; may be given again")
    one.set_defaults(run=export_pack)

    one = kinds.add_parser("export-picture", help="any view as a picture (export picture)")
    one.add_argument("--view", required=True, help='the parameters of its link: "as_of=2014&sel=LA"')
    one.add_argument("--format", choices=("svg", "png"), default="png")
    one.add_argument("--size", default="1920x1080", help="pixels, as 1920x1080, or card for social networks")
    one.add_argument("--title", default="", help="a title to stand beside the map")
    one.add_argument("--text", default="", help="a text under the title")
    one.add_argument("--out", type=Path, metavar="FILE", help="the file to write (default: view.FORMAT here)")
    one.set_defaults(run=export_picture)

    one = kinds.add_parser("verify", help="whether a file of a pack is whole and every fact in it still stands")
    one.add_argument("file", type=Path)
    one.set_defaults(run=verify_file)


def export_pack(arguments: argparse.Namespace) -> int:
    """Write a story's pack, file by file and as one ZIP."""
    dataset, today = load(), date.today()
    story = _story(arguments, dataset)
    path: Path | None = arguments.template
    template = (path.name, path.read_bytes()) if path else None
    files = build_pack(
        story, dataset, today=today, address=arguments.address or site_address(), progress=_show,
        parts=arguments.part or tuple(PARTS), template=template,
    )  # fmt: skip
    files[f"{story.id}-{today.isoformat()}.zip"] = pack_zip(files, story, dataset, today=today)
    for name, data in files.items():
        _write(arguments.out / name, data)
    return 0


def export_picture(arguments: argparse.Namespace) -> int:
    """Write a picture of a view."""
    dataset, today = load(), date.today()
    view = view_of(arguments.view, dataset, today=today)
    data = picture(
        dataset, view, form=arguments.format, size=size_of(arguments.size), today=today,
        title=arguments.title, text=arguments.text,
    )  # fmt: skip
    _write(arguments.out or Path(f"view.{arguments.format}"), data)
    return 0


def verify_file(arguments: argparse.Namespace) -> int:
    """Say what no longer holds of a file; status 1 where anything does not."""
    path: Path = arguments.file
    if path.stat().st_size > MOST_VERIFIED:
        remedy = "Take the file as it was made."
        raise RefusedFileError(f"at most {MOST_VERIFIED:,} bytes", f"{path.stat().st_size:,}", remedy, file=path.name)
    told = verify(path.read_bytes(), load())
    for sentence in told or [say("verify.good", file=path.name)]:
        print(visible(sentence))
    return 1 if told else 0


def _web_address(text: str) -> str:
    """The address, as argparse takes a type. Raises ArgumentTypeError for what can be no link."""
    if not is_site_address(text):
        raise argparse.ArgumentTypeError(f"Expected an address such as https://map.example.org, got “{visible(text)}”.")
    return text


def _story(arguments: argparse.Namespace, dataset: Dataset) -> Story:
    story = next((story for story in dataset.stories if story.id == arguments.story), None)
    if story is None:
        raise NotAllowedError(say("pack.no_story", id=arguments.story))
    if arguments.lang and arguments.lang != story.language:
        words = say("pack.no_language", id=story.id, language=story.language, asked=arguments.lang)
        raise NotAllowedError(words)
    return story


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(say("pack.written", file=str(path), n=len(data)))


def _show(share: float, words: str) -> None:
    print(f"{share:4.0%} {visible(words)}", file=sys.stderr)
