"""A Telegram bot as a source, by polling (Bot API 7: getUpdates), and its client.

Telegram forgets an update once it is asked for a later one. So only the place that was committed is asked for, once a
run: whoever is killed gets the same again, and knows it by its id. Up to 100 updates come in a run; the rest comes with
the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from ticketctl.channels.chats.http import ask, found_token
from ticketctl.channels.chats.spots import Spot, conversation, reference
from ticketctl.channels.redaction import Redactor
from ticketctl.domain.config import TelegramSource
from ticketctl.domain.ticket.message import Person
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Fetched, Listener, Place, Undecided
from ticketctl.ports.plain_message import PlainFile, PlainMessage

LIMIT = 100  # updates of a call
ALBUM = 2.0  # seconds in which the pictures of an album come
KINDS = ("photo", "document", "audio", "voice", "video", "animation", "video_note", "sticker")
OTHERS = ("location", "contact", "poll", "dice", "game", "story", "invoice", "venue")
Json = dict[str, Any]


class TelegramError(ChannelFailed):
    """Its refusal: `status` as HTTP counts, `migrated` the id that a group has now."""

    status = 0
    migrated = ""
    retry_after = 0.0


class Client:
    def __init__(self, config: TelegramSource, *, environ: Mapping[str, str]) -> None:
        self.config, self._environ = config, environ
        self._token = ""
        self._redactor = Redactor()

    @property
    def token(self) -> str:
        """Raises ChannelFailed."""
        if not self._token:
            self._token = found_token(self.config.name, self.config.token_command, self._environ)
            self._redactor.add(self._token)
        return self._token

    @property
    def bot(self) -> str:
        """The bot's number: what stands before the colon is no secret."""
        return self.token.partition(":")[0]

    def call(self, method: str, given: Json) -> Any:
        return self.post(method, msgspec.json.encode(given), "application/json")

    def post(self, method: str, body: bytes, kind: str) -> Any:
        """The result; raises TelegramError, and ChannelFailed where there is no answer."""
        config = self.config
        url = f"{config.server}/bot{self.token}/{method}"
        seconds = config.timeout + 5.0
        answer = ask(config.name, "POST", url, body=body, headers={"Content-Type": kind}, seconds=seconds)
        said = answer.json
        if answer.status == 200 and said.get("ok") is True:
            return said.get("result")
        raise self._refused(answer.status, said)

    def file(self, file_id: str) -> bytes:
        found = self.call("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        url = f"{self.config.server}/file/bot{self.token}/{path}"
        answer = ask(self.config.name, "GET", url, seconds=self.config.timeout + 30.0)
        if answer.status != 200 or not isinstance(path, str):
            raise self._refused(answer.status, {})
        return answer.data

    def _refused(self, status: int, said: Mapping[str, Any]) -> TelegramError:
        name = self.config.name
        why = self._redactor.told(said.get("description") or "no reason given")
        more = said.get("parameters")
        if status == 409:
            text = (
                "{name}: another program reads this bot's messages ({why}); stop it, or give the desk a bot of its own"
            )
            error = TelegramError(text, code="telegram_polled_twice", name=name, why=why)
        elif status in (401, 404):
            text = "{name}: Telegram does not accept the token; ask @BotFather for the right one"
            error = TelegramError(text, code="telegram_token", name=name)
        else:
            text = "{name}: Telegram answered with {status} ({why})"
            error = TelegramError(text, code="telegram_refused", name=name, status=status, why=why)
        error.status = status
        if isinstance(more, dict):
            error.migrated = str(more.get("migrate_to_chat_id") or "")
            wait = more.get("retry_after")
            error.retry_after = float(wait) if isinstance(wait, int) else 0.0
        return error


class TelegramBot:
    expected = 0
    waits = True
    settles = ""

    def __init__(
        self,
        config: TelegramSource,
        *,
        environ: Mapping[str, str],
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = config.name
        self.undecided: list[Undecided] = []
        self._config = config
        self._client = Client(config, environ=environ)
        self._pause, self._clock = pause, clock

    def mailboxes(self) -> Sequence[str]:
        return [self.name]

    def old_mail(self, mailboxes: Collection[str], before: datetime) -> Sequence[Undecided]:
        return []

    def fetch(self, places: dict[str, Place]) -> Iterator[Fetched]:
        place = places.get(self.name) or Place(0, 0)
        moved = _decoded(place.token)
        open_album = 0  # the first update of an album that is not whole yet: no place may be behind it
        waiting: dict[str, list[Json]] = {}
        updates = self._whole(place.uid + 1 if place.uid else 0)
        last = {group: number for number, update in updates if (group := _group(update))}
        for number, update in updates:
            group = _group(update)
            if group:
                waiting.setdefault(group, []).append(update)
                open_album = open_album or number
                if last[group] != number:
                    continue
                parts = waiting.pop(group)
                open_album = min((_number(one[0]) for one in waiting.values()), default=0)
            else:
                parts = [update]
                _note_move(update, moved)
            at = min(number, open_album - 1) if open_album else number
            yield self._fetched(parts, at, moved)

    def acknowledge(self, messages: Sequence[Fetched]) -> None:
        """Nothing is to be done there."""

    def listeners(self) -> Sequence[Listener]:
        return []

    def check(self) -> str:
        found = self._client.call("getMe", {})
        return f"@{found.get('username', '?')}" if isinstance(found, dict) else "?"

    def close(self) -> None: ...

    def _whole(self, offset: int) -> list[tuple[int, Json]]:
        """The updates from there on, with those of an album that are still to come; without the beginning of one that
        goes on past what one call gives."""
        updates = self._updates(offset)
        while updates and _group(updates[-1][1]) and len(updates) < LIMIT:
            left = ALBUM - (self._clock() - _message(updates[-1][1]).get("date", 0))
            if not 0 < left <= ALBUM:
                break
            self._pause(left)
            before, updates = len(updates), self._updates(offset)
            if len(updates) == before:
                break
        group = _group(updates[-1][1]) if len(updates) >= LIMIT else ""
        kept = [one for one in updates if not group or _group(one[1]) != group]
        return kept or updates

    def _updates(self, offset: int) -> list[tuple[int, Json]]:
        asked = {"limit": LIMIT, "timeout": 0, "allowed_updates": ["message", "edited_message"]}
        found = self._client.call("getUpdates", {**asked, "offset": offset} if offset else asked)
        every = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return sorted(((_number(one), one) for one in every), key=lambda pair: pair[0])

    # --- one message ---

    def _fetched(self, parts: Sequence[Json], number: int, moved: Mapping[str, str]) -> Fetched:
        said = self._said(parts, moved)
        common = {"mailbox": self.name, "validity": 1, "uid": number, "token": _encoded(moved), "medium": "telegram"}
        if said is None or said.at is None:
            return Fetched(raw=b"", arrived_at=datetime.min.replace(tzinfo=UTC), mark=True, **common)  # type: ignore[arg-type]
        raw = msgspec.json.encode(said)
        return Fetched(raw=raw, arrived_at=said.at, size=len(raw), **common)  # type: ignore[arg-type]

    def _said(self, parts: Sequence[Json], moved: Mapping[str, str]) -> PlainMessage | None:
        """None for what no person said: other bots (to answer them would be a loop), what the service notes."""
        messages = [_message(one) for one in parts]
        first = messages[0]
        sender, chat = _map(first.get("from")), str(_map(first.get("chat")).get("id", ""))
        text = "\n".join(filter(None, (str(one.get("text") or one.get("caption") or "") for one in messages)))
        if not sender.get("id") or sender.get("is_bot") or not chat:
            return None
        files, nature = self._files(messages)
        new_matter, text = _command(text)
        if not (text or files or nature):
            return None
        number, edited = str(first.get("message_id", "")), first.get("edit_date")
        thread = str(first.get("message_thread_id", "")) if first.get("is_topic_message") else ""
        here = Spot(self.name, chat, thread, number)
        person = f"@{sender['id']}:telegram"
        own = f"{number}.{chat}@{self._client.bot}.telegram.invalid"
        return PlainMessage(
            id=f"{edited}.{own}" if edited else own,
            sender=Person(person, _name(sender), "telegram"),
            text=text,
            at=datetime.fromtimestamp(int(edited or first.get("date", 0)), UTC),
            answers=self._answered(first, chat),
            references=(reference("telegram", here),),
            conversation=conversation("telegram", Spot(self.name, moved.get(chat, chat), thread), person),
            new_matter=new_matter,
            quiet=self._config.quiet * 3600,
            files=files,
            nature=nature,
            edits=own if edited else "",
        )

    def _answered(self, message: Json, chat: str) -> str:
        """The id of the message that it answers; of one of ours the conversation knows."""
        answered = _map(message.get("reply_to_message"))
        if not answered or _map(answered.get("from")).get("is_bot"):
            return ""
        return f"{answered.get('message_id')}.{chat}@{self._client.bot}.telegram.invalid"

    def _files(self, messages: Sequence[Json]) -> tuple[tuple[PlainFile, ...], tuple[str, ...]]:
        """What hangs on them, and sentences on what could not be had."""
        files: list[PlainFile] = []
        nature: list[str] = []
        for message in messages:
            for kind in KINDS:
                one = _map(message[kind][-1] if kind == "photo" and message.get(kind) else message.get(kind))
                if not one.get("file_id") or (kind == "document" and "animation" in message):
                    continue
                name = str(one.get("file_name") or f"{kind}{'.jpg' if kind == 'photo' else ''}")
                if int(one.get("file_size") or 0) > self._config.megabytes * 1_000_000:
                    nature.append(f"had a file that was too large to be fetched: {name}")
                    continue
                try:
                    data = self._client.file(str(one["file_id"]))
                except TelegramError as error:
                    if error.status in (409, 429):
                        raise
                    nature.append(f"had a file that could not be fetched: {name}")
                    continue
                files.append(PlainFile(name=name, data=data, type=str(one.get("mime_type") or _type(kind))))
            nature += [f"holds something that is not shown here: {one}" for one in OTHERS if one in message]
        return tuple(files), tuple(nature)


def _command(text: str) -> tuple[bool, str]:
    """Whether a new matter begins, and the words without the command. "/start" is what a button sends."""
    word, _, rest = text.partition(" ")
    command = word.partition("@")[0]
    if command == "/new":
        return True, rest.strip()
    return False, rest.strip() if command == "/start" else text


def _type(kind: str) -> str:
    return {"photo": "image/jpeg", "voice": "audio/ogg", "sticker": "image/webp"}.get(kind, "application/octet-stream")


def _name(person: Json) -> str:
    said = " ".join(str(person.get(one) or "") for one in ("first_name", "last_name")).strip()
    said = said or str(person.get("username") or "")
    return " ".join(said.replace("<", " ").replace(">", " ").split())[:100]


def _number(update: Json) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else 0


def _message(update: Json) -> Json:
    return _map(update.get("message") or update.get("edited_message"))


def _group(update: Json) -> str:
    """The album that it is part of; an edit of a caption is none."""
    return str(_map(update.get("message")).get("media_group_id") or "")


def _note_move(update: Json, moved: dict[str, str]) -> None:
    """A group that became a supergroup has another id from now on; the conversation keeps the first."""
    message = _message(update)
    old, new = str(_map(message.get("chat")).get("id", "")), str(message.get("migrate_to_chat_id") or "")
    if new and old:
        moved[new] = moved.get(old, old)


def _encoded(moved: Mapping[str, str]) -> str:
    return ",".join(f"{new}={old}" for new, old in moved.items())


def _decoded(token: str) -> dict[str, str]:
    return {new: old for new, _, old in (one.partition("=") for one in token.split(",")) if old}


def _map(value: object) -> Json:
    return value if isinstance(value, dict) else {}
