"""Puts right who somebody is: another address or name, in everything the desk has noted; which addresses are one
person's. What was said in a message stays as it was said, and the mail as it came."""

from __future__ import annotations

import msgspec

from ticketctl.domain.privacy.person import Identity, Replacer, canonical, meant, takes_part
from ticketctl.domain.privacy.profile import Profile
from ticketctl.domain.privacy.rewriting import Change, rewritten
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.forget import forget
from ticketctl.usecases.privacy.profiles import is_stranger, must_be_a_customer, profile_of, profiles, store
from ticketctl.usecases.privacy.trace import erasure_of, nothing_kept
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

RECTIFIED = "person rectified"  # the event


class Rectify(msgspec.Struct, frozen=True, kw_only=True):
    """`address` and `name` are what is right. `same_as` is another address of the same person: messages keep the
    address they came from. `not_same_as` takes that back. Nothing is ever joined by name alone."""

    person: str
    address: str = ""
    name: str = ""
    same_as: str = ""
    not_same_as: str = ""


class Rectified(msgspec.Struct, frozen=True, kw_only=True):
    """`tickets` were changed; `waiting` mails of the outbox still go to the old address."""

    before: Profile
    after: Profile
    tickets: tuple[int, ...] = ()
    waiting: int = 0


def rectify(session: Session, request: Rectify, *, keep: bool = True) -> Rectified:
    """One commit. Raises Usage where nothing is to be put right, or an address is none or the desk's; Refused where
    nothing is kept of the person, or the addresses were never joined; NotAllowed."""
    session.must("person rectify", keep=keep)
    who = must_be_a_customer(session, request.person)
    if not (request.address or request.name or request.same_as or request.not_same_as):
        raise Usage("give the right address or name, or another address of the same person", code="no_change")
    for address in (request.address, request.same_as, request.not_same_as):
        if address and not must_be_a_customer(session, address).addresses:
            raise Usage("{address} is no address", code="no_address", address=address)
    with session.store.transaction(keep=keep) as desk:
        key, before = profile_of(session, desk, who, request.person)
        changed = _tickets(session, desk, who, request) if request.address or request.name else ()
        after = _joined(desk, key, before, request)
        if request.address:
            new = canonical(request.address)
            after = msgspec.structs.replace(after, addresses=tuple(dict.fromkeys((new, *after.addresses))))
        if request.name:
            after = msgspec.structs.replace(after, names=_names(session, desk, who, after, request.name))
        _must_be_something(desk, who, before, after, changed)
        store(desk, key, after)
        if keep:
            note_reading(session, "person rectify", about=after.addresses)
        waiting = sum(item.pending and any(map(who.owns, item.recipients)) for item in desk.outbox())
    return Rectified(before=before, after=after, tickets=changed, waiting=waiting if request.address else 0)


def _must_be_something(desk: Desk, who: Identity, before: Profile, after: Profile, changed: tuple[int, ...]) -> None:
    if before != after or changed:
        return
    if is_stranger(desk, who):
        raise nothing_kept()
    raise Refused("it is correct already; nothing was changed", code="nothing_rectified")


def _joined(desk: Desk, key: str, before: Profile, request: Rectify) -> Profile:
    """With the other address, and all that is known of it; or without."""
    after = before
    if request.same_as:
        other = meant(request.same_as)
        for known, found in list(profiles(desk)):
            if known != key and found.is_of(other):
                desk.remember(known, "")
                after = _together(after, found)
        after = msgspec.structs.replace(after, addresses=tuple(dict.fromkeys((*after.addresses, *other.addresses))))
    if request.not_same_as:
        gone = canonical(request.not_same_as)
        if gone not in after.addresses or len(after.addresses) < 2:
            raise Refused("{address} was never joined to this person", code="never_joined", address=request.not_same_as)
        after = msgspec.structs.replace(after, addresses=tuple(one for one in after.addresses if one != gone))
    return after


def _together(one: Profile, other: Profile) -> Profile:
    return msgspec.structs.replace(
        one,
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        callers=tuple(dict.fromkeys((*one.callers, *other.callers))),
        notes=tuple(sorted((*one.notes, *other.notes), key=lambda note: note.at)),
        restricted_at=one.restricted_at or other.restricted_at,
        restricted_by=one.restricted_by or other.restricted_by,
    )


def _names(session: Session, desk: Desk, who: Identity, profile: Profile, right: str) -> tuple[str, ...]:
    """Old names are kept, so that texts with them are found when the person is erased."""
    old = (*profile.names, *(name for name in erasure_of(session, desk, who).who.names if name != right))
    return tuple(dict.fromkeys(old))


def _tickets(session: Session, desk: Desk, who: Identity, request: Rectify) -> tuple[int, ...]:
    """Every ticket in which the person takes part, archived ones too; their number."""
    known = erasure_of(session, desk, who)
    old = Identity(addresses=who.addresses, callers=who.callers, names=known.who.names)
    change = _right(old, request)
    act = Act(session.actor, session.now, "person rectify")
    changed: list[tuple[Ticket, Ticket | None]] = []
    for outline in list(desk.find(archive=True)):
        if takes_part(outline, old):
            before = desk.get(outline.number)
            after = rewritten(before, change)
            if after != before:
                changed.append((before, desk.save(after.changed(act, RECTIFIED))))
    forget(session, desk, changed)
    return tuple(before.number for before, _ in changed)


def _right(old: Identity, request: Rectify) -> Change:
    """Address and name, each where it is given, in persons and in what the desk noted about them."""
    address = canonical(request.address) if request.address else ""
    replacer = Replacer(old, address or None, request.name or None)

    def put(person: Person) -> Person:
        if not old.means(person):
            return person
        return Person(address or person.address, request.name or person.name)

    return Change(
        person=put,
        address=lambda one: address if address and old.owns(one) else one,
        texts={"words": replacer.replaced, "label": replacer.replaced},
    )
