"""What its writer changes in a message that is here, or takes away: an edit is another version of the same message, a
removal leaves that there was one."""

from __future__ import annotations

import msgspec

from ticketctl.domain.text import language
from ticketctl.domain.ticket.message import Inbound, Message, Version
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.domain.ticket.timeline import answered_after

EDITED = "changed by its writer afterwards"
REMOVED = "removed by its writer"
SINCE_ANSWER = "changed after our answer"


def message_of(ticket: Ticket, identifier: str) -> Message | None:
    """The message of that id, or the one that an edit of that id changed."""
    for one in ticket.messages:
        if one.direction == "in" and (one.message_id == identifier or any(v.id == identifier for v in one.versions)):
            return one
    return None


def edited(ticket: Ticket, act: Act, message: Message, said: Inbound) -> Ticket:
    """With the text of `said`, an edit by the same writer; the same where that is known already. Files stay."""
    if any(one.id == said.message_id for one in message.versions) or REMOVED in message.nature:
        return ticket
    text = said.new_text or said.text
    before = Version(id=said.message_id, at=act.at, text=message.text)
    flagged = [message.flagged] if message.flagged else []
    if answered_after(ticket, message) and SINCE_ANSWER not in message.flagged:
        flagged.append(SINCE_ANSWER)
    after = msgspec.structs.replace(
        message,
        text=text,
        whole="",
        language=language.detect(text[:600]) or message.language,
        versions=(*message.versions, before),
        nature=tuple(dict.fromkeys((*message.nature, EDITED))),
        flagged=", ".join(flagged),
    )
    return _with(ticket, act, after, "edited")


def redacted(ticket: Ticket, act: Act, message: Message, identifier: str) -> Ticket:
    """Without what the message says, its earlier versions, its files and its bytes, and without what a rule noted of
    it; or without the one edit that `identifier` names."""
    if REMOVED in message.nature:
        return ticket
    if message.message_id != identifier:
        return _with(ticket, act, _without_edit(message, identifier), "edited")
    bare = msgspec.structs.replace(
        message, text="", whole="", subject="", attachments=(), raw="", versions=(), nature=(REMOVED,), flagged=""
    )
    after = _with(ticket, act, bare, "removed")
    runs = tuple(one for one in after.rule_runs if one.message != message.key)
    first = next((one for one in ticket.messages if one.direction == "in"), None)
    subject = f"({REMOVED})" if first is not None and first.key == message.key else after.subject
    return msgspec.structs.replace(after, rule_runs=runs, subject=subject)


def _without_edit(message: Message, identifier: str) -> Message:
    """The version before it, or the later one, which is left alone."""
    at = next(number for number, one in enumerate(message.versions) if one.id == identifier)
    gone = message.versions[at]
    later = message.versions[at + 1 :]
    if not later:
        return msgspec.structs.replace(message, text=gone.text, versions=message.versions[:at])
    kept = (msgspec.structs.replace(later[0], text=gone.text), *later[1:])
    return msgspec.structs.replace(message, versions=(*message.versions[:at], *kept))


def _with(ticket: Ticket, act: Act, message: Message, what: str) -> Ticket:
    messages = tuple(message if one.key == message.key else one for one in ticket.messages)
    return ticket.changed(act, what, message.key, messages=messages)
