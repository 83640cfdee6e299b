"""Erases a person: plan, agreement, carrying out, certificate.

What was erased is remembered outside the data by keyed hashes (ports/erasures.py), before anything is changed: a run
that was cut off is finished, and a backup that was put back is cleaned, before the next command reads anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.mail.message_ids import NOTICE
from ticketctl.domain.privacy.erasing import Role, erased
from ticketctl.domain.privacy.person import Identity, canonical, folded, people_of
from ticketctl.domain.privacy.rewriting import Change, rewritten
from ticketctl.domain.settings.settings import Duration, Hours
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.erasures import FACT, ErasureRecord
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.rate_limit import forget_answers
from ticketctl.usecases.customer.links import forget_links
from ticketctl.usecases.patterns.forget import forget
from ticketctl.usecases.privacy.elsewhere import Elsewhere, asked_servers, elsewhere, remove_on_servers
from ticketctl.usecases.privacy.exports import remove_exports
from ticketctl.usecases.privacy.profiles import must_be_a_customer
from ticketctl.usecases.privacy.trace import Looking, Traces, erasure_of, in_ticket, must_be_kept, numbers_in, trace
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.results import Objected, Objection, ObjectionCode
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.blob_cleanup import delete_unnamed, named
from ticketctl.usecases.upkeep.sent_files import is_about, remove_copies

REMEMBERED = Duration(months=24, calendar=True)  # longer than any backup should be kept
_PATIENCE = 30.0  # seconds to wait for a fetch to end


class Erase(msgspec.Struct, frozen=True, kw_only=True):
    """`person` is an address, or how a caller was noted. `files`: other people's attachments that name them are
    "delete"d or "keep"t. `server`: also the desk's own mailboxes are cleaned. `accept`: "erase_person", once somebody
    has seen the plan, and "files_of_others" where nothing is said of files."""

    person: str
    files: str = ""
    server: bool = False
    accept: frozenset[ObjectionCode] = frozenset()


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Counts only. `roles` → tickets; `held` are tickets that a legal hold keeps; `on_server` mails were deleted there,
    `left_on_server` are still there. `until`: as long the desk knows by a keyed hash that somebody was erased."""

    id: str
    at: datetime
    desk: str
    roles: Mapping[Role, int]
    messages: int = 0
    files: int = 0
    files_kept: int = 0
    outbox: int = 0
    quarantine: int = 0
    texts: int = 0
    copies: int = 0
    exports: int = 0
    notes: int = 0
    held: tuple[int, ...] = ()
    on_server: int = 0
    elsewhere: Elsewhere
    until: datetime


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, or in a dry run would be; nothing in `certificate` names the person."""

    traces: Traces
    elsewhere: Elsewhere
    certificate: Certificate | None = None


def erase(session: Session, request: Erase, *, keep: bool = True) -> Erased:
    """Raises Objected with the plan's counts before anything is changed; Refused where there is nothing, or where a
    damaged file that recovery kept may hold the person; Usage, NotAllowed."""
    session.must("person erase", keep=keep)
    who = must_be_a_customer(session, request.person)
    with session.app.store.reading() as desk:
        plan = trace(session, desk, erasure_of(session, desk, who))
        outside = elsewhere(session, desk, plan)
    if request.server:
        outside = asked_servers(session, outside)
    if not keep:
        return Erased(traces=plan, elsewhere=outside)
    _must_be_possible(session, plan)
    _must_be_agreed(plan, request)
    note_reading(session, "person erase", about=plan.erasure.who.addresses)
    removed = remove_on_servers(session, outside) if request.server else 0
    until = add(session.now, REMEMBERED, Hours(timezone=session.config.timezone))
    number = session.new_id()[:16]
    session.app.erasures.add(number, plan.erasure.who.known_as, session.now, until)
    done = _carry_out(session, plan, number, files=request.files == "delete")
    certificate = _certificate(session, plan, done, outside)
    kept = 0 if request.files == "delete" else len(plan.files)
    certificate = msgspec.structs.replace(certificate, id=number, on_server=removed, until=until, files_kept=kept)
    return Erased(traces=plan, elsewhere=outside, certificate=certificate)


def _must_be_possible(session: Session, plan: Traces) -> None:
    aside = next(iter(session.store.set_aside()), "")
    if aside:
        raise Refused(
            "data/{name} is a damaged file that may also contain their data; check it and delete it first",
            code="erase_set_aside",
            name=aside,
        )
    must_be_kept(plan)


def _must_be_agreed(plan: Traces, request: Erase) -> None:
    objections = []
    if plan.files and request.files not in ("keep", "delete"):
        text = "{count} files of other people name them: say whether these stay"
        facts = {"count": str(len(plan.files))}
        objections.append(Objection("files_of_others", text.format(**facts), facts=facts))
    if "erase_person" not in request.accept:
        facts = {"tickets": str(len(plan.tickets)), "held": str(len(plan.held))}
        text = "this would erase for good a person from {tickets} tickets"
        objections.append(Objection("erase_person", text.format(**facts), facts=facts))
    if objections:
        raise Objected(*objections)


class _Done(msgspec.Struct, kw_only=True):
    """What was taken away so far; `changed` are tickets before and after."""

    roles: Counter[Role] = msgspec.field(default_factory=Counter)
    messages: int = 0
    files: int = 0
    copies: int = 0
    exports: int = 0
    ids: set[str] = msgspec.field(default_factory=set)
    freed: set[str] = msgspec.field(default_factory=set)
    changed: list[tuple[Ticket, Ticket | None]] = msgspec.field(default_factory=list)


def _carry_out(session: Session, plan: Traces, number: str, *, files: bool) -> _Done:
    """Two commits: the first without the person; the second leaves no copy of what was before, and says that it is
    done. A run that ends in between is finished by the next command."""
    looking, done = Looking(plan.erasure, session), _Done()
    gone = frozenset(one.file.sha256 for one in plan.files) if files else frozenset[str]()
    with session.store.transaction() as desk:
        before = set(named(desk))
        _erase_tickets(session.now, desk, plan, looking, gone, done)
        _erase_rest(session, desk, plan, looking, done)
        _remove_files(session, desk, plan, looking, done)
        done.freed = before - set(named(desk))
        desk.leave_no_copy()
    session.store.archive(session.now - timedelta(days=session.config.archive_after_days))
    own = {number for number, found in plan.tickets.items() if found != "mentioned"}
    delete_unnamed(session, lambda: done.freed, seconds=_PATIENCE, quiet=timedelta(0))
    delete_unnamed(session, lambda: _left_over(session, looking, own), seconds=_PATIENCE, quiet=timedelta(0))
    with session.store.transaction() as desk:
        desk.remember(FACT, number or desk.recall(FACT))
        desk.leave_no_copy()
    return done


def _left_over(session: Session, looking: Looking, own: set[int]) -> Iterator[str]:
    """Bytes that name them, or mail to the team about their tickets: of mail that has left, nothing names those."""
    with session.app.store.reading() as desk:
        every = set(session.store.blobs.all()) - set(named(desk))
    for blob in every:
        if looking.in_blob(blob) or own & numbers_in(session, blob):
            yield blob


def _erase_tickets(
    now: datetime, desk: Desk, plan: Traces, looking: Looking, gone: frozenset[str], done: _Done
) -> None:
    """Those of the plan, and those that came or changed since it was made."""
    act = Act("system", now, "person erased")
    for outline in desk.find(archive=True):  # what is saved meanwhile does not come again
        if outline.legal_hold or (
            outline.number not in plan.tickets and plan.revisions.get(outline.number) == outline.revision
        ):
            continue
        before = desk.get(outline.number)
        found, blobs, _ = in_ticket(looking, before)
        raws = frozenset(one.raw for one in before.messages) & blobs
        after = erased(before, act, plan.erasure, looking.replacer, gone | raws)
        if after == before:
            continue
        done.roles[found or "mentioned"] += 1
        done.ids |= _gone_ids(before, after)
        done.messages += sum(now.text != one.text for now, one in zip(after.messages, before.messages, strict=True))
        done.files += sum(
            len(one.attachments) - len(now.attachments)
            for now, one in zip(after.messages, before.messages, strict=True)
        )
        done.changed.append((before, desk.save(after)))


def _gone_ids(before: Ticket, after: Ticket) -> set[str]:
    """The Message-IDs of what is gone or was changed: copies of these go too."""
    pairs = zip(before.messages, after.messages, strict=True)
    return {one.message_id for one, now in pairs if one != now} - {""}


def _erase_rest(session: Session, desk: Desk, plan: Traces, looking: Looking, done: _Done) -> None:
    outbox, quarantine = set(plan.outbox), set(plan.quarantine)
    act = Act("system", session.now, "person erased")
    for item in list(desk.outbox()):
        if item.id not in outbox and not any(map(plan.erasure.who.owns, item.recipients)):
            continue
        if item.pending and item.ticket and item.message:
            _not_sent(desk, item.ticket, item.message, act)
        done.ids.add(item.message_id)
        desk.drop_outbound(item.id)
    for entry in list(desk.quarantined()):
        if entry.id in quarantine:
            desk.drop_quarantined(entry.id, tombstone=True)
    for key in plan.facts:
        desk.remember(key, "")
    for message_id in done.ids:
        desk.remember(f"sent copy {message_id}", "")
    for address in plan.erasure.who.addresses:
        forget_answers(session, desk, address)
        forget_links(session, desk, address)
    forget(session, desk, done.changed)
    _erase_names_of_patterns(desk, plan, looking)
    for run in list(desk.runs()):
        detail = looking.replacer.replaced(run.detail)
        if detail != run.detail:
            desk.note_run(msgspec.structs.replace(run, detail=detail))


def _erase_names_of_patterns(desk: Desk, plan: Traces, looking: Looking) -> None:
    """Of a pattern's name the words that fewer than two others used, and the person's own name; this also in what is
    written of measures."""
    own = {number for number, found in plan.tickets.items() if found != "mentioned"}
    for before in list(desk.patterns()):
        rest = (
            msgspec.structs.replace(one, tickets=tuple(number for number in one.tickets if number not in own))
            for one in before.words
        )
        words = tuple(one for one in rest if len(one.tickets) > 1 and not looking.in_text(one.word))
        top = before.top if words == before.words else ()  # the next grouping finds another name
        after = msgspec.structs.replace(before, words=words, top=top, given=looking.replacer.replaced(before.given))
        if after != before:
            desk.save_pattern(after)
    for measure in list(desk.measures()):
        put = looking.replacer.replaced
        changed = rewritten(
            measure, Change(person=plan.erasure.stand_in, address=put, texts={"words": put, "label": put})
        )
        if changed != measure:
            desk.save_measure(changed)


def _not_sent(desk: Desk, number: int, key: str, act: Act) -> None:
    """A mail that waited will not leave."""
    ticket = desk.get(number)
    if any(one.key == key and one.delivery in ("queued", "held", "deferred") for one in ticket.messages):
        desk.save(ticket.delivered(act, key, "failed"))


def _remove_files(session: Session, desk: Desk, plan: Traces, looking: Looking, done: _Done) -> None:
    """What lies beside the store. Before the commit: a run that dies in between finds the same again."""
    for name in plan.texts:
        session.host.unlink(session.app.texts_folder / name)
    remove_copies(session, done.ids)
    own = {number for number, found in plan.tickets.items() if found != "mentioned"}
    for copy in session.sent_copies():
        raw = copy.read()
        if copy.message_id in done.ids or looking.names(raw) or _is_team_mail_about(raw, copy.message_id, own):
            copy.delete()
            done.copies += 1
    done.exports = remove_exports(session, desk, plan.erasure.who)


def _is_team_mail_about(raw: bytes, message_id: str, numbers: set[int]) -> bool:
    return message_id.startswith(NOTICE) and is_about(raw, numbers, ())


def _certificate(session: Session, plan: Traces, done: _Done, outside: Elsewhere) -> Certificate:
    return Certificate(
        id="",
        at=session.now,
        desk=session.config.name,
        roles=dict(done.roles),
        messages=done.messages,
        files=done.files,
        outbox=len(plan.outbox),
        quarantine=len(plan.quarantine),
        texts=len(plan.texts),
        copies=done.copies,
        exports=done.exports,
        notes=sum(key.startswith("person ") for key in plan.facts),
        held=tuple(plan.held),
        elsewhere=outside.anonymous,
        until=session.now,
    )


def clean_again(session: Session) -> int:
    """Carries out every erasure that counts still on what is stored now: a backup that was put back, an erasure that
    was cut off, a ticket whose hold was lifted. How many persons were found."""
    records = [one for one in session.app.erasures.all() if one.until > session.now]
    found = 0
    for who, record in _recognised(session, records):
        with session.app.store.reading() as desk:
            plan = trace(session, desk, erasure_of(session, desk, who, before=record.at))
        if plan.tickets or plan.outbox or plan.quarantine or plan.facts or plan.texts:
            found += 1
        _carry_out(session, plan, "", files=False)
    # Bytes that a run which was cut off had freed, and that nothing tells whose they were.
    delete_unnamed(session, session.store.blobs.all, seconds=_PATIENCE, quiet=timedelta(0))
    newest = session.app.erasures.newest()
    with session.store.transaction() as desk:
        if desk.recall(FACT) != newest:
            desk.remember(FACT, newest)
            desk.leave_no_copy()
    return found


def _recognised(session: Session, records: Iterable[ErasureRecord]) -> list[tuple[Identity, ErasureRecord]]:
    """Who of those that the desk knows was erased: every address, and every caller without one, is hashed as they
    were."""
    mark = session.app.erasures.marker()
    by_mark = {person: record for record in records for person in record.persons}
    found: dict[str, tuple[set[str], ErasureRecord]] = {}
    with session.app.store.reading() as desk:
        known = {
            canonical(one.address) if one.address else folded(one.name)
            for ticket in desk.find(archive=True)
            for one in people_of(ticket)
        }
        known |= {canonical(one) for item in desk.outbox() for one in item.recipients}
    for one in known - {""}:
        record = by_mark.get(mark(one))
        if record is not None:
            found.setdefault(record.id, (set(), record))[0].add(one)
    return [
        (
            Identity(
                addresses=frozenset(one for one in own if "@" in one),
                callers=frozenset(one for one in own if "@" not in one),
            ),
            record,
        )
        for own, record in found.values()
    ]
