"""Desks of a given size, made through the store as ticketctl would have made them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.store.tiny.store import TinyStore

NOW = datetime.now(UTC)
PARAGRAPH = "Hej, sedan i måndags får vi ett felmeddelande varje gång vi försöker spara ändringarna i systemet. "
TEXT = PARAGRAPH * 18


def ticket(number: int, opened: datetime, closed: datetime | None) -> Ticket:
    """One with three messages of about 1.7 KB each, as `list` and `show` meet them."""
    requester = Person(f"kund{number % 997}@kund.example", f"Åsa Öberg {number}")
    agent = Person("alice@desk.example", "alice")
    one = Ticket(number=number, subject=f"Felaktig faktura {number}", requester=requester, opened_at=opened)
    one = one.changed(Act("system", opened, "fetch"), "created")
    for place in range(3):
        at = opened + timedelta(hours=place)
        inbound = place % 2 == 0
        message = Message(
            key=one.next_key(),
            direction="in" if inbound else "out",
            kind="message",
            at=at,
            sender=requester if inbound else agent,
            message_id=f"{number}.{place}@kund.example",
            content=f"{number:032x}{place:032x}",
            subject=one.subject,
            text=f"{number} {TEXT}",
            delivery="" if inbound else "sent",
        )
        act = Act("system" if inbound else "alice", at)
        one = one.receive(act, message) if inbound else one.write(act, message)
    one = one.assign(Act("alice", opened), ("alice", "bo", "")[number % 3])
    return one.close(Act("alice", closed), cause="betalning") if closed else one


def fill(folder: Path, active: int, archived: int) -> None:
    """A desk at `folder` with that many tickets; the archived ones are closed over the last eight years."""
    store = TinyStore(folder / "data")
    batch = 5_000
    for start in range(0, archived, batch):
        with store.transaction() as desk:
            for step in range(start, min(start + batch, archived)):
                number = desk.new_number()
                closed = NOW - timedelta(days=60 + 2900 * (archived - step) / archived)
                desk.save(ticket(number, closed - timedelta(days=2), closed))
        store.archive(NOW - timedelta(days=30))
    with store.transaction() as desk:
        for step in range(active):
            desk.save(ticket(desk.new_number(), NOW - timedelta(hours=step % 400), None))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
