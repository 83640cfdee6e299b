"""A ticket as people read it: who and what on top, then the conversation, newest last. Nothing here trusts the
text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

import msgspec

from ticketctl.content.terminal import folded, line, safe, shortened
from ticketctl.content.times import age, ahead, local
from ticketctl.content.words import PRIORITY, PROMISE, STATUS, decimal, known, percent
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.message import PASSED_ON, Message, Person
from ticketctl.domain.ticket.ticket import THERE, Event, Ticket
from ticketctl.domain.ticket.timeline import came_by
from ticketctl.present.words import Say, say_in
from ticketctl.present.words.show import EVENTS, TEXTS
from ticketctl.present.words.stored import in_words
from ticketctl.present.words.terms import channel_word

if TYPE_CHECKING:
    from ticketctl.domain.deadlines.deadlines import Deadline
    from ticketctl.domain.deadlines.promises import Promise
    from ticketctl.domain.reply.next_step import Step
    from ticketctl.usecases.views.show import Shown, Why

INDENT = "    "
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", re.ASCII)
HEAD = 11  # columns of a fact's name
MOST_OTHERS = 10  # open tickets of one person that are named


class ThreadLayout(msgspec.Struct, frozen=True, kw_only=True):
    """How to show it: `width` in terminal columns; `full` with quoted history; `why` with the reason of each message;
    `history` with every change."""

    now: datetime
    zone: tzinfo
    width: int
    language: str = "en"
    full: bool = False
    why: bool = False
    history: bool = False

    @property
    def say(self) -> Say:
        return say_in(self.language, TEXTS)

    def local(self, moment: datetime) -> str:
        return local(moment, self.zone, self.language)

    def ahead(self, moment: datetime) -> str:
        return ahead(moment, self.now, self.language)


class Line(msgspec.Struct, frozen=True):
    """A line and what it is, for the command to colour: "title", "head", "note", "draft", "warning", "dim" or ""."""

    text: str
    kind: str = ""


def thread(shown: Shown, layout: ThreadLayout) -> Iterator[Line]:
    """The whole of it."""
    yield from header(shown.ticket, shown.due_at, layout, shown.promised_at)
    yield from noted(shown, layout)
    yield from others(shown.also_open, shown.closed_before, layout)
    yield from maybe_same(shown, layout)
    for one in shown.writing:
        here, now = one.since.astimezone(layout.zone), layout.now.astimezone(layout.zone)
        since = f"{here:%H:%M}" if here.date() == now.date() else f"{here:%Y-%m-%d %H:%M}"
        yield Line(layout.say("writing", agent=line(one.agent), since=since), "warning")
    yield from conversation(shown.ticket.messages, layout, shown.ticket)
    if layout.history:
        yield from history(shown.ticket.events, layout)
    if shown.why is not None:
        yield from reasons(shown.ticket, shown.why, layout)
    if shown.answers is not None:
        from ticketctl.present.past_answers import answer_lines

        yield Line("")
        yield from answer_lines(shown.answers, layout)


def noted(shown: Shown, layout: ThreadLayout) -> Iterator[Line]:
    """What is known of the requester, and what may not be done."""
    say = layout.say
    if shown.ticket.legal_hold:
        yield from wrapped(say("legal_hold", why=line(shown.ticket.legal_hold)), layout.width, "", kind="warning")
    if shown.known is None:
        return
    if shown.known.restricted_at:
        text = say("restricted", at=layout.local(shown.known.restricted_at))
        yield from wrapped(text, layout.width, "", kind="warning")
    for note in shown.known.notes:
        text = say("known", text=line(note.text), by=line(note.by), at=layout.local(note.at))
        yield from wrapped(text, layout.width, "", kind="note")


def header(
    ticket: Ticket, due: datetime | None, layout: ThreadLayout, promised: datetime | None = None
) -> Iterator[Line]:
    """The facts of a ticket, those that are empty left out; `promised` is a date that we owe."""
    say, width = layout.say, layout.width
    yield from wrapped(f"#{ticket.number}  {_subject(ticket, say)}", width, "", kind="title")
    language = known(layout.language)
    state = [STATUS[language][ticket.status], PRIORITY[language][ticket.priority], ticket.assignee or say("unassigned")]
    since = age(ticket.opened_at, layout.now, layout.language)
    state.append(say("opened", at=layout.local(ticket.opened_at), age=since))
    late = due is not None and due < layout.now and not ticket.closed
    if due is not None and not ticket.closed:
        state.append(say("due", when=layout.ahead(due)))
    yield from wrapped(" · ".join(state), width, "", kind="warning" if late else "")
    if promised is not None:
        owed = f"{layout.local(promised)} ({layout.ahead(promised)})"
        kind = "warning" if promised < layout.now else ""
        yield from wrapped(f"{say('promised'):<{HEAD}}{owed}", width, "", kind=kind)
    for name, value in _facts(ticket, layout):
        yield from wrapped(value, width, " " * HEAD, first=f"{say(name):<{HEAD}}")


def others(also_open: Sequence[Ticket], closed: Sequence[Ticket], layout: ThreadLayout) -> Iterator[Line]:
    """What else there is from the requester."""
    say = layout.say
    if also_open:
        tickets = _named(also_open[:MOST_OTHERS], say)
        if len(also_open) > MOST_OTHERS:
            tickets = say("and_more", tickets=tickets, count=len(also_open) - MOST_OTHERS)
        yield from wrapped(say("also_open", tickets=tickets), layout.width, "", kind="warning")
    if closed:
        yield from wrapped(say("closed_before", tickets=_named(closed, say)), layout.width, "")


def maybe_same(shown: Shown, layout: ThreadLayout) -> Iterator[Line]:
    """Who may be the requester too: a question for whoever reads this."""
    if shown.maybe_same:
        from ticketctl.present.words.person_link import maybe_lines

        for text in maybe_lines(shown.maybe_same, layout.language):
            yield from wrapped(text, layout.width, "", kind="note")


def conversation(messages: Sequence[Message], layout: ThreadLayout, ticket: Ticket) -> Iterator[Line]:
    """In the order in which they arrived or were written, however late they were fetched. What `showing` leaves out of
    a text is counted in a line, and shown with `layout.full`."""
    ordered = sorted(messages, key=lambda one: one.at)
    texts = {} if layout.full else shown_texts(ordered)
    for at, message in enumerate(ordered):
        if at and _same_reply(ordered[at - 1], message):
            continue
        same = [message, *takewhile(partial(_same_reply, message), ordered[at + 1 :])]
        yield Line("")
        if _folded(message, layout):
            yield _in_one_line(message, same, layout)
            continue
        yield from _message(message, same, layout, ticket)
        yield from _nature(message, messages, layout)
        yield from _body(message, layout, texts.get(message.key, message.text))
        if any(message.at < one.at < message.known_at for one in ordered[at + 1 :] if one.direction == "out"):
            late = layout.say("fetched_late", when=layout.local(message.known_at))
            yield from wrapped(late, layout.width, INDENT, kind="warning")


def history(events: Sequence[Event], layout: ThreadLayout) -> Iterator[Line]:
    """Who changed what, from what to what, and why, oldest first."""
    yield Line("")
    yield Line(layout.say("history"), "head")
    for event in events:
        words = event_words(event, layout.zone, layout.language)
        yield from wrapped(words, layout.width, " " * 29, first=f"  {layout.local(event.at):<27}")


def event_words(event: Event, zone: tzinfo, language: str = "en") -> str:
    """ "alice: waiting open → Fri 2026-11-27 08:00 (reply)", instants in the desk's time."""
    cause, language = in_words(event.why, language) if event.why else ("", language)  # no line in two languages
    before, after = (_value(event.what, value, zone, language) for value in (event.before, event.after))
    both = before and after and event.what != "merged from"  # what it found is kept for unmerge
    change = f" {before} → {after}" if both else f" {after or before}"
    why = f" ({cause})" if cause else ""
    say = say_in(language, TEXTS)
    what = f"{_event_name(event.what, language)}{change.rstrip()}{why}"
    return line(say("event" if event.actor else "event_by_nobody", actor=event.actor, what=what))


