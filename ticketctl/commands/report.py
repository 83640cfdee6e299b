"""`report`: the measures of a week, a month or any days."""

from __future__ import annotations

import codecs
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from ticketctl.content.report import Setting, subject, text
from ticketctl.domain.privacy.retention import Purge, kept_words, plan
from ticketctl.domain.reports.figures import Figures, figures
from ticketctl.domain.reports.lessons import lessons
from ticketctl.domain.reports.periods import Window, days, due_week, last_month, last_week, month, week
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.jobs import note_run

_LAST = "last"
_UNTIL_THE_NEXT = timedelta(days=8)  # a week, and the night in which purge runs
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--week", "week_name", is_flag=False, flag_value=_LAST, metavar="[2026-W47]", help="A week, the last.")
@click.option("--month", "month_name", is_flag=False, flag_value=_LAST, metavar="[2026-11]", help="A month, the last.")
@click.option("--from", "first", type=_DAY, metavar="DAY", help="The first day, as 2026-11-01.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; today if not given.")
@click.option(
    "--csv",
    is_flag=False,
    flag_value="excel",
    type=click.Choice(["excel", "plain"]),
    help="Answer as CSV, a row a figure: for a spreadsheet of the desk's language, or --csv=plain for programs.",
)
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page.")
@click.option("--email", is_flag=True, help="Mail it to `report: to`, once a period.")
@click.option("-q", "--quiet", is_flag=True, help="With --email: print nothing when all went well.")
@click.pass_obj
def command(
    shell: Shell,
    week_name: str | None,
    month_name: str | None,
    first: datetime | None,
    last: datetime | None,
    csv: str | None,
    page: Path | None,
    email: bool,
    quiet: bool,
) -> None:
    """Show the measures of a week, a month or any time.

    Without options the last full week. Spam, machine mail, tests and merged tickets are left out. Durations are shown
    in calendar time and in business time (opening hours); the median is the middle case, and nine of ten are not
    longer than what is under 90 %. With --json and --csv durations are minutes.

    --csv opens by a double click in the spreadsheet of the desk's language: in Swedish with ; between the columns and a
    comma in numbers. --csv=plain has , and a point, and no byte order mark.

    --email without a period mails the week that was due last by `report: every` and the desk's clock, once; run by cron
    each hour, it makes up for a week that a machine slept through, until the next one is due.

    \b
    Examples:
      ticketctl report --month 2026-10 --html oktober.html
      ticketctl report --csv > rapport.csv
    """
    if sum((csv is not None, shell.json, page is not None, email)) > 1:
        raise Usage("give one of --json, --csv, --html and --email")
    zone = ZoneInfo(shell.session.config.timezone)
    window = _window(shell, zone, week_name, month_name, first and first.date(), last and last.date())
    if email:
        asked = any((week_name, month_name, first, last))
        every = shell.session.config.report
        _email(
            shell,
            window if asked else due_week(shell.session.now, zone, every.weekday, every.minute),
            quiet,
            asked=asked,
        )
        return
    with shell.session.store.reading() as desk:
        found, setting = _figures(shell, desk, window), _setting(shell, desk, window)
    if page is not None:
        _write(shell, found, setting, page)
    else:
        _answer(shell, found, setting, csv)


def _window(
    shell: Shell, zone: ZoneInfo, week_name: str | None, month_name: str | None, first: date | None, last: date | None
) -> Window:
    """The one that was asked for; raises Usage."""
    if sum(one is not None for one in (week_name, month_name, first or last)) > 1:
        raise Usage("give one of --week, --month and --from … --to")
    try:
        if month_name is not None:
            return last_month(shell.session.now, zone) if month_name == _LAST else month(month_name, zone)
        if week_name is not None and week_name != _LAST:
            return week(week_name, zone)
        if first is not None:
            return days(first, last or shell.session.now.astimezone(zone).date(), zone)
    except ValueError as error:
        raise Usage(str(error)) from None
    if last is not None:
        raise Usage("--to needs --from, the first day")
    return last_week(shell.session.now, zone)


