"""A session with an IMAP account: one deadline for all of it, the login, folders, and every failure as one line.

No TLS connection is made without checking the certificate, STARTTLS is required where it is configured, and a password
never goes over a plain connection except to this machine.
"""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import imap_tools
import imap_tools.idle

from ticketctl.channels import secrets
from ticketctl.channels.deadline import Deadline
from ticketctl.channels.email.imap.answers import Answer, folder_name, number
from ticketctl.channels.email.imap.client import Box, Client, connected
from ticketctl.channels.email.oauth.bearer import Bearer
from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.channels.redaction import Redactor
from ticketctl.channels.time_limit import within
from ticketctl.channels.tls import speaks_plain
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed, NextStep
from ticketctl.ports.channels import Undecided

_DECLINED = (
    imap_tools.MailboxAppendError,
    imap_tools.MailboxCopyError,
    imap_tools.MailboxDeleteError,
    imap_tools.MailboxExpungeError,
    imap_tools.MailboxFlagError,
    imap_tools.MailboxMoveError,
    imap_tools.MailboxUidsError,
)  # the server understood, and said no: the connection is good
PORTS = {"tls": 993, "starttls": 143, "none": 143}


class NoFolder(ChannelFailed):
    """Of one folder; the connection is good."""


class TooSlow(ChannelFailed):
    """The time was up, or nothing came for too long."""


