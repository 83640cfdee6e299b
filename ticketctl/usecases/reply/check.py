"""The reply check: hints about a text before it is sent, objections to it, a refusal where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.usecases.results import Objection
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
    found: dict[str, Hint] = {}
    with session.store.reading() as desk:
        active = list(desk.find(ACTIVE))
    for party in known:
        own_text = greeted(text, ticket.requester, party.requester)
        beside = [as_stranger(number, one) for number, one in parties(ticket) if one.requester != party.requester]
        others = others_of(party, [*active, *beside], _ours(session))
        for hint in check(own_text, party, spoken=languages, others=others):
            found.setdefault(hint.text, hint)
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
    found = f"the text says “{phrase}”, but nothing is attached"
    return (Hint(code="attachment", text=found, severity="warning"),) if phrase else ()


def attachment_objections(number: int, text: str) -> list[Objection]:
    """The same as an objection."""
    return [
        Objection("attachment_missing", f"{hint.text}; nothing was sent", number, {"found": hint.text})
        for hint in unattached(text)
    ]


def checked(session: Session, number: int, text: str, manner: Manner, *, asked: bool) -> tuple[Hint, ...]:
    """The hints, where `asked` or the manner is strict. Raises Refused for any of them where `manner`, or else
    `outgoing: check:`, is strict."""
    manner = manner or _manner(session)
    if manner == "off" or not (asked or manner == "strict"):
        return ()
    hints = hints_for(session, stored_ticket(session, number), text)
    if hints and manner == "strict":
        found = "\n".join(f"#{number}: {line}" for line in told_of(hints))
        text = f"{found}\n#{number}: nothing was sent, because replies are checked strictly"
        raise Refused(text, code="checked_strictly")
    return hints


def check_objections(
    session: Session, number: int, text: str, hints: tuple[Hint, ...], manner: Manner
) -> list[Objection]:
    """One for the places that are left to fill in, one for all other warnings; each has all hints in its facts."""
    from ticketctl.domain.reply.check import own_words, unfilled

    if (manner or _manner(session)) == "off":
        return []
    facts = {"hints": "\n".join(told_of(hints))}
    found = []
    if places := unfilled(own_words(text)):
        lines = "\n".join(f"#{number}: line {one.line}: not filled in: {one.found}" for one in places)
        text = f"{lines}\n#{number}: nothing was sent; fill it in"
        found.append(Objection("not_filled_in", text, number, facts))
    if others := tuple(one for one in hints if one.severity == "warning" and one.code != "unfilled"):
        lines = "\n".join(f"#{number}: {line}" for line in told_of(others))
        found.append(Objection("check_warning", f"{lines}\n#{number}: nothing was sent", number, facts))
    return found


def told_of(hints: tuple[Hint, ...]) -> list[str]:
    """A line each."""
    return [f"{one.severity}: {f'line {one.line}: ' if one.line else ''}{one.text}" for one in hints]


def shape(hints: tuple[Hint, ...]) -> list[dict[str, Any]]:
    return [{"code": one.code, "severity": one.severity, "line": one.line or None, "text": one.text} for one in hints]


def _manner(session: Session) -> Manner:
    wanted = session.config.outgoing.check if session.config.outgoing else ""
    return "strict" if wanted == "strict" else "off" if wanted == "off" else ""


def _ours(session: Session) -> frozenset[str]:
    """Names and addresses that anybody may know."""
    from ticketctl.usecases.reply.headers import own_addresses

    team = session.config.team
    return own_addresses(session) | {one.email for one in team} | {one.name for one in team} | {session.config.name}