def instants_spoken(text: str, zone: tzinfo, language: str = "en") -> str:
    """The text with the instants in it in the desk's time."""
    return _INSTANT.sub(lambda found: local(datetime.fromisoformat(found[0]), zone, language), text)


def reasons(ticket: Ticket, why: Why, layout: ThreadLayout) -> Iterator[Line]:
    """What is promised, which rules have run, and what to do next."""
    say, width = layout.say, layout.width
    yield Line("")
    yield Line(say("promises"), "head")
    for one in why.deadlines:
        yield from wrapped(_deadline(one, layout), width, "  ", kind="warning" if one.state == "breached" else "")
    for word in why.promises:
        yield from wrapped(_promise(word, layout), width, "  ", kind="warning" if word.broken(layout.now) else "")
    if not why.deadlines:
        language = known(layout.language)
        state = {"priority": PRIORITY[language][ticket.priority], "status": STATUS[language][ticket.status]}
        yield Line(f"  {say('no_promises', **state)}")
    if ticket.fired:
        yield Line("")
        yield Line(say("ran"), "head")
        for fired in ticket.fired:
            occasion = instants_spoken(fired.occasion, layout.zone, layout.language)
            yield from wrapped(f"{layout.local(fired.at)}  {fired.rule} ({occasion})", width, "  ")
    yield Line("")
    yield from wrapped(say("next", step=_step(why.next, say)), width, "", kind="head")


