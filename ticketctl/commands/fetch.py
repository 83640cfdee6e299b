"""`ticketctl fetch`"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import click

from ticketctl.commands.options import complete_sources
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.errors import BadRules, Busy, ChannelFailed, Refused, TicketctlError, TryAgain, Usage
from ticketctl.ports.channels import Source
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.notifications import tell_waiting
from ticketctl.usecases.intake.fetch import take_in
from ticketctl.usecases.intake.first_fetch import since_of
from ticketctl.usecases.intake.heartbeat import beat
from ticketctl.usecases.intake.import_progress import Span
from ticketctl.usecases.intake.result import Tally, shape, summary

_PATIENCE = 30.0  # seconds that a message on standard input waits for another fetch, or purge, to end


@click.command
@click.argument("names", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_sources)
@click.option(
    "--since",
    default="",
    metavar="DATE",
    help="The first time: leave out what arrived before this day (or `now`), and acknowledge nothing.",
)
@click.option(
    "--closed-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="With --since: what has rested since before this day comes in closed (default: `archive_after` ago).",
)
@click.option("--reconcile", is_flag=True, help="Only tell which mails on the server are not here; then exit 8.")
@click.option("--watch", is_flag=True, help="Go on: fetch as soon as mail comes, until Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing when there was nothing new.")
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
    (for procmail or an alias; where it cannot be taken in the exit code is 75, so that a mail server keeps it and tries
    again). Without one, all sources of rules.yaml are fetched, side by side; one that fails or
    stalls does not stop the others, and the exit code is then 8.

    Mail is left as it is on the server unless `then:` says otherwise, and is never taken in twice. While another fetch
    of the same desk runs, this one ends at once.

    The first time that a mailbox of rules.yaml is read and holds mail older than a day, nothing of it is taken in until
    you say from when: you are asked, or told (exit code 8) where nobody can be asked. `--since now` takes in what comes
    from now on, `--since DATE` what arrived from that day on, `--since all` everything.

    With --since a mailbox that was never fetched before is imported: what arrived before that day is left out, now and
    later, and nothing that it held until now gets an acknowledgement. Conversations that have rested for
    `archive_after` (30 days), or since before the day of --closed-before, come in closed and go to the archive. It may
    be interrupted; each fetch after it goes on where it was, with or without --since.

    --reconcile reads every mail that lies on the server and tells which are not here: `missing` where the desk believes
    to have read past it, `waiting` where it lies there unfetched for more than an hour. Nothing is changed.

    --watch fetches as soon as the server tells of new mail (IMAP IDLE), connects again when the connection breaks, and
    looks once a minute at sources that cannot tell. Ctrl-C or SIGTERM ends it, with exit code 0.

    \b
    Examples:
      ticketctl fetch
      ticketctl fetch support
      ticketctl fetch support --since now
      ticketctl fetch support --since 2026-09-01
      ticketctl fetch support --since 2018-01-01 --closed-before 2026-11-01
      ticketctl fetch --reconcile
      ticketctl fetch --watch
      ticketctl fetch --dry-run maildir:~/Maildir
      cat mail.eml | ticketctl fetch -
    """
    with _delivered(names):
        span = _span_of(shell, since, closed_before)
        _fetch(shell, names, span=span, reconcile=reconcile, watch=watch, quiet=quiet, dry_run=dry_run)


@contextmanager
def _delivered(names: Sequence[str]) -> Iterator[None]:
    """Whatever goes wrong with a mail that is delivered to us, our exit code must not bounce it."""
    try:
        yield
    except (TicketctlError, OSError) as error:
        mistyped = isinstance(error, Usage) and not isinstance(error, BadRules)
        if "-" in names and not mistyped:
            raise TryAgain.because(error) from error
        raise


def _fetch(
    shell: Shell,
    names: tuple[str, ...],
    *,
    span: Span,
    reconcile: bool,
    watch: bool,
    quiet: bool,
    dry_run: bool,
) -> None:
    since = span.since
    sources = shell.session.sources(names)
    if not sources and quiet:
        return  # cron on a desk that has no mailbox yet
    if not sources:
        raise Usage("rules.yaml has no `sources:` yet; `ticketctl fetch maildir:PATH` needs none")
    if reconcile:
        if since or dry_run or watch or "-" in names:
            raise Usage("--reconcile goes with nothing but --quiet and the names of mailboxes")
        _reconcile(shell, sources, quiet)
        return
    if watch:
        if since or dry_run or "-" in names:
            raise Usage("--watch does not go with --since, --dry-run or standard input")
        _watch(shell, [source.name for source in sources])
        return
    try:
        tallies = _once(shell, sources, span, quiet=quiet, dry_run=dry_run)
        for undecided in [one for one in tallies if one.undecided] if answers(shell) and not (quiet or dry_run) else []:
            if given := _asked(shell, undecided.source):
                tallies.remove(undecided)
                tallies += _once(shell, shell.session.sources([undecided.source]), given)
    except Running:
        if _delivers(sources):
            raise
        if not quiet or shell.verbose:
            shell.warn("another fetch of this desk is running; nothing done")
        return
    except KeyboardInterrupt:
        if not _delivers(sources):
            shell.warn("interrupted; what is in stays, and `ticketctl fetch` goes on from there")
        raise
    click.get_current_context().exit(_code(tallies))


