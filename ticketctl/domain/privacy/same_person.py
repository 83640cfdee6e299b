"""Whether two customers may be one person: a question for a colleague, never an answer.

Somebody who writes by mail and calls, or chats, is two persons to the desk until a colleague says otherwise. What
speaks for one person is an address that they gave, or the same value of a field with a pattern (an order number). A
name never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

import msgspec

from ticketctl.domain.privacy.person import Identity, canonical, folded
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

MOST = 3  # suggestions at once
ADDRESS = "address"
_WRITTEN = re.compile(r"[\w.!#$&*+=?^{}~-]{1,64}@[^\W_](?:[\w-]|\.(?=\w)){1,250}")


class MaybeSame(msgspec.Struct, frozen=True, kw_only=True):
    """`other` may be the requester of `ticket` too: both gave the same `value`, an address or that of the field `by`.
    `seen` is the other's ticket."""

    ticket: int
    person: Person
    other: Person
    seen: int
    by: str
    value: str


def maybe_same(
    ticket: Ticket, who: Identity, tickets: Iterable[Ticket], fields: Collection[str], apart: Callable[[str], bool]
) -> tuple[MaybeSame, ...]:
    """For the requester of `ticket`, who is `who`; `fields` are those with a pattern, `apart` says of whom a colleague
    said that they are somebody else. One suggestion a person, an address before a field."""
    given, found = _given(ticket, who), dict[str, MaybeSame]()
    for one in tickets:
        shared = _shared(ticket, one, given, who, fields)
        if shared is None or one.number == ticket.number or one.merged_into or one.spam or who.means(one.requester):
            continue
        key = known_as(one.requester)
        if key and not apart(key) and (key not in found or found[key].by != ADDRESS):
            by, value = shared
            found[key] = MaybeSame(
                ticket=ticket.number, person=ticket.requester, other=one.requester, seen=one.number, by=by, value=value
            )
    return tuple(sorted(found.values(), key=lambda pair: (pair.by != ADDRESS, -pair.seen)))[:MOST]


def known_as(person: Person) -> str:
    """By what an identity knows them: a canonical address, or how a caller was noted, folded."""
    return canonical(person.address) if person.address else folded(person.name)


def _shared(
    ticket: Ticket, other: Ticket, given: Collection[str], who: Identity, fields: Collection[str]
) -> tuple[str, str] | None:
    """What both gave: (ADDRESS or the name of a field, value). Cheap: `show` asks it of every ticket."""
    address = other.requester.address
    if given and address and canonical(address) in given:
        return ADDRESS, address
    theirs = _structured(other) & who.addresses
    if theirs:
        return ADDRESS, min(theirs)
    for name in fields:
        value = ticket.fields.get(name, "")
        if value and "*" not in value and folded(other.fields.get(name, "")) == folded(value):
            return name, value
    return None


def _given(ticket: Ticket, who: Identity) -> frozenset[str]:
    """Canonical addresses that the requester gave beside the one they wrote from. Of somebody who has no mail address
    here, such as a caller, those in the texts too; a mail's text names many people."""
    given = set(_structured(ticket))
    if not _by_mail(ticket.requester):
        said = (one for one in ticket.messages if _is_theirs(one, ticket))
        given |= {canonical(found[0].rstrip(".")) for one in said for found in _WRITTEN.finditer(one.text)}
    return frozenset(given - who.addresses)


def _structured(ticket: Ticket) -> frozenset[str]:
    """Addresses where the requester wants answers, and in fields."""
    mine = (one for one in ticket.messages if one.reply_to and _is_theirs(one, ticket))
    wanted = {canonical(person.address) for one in mine for person in one.reply_to if person.address}
    written = {canonical(one) for one in ticket.fields.values() if "@" in one and _WRITTEN.fullmatch(one.strip())}
    return frozenset(wanted | written)


def _is_theirs(message: Message, ticket: Ticket) -> bool:
    return message.direction == "in" and known_as(message.sender) == known_as(ticket.requester)


def _by_mail(person: Person) -> bool:
    return "@" in person.address and not person.address.startswith("@")
