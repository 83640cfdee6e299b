"""A requester's other tickets, whoever they are by which door: those of linked addresses too; and who may be them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.query import fold
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

if TYPE_CHECKING:
    from ticketctl.domain.privacy.person import Identity
    from ticketctl.domain.privacy.profile import Profile
    from ticketctl.domain.privacy.same_person import MaybeSame

LINKS = "person "  # the facts that hold profiles; most desks have none, and load nothing of privacy then


def same_person(desk: Desk, person: Person) -> Callable[[Person], bool]:
    """Whether somebody is that person: by the same address, or by one that a colleague linked."""
    linked = _linked(desk, person)
    if linked is not None:
        return linked.means
    return lambda other: bool(other.address) and other.address == person.address


def named_requester(desk: Desk, part: str) -> Callable[[Person], bool]:
    """Whether `part` is in somebody's name or address, or in one that is linked with it."""
    named = fold(part)
    if not named:
        return lambda person: True
    linked = [one.identity for one in _linked_profiles(desk) if any(named in fold(name) for name in _spellings(one))]
    return lambda person: named in fold(f"{person.name} {person.address}") or any(one.means(person) for one in linked)


def linked_words(desk: Desk, words: str) -> Iterator[str]:
    """What else to search for where the words name somebody by an address or number that is linked with others."""
    asked = fold(words)
    for profile in _linked_profiles(desk) if asked else ():
        spellings = _spellings(profile)
        for named in spellings:
            before, found, after = asked.partition(fold(named))
            if found:
                yield from (f"{before}{one}{after}" for one in spellings if one != named)


def suggestions(session: Session, desk: Desk, ticket: Ticket, every: Sequence[Ticket]) -> tuple[MaybeSame, ...]:
    """Who may be the ticket's requester too, of those with one of `every`."""
    patterned = [name for name, spec in session.config.fields.items() if spec.pattern]
    if not (any(ticket.fields.get(name) for name in patterned) or _gave_addresses(ticket) or _wanted_elsewhere(every)):
        return ()
    from ticketctl.usecases.privacy.link import may_be_same

    return may_be_same(session, desk, ticket, every)


def _linked_profiles(desk: Desk) -> list[Profile]:
    """Those with several addresses, or callers."""
    if not any(desk.facts(LINKS)):
        return []
    from ticketctl.usecases.privacy.profiles import profiles

    return [one for _, one in profiles(desk) if len(_spellings(one)) > 1]


def _spellings(profile: Profile) -> tuple[str, ...]:
    return (*profile.addresses, *profile.callers)


def _linked(desk: Desk, person: Person) -> Identity | None:
    if not any(desk.facts(LINKS)):
        return None
    from ticketctl.domain.privacy.person import meant
    from ticketctl.usecases.privacy.profiles import whole_identity

    return whole_identity(desk, meant(person.address or person.name))


def _gave_addresses(ticket: Ticket) -> bool:
    """Whether the requester may have named an address that is not the one of their mail."""
    by_mail = "@" in ticket.requester.address and not ticket.requester.address.startswith("@")
    return not by_mail or _wanted_elsewhere((ticket,))


def _wanted_elsewhere(tickets: Iterable[Ticket]) -> bool:
    return any(one.reply_to for ticket in tickets for one in ticket.messages) or any(
        "@" in value for ticket in tickets for value in ticket.fields.values()
    )
