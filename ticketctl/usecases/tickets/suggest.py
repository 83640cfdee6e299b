"""`triage --suggest`: what similar closed tickets propose, with the reason and what to type. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from ticketctl.content.terminal import as_json, line
from ticketctl.domain.reply.suggest import Past, Proposal, suggest
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import available, note_reading
from ticketctl.usecases.session import Session

REMEMBERED = timedelta(days=730)
NEW = Query(statuses=frozenset({"new"}))


def say_suggestions(session: Session, numbers: Sequence[int]) -> None:
    """For `numbers`, else for all new tickets. Raises NoSuchTicket."""
    with session.store.reading() as desk:
        tickets = [desk.get(number) for number in numbers] or list(desk.find(NEW, texts=True))
        past = Past(_closed(session, desk))
    for ticket in tickets:
        note_reading(session, "suggest", ticket.number)
        found = suggest(ticket, past, session.config.fields, session.config.labels, available(session))
        session.out.say(as_json(_shape(ticket, found)) if session.out.json else "\n".join(_lines(ticket, found)))
    if not tickets and not session.out.json:
        session.out.say("no new tickets")


def _closed(session: Session, desk: Desk) -> Iterable[Ticket]:
    query = Query(statuses=frozenset({"closed"}), spam=False, opened_from=session.now - REMEMBERED)
    return desk.find(query, archive=True, texts=True)


def _lines(ticket: Ticket, found: list[Proposal]) -> list[str]:
    head = f"#{ticket.number} {line(ticket.subject) or '(no subject)'}"
    if not found:
        return [head, "  nothing: no closed ticket is like it, or those that are differ"]
    wide = max(len(line(one.what)) for one in found)
    widest = max(len(line(one.value)) for one in found)
    told = [
        f"  {line(one.what):<{wide}}  {line(one.value):<{widest}}  {one.share:>4.0%}  like {_numbers(one)}"
        for one in found
    ]
    return [head, *told, *(f"  → `{typed}`" for typed in commands(ticket.number, found))]


def _numbers(one: Proposal) -> str:
    return ", ".join(f"#{number}" for number in one.like)


def commands(number: int, found: Sequence[Proposal]) -> list[str]:
    """What a person types who agrees."""
    of = {what: [one.value for one in found if one.what == what] for what in ("label", "owner", "snippet")}
    fields = [f"{one.what}={_quoted(one.value)}" for one in found if one.what not in of]
    return [
        *([f"ticketctl set {number} {' '.join(fields)}"] if fields else []),
        *([f"ticketctl label {number} {' '.join('+' + value for value in of['label'])}"] if of["label"] else []),
        *(f"ticketctl assign {number} {value}" for value in of["owner"]),
        *(f"ticketctl reply {number} --snippet {value}" for value in of["snippet"]),
    ]


def _quoted(value: str) -> str:
    return f"'{value}'" if " " in value else value


def _shape(ticket: Ticket, found: list[Proposal]) -> dict[str, object]:
    return {
        "ticket": ticket.number,
        "proposals": [
            {"what": one.what, "value": one.value, "share": one.share, "like": list(one.like)} for one in found
        ],
    }
