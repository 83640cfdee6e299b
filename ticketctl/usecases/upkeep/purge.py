"""Deletes or anonymises for good what was kept as long as rules.yaml allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.privacy.retention import (
    NIGHT,
    Kept,
    Purge,
    Undated,
    anonymised,
    expired,
    free_words,
    held_plan,
    is_anonymous,
    kept_words,
    larger_than_expected,
    next_plan,
    plan,
    raw_expired,
    undated,
    without_raw,
)
from ticketctl.domain.settings.settings import Duration, Hours, Privacy, RetentionRule
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.erasures import FACT
from ticketctl.ports.store import DELETED, PARTS, Desk, Finding
from ticketctl.usecases.patterns.forget import forget
from ticketctl.usecases.results import Objected, Objection, ObjectionCode
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.audit import prune_log
from ticketctl.usecases.upkeep.blob_cleanup import delete_unnamed, named
from ticketctl.usecases.upkeep.clock_check import must_be_right, note_clock
from ticketctl.usecases.upkeep.jobs import alone, note_run
from ticketctl.usecases.upkeep.sent_files import remove_copies, remove_left_texts, remove_team_copies, team_mail_about

COMING = Duration(days=30, calendar=True)  # what the plan lists beside what is over
LAST = "purged"  # a fact of the desk: when there was last something to purge, or purge first ran
_OUTBOX_KEPT = Duration(days=90)  # where rules.yaml says nothing of raw mail
_BLOB_KEPT = timedelta(days=1)  # a fetch writes the bytes before the commit that names them
_SOME = 1_000  # tickets
_PATIENCE = 30.0  # seconds to wait for a fetch to end

Asked = tuple[Sequence[RetentionRule], str, datetime]  # rules, time zone, now


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that is over. `raw` is ticket → keys of messages; `outbox` and `quarantine` are ids; `of` and `raw_of` are
    how many tickets and original mails there are in all. `tomorrow` is what will be over a day from now, `coming`
    within `COMING`. `held` is what a legal hold or a restriction keeps, with why; `undated` is never taken."""

    tickets: tuple[Purge, ...] = ()
    tomorrow: tuple[Purge, ...] = ()
    coming: tuple[Purge, ...] = ()
    held: tuple[Purge, ...] = ()
    undated: tuple[Undated, ...] = ()
    of: int = 0
    raw: Mapping[int, tuple[str, ...]] = {}
    raw_of: int = 0
    outbox: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()

    @property
    def raw_count(self) -> int:
        return sum(map(len, self.raw.values()))


class PurgeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`accept`: "larger_than_expected", once a person has seen how much it is; `agreed` is the plan that they saw, and
    nothing beyond it is done. `clock_is_right`: somebody says so."""

    accept: frozenset[ObjectionCode] = frozenset()
    agreed: Plan | None = None
    clock_is_right: bool = False


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, or in a dry run would be. `blobs` are stored files that nothing names any more and that were
    deleted. `set_aside` is a damaged file that recovery kept, as long as which no stored file is deleted. `damaged` is
    what is wrong with stored files."""

    plan: Plan
    blobs: int = 0
    set_aside: str = ""
    damaged: Finding | None = None


def purge(session: Session, request: PurgeRequest, *, keep: bool = True) -> Purged | None:
    """None where another run is at it. Raises NotAllowed; Objected where it is more than expected; Refused where the
    clock may be wrong."""
    session.must("purge", keep=keep)
    if keep:
        must_be_right(session, sure=request.clock_is_right)
    with alone(session, "purge") if keep else nullcontext(True) as mine:
        if not mine:
            return None
        with session.store.reading() as desk:
            found = _plan(session, desk)
        if not keep:
            return Purged(plan=found)
        if request.agreed is not None:
            found = _still(found, request.agreed)
        _must_be_expected(found, request)
        done, freed = _carry_out(session, found)
        removed = _collect(session, freed)
        prune_log(session)
    return Purged(
        plan=done, blobs=removed, set_aside=next(iter(session.store.set_aside()), ""), damaged=_verify(session)
    )


