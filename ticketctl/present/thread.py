"""A ticket as people read it: who and what on top, then the conversation, newest last. Nothing here trusts the
text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from itertools import takewhile

import msgspec

from ticketctl.content.terminal import folded, line, safe, shortened
from ticketctl.content.times import age, ahead, local
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Event, Ticket

INDENT = "    "
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", re.ASCII)
RULE = "─"

MOST_OTHERS = 10  # open tickets of one person that are named


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How to show it: `width` in terminal columns; `full` with quoted history; `why` with the reason of each
    message; `requester` is the address of the one whose matter it is."""

    now: datetime
    zone: tzinfo
    width: int
    full: bool = False
    why: bool = False
    requester: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line and what it is, for the command to colour: "title", "head", "note", "draft", "warning", "dim" or ""."""

    text: str
    kind: str = ""


def header(ticket: Ticket, due: datetime | None, view: View, promised: datetime | None = None) -> Iterator[Line]:
    """The facts of a ticket, those that are empty left out; `promised` is a date that we owe."""
    yield from wrapped(f"#{ticket.number}  {line(ticket.subject) or '(no subject)'}", view.width, "", kind="title")
    state = [ticket.status, ticket.priority, ticket.assignee or "nobody’s"]
    state.append(f"opened {local(ticket.opened_at, view.zone)} ({age(ticket.opened_at, view.now)} ago)")
    late = due is not None and due < view.now and not ticket.closed
    if due is not None and not ticket.closed:
        state.append(f"due {ahead(due, view.now)}")
    yield from wrapped(" · ".join(state), view.width, "", kind="warning" if late else "")
    if promised is not None:
        owed = f"{local(promised, view.zone)} ({ahead(promised, view.now)})"
        yield from wrapped(f"{'Promised':<11}{owed}", view.width, "", kind="warning" if promised < view.now else "")
    for name, value in _facts(ticket, view):
        yield from wrapped(value, view.width, " " * 11, first=f"{name:<11}")


def others(also_open: Sequence[Ticket], closed: Sequence[Ticket], view: View) -> Iterator[Line]:
    """What else there is from the requester."""
    if also_open:
        named = ", ".join(f"#{one.number} {line(one.subject) or '(no subject)'}" for one in also_open[:MOST_OTHERS])
        more = f" and {len(also_open) - MOST_OTHERS} more" if len(also_open) > MOST_OTHERS else ""
        yield from wrapped(f"Also open from this person: {named}{more}", view.width, "", kind="warning")
    if closed:
        named = ", ".join(f"#{one.number} {line(one.subject) or '(no subject)'}" for one in closed)
        yield from wrapped(f"Closed before: {named}", view.width, "")


def conversation(messages: Sequence[Message], view: View) -> Iterator[Line]:
    """In the order in which they arrived or were written, however late they were fetched. What `showing` leaves out of
    a text is told in a line, and shown with `view.full`."""
    ordered = sorted(messages, key=lambda one: one.at)
    texts = {} if view.full else shown_texts(ordered)
    for at, message in enumerate(ordered):
        if at and _same_reply(ordered[at - 1], message):
            continue
        same = [message, *takewhile(partial(_same_reply, message), ordered[at + 1 :])]
        yield Line("")
        yield from _message(message, messages, view, texts.get(message.key, message.text), same)
        if any(message.at < one.at < message.known_at for one in ordered[at + 1 :] if one.direction == "out"):
            told = f"! fetched only {local(message.known_at, view.zone)}: who wrote the reply below had not seen it"
            yield from wrapped(told, view.width, INDENT, kind="warning")


def history(events: Sequence[Event], view: View) -> Iterator[Line]:
    """Who changed what, from what to what, and why, oldest first."""
    yield Line("")
    yield Line("History", "head")
    for event in events:
        told = event_words(event, view.zone)
        yield from wrapped(told, view.width, " " * 29, first=f"  {local(event.at, view.zone):<27}")


def event_words(event: Event, zone: tzinfo) -> str:
    """ "alice: waiting open → Fri 2026-11-27 08:00 (reply)", instants in the desk's time."""
    before, after = (_spoken(value, zone) for value in (event.before, event.after))
    both = before and after and event.what != "merged from"  # what it found is kept for unmerge
    change = f" {before} → {after}" if both else f" {after or before}"
    why = f" ({event.why})" if event.why else ""
    return line(f"{event.actor or 'somebody'}: {event.what}{change.rstrip()}{why}")


