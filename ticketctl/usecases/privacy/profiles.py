"""Notes about customers, restrictions, and which addresses are one person's: a fact of the desk each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from ticketctl.domain.privacy.person import Identity, canonical, joined, meant, people_of, takes_part
from ticketctl.domain.privacy.profile import PersonNote, Profile
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

PREFIX = "person "  # facts of the desk, by an id that says nothing


class WriteFact(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is added to what is known of `person`, an address or how a caller was noted; `drop` is the number of a
    note, from 1, that is taken away instead."""

    person: str
    text: str = ""
    drop: int = 0


class Restrict(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    lift: bool = False


class Known(msgspec.Struct, frozen=True):
    """What is known of a person beside their tickets, before and after. `stranger`: they take part in no ticket."""

    before: Profile
    after: Profile
    stranger: bool = False


def write_fact(session: Session, request: WriteFact, *, keep: bool = True) -> Known:
    """Raises Refused where there is no text, or no such note; Usage for an address of the team's, and for a note both
    to add and to drop; NotAllowed."""
    session.must("person note", keep=keep)
    text = request.text.strip()
    if text and request.drop:
        raise Usage("give a note to add, or the number of a note to drop, not both", code="add_and_drop")
    if not text and not request.drop:
        raise Refused("no text was given, so nothing was changed", code="no_text")

    def noted(before: Profile) -> Profile:
        notes = before.notes
        if request.drop:
            if not 0 < request.drop <= len(notes):
                raise Refused("there is no note {number}", code="no_person_note", number=request.drop)
            return msgspec.structs.replace(before, notes=notes[: request.drop - 1] + notes[request.drop :])
        note = PersonNote(at=session.now, by=session.actor, text=text)
        return msgspec.structs.replace(before, notes=(*notes, note))

    return _changed(session, request.person, noted, "person note", keep=keep)


def restrict(session: Session, request: Restrict, *, keep: bool = True) -> Known:
    """From now on the person's data is kept and nothing else is done with it: no automatic mail, no deletion by
    retention; whoever shows a ticket is told. Raises Usage, NotAllowed."""
    session.must("person restrict", keep=keep)

    def restricted(before: Profile) -> Profile:
        if request.lift:
            return msgspec.structs.replace(before, restricted_at=None, restricted_by="")
        if before.restricted_at:
            return before
        return msgspec.structs.replace(before, restricted_at=session.now, restricted_by=session.actor)

    return _changed(session, request.person, restricted, "person restrict", keep=keep)


def _changed(session: Session, written: str, decide: Callable[[Profile], Profile], action: str, *, keep: bool) -> Known:
    who = must_be_a_customer(session, written)
    with session.store.transaction(keep=keep) as desk:
        key, before = profile_of(session, desk, who, written)
        after = decide(before)
        store(desk, key, after)
        if keep and after != before:
            note_reading(session, action, about=after.addresses)
        return Known(before, after, is_stranger(desk, who))


def is_stranger(desk: Desk, who: Identity) -> bool:
    """Whether no ticket has the person as requester or participant, archived ones too."""
    whole = whole_identity(desk, who)
    return not any(takes_part(ticket, whole) for ticket in desk.find(archive=True))


def must_be_a_customer(session: Session, written: str) -> Identity:
    """Whom an argument means. Raises Usage for nobody, and for addresses of the desk and its team."""
    if not written.strip():
        raise Usage("give an address, or the name or number of a caller", code="no_person")
    who = meant(written)
    if who.addresses & ours(session):
        raise Usage(
            "{person} is an address of the team or the desk, not of a customer; remove whoever has left from team: "
            "in rules.yaml",
            code="person_of_the_team",
            person=written,
        )
    return who


def ours(session: Session) -> frozenset[str]:
    """Canonical addresses of the desk and its team."""
    from ticketctl.usecases.reply.headers import own_addresses  # `show` reads profiles, and pays for no mail headers

    own = own_addresses(session) if session.config.outgoing else frozenset(session.config.addresses)
    return frozenset(map(canonical, (*own, *(agent.email for agent in session.config.team))))


def profiles(desk: Desk) -> Iterator[tuple[str, Profile]]:
    """By the key of the fact."""
    for key, text in desk.facts(PREFIX):
        yield key, msgspec.json.decode(text, type=Profile)


def profile_of(session: Session, desk: Desk, who: Identity, written: str = "") -> tuple[str, Profile]:
    """The person's, or a new one."""
    for key, found in profiles(desk):
        if found.is_of(who):
            return key, found
    callers = (written.strip(),) if who.callers else ()
    return f"{PREFIX}{session.new_id()[:16]}", Profile(addresses=tuple(sorted(who.addresses)), callers=callers)


def store(desk: Desk, key: str, profile: Profile) -> None:
    desk.remember(key, "" if profile.bare else msgspec.json.encode(profile).decode())


def whole_identity(desk: Desk, who: Identity) -> Identity:
    """With old and merged addresses, and old names."""
    for _, found in profiles(desk):
        if found.is_of(who):
            return joined(who, found.identity)
    return who


def known_of(desk: Desk, ticket: Ticket) -> Profile | None:
    """What is known of the ticket's requester; None where nothing is."""
    if not (ticket.requester.address or ticket.requester.name):
        return None
    for _, found in profiles(desk):
        if found.identity.means(ticket.requester):
            return found
    return None


def forget_strangers(desk: Desk, before: datetime) -> None:
    """Forgets what was noted before then about persons of whom no ticket is left."""
    known = [(key, found) for key, found in profiles(desk) if all(note.at < before for note in found.notes)]
    for ticket in desk.find(archive=True) if known else ():
        people = list(people_of(ticket))
        known = [(key, found) for key, found in known if not any(map(found.identity.means, people))]
    for key, _ in known:
        desk.remember(key, "")
        desk.leave_no_copy()


def restricted_identities(desk: Desk) -> Sequence[Identity]:
    return [found.identity for _, found in profiles(desk) if found.restricted_at]
