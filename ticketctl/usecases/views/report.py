"""The measures of a day, week, month, quarter, year or any days: as figures, or mailed to the team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.report import Setting, subject, text
from ticketctl.domain.privacy.retention import Purge, kept_words, plan
from ticketctl.domain.reports.breakdown import InAndOpenTally, grouped, loads_only, over_time
from ticketctl.domain.reports.cases import Frame, lived_since, read_from
from ticketctl.domain.reports.figures import Figures, figures_of
from ticketctl.domain.reports.lessons import Lesson, lessons
from ticketctl.domain.reports.periods import Part, Window, due_week, leading_to, parts
from ticketctl.domain.reports.trends import compared_from
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.signals import uncollected
from ticketctl.ports.store import Desk
from ticketctl.usecases.readings import note_listing
from ticketctl.usecases.session import Session
from ticketctl.usecases.shown import shown_text
from ticketctl.usecases.upkeep.jobs import note_run
from ticketctl.usecases.upkeep.restore import must_have_looked
from ticketctl.usecases.views.compared import trends_of, week_compared
from ticketctl.usecases.views.period import ReportOn, dimension_of, frame_of, part_of, tickets_of, window_of

if TYPE_CHECKING:  # what only a mail needs is loaded with it: a report on the screen reads no mail
    from ticketctl.content.weekly.mail import Coming
    from ticketctl.usecases.outgoing.queue import RichText

_UNTIL_THE_NEXT = timedelta(days=8)  # a week, and the night in which purge runs


class Report(msgspec.Struct, frozen=True):
    """`setting` is what the texts of the report need to know of the desk beside the figures."""

    figures: Figures
    setting: Setting


class MailedReport(msgspec.Struct, frozen=True):
    """`mailed_before`: on the day `before`. `nothing_to_report`: no ticket is so old, and nobody asked for the
    period."""

    window: Window
    outcome: Literal["queued", "mailed_before", "nothing_to_report"]
    to: tuple[str, ...]
    before: date | None = None

    @property
    def job(self) -> str:
        """The name under which it is remembered."""
        return f"report {self.window.name}"

    def job_of(self, address: str) -> str:
        """The same for one recipient, whose address is not kept."""
        return f"{self.job} {sha256(address.casefold().encode()).hexdigest()[:12]}"


def report(session: Session, request: ReportOn) -> Report:
    """Raises Usage for a period that there is not."""
    session.must("report")
    window = window_of(session, request)
    with session.store.reading() as desk, uncollected():
        note_listing(session, "report", (one.number for one in tickets_of(desk, frame_of(session, window))))
        return _report(session, desk, request, window)


def mail_report(session: Session, request: ReportOn, *, keep: bool = True) -> MailedReport:
    """Queues a mail to `report: to:`, once a period and recipient: by default that of the week that was due
    last by `report: every:` and the desk's clock. Raises Usage where that names nobody, or the period is not over."""
    session.must("mail_report", keep=keep)
    window = _mailed_window(session, request)
    mailed = MailedReport(window, "queued", session.config.report.to)
    with session.store.reading() as desk:
        if not _not_mailed(desk, mailed):
            return _mailed_before(session, desk, mailed)
    coming = _coming(session, window)
    with session.store.transaction(keep=keep) as desk:
        if keep:
            must_have_looked(desk)
        to = _not_mailed(desk, mailed)
        if not to:
            return _mailed_before(session, desk, mailed)
        if not request.names_a_period and _has_nothing(desk, window):
            mailed = msgspec.structs.replace(mailed, outcome="nothing_to_report", to=to)
        else:
            mailed = msgspec.structs.replace(mailed, to=to)
            _queue(session, desk, mailed, coming)
        for job in (mailed.job, *map(mailed.job_of, to)):
            note_run(session, desk, job)
    return mailed


def _queue(session: Session, desk: Desk, mailed: MailedReport, coming: Sequence[Coming]) -> None:
    from ticketctl.usecases.outgoing.push import remember_push
    from ticketctl.usecases.outgoing.queue import queue_rich_notice

    said = _said(session, desk, mailed.window, coming)
    queue_rich_notice(session, desk, mailed.to, said, "report")
    remember_push(session, desk, "weekly", mailed.window.name, shown_text(session, said.subject))


def preview_report(session: Session, request: ReportOn) -> tuple[RichText, bytes]:
    """The mail that `mail_report` would queue, whoever got it already, and its bytes. Nothing is changed. Raises Usage
    as it does."""
    from ticketctl.usecases.outgoing.queue import notice_draft

    session.must("mail_report", keep=False)
    window = _mailed_window(session, request)
    coming = _coming(session, window)
    with session.store.reading() as desk:
        said = _said(session, desk, window, coming)
    return said, session.medium.freeze(notice_draft(session, session.config.report.to, said))


def _mailed_window(session: Session, request: ReportOn) -> Window:
    if not session.config.report.to:
        raise Usage(
            "nobody to mail it to: write `report: {{to: [you@example.se]}}` into {file}",
            code="no_report_recipients",
            file="rules.yaml",
        )
    window = window_of(session, request) if request.names_a_period else _due_week(session)
    if window.end > session.now:
        raise Usage("{window} is not over; only a full period is mailed", code="period_not_over", window=window.name)
    return window


def _not_mailed(desk: Desk, mailed: MailedReport) -> tuple[str, ...]:
    """To whom it has not gone yet; to nobody where an earlier version mailed it, which remembered no recipients."""
    fresh = tuple(address for address in dict.fromkeys(mailed.to) if not desk.run(mailed.job_of(address)))
    return () if desk.run(mailed.job) and fresh == tuple(dict.fromkeys(mailed.to)) else fresh


