"""Desks that are played at random, day by day, by the ticket's own transitions: mail in four channels, replies that
bounce, waiting, closing, reopening, slips that are undone, merges and unmerges, promises, spam, tests, late mail.

    days = play(seed=7, length=40)
    days[-1].tickets     # as they are at the end
    days[20].tickets     # as they were on the evening of the 21st day, days[20].now
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec

from tests.domain.histories import DESK, OFFICE
from ticketctl.domain.changes.merge import merge, unmerge
from ticketctl.domain.deadlines.promises import promise
from ticketctl.domain.settings.settings import Duration, Target
from ticketctl.domain.text.rating_question import QUESTION
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import PRIORITIES, Act, Channel, Ticket
from ticketctl.errors import TicketctlError

HOURS = OFFICE
TARGETS = {
    "high": Target(
        first_response=Duration(minutes=60), next_response=Duration(minutes=240), resolution=Duration(days=1)
    ),
    "medium": Target(first_response=Duration(minutes=240), next_response=Duration(days=1), resolution=Duration(days=3)),
    "low": Target(first_response=Duration(days=2), resolution=Duration(days=10, calendar=True)),
}
START = datetime(2026, 10, 5, 5, 0, tzinfo=UTC)  # a Monday; the clocks go back on the 25th
AGENTS = ("alice", "bo")
LABELS = ("vip", "drift", "reklamation")
CAUSES = ("leverans", "betalning", "fel i produkten")
AREAS = ("butik", "app")


class Day(msgspec.Struct, frozen=True):
    now: datetime
    tickets: tuple[Ticket, ...]


def play(seed: int, length: int = 40, *, calm: bool = False) -> list[Day]:
    """The desk on each evening. `calm`: nothing that changes the past: no merges, marks, or mail that comes late."""
    return _Player(seed, calm).days(length)


class _Player:
    def __init__(self, seed: int, calm: bool) -> None:
        self.chance = random.Random(seed)
        self.tickets: dict[int, Ticket] = {}
        self.now = START
        self.calm = calm

    def days(self, length: int) -> list[Day]:
        found = []
        for day in range(length):
            for _ in range(self.chance.randint(3, 14)):
                self.now += timedelta(minutes=self.chance.randint(1, 150))
                self._step()
            self.now = max(self.now, START + timedelta(days=day + 1, hours=-7))
            found.append(Day(self.now, tuple(self.tickets.values())))
            self.now = max(self.now, START + timedelta(days=day + 1))
        return found

    def _step(self) -> None:
        if not self.tickets or self.chance.random() < 0.3:
            self._arrive()
            return
        steps: list[Callable[[Ticket], Ticket]] = [
            *[self._answer] * 8, self._note, *[self._customer] * 4, *[self._wait] * 2, *[self._close] * 7,
            self._slip, self._reopen, self._prioritise, *[self._assign] * 3, self._label, self._label, self._unlabel,
            self._area, self._promise, self._bounce, self._explain, self._machine,
        ]  # fmt: skip
        if not self.calm:
            steps += [self._spam, self._test, self._late, self._merge, self._merge, self._unmerge, self._unspam]
        number = self.chance.choice(sorted(self.tickets)[-25:])
        with suppress(TicketctlError):  # it cannot be done to this one
            self.tickets[number] = self.chance.choice(steps)(self.tickets[number])

    def _act(self, actor: str = "") -> Act:
        return Act(actor or self.chance.choice(AGENTS), self.now)

    # --- what comes in ---

    def _arrive(self) -> None:
        number = len(self.tickets) + 1
        kind = self.chance.random()
        channel: Channel = self.chance.choice(("email", "email", "email", "form", "phone", "chat"))
        ticket = Ticket(
            number=number,
            subject=f"Ärende {number}",
            requester=self._person(),
            opened_at=self.now,
            channel="system" if kind < 0.06 else channel,
            priority=self.chance.choice(PRIORITIES),
        )
        self.tickets[number] = ticket
        if kind < 0.06:  # a matter of our own
            return
        opening = self._message(ticket, machine=kind > 0.94)
        self.tickets[number] = ticket.receive(Act("system", self.now), opening)
        if self.chance.random() < 0.5:
            self.tickets[number] = self._label(self.tickets[number])

    def _person(self) -> Person:
        number = self.chance.randint(1, 9)
        return Person(f"kund{number}@kund.example", f"Kund {number}")

    def _message(self, ticket: Ticket, *, machine: bool = False, at: datetime | None = None) -> Message:
        arrived = at or self.now
        return Message(
            key=ticket.next_key(),
            direction="in",
            kind="automatic" if machine else "message",
            machine="auto_reply" if machine else None,
            at=arrived,
            fetched_at=self.now if arrived < self.now else None,
            sender=ticket.requester,
            message_id=f"{ticket.number}.{len(ticket.messages)}@kund.example",
        )

    def _customer(self, ticket: Ticket) -> Ticket:
        reopens = self.chance.random() < 0.7
        return ticket.receive(Act("system", self.now), self._message(ticket), reopens=reopens)

    def _machine(self, ticket: Ticket) -> Ticket:
        return ticket.receive(Act("system", self.now), self._message(ticket, machine=True))

    def _late(self, ticket: Ticket) -> Ticket:
        arrived = self.now - timedelta(hours=self.chance.randint(1, 60))
        return ticket.receive(Act("system", self.now), self._message(ticket, at=arrived))

    # --- what the team does ---

    def _answer(self, ticket: Ticket) -> Ticket:
        ticket.must_not_be_closed()
        act = self._act()
        key = ticket.next_key()
        reply = Message(
            key=key, direction="out", kind="message", at=self.now, sender=DESK, author=act.actor,
            to=(ticket.requester,), delivery="queued",
        )  # fmt: skip
        sent = Act("system", self.now + timedelta(seconds=self.chance.randint(1, 90)))
        return ticket.write(act, reply).delivered(sent, key, "sent" if self.chance.random() < 0.95 else "failed")

    def _bounce(self, ticket: Ticket) -> Ticket:
        last = next((one for one in reversed(ticket.messages) if one.delivery == "sent"), None)
        return ticket.delivered(Act("system", self.now), last.key, "bounced") if last else ticket

    def _note(self, ticket: Ticket) -> Ticket:
        act = self._act()
        note = Message(
            key=ticket.next_key(), direction="internal", kind="note", at=self.now, sender=DESK, author=act.actor
        )
        return ticket.write(act, note)

    def _wait(self, ticket: Ticket) -> Ticket:
        return ticket.wait(self._act(), self.now + timedelta(days=self.chance.randint(1, 9)))

    def _close(self, ticket: Ticket) -> Ticket:
        actor = "system" if self.chance.random() < 0.15 else ""
        cause = self.chance.choice(("", *CAUSES)) if not actor else ""
        closed = ticket.close(self._act(actor), cause=cause, resolution="no_answer" if actor else "solved")
        return self._rating(closed) if ticket.number % 3 else closed

    def _rating(self, ticket: Ticket) -> Ticket:
        """Two of three are asked, and half of these answer; without chance, so that nothing else is drawn anew."""
        asked = Message(
            key=ticket.next_key(), direction="out", kind="automatic", at=self.now, sender=DESK, text=QUESTION["sv"],
            to=(ticket.requester,), delivery="sent", delivered_at=self.now,
        )  # fmt: skip
        ticket = ticket.write(Act("system", self.now), asked)
        return ticket.rate(Act("system", self.now), ticket.number % 5 + 1) if ticket.number % 2 else ticket

    def _slip(self, ticket: Ticket) -> Ticket:
        act = self._act()
        closed = ticket.close(act)
        self.now += timedelta(minutes=10)
        return closed.reopen(Act(act.actor, self.now))

    def _reopen(self, ticket: Ticket) -> Ticket:
        return ticket.reopen(self._act())

    def _explain(self, ticket: Ticket) -> Ticket:
        return ticket.explain(self._act(), cause=self.chance.choice(CAUSES)) if ticket.closed else ticket

    def _prioritise(self, ticket: Ticket) -> Ticket:
        return ticket.prioritise(self._act(), self.chance.choice(PRIORITIES))

    def _assign(self, ticket: Ticket) -> Ticket:
        return ticket.assign(self._act(), self.chance.choice(("", *AGENTS)))

    def _label(self, ticket: Ticket) -> Ticket:
        return ticket.label(self._act(), *self.chance.sample(LABELS, self.chance.randint(1, 2)))

    def _unlabel(self, ticket: Ticket) -> Ticket:
        return ticket.unlabel(self._act(), self.chance.choice(LABELS))

    def _area(self, ticket: Ticket) -> Ticket:
        return ticket.set_field(self._act(), "area", self.chance.choice(AREAS))

    def _promise(self, ticket: Ticket) -> Ticket:
        return promise(ticket, self._act(), self.now + timedelta(hours=self.chance.randint(1, 200)))

    # --- what changes the past ---

    def _spam(self, ticket: Ticket) -> Ticket:
        return ticket.mark_spam(self._act()) if self.chance.random() < 0.3 else ticket

    def _unspam(self, ticket: Ticket) -> Ticket:
        return ticket.reopen(self._act()) if ticket.spam else ticket

    def _test(self, ticket: Ticket) -> Ticket:
        return ticket.changed(self._act(), "test", "", "yes", test=True) if self.chance.random() < 0.2 else ticket

    def _merge(self, source: Ticket) -> Ticket:
        target = self.tickets[self.chance.choice(sorted(self.tickets)[-25:])]
        if target.number == source.number or source.merged_into:
            return source
        self.tickets[target.number], source = merge(self._act(), target, source)
        return source

    def _unmerge(self, source: Ticket) -> Ticket:
        merged = [one for one in self.tickets.values() if one.merged_into]
        if not merged:
            return source
        away = self.chance.choice(merged)
        target = self.tickets[away.merged_into]
        siblings = [one for one in merged if one.merged_into == target.number and one.number != away.number]
        self.tickets[target.number], self.tickets[away.number] = unmerge(self._act(), target, away, siblings)
        return self.tickets[source.number]
