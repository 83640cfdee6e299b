"""The events of a ticket that other programs get: one event a change, with the ticket as it was when it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Event, Ticket

HookEvent = Literal["created", "message", "reply", "note", "draft", "delivery", "assigned", "status", "changed"]
HOOK_EVENTS: tuple[HookEvent, ...] = get_args(HookEvent)
_OF: Mapping[str, HookEvent] = {
    "received": "message",
    "replied": "reply",
    "sent automatically": "reply",
    "noted": "note",
    "drafted": "draft",
    "draft changed": "draft",
    "draft dropped": "draft",
    "assigned": "assigned",
    "opened": "status",
    "waiting": "status",
    "woken": "status",
    "closed": "status",
    "reopened": "status",
    "merged into": "status",
    "unmerged": "status",
    "spam": "status",
}
# Events whose values are words of the program or of rules.yaml; those of others may be a person's.
_PLAIN = frozenset({
    "assigned", "opened", "waiting", "woken", "closed", "reopened", "spam", "priority", "labelled", "unlabelled",
    "linked", "unlinked", "watched by", "no longer watched by", "cause",
})  # fmt: skip
_UNSAID = ("draft", "held")


def hook_event(event: Event, *, first: bool) -> HookEvent:
    """Of which kind it is; `first`: the ticket began with it. Each event has one."""
    if first:
        return "created"
    return "delivery" if event.what.startswith("delivery ") else _OF.get(event.what, "changed")


def hook_body(
    ticket: Ticket, event: Event, sequence: int, *, texts: bool, fields: Mapping[str, FieldSpec]
) -> dict[str, Any]:
    """`sequence` counts the events of the ticket. Without `texts` no word and no address of a customer is in it: of
    `fields` only the values that rules.yaml lists. A note, a draft and what was not sent are in it neither way."""

    def may_say(name: str, value: str) -> bool:
        return texts or not value or (name in fields and value in fields[name].values)

    data: dict[str, Any] = {
        "sequence": sequence,
        "what": event.what.partition(" ")[0] if event.what.startswith(("delivery ", "field ")) else event.what,
        "by": event.actor,
        "ticket": _ticket(ticket, texts=texts)
        | {"fields": {name: value for name, value in ticket.fields.items() if may_say(name, value)}},
    }
    if event.what in _PLAIN:
        data |= {"before": event.before, "after": event.after}
    elif event.what.startswith("field "):
        name = data["field"] = event.what.removeprefix("field ")
        data |= {
            key: value for key, value in (("before", event.before), ("after", event.after)) if may_say(name, value)
        }
    key = event.what.removeprefix("delivery ") if event.what.startswith("delivery ") else event.after
    message = next((one for one in ticket.messages if one.key == key), None)
    if message is not None:
        data["message"] = _message(message, texts=texts)
    kind = f"ticket.{hook_event(event, first=sequence == 1)}"
    return {"type": kind, "timestamp": _instant(event.at), "data": data}


def _ticket(ticket: Ticket, *, texts: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "number": ticket.number,
        "revision": ticket.revision,
        "status": ticket.status,
        "priority": ticket.priority,
        "assignee": ticket.assignee or None,
        "labels": list(ticket.labels),
        "channel": ticket.channel,
        "language": ticket.language or None,
        "opened_at": _instant(ticket.opened_at),
        "closed_at": _instant(ticket.closed_at),
        "wake_at": _instant(ticket.wake_at),
        "resolution": ticket.resolution or None,
        "cause": ticket.cause or None,
        "spam": ticket.spam,
        "merged_into": ticket.merged_into or None,
        "messages": sum(1 for one in ticket.messages if one.delivery not in _UNSAID),
    }
    if texts:
        shape |= {
            "subject": ticket.subject,
            "requester": {"name": ticket.requester.name, "address": ticket.requester.address},
        }
    return shape


def _message(message: Message, *, texts: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "key": message.key,
        "direction": message.direction,
        "kind": message.kind,
        "at": _instant(message.at),
        "author": message.author or None,
        "channel": message.channel,
        "delivery": message.delivery or None,
        "attachments": len(message.attachments),
    }
    if texts and message.kind == "message" and message.delivery not in _UNSAID:
        shape |= {"text": message.text, "from": {"name": message.sender.name, "address": message.sender.address}}
    return shape


def _instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
