"""Mattermost: its outgoing webhook pushes what people write in a channel to us, answers go back by its API (v4).

The webhook's payload names no thread and holds no files; it is proven by a token in it, which Mattermost made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from ticketctl.channels.chats.http import NotReached, ask, found_token, multipart, pieces, remembered_secret
from ticketctl.channels.chats.spots import Spot, conversation, reference, spot_of
from ticketctl.channels.redaction import Redactor
from ticketctl.domain.config import MattermostSource
from ticketctl.domain.ticket.message import Channel, Person
from ticketctl.errors import ChannelFailed, Usage
from ticketctl.ports.channels import Receipt, SendFailed
from ticketctl.ports.hooks import NotVerified, is_fresh
from ticketctl.ports.plain_message import PlainFile, PlainMessage

LONGEST = 4_000  # characters of a post that every server takes
MILLISECONDS = 100_000_000_000  # a timestamp above this is in milliseconds: as JSON it is, as a form it is not
JSON = "application/json"
Json = dict[str, Any]


class MattermostHook:
    medium: Channel = "mattermost"

    def __init__(self, config: MattermostSource, *, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PlainMessage | None:
        said, name = _payload(headers, body), self._config.name
        secret = remembered_secret(name, "hook_command", self._config.hook_command, self._environ)
        if not compare_digest(said.get("token", "").encode(), secret.encode()):
            raise NotVerified("{name}: a call with a wrong token", code="hook_not_verified", name=name)
        sent = _seconds(said.get("timestamp", ""))
        if not is_fresh(sent, now):
            raise NotVerified("{name}: a call that is too old", code="hook_too_old", name=name)
        if said.get("user_name", "").casefold() in {one.casefold() for one in (self._config.user, *self._config.bots)}:
            return None
        post, user, chat = (said.get(one, "") for one in ("post_id", "user_id", "channel_id"))
        if not (post and user and chat) or not (post + user + chat).isalnum():
            raise Usage("{name}: a call that is no post of Mattermost", code="hook_no_message", name=name)
        return self._message(said, Spot(name, chat, "", post), f"@{user}:mattermost", sent)

    def _message(self, said: Mapping[str, str], here: Spot, person: str, sent: float) -> PlainMessage:
        text, word = said.get("text", ""), said.get("trigger_word", "")
        text = text.removeprefix(word).lstrip(" :,") if word else text
        files = [one for one in said.get("file_ids", "").split(",") if one]
        return PlainMessage(
            id=f"{here.message}@{here.source}.mattermost.invalid",
            sender=Person(person, said.get("user_name", "")[:100], "mattermost"),
            text=text,
            at=datetime.fromtimestamp(sent, UTC),
            references=(reference("mattermost", here),),
            conversation=conversation("mattermost", here, person),
            quiet=self._config.quiet * 3600,
            nature=("has files that are only in Mattermost",) if files else (),
        )


class MattermostSink:
    name = "mattermost"

    def __init__(self, sources: Sequence[MattermostSource], *, environ: Mapping[str, str]) -> None:
        self._sources = {one.name: one for one in sources}
        self._environ = environ
        self._redactor = Redactor()

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        said = msgspec.json.decode(raw, type=PlainMessage)
        spot = spot_of("mattermost", said.references)
        source = self._sources.get(spot.source) if spot else None
        if spot is None or source is None:
            text = "rules.yaml has no mattermost source any more in whose channel this belongs"
            raise SendFailed(text, code="mattermost_source_gone", permanent=True)
        posted = 0
        try:
            root = self._root(source, spot.message)
            attached = [self._uploaded(source, spot.chat, one) for one in said.files]
            texts = pieces(said.text, LONGEST)
            for at, text in enumerate(texts):
                last = at == len(texts) - 1
                post = {"channel_id": spot.chat, "message": text, "root_id": root, "file_ids": attached if last else []}
                pending = sha256(f"{said.id} {at}".encode()).hexdigest()[:26]
                self._asked(source, "POST", "/posts", msgspec.json.encode({**post, "pending_post_id": pending}))
                posted += 1
        except _Refused as error:
            raise SendFailed(
                "{reason}", code="mattermost_not_sent", permanent=error.final, uncertain=posted > 0, reason=error
            ) from None
        except ChannelFailed as error:
            lost = posted > 0 or not isinstance(error, NotReached)
            raise SendFailed("{reason}", code="mattermost_not_sent", uncertain=lost, reason=error) from None
        return Receipt()

    def check(self) -> str:
        return ", ".join(str(self._asked(one, "GET", "/users/me").get("username")) for one in self._sources.values())

    def close(self) -> None: ...

    def _root(self, source: MattermostSource, post: str) -> str:
        """The post that the thread began with; "" where it is gone."""
        try:
            found = self._asked(source, "GET", f"/posts/{post}")
        except _Refused as error:
            if error.status in (403, 404):
                return ""
            raise
        return str(found.get("root_id") or post)

    def _uploaded(self, source: MattermostSource, chat: str, file: PlainFile) -> str:
        body, kind = multipart({"channel_id": chat}, "files", file, sha256(file.data).hexdigest()[:40])
        found = self._asked(source, "POST", "/files", body, kind).get("file_infos")
        infos = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return str(infos[0].get("id", "")) if infos else ""

    def _asked(
        self,
        source: MattermostSource,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "application/json",
    ) -> Json:
        token = found_token(source.name, source.token_command, self._environ)
        self._redactor.add(token)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        url = f"{source.server}/api/v4{path}"
        answer = ask(source.name, method, url, body=body, headers=headers, seconds=source.timeout)
        if 200 <= answer.status < 300:
            return answer.json
        why = self._redactor.told(answer.json.get("message") or "no reason given")
        text = "{name}: Mattermost answered with {status} ({why})"
        error = _Refused(text, code="mattermost_refused", name=source.name, status=answer.status, why=why)
        error.status = answer.status
        raise error


class _Refused(ChannelFailed):
    status = 0

    @property
    def final(self) -> bool:
        return 400 <= self.status < 500 and self.status not in (401, 408, 429)


def _payload(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The fields as texts, of a form or of JSON; none of what is neither."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}
        given = found.items() if isinstance(found, dict) else ()
        return {str(key): value if isinstance(value, str) else str(value) for key, value in given if value is not None}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def _seconds(timestamp: str) -> float:
    """0 where it is none."""
    number = int(timestamp) if timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 15 else 0
    return number / 1000 if number > MILLISECONDS else float(number)
