"""`ticketctl person erase`"""

from __future__ import annotations

import sys

import click
import msgspec

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.errors import Refused
from ticketctl.present.upkeep import erased_json
from ticketctl.present.words import person as words
from ticketctl.present.words import say_in
from ticketctl.terminal.input_text import confirm
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.privacy.erase import Erase, erase
from ticketctl.usecases.results import ObjectionCode


@click.command("erase")
@click.argument("person", metavar="ADDRESS")
@click.option("--files", type=click.Choice(["keep", "delete"]), help="Files of other people that name them.")
@click.option("--server", is_flag=True, help="Also delete their mails in the desk's own mailboxes.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--language", metavar="LANGUAGE", default="", help="Of the certificate: sv, en.")
@dry_run_option
@click.pass_obj
def erase_command(
    shell: Shell, person: str, files: str | None, server: bool, yes: bool, language: str, dry_run: bool
) -> None:
    """Erase a person for good (GDPR, article 17).

    Shows the plan and asks first. What they wrote or only they received is deleted, with files and original mails, from
    tickets, archive, desk.json.bak, outbox, quarantine, drafts and copies. What other people wrote stays; the person's
    full name and address are replaced in it. Figures stay the same. A ticket with a legal hold is kept until the hold
    is lifted. Prints a certificate without personal data.

    \b
    Examples:
      ticketctl person erase anna@kund.example --dry-run --server
      ticketctl person erase anna@kund.example --files keep
    """
    request = Erase(person=person, files=files or "", server=server)
    zone = shell.session.config.timezone
    if dry_run:
        plan = erase(shell.session, request, keep=False)
        return print_answer(shell, erased_json(plan), words.plan_lines(plan, zone, shell.language))
    if not yes:
        request = _asked(shell, request)
    accept: frozenset[ObjectionCode] = frozenset(["erase_person"] if yes else request.accept)
    done = erase(shell.session, msgspec.structs.replace(request, accept=accept))
    if done.certificate is not None:
        lines = words.certificate_lines(done.certificate, zone, language or shell.language)
        print_answer(shell, msgspec.to_builtins(done.certificate), lines)
        for one in words.tell_lines(done.elsewhere, shell.language):
            shell.warn(one)
    return None


def _asked(shell: Shell, request: Erase) -> Erase:
    """What a person at the terminal accepts; elsewhere the use case objects. Raises Refused for a no."""
    if not (sys.stdin.isatty() and shell.tty):
        return request
    plan = erase(shell.session, request, keep=False)
    if not plan.traces.anything:
        return request
    say = say_in(shell.language, words.TEXTS)
    for line in words.plan_lines(plan, shell.session.config.timezone, shell.language):
        shell.warn(line)
    if plan.traces.files and not request.files:
        delete = confirm(say("which_files", count=len(plan.traces.files)), shell.language)
        request = msgspec.structs.replace(request, files="delete" if delete else "keep")
    if not confirm(say("go_on"), shell.language):
        raise Refused(say("stopped"))
    return msgspec.structs.replace(request, accept=frozenset(["erase_person"]))
