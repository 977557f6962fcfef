"""The command line: `python -m routes COMMAND`; `--help` lists the commands.

Exit status: 0 good (warnings allowed), 1 with errors, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from routes import commands
from routes.accounts import ROLES
from routes.citations import bibtex, csl_json, ris
from routes.coverage import coverage_report, left_out_report
from routes.dataset import data_folder, load
from routes.desk import Desk
from routes.pack.commands import joined, pack_commands
from routes.problems import RoutesError
from routes.store.moving import move
from routes.store.opening import both_homes
from routes.validate import check_files, check_folder, check_geojson_file
from routes.words import say


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    arguments = _parser().parse_args(joined(sys.argv[1:] if argv is None else argv))
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except RoutesError as error:
        print(commands.told_error(error), file=sys.stderr)
        return 1
    except OSError as error:
        print(say("commands.no_file", file=str(error.filename), why=str(error.strerror)), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m routes", description=__doc__)
    kinds = parser.add_subparsers(required=True, metavar="command")

    validate = kinds.add_parser("validate", help="check the data folder, or the given files")
    validate.add_argument("files", nargs="*", type=Path, help="files to check (default: the whole data folder)")
    validate.add_argument("--geojson", action="store_true", help="check the files against RFC 7946 alone")
    validate.add_argument("--format", choices=("text", "json"), default="text", help="one line per problem, or JSON")
    validate.set_defaults(run=_validate, usage_error=validate.error)

    coverage = kinds.add_parser("coverage", help="what there is per country and decade, as Markdown")
    coverage.add_argument("--left-out", action="store_true", help="the facts that were left out, and why")
    coverage.set_defaults(run=_coverage)

    bibliography = kinds.add_parser("bibliography", help="all sources in one file")
    bibliography.add_argument("--format", choices=("bibtex", "csl-json", "ris"), default="bibtex")
    bibliography.set_defaults(run=_bibliography)
    _add_looking(kinds)
    _add_writing(kinds)
    _add_office(kinds)
    pack_commands(kinds)
    return parser


def _add_looking(kinds: Any) -> None:
    """The commands that anybody may give who can read the store."""
    one = _command(kinds, "export", commands.export_document, "write a published layer, table or story to a file")
    one.add_argument("document", help="a table, a layer's id, or stories/ID")
    one.add_argument("--format", required=True, help="geojson, gpkg, kml, csv or xlsx; json for a story")
    one.add_argument("--out", help="the file to write (default: ID.FORMAT in the folder you are in)")
    one.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE", help="only records that say this")

    one = _command(kinds, "history", commands.history, "who changed what, when and why")
    one.add_argument("document", nargs="?", help="a table, or a layer's id (default: all)")
    one.add_argument("--limit", type=int, default=50, help="how many revisions")
    one.add_argument("--format", choices=("text", "json"), default="text")

    one = _command(kinds, "diff", commands.diff, "what differs between two revisions of a layer or table")
    one.add_argument("document", help="a table, or a layer's id")
    one.add_argument("--from", dest="since", type=int, required=True, metavar="REVISION")
    one.add_argument("--to", dest="until", type=int, metavar="REVISION", help="(default: the newest)")
    one.add_argument("--format", choices=("text", "json"), default="text")


def _add_writing(kinds: Any) -> None:
    """The commands of an author, who is asked for a password."""
    one = _author_command(kinds, "import", commands.import_file, "read a file into a layer, table or story and save it")
    one.add_argument("file", help="GeoJSON, KML, KMZ, GPX, zipped Shapefile, GeoPackage, CSV or XLSX; a story's JSON")
    one.add_argument("--layer", "--table", dest="document", required=True, metavar="ID")
    one.add_argument("--part", help="which layer, folder or sheet of the file")
    one.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column is which field")
    one.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="for records that do not say")
    one.add_argument("--dry-run", action="store_true", help="say what would change, and save nothing")

    one = _author_command(kinds, "restore", commands.restore, "make a layer or table what it was at a revision")
    one.add_argument("document", help="a table, or a layer's id")
    one.add_argument("--revision", type=int, required=True)

    one = _author_command(kinds, "take-back", commands.take_back, "take back what one revision changed")
    one.add_argument("revision", type=int)
    one.add_argument("--document", help="only in this table or layer")
    one.add_argument("--record", help="only this record")
    one.add_argument("--field", help="only this field, as /properties/name or /title")

    one = _author_command(kinds, "proposals", commands.proposals, "what waits for a reviewer", has_reason=False)
    one = _author_command(kinds, "publish", commands.publish, "publish a proposal", has_reason=False)
    one.add_argument("proposal")

    one = _author_command(kinds, "redact", commands.redact, "take a dangerous detail out of all history")
    one.add_argument("--document", help="the table or layer it stood in")
    one.add_argument("--record", help="the record: its past goes, its present stays")
    one.add_argument("--field", help="only this field, as /geometry or /summary")
    one.add_argument("--text", action="store_true", help="a text wherever it stands; it is asked for at the prompt")


def _add_office(kinds: Any) -> None:
    """Accounts and settings."""
    users = kinds.add_parser("users", help="make and change staff accounts")
    users.set_defaults(run=_run(commands.users), author=None)
    actions = users.add_subparsers(required=True, dest="action", metavar="action")
    actions.add_parser("list", help="who has an account")
    add = actions.add_parser("add", help="make an account; the first is an admin's")
    change = actions.add_parser("change", help="change an account")
    remove = actions.add_parser("remove", help="end an account for good")
    for one in (add, change, remove):
        one.add_argument("name", help="small letters, digits and hyphens")
        one.add_argument("--by", help="the admin who does this; needed from the second account on")
    for one in (add, change):
        one.add_argument("--role", choices=ROLES, required=one is add)
        one.add_argument("--email", help="the address that the organisation's sign-in vouches for")
    add.add_argument("--organisation", action="store_true", help="no password: signs in through the organisation alone")
    change.add_argument("--active", choices=("yes", "no"))
    change.add_argument("--new-password", action="store_true", help="ask for a new password")

    one = _author_command(kinds, "settings", commands.settings, "settings of the office", has_reason=False)
    one.add_argument("--editors-publish", choices=("yes", "no"), required=True, help="as an office of one person needs")

    one = kinds.add_parser("move", help="move everything between the files and the database that DATABASE_URL names")
    one.add_argument("--to", choices=("postgres", "files"), required=True)
    one.set_defaults(run=_move)


Work = Callable[[argparse.Namespace, Desk], Iterable[str]]


def _command(kinds: Any, name: str, work: Work, help_text: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = kinds.add_parser(name, help=help_text)
    one.set_defaults(run=_run(work), author=None)
    return one


def _author_command(
    kinds: Any, name: str, work: Work, help_text: str, *, has_reason: bool = True
) -> argparse.ArgumentParser:
    one = _command(kinds, name, work, help_text)
    one.add_argument("--author", required=True, metavar="NAME", help="your account")
    if has_reason:
        one.add_argument("--reason", required=True, metavar="TEXT", help="why, for whoever reads the history")
    return one


def _run(work: Work) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        for line in work(arguments, commands.desk_of(arguments.author)):
            print(line)
        return 0

    return run


def _move(arguments: argparse.Namespace) -> int:
    files, database = both_homes(data_folder())
    source, target = (files, database) if arguments.to == "postgres" else (database, files)
    print(say("commands.moved", n=move(source, target)))
    return 0


def _validate(arguments: argparse.Namespace) -> int:
    files: list[Path] = arguments.files
    if arguments.geojson and not files:
        arguments.usage_error("--geojson needs at least one file")
    for path in files:
        if not path.exists():
            arguments.usage_error(f"no such file: {path}")
    if arguments.geojson:
        problems = [problem for path in files for problem in check_geojson_file(path)]
    elif files:
        problems = check_files(files, data_folder(), today=date.today())
    else:
        problems = check_folder(data_folder(), today=date.today())
    errors = sum(problem.severity == "error" for problem in problems)
    if arguments.format == "json":
        print(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            print(problem)
        print(f"{errors} errors, {len(problems) - errors} warnings")
    return 1 if errors else 0


def _coverage(arguments: argparse.Namespace) -> int:
    print(left_out_report() if arguments.left_out else coverage_report(load()))
    return 0


def _bibliography(arguments: argparse.Namespace) -> int:
    write = {"bibtex": bibtex, "csl-json": csl_json, "ris": ris}[arguments.format]
    print(write(load().sources.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
