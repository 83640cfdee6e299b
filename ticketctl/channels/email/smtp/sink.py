"""Outgoing mail over SMTP: TLS always verified, one deadline for all of it, no doubt about what was taken.

The standard library's client gives the commands; the conversation is led here, because what a broken connection means
hangs on when it broke: before our final dot the server cannot have taken the mail; after it, and before its answer, it
may have (RFC 1047), which is `uncertain`. `send` returns at the final 250; QUIT waits for `close`, so that the caller
records the success first. One connection serves a run; what failed to connect once fails at once the next time.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ticketctl.channels.deadline import Deadline
from ticketctl.channels.email.compose.header_encoding import Unsafe, wire_address
from ticketctl.channels.email.oauth.bearer import Bearer
from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.channels.email.smtp.client import Client, authenticate, bear
from ticketctl.channels.redaction import Redactor
from ticketctl.channels.secrets import password, token
from ticketctl.channels.tls import speaks_plain
from ticketctl.domain.config import OUTGOING, SmtpOut
from ticketctl.domain.settings.hosts import is_loopback
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Receipt, SendFailed

QUIT = 5.0  # seconds at most for saying goodbye
LOGIN_WANTED = frozenset({530, 534, 535, 538})

Reply = tuple[int, bytes]


class SmtpSink:
    """A Sink (see base.py) for `outgoing: {smtp: …}` of rules.yaml; `folder` is the desk's, where `ca_file` may lie;
    `account` has the tokens where it says `oauth:`.

    Automatic mail has the null return path (RFC 3834). Some servers take none from those who submit mail: where one
    refuses it, or rules.yaml says `return_path: own`, `own` (our address) stands in its place; the mail's own headers
    still say that it is automatic.
    """

    def __init__(
        self,
        config: SmtpOut,
        *,
        folder: Path,
        environ: Mapping[str, str],
        own: str = "",
        account: Account | None = None,
    ) -> None:
        self.name = f"smtp {config.host}"
        self._own = own
        self._without_null = config.return_path == "own"
        self._config = config
        self._folder = folder
        self._environ = environ
        self._account = account
        self._redactor = Redactor()
        self._client: Client | None = None
        self._unreachable: SendFailed | None = None
        self._handed_over = False  # whether our final dot is out

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        try:
            envelope = {wire_address(one): one for one in recipients}
            sender = sender or (self._own if self._without_null else "")
            origin = wire_address(sender) if sender else ""
        except Unsafe as error:
            raise SendFailed("{reason}", code="because", permanent=True, reason=error) from error
        self._handed_over = False
        try:
            with Deadline(self._config.deadline) as deadline:
                client = self._ready(deadline)
                refused = self._envelope(client, origin, envelope, raw)
                return Receipt(detail=self._data(client, deadline, raw), refused=refused)
        except (KeyboardInterrupt, SystemExit) as stop:
            self._drop()
            raise SendFailed(
                "{name}: stopped", code="smtp_stopped", name=self.name, uncertain=self._handed_over
            ) from stop

    def check(self) -> str:
        with Deadline(self._config.deadline) as deadline:
            client = self._ready(deadline)
            self._must(client.noop, "NOOP")
        login = f"logged in as {self._config.user}" if self._config.user else "without login"
        return f"{self.name}: reached ({self._config.security}), {login}"

    def close(self) -> None:
        self._unreachable = None
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError), Deadline(min(QUIT, self._config.deadline)) as deadline:
                deadline.watch(client.connection)
                client.wait_at_most(min(QUIT, self._config.timeout))  # all is recorded: QUIT is a courtesy
                client.quit()
            client.close()

    # --- connecting ---

    def _ready(self, deadline: Deadline) -> Client:
        """A connection that is logged in and in no transaction."""
        if self._unreachable is not None:
            raise self._unreachable
        if self._client is not None:
            with suppress(OSError):
                deadline.watch(self._client.connection)
                if _is_done(self._client.rset()[0]):
                    return self._client
            self._drop()  # idle for too long: the server has gone
        try:
            self._client = self._connected(deadline)
        except SendFailed as error:
            self._unreachable = error
            raise
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self, deadline: Deadline) -> Client:
        """A token that is refused is renewed and tried once more: the server may have taken it back early."""
        config = self._config
        if config.security == "none" and not is_loopback(config.host):
            raise SendFailed(
                "{name}: `security: none` is only for this machine itself; use tls or starttls",
                code="smtp_insecure",
                name=self.name,
            )
        secret = self._secret()
        try:
            return self._entered(secret, deadline)
        except _Refused:
            if self._account is None:
                raise
            return self._entered(self._secret(refused=secret), deadline)

    def _entered(self, secret: str, deadline: Deadline) -> Client:
        self._redactor.add(secret)
        config, context = self._config, self._context()
        implicit = context if config.security == "tls" else None
        with self._telling("connecting", deadline):
            client = Client(config, implicit, deadline, self._redactor)
        try:
            with self._telling("greeting", deadline):
                if config.security == "starttls":
                    client.starttls(context=context)
                client.ehlo_or_helo_if_needed()
            if config.user:
                self._login(client, secret, deadline)
        except BaseException:
            client.close()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        """Verifies chain and host name; `ca_file` stands in for the system's authorities."""
        file = self._folder / Path(self._config.ca_file).expanduser() if self._config.ca_file else None
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as error:
            raise SendFailed(
                "{name}: ca_file {path} cannot be read: {reason}",
                code="ca_file_unreadable",
                name=self.name,
                path=file,
                reason=error.strerror or error,
            ) from error

    def _secret(self, refused: str = "") -> str:
        config = self._config
        try:
            if self._account is not None:
                return self._account.access_token(refused)
            if config.token_command:
                return token(OUTGOING, config.token_command, self._environ)
            return password(OUTGOING, config.password_command, self._environ) if config.user else ""
        except ChannelFailed as error:
            raise SendFailed.because(error) from error

    def _login(self, client: Client, secret: str, deadline: Deadline) -> None:
        """`from None` throughout: what the library raises may hold the secret."""
        user = self._config.user
        offered = client.esmtp_features.get("auth", "").upper().split()
        try:
            with self._telling("login", deadline):
                if self._config.token_command or self._config.oauth:
                    bear(client, Bearer(user, secret, self._config.host, client.port), offered)
                elif "PLAIN" in offered:
                    authenticate(client, "PLAIN", f"\0{user}\0{secret}".encode())
                else:
                    client.login(user, secret)
        except UnicodeError:
            raise SendFailed(
                "{name}: the password is not ASCII, and the server offers no PLAIN login",
                code="password_not_ascii",
                name=self.name,
            ) from None
        except SendFailed as error:
            raise type(error).because(error) from None

    def _advice(self) -> str:
        if self._account is not None:
            return f"log in again as {self._account.user}, or see whether it may use SMTP there"
        return f"check user and {'token' if self._config.token_command else 'password'}_command"

    # --- one mail ---

    def _envelope(self, client: Client, origin: str, envelope: Mapping[str, str], raw: bytes) -> dict[str, str]:
        """MAIL and RCPT; the recipients that were refused (as they were given), with the server's words."""
        self._begin(client, origin, [*envelope], raw)
        refused = {}
        for address, given in envelope.items():
            code, words = self._said(partial(client.rcpt, address))
            if code == 421:
                raise self._refusal((code, words), given)
            if not _is_done(code):
                refused[given] = self._told((code, words))
        if len(refused) == len(envelope):
            told = "; ".join(f"{address}: {words}" for address, words in refused.items())
            permanent = all(words.startswith("5") for words in refused.values())
            raise SendFailed("{refusals}", code="recipients_refused", permanent=permanent, refusals=told)
        return refused

    def _begin(self, client: Client, origin: str, recipients: list[str], raw: bytes) -> None:
        """MAIL, with our own address where the server wants no null return path; it is asked for one once a run."""

        def ask(sender: str) -> Reply:
            options = self._options(client, [sender, *recipients], raw)
            return self._said(lambda: client.mail(sender, options))

        reply = ask(origin)
        if not origin and self._own and 500 <= reply[0] < 600 and reply[0] not in LOGIN_WANTED:
            self._without_null = True
            reply = ask(wire_address(self._own))
        if not _is_done(reply[0]):
            raise self._refusal(reply, "the sender")

    def _options(self, client: Client, addresses: Sequence[str], raw: bytes) -> list[str]:
        options = [f"SIZE={len(raw)}"] if client.has_extn("size") else []
        if all(address.isascii() for address in addresses) and raw.isascii():
            return options
        if not client.has_extn("smtputf8"):
            raise SendFailed(
                "{name}: it takes no addresses that are not ASCII (no SMTPUTF8)",
                code="no_smtputf8",
                name=self.name,
                permanent=True,
            )
        return [*options, "BODY=8BITMIME", "SMTPUTF8"]

    def _data(self, client: Client, deadline: Deadline, raw: bytes) -> str:
        """DATA to the final answer; the server's words. Raises SendFailed, uncertain from our final dot on."""
        self._must(lambda: client.docmd("DATA"), "DATA", 354)
        body = re.sub(rb"(?m)^\.", b"..", raw)
        client.wait_at_most(deadline.left())  # for all of it: large mails, slow lines, and servers that scan first
        with self._telling("sending", deadline):
            client.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        self._handed_over = True
        try:
            client.send(b".\r\n")
            code, words = client.getreply()
        except OSError as error:
            self._drop()
            raise SendFailed(
                "{name}: no answer after all was sent ({told})",
                code="smtp_no_answer",
                name=self.name,
                told=self._redactor.told(error),
                uncertain=True,
            ) from error
        client.wait_at_most(self._config.timeout)
        if _is_done(code):
            return self._told((code, words))
        if not 400 <= code < 600:
            self._drop()
            raise SendFailed(
                "{name}: no sense in the answer after all was sent",
                code="smtp_answer_senseless",
                name=self.name,
                uncertain=True,
            )
        raise self._refusal((code, words), "the mail")

    # --- what it says ---

    def _said(self, command: Callable[[], Reply]) -> Reply:
        with self._telling("the conversation", None):
            return command()

    def _must(self, command: Callable[[], Reply], what: str, wanted: int = 0) -> None:
        """Raises where the answer is not `wanted`, or else no success."""
        code, words = self._said(command)
        if not (code == wanted if wanted else _is_done(code)):
            raise self._refusal((code, words), what)

    def _refusal(self, reply: Reply, what: str) -> SendFailed:
        """A server that wants a login refuses us and not the mail: that is mended in rules.yaml, and the mail waits."""
        if reply[0] == 421 or not 400 <= reply[0] < 600:
            self._drop()
        permanent = 500 <= reply[0] < 600 and reply[0] not in LOGIN_WANTED
        return SendFailed(
            "{name}: {what} refused: {told}",
            code="smtp_refused",
            name=self.name,
            what=what,
            told=self._told(reply),
            permanent=permanent,
        )

    def _told(self, reply: Reply) -> str:
        """ "550 5.1.1 no such user": one line, without controls, and without our secret."""
        return f"{reply[0]} {self._redactor.told(reply[1])}".strip()

    @contextmanager
    def _telling(self, what: str, deadline: Deadline | None) -> Iterator[None]:
        """What the library raises in other words, as a failure that passes; the connection is given up."""
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            words = self._told((error.smtp_code, _bytes(error.smtp_error)))
            raise _Refused(
                "{name}: login refused: {words}; {advice}",
                code="smtp_login_refused",
                name=self.name,
                words=words,
                advice=self._advice(),
            ) from error
        except smtplib.SMTPResponseException as error:
            words = self._told((error.smtp_code, _bytes(error.smtp_error)))
            raise SendFailed(
                "{name}: {what} refused: {told}", code="smtp_refused", name=self.name, what=what, told=words
            ) from error
        except ssl.SSLCertVerificationError as error:
            self._drop()
            hint = "; `ca_file:` names an authority of your own" if "self-signed" in str(error) else ""
            raise SendFailed(
                "{name}: its certificate is not trusted: {reason}{hint}",
                code="smtp_certificate",
                name=self.name,
                reason=error.verify_message,
                hint=hint,
            ) from error
        except OSError as error:
            self._drop()
            late = f"nothing came of it within {self._config.deadline} s" if deadline and deadline.passed else ""
            told = late or speaks_plain(error) or self._redactor.told(error.strerror or error)
            raise SendFailed(
                "{name}: {what} failed: {told}", code="smtp_failed", name=self.name, what=what, told=told
            ) from error


class _Refused(SendFailed):
    """The server does not take the password or token."""


def _is_done(code: int) -> bool:
    """Whether a reply means that the command was done: its first digit tells (RFC 5321, 4.2.1)."""
    return 200 <= code < 300


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words
