"""A named improvement with a start date, whose effect the report shows; and a warning that something comes unusually
often. These are what the store keeps; measures.py and early_warning.py compute."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

ThingKind = Literal["cause", "label", "category", "pattern", "new"]


class Thing(msgspec.Struct, frozen=True, order=True):
    """What tickets are counted by: a cause, a label, a value of the field category, a pattern ("7"); or "new", a group
    that is no pattern yet, by its first ticket."""

    kind: ThingKind
    value: str


class Measure(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`about` is what it is to lessen, None for all that comes in. `start` is the first day on which it worked (local),
    `stopped` the first on which it did not any more. `by` is who of the team noted it."""

    number: int
    name: str
    start: date
    at: datetime
    by: str
    about: Thing | None = None
    stopped: date | None = None


class EarlyWarning(msgspec.Struct, frozen=True, kw_only=True):
    """`count` tickets in `days` days (7, or 14 where only both weeks together are unusual), usually `low` to `high`
    (the middle eight of ten); since the day `since`. `tickets` are the latest. `fired` is the day on which it was
    found; `calm`: ISO weeks since then in which it was back in range."""

    thing: Thing
    count: int
    low: int
    high: int
    days: int
    since: date
    fired: date
    tickets: tuple[int, ...]
    customers: int = 0
    calm: int = 0
