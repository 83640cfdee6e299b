"""What will leave the building: everything that leaves is committed here first, with its bytes frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

HOOK = "hook"  # the medium of webhooks
OutboundKind = Literal["reply", "acknowledgement", "automatic", "notification", "report", "event"]
OutboundState = Literal["queued", "held", "sending", "sent", "deferred", "failed", "uncertain"]


class Outbound(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One mail on its way, or a message of another `medium`, by which what sends it is chosen. `raw` is the blob of its
    bytes, frozen when queued; `sender` and `recipients` are the SMTP envelope (sender "" is the null return path).
    `ticket`/`message` name what it is of, 0/"" for notifications. `next_at` is when it may be tried (again); `attempts`
    counts connections made for it. `accepted` are recipients for whom the server took it, `refused` those for whom it
    never will, with its words. `resent`: it was tried again although the try before may have succeeded. `leaves_at` is
    set as long as it is scheduled (scheduling.py)."""

    id: str
    kind: OutboundKind
    message_id: str
    raw: str
    sender: str
    recipients: tuple[str, ...]
    queued_at: datetime
    subject: str = ""
    ticket: int = 0
    message: str = ""
    state: OutboundState = "queued"
    next_at: datetime | None = None
    leaves_at: datetime | None = None
    attempts: int = 0
    error: str = ""
    ended_at: datetime | None = None
    accepted: tuple[str, ...] = ()
    refused: dict[str, str] = {}
    resent: bool = False
    medium: str = "email"  # of all that was queued before there were others

    @property
    def pending(self) -> bool:
        """Whether it may still leave."""
        return self.state in ("queued", "held", "sending", "deferred")