def _figures(shell: Shell, desk: Desk, window: Window) -> Figures:
    config = shell.session.config
    tickets = desk.find(archive=True)
    return figures(tickets, window, hours=config.hours, targets=config.targets, now=shell.session.now)


def _setting(shell: Shell, desk: Desk, window: Window) -> Setting:
    config, audit = shell.session.config, shell.session.audit.head()
    runs = {source.name: desk.run(f"fetch {source.name}") for source in config.sources}
    return Setting(
        desk=config.name,
        language=config.language,
        zone=ZoneInfo(config.timezone),
        now=shell.session.now,
        has_hours=any(config.hours.week.values()),
        has_targets=bool(config.targets),
        audit=(audit.number, audit.mac),
        lessons=tuple(lessons(desk.find(archive=True), window)),
        aside=sum(one.looked_at is None for one in desk.quarantined()),
        sources=tuple((name, run.ok_at if run else None, bool(run and run.detail)) for name, run in runs.items()),
    )


def _purging(shell: Shell, desk: Desk) -> list[Purge]:
    """What the retention rules will take until the next report."""
    rules, kept = (
        shell.session.config.privacy.retention,
        kept_words(shell.session.config.fields, shell.session.config.labels, shell.session.config.causes),
    )
    return (
        plan(desk.find(archive=True), rules, shell.session.config.timezone, shell.session.now + _UNTIL_THE_NEXT, kept)
        if rules
        else []
    )


def _answer(shell: Shell, found: Figures, setting: Setting, csv: str | None) -> None:
    if csv is None and not shell.json:
        return shell.say(text(found, setting))
    from ticketctl.content.terminal import as_json
    from ticketctl.present.report_data import report_csv, report_json

    if csv is None:
        return shell.say(as_json(report_json(found, setting)))
    plain = csv == "plain"
    data = report_csv(found, setting, plain=plain).encode()
    return click.echo(data if plain or shell.tty else codecs.BOM_UTF8 + data, nl=False)


def _write(shell: Shell, found: Figures, setting: Setting, page: Path) -> None:
    from ticketctl.content.report_html import page as html

    page.write_text(html(found, setting), encoding="utf-8")
    shell.say(f"{page}: the report of {found.window.name}")


def _email(shell: Shell, window: Window, quiet: bool, *, asked: bool) -> None:
    """Queues the mail, unless that was done for this period before, or nobody asked and no ticket is so old."""
    from ticketctl.content.report_html import page as html
    from ticketctl.usecases.outgoing.queue import queue_notice
    from ticketctl.usecases.people import act as may_change

    may_change(shell.session, "report")
    to = shell.session.config.report.to
    if not to:
        raise Usage("nobody to mail it to: write `report: {to: [you@example.se]}` into rules.yaml")
    if window.end > shell.session.now:
        raise Usage(f"{window.name} is not over; only a full period is mailed")
    run = f"report {window.name}"
    with shell.session.store.transaction() as desk:
        before = desk.run(run)
        nothing = all(one.opened_at >= window.end for one in desk.find(archive=True))
        young = nothing and not asked and all(one.looked_at for one in desk.quarantined())
        if before is None and young:
            note_run(shell.session, desk, run)
        elif before is None:
            found = _figures(shell, desk, window)
            setting = msgspec.structs.replace(_setting(shell, desk, window), purging=tuple(_purging(shell, desk)))
            body, rich = text(found, setting) + "\n", html(found, setting, chart=False)
            queue_notice(shell.session, desk, to, subject(window, setting), body, "report", html=rich)
            note_run(shell.session, desk, run)
    if not quiet:
        told = "no ticket is so old; nothing is mailed" if young else f"in the outbox for {', '.join(to)}"
        told = f"mailed already on {before.at:%Y-%m-%d}" if before else told
        shell.say(f"{run}: {told}")
