"""What a use case is handed: App, the desk and everything made from it, and Session, one run of somebody's on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import TicketctlError

if TYPE_CHECKING:
    from datetime import date

    from ticketctl.domain.config import Config
    from ticketctl.domain.rules.usage import Usage
    from ticketctl.domain.settings.settings import Away
    from ticketctl.domain.ticket.importing import Place
    from ticketctl.ports.assistant import Assistant
    from ticketctl.ports.audit import Audit
    from ticketctl.ports.backup import Backups
    from ticketctl.ports.channels import Account, Removal, SentCopy, SentFolder, Sink, Source
    from ticketctl.ports.credentials import Credentials
    from ticketctl.ports.erasures import Erasures
    from ticketctl.ports.hooks import Hook
    from ticketctl.ports.host import Host
    from ticketctl.ports.medium import Medium
    from ticketctl.ports.store import Desk, Store
    from ticketctl.usecases.results import Remark

Via = Literal["cli", "web", "api", "cron", "form", "link", "chat"]  # "link": a customer on the page of a ticket


Dates = tuple["datetime | None", "datetime | None"]


class Reckoned:
    """When tickets are due, by number and revision: a process that lasts need not reckon it at each request."""

    MOST = 20_000

    def __init__(self) -> None:
        self._rules: object = None
        self._known: dict[tuple[int, int], Dates] = {}

    def by_revision(self, config: Config) -> dict[tuple[int, int], Dates]:
        """What is known under those targets and opening hours; empty at first, and to be filled."""
        rules = (config.targets, config.hours)
        if self._rules != rules or len(self._known) > self.MOST:
            self._rules, self._known = rules, {}
        return self._known


class App(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A desk, once a process. `new_id` gives 128 random bits as hex. The `find_…` and `open_…` are called once, when
    what they make is first needed, so that each run imports no more than it uses. `open_source` takes a name of
    rules.yaml, `maildir:PATH`, `mbox:PATH` or `-`; `open_account` gives the login of a source of rules.yaml, or of
    "outgoing", and None where that has no `oauth:`; `open_removal` is None where it is no server. `read_config` reads
    another rules.yaml, about the snippets of a folder, and raises BadRules; `lint_config` reads the desk's own
    afresh, and also gives what finds in it what is probably not meant: lines `rules.yaml:LINE:COLUMN: …`, by what the
    desk uses and the day. `find_form_key` gives the key of a form by its name, "" where it has none, and raises
    ChannelFailed. `commits` are the generations of the desk file that this process has stored. Each of `at_commit` is
    called with the desk before a change is stored, in the same transaction. `reckoned` may be shared with other Apps of
    the process. wiring.py builds it."""

    new_id: Callable[[], str]
    find_folder: Callable[[], Path]
    find_actor: Callable[[App, str], str]
    find_absences: Callable[[App], Mapping[str, Away]]
    open_config: Callable[[App], Config]
    open_store: Callable[[App], Store]
    open_source: Callable[[App, str], Source]
    open_sink: Callable[[App, str], Sink]
    open_hook: Callable[[App, str], Hook]
    open_account: Callable[[App, str, datetime], Account | None]
    open_sent: Callable[[App], SentFolder]
    open_copies: Callable[[App], Iterator[SentCopy]]
    open_removal: Callable[[App, str], Removal | None]
    open_erasures: Callable[[App], Erasures]
    open_key: Callable[[App], bytes]
    open_audit: Callable[[App], Audit]
    open_medium: Callable[[str], Medium]
    open_host: Callable[[], Host]
    open_backups: Callable[[Path | None], Backups]
    open_export: Callable[[str, Sequence[Path], str], Callable[[], Iterable[Place]]]
    open_assistant: Callable[[App], Assistant | None]
    find_form_key: Callable[[App, str], str]
    open_credentials: Callable[[App], Credentials]
    read_config: Callable[[Path, Path], Config]
    lint_config: Callable[[App], tuple[Config, Callable[[Usage, date], list[str]]]]
    commits: list[int] = []
    at_commit: list[Callable[[Desk], None]] = []
    reckoned: Reckoned = msgspec.field(default_factory=Reckoned)

    @cached_property
    def folder(self) -> Path:
        """The desk's folder; raises NoDesk."""
        return self.find_folder()

    @property
    def texts_folder(self) -> Path:
        """Where texts lie that somebody is writing, or that could not be stored: files of this machine, whatever the
        store is."""
        return self.folder / "data" / "drafts"

    @cached_property
    def absences(self) -> Mapping[str, Away]:
        """Who of the team was said to be away, by `away`; what rules.yaml says stands in the config."""
        return self.find_absences(self)

    @cached_property
    def config(self) -> Config:
        return self.open_config(self)

    @cached_property
    def store(self) -> Store:
        return self.open_store(self)

    @cached_property
    def sinks(self) -> dict[str, Sink]:
        """Those that are open, by the name of their medium."""
        return {}

    def sink(self, medium: str) -> Sink:
        """What sends messages of that medium; raises Usage where nothing does."""
        if medium not in self.sinks:
            self.sinks[medium] = self.open_sink(self, medium)
        return self.sinks[medium]

    @cached_property
    def audit(self) -> Audit:
        return self.open_audit(self)

    @cached_property
    def erasures(self) -> Erasures:
        """Who was erased, kept beside the store."""
        return self.open_erasures(self)

    @cached_property
    def media(self) -> dict[str, Medium]:
        """Those that were needed, by name."""
        return {}

    def medium(self, name: str = "email") -> Medium:
        """What reads and writes the messages of that medium; of a door that has none of its own (a call) it is mail."""
        if name not in self.media:
            self.media[name] = self.open_medium(name)
        return self.media[name]

    @cached_property
    def host(self) -> Host:
        return self.open_host()

    @cached_property
    def assistant(self) -> Assistant | None:
        """The language model of rules.yaml, None where it names none."""
        return self.open_assistant(self)

    @cached_property
    def credentials(self) -> Credentials:
        return self.open_credentials(self)

    @cached_property
    def key(self) -> bytes:
        """The desk's secret, 32 bytes, with which its Message-IDs are signed."""
        return self.open_key(self)


