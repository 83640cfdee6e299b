"""A small server of ours that answers as the Bot API's documentation says: updates are forgotten once a later one is
asked for, and only one program may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.http_server import Answer, Recorder, Request, recording

TOKEN = "4711:AAkanariatoken-telegram"


class Telegram:
    def __init__(self, http: Recorder) -> None:
        self.http = http
        self.address = f"http://127.0.0.1:{http.port}"
        self.updates: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.migrated: dict[int, int] = {}
        self.polled_twice = False
        self.refuse: list[tuple[int, dict[str, Any]]] = []
        self._update, self._message = 1000, 0
        http.answer = self.answer

    def says(self, text: str = "", *, chat: int = 70, user: int = 7, date: int = 1_795_160_000, **more: Any) -> int:
        """Somebody writes; the id of the message."""
        self._message += 1
        message = {
            "message_id": self._message, "date": date, "chat": {"id": chat, "type": "private"},
            "from": {"id": user, "is_bot": False, "first_name": "Åsa", "last_name": "Öberg"}, **more,
        }  # fmt: skip
        self.add("message", message | ({"text": text} if text else {}))
        return self._message

    def edits(self, number: int, text: str, *, chat: int = 70, user: int = 7, **more: Any) -> None:
        message = {
            "message_id": number, "date": 1_795_160_000, "edit_date": 1_795_160_060, "text": text,
            "chat": {"id": chat}, "from": {"id": user, "is_bot": False, "first_name": "Åsa"}, **more,
        }  # fmt: skip
        self.add("edited_message", message)

    def add(self, kind: str, message: dict[str, Any]) -> None:
        self._update += 1
        self.updates.append({"update_id": self._update, kind: message})

    def photo(self, name: str, data: bytes) -> list[dict[str, Any]]:
        self.files[name] = data
        return [{"file_id": f"{name}-small", "file_size": 1}, {"file_id": name, "file_size": len(data)}]

    def answer(self, asked: Request) -> Answer:
        if asked.path.startswith(f"/file/bot{TOKEN}/files/"):
            return 200, self.files[asked.path.rpartition("/")[2]]
        begin = f"/bot{TOKEN}/"
        if not asked.path.startswith(begin):
            return _refused(401, "Unauthorized")
        method = asked.path.removeprefix(begin)
        if method == "sendDocument":
            return self._document(asked)
        given = json.loads(asked.body or b"{}")
        if method == "getUpdates":
            return self._given(given)
        if method == "getFile":
            return _result({"file_id": given["file_id"], "file_path": f"files/{given['file_id']}"})
        if method == "getMe":
            return _result({"id": 4711, "is_bot": True, "username": "exempel_bot"})
        return self._said(given)

    def _given(self, given: dict[str, Any]) -> Answer:
        if self.polled_twice:
            return _refused(409, "Conflict: terminated by other getUpdates request")
        self.updates = [one for one in self.updates if one["update_id"] >= given.get("offset", 0)]
        return _result(self.updates[: given["limit"]])

    def _said(self, given: dict[str, Any]) -> Answer:
        if self.refuse:
            status, parameters = self.refuse.pop(0)
            return _refused(status, "refused", parameters)
        moved = self.migrated.get(given["chat_id"])
        if moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            return _refused(400, text, {"migrate_to_chat_id": moved})
        self._message += 1
        self.sent.append(given)
        return _result({"message_id": self._message})

    def _document(self, asked: Request) -> Answer:
        self.sent.append({"document": asked.body})
        return _result({"message_id": 1})


def _result(result: Any) -> Answer:
    return 200, json.dumps({"ok": True, "result": result}).encode()


def _refused(status: int, text: str, parameters: dict[str, Any] | None = None) -> Answer:
    said = {"ok": False, "error_code": status, "description": text, "parameters": parameters or {}}
    return status, json.dumps(said).encode()


@contextmanager
def telegram() -> Iterator[Telegram]:
    with recording() as http:
        yield Telegram(http)