# --- the facts ---


def _subject(ticket: Ticket, say: Say) -> str:
    return line(ticket.subject) or say("no_subject")


def _named(tickets: Sequence[Ticket], say: Say) -> str:
    return ", ".join(f"#{one.number} {_subject(one, say)}" for one in tickets)


def _facts(ticket: Ticket, layout: ThreadLayout) -> Iterator[tuple[str, str]]:
    """Key of the name, value."""
    yield "from", line(str(ticket.requester)) or "–"
    if ticket.participants:
        yield "with", _persons(ticket.participants)
    if ticket.watchers:
        yield "watched_by", ", ".join(map(line, ticket.watchers))
    if ticket.channel != "email":
        yield "came_by", channel_word(ticket.channel, layout.language)
    if ticket.labels:
        yield "labels", ", ".join(map(line, ticket.labels))
    if ticket.fields:
        yield "fields", ", ".join(f"{line(name)}={line(value)}" for name, value in ticket.fields.items())
    if ticket.wake_at:
        yield "wakes", layout.local(ticket.wake_at)
    if ticket.closed_at:
        yield "closed", f"{layout.local(ticket.closed_at)}, {_ending(ticket, layout.say)}"
    if ticket.cause:
        yield "cause", line(ticket.cause)
    if ticket.lesson:
        yield "lesson", line(ticket.lesson)
    if ticket.links:
        yield "links", ", ".join(_link(ticket, link.to, link.kind, layout.say) for link in ticket.links)


def _ending(ticket: Ticket, say: Say) -> str:
    if ticket.merged_into:
        return say("merged_into", number=ticket.merged_into)
    return say(ticket.resolution) if ticket.resolution in TEXTS["en"] else line(ticket.resolution) or say("solved")


def _link(ticket: Ticket, to: int, kind: str, say: Say) -> str:
    if kind == "merged":
        return say("merged_into" if to == ticket.merged_into else "merged_here", number=to)
    return say(kind, number=to)


def _persons(persons: Sequence[Person]) -> str:
    return ", ".join(line(str(one)) for one in persons)


# --- one message ---


def _same_reply(one: Message, other: Message) -> bool:
    """Whether both are one reply of ours to several people, each in a mail of their own, that fared alike."""
    alike = ("at", "author", "kind", "direction", "text", "delivery", "leaves_at", "attachments", "flagged", "nature")
    return one.direction == "out" and all(getattr(one, name) == getattr(other, name) for name in alike)


def _flagged(flagged: str, ticket: Ticket, language: str) -> str:
    """With what makes a ticket the matter of the person whose mail was passed on, until it is theirs."""
    flagged = re.sub(r": `\w+ requester \d+ \S+` makes it theirs", "", flagged)  # older flags named a command
    said, spoken = in_words(flagged, language)
    _, _, person = flagged.partition(PASSED_ON)
    written = Person.of(person)
    if not person or written.address == ticket.requester.address:
        return said
    return said + say_in(spoken, TEXTS)("whose", number=ticket.number, address=written.address or "ADDRESS")


def _head(message: Message, same: Sequence[Message], layout: ThreadLayout) -> str:
    """`same`: the message and those that say the same to others, which are not shown again."""
    return f"{_who(message, layout)}  {layout.local(message.at)}  [{', '.join(one.key for one in same)}]"


