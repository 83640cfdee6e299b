"""What becomes of a mail on its way: queued → sending → sent | deferred | failed | uncertain.

A server that cannot be reached or says 4xx defers a mail: it is tried again after 5 minutes, then 10, 20 … at most 4
hours, until it is 5 days old (an automatic answer 2: later it would only puzzle). A 5xx ends it. A connection that
breaks after the final dot, or `sending` found after a crash, leaves it uncertain: the server may have it (RFC 1047). A
reply is then sent once more after 15 minutes with identical bytes, since a customer reads a reply twice rather than
never; anything else is not. Both are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.ticket.message import Delivery
from ticketctl.domain.ticket.outbound import HOOK, Outbound, OutboundKind
from ticketctl.errors import Refused

FIRST_DELAY = timedelta(minutes=5)
LONGEST_DELAY = timedelta(hours=4)
LIFETIME = timedelta(days=5)
SHORT_LIFETIME = timedelta(days=2)  # so that few automatic answers to an address leave at once after an outage
PUSH_LIFETIME = timedelta(days=1)  # a short notice is of what is so now
SHORT_LIVED: frozenset[OutboundKind] = frozenset({"acknowledgement", "automatic"})
RESEND_AFTER = timedelta(minutes=15)
RESENT_KINDS = frozenset({"reply"})


class Accepted(msgspec.Struct, frozen=True):
    """The server took it for some recipients at least; `refused`: recipient → the server's words ("550 5.1.1 …")."""

    refused: Mapping[str, str] = {}


class NotAccepted(msgspec.Struct, frozen=True):
    """It took it for nobody, for good (`permanent`) or for now; `uncertain`: it may have taken it. `everything`: it
    takes nothing else now either. `wait` are the seconds that it asks for."""

    reason: str
    permanent: bool = False
    uncertain: bool = False
    everything: bool = False
    wait: float = 0


Outcome = Accepted | NotAccepted


def due(outbox: Iterable[Outbound], now: datetime) -> list[Outbound]:
    """What may leave now, oldest first. An uncertain mail is among them once, if it is of a kind that is resent."""
    return sorted((item for item in outbox if _is_due(item, now)), key=lambda item: (item.queued_at, item.id))


def _is_due(item: Outbound, now: datetime) -> bool:
    if item.state == "queued":
        return item.next_at is None or item.next_at <= now
    return item.state in ("deferred", "uncertain") and item.next_at is not None and item.next_at <= now


def remaining(item: Outbound) -> tuple[str, ...]:
    """The recipients that it still has to reach."""
    return tuple(one for one in item.recipients if one not in item.accepted and one not in item.refused)


def begin(item: Outbound) -> Outbound:
    """Committed before a connection is made for it."""
    return msgspec.structs.replace(
        item,
        state="sending",
        attempts=item.attempts + 1,
        next_at=None,
        resent=item.resent or item.state == "uncertain",
    )


def abandoned(item: Outbound, now: datetime) -> Outbound:
    """A mail found `sending` although nobody is sending: the run that sent it died."""
    return _uncertain(item, now, "the run that was sending it ended before the server's answer was recorded")


def finish(item: Outbound, outcome: Outcome, now: datetime) -> Outbound:
    """The mail after a try."""
    if isinstance(outcome, Accepted):
        return _accepted(item, outcome.refused, now)
    if outcome.uncertain:
        return _uncertain(item, now, outcome.reason)
    if outcome.permanent:
        return _ended(item, "failed", outcome.reason, now)
    return _deferred(item, outcome.reason, now, outcome.wait)


def retried(item: Outbound) -> Outbound:
    """A person wants it tried again, whatever happened; raises Refused where there is nothing to try."""
    if item.state == "sending":
        raise Refused("{id} is just being sent", code="mail_being_sent", id=item.id[:8])
    resent = item.resent or item.state == "uncertain"
    return msgspec.structs.replace(
        item, state="queued", next_at=None, error="", refused={}, ended_at=None, resent=resent
    )


def shown(item: Outbound) -> tuple[Delivery, str]:
    """How the message on its ticket stands, and the words for its history. It was sent once the first recipient, whom
    it is written to, was reached."""
    detail = trouble(item)
    if item.state == "sending":
        return "queued", ""
    if item.state == "failed" and item.recipients[0] in item.accepted:
        return "sent", detail
    return item.state, detail


def trouble(item: Outbound) -> str:
    """What went wrong with it so far, in the server's words; "" for nothing."""
    return "; ".join([*(f"{address}: {words}" for address, words in item.refused.items()), item.error]).strip("; ")


def _accepted(item: Outbound, refused: Mapping[str, str], now: datetime) -> Outbound:
    tried = remaining(item)
    forever = {one: words for one, words in refused.items() if words.startswith("5")}
    later = [words for one, words in refused.items() if one not in forever]
    item = msgspec.structs.replace(
        item,
        accepted=(*item.accepted, *(one for one in tried if one not in refused)),
        refused={**item.refused, **forever},
        error="",
    )
    if later:
        return _deferred(item, later[0], now)
    return _ended(item, "failed" if item.refused else "sent", "", now)


def _deferred(item: Outbound, reason: str, now: datetime, wait: float = 0) -> Outbound:
    lifetime = SHORT_LIFETIME if item.kind in SHORT_LIVED else LIFETIME
    if item.medium == "notify":
        lifetime = PUSH_LIFETIME
    if now - item.queued_at >= lifetime:
        return _ended(item, "failed", f"given up after {lifetime.days} days: {reason}", now)
    delay = min(FIRST_DELAY * 2 ** min(max(item.attempts - 1, 0), 10), LONGEST_DELAY)
    return msgspec.structs.replace(
        item, state="deferred", next_at=now + max(delay, timedelta(seconds=wait)), error=reason
    )


def _uncertain(item: Outbound, now: datetime, reason: str) -> Outbound:
    if item.medium == HOOK:  # its id tells the receiver that it has it already
        return _deferred(item, reason, now)
    if item.resent or item.kind not in RESENT_KINDS:
        return _ended(item, "uncertain", reason, now)
    return msgspec.structs.replace(item, state="uncertain", next_at=now + RESEND_AFTER, error=reason)


def _ended(item: Outbound, state: str, reason: str, now: datetime) -> Outbound:
    return msgspec.structs.replace(item, state=state, next_at=None, error=reason, ended_at=now)
