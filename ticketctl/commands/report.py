"""`ticketctl report`"""

from __future__ import annotations

from typing import Any

import click

from ticketctl.commands.report_about import people_report, product_costs
from ticketctl.commands.report_asked import asked_of
from ticketctl.commands.report_figures import explained_report, figures_report, mailed_report
from ticketctl.commands.report_options import report_options
from ticketctl.terminal.shell import Shell


@click.command()
@report_options
@click.pass_obj
def command(shell: Shell, /, about: str, **given: Any) -> None:
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
    asked = asked_of(shell, given)
    if about == "people":
        people_report(shell, asked)
    elif about == "product":
        product_costs(shell, asked)
    elif asked.figure is not None:
        explained_report(shell, asked, asked.figure)
    elif asked.email:
        mailed_report(shell, asked)
    else:
        figures_report(shell, asked)
