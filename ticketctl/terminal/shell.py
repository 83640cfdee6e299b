"""What a command of the shell is handed: the session, and how this terminal is spoken to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from ticketctl.usecases.session import Session


@dataclass(frozen=True)
class Shell:
    """`say` writes a line to stdout, `warn` to stderr. `desk` is what --desk or TICKETCTL_DESK said, `user` what --as
    said. `tty`: stdout is a terminal. `environ` is the process's environment. `open_session` is called once."""

    desk: str
    user: str
    json: bool
    verbose: bool
    tty: bool
    environ: Mapping[str, str]
    say: Callable[[str], None]
    warn: Callable[[str], None]
    open_session: Callable[[Shell], Session]

    @cached_property
    def session(self) -> Session:
        return self.open_session(self)

    @property
    def language(self) -> str:
        """In which commands speak: English, for now whoever asks."""
        return "en"

    def on(self, session: Session) -> Shell:
        """The same terminal with another session."""
        return replace(self, open_session=lambda _shell: session)

    def at(self, now: datetime) -> Shell:
        """The same at another instant."""
        return self.on(self.session.at(now))
