"""Where a chat stands: whose turn it is, whether it is over, whether somebody of the team is there. Pure.

A chat is a ticket whose requester came by the medium chat. It is live as long as its ticket is not closed and neither
its visitor has ended it nor so much time has passed in which the visitor has the turn; what they write afterwards goes
on with it for a while, and opens another ticket later. The filing of messages (domain.mail.threading) decides
that at the moment of sending, by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ticketctl.domain.deadlines.business_hours import next_opening
from ticketctl.domain.mail.threading import rests
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.message import MAIL, Channel, Message
from ticketctl.domain.ticket.ticket import Act, Ticket

CHAT: Channel = "chat"  # also the medium
ENDED = "chat ended"  # the event of a chat that its visitor or the clock ended; `after` is by whom
BY_VISITOR, BY_CLOCK = "visitor", "idle"
PRESENT = timedelta(seconds=60)  # since somebody of the team last looked
HERE = timedelta(seconds=120)  # since the visitor's page last looked: a hidden one looks each 15 s, and may be late
TYPING = timedelta(seconds=6)

Life = Literal["none", "live", "ended", "over"]
"""none: nothing was said yet. ended: what the visitor writes now goes on with it. over: it opens a new ticket."""

Desk = Literal["there", "nobody", "shut"]
"""there: somebody of the team looks at the chats. nobody: none does, within opening hours. shut: outside of them."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """As rules.yaml says for the source (ChatSource)."""

    idle: timedelta
    patience: timedelta
    return_within: timedelta


def is_chat(ticket: Ticket) -> bool:
    """Whether its requester is a visitor of the site, who reads here what we answer."""
    return ticket.requester.medium == CHAT


def mail_of(ticket: Ticket) -> str:
    """The mail address that the visitor named last, for answers once they have left; "" where they named none."""
    named = [one for message in ticket.messages if message.direction == "in" for one in message.reply_to]
    mails = [one.address for one in named if one.medium == MAIL]
    return mails[-1] if mails else ""


def said(ticket: Ticket) -> list[Message]:
    """What customer and team have said to each other, in the order in which it was stored."""
    return [one for one in ticket.messages if one.from_customer or one.is_answer]


def awaits_visitor(ticket: Ticket) -> bool:
    """Whether the visitor has the turn: we have answered and owe nothing, though they may have thanked us. A promise,
    a ticket that stays open and a day that somebody named keep the turn with us."""
    answered = any(one.is_reply for one in said(ticket))
    return ticket.status == "waiting" and answered and not ticket.waits_for_a_day


def waits_since(ticket: Ticket) -> datetime | None:
    """Since when the visitor has waited for a word of ours; None where they do not wait."""
    if ticket.closed or ticket.status == "waiting":
        return None
    waiting: datetime | None = None
    for one in said(ticket):
        waiting = None if one.is_reply else waiting or one.at
    return waiting


def idle_at(ticket: Ticket, limits: Limits) -> datetime | None:
    """When the chat ends by itself; None as long as the visitor has not the turn, or was answered by mail: that may
    take its time."""
    if not awaits_visitor(ticket):
        return None
    last = said(ticket)[-1]
    ours = next(one for one in reversed(said(ticket)) if one.is_reply)
    return max(last.at, ours.delivered_at or ours.at) + limits.idle if ours.channel == CHAT else None


def has_ended(ticket: Ticket) -> bool:
    """Whether it was closed, or ended and nothing was said since."""
    if ticket.closed:
        return True
    for event in reversed(ticket.events):
        if event.what == "received":
            return False
        if event.what == ENDED:
            return True
    return False


def end(ticket: Ticket, act: Act, by: str) -> Ticket:
    """Noted in its history; what is to become of the ticket is another matter."""
    return ticket if has_ended(ticket) else ticket.changed(act, ENDED, "", by)


def life_of(ticket: Ticket | None, limits: Limits, now: datetime) -> Life:
    if ticket is None:
        return "none"
    idle = idle_at(ticket, limits)
    if not (has_ended(ticket) or (idle and idle <= now)):
        return "live"
    return "over" if rests(ticket, limits.return_within, now) else "ended"


def takes_longer(ticket: Ticket | None, limits: Limits, now: datetime) -> bool:
    """Whether the visitor has waited for longer than they were told to expect."""
    waiting = waits_since(ticket) if ticket else None
    return waiting is not None and now - waiting >= limits.patience


def is_present(polls: Iterable[datetime], now: datetime) -> bool:
    """Whether one of those who look at the chats has looked within the last minute."""
    return any(now - at <= PRESENT for at in polls)


def desk_at(now: datetime, hours: Hours, polls: Iterable[datetime]) -> Desk:
    if next_opening(now, hours) > now:
        return "shut"
    return "there" if is_present(polls, now) else "nobody"


def changes_at(ticket: Ticket | None, limits: Limits, now: datetime) -> datetime | None:
    """The next instant at which what the visitor sees changes though nobody does anything; None where there is none.
    Opening hours and who is there are not looked at."""
    if ticket is None:
        return None
    waiting, last = waits_since(ticket), said(ticket)
    ahead = [idle_at(ticket, limits), waiting and waiting + limits.patience]
    if has_ended(ticket) and last:
        ahead.append(last[-1].at + limits.return_within)
    return min((at for at in ahead if at and at > now), default=None)
