"""What a record of the audit log costs a command: a reading with an empty and with a long log, and a change."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ticketctl.domain.ticket.ticket import Event
from ticketctl.ports.audit import Entry
from ticketctl.store.audit.log import AuditLog

KEY = b"k" * 32
LONG = 100_000


def measure(work: Path, runs: int) -> list[str]:
    """Rows of a Markdown table. Each time is that of a log opened anew, as each command does."""
    rows = ["| record | median | 99th percentile |", "|---|---|---|"]
    for records in (0, LONG):
        folder = work / f"audit-{records}"
        folder.mkdir()
        now = datetime.now(UTC)
        entry = Entry(at=now, actor="alice", action="show", ticket=17, about=["anna@kund.example"])
        for start in range(0, records, 1_000):
            AuditLog(folder, KEY).note(*[entry] * min(1_000, records - start))
        event = Event(at=now, actor="alice", what="assigned", after="bo")
        for name, done in {
            "a reading": partial(_note, folder, entry),
            "a change, before and after its commit": partial(_change, folder, event),
        }.items():
            times = sorted(_timed(done) for _ in range(max(300, runs)))
            median, worst = statistics.median(times), times[int(len(times) * 0.99)]
            rows.append(f"| {name}, {records:,} records | {median:.1f} ms | {worst:.1f} ms |")
    return rows


def _note(folder: Path, entry: Entry) -> None:
    AuditLog(folder, KEY).note(entry)


def _change(folder: Path, event: Event) -> None:
    log = AuditLog(folder, KEY)
    log.record_events([(17, event)], 2)
    log.record_outcome(event.at, 2, stored=True)


def _timed(done: Callable[[], None]) -> float:
    begun = time.perf_counter()
    done()
    return (time.perf_counter() - begun) * 1_000
