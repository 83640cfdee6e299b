"""How a message is understood, without a desk: nothing is stored, and nothing is sent."""

from __future__ import annotations

from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Inbound
from ticketctl.ports.medium import Unreadable
from ticketctl.usecases.session import Session

Kind = Literal["message", "text", "html"]


class Inspect(msgspec.Struct, frozen=True, kw_only=True):
    """`raw` is a message as it came, or the text or HTML of its body alone. Of one that is longer than `bytes_needed`
    no more than those need be there."""

    raw: bytes
    kind: Kind = "message"


def bytes_needed(session: Session) -> int:
    """How much of a message must be read: one byte above the limit shows that it is too large."""
    return session.medium.largest + 1


def inspect(session: Session, request: Inspect) -> Inbound:
    """What is understood; of a message above the limit of `fetch` its header alone. Raises Unreadable."""
    session.must("inspect")
    medium, limit = session.medium, session.medium.largest
    whole = len(request.raw) <= limit
    if request.kind == "message":
        return medium.parse(request.raw) if whole else _head(session, request.raw)
    if not whole:
        raise Unreadable("a text of more than {limit} bytes is not read", code="text_too_large", limit=f"{limit:,}")
    return medium.parse_text(request.raw, html=request.kind == "html")


def _head(session: Session, raw: bytes) -> Inbound:
    mail = session.medium.parse_head(raw)
    note = f"only the header was read: it has more than {session.medium.largest:,} bytes, the limit for fetched mail"
    return msgspec.structs.replace(mail, nature=(note, *mail.nature))
