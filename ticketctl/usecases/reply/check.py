"""The reply check at work: hints for a person before a reply leaves, a refusal where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.usecases.session import Session

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


def unattached(text: str) -> tuple[Hint, ...]:
    """That it speaks of an attachment; `reply` asks about that by itself before it sends."""
    from ticketctl.domain.reply.check import Hint
    from ticketctl.domain.text.attachment_words import speaks_of_attachment

    phrase = speaks_of_attachment(text)
    told = f"the text says “{phrase}”, but nothing is attached"
    return (Hint(code="attachment", text=told, severity="warning"),) if phrase else ()


def checked(session: Session, ticket: Ticket, text: str, manner: Manner) -> tuple[Hint, ...] | None:
    """The hints, told to whoever sits there; they are asked where there is a warning, and None means that they want to
    write on. Raises Refused where they say no, and for any hint where `manner`, or else `outgoing: check:`, is strict.
    Nobody there: a place left to fill in is refused, and nothing else asked or told."""
    manner = manner or _manner(session)
    asking = session.out.asks
    if manner == "off":
        return ()
    if not asking and manner != "strict":
        must_be_filled_in(ticket.number, text)
    if not (asking or session.out.json or manner == "strict"):
        return ()
    hints = hints_for(session, ticket, text)
    if hints and manner == "strict":
        told = "\n".join(f"#{ticket.number}: {line}" for line in told_of(hints))
        means = "`--no-check` means it so"
        raise Refused(f"{told}\n#{ticket.number}: nothing was sent, because replies are checked strictly; {means}")
    if asking:
        for line in told_of(hints):
            session.out.warn(line)
        if any(one.severity == "warning" for one in hints) and not _means_it():
            return None
    return hints


def must_be_filled_in(number: int, text: str) -> None:
    """Raises Refused where a place is left to fill in, since nobody can be asked."""
    from ticketctl.domain.reply.check import own_words, unfilled

    places = unfilled(own_words(text))
    if places:
        told = "\n".join(f"#{number}: line {one.line}: not filled in: {one.found}" for one in places)
        raise Refused(f"{told}\n#{number}: nothing was sent; fill it in, or `--no-check` means it so")


def _means_it() -> bool:
    """Whether it leaves as it is; False: back to the editor. Raises Refused for a no."""
    answer = click.prompt("Send it all the same? [y]es, [e]dit, [N]o", default="n", show_default=False, err=True)
    letter = answer.strip()[:1].lower()
    if letter not in ("y", "j", "e"):  # j: ja
        raise Refused("nothing was sent")
    return letter != "e"


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
