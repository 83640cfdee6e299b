"""What the visitor of a chat sees of their ticket, and how far they have seen it. Pure.

The page, the poll, the files and the transcript in a mail all ask here, and this asks ticket/seen.py: notes, drafts,
what has not been sent, and what was said with anybody else are not among it.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from ticketctl.domain.ticket.message import MAIL, Message
from ticketctl.domain.ticket.seen import is_for
from ticketctl.domain.ticket.ticket import Ticket


def visible(ticket: Ticket, visitor: str) -> tuple[Message, ...]:
    """What the visitor of that address wrote, and what was sent to them, in the order in which it appeared. A mail of
    ours to the address that they named is among it until somebody has answered from there: that is perhaps not they."""
    named = {one.address for message in ticket.messages if _is_own(message, visitor) for one in message.reply_to}
    heard = min(
        (one.at for one in ticket.messages if one.direction == "in" and one.sender.address in named), default=None
    )
    found = []
    for message in ticket.messages:
        mailed = message.direction == "out" and message.channel == MAIL and (heard is None or message.at < heard)
        if is_for(message, visitor) or (mailed and any(is_for(message, one) for one in named)):
            found.append(message)
    return tuple(sorted(found, key=shown_at))  # stable: what appeared in the same instant stays in order


def shown_at(message: Message) -> datetime:
    """When it appeared."""
    return message.delivered_at or message.at


def cursor(number: int, messages: tuple[Message, ...]) -> str:
    """How far somebody has seen the chat of that ticket, of which those messages are what they may see."""
    return f"{number}-{len(messages)}-{_digest(messages)}" if number else ""


def unseen(seen: str, number: int, messages: tuple[Message, ...]) -> tuple[bool, tuple[Message, ...]]:
    """Whether all is to be shown anew, and what: after that cursor, or all of it where the cursor is of another ticket
    or of another beginning than there is now."""
    ticket, _, rest = seen.partition("-")
    count, _, digest = rest.partition("-")
    known = ticket == str(number) and count.isascii() and count.isdigit() and int(count) <= len(messages)
    if known and _digest(messages[: int(count)]) == digest:
        return False, messages[int(count) :]
    return True, messages


def _is_own(message: Message, visitor: str) -> bool:
    return message.direction == "in" and message.kind == "message" and message.sender.address == visitor


def _digest(messages: tuple[Message, ...]) -> str:
    return sha256(" ".join(one.key for one in messages).encode()).hexdigest()[:16]
