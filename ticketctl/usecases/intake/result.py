"""What became of the mails of a source."""

from __future__ import annotations

import msgspec

from ticketctl.errors import NextStep
from ticketctl.ports.channels import Undecided


class FetchResult(msgspec.Struct):
    """What became of the mails of one source. `new` are tickets, `joined` tickets once per message; `kept` counts the
    automatic answers that are drafts because they have a place left to fill in. `error` is what was wrong with the
    source as a whole, `next_steps` what to do about it; `undecided` are mailboxes of which nobody said from when."""

    source: str
    new: list[int] = []
    joined: list[int] = []
    known: int = 0
    skipped: int = 0
    quarantined: list[str] = []
    closed: int = 0
    error: str = ""
    next_steps: tuple[NextStep, ...] = ()
    undecided: list[Undecided] = []
    trouble: list[str] = []
    kept: int = 0

    def add(self, other: FetchResult) -> None:
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
