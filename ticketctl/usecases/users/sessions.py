"""Where the agents are logged in. A session is known by the sha256 of what its browser holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

import msgspec

from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import agent_named
from ticketctl.usecases.permissions import must_be
from ticketctl.usecases.session import Session

FACT = "session "  # facts of the desk: "session SHA256" → a WebSession
IDLE, LONGEST = timedelta(hours=12), timedelta(days=14)
HALF_WAY = timedelta(minutes=5)  # for the code, after the password
NOTED_EVERY = timedelta(hours=1)  # that somebody is still there: each note is a commit


class WebSession(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`browser` is what the browser calls itself, shortened. `waits`: the password was right, the code is still to
    come."""

    user: str
    since: datetime
    seen: datetime
    browser: str = ""
    waits: bool = False

    def over(self, now: datetime) -> bool:
        if self.waits:
            return now - self.since > HALF_WAY
        return now - self.seen > IDLE or now - self.since > LONGEST


class Place(msgspec.Struct, frozen=True):
    """A session as it is listed; `id` is the beginning of its hash."""

    id: str
    session: WebSession


class EndSessions(msgspec.Struct, frozen=True, kw_only=True):
    """Of `agent` (may be "me") the one whose id begins so, or all ("")."""

    agent: str
    id: str = ""


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """What every form of that session has in it; nobody can make it who has not the session."""
    return sha256(f"form {token}".encode()).hexdigest()


def begin(desk: Desk, one: WebSession, now: datetime, *, instead: str = "") -> str:
    """A new session, and its token; those that are over go, and so does the session `instead`."""
    for key, value in list(desk.facts(FACT)):
        if msgspec.json.decode(value, type=WebSession).over(now):
            desk.remember(key, "")
    if instead:
        desk.remember(f"{FACT}{hashed(instead)}", "")
    token = token_urlsafe(32)
    desk.remember(f"{FACT}{hashed(token)}", msgspec.json.encode(one).decode())
    return token


def find_session(session: Session, token: str, *, by_itself: bool = False) -> WebSession | None:
    """Who has it, while it is not over; that they are there is noted now and then, unless a page asks `by_itself`."""
    if not token:
        return None
    with session.store.reading() as desk:
        value = desk.recall(f"{FACT}{hashed(token)}")
    if not value:
        return None
    found = msgspec.json.decode(value, type=WebSession)
    if found.over(session.now):
        return None
    if not by_itself and session.now - found.seen > NOTED_EVERY:
        _note(session, token)
    return found


def _note(session: Session, token: str) -> None:
    """A desk that somebody else has at the moment is no reason to keep a reader out."""
    key = f"{FACT}{hashed(token)}"
    try:
        with session.store.transaction() as desk:
            value = desk.recall(key)
            if value:
                one = msgspec.json.decode(value, type=WebSession)
                desk.remember(key, msgspec.json.encode(msgspec.structs.replace(one, seen=session.now)).decode())
    except TicketctlError:
        return


def log_out(session: Session, token: str) -> None:
    with session.store.transaction() as desk:
        desk.remember(f"{FACT}{hashed(token)}", "")


def sessions(session: Session, agent: str = "me") -> tuple[Place, ...]:
    """Where that agent is logged in, the latest first; others' are for an admin. Raises Usage, NotAllowed."""
    session.must("user sessions")
    name = _owner(session, agent)
    with session.store.reading() as desk:
        return tuple(_places(session, desk, name))


def end_sessions(session: Session, request: EndSessions, *, keep: bool = True) -> int:
    """How many were ended. Raises Usage, NotAllowed, NoSuchTicket where none has that id."""
    session.must("user logout", keep=keep)
    name = _owner(session, request.agent) if keep else agent_named(session, request.agent).name
    with session.store.transaction(keep=keep) as desk:
        found = [one for one in _places(session, desk, name) if one.id.startswith(request.id)]
        if not found and request.id:
            raise NoSuchTicket("{name} has no session {id}", code="no_session", name=name, id=request.id)
        for key, value in list(desk.facts(FACT)):
            ours = any(key.removeprefix(FACT).startswith(one.id) for one in found)
            if ours and msgspec.json.decode(value, type=WebSession).user == name:
                desk.remember(key, "")
    if keep:
        session.audit.record(at=session.now, actor=session.actor, action="user logout", why=name)
    return len(found)


def _owner(session: Session, word: str) -> str:
    name = agent_named(session, word).name
    if name != session.actor:
        must_be(session, "admin", "user sessions")
    return name


def _places(session: Session, desk: Desk, name: str) -> Iterator[Place]:
    rows = [(key.removeprefix(FACT), msgspec.json.decode(value, type=WebSession)) for key, value in desk.facts(FACT)]
    for key, one in sorted(rows, key=lambda row: row[1].seen, reverse=True):
        if one.user == name and not one.waits and not one.over(session.now):
            yield Place(key[:12], one)
