"""A named improvement with a start date, whose effect the report shows."""

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
