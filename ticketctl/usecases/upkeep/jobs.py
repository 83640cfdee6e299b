"""Jobs of cron: one at a time, each remembered with when it last ran."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from ticketctl.content.times import local, zone
from ticketctl.errors import Busy
from ticketctl.ports.store import Desk, Run
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session


@contextmanager
def alone(session: Session, job: str) -> Iterator[bool]:
    """Whether this run has the job to itself. False: an earlier run is still at it, and this one does nothing."""
    with ExitStack() as held:
        try:
            held.enter_context(session.store.lease(job, 0))
        except Busy:
            session.remark(Remark("job_skipped", facts={"job": job}))
            yield False
            return
        yield True


def note_work(session: Session, job: str) -> None:
    """This run, which has the job to itself, begins the next piece of it."""
    session.store.note_lease(job, f"{os.getpid()} {time.time():.0f}")


def stuck(session: Session, job: str, seconds: float) -> str:
    """ "process 4711 has been at it since 09:35", where a run is at one piece of the job for longer than that; else
    ""."""
    process, _, began = session.store.lease_note(job).partition(" ")
    if not began.isdecimal() or time.time() - int(began) <= seconds:
        return ""
    try:
        with session.store.lease(job, 0):
            return ""
    except Busy:
        since = local(datetime.fromtimestamp(int(began), UTC), zone(session.config.timezone))
        return f"process {process} has been at one mail since {since}, longer than its deadline"


def note_run(session: Session, desk: Desk, name: str, detail: str = "") -> None:
    """Remembers that the job ran well, now."""
    desk.note_run(Run(name=name, at=session.now, ok_at=session.now, detail=detail))