def _once(
    shell: Shell, sources: Sequence[Source], span: Span, *, quiet: bool = False, dry_run: bool = False
) -> list[Tally]:
    """What one fetch brought, which is told. Raises Running while another one is at work. Interrupted, it tells what is
    in."""
    tallies = [Tally(source=source.name) for source in sources]
    with _alone(shell, sources), _progress(shell, ", ".join(source.name for source in sources), quiet) as progress:
        try:
            take_in(shell.session, sources, tallies, span=span, dry_run=dry_run, progress=progress)
        except (KeyboardInterrupt, SystemExit):
            if any(tally.fresh for tally in tallies):
                _tell(shell, tallies, quiet=quiet, dry_run=dry_run)
            raise
        if not dry_run:
            tell_waiting(shell.session)
    _tell(shell, tallies, quiet=quiet, dry_run=dry_run)
    if not dry_run and {source.name for source in sources} & {source.name for source in shell.session.config.sources}:
        beat(shell.session)
    return tallies


def _asked(shell: Shell, name: str) -> Span | None:
    """From when a mailbox is to be read, as a person at the terminal says; None where they leave it open."""
    question = f"{name}: from when? `now`, a day such as {shell.session.now:%Y-%m}-01, or `all` (Enter: decide later)"
    while answer := click.prompt(question, default="", show_default=False, err=True).strip():
        if since := since_of(shell.session, answer):
            return Span(since, shell.session.now - timedelta(days=shell.session.config.archive_after_days))
    return None


def _watch(shell: Shell, names: Sequence[str]) -> None:
    from ticketctl.usecases.intake.watch import watch

    watch(shell.session, names, lambda now, which: _once(shell.on(now), now.sources(which), Span(), quiet=True))


class Running(Busy):
    """Another fetch of this desk, or a purge, is at work; a store that stays locked is another matter, and trouble."""


@contextmanager
def _alone(shell: Shell, sources: Sequence[Source]) -> Iterator[None]:
    """One fetch of a desk at a time, and none while purge deletes; only a message on standard input waits its turn.
    Raises Running."""
    with ExitStack() as held:
        try:
            held.enter_context(shell.session.store.lease("fetch", _PATIENCE if _delivers(sources) else 0))
        except Busy as error:
            raise Running.because(error) from error
        yield


def _delivers(sources: Sequence[Source]) -> bool:
    return any(source.name == "-" for source in sources)


def _reconcile(shell: Shell, sources: Sequence[Source], quiet: bool) -> None:
    from ticketctl.content.terminal import as_json
    from ticketctl.usecases.intake.reconcile import as_shape, compare, told

    equal = True
    for source in sources:
        with _progress(shell, source.name, quiet) as progress:
            found = compare(shell.session, source, progress=progress)
        equal = equal and found.equal
        if shell.json:
            shell.say(as_json(as_shape(found)))
        elif not (quiet and found.equal) and (found.differences or not found.error):
            shell.say("\n".join(told(found)))
        if found.error:
            shell.warn(found.error)
    if not equal:
        click.get_current_context().exit(ChannelFailed.exit_code)


def _span_of(shell: Shell, words: str, closed_before: datetime | None) -> Span:
    """Days begin at midnight where the desk is."""
    if not words:
        if closed_before:
            raise Usage("--closed-before goes with --since: it is for the first import of a mailbox")
        return Span()
    from ticketctl.content.times import zone

    since = since_of(shell.session, words)
    if since is None:
        raise Usage(f"--since {words!r}: it takes a day such as 2026-09-01, or `now`, or `all`")
    midnight = zone(shell.session.config.timezone)
    lately = shell.session.now - timedelta(days=shell.session.config.archive_after_days)
    return Span(since, closed_before.replace(tzinfo=midnight) if closed_before else lately)


@contextmanager
def _progress(shell: Shell, label: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where that is a terminal."""
    if quiet or shell.json or not sys.stderr.isatty():
        yield lambda count, expected: None
        return
    from ticketctl.content.terminal import line

    with click.progressbar(length=1, label=line(label), file=sys.stderr, show_pos=True) as bar:

        def advance(count: int, expected: int) -> None:
            bar.length = max(count, expected)
            bar.update(1)

        yield advance


def _tell(shell: Shell, tallies: Sequence[Tally], *, quiet: bool, dry_run: bool) -> None:
    """The one line, and what went wrong."""
    if shell.json:
        from ticketctl.content.terminal import as_json

        for tally in tallies:
            if not quiet or tally.fresh or tally.error:
                shell.say(as_json(shape(tally)))
    elif (told := summary(tallies, dry_run=dry_run)) and not (quiet and not any(tally.fresh for tally in tallies)):
        shell.say(told)
    for tally in tallies:
        for line in (*dict.fromkeys(tally.trouble), *filter(None, [tally.error])):
            shell.warn(line)


def _code(tallies: Sequence[Tally]) -> int:
    """The exit code: that of a failed channel where one failed, else that of a refusal where an automatic answer was
    kept as a draft. For a mail from standard input it is no failure: the mail server would try again."""
    if any(tally.error for tally in tallies):
        return ChannelFailed.exit_code
    delivered = any(tally.source == "-" for tally in tallies)
    return Refused.exit_code if any(tally.kept for tally in tallies) and not delivered else 0
