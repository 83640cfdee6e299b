"""Logging in to a mail server with an OAuth 2 access token: the SASL mechanisms OAUTHBEARER (RFC 7628) and XOAUTH2
(Google's and Microsoft's, from before the RFC)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Bearer:
    """One try. `told` is " (invalid_token)", in the server's words, once it has refused; "" where it said nothing."""

    def __init__(self, user: str, token: str, host: str, port: int) -> None:
        self.told = ""
        self._said = False
        self._user = user
        self._token = token
        self._host = host
        self._port = port

    def mechanism(self, offered: Iterable[str]) -> str:
        return "OAUTHBEARER" if "OAUTHBEARER" in {one.upper() for one in offered} else "XOAUTH2"

    def first(self, mechanism: str) -> bytes:
        """What is said at first."""
        self._said = True
        if mechanism == "XOAUTH2":
            return f"user={self._user}\x01auth=Bearer {self._token}\x01\x01".encode()
        name = self._user.replace("=", "=3D").replace(",", "=2C")  # saslname (RFC 5801)
        return f"n,a={name},\x01host={self._host}\x01port={self._port}\x01auth=Bearer {self._token}\x01\x01".encode()

    def answer(self, mechanism: str, challenge: bytes) -> bytes:
        """To a challenge: an empty one asks for what is said at first, once; any other is the reason of a refusal,
        which comes as a plain "no" once this is answered."""
        if not (challenge or self._said):
            return self.first(mechanism)
        told = _reason(challenge)
        self.told = "" if self._token in told else told
        return b"" if mechanism == "XOAUTH2" else b"\x01"


class _Reason(msgspec.Struct):
    """RFC 7628, 3.2.2."""

    status: str = ""


def _reason(challenge: bytes) -> str:
    """The word of the server: "invalid_token", or with XOAUTH2 an HTTP status."""
    try:
        status = msgspec.json.decode(challenge, type=_Reason).status
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return f" ({status})" if status.replace("_", "").isalnum() and len(status) <= 40 else ""
