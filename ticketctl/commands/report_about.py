"""`ticketctl report product` and `ticketctl report people`"""

from __future__ import annotations

from ticketctl.commands.report_asked import Asked
from ticketctl.errors import Usage
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_people, print_product
from ticketctl.usecases.views.people import people
from ticketctl.usecases.views.product import product_report


def report_about(shell: Shell, asked: Asked, about: str) -> None:
    """`about`: "people" or "product"."""
    if about == "people":
        _people(shell, asked)
    else:
        _product(shell, asked)


def _people(shell: Shell, asked: Asked) -> None:
    if asked.of_figures or asked.page or asked.on.names_a_period:
        raise Usage("`report people` takes only --json")
    print_people(shell, people(shell.session))


def _product(shell: Shell, asked: Asked) -> None:
    if asked.of_figures:
        raise Usage("`report product` takes a period, --html and --json")
    print_product(shell, product_report(shell.session, asked.on), asked.page)
