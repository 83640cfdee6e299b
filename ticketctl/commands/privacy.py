"""`ticketctl privacy`"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
import msgspec

from ticketctl.commands.options import add_globals
from ticketctl.content.terminal import folded, width
from ticketctl.present.words import privacy_check, privacy_record
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.privacy_check import CheckPrivacy, check_privacy
from ticketctl.usecases.upkeep.privacy_record import DraftBreach, DraftRecord, draft_breach, draft_record


@click.group()
def command() -> None:
    """Check how personal data is handled; draft a record or breach report.

    The output is filled in from rules.yaml, the desk and the audit log. It helps the person who is responsible; it is
    not legal advice.

    \b
    Examples:
      ticketctl privacy check
      ticketctl privacy record > register.md
      ticketctl privacy breach --from 2026-11-18 --to 2026-11-19
    """


add_globals(command)


@command.command("check")
@click.option("--offline", is_flag=True, help="Do not ask the mail servers for their oldest mail.")
@click.pass_obj
def check_command(shell: Shell, offline: bool) -> None:
    """Answer what an authority asks, with evidence from this desk.

    Thirteen answers, each yes, no or not known, with evidence and what to do. For each source it shows what happens to
    mail on the server (`then:`) and the oldest mail of more than 30 days there. The exit code is always 0.
    """
    rows, where = check_privacy(shell.session, CheckPrivacy(offline=offline)), shell.session.config.timezone
    lines = privacy_check.lines(rows, where, min(width(), 100), shell.language)
    print_answer(shell, privacy_check.as_dicts(rows, where), lines)


@command.command("record")
@click.pass_obj
def record_command(shell: Shell) -> None:
    """Print a draft of the record of processing (GDPR, Article 30), in Markdown."""
    found = draft_record(shell.session, DraftRecord())
    print_answer(shell, msgspec.to_builtins(found), _folded(privacy_record.record_lines(found, shell.language)))


@command.command("breach")
@click.option("--from", "began", default="", metavar="TIME", help="When it began: 2026-11-18 or 2026-11-18T14:30.")
@click.option("--to", "ended", default="", metavar="TIME", help="When it ended.")
@click.option("--discovered", default="", metavar="TIME", help="When it was discovered; now, if not given.")
@click.option("--ticket", "tickets", type=int, multiple=True, help="A ticket that is concerned; else those in the log.")
@click.pass_obj
def breach_command(shell: Shell, began: str, ended: str, discovered: str, tickets: tuple[int, ...]) -> None:
    """Print the fields of the authority's form for a breach, filled from the audit log.

    The log shows which tickets were read or changed in that time, and by whom. Fill in the parts in [brackets]. A
    breach must be reported within 72 hours of its discovery (`privacy: report_within:`).
    """
    request = DraftBreach(began=began, ended=ended, discovered=discovered, tickets=tickets)
    found, where = draft_breach(shell.session, request), shell.session.config.timezone
    lines = _folded(privacy_record.breach_lines(found, where, shell.language))
    print_answer(shell, msgspec.to_builtins(found), lines)


def _folded(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from folded(line, 100, "  " if line.startswith("- ") else "", "") if line else [""]
