"""A date promised in a reply: offered to who wrote it, or as `--promise` says."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from ticketctl.content.terminal import line, safe, shortened
from ticketctl.content.times import local, zone
from ticketctl.domain.deadlines.date_words import moment
from ticketctl.domain.ticket.query import fold
from ticketctl.errors import Usage
from ticketctl.usecases.reply.request import Wishes
from ticketctl.usecases.session import Session


def due_time(session: Session, text: str) -> datetime:
    """The instant by which something named `text` is promised: a day lasts until its closing. Otherwise as for `wait`;
    raises Usage."""
    from ticketctl.domain.deadlines.promise_times import in_figures, times

    words = in_figures(" ".join(fold(text).split()))
    found = times(words, session.now, session.config.hours)
    whole = found[0] if len(found) == 1 and (found[0].start, found[0].end) == (0, len(words)) else None
    if whole is not None and whole.at is not None and whole.at > session.now:
        return whole.at
    return moment(text, session.now, session.config.hours, lasting=True)


def check_promise(session: Session, wishes: Wishes) -> None:
    """Raises Usage for a date that is not understood, before anything is written."""
    if not wishes.promise:
        return
    for name, given in (("--close", wishes.close), ("--draft", wishes.as_draft)):
        if given:
            raise Usage(f"--promise and {name} do not go together")
    if wishes.promise not in ("none", "auto"):
        due_time(session, wishes.promise)


def with_promise(session: Session, wishes: Wishes, text: str) -> Wishes:
    """With the date that the reply promises. Unless a time to wait was asked for, the ticket then stays with us: what
    is promised is ours to do."""
    at = _promised_at(session, wishes, text)
    if at is None:
        return wishes
    return msgspec.structs.replace(wishes, promised_at=at, stay_open=wishes.stay_open or not wishes.until)


def _promised_at(session: Session, wishes: Wishes, text: str) -> datetime | None:
    if wishes.promise == "none" or wishes.close or wishes.as_draft:
        return None
    if wishes.promise not in ("", "auto"):
        return due_time(session, wishes.promise)
    asks = session.out.asks and not wishes.unattended
    if not wishes.promise and not asks:
        return None
    from ticketctl.domain.deadlines.find_promise import promised

    found = promised(text, session.now, session.config.hours)
    if found is None:
        if wishes.promise:
            session.out.warn("no date is promised in this text, or none that is certain; `--promise WHEN` says which")
        return None
    told = f"promise: {local(found.at, zone(session.config.timezone))} (“{shortened(line(found.sentence), 60)}”)?"
    return found.at if wishes.promise == "auto" or click.confirm(safe(told), default=True) else None
