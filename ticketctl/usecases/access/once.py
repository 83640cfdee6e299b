"""A request that is sent again, because its answer was lost, changes nothing a second time.

What it became is noted in the same commit as the change: a process that dies in between has done both or neither, and
of two requests at the same moment the second finds the first one's note. Only numbers are noted, no text and no person.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

from ticketctl.errors import Conflict, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

FACT = "api done "  # "api done shop 3f…" → a Given
KEPT = timedelta(hours=24)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered: HTTP `status`, and the ticket with its revision. `request` is the hash of what was asked."""

    request: str
    at: datetime
    status: int
    ticket: int
    revision: int


class Repeated(Conflict):
    """It was done meanwhile; `given` is what was answered."""

    def __init__(self, given: Given) -> None:
        super().__init__("this request was carried out already", code="repeated")
        self.given = given


class Once(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is the name of the key by which it came, `word` the Idempotency-Key, `request` the hash of all that was
    asked."""

    key: str
    word: str
    request: str

    @property
    def fact(self) -> str:
        return f"{FACT}{self.key} {hashlib.sha256(self.word.encode()).hexdigest()}"


def given_before(session: Session, once: Once) -> Given | None:
    """What it became the first time. Raises Usage where that was another request."""
    return _given(session.store.facts(once.fact).get(once.fact, ""), session.now, once)


def note_with_change(session: Session, once: Once, status: int) -> None:
    """From now on the session's next change of a ticket notes what it became; that raises Repeated where somebody was
    faster."""

    def note(desk: Desk) -> None:
        if not desk.happened:
            return
        if given := _given(desk.recall(once.fact), session.now, once):
            raise Repeated(given)
        number = desk.happened[-1][0]
        _note(desk, session.now, once, status, number, desk.get(number).revision)

    session.app.at_commit.append(note)


def note_unchanged(session: Session, once: Once, given: Given) -> None:
    """The same of a request that changed nothing."""
    with session.store.transaction() as desk:
        if not desk.recall(once.fact):
            _note(desk, session.now, once, given.status, given.ticket, given.revision)


def _note(desk: Desk, now: datetime, once: Once, status: int, ticket: int, revision: int) -> None:
    given = Given(request=once.request, at=now, status=status, ticket=ticket, revision=revision)
    for fact, value in list(desk.facts(FACT)):
        if now - msgspec.json.decode(value, type=Given).at >= KEPT:
            desk.remember(fact, "")
    desk.remember(once.fact, msgspec.json.encode(given).decode())


def _given(value: str, now: datetime, once: Once) -> Given | None:
    found = msgspec.json.decode(value, type=Given) if value else None
    if found is None or now - found.at >= KEPT:
        return None
    if found.request != once.request:
        raise Usage("this Idempotency-Key was used for another request", code="key_used_otherwise")
    return found
