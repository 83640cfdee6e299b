"""What somebody would do next about a ticket."""

from __future__ import annotations

from typing import Literal

import msgspec

from ticketctl.domain.reply.several_requesters import awaits_answer, same_reply
from ticketctl.domain.ticket.answering import exchanges
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import LOST, Ticket

Situation = Literal[
    "merged", "spam", "closed", "draft", "held", "not_delivered", "not_delivered_to", "customer_answers", "unassigned",
    "one_waits", "customer_waits", "answered",
]  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """`situation` is what the ticket is in, which says what to do. `target` is the ticket that it was merged into,
    `message` the key of a draft, `person` who waits for an answer, or whom a reply to several did not reach; `agent`
    owns it."""

    situation: Situation
    ticket: int
    target: int = 0
    message: str = ""
    person: str = ""
    agent: str = ""


def next_step(ticket: Ticket) -> Step:
    number = ticket.number
    if ticket.merged_into:
        return Step("merged", number, target=ticket.merged_into)
    if ticket.closed:
        return Step("spam" if ticket.spam else "closed", number)
    if draft := next((one for one in ticket.messages if one.delivery == "draft"), None):
        return Step("draft", number, message=draft.key)
    replies = [one for one in ticket.messages if one.is_reply]
    if any(one.delivery == "held" for one in replies):
        return Step("held", number)
    lost = [one for one in (same_reply(ticket, replies[-1]) if replies else ()) if one.delivery in LOST]
    if lost:
        if len(parties(ticket)) > 1 and lost[0].to:
            return Step("not_delivered_to", number, person=lost[0].to[0].address)
        return Step("not_delivered", number)
    if ticket.status == "waiting":
        return Step("customer_answers", number)
    if not ticket.assignee:
        return Step("unassigned", number)
    return _of_an_open_one(ticket)


def _of_an_open_one(ticket: Ticket) -> Step:
    number, agent = ticket.number, ticket.assignee
    every = [one for _, one in parties(ticket)]
    if waiting := [one.requester for one in every[1:] if awaits_answer(one)]:
        return Step("one_waits", number, person=waiting[0].address or waiting[0].name, agent=agent)
    own = every[0]
    if any(one.settled is None for one in exchanges(own, [one for one in own.messages if one.is_reply])):
        return Step("customer_waits", number, agent=agent)
    return Step("answered", number)
