"""Taking mail in: what a source brings becomes tickets, messages in tickets, or quarantine; each mail exactly one.

The order is what makes it safe to be killed anywhere: (1) a mail's bytes are read and understood, without a lock;
(2) its blobs are durable; (3) one commit holds tickets, cursors and queued answers; (4) then the mailbox is touched.
Before (3) a repetition starts over, after (3) it finds nothing to do. What comes a second time by another way is
recognised by its content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

import msgspec

from ticketctl.app import App
from ticketctl.channels.base import UNKNOWN, Fetched, Place, Source
from ticketctl.channels.lists import as_sent
from ticketctl.channels.mime import Unreadable, header_only, understand
from ticketctl.commands import _notices, _outgoing
from ticketctl.commands._abreast import Abreast, Ended
from ticketctl.commands._afterwards import Afterwards
from ticketctl.commands._enclosed import with_enclosed
from ticketctl.commands._known import Conversations
from ticketctl.commands._mailboxes import (
    Span,
    begin_import,
    end_imports,
    import_of,
    imports_under_way,
    note_progress,
    place_of,
)
from ticketctl.commands._outage import note_poll
from ticketctl.commands._people import load as workload
from ticketctl.commands._rules import ANSWERED_WITHIN, run_rules, takes_turns
from ticketctl.commands._scheduled import hold_back
from ticketctl.commands._senders import Senders
from ticketctl.domain.conversation import Placement, Policy, author_of, is_own, place
from ticketctl.domain.filing import Arrival, join, kind_of, link_back, open_ticket, passed_on_by_agent, seen_again
from ticketctl.domain.loops import is_ours
from ticketctl.domain.masking import mask, mask_names
from ticketctl.domain.message import Inbound
from ticketctl.domain.rules import EventName
from ticketctl.domain.ticket import Act, Ticket
from ticketctl.domain.tokens import ticket_of
from ticketctl.errors import ChannelFailed, NoSuchTicket, TicketctlError
from ticketctl.store import fs
from ticketctl.store.base import Desk, Quarantined, Run

BATCH = 100  # mails in a commit, or as many as make a tenth of the desk's bytes: a large desk is not rewritten so often
UNSYNCED = 4_000_000  # bytes of blobs that are written together
ARCHIVED = 5_000  # closed tickets of an import that go to the archive together, or a tenth of those that went before
IMPORTED = 4_000_000  # bytes that an import commits together: a conversation should seldom be closed half-way
RUN_NOTED = timedelta(minutes=50)  # a run that brought nothing is noted so often: each note rewrites the desk file


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is understood and whose bytes are safe. `fetched` no longer holds them. `inbound` is None where it
    could not be understood; `reason` then says why."""

    fetched: Fetched
    content: str
    raw: str
    inbound: Inbound | None = None
    message_id: str = ""
    reason: str = ""


class Tally(msgspec.Struct):
    """What became of the mails of one source. `new` are tickets, `joined` tickets once per message."""

    source: str
    new: list[int] = []
    joined: list[int] = []
    known: int = 0
    skipped: int = 0
    quarantined: list[str] = []
    closed: int = 0
    error: str = ""
    trouble: list[str] = []

    def add(self, other: Tally) -> None:
        """What became of more of them."""
        self.new += other.new
        self.joined += other.joined
        self.quarantined += other.quarantined
        self.trouble += other.trouble
        self.known += other.known
        self.closed += other.closed

    @property
    def fresh(self) -> int:
        return len(self.new) + len(self.joined) + len(self.quarantined)


Piece = list[Fetched]  # mails with which all is done on the server
Reading = Abreast["Intake", Fetched | Piece]


def take_in(
    app: App,
    sources: Sequence[Source],
    tallies: Sequence[Tally],
    *,
    span: Span,
    dry_run: bool = False,
    progress: Callable[[int, int], None],
) -> None:
    """Everything that is new in `sources`, which are read side by side, each into its tally of what was committed; of
    the old mail of a mailbox that is read for the first time what lies in `span`. `progress` hears after each mail how
    many came and how many are expected. A source that fails is told in its tally; what it brought before stays."""
    intakes = [Intake(app, source, tally, dry_run) for source, tally in zip(sources, tallies, strict=True)]
    with Abreast["Intake", Fetched | Piece](_weight) as reading:
        for intake in intakes:
            intake.begin(reading, span)
        for intake, what in reading:
            intake.hear(reading, what)
            if isinstance(what, Fetched):
                progress(sum(one.count for one in intakes), sum(one.expected for one in intakes))


