"""A mail that is passed on as an attachment ("forward as attachment", message/rfc822) instead of inline."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.message import Forwarded, Inbound
from ticketctl.ports.medium import Unreadable
from ticketctl.usecases.session import Session


def with_attached_forward(session: Session, inbound: Inbound) -> Inbound:
    """With the one mail that it encloses as what it forwards, where nothing is forwarded inline. Its bytes are in the
    blobs already; in a dry run, or where it cannot be read, it stays an attachment and nothing more."""
    mails = [one for one in inbound.attachments if one.type == "message/rfc822" or one.name.lower().endswith(".eml")]
    if inbound.forwarded is not None or len(mails) != 1 or not session.store.blobs.has(mails[0].sha256):
        return inbound
    try:
        inner = session.medium.parse(session.store.blobs.get(mails[0].sha256))
    except Unreadable:
        return inbound
    forwarded = Forwarded(
        sender=inner.reply_to[0] if inner.sender is None and inner.reply_to else inner.sender,
        subject=inner.subject,
        date=inner.headers.get("date", ("",))[0],
        text=inner.text,
        references=(*inner.references, *inner.in_reply_to, inner.message_id),
    )
    return msgspec.structs.replace(inbound, forwarded=forwarded)
