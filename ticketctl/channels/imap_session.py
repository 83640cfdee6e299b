"""A session with an IMAP account: one deadline for all of it, the login, folders, and every trouble told as one line.

Of imap-tools the connection, login and folder handling are used. No TLS connection is made without checking the
certificate, STARTTLS is required where it is configured, and a password never goes over a plain connection except to
this machine.
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
from ticketctl.channels.bearer import Bearer
from ticketctl.channels.deadline import Deadline
from ticketctl.channels.imap_answers import Answer, quoted
from ticketctl.channels.imap_client import connected
from ticketctl.channels.limited import within
from ticketctl.channels.oauth import Account
from ticketctl.channels.tls import speaks_plain
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed

PORTS = {"tls": 993, "starttls": 143, "none": 143}


class NoFolder(ChannelFailed):
    """Of one folder; the connection is good."""


class ImapSession:
    """`folder` is the desk's, from where a relative `ca_file` is meant; `account` has the tokens where the source says
    `oauth:`."""

    AGAIN = "the next fetch tries again"

    def __init__(
        self, config: ImapSource, *, environ: Mapping[str, str], folder: Path, account: Account | None = None
    ) -> None:
        self.name = config.name
        self.expected = 0
        self._account = account
        self._config = config
        self._environ = environ
        self._folder = folder
        self._ca_file = str(folder / config.ca_file) if config.ca_file else None
        self._port = config.port or PORTS[config.security]
        self._ends_at = self._reads_until = 0.0
        self._box: imap_tools.BaseMailBox | None = None
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
            box.client.logout()
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
            raise ChannelFailed(f"{self.name}: no time is left to connect to {self._config.host} again")
        secret = self._secret()
        try:
            self._enter(secret)
        except _Refused:
            if self._account is None:
                raise
            self.close()
            self._enter(self._account.access_token(refused=secret))

    def _enter(self, secret: str) -> None:
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

    def _opened(self, deadline: Deadline) -> imap_tools.BaseMailBox:
        config = self._config
        context = None
        if config.security != "none":
            if self._ca_file and not Path(self._ca_file).is_file():
                raise ChannelFailed(f"{self.name}: ca_file: there is no {self._ca_file}")
            context = ssl.create_default_context(cafile=self._ca_file)
        starttls, timeout = config.security == "starttls", float(config.timeout)
        return connected(
            config.host, self._port, timeout=timeout, deadline=deadline, context=context, starttls=starttls
        )

    def _login(self, box: imap_tools.BaseMailBox, secret: str) -> None:
        config = self._config
        bearer = Bearer(config.user, secret, config.host, self._port) if config.token_command or config.oauth else None
        try:
            if bearer:
                _bear(box.client, bearer)
            elif (config.user + secret).isascii():
                box.login(config.user, secret, initial_folder=None)
            else:
                box.login_utf8(config.user, secret, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, imap_tools.MailboxLoginError):
            raise _Refused(
                f"{self.name}: {config.host} refused the {'token' if bearer else 'password'} of {config.user}"
                f"{bearer.told if bearer else ''}; {self._next_step()}"
            ) from None  # the server's answer, and the exception, may repeat what we sent

    def _next_step(self) -> str:
        if self._account is not None:
            return f"`ticketctl login {self.name}`, as {self._account.user}, or see whether it may use IMAP there"
        kind = "token" if self._config.token_command else "password"
        return f"try it with `ticketctl doctor`, or see what {kind}_command prints"

    # --- folders and commands ---

    def _key(self, folder: str) -> str:
        port = "" if self._port == PORTS[self._config.security] else f":{self._port}"
        return f"{self._config.user}@{self._config.host}{port}/{folder}"

    def _select(self, folder: str) -> int:
        """Its UIDVALIDITY. Read-only unless something is to be done there afterwards."""
        if self._selected != folder:
            with self._trouble(f"open the folder {folder!r}"):
                status, _ = self._client().select(quoted(folder), self._config.then.action == "leave")
                if status != "OK":
                    raise NoFolder(
                        f"{self.name}: {self._config.host} has no folder {folder!r}, or refuses it; "
                        f"there are: {', '.join(self._folders())}"
                    )
                self._validity = self._noted("UIDVALIDITY")
                self._selected = folder
        return self._validity

    def _noted(self, what: str) -> int:
        """A number that the server told when the folder was opened; 1 where it did not."""
        found = self._client().untagged_responses.get(what) or [b""]
        value = found[-1]
        return int(value) if isinstance(value, bytes) and value.isdigit() else 1

    def _folders(self) -> list[str]:
        box = self._box
        return [folder.name for folder in box.folder.list()][:20] if box else []

    def _capabilities(self) -> set[str]:
        """As they are after login: servers tell more then."""
        with self._trouble("ask what it can do"):
            _, data = self._client().capability()
        return set(b" ".join(one for one in data if one).decode("ascii", "replace").upper().split())

    def _uid(self, what: str, command: str, *arguments: str) -> Answer:
        with self._trouble(what):
            status, data = self._client().uid(command, *arguments)
            if status != "OK":
                told = b" ".join(one for one in data if isinstance(one, bytes)).decode("utf-8", "replace")
                raise ChannelFailed(f"{self.name}: {self._config.host} did not {what}: {told[:200]}")
            return data

    def _client(self) -> imaplib.IMAP4:
        if self._box is None:
            raise ChannelFailed(f"{self.name}: the connection to {self._config.host} is gone; the next fetch goes on")
        return self._box.client

    # --- trouble ---

    @contextmanager
    def _trouble(self, what: str) -> Iterator[Deadline]:
        """Everything that can go wrong with a server, as one line; the connection is then given up. It is cut off when
        the time for the whole session is over, which also ends a server that sends a byte now and then."""
        where = f"{self.name}: {self._config.host}:{self._port}"
        with Deadline(max(1.0, self._ends_at - time.monotonic())) as deadline:
            try:
                if self._box is not None:
                    deadline.watch(self._box.client.sock)
                yield deadline
            except ssl.SSLCertVerificationError as error:
                self._drop()
                raise ChannelFailed(
                    f"{where}: its certificate is not to be trusted ({error.verify_message}); "
                    "check `host:`, or name your own authority with `ca_file:`"
                ) from None
            except (imaplib.IMAP4.error, imap_tools.ImapToolsError, OSError, MemoryError, ValueError) as error:
                self._drop()
                if deadline.passed or isinstance(error, TimeoutError):
                    raise ChannelFailed(
                        f"{where}: too slow to {what}; the next fetch goes on where this one ended"
                    ) from None
                told = speaks_plain(error) or " ".join(str(error).split())[:200] or type(error).__name__
                raise ChannelFailed(f"{where}: could not {what}: {told}; {self.AGAIN}") from None

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
