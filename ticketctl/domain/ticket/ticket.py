"""A ticket and its transitions.

A transition returns a new ticket with an Event appended, or raises `Refused`. Nothing else changes a ticket, so that
its history tells all: who, when, what, from what, to what, why. Reports derive from this history alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from ticketctl.domain.text.rating_question import asks
from ticketctl.domain.ticket.message import Channel as Channel
from ticketctl.domain.ticket.message import Delivery, Message, Person
from ticketctl.errors import AlreadyClosed, NextStep, NoSuchTicket, NotClosed, Refused

Status = Literal["new", "open", "waiting", "closed"]
Priority = Literal["high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")
STATUSES: tuple[Status, ...] = ("new", "open", "waiting", "closed")
LOST: tuple[Delivery, ...] = ("failed", "bounced")
RULE_RUNS = 9  # of so many, beside the first, a ticket remembers why its rules decided as they did
Relation = Literal["merged", "related", "conversation"]

ASKED_RATING = "asked for a rating"  # the event of a mail with the question; `after` is its key
JOINED = "joined"  # an event of Merged: the status that the merge gave it
IMPORTED = "imported"  # the first event of a ticket from another system: `before` says which, and its number there
THERE = "there:"  # how the events of that system are called, before their names in it
SAYS_STATUS = ("unmerged", JOINED)  # these say the status that they leave behind
STATUS_AFTER: dict[str, Status] = {  # what the other events leave behind
    "opened": "open",
    "waiting": "waiting",
    "woken": "open",
    "closed": "closed",
    "reopened": "open",
    "merged into": "closed",
}


class Act(msgspec.Struct, frozen=True):
    """Who does something, when, and why: an agent's name or "system"; aware UTC; the command or `rule ID`."""

    actor: str
    at: datetime
    why: str = ""


