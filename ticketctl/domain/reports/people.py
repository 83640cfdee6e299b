"""What rests on one person alone: labels and areas that only one answers. Nobody is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.reports.cases import replies
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, counts

FEWEST = 5  # answers


class KeyPerson(msgspec.Struct, frozen=True):
    """Whoever wrote all answers to tickets with that label, or of that area."""

    kind: Literal["label", "area"]
    value: str
    person: str
    answers: int


def key_persons(tickets: Iterable[Ticket], since: datetime, now: datetime, area: str) -> tuple[KeyPerson, ...]:
    """From answers that left since then; those with most first. `area` is the name of the field, "" where there is
    none. Labels and areas are those that a ticket has now."""
    written: dict[tuple[Literal["label", "area"], str], Counter[str]] = {}
    for ticket in tickets:
        if not counts(ticket):
            continue
        authors = Counter(one.author for one in replies(ticket) if one.author and since <= answered_at(one) <= now)
        values: list[tuple[Literal["label", "area"], str]] = [("label", label) for label in ticket.labels]
        values += [("area", value)] if area and (value := ticket.fields.get(area)) else []
        for key in values if authors else ():
            written.setdefault(key, Counter()).update(authors)
    found = [
        KeyPerson(kind, value, next(iter(authors)), authors.total())
        for (kind, value), authors in written.items()
        if len(authors) == 1 and authors.total() >= FEWEST
    ]
    return tuple(sorted(found, key=lambda one: (-one.answers, one.kind, one.value)))
