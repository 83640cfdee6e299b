"""The measures of a week, a month or any days: as figures, or mailed to the team."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.report import Setting, subject, text
from ticketctl.domain.privacy.retention import Purge, kept_words, plan
from ticketctl.domain.reports.figures import Figures, figures
from ticketctl.domain.reports.lessons import lessons
from ticketctl.domain.reports.periods import Window, days, due_week, last_month, last_week, month, week
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.queue import queue_notice
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.jobs import note_run

LAST = "last"
_UNTIL_THE_NEXT = timedelta(days=8)  # a week, and the night in which purge runs


class ReportOn(msgspec.Struct, frozen=True, kw_only=True):
    """A week ("2026-W47") or a month ("2026-11"), or the LAST, or the days from `first` to `last` (today, where that is
    not given); the last full week where nothing is. `language` is the desk's unless given."""

    week: str = ""
    month: str = ""
    first: date | None = None
    last: date | None = None
    language: str = ""

    @property
    def names_a_period(self) -> bool:
        return bool(self.week or self.month or self.first or self.last)


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


def report(session: Session, request: ReportOn) -> Report:
    """Raises Usage for a period that there is not."""
    session.must("report")
    window = _window(session, request)
    with session.store.reading() as desk:
        return _report(session, desk, window, request.language)


def mail_report(session: Session, request: ReportOn, *, keep: bool = True) -> MailedReport:
    """Queues a mail to `report: to:`, once a period: by default that of the week that was due last by `report: every:`
    and the desk's clock. Raises Usage where that names nobody, or the period is not over."""
    session.must("mail_report", keep=keep)
    config = session.config.report
    if not config.to:
        raise Usage(
            "nobody to mail it to: write `report: {{to: [you@example.se]}}` into {file}",
            code="no_report_recipients",
            file="rules.yaml",
        )
    window = _window(session, request) if request.names_a_period else _due_week(session)
    if window.end > session.now:
        raise Usage("{window} is not over; only a full period is mailed", code="period_not_over", window=window.name)
    mailed = MailedReport(window, "queued", config.to)
    with session.store.transaction(keep=keep) as desk:
        if before := desk.run(mailed.job):
            day = before.at.astimezone(ZoneInfo(session.config.timezone)).date()
            return msgspec.structs.replace(mailed, outcome="mailed_before", before=day)
        if not request.names_a_period and _has_nothing(desk, window):
            mailed = msgspec.structs.replace(mailed, outcome="nothing_to_report")
        else:
            _queue(session, desk, window)
        note_run(session, desk, mailed.job)
    return mailed


def _queue(session: Session, desk: Desk, window: Window) -> None:
    from ticketctl.content.report_html import page

    found = _report(session, desk, window)
    setting = msgspec.structs.replace(found.setting, purging=tuple(_purging(session, desk)))
    plain, rich = text(found.figures, setting) + "\n", page(found.figures, setting, chart=False)
    queue_notice(session, desk, session.config.report.to, subject(window, setting), plain, "report", html=rich)


def _has_nothing(desk: Desk, window: Window) -> bool:
    """Whether there was no ticket yet, and nothing is in quarantine that nobody has looked at."""
    young = all(one.opened_at >= window.end for one in desk.find(archive=True))
    return young and all(one.looked_at for one in desk.quarantined())


# --- the period ---


def _window(session: Session, request: ReportOn) -> Window:
    zone = ZoneInfo(session.config.timezone)
    if sum((bool(request.week), bool(request.month), bool(request.first or request.last))) > 1:
        raise Usage("a report is about one week, one month, or the days from one to another", code="several_periods")
    if request.month:
        return last_month(session.now, zone) if request.month == LAST else month(request.month, zone)
    if request.week and request.week != LAST:
        return week(request.week, zone)
    if request.first is not None:
        return days(request.first, request.last or session.now.astimezone(zone).date(), zone)
    if request.last is not None:
        raise Usage("the last day needs a first day", code="no_first_day")
    return last_week(session.now, zone)


def _due_week(session: Session) -> Window:
    every = session.config.report
    return due_week(session.now, ZoneInfo(session.config.timezone), every.weekday, every.minute)


# --- the figures ---


def _report(session: Session, desk: Desk, window: Window, language: str = "") -> Report:
    config = session.config
    tickets = desk.find(archive=True)
    found = figures(tickets, window, hours=config.hours, targets=config.targets, now=session.now)
    return Report(found, _setting(session, desk, window, language or config.language))


def _setting(session: Session, desk: Desk, window: Window, language: str) -> Setting:
    config, audit = session.config, session.audit.head()
    runs = {source.name: desk.run(f"fetch {source.name}") for source in config.sources}
    return Setting(
        desk=config.name,
        language=language,
        zone=ZoneInfo(config.timezone),
        now=session.now,
        has_hours=any(config.hours.week.values()),
        has_targets=bool(config.targets),
        audit=(audit.number, audit.mac),
        lessons=tuple(lessons(desk.find(archive=True), window)),
        aside=sum(one.looked_at is None for one in desk.quarantined()),
        sources=tuple((name, run.ok_at if run else None, bool(run and run.detail)) for name, run in runs.items()),
    )


def _purging(session: Session, desk: Desk) -> list[Purge]:
    """What the retention rules will delete or anonymise until the next report."""
    config = session.config
    rules, kept = config.privacy.retention, kept_words(config.fields, config.labels, config.causes)
    until = session.now + _UNTIL_THE_NEXT
    return plan(desk.find(archive=True), rules, config.timezone, until, kept) if rules else []
