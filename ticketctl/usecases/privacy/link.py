"""Which addresses, callers and chat visitors are one person: a colleague says so, or says that they are not. Nothing is
ever joined by itself; each message keeps the address that it came from."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from itertools import product

import msgspec
from msgspec.structs import replace

from ticketctl.domain.privacy.person import Identity, folded, meant
from ticketctl.domain.privacy.profile import Profile
from ticketctl.domain.privacy.same_person import MaybeSame, maybe_same
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.profiles import (
    is_stranger,
    must_be_a_customer,
    profile_of,
    profiles,
    store,
    whole_identity,
)
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

APART = "apart "  # facts of the desk: "apart <pseudonym of two persons>" → when a colleague said so


class LinkPersons(msgspec.Struct, frozen=True, kw_only=True):
    """Two spellings of one person: an address of any medium, or how a caller was noted."""

    person: str
    other: str


class UnlinkPersons(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    other: str


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the person, before and after; `unseen` are spellings that no ticket has yet."""

    before: Profile
    after: Profile
    unseen: tuple[str, ...] = ()


def link_persons(session: Session, request: LinkPersons, *, keep: bool = True) -> Linked:
    """From now on both are one person wherever persons are looked for: their other tickets, search, export, erasure.
    Raises Usage for nobody and for the team; Refused where they are one already; NotAllowed."""
    session.must("person link", keep=keep)
    who, other = must_be_a_customer(session, request.person), must_be_a_customer(session, request.other)
    with session.store.transaction(keep=keep) as desk:
        key, before = profile_of(session, desk, who, request.person)
        if before.is_of(other):
            raise Refused(
                "{person} and {other} are one person already",
                code="linked_already",
                person=request.person,
                other=request.other,
            )
        asked = {request.person: who, request.other: other}
        unseen = tuple(written for written, one in asked.items() if is_stranger(desk, one))
        after = _joined(desk, key, before, other, request.other)
        store(desk, key, after)
        for fact in _pairs(session, whole_identity(desk, who), other):
            desk.remember(fact, "")
        if keep:
            note_reading(session, "person link", about=after.addresses)
    return Linked(before=before, after=after, unseen=unseen)


def unlink_persons(session: Session, request: UnlinkPersons, *, keep: bool = True) -> Linked:
    """The other is somebody else: taken out where they were linked, and not suggested again. Notes stay with the
    person. Raises Usage; Refused where that is known already, or both are one spelling; NotAllowed."""
    session.must("person unlink", keep=keep)
    who, other = must_be_a_customer(session, request.person), must_be_a_customer(session, request.other)
    with session.store.transaction(keep=keep) as desk:
        key, before = profile_of(session, desk, who, request.person)
        after = _parted(before, other) if before.is_of(other) else before
        facts = list(_pairs(session, after.identity, other))
        if before == after and all(desk.recall(fact) for fact in facts):
            raise Refused(
                "{person} and {other} are not linked", code="never_linked", person=request.person, other=request.other
            )
        if not after.identity.known_as:
            raise Refused(
                "{person} and {other} are the same address",
                code="same_address",
                person=request.person,
                other=request.other,
            )
        store(desk, key, after)
        for fact in facts:
            desk.remember(fact, session.now.isoformat())
        if keep:
            note_reading(session, "person unlink", about=before.addresses)
    return Linked(before=before, after=after)


def _joined(desk: Desk, key: str, before: Profile, other: Identity, written: str) -> Profile:
    """With the other, and all that is known of them; their own profile is forgotten."""
    after = before
    for known, found in list(profiles(desk)):
        if known != key and found.is_of(other):
            desk.remember(known, "")
            after = _together(after, found)
    callers = after.callers
    if not other.callers <= set(map(folded, callers)):
        callers = (*callers, written.strip())
    return replace(after, addresses=tuple(dict.fromkeys((*after.addresses, *other.addresses))), callers=callers)


def _parted(before: Profile, other: Identity) -> Profile:
    return replace(
        before,
        addresses=tuple(one for one in before.addresses if one not in other.addresses),
        callers=tuple(one for one in before.callers if folded(one) not in other.callers),
    )


def may_be_same(session: Session, desk: Desk, ticket: Ticket, among: Iterable[Ticket]) -> tuple[MaybeSame, ...]:
    """Who may be the ticket's requester too, of those who have one `among` these."""
    who = whole_identity(desk, meant(ticket.requester.address or ticket.requester.name))
    fields = tuple(name for name, spec in session.config.fields.items() if spec.pattern)
    known = {fact for fact, _ in desk.facts(APART)}

    def apart(other: str) -> bool:
        return bool(known) and any(_pair(session, mine, other) in known for mine in who.known_as)

    return maybe_same(ticket, who, among, fields, apart)


def _pairs(session: Session, who: Identity, other: Identity) -> Iterator[str]:
    every = product(sorted(who.known_as), sorted(other.known_as))
    return (_pair(session, one, two) for one, two in every if one != two)


def _pair(session: Session, one: str, other: str) -> str:
    named = "\n".join(sorted((one, other)))
    return APART + hmac.digest(session.key, f"apart:{named}".encode(), "sha256")[:16].hex()


def _together(one: Profile, other: Profile) -> Profile:
    return replace(
        one,
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        callers=tuple(dict.fromkeys((*one.callers, *other.callers))),
        notes=tuple(sorted((*one.notes, *other.notes), key=lambda note: note.at)),
        restricted_at=one.restricted_at or other.restricted_at,
        restricted_by=one.restricted_by or other.restricted_by,
    )
