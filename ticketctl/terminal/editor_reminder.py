"""The conversation as a writer wants it beside the text: what the customer asked last, then the others, newest first;
as plain lines, all controls made visible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import local, zone
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.session import Session

MOST_MESSAGES = 12
MOST_LINES = 120


def reminder(shell: Shell, ticket: Ticket, to: Sequence[str], below: str = "") -> Iterator[str]:
    """What is being answered, for below the scissors line."""
    yield "What you write above the line is sent; it and all below are left out."
    yield "Write nothing to send nothing."
    yield ""
    yield from to
    yield line(f"About #{ticket.number} {ticket.subject}")
    said = [message for message in ticket.messages if message.delivery != "draft"]
    asked = next((message for message in reversed(said) if message.from_customer), None)
    texts = shown_texts(said)
    if asked:
        yield from told(shell.session, [asked], texts)
        yield ""
    if below:
        yield "This is added below what you write:"
        yield from (f"  {line(one)}" for one in below.split("\n"))
    yield from told(shell.session, [message for message in said[-MOST_MESSAGES:] if message is not asked], texts)
    if len(said) > MOST_MESSAGES:
        yield ""
        yield f"… {len(said) - MOST_MESSAGES} older; `ticketctl show {ticket.number}` has all."


def told(session: Session, messages: Sequence[Message], texts: Mapping[str, str] | None = None) -> Iterator[str]:
    """These messages, the newest first; `texts` by key are what is shown of them, where that is more than was newly
    written."""
    where = zone(session.config.timezone)
    for message in reversed(messages):
        lines = safe((texts or {}).get(message.key, message.text)).splitlines()
        yield ""
        if message.kind == "automatic" and message.direction == "out":
            yield line(f"Automatic answer, {local(message.at, where)}")
            continue
        yield line(f"{_who(message)}, {local(message.at, where)}:")
        yield from (f"  {one}".rstrip() for one in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"  … {len(lines) - MOST_LINES} more lines"


def _who(message: Message) -> str:
    if message.kind == "note":
        return f"Note by {message.author} (internal)"
    if message.direction == "out":
        return f"{'Draft' if message.delivery == 'draft' else 'Reply'} by {message.author}"
    return str(message.sender)
