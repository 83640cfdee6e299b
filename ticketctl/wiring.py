"""Builds the App of a desk: the only module that knows every adapter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ticketctl.errors import NextStep, NoDesk, TicketctlError, Usage
from ticketctl.usecases.session import App, Reckoned, Session, Via

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date
    from typing import BinaryIO

    from ticketctl.channels.email.oauth.oauth import Account
    from ticketctl.domain.config import Config
    from ticketctl.domain.rules import usage
    from ticketctl.domain.settings.settings import Away
    from ticketctl.domain.ticket.importing import Place
    from ticketctl.ports.assistant import Assistant
    from ticketctl.ports.backup import Backups
    from ticketctl.ports.channels import Removal, SentCopy, SentFolder, Sink, Source
    from ticketctl.ports.credentials import Credentials
    from ticketctl.ports.erasures import Erasures
    from ticketctl.ports.hooks import Hook
    from ticketctl.ports.host import Host
    from ticketctl.ports.medium import Medium
    from ticketctl.ports.store import Desk, Store
    from ticketctl.store.audit.log import AuditLog
    from ticketctl.store.warm import Warmth
    from ticketctl.usecases.results import Remark


PATIENCE = 8  # seconds that a page waits for a run that has the desk; the browser says "busy" then


def build_app(
    *,
    desk: str = "",
    user: str = "",
    reason: str = "",
    environ: Mapping[str, str] | None = None,
    warmth: Warmth | None = None,
) -> App:
    """The desk named by `desk` ("": found upwards from here). rules.yaml must know `user`, where one is named.
    `reason` is why this run is made. `environ` holds the passwords of its mailboxes. `warmth` is what a process that
    lasts keeps of the desk between its requests."""
    wires = _Wires(desk, user, reason, os.environ if environ is None else environ, warmth)
    return App(
        new_id=lambda: os.urandom(16).hex(),
        find_folder=partial(find_desk, desk),
        find_actor=_find_actor,
        find_absences=_find_absences,
        open_config=wires.config,
        open_store=wires.store,
        open_source=wires.source,
        open_sink=wires.sink,
        open_hook=wires.hook,
        open_account=wires.account,
        open_sent=wires.sent,
        open_copies=_open_copies,
        open_removal=wires.removal,
        open_erasures=_open_erasures,
        open_key=_open_key,
        open_audit=wires.audit,
        open_medium=_open_medium,
        open_host=_open_host,
        open_backups=_open_backups,
        open_export=_open_export,
        open_assistant=_open_assistant,
        find_form_key=wires.form_key,
        open_credentials=_open_credentials,
        read_config=_read_config,
        lint_config=_lint_config,
        reckoned=warmth.reckoned if warmth else Reckoned(),
    )


def build_session(
    *,
    desk: str = "",
    user: str = "",
    reason: str = "",
    via: Via = "cli",
    environ: Mapping[str, str] | None = None,
    remark: Callable[[Remark], None] = lambda _remark: None,
    warmth: Warmth | None = None,
) -> Session:
    """A session on that desk, of this instant. TICKETCTL_NOW (RFC 3339) stands in for the clock in the demonstration
    and in tests. Raises Usage where that is no instant, and where the reason names somebody."""
    if reason:
        from ticketctl.domain.privacy.reasons import must_be_impersonal

        must_be_impersonal(reason)
    return Session(
        build_app(desk=desk, user=user, reason=reason, environ=environ, warmth=warmth),
        user,
        now(),
        via,
        clock_given=bool(os.environ.get("TICKETCTL_NOW")),
        reason=reason,
        remark=remark,
    )


def now() -> datetime:
    fixed = os.environ.get("TICKETCTL_NOW")
    if not fixed:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(fixed).astimezone(UTC)
    except ValueError:
        raise Usage("TICKETCTL_NOW is not an RFC 3339 instant: {given!r}", code="bad_clock", given=fixed) from None


class _Wires(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What the command line and the environment say of how a desk is opened."""

    desk: str
    user: str
    reason: str
    environ: Mapping[str, str]
    warmth: Warmth | None = None

    def config(self, app: App) -> Config:
        """rules.yaml as it stands; raises BadRules, and Usage where --as names nobody in it, for whatever command."""
        from ticketctl.config import load

        raw = None if self.desk else _judged(app.folder)
        config = load(app.folder / "rules.yaml", cache=_data(app) / ".rules.cache", raw=raw)
        if not self.desk:
            from ticketctl.config import trust

            trust.judge_named(app.folder, config.paths())
        if self.user and self.user != "system" and config.team and not config.agent(self.user):
            from ticketctl.usecases.people import meant

            raise Usage(
                "no agent {name!r} in team: of rules.yaml{meant}",
                code="no_agent",
                name=self.user,
                meant=meant(self.user, [one.name for one in config.team]),
            )
        return config

    def store(self, app: App) -> Store:
        from ticketctl.ports.store import Cleaning
        from ticketctl.store.tiny.store import TinyStore

        kind: Callable[..., Store] = TinyStore
        if self.warmth is not None:
            from ticketctl.store.warm import WarmStore

            kind = partial(WarmStore, warmth=self.warmth, lock_seconds=PATIENCE)
        return kind(
            _data(app),
            allow_network_fs=bool(self.environ.get("TICKETCTL_ALLOW_NETWORK_FS")),
            audit=lambda: self.audit(app),
            committed=app.commits.append,
            cleaning=Cleaning(lambda: _newest_erasure(app), lambda: _clean_again(app)),
            leaving=lambda desk: _leaving(app, desk),
        )

    def audit(self, app: App) -> AuditLog:
        from ticketctl.store.audit.log import AuditLog
        from ticketctl.store.key import key_outside

        outside = key_outside(app.config.privacy.audit_key, app.folder)
        if outside is None:
            return AuditLog(_data(app), app.key, reason=self.reason)
        path, key = outside
        head = path.with_name(f"{path.name}.head")
        return AuditLog(_data(app), key, own=app.key, head=head, reason=self.reason)

    def source(self, app: App, name: str) -> Source:
        from ticketctl.channels.registry import open_source

        accounts = self._accounts(app)
        return open_source(app.config, name, folder=app.folder, environ=self.environ, accounts=accounts)

    def sink(self, app: App, medium: str) -> Sink:
        if medium == "notify":
            from ticketctl.channels.notify import NotifySink

            return NotifySink(app.config.notify, environ=self.environ, site=app.config.web.address)
        if medium == "chat":
            from ticketctl.channels.plain import Here

            return Here()
        if medium == "hook":
            from ticketctl.channels.webhooks import WebhookSink

            return WebhookSink(app.config.webhooks, environ=self.environ, clock=now)
        if medium != "email":
            from ticketctl.channels.registry import open_room_sink

            return open_room_sink(app.config, medium, folder=app.folder, environ=self.environ)
        from ticketctl.channels.registry import open_sink

        return open_sink(app.config, folder=app.folder, environ=self.environ, accounts=self._accounts(app))

    def hook(self, app: App, name: str) -> Hook:
        from ticketctl.channels.registry import open_hook

        return open_hook(app.config, name, environ=self.environ)

    def account(self, app: App, name: str, at: datetime) -> Account | None:
        found = app.config.logins().get(name)
        if found is None:
            return None
        from ticketctl.channels.email.oauth.oauth import Account
        from ticketctl.store.tokens import Tokens

        oauth, user = found
        return Account(name, oauth, user, tokens=Tokens(_data(app)), environ=self.environ, now=at)

    def form_key(self, app: App, name: str) -> str:
        from ticketctl.channels.secrets import run_command, variable_of
        from ticketctl.domain.config import FormSource

        command = next(
            (one.key_command for one in app.config.web_sources if isinstance(one, FormSource) and one.name == name), ""
        )
        if command:
            return run_command(name, "key_command", command, self.environ)
        return self.environ.get(variable_of(name), "")

    def sent(self, app: App) -> SentFolder:
        from ticketctl.channels.registry import open_sent

        return open_sent(app.config, folder=app.folder, environ=self.environ, accounts=self._accounts(app))

    def removal(self, app: App, name: str) -> Removal | None:
        from ticketctl.channels.registry import open_removal

        return open_removal(app.config, name, folder=app.folder, environ=self.environ, accounts=self._accounts(app))

    def _accounts(self, app: App) -> Callable[[str], Account | None]:
        return lambda name: self.account(app, name, now())