def _mailed_before(session: Session, desk: Desk, mailed: MailedReport) -> MailedReport:
    before = desk.run(mailed.job)
    day = before.at.astimezone(ZoneInfo(session.config.timezone)).date() if before else None
    return msgspec.structs.replace(mailed, outcome="mailed_before", before=day)


def _coming(session: Session, window: Window) -> tuple[Coming, ...]:
    from ticketctl.usecases.views.weekly import coming_in

    return coming_in(session) if window.is_week else ()


def _said(session: Session, desk: Desk, window: Window, coming: Sequence[Coming]) -> RichText:
    """Of a week the weekly mail, of another period the whole report."""
    from ticketctl.usecases.outgoing.queue import RichText

    purging = tuple(_purging(session, desk))
    if window.is_week:
        from ticketctl.usecases.views.weekly import mail_of, weekly

        setting = msgspec.structs.replace(_setting(session, desk, session.config.language), purging=purging)
        return mail_of(weekly(session, desk, window, setting, coming), in_ascii=session.config.report.ascii)
    from ticketctl.content.report_html import page

    found = _report(session, desk, ReportOn(), window)
    setting = msgspec.structs.replace(found.setting, purging=purging)
    plain, rich = text(found.figures, setting) + "\n", page(found.figures, setting, chart=False)
    return RichText(subject=subject(window, setting), text=plain, html=rich)


def _has_nothing(desk: Desk, window: Window) -> bool:
    """Whether there was no ticket yet, and nothing is in quarantine that nobody has looked at."""
    early = desk.find(Query(opened_to=window.end, lived_to=window.end), archive=True)
    return next(early, None) is None and all(one.looked_at for one in desk.quarantined())


def _due_week(session: Session) -> Window:
    every = session.config.report
    return due_week(session.now, ZoneInfo(session.config.timezone), every.weekday, every.minute)


# --- the figures ---


def _report(session: Session, desk: Desk, request: ReportOn, window: Window) -> Report:
    config, asked = session.config, frame_of(session, window)
    setting = _setting(session, desk, request.language or config.language)
    learnt: list[Lesson] = []
    part, frames = _before(session, request, window)
    before, since = InAndOpenTally(frames), read_from(asked)
    compared = week_compared(asked) if not request.over else None
    starts = [since, *(one.window.start for one in frames), *([compared_from(asked)] if compared else [])]
    read = desk.find(Query(lived_from=min(starts), lived_to=window.end), archive=True)
    tickets = before.passing(_noting_lessons(read, window, learnt))
    if compared:
        tickets = compared.passing(tickets)
    if min(starts) < since:
        tickets = lived_since(tickets, since)
    if request.by:
        by = dimension_of(config, request.by)
        found, groups = grouped(tickets, asked, by)
        if by.kind == "owner" and not config.report.per_person_times:
            groups = loads_only(groups)
        setting = msgspec.structs.replace(setting, groups=groups)
    else:
        found = figures_of(tickets, asked)
    if of := part_of(request):
        part, setting = of, msgspec.structs.replace(setting, over=tuple(_over(session, desk, window, of)))
    trends = trends_of(session, desk, compared, asked) if compared else {}
    told = {"part": part, "before": tuple(before.rows()), "lessons": tuple(learnt), "trends": trends}
    return Report(found, msgspec.structs.replace(setting, **told))


def _noting_lessons(tickets: Iterable[Ticket], window: Window, learnt: list[Lesson]) -> Iterator[Ticket]:
    """The same tickets; adds their lessons to `learnt` as they pass by, so that they are read once."""
    for ticket in tickets:
        if ticket.lesson:
            learnt += lessons((ticket,), window)
        yield ticket


def _over(session: Session, desk: Desk, window: Window, part: Part) -> list[Figures]:
    windows = list(parts(window, ZoneInfo(session.config.timezone), part))
    first = frame_of(session, windows[0])
    tickets = desk.find(Query(lived_from=read_from(first), lived_to=window.end), archive=True)
    return over_time(tickets, [frame_of(session, one) for one in windows])


def _before(session: Session, request: ReportOn, window: Window) -> tuple[Part, list[Frame]]:
    """The weeks or months that end with the window, where they are asked for and it is not divided itself."""
    part, windows = leading_to(window, ZoneInfo(session.config.timezone))
    wanted = request.before and not request.over
    return part, [frame_of(session, one) for one in windows] if wanted else []


def _setting(session: Session, desk: Desk, language: str) -> Setting:
    config, audit = session.config, session.audit.head()
    runs = {source.name: desk.run(f"fetch {source.name}") for source in config.fetched}
    return Setting(
        desk=config.name,
        language=language,
        zone=ZoneInfo(config.timezone),
        now=session.now,
        has_hours=any(config.hours.week.values()),
        has_targets=bool(config.targets),
        audit=(audit.number, audit.mac),
        aside=sum(one.looked_at is None for one in desk.quarantined()),
        sources=tuple((name, run.ok_at if run else None, bool(run and run.detail)) for name, run in runs.items()),
    )


def _purging(session: Session, desk: Desk) -> list[Purge]:
    """What the retention rules will delete or anonymise until the next report."""
    config = session.config
    rules, kept = config.privacy.retention, kept_words(config.fields, config.labels, config.causes)
    until = session.now + _UNTIL_THE_NEXT
    return plan(desk.find(archive=True), rules, config.timezone, until, kept) if rules else []
