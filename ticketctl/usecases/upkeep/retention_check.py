"""Whether the retention rules do what somebody thinks they do: tickets without dates, and rules that reach nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ticketctl.domain.privacy.retention import expired, is_anonymous, undated
from ticketctl.ports.store import Desk, Finding
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.purge import LAST

QUIET = timedelta(days=30)
_SHOWN = 10


def retention_findings(session: Session, desk: Desk) -> Iterator[Finding]:
    """Tickets that no rule ever takes because a date is missing or in the future; and that nothing was over for 30
    days, while there are tickets that were closed longer ago than any rule says."""
    rules = session.config.privacy.retention
    if not rules:
        return
    missed, kept, longest = [], 0, max((rule.age for rule in rules), key=lambda age: age.months * 30 + age.days)
    last = desk.recall(LAST)
    quiet = bool(last) and session.now - datetime.fromisoformat(last) > QUIET
    for ticket in desk.find(archive=True):
        missed += [one.number for one in undated([ticket], rules, session.now)]
        if quiet and ticket.closed and ticket.closed_at and not (ticket.legal_hold or is_anonymous(ticket)):
            kept += expired(ticket.closed_at + timedelta(days=1), longest, session.config.timezone, session.now)
    if missed:
        shown = ", ".join(f"#{number}" for number in missed[:_SHOWN]) + " …" * (len(missed) > _SHOWN)
        facts = {"count": len(missed), "tickets": shown}
        yield Finding(
            subject="retention", state="warning", code="retention_undated", facts=facts, next_step="look_at_plan"
        )
    if kept:
        facts = {"count": kept, "since": f"{datetime.fromisoformat(last):%Y-%m-%d}"}
        yield Finding(
            subject="retention", state="warning", code="retention_idle", facts=facts, next_step="look_at_rules"
        )