def warmth() -> Warmth:
    """For `build_session`, once a process that lasts."""
    from ticketctl.store.warm import Warmth

    return Warmth(Reckoned())


def find_desk(desk: str) -> Path:
    """--desk or TICKETCTL_DESK, else the first folder upwards from here that holds a rules.yaml; raises NoDesk."""
    if desk:
        folder = Path(desk).expanduser().absolute()
        if (folder / "rules.yaml").is_file():
            return folder.resolve()  # a desk has one name, by whatever way it is come to: cron lines are found by it
        raise NoDesk(
            "{folder} is not a desk (it has no rules.yaml)",
            code="not_a_desk",
            folder=folder,
            next_step=NextStep("init", more=desk, then="makes it one"),
        )
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if os.path.lexists(folder / "rules.yaml"):
            return _own(folder)
    raise NoDesk("no desk in {folder} or above it", code="no_desk_here", folder=here)


def _own(folder: Path) -> Path:
    """A desk that was only come across must be one's own; raises NoDesk."""
    from ticketctl.config import trust

    trust.read(folder)
    trust.judge(folder, folder / "data")
    trust.judge_snippets(folder)
    return folder


def _find_actor(app: App, user: str) -> str:
    team = app.config.team
    if user:  # known to be one of the team: _Wires.config
        return user
    import getpass

    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        login = ""
    for agent in team:
        if login and login in (agent.login, agent.name):
            return agent.name
    if len(team) == 1:
        return team[0].name
    if not team:
        return login or "agent"
    raise Usage(
        "login {login!r} belongs to no agent; add `login: {login}` in team: of rules.yaml",
        code="unknown_login",
        login=login,
    )


