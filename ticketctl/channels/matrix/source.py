"""A Matrix account as a source: what people write in its rooms since the token of the last sync. Nothing is changed on
the server before what came with it is committed: invitations are answered by `acknowledge`.

A sync gives the newest events of each room and says where it left some out (`limited`); those are fetched backwards to
where the last sync ended. A token is behind all that came with it, so that only the last message of a sync carries the
new one: whoever is killed in between reads the same again, and knows it by its event id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ticketctl.channels.matrix.client import Client, Json, MatrixError, quoted
from ticketctl.channels.matrix.events import ENCRYPTED, OWN_ID, Said, said
from ticketctl.channels.matrix.invitations import answered, asked
from ticketctl.channels.matrix.media import fetched_file
from ticketctl.channels.matrix.places import conversation, references
from ticketctl.channels.matrix.upgrades import first_room, moved_to
from ticketctl.domain.config import MatrixSource
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.channels import Fetched, Listener, Place, Undecided
from ticketctl.ports.plain_message import PlainFile, PlainMessage

LIVE = 50  # events of a room in one sync
PAGE = 100  # events of a page of history
BEFORE = 500  # events before our own entry into a room that are looked through for the invitation
_NONE: Json = {"types": []}
_ROOM = {"timeline": {"limit": LIVE}, "state": {"lazy_load_members": True}, "ephemeral": _NONE, "account_data": _NONE}
FILTER = {"room": _ROOM, "presence": _NONE, "account_data": _NONE}


class MatrixRooms:
    expected = 0
    waits = True
    settles = "answered"

    def __init__(self, config: MatrixSource, *, environ: Mapping[str, str], folder: Path) -> None:
        self.name = config.name
        self.undecided: list[Undecided] = []
        self._config = config
        self._client = Client(config, environ=environ, folder=folder)
        self._names: dict[tuple[str, str], str] = {}
        self._roots: dict[str, str] = {}
        self._since = ""

    def mailboxes(self) -> Sequence[str]:
        return [self.name]

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        return []

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        """What was written before the first sync is not ours to read; invitations that wait are answered."""
        place = places.get(self.name) or Place(0, 0)
        self._client.begin()
        synced = self._sync(place.token, 0)
        token = str(synced.get("next_batch", ""))
        number = place.uid
        rooms = _map(synced.get("rooms"))
        for one in self._news(rooms, place.token) if place.token else ():
            number += 1
            yield self._fetched(one, number, place.token)
        for room, invite in sorted(_map(rooms.get("invite")).items()):
            number += 1
            yield self._mark(number, place.token, asked(self._config, room, _map(invite)))
        if number > place.uid or not place.token:
            yield self._mark(number + 1, token)

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        self._client.begin()
        for one in messages:
            answered(self._client, one.handle)

    def listeners(self) -> Sequence[Listener]:
        return [self]

    def listen(self, seconds: float, begun: Callable[[], None]) -> bool:
        """A sync that waits for news. What comes is not looked at: `fetch` reads it from its own place on."""
        self._client.begin(seconds + self._config.deadline)
        if not self._since:
            self._since = str(self._sync("", 0).get("next_batch", ""))
        begun()
        left = seconds
        while left > 0:
            synced = self._sync(self._since, min(left, 30.0))
            self._since = str(synced.get("next_batch", ""))
            rooms = _map(synced.get("rooms"))
            if rooms.get("join") or rooms.get("invite"):
                break
            left -= 30.0
        return True

    def check(self) -> str:
        self._client.begin()
        rooms = self._client.get("/joined_rooms").get("joined_rooms")
        count = len(rooms) if isinstance(rooms, list) else 0
        return f"{self._config.user} on {self._config.server}: {count} rooms"

    def close(self) -> None:
        self._client.close()

    # --- what is new ---

    def _sync(self, since: str, seconds: float) -> Json:
        query = {"filter": msgspec.json.encode(FILTER).decode(), "timeout": str(int(seconds * 1000))}
        return self._client.get("/sync", {**query, "since": since} if since else query)

    def _news(self, rooms: Json, since: str) -> Iterator[Said | Fetched]:
        """What persons said, room by room, in the order of the room; marks of what is to be done about a room."""
        for room, joined in sorted(_map(rooms.get("join")).items()):
            events = self._events(room, _map(joined), since)
            for event in events:
                if event.get("type") == "m.room.encryption" and "state_key" in event:
                    yield self._mark(0, since, f"encrypted {room} {event.get('event_id', '')}")
                elif event.get("type") == "m.room.tombstone" and event.get("state_key") == "":
                    handle = moved_to(self._client, self._config, room, event)
                    if handle:
                        yield self._mark(0, since, handle)
                elif one := self._of_person(room, event):
                    yield one

    def _of_person(self, room: str, event: Json) -> Said | None:
        if event.get("sender") in (self._config.user, *self._config.team):
            return None
        return said(room, event)

    def _events(self, room: str, joined: Json, since: str) -> list[Json]:
        timeline = _map(joined.get("timeline"))
        events = _list(timeline.get("events"))
        for event in (*_list(_map(joined.get("state")).get("events")), *events):
            self._note_name(room, event)
        before = str(timeline.get("prev_batch", ""))
        if timeline.get("limited") and before:
            events = [*self._gap(room, before, since), *events]
        if before and any(_is_own(event, self._config.user, "join") for event in events):
            events = self._since_invited(room, before, events)
        return events

    def _gap(self, room: str, before: str, since: str) -> list[Json]:
        """What a sync left out, oldest first."""
        found: list[Json] = []
        while before:
            query = {"dir": "b", "from": before, "to": since, "limit": str(PAGE)}
            page = self._client.get(f"/rooms/{quoted(room)}/messages", query)
            chunk = _list(page.get("chunk"))
            found += chunk
            before = str(page.get("end", "")) if chunk else ""
        return found[::-1]

    def _since_invited(self, room: str, before: str, events: list[Json]) -> list[Json]:
        """With what was written between the invitation and our entry: that lies before the last sync, where the
        invitation came with that."""
        known = {event.get("event_id") for event in events}
        if any(_is_own(event, self._config.user, "invite") for event in events):
            return events
        found: list[Json] = []
        while before and len(found) < BEFORE:
            query = {"dir": "b", "from": before, "limit": str(PAGE)}
            page = self._client.get(f"/rooms/{quoted(room)}/messages", query)
            chunk = _list(page.get("chunk"))
            found += [event for event in chunk if event.get("event_id") not in known]
            invited = [at for at, event in enumerate(found) if _is_own(event, self._config.user, "invite")]
            if invited:
                return [*found[: invited[0]][::-1], *events]
            before = str(page.get("end", "")) if chunk else ""
        return events  # a public room: what was said before we came is not ours

    # --- one message ---

    def _fetched(self, one: Said | Fetched, number: int, token: str) -> Fetched:
        if isinstance(one, Fetched):
            return msgspec.structs.replace(one, uid=number)
        raw = msgspec.json.encode(self._message(one))
        return Fetched(
            mailbox=self.name,
            raw=raw,
            arrived_at=one.at,
            validity=1,
            uid=number,
            size=len(raw),
            medium="matrix",
            token=token,
        )

    def _mark(self, number: int, token: str, handle: str = "") -> Fetched:
        at = datetime.min.replace(tzinfo=UTC)
        return Fetched(
            mailbox=self.name, raw=b"", arrived_at=at, validity=1, uid=number, handle=handle, token=token, mark=True
        )

    def _message(self, one: Said) -> PlainMessage:
        room = self._root(one.room)
        files: tuple[PlainFile, ...] = ()
        nature = [ENCRYPTED] if one.encrypted else []
        if one.file is not None:
            file, why = fetched_file(self._client, one.file)
            files, nature = ((file,) if file else ()), [*nature, *filter(None, [why])]
        answers = one.answers or one.thread
        return PlainMessage(
            id=one.id,
            sender=Person(one.sender, self._name(one.room, one.sender), "matrix"),
            text=one.text,
            at=one.at,
            answers=self._ours(one.room, answers) if answers else "",
            references=references(self.name, one.room, one.thread),
            conversation=conversation(self.name, room, one.sender, one.thread),
            new_matter=one.new_matter,
            quiet=self._config.quiet * 3600,
            files=files,
            nature=tuple(nature),
            edits=one.edits,
            redacts=one.redacts,
        )

    def _ours(self, room: str, event_id: str) -> str:
        """The id of the message of ours that this event is; of another's message its event id."""
        event = self._client.maybe(f"/rooms/{quoted(room)}/event/{quoted(event_id)}") or {}
        own = _map(event.get("content")).get(OWN_ID)
        return own if isinstance(own, str) and event.get("sender") == self._config.user else event_id

    def _root(self, room: str) -> str:
        if room not in self._roots:
            self._roots[room] = first_room(self._client, room)
        return self._roots[room]

    def _name(self, room: str, user: str) -> str:
        if (room, user) not in self._names:
            try:
                found = self._client.maybe(f"/profile/{quoted(user)}/displayname") or {}
            except MatrixError:
                found = {}
            self._names[room, user] = _one_line(found.get("displayname"))
        return self._names[room, user]

    def _note_name(self, room: str, event: Json) -> None:
        if event.get("type") == "m.room.member" and isinstance(event.get("state_key"), str):
            content = _map(event.get("content"))
            if content.get("membership") == "join":
                self._names[room, event["state_key"]] = _one_line(content.get("displayname"))


def _is_own(event: Json, user: str, membership: str) -> bool:
    own = event.get("type") == "m.room.member" and event.get("state_key") == user
    return own and _map(event.get("content")).get("membership") == membership


def _one_line(name: object) -> str:
    return " ".join(name.replace("<", " ").replace(">", " ").split())[:100] if isinstance(name, str) else ""


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
