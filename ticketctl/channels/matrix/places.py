"""How messages of ours remember where they belong: ids among their references."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_ROOM, _THREAD, _TALK = "matrix-room:", "matrix-thread:", "matrix-talk:"


class Spot(NamedTuple):
    """A room of the source `source`, and in it a thread, "" for the room itself."""

    source: str
    room: str
    thread: str


def references(source: str, room: str, thread: str) -> tuple[str, ...]:
    return (f"{_ROOM}{source}/{room}", *([f"{_THREAD}{thread}"] if thread else []))


def conversation(source: str, room: str, person: str, thread: str) -> str:
    """What somebody says in a room, or in a thread of it."""
    return f"{_TALK}{source}/{room}/{person}" + (f"/{thread}" if thread else "")


def spot(found: Iterable[str]) -> Spot | None:
    """Where an answer to what has these references belongs."""
    rooms = [one.removeprefix(_ROOM) for one in found if one.startswith(_ROOM)]
    threads = [one.removeprefix(_THREAD) for one in found if one.startswith(_THREAD)]
    if not rooms:
        return None
    source, _, room = rooms[-1].partition("/")
    return Spot(source, room, threads[-1] if threads else "")