def _find_absences(app: App) -> Mapping[str, Away]:
    from ticketctl.usecases.absences import FACT, absences

    return absences(app.store.facts(FACT).items())


def _data(app: App) -> Path:
    return app.folder / "data"


def _judged(folder: Path) -> bytes:
    """rules.yaml of a desk that was come across, judged by the very file that is read; raises NoDesk."""
    from ticketctl.config import trust

    return trust.read(folder)


def _open_copies(app: App) -> Iterator[SentCopy]:
    from ticketctl.channels.registry import open_copies

    return open_copies(app.config, folder=app.folder, own=_data(app))


def _open_erasures(app: App) -> Erasures:
    from ticketctl.store.erasures import ErasureList

    return ErasureList(app.folder / "erased")


def _newest_erasure(app: App) -> str:
    """Of a desk on which nobody was ever erased it costs a look for a file."""
    return app.erasures.newest() if (app.folder / "erased" / "erasures.jsonl").exists() else ""


def _clean_again(app: App) -> None:
    from ticketctl.usecases.privacy.erase import clean_again

    clean_again(Session(app, "system", now(), "cron"))


def _has_webhooks(app: App) -> bool:
    try:
        return bool(app.config.webhooks)
    except TicketctlError:
        return False  # rules.yaml has mistakes, which the command says itself


def _leaving(app: App, desk: Desk) -> None:
    if desk.happened and _has_webhooks(app):
        from ticketctl.usecases.outgoing.webhooks import announce

        announce(app, desk)
    for each in app.at_commit:
        each(desk)


def _open_medium(name: str) -> Medium:
    from ticketctl.channels.email.medium import Mail
    from ticketctl.channels.plain import MEDIA, Plain

    return Plain(name, Mail()) if name in MEDIA else Mail()


def _read_config(path: Path, folder: Path) -> Config:
    from ticketctl.config.build import build

    return build(path.read_bytes(), path.name, folder)


def _lint_config(app: App) -> tuple[Config, Callable[[usage.Usage, date], list[str]]]:
    from ticketctl.config.lint import lint
    from ticketctl.config.load import load

    path = app.folder / "rules.yaml"
    config, raw = load(path), path.read_bytes()
    return config, lambda used, today: lint(config, raw, usage=used, today=today)


def _open_backups(folder: Path | None) -> Backups:
    from ticketctl.store.backup import DeskBackups

    return DeskBackups(folder)


def _open_export(system: str, paths: Sequence[Path], zone: str) -> Callable[[], Iterable[Place]]:
    from ticketctl.channels.exports.reading import read

    return read(system, paths, zone)


def _open_assistant(app: App) -> Assistant | None:
    if app.config.assistant is None:
        return None
    from ticketctl.channels.assistant import ChatCompletions

    return ChatCompletions(app.config.assistant)


def _open_credentials(app: App) -> Credentials:
    from ticketctl.store.credentials import WebCredentials
    from ticketctl.store.key import key_outside

    return WebCredentials(lambda: app.key, lambda: key_outside(app.config.privacy.audit_key, app.folder))


def _key_outside(app: App) -> tuple[Path | None, bytes]:
    """The key that rules.yaml names outside the desk."""
    from ticketctl.store.key import load_or_create_outside

    named = app.config.privacy.audit_key
    path = app.folder / Path(named).expanduser() if named else None
    return path, load_or_create_outside(path, app.folder) if path else b""


def _open_host() -> Host:
    return _Host()


class _Host:
    """This computer and the web."""

    def call(self, url: str) -> None:
        from ticketctl.channels.web import call

        call(url)

    def time_at(self, url: str) -> datetime | None:
        from ticketctl.channels.web import time_at

        return time_at(url)

    def size(self, path: Path) -> int:
        from ticketctl.store import fs

        found = fs.status(path)
        return found.st_size if found else 0

    def room(self, folder: Path) -> tuple[int, int]:
        from ticketctl.store import looking

        return looking.room(folder)

    def names(self, folder: Path) -> list[str]:
        from ticketctl.store import fs

        return fs.names(folder)

    def make_folder(self, folder: Path) -> None:
        from ticketctl.store import fs

        fs.make_folder(folder)

    def read(self, path: Path) -> bytes | None:
        from ticketctl.store import fs

        return fs.read(path)

    def write_new(self, path: Path, data: bytes) -> None:
        from ticketctl.store import fs

        fs.write_new(path, data)

    def open_new(self, path: Path) -> AbstractContextManager[BinaryIO]:
        from ticketctl.store import streams

        return streams.writing(path)

    def unlink(self, path: Path) -> bool:
        from ticketctl.store import fs

        return fs.unlink(path)

    def untrusted(self, folder: Path, names: Sequence[str]) -> list[str]:
        from ticketctl.config import trust

        return trust.faults(folder, names)

    def crontab(self) -> list[str]:
        from ticketctl.channels import crontab

        return crontab.read()

    def write_crontab(self, lines: Sequence[str]) -> None:
        from ticketctl.channels import crontab

        crontab.write(lines)


def _open_key(app: App) -> bytes:
    from ticketctl.store.key import load_or_create_key

    return load_or_create_key(_data(app))