def _plan(session: Session, desk: Desk) -> Plan:
    """Everything that is over now. What will be deleted or anonymised needs no clearing of raw mail besides. The
    tickets are read some at a time: an archive of many years is never in memory whole."""
    privacy, zone, now = session.config.privacy, session.config.timezone, session.now
    sums, kept = _Sums(), _kept_words(session)
    is_restricted = _restriction(desk)
    every = desk.find(archive=True)
    while some := list(islice(every, _SOME)):
        sums.add(some, is_restricted, privacy, (privacy.retention, zone, now), kept)
    gone = {one.number for one in sums.over}
    return Plan(
        tickets=tuple(sums.over),
        tomorrow=tuple(sums.tomorrow),
        coming=tuple(sums.coming),
        held=(*sums.held, *sums.restricted),
        undated=tuple(sums.undated),
        of=sums.of,
        raw={number: keys for number, keys in sums.raw.items() if number not in gone},
        raw_of=sums.raw_of,
        outbox=_outbox(session, desk, gone, sums.anonymous, sums.kept_back),
        quarantine=_quarantine(desk, privacy.raw_mail, zone, now),
    )


class _Sums:
    """What was found in the tickets so far. `kept_back` are the numbers of those that are held or restricted."""

    def __init__(self) -> None:
        self.over: list[Purge] = []
        self.tomorrow: list[Purge] = []
        self.coming: list[Purge] = []
        self.held: list[Purge] = []
        self.restricted: list[Purge] = []
        self.undated: list[Undated] = []
        self.raw: dict[int, tuple[str, ...]] = {}
        self.of = self.raw_of = 0
        self.anonymous: set[int] = set()
        self.kept_back: set[int] = set()

    def add(
        self, every: list[Ticket], is_restricted: Callable[[Ticket], bool], privacy: Privacy, asked: Asked, kept: Kept
    ) -> None:
        restricted = list(filter(is_restricted, every))
        apart = {one.number for one in restricted}
        tickets = [one for one in every if one.number not in apart]
        self.over += plan(tickets, *asked, kept)
        self.tomorrow += next_plan(tickets, *asked, NIGHT, kept)
        self.coming += next_plan(tickets, *asked, COMING, kept)
        self.held += held_plan(tickets, *asked, kept)
        self.restricted += [msgspec.structs.replace(one, why="restricted") for one in plan(restricted, *asked, kept)]
        self.undated += undated(every, asked[0], asked[2])
        self.of += len(every)
        self.raw_of += sum(bool(message.raw) for ticket in every for message in ticket.messages)
        self.anonymous |= {one.number for one in every if is_anonymous(one)}
        self.kept_back |= apart | {one.number for one in every if one.legal_hold}
        if privacy.raw_mail:
            for ticket in tickets:
                keys = () if ticket.legal_hold else tuple(raw_expired(ticket, privacy.raw_mail, *asked[1:]))
                self.raw |= {ticket.number: keys} if keys else {}


def _restriction(desk: Desk) -> Callable[[Ticket], bool]:
    """Whether a ticket is of a person whose data is only to be kept."""
    if not any(desk.facts("person ")):
        return lambda _ticket: False
    from ticketctl.domain.privacy.person import takes_part
    from ticketctl.usecases.privacy.profiles import restricted_identities

    who = restricted_identities(desk)
    return lambda ticket: any(takes_part(ticket, one) for one in who)


def _quarantine(desk: Desk, after: Duration | None, zone: str, now: datetime) -> tuple[str, ...]:
    """The ids of what somebody has looked at and is over."""
    if after is None:
        return ()
    return tuple(item.id for item in desk.quarantined() if item.looked_at and expired(item.at, after, zone, now))


def _kept_words(session: Session) -> Kept:
    return kept_words(session.config.fields, session.config.labels, session.config.causes)


def _outbox(session: Session, desk: Desk, gone: set[int], anonymous: set[int], held: set[int]) -> tuple[str, ...]:
    """The ids of mail that is over: of tickets that go, about tickets that go or are anonymous, and old, but for what
    is of tickets that are held."""
    age = session.config.privacy.raw_mail or _OUTBOX_KEPT
    about = set(team_mail_about(session, desk, gone | anonymous)) if gone else set[str]()
    return tuple(
        item.id
        for item in desk.outbox()
        if item.ticket in gone
        or item.id in about
        or (
            not item.pending
            and item.ticket not in held
            and expired(_ended(item), age, session.config.timezone, session.now)
        )
    )


def _ended(item: Outbound) -> datetime:
    return item.ended_at or item.queued_at


def _must_be_expected(found: Plan, request: PurgeRequest) -> None:
    """Raises Objected where it is more than expected and nobody accepted it."""
    much = larger_than_expected(len(found.tickets), found.of) or larger_than_expected(found.raw_count, found.raw_of)
    if much and "larger_than_expected" not in request.accept:
        facts = {"tickets": len(found.tickets), "of": found.of, "mails": found.raw_count, "mails_of": found.raw_of}
        text = "this would purge more than expected: {tickets} of {of} tickets, {mails} of {mails_of} original mails"
        said = {name: str(count) for name, count in facts.items()}
        raise Objected(Objection("larger_than_expected", text.format(**said), facts={**said, "plan": found}))


