"""rules.yaml as typed values. Secrets are never in it: only the commands that print them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from ticketctl.domain.settings.oauth import OAuth
from ticketctl.domain.settings.settings import Agent, Assistant, EscalationStep, FieldSpec, Hours, Privacy, Target
from ticketctl.domain.ticket.ticket import Priority
from ticketctl.domain.ticket.webhook import HookEvent

if TYPE_CHECKING:
    from ticketctl.domain.rules.rules import Rule
    from ticketctl.domain.rules.tests import Rulebook, RuleTest

OUTGOING = "outgoing"  # what the outgoing server is called where sources have names


class Then(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happens on the server after the commit: nothing (leave), a flag, a move to a folder, deletion (delete)."""

    action: str = "leave"
    argument: str = ""

    @property
    def done(self) -> str:
        """What mails then are; "" where nothing happens."""
        return {"leave": "", "flag": "flagged", "move": "moved", "delete": "deleted"}[self.action]


class ImapSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="imap"):
    """`security`: "tls" (993), "starttls" (143), or "none", which is refused unless the host is loopback.
    The password comes from `password_command`, or TICKETCTL_PASSWORD_<NAME> in the environment; an access token from
    `token_command`, or by `oauth`."""

    name: str
    host: str
    user: str
    port: int = 0
    security: str = "tls"
    folders: tuple[str, ...] = ("INBOX",)
    password_command: str = ""
    token_command: str = ""
    oauth: OAuth | None = None
    ca_file: str = ""
    timeout: int = 30
    deadline: int = 600
    then: Then = Then()
    forms: tuple[str, ...] = ()


class MaildirSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="maildir"):
    name: str
    path: str
    then: Then = Then()
    forms: tuple[str, ...] = ()


class MboxSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="mbox"):
    name: str
    path: str
    forms: tuple[str, ...] = ()


class PipeSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="pipe"):
    """One message on standard input (`fetch -`)."""

    name: str = "-"
    forms: tuple[str, ...] = ()


class FormSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="form"):
    """A contact form of `serve`. `fields` are names of `fields:` that it asks for, of which those in `required` must be
    filled in. At most `files` files of together `megabytes`; `per_address` submissions an hour from one network
    address, `per_day` of all. `open` false: the form says that it is closed. `key_command` prints the key of a program
    that sends in what was filled in elsewhere; else the environment has it as a password."""

    name: str
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    files: int = 5
    megabytes: int = 10
    per_address: int = 20
    per_day: int = 500
    open: bool = True
    key_command: str = ""
    forms: tuple[str, ...] = ()


class ChatSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="chat"):
    """The chat of `serve`. `ask` is what a visitor must give first. `patience` is after how many minutes without an
    answer a visitor is told that it takes longer, `idle` after how many in which the visitor has the turn the chat is
    closed; one who comes back within `return_within` hours goes on where it was. `form` is the form that is offered
    outside of opening hours ("": none). `per_address` new chats an hour from one network address. `open` false: the
    chat is off."""

    name: str
    ask: tuple[Literal["name", "email"], ...] = ()
    patience: int = 3
    idle: int = 30
    return_within: int = 24
    form: str = ""
    files: int = 5
    megabytes: int = 10
    per_address: int = 30
    open: bool = True
    forms: tuple[str, ...] = ()


class MatrixSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="matrix"):
    """An account on a Matrix homeserver. The access token comes from `token_command`, or TICKETCTL_PASSWORD_<NAME> in
    the environment. Invitations are accepted of users of `servers` ("*": all; none: the account's own), into at most
    `rooms` rooms. After `quiet` hours of silence a person begins a new matter. Messages of the users in `team` are left
    alone. Of a file at most `megabytes` are fetched."""

    name: str
    server: str
    user: str
    token_command: str = ""
    servers: tuple[str, ...] = ()
    rooms: int = 500
    quiet: int = 24
    team: tuple[str, ...] = ()
    megabytes: int = 20
    ca_file: str = ""
    timeout: int = 30
    deadline: int = 300
    forms: tuple[str, ...] = ()


class TelegramSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="telegram"):
    """A Telegram bot, whose token comes from `token_command`, or TICKETCTL_PASSWORD_<NAME> in the environment. After
    `quiet` hours of silence a person begins a new matter. Of a file at most `megabytes` are fetched: Telegram gives
    bots 20."""

    name: str
    server: str = "https://api.telegram.org"
    token_command: str = ""
    quiet: int = 24
    megabytes: int = 20
    timeout: int = 30
    forms: tuple[str, ...] = ()


class MattermostSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="mattermost"):
    """A Mattermost server: its outgoing webhook calls `serve`, with the token that `hook_command` prints; answers are
    posted as `user`, a bot whose token comes from `token_command`. What it or other `bots` write is left alone."""

    name: str
    server: str
    user: str
    hook_command: str
    token_command: str = ""
    bots: tuple[str, ...] = ()
    quiet: int = 24
    timeout: int = 30
    forms: tuple[str, ...] = ()


class WebhookSource(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="webhook"):
    """Another system that calls `serve`, each call signed with the secret that `secret_command` prints; while it is
    changed, `old_secret_command` prints the one before. Answers are posted to `reply_to`, signed too."""

    name: str
    secret_command: str
    old_secret_command: str = ""
    reply_to: str = ""
    quiet: int = 24
    timeout: int = 30
    forms: tuple[str, ...] = ()


WebSource = FormSource | ChatSource  # messages come to it, by `serve`; `fetch` has nothing to do there
HookSource = MattermostSource | WebhookSource  # the same
SourceConfig = (
    ImapSource
    | MaildirSource
    | MboxSource
    | PipeSource
    | FormSource
    | ChatSource
    | MatrixSource
    | TelegramSource
    | MattermostSource
    | WebhookSource
)


def door_of(source: SourceConfig) -> str:
    """The channel of its messages, "" where they are mail."""
    kind = str(source.__struct_config__.tag)
    return "" if kind in ("imap", "maildir", "mbox", "pipe") else kind


