"""Who may ask the desk's user into a room, and what is done about it, once that is committed."""

from __future__ import annotations

from typing import Any

from ticketctl.channels.matrix.client import Client, Json, MatrixError, quoted
from ticketctl.channels.matrix.upgrades import follow
from ticketctl.domain.config import MatrixSource

ENCRYPTED = (
    "This desk cannot read encrypted rooms. Please write in a room without encryption. / "
    "Vi kan inte läsa krypterade rum. Skriv gärna i ett rum utan kryptering."
)
NOT_FROM_THERE = "This desk takes no invitations from your server. / Vi tar inte emot inbjudningar från din server."
FULL = "This desk is in as many rooms as it can be. Please write later. / Vi är med i för många rum. Skriv senare."


def asked(config: MatrixSource, room: str, invite: Json) -> str:
    """What is to be done about an invitation, as a handle: its stripped state says whether the room is encrypted."""
    events = invite.get("invite_state", {}).get("events", [])
    state = [one for one in events if isinstance(one, dict)] if isinstance(events, list) else []
    if any(one.get("type") == "m.room.encryption" for one in state):
        return f"refuse {room} encrypted"
    own = [one for one in state if one.get("type") == "m.room.member" and one.get("state_key") == config.user]
    sender = str(own[-1].get("sender", "")) if own else ""
    return f"join {room}" if _is_allowed(config, sender) else f"refuse {room} server"


def _is_allowed(config: MatrixSource, user: str) -> bool:
    servers = config.servers or (config.user.partition(":")[2],)
    return bool(user) and ("*" in servers or user.partition(":")[2] in servers)


def answered(client: Client, handle: str) -> None:
    """Done twice it does no harm; a room that is gone meanwhile is passed over. Raises MatrixError."""
    what, _, rest = handle.partition(" ")
    room, _, more = rest.partition(" ")
    try:
        if what == "join":
            _join(client, room)
        elif what == "follow":
            follow(client, room, more)
        elif what == "refuse":
            _leave(client, room, {"encrypted": ENCRYPTED, "server": NOT_FROM_THERE}[more])
        elif what == "encrypted":
            content: dict[str, Any] = {"msgtype": "m.notice", "body": ENCRYPTED}
            client.put(f"/rooms/{quoted(room)}/send/m.room.message/encrypted-{quoted(more)}", content)
    except MatrixError as error:
        if not error.final:
            raise


def _join(client: Client, room: str) -> None:
    there = client.get("/joined_rooms").get("joined_rooms")
    if isinstance(there, list) and len(there) >= client.config.rooms and room not in there:
        _leave(client, room, FULL)
        return
    client.post(f"/rooms/{quoted(room)}/join", {})


def _leave(client: Client, room: str, reason: str) -> None:
    client.post(f"/rooms/{quoted(room)}/leave", {"reason": reason})