def _carry_out(session: Session, expected: Plan) -> tuple[Plan, set[str]]:
    """What was expected and is still over; returns what was done, and the blobs that nothing names any more."""
    with session.store.transaction() as desk:
        before = set(named(desk))
        done = _still(_plan(session, desk), expected)
        # Before the commit: a run that dies in between finds the same ids again.
        remove_copies(session, _sent(session, desk, done))
        _remove_texts(session, desk, {one.number for one in done.tickets})
        for item in done.outbox:
            desk.drop_outbound(item)
        for item in done.quarantine:
            desk.drop_quarantined(item, tombstone=True)
        forget(session, desk, [_purge(session, desk, one) for one in done.tickets])
        if done.tickets:
            desk.leave_no_copy()
        act = Act("system", session.now, "retention: raw_mail")
        for number, keys in done.raw.items():
            desk.save(without_raw(desk.get(number), act, keys))
        freed = before - set(named(desk))
    session.store.archive(session.now - timedelta(days=session.config.archive_after_days))
    with session.store.transaction() as desk:
        # A commit of its own: the one before left the old generation, with all that was just taken out, as its backup.
        _forget(session, desk)
        note_run(session, desk, "purge", f"{len(done.tickets)} tickets")
        if done.tickets or not desk.recall(LAST):
            desk.remember(LAST, session.now.isoformat())
        note_clock(session, desk)
    return done, freed


def _forget(session: Session, desk: Desk) -> None:
    """Exports, notes about customers of whom no ticket is left, and who was erased, once each has been long enough."""
    before = add(session.now, Duration(days=-COMING.days, calendar=True), Hours(timezone=session.config.timezone))
    if any(desk.facts("export ")):
        from ticketctl.usecases.privacy.exports import remove_old_exports

        remove_old_exports(session, desk, before)
    if any(desk.facts("person ")):
        from ticketctl.usecases.privacy.profiles import forget_strangers

        forget_strangers(desk, before)
    if desk.recall(FACT):
        session.app.erasures.expire(session.now)


def _still(found: Plan, expected: Plan) -> Plan:
    agreed = {(one.number, one.then) for one in expected.tickets}
    return msgspec.structs.replace(
        found,
        tickets=tuple(one for one in found.tickets if (one.number, one.then) in agreed),
        raw={number: keys for number, keys in found.raw.items() if number in expected.raw},
        outbox=tuple(item for item in found.outbox if item in expected.outbox),
        quarantine=tuple(item for item in found.quarantine if item in expected.quarantine),
    )


def _sent(session: Session, desk: Desk, done: Plan) -> set[str]:
    """The Message-IDs of what was sent and is over: on these tickets, and as original mail."""
    gone = {one.number for one in done.tickets}
    ids = {
        item.message_id
        for item in desk.outbox()
        if item.id in done.outbox and (item.ticket in gone or session.config.privacy.raw_mail)
    }
    for number in (*gone, *done.raw):
        ids |= {one.message_id for one in desk.get(number).messages if number in gone or one.key in done.raw[number]}
    return ids - {""}


def _remove_texts(session: Session, desk: Desk, gone: set[int]) -> None:
    """What lies beside the store and is about tickets that go."""
    if not gone:
        return
    kept = _kept_words(session)
    words = set[str]().union(*(free_words(desk.get(number), kept) for number in gone))
    remove_left_texts(session, gone)
    remove_team_copies(session, gone | {one.number for one in desk.find(archive=True) if is_anonymous(one)}, words)


def _purge(session: Session, desk: Desk, one: Purge) -> tuple[Ticket, Ticket | None]:
    """The ticket as it was, and as it is now."""
    why, before = f"retention: {one.why}", desk.get(one.number)
    if one.then == "delete":
        session.audit.record(at=session.now, actor="system", action=DELETED, ticket=one.number, why=why)
        desk.delete(one.number)
        return before, None
    return before, desk.save(anonymised(before, Act("system", session.now, why), _kept_words(session)))


def _collect(session: Session, freed: set[str]) -> int:
    """Deletes the blobs that nothing names: those `freed` just now, and older ones that a run which died has left."""
    left = session.now - _BLOB_KEPT
    return delete_unnamed(session, lambda: {*freed, *session.store.blobs.written_before(left)}, seconds=_PATIENCE)


def _verify(session: Session) -> Finding | None:
    """What is wrong with the stored files: all are compared by size, and each night another part by hash."""
    found = session.store.check_files(session.now.toordinal() % PARTS)
    return found if found.state == "error" else None
