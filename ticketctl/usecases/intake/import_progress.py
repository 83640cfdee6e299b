"""What is remembered of a mailbox beside its cursor: the first import of old mail that is under way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ticketctl.ports.channels import Fetched, Place
from ticketctl.ports.store import Cursor, Desk


class Span(msgspec.Struct, frozen=True):
    """What of the old mail of a mailbox comes in: what arrived from `since` on (None: it is no import), in tickets that
    are closed where nothing happened since `closed_before`."""

    since: datetime | None = None
    closed_before: datetime | None = None


class Import(msgspec.Struct, frozen=True, omit_defaults=True):
    """Mail that was in a mailbox before we were: nothing of it is acknowledged. What arrived before `since` is passed
    over; tickets in which nothing happened since `closed_before` come in closed. It reaches up to the UID `until` (0:
    not known yet) under `validity`; `done` once all of that was read."""

    since: datetime | None = None
    validity: int = 0
    until: int = 0
    done: bool = False
    closed_before: datetime | None = None


def import_of(desk: Desk, mailbox: str) -> Import | None:
    text = desk.recall(f"import {mailbox}")
    return msgspec.json.decode(text, type=Import) if text else None


def begin_import(desk: Desk, mailboxes: Iterable[str], span: Span) -> list[str]:
    """Notes that this is imported of these mailboxes, also by the runs after this one. Returns those where
    that makes no sense, because they were read before."""
    read_before = []
    for mailbox in mailboxes:
        before = import_of(desk, mailbox)
        if desk.cursor(mailbox) is not None and (before is None or before.done):
            read_before.append(mailbox)
        else:
            given = {"since": span.since, "closed_before": span.closed_before, "done": False}
            _note(desk, mailbox, msgspec.structs.replace(before or Import(), **given))
    return read_before


def withheld(desk: Desk, mailbox: str) -> tuple[int, ...]:
    """The UIDs of the mails there that the server did not give."""
    return tuple(sorted(item.uid for item in desk.quarantined() if item.withheld and item.source == mailbox))


def place_of(desk: Desk, mailbox: str) -> Place | None:
    """How far it has been read; None where nothing is known of it."""
    cursor, ours = desk.cursor(mailbox) or Cursor(0, 0), import_of(desk, mailbox) or Import()
    if not cursor.validity:
        return Place(0, 0, ours.since) if ours.since and not ours.done else None
    if cursor.token:
        return Place(cursor.validity, cursor.uid, token=cursor.token)
    going_on = not ours.done and ours.validity == cursor.validity
    return Place(cursor.validity, cursor.uid, ours.since, ours.until if going_on else 0, withheld(desk, mailbox))


def note_progress(desk: Desk, batch: Iterable[Fetched]) -> None:
    """Cursors and imports, after what was fetched of each mailbox."""
    for last in {one.mailbox: one for one in batch if one.uid and not one.again}.values():
        desk.set_cursor(last.mailbox, Cursor(last.validity, last.uid, last.token))
        before = import_of(desk, last.mailbox) or Import()
        if last.until:
            reached = {"validity": last.validity, "until": last.until, "done": last.uid >= last.until}
            _note(desk, last.mailbox, msgspec.structs.replace(before, **reached))


def never_read(desk: Desk, mailboxes: Iterable[str]) -> list[str]:
    """Those of which nothing is known: what they hold may be years old."""
    return [one for one in mailboxes if desk.cursor(one) is None and import_of(desk, one) is None]


def end_imports(desk: Desk, mailboxes: Iterable[str]) -> None:
    """After a run that came to its end: what was there when it began has been read, also where it was nothing."""
    for mailbox in mailboxes:
        _note(desk, mailbox, msgspec.structs.replace(import_of(desk, mailbox) or Import(), done=True))


def under_way(desk: Desk, mailboxes: Iterable[str]) -> list[str]:
    return [one for one in mailboxes if (ours := import_of(desk, one)) and not ours.done]


def _note(desk: Desk, mailbox: str, ours: Import) -> None:
    desk.remember(f"import {mailbox}", msgspec.json.encode(ours).decode())
