"""Small ticket histories, told in the order in which they happen; local time of Stockholm.

story("2026-11-20 16:00").answer("2026-11-23 09:00").close("2026-11-23 09:05").ticket
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ticketctl.domain.changes.absorb import absorb, join
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Channel, Priority, Ticket

ZONE = ZoneInfo("Europe/Stockholm")
OFFICE = Hours(
    timezone="Europe/Stockholm",
    week=dict.fromkeys(range(5), ((480, 1020),)),  # Monday to Friday, 08:00–17:00
    closed=frozenset({date(2026, 12, 24)}),
)
CUSTOMER = Person("åsa@kund.example", "Åsa Öberg")
DESK = Person("support@example.se", "Exempel support")


def at(text: str) -> datetime:
    """ "2026-11-20 16:00" in Stockholm → aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


class Story:
    def __init__(
        self, opened: str, *, number: int = 1, channel: Channel = "email", priority: Priority = "medium"
    ) -> None:
        self.ticket = Ticket(
            number=number,
            subject="Fel på fakturan",
            requester=CUSTOMER,
            opened_at=at(opened),
            channel=channel,
            priority=priority,
        )

    def _log(self, when: str, message: Message, **more: bool) -> Story:
        act = Act(message.author or "system", at(when))
        log = self.ticket.receive if message.direction == "in" else self.ticket.write
        self.ticket = log(act, message, **more)
        return self

    def customer(self, when: str, *, thanks: bool = False, text: str = "Hej!", fetched: str = "") -> Story:
        """A mail that the server got at `when`, and that came to the desk at `fetched` (at once, if not told)."""
        message = Message(
            key=self.ticket.next_key(),
            direction="in",
            kind="message",
            at=at(when),
            sender=CUSTOMER,
            text=text,
            fetched_at=at(fetched) if fetched else None,
        )
        last = self.ticket.events[-1].at if fetched else at(when)
        self.ticket = self.ticket.receive(Act("system", max(at(when), last)), message, reopens=not thanks)
        return self

    def machine(self, when: str) -> Story:
        return self._log(
            when,
            Message(
                key=self.ticket.next_key(),
                direction="in",
                kind="automatic",
                machine="auto_reply",
                at=at(when),
                sender=CUSTOMER,
            ),
        )

    def answer(self, when: str, *, sent: str = "", delivery: str = "sent", automatic: bool = False) -> Story:
        """A public reply, accepted by the server at `sent` (at once, if not told)."""
        return self._log(
            when,
            Message(
                key=self.ticket.next_key(),
                direction="out",
                kind="automatic" if automatic else "message",
                at=at(when),
                sender=DESK,
                author="system" if automatic else "alice",
                delivery=delivery,
                delivered_at=at(sent or when) if delivery == "sent" else None,
            ),
        )

    def note(self, when: str) -> Story:
        return self._log(
            when,
            Message(
                key=self.ticket.next_key(), direction="internal", kind="note", at=at(when), sender=DESK, author="alice"
            ),
        )

    def delivered(self, when: str, key: str) -> Story:
        self.ticket = self.ticket.delivered(Act("system", at(when)), key, "sent")
        return self

    def bounced(self, when: str, key: str) -> Story:
        self.ticket = self.ticket.delivered(Act("system", at(when)), key, "bounced")
        return self

    def do(self, when: str, verb: str, *args: object, actor: str = "alice", why: str = "", **more: object) -> Story:
        """Any other transition of Ticket, or a merge into it."""
        act = Act(actor, at(when), why)
        if verb in ("absorb", "join"):
            (other,) = args
            self.ticket = {"absorb": absorb, "join": join}[verb](act, self.ticket, other)
        else:
            self.ticket = getattr(self.ticket, verb)(act, *args, **more)
        return self

    def wait(self, when: str, until: str = "2027-01-01 08:00") -> Story:
        return self.do(when, "wait", at(until))

    def close(self, when: str, *, actor: str = "alice", **more: str) -> Story:
        return self.do(when, "close", actor=actor, **more)


def story(first: str, *, number: int = 1, channel: Channel = "email", priority: Priority = "medium") -> Story:
    """A ticket that a customer's message opened."""
    return Story(first, number=number, channel=channel, priority=priority).customer(first)
