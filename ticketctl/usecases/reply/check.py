"""The reply check: hints about a text before it is sent, objections to it, a refusal where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.results import Objected, Objection
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import stored_ticket

if TYPE_CHECKING:
    from ticketctl.domain.reply.check import Hint

Manner = Literal["", "strict", "off"]


def hints_for(session: Session, ticket: Ticket, text: str) -> tuple[Hint, ...]:
    """What is noticed about `text` as a reply on `ticket`, beside all that is active on the desk; for each of several
    requesters who reads its language, who must hear nothing of the others."""
    from ticketctl.domain.reply.check import check
    from ticketctl.domain.reply.other_customers import as_stranger, others_of
    from ticketctl.domain.reply.several_requesters import greeted, readers
    from ticketctl.domain.ticket.parties import parties
    from ticketctl.usecases.reply.recipients import spoken

    languages = spoken(session)
    known = [one.ticket for one in readers(ticket, text, languages)]
    found: dict[tuple[str, ...], Hint] = {}
    with session.store.reading() as desk:
        active = list(desk.find(ACTIVE))
    for party in known:
        own_text = greeted(text, ticket.requester, party.requester)
        beside = [as_stranger(number, one) for number, one in parties(ticket) if one.requester != party.requester]
        others = others_of(party, [*active, *beside], _ours(session))
        for hint in check(own_text, party, spoken=languages, others=others):
            found.setdefault((hint.code, *hint.facts.values()), hint)
    return tuple(found.values())


def check(session: Session, number: int, text: str, *, attached: bool) -> tuple[Hint, ...]:
    """What a reply check notices about `text`, with a forgotten attachment first."""
    hints = hints_for(session, stored_ticket(session, number), text)
    return (*(() if attached else unattached(text)), *hints)


def unattached(text: str) -> tuple[Hint, ...]:
    """That it speaks of an attachment, for a text without one."""
    from ticketctl.domain.reply.check import Hint
    from ticketctl.domain.text.attachment_words import speaks_of_attachment

    phrase = speaks_of_attachment(text)
    return (Hint(code="attachment", severity="warning", facts={"phrase": phrase}),) if phrase else ()


def attachment_objections(number: int, text: str) -> list[Objection]:
    """The same as an objection."""
    said = "the text speaks of an attachment, and there is none"
    return [Objection("attachment_missing", said, number, hint.facts) for hint in unattached(text)]


def checked(session: Session, number: int, text: str, manner: Manner, *, asked: bool) -> tuple[Hint, ...]:
    """The hints, where `asked` or the manner is strict. Raises Objected for any of them where `manner`, or else
    `outgoing: check:`, is strict."""
    manner = manner or _manner(session)
    if manner == "off" or not (asked or manner == "strict"):
        return ()
    hints = hints_for(session, stored_ticket(session, number), text)
    if hints and manner == "strict":
        raise Objected(Objection("checked_strictly", "replies are checked strictly", number, {"hints": hints}))
    return hints


def check_objections(
    session: Session, number: int, text: str, hints: tuple[Hint, ...], manner: Manner
) -> list[Objection]:
    """One for the places that are left to fill in, one for numbers and passwords, one for all other warnings; each has
    all hints in its facts."""
    from ticketctl.domain.reply.check import own_words, sensitive, unfilled

    if (manner or _manner(session)) == "off":
        return []
    found = []
    if places := unfilled(own_words(text)):
        facts = {"hints": hints, "places": places}
        found.append(Objection("not_filled_in", "there are places left to fill in", number, facts))
    if told := sensitive(own_words(text)):
        facts = {"hints": hints or told, "sensitive": told}
        found.append(Objection("holds_sensitive", "the text holds what does not belong in a mail", number, facts))
    if any(one.severity == "warning" and one.code not in ("unfilled", "personal_number") for one in hints):
        found.append(Objection("check_warning", "the reply check warns", number, {"hints": hints}))
    return found


def _manner(session: Session) -> Manner:
    wanted = session.config.outgoing.check if session.config.outgoing else ""
    return "strict" if wanted == "strict" else "off" if wanted == "off" else ""


def _ours(session: Session) -> frozenset[str]:
    """Names and addresses that anybody may know."""
    from ticketctl.usecases.reply.headers import own_addresses

    team = session.config.team
    return own_addresses(session) | {one.email for one in team} | {one.name for one in team} | {session.config.name}
