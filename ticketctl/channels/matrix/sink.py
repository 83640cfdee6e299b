"""Answers go into the room and thread of what they answer, under the transaction id of their own: what is sent again
after a crash is there once (Matrix client-server API v1.11, 5.7: "transaction identifiers")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from ticketctl.channels.matrix.client import Client, Json, MatrixError, quoted
from ticketctl.channels.matrix.events import OWN_ID
from ticketctl.channels.matrix.media import must_fit, uploaded
from ticketctl.channels.matrix.places import Spot, spot
from ticketctl.channels.matrix.upgrades import newest_room
from ticketctl.domain.config import MatrixSource
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Receipt, SendFailed
from ticketctl.ports.plain_message import PlainFile, PlainMessage

LONGEST = 30_000  # bytes of text in one event; servers take 65,536 of the whole event


class MatrixSink:
    name = "matrix"

    def __init__(self, sources: Sequence[MatrixSource], *, environ: Mapping[str, str], folder: Path) -> None:
        self._clients = {one.name: Client(one, environ=environ, folder=folder) for one in sources}
        self._rooms: dict[tuple[str, str], str] = {}
        self._late: set[str] = set()

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        said = msgspec.json.decode(raw, type=PlainMessage)
        found = spot(said.references)
        if found is not None and found.source not in self._clients:
            text = "rules.yaml has no matrix source {name} any more, in whose room this belongs"
            raise SendFailed(text, code="matrix_source_gone", name=found.source)
        client = self._clients[found.source] if found else next(iter(self._clients.values()))
        key = found.room if found else recipients[0]
        if key in self._late:
            raise SendFailed(
                "{name}: waits for what was written before", code="matrix_in_order", name=client.config.name
            )
        try:
            client.begin()
            room = self._room(client, found, recipients[0])
            detail = ""
            for number, content in enumerate(self._contents(client, said, found, recipients)):
                transaction = sha256(f"{said.id} {number}".encode()).hexdigest()[:40]
                detail = str(
                    client.put(f"/rooms/{quoted(room)}/send/m.room.message/{transaction}", content).get("event_id")
                )
        except SendFailed:
            raise
        except MatrixError as error:
            if not error.final:
                self._late.add(key)
            raise SendFailed("{reason}", code="matrix_not_sent", permanent=error.final, reason=str(error)) from error
        except ChannelFailed as error:
            raise SendFailed("{reason}", code="matrix_not_sent", reason=str(error)) from error
        return Receipt(detail)

    def check(self) -> str:
        for client in self._clients.values():
            client.begin()
        return ", ".join(client.config.user for client in self._clients.values())

    def close(self) -> None:
        self._late.clear()
        self._rooms.clear()
        for client in self._clients.values():
            client.close()

    def _room(self, client: Client, found: Spot | None, person: str) -> str:
        key = (client.config.name, found.room if found else person)
        if key not in self._rooms:
            room = newest_room(client, found.room) if found else _direct(client, person)
            if client.maybe(f"/rooms/{quoted(room)}/state/m.room.encryption/") is not None:
                text = "{name}: the room is encrypted now; nothing is sent into it in clear. Ask for another room"
                raise SendFailed(text, code="matrix_room_encrypted", permanent=True, name=client.config.name)
            self._rooms[key] = room
        return self._rooms[key]

    def _contents(
        self, client: Client, said: PlainMessage, found: Spot | None, recipients: Sequence[str]
    ) -> Iterator[Json]:
        for file in said.files:
            must_fit(client, file)
        kind = "m.notice" if said.machine else "m.text"
        frame = {OWN_ID: said.id, **_relation(said, found), "m.mentions": {"user_ids": list(recipients)}}
        for part in parts(said.text):
            yield {"msgtype": kind, "body": part, **frame}
        for file in said.files:
            yield {**_shape(file), "url": uploaded(client, file), OWN_ID: said.id, **_relation(said, found)}


def _relation(said: PlainMessage, found: Spot | None) -> Json:
    answers = said.answers if said.answers.startswith("$") else ""
    reply = {"m.in_reply_to": {"event_id": answers}} if answers else {}
    if found and found.thread:
        thread = {"rel_type": "m.thread", "event_id": found.thread, "is_falling_back": True}
        return {"m.relates_to": {**thread, "m.in_reply_to": {"event_id": answers or found.thread}}}
    return {"m.relates_to": reply} if reply else {}


def _shape(file: PlainFile) -> Json:
    major = file.type.partition("/")[0]
    kind = {"image": "m.image", "audio": "m.audio", "video": "m.video"}.get(major, "m.file")
    info = {"mimetype": file.type, "size": len(file.data)}
    return {"msgtype": kind, "body": file.name, "filename": file.name, "info": info}


def parts(text: str) -> list[str]:
    """A long text in pieces that fit, cut at ends of paragraphs, lines or words where there are any."""
    found: list[str] = []
    rest = text
    while len(rest.encode()) > LONGEST:
        cut = len(rest.encode()[:LONGEST].decode("utf-8", "ignore"))
        end = next((at + len(sign) for sign in ("\n\n", "\n", " ") if (at := rest.rfind(sign, cut // 2, cut)) > 0), cut)
        found.append(rest[:end].rstrip())
        rest = rest[end:]
    return [*found, rest] if rest or not found else found


def _direct(client: Client, person: str) -> str:
    """The direct chat with them, a new one where there is none."""
    path = f"/user/{quoted(client.config.user)}/account_data/m.direct"
    known = client.maybe(path) or {}
    there = client.get("/joined_rooms").get("joined_rooms")
    rooms = known.get(person)
    for room in rooms if isinstance(rooms, list) else ():
        if isinstance(there, list) and room in there:
            return str(room)
    made = client.post("/createRoom", {"preset": "trusted_private_chat", "is_direct": True, "invite": [person]})
    room = str(made.get("room_id", ""))
    client.put(path, {**known, person: [room, *(rooms if isinstance(rooms, list) else [])]})
    return room
