"""A server of OAuth 2 tokens on loopback: discovery, log-in by code and by browser, refresh tokens that are used once,
introspection as Dovecot asks for it. What goes wrong is planned by the test."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = "ticketctl-test"
ANSWER = tuple[int, dict[str, Any]]


class Issuer:
    """`user` is whoever agrees in the browser. `plan`: endpoint → answers of its next requests, first come first
    served; then it does its work. `asked` are (endpoint, form) of all requests. Each refresh token is good for one
    refresh; one that comes again ends the login, as RFC 9700 advises."""

    def __init__(self, user: str = "support@exempel.example") -> None:
        self.user = user
        self.secret = ""  # of the client, where it has one
        self.lifetime = 3600
        self.rotates = True
        self.plan: dict[str, list[ANSWER | str]] = {}
        self.metadata: dict[str, Any] = {}  # in place of what it says of itself
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens: dict[str, str] = {}  # access token → user, while it is good
        self.opens: dict[str, str] = {}  # user → the mailbox that their tokens open instead of their own
        self.refreshes: dict[str, str] = {}
        self.spent: set[str] = set()
        self.codes: dict[str, tuple[str, str, str]] = {}  # code → challenge, redirect, user
        self.devices: dict[str, str] = {}  # device code → the user who agreed
        self.lock = threading.Lock()
        self.port = 0
        self.arrives: Callable[[str], object] = lambda endpoint: None  # called before each answer
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, endpoint: str, **form: str) -> int:
        return sum(path == endpoint and form.items() <= given.items() for path, given in self.asked)

    def asked_with(self) -> list[str]:
        """The access tokens that a mail server was given, and asked about."""
        return [form.get("token", "") for path, form in self.asked if path == "/introspect"]

    def revoke(self) -> None:
        """All access tokens, before their time."""
        self.tokens.clear()

    def end(self) -> None:
        """The login is over: an administrator took it back, or the password was changed."""
        self.revoke()
        self.refreshes.clear()

    # --- the endpoints ---

    def discovery(self) -> ANSWER:
        told = {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/token",
            "authorization_endpoint": f"{self.url}/authorize",
            "device_authorization_endpoint": f"{self.url}/device",
            "introspection_endpoint": f"{self.url}/introspect",
        }
        return 200, {key: value for key, value in {**told, **self.metadata}.items() if value is not None}

    def device(self, form: dict[str, str]) -> ANSWER:
        code = secrets.token_urlsafe(16)
        self.devices[code] = self.user
        told = {"device_code": code, "user_code": "KAFF-EBÖN", "verification_uri": f"{self.url}/log-in"}
        return 200, {**told, "expires_in": 600, "interval": 0}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent to, once the person has agreed."""
        code = secrets.token_urlsafe(16)
        assert query["code_challenge_method"] == "S256" and query["response_type"] == "code"
        self.codes[code] = (query["code_challenge"], query["redirect_uri"], self.user)
        answer = {"code": code, "state": query["state"], "iss": self.url}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> ANSWER:
        match form.get("grant_type", "").rpartition(":")[2]:
            case "device_code":
                user = self.devices.get(form.get("device_code", ""), "")
                return self.grant(user) if user else (400, {"error": "expired_token"})
            case "authorization_code":
                challenge, redirect, user = self.codes.pop(form.get("code", ""), ("", "", ""))
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                answered = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
                good = answered and form.get("redirect_uri") == redirect
                return self.grant(user) if good else (400, {"error": "invalid_grant"})
            case "refresh_token":
                return self.refresh(form.get("refresh_token", ""))
        return 400, {"error": "unsupported_grant_type"}

    def refresh(self, token: str) -> ANSWER:
        if token in self.spent:
            self.end()
        if token not in self.refreshes:
            told = {"error": "invalid_grant", "error_description": "The login is over."}
            return 400, told
        if not self.rotates:
            status, granted = self.grant(self.refreshes[token])
            self.refreshes.pop(granted.pop("refresh_token"))
            return status, granted
        self.spent.add(token)
        return self.grant(self.refreshes.pop(token))

    def grant(self, user: str) -> ANSWER:
        access, refresh = f"access-{secrets.token_urlsafe(16)}", f"refresh-{secrets.token_urlsafe(16)}"
        self.tokens[access], self.refreshes[refresh] = user, user
        told = {"access_token": access, "refresh_token": refresh, "token_type": "Bearer"}
        return 200, {**told, "expires_in": self.lifetime}

    def introspect(self, form: dict[str, str]) -> ANSWER:
        user = self.tokens.get(form.get("token", ""))
        user = self.opens.get(user or "", user)
        return 200, {"active": True, "username": user, "email": user} if user else {"active": False}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> ANSWER | str:
        self.arrives(path)
        with self.lock:
            self.asked.append((path, form))
            if planned := self.plan.get(path):
                return planned.pop(0)
            if path == "/.well-known/openid-configuration":
                return self.discovery()
            if path == "/authorize":
                return self.authorize(form)
            if path in ("/token", "/device"):
                given = {"client_id": form.get("client_id"), "client_secret": form.get("client_secret", "")}
                if authorization.startswith("Basic "):
                    name, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
                    given = {"client_id": name, "client_secret": secret}
                if given != {"client_id": CLIENT, "client_secret": self.secret}:
                    return 401, {"error": "invalid_client"}
                return self.token(form) if path == "/token" else self.device(form)
            return self.introspect(form) if path == "/introspect" else (404, {"error": "not_found"})


@contextmanager
def issuing(issuer: Issuer, port: int = 0) -> Iterator[Issuer]:
    """The issuer, listening."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.reply(parts.path, parts.query)

        def do_POST(self) -> None:
            self.reply(self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def reply(self, path: str, form: str) -> None:
            given = {key: values[0] for key, values in parse_qs(form, keep_blank_values=True).items()}
            answer = issuer.answer(path, given, self.headers.get("Authorization") or "")
            if answer == "hang up":
                self.close_connection = True
                return
            if isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                self.end_headers()
                return
            status, told = answer
            content = told["html"].encode("utf-8", "surrogateescape") if "html" in told else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if "html" in told else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(issuer.clock())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    issuer.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