def _weight(what: Fetched | Piece) -> int:
    return len(what.raw) if isinstance(what, Fetched) else 0


class Intake:
    """One run over one source: gathers a batch, commits it, in the end has it flagged or moved."""

    def __init__(self, app: App, source: Source, tally: Tally, dry_run: bool) -> None:
        self.tally = tally
        self.count = 0
        self._app = app
        self._source = source
        self._dry_run = dry_run
        self._read = False
        self._batch: list[Ready] = []
        self._blobs: list[bytes] = []
        self._weight = 0
        self._unsynced = 0
        self._desk_bytes = 0
        self._quiet: dict[str, datetime | None] = {}
        self._closed = self._archived = 0
        self._policy = policy(app)
        self._afterwards = Afterwards(source)

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
            self._afterwards.done(what)
        elif what.error is not None and not isinstance(what.error, ChannelFailed):
            raise what.error
        elif not self._read:
            self._read = True
            self.tally.error = str(what.error or "")
            self.commit()
            if self.tally.closed > self._archived and not self._dry_run:
                self._archive()
            if what.error is None:
                self.complete()
            pieces = [] if self._dry_run else list(self._afterwards.pieces())
            reading.start(self, lambda: _settled(self._source, pieces), waits=self._source.waits)
        else:
            self.finish(str(what.error or ""))

    def places(self, span: Span) -> dict[str, Place]:
        """How far each mailbox has been read; with a span its import is begun."""
        mailboxes = self._source.mailboxes()
        opened = self._app.store.transaction(keep=not self._dry_run) if span.since else self._app.store.reading()
        with opened as desk:
            read_before = begin_import(desk, mailboxes, span) if span.since else []
            self._desk_bytes = desk.size
            self._quiet = {mailbox: ours.closed_before for mailbox in mailboxes if (ours := import_of(desk, mailbox))}
            places = {mailbox: place_of(desk, mailbox) for mailbox in mailboxes}
            self._afterwards.load(desk)
        for mailbox in read_before:
            self.tally.trouble.append(f"{mailbox} was fetched before: --since is for the first time, and not heeded")
        return {mailbox: place for mailbox, place in places.items() if place}

    def complete(self) -> None:
        """The source has come to its end, though perhaps not to that of its mails, for want of time."""
        if self.count < self._source.expected:
            waiting = self._source.expected - self.count
            self.tally.trouble.append(f"{self._source.name}: {waiting:,} more wait for the next fetch")
            return
        mailboxes = self._source.mailboxes()
        with self._app.store.reading() as desk:
            under_way = imports_under_way(desk, mailboxes)
        if under_way and not self._dry_run:
            with self._app.store.transaction() as desk:
                end_imports(desk, mailboxes)

    def add(self, fetched: Fetched) -> None:
        if fetched.skipped:
            self.tally.skipped += fetched.skipped
            self._batch.append(Ready(fetched=fetched, content="", raw=""))
            return
        self.count += 1
        ready, blobs = understood(_dated(fetched, self._app.now), self._app.config.lists)
        self._batch.append(ready)
        self._blobs += blobs
        self._unsynced += sum(map(len, blobs))
        self._weight += 800 + (2 * len(ready.inbound.text) if ready.inbound else 0)
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
        tally = Tally(source=self.tally.source)
        with ExitStack() as opened:
            desk = opened.enter_context(self._app.store.transaction(keep=keep))
            opened.enter_context(self._app.store.blobs.together(keep=keep))
            filing = Filing(self._app, desk, self._policy, tally, self._quiet)
            taken = [ready for ready in batch if not ready.fetched.skipped]
            for ready in taken:
                filing.file(ready)
            filing.save()
            note_progress(desk, (ready.fetched for ready in batch))
            self._afterwards.note(desk, (ready.fetched for ready in taken))
            self._desk_bytes = desk.size
            with fs.uninterrupted():  # the commit, and that we know of it
                opened.close()
                self.tally.add(tally)
        if keep and self.tally.closed - self._archived >= max(ARCHIVED, self._archived / 10):
            self._archive()

    def _archive(self) -> None:
        """What came in closed leaves the desk at once, so that an import of years costs no command anything."""
        lately = self._app.now - timedelta(days=self._app.config.archive_after_days)
        self._app.store.archive(max(lately, *filter(None, self._quiet.values())))
        self._archived = self.tally.closed
        with self._app.store.reading() as desk:
            self._desk_bytes = desk.size

    def finish(self, failure: str) -> None:
        """Notes the run, and what is done on the server; `failure` says why not all of it."""
        waiting = self._afterwards.count
        if failure and waiting:
            failure = f"{failure} ({_mail_count(waiting)} fetched and still to be {self._source.settles})"
        self.tally.error = self.tally.error or failure
        if not self._dry_run:
            self._afterwards.forget(self._app.store)
            _note_run(self._app, self.tally)

    def _write_blobs(self) -> None:
        if self._blobs and not self._dry_run:
            self._app.store.blobs.put_many(self._blobs)
        self._blobs, self._unsynced = [], 0


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


