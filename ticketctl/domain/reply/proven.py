"""Answers that have proved themselves: the last reply before a close after which the customer did not come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import sqrt
from zoneinfo import ZoneInfo

from ticketctl.domain.reply.answers import body, is_sent_reply, says_something
from ticketctl.domain.reply.likeness import features
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket

REOPEN_DAYS = 14  # local days; docs/measures.md


def proven_answer(ticket: Ticket, zone: ZoneInfo) -> Message | None:
    """Of the last close that nobody took back within 14 days: the last reply before it that says something."""
    if not ticket.closed or ticket.spam or ticket.test or ticket.merged_into:
        return None
    replies = [one for one in ticket.messages if is_sent_reply(one) and says_something(one.text)]
    opened = [event.at for event in ticket.events if event.what == "reopened"]
    for close in reversed([event.at for event in ticket.events if event.what == "closed"]):
        before = [one for one in replies if one.at <= close]
        if before and not any(_within(close, at, zone) for at in opened):
            return before[-1]
    return None


def by_typicality(texts: Sequence[str]) -> list[int]:
    """Their places, the one nearest to the middle of all first."""
    found = [features(body(text)) for text in texts]
    middle: dict[str, float] = {}
    for one in found:
        for feature in one:
            middle[feature] = middle.get(feature, 0.0) + 1 / sqrt(len(one))
    near = [sum(middle[feature] for feature in one) / sqrt(len(one) or 1) for one in found]
    return sorted(range(len(texts)), key=lambda at: (-near[at], at))


def _within(close: datetime, back: datetime, zone: ZoneInfo) -> bool:
    days = (back.astimezone(zone).date() - close.astimezone(zone).date()).days
    return back >= close and days <= REOPEN_DAYS