class Session(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One run, request or cron job: `user` is who the front end says acts ("": whoever is logged in), `now` its one
    instant (aware UTC), `via` the front end that called. `clock_given`: `now` was said by whoever started the run, and
    not read from the clock. `reason` is why, in the person's own words, for the audit log. `remark` takes what is worth
    knowing while a use case is at work, or beside its result."""

    app: App
    user: str
    now: datetime
    via: Via
    clock_given: bool = False
    reason: str = ""
    remark: Callable[[Remark], None] = lambda _remark: None

    @cached_property
    def actor(self) -> str:
        """The agent who acts, or "system"; raises Usage where that is not clear."""
        return self.app.find_actor(self.app, self.user)

    def act(self, why: str) -> Act:
        """The actor, now, with the use case as the reason."""
        return Act(self.actor, self.now, why)

    def must(self, use_case: str, *, keep: bool = True) -> None:
        """Raises NotAllowed where the actor has not the role for it; a dry run (`keep=False`) is for everybody."""
        from ticketctl.usecases.permissions import must

        must(self, use_case, keep=keep)

    def at(self, now: datetime) -> Session:
        """The same session at another instant."""
        return replace(self, now=now)

    def reopened(self, now: datetime) -> Session:
        """Another run later, with rules.yaml read anew."""
        return replace(self, app=replace(self.app), now=now)

    # What a use case needs most, said shortly.

    @property
    def folder(self) -> Path:
        return self.app.folder

    @property
    def absences(self) -> Mapping[str, Away]:
        return self.app.absences

    @property
    def config(self) -> Config:
        return self.app.config

    @cached_property
    def store(self) -> Store:
        """What is only read in it is masked as `privacy: mask_shown` says; `app.store` has it whole."""
        kinds = self.masked_where_shown
        if not kinds:
            return self.app.store
        from ticketctl.usecases.shown import showing  # here: few desks have it, and start-up must not pay for it

        return showing(self.app.store, kinds)

    @property
    def masked_where_shown(self) -> tuple[str, ...]:
        """The kinds of `privacy: mask_shown`; none while rules.yaml cannot be read."""
        try:
            return self.config.privacy.mask_shown
        except TicketctlError:
            return ()

    @property
    def sink(self) -> Sink:
        """What sends mail."""
        return self.app.sink(self.medium.name)

    @property
    def audit(self) -> Audit:
        return self.app.audit

    @property
    def key(self) -> bytes:
        return self.app.key

    @property
    def medium(self) -> Medium:
        """Mail, in which the desk writes to its team and reads files of any kind."""
        return self.app.medium()

    def medium_of(self, name: str) -> Medium:
        return self.app.medium(name)

    @property
    def host(self) -> Host:
        return self.app.host

    @property
    def assistant(self) -> Assistant | None:
        return self.app.assistant

    @property
    def new_id(self) -> Callable[[], str]:
        return self.app.new_id

    def source(self, name: str) -> Source:
        return self.app.open_source(self.app, name)

    def sources(self, names: Sequence[str]) -> list[Source]:
        """The named sources, or all of rules.yaml that are fetched where none is named."""
        return [self.source(name) for name in names or [source.name for source in self.config.fetched]]

    def account(self, name: str) -> Account | None:
        return self.app.open_account(self.app, name, self.now)

    def sent_copies(self) -> Iterator[SentCopy]:
        return self.app.open_copies(self.app)

    def sent_folder(self) -> SentFolder:
        return self.app.open_sent(self.app)
