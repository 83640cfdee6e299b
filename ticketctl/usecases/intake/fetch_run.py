"""Reading sources: each mail of theirs becomes exactly one of a ticket, a message in a ticket, a quarantine entry.

The order is what makes it safe to be killed anywhere: (1) a mail's bytes are read and understood, without a lock;
(2) its blobs are durable; (3) one commit holds tickets, cursors and queued answers; (4) then the mailbox is touched.
Before (3) a repetition starts over, after (3) it finds nothing to do. What comes a second time by another way is
recognised by its content. What a mail becomes is decided in `usecases/intake/file_message.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from ticketctl.content.terminal import counted
from ticketctl.domain.text.one_line import one_line
from ticketctl.domain.ticket.message import MAIL
from ticketctl.errors import TicketctlError
from ticketctl.ports.channels import Fetched, Place, Source
from ticketctl.ports.signals import uninterrupted
from ticketctl.ports.store import Run
from ticketctl.usecases.intake.after_commit import AfterCommit
from ticketctl.usecases.intake.file_message import MessageFiler, policy
from ticketctl.usecases.intake.first_fetch import OLD, undecided_text
from ticketctl.usecases.intake.import_progress import (
    Span,
    begin_import,
    end_imports,
    import_of,
    never_read,
    note_progress,
    place_of,
    under_way,
)
from ticketctl.usecases.intake.outage_alert import note_poll
from ticketctl.usecases.intake.parallel import Ended, ParallelReader
from ticketctl.usecases.intake.parse import ParsedMail, dated, parse_fetched
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.blob_cleanup import delete_named_no_more
from ticketctl.usecases.upkeep.clock_check import note_if_near
from ticketctl.usecases.upkeep.restore import must_have_looked

BATCH = 100  # mails in a commit, or as many as make a tenth of the desk's bytes: a large desk is not rewritten so often
UNSYNCED = 4_000_000  # bytes of blobs that are written together
ARCHIVED = 5_000  # closed tickets of an import that go to the archive together, or a tenth of those that went before
IMPORTED = 4_000_000  # bytes that an import commits together: a conversation should seldom be closed half-way
RUN_NOTED = timedelta(minutes=50)  # a run that brought nothing is noted so often: each note rewrites the desk file


Piece = list[Fetched]  # mails with which all is done on the server
Reading = ParallelReader["FetchRun", Fetched | Piece]


def take_in(
    session: Session,
    sources: Sequence[Source],
    results: Sequence[FetchResult],
    *,
    span: Span,
    dry_run: bool = False,
    progress: Callable[[int, int], None],
) -> None:
    """Everything that is new in `sources`, which are read side by side, each into its result of what was committed; of
    the old mail of a mailbox that is read for the first time what lies in `span`. `progress` hears after each mail how
    many came and how many are expected. If a source fails, its result says why; what it brought before stays."""
    runs = [FetchRun(session, source, result, dry_run) for source, result in zip(sources, results, strict=True)]
    with ParallelReader["FetchRun", Fetched | Piece](_weight) as reading:
        for run in runs:
            run.begin(reading, span)
        for run, what in reading:
            run.hear(reading, what)
            if isinstance(what, Fetched):
                progress(sum(one.count for one in runs), sum(one.expected for one in runs))


def _weight(what: Fetched | Piece) -> int:
    return len(what.raw) if isinstance(what, Fetched) else 0


class FetchRun:
    """One run over one source: gathers a batch, commits it, in the end has it flagged or moved."""

    def __init__(self, session: Session, source: Source, result: FetchResult, dry_run: bool) -> None:
        self.result = result
        self.count = 0
        self._app = session
        self._source = source
        self._dry_run = dry_run
        self._read = False
        self._batch: list[ParsedMail] = []
        self._blobs: list[bytes] = []
        self._weight = 0
        self._unsynced = 0
        self._desk_bytes = 0
        self._quiet: dict[str, datetime | None] = {}
        self._closed = self._archived = 0
        self._policy = policy(session)
        self._after_commit = AfterCommit(source)
        self._configured = source.name in {one.name for one in session.config.fetched}

    @property
    def expected(self) -> int:
        return self._source.expected

    def begin(self, reading: Reading, span: Span) -> None:
        places = self.places(span)
        reading.start(self, lambda: _mails(self._source, places), waits=self._source.waits)

    def hear(self, reading: Reading, what: Fetched | Piece | Ended) -> None:
        """A mail; then that there are no more; then mails with which all is done; then the end."""
        if isinstance(what, Fetched):
            self.add(what)
        elif isinstance(what, list):
            self._after_commit.done(what)
        elif what.error is not None and not isinstance(what.error, Exception):
            raise what.error
        elif not self._read:
            self._read = True
            self._fail(what.error)
            self.result.undecided = list(self._source.undecided)
            self.commit()
            if self.result.closed > self._archived and not self._dry_run:
                self._archive()
            if what.error is None and not self.result.undecided:
                self.complete()
            pieces = [] if self._dry_run else list(self._after_commit.pieces())
            reading.start(self, lambda: _settled(self._source, pieces), waits=self._source.waits)
        else:
            self.finish(what.error)

    def places(self, span: Span) -> dict[str, Place]:
        """How far each mailbox has been read; with a span its import is begun."""
        mailboxes = self._source.mailboxes()
        opened = self._app.store.transaction(keep=not self._dry_run) if span.since else self._app.store.reading()
        with opened as desk:
            if not self._dry_run:
                must_have_looked(desk)
            read_before = begin_import(desk, mailboxes, span) if span.since else []
            self._desk_bytes = desk.size
            self._quiet = {mailbox: ours.closed_before for mailbox in mailboxes if (ours := import_of(desk, mailbox))}
            places = {mailbox: place_of(desk, mailbox) for mailbox in mailboxes}
            if self._configured:  # what is named on the command line is meant
                asks = Place(0, 0, asks_before=self._app.now - OLD)
                places |= dict.fromkeys(never_read(desk, mailboxes), asks)
            self._after_commit.load(desk)
        for mailbox in read_before:
            self.result.trouble.append(f"{mailbox} was fetched before: from when to read counts only the first time")
        return {mailbox: place for mailbox, place in places.items() if place}

    def complete(self) -> None:
        """The source has come to its end, though perhaps not to that of its mails, for want of time."""
        if self.count < self._source.expected:
            waiting = self._source.expected - self.count
            self.result.trouble.append(f"{self._source.name}: {waiting:,} more wait for the next fetch")
            return
        mailboxes = self._source.mailboxes()
        with self._app.store.reading() as desk:
            left = under_way(desk, mailboxes) + (never_read(desk, mailboxes) if self._configured else [])
        if left and not self._dry_run:
            with self._app.store.transaction() as desk:
                end_imports(desk, left)

    def add(self, fetched: Fetched) -> None:
        if fetched.bare:
            self.result.skipped += fetched.skipped
            self._batch.append(ParsedMail(fetched=fetched, content="", raw=""))
            return
        self.count += 1
        config = self._app.config
        dated_mail = dated(fetched, self._app.now)
        parsed, blobs = parse_fetched(self._app.medium_of(fetched.medium), dated_mail, config.lists, config.privacy)
        self._batch.append(parsed)
        self._blobs += blobs
        self._unsynced += sum(map(len, blobs))
        self._weight += 800 + (2 * len(parsed.inbound.text) if parsed.inbound else 0)
        if self._unsynced > UNSYNCED:
            self._write_blobs()
        if self._dry_run:
            return  # one batch: numbers that are given back would be given again
        least = max(self._desk_bytes / 10, IMPORTED if fetched.imported else 0)
        if len(self._batch) >= BATCH and self._weight >= least:
            self.commit()

    def commit(self) -> None:
        """The batch becomes part of the desk, and with it what is still to be done on the server."""
        batch, self._batch, self._weight = self._batch, [], 0
        if not batch:
            return
        self._write_blobs()
        keep = not self._dry_run
        result = FetchResult(source=self.result.source)
        with ExitStack() as opened:
            desk = opened.enter_context(self._app.store.transaction(keep=keep))
            opened.enter_context(self._app.store.blobs.together(keep=keep))
            filer = MessageFiler(self._app, desk, self._policy, result, self._quiet)
            taken = [parsed for parsed in batch if not parsed.fetched.bare]
            for parsed in taken:
                filer.file(parsed)
            filer.save()
            note_progress(desk, (parsed.fetched for parsed in batch))
            here = (parsed.fetched for parsed in batch if _is_settled(parsed))
            self._after_commit.note(desk, here)
            self._desk_bytes = desk.size
            removed = filer.removed if keep else []
            with uninterrupted():  # the commit, and that we know of it
                opened.close()
                self.result.add(result)
        if removed:
            delete_named_no_more(self._app, removed)
        if keep and self.result.closed - self._archived >= max(ARCHIVED, self._archived / 10):
            self._archive()

    def _archive(self) -> None:
        """Archives at once what came in closed, so that an import of years slows no command down."""
        lately = self._app.now - timedelta(days=self._app.config.archive_after_days)
        self._app.store.archive(max(lately, *filter(None, self._quiet.values())))
        self._archived = self.result.closed
        with self._app.store.reading() as desk:
            self._desk_bytes = desk.size

    def finish(self, error: Exception | None) -> None:
        """Notes the run, and what is done on the server; `error` says why not all of it."""
        waiting = self._after_commit.count
        if self.result.undecided:
            why = undecided_text(self._app, self.result.source, self.result.undecided)
            self.result.error = "; ".join(filter(None, [self.result.error, why]))
        if not self.result.error:
            self._fail(
                error,
                f" ({counted(waiting, 'mail')} fetched and still to be {self._source.settles})" if waiting else "",
            )
        if not self._dry_run:
            self._after_commit.forget(self._app.store)
            _note_run(self._app, self.result)

    def _fail(self, error: Exception | None, more: str = "") -> None:
        if error is not None:
            self.result.error = failure_of(self._source.name, error) + more
            self.result.next_steps = error.next_steps if isinstance(error, TicketctlError) else ()

    def _write_blobs(self) -> None:
        if self._blobs and not self._dry_run:
            self._app.store.blobs.put_many(self._blobs)
        self._blobs, self._unsynced = [], 0


def _is_settled(parsed: ParsedMail) -> bool:
    """Whether something is to be done about it on its server: a mail that is there, a mark that says what."""
    fetched = parsed.fetched
    return bool(fetched.handle) if fetched.mark else fetched.medium == MAIL and bool(parsed.raw)


def failure_of(name: str, error: Exception) -> str:
    """What went wrong with one source. Whatever it is, it is that source's: the others go on."""
    if isinstance(error, TicketctlError):
        return str(error)
    return f"{name}: could not be read: {type(error).__name__}: {one_line(str(error))}"


def _mails(source: Source, places: dict[str, Place]) -> Generator[Fetched | Piece, None, None]:
    try:
        yield from source.fetch(places)
    except GeneratorExit:
        source.close()
        raise


def _settled(source: Source, pieces: Sequence[Piece]) -> Generator[Fetched | Piece, None, None]:
    try:
        for piece in pieces:
            source.acknowledge(piece)
            yield piece
    finally:
        source.close()


def _note_run(session: Session, result: FetchResult) -> None:
    name = f"fetch {result.source}"
    before = _run(session, name)
    recent = before is not None and before.ok_at is not None and session.now - before.ok_at < RUN_NOTED
    if recent and before is not None and not before.detail and not result.error:
        return
    ok_at = (before.ok_at if before else None) if result.error else session.now
    with session.store.transaction() as desk:
        desk.note_run(Run(name=name, at=session.now, ok_at=ok_at, detail=result.error))
        note_if_near(session, desk)
        notified = note_poll(session, desk, result.source, result.error)
    if notified:
        result.trouble.append(notified)


def _run(session: Session, name: str) -> Run | None:
    """By itself, so that the desk that was read is gone before the next one is."""
    with session.store.reading() as desk:
        return desk.run(name)
