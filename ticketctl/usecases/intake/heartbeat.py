"""`heartbeat:` of rules.yaml: something outside that raises the alarm once it is not called any more."""

from __future__ import annotations

from ticketctl.errors import ChannelFailed, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_FAILS = "heartbeat fails"  # a fact of the desk: why, since it is so


def beat(session: Session) -> None:
    """After a fetch: calls the address if the last fetch of every source went well. That it cannot be called is told
    once, and never fails the run."""
    url = session.config.heartbeat
    if not url or not _all_well(session):
        return
    reason = ""
    try:
        session.host.call(url)
    except ChannelFailed as error:
        reason = str(error)
    try:
        _remember(session, reason)
    except TicketctlError as error:  # what was fetched is safe; the next run tells it
        session.out.warn(f"heartbeat: {error}")


def why_it_fails(desk: Desk) -> str:
    """ "" where it was called when it last was to be."""
    return desk.recall(_FAILS)


def _all_well(session: Session) -> bool:
    with session.store.reading() as desk:
        runs = [desk.run(f"fetch {source.name}") for source in session.config.sources]
    return bool(runs) and all(run is not None and run.ok_at is not None and run.ok_at >= run.at for run in runs)


def _remember(session: Session, reason: str) -> None:
    with session.store.reading() as desk:
        before = why_it_fails(desk)
    if bool(before) == bool(reason):
        return
    with session.store.transaction() as desk:
        desk.remember(_FAILS, reason)
    if reason:
        session.out.warn(f"heartbeat: {reason}; mail was fetched all the same, and this is told once")
