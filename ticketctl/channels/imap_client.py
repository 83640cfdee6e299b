"""The libraries' IMAP connection with our socket: cut off at a deadline, from the first byte on, and with a bound on
what a server may send in one piece."""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import suppress

import imap_tools

from ticketctl.channels.deadline import Deadline
from ticketctl.channels.limits import MAIL

LITERAL = (
    2 * MAIL
)  # bytes; servers do not count a mail's size exactly, but a mail of twice its size was never asked for


def connected(
    host: str, port: int, *, timeout: float, deadline: Deadline, context: ssl.SSLContext | None, starttls: bool
) -> imap_tools.BaseMailBox:
    """A mailbox that is not yet logged in: with TLS from the first byte, or after STARTTLS, or, without `context`,
    without. Raises what imaplib and ssl raise; a server that knows no STARTTLS is an error."""
    client = _Client(host, port, timeout, deadline, None if starttls else context)
    if starttls:
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return _Box(client)


class _Client(imaplib.IMAP4):
    def __init__(
        self, host: str, port: int, timeout: float, deadline: Deadline, implicit: ssl.SSLContext | None
    ) -> None:
        self._deadline = deadline
        self._implicit = implicit
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        try:
            plain: socket.socket = super()._create_socket(timeout)  # type: ignore[misc] # typeshed does not list it
        except UnicodeError:
            raise OSError(f"{self.host!r} is no host name") from None
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._deadline.watch(plain)
        return self._implicit.wrap_socket(plain, server_hostname=self.host) if self._implicit else plain

    def read(self, size: int) -> bytes:
        if size > LITERAL:
            raise self.abort(f"the server sends {size:,} bytes at once, more than was asked for")
        return super().read(size)


class _Box(imap_tools.BaseMailBox):
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._connected = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._connected
