"""Puts right who somebody is: another address or name, in everything the desk has noted. What was said in a message
stays as it was said, and the mail as it came."""

from __future__ import annotations

import msgspec

from ticketctl.domain.privacy.person import Identity, Replacer, canonical, takes_part
from ticketctl.domain.privacy.profile import Profile
from ticketctl.domain.privacy.rewriting import Change, rewritten
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.forget import forget
from ticketctl.usecases.privacy.profiles import is_stranger, must_be_a_customer, profile_of, store
from ticketctl.usecases.privacy.trace import erasure_of, nothing_kept
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

RECTIFIED = "person rectified"  # the event


class Rectify(msgspec.Struct, frozen=True, kw_only=True):
    """`address` and `name` are what is right. Two right addresses of one person are linked (link.py)."""

    person: str
    address: str = ""
    name: str = ""


class Rectified(msgspec.Struct, frozen=True, kw_only=True):
    """`tickets` were changed; `waiting` mails of the outbox still go to the old address."""

    before: Profile
    after: Profile
    tickets: tuple[int, ...] = ()
    waiting: int = 0


def rectify(session: Session, request: Rectify, *, keep: bool = True) -> Rectified:
    """One commit. Raises Usage where nothing is to be put right, or an address is none or the desk's; Refused where
    nothing is kept of the person, or all is right already; NotAllowed."""
    session.must("person rectify", keep=keep)
    who = must_be_a_customer(session, request.person)
    if not (request.address or request.name):
        raise Usage("give the right address or name", code="no_change")
    if request.address and not must_be_a_customer(session, request.address).addresses:
        raise Usage("{address} is no address", code="no_address", address=request.address)
    with session.store.transaction(keep=keep) as desk:
        key, before = profile_of(session, desk, who, request.person)
        changed, after = _tickets(session, desk, who, request), before
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
