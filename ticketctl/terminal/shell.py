"""What a command of the shell is handed: the session, and how this terminal is spoken to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

import msgspec
from msgspec.structs import replace

from ticketctl.errors import TicketctlError
from ticketctl.terminal import LANGUAGES
from ticketctl.usecases.session import Session

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts: POSIX.1-2017, Base Definitions, 8.2


class Shell(msgspec.Struct, frozen=True, eq=False, dict=True):
    """`say` writes a line to stdout, `warn` to stderr. `desk`, `user` and `wanted_language` are what --desk, --as and
    --language, or their variables, said; `reason` is what --reason says. `tty`: stdout is a terminal. `environ` is the
    process's environment. `open_session` is called once."""

    desk: str
    user: str
    json: bool
    verbose: bool
    tty: bool
    environ: Mapping[str, str]
    say: Callable[[str], None]
    warn: Callable[[str], None]
    open_session: Callable[[Shell], Session]
    wanted_language: str = ""
    reason: str = ""

    @cached_property
    def session(self) -> Session:
        return self.open_session(self)

    @cached_property
    def language(self) -> str:
        """In which commands speak, "sv" or "en": what --language says, else the locale, else `desk: language:`."""
        return self.wanted_language or language_of_locale(self.environ) or self._desk_language()

    def _desk_language(self) -> str:
        try:
            language = self.session.config.language
        except TicketctlError:  # which is about to be said, or does not matter for what is said
            return "en"
        return language if language in LANGUAGES else "en"

    def on(self, session: Session) -> Shell:
        """The same terminal with another session."""
        return replace(self, open_session=lambda _shell: session)

    def at(self, now: datetime) -> Shell:
        """The same at another instant."""
        return self.on(self.session.at(now))


def language_of_locale(environ: Mapping[str, str]) -> str:
    """The language of the locale if commands speak it: "sv" or "en"; "" where none is set, as under cron, or where it
    is another. C and POSIX are English."""
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    language = locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return "en" if language in ("c", "posix") else language if language in LANGUAGES else ""
