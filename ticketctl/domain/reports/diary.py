"""How many tickets came a day, of each cause, label, category and pattern: one reading of the tickets, from which weeks
are compared.

What is known from the start (label, category, pattern) is counted by the day of arrival among all that arrived; the
cause, which is known at the end, by the day of closing among all that were closed with one: else what is not closed yet
would look as if it had become rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.reports.measure import Thing, ThingKind
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.statistics.change import Week
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at, counts

DAYS = 7


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A ticket of some day, and who asked."""

    day: date
    number: int
    customer: str


class Diary:
    """From outlines of tickets. `category` is the field that says the category, "" for none; `patterns`: pattern →
    numbers of its tickets."""

    def __init__(
        self,
        tickets: Iterable[Ticket],
        hours: Hours,
        *,
        category: str = "",
        patterns: Mapping[int, Iterable[int]] | None = None,
    ) -> None:
        self._hours, self._category = hours, category
        self._zone = ZoneInfo(hours.timezone)
        self._patterns: dict[int, list[str]] = {}
        for key, numbers in (patterns or {}).items():
            for number in numbers:
                self._patterns.setdefault(number, []).append(str(key))
        self._arrived, self._closed = Counter[date](), Counter[date]()
        self.entries: dict[Thing, list[Entry]] = {}
        self.arrivals: dict[int, Entry] = {}
        self._began: dict[ThingKind, date] = {}
        for ticket in tickets:
            if counts(ticket):
                self._add(ticket)

    def _add(self, ticket: Ticket) -> None:
        customer = ticket.requester.address or ticket.requester.name
        came = Entry(began_at(ticket).astimezone(self._zone).date(), ticket.number, customer)
        self.arrivals[ticket.number] = came
        self._arrived[came.day] += 1
        things = [Thing("label", label) for label in ticket.labels]
        things += [Thing("pattern", key) for key in self._patterns.get(ticket.number, ())]
        if value := ticket.fields.get(self._category, ""):
            things.append(Thing("category", value))
        for thing in things:
            self._note(thing, came)
        if ticket.closed and ticket.closed_at is not None and ticket.cause:
            went = Entry(ticket.closed_at.astimezone(self._zone).date(), ticket.number, customer)
            self._closed[went.day] += 1
            self._note(Thing("cause", ticket.cause), went)

    def _note(self, thing: Thing, entry: Entry) -> None:
        self.entries.setdefault(thing, []).append(entry)
        self._began[thing.kind] = min(entry.day, self._began.get(thing.kind, entry.day))

    def since(self, thing: Thing | None) -> date | None:
        """The first day from which on weeks count: of the first ticket, and of the first that has a thing of this kind;
        before that, nobody may have noted any."""
        if thing is None:
            return self._first
        return self._began.get(thing.kind)

    @cached_property
    def _first(self) -> date | None:
        return min(self._arrived, default=None)

    @cached_property
    def _days(self) -> dict[Thing, Counter[date]]:
        return {thing: Counter(one.day for one in entries) for thing, entries in self.entries.items()}

    def week(self, thing: Thing | None, first: date, length: int = DAYS) -> Week:
        """The days from `first` on: what is counted, the rest of the desk, and how many of them it was open."""
        every = [first + timedelta(days=one) for one in range(length)]
        whole = self._closed if thing is not None and thing.kind == "cause" else self._arrived
        total, opened = sum(whole[day] for day in every), self._hours.open_days(first, length)
        if thing is None:
            return Week(total, 0, opened)
        of = self._days.get(thing, Counter[date]())
        own = sum(of[day] for day in every)
        return Week(own, total - own, opened)
