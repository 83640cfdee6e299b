"""Messages that were set aside: listing, reading, releasing and dropping them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import msgspec

from ticketctl.domain.ticket.message import Attachment, Inbound
from ticketctl.errors import Busy, NextStep, NoSuchTicket, Refused
from ticketctl.ports.channels import Fetched
from ticketctl.ports.medium import Medium, Unreadable
from ticketctl.ports.store import Desk, Quarantined
from ticketctl.usecases.automation.notifications import tell_waiting
from ticketctl.usecases.intake.file_message import MessageFiler, policy
from ticketctl.usecases.intake.masking import changing
from ticketctl.usecases.intake.parse import ParsedMail, parse_fetched
from ticketctl.usecases.intake.result import FetchResult
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.blob_cleanup import delete_unnamed


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """`id` may be shortened as long as it is clear."""

    id: str


class Released(msgspec.Struct, frozen=True):
    """`ticket` is where it is now, 0 where a ticket had it already."""

    id: str
    ticket: int


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """`id` may be shortened as long as it is clear."""

    id: str


class SetAside(msgspec.Struct, frozen=True):
    """One with its bytes, none where the mail server never gave it."""

    item: Quarantined
    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


def quarantined(session: Session) -> tuple[Quarantined, ...]:
    """Oldest first."""
    session.must("quarantine")
    with session.store.reading() as desk:
        return tuple(sorted(desk.quarantined(), key=lambda item: (item.at, item.id)))


def look(session: Session, identifier: str) -> SetAside:
    """The one with that id, which may be shortened. That it was read is noted in the audit log, and with it: no
    retention rule deletes what nobody has looked at. Raises NoSuchTicket."""
    session.must("quarantine show")
    with session.store.reading() as desk:
        item = _found(desk, identifier)
    note_reading(session, f"quarantine show {item.id}")
    raw = b"" if item.withheld else session.store.blobs.get(item.raw)
    if item.looked_at is None:
        with session.store.transaction() as desk:
            for one in desk.quarantined():
                if one.id == item.id:
                    desk.quarantine(msgspec.structs.replace(one, looked_at=session.now))
    kinds = session.masked_where_shown
    return SetAside(item, session.medium_of(item.medium).rewrite(raw, changing(kinds)) if kinds else raw)


def release(session: Session, request: Release, *, keep: bool = True) -> Released:
    """Reads it again and files it; the entry is gone with the same commit. Where it still cannot be read, its header is
    filed as far as it goes, with the original as an attachment. Raises NoSuchTicket, NotAllowed; Refused where the mail
    server never gave it, or it cannot be filed."""
    session.must("quarantine release", keep=keep)
    with session.store.reading() as desk:
        item = _found(desk, request.id)
    if item.withheld:
        text = (
            "{id} is not here: the mail server lists it (UID {uid} in {source}) and does not give it; each fetch asks "
            "for it again. Look for it in your mail program, or drop it"
        )
        step = NextStep("quarantine", more=f"drop {item.id}")
        raise Refused(text, code="withheld", next_step=step, id=item.id, uid=item.uid, source=item.source)
    result = _filed(session, item, keep)
    if keep:
        tell_waiting(session)
    if result.quarantined:
        raise Refused(
            "{id} cannot be made a message; it is now {now}, with the new reason",
            code="still_unreadable",
            id=item.id,
            now=result.quarantined[0],
        )
    return Released(item.id, next(iter([*result.new, *result.joined]), 0))


def drop(session: Session, request: Drop, *, keep: bool = True) -> Quarantined:
    """Deletes it for good; no fetch brings it again. Its bytes go with the next purge where a fetch is running. Raises
    NoSuchTicket, NotAllowed."""
    session.must("quarantine drop", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        item = _found(desk, request.id)
        desk.drop_quarantined(item.id, tombstone=True)
    if keep:
        with suppress(Busy):
            delete_unnamed(session, lambda: [item.raw] if item.raw else [], seconds=0, quiet=timedelta(0))
    return item


def _found(desk: Desk, identifier: str) -> Quarantined:
    """The entry with that id, or the only one whose id begins so; raises NoSuchTicket."""
    items = [item for item in desk.quarantined() if item.id.startswith(identifier)]
    exact = [item for item in items if item.id == identifier]
    if len(exact or items) == 1:
        return (exact or items)[0]
    if items:
        text = "{id!r} begins the ids of {count} entries; write more of it"
        raise NoSuchTicket(text, code="unclear_id", id=identifier, count=len(items))
    step = NextStep("quarantine", then="lists what is there")
    raise NoSuchTicket("nothing in quarantine has the id {id!r}", code="no_such_entry", next_step=step, id=identifier)


def _filed(session: Session, item: Quarantined, keep: bool) -> FetchResult:
    raw = session.store.blobs.get(item.raw)
    fetched = Fetched(mailbox=item.source, raw=raw, arrived_at=item.at, size=len(raw), medium=item.medium)
    parsed, blobs = parse_fetched(session.medium_of(item.medium), fetched, session.config.lists, session.config.privacy)
    if parsed.inbound is None:
        parsed = _unread(session, parsed, item, blobs[0])
    result = FetchResult(source=item.source)
    with session.store.transaction(keep=keep) as desk:
        if keep:
            session.store.blobs.put_many(blobs)  # under the lock, so that no purge takes them for unnamed
        desk.drop_quarantined(item.id)
        filer = MessageFiler(session, desk, policy(session), result)
        filer.file(parsed)
        filer.save()
    return result


def _unread(session: Session, parsed: ParsedMail, item: Quarantined, raw: bytes) -> ParsedMail:
    original = Attachment(name="message.eml", type="message/rfc822", size=len(raw), sha256=parsed.raw)
    inbound = msgspec.structs.replace(
        _header(session.medium_of(item.medium), raw, item),
        content=item.content,
        attachments=(original,),
        may_answer=False,
        text=f"This message could not be understood: {item.reason}. The original is attached.",
    )
    return msgspec.structs.replace(parsed, inbound=inbound, content=item.content)


def _header(medium: Medium, raw: bytes, item: Quarantined) -> Inbound:
    try:
        return medium.parse_head(raw)
    except Unreadable:
        return Inbound(
            message_id=f"sha256-{item.raw}@content.invalid", content=item.content, subject="(unreadable message)"
        )
