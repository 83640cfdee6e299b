"""Keys with which programs use the API. Only the hash of a key is kept: it is shown once, when it is made."""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from ticketctl.errors import Busy, Conflict, NoSuchTicket, StoreFailed, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import agent_named
from ticketctl.usecases.session import Session

FACT = "api key "  # facts of the desk: "api key shop" → an ApiKey
BYTES = 32  # 256 bits: nobody guesses one
PREFIX = "tk_"  # so that a key that leaked is known for what it is
NOTED_EVERY = timedelta(hours=1)
Scope = Literal["customer", "read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_NAME = re.compile(r"[a-zA-Z0-9][\w.-]{0,39}", re.ASCII)


class ApiKey(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`sha256` is of the key as it is sent (hex). What is done with it is done as `agent`. `used_at` is right to an
    hour."""

    name: str
    sha256: str
    agent: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    made_by: str
    expires_at: datetime | None = None
    used_at: datetime | None = None

    def may(self, *scopes: str) -> bool:
        """Whether it has one of those scopes."""
        return any(one in self.scopes for one in scopes)


class AddKey(msgspec.Struct, frozen=True, kw_only=True):
    """`agent` is as whom it acts ("": whoever adds it). `days` is for how long it is good, 0 for ever."""

    name: str
    scopes: tuple[str, ...]
    agent: str = ""
    days: int = 0


class Added(msgspec.Struct, frozen=True):
    """`secret` is the key itself, which is nowhere else."""

    key: ApiKey
    secret: str


class RevokeKey(msgspec.Struct, frozen=True, kw_only=True):
    name: str


def add_key(session: Session, request: AddKey, *, keep: bool = True) -> Added:
    """Raises NotAllowed; Usage for a name, scope or agent that is none; Conflict where the name is taken."""
    session.must("key add", keep=keep)
    if not _NAME.fullmatch(request.name):
        text = "{name!r} is not a name for a key; use letters, digits, . _ and -, at most 40"
        raise Usage(text, code="not_a_key_name", name=request.name)
    if not 0 <= request.days <= 3650:
        raise Usage("a key is good for 1 to 3650 days", code="not_key_days")
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    made = ApiKey(
        name=request.name,
        sha256=_hash(secret),
        agent=_agent(session, request.agent),
        scopes=_scopes(request.scopes),
        made_at=session.now,
        made_by=session.actor,
        expires_at=session.now + timedelta(days=request.days) if request.days else None,
    )
    with session.store.transaction(keep=keep) as desk:
        if desk.recall(FACT + made.name):
            raise Conflict("there is a key {name} already", code="key_taken", name=made.name)
        _remember(desk, made)
    if keep:
        why = f"{made.name} as {made.agent}: {', '.join(made.scopes)}"
        session.audit.record(at=session.now, actor=session.actor, action="key add", why=why)
    return Added(made, secret)


def revoke_key(session: Session, request: RevokeKey, *, keep: bool = True) -> ApiKey:
    """The key that is good for nothing from now on. Raises NotAllowed, NoSuchTicket."""
    session.must("key revoke", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        found = desk.recall(FACT + request.name)
        if not found:
            raise NoSuchTicket("there is no key {name}", code="no_key", name=request.name)
        desk.remember(FACT + request.name, "")
    if keep:
        session.audit.record(at=session.now, actor=session.actor, action="key revoke", why=request.name)
    return _decoded(found)


def keys(session: Session) -> tuple[ApiKey, ...]:
    """All of them, by name."""
    session.must("key list")
    return tuple(_decoded(value) for _, value in sorted(session.store.facts(FACT).items()))


def use_key(session: Session, secret: str) -> ApiKey | None:
    """The key that this is, and that it was used; None for one that was never given, was revoked or is over. What is
    compared are hashes: how long that takes tells nothing of the key."""
    wanted = _hash(secret)
    found = (_decoded(value) for value in session.store.facts(FACT).values())
    key = next((one for one in found if secrets.compare_digest(one.sha256, wanted)), None)
    if key is None or (key.expires_at is not None and key.expires_at <= session.now):
        return None
    if key.used_at is None or session.now - key.used_at >= NOTED_EVERY:
        with suppress(Busy, StoreFailed):  # whoever has the desk now must not keep the program out
            _note_use(session, key)
    return key


def _note_use(session: Session, key: ApiKey) -> None:
    with session.store.transaction() as desk:
        if stored := desk.recall(FACT + key.name):
            _remember(desk, msgspec.structs.replace(_decoded(stored), used_at=session.now))


def _remember(desk: Desk, key: ApiKey) -> None:
    desk.remember(FACT + key.name, msgspec.json.encode(key).decode())


def _decoded(value: str) -> ApiKey:
    return msgspec.json.decode(value, type=ApiKey)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _scopes(words: tuple[str, ...]) -> tuple[Scope, ...]:
    found = [one for one in SCOPES if one in words]
    if len(found) != len(set(words)) or not found:
        text = "a key has one or more of the scopes {known}"
        raise Usage(text, code="not_scopes", known=", ".join(SCOPES))
    if "customer" in found and len(found) > 1:
        raise Usage("the scope customer goes alone: it sees less than the others", code="customer_scope_alone")
    return tuple(found)


def _agent(session: Session, name: str) -> str:
    if not name and session.config.agent(session.actor) is None:
        return session.actor  # a desk without team:
    return agent_named(session, name or "me").name