def _spoken(value: str, zone: tzinfo) -> str:
    """History keeps instants as RFC 3339, beside words and numbers."""
    return local(datetime.fromisoformat(value), zone) if _INSTANT.fullmatch(value) else value


def instants_spoken(text: str, zone: tzinfo) -> str:
    """The text with the instants in it in the desk's time."""
    return _INSTANT.sub(lambda found: _spoken(found[0], zone), text)


# --- the facts ---


def _facts(ticket: Ticket, view: View) -> Iterator[tuple[str, str]]:
    yield "From", line(str(ticket.requester)) or "–"
    if ticket.participants:
        yield "With", ", ".join(line(str(person)) for person in ticket.participants)
    if ticket.watchers:
        yield "Watched by", ", ".join(map(line, ticket.watchers))
    if ticket.channel != "email":
        yield "Came by", ticket.channel
    if ticket.labels:
        yield "Labels", ", ".join(map(line, ticket.labels))
    if ticket.fields:
        yield "Fields", ", ".join(f"{line(name)}={line(value)}" for name, value in ticket.fields.items())
    if ticket.wake_at:
        yield "Wakes", local(ticket.wake_at, view.zone)
    if ticket.closed_at:
        yield "Closed", f"{local(ticket.closed_at, view.zone)}, {_ending(ticket)}"
    if ticket.cause:
        yield "Cause", line(ticket.cause)
    if ticket.lesson:
        yield "Lesson", line(ticket.lesson)
    if ticket.links:
        yield "Links", ", ".join(_link(ticket, link.to, link.kind) for link in ticket.links)


def _ending(ticket: Ticket) -> str:
    if ticket.merged_into:
        return f"merged into #{ticket.merged_into}"
    return ticket.resolution.replace("_", " ") or "solved"


def _link(ticket: Ticket, to: int, kind: str) -> str:
    if kind == "merged":
        return f"merged into #{to}" if to == ticket.merged_into else f"#{to} merged into this"
    return f"#{to} ({kind})"


# --- one message ---


def _same_reply(one: Message, other: Message) -> bool:
    """Whether both are one reply of ours to several people, each in a mail of their own, that fared alike."""
    alike = ("at", "author", "kind", "direction", "text", "delivery", "leaves_at", "attachments", "flagged", "nature")
    return one.direction == "out" and all(getattr(one, name) == getattr(other, name) for name in alike)


def _undecided(flagged: str, requester: str) -> str:
    """Without the offer to make it the matter of the one whose it is already (domain.mail.filing)."""
    return re.sub(rf": `\w+ requester \d+ {re.escape(requester)}` makes it theirs", "", flagged)


def _message(
    message: Message, messages: Sequence[Message], view: View, shown: str, same: Sequence[Message]
) -> Iterator[Line]:
    """`same`: the message and those that say the same to others, which are not shown again."""
    head = f"{_who(message, view)}  {local(message.at, view.zone)}  [{', '.join(one.key for one in same)}]"
    if _folded(message, view):
        text = shortened(f"{head}  {line(message.text)}", max(20, view.width - len(FULL)))
        yield Line(f"{text}{FULL}", "dim")
        return
    yield from wrapped(head, view.width, "", kind=_kind(message))
    to = "; ".join(filter(None, map(_recipients, same)))
    if message.direction == "out" and to:
        yield from wrapped(to, view.width, INDENT, kind="dim")
    if message.reply_to:
        asked = f"! asks for answers to {', '.join(line(str(one)) for one in message.reply_to)}"
        yield from wrapped(asked, view.width, INDENT, kind="warning")
    if message.delivery in TROUBLE:
        yield from wrapped(f"! {TROUBLE[message.delivery]}", view.width, INDENT, kind="warning")
    if message.flagged:
        flagged = _undecided(line(message.flagged), view.requester)
        yield from wrapped(f"! {flagged}", view.width, INDENT, kind="warning")
    for told in message.nature:
        about = _about(message, messages, view) if message.machine == "read_receipt" else ""
        yield from wrapped(f"* {line(told)}{about}", view.width, INDENT, kind="note")
    if view.why:
        yield from wrapped(f"why here: {line(message.why) or 'not told'}", view.width, INDENT, kind="dim")
    yield from _text(message, view, shown)
    for attachment in message.attachments:
        told = f"attached: {line(attachment.name) or '(no name)'} ({line(attachment.type)}, {size(attachment.size)})"
        yield from wrapped(told, view.width, INDENT, kind="dim")


