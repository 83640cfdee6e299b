"""`ticketctl report`"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ticketctl.commands.options import csv_option
from ticketctl.domain.reports.periods import PARTS
from ticketctl.errors import Usage
from ticketctl.present.words.report import mailed_line
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_explained, print_people, print_preview, print_product, print_report
from ticketctl.usecases.views.explain_figure import ExplainFigure, explain_figure
from ticketctl.usecases.views.people import people
from ticketctl.usecases.views.period import LAST, ReportOn
from ticketctl.usecases.views.product import product_report
from ticketctl.usecases.views.report import mail_report, preview_report, report

_DAY = click.DateTime(["%Y-%m-%d"])
_ABOUT = click.Choice(["", "product", "people"])
_BY = "owner|channel|priority|label|cause|FIELD"


def _period(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which days."""
    for name, example, text in (
        ("--year", "2026", "A year, the last."),
        ("--quarter", "2026-Q4", "A quarter, the last."),
        ("--month", "2026-11", "A month, the last."),
        ("--week", "2026-W47", "A week, the last."),
        ("--day", "2026-11-20", "A day, yesterday."),
    ):
        named = click.option(name, is_flag=False, flag_value=LAST, default="", metavar=f"[{example}]", help=text)
        command = named(command)
    return command


@click.command()
@click.argument("about", required=False, default="", metavar="[product|people]", type=_ABOUT)
@_period
@click.option("--from", "first", type=_DAY, metavar="DAY", help="The first day, as 2026-11-01.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; today if not given.")
@click.option("--by", default="", metavar=_BY, help="Also the figures of each; with --explain as label=vip.")
@click.option("--over", type=click.Choice(PARTS), help="Also those of each day, week or month.")
@click.option("--explain", "figure", metavar="FIGURE", help="Which tickets make a figure, and why others do not.")
@csv_option("A row a figure, for a spreadsheet of the desk's language; --csv=plain for programs.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page.")
@click.option("--email", is_flag=True, help="Mail it to `report: to`, once a period.")
@click.option("--dry-run", "dry_run", is_flag=True, help="With --email: mail nothing; with --out write it there.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="With --email --dry-run.")
@click.option("-q", "--quiet", is_flag=True, help="With --email: print nothing when all went well.")
@click.pass_obj
def command(
    shell: Shell,
    /,
    about: str,
    csv: str | None,
    page: Path | None,
    email: bool,
    quiet: bool,
    figure: str | None,
    **given: Any,
) -> None:
    """Show the measures of a day, week, month, quarter, year or any days.

    Without options the last full week. Spam, machine mail, tests and merged tickets are left out. Durations are shown
    in calendar time and in business time (opening hours); the median is the middle case, and nine of ten are not
    longer than what is under 90 %. With --json and --csv durations are minutes. Page, CSV and mail are in the desk's
    language, unless --language is given with --html.

    --by divides by owner, channel, priority, label, cause, or a field of rules.yaml (category, area …), as tickets were
    at the end of the period; by owner only what each has, unless `report: {per_person_times: true}`. --over adds a row
    a day, week or month; without a period of the last 28, 13 or 12. As text, a week is shown at the end of 13, and a
    month or quarter at the end of 12 months, as bars from 0 to the most.

    --explain lists the tickets behind a figure (its name in --json), a line each: counted or not, why, how long, from
    what to what. With --json an object a line.

    --csv opens by a double click in the spreadsheet of the desk's language: in Swedish with ; between the columns and a
    comma in numbers. --csv=plain has , and a point, and no byte order mark.

    `report product` is for whoever owns the product, in Markdown or with --html as a page: the tickets closed in the
    period (the last quarter) by area and cause, what they cost, lessons, and customers' words without names.

    `report people`: labels and areas that only one person has answered for 90 days (five answers or more), and the open
    tickets of who is away now or within a week; and fields and questions of snippets that nothing has used for 180
    days.

    --email without a period mails the week that was due last by `report: every` and the desk's clock, once; run by cron
    each hour, it makes up for a week that a machine slept through, until the next one is due.

    \b
    Examples:
      ticketctl report --month 2026-10 --html oktober.html
      ticketctl report --csv > rapport.csv
      ticketctl report --quarter --by area --over month
      ticketctl report product --quarter > produkten.md
      ticketctl report --explain first_response --by label=vip
    """
    dry_run, out = given.pop("dry_run"), given.pop("out")
    if sum((csv is not None, shell.json, page is not None, email)) > 1:
        raise Usage("give one of --json, --csv, --html and --email")
    if (dry_run and not email) or (out and not dry_run):
        raise Usage("--dry-run goes with --email, and --out with both")
    if figure is not None and (page or email):
        raise Usage("--explain takes --json or --csv")
    first, last = (at and at.date() for at in (given.pop("first"), given.pop("last")))
    over = given.pop("over") or ""
    before, language = not (shell.json or csv or page), _language(shell, csv, page)
    request = ReportOn(**given, over=over, before=before, first=first, last=last, language=language)
    divided = csv is not None or email or figure is not None or request.by or request.over
    if about == "people":
        if divided or page or request.names_a_period:
            raise Usage("`report people` takes only --json")
        return print_people(shell, people(shell.session))
    if about == "product":
        if divided:
            raise Usage("`report product` takes a period, --html and --json")
        return print_product(shell, product_report(shell.session, request), page)
    if figure is not None:
        return print_explained(shell, explain_figure(shell.session, ExplainFigure(figure=figure, on=request)), csv)
    if out:
        return print_preview(shell, *preview_report(shell.session, request), out)
    if email:
        mailed = mail_report(shell.session, request, keep=not dry_run)
        return None if quiet else shell.say(mailed_line(mailed, shell.language))
    return print_report(shell, report(shell.session, request), csv, page)


def _language(shell: Shell, csv: str | None, page: Path | None) -> str:
    """That of this terminal for what is printed; "", the desk's, for what is handed on."""
    return shell.wanted_language if page else "" if csv else shell.language
