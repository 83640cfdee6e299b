"""`ticketctl purge`"""

from __future__ import annotations

import sys

import click
import msgspec

from ticketctl.commands.options import clock_is_right
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.errors import Damaged, Refused
from ticketctl.present.upkeep import plan_json, purged_json
from ticketctl.present.words import purge as words
from ticketctl.present.words import say_in
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Objected, ObjectionCode
from ticketctl.usecases.upkeep.purge import Purged, PurgeRequest, purge


@click.command
@dry_run_option
@click.option("--plan", is_flag=True, help="Show what is over, what is coming within 30 days, and what is held.")
@click.option("--yes", is_flag=True, help="Also when it is more than expected.")
@clock_is_right
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(shell: Shell, dry_run: bool, plan: bool, yes: bool, sure: bool, quiet: bool) -> None:
    """Delete or anonymise what is older than the retention rules allow.

    Follows `privacy: retention` of rules.yaml, for whole tickets with their attachments and sent mail, and for original
    mail (raw_mail). A label's rule counts from when the ticket got the label, and applies only to closed tickets unless
    it has `open: true`. What will be deleted within a day is listed too. Deleted mail is remembered by its hash only,
    so that the next fetch does not bring it back. An anonymised ticket keeps its times and cause for the report,
    without persons, texts and files. If more than 20 tickets that are also more than 5 % of all, or as many original
    mails, are to be deleted, it asks first; under cron it then deletes nothing. It refuses if the clock may be wrong.
    It keeps tickets with a legal hold, of a person whose data is restricted, and with missing or future dates.

    \b
    Example:
      ticketctl purge --plan
    """
    accept: frozenset[ObjectionCode] = frozenset(["larger_than_expected"] if yes else [])
    done = _purged(shell, PurgeRequest(accept=accept, clock_is_right=sure), dry_run or plan)
    if done is None:
        return None
    if plan:
        zone = shell.session.config.timezone
        return print_answer(shell, plan_json(done.plan), words.plan_lines(done.plan, zone, shell.language))
    if shell.json or not quiet:
        lines = words.dry_run_lines if dry_run else words.lines
        print_answer(shell, purged_json(done, dry_run=dry_run), lines(done, shell.language))
    if done.set_aside:
        shell.warn(say_in(shell.language, words.TEXTS)("set_aside", name=done.set_aside))
    if done.damaged:
        raise Damaged(words.damaged(done.damaged, shell.language))
    return None


def _purged(shell: Shell, request: PurgeRequest, dry_run: bool) -> Purged | None:
    """Asks where it is more than expected; raises Refused for a no."""
    try:
        return purge(shell.session, request, keep=not dry_run)
    except Objected as objected:
        if not (sys.stdin.isatty() and shell.tty):
            raise
        say = say_in(shell.language, words.TEXTS)
        if not click.confirm(say("go_on", **objected.objections[0].facts)):
            raise Refused(say("stopped")) from None
        accepted = request.accept.union(one.code for one in objected.objections)
        agreed = objected.objections[0].facts["plan"]
        return purge(shell.session, msgspec.structs.replace(request, accept=accepted, agreed=agreed))