def _recipients(message: Message) -> str:
    """ "to Åsa Öberg <asa@kund.example>; copy to bo@kund.example" """
    heads = (("to", message.to), ("copy to", message.cc), ("blind copy to", message.bcc))
    return "; ".join(f"{head} {', '.join(line(str(one)) for one in persons)}" for head, persons in heads if persons)


FULL = "  --full"


def _folded(message: Message, view: View) -> bool:
    """An automatic answer of ours says what all of them say; one that is in trouble is shown."""
    ours = message.kind == "automatic" and message.direction == "out"
    return ours and not (view.full or view.why or message.delivery in TROUBLE or message.flagged)


def _about(receipt: Message, messages: Sequence[Message], view: View) -> str:
    """Which of our replies a receipt is for."""
    ours = [one for one in messages if one.direction == "out" and one.message_id in receipt.references]
    return f" for our reply of {local(ours[-1].at, view.zone)}" if ours else ""


TROUBLE = {
    "failed": "not delivered: the receiving server refused it",
    "bounced": "not delivered: it came back",
    "uncertain": "perhaps delivered: the connection broke at the end",
    "deferred": "not delivered yet: it is tried again",
    "held": "held back: somebody wrote in between; `ticketctl outbox` releases it or makes it a draft",
}


def _who(message: Message, view: View) -> str:
    author = line(message.author)
    if message.kind == "note":
        return f"Note by {author or line(str(message.sender))}"
    if message.delivery == "draft":
        return f"Draft by {author}, not sent"
    if message.direction == "out":
        waits = f"leaves {local(message.leaves_at, view.zone)}" if message.leaves_at else "waits in the outbox"
        sent = {"queued": waits, "sent": "sent", "held": "held back"}.get(message.delivery, "")
        who = "Automatic answer" if message.kind == "automatic" else f"Reply by {author}"
        return f"{who}, {sent}" if sent else who
    machine = f" ({message.machine.replace('_', ' ')})" if message.machine else ""
    return f"{line(str(message.sender)) or 'Somebody'}{machine}"


def _kind(message: Message) -> str:
    if message.kind == "note" or message.delivery == "draft":
        return "note" if message.kind == "note" else "draft"
    return "dim" if message.machine or message.kind in ("automatic", "bounce") else "head"


def _text(message: Message, view: View, shown: str) -> Iterator[Line]:
    whole = message.whole or message.text
    text = whole if view.full else shown
    for paragraph in safe(text).strip("\n").split("\n"):
        yield from wrapped(paragraph.expandtabs(4).rstrip(), view.width, INDENT)
    hidden = _count(whole) - _count(text)
    if hidden > 0:
        lines = f"{hidden} more line{'s' if hidden > 1 else ''}"
        yield Line(f"{INDENT}… {lines} of quoted text and signature: --full", "dim")


def _count(text: str) -> int:
    return sum(1 for one in text.splitlines() if one.strip())


def size(count: int) -> str:
    """Bytes in words: "812 B", "12 kB", "3.4 MB"."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


# --- lines that fit ---


def wrapped(text: str, width: int, indent: str, first: str | None = None, kind: str = "") -> Iterator[Line]:
    """`text` in lines of at most `width` columns, the first after `first`."""
    return (Line(one, kind) for one in folded(text, width, indent, first))
