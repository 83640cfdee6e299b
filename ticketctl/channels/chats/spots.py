"""How messages of ours remember where they belong: an id among the references of what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Spot(NamedTuple):
    """A chat of the source `source`, a thread in it ("": none), and the message that is answered, as the service
    numbers them."""

    source: str
    chat: str
    thread: str = ""
    message: str = ""


def reference(medium: str, spot: Spot) -> str:
    return f"{medium}-spot:{'/'.join(spot)}"


def conversation(medium: str, spot: Spot, person: str) -> str:
    """What somebody says in a chat, or in a thread of it."""
    return f"{medium}-talk:{spot.source}/{spot.chat}/{spot.thread}/{person}"


def spot_of(medium: str, references: Iterable[str]) -> Spot | None:
    """Where an answer to what has these references belongs: the newest."""
    begins = f"{medium}-spot:"
    found = [one.removeprefix(begins).split("/") for one in references if one.startswith(begins)]
    return Spot(*found[-1]) if found and len(found[-1]) == len(Spot._fields) else None
