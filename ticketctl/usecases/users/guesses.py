"""How often a password was tried, so that nobody can try many. Kept across restarts.

Each attempt is counted before it is looked at, in one commit: many at once gain nothing. After some failures every
further one must wait, longer each time and at most LONGEST: nobody is locked out for ever. A browser in which somebody
has logged in before has its own count, so that a stranger's guesses do not keep the rightful one out (OWASP, "Device
Cookies").
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

import msgspec

from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

FACT = "guess "  # facts of the desk: "guess user bo" → Guesses
FREE = {"user": 5, "device": 10, "from": 20}  # failures without a wait
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)


class Guesses(msgspec.Struct, frozen=True):
    """Failures since the last success, the last one at `at`."""

    count: int
    at: datetime

    def free_at(self, kind: str) -> datetime:
        over = self.count - FREE[kind]
        return self.at if over < 0 else self.at + min(LONGEST, timedelta(seconds=2 ** min(over, 20)))


class TooMany(Refused):
    """Whoever asks must wait: the fact `seconds`."""


def _too_many(wait: timedelta) -> TooMany:
    seconds = int(wait.total_seconds()) + 1
    return TooMany("too many attempts; try again in {seconds} s", code="too_many_guesses", seconds=seconds)


def counted_under(session: Session, user: str, address: str, device: str) -> tuple[str, ...]:
    """The counts of an attempt. `device` is a browser in which this user has logged in before."""
    if device and is_device(session, user, device):
        return (f"{FACT}device {sha256(device.encode()).hexdigest()[:32]}",)
    source = hmac.new(session.key, f"guess {network(address)}".encode(), sha256).hexdigest()[:32]
    known = session.config.agent(user) is not None  # a name that nobody has is not kept: anybody could write it
    return (*([f"{FACT}user {user}"] if known else []), f"{FACT}from {source}")


def network(address: str) -> str:
    """Of IPv6 the first 64 bits: a household has so many addresses."""
    if ":" not in address:
        return address
    from ipaddress import IPv6Address, IPv6Network

    try:
        return str(IPv6Network((IPv6Address(address.partition("%")[0]), 64), strict=False))
    except ValueError:
        return address


def count(desk: Desk, keys: Sequence[str], now: datetime) -> None:
    """One more attempt. Raises TooMany, and then it is not counted."""
    found = {key: _guesses(desk, key) for key in keys}
    waits = [one.free_at(key.split(" ")[1]) - now for key, one in found.items() if one]
    if left := [wait for wait in waits if wait > timedelta()]:
        raise _too_many(max(left))
    for key, value in list(desk.facts(FACT)):
        if now - msgspec.json.decode(value, type=Guesses).at > FORGOTTEN:
            desk.remember(key, "")
            found[key] = None
    for key in keys:
        before = found[key]
        one = Guesses(before.count + 1 if before else 1, now)
        desk.remember(key, msgspec.json.encode(one).decode())


def must_not_wait(desk: Desk, keys: Sequence[str], now: datetime) -> None:
    """The same question without a commit: a flood of guesses writes nothing. Raises TooMany."""
    for key in keys:
        one = _guesses(desk, key)
        if one and one.free_at(key.split(" ")[1]) > now:
            raise _too_many(one.free_at(key.split(" ")[1]) - now)


def forget(desk: Desk, keys: Sequence[str]) -> None:
    """After a success."""
    for key in keys:
        desk.remember(key, "")


def new_device(session: Session, user: str) -> str:
    """What a browser is known by later, signed."""
    noise = token_urlsafe(12)
    return f"{noise}.{_signed(session, user, noise)}"


def is_device(session: Session, user: str, device: str) -> bool:
    noise, _, signature = device.partition(".")
    return hmac.compare_digest(signature.encode(), _signed(session, user, noise).encode())


def _signed(session: Session, user: str, noise: str) -> str:
    return hmac.new(session.key, f"device {user} {noise}".encode(), sha256).hexdigest()


def _guesses(desk: Desk, key: str) -> Guesses | None:
    value = desk.recall(key)
    return msgspec.json.decode(value, type=Guesses) if value else None
