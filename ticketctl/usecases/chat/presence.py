"""Who is in the chats now: agents who look at them, visitors whose page is open, and who types.

It is no part of the desk's history. Each process keeps marks in the store, whose names say who and when; others read
them; with the process they are gone, however it ends.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Lock
from urllib.parse import quote, unquote

import msgspec

from ticketctl.domain.chat.state import HERE, PRESENT, TYPING
from ticketctl.usecases.session import Session

RENEWED = timedelta(seconds=20)  # so often a mark is made anew
_STAMP = "%Y%m%dT%H%M%SZ"
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_AGENT = r"(?a)chat-agent (\S+) (\d{8}T\d{6}Z) (\d{1,9}) (\d{8}T\d{6}Z) [0-9a-f]+"
_VISITOR = r"(?a)chat-visitor (\d{1,9}) ([0-9a-f]+) (\d{8}T\d{6}Z) ([\w.]+|-) (\d{8}T\d{6}Z) [0-9a-f]+"


class AgentSeen(msgspec.Struct, frozen=True):
    """Who looked at the chats at `at`; they typed at `typed_at` in the one of that `number`."""

    agent: str
    at: datetime
    number: int = 0
    typed_at: datetime = _NEVER


class VisitorSeen(msgspec.Struct, frozen=True):
    """Whose page looked at `at`; it had shown the messages up to the key `read` ("": none)."""

    number: int
    digest: str
    at: datetime
    read: str = ""
    typed_at: datetime = _NEVER


class Presence:
    """What one process says of who is there. Threads may share it."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[msgspec.Struct, ExitStack]] = {}
        self._lock = Lock()

    def agent(self, session: Session, *, typing: int = 0) -> None:
        """The actor looks at the chats, and types in the one of that number."""
        seen = AgentSeen(session.actor, session.now, typing, session.now if typing else _NEVER)
        before = self._before(f"agent {seen.agent}")
        if not isinstance(before, AgentSeen) or typing or session.now - before.at >= RENEWED:
            name = f"chat-agent {quote(seen.agent, safe='')} {_at(seen.at)} {seen.number} {_at(seen.typed_at)}"
            self._put(session, f"agent {seen.agent}", seen, name)

    def visitor(self, session: Session, seen: VisitorSeen) -> None:
        """That visitor's page has looked; nothing is said of who has no ticket yet."""
        key = f"visitor {seen.digest}"
        before = self._before(key)
        if isinstance(before, VisitorSeen):
            if before.number == seen.number and not seen.read:
                seen = msgspec.structs.replace(seen, read=before.read)  # what was read stays read
            same = (before.number, before.read) == (seen.number, seen.read)
            if same and seen.typed_at - before.typed_at < TYPING / 2 and seen.at - before.at < RENEWED:
                return
        if seen.number:
            name = f"chat-visitor {seen.number} {seen.digest} {_at(seen.at)} {seen.read or '-'} {_at(seen.typed_at)}"
            self._put(session, key, seen, name)

    def visitor_left(self, digest: str) -> None:
        self._drop(f"visitor {digest}")

    def forget_gone(self, now: datetime) -> None:
        """Lets go of the marks of those who have not looked for long."""
        with self._lock:
            gone = [key for key, (seen, _) in self._held.items() if now - _moment(seen) > HERE]
        for key in gone:
            self._drop(key)

    def close(self) -> None:
        for key in list(self._held):
            self._drop(key)

    def _before(self, key: str) -> msgspec.Struct | None:
        found = self._held.get(key)
        return found[0] if found else None

    def _put(self, session: Session, key: str, seen: msgspec.Struct, name: str) -> None:
        opened = ExitStack()
        opened.enter_context(session.app.store.mark(f"{name} {session.new_id()[:8]}"))
        with self._lock:
            before = self._held.get(key)
            self._held[key] = (seen, opened)
        if before:
            before[1].close()

    def _drop(self, key: str) -> None:
        with self._lock:
            found = self._held.pop(key, None)
        if found:
            found[1].close()


def agents(session: Session) -> list[AgentSeen]:
    """Who has looked at the chats within the last minute."""
    found = []
    for mark in session.app.store.marks(_AGENT):
        if match := re.fullmatch(_AGENT, mark):
            seen = AgentSeen(unquote(match[1]), _time(match[2]), int(match[3]), _time(match[4]))
            if session.now - seen.at <= PRESENT:
                found.append(seen)
    return found


def visitors(session: Session) -> dict[int, VisitorSeen]:
    """Whose page is open, by ticket; of several the one that looked last."""
    found: dict[int, VisitorSeen] = {}
    for mark in session.app.store.marks(_VISITOR):
        if match := re.fullmatch(_VISITOR, mark):
            read = "" if match[4] == "-" else match[4]
            seen = VisitorSeen(int(match[1]), match[2], _time(match[3]), read, _time(match[5]))
            before = found.get(seen.number)
            if session.now - seen.at <= HERE and (before is None or before.at <= seen.at):
                found[seen.number] = seen
    return found


def types(at: datetime, now: datetime) -> bool:
    """Whether somebody who typed then still does."""
    return now - at <= TYPING


def _moment(seen: msgspec.Struct) -> datetime:
    return seen.at if isinstance(seen, AgentSeen | VisitorSeen) else _NEVER


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STAMP)


def _time(written: str) -> datetime:
    return datetime.strptime(written, _STAMP).replace(tzinfo=UTC)
