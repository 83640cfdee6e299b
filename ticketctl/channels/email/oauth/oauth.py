"""The access token of an account that was logged in with `ticketctl login`, renewed before it runs out.

A server may take the old refresh token back when it gives a new one (RFC 9700, 4.14.2). So one process at a time renews
a login; the new tokens are on the disk before the access token is used; and before the server is asked, what is there
is written once more, so that a full disk costs no login.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from ticketctl.channels.email.oauth.issuer import Declined, Issuer
from ticketctl.domain.settings.oauth import Granted, Login, OAuth
from ticketctl.errors import Busy, ChannelFailed, MissingExtra, NextStep, StoreFailed
from ticketctl.ports.channels import LoginGuide

PATIENCE = 120.0  # seconds: as long as another process may take to renew the login, its secret's command included


class Tokens(Protocol):
    """Where logins are kept; raises StoreFailed."""

    def read(self, account: str) -> bytes | None: ...
    def locked(self, account: str, seconds: float) -> AbstractContextManager[None]:
        """Raises Busy after `seconds`."""
        ...

    def write(self, account: str, content: bytes) -> None:
        """Durable when it returns."""
        ...

    def forget(self, account: str) -> bool: ...
    def uninterrupted(self) -> AbstractContextManager[None]:
        """Ctrl-C and the like wait until the block is done."""
        ...


class Account:
    """`name` is the source's (or "outgoing"), which is what `ticketctl login` takes; `user` the mail server's; the
    account's own `user` is who logs in. `now` is the instant of this run: what is asked for later is that much later.
    All raise ChannelFailed, with the next step."""

    def __init__(
        self, name: str, oauth: OAuth, user: str, *, tokens: Tokens, environ: Mapping[str, str], now: datetime
    ) -> None:
        self.name = name
        self.user = oauth.login or user
        self.oauth = oauth
        self.environ = environ
        self.id = oauth.account(user)
        self._tokens = tokens
        self._ahead = now - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + self._ahead

    def login(self) -> Login | None:
        """What is kept; None where nobody has logged in."""
        with self._storing():
            content = self._tokens.read(self.id)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=Login)
        except msgspec.MsgspecError:
            raise ChannelFailed(
                "{name}: what was kept of the login cannot be read: log in again",
                code="login_unreadable",
                name=self.name,
                next_step=NextStep("login", more=self.name),
            ) from None

    def access_token(self, refused: str = "") -> str:
        """One that should do; never the one that a server `refused`. Each call looks at the disk, where another process
        may have put a newer one."""
        login = self.login()
        if login is None:
            raise ChannelFailed(
                "{name}: nobody has logged in yet",
                code="not_logged_in",
                name=self.name,
                next_step=NextStep("login", more=self.name),
            )
        if not self._will_do(login, refused):
            with self._alone():
                login = self.login() or login
                if not self._will_do(login, refused):
                    login = self._renewed(login, refused)
        return login.access_token

    def log_in(self, way: str, guide: LoginGuide) -> Login:
        """With a person; see LoginGuide."""
        from ticketctl.channels.email.oauth.login import log_in

        return log_in(self, way, guide)

    def begin(self, given: Granted, issuer: Issuer) -> Login:
        """Keeps a new login."""
        now = self.now()
        login = Login(
            user=self.user,
            endpoints=issuer.at,
            access_token=given.access_token,
            refresh_token=given.refresh_token,
            expires_at=given.expires_at,
            refreshed_at=now,
            logged_in_at=now,
        )
        with self._alone():
            self._keep(login)
        return login

    def forget(self) -> bool:
        """Whether there was a login."""
        with self._alone():
            return self._tokens.forget(self.id)

    def _will_do(self, login: Login, refused: str) -> bool:
        return login.access_token != refused and login.fresh(self.now())

    def _renewed(self, login: Login, refused: str) -> Login:
        """Ahead of time: while the server of tokens is away, the old one does until its end."""
        if not login.refresh_token:
            raise ChannelFailed(
                "{name}: the login has run out and can't be renewed: log in again",
                code="login_expired",
                name=self.name,
                next_step=NextStep("login", more=self.name),
            )
        issuer = Issuer(self.name, self.oauth, login.endpoints, self.environ)
        self._keep(login)

        def keep(refresh_token: str) -> None:
            nonlocal login
            login = msgspec.structs.replace(login, refresh_token=refresh_token)
            try:
                self._keep(login)
            except ChannelFailed as error:
                raise _NotKept.because(error) from None

        with self._tokens.uninterrupted():  # else an answer could come that nobody keeps
            try:
                given = self._given(issuer, login, keep)
            except _Away:
                if login.access_token != refused and login.holds(self.now()):
                    return login
                raise
            login = login.renewed(given, self.now())
            self._keep(login)
        return login

    def _given(self, issuer: Issuer, login: Login, keep: Callable[[str], None]) -> Granted:
        """Raises ChannelFailed, as _Away where the same question may be answered later."""
        try:
            return issuer.refresh(login.refresh_token, self.now(), keep)
        except _NotKept:
            raise
        except MissingExtra as error:
            raise _Away("{name}: {reason}", code="login_cannot_be_renewed", name=self.name, reason=error) from None
        except Declined as error:
            if error.word in _PASSING or not error.word:
                raise _Away.because(error) from None
            raise ChannelFailed(
                "{reason}: log in again",
                code="login_no_longer_valid",
                reason=error,
                next_step=NextStep("login", more=self.name),
            ) from None
        except ChannelFailed as error:
            raise _Away.because(error) from None

    def _keep(self, login: Login) -> None:
        with self._storing():
            self._tokens.write(self.id, msgspec.json.encode(login))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._storing(), self._tokens.locked(self.id, PATIENCE):
            yield

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except (StoreFailed, Busy) as error:
            raise ChannelFailed(
                "{name}: the login cannot be used: {reason}", code="login_not_stored", name=self.name, reason=error
            ) from error


class _NotKept(ChannelFailed):
    """The server gave a new refresh token, and the disk does not take it."""


class _Away(ChannelFailed):
    """The server of tokens gave no answer that counts."""


_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
"""What a server says that is not well itself (RFC 6749, 4.1.2.1); after anything else it will say no again."""

OpenAccount = Callable[[str], Account | None]
"""The account of a source by its name, None where it has no `oauth:`."""


def nobody(_name: str) -> None:
    """Where there are no accounts."""
