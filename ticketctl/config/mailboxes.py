"""Where mail comes from and how it leaves: sources, outgoing; and who hears that it goes well: heartbeat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from ticketctl.config import people
from ticketctl.config.oauth import oauth
from ticketctl.config.reading import ADDRESS, Reader, Section, kind, shown
from ticketctl.config.tree import Mapping, Node, Scalar
from ticketctl.domain.config import (
    OUTGOING,
    ImapSource,
    MaildirOut,
    MaildirSource,
    MboxSource,
    Outgoing,
    SentCopy,
    SmtpOut,
    SourceConfig,
    Then,
)
from ticketctl.domain.settings.hosts import is_loopback, is_safe

SECURITY = ("tls", "starttls", "none")
RETURN_PATHS = ("null", "own")
_SECRETS = frozenset(
    {"password", "passwd", "pass", "secret", "token", "access_token", "refresh_token", "client_secret"}
)
_OLD_SECURITY = frozenset({"ssl", "tls", "starttls", "use_tls", "use_ssl"})
_CONNECTION = (
    "host",
    "user",
    "port",
    "security",
    "password_command",
    "token_command",
    "oauth",
    "ca_file",
    "timeout",
    "deadline",
)
_THREADING = ("plus_address", "number_in_subject")
OUTGOING_KEYS = ("smtp", "maildir", "from", "undo", "html", "sent", "check", "participants", "reply_to", *_THREADING)
CHECKS = ("hints", "strict", "off")
PARTICIPANTS: tuple[Literal["asker", "all", "none"], ...] = ("asker", "all", "none")
_KINDS = ("imap", "maildir", "mbox")
_SENDER = re.compile(rf"(?:[^<>\"]*|\"[^<>\"]*\")\s*<{ADDRESS}>|{ADDRESS}")


def sources(reader: Reader, node: Node) -> tuple[SourceConfig, ...]:
    found: dict[str, SourceConfig] = {}
    for item in reader.items(node):
        section = reader.section(item, ("name", "then", "forms", *_KINDS), "sources")
        source = _source(reader, section) if section else None
        if section is None or source is None:
            continue
        forms = section.get("forms", lambda at: reader.listed(at, reader.address, single=True), ())
        source = replace(source, forms=forms)
        if source.name in found:
            reader.fault(section.node.items["name"], f"a second source {shown(source.name)}")
        found[source.name] = source
    return tuple(found.values())


def _source(reader: Reader, section: Section) -> SourceConfig | None:
    name = section.need("name", lambda at: people.name(reader, at), "")
    kinds = [one for one in _KINDS if one in section]
    if len(kinds) != 1:
        if not {"form", "matrix"} & set(section.node.items):
            reader.fault(section.node, f"a source has a name and one of: {', '.join(_KINDS)}")
        return None
    node = section.node.items[kinds[0]]
    if "then" in section and kinds[0] != "maildir":
        reader.fault(section.node.keys["then"], "only imap (inside its own braces) and maildir sources take `then`")
    if kinds[0] == "imap":
        return _imap(reader, name, node)
    path = reader.text(node) or ""
    if kinds[0] == "mbox":
        return MboxSource(name=name, path=path)
    return MaildirSource(name=name, path=path, then=section.get("then", lambda at: _then(reader, at), Then()))


def _imap(reader: Reader, name: str, node: Node) -> ImapSource | None:
    variable = "TICKETCTL_PASSWORD_" + re.sub(r"\W", "_", name.upper())
    section = _connection(reader, node, (*_CONNECTION, "folders", "then"), variable)
    if section is None:
        return None
    host, security = _host(reader, section, "tls")
    if name == OUTGOING and "oauth" in section:
        reader.fault(
            section.node.keys["oauth"], f"`ticketctl login {OUTGOING}` is another; give the source another name"
        )
    return ImapSource(
        name=name,
        host=host,
        user=section.need("user", reader.text, ""),
        security=security,
        port=section.get("port", lambda at: reader.number(at, 1, 65535), 0),
        folders=section.get("folders", lambda at: reader.listed(at, reader.text, single=True), ("INBOX",)),
        password_command=section.text("password_command"),
        token_command=section.text("token_command"),
        oauth=section.get("oauth", lambda at: oauth(reader, at), None),
        ca_file=section.text("ca_file"),
        timeout=section.get("timeout", lambda at: reader.number(at, 1, 3600), 30),
        deadline=section.get("deadline", lambda at: reader.number(at, 1, 86400), 600),
        then=section.get("then", lambda at: _then(reader, at), Then()),
    )


def _then(reader: Reader, node: Node) -> Then | None:
    """`leave`, `delete`, `{flag: NAME}` or `{move: FOLDER}`."""
    if isinstance(node, Scalar) and node.text in ("leave", "delete"):
        return Then(node.text)
    if not isinstance(node, Mapping):
        reader.fault(node, f"expected leave, delete, {{flag: NAME}} or {{move: FOLDER}}, found {kind(node)}")
        return None
    section = reader.section(node, ("flag", "move"), "then")
    if section is None or len(section.node.items) != 1:
        reader.fault(node, "expected one of leave, delete, {flag: NAME}, {move: FOLDER}")
        return None
    action = next(iter(section.node.items))
    argument = section.text(action)
    return Then(action, argument) if argument else None


def outgoing(reader: Reader, node: Node, known: Sequence[SourceConfig]) -> Outgoing | None:
    """`known` are the sources, of which one may have the Sent folder."""
    section = reader.section(node, OUTGOING_KEYS, "outgoing")
    if section is None:
        return None
    check = section.get("check", lambda at: reader.choice(at, CHECKS, "check"), "hints")
    sender = section.need("from", lambda at: _sender(reader, at), "")
    ways = [one for one in ("smtp", "maildir") if one in section]
    if len(ways) != 1:
        reader.fault(section.node, "outgoing has `from` and one of: smtp, maildir")
        return None
    sink = (
        MaildirOut(path=section.text("maildir")) if ways == ["maildir"] else _smtp(reader, section.node.items["smtp"])
    )
    undo = section.get("undo", lambda at: _seconds(reader, at), 10)
    html = section.get("html", reader.boolean, False)
    sent = section.get("sent", lambda at: _sent(reader, at, known), None)
    participants = section.get("participants", lambda at: reader.choice(at, PARTICIPANTS, "participants"), "asker")
    reply_to = section.get("reply_to", lambda at: _sender(reader, at), "")
    plus_address, number_in_subject = (section.get(one, reader.boolean, False) for one in _THREADING)
    if sink is None:
        return None
    return Outgoing(
        sender=sender,
        sink=sink,
        undo=undo,
        html=html,
        sent=sent,
        check=check,
        participants=next((one for one in PARTICIPANTS if one == participants), "asker"),
        reply_to=reply_to,
        plus_address=plus_address,
        number_in_subject=number_in_subject,
    )


def _sent(reader: Reader, node: Node, known: Sequence[SourceConfig]) -> SentCopy | None:
    """`SOURCE`, or `{source: SOURCE, folder: NAME}`."""
    names = [source.name for source in known if isinstance(source, ImapSource)]
    if not isinstance(node, Mapping):
        source = reader.choice(node, names, "imap source")
        return SentCopy(source=source) if source else None
    section = reader.section(node, ("source", "folder"), "sent")
    if section is None:
        return None
    source = section.need("source", lambda at: reader.choice(at, names, "imap source"), "")
    return SentCopy(source=source, folder=section.text("folder")) if source else None


def _seconds(reader: Reader, node: Node) -> int | None:
    """`10s`, `2m`: at most an hour."""
    text = reader.text(node)
    match = re.fullmatch(r"([0-9]{1,4})\s*(s|m)", text) if text is not None else None
    seconds = int(match[1]) * (60 if match[2] == "m" else 1) if match else 3601
    if text is not None and seconds > 3600:
        reader.fault(node, f"expected a time such as 10s or 2m, at most 60m (0s: none), found {shown(text)}")
    return seconds if text is not None and seconds <= 3600 else None


def _smtp(reader: Reader, node: Node) -> SmtpOut | None:
    section = _connection(reader, node, (*_CONNECTION, "return_path"), "TICKETCTL_PASSWORD_OUTGOING")
    if section is None:
        return None
    host, security = _host(reader, section, "starttls")
    if "oauth" in section and "user" not in section:
        reader.fault(section.node, "'user' is missing here: whose log-in it is")
    return SmtpOut(
        host=host,
        user=section.text("user"),
        security=security,
        port=section.get("port", lambda at: reader.number(at, 1, 65535), 0),
        password_command=section.text("password_command"),
        token_command=section.text("token_command"),
        oauth=section.get("oauth", lambda at: oauth(reader, at), None),
        ca_file=section.text("ca_file"),
        timeout=section.get("timeout", lambda at: reader.number(at, 1, 3600), 60),
        deadline=section.get("deadline", lambda at: reader.number(at, 1, 86400), 300),
        return_path=section.get("return_path", lambda at: reader.choice(at, RETURN_PATHS, "return_path"), "null"),
    )


def _connection(reader: Reader, node: Node, keys: tuple[str, ...], variable: str) -> Section | None:
    """A server's section. A secret in it is a fault of its own, whose message never repeats the secret."""
    mapping = reader.mapping(node)
    if mapping is None:
        return None
    plain = [name for name in mapping.keys if name.lower() in _SECRETS]
    for name in plain:
        reader.fault(
            mapping.keys[name],
            (
                f"{name!r}: a secret never stands in rules.yaml; write password_command: COMMAND that prints it "
                f"(such as `pass show support`), or set {variable} in the environment"
            ),
        )
    old = [name for name in mapping.keys if name.lower() in _OLD_SECURITY]
    for name in old:
        reader.fault(mapping.keys[name], f"unknown key {name!r}; write security: tls, or security: starttls")
    section = reader.section(node, (*keys, *plain, *old), "connection")
    ways = [one for one in ("password_command", "token_command", "oauth") if section and one in section]
    if section and len(ways) > 1:
        reader.fault(section.node.keys[ways[1]], f"either {ways[0]} or {ways[1]}, not both")
    return section


def _host(reader: Reader, section: Section, default: str) -> tuple[str, str]:
    host = section.need("host", reader.text, "")
    if re.search(r"[\s/@]|://", host):
        reader.fault(section.node.items["host"], f"{shown(host)} is not a host name; write it as imap.example.com")
    security = section.get("security", lambda at: reader.choice(at, SECURITY, "security"), default)
    if security == "none" and host and not is_loopback(host):
        reader.fault(
            section.node.items["security"],
            "security: none would send the password in clear; only localhost may have it. Write tls or starttls",
        )
    return host, security


def heartbeat(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not is_safe(text):
        reader.fault(node, f"{shown(text)} is no https:// address to be called (http:// only of this machine)")
        return None
    return text


def _sender(reader: Reader, node: Node) -> str | None:
    """`Name <address>` or an address alone."""
    text = reader.text(node)
    if text is not None and not _SENDER.fullmatch(text.strip()):
        reader.fault(node, f"{shown(text)} is not a sender; write it as Our name <support@example.com>")
        return None
    return text.strip() if text else None
