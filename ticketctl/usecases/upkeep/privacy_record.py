"""A draft of the record of processing (Article 30) and of the report of a breach (Articles 33 and 34), filled from
rules.yaml, the desk and the audit log. What a person must say is left to fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.privacy_values import contact, responsible
from ticketctl.domain.config import SmtpOut, door_of
from ticketctl.domain.settings.settings import Privacy
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.audit import Record
from ticketctl.usecases.session import Session


class DraftRecord(msgspec.Struct, frozen=True, kw_only=True):
    """It needs nothing said."""


class ProcessingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What Article 30 asks for, as far as the desk knows it. `sources` are of mail, `doors` the others with
    their channels, `hosts` the servers that are fetched from, `private` whether the data folder is closed to other
    users, `roles` how many have each."""

    name: str
    responsible: str
    contact: str
    privacy: Privacy
    sources: tuple[str, ...]
    doors: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...]
    fields: tuple[str, ...]
    roles: Mapping[str, int]
    tickets: int
    since: date | None
    private: bool
    drawn_up: date


def draft_record(session: Session, _request: DraftRecord) -> ProcessingRecord:
    """Raises NotAllowed."""
    session.must("privacy record")
    config = session.config
    sink = config.outgoing.sink if config.outgoing else None
    hosts = config.hosts
    hosts += [sink.host] if isinstance(sink, SmtpOut) else []
    with session.store.reading() as desk:
        opened = [ticket.opened_at for ticket in desk.find(archive=True)]
    return ProcessingRecord(
        name=config.name,
        responsible=responsible(config),
        contact=contact(config),
        privacy=config.privacy,
        sources=tuple(source.name for source in config.sources if not door_of(source)),
        doors=tuple((door_of(source), source.name) for source in config.sources if door_of(source)),
        hosts=tuple(dict.fromkeys(hosts)),
        fields=tuple(config.fields),
        roles=Counter(agent.role for agent in config.team),
        tickets=len(opened),
        since=min(opened).date() if opened else None,
        private=session.store.check_privacy().state == "ok",
        drawn_up=session.now.astimezone(ZoneInfo(config.timezone)).date(),
    )


class DraftBreach(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when it lasted, and when it was discovered: days or instants as they are written in ISO 8601, ""
    where that is not known (now, for the discovery). `tickets` that are concerned, none where that is to be taken from
    the log."""

    began: str = ""
    ended: str = ""
    discovered: str = ""
    tickets: tuple[int, ...] = ()


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the authority's form. `read`, `exported` and `changed` count what the log has of the time; `files`
    are attachments on the tickets that are concerned; `agents` acted then, with how often."""

    responsible: str
    contact: str
    call: str
    discovered: datetime
    report_by: datetime
    began: datetime | None
    ended: datetime | None
    tickets: tuple[int, ...]
    persons: int
    files: int
    masked: tuple[str, ...]
    actions: Mapping[str, int]
    agents: Mapping[str, int]
    records: int
    log_is_whole: bool
    from_log: bool


def draft_breach(session: Session, request: DraftBreach) -> Breach:
    """Raises NotAllowed; Usage where a time cannot be read, or it ends before it begins; NoSuchTicket; Damaged where
    the log cannot be read."""
    session.must("privacy breach")
    privacy, zone = session.config.privacy, ZoneInfo(session.config.timezone)
    began, ended = _instant(request.began, zone), _instant(request.ended, zone, end=True)
    discovered = _instant(request.discovered, zone) or session.now
    if began and ended and ended < began:
        raise Usage("it cannot have ended before it began", code="ends_before_it_begins")
    records = [
        one
        for one in session.audit.records()
        if (began is None or one.at >= began) and one.at <= (ended or discovered) and one.action != "privacy breach"
    ]
    known = set(request.tickets) or {number for one in records for number in one.numbers}
    with session.store.reading() as desk:
        for number in request.tickets:
            desk.get(number)
        concerned = [ticket for ticket in desk.find(archive=True) if ticket.number in known]
    within = timedelta(minutes=privacy.report_within.minutes, days=privacy.report_within.days)
    return Breach(
        responsible=responsible(session.config),
        contact=contact(session.config),
        call=privacy.breach_contact,
        discovered=discovered,
        report_by=discovered + within,
        began=began,
        ended=ended,
        tickets=tuple(sorted(known)),
        persons=len(_persons(concerned)),
        files=sum(len(message.attachments) for ticket in concerned for message in ticket.messages),
        masked=privacy.mask,
        actions=_counted(records),
        agents=Counter(one.actor for one in records if one.actor != "system"),
        records=len(records),
        log_is_whole=session.audit.verify().state == "ok",
        from_log=not request.tickets,
    )


def _counted(records: Iterable[Record]) -> Mapping[str, int]:
    return dict(Counter(one.action for one in records).most_common(12))


def _persons(tickets: Iterable[Ticket]) -> set[str]:
    """Customers: requesters and who else wrote to us in them."""
    found = {ticket.requester.address for ticket in tickets}
    found |= {one.sender.address for ticket in tickets for one in ticket.messages if one.direction == "in"}
    return found - {""}


def _instant(text: str, zone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """A day is its first moment, or with `end` the first of the next."""
    if not text:
        return None
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text) + timedelta(days=end), time(), zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Usage(
            "{given!r} is no time; write it as 2026-11-20 or 2026-11-20T14:30", code="no_instant", given=text
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
