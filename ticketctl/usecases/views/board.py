"""The state of the desk right now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from ticketctl.content.outage import Down
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.work_order import State, TicketInQueue, state
from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.domain.settings.settings import Away
from ticketctl.domain.ticket.outbound import HOOK, Outbound
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.scheduling import is_scheduled
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.automation import rate_limit
from ticketctl.usecases.intake.outage_alert import mailboxes_down
from ticketctl.usecases.measures.early_warning import current
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.presence import Writing, writers
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order

if TYPE_CHECKING:
    from ticketctl.usecases.outgoing.webhooks import FailingHook

LOST = ("failed", "bounced", "uncertain")


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """`pending` mails wait in the outbox, and `scheduled` ones for their time; `deferred` of the former a server did
    not take yet, the oldest queued at `since`; `stuck` ones (notifications, reports) were not delivered; `tickets` are
    those whose last reply, or an automatic answer that is still in the outbox, was not, `held` those with a reply that
    is held back. `limited` is the automatic mail that is not sent."""

    pending: int
    deferred: int = 0
    since: datetime | None = None
    stuck: int
    scheduled: int = 0
    held: tuple[TicketInQueue, ...] = ()
    tickets: tuple[TicketInQueue, ...]
    limited: tuple[rate_limit.Held, ...] = ()


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """`down` are the mailboxes that can't be fetched; `quarantined` counts mails in quarantine that nobody has looked
    at. `absent` are those who are away on the day `today`, `writing` those who write a reply right now, `warnings`
    what came unusually often, as cron found it in the last 14 days, `hooks` the webhooks that do not
    work."""

    state: State
    outgoing: Outgoing
    down: tuple[Down, ...]
    quarantined: int
    absent: tuple[tuple[str, Away], ...]
    writing: tuple[Writing, ...]
    today: date
    warnings: tuple[EarlyWarning, ...] = ()
    hooks: tuple[FailingHook, ...] = ()


def board(session: Session) -> Board:
    session.must("board")
    day = today(session)
    with session.store.reading() as desk:
        every = list(desk.find())
        now = state_of(session, every)
        if session.config.privacy.log_lists:
            from ticketctl.usecases.readings import note_listing

            note_listing(session, "board", (one.ticket.number for one in now.all))
        return Board(
            state=now,
            outgoing=outgoing_of(session, desk, now, every),
            down=tuple(mailboxes_down(session, desk)),
            quarantined=unseen_in_quarantine(desk),
            absent=tuple((name, one) for name, one in coming(session) if one.start <= day),
            writing=tuple(writers(session)),
            today=day,
            warnings=tuple(current(desk, day)),
            hooks=_hooks(session, desk),
        )


def state_of(session: Session, every: Iterable[Ticket]) -> State:
    """Of all tickets of the desk."""
    where, day = zone(session.config.timezone), today(session)
    active = in_order(session, (one for one in every if ACTIVE.matches(one)))
    return state(active, datetime.combine(day + timedelta(days=1), time(), where), away(session))


def _hooks(session: Session, desk: Desk) -> tuple[FailingHook, ...]:
    if not session.config.webhooks:
        return ()
    from ticketctl.usecases.outgoing.webhooks import failing_hooks  # here: few desks have one

    return failing_hooks(session, desk)


def unseen_in_quarantine(desk: Desk) -> int:
    """How many mails there nobody has looked at."""
    return sum(one.looked_at is None for one in desk.quarantined())


def outgoing_of(session: Session, desk: Desk, now: State, every: Collection[Ticket]) -> Outgoing:
    items = [one for one in desk.outbox() if one.medium != HOOK]
    lost = [item for item in items if item.state in LOST]
    homes = _homes(desk, (item for item in lost if item.message))
    held = _homes(desk, (item for item in items if item.state == "held"))
    closed = in_order(session, (one for one in every if one.closed and (one.number in homes or _came_back(one))))
    return Outgoing(
        pending=sum(item.pending and not is_scheduled(item) for item in items),
        deferred=sum(item.state == "deferred" for item in items),
        since=min((item.queued_at for item in items if item.state == "deferred"), default=None),
        stuck=sum(not item.message for item in lost),
        scheduled=sum(item.state == "queued" and is_scheduled(item) for item in items),
        held=tuple(in_order(session, (one for one in every if one.number in held))),  # closed ones too
        tickets=(*(one for one in now.all if one.ticket.number in homes or _lost(one.ticket)), *closed),
        limited=tuple(rate_limit.held(session, desk, every)),
    )


def _homes(desk: Desk, items: Iterable[Outbound]) -> set[int | None]:
    """The tickets of these mails by now: a merge may have moved them."""
    return {desk.find_message(item.message_id) for item in items}


def _lost(ticket: Ticket) -> bool:
    """Whether its last reply was not delivered."""
    last = ticket.last(direction="out")
    return last is not None and last.delivery in LOST


def _came_back(ticket: Ticket) -> bool:
    """Whether that was learnt only after the ticket was closed: nobody would look there."""
    last = ticket.last(direction="out")
    if last is None or last.delivery not in LOST:
        return False
    for event in reversed(ticket.events):
        if event.what in (f"delivery {last.key}", "closed"):
            return event.what != "closed"
    return False