def _in_one_line(message: Message, same: Sequence[Message], layout: ThreadLayout) -> Line:
    text, more = f"{_head(message, same, layout)}  {line(message.text)}", layout.say("more")
    return Line(f"{shortened(text, max(20, layout.width - len(more)))}{more}", "dim")


def _message(message: Message, same: Sequence[Message], layout: ThreadLayout, ticket: Ticket) -> Iterator[Line]:
    """Who, to whom, and what somebody must know about it."""
    say, width = layout.say, layout.width
    yield from wrapped(_head(message, same, layout), width, "", kind=_kind(message))
    to = "; ".join(filter(None, (_recipients(one, say) for one in same)))
    if message.direction == "out" and to:
        yield from wrapped(to, width, INDENT, kind="dim")
    if (door := came_by(ticket, message)) != ticket.channel and message.direction != "internal":
        by = channel_word(door, layout.language)
        yield from wrapped(f"{say('came_by')}: {by}", width, INDENT, kind="dim")
    if message.reply_to:
        asked = say("wants_answers_at", persons=_persons(message.reply_to))
        yield from wrapped(asked, width, INDENT, kind="warning")
    if message.delivery in TROUBLE:
        yield from wrapped(say(message.delivery), width, INDENT, kind="warning")
    if message.flagged:
        yield from wrapped(
            f"! {_flagged(line(message.flagged), ticket, layout.language)}", width, INDENT, kind="warning"
        )


def _nature(message: Message, messages: Sequence[Message], layout: ThreadLayout) -> Iterator[Line]:
    """What it is besides its text; of a receipt, for which of our replies."""
    replied = [one for one in messages if one.direction == "out" and one.message_id in message.references]
    for sentence in map(line, message.nature):
        what, language = in_words(sentence, layout.language)
        if message.machine == "read_receipt" and replied:
            when = local(replied[-1].at, layout.zone, language)
            what = say_in(language, TEXTS)("for_reply_of", what=what, when=when)
        yield from wrapped(f"* {what}", layout.width, INDENT, kind="note")


def _body(message: Message, layout: ThreadLayout, shown: str) -> Iterator[Line]:
    say, width = layout.say, layout.width
    if layout.why:
        why, language = in_words(line(message.why) or "unknown", layout.language)
        yield from wrapped(say_in(language, TEXTS)("why_here", why=why), width, INDENT, kind="dim")
    yield from _text(message, layout, shown)
    for one in message.versions:
        earlier = say("earlier", when=layout.local(one.at), text=line(one.text))
        yield Line(f"{INDENT}{shortened(earlier, max(20, width - len(INDENT)))}", "dim")
    for attachment in message.attachments:
        facts = {"type": line(attachment.type), "size": size(attachment.size, layout.language)}
        attached = say("attached", name=line(attachment.name) or say("no_name"), **facts)
        yield from wrapped(attached, width, INDENT, kind="dim")


def _recipients(message: Message, say: Say) -> str:
    """ "to Åsa Öberg <asa@kund.example>; copy to bo@kund.example" """
    heads = (("to", message.to), ("copy_to", message.cc), ("blind_copy_to", message.bcc))
    return "; ".join(say(key, persons=_persons(persons)) for key, persons in heads if persons)


def _folded(message: Message, layout: ThreadLayout) -> bool:
    """An automatic answer of ours says what all of them say; one that is in trouble is shown."""
    ours = message.kind == "automatic" and message.direction == "out"
    return ours and not (layout.full or layout.why or message.delivery in TROUBLE or message.flagged)


TROUBLE = ("failed", "bounced", "uncertain", "deferred", "held")


def _who(message: Message, layout: ThreadLayout) -> str:
    say, author = layout.say, line(message.author)
    if message.kind == "note":
        return say("note_by", author=author or line(str(message.sender)))
    if message.delivery == "draft":
        return say("draft_by", author=author)
    if message.direction == "out":
        waits = say("leaves", when=layout.local(message.leaves_at)) if message.leaves_at else say("queued")
        state = {"queued": waits, "sent": say("sent"), "held": say("held_back")}.get(message.delivery, "")
        who = say("automatic_answer") if message.kind == "automatic" else say("reply_by", author=author)
        return say("in_state", who=who, state=state) if state else who
    machine = f" ({say(message.machine)})" if message.machine else ""
    return f"{line(str(message.sender)) or say('somebody')}{machine}"