def _mail_count(count: int) -> str:
    return f"{count:,} mail{'' if count == 1 else 's'}"


class Filing:
    """One transaction: each mail to its place."""

    def __init__(
        self,
        app: App,
        desk: Desk,
        policy: Policy,
        tally: Tally,
        quiet: Mapping[str, datetime | None] = MappingProxyType({}),
    ) -> None:
        self._quiet = quiet
        self._imported: dict[int, datetime] = {}
        self._app = app
        self._desk = desk
        self._policy = policy
        self._tally = tally
        self._known = Conversations(desk)
        self._senders = Senders(desk)
        self._load = workload(app, desk.find() if takes_turns(app.config.rules) else ())

    def file(self, ready: Ready) -> None:
        """A mail that breaks here, too, is set aside whole: it must not stop those behind it, nor come again."""
        try:
            self._file(ready)
        except TicketctlError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept, with the reason
            self._set_aside(ready, f"could not be filed: {type(error).__name__}: {error}")

    def save(self) -> None:
        """Tickets that an import brought, and in which nothing happened lately, are over."""
        for number, before in self._imported.items():
            ticket = self._known.ticket(number)
            if ticket and not ticket.closed and (last := ticket.events[-1].at) < before:
                act = Act("system", last, f"imported; nothing in it since {last:%Y-%m-%d}")
                self._known.put(ticket.close(act, resolution="imported"))
                self._tally.closed += 1
        self._known.save()

    def _file(self, ready: Ready) -> None:
        holder = self._known.content(ready.content)
        if holder is not None:
            self._seen_again(holder, ready)
        elif ready.inbound is None:
            self._set_aside(ready, ready.reason)
        elif self._is_copy_of_ours(ready.inbound):
            self._tally.known += 1
        else:
            self._place(ready, ready.inbound)

    def _seen_again(self, number: int, ready: Ready) -> None:
        self._tally.known += 1
        ticket = self._known.ticket(number) if number else None
        if ticket is None or ticket.closed:
            return
        noted = seen_again(ticket, ready.content, ready.fetched.mailbox)
        if noted is not ticket:
            self._known.put(noted)

    def _is_copy_of_ours(self, inbound: Inbound) -> bool:
        """Our own mail, come back by Bcc or a shared mailbox: the ticket has it already."""
        return (
            is_own(inbound, self._policy)
            and ticket_of(inbound.message_id, self._policy.key) is not None
            and self._known.holder(inbound.message_id) is not None
        )

    def _place(self, ready: Ready, inbound: Inbound) -> None:
        fetched = ready.fetched
        if is_ours(inbound.headers, self._app.key):
            inbound = msgspec.structs.replace(inbound, machine=inbound.machine or "notification", may_answer=False)
        if fetched.imported:
            inbound = msgspec.structs.replace(inbound, may_answer=False)
        author = author_of(inbound, self._policy)
        if author is not None and self._policy.is_from_team(inbound, author.address):
            inbound = with_enclosed(self._app, inbound)
        note = f"only the header was fetched: the mail has {fetched.size:,} bytes" if fetched.oversize else ""
        shown = masked(inbound, self._app.config.privacy.mask)
        arrival = Arrival(inbound=shown, at=fetched.arrived_at, source=fetched.mailbox, raw=ready.raw, note=note)
        if fetched.imported:  # a conversation of long ago is one ticket, however long it rested
            policy = msgspec.structs.replace(self._policy, reopen_window=timedelta.max)
            placement = place(inbound, self._known, policy, arrival.at)
        else:
            placement = place(inbound, self._known, self._policy, arrival.at)
        if placement.number is None:
            number = self._open(arrival, placement)
        else:
            number = placement.number
            self._join(number, arrival, placement)
        before = self._quiet.get(fetched.mailbox)
        if fetched.imported and before:
            self._imported[number] = before

    def _open(self, arrival: Arrival, placement: Placement) -> int:
        number = self._desk.new_number()
        ticket = open_ticket(number, arrival, placement, self._policy)
        if passed_on_by_agent(arrival.inbound, placement, self._policy) and not self._policy.authserv_id:
            unproven = msgspec.structs.replace(arrival.inbound, may_answer=False)  # nor may a forger make us write
            arrival = msgspec.structs.replace(arrival, inbound=unproven)
        ticket = self._ruled(ticket, "created", arrival)
        self._known.put(ticket)
        self._senders.add(ticket)
        for other in placement.links:
            linked = self._known.ticket(other)
            if linked is not None and not linked.closed:
                self._known.put(link_back(linked, number, arrival.at))
        self._tally.new.append(number)
        return number

    def _join(self, number: int, arrival: Arrival, placement: Placement) -> None:
        before = self._known.ticket(number)
        if before is None:
            raise NoSuchTicket(f"#{number} is gone")
        ticket = join(before, arrival, placement, self._policy)
        kind = kind_of(arrival.inbound, placement, self._policy)
        if kind == "message":
            ticket = hold_back(self._desk, ticket, Act("system", ticket.events[-1].at, "somebody wrote in between"))
            reopened = before.closed and not ticket.closed
            ticket = self._ruled(ticket, "customer_message", arrival)
            if reopened and not ticket.closed:
                ticket = self._ruled(ticket, "reopened", arrival)
        elif arrival.inbound.bounce is not None:
            ticket = self._bounced(ticket, arrival.inbound)
        self._known.put(ticket)
        self._tally.joined.append(number)

    def _ruled(self, ticket: Ticket, event: EventName, arrival: Arrival) -> Ticket:
        if not self._app.config.rules:
            return ticket
        fresh = self._app.now - arrival.at <= ANSWERED_WITHIN
        own = is_own(arrival.inbound, self._policy)
        ruled = run_rules(
            self._app,
            self._desk,
            ticket,
            event,
            act=Act("system", ticket.events[-1].at),
            load=self._load,
            message=next(one for one in reversed(ticket.messages) if one.kind != "note"),
            headers=arrival.inbound.headers,
            senders=self._senders,
            may_answer=fresh and arrival.inbound.may_answer and not own,
            others=self._known,
        )
        if not own and not self._came_back(arrival.inbound):
            _notices.remember(self._app, self._desk, ruled.ticket, ruled.notify)
        self._load = ruled.load
        self._tally.trouble += ruled.failed
        return ruled.ticket

    def _came_back(self, inbound: Inbound) -> bool:
        """A notice of ours, or what a server returns for one (RFC 5321, 4.5.5: from the null path): it would bring the
        next notice."""
        returned = any(path.strip() == "<>" for path in inbound.headers.get("return-path", ()))
        return returned or is_ours(inbound.headers, self._app.key)

    def _bounced(self, ticket: Ticket, inbound: Inbound) -> Ticket:
        """Our mail that came back is shown as not delivered."""
        bounce = inbound.bounce
        act = Act("system", ticket.events[-1].at, "a bounce")
        ours = {bounce.message_id or "", *inbound.in_reply_to, *inbound.references} if bounce else set[str]()
        for message_id in sorted(ours):
            if bounce and ticket_of(message_id, self._policy.key) is not None:
                ticket = _outgoing.record_bounce(self._desk, ticket, message_id, bounce, act)
        return ticket

    def _set_aside(self, ready: Ready, reason: str) -> None:
        item = Quarantined(
            id=self._app.new_id()[:12],
            at=ready.fetched.arrived_at,
            reason=reason,
            source=ready.fetched.mailbox,
            raw=ready.raw,
            content=ready.content,
            message_id=ready.message_id,
        )
        self._desk.quarantine(item)
        self._tally.quarantined.append(item.id)