class Web(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How `serve` is reached. `address` is where the world finds it, without a slash at the end ("": at `listen`).
    `proxies` are addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. `frames` are
    origins on whose pages the form and the chat may stand in a frame."""

    address: str = ""
    listen: str = "127.0.0.1:8080"
    proxies: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


class SmtpOut(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="smtp"):
    """`security`: "tls" (465), "starttls" (587), "none" (loopback only). Password as for IMAP, name "outgoing".
    `return_path` of automatic mail: "null", or "own" for servers that take no mail without a sender."""

    host: str
    user: str = ""
    port: int = 0
    security: str = "starttls"
    password_command: str = ""
    token_command: str = ""
    oauth: OAuth | None = None
    ca_file: str = ""
    timeout: int = 60
    deadline: int = 300
    return_path: str = "null"


class MaildirOut(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="maildir"):
    path: str


class SentCopy(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Copies of replies go into the folder of that source; "" for the one that the server calls \\Sent."""

    source: str
    folder: str = ""


class Outgoing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`sender` is the From of replies, as "Name <address>"; answers go to `reply_to` where that is given. `undo` is how
    many seconds a reply can be taken back. `html`: replies and automatic answers have an HTML part that says the same.
    `participants` get copies of replies: all, or who asked last if it was one of them, or none. `check` tells what the
    reply check does: "hints" tells a person, "strict" refuses, "off" nothing. `plus_address`: answers go to an
    address that names the ticket; `number_in_subject`: its number stands there. Both are for servers that give our mail
    another Message-ID."""

    sender: str
    sink: SmtpOut | MaildirOut
    undo: int = 10
    html: bool = False
    sent: SentCopy | None = None
    participants: Literal["asker", "all", "none"] = "asker"
    reply_to: str = ""
    plus_address: bool = False
    number_in_subject: bool = False
    check: str = "hints"


class Report(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`weekday` 0 = Monday, `minute` after midnight, local time. `per_person_times`: figures by owner tell also how
    fast and how well each works. `ascii`: the bars in the text of the weekly mail are ASCII."""

    to: tuple[str, ...] = ()
    weekday: int = 0
    minute: int = 420
    per_person_times: bool = False
    ascii: bool = False


PushEvent = Literal["escalation", "high", "chat", "source", "weekly"]


class NotifyTarget(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where short notices go, and of what. `url_command` prints the address of the service, which holds secrets."""

    name: str
    url_command: str
    events: tuple[PushEvent, ...] = ()


class Webhook(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A program elsewhere that is told of events of tickets, all where `events` is empty. `secret_command` prints the
    secret, or two while one takes the place of the other. `texts`: with what customers wrote. `allow` are networks
    (CIDR) that are not public and may be connected to."""

    name: str
    url: str
    events: tuple[HookEvent, ...] = ()
    secret_command: str = ""
    texts: bool = False
    allow: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, dict=True):
    """Everything rules.yaml says. `rulebook` is a Rulebook as MessagePack, read when `rules` or `tests` are asked for:
    `list` and `show` look at neither, and need not load what a rule is made of. `addresses` are more of our
    own, `lists` mailing lists (address or List-Id) that our mail comes through, `forms` addresses that write for others
    (those of `sources:` are among them); `authserv_id` is the name under which
    our own mail server tells whom it has authenticated (RFC 8601), "" where it is not known."""

    name: str = "Support"
    timezone: str = "Europe/Stockholm"
    language: str = "sv"
    country: str = "SE"
    team: tuple[Agent, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    outgoing: Outgoing | None = None
    hours: Hours = Hours()
    fields: dict[str, FieldSpec] = {}
    labels: tuple[str, ...] = ()
    labels_at_most: int = 12
    causes: tuple[str, ...] = ()
    targets: dict[Priority, Target] = {}
    escalation: tuple[EscalationStep, ...] = ()
    rulebook: msgspec.Raw = msgspec.Raw(b"\x80")
    privacy: Privacy = Privacy()
    report: Report = Report()
    archive_after_days: int = 30
    reopen_window_days: int = 14
    acknowledgement_cap: int = 100
    heartbeat: str = ""
    assistant: Assistant | None = None
    notify: tuple[NotifyTarget, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    web: Web = Web()
    addresses: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    authserv_id: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self._rulebook.rules

    @property
    def tests(self) -> tuple[RuleTest, ...]:
        return self._rulebook.tests

    @cached_property
    def _rulebook(self) -> Rulebook:
        from ticketctl.domain.rules.tests import Rulebook

        return msgspec.msgpack.decode(self.rulebook, type=Rulebook)

    @property
    def fetched(self) -> tuple[SourceConfig, ...]:
        """The sources that `fetch` reads."""
        return tuple(source for source in self.sources if not isinstance(source, WebSource | HookSource))

    @property
    def web_sources(self) -> tuple[WebSource, ...]:
        """The forms and chats of `serve`."""
        return tuple(source for source in self.sources if isinstance(source, WebSource))

    def agent(self, name: str) -> Agent | None:
        return next((agent for agent in self.team if agent.name == name), None)

    def paths(self) -> list[str]:
        """Every file and folder that is named, as it is written."""
        sinks = [self.outgoing.sink] if self.outgoing else []
        named = ((getattr(one, "path", ""), getattr(one, "ca_file", "")) for one in (*self.sources, *sinks))
        return [path for pair in named for path in pair if path]

    @property
    def hosts(self) -> list[str]:
        """The servers that messages are fetched from."""
        found = [getattr(one, "host", "") or urlsplit(getattr(one, "server", "")).hostname for one in self.sources]
        return [host for host in found if host]

    def logins(self) -> dict[str, tuple[OAuth, str]]:
        """What `ticketctl login` can log in: the sources by name, and "outgoing"; each with the user of the server."""
        found = {one.name: (one.oauth, one.user) for one in self.sources if isinstance(one, ImapSource) and one.oauth}
        smtp = self.outgoing.sink if self.outgoing else None
        if isinstance(smtp, SmtpOut) and smtp.oauth:
            found.setdefault(OUTGOING, (smtp.oauth, smtp.user))
        return found
