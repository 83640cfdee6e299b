"""What is asked of a reply, in whatever way it was said."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ticketctl.ports.channels_draft import File
from ticketctl.usecases.outgoing.schedule import when_sent
from ticketctl.usecases.reply.check import Manner
from ticketctl.usecases.reply.recipients import Addressing
from ticketctl.usecases.results import ObjectionCode
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.wait import DEFAULT_WAIT, wake_time


class ReplyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`seen` are the keys of the messages that the writer had before them (None: all), `revision` the ticket's revision
    at that time. `draft` is the key of the draft that the text goes on with. `wait`, `later` and `promise` are times as
    people say them; `promise` may also be "auto" (what the text promises) or "none". `undo` is how long the reply stays
    in the outbox so that it can be taken back. `accept` are the objections that somebody has said yes to."""

    ticket: int
    text: str = ""
    seen: frozenset[str] | None = None
    revision: int | None = None
    draft: str = ""
    snippet: str = ""
    asked: Addressing = Addressing()
    files: tuple[File, ...] = ()
    wait: str = ""
    stay_open: bool = False
    close: bool = False
    cause: str = ""
    lesson: str = ""
    later: str = ""
    undo: timedelta = timedelta()
    promise: str = ""
    promised_at: datetime | None = None  # what the text promises, once that is known
    check: Manner = ""
    hints: bool = False  # they are wanted with the result, also where they were accepted beforehand
    accept: frozenset[ObjectionCode] = frozenset()


def wake_at_end(session: Session, request: ReplyRequest) -> datetime | None:
    """When the ticket comes back, reckoned from when the reply is sent; None where it does not wait."""
    if request.stay_open or request.close:
        return None
    return wake_time(when_sent(session, request.later), request.wait or DEFAULT_WAIT)
