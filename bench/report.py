"""What the bench prints: each measure's median, min and max, and the ratios beside the aims of issue 2."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


@dataclass
class Figures:
    """The values of each measure of one contender, one per run; None where the wait ran out."""

    values: dict[str, list[float | None]] = field(default_factory=dict)

    def add(self, measured: dict[str, float | None]) -> None:
        """Append one run."""
        for name, value in measured.items():
            self.values.setdefault(name, []).append(value)

    def good(self, name: str) -> list[float]:
        """The values that were measured."""
        return [value for value in self.values.get(name, []) if value is not None]


@dataclass(frozen=True)
class Aim:
    """A ratio that issue 2 asks for: of `measure`, at least or at most `bound`."""

    label: str
    measure: str
    above: str
    below: str
    bound: float
    at_least: bool


AIMS = [
    Aim("step of as_of to the changed colour, usual / ours", "step ms", "usual", "ours", 20, True),
    Aim("click to the filled panel, usual / ours", "click ms", "usual", "ours", 8, True),
    Aim("first (cold) load, usual / ours", "cold load ms", "usual", "ours", 1.8, True),
    Aim("websocket bytes at load, usual / ours", "websocket KiB", "usual", "ours", 10, True),
    Aim("cold load, ours / empty", "cold load ms", "ours", "empty", 1.4, False),
    Aim("warm load, ours / empty", "warm load ms", "ours", "empty", 1.6, False),
]


def spread(values: list[float], digits: int = 0) -> str:
    """Median, min and max in one line."""
    if not values:
        return "not measured"
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:9.{digits}f}  ({least:.{digits}f} to {most:.{digits}f}, n={len(values)})"


def print_figures(figures: dict[str, Figures]) -> None:
    """One line for each measure and contender."""
    measures = dict.fromkeys(name for one in figures.values() for name in one.values)
    for measure in measures:
        print(f"\n{measure}: median (min to max)")
        for name, one in figures.items():
            if measure in one.values:
                print(f"  {name:6} {spread(one.good(measure), 1 if 'KiB' in measure else 0)}")


def ratio_line(aim: Aim, figures: dict[str, Figures]) -> str:
    """The ratio of the medians, the least and greatest ratio within one run, and whether the aim is met."""
    above, below = (figures[name].values.get(aim.measure, []) for name in (aim.above, aim.below))
    pairs = [a / b for a, b in zip(above, below, strict=False) if a is not None and b]
    wanted = f"{'at least' if aim.at_least else 'at most'} {aim.bound:g}"
    if not pairs:
        return f"  {aim.label}: not measured; aim {wanted}"
    ratio = statistics.median(figures[aim.above].good(aim.measure)) / statistics.median(
        figures[aim.below].good(aim.measure)
    )
    verdict = "met" if (ratio >= aim.bound if aim.at_least else ratio <= aim.bound) else "MISSED"
    return f"  {aim.label}: {ratio:.2f} ({min(pairs):.2f} to {max(pairs):.2f}); aim {wanted}: {verdict}"


def print_report(figures: dict[str, Figures], runs: int) -> None:
    """All figures and all ratios."""
    print(f"\n{runs} runs, contenders in turn, one round of warming up not counted.")
    print_figures(figures)
    print("\nratios of medians (least to greatest within one run)")
    for aim in AIMS:
        print(ratio_line(aim, figures))
