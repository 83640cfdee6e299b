"""A date promised in a reply: as the request says, or found in the text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.deadlines.date_words import moment
from ticketctl.domain.ticket.query import fold
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.results import Objection
from ticketctl.usecases.session import Session

if TYPE_CHECKING:
    from ticketctl.domain.deadlines.find_promise import Found


def due_time(session: Session, text: str) -> datetime:
    """The instant by which something named `text` is promised: a day lasts until its closing. Otherwise as for `wait`;
    raises Usage."""
    from ticketctl.domain.deadlines.calendar_words import in_figures
    from ticketctl.domain.deadlines.promise_times import times

    words = in_figures(" ".join(fold(text).split()))
    found = times(words, session.now, session.config.hours)
    whole = found[0] if len(found) == 1 and (found[0].start, found[0].end) == (0, len(words)) else None
    if whole is not None and whole.at is not None and whole.at > session.now:
        return whole.at
    return moment(text, session.now, session.config.hours, lasting=True)


def promised_in(session: Session, request: ReplyRequest) -> datetime | None:
    """What the reply promises, by what the request says or by its text; `session` is that of when it is sent."""
    if request.promise == "none" or request.close:
        return None
    if request.promise not in ("", "auto"):
        return due_time(session, request.promise)
    found = _found(session, request.text)
    return found.at if found else None


def promise_objections(session: Session, request: ReplyRequest) -> list[Objection]:
    """That the text promises a date, where the request does not say whether the ticket shall be due then."""
    found = None if request.promise or request.close else _found(session, request.text)
    if found is None:
        return []
    facts = {"at": found.at.astimezone(zone(session.config.timezone)), "sentence": found.sentence}
    return [Objection("promise_found", "the text promises something by a date", request.ticket, facts)]


def with_promise(request: ReplyRequest, at: datetime | None) -> ReplyRequest:
    """With the date that the reply promises. Unless a time to wait was asked for, the ticket then stays open: what is
    promised is for the team to do."""
    if at is None:
        return request
    return msgspec.structs.replace(request, promised_at=at, stay_open=request.stay_open or not request.wait)


def _found(session: Session, text: str) -> Found | None:
    from ticketctl.domain.deadlines.find_promise import promised

    return promised(text, session.now, session.config.hours)
