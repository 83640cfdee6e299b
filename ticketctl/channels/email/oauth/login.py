"""Logging in, with a person: a code that they type elsewhere (RFC 8628), or their browser, which comes back to a port
of this machine (RFC 8252). Either way the password is typed at the provider and never seen here."""

from __future__ import annotations

import hmac
import os
import secrets
import select
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ticketctl.channels.email.oauth.issuer import Declined, Issuer, discover
from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.domain.settings.oauth import PROVIDERS, Granted, Login, missing
from ticketctl.errors import ChannelFailed, NextStep
from ticketctl.ports.channels import LoginGuide, LoginStep

PATIENCE = 600.0  # seconds that the browser may take
QUICKEST = 1.0  # second between two questions, whatever the server says
SLOWER = 5.0  # seconds more between two questions, each time the server says slow_down (RFC 8628, 3.5)
LONGEST = 1800.0  # seconds that a code is waited for, whatever the server says

Tell = Callable[[LoginStep], None]


def log_in(account: Account, way: str, guide: LoginGuide) -> Login:
    """By "device", "browser", or "" for what is usual at the provider; keeps the login. Raises ChannelFailed."""
    oauth = account.oauth
    at = discover(account.name, oauth)
    issuer = Issuer(account.name, oauth, at, account.environ)
    usual = PROVIDERS[oauth.provider].way if oauth.provider else "device" if at.device else "browser"
    given = by_code(account, issuer, guide.tell) if (way or usual) == "device" else by_browser(account, issuer, guide)
    if lacking := missing(oauth.asked, given):
        text = "{source}: the log-in does not allow {scopes}; nothing was changed"
        raise ChannelFailed(text, code="scopes_missing", source=account.name, scopes=", ".join(lacking))
    return account.begin(given, issuer)


def by_code(account: Account, issuer: Issuer, tell: Tell) -> Granted:
    """Shows where to go and what to type there, and waits until it is done; raises ChannelFailed."""
    name = account.name
    if not issuer.at.device:
        raise ChannelFailed(
            "{name}: the server offers no log-in by code",
            code="no_login_by_code",
            name=name,
            next_step=NextStep("login", more=name, given={"browser": True}),
        )
    code = _code(name, issuer.begin_device())
    tell(LoginStep("type_code", {"place": code.place, "user": account.user, "code": code.typed}))
    tell(LoginStep("waiting", {"minutes": f"{code.seconds / 60:.0f}"}))
    ends = time.monotonic() + code.seconds
    pause, told = code.pause, False
    while time.monotonic() + pause < ends:
        time.sleep(pause)
        try:
            return issuer.poll(code.device, account.now())
        except Declined as error:
            pause += _slower(name, error)
        except ChannelFailed as error:
            if not told:
                tell(LoginStep("trying_on", {"error": str(error)}))
            pause, told = min(2 * pause, 60.0), True
    raise _expired(name)


class _Code(NamedTuple):
    device: str
    typed: str
    place: str
    pause: float
    seconds: float


def _code(name: str, answer: Any) -> _Code:
    texts = [answer.get("device_code"), answer.get("user_code"), answer.get("verification_uri")]
    times = [answer.get("interval", 5), answer.get("expires_in", 900)]
    if not all(isinstance(one, str) and 0 < len(one) <= 4_000 and one.isprintable() for one in texts):
        raise ChannelFailed(
            "{name}: the server's answer has no code that could be typed", code="no_login_code", name=name
        )
    if not all(isinstance(one, int | float) and one >= 0 for one in times):
        raise ChannelFailed(
            "{name}: the server's answer does not say how long its code is valid",
            code="login_code_without_time",
            name=name,
        )
    device, typed, place = texts
    return _Code(device, typed, place, min(max(float(times[0]), QUICKEST), 60.0), min(float(times[1]), LONGEST))


def _slower(name: str, error: Declined) -> float:
    """Seconds more between two questions; raises what ends the waiting."""
    match error.word:
        case "authorization_pending":
            return 0.0
        case "slow_down":
            return SLOWER
        case "expired_token":
            raise _expired(name) from None
        case "access_denied":
            raise _declined(name) from None
        case _:
            raise error


