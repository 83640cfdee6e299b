"""The options of `ticketctl report`"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ticketctl.commands.options import csv_option
from ticketctl.domain.reports.periods import PARTS
from ticketctl.usecases.views.period import LAST

_DAY = click.DateTime(["%Y-%m-%d"])
_ABOUT = click.Choice(["", "product", "people"])
_BY = "owner|channel|priority|label|cause|FIELD"
_PERIOD = [
    click.option(name, is_flag=False, flag_value=LAST, default="", metavar=f"[{example}]", help=text)
    for name, example, text in (
        ("--day", "2026-11-20", "A day, yesterday."),
        ("--week", "2026-W47", "A week, the last."),
        ("--month", "2026-11", "A month, the last."),
        ("--quarter", "2026-Q4", "A quarter, the last."),
        ("--year", "2026", "A year, the last."),
    )
]
_OPTIONS = [
    click.argument("about", required=False, default="", metavar="[product|people]", type=_ABOUT),
    *_PERIOD,
    click.option("--from", "first", type=_DAY, metavar="DAY", help="The first day, as 2026-11-01."),
    click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; today if not given."),
    click.option("--by", default="", metavar=_BY, help="Also the figures of each; with --explain as label=vip."),
    click.option("--over", type=click.Choice(PARTS), help="Also those of each day, week or month."),
    click.option("--explain", "figure", metavar="FIGURE", help="Which tickets make a figure, and why others do not."),
    csv_option("A row a figure, for a spreadsheet of the desk's language; --csv=plain for programs."),
    click.option(
        "--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page."
    ),
    click.option("--email", is_flag=True, help="Mail it to `report: to`, once a period."),
    click.option("--dry-run", "dry_run", is_flag=True, help="With --email: mail nothing; with --out write it there."),
    click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="With --email --dry-run."
    ),
    click.option("-q", "--quiet", is_flag=True, help="With --email: print nothing when all went well."),
]


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """In the order in which the help shows them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
