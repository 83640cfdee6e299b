"""How often each snippet has answered somebody, from the tickets' history: a message tells which one it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.ticket.ticket import Ticket

LATELY = timedelta(days=90)
_SNIPPET = re.compile(r"\bsnippet ([\w.-]+)")


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """`lately`: in the last 90 days."""

    lately: int = 0
    ever: int = 0
    last_at: datetime | None = None


def snippet_of(why: str) -> str:
    """The snippet that the reason of a message names ("reply with snippet losning"); "" where it names none."""
    found = _SNIPPET.search(why)
    return found[1] if found else ""


def usage(tickets: Iterable[Ticket], now: datetime, *, by_rules: bool = True) -> dict[str, Usage]:
    """Name → how often it was queued or sent by people, and `by_rules` automatically; drafts left out."""
    found: dict[str, Usage] = {}
    for ticket in tickets:
        for message in ticket.messages:
            name = snippet_of(message.why)
            if not name or not (message.is_reply or (by_rules and message.kind == "automatic")):
                continue
            before = found.get(name, Usage())
            found[name] = Usage(
                lately=before.lately + (now - message.at <= LATELY),
                ever=before.ever + 1,
                last_at=max(before.last_at or message.at, message.at),
            )
    return found
