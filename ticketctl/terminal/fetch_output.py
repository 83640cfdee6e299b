"""A fetch with somebody at the terminal: a bar while it works, a line of what came, what went wrong, and the question
from when a new mailbox is read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import click

from ticketctl.content.terminal import as_json, line
from ticketctl.errors import BadRules, ChannelFailed, Refused, TicketctlError, TryAgain, Usage
from ticketctl.present.intake import comparison_json, fetched_json
from ticketctl.present.words import fetch as words
from ticketctl.present.words import say_in
from ticketctl.present.words.errors import error_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.fetch import STANDARD_INPUT, Fetch, FetchEnded, fetch
from ticketctl.usecases.intake.first_fetch import since_of
from ticketctl.usecases.intake.reconcile import Comparison
from ticketctl.usecases.intake.result import FetchResult


@contextmanager
def delivering(names: Sequence[str]) -> Iterator[None]:
    """Whatever goes wrong with a mail that is delivered to us, our exit code must not bounce it."""
    try:
        yield
    except (TicketctlError, OSError) as error:
        mistyped = isinstance(error, Usage) and not isinstance(error, BadRules)
        if STANDARD_INPUT in names and not mistyped:
            raise TryAgain.because(error) from error
        raise


@contextmanager
def progress_bar(shell: Shell, label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """On standard error where that is a terminal; call it with how many are done and how many are expected."""
    if quiet or shell.json or not sys.stderr.isatty():
        yield lambda count, expected: None
        return
    with click.progressbar(length=1, label=line(label), file=sys.stderr, show_pos=True) as bar:

        def advance(count: int, expected: int) -> None:
            bar.length = max(count, expected)
            bar.update(1)

        yield advance


def fetch_once(shell: Shell, request: Fetch, *, quiet: bool = False, dry_run: bool = False) -> list[FetchResult]:
    """One fetch, with its bar and its lines; what came of each source."""
    label = ", ".join(request.sources or [source.name for source in shell.session.config.fetched])
    stopped = partial(print_stopped, shell, quiet=quiet, dry_run=dry_run)
    with progress_bar(shell, label, quiet=quiet) as progress:
        ended = fetch(shell.session, request, keep=not dry_run, progress=progress, stopped=stopped)
    print_fetched(shell, ended, quiet=quiet, dry_run=dry_run)
    return list(ended.results)


def ask_from_when(shell: Shell, source: str) -> Fetch | None:
    """From when a mailbox is to be read, as a person at the terminal says; None where they leave it open."""
    day = f"{shell.session.now:%Y-%m}-01"
    question = say_in(shell.language, words.TEXTS)("ask_from_when", source=source, day=day)
    while answer := click.prompt(question, default="", show_default=False, err=True).strip():
        if since := since_of(shell.session, answer):
            return Fetch(sources=(source,), since=since)
    return None


def print_fetched(shell: Shell, ended: FetchEnded, *, quiet: bool = False, dry_run: bool = False) -> None:
    results = ended.results
    fresh = any(result.fresh for result in results)
    errors = [words.failure(result, shell.language) for result in results]
    if shell.json:
        for result, error in zip(results, errors, strict=True):
            if not quiet or result.fresh or error:
                shell.say(as_json(fetched_json(result, error)))
    elif (text := words.summary(results, shell.language, dry_run=dry_run)) and (fresh or not quiet):
        shell.say(text)
    for result, error in zip(results, errors, strict=True):
        for trouble in (*dict.fromkeys(result.trouble), *filter(None, [error])):
            shell.warn(trouble)
    for remark in ended.remarks:
        shell.warn(words.remark(remark, shell.language))


def print_stopped(shell: Shell, results: Sequence[FetchResult], *, quiet: bool = False, dry_run: bool = False) -> None:
    """What came in before Ctrl-C or a signal, where something did."""
    if any(result.fresh for result in results):
        print_fetched(shell, FetchEnded(tuple(results)), quiet=quiet, dry_run=dry_run)


def print_failure(shell: Shell, error: TicketctlError) -> None:
    for text in error_line(error, shell.language).splitlines():
        shell.warn(text)


def print_comparison(shell: Shell, found: Comparison, *, quiet: bool) -> None:
    if shell.json:
        shell.say(as_json(comparison_json(found)))
    elif not (quiet and found.equal) and (found.differences or not found.error):
        shell.say("\n".join(words.comparison_lines(found, shell.language)))
    if found.error:
        shell.warn(found.error)


def exit_code(results: Sequence[FetchResult]) -> int:
    """That of a failed channel where one failed, else that of a refusal where an automatic answer was kept as a draft.
    For a mail from standard input it is no failure: the mail server would try again."""
    if any(result.error for result in results):
        return ChannelFailed.exit_code
    delivered = any(result.source == STANDARD_INPUT for result in results)
    return Refused.exit_code if any(result.kept for result in results) and not delivered else 0
