"""OAuth 2 as far as it is values: where a provider's endpoints are, what is kept of a login, what a server granted.

Everything that is not told here (RFC 6749) comes from the server's own metadata (RFC 8414, OpenID Connect Discovery).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeGuard

import msgspec


class OAuth(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`provider` is a key of PROVIDERS, or "" where the `issuer` tells its endpoints. `client_secret_command` prints
    the secret of a client that has one. `scopes` () are the provider's. `login` is who logs in there, where that is
    another than the user of the mail server: a person who may open a shared mailbox."""

    client_id: str
    provider: str = ""
    issuer: str = ""
    tenant: str = ""
    client_secret_command: str = ""
    scopes: tuple[str, ...] = ()
    login: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The scopes to ask for."""
        return self.scopes or (PROVIDERS[self.provider].scopes if self.provider else ISSUER_SCOPES)

    def account(self, user: str) -> str:
        """A name for the login, fit for a file: servers that the same person is to log in to share one."""
        who = (self.login or user).lower()
        parts = (self.provider, self.issuer, self.tenant, self.client_id, *sorted(self.asked), who)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


class Endpoints(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server of tokens is asked; `device` or `authorization` is "" where it has none. `issuer` is what it must
    call itself in a redirect (RFC 9207), "" where it need not. `posts_secret`: a client's secret goes into the body."""

    token: str
    device: str = ""
    authorization: str = ""
    issuer: str = ""
    posts_secret: bool = True


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """`{tenant}` stands for the customer's own. `way`: how one logs in unless told otherwise. `loopback` is the host
    that the provider takes in a redirect to this machine, `extra` what its authorisation needs besides."""

    endpoints: Endpoints
    scopes: tuple[str, ...]
    way: str
    loopback: str = "127.0.0.1"
    extra: tuple[tuple[str, str], ...] = ()


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
PROVIDERS = {
    "microsoft": Provider(
        endpoints=Endpoints(
            token=f"{_MICROSOFT}/token", device=f"{_MICROSOFT}/devicecode", authorization=f"{_MICROSOFT}/authorize"
        ),
        scopes=(
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
        ),
        way="device",
        loopback="localhost",  # it takes any port of localhost, and no numbers
    ),
    "google": Provider(
        endpoints=Endpoints(
            token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address, no secret
            authorization="https://accounts.google.com/o/oauth2/v2/auth",
        ),
        scopes=("https://mail.google.com/",),
        way="browser",  # its device flow knows no scope for mail
        extra=(("access_type", "offline"), ("prompt", "consent")),  # or there is no refresh token
    ),
}
ISSUER_SCOPES = ("openid", "email", "offline_access")


def endpoints(oauth: OAuth) -> Endpoints:
    """Of a provider that is known here."""
    found = PROVIDERS[oauth.provider].endpoints
    changed = {name: getattr(found, name).format(tenant=oauth.tenant) for name in ("token", "device", "authorization")}
    return msgspec.structs.replace(found, **changed)


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered to a request for a token; `expires_at` is None where it did not say."""

    access_token: str
    refresh_token: str = ""
    expires_at: datetime | None = None
    scopes: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"Granted(expires_at={self.expires_at})"


_HEADER_TEXT = r"[\x21-\x7e]+"  # RFC 6749, A.12 allows a space too, which no header of a bearer does


def is_token(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(re.fullmatch(_HEADER_TEXT, value))


def granted(answer: Mapping[str, object], now: datetime) -> Granted:
    """Checked (RFC 6749, 5.1); raises ValueError that says what is wrong without repeating it."""
    access, refresh = answer.get("access_token"), answer.get("refresh_token") or ""
    if not is_token(access):
        raise ValueError("its answer has no access token that can be used")
    if refresh != "" and not is_token(refresh):
        raise ValueError("its answer has a refresh token that cannot be used")
    if str(answer.get("token_type", "")).lower() != "bearer":
        raise ValueError("its answer has a token that is no bearer token")
    scope = answer.get("scope")
    return Granted(
        access_token=access,
        refresh_token=refresh,
        expires_at=_expiry(answer.get("expires_in"), now),
        scopes=frozenset(scope.split()) if isinstance(scope, str) and scope.strip() else None,
    )


def _expiry(seconds: object, now: datetime) -> datetime | None:
    """Some servers write the number as text."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str) or seconds == "":
        return None
    try:
        count = float(seconds)
    except ValueError:
        return None
    return now + timedelta(seconds=count) if 0 <= count <= 366 * 86_400 else None


def missing(asked: tuple[str, ...], given: Granted) -> list[str]:
    """What was asked for and not granted. A server that says nothing granted all (RFC 6749, 5.1); those of OpenID
    Connect are often left out of what it says."""
    if given.scopes is None:
        return []
    have = {scope.lower().rstrip("/") for scope in given.scopes}
    about_us = {"openid", "email", "profile", "offline_access"}
    return [scope for scope in asked if scope.lower().rstrip("/") not in have | about_us]


class Login(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is kept of a login: the newest tokens and where the next are got. `refreshed_at` is when the access token
    was given."""

    user: str
    endpoints: Endpoints
    access_token: str
    refresh_token: str = ""
    expires_at: datetime | None = None
    refreshed_at: datetime
    logged_in_at: datetime

    def fresh(self, now: datetime) -> bool:
        """Whether the access token will do for a session that begins now: five minutes, or half of its life, before
        its end it is renewed. One that says no end does until it is refused."""
        if self.expires_at is None:
            return True
        life = self.expires_at - self.refreshed_at
        return self.refreshed_at - timedelta(minutes=5) <= now < self.expires_at - min(timedelta(minutes=5), life / 2)

    def holds(self, now: datetime) -> bool:
        """Whether the access token will do a moment longer."""
        return self.expires_at is not None and now < self.expires_at - timedelta(seconds=30)

    def renewed(self, given: Granted, now: datetime) -> Login:
        """With new tokens; without a new refresh token the old one stays good (RFC 6749, 6)."""
        return msgspec.structs.replace(
            self,
            access_token=given.access_token,
            refresh_token=given.refresh_token or self.refresh_token,
            expires_at=given.expires_at,
            refreshed_at=now,
        )

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, expires_at={self.expires_at})"
