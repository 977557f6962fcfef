"""The command line: `python -m routes validate | coverage | bibliography`.

Exit status: 0 good (warnings allowed), 1 with errors, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from routes.citations import bibtex, csl_json, ris
from routes.coverage import coverage_report, left_out_report
from routes.dataset import data_folder, load
from routes.problems import RoutesError
from routes.validate import check_files, check_folder, check_geojson_file


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except RoutesError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m routes", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    validate = commands.add_parser("validate", help="check the data folder, or the given files")
    validate.add_argument("files", nargs="*", type=Path, help="files to check (default: the whole data folder)")
    validate.add_argument("--geojson", action="store_true", help="check the files against RFC 7946 alone")
    validate.add_argument("--format", choices=("text", "json"), default="text", help="one line per problem, or JSON")
    validate.set_defaults(run=_validate, usage_error=validate.error)

    coverage = commands.add_parser("coverage", help="what there is per country and decade, as Markdown")
    coverage.add_argument("--left-out", action="store_true", help="the facts that were left out, and why")
    coverage.set_defaults(run=_coverage)

    bibliography = commands.add_parser("bibliography", help="all sources in one file")
    bibliography.add_argument("--format", choices=("bibtex", "csl-json", "ris"), default="bibtex")
    bibliography.set_defaults(run=_bibliography)
    return parser


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
