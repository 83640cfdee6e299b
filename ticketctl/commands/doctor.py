"""`ticketctl doctor`"""

from __future__ import annotations

from itertools import chain

import click

from ticketctl.present.upkeep import finding_json, finding_lines
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.doctor import Examine, examine
from ticketctl.usecases.upkeep.doctor import recover as recover_store
from ticketctl.usecases.upkeep.restore import resume as resume_desk


@click.command
@click.option("--recover", is_flag=True, help="Repair a damaged store from what is there.")
@click.option("--deep", is_flag=True, help="Read every stored file and compare its hash.")
@click.option("--offline", is_flag=True, help="Do not connect to mailboxes or the outgoing server.")
@click.option("--resume", is_flag=True, help="You have looked at a restored desk: fetch and send mail again.")
@click.pass_obj
def command(shell: Shell, recover: bool, deep: bool, offline: bool, resume: bool) -> None:
    """Check the desk: store, sources, outgoing mail; repair it.

    Looks at rules.yaml, the store, permissions, the disk (bad under 100 MB or three times the desk file, `look` under
    1 GB), the clock, when each job last ran and last went well, logins by OAuth, what is stuck in the outbox, and
    connects to every source and to the outgoing server; if a server says what time it has, that is compared. Of stored
    mails and files the size is compared, and with --deep the hash (`purge` does that for another part each night).
    Nothing is changed without --recover, which never drops a ticket that can be read and names those that it could not
    bring back; it is also how you say that you have looked.

    Ends with 0 when nothing is bad (a `look` is no error), else with the exit code of the first bad line, so that
    monitoring can call it. With --json one finding a line.

    \b
    Examples:
      ticketctl doctor
      ticketctl doctor --offline --json
    """
    if resume:
        resume_desk(shell.session)
    bad: list[int] = []
    for one in chain(
        recover_store(shell.session) if recover else (), examine(shell.session, Examine(deep=deep, offline=offline))
    ):
        print_answer(shell, finding_json(one.finding, shell.language), finding_lines(one.finding, shell.language))
        bad += [one.error.exit_code] if one.finding.state == "error" else []
    if bad:
        click.get_current_context().exit(bad[0])