def _kind(message: Message) -> str:
    if message.kind == "note" or message.delivery == "draft":
        return "note" if message.kind == "note" else "draft"
    return "dim" if message.machine or message.kind in ("automatic", "bounce") else "head"


def _text(message: Message, layout: ThreadLayout, shown: str) -> Iterator[Line]:
    whole = message.whole or message.text
    text = whole if layout.full else shown
    for paragraph in safe(text).strip("\n").split("\n"):
        yield from wrapped(paragraph.expandtabs(4).rstrip(), layout.width, INDENT)
    hidden = _count(whole) - _count(text)
    if hidden > 0:
        words = layout.say("hidden_line" if hidden == 1 else "hidden_lines", count=hidden)
        yield Line(f"{INDENT}{words}", "dim")


def _count(text: str) -> int:
    return sum(1 for one in text.splitlines() if one.strip())


def size(count: int, language: str = "en") -> str:
    """Bytes in words: "812 B", "12 kB", "3.4 MB"; "3,4 MB" in Swedish."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{decimal(f'{count / 1_000_000:.1f}', language)} MB"


# --- history ---


def _event_name(what: str, language: str) -> str:
    """A kind of change; of "field area", "delivery m2" and "there: assigned" the first word is the kind."""
    table = EVENTS.get(language, {})
    if what in table:
        return table[what]
    kind, _, rest = what.partition(" ")
    if kind == THERE:
        return f"{table.get(kind, kind)} {table.get(rest, rest)}"
    return f"{table[kind]} {rest}" if kind in ("field", "delivery") and kind in table else what


def _value(what: str, value: str, zone: tzinfo, language: str) -> str:
    """History keeps instants as RFC 3339, and the names of states as they are stored."""
    if _INSTANT.fullmatch(value):
        return local(datetime.fromisoformat(value), zone, language)
    table = EVENTS.get(language, {})
    if not table:
        return value
    if what == "priority":
        return PRIORITY[language].get(value, value)
    if what.startswith("delivery ") or what == "linked":
        state, space, detail = value.partition(" ")
        return f"{table.get(state, state)}{space}{detail}"
    if what in STATES:
        return STATUS[language].get(value) or table.get(value, value)
    return value


STATES = ("waiting", "woken", "opened", "closed", "reopened", "merged into", "unmerged", "joined", "spam")


# --- why ---


def _deadline(one: Deadline, layout: ThreadLayout) -> str:
    say, what, due = layout.say, _occasion(one, layout), layout.local(one.due_at)
    if one.ended_at is not None:
        return say("kept" if one.state == "met" else "broken", what=what, due=due, ended=layout.local(one.ended_at))
    if one.paused:
        return say("paused", what=what, due=due)
    used = percent(one.used, layout.language)
    return say("runs", what=what, due=due, ahead=layout.ahead(one.due_at), used=used)


def _occasion(one: Deadline, layout: ThreadLayout) -> str:
    """ "first response", "next response m4", "första svar (m2 kom tillbaka)"."""
    name, space, rest = one.occasion.partition(" ")
    words = f"{PROMISE[known(layout.language)].get(name, name).lower()}{space}{rest}"
    found = re.fullmatch(r"(.*) \((\S+) came back\)", words)
    return layout.say("came_back", what=found[1], message=found[2]) if found else words


def _promise(one: Promise, layout: ThreadLayout) -> str:
    """What a reply promised, or `promise` noted."""
    say, due = layout.say, layout.local(one.due_at)
    what = say("word_given", made=layout.local(one.made_at))
    if one.ended_at is None:
        return say("runs_on", what=what, due=due, ahead=layout.ahead(one.due_at))
    return say("dropped" if one.state == "gone" else one.state, what=what, due=due, ended=layout.local(one.ended_at))


def _step(step: Step, say: Say) -> str:
    facts = {"number": step.ticket, "target": step.target, "message": step.message, "agent": step.agent}
    return say(f"next_{step.situation}", **facts, person=line(step.person))


# --- lines that fit ---


def wrapped(text: str, width: int, indent: str, first: str | None = None, kind: str = "") -> Iterator[Line]:
    """`text` in lines of at most `width` columns, the first after `first`."""
    return (Line(one, kind) for one in folded(text, width, indent, first))
