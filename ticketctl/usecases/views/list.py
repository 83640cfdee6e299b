"""Which tickets there are, what to do next first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.domain.ticket import searching
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import STATUSES, Priority, Status
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.reply.presence import Writing, writers
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order
from ticketctl.usecases.views.same_requester import linked_words, named_requester


class ListTickets(msgspec.Struct, frozen=True, kw_only=True):
    """Every part must hold. `owner` is a name of the team or "me", "" for unassigned tickets, None for anybody's.
    `statuses`: none for those that are not closed. `requester` is part of a name or address. `after` and `before` are
    days as people write them. `everything`: closed and archived tickets too."""

    owner: str | None = None
    statuses: tuple[Status, ...] = ()
    priorities: tuple[Priority, ...] = ()
    labels: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    requester: str = ""
    search: str = ""
    after: str = ""
    before: str = ""
    overdue: bool = False
    everything: bool = False


class Listed(msgspec.Struct, frozen=True):
    """`writing` are those who write a reply right now, on any ticket. `narrowed`: something else was asked for than all
    tickets that are not closed."""

    tickets: tuple[TicketInQueue, ...]
    writing: tuple[Writing, ...]
    narrowed: bool


def list_tickets(session: Session, request: ListTickets) -> Listed:
    """What to do next first; a ticket that the search names by its number comes before all. Raises Usage."""
    session.must("list")
    return _listed(session, request, "list")


def search(session: Session, request: ListTickets) -> Listed:
    """The tickets with all words of `request.search`, closed and archived ones too. Raises Usage."""
    session.must("search")
    if not request.search.strip():
        raise Usage("search for what?", code="no_search_words")
    return _listed(session, msgspec.structs.replace(request, everything=True), "search")


def _listed(session: Session, request: ListTickets, action: str) -> Listed:
    query = _query(session, request)
    with session.store.reading() as desk:
        found = _found(session, desk, request, query)
        if request.search and not found:
            found = _found(session, desk, request, msgspec.structs.replace(query, loose=True))
    if named := searching.search(request.search).numbers:
        found.sort(key=lambda one: one.ticket.number not in named)
    if session.config.privacy.log_lists:
        from ticketctl.usecases.readings import note_listing

        note_listing(session, action, (one.ticket.number for one in found))
    return Listed(tuple(found), tuple(writers(session)), query != ACTIVE or request.overdue)


def _found(session: Session, desk: Desk, request: ListTickets, query: Query) -> list[TicketInQueue]:
    tickets = {one.number: one for one in desk.find(query, archive=request.everything)}
    for words in linked_words(desk, request.search):
        other = msgspec.structs.replace(query, search=words)
        tickets |= {one.number: one for one in desk.find(other, archive=request.everything)}
    is_asked = named_requester(desk, request.requester)
    asked = (one for one in tickets.values() if is_asked(one.requester))
    return [one for one in in_order(session, asked) if one.overdue or not request.overdue]


def _query(session: Session, request: ListTickets) -> Query:
    """Raises Usage for what rules.yaml does not declare."""
    statuses = request.statuses or (STATUSES if request.everything else ACTIVE.statuses or ())
    return Query(
        statuses=frozenset(statuses),
        assignee=_owner(session, request.owner),
        priorities=frozenset(request.priorities) or None,
        labels=_labels(session, request.labels),
        fields=_fields(session, request.fields),
        search=request.search,
        opened_from=_midnight(session, request.after),
        opened_to=_midnight(session, request.before),
    )


def _owner(session: Session, word: str | None) -> str | None:
    """An agent's name; without `team:` in rules.yaml any word is one."""
    if word == "me":
        return session.actor
    if not word or not session.config.team:
        return word
    from ticketctl.usecases.people import agent_named

    return agent_named(session, word).name


def _labels(session: Session, labels: tuple[str, ...]) -> frozenset[str]:
    if not labels:
        return frozenset()
    from ticketctl.usecases.fields import checked_labels

    return frozenset(checked_labels(session.config, labels))


def _fields(session: Session, fields: Mapping[str, str]) -> dict[str, str]:
    """Any value may be looked for: older tickets have some that rules.yaml no longer declares."""
    if not fields:
        return {}
    from ticketctl.usecases.fields import field_named

    return {field_named(session.config, name).name: value for name, value in fields.items()}


def _midnight(session: Session, words: str) -> datetime | None:
    """When that day begins; None where none is named. Raises Usage."""
    if not words:
        return None
    from ticketctl.domain.deadlines.date_words import past_day

    found = past_day(words, session.now, session.config.hours)
    return datetime.combine(found, time(), zone(session.config.timezone))
