"""What the weekly mail is made of: the desk now, the week beside the twelve before it, what grows, what was learnt."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from ticketctl.content.changes import sentence
from ticketctl.content.report import Setting
from ticketctl.content.weekly.html import Shown, html
from ticketctl.content.weekly.mail import Coming, Now, Todo, Weekly, Why, subject, text
from ticketctl.content.weekly.pictures import can_draw, draw
from ticketctl.domain.deadlines.work_order import State, TicketInQueue
from ticketctl.domain.privacy.impersonal import masked
from ticketctl.domain.reports.breakdown import InAndOpen, in_and_open
from ticketctl.domain.reports.cases import Frame, lived_since, read_from
from ticketctl.domain.reports.figures import Figures, figures_of
from ticketctl.domain.reports.lessons import lessons
from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.reports.statistics import Rate
from ticketctl.domain.reports.trends import TrendTally, compared_from, weeks_before
from ticketctl.domain.statistics.change import CASES
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at, counts
from ticketctl.ports.channels_draft import Picture
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import today
from ticketctl.usecases.intake.outage_alert import mailboxes_down
from ticketctl.usecases.measures.early_warning import current
from ticketctl.usecases.measures.effects import running
from ticketctl.usecases.outgoing.queue import RichText
from ticketctl.usecases.patterns.overview import FindPatterns, patterns
from ticketctl.usecases.reply.without_persons import known_persons
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.board import outgoing_of, state_of, unseen_in_quarantine
from ticketctl.usecases.views.compared import trends_of
from ticketctl.usecases.views.period import frame_of

ROWS = {  # of the mail: the figure behind each
    "arrivals": "arrivals",
    "closes": "closes",
    "backlog": "backlog",
    "first_response": "first_response",
    "in_time": "targets_kept.first_response",
}
MOST_NAMED = 5


def coming_in(session: Session) -> tuple[Coming, ...]:
    """Patterns that grow, then new ones, those with most tickets first."""
    rows = [one for one in patterns(session, FindPatterns()).rows if one.name and not one.hidden]
    grown = [Coming(what="grows", id=one.id, name=one.name, count=one.count) for one in rows if one.trend == "rose"]
    fresh = [one for one in rows if one.new and one.trend != "rose"]
    return (*grown, *(Coming(what="new", id=one.id, name=one.name, count=one.count) for one in fresh))


def weekly(session: Session, desk: Desk, window: Window, setting: Setting, coming: Sequence[Coming] = ()) -> Weekly:
    """Of a full ISO week, with the second picture where the next Monday is the first of its month, and enough tickets
    arrived to say when they do."""
    asked = frame_of(session, window)
    query = Query(lived_from=min(compared_from(asked), read_from(asked)), lived_to=window.end)
    counting = TrendTally(asked)
    tickets = list(counting.passing(desk.find(query, archive=True)))
    found = trends_of(session, desk, counting, asked)
    weeks = _weeks(tickets, session, asked)
    kept = found[ROWS["in_time"]].value is not None
    return Weekly(
        window=window,
        setting=setting,
        now=_now(session, desk),
        trends={row: found[name] for row, name in ROWS.items() if row != "in_time" or kept},
        weeks=weeks,
        provisional=_provisional(figures_of(lived_since(tickets, read_from(asked)), asked)),
        hours=_hours(tickets, weeks, window, asked) if (window.last + timedelta(days=1)).day <= 7 else None,
        coming=tuple(coming),
        measures=tuple((one.measure.name, sentence(one.change, setting.language)) for one in running(session, desk)),
        warnings=_warnings(session, desk, window),
        lessons=tuple(lessons(tickets, window)),
    )


def _warnings(session: Session, desk: Desk, window: Window) -> tuple[EarlyWarning, ...]:
    """What was found from the week's Tuesday to the Monday after it."""
    return tuple(
        one for one in current(desk, today(session)) if window.first < one.fired <= window.last + timedelta(days=1)
    )


