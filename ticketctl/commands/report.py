"""`ticketctl report`"""

from __future__ import annotations

from typing import Any

import click

from ticketctl.commands.report_asked import asked_of
from ticketctl.commands.report_figures import explained_report, figures_report, mailed_report
from ticketctl.commands.report_options import report_options
from ticketctl.terminal.shell import Shell


@click.command()
@report_options
@click.pass_obj
def command(shell: Shell, /, about: str, **given: Any) -> None:
    """Show the figures of a day, week, month, quarter, year or any days.

    Without options it is the last full week. Spam, machine mail, tests and merged tickets are left out. Durations are
    shown in calendar time and in business time (opening hours), as the median and as the 90th percentile (90 %). With
    --json and --csv durations are minutes. Page, CSV and mail are in the desk's language, unless --language is given
    with --html.

    --by adds the figures of each owner, channel, priority, label, cause, or value of a field of rules.yaml (category,
    area …), as tickets were at the end of the period. By owner it shows only what each one has, unless `report:
    {per_person_times: true}`. --over adds a row for each day, week or month; without a period, of the last 28 days, 13
    weeks or 12 months. As text, a report of a week starts with bars of 13 weeks, one of a month or quarter with bars of
    12 months.

    --explain lists the tickets of a figure (its name in --json), one a line: counted or not, why, how long, from what
    to what. With --json it prints one object a line.

    --csv is for the spreadsheet in the desk's language: in Swedish with ; between columns and a decimal comma.
    --csv=plain has , and a decimal point, and no byte order mark.

    `report product` is for the owner of the product, in Markdown or with --html as a page: the tickets closed in the
    period (the last quarter) by area and cause, with their cost, lessons, and customers' words without names.

    `report people` shows labels and areas that only one person has answered for 90 days (five answers or more), the
    open tickets of agents who are away now or within a week, and fields and questions of snippets that nobody has used
    for 180 days.

    --email without a period mails the last week that is due by `report: every`, once. Cron runs it each hour, so that a
    week is mailed later if the computer was off, until the next one is due.

    \b
    Examples:
      ticketctl report --month 2026-10 --html oktober.html
      ticketctl report --csv > rapport.csv
      ticketctl report --quarter --by area --over month
      ticketctl report product --quarter > produkten.md
      ticketctl report --explain first_response --by label=vip
    """
    asked = asked_of(shell, given)
    if about:
        from ticketctl.commands.report_about import report_about

        report_about(shell, asked, about)
    elif asked.figure is not None:
        explained_report(shell, asked, asked.figure)
    elif asked.email:
        mailed_report(shell, asked)
    else:
        figures_report(shell, asked)