class ImapSession:
    """`folder` is the desk's, from where a relative `ca_file` is meant; `account` has the tokens where the source says
    `oauth:`."""

    AGAIN = "the next fetch tries again"

    def __init__(
        self, config: ImapSource, *, environ: Mapping[str, str], folder: Path, account: Account | None = None
    ) -> None:
        self.name = config.name
        self.expected = 0
        self.undecided: list[Undecided] = []
        self._account = account
        self._config = config
        self._environ = environ
        self._folder = folder
        self._ca_file = str(folder / config.ca_file) if config.ca_file else None
        self._port = config.port or PORTS[config.security]
        self._ends_at = self._reads_until = 0.0
        self._redactor = Redactor()
        self._box: Box | None = None
        self._selected = ""
        self._validity = 1

    @property
    def settles(self) -> str:
        return self._config.then.done

    def close(self) -> None:
        box, self._box, self._selected = self._box, None, ""
        if box is None:
            return
        with suppress(imaplib.IMAP4.error, OSError, ValueError), Deadline(5.0) as deadline:
            deadline.watch(box.client.sock)
            box.client.allow(0)
            with suppress(imap_tools.ImapToolsError):
                box.logout()
        with suppress(imaplib.IMAP4.error, OSError):
            box.client.shutdown()

    # --- logging in ---

    def _begin(self) -> None:
        """The time for a whole session begins; a quarter of it is kept for what is to be done on the server."""
        deadline = self._config.deadline
        self._ends_at = time.monotonic() + deadline
        self._reads_until = self._ends_at - (deadline / 4 if self.settles else 0)
        self._connect()

    def _connect(self) -> None:
        """Also again, in the time that is left: where the connection broke, mails may still be flagged or moved. A
        token that is refused is renewed and tried once more: the server may have taken it back early."""
        if self._box is not None:
            return
        if time.monotonic() > self._ends_at:
            raise ChannelFailed(
                "{name}: no time is left to connect to {host} again",
                code="no_time_to_reconnect",
                name=self.name,
                host=self._config.host,
            )
        secret = self._secret()
        try:
            self._enter(secret)
        except _Refused:
            if self._account is None:
                raise
            self.close()
            self._enter(self._account.access_token(refused=secret))

    def _enter(self, secret: str) -> None:
        self._redactor.add(secret)
        with self._trouble("connect") as deadline:
            self._box = within(deadline.left(), lambda: self._opened(deadline))
        with self._trouble("log in"):
            self._login(self._box, secret)

    def _secret(self) -> str:
        """Asked for before connecting: a helper that waits for a person must not hold a connection open."""
        if self._account is not None:
            return self._account.access_token()
        if self._config.token_command:
            return secrets.token(self.name, self._config.token_command, self._environ)
        return secrets.password(self.name, self._config.password_command, self._environ)

    def _opened(self, deadline: Deadline) -> Box:
        config = self._config
        context = None
        if config.security != "none":
            if self._ca_file and not Path(self._ca_file).is_file():
                raise ChannelFailed(
                    "{name}: ca_file: there is no {path}", code="no_ca_file", name=self.name, path=self._ca_file
                )
            context = ssl.create_default_context(cafile=self._ca_file)
        starttls, timeout = config.security == "starttls", float(config.timeout)
        return connected(
            config.host,
            self._port,
            timeout=timeout,
            deadline=deadline,
            context=context,
            starttls=starttls,
            redactor=self._redactor,
        )

    def _login(self, box: Box, secret: str) -> None:
        config = self._config
        bearer = Bearer(config.user, secret, config.host, self._port) if config.token_command or config.oauth else None
        try:
            if bearer:
                _bear(box.client, bearer)
            elif (config.user + secret).isascii() and not self._needs_plain(box.client):
                box.login(config.user, secret, initial_folder=None)
            else:
                box.login_utf8(config.user, secret, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, imap_tools.MailboxLoginError):
            raise _Refused(
                "{name}: {host} refused the {secret} of {user}{said}; {advice}",
                code="mailbox_login_refused",
                next_step=self._step(),
                name=self.name,
                host=config.host,
                secret="token" if bearer else "password",
                user=config.user,
                said=bearer.told if bearer else "",
                advice=self._advice(),
            ) from None  # the server's answer, and the exception, may repeat what we sent

    def _needs_plain(self, client: Client) -> bool:
        """Whether it forbids LOGIN (RFC 3501, 7.2.1); raises ChannelFailed where it offers nothing in its place. What
        it forbids is not tried, since the password would be on the line."""
        if "LOGINDISABLED" not in client.capabilities:
            return False
        if "AUTH=PLAIN" in client.capabilities:
            return True
        raise ChannelFailed(
            "{name}: {host} takes no password over this connection (LOGINDISABLED); "
            "use `security: tls` or `starttls`, or `oauth:` in rules.yaml",
            code="login_disabled",
            name=self.name,
            host=self._config.host,
        )

    def _step(self) -> NextStep:
        return NextStep("doctor", then="tries it") if self._account is None else NextStep("login", more=self.name)

    def _advice(self) -> str:
        if self._account is not None:
            return f"log in again as {self._account.user}, or see whether it may use IMAP there"
        kind = "token" if self._config.token_command else "password"
        return f"see what {kind}_command prints"

    # --- folders and commands ---

    def _key(self, folder: str) -> str:
        port = "" if self._port == PORTS[self._config.security] else f":{self._port}"
        return f"{self._config.user}@{self._config.host}{port}/{folder}"

    def _select(self, folder: str) -> int:
        """Its UIDVALIDITY. Read-only unless something is to be done there afterwards."""
        if self._selected != folder:
            with self._trouble(f"open the folder {folder!r}"):
                try:
                    self._mailbox().folder.set(folder_name(folder), self._config.then.action == "leave")
                except imap_tools.MailboxFolderSelectError:
                    raise NoFolder(
                        "{name}: {host} has no folder {folder!r}, or refuses it{there}",
                        code="no_folder",
                        name=self.name,
                        host=self._config.host,
                        folder=folder,
                        there=self._there(),
                    ) from None
                self._validity = self._noted("UIDVALIDITY")
                self._selected = folder
        return self._validity

    def _noted(self, what: str) -> int:
        """A number that the server gave when the folder was opened; 1 if it did not."""
        found = self._client().untagged_responses.get(what) or [b""]
        value = found[-1]
        noted = number(value) if isinstance(value, bytes) else None
        return 1 if noted is None else noted

    def _folders(self) -> list[str]:
        """Their names, as they can be shown; raises ChannelFailed."""
        return [name for name, _ in self._listed_folders()]

    def _there(self) -> str:
        """ "; there are: …", where the server can say."""
        with suppress(ChannelFailed):
            return f"; there are: {', '.join(self._folders()[:20])}"
        return ""

    def _listed_folders(self) -> list[tuple[str, str]]:
        """(name, flags in lower case) of each."""
        with self._trouble("list its folders"):
            listed = self._mailbox().folder.list()
            return [(self._redactor.told(one.name), " ".join(one.flags).lower()) for one in listed]

    def _capabilities(self) -> frozenset[str]:
        """As they are after login: servers list more then."""
        with self._trouble("ask what it can do"):
            return self._mailbox().ask_capabilities()

    def _uid(self, what: str, command: str, *arguments: str, size: int = 0, seconds: float = 0) -> Answer:
        """`size` bytes are expected, and in `seconds`, if that is less than what is left of the session."""
        with self._trouble(what, seconds):
            self._client().allow(size)
            status, data = self._client().uid(command, *arguments)
            if status != "OK":
                raise self._declined(what, data)
            return data

    def _declined(self, what: str, answer: Answer) -> ChannelFailed:
        told = self._redactor.told(b" ".join(one for one in answer if isinstance(one, bytes)))
        return ChannelFailed(
            "{name}: {host} did not {what}: {told}",
            code="imap_command_failed",
            name=self.name,
            host=self._config.host,
            what=what,
            told=told,
        )

    def _mailbox(self, size: int = 0) -> Box:
        """For one call of imap-tools', to which answers of `size` bytes are expected."""
        client = self._client()
        client.allow(size)
        assert self._box is not None
        return self._box

    def _client(self) -> Client:
        if self._box is None:
            raise ChannelFailed(
                "{name}: the connection to {host} is gone; the next fetch goes on",
                code="connection_lost",
                name=self.name,
                host=self._config.host,
            )
        return self._box.client

    # --- trouble ---

    @contextmanager
    def _trouble(self, what: str, seconds: float = 0) -> Iterator[Deadline]:
        """Everything that can go wrong with a server, as one line; the connection is then given up. It is cut off when
        the time for the whole session is over (or after `seconds`), which also ends a server that sends a byte now and
        then."""
        where = f"{self.name}: {self._config.host}:{self._port}"
        left = self._ends_at - time.monotonic()
        with Deadline(max(1.0, min(seconds, left) if seconds else left)) as deadline:
            try:
                if self._box is not None:
                    deadline.watch(self._box.client.sock)
                yield deadline
            except ssl.SSLCertVerificationError as error:
                self._drop()
                raise ChannelFailed(
                    "{where}: its certificate is not to be trusted ({reason}); "
                    "check `host:`, or name your own authority with `ca_file:`",
                    code="imap_certificate",
                    where=where,
                    reason=error.verify_message,
                ) from None
            except _DECLINED as error:
                raise self._declined(what, error.command_result[1]) from None
            except (imaplib.IMAP4.error, imap_tools.ImapToolsError, OSError, MemoryError, ValueError) as error:
                self._drop()
                if deadline.passed or isinstance(error, TimeoutError):
                    raise TooSlow(
                        "{where}: too slow to {what}; the next fetch goes on where this one ended",
                        code="imap_too_slow",
                        where=where,
                        what=what,
                    ) from None
                told = speaks_plain(error) or self._redactor.told(error) or type(error).__name__
                raise ChannelFailed(
                    "{where}: could not {what}: {told}; {again}",
                    code="imap_failed",
                    where=where,
                    what=what,
                    told=told,
                    again=self.AGAIN,
                ) from None

    def _drop(self) -> None:
        box, self._box, self._selected = self._box, None, ""
        if box is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                box.client.shutdown()


def _bear(client: imaplib.IMAP4, bearer: Bearer) -> None:
    """With OAUTHBEARER (RFC 7628) where it is offered, else with XOAUTH2, which all that take tokens know."""
    mechanism = bearer.mechanism(one.removeprefix("AUTH=") for one in client.capabilities)
    client.authenticate(mechanism, lambda challenge: bearer.answer(mechanism, bytes(challenge)))


class _Refused(ChannelFailed):
    """The server does not take the password or token."""