def mail_of(made: Weekly, *, in_ascii: bool = False) -> RichText:
    """The mail, with pictures where matplotlib is there, and bars of a table where it is not."""
    drawn, shown = [], {}
    wanted = [*(["weeks"] if any(one.arrivals or one.open for one in made.weeks) else []), *_heat(made)]
    for name in wanted if can_draw() else ():
        picture = draw(made, name)
        cid = f"{name}.{sha256(picture.data).hexdigest()[:24]}@ticketctl.invalid"
        drawn.append(Picture(cid=cid, name=f"{name}.png", data=picture.data))
        shown[name] = Shown(f"cid:{cid}", picture.width, picture.height)
    return RichText(
        subject=subject(made), text=text(made, in_ascii=in_ascii), html=html(made, shown), pictures=tuple(drawn)
    )


def _heat(made: Weekly) -> list[str]:
    return ["hours"] if made.hours else []


# --- the weeks ---


def _weeks(tickets: Sequence[Ticket], session: Session, asked: Frame) -> tuple[InAndOpen, ...]:
    """The 13 weeks, without those before the first ticket."""
    windows = [*weeks_before(asked.window, asked), asked.window]
    return tuple(in_and_open(tickets, [frame_of(session, one) for one in windows]))


def _provisional(week: Figures) -> frozenset[str]:
    rates: dict[str, Rate] = {"in_time": week.kept["first_response"]}
    found = {name for name, rate in rates.items() if rate.provisional}
    found |= {"first_response"} if week.first_response.provisional else set()
    found |= {"arrivals"} if week.flow.provisional else set()
    return frozenset(found)


def _hours(
    tickets: Sequence[Ticket], weeks: Sequence[InAndOpen], window: Window, asked: Frame
) -> tuple[tuple[int, ...], ...] | None:
    found = [[0] * 24 for _ in range(7)]
    for ticket in tickets:
        began = began_at(ticket)
        here = began.astimezone(asked.zone)
        if counts(ticket) and began < window.end and here.date() >= weeks[0].window.first:
            found[here.weekday()][here.hour] += 1
    return tuple(map(tuple, found)) if sum(map(sum, found)) >= CASES else None


# --- now ---


def _now(session: Session, desk: Desk) -> Now:
    every = list(desk.find())
    state = state_of(session, every)
    outgoing = outgoing_of(session, desk, state, every)
    return Now(
        todo=tuple(_named(session, desk, [*_urgent(state, outgoing.tickets)])),
        late=len(state.overdue),
        unassigned=len(state.unassigned),
        aside=unseen_in_quarantine(desk),
        down=tuple(one.source for one in mailboxes_down(session, desk)),
        undelivered=outgoing.stuck,
    )


def _urgent(state: State, lost: Collection[TicketInQueue]) -> Iterator[Todo]:
    """Each ticket once, for the first of its reasons; without its subject."""
    seen: set[int] = set()
    groups: tuple[tuple[Why, Collection[TicketInQueue]], ...] = (
        ("late", state.overdue),
        ("lost", lost),
        ("promised", state.promised),
        ("away", [one for one in state.away if not one.asleep]),
        ("unassigned", [one for one in state.unassigned if not one.asleep]),
    )
    for why, tickets in groups:
        for one in tickets:
            if one.ticket.number not in seen:
                seen.add(one.ticket.number)
                due: datetime | None = {"late": one.due, "promised": one.promised}.get(why)
                yield Todo(number=one.ticket.number, subject="", why=why, owner=one.ticket.assignee, due=due)


def _named(session: Session, desk: Desk, todo: Sequence[Todo]) -> Iterator[Todo]:
    """With the subjects of the first, without what tells of a person."""
    tickets = {number: desk.get(number) for number in [one.number for one in todo[:MOST_NAMED]]}
    known = known_persons(session, tickets.values())
    for one in todo:
        ticket = tickets.get(one.number)
        yield msgspec.structs.replace(one, subject=masked(ticket.subject, known) if ticket else "")
