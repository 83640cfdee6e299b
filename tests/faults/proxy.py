"""A proxy between ticketctl and a real IMAP server, which knows the protocol and can break it at any point.

It ends TLS itself, with whatever certificate it is given, and speaks to the server in plain text; so it sees every line
that a client sends, and over what kind of line it came. One thread a connection: IMAP as it is used here is question
and answer.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.growth import HANG

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
PATIENCE = 10 * HANG  # that a stall lasts, unless the client gives up first


class Cut(Exception):
    """The connection ends here."""


@dataclass(frozen=True)
class Fault:
    """`point`: handshake, greeting, or a command (UID FETCH is LIST where it asks for sizes, else FETCH). `when`:
    "command" before the server hears of it; "answer" at the first line of the answer; "lost" when the server has done
    it and says so; or "start", "middle", "end" of the `literal`th literal. It is done `times` times at most.
    `do` returns True where it has answered in the server's place."""

    point: str
    do: Callable[[Talk, bytes], bool | None]
    when: str = "command"
    literal: int = 2
    times: int = 99


class Talk:
    """One client's connection, as faults see it."""

    def __init__(self, proxy: Proxy, connection: socket.socket) -> None:
        self.proxy = proxy
        self.connection = connection
        self.tag = b"*"
        self.over = ""
        self._lines = connection.makefile("rb")
        self._literals = 0

    def send(self, data: bytes) -> None:
        self.connection.sendall(data.replace(b"%TAG%", self.tag))

    def hear(self) -> bytes:
        line = self._lines.readline()
        if line:
            self.proxy.heard.append((self.over, line))
        return line

    def encrypt(self) -> None:
        context = self.proxy.contexts[self.proxy.certificate]
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self._lines = self.connection.makefile("rb")
        self.over = self.proxy.certificate

    def run(self) -> None:
        proxy = self.proxy
        self._at("handshake", "command", b"")
        if not proxy.starttls:
            self.encrypt()
        with socket.create_connection(("127.0.0.1", proxy.upstream)) as upstream, upstream.makefile("rb") as answers:
            self._relay("greeting", answers.readline(), answers)
            while line := self.hear():
                self._command(line, upstream, answers)

    def _command(self, line: bytes, upstream: socket.socket, answers: Iterable[bytes]) -> None:
        self.tag, point = line.split()[0], point_of(line)
        self._literals = 0
        if self._at(point, "command", line):
            return
        if point == "STARTTLS" and self.proxy.starttls:
            self.send(b"%TAG% OK begin\r\n")
            self.encrypt()
            return
        upstream.sendall(line)
        first = True
        for answer in answers:
            if first:
                self._at(point, "answer", answer)
            first = False
            if answer.startswith(self.tag + b" "):
                self._at(point, "lost", answer)
            self._relay(point, answer, answers)
            if answer.startswith(self.tag + b" "):
                return
            if answer.startswith(b"+"):
                upstream.sendall(self.hear())
        raise Cut

    def _relay(self, point: str, line: bytes, answers: Iterable[bytes]) -> None:
        if point == "greeting" and self._at(point, "command", line):
            return
        if b"CAPABILITY" in line:
            for word in self.proxy.without:
                line = re.sub(rb" " + word + rb"\b", b"", line)
        literal = _LITERAL.search(line)
        self.send(line)
        if literal is None:
            return
        data = answers.read(int(literal[1]))
        self._literals += 1
        half = len(data) // 2
        for when, piece in (("start", data[:half]), ("middle", data[half:]), ("end", b"")):
            self._at(point, when, data, self._literals)
            self.connection.sendall(piece)

    def _at(self, point: str, when: str, line: bytes, literal: int = 0) -> bool:
        fault = self.proxy.fault
        if fault is None or (fault.point, fault.when) != (point, when) or (literal and literal != fault.literal):
            return False
        if self.proxy.fired >= fault.times:
            return False
        self.proxy.fired += 1
        return bool(fault.do(self, line))


class Proxy:
    """Listens on loopback. `heard` are the lines of all clients, each with the name of the certificate that its line
    was opened with, "" for a plain one; `without` are words that are left out of what the server says it can do."""

    def __init__(
        self,
        upstream: int,
        *,
        contexts: Mapping[str, ssl.SSLContext],
        certificate: str,
        fault: Fault | None = None,
        starttls: bool = False,
        without: tuple[bytes, ...] = (),
    ) -> None:
        self.upstream, self.fault = upstream, fault
        self.contexts, self.certificate = contexts, certificate
        self.starttls, self.without = starttls, without
        self.owner: Any = None  # whose mailbox it is, for faults that other clients make
        self.heard: list[tuple[str, bytes]] = []
        self.fired = 0
        self.over = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = Talk(self, connection)
        with suppress(Cut, OSError, ValueError):
            talk.run()
        with suppress(OSError):
            talk.connection.close()


def point_of(line: bytes) -> str:
    words = line.upper().split()
    if words[1] == b"UID":
        listing = words[2] == b"FETCH" and b"RFC822.SIZE" in line
        return "LIST" if listing else words[2].decode()
    name = words[1].decode()
    return {"AUTHENTICATE": "LOGIN", "EXAMINE": "SELECT"}.get(name, name)


# --- what can be done at a point ---


def stall(talk: Talk, line: bytes) -> None:
    talk.proxy.over.wait(PATIENCE)
    raise Cut


def drip(talk: Talk, line: bytes) -> None:
    """A byte now and then, so that no time-out of a socket ends it."""
    for byte in (line * 100)[:300]:
        talk.connection.sendall(bytes([byte]) if byte not in b"\r\n" else b" ")
        if talk.proxy.over.wait(0.1):
            break
    raise Cut


def cut(talk: Talk, line: bytes) -> None:
    raise Cut


def reset(talk: Talk, line: bytes) -> None:
    talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Cut


def say(words: bytes) -> Callable[[Talk, bytes], None]:
    """Says that and hangs up."""

    def do(talk: Talk, line: bytes) -> None:
        talk.send(words)
        raise Cut

    return do


def answer(words: bytes) -> Callable[[Talk, bytes], bool]:
    """Answers that instead of what the server would have said, and goes on."""

    def do(talk: Talk, line: bytes) -> bool:
        talk.send(words)
        return True

    return do
