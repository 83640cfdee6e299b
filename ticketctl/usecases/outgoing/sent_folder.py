"""Copies of replies in the Sent folder (`outgoing: sent:`). What is still to be put there is remembered in the commit
that records that the mail was accepted, and forgotten once it is there; so nothing is lost by a run that dies, and
`SentFolder` (a port) puts nothing there twice. It never fails or delays what is sent: it comes after all of that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.ticket.message import MAIL
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.errors import ChannelFailed, Damaged, NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.jobs import alone

PREFIX = "sent copy "  # facts of the desk: with the Message-ID
FIRST_DELAY, LONGEST_DELAY, LIFETIME = timedelta(minutes=5), timedelta(hours=4), timedelta(days=5)


class Copy(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A mail of which a copy is wanted: the blob of its bytes, when it was accepted, and how it went so far."""

    raw: str
    at: datetime
    tries: int = 0
    next_at: datetime | None = None
    error: str = ""


def want_copy(session: Session, desk: Desk, item: Outbound) -> None:
    """In the commit that records that the reply was accepted."""
    outgoing = session.config.outgoing
    if outgoing is not None and outgoing.sent is not None and (item.kind, item.medium) == ("reply", MAIL):
        _remember(desk, item.message_id, Copy(raw=item.raw, at=session.now))


def waiting(desk: Desk) -> dict[str, Copy]:
    """By Message-ID, those not put there yet, oldest first."""
    found = {key.removeprefix(PREFIX): msgspec.json.decode(text, type=Copy) for key, text in desk.facts(PREFIX)}
    return dict(sorted(found.items(), key=lambda pair: pair[1].at))


def make_copies(session: Session) -> tuple[Remark, ...]:
    """Puts those that are due into the folder; what went wrong. Where another run does so, it is left to it."""
    with session.store.reading() as desk:
        due = [one for one in waiting(desk).values() if _is_due(one, session.now)]
    if not due:
        return ()
    if session.config.outgoing is None or session.config.outgoing.sent is None:
        _forget_all(session)
        return ()
    with alone(session, "sent-copies") as mine:
        failed = _made(session) if mine else ""
    return (Remark("no_copy", facts={"error": failed}),) if failed else ()


def _made(session: Session) -> str:
    """What went wrong, or "". After the first that the server did not take, the others wait too."""
    with session.store.reading() as desk:
        due = {name: one for name, one in waiting(desk).items() if _is_due(one, session.now)}
    folder = session.sent_folder()
    failed = ""
    try:
        for message_id, copy in due.items():
            raw = _bytes(session, copy)
            try:
                if raw and not failed:
                    folder.keep(raw, message_id, copy.at)
            except ChannelFailed as error:
                failed = str(error)
            with session.store.transaction() as desk:
                _remember(desk, message_id, _later(copy, failed, session.now) if failed else None)
    finally:
        folder.close()
    return failed


def _is_due(copy: Copy, now: datetime) -> bool:
    return copy.next_at is None or copy.next_at <= now


def _later(copy: Copy, error: str, now: datetime) -> Copy | None:
    """None once it has been tried for long enough: the ticket has the reply."""
    if now - copy.at > LIFETIME:
        return None
    delay = min(FIRST_DELAY * 2 ** min(copy.tries, 10), LONGEST_DELAY)
    return msgspec.structs.replace(copy, tries=copy.tries + 1, next_at=now + delay, error=error)


def _bytes(session: Session, copy: Copy) -> bytes:
    """Nothing where they are gone: the ticket was purged."""
    try:
        return session.store.blobs.get(copy.raw)
    except (Damaged, NoSuchTicket):
        return b""


def _remember(desk: Desk, message_id: str, copy: Copy | None) -> None:
    desk.remember(PREFIX + message_id, msgspec.json.encode(copy).decode() if copy else "")


def _forget_all(session: Session) -> None:
    """`sent:` was taken out of rules.yaml."""
    with session.store.transaction() as desk:
        for message_id in waiting(desk):
            _remember(desk, message_id, None)
