"""The standard library's SMTP client under one deadline, with a bound on what a server may answer and without our
secret in it; and the logins that it lacks: PLAIN in UTF-8, and tokens."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress

from ticketctl.channels.deadline import Deadline
from ticketctl.channels.email.oauth.bearer import Bearer
from ticketctl.channels.redaction import Redactor
from ticketctl.channels.time_limit import within
from ticketctl.domain.config import SmtpOut

PORTS = {"tls": 465, "starttls": 587, "none": 25}
LINES = 200  # of one answer; EHLO has some 20
LINE = 8_192  # bytes; RFC 5321, 4.5.3.1.5 allows 512
_REPLY_LINE = re.compile(rb"\d{3}(?:[ -][^\n]*)?\r*\n")


class Client(smtplib.SMTP):
    """The library's client with our socket: under the deadline from the first byte, with TLS from it where implicit."""

    def __init__(self, config: SmtpOut, context: ssl.SSLContext | None, deadline: Deadline, redactor: Redactor) -> None:
        self._redactor = redactor
        self.port = config.port or PORTS[config.security]
        self._implicit = context
        self._deadline = deadline
        name = socket.gethostname()  # getfqdn() may wait for a name server
        super().__init__(
            config.host,
            self.port,
            local_hostname=name if "." in name and name.isascii() else "[127.0.0.1]",
            timeout=config.timeout,
        )

    @property
    def connection(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self.sock

    def wait_at_most(self, seconds: float) -> None:
        self.connection.settimeout(seconds)

    def getreply(self) -> tuple[int, bytes]:
        """As the library's, but for the bounds and the secret, and -1 for what is no whole line (RFC 5321, 4.2.1):
        the library takes "2222", or the first digits of an answer that was cut off, for success."""
        if self.file is None:
            self.file = self.connection.makefile("rb")
        said = []
        for _ in range(LINES):
            line = self._reply_line()
            said.append(self._redactor.line(line[4:].strip(b" \t\r\n")))
            if not _REPLY_LINE.match(line):
                return -1, b"\n".join(said)
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(said)
        self.close()
        raise smtplib.SMTPServerDisconnected(f"it says more than {LINES} lines at once")

    def _reply_line(self) -> bytes:
        try:
            line = self.file.readline(LINE + 1) if self.file else b""
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {error}") from None
        if not line:
            self.close()
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        if len(line) > LINE:
            self.close()
            raise smtplib.SMTPResponseException(500, "Line too long.")
        return bytes(line)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        try:
            seconds = min(timeout, self._deadline.left())
            plain = within(seconds, lambda: socket.create_connection((host, port), seconds))
        except UnicodeError:
            raise OSError(f"{host!r} is no host name") from None
        plain.settimeout(timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # our dot is a write of its own: 40 ms a mail
        self._deadline.watch(plain)
        return self._implicit.wrap_socket(plain, server_hostname=host) if self._implicit else plain


def authenticate(client: smtplib.SMTP, mechanism: str, response: bytes) -> None:
    """In UTF-8 (RFC 4616); the library's own login takes ASCII only."""
    reply = client.docmd("AUTH", f"{mechanism} {b64encode(response).decode('ascii')}")
    if reply[0] != 235:
        raise smtplib.SMTPAuthenticationError(*reply)


def bear(client: smtplib.SMTP, bearer: Bearer, offered: Sequence[str]) -> None:
    mechanism = bearer.mechanism(offered)
    reply = client.docmd("AUTH", f"{mechanism} {b64encode(bearer.first(mechanism)).decode('ascii')}")
    if reply[0] == 334:  # the reason of a refusal, which comes once this is answered
        reply = client.docmd(b64encode(bearer.answer(mechanism, _decoded(reply[1]))).decode("ascii"))
    if reply[0] != 235:
        raise smtplib.SMTPAuthenticationError(reply[0], reply[1] + bearer.told.encode())


def _decoded(challenge: bytes) -> bytes:
    """Never empty, which would ask for the token once more."""
    with suppress(ValueError):
        return b64decode(challenge, validate=True) or b"{}"
    return b"{}"
