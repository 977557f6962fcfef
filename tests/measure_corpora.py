"""Prints how often the checkers agree with a folder of labelled files: `python tests/measure_corpora.py FOLDER`.

The folder has a `labels.csv` (path, layer, expected, why) with accept, reject or warn for GeoJSON files, and may have
`JSONTestSuite/test_parsing` whose y_ files are JSON, n_ files are not and i_ files may be either. Ends with 1 if any
label comes out wrong.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from routes.located_json import read_json
from routes.rfc7946 import check_geojson

ALLOWED = {"accept": {"accept", "warn"}, "warn": {"warn"}, "reject": {"reject"}}


def verdict_on_geojson(path: Path) -> tuple[str, str]:
    """(accept, warn or reject; the rules found)."""
    problems = check_geojson(path.read_bytes(), path.name)
    rules = ", ".join(sorted({problem.rule for problem in problems}))
    if any(problem.severity == "error" for problem in problems):
        return "reject", rules
    return ("warn" if problems else "accept"), rules


def verdict_on_json(path: Path) -> tuple[str, str]:
    """(accept or reject; the rules found)."""
    read = read_json(path.read_bytes(), path.name)
    return "accept" if read.is_json else "reject", ", ".join(problem.rule for problem in read.problems)


def cases(folder: Path) -> list[tuple[str, Path, str, str]]:
    """(corpus, file, expected, why) of everything labelled in the folder."""
    found = []
    labels = folder / "labels.csv"
    if labels.exists():
        with labels.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.append((f"{row['layer']}: {Path(row['path']).parts[0]}", folder / row["path"], row["expected"],
                              row["why"]))  # fmt: skip
    meaning = {"y_": "accept", "n_": "reject", "i_": "either"}
    for path in sorted((folder / "JSONTestSuite" / "test_parsing").glob("*.json")):
        found.append(("json: JSONTestSuite", path, meaning[path.name[:2]], path.stem))
    return found


def main(folder: Path) -> int:
    """1 if a label came out wrong, else 0; prints the table and each wrong file."""
    scores: Counter[tuple[str, str, bool]] = Counter()
    wrong, noisy = [], []
    for corpus, path, expected, why in cases(folder):
        verdict, rules = (verdict_on_json if corpus.startswith("json") else verdict_on_geojson)(path)
        right = expected == "either" or verdict in ALLOWED[expected]
        scores[corpus, expected, right] += 1
        if not right:
            wrong.append(f"{path.relative_to(folder)}: expected {expected} ({why}), got {verdict} ({rules})")
        elif expected == "accept" and verdict == "warn":
            noisy.append(f"{path.relative_to(folder)}: {rules}")
    print(f"{'corpus':<36} {'label':<8} {'right':>6} {'of':>6}")
    for corpus, expected in sorted({key[:2] for key in scores}):
        right_ones = scores[corpus, expected, True]
        print(f"{corpus:<36} {expected:<8} {right_ones:>6} {right_ones + scores[corpus, expected, False]:>6}")
    print(f"{'all':<45} {sum(n for key, n in scores.items() if key[2]):>6} {scores.total():>6}")
    print(*(f"WRONG {line}" for line in wrong), *(f"accepted with a warning: {line}" for line in noisy), sep="\n")
    return 1 if wrong or not scores else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
