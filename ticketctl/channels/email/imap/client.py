"""The libraries' IMAP connection with our socket: cut off at a deadline, from the first byte on, with a bound on what a
server may send in answer to one command, and with our secret taken out of each line before anybody reads it.

imaplib knows words in capitals only, and no `{12+}`; RFC 3501 lets a server write `* 2 fetch (…)`, and some write the
literals of LITERAL+ (RFC 7888), which are a client's. So lines are brought into the form that it knows.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import imap_tools
from imap_tools.utils import check_command_status

from ticketctl.channels.deadline import Deadline
from ticketctl.channels.email.imap.answers import decodable
from ticketctl.channels.limits import MAIL
from ticketctl.channels.redaction import Redactor

LITERAL = (
    2 * MAIL
)  # bytes; servers do not count a mail's size exactly, but a mail of twice its size was never asked for
ALLOWED = 1_000_000  # bytes of an answer beyond what was asked for

_WORDS = re.compile(rb"(?:\* |[A-Za-z0-9.]+ )(?:\d+ )?[A-Za-z-]+(?: \[[A-Za-z-]+)?")
_LITERAL_PLUS = re.compile(rb"\{(\d+)\+\}\r\n\Z")


class TooMuch(imaplib.IMAP4.abort):
    """The server sends more than it was asked for."""


def connected(
    host: str,
    port: int,
    *,
    timeout: float,
    deadline: Deadline,
    context: ssl.SSLContext | None,
    starttls: bool,
    redactor: Redactor,
) -> Box:
    """A mailbox that is not yet logged in: with TLS from the first byte, or after STARTTLS, or, without `context`,
    without. Raises what imaplib and ssl raise; a server that knows no STARTTLS is an error."""
    client = Client(host, port, timeout, deadline, None if starttls else context, redactor)
    if starttls:
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return Box(client)


class Client(imaplib.IMAP4):
    def __init__(
        self,
        host: str,
        port: int,
        timeout: float,
        deadline: Deadline,
        implicit: ssl.SSLContext | None,
        redactor: Redactor,
    ) -> None:
        self._deadline = deadline
        self._implicit = implicit
        self._redactor = redactor
        self._left = ALLOWED
        super().__init__(host, port, timeout)

    def allow(self, size: int) -> None:
        """The answers to the next command, and to those after it until this is called again, may have that many bytes
        together, and a little for what stands around them."""
        self._left = size + ALLOWED

    def _create_socket(self, timeout: float | None) -> socket.socket:
        try:
            plain: socket.socket = super()._create_socket(timeout)  # type: ignore[misc] # typeshed does not list it
        except UnicodeError:
            raise OSError(f"{self.host!r} is no host name") from None
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._deadline.watch(plain)
        return self._implicit.wrap_socket(plain, server_hostname=self.host) if self._implicit else plain

    def _untagged_response(self, typ: str, dat: list[Any], name: str) -> tuple[str, list[Any]]:
        """For imap-tools, which gives up a whole list of folders for one name that it cannot decode, and takes the
        first line of a search for all of it."""
        typ, found = super()._untagged_response(typ, dat, name)  # type: ignore[misc] # typeshed does not list it
        if name == "LIST":
            found = list(decodable(found))
        elif name == "SEARCH":
            found = [b" ".join(one for one in found if one)]
        return typ, found

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line))
        line = _WORDS.sub(lambda found: found[0].upper(), line, count=1) if _WORDS.match(line) else line
        return self._redactor.line(_LITERAL_PLUS.sub(rb"{\1}\r\n", line))

    def _spend(self, size: int) -> None:
        self._left -= size
        if size > LITERAL or self._left < 0:
            raise TooMuch("the server sends more than was asked for")


class Box(imap_tools.BaseMailBox):
    """imap-tools' mailbox over our connection. Logging in, listing and opening folders, searching, flags, moving,
    deleting, appending, IDLE and logging out are its own calls. These are imaplib's, each for a reason:

    - UID FETCH: `fetch` reads texts (and drops bytes that it cannot decode), gives no INTERNALDATE, takes an answer for
      pairs of a line and a literal, and an empty list of UIDs for all mails.
    - UID EXPUNGE (RFC 4315): `flag`, `delete` and `move` end with a bare EXPUNGE, which also takes what other programs
      have marked as deleted. So `expunge` does nothing here, and `delete` expunges its own UIDs.
    - CAPABILITY after logging in, when servers list more: `move` looks at the list from before.
    - AUTHENTICATE with a token: `xoauth2` knows XOAUTH2 alone, and hides why a token is refused.
    - The answers to SELECT (UIDVALIDITY, EXISTS): `folder.status` asks for them once more, which RFC 3501 (6.3.10) has
      nobody do with the folder that is open.
    - Cutting the connection off, where a polite LOGOUT would wait for a server that hangs.
    """

    client: Client

    def __init__(self, client: Client) -> None:
        self._connected = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._connected

    def ask_capabilities(self) -> frozenset[str]:
        """As they are now, for `move` too."""
        _, data = self.client.capability()
        able = b" ".join(one for one in data if one).decode("ascii", "replace").upper().split()
        self.client.capabilities = tuple(able)
        return frozenset(able)

    def expunge(self) -> tuple[str, list[bytes]]:
        return "OK", [b""]

    def delete(self, uid_list: str | Iterable[str], chunks: int | None = None) -> Any:
        """Marks them as deleted, and expunges them alone, where the server can; otherwise they stay marked."""
        uids = uid_list if isinstance(uid_list, str) else ",".join(uid_list)
        results = super().delete(uids, chunks)
        if results and "UIDPLUS" in self.client.capabilities:
            expunged = self.client.uid("EXPUNGE", uids)
            check_command_status(expunged, imap_tools.MailboxExpungeError)
        return results
