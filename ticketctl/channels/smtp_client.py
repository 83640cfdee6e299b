"""The standard library's SMTP client under one deadline, and the logins that it lacks: PLAIN in UTF-8, and tokens."""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress

from ticketctl.channels.bearer import Bearer
from ticketctl.channels.deadline import Deadline
from ticketctl.channels.limited import within
from ticketctl.domain.config import SmtpOut

PORTS = {"tls": 465, "starttls": 587, "none": 25}


class Client(smtplib.SMTP):
    """The library's client with our socket: under the deadline from the first byte, with TLS from it where implicit."""

    def __init__(self, config: SmtpOut, context: ssl.SSLContext | None, deadline: Deadline) -> None:
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
