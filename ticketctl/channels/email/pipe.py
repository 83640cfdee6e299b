"""One message on standard input, as procmail, an alias or a shell hands it over (`fetch -`)."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from ticketctl.channels.limits import MAIL, header_of
from ticketctl.errors import ChannelFailed, NextStep
from ticketctl.ports.channels import UNKNOWN, Fetched, Listener, Place, Undecided


class Pipe:
    """`stream` is standard input unless a test hands in another."""

    waits = False

    def __init__(self, name: str = "-", stream: BinaryIO | None = None) -> None:
        self.name = name
        self.expected = 1
        self.undecided: list[Undecided] = []
        self._stream = stream

    @property
    def settles(self) -> str:
        return ""

    def mailboxes(self) -> Sequence[str]:
        return [self.name]

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        """The one message; raises ChannelFailed where there is none."""
        stream = self._stream or sys.stdin.buffer
        raw = stream.read(MAIL + 1)
        if not raw.strip():
            raise ChannelFailed(
                "{name}: standard input was empty; hand over one message",
                code="no_input",
                name=self.name,
                next_step=NextStep("fetch", more="-", then="reads it"),
            )
        oversize = len(raw) > MAIL
        size = len(raw)
        if oversize:
            while rest := stream.read(1 << 20):
                size += len(rest)
            raw = header_of(raw)
        yield Fetched(mailbox=self.name, raw=raw, arrived_at=UNKNOWN, oversize=oversize, size=size)

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        return ()

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        """Nothing to do: the exit code tells the mail server."""

    def listeners(self) -> Sequence[Listener]:
        return ()

    def check(self) -> str:
        return "reads one message from standard input"

    def close(self) -> None:
        """Standard input is not ours to close."""