def policy(app: App) -> Policy:
    """Who we are, for the questions where a message belongs and who may add to what."""
    own = _outgoing.own_addresses(app) if app.config.outgoing else frozenset[str]()
    return Policy(
        key=app.key,
        own=own,
        team=frozenset(agent.email.lower() for agent in app.config.team),
        reopen_window=timedelta(days=app.config.reopen_window_days),
        authserv_id=app.config.authserv_id,
    )


def masked(inbound: Inbound, kinds: tuple[str, ...]) -> Inbound:
    """With sensitive content of these kinds (`privacy: mask`) made unreadable in all that the ticket will hold; the
    original bytes keep it until `raw_mail` has passed."""
    if not kinds:
        return inbound
    names = ("subject", "base_subject", "text", "new_text")
    texts = {text: mask(text, kinds) for text in {getattr(inbound, name) for name in names}}  # most are equal
    if inbound.forwarded is not None:
        subject, text = (mask(one, kinds) for one in (inbound.forwarded.subject, inbound.forwarded.text))
        forwarded = msgspec.structs.replace(inbound.forwarded, subject=subject, text=text)
        inbound = msgspec.structs.replace(inbound, forwarded=forwarded)
    nature = tuple(mask(sentence, kinds) for sentence in inbound.nature)
    attachments = mask_names(inbound.attachments, kinds)
    return msgspec.structs.replace(
        inbound, nature=nature, attachments=attachments, **{name: texts[getattr(inbound, name)] for name in names}
    )


