"""What a command is handed: the desk's folder and everything made from it. It has no logic; cli.py builds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketctl.channels.oauth import Account
    from ticketctl.domain.config import Config
    from ticketctl.domain.settings.settings import Away
    from ticketctl.ports.channels import SentFolder, Sink, Source
    from ticketctl.ports.store import Audit, Store


@dataclass(frozen=True)
class App:
    """`now` is the one instant of this run (aware UTC). `say` writes a line to stdout, `warn` to stderr. `new_id` gives
    128 random bits as hex. `desk` is what --desk or TICKETCTL_DESK said, `user` what --as said. The `find_…` and
    `open_…` are called once, when a command first needs what they make, so that each imports no more than it uses.
    `open_source` takes a name of rules.yaml, `maildir:PATH`, `mbox:PATH`, `-`; `open_account` gives the login of a
    source of rules.yaml, or of "outgoing", and None where that has no `oauth:`. `commits` are the generations of the
    desk file that this run has stored."""

    desk: str
    user: str
    now: datetime
    json: bool
    verbose: bool
    tty: bool
    environ: Mapping[str, str]
    new_id: Callable[[], str]
    say: Callable[[str], None]
    warn: Callable[[str], None]
    find_folder: Callable[[App], Path]
    find_actor: Callable[[App], str]
    find_absences: Callable[[App], Mapping[str, Away]]
    open_config: Callable[[App], Config]
    open_store: Callable[[App], Store]
    open_source: Callable[[App, str], Source]
    open_sink: Callable[[App], Sink]
    open_account: Callable[[App, str], Account | None]
    open_sent: Callable[[App], SentFolder]
    open_key: Callable[[App], bytes]
    open_audit: Callable[[App], Audit]
    commits: list[int] = field(default_factory=list)

    @cached_property
    def folder(self) -> Path:
        """The desk's folder; raises NoDesk."""
        return self.find_folder(self)

    @cached_property
    def actor(self) -> str:
        """The agent who acts, or "system"; raises Usage where that is not clear."""
        return self.find_actor(self)

    @cached_property
    def absences(self) -> Mapping[str, Away]:
        """Who of the team was said to be away, by `ticketctl away`; what rules.yaml says stands in the config."""
        return self.find_absences(self)

    @cached_property
    def config(self) -> Config:
        return self.open_config(self)

    @cached_property
    def store(self) -> Store:
        return self.open_store(self)

    @cached_property
    def sink(self) -> Sink:
        return self.open_sink(self)

    @cached_property
    def audit(self) -> Audit:
        return self.open_audit(self)

    @cached_property
    def key(self) -> bytes:
        """The desk's secret, 32 bytes, with which its Message-IDs are signed."""
        return self.open_key(self)

    def sources(self, names: Sequence[str]) -> list[Source]:
        """The named sources, or all of rules.yaml where none is named."""
        return [self.open_source(self, name) for name in names or [source.name for source in self.config.sources]]