def _declined(name: str) -> ChannelFailed:
    return ChannelFailed(
        "{name}: the log-in was declined in the browser; nothing was changed",
        code="login_declined_in_browser",
        name=name,
    )


def _expired(name: str) -> ChannelFailed:
    return ChannelFailed(
        "{name}: the code expired before it was typed",
        code="login_code_expired",
        name=name,
        next_step=NextStep("login", more=name, then="gives a new one"),
    )


# --- the browser ---


def by_browser(account: Account, issuer: Issuer, guide: LoginGuide) -> Granted:
    """Shows an address, and waits until the browser comes back, or until the address that it ended at is pasted: over
    SSH the browser cannot reach this machine. Raises ChannelFailed."""
    if not issuer.at.authorization:
        raise ChannelFailed(
            "{name}: the server offers no log-in by browser",
            code="no_login_by_browser",
            name=account.name,
            next_step=NextStep("login", more=account.name, given={"device": True}),
        )
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    with _Listener(state, issuer.at.issuer) as listener:
        redirect = f"http://{_loopback(account)}:{listener.port}"  # with a path Microsoft takes it for another
        url = issuer.authorization_url(redirect, state, verifier, account.user)
        guide.tell(LoginStep("open_address", {"user": account.user, "url": url}))
        if guide.typed >= 0:
            guide.tell(LoginStep("paste_address"))
        guide.show(url)
        answer = listener.wait(guide.typed, guide.tell)
    if answer.error:
        if answer.error == "access_denied":
            raise _declined(account.name)
        raise ChannelFailed(
            "{name}: the log-in failed: {reason}; nothing was changed",
            code="login_failed",
            name=account.name,
            reason=answer.error,
        )
    return issuer.exchange(answer.code, verifier, redirect, account.now())


def _loopback(account: Account) -> str:
    return PROVIDERS[account.oauth.provider].loopback if account.oauth.provider else "127.0.0.1"


class _Answer(NamedTuple):
    code: str
    error: str


class _Listener:
    """A port of 127.0.0.1 for one answer; what does not carry our `state` is somebody else's and changes nothing."""

    def __init__(self, state: str, issuer: str) -> None:
        self._state = state
        self._issuer = issuer
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._receive))
        self.port = self._server.server_address[1]

    def __enter__(self) -> _Listener:
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, typed: int, tell: Tell) -> _Answer:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                return self._answers.get_nowait()
            except Empty:
                pass
            ready, _, _ = select.select([typed] if typed >= 0 else [], [], [], 0.2)
            if ready:
                text = os.read(typed, 65536).decode("utf-8", "replace")
                if not text:
                    typed = -1  # nobody will type any more
                elif text.strip() and not self._receive(text.strip()):
                    tell(LoginStep("wrong_address"))
        raise ChannelFailed(
            "nobody logged in within {minutes:.0f} minutes; begin anew",
            code="nobody_logged_in_in_time",
            minutes=PATIENCE / 60,
        )

    def _receive(self, url: str) -> bool:
        """Whether it is the answer that we wait for."""
        try:
            given = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items() if len(values) == 1}
        except ValueError:
            return False
        if not hmac.compare_digest(given.get("state", "").encode(), self._state.encode()):
            return False
        if self._issuer and given.get("iss", self._issuer).rstrip("/") != self._issuer:
            return False  # RFC 9207: the answer of another server, which would get our code from us
        code, error = given.get("code", ""), "".join(filter(str.isprintable, given.get("error", "")))[:80]
        if bool(code) == bool(error):
            return False
        self._answers.put(_Answer(code, error))
        return True


def _handler(receive: Callable[[str], bool]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # browsers open connections ahead, and say nothing in them
        server_version, sys_version = "ticketctl", ""

        def do_GET(self) -> None:
            ours = urlsplit(self.path).path == "/" and receive(self.path)
            page = b"That is all here: close this page and go back to ticketctl.\n" if ours else b"Not found.\n"
            self.send_response(200 if ours else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """The address holds the code."""

    return Handler
