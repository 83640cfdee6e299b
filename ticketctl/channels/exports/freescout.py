"""FreeScout: what `GET /api/conversations?embed=threads` and `GET /api/conversations/ID?embed=threads,tags` give, pages
or conversations, in any number of files. Files lie under their `fileUrl`'s last two parts, or under their name.

Source of the fields: FreeScout's API & Webhooks module (api-docs.freescout.net), whose shape is Help Scout's, as
jacobb84/freescout-api (MIT; src/freescout/models.py) models its answers. A custom field with choices has a number in
`value` and the words in `text`; a thread of a chat or a call is the customer's where `createdBy` says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from ticketctl.channels.exports.common import Json, instant, text_of

_STATUS = {"active": "open", "open": "open", "pending": "waiting", "closed": "closed", "spam": "closed"}
_CHANNEL = {"phone": "phone", "chat": "chat"}
_SKIPPED = ("draft", "deleted")


def tickets(found: Sequence[tuple[str, Json]], zone: str) -> Iterator[tuple[str, Json]]:
    for place, one in found:
        page = (one.get("_embedded") or {}).get("conversations")
        for conversation in page if isinstance(page, list) else [one]:
            if conversation.get("state") not in _SKIPPED and "number" in conversation:
                yield place, _ticket(conversation, zone)


def _ticket(one: Json, zone: str) -> Json:
    embedded = one.get("_embedded") or {}
    threads = [thread for thread in embedded.get("threads") or () if thread.get("state") not in _SKIPPED]
    said = [thread for thread in threads if thread.get("type") != "lineitem"]
    status = str(one.get("status", "active")).lower()
    fields = {
        str(field.get("name")): str(field.get("text") or field.get("value") or "")
        for field in one.get("customFields") or ()
    }
    return {
        "system": "freescout",
        "number": one["number"],
        "subject": one.get("subject") or "",
        "status": _STATUS.get(status, "open"),
        "spam": status == "spam",
        "requester": _person(one.get("customer") or one.get("primaryCustomer")),
        "assignee": (one.get("assignee") or {}).get("email"),
        "labels": [str(tag.get("name") or tag.get("tag")) for tag in embedded.get("tags") or one.get("tags") or ()],
        "fields": {name: value for name, value in fields.items() if value},
        "opened_at": instant(one.get("createdAt"), zone),
        "closed_at": instant(one.get("closedAt"), zone) if status in ("closed", "spam") else None,
        "channel": _CHANNEL.get(str(one.get("type", "")).lower(), "email"),
        "messages": [_message(thread, zone) for thread in said],
        "events": [_event(thread, zone) for thread in threads if thread.get("type") == "lineitem"],
    }


def _message(one: Json, zone: str) -> Json:
    kind = str(one.get("type", "message")).lower()
    writer = one.get("createdBy") or {}
    theirs = kind == "customer" or (kind != "note" and writer.get("type") == "customer")
    direction = "in" if theirs else "internal" if kind == "note" else "out"
    return {
        "at": instant(one.get("createdAt"), zone),
        "direction": direction,
        "kind": "note" if kind == "note" else "message",
        "from": _person((one.get("customer") or writer) if direction == "in" else writer),
        "to": _addresses(one.get("to")),
        "cc": _addresses(one.get("cc")),
        "bcc": _addresses(one.get("bcc")),
        "text": text_of(one.get("body"), html=True),
        "message_id": one.get("message_id") or one.get("messageId"),
        "author": writer.get("email") if direction != "in" else None,
        "attachments": [_file(file) for file in (one.get("_embedded") or {}).get("attachments") or ()],
    }


def _event(one: Json, zone: str) -> Json:
    what = (one.get("action") or {}).get("text") or text_of(one.get("body"), html=True) or "changed"
    actor = (one.get("createdBy") or {}).get("email")
    return {"at": instant(one.get("createdAt"), zone), "actor": actor, "what": what}


def _person(value: object) -> Json | None:
    if not isinstance(value, dict):
        return None
    names = (value.get("firstName") or value.get("first"), value.get("lastName") or value.get("last"))
    name = " ".join(str(part) for part in names if part)
    return {"address": str(value.get("email") or "").lower(), "name": name}


def _addresses(value: object) -> list[Json]:
    return [{"address": str(one).lower()} for one in value or () if "@" in str(one)] if isinstance(value, list) else []


def _file(one: Json) -> Json:
    address = urlsplit(str(one.get("fileUrl") or "")).path.strip("/").split("/")
    return {
        "name": one.get("fileName") or "attachment",
        "type": one.get("mimeType") or "application/octet-stream",
        "size": int(one.get("size") or 0),
        "path": "/".join(address[-2:]) if address[-1] else str(one.get("fileName") or ""),
    }
