"""Replies that wait for their time (`reply --later`), and replies that are taken back before they have left.

A scheduled reply is in the outbox with all its bytes from the start; only its Date is written anew when it leaves, as
mail programs sort by it. It answers what was known when it was written: where a customer writes in between it is held
back, until a person releases it, or takes it back to a draft. Until it has left the ticket is as it was, open, and no
promise is kept by it; what `--wait` and `--close` asked for happens then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused

CLOSE = "close"  # Message.wait of a reply that closes its ticket
STAY_OPEN = "stay-open"
WAITING = frozenset({"queued", "held", "deferred"})  # deliveries of which nobody has got anything yet


def scheduled(act: Act, ticket: Ticket, key: str, leaves_at: datetime, wait: str) -> Ticket:
    """The ticket whose reply `key`, just queued, leaves then; `wait` is what happens to the ticket when it has."""
    message = msgspec.structs.replace(ticket.message(key), leaves_at=leaves_at, wait=wait)
    return _changed(act, ticket, message, "scheduled", leaves_at.isoformat())


def aside(ticket: Ticket, key: str) -> Ticket:
    """The ticket whose reply `key` answers nobody of those who wrote."""
    return _replaced(ticket, msgspec.structs.replace(ticket.message(key), aside=True))


def together(ticket: Ticket, keys: Sequence[str]) -> Ticket:
    """The ticket whose newest mail, the last of `keys`, is of the same reply as the first."""
    if len(keys) < 2:
        return ticket
    return _replaced(ticket, msgspec.structs.replace(ticket.message(keys[-1]), together=keys[0]))


def came_between(ticket: Ticket, message_id: str) -> Message | None:
    """The newest message from outside that is in the ticket since that mail of ours was written; None for none."""
    messages = ticket.messages
    ours = next((at for at, one in enumerate(messages) if one.message_id == message_id), len(messages))
    return next((one for one in reversed(messages[ours + 1 :]) if one.from_customer), None)


def held(item: Outbound, between: Message) -> Outbound:
    """The mail held back because of that message."""
    who = between.sender.name or between.sender.address
    return msgspec.structs.replace(item, state="held", next_at=None, error=f"{who} wrote in between ({between.key})")


def is_scheduled(item: Outbound) -> bool:
    """Whether it still waits for its time, or is held back."""
    return item.leaves_at is not None and not item.attempts


def state_of(item: Outbound) -> str:
    """Its state as people call it."""
    return "scheduled" if item.state == "queued" and is_scheduled(item) else item.state


def departing(item: Outbound, raw: str, now: datetime) -> Outbound:
    """A scheduled mail whose time has come, or that a person lets go: a queued one like all others from now on, with
    the bytes `raw` (dated now). Its five days begin now too."""
    return msgspec.structs.replace(
        item, state="queued", raw=raw, queued_at=now, next_at=None, leaves_at=None, error="", refused={}
    )


def departed(act: Act, ticket: Ticket, message_id: str, raw: str, *, released: bool) -> Ticket:
    """Its ticket then. Where a person has released it past what came in between, it answers that too: it stands behind
    it, as if it were written now."""
    message = next((one for one in ticket.messages if one.message_id == message_id), None)
    if message is None:
        return ticket
    between = released and came_between(ticket, message_id) is not None
    at = act.at if between else message.at
    after = msgspec.structs.replace(message, raw=raw, leaves_at=None, at=at)
    if not released:
        return _replaced(ticket, after)
    ticket = _changed(act, ticket, after, "released", "")
    if not between:
        return ticket
    others = tuple(one for one in ticket.messages if one.key != after.key)
    return msgspec.structs.replace(ticket, messages=(*others, after))


def takeable(item: Outbound) -> bool:
    """Whether nobody can have got it yet, so that it can be taken back."""
    return item.state in WAITING and not item.accepted and not item.resent


def taken_back(act: Act, ticket: Ticket, key: str) -> Ticket:
    """The ticket with that reply as a draft again. The caller takes it out of the outbox; raises Refused for what is
    no reply that waits there."""
    message = ticket.message(key)
    if not message.is_reply or message.delivery not in WAITING:
        raise Refused(
            "#{number} {key} is not a reply that waits in the outbox",
            code="not_in_outbox",
            number=ticket.number,
            key=key,
        )
    draft = msgspec.structs.replace(
        message, delivery="draft", message_id="", references=(), subject="", whole="", raw="", leaves_at=None,
        together="",
        wait="" if message.wait == CLOSE else message.wait,
    )  # fmt: skip
    return _changed(act, ticket, draft, "taken back", "draft")


def of_ticket(outbox: Iterable[Outbound], number: int) -> list[Outbound]:
    """The replies on that ticket that are in the outbox, oldest first."""
    found = (item for item in outbox if item.ticket == number and item.kind == "reply")
    return sorted(found, key=lambda item: item.queued_at)


def _changed(act: Act, ticket: Ticket, message: Message, what: str, after: str) -> Ticket:
    return _replaced(ticket.changed(act, what, message.key, after), message)


def _replaced(ticket: Ticket, message: Message) -> Ticket:
    messages = tuple(message if one.key == message.key else one for one in ticket.messages)
    return msgspec.structs.replace(ticket, messages=messages)
