"""`ticketctl fetch`"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import click

from ticketctl.commands.options import complete_sources
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.times import zone
from ticketctl.errors import ChannelFailed, Usage
from ticketctl.present.words import fetch as words
from ticketctl.present.words import say_in
from ticketctl.terminal import fetch_output as output
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.fetch import STANDARD_INPUT, Fetch, FetchIsRunning, opened
from ticketctl.usecases.intake.first_fetch import since_of


@click.command
@click.argument("names", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_sources)
@click.option("--since", default="", metavar="DATE", help="The first time: leave out mail from before this day.")
@click.option(
    "--closed-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="With --since: conversations without mail since this day come in closed (default: `archive_after` ago).",
)
@click.option("--reconcile", is_flag=True, help="Only list which mails on the server are not here; then exit 8.")
@click.option("--watch", is_flag=True, help="Keep running: fetch as soon as mail comes, until Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when there was nothing new.")
@dry_run_option
@click.pass_obj
def command(
    shell: Shell,
    names: tuple[str, ...],
    since: str,
    closed_before: datetime | None,
    reconcile: bool,
    watch: bool,
    quiet: bool,
    dry_run: bool,
) -> None:
    """Fetch new mail and put each message in its ticket.

    SOURCE is a name from `sources:` in rules.yaml, `maildir:PATH`, `mbox:PATH`, or - for one message on standard input
    (for procmail or an alias; if it cannot be taken in, the exit code is 75, so that the mail server keeps it and tries
    again). Without SOURCE all sources of rules.yaml are fetched, in parallel; one that fails or stalls does not stop
    the others, and the exit code is then 8.

    Mail stays as it is on the server unless `then:` says otherwise, and is never taken in twice. While another fetch of
    the same desk is running, this one ends at once.

    The first time that a mailbox of rules.yaml is read and holds mail older than a day, you are asked from when to take
    it in; where nobody can be asked (cron), nothing of it comes in and the exit code is 8. `--since now` takes in what
    comes from now on, `--since DATE` what arrived from that day on, `--since all` everything.

    With --since, what arrived before that day is left out, now and later, and nothing that the mailbox held until now
    gets an acknowledgement. Conversations without mail for `archive_after` (30 days), or since before the day of
    --closed-before, come in closed and go to the archive. You may interrupt it: the next fetch goes on where it was.

    --reconcile reads every mail on the server and lists those that are not here: `missing` if the desk believes to have
    read past it, `waiting` if it has lain there unfetched for more than an hour. Nothing is changed.

    --watch fetches as soon as the server reports new mail (IMAP IDLE), reconnects when the connection breaks, and looks
    once a minute at sources that cannot report. Ctrl-C or SIGTERM ends it, with exit code 0.

    \b
    Examples:
      ticketctl fetch
      ticketctl fetch support
      ticketctl fetch support --since 2026-09-01
      ticketctl fetch --watch
      ticketctl fetch --dry-run maildir:~/Maildir
      cat mail.eml | ticketctl fetch -
    """
    with output.delivering(names):
        if quiet and not (names or shell.session.config.sources):
            return  # cron on a desk that has no mailbox yet
        request = _request(shell, names, since, closed_before)
        if reconcile:
            if since or dry_run or watch or STANDARD_INPUT in names:
                raise Usage("--reconcile goes with nothing but --quiet and the names of mailboxes")
            _reconcile(shell, names, quiet)
        elif watch:
            if since or dry_run or STANDARD_INPUT in names:
                raise Usage("--watch does not go with --since, --dry-run or standard input")
            _watch(shell, names)
        else:
            _fetch(shell, request, quiet=quiet, dry_run=dry_run)


def _request(shell: Shell, names: tuple[str, ...], since: str, closed_before: datetime | None) -> Fetch:
    """Days begin at midnight where the desk is."""
    if not since:
        if closed_before:
            raise Usage("--closed-before goes with --since: it is for the first import of a mailbox")
        return Fetch(sources=names)
    begin = since_of(shell.session, since)
    if begin is None:
        raise Usage(f"--since {since!r}: it takes a day such as 2026-09-01, or `now`, or `all`")
    midnight = closed_before and closed_before.replace(tzinfo=zone(shell.session.config.timezone))
    return Fetch(sources=names, since=begin, closed_before=midnight)


def _fetch(shell: Shell, request: Fetch, *, quiet: bool, dry_run: bool) -> None:
    say = say_in(shell.language, words.TEXTS)
    try:
        results = output.fetch_once(shell, request, quiet=quiet, dry_run=dry_run)
        if answers(shell) and not (quiet or dry_run):
            for undecided in [one for one in results if one.undecided]:
                if decided := output.ask_from_when(shell, undecided.source):
                    results.remove(undecided)
                    results += output.fetch_once(shell, decided)
    except FetchIsRunning:
        if STANDARD_INPUT in request.sources:
            raise
        if not quiet or shell.verbose:
            shell.warn(say("running"))
        return
    except KeyboardInterrupt:
        if STANDARD_INPUT not in request.sources:
            shell.warn(say("interrupted"))
        raise
    click.get_current_context().exit(output.exit_code(results))


def _watch(shell: Shell, names: Sequence[str]) -> None:
    from ticketctl.usecases.intake.watch import Watcher, watch

    quiet = partial(output.print_fetched, shell, quiet=True), partial(output.print_stopped, shell, quiet=True)
    watch(shell.session, names, Watcher(*quiet, failed=partial(output.print_failure, shell)))
    shell.warn(say_in(shell.language, words.TEXTS)("stopped"))


def _reconcile(shell: Shell, names: Sequence[str], quiet: bool) -> None:
    from ticketctl.usecases.intake.reconcile import compare

    equal = True
    for name in [source.name for source in opened(shell.session, names)]:
        with output.progress_bar(shell, name, quiet=quiet) as progress:
            found = compare(shell.session, name, progress=progress)
        output.print_comparison(shell, found, quiet=quiet)
        equal = equal and found.equal
    if not equal:
        click.get_current_context().exit(ChannelFailed.exit_code)
