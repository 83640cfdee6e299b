"""Answers go into the chat and topic of what they answer (Bot API: sendMessage, sendDocument).

Telegram knows no id of ours by which it would see that a message is sent again: where the answer to a send is lost, a
reply is sent once more, as with mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from ticketctl.channels.chats.http import NotReached, multipart, pieces
from ticketctl.channels.chats.spots import Spot, spot_of
from ticketctl.channels.chats.telegram import Client, TelegramError
from ticketctl.domain.config import TelegramSource
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import Receipt, SendFailed
from ticketctl.ports.plain_message import PlainFile, PlainMessage

LONGEST = 4096  # UTF-16 units of a message
FINAL = (400, 401, 403, 404, 413)


class TelegramSink:
    name = "telegram"

    def __init__(self, sources: Sequence[TelegramSource], *, environ: Mapping[str, str]) -> None:
        self._clients = {one.name: Client(one, environ=environ) for one in sources}
        self._moved: dict[str, str] = {}
        self._late: set[str] = set()

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        said = msgspec.json.decode(raw, type=PlainMessage)
        private = recipients[0].removeprefix("@").partition(":")[0]  # the chat with a person has their number
        spot = spot_of("telegram", said.references) or Spot(next(iter(self._clients), ""), private)
        client = self._clients.get(spot.source)
        if client is None:
            text = "rules.yaml has no telegram source {name} any more, in whose chat this belongs"
            raise SendFailed(text, code="telegram_source_gone", name=spot.source)
        if spot.chat in self._late:
            raise SendFailed(
                "{name}: waits for what was written before it here", code="telegram_in_order", name=spot.source
            )
        sent = 0
        try:
            for call in self._calls(client, said, spot):
                self._posted(client, spot, *call)
                sent += 1
        except TelegramError as error:
            final = error.status in FINAL and not error.migrated
            if not final:
                self._late.add(spot.chat)
            raise SendFailed(
                "{reason}", code="telegram_not_sent", permanent=final, uncertain=sent > 0 and not final, reason=error
            ) from None
        except ChannelFailed as error:
            self._late.add(spot.chat)
            lost = sent > 0 or not isinstance(error, NotReached)
            raise SendFailed("{reason}", code="telegram_not_sent", uncertain=lost, reason=error) from None
        return Receipt()

    def check(self) -> str:
        return ", ".join(f"bot {client.bot}" for client in self._clients.values())

    def close(self) -> None:
        self._late.clear()

    def _calls(
        self, client: Client, said: PlainMessage, spot: Spot
    ) -> Iterator[tuple[str, dict[str, Any], PlainFile | None]]:
        """What is posted, one after the other; the first answers the message that was written last."""
        thread = {"message_thread_id": int(spot.thread)} if spot.thread else {}
        quoted: dict[str, Any] = {}
        if spot.message:
            quoted = {"reply_parameters": {"message_id": int(spot.message), "allow_sending_without_reply": True}}
        for at, text in enumerate(pieces(said.text, LONGEST) if said.text else ()):
            yield "sendMessage", {"text": text, **thread, **(quoted if at == 0 else {})}, None
        for file in said.files:
            yield "sendDocument", thread, file

    def _posted(
        self, client: Client, spot: Spot, method: str, given: Mapping[str, Any], file: PlainFile | None
    ) -> None:
        """Where the group has become a supergroup, once more to that."""
        chat = self._moved.get(spot.chat, spot.chat)
        try:
            self._post(client, chat, method, given, file)
        except TelegramError as error:
            if not error.migrated or error.migrated == chat:
                raise
            self._moved[spot.chat] = error.migrated
            self._post(client, error.migrated, method, given, file)

    def _post(self, client: Client, chat: str, method: str, given: Mapping[str, Any], file: PlainFile | None) -> None:
        if file is None:
            client.call(method, {"chat_id": int(chat), **given})
            return
        fields = {"chat_id": chat, **{key: str(value) for key, value in given.items()}}
        boundary = sha256(file.data).hexdigest()[:40]
        client.post(method, *multipart(fields, "document", file, boundary))
