"""Fetching mail: everything that is new in some sources becomes tickets. How one source is read and committed is in
`usecases/intake/fetch_run.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import msgspec

from ticketctl.errors import Busy, NextStep, Usage
from ticketctl.ports.channels import Source
from ticketctl.usecases.automation.notifications import tell_waiting
from ticketctl.usecases.intake.fetch_run import take_in
from ticketctl.usecases.intake.heartbeat import beat
from ticketctl.usecases.intake.import_progress import Span
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session

STANDARD_INPUT = "-"
PATIENCE = 30.0  # seconds that a message on standard input waits for another fetch, or purge, to end

Progress = Callable[[int, int], None]
"""Hears after each mail how many came, and how many are expected."""


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """`sources` are names of rules.yaml, `maildir:PATH`, `mbox:PATH`, or "-" for one message on standard input; none
    are all of rules.yaml. The first time that a mailbox is read, what arrived before `since` is left out, and what has
    rested since before `closed_before` comes in closed (None: for as long as closed tickets stay on the desk)."""

    sources: tuple[str, ...] = ()
    since: datetime | None = None
    closed_before: datetime | None = None


class FetchEnded(msgspec.Struct, frozen=True):
    """What came of each source, in the order asked."""

    results: tuple[FetchResult, ...]
    remarks: tuple[Remark, ...] = ()


class FetchIsRunning(Busy):
    """Another fetch of this desk, or a purge, is at work; a store that stays locked is another matter, and trouble."""


def fetch(
    session: Session,
    request: Fetch,
    *,
    keep: bool = True,
    progress: Progress = lambda _count, _expected: None,
    stopped: Callable[[Sequence[FetchResult]], object] = lambda _results: None,
) -> FetchEnded:
    """Fetches everything that is new, of all sources side by side. What is wrong with a source is in its result; the
    others go on. `stopped` hears what was committed before Ctrl-C or a signal ended the run. Raises FetchIsRunning
    (only a message on standard input waits its turn), Usage, NotAllowed."""
    if STANDARD_INPUT not in request.sources:  # that is the mail server's: what is refused would bounce
        session.must("fetch", keep=keep)
    session.store.facts("erased")  # a backup that was put back is cleaned before this run has the job to itself
    sources = opened(session, request.sources)
    results = tuple(FetchResult(source=source.name) for source in sources)
    try:
        with _alone(session, sources):
            take_in(session, sources, results, span=_span(session, request), dry_run=not keep, progress=progress)
            if keep:
                tell_waiting(session)
        configured = {source.name for source in session.config.fetched}
        beats = keep and any(source.name in configured for source in sources)
        return FetchEnded(results, tuple(beat(session)) if beats else ())
    except (KeyboardInterrupt, SystemExit):
        stopped(results)
        raise


def opened(session: Session, names: Sequence[str]) -> list[Source]:
    """The named sources, or all of rules.yaml; raises Usage where there are none."""
    sources = session.sources(names)
    if not sources:
        step = NextStep("fetch", more="maildir:PATH", then="needs none")
        raise Usage("rules.yaml has no `sources:` yet", code="no_sources", next_step=step)
    return sources


def _span(session: Session, request: Fetch) -> Span:
    if request.since is None:
        return Span()
    lately = session.now - timedelta(days=session.config.archive_after_days)
    return Span(request.since, request.closed_before or lately)


@contextmanager
def _alone(session: Session, sources: Sequence[Source]) -> Iterator[None]:
    """One fetch of a desk at a time, and none while purge deletes. Raises FetchIsRunning."""
    delivered = any(source.name == STANDARD_INPUT for source in sources)
    with ExitStack() as held:
        try:
            held.enter_context(session.store.lease("fetch", PATIENCE if delivered else 0))
        except Busy as error:
            raise FetchIsRunning.because(error) from error
        yield
