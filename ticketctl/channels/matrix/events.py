"""What a room's events say, without asking anybody: which of them are messages, of which thread, and what they change
(Matrix client-server API v1.11, section "Instant messaging")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

OWN_ID = "ticketctl.message_id"  # in the content of what we send: the id of our message
NEW = re.compile(r"(?i)!new\b[ \t:,.–-]*")
_FILES = frozenset({"m.file", "m.image", "m.audio", "m.video"})
_FALLBACK = re.compile(r"\A> <[^\n]*(?:\n>[^\n]*)*\n\n?")
ENCRYPTED = "encrypted with Matrix: can't be read here; ask for it in a room without encryption"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a person: a message, an edit of one (`edits`), or what takes one away (`redacts`). `thread` is the
    event that its thread began with, `answers` the event that it answers. `file` is the content of a file's event."""

    id: str
    room: str
    sender: str
    at: datetime
    text: str = ""
    new_matter: bool = False
    thread: str = ""
    answers: str = ""
    edits: str = ""
    redacts: str = ""
    file: Mapping[str, Any] | None = None
    encrypted: bool = False


def said(room: str, event: Mapping[str, Any]) -> Said | None:
    """None for what is no person's message. A notice (m.notice) is a machine's: to answer it would be a loop."""
    kind, content = event.get("type"), _map(event.get("content"))
    one = Said(id=_text(event, "event_id"), room=room, sender=_text(event, "sender"), at=_when(event))
    if not one.id or not one.sender or "state_key" in event:
        return None
    if kind == "m.room.redaction":
        gone = _text(content, "redacts") or _text(event, "redacts")
        return msgspec.structs.replace(one, redacts=gone) if gone else None
    relation = _map(content.get("m.relates_to"))
    one = _related(one, relation)
    if kind == "m.room.encrypted":
        return msgspec.structs.replace(one, encrypted=True)
    if kind == "m.sticker":
        return msgspec.structs.replace(one, text=_text(content, "body"))
    if kind != "m.room.message" or _text(content, "msgtype") in ("", "m.notice"):
        return None
    if relation.get("rel_type") == "m.replace":
        edited = _map(content.get("m.new_content")) or content
        return _worded(msgspec.structs.replace(one, edits=_text(relation, "event_id")), edited)
    return _worded(one, content)


def _related(one: Said, relation: Mapping[str, Any]) -> Said:
    thread = _text(relation, "event_id") if relation.get("rel_type") == "m.thread" else ""
    answers = _text(_map(relation.get("m.in_reply_to")), "event_id")
    if thread and relation.get("is_falling_back") is True:
        answers = ""
    return msgspec.structs.replace(one, thread=thread, answers=answers)


def _worded(one: Said, content: Mapping[str, Any]) -> Said:
    """A file's `body` is its caption where it has a `filename` beside it."""
    text, kind = _text(content, "body"), _text(content, "msgtype")
    if kind in _FILES:
        name = _text(content, "filename")
        caption = text if name and name != text else ""
        return msgspec.structs.replace(one, text=caption, file={**content, "filename": name or text})
    if kind == "m.emote":
        text = f"* {text}"
    if one.answers or one.edits:
        text = _FALLBACK.sub("", text)
    begins = NEW.match(text)
    return msgspec.structs.replace(one, text=text[begins.end() :] or text if begins else text, new_matter=bool(begins))


def _when(event: Mapping[str, Any]) -> datetime:
    stamp = event.get("origin_server_ts")
    if isinstance(stamp, int) and 0 < stamp < 32_503_680_000_000:  # the year 3000
        return datetime.fromtimestamp(stamp / 1000, UTC)
    return datetime.min.replace(tzinfo=UTC)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    return value if isinstance(value, str) else ""
