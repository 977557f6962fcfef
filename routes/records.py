"""The records the dashboard is made of: what each is called, its fields, and the words its fields may hold.

One dataclass is one table under `data/` (or one feature of a layer). A field's annotation says how its text is read:
see `routes.tables`. Names and meanings follow docs/method.md.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from routes.dates import PartialDate, Period

ID_PATTERN = re.compile(r"[a-z0-9-]{1,80}")
NOT_STATED = "not stated"

Id = Annotated[str, "id"]
Country = Annotated[str, "country"]
Link = Annotated[str, "link"]

RouteId = Literal["tumen-crossing", "china-transit", "laos-thailand", "golden-triangle", "mongolia", "vietnam"]
Stance = Literal["cooperates", "tolerates", "mixed", "returns", "sealed", "unknown"]
Basis = Literal["practice", "act", "law"]
EventEffect = Literal["eases", "restricts", "neutral", "unclear"]
Certainty = Literal["established", "reported", "alleged"]
EventKind = Literal["act", "policy", "law", "statement"]
Level = Literal["high", "medium", "low"]
Status = Literal["final", "provisional", "estimate"]
ReadAs = Literal["full", "excerpt", "copy"]
SourceKind = Literal[
    "article", "report", "law", "treaty", "statement", "dataset", "cable", "book", "web", "encyclopedia"
]
FeatureKind = Literal["segment", "band", "place", "mission", "context"]

ROUTE_IDS: tuple[RouteId, ...] = get_args(RouteId)
STANCES: tuple[Stance, ...] = get_args(Stance)
INTERNATIONAL = "INT"


@dataclass(frozen=True)
class Citation:
    """A source by id, with the section or paragraph that carries the claim."""

    source: str
    locator: str = ""

    def __str__(self) -> str:
        return f"{self.source} @ {self.locator}" if self.locator else self.source


@dataclass(frozen=True, kw_only=True)
class CountryRecord:
    """A state on the routes, or one whose acts touch them (ISO 3166-1 alpha-2)."""

    code: Country
    name: str
    role: str
    sources: tuple[Citation, ...]

    @property
    def id(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class PolicyEvent:
    """A dated act or policy of a country (or of an international body, `INT`)."""

    id: Id
    country: Country
    date: PartialDate
    end: PartialDate | None
    title: str
    summary: str
    effect: EventEffect
    certainty: Certainty
    kind: EventKind
    routes: tuple[RouteId, ...]
    area: str | None
    announced: bool
    sources: tuple[Citation, ...]

    def has_begun(self, as_of: dt.date) -> bool:
        """Whether the event lies behind `as_of`: its first possible day has come."""
        return self.date.first_day <= as_of


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an event says about a stance: which authority or segment, which stance, on what basis, since when."""

    id: Id
    event: Id
    scope: str
    stance: Stance | None
    basis: Basis
    start: PartialDate | None
    until: PartialDate | None
    seen: PartialDate | None
    certainty: Certainty
    note: str


@dataclass(frozen=True, kw_only=True)
class RiskNote:
    """A sourced warning on a country or a route, valid for a time."""

    id: Id
    scope: str
    level: Level
    title: str
    text: str
    valid_from: PartialDate
    valid_to: PartialDate | None
    certainty: Certainty
    reviewed: PartialDate
    sources: tuple[Citation, ...]

    def is_valid(self, as_of: dt.date) -> bool:
        """Whether the note holds on `as_of`."""
        return self.valid_from.first_day <= as_of and (self.valid_to is None or as_of <= self.valid_to.last_day)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A named row of figures: what is counted, where, in which unit."""

    id: Id
    country: Country
    title: str
    unit: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """One figure of a series for one period; a range has an `upper` end."""

    id: Id
    series: Id
    period: Period
    value: float
    upper: float | None
    status: Status
    note: str | None
    sources: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a claim comes from; `not stated` where the original does not say."""

    id: Id
    author: str
    title: str
    publisher: str
    date: str
    address: Link
    kind: SourceKind
    read_as: ReadAs
    read_on: PartialDate
    language: str
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Two or more claims that do not agree, what we show, and why."""

    id: Id
    title: str
    countries: tuple[Country, ...]
    touches: tuple[str, ...]
    shown: str
    why: str


@dataclass(frozen=True, kw_only=True)
class DisputeClaim:
    """One side of a dispute, with its own sources."""

    id: Id
    dispute: Id
    claim: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True)
class GlossaryTerm:
    """A word of the subject and what it means here."""

    id: Id
    term: str
    definition: str
    sources: tuple[Citation, ...]


Record = (
    CountryRecord
    | PolicyEvent
    | Effect
    | RiskNote
    | Series
    | Statistic
    | Source
    | Dispute
    | DisputeClaim
    | GlossaryTerm
)


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One thing drawn on the map: part of a route inside one country, a place, a mission, or context.

    `positions` are (lon, lat) control points on the 0.1 degree grid, as in the file; a point has one, an area those of
    its outer ring. The stance of a
    segment or band is derived from its `authority` and, for missions, from `scope`.
    """

    id: Id
    layer: Id
    kind: FeatureKind
    name: str
    routes: tuple[RouteId, ...]
    authority: Country | None
    scope: str | None
    from_name: str | None
    to_name: str | None
    description: str | None
    whose: Country | None
    width_km: float | None
    positions: tuple[tuple[float, float], ...]
    sources: tuple[Citation, ...]
    is_area: bool = False

    @property
    def effect_scopes(self) -> tuple[str, ...]:
        """The scopes of effects that colour this feature: a group of missions stands apart from its country."""
        if self.scope:
            return (self.scope, self.id)
        return (self.authority, self.id) if self.authority else ()


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A FeatureCollection that a reader switches on and off."""

    id: Id
    title: str
    description: str
    order: int
    features: tuple[Feature, ...]