def _dated(fetched: Fetched, now: datetime) -> Fetched:
    """Nothing arrives in the future, whatever a mail server's clock says, or before anybody knows when."""
    known = UNKNOWN < fetched.arrived_at <= now
    return fetched if known else msgspec.structs.replace(fetched, arrived_at=now)


def understood(fetched: Fetched, lists: Collection[str] = ()) -> tuple[Ready, list[bytes]]:
    """The mail ready to be filed, and the bytes to be stored before it is; `lists` are mailing lists of our own."""
    raw = fetched.raw
    name = sha256(raw).hexdigest()
    light = msgspec.structs.replace(fetched, raw=b"")
    try:
        sent = as_sent(raw, lists)
        inbound = (header_only if fetched.oversize else understand)(sent, arrived_at=fetched.arrived_at)
    except Unreadable as error:
        return Ready(fetched=light, content=f"raw-{name}", raw=name, message_id=_id(raw), reason=str(error)), [raw]
    except Exception as error:  # noqa: BLE001 - a fault of ours must not lose a mail: it is kept whole, with the reason
        reason = f"could not be understood: {type(error).__name__}: {error}"
        return Ready(fetched=light, content=f"raw-{name}", raw=name, message_id=_id(raw), reason=reason), [raw]
    blobs = [raw, *inbound.payloads]
    inbound = msgspec.structs.replace(inbound, payloads=())
    return Ready(fetched=light, content=inbound.content, raw=name, inbound=inbound), blobs


def _id(raw: bytes) -> str:
    """The Message-ID of a mail that cannot be understood, if that much can be."""
    try:
        return header_only(raw).message_id
    except Exception:  # noqa: BLE001 - it is only a help for a person who looks for the mail
        return ""


def _note_run(app: App, tally: Tally) -> None:
    name = f"fetch {tally.source}"
    before = _run(app, name)
    recent = before is not None and before.ok_at is not None and app.now - before.ok_at < RUN_NOTED
    if recent and before is not None and not before.detail and not tally.error:
        return
    ok_at = (before.ok_at if before else None) if tally.error else app.now
    with app.store.transaction() as desk:
        desk.note_run(Run(name=name, at=app.now, ok_at=ok_at, detail=tally.error))
        to = note_poll(app, desk, tally.source, tally.error)
    if to:
        how = "fails again and again" if tally.error else "works again"
        tally.trouble.append(f"{tally.source}: {how}; {to} gets a mail")


def _run(app: App, name: str) -> Run | None:
    """By itself, so that the desk that was read is gone before the next one is."""
    with app.store.reading() as desk:
        return desk.run(name)
