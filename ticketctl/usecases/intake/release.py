"""What was set aside becomes a message in a ticket after all."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.message import Attachment, Inbound
from ticketctl.ports.channels import Fetched
from ticketctl.ports.medium import Medium, Unreadable
from ticketctl.ports.store import Quarantined
from ticketctl.usecases.intake.file_message import Filing, policy
from ticketctl.usecases.intake.parse import Ready, understood
from ticketctl.usecases.intake.result import Tally
from ticketctl.usecases.session import Session


def release(session: Session, item: Quarantined) -> Tally:
    """Reads it again and files it; the quarantine entry is gone with the same commit. Where it still cannot be read,
    its header is filed as far as it goes, with the original as an attachment."""
    raw = session.store.blobs.get(item.raw)
    fetched = Fetched(mailbox=item.source, raw=raw, arrived_at=item.at, size=len(raw))
    ready, blobs = understood(session.medium, fetched, session.config.lists)
    if ready.inbound is None:
        ready, blobs = _unread(session, ready, item, raw), [raw]
    tally = Tally(source=item.source)
    with session.store.transaction() as desk:
        session.store.blobs.put_many(blobs)  # under the lock, so that no purge takes them for unnamed
        desk.drop_quarantined(item.id)
        filing = Filing(session, desk, policy(session), tally)
        filing.file(ready)
        filing.save()
    return tally


def _unread(session: Session, ready: Ready, item: Quarantined, raw: bytes) -> Ready:
    original = Attachment(name="message.eml", type="message/rfc822", size=len(raw), sha256=item.raw)
    inbound = msgspec.structs.replace(
        _header(session.medium, raw, item),
        content=item.content,
        attachments=(original,),
        may_answer=False,
        text=f"This message could not be understood: {item.reason}. The original is attached.",
    )
    return msgspec.structs.replace(ready, inbound=inbound, content=item.content)


def _header(medium: Medium, raw: bytes, item: Quarantined) -> Inbound:
    try:
        return medium.parse_head(raw)
    except Unreadable:
        return Inbound(
            message_id=f"sha256-{item.raw}@content.invalid", content=item.content, subject="(unreadable message)"
        )
