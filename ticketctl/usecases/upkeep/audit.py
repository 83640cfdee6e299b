"""The audit log: who did or read what, whether it is as it was written, and the deletion of what is too old."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Literal

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.deadlines.date_words import past_day
from ticketctl.domain.privacy.retention import expired
from ticketctl.domain.ticket.query import EVERYTHING
from ticketctl.errors import Usage
from ticketctl.ports.audit import (
    BEGUN,
    BEGUN_ANEW,
    KEY_CHANGED,
    NOT_STORED,
    PRUNE,
    REPAIRED,
    STORED,
    Head,
    Record,
    Verified,
)
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

OF_ITSELF = frozenset({BEGUN, BEGUN_ANEW, KEY_CHANGED, NOT_STORED, PRUNE, REPAIRED, STORED})
_HEAD = re.compile(r"#?(\d{1,18})\s*[:, ]\s*([0-9a-f]{16,64})\.?")


class ShowAudit(msgspec.Struct, frozen=True, kw_only=True):
    """Every part must hold. `person` is an address; `after` and `before` are days as people write them: from the first,
    up to the second. `everything`: also what the log notes of itself, and what became of each change."""

    tickets: tuple[int, ...] = ()
    person: str = ""
    agent: str = ""
    kind: Literal["", "readings", "changes"] = ""
    after: str = ""
    before: str = ""
    everything: bool = False


def show_audit(session: Session, request: ShowAudit) -> Iterator[Record]:
    """Oldest first; that the log was read is noted in it. Raises Usage, and Damaged at a line that is no record."""
    session.must("audit show")
    wanted = _wanted(session, request)
    records = session.audit.records()
    found = [record for record in records if wanted(record)]
    note_reading(session, "audit show")
    return iter(found)


def _wanted(session: Session, request: ShowAudit) -> Callable[[Record], bool]:
    first, end = _midnight(session, request.after), _midnight(session, request.before)
    names, theirs = _of_person(session, request.person)

    def wanted(record: Record) -> bool:
        numbers = record.numbers
        return (
            (request.everything or record.action not in OF_ITSELF)
            and (not request.tickets or not numbers.isdisjoint(request.tickets))
            and (not request.person or not names.isdisjoint(record.about) or not numbers.isdisjoint(theirs))
            and request.agent in ("", record.actor)
            and (not request.kind or (request.kind == "changes") == record.is_change)
            and (first is None or record.at >= first)
            and (end is None or record.at < end)
        )

    return wanted


def _of_person(session: Session, address: str) -> tuple[frozenset[str], set[int]]:
    """What stands for them in the log, and the numbers of their tickets."""
    if not address:
        return frozenset(), set()
    written = address.strip().lower()
    with session.store.reading() as desk:
        theirs = {
            ticket.number
            for ticket in desk.find(EVERYTHING, archive=True)
            if written in (ticket.requester.address, *(one.sender.address for one in ticket.messages))
        }
    return frozenset(session.audit.pseudonyms(written)), theirs


def _midnight(session: Session, words: str) -> datetime | None:
    if not words:
        return None
    found = past_day(words, session.now, session.config.hours)
    return datetime.combine(found, time(), zone(session.config.timezone))


class VerifyAudit(msgspec.Struct, frozen=True, kw_only=True):
    """`anchors` as a report prints them: the number of a record and the beginning of its mac."""

    anchors: tuple[str, ...] = ()


def verify_audit(session: Session, request: VerifyAudit) -> Verified:
    """Raises Damaged where the log is not as it was written, or does not reach as far as the desk, `audit.head` or an
    anchor remembers; Usage where that is no anchor."""
    session.must("audit verify")
    return session.audit.check([anchor(one) for one in request.anchors])


def anchor(text: str) -> Head:
    """ "413: 1a2b…", "record 413, 1a2b…" → the head. Raises Usage."""
    found = _HEAD.search(text.strip().lower())
    if found is None:
        raise Usage(
            "{given!r} is not a record of an audit log; write it as in the report: 413:1a2b3c4d5e6f7081",
            code="not_a_head",
            given=text[:60],
        )
    return Head(int(found[1]), found[2])


def prune_log(session: Session) -> int:
    """Deletes the records that rules.yaml no longer keeps (`audit_keep`); how many."""
    age, timezone = session.config.privacy.audit_keep, session.config.timezone
    if age is None:
        return 0
    return session.audit.prune(lambda at: expired(at, age, timezone, session.now), session.now, "system")
