"""What a search asks. `Query.matches` is the reference meaning: every store must answer exactly as it does."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.ticket.searching import fold, search
from ticketctl.domain.ticket.ticket import Priority, Status, Ticket
from ticketctl.domain.ticket.timeline import lifespan

__all__ = ["ACTIVE", "EVERYTHING", "Query", "fold"]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Every given part must hold. `assignee` "" asks for unassigned tickets, None does not ask. `search` looks for all
    its words as `searching` says; `loose` finds more. `opened_from`/`opened_to`: half-open. `lived_from`/`lived_to`:
    half-open too; tickets that had begun and were not over by then (timeline.lifespan)."""

    numbers: frozenset[int] | None = None
    statuses: frozenset[Status] | None = None
    assignee: str | None = None
    priorities: frozenset[Priority] | None = None
    labels: frozenset[str] = frozenset()
    fields: dict[str, str] = {}
    requester: str = ""
    search: str = ""
    loose: bool = False
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    spam: bool | None = None
    lived_from: datetime | None = None
    lived_to: datetime | None = None

    @property
    def needs_texts(self) -> bool:
        """Whether message texts must be read to answer."""
        return bool(self.search)

    def matches(self, ticket: Ticket) -> bool:
        return (
            (self.numbers is None or ticket.number in self.numbers)
            and (self.statuses is None or ticket.status in self.statuses)
            and (self.assignee is None or ticket.assignee == self.assignee)
            and (self.priorities is None or ticket.priority in self.priorities)
            and (not self.labels or self.labels <= set(ticket.labels))
            and (not self.fields or all(ticket.fields.get(name, "") == value for name, value in self.fields.items()))
            and (not self.requester or ticket.requester.address == self.requester)
            and (self.opened_from is None or ticket.opened_at >= self.opened_from)
            and (self.opened_to is None or ticket.opened_at < self.opened_to)
            and (self.spam is None or ticket.spam == self.spam)
            and self._lived(ticket)
            and (not self.search or search(self.search, self.loose).finds(ticket))
        )

    def _lived(self, ticket: Ticket) -> bool:
        if self.lived_from is None and self.lived_to is None:
            return True
        if self.lived_from and self.lived_to and self.lived_from <= ticket.opened_at < self.lived_to:
            return True  # most are of this kind, and need no look at their history
        first, last = lifespan(ticket)
        return (self.lived_to is None or first < self.lived_to) and (
            self.lived_from is None or last is None or last >= self.lived_from
        )


ACTIVE = Query(statuses=frozenset({"new", "open", "waiting"}))
EVERYTHING = Query()
