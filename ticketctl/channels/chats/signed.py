"""Signed webhooks, for a shop system or a bot of one's own: messages come in and answers go out as JSON, each call
signed as Standard Webhooks says (https://www.standardwebhooks.com, symmetric: HMAC-SHA256).

The signature is of id, time and body, so that nothing of a call can be changed; its id is remembered with the message,
for longer than a call is taken for fresh. While a secret is changed, the old one counts too.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from time import time
from urllib.parse import quote, unquote

import msgspec

from ticketctl.channels.chats.http import ask, remembered_secret
from ticketctl.channels.chats.spots import Spot, conversation, reference, spot_of
from ticketctl.domain.config import WebhookSource
from ticketctl.domain.ticket.message import Channel, Person
from ticketctl.errors import ChannelFailed, Usage
from ticketctl.ports.channels import Receipt, SendFailed
from ticketctl.ports.hooks import NotVerified, is_fresh
from ticketctl.ports.plain_message import PlainFile, PlainMessage

SHORTEST = 24  # bytes of a secret
_FINAL = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


class Writer(msgspec.Struct, frozen=True):
    """`id` is who they are in that system, the same for all that they write."""

    id: str
    name: str = ""


class Body(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A message, in or out; docs/chat.md. `from_`: of ours, nobody; `bot`: a program wrote it. `answers` is the id of
    the call that brought what it answers. `data` of files is base64."""

    conversation: str
    text: str = ""
    from_: Writer = msgspec.field(name="from", default=Writer(""))
    subject: str = ""
    language: str = ""
    at: datetime | None = None
    files: tuple[PlainFile, ...] = ()
    bot: bool = False
    to: str = ""
    answers: str = ""


class SignedHook:
    medium: Channel = "webhook"

    def __init__(self, config: WebhookSource, *, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PlainMessage | None:
        name, call = self._config.name, headers.get("webhook-id", "")
        self._verify(call, headers, body, now)
        try:
            said = msgspec.json.decode(body, type=Body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            text = "{name}: a call that is no message: {reason}"
            raise Usage(text, code="hook_not_a_message", name=name, reason=error) from None
        if said.bot:
            return None
        if not said.from_.id or not said.conversation or not (said.text or said.files):
            raise Usage(
                "{name}: a message needs from.id, conversation, and text or files", code="hook_lacks", name=name
            )
        return self._message(said, call)

    def _message(self, said: Body, call: str) -> PlainMessage:
        name = self._config.name
        here = Spot(name, quote(said.conversation, safe=""), "", quote(call, safe=""))
        person = f"@{quote(said.from_.id, safe='')[:200]}:{name}"
        shown = " ".join(said.from_.name.replace("<", " ").replace(">", " ").split())[:100]
        return PlainMessage(
            id=f"{quote(call, safe='')[:200]}@{name}.webhook.invalid",
            sender=Person(person, shown, "webhook"),
            text=said.text,
            subject=said.subject,
            language=said.language if said.language in ("sv", "en") else "",
            at=said.at if said.at and said.at.tzinfo else None,
            references=(reference("webhook", here),),
            conversation=conversation("webhook", here, person),
            quiet=self._config.quiet * 3600,
            files=said.files,
        )

    def _verify(self, call: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        name, sent = self._config.name, headers.get("webhook-timestamp", "")
        given = [one[3:] for one in headers.get("webhook-signature", "").split()[:10] if one.startswith("v1,")]
        numeric = sent.isascii() and sent.isdecimal() and len(sent) < 12
        if not call or len(call) > 200 or not numeric or not given:
            raise NotVerified("{name}: a call without a signature", code="hook_unsigned", name=name)
        right = [signature(secret, call, sent, body) for secret in self._secrets()]
        matches = [hmac.compare_digest(one.encode(), two.encode()) for one in given for two in right]
        if not any(matches):
            raise NotVerified("{name}: a call with a wrong signature", code="hook_signature", name=name)
        if not is_fresh(float(sent), now):
            raise NotVerified("{name}: a call that is too old", code="hook_too_old", name=name)

    def _secrets(self) -> Iterator[bytes]:
        config = self._config
        yield key_of(
            config.name, remembered_secret(config.name, "secret_command", config.secret_command, self._environ)
        )
        if config.old_secret_command:
            old = remembered_secret(config.name, "old_secret_command", config.old_secret_command, self._environ)
            yield key_of(config.name, old)


class SignedSink:
    """Whoever takes the answers knows by the id of a call that it came before: what may have arrived is sent again."""

    name = "webhook"

    def __init__(self, sources: Sequence[WebhookSource], *, environ: Mapping[str, str]) -> None:
        self._sources = {one.name: one for one in sources}
        self._environ = environ

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        said = msgspec.json.decode(raw, type=PlainMessage)
        spot = spot_of("webhook", said.references)
        source = self._sources.get(spot.source) if spot else None
        if spot is None or source is None or not source.reply_to:
            text = "rules.yaml has no webhook source any more that takes this answer (`reply_to:`)"
            raise SendFailed(text, code="webhook_nowhere", permanent=True)
        body = Body(
            conversation=unquote(spot.chat), text=said.text, at=said.at, files=said.files, bot=True,
            to=unquote(recipients[0].removeprefix("@").rpartition(":")[0]), answers=unquote(spot.message),
        )  # fmt: skip
        try:
            status = self._posted(source, said.id, msgspec.json.encode(body))
        except ChannelFailed as error:
            raise SendFailed("{reason}", code="webhook_not_sent", reason=error) from None
        if not 200 <= status < 300:
            text = "{name}: the receiver answered with {status}"
            final = status in _FINAL or 300 <= status < 400
            raise SendFailed(text, code="webhook_refused", permanent=final, name=source.name, status=status)
        return Receipt()

    def check(self) -> str:
        return ", ".join(self._sources)

    def close(self) -> None: ...

    def _posted(self, source: WebhookSource, call: str, body: bytes) -> int:
        """Signed anew at each try: an old signature would be refused."""
        found = remembered_secret(source.name, "secret_command", source.secret_command, self._environ)
        sent = str(int(time()))
        headers = {
            "Content-Type": "application/json", "webhook-id": call, "webhook-timestamp": sent,
            "webhook-signature": f"v1,{signature(key_of(source.name, found), call, sent, body)}",
        }  # fmt: skip
        return ask(source.name, "POST", source.reply_to, body=body, headers=headers, seconds=source.timeout).status


def signature(secret: bytes, call: str, sent: str, body: bytes) -> str:
    return b64encode(hmac.digest(secret, f"{call}.{sent}.".encode() + body, "sha256")).decode()


def key_of(name: str, secret: str) -> bytes:
    """The bytes of "whsec_" and base64, or of a secret as it is. Raises ChannelFailed for one that is too short."""
    try:
        key = (
            b64decode(secret.removeprefix("whsec_"), validate=True) if secret.startswith("whsec_") else secret.encode()
        )
    except ValueError:
        key = b""
    if len(key) < SHORTEST:
        text = "{name}: the secret of the webhook has fewer than {least} bytes; make a new one"
        raise ChannelFailed(text, code="webhook_secret_short", name=name, least=SHORTEST)
    return key
