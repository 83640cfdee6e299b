"""`heartbeat:` of rules.yaml: something outside that raises the alarm once it is not called any more."""

from __future__ import annotations

from ticketctl.errors import ChannelFailed, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session

_FAILS = "heartbeat fails"  # a fact of the desk: why, since it is so


def beat(session: Session) -> list[Remark]:
    """After a fetch: calls the address if the last fetch of every source went well. That it cannot be called is a
    remark, once, and never fails the run."""
    url = session.config.heartbeat
    if not url or not _all_well(session):
        return []
    reason = ""
    try:
        session.host.call(url)
    except ChannelFailed as error:
        reason = str(error)
    try:
        changed = _remember(session, reason)
    except TicketctlError as error:  # what was fetched is safe; the next run notes it
        return [Remark("heartbeat_not_noted", facts={"reason": str(error)})]
    return [Remark("heartbeat_fails", facts={"reason": reason})] if reason and changed else []


def why_it_fails(desk: Desk) -> str:
    """ "" where it was called when it last was to be."""
    return desk.recall(_FAILS)


def _all_well(session: Session) -> bool:
    with session.store.reading() as desk:
        runs = [desk.run(f"fetch {source.name}") for source in session.config.fetched]
    return bool(runs) and all(run is not None and run.ok_at is not None and run.ok_at >= run.at for run in runs)


def _remember(session: Session, reason: str) -> bool:
    """Whether it began to fail, or to work again."""
    with session.store.reading() as desk:
        before = why_it_fails(desk)
    if bool(before) == bool(reason):
        return False
    with session.store.transaction() as desk:
        desk.remember(_FAILS, reason)
    return True
