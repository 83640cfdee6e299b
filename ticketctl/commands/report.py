"""`ticketctl report`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ticketctl.errors import Usage
from ticketctl.present.words.report import mailed_line
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_report
from ticketctl.usecases.views.report import LAST, ReportOn, mail_report, report

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--week", is_flag=False, flag_value=LAST, default="", metavar="[2026-W47]", help="A week, the last.")
@click.option("--month", is_flag=False, flag_value=LAST, default="", metavar="[2026-11]", help="A month, the last.")
@click.option("--day", is_flag=False, flag_value=LAST, default="", metavar="[2026-11-20]", help="A day, yesterday.")
@click.option("--quarter", is_flag=False, flag_value=LAST, default="", metavar="[2026-Q4]", help="A quarter, the last.")
@click.option("--year", is_flag=False, flag_value=LAST, default="", metavar="[2026]", help="A year, the last.")
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
def command(shell: Shell, /, csv: str | None, page: Path | None, email: bool, quiet: bool, **given: Any) -> None:
    """Show the measures of a day, week, month, quarter, year or any days.

    Without options the last full week. Spam, machine mail, tests and merged tickets are left out. Durations are shown
    in calendar time and in business time (opening hours); the median is the middle case, and nine of ten are not
    longer than what is under 90 %. With --json and --csv durations are minutes. Page, CSV and mail are in the desk's
    language, unless --language is given with --html.

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
    first, last = (at and at.date() for at in (given.pop("first"), given.pop("last")))
    request = ReportOn(**given, first=first, last=last, language=_language(shell, csv, page))
    if email:
        mailed = mail_report(shell.session, request)
        return None if quiet else shell.say(mailed_line(mailed, shell.language))
    return print_report(shell, report(shell.session, request), csv, page)


def _language(shell: Shell, csv: str | None, page: Path | None) -> str:
    """That of this terminal for what is printed; "", the desk's, for what is handed on."""
    return shell.wanted_language if page else "" if csv else shell.language
