"""Jobs of cron: one at a time, each remembered with when it last ran."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ticketctl.app import App
from ticketctl.errors import Busy
from ticketctl.store import fs
from ticketctl.store.base import Desk, Run


@contextmanager
def alone(app: App, job: str) -> Iterator[bool]:
    """Whether this run has the job to itself. False: an earlier run is still at it, and this one skips. The kernel
    frees the lock when the process ends, however it ends."""
    folder = app.folder / "data"
    fs.make_folder(folder)
    with ExitStack() as held:
        try:
            held.enter_context(fs.locked(folder / f".{job}.lock", 0))
        except Busy:
            if app.verbose:
                app.warn(f"{job}: another run is still at it; this one skips")
            yield False
            return
        yield True


def note_run(app: App, desk: Desk, name: str, detail: str = "") -> None:
    """Remembers that the job ran well, now."""
    desk.note_run(Run(name=name, at=app.now, ok_at=app.now, detail=detail))
