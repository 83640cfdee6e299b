"""Blobs that nothing names go, and never one that a mail or reply coming in at this moment needs.

A fetch writes bytes before the commit that names them, and has the lease of "fetch" meanwhile; everybody else writes
them inside the transaction. So under both locks what is unnamed stays so. None goes while the store is not whole, or
while a damaged file that recovery kept may name some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from ticketctl.domain.privacy.retention import blobs_of
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

QUIET = timedelta(minutes=10)  # what was put so lately is spared all the same, in case somebody keeps no lock


def delete_unnamed(
    session: Session, found: Callable[[], Iterable[str]], *, seconds: float, quiet: timedelta = QUIET
) -> int:
    """Deletes those of the blobs that `found` gives under the locks which nothing names and nobody put within `quiet`;
    how many. Waits `seconds` for a fetch to end, then raises Busy; raises Damaged where the store is not whole."""
    if session.store.set_aside():
        return 0
    with session.store.lease("fetch", seconds), session.store.transaction(keep=False) as desk:
        unnamed = session.store.blobs.resting(set(found()) - set(named(desk)), quiet)
        for blob in unnamed:
            session.store.blobs.delete(blob)
    return len(unnamed)


def delete_named_no_more(session: Session, blobs: Iterable[str]) -> None:
    """Of these, what nothing names any more. Whoever calls it has the lease of "fetch" already, or needs none."""
    if session.store.set_aside():
        return
    with session.store.transaction(keep=False) as desk:
        for blob in set(blobs) - set(named(desk)):
            session.store.blobs.delete(blob)


def named(desk: Desk) -> Iterator[str]:
    """The blobs that tickets, outbox and quarantine name."""
    for ticket in desk.find(archive=True):
        yield from blobs_of(ticket)
    yield from (item.raw for item in desk.outbox())
    yield from (item.raw for item in desk.quarantined())
