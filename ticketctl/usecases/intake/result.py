"""What became of the mails of a source, and how `fetch` tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ticketctl.content.terminal import counted
from ticketctl.ports.channels import Undecided


class Tally(msgspec.Struct):
    """What became of the mails of one source. `new` are tickets, `joined` tickets once per message; `kept` counts the
    automatic answers that are drafts because they have a place left to fill in."""

    source: str
    new: list[int] = []
    joined: list[int] = []
    known: int = 0
    skipped: int = 0
    quarantined: list[str] = []
    closed: int = 0
    error: str = ""
    undecided: list[Undecided] = []
    trouble: list[str] = []
    kept: int = 0

    def add(self, other: Tally) -> None:
        """What became of more of them."""
        self.new += other.new
        self.joined += other.joined
        self.quarantined += other.quarantined
        self.trouble += other.trouble
        self.known += other.known
        self.closed += other.closed
        self.kept += other.kept

    @property
    def fresh(self) -> int:
        return len(self.new) + len(self.joined) + len(self.quarantined)


def summary(tallies: Sequence[Tally], *, dry_run: bool = False) -> str:
    """12 mails: 5 new tickets (#17-#21), 6 in tickets that were there, 1 in quarantine; "" where nothing came because
    a source failed, so that nobody knows whether there is mail."""
    new = [number for tally in tallies for number in tally.new]
    joined = [number for tally in tallies for number in tally.joined]
    aside = sum(len(tally.quarantined) for tally in tallies)
    skipped = sum(tally.skipped for tally in tallies)
    left_out = f"; {counted(skipped, 'older mail')} left out" if skipped else ""
    known = sum(tally.known for tally in tallies)
    parts = [
        f"{counted(len(new), 'new ticket')} ({_span(new)})" if new else "",
        f"{len(joined)} in tickets that were there" if joined else "",
        f"{aside} in quarantine (`ticketctl quarantine`)" if aside else "",
        f"{known} seen before" if known else "",
    ]
    told = ", ".join(filter(None, parts))
    closed = sum(tally.closed for tally in tallies)
    left_out += f"; {counted(closed, 'ticket')} closed, where nothing has happened lately" if closed else ""
    if not told:
        return "" if any(tally.error for tally in tallies) else f"no new mail{left_out}"
    return f"{'would: ' if dry_run else ''}{counted(len(new) + len(joined) + aside + known, 'mail')}: {told}{left_out}"


def _span(numbers: Sequence[int]) -> str:
    return f"#{numbers[0]}" if len(numbers) == 1 else f"#{min(numbers)}-#{max(numbers)}"


def shape(tally: Tally) -> dict[str, Any]:
    return {
        "source": tally.source,
        "new": tally.new,
        "joined": tally.joined,
        "known": tally.known,
        "skipped": tally.skipped,
        "closed": tally.closed,
        "quarantined": tally.quarantined,
        "error": tally.error or None,
        "trouble": tally.trouble,
        **({"undecided": [msgspec.to_builtins(one) for one in tally.undecided]} if tally.undecided else {}),
    }
