"""Sources that are no mail: the forms and chats of `serve`, with `web:`, and the chats of other services."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

from ticketctl.config import people, tree
from ticketctl.config.reading import Read, Reader, Section, choice, listed, matching, number, several, shown
from ticketctl.config.tree import Node
from ticketctl.domain.config import (
    ChatSource,
    FormSource,
    MatrixSource,
    MattermostSource,
    SourceConfig,
    TelegramSource,
    Web,
    Webhook,
    WebhookSource,
)
from ticketctl.domain.settings.hosts import is_safe
from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.webhook import HOOK_EVENTS

_LISTEN = r"(?:[0-9.]{7,15}|\[[0-9a-fA-F:.]{2,45}\]|localhost):[0-9]{1,5}"
_USER = r"@[a-z0-9._=/+-]{1,200}:[A-Za-z0-9.:\[\]-]{1,230}"
_SECRETS = ("password", "token", "access_token", "secret")


def form(reader: Reader, name: str, node: Node) -> FormSource | None:
    """`{}`, or what it asks for."""
    section = reader.section(node, _FORM, "form")
    return section.struct(FormSource, _FORM, name=name) if section else None


def chat(reader: Reader, name: str, node: Node) -> ChatSource | None:
    section = reader.section(node, _CHAT, "chat")
    return section.struct(ChatSource, _CHAT, name=name) if section else None


def matrix(reader: Reader, name: str, node: Node) -> MatrixSource | None:
    section = _with_token(reader, name, node, _MATRIX)
    return section.struct(MatrixSource, _MATRIX, needed=("server", "user"), name=name) if section else None


def telegram(reader: Reader, name: str, node: Node) -> TelegramSource | None:
    section = _with_token(reader, name, node, _TELEGRAM)
    return section.struct(TelegramSource, _TELEGRAM, name=name) if section else None


def mattermost(reader: Reader, name: str, node: Node) -> MattermostSource | None:
    section = _with_token(reader, name, node, _MATTERMOST)
    needed = ("server", "user", "hook_command")
    return section.struct(MattermostSource, _MATTERMOST, needed=needed, name=name) if section else None


def webhook(reader: Reader, name: str, node: Node) -> WebhookSource | None:
    section = reader.section(node, _WEBHOOK, "webhook")
    return section.struct(WebhookSource, _WEBHOOK, needed=("secret_command",), name=name) if section else None


def _with_token(reader: Reader, name: str, node: Node, keys: Mapping[str, Read]) -> Section | None:
    mapping = reader.mapping(node)
    if mapping is None:
        return None
    plain = [one for one in mapping.keys if one.lower() in _SECRETS]
    for one in plain:
        variable = "TICKETCTL_PASSWORD_" + re.sub(r"\W", "_", name.upper())
        reader.fault(
            mapping.keys[one],
            f"{one!r}: a secret does not belong in rules.yaml; write token_command: COMMAND that prints it, or set "
            f"{variable} in the environment",
        )
    return reader.section(node, (*keys, *plain), "sources")


def _server(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and (not is_safe(text) or "?" in text or "#" in text):
        reader.fault(node, f"{shown(text)} is not an https:// address; only this computer may be http://")
        return None
    return text.rstrip("/") if text else None


def _user(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not re.fullmatch(_USER, text):
        reader.fault(node, f'{shown(text)} is not a Matrix user; write "@support:example.se"')
        return None
    return text


def web(reader: Reader, node: Node) -> Web | None:
    section = reader.section(node, _WEB, "web")
    return section.struct(Web, _WEB) if section else None


def webhooks(reader: Reader, node: Node) -> tuple[Webhook, ...]:
    found: dict[str, Webhook] = {}
    for item in reader.items(node):
        section = reader.section(item, (*_HOOK, "secret"), "webhooks")
        if section is None:
            continue
        if "secret" in section:
            reader.fault(
                section.node.keys["secret"],
                "'secret' does not belong in rules.yaml; write secret_command: COMMAND that prints it",
            )
        hook = section.struct(Webhook, _HOOK, needed=("name", "url"))
        if hook.name in found:
            reader.fault(section.node.items["name"], f"a second webhook {shown(hook.name)}")
        found[hook.name] = hook
    return tuple(found.values())


def _network(reader: Reader, node: Node) -> str | None:
    """`127.0.0.1`, `10.0.0.0/8`"""
    text = reader.text(node)
    try:
        return str(ip_network(text)) if text else None
    except ValueError:
        reader.fault(node, f"{shown(text or '')} is no IP address or network such as 10.0.0.0/8")
        return None


def _hook_address(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not is_safe(text):
        reader.fault(node, f"{shown(text)} is not an https:// address; only this computer may be http://")
        return None
    return text


def check_names(reader: Reader, node: Node, sources: Collection[SourceConfig], fields: Mapping[str, FieldSpec]) -> None:
    """That what the `sources:` at `node` name is declared: fields of forms, and the form of a chat."""
    forms = [one.name for one in sources if isinstance(one, FormSource)]
    for item in reader.items(node):
        given = item.items if isinstance(item, tree.Mapping) else {}
        for key, value in _inside(given.get("form")).items():
            if key in ("fields", "required") and isinstance(value, tree.Sequence):
                for one in value.items:
                    reader.choice(one, fields, "field")
        named = _inside(given.get("chat")).get("form")
        if named is not None:
            reader.choice(named, forms, "form")


def _inside(node: Node | None) -> Mapping[str, Node]:
    return node.items if isinstance(node, tree.Mapping) else {}


def _address(reader: Reader, node: Node) -> str | None:
    """`https://support.example.se`, with a path where it is not at the root of its host."""
    text = reader.text(node)
    if text is None:
        return None
    parts = urlsplit(text)
    if not is_safe(text) or parts.query or parts.fragment:
        reader.fault(node, f"{shown(text)} is not an https:// address; only this computer may be http://")
        return None
    return text.rstrip("/")


def _origin(reader: Reader, node: Node) -> str | None:
    """`https://shop.example.se`, as browsers say it (RFC 6454)."""
    text = _address(reader, node)
    if text is not None and urlsplit(text).path:
        reader.fault(node, f"{shown(text)} is not the origin of a site; write https://HOST without a path")
        return None
    return text.lower() if text else None


def _listen(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is None:
        return None
    if not re.fullmatch(_LISTEN, text) or not 0 < int(text.rpartition(":")[2]) < 65536:
        reader.fault(node, f"expected an address and a port such as 127.0.0.1:8080, found {shown(text)}")
        return None
    return text


_FORM: Mapping[str, Read] = {
    "fields": listed(Reader.text),
    "required": listed(Reader.text),
    "files": number(0, 20),
    "megabytes": number(1, 50),
    "per_address": number(1, 10_000),
    "per_day": number(1, 100_000),
    "open": Reader.boolean,
    "key_command": Reader.text,
}
_CHAT: Mapping[str, Read] = {
    "ask": listed(choice(("name", "email"), "thing to ask for")),
    "patience": number(1, 120),
    "idle": number(5, 24 * 60),
    "return_within": number(1, 14 * 24),
    "form": Reader.text,
    "files": number(0, 20),
    "megabytes": number(1, 50),
    "per_address": number(1, 10_000),
    "open": Reader.boolean,
}
_HOOK: Mapping[str, Read] = {
    "name": people.name,
    "url": _hook_address,
    "events": several(choice(HOOK_EVENTS, "event")),
    "secret_command": Reader.text,
    "texts": Reader.boolean,
    "allow": several(_network),
}
_WEB: Mapping[str, Read] = {
    "address": _address,
    "listen": _listen,
    "proxies": listed(matching(r"[0-9a-fA-F:.]{2,45}", "is not an IP address")),
    "frames": listed(_origin),
}
_MATTERMOST: Mapping[str, Read] = {
    "server": _server,
    "user": matching(r"[A-Za-z0-9._-]{1,64}", "is no username of Mattermost"),
    "hook_command": Reader.text,
    "token_command": Reader.text,
    "bots": listed(Reader.text),
    "quiet": number(1, 24 * 90),
    "timeout": number(1, 600),
}
_WEBHOOK: Mapping[str, Read] = {
    "secret_command": Reader.text,
    "old_secret_command": Reader.text,
    "reply_to": _server,
    "quiet": number(1, 24 * 90),
    "timeout": number(1, 600),
}
_TELEGRAM: Mapping[str, Read] = {
    "server": _server,
    "token_command": Reader.text,
    "quiet": number(1, 24 * 90),
    "megabytes": number(1, 20),
    "timeout": number(1, 600),
}
_MATRIX: Mapping[str, Read] = {
    "server": _server,
    "user": _user,
    "token_command": Reader.text,
    "servers": listed(Reader.text),
    "rooms": number(1, 10_000),
    "quiet": number(1, 24 * 90),
    "team": listed(_user),
    "megabytes": number(1, 25),
    "ca_file": Reader.text,
    "timeout": number(1, 3600),
    "deadline": number(1, 86400),
}
