"""Before Flask: the answer to a visitor's page that asks whether there is anything new, where there is nothing.

A hundred open chats ask fifty times a second. What a poll was answered last is kept in memory with the revision of its
ticket; as long as the desk, who is there and who types are the same, the answer is 304 (RFC 9110, 15.4.5), and only a
change goes into a use case. It also notes whose page is open (usecases/chat/presence.py).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

import msgspec

from ticketctl.domain.chat.state import is_present
from ticketctl.errors import TicketctlError
from ticketctl.usecases.chat.presence import AgentSeen, Presence, VisitorSeen, agents, types
from ticketctl.usecases.chat.see import Chat, revisions
from ticketctl.usecases.session import Session

LOG = logging.getLogger(__name__)
HEADER = "X-Chat-Token"
_PATH = re.compile(r"/chat/([^/]+)/poll")
_KEY = re.compile(r"(?a)[\w.]{1,40}")
SAFE = (("Cache-Control", "no-store, private"), ("X-Content-Type-Options", "nosniff"))
AGENTS = timedelta(seconds=1)  # so often it is looked who is there
KNOWN = 5_000  # chats that are kept in memory

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def cookie_of(source: str) -> str:
    return f"chat-{re.sub(r'[^A-Za-z0-9_-]', '', source)}"


def etag_of(shape: Any) -> str:
    return f'"{sha256(msgspec.json.encode(shape)).hexdigest()[:24]}"'


class Known(msgspec.Struct, frozen=True):
    """What a poll was answered: `typing` and `there` as they were then."""

    etag: str
    number: int
    revision: int
    typing: tuple[str, ...]
    there: str
    until: datetime
    digest: str


class Gate:
    """`open_session` makes a session of somebody by a front end, as for create_site."""

    def __init__(self, application: Application, open_session: Callable[..., Session]) -> None:
        self.presence = Presence()
        self._application = application
        self._open = open_session
        self._lock = Lock()
        self._known: dict[tuple[str, str], Known] = {}
        self._stamp: object = None
        self._revisions: dict[int, int] = {}
        self._agents: list[AgentSeen] = []
        self._looked: datetime | None = None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        match = _PATH.fullmatch(environ.get("PATH_INFO", "")) if environ.get("REQUEST_METHOD") == "GET" else None
        if match:
            try:
                etag = self._unchanged(match[1], environ)
            except (TicketctlError, OSError) as error:  # the use case says it properly
                LOG.info("chat: %s", type(error).__name__)
                etag = ""
            if etag:
                start_response("304 NOT MODIFIED", [("ETag", etag), *SAFE])
                return []
        return self._application(environ, start_response)

    def note(self, ours: Session, whose: tuple[str, str], found: Chat, etag: str, query: str) -> None:
        """What the page of that source and token has now, from the route that asked the use case."""
        token = whose[1]
        digest = sha256(token.encode()).hexdigest()[:16]
        known = Known(etag, found.number, found.revision, found.typing, found.desk, found.until, digest)
        with self._lock:
            self._known.pop(whose, None)
            self._known[whose] = known
            if len(self._known) > KNOWN:
                del self._known[next(iter(self._known))]
            # Another chat's poll may have seen a later one meanwhile: this page must not count as up to date.
            self._revisions[found.number] = max(found.revision, self._revisions.get(found.number, 0))
        self._note_page(ours, known, query)

    def said(self, ours: Session, source: str, token: str, number: int) -> None:
        """The visitor has just written: their page is open, and its next poll goes to the use case."""
        self.forget(source, token)
        self.presence.visitor(ours, VisitorSeen(number, sha256(token.encode()).hexdigest()[:16], ours.now))

    def forget(self, source: str, token: str) -> None:
        with self._lock:
            self._known.pop((source, token), None)

    def leave(self, source: str, token: str) -> None:
        self.forget(source, token)
        self.presence.visitor_left(sha256(token.encode()).hexdigest()[:16])

    def close(self) -> None:
        self.presence.close()

    def _unchanged(self, source: str, environ: dict[str, Any]) -> str:
        """The ETag of what the page has, if that is still so; else ""."""
        token = environ.get("HTTP_X_CHAT_TOKEN") or _cookie(environ, cookie_of(source))
        known = self._known.get((source, token))
        if known is None:
            return ""
        ours = self._open("system", "chat")
        self._note_page(ours, known, environ.get("QUERY_STRING", ""))
        if environ.get("HTTP_IF_NONE_MATCH") != known.etag or ours.now >= known.until:
            return ""
        with self._lock:
            self._refresh(ours)
            same = self._revisions.get(known.number, 0) == known.revision
            typing = tuple(sorted({one.agent for one in self._agents if _types(one, known.number, ours.now)}))
        there = known.there
        if there != "shut":
            there = "there" if is_present([one.at for one in self._agents], ours.now) else "nobody"
        return known.etag if same and typing == known.typing and there == known.there else ""

    def _refresh(self, ours: Session) -> None:
        stamp = ours.app.store.stamp()
        if stamp != self._stamp:
            numbers = frozenset(one.number for one in self._known.values() if one.number)
            self._revisions = revisions(ours, numbers) if numbers else {}
            self._stamp = stamp
        if self._looked is None or not timedelta() <= ours.now - self._looked < AGENTS:
            self._agents, self._looked = agents(ours), ours.now
            self.presence.forget_gone(ours.now)

    def _note_page(self, ours: Session, known: Known, query: str) -> None:
        asked = parse_qs(query)
        read = asked.get("read", [""])[0]
        seen = VisitorSeen(known.number, known.digest, ours.now, read if _KEY.fullmatch(read) else "")
        if asked.get("typing") == ["1"]:
            seen = msgspec.structs.replace(seen, typed_at=ours.now)
        self.presence.visitor(ours, seen)


def _types(one: AgentSeen, number: int, now: datetime) -> bool:
    return bool(number) and one.number == number and types(one.typed_at, now)


def _cookie(environ: dict[str, Any], name: str) -> str:
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return str(value)
    return ""
