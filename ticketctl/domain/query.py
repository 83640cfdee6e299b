"""What a search asks. `Query.matches` is the reference meaning: every store must answer exactly as it does."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import msgspec

from ticketctl.domain.ticket import Priority, Status, Ticket


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Every given part must hold. `assignee` "" asks for unassigned tickets, None does not ask. `search` looks for all
    its words, case-folded and NFC, in subject, persons and message texts. `closed_from`/`closed_to`: half-open."""

    numbers: frozenset[int] | None = None
    statuses: frozenset[Status] | None = None
    assignee: str | None = None
    priorities: frozenset[Priority] | None = None
    labels: frozenset[str] = frozenset()
    fields: dict[str, str] = {}
    requester: str = ""
    search: str = ""
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    spam: bool | None = None

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
            and self.labels <= set(ticket.labels)
            and all(ticket.fields.get(name, "") == value for name, value in self.fields.items())
            and (not self.requester or ticket.requester.address == self.requester)
            and (self.opened_from is None or ticket.opened_at >= self.opened_from)
            and (self.opened_to is None or ticket.opened_at < self.opened_to)
            and (self.spam is None or ticket.spam == self.spam)
            and (not self.search or _holds(ticket, self.search))
        )


ACTIVE = Query(statuses=frozenset({"new", "open", "waiting"}))
EVERYTHING = Query()


def fold(text: str) -> str:
    """Case-folded NFC, so that Å composed or not, upper or lower case, is the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _holds(ticket: Ticket, search: str) -> bool:
    words = fold(search).split()
    persons = [ticket.requester, *ticket.participants]
    texts = [ticket.subject, *(f"{person.name} {person.address}" for person in persons)]
    for message in ticket.messages:
        texts += [message.subject, message.text, message.whole, message.sender.name, message.sender.address]
        texts += [attachment.name for attachment in message.attachments]
    everything = fold("\n".join(texts))
    return all(word in everything for word in words)
