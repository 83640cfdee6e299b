"""`ticketctl patterns faq`"""

from __future__ import annotations

import re

import click

from ticketctl.commands.options import dry_run
from ticketctl.present.pattern_json import faq_json
from ticketctl.present.words import patterns as words
from ticketctl.present.words import would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.patterns import faq


class PatternNumber(click.ParamType[int]):
    """P7, p7 or 7."""

    name = "ID"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"[Pp]?([1-9]\d{0,8})", str(value))
        return int(found[1]) if found else self.fail(f"{value!r} is no pattern; write it as P7", param, ctx)


ONE = PatternNumber()


@click.command("faq")
@click.argument("number", metavar="ID", type=ONE)
@click.option("--replace", is_flag=True, help="Write a draft anew that is there already.")
@dry_run
@click.pass_obj
def faq_command(shell: Shell, number: int, replace: bool, dry_run: bool) -> None:
    """Draft an entry of a FAQ: docs/faq/ID.md, and a snippet.

    The question is the most typical sentence of a customer, with two other wordings. The answer is the most typical
    reply that solved a ticket: the last one before a close, and the customer did not come back within 14 days. With
    fewer than three such replies no answer has proved itself yet. Sentences with personal data are left out. Nothing is
    published: read the draft, then publish it yourself.
    """
    done = faq.draft_faq(shell.session, faq.DraftFaq(number, replace=replace), keep=not dry_run)
    said = words.faq_lines(done, shell.language)
    lines = [would(shell.language, line) for line in said] if dry_run else said
    print_answer(shell, faq_json(done), lines)
