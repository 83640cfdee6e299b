"""What a door promises by which another system pushes messages: it verifies and translates, and knows no ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ticketctl.domain.ticket.message import Channel
from ticketctl.errors import TicketctlError
from ticketctl.ports.plain_message import PlainMessage

OLDEST, AHEAD = 300.0, 60.0  # seconds: what is older was captured, perhaps; what is more ahead has a wrong clock


class NotVerified(TicketctlError):
    """The call did not prove that it comes from whom it should. Whoever called is told no more than that."""


class Hook(Protocol):
    medium: Channel

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PlainMessage | None:
        """The message; None for one of our own or of another program, to answer which would be a loop. `headers` are
        in lower case. The same call again has the same id. Raises NotVerified, also where no secret is set; Usage for
        what is verified and no message."""
        ...


def is_fresh(sent: float, now: datetime) -> bool:
    """Whether a call that says it was made at `sent`, seconds since 1970, is not one that somebody kept."""
    return -AHEAD <= now.timestamp() - sent <= OLDEST