class Event(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A dated fact. `what` is the transition or the field that changed; `before` and `after` are its values as text.
    `named`: of "waiting", that it waits for a day that somebody named, not for so long until the customer answers."""

    at: datetime
    actor: str
    what: str
    before: str = ""
    after: str = ""
    why: str = ""
    named: bool = False


class Link(msgspec.Struct, frozen=True):
    to: int
    kind: Relation


class Fired(msgspec.Struct, frozen=True, omit_defaults=True):
    """That a rule or escalation step has run: a rule fires once per (rule, occasion) on a ticket."""

    rule: str
    occasion: str
    at: datetime


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """A condition that decided about a rule: what was asked, whether it held, what was expected and what was there."""

    what: str
    held: bool
    expected: str = ""
    actual: str = ""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What became of one rule (an Outcome of domain.rules), and why."""

    rule: str
    outcome: str
    reasons: tuple[Reason, ...] = ()


class RuleRun(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """That the rules were asked when `event` happened, about the message `message` ("" where there was none). `kept`
    tells in sentences what they left as a person had set it."""

    event: str
    at: datetime
    message: str = ""
    rules: tuple[Asked, ...] = ()
    kept: tuple[str, ...] = ()


class Merged(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A ticket that was merged into this one, as it was then. The keys of its messages begin with `prefix` ("17.", or
    "17.3." for one that #17 itself had taken over). `events` are those of its status and priority; the last of them
    tells what the merge made of both. `participants` are its own."""

    prefix: str
    requester: Person
    opened_at: datetime
    subject: str = ""
    language: str = ""
    channel: Channel = "email"
    participants: tuple[Person, ...] = ()
    events: tuple[Event, ...] = ()


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One customer matter, numbered for life. Instants are aware UTC. `revision` is 0 until first saved.

    `merged_into` is the number of the ticket that took over this one's messages, 0 where none; `merged` are those that
    this one took over. `wake_at` is when a waiting ticket comes back to us. `rating` is what the customer thinks of it,
    1 to 5, 0 for none, `rating_text` their line on it. `watchers` are agents who want to know what happens.
    `resolution` says how it ended: "" or "solved" by a person, "no_answer", "spam", "merged", "duplicate", "imported"
    (it was over when it came in).
    """

    number: int
    subject: str
    requester: Person
    opened_at: datetime
    status: Status = "new"
    priority: Priority = "medium"
    assignee: str = ""
    labels: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    participants: tuple[Person, ...] = ()
    watchers: tuple[str, ...] = ()
    channel: Channel = "email"
    language: str = ""
    closed_at: datetime | None = None
    wake_at: datetime | None = None
    cause: str = ""
    lesson: str = ""
    resolution: str = ""
    spam: bool = False
    test: bool = False
    merged_into: int = 0
    merged: tuple[Merged, ...] = ()
    links: tuple[Link, ...] = ()
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
    fired: tuple[Fired, ...] = ()
    rule_runs: tuple[RuleRun, ...] = ()
    legal_hold: str = ""
    rating: int = 0
    rating_text: str = ""
    revision: int = 0

    # --- asking ---

    @property
    def closed(self) -> bool:
        return self.status == "closed"

    def message(self, key: str) -> Message:
        """The message with that key; raises NoSuchTicket."""
        for message in self.messages:
            if message.key == key:
                return message
        step = NextStep("show", self.number, then="lists them")
        raise NoSuchTicket(
            "#{number} has no message {key}", code="no_message", number=self.number, key=key, next_step=step
        )

    @property
    def waits_for_a_day(self) -> bool:
        """Whether it waits for a day that somebody named."""
        waiting = next((event for event in reversed(self.events) if event.what == "waiting"), None)
        return self.status == "waiting" and waiting is not None and waiting.named

    def takes_part(self, address: str) -> bool:
        """Whether `address` is the requester's or a participant's (compared exactly, lower case)."""
        return address != "" and address in {person.address for person in (self.requester, *self.participants)}

    def last(self, *, direction: str) -> Message | None:
        """The newest message of a person in that direction ("in" or "out"), by its arrival, drafts left out."""
        found = (one for one in reversed(self.messages) if one.direction == direction and one.kind == "message")
        return max((one for one in found if one.delivery != "draft"), key=lambda one: one.at, default=None)

    def next_key(self) -> str:
        """A free key for the next message; that of a message that was moved away is not given again."""
        taken = {message.key for message in self.messages}
        taken |= {event.before for event in self.events if event.what == "moved away"}
        number = len(self.messages) + 1
        while f"m{number}" in taken:
            number += 1
        return f"m{number}"

    @property
    def own_start(self) -> datetime:
        """When it began itself, whatever was merged into it since."""
        first = next((event for event in self.events if event.what == "merged from" and event.before), None)
        return datetime.fromisoformat(first.before) if first and self.merged else self.opened_at

    def events_since(self, merged: Merged) -> tuple[Event, ...]:
        """What happened here since that one was merged into it."""
        source = f"#{merged.prefix.partition('.')[0]}"
        marks = [at for at, one in enumerate(self.events) if one.what == "merged from" and one.after == source]
        return self.events[marks[-1] + 1 :] if marks else ()

    def has_fired(self, rule: str, occasion: str) -> bool:
        return any(one.rule == rule and one.occasion == occasion for one in self.fired)

    # --- changing ---

    def changed(self, act: Act, what: str, before: object = "", after: object = "", **fields: Any) -> Ticket:
        """This ticket with `fields` replaced and one event appended."""
        event = Event(at=act.at, actor=act.actor, what=what, before=_words(before), after=_words(after), why=act.why)
        return msgspec.structs.replace(self, events=(*self.events, event), **fields)

    def assign(self, act: Act, agent: str) -> Ticket:
        """To `agent` ("" takes the owner away); the same owner again changes nothing."""
        if agent == self.assignee:
            return self
        self._must_be_active("assign")
        return self.changed(act, "assigned", self.assignee, agent, assignee=agent)._touched(act)

    def prioritise(self, act: Act, priority: Priority) -> Ticket:
        if priority == self.priority:
            return self
        self._must_be_active("change the priority of")
        return self.changed(act, "priority", self.priority, priority, priority=priority)

    def label(self, act: Act, *labels: str) -> Ticket:
        fresh = [label for label in dict.fromkeys(labels) if label not in self.labels]
        if not fresh:
            return self
        return self.changed(act, "labelled", "", fresh, labels=(*self.labels, *fresh))

    def unlabel(self, act: Act, *labels: str) -> Ticket:
        gone = [label for label in self.labels if label in labels]
        if not gone:
            return self
        return self.changed(
            act, "unlabelled", gone, "", labels=tuple(label for label in self.labels if label not in labels)
        )

    def set_field(self, act: Act, name: str, value: str) -> Ticket:
        """Sets or, with "", removes a field; whether name and value are allowed is the caller's to check."""
        before = self.fields.get(name, "")
        if before == value:
            return self
        fields = {key: old for key, old in self.fields.items() if key != name}
        if value:
            fields[name] = value
        return self.changed(act, f"field {name}", before, value, fields=fields)

    def rate(self, act: Act, rating: int, text: str = "") -> Ticket:
        """What the customer thinks of how it was handled, 1 to 5, and a line."""
        if (rating, text) == (self.rating, self.rating_text):
            return self
        before, after = self.rating or "", f"{rating} {text}".strip()
        return self.changed(act, "rated", before, after, rating=rating, rating_text=text)

    def hold(self, act: Act, why: str) -> Ticket:
        """Nothing of it is deleted or anonymised as long as it is held; "" lifts the hold."""
        if why == self.legal_hold:
            return self
        return self.changed(act, "legal hold", self.legal_hold, why, legal_hold=why)

    def hold_with(self, act: Act, other: Ticket) -> Ticket:
        """Held as the ticket is from which it got messages; a hold of its own stays."""
        return self.hold(act, other.legal_hold) if other.legal_hold and not self.legal_hold else self

    def watch(self, act: Act, agent: str) -> Ticket:
        if agent in self.watchers:
            return self
        return self.changed(act, "watched by", "", agent, watchers=(*self.watchers, agent))

    def unwatch(self, act: Act, agent: str) -> Ticket:
        if agent not in self.watchers:
            return self
        watchers = tuple(one for one in self.watchers if one != agent)
        return self.changed(act, "no longer watched by", "", agent, watchers=watchers)

    def rename(self, act: Act, subject: str) -> Ticket:
        if subject == self.subject:
            return self
        return self.changed(act, "subject", self.subject, subject, subject=subject)

    def wait(self, act: Act, until: datetime, *, named: bool = False) -> Ticket:
        """Waits for the customer until `until`, then comes back to us; `named`: that is a day which somebody named
        (the part comes in December), and no answer of the customer's is waited for."""
        if self.status == "waiting" and self.wake_at == until and self.waits_for_a_day == named:
            return self
        self._must_be_active("let wait")
        ticket = self.changed(act, "waiting", self.status, until.isoformat(), status="waiting", wake_at=until)
        event = msgspec.structs.replace(ticket.events[-1], named=named)
        return msgspec.structs.replace(ticket, events=(*self.events, event))

    def wake(self, act: Act) -> Ticket:
        """The wake-up date has come, or an agent takes it back: it waits for us again."""
        if self.status != "waiting":
            raise Refused(
                "#{number} is {status}, not waiting", code="not_waiting", number=self.number, status=self.status
            )
        return self.changed(act, "woken", "waiting", "open", status="open", wake_at=None)

    def touch(self, act: Act) -> Ticket:
        """Somebody of the team has opened it: new becomes open."""
        return self._touched(act)

    def close(self, act: Act, *, cause: str = "", lesson: str = "", resolution: str = "solved") -> Ticket:
        if self.closed:
            raise AlreadyClosed(
                "#{number} is already closed (since {closed_at:%Y-%m-%d %H:%M} UTC)",
                code="already_closed_since",
                number=self.number,
                closed_at=self.closed_at,
            )
        over: dict[str, Any] = {"status": "closed", "closed_at": act.at, "wake_at": None, "resolution": resolution}
        ticket = self.changed(act, "closed", self.status, resolution, **over)
        return ticket.explain(act, cause=cause, lesson=lesson)

    def explain(self, act: Act, *, cause: str = "", lesson: str = "") -> Ticket:
        """Sets cause and lesson where given; also possible after closing."""
        ticket = self
        if cause and cause != ticket.cause:
            ticket = ticket.changed(act, "cause", ticket.cause, cause, cause=cause)
        if lesson and lesson != ticket.lesson:
            ticket = ticket.changed(act, "lesson", ticket.lesson, lesson, lesson=lesson)
        return ticket

    def reopen(self, act: Act) -> Ticket:
        if not self.closed:
            raise NotClosed(
                "#{number} is not closed (it is {status})", code="not_closed", number=self.number, status=self.status
            )
        if self.merged_into:
            raise Refused(
                "#{number} is merged into #{target}",
                code="merged_first",
                number=self.number,
                target=self.merged_into,
                next_step=NextStep("unmerge", self.number, then="first"),
            )
        return self.changed(act, "reopened", "closed", "open", status="open", closed_at=None, resolution="", spam=False)

    def mark_spam(self, act: Act) -> Ticket:
        if self.spam:
            return self
        ticket = self.changed(act, "spam", "", "yes", spam=True)
        return ticket if ticket.closed else ticket.close(act, resolution="spam")

    def link(self, act: Act, to: int, kind: Relation = "related") -> Ticket:
        link = Link(to, kind)
        if link in self.links:
            return self
        if to == self.number:
            raise Refused(
                "#{number} cannot be linked to itself; name another ticket", code="link_to_itself", number=self.number
            )
        return self.changed(act, "linked", "", f"{kind} #{to}", links=(*self.links, link))

    def unlink(self, act: Act, to: int, kind: Relation | None = None) -> Ticket:
        kept = tuple(link for link in self.links if link.to != to or (kind is not None and link.kind != kind))
        if kept == self.links:
            return self
        return self.changed(act, "unlinked", f"#{to}", "", links=kept)

    def note_fired(self, rule: str, occasion: str, at: datetime) -> Ticket:
        """Remembers that a rule or escalation step ran, so that it runs once."""
        return msgspec.structs.replace(self, fired=(*self.fired, Fired(rule, occasion, at)))

    def note_rules(self, run: RuleRun) -> Ticket:
        """Remembers what the rules were asked: the first time, and the latest ones."""
        first, latest = self.rule_runs[:1], self.rule_runs[1:][-RULE_RUNS + 1 :]
        return msgspec.structs.replace(self, rule_runs=(*first, *latest, run))

    def note_kept(self, kept: tuple[str, ...]) -> Ticket:
        """What the latest run of the rules left as a person had set it."""
        if not (kept and self.rule_runs):
            return self
        *before, run = self.rule_runs
        return msgspec.structs.replace(self, rule_runs=(*before, msgspec.structs.replace(run, kept=kept)))

    # --- messages ---

    def receive(self, act: Act, message: Message, *, reopens: bool = True) -> Ticket:
        """An inbound message joins. A person's message wakes a waiting ticket and reopens a closed one (unless
        `reopens` is False, as for a mere thank-you: both stay as they are), but what is spam stays spam; machine mail
        changes no status and no clock."""
        ticket = self._logged(act, message, "received")
        if self.spam or not (message.from_customer and reopens):
            return ticket
        if ticket.closed:
            return ticket.reopen(msgspec.structs.replace(act, why=act.why or "the customer wrote"))
        if ticket.status == "waiting":
            return ticket.wake(msgspec.structs.replace(act, why=act.why or "the customer wrote"))
        return ticket

    def write(self, act: Act, message: Message) -> Ticket:
        """A reply, a note, a draft or an automatic message of ours is logged on the ticket."""
        what = {"internal": "noted", "out": "replied"}[message.direction]
        if message.delivery == "draft":
            what = "drafted"
        elif message.kind == "automatic":
            what = "sent automatically"
        ticket = self._logged(act, message, what)
        if what != "drafted" and message.direction == "out" and asks(message.text):
            ticket = ticket.changed(act, ASKED_RATING, "", message.key)
        return ticket if message.kind == "automatic" else ticket._touched(act)

    def redraft(self, act: Act, message: Message | None, key: str) -> Ticket:
        """Replaces the draft `key` by `message`, or drops it with None."""
        if self.message(key).delivery != "draft":
            raise Refused("#{number} {key} is not a draft", code="not_a_draft", number=self.number, key=key)
        kept = tuple(message if one.key == key else one for one in self.messages)
        return self.changed(
            act,
            "draft changed" if message else "draft dropped",
            key,
            "",
            messages=tuple(one for one in kept if one is not None),
        )

    def delivered(self, act: Act, key: str, delivery: Delivery, detail: str = "") -> Ticket:
        """What became of an outgoing message: sent, deferred, failed, uncertain, bounced. Sent sets `delivered_at`. A
        ticket that waits for the answer to a reply that nobody got comes back to us."""
        before = self.message(key)
        if before.delivery == delivery:
            return self
        after = msgspec.structs.replace(
            before, delivery=delivery, delivered_at=act.at if delivery == "sent" else before.delivered_at
        )
        ticket = self.changed(
            act,
            f"delivery {key}",
            before.delivery,
            f"{delivery} {detail}".strip(),
            messages=tuple(after if one.key == key else one for one in self.messages),
        )
        last = self.last(direction="out")
        newest = last is not None and last.reply_key == before.reply_key  # one of several mails
        if delivery in LOST and self.status == "waiting" and newest:
            return ticket.wake(msgspec.structs.replace(act, why=f"{key} was not delivered"))
        return ticket

    def add_participants(self, act: Act, persons: Iterable[Person]) -> Ticket:
        fresh: dict[str, Person] = {}
        for person in persons:
            if person.address and not self.takes_part(person.address):
                fresh.setdefault(person.address, person)
        if not fresh:
            return self
        return self.changed(act, "participants", "", list(fresh), participants=(*self.participants, *fresh.values()))

    # --- inside ---

    def _logged(self, act: Act, message: Message, what: str) -> Ticket:
        if any(one.key == message.key for one in self.messages):
            raise ValueError(f"message key {message.key} twice in #{self.number}")
        return self.changed(act, what, "", message.key, messages=(*self.messages, message))

    def _touched(self, act: Act) -> Ticket:
        if self.status != "new" or act.actor == "system":
            return self
        return self.changed(act, "opened", "new", "open", status="open")

    def must_not_be_closed(self) -> None:
        """Raises AlreadyClosed: it takes no replies, messages or promises then."""
        if self.closed:
            step = NextStep("reopen", self.number, then="first")
            raise AlreadyClosed("#{number} is closed", code="closed", number=self.number, next_step=step)

    def _must_be_active(self, verb: str) -> None:
        if self.merged_into:
            raise Refused(
                "cannot {verb} #{number}: it was merged into #{target}",
                code="cannot_as_merged",
                verb=verb,
                number=self.number,
                target=self.merged_into,
            )
        if self.closed:
            raise AlreadyClosed(
                "cannot {verb} #{number}: it is closed",
                code="cannot_as_closed",
                verb=verb,
                number=self.number,
                next_step=NextStep("reopen", self.number, then="first"),
            )


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
