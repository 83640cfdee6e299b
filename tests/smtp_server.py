"""A real SMTP server (aiosmtpd) on loopback that does what a test plans: refuses, drops, stalls, at any step."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import ssl
import subprocess
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.growth import HANG

USER, PASSWORD, TOKEN = "support@exempel.example", "hemligt lösenord åäö", "ya29.token"


class Mailbox:
    """What the server took, and its plan: step → what to do the next times, first come first served.

    Steps: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA (the command), BODY (while it comes in), DOT (after it),
    RSET, QUIT; and RCPT:address. What to do: an answer ("450 later"), "drop" the connection, "stall", "drip", "kill"
    or "interrupt" the victim, "" (as always); at DOT also "take, drop" and "take, kill", which keep the mail
    but never say so.
    """

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.silent: list[Envelope] = []  # of these, those that it took without saying so
        self.plan: dict[str, list[str]] = {}
        self.seen: list[str] = []
        self.connections = 0
        self.victim = 0  # a process
        self.wrong: list[str] = []  # what no client should say
        self.tokens: Collection[str] = {TOKEN}

    @property
    def bodies(self) -> list[bytes]:
        return [bytes(mail.content or b"") for mail in self.mails]

    def next(self, step: str) -> str:
        self.seen.append(step)
        waiting = self.plan.get(step, [])
        return waiting.pop(0) if waiting else ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        planned = self.next("DOT")
        if not planned or planned.startswith("take"):
            self.mails.append(envelope)
        if planned.startswith("take"):
            self.silent.append(envelope)
        return await act(server, planned.removeprefix("take, ")) or "250 2.0.0 OK: taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        good = said in {f"user={USER}\x01auth=Bearer {token}\x01\x01" for token in self.tokens}
        return AuthResult(success=True) if good else await self._refused(server, b"401", b"")

    async def _refused(self, server: SMTP, status: bytes, answer: bytes) -> AuthResult:
        """As RFC 7628 and Google say it: the reason, then an answer to it, then a plain no."""
        await server.push("334 " + base64.b64encode(b'{"status":"' + status + b'"}').decode())
        said = base64.b64decode(await server._reader.readline())
        self.wrong += [] if said == answer else [f"{said!r} to a refusal"]
        return AuthResult(success=False, handled=False)


class Modern(Mailbox):
    """A server that knows OAUTHBEARER (RFC 7628) besides."""

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:
        who, host, port, secret, *rest = base64.b64decode(args[1]).decode().split("\x01")
        right = who == f"n,a={USER}," and host.startswith("host=") and port.startswith("port=") and rest == ["", ""]
        self.wrong += [] if right else ["not as RFC 7628 says"]
        good = secret in {f"auth=Bearer {token}" for token in self.tokens}
        return AuthResult(success=True) if good else await self._refused(server, b"invalid_token", b"\x01")

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        self.wrong.append("OAUTHBEARER goes first")
        return AuthResult(success=False)


async def act(server: SMTP, planned: str) -> str:
    """Carries out a drop or a stall; an answer is the caller's to give."""
    if planned == "kill":
        os.kill(server.event_handler.victim, signal.SIGKILL)
        planned = "drop"
    if planned == "interrupt":
        os.kill(server.event_handler.victim, signal.SIGINT)
        planned = "stall"
    if planned == "drop":
        server.transport.abort()
        raise ConnectionResetError
    if planned == "stall":
        await asyncio.sleep(10 * HANG)
    if planned == "drip":
        while True:
            server._writer.write(b"2")
            await asyncio.sleep(0.05)
    return planned


class Server(SMTP):
    """aiosmtpd with the plan in front of every command."""

    mailbox: Mailbox

    async def _handle_client(self) -> None:
        try:
            planned = await act(self, self.mailbox.next("CONNECT"))
            if planned:
                await super().push(planned)
                self.transport.close()
                return
            await super()._handle_client()
        except (ConnectionResetError, BrokenPipeError):
            self.transport.abort()

    async def push(self, status: Any) -> None:
        await super().push(status)
        words = status if isinstance(status, str) else bytes(status).decode("ascii", "replace")
        if words.startswith("354"):
            await act(self, self.mailbox.next("BODY"))

    async def _planned(self, step: str, default: Any, arg: str | None) -> None:
        planned = await act(self, self.mailbox.next(step))
        if planned:
            await self.push(planned)
        else:
            await default(arg)

    async def smtp_EHLO(self, arg: str) -> None:
        await self._planned("EHLO", super().smtp_EHLO, arg)

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self._planned("STARTTLS", super().smtp_STARTTLS, arg)

    async def smtp_AUTH(self, arg: str) -> None:
        await self._planned("AUTH", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._planned("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        address = (arg or "").partition("<")[2].partition(">")[0]
        if self.mailbox.plan.get(f"RCPT:{address}"):
            await self.push(self.mailbox.next(f"RCPT:{address}"))
        else:
            await self._planned("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg: str) -> None:
        await self._planned("DATA", super().smtp_DATA, arg)

    async def smtp_RSET(self, arg: str) -> None:
        await self._planned("RSET", super().smtp_RSET, arg)

    async def smtp_QUIT(self, arg: str) -> None:
        await self._planned("QUIT", super().smtp_QUIT, arg)


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    auth: bool = False,
    utf8: bool = True,
    mailbox: Mailbox | None = None,
) -> Iterator[tuple[int, Mailbox]]:
    """A server for the length of a test: its port and what it does and takes."""
    mailbox = mailbox or Mailbox()

    def connected() -> Server:
        mailbox.connections += 1
        server = Server(
            mailbox,
            hostname="mail.exempel.example",
            tls_context=starttls,
            require_starttls=bool(starttls),
            loop=loop,
            authenticator=_authenticate if auth else None,
            auth_required=auth,
            auth_require_tls=bool(starttls),
            enable_SMTPUTF8=utf8,
            data_size_limit=None,
        )
        server.mailbox = mailbox
        return server

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # dropped connections are what we are after
    listening = loop.run_until_complete(loop.create_server(connected, "127.0.0.1", 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield listening.sockets[0].getsockname()[1], mailbox
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(HANG)


class Authority:
    """A certificate authority of our own, made with openssl, and contexts for servers whose certificates it signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "ca.pem"
        self._openssl(
            "req",
            "-x509",
            *_KEY,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=Egen CA",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        )

    def server(self, names: str = "DNS:localhost,IP:127.0.0.1", *, signed: bool = True) -> ssl.SSLContext:
        """A server's context; its certificate is for `names`, self-signed unless `signed`."""
        by = ["-CA", "ca.pem", "-CAkey", "ca.key"] if signed else []
        self._openssl(
            "req",
            "-x509",
            *_KEY,
            "-keyout",
            "server.key",
            "-out",
            "server.pem",
            "-subj",
            "/CN=server",
            "-addext",
            f"subjectAltName={names}",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            *by,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context

    def _openssl(self, *args: str) -> None:
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)


_KEY = ["-days", "30", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
