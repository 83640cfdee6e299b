"""Rooms that were upgraded: the conversation goes on in the room that replaces them."""

from __future__ import annotations

import time
from typing import Any

from ticketctl.channels.matrix.client import Client, Json, MatrixError, quoted
from ticketctl.domain.config import MatrixSource

CHAIN = 10  # rooms that follow one another
DAY = 86_400_000  # milliseconds: a room that took the place of another is followed no further for so long


def moved_to(client: Client, config: MatrixSource, room: str, tombstone: Json) -> str:
    """The handle of what is to be done about a tombstone, "" for nothing. Only who may send one has made it."""
    content: Any = tombstone.get("content")
    new = content.get("replacement_room") if isinstance(content, dict) else None
    return (
        f"follow {new} {room}"
        if isinstance(new, str) and new.startswith("!") and " " not in new and new != room
        else ""
    )


def follow(client: Client, new: str, old: str) -> None:
    """Joins the new room where that is open to us or we are invited, and are not in too many rooms. One who upgrades
    again and again leads us on once a day. Raises MatrixError."""
    there = client.get("/joined_rooms").get("joined_rooms")
    full = isinstance(there, list) and len(there) >= client.config.rooms
    created = client.maybe(f"/rooms/{quoted(old)}/state/m.room.create/?format=event") or {}
    content, made = created.get("content"), created.get("origin_server_ts")
    upgraded = isinstance(content, dict) and "predecessor" in content
    if full or (upgraded and isinstance(made, int) and time.time() * 1000 - made < DAY):
        return
    via = new.partition(":")[2] or client.config.user.partition(":")[2]  # ids of newer rooms name no server
    client.post(f"/join/{quoted(new)}?via={quoted(via)}", {})


def first_room(client: Client, room: str) -> str:
    """The room that this one replaces, by whatever number of upgrades; itself where it replaces none."""
    seen = [room]
    while len(seen) <= CHAIN:
        created = client.maybe(f"/rooms/{quoted(seen[-1])}/state/m.room.create/") or {}
        before = created.get("predecessor")
        old = before.get("room_id") if isinstance(before, dict) else None
        if not isinstance(old, str) or old in seen or not _names(client, old, seen[-1]):
            return seen[-1]
        seen.append(old)
    return seen[-1]


def newest_room(client: Client, room: str) -> str:
    """Where that conversation goes on now: the last of the chain that we are in."""
    seen = [room]
    while len(seen) <= CHAIN:
        found = client.maybe(f"/rooms/{quoted(seen[-1])}/state/m.room.tombstone/") or {}
        new = found.get("replacement_room")
        if not isinstance(new, str) or not new.startswith("!") or new in seen:
            return seen[-1]
        if client.maybe(f"/rooms/{quoted(new)}/state/m.room.create/") is None:
            return seen[-1]  # not let in
        seen.append(new)
    return seen[-1]


def _names(client: Client, old: str, new: str) -> bool:
    """Whether the old room says so too: anybody may write into a new room that it replaces another."""
    try:
        found = client.maybe(f"/rooms/{quoted(old)}/state/m.room.tombstone/") or {}
    except MatrixError:
        return False
    return found.get("replacement_room") == new
