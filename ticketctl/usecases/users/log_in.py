"""Logging in to the web pages: a password, and the code of an authenticator app where the agent has one."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

import msgspec

from ticketctl.errors import Refused
from ticketctl.usecases.session import Session
from ticketctl.usecases.users import guesses
from ticketctl.usecases.users.accounts import Account, account, save_account
from ticketctl.usecases.users.sessions import WebSession, begin, find_session, hashed


class LogIn(msgspec.Struct, frozen=True, kw_only=True):
    """`address` is where the request comes from, `device` what the browser was given after an earlier log-in,
    `before` the token of the session that it had until now."""

    user: str
    password: str
    address: str
    device: str = ""
    browser: str = ""
    before: str = ""


class GiveCode(msgspec.Struct, frozen=True, kw_only=True):
    """`token` is of the session that waits for it; `code` six digits, or a recovery code."""

    token: str
    code: str
    address: str
    device: str = ""


class LoggedIn(msgspec.Struct, frozen=True, kw_only=True):
    """`token` is for the browser's cookie; `waits`: a code is still asked for."""

    user: str
    token: str
    device: str
    waits: bool = False
    recovery_left: int | None = None


class WrongLogin(Refused):
    """Name, password or code."""


def log_in(session: Session, request: LogIn) -> LoggedIn:
    """Raises WrongLogin, whatever of it is wrong; TooMany."""
    session.must("log_in")
    keys = _counted(session, request.user, request.address, request.device)
    with session.store.reading() as desk:
        known = account(desk, request.user) if session.config.agent(request.user) else None
    right = session.app.credentials.fits(request.password, known.password if known else "")
    if not right or known is None:
        raise _wrong()
    waits = bool(known.secret)
    with session.store.transaction() as desk:
        if not waits:
            guesses.forget(desk, keys)
        one = WebSession(
            user=request.user, since=session.now, seen=session.now, browser=request.browser[:200], waits=waits
        )
        token = begin(desk, one, session.now, instead=request.before)
    device = request.device if len(keys) == 1 and " device " in keys[0] else guesses.new_device(session, request.user)
    if not waits:
        _record(session, request.user)
    return LoggedIn(user=request.user, token=token, device=device, waits=waits)


def give_code(session: Session, request: GiveCode) -> LoggedIn:
    """Raises WrongLogin for a wrong code, one that was used, or a session that does not wait (any more); TooMany."""
    session.must("log_in")
    waiting = find_session(session, request.token)
    if waiting is None or not waiting.waits:
        raise Refused("the log-in took too long; begin again", code="login_took_long")
    keys = _counted(session, waiting.user, request.address, request.device)
    with session.store.transaction() as desk:
        known = account(desk, waiting.user)
        used = _used(session, known, request.code.replace(" ", "").replace("-", "").lower()) if known else None
        if used is None:
            raise _wrong()
        save_account(desk, waiting.user, used)
        guesses.forget(desk, keys)
        one = msgspec.structs.replace(waiting, waits=False, since=session.now, seen=session.now)
        token = begin(desk, one, session.now, instead=request.token)
    _record(session, waiting.user)
    left = len(used.recovery) if known and used.recovery != known.recovery else None
    device = request.device or guesses.new_device(session, waiting.user)
    return LoggedIn(user=waiting.user, token=token, device=device, recovery_left=left)


def _counted(session: Session, user: str, address: str, device: str) -> tuple[str, ...]:
    keys = guesses.counted_under(session, user, address, device)
    with session.store.reading() as desk:
        guesses.must_not_wait(desk, keys, session.now)
    with session.store.transaction() as desk:
        guesses.count(desk, keys, session.now)
    return keys


def _used(session: Session, known: Account, code: str) -> Account | None:
    """The account without that code: each counts once (RFC 6238, 5.2). None where it is not right."""
    if len(code) == 6 and code.isascii() and code.isdecimal():
        step = session.app.credentials.step(known.secret, code, session.now) if known.secret else 0
        return msgspec.structs.replace(known, step=step) if step > known.step else None
    given = hashed(code)
    left = tuple(one for one in known.recovery if not hmac.compare_digest(one, given))
    return msgspec.structs.replace(known, recovery=left) if left != known.recovery else None


def _wrong() -> WrongLogin:
    return WrongLogin("that is not right: name, password or code", code="wrong_login")


def _record(session: Session, user: str) -> None:
    session.audit.record(at=session.now, actor=user, action="log in", why="")


class SecondStep(msgspec.Struct, frozen=True, kw_only=True):
    """Turning the code on, with one that the app shows for `secret`; or off with `secret` "". The password is asked
    for in both cases."""

    password: str
    secret: str = ""
    code: str = ""


class Offer(msgspec.Struct, frozen=True):
    """A secret that is not in use yet, as it will be stored and as it is typed into an app, and the address with it
    that an app reads."""

    secret: str
    shown: str
    address: str


def offer_second_step(session: Session, secret: str = "") -> Offer:
    """A new one, or the same once more after a wrong code."""
    session.must("second_step")
    credentials = session.app.credentials
    found = secret or credentials.new_secret()
    return Offer(found, credentials.shown(found), credentials.address(found, session.actor, session.config.name))


def second_step(session: Session, request: SecondStep) -> tuple[str, ...]:
    """The recovery codes, which are never shown again; none where it was turned off. Raises Refused for a wrong
    password or code."""
    session.must("second_step")
    from secrets import token_hex

    from ticketctl.usecases.users.accounts import must_be_user

    known, credentials = must_be_user(session, session.actor), session.app.credentials
    if not credentials.fits(request.password, known.password):
        raise Refused("that is not your password", code="wrong_password")
    made = ":" in request.secret  # by new_secret: no other is stored
    step = credentials.step(request.secret, request.code.replace(" ", ""), session.now) if made else 0
    if request.secret and not step:
        raise Refused("that is not the code that the app shows now", code="wrong_code")
    codes = tuple(token_hex(10) for _ in range(10)) if request.secret else ()
    stored = tuple(sha256(one.encode()).hexdigest() for one in codes)
    with session.store.transaction() as desk:
        now = account(desk, session.actor) or known
        save_account(
            desk,
            session.actor,
            msgspec.structs.replace(now, secret=request.secret, step=step, recovery=stored),
        )
    session.audit.record(
        at=session.now, actor=session.actor, action=f"second step {'on' if codes else 'off'}", why=session.actor
    )
    return tuple(f"{one[:5]}-{one[5:10]}-{one[10:15]}-{one[15:]}" for one in codes)


def expires(one: WebSession) -> datetime:
    """At the latest."""
    from ticketctl.usecases.users.sessions import LONGEST

    return one.since + LONGEST
