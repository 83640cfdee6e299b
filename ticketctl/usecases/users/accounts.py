"""Passwords of agents, and who has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from ticketctl.domain.settings.settings import Agent, Role
from ticketctl.errors import NextStep, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import agent_named
from ticketctl.usecases.permissions import must_be
from ticketctl.usecases.session import Session

FACT = "login "  # facts of the desk: "login bo" → an Account
SHORTEST, LONGEST = 12, 256  # characters of a password; NIST SP 800-63B-4, 3.1.1.2 asks for 8 or more, and no rules


class Account(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`password` as argon2 stores it. `secret` and a key make the secret of the authenticator app ("": there is none);
    `step` is the last of its half minutes whose code was used, `recovery` the sha256 of the codes that replace it.
    `keys`: single letters are commands on the pages."""

    password: str
    since: datetime
    secret: str = ""
    step: int = 0
    recovery: tuple[str, ...] = ()
    keys: bool = True


class SetPassword(msgspec.Struct, frozen=True, kw_only=True):
    """`agent` may be "me". `old` is asked of who changes their own on a page (None: not asked). `without_code`: the
    second step is off from now on."""

    agent: str
    password: str
    old: str | None = None
    without_code: bool = False


class User(msgspec.Struct, frozen=True):
    """An agent who may log in; `sessions` counts where they are. `of_team`: rules.yaml still names them."""

    name: str
    role: Role
    since: datetime
    second_step: bool
    sessions: int
    of_team: bool = True


def add_user(session: Session, request: SetPassword, *, keep: bool = True) -> User:
    """Raises Usage for a password that is too short, Refused where they have one, NotAllowed."""
    session.must("user add", keep=keep)
    agent = agent_named(session, request.agent)
    must_be_strong(agent, request.password)
    hashed = session.app.credentials.hashed(request.password)
    with session.store.transaction(keep=keep) as desk:
        if account(desk, agent.name):
            raise Refused(
                "{name} can log in already",
                code="is_user",
                name=agent.name,
                next_step=NextStep("user password", more=agent.name, then="gives another password"),
            )
        save_account(desk, agent.name, Account(password=hashed, since=session.now))
    if keep:
        _record(session, "user add", agent.name)
    return User(agent.name, agent.role, session.now, False, 0)


def set_password(session: Session, request: SetPassword, *, keep: bool = True) -> User:
    """Ends all their sessions. Somebody else's is for an admin. Raises Usage, Refused, NotAllowed."""
    session.must("user password", keep=keep)
    agent = agent_named(session, request.agent)
    if agent.name != session.actor and keep:
        must_be(session, "admin", "user password")
    must_be_strong(agent, request.password)
    known = must_be_user(session, agent.name)
    if request.old is not None and not session.app.credentials.fits(request.old, known.password):
        raise Refused("that is not your password until now", code="wrong_old_password")
    hashed = session.app.credentials.hashed(request.password)
    with session.store.transaction(keep=keep) as desk:
        found = account(desk, agent.name) or known
        found = msgspec.structs.replace(found, password=hashed, since=session.now)
        if request.without_code:
            found = msgspec.structs.replace(found, secret="", step=0, recovery=())
        save_account(desk, agent.name, found)
        forget_all(desk, agent.name)
    if keep:
        _record(session, "user password", agent.name)
    return User(agent.name, agent.role, session.now, bool(found.secret), 0)


def remove_user(session: Session, name: str, *, keep: bool = True) -> str:
    """They cannot log in from now on, and are nowhere logged in; also somebody who is no more in `team:`. Raises
    Refused, NotAllowed."""
    session.must("user remove", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        if not account(desk, name):
            raise no_user(name)
        desk.remember(f"{FACT}{name}", "")
        forget_all(desk, name)
        for key, _ in list(desk.facts(f"view {name} ")):
            desk.remember(key, "")
    if keep:
        _record(session, "user remove", name)
    return name


def users(session: Session) -> tuple[User, ...]:
    """In order of name."""
    session.must("user list")
    with session.store.reading() as desk:
        found = list(accounts(desk))
        owners = [value for _, value in desk.facts("session ")]
    counted = [msgspec.json.decode(one)["user"] for one in owners]
    return tuple(_user(session, name, one, counted.count(name)) for name, one in found)


def _user(session: Session, name: str, one: Account, sessions: int) -> User:
    agent = session.config.agent(name)
    return User(name, agent.role if agent else "viewer", one.since, bool(one.secret), sessions, agent is not None)


def accounts(desk: Desk) -> Iterator[tuple[str, Account]]:
    for key, value in desk.facts(FACT):
        yield key.removeprefix(FACT), msgspec.json.decode(value, type=Account)


def account(desk: Desk, name: str) -> Account | None:
    value = desk.recall(f"{FACT}{name}")
    return msgspec.json.decode(value, type=Account) if value else None


def save_account(desk: Desk, name: str, one: Account) -> None:
    desk.remember(f"{FACT}{name}", msgspec.json.encode(one).decode())


def must_be_user(session: Session, name: str) -> Account:
    """Raises Refused where that agent has no password."""
    with session.store.reading() as desk:
        found = account(desk, name)
    if found is None:
        raise no_user(name)
    return found


def no_user(name: str) -> Refused:
    step = NextStep("user add", more=name, then="gives them a password")
    return Refused("{name} cannot log in: there is no password", code="no_user", name=name, next_step=step)


def must_be_strong(agent: Agent, password: str) -> None:
    """Raises Usage."""
    if len(password) < SHORTEST or len(password) > LONGEST:
        raise Usage(
            "a password has {least} to {most} characters; a few words that nobody else would put together are good",
            code="password_length",
            least=SHORTEST,
            most=LONGEST,
        )
    low = password.casefold()
    if len(set(password)) < 5 or low in (2 * agent.name, agent.email.casefold()) or "ticketctl" in low:
        raise Usage("that password is easy to guess; take a few words that do not belong together", code="easy_guess")


def forget_all(desk: Desk, name: str) -> None:
    """The sessions of that user, and the guesses that were made at their password."""
    for key, value in list(desk.facts("session ")):
        if msgspec.json.decode(value)["user"] == name:
            desk.remember(key, "")
    desk.remember(f"guess user {name}", "")


def _record(session: Session, action: str, name: str) -> None:
    session.audit.record(at=session.now, actor=session.actor, action=action, why=name)
