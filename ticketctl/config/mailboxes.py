"""Where mail comes from and how it is sent: sources, outgoing; what is called when all is
well: heartbeat; which language model is asked: assistant; whom short notices tell: notify."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import get_args

from msgspec.structs import replace

from ticketctl.config import people, tree, web
from ticketctl.config.oauth import oauth
from ticketctl.config.reading import ADDRESS, Read, Reader, Section, choice, kind, number, several, shown
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.config import (
    OUTGOING,
    ImapSource,
    MaildirOut,
    MaildirSource,
    MboxSource,
    NotifyTarget,
    Outgoing,
    PushEvent,
    SentCopy,
    SmtpOut,
    SourceConfig,
    Then,
)
from ticketctl.domain.settings.hosts import address_fault, is_loopback, is_safe
from ticketctl.domain.settings.settings import Assistant

SECURITY = ("tls", "starttls", "none")
RETURN_PATHS = ("null", "own")
_SECRETS = frozenset(
    {"password", "passwd", "pass", "secret", "token", "access_token", "refresh_token", "client_secret"}
)
_OLD_SECURITY = frozenset({"ssl", "tls", "starttls", "use_tls", "use_ssl"})
CHECKS = ("hints", "strict", "off")
PARTICIPANTS = ("asker", "all", "none")
_KINDS = ("imap", "maildir", "mbox", "form", "chat", "matrix", "telegram", "mattermost", "webhook")
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


_OTHERS: Mapping[str, Callable[[Reader, str, Node], SourceConfig | None]] = {
    "form": web.form,
    "chat": web.chat,
    "matrix": web.matrix,
    "telegram": web.telegram,
    "mattermost": web.mattermost,
    "webhook": web.webhook,
}


def _source(reader: Reader, section: Section) -> SourceConfig | None:
    name = section.need("name", lambda at: people.name(reader, at), "")
    kinds = [one for one in _KINDS if one in section]
    if len(kinds) != 1:
        reader.fault(section.node, f"a source has a name and one of: {', '.join(_KINDS)}")
        return None
    node = section.node.items[kinds[0]]
    if "then" in section and kinds[0] != "maildir":
        reader.fault(section.node.keys["then"], "only imap (inside its own braces) and maildir sources take `then`")
    if kinds[0] == "imap":
        return _imap(reader, name, node)
    if kinds[0] in _OTHERS:
        return _OTHERS[kinds[0]](reader, name, node)
    path = reader.text(node) or ""
    if kinds[0] == "mbox":
        return MboxSource(name=name, path=path)
    return MaildirSource(name=name, path=path, then=section.get("then", lambda at: _then(reader, at), Then()))


def _imap(reader: Reader, name: str, node: Node) -> ImapSource | None:
    variable = "TICKETCTL_PASSWORD_" + re.sub(r"\W", "_", name.upper())
    section = _connection(reader, node, _IMAP, variable)
    if section is None:
        return None
    source = section.struct(ImapSource, _IMAP, needed=("host", "user"), name=name)
    _check_host(reader, section, source.host, source.security)
    if name == OUTGOING and "oauth" in section:
        reader.fault(
            section.node.keys["oauth"],
            f"{OUTGOING!r} is the name of the login of outgoing mail; give the source another name",
        )
    return source


def _then(reader: Reader, node: Node) -> Then | None:
    """`leave`, `delete`, `{flag: NAME}` or `{move: FOLDER}`."""
    if isinstance(node, Scalar) and node.text in ("leave", "delete"):
        return Then(node.text)
    if not isinstance(node, tree.Mapping):
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
    section = reader.section(node, (*_OUTGOING, "smtp", "maildir", "sent"), "outgoing")
    if section is None:
        return None
    sent = section.get("sent", lambda at: _sent(reader, at, known), None)
    sink: SmtpOut | MaildirOut | None = None
    if ("smtp" in section) == ("maildir" in section):
        reader.fault(section.node, "outgoing has `from` and one of: smtp, maildir")
    elif "maildir" in section:
        sink = MaildirOut(path=section.text("maildir"))
    else:
        sink = _smtp(reader, section.node.items["smtp"])
    said = section.struct(Outgoing, _OUTGOING, needed=("from",), sink=sink or MaildirOut(path=""), sent=sent)
    return said if sink else None


def _sent(reader: Reader, node: Node, known: Sequence[SourceConfig]) -> SentCopy | None:
    """`SOURCE`, or `{source: SOURCE, folder: NAME}`."""
    names = [source.name for source in known if isinstance(source, ImapSource)]
    if not isinstance(node, tree.Mapping):
        source = reader.choice(node, names, "imap source")
        return SentCopy(source=source) if source else None
    section = reader.section(node, ("source", "folder"), "sent")
    if section is None:
        return None
    source = section.need("source", lambda at: reader.choice(at, names, "imap source"), "")
    return SentCopy(source=source, folder=section.text("folder")) if source else None


def notify(reader: Reader, node: Node) -> tuple[NotifyTarget, ...]:
    found: dict[str, NotifyTarget] = {}
    for item in reader.items(node):
        section = reader.section(item, (*_TARGET, "url"), "notify")
        if section is None:
            continue
        if "url" in section:
            reader.fault(
                section.node.keys["url"],
                "'url': the address holds secrets, which do not belong in rules.yaml; write url_command: COMMAND that "
                "prints it (such as `pass show notify`)",
            )
            continue
        if "events" not in section:
            reader.fault(section.node, f"'events' is missing here: of what it is told, {', '.join(EVENTS)}")
            continue
        target = section.struct(NotifyTarget, _TARGET, needed=("name", "url_command"))
        if target.name in found:
            reader.fault(section.node.items["name"], f"a second target {shown(target.name)}")
        found[target.name] = target
    return tuple(found.values())


def _seconds(reader: Reader, node: Node) -> int | None:
    """`10s`, `2m`: at most an hour."""
    text = reader.text(node)
    match = re.fullmatch(r"([0-9]{1,4})\s*(s|m)", text) if text is not None else None
    seconds = int(match[1]) * (60 if match[2] == "m" else 1) if match else 3601
    if text is not None and seconds > 3600:
        reader.fault(node, f"expected a time such as 10s or 2m, at most 60m (0s: none), found {shown(text)}")
    return seconds if text is not None and seconds <= 3600 else None


def _smtp(reader: Reader, node: Node) -> SmtpOut | None:
    section = _connection(reader, node, _SMTP, "TICKETCTL_PASSWORD_OUTGOING")
    if section is None:
        return None
    sink = section.struct(SmtpOut, _SMTP, needed=("host",))
    _check_host(reader, section, sink.host, sink.security)
    if "oauth" in section and "user" not in section:
        reader.fault(section.node, "'user' is missing here: whose log-in it is")
    return sink


def _connection(reader: Reader, node: Node, keys: Iterable[str], variable: str) -> Section | None:
    """A server's section. A secret in it is a fault of its own, whose message never repeats the secret."""
    mapping = reader.mapping(node)
    if mapping is None:
        return None
    plain = [name for name in mapping.keys if name.lower() in _SECRETS]
    for name in plain:
        reader.fault(
            mapping.keys[name],
            (
                f"{name!r}: a secret does not belong in rules.yaml; write password_command: COMMAND that prints it "
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


def _check_host(reader: Reader, section: Section, host: str, security: str) -> None:
    if re.search(r"[\s/@]|://", host):
        reader.fault(section.node.items["host"], f"{shown(host)} is not a host name; write it as imap.example.com")
    if security == "none" and host and not is_loopback(host):
        reader.fault(
            section.node.items["security"],
            "security: none would send the password in clear; only localhost may have it. Write tls or starttls",
        )


def heartbeat(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not is_safe(text):
        reader.fault(node, f"{shown(text)} is not an https:// address to call (http:// only of this machine)")
        return None
    return text


def assistant(reader: Reader, node: Node) -> Assistant | None:
    section = reader.section(node, ("url", "model", "allow_remote"), "assistant")
    if section is None:
        return None
    reads: Mapping[str, Read] = {"url": Reader.text, "model": Reader.text, "allow_remote": Reader.boolean}
    found = section.struct(Assistant, reads, needed=("url", "model"))
    wrong = address_fault(found.url, allow_remote=found.allow_remote) if found.url else ""
    if wrong:
        reader.fault(section.node.items["url"], f"{shown(found.url)} {wrong}")
        return None
    return found


def _sender(reader: Reader, node: Node) -> str | None:
    """`Name <address>` or an address alone."""
    text = reader.text(node)
    if text is not None and not _SENDER.fullmatch(text.strip()):
        reader.fault(node, f"{shown(text)} is not a sender; write it as Our name <support@example.com>")
        return None
    return text.strip() if text else None


_CONNECTION: Mapping[str, Read] = {
    "host": Reader.text,
    "user": Reader.text,
    "port": number(1, 65535),
    "security": choice(SECURITY, "security"),
    "password_command": Reader.text,
    "token_command": Reader.text,
    "oauth": oauth,
    "ca_file": Reader.text,
    "timeout": number(1, 3600),
    "deadline": number(1, 86400),
}
_IMAP = {**_CONNECTION, "folders": several(Reader.text), "then": _then}
_SMTP = {**_CONNECTION, "return_path": choice(RETURN_PATHS, "return_path")}
_OUTGOING: Mapping[str, Read] = {
    "from": _sender,
    "undo": _seconds,
    "html": Reader.boolean,
    "check": choice(CHECKS, "check"),
    "participants": choice(PARTICIPANTS, "participants"),
    "reply_to": _sender,
    "plus_address": Reader.boolean,
    "number_in_subject": Reader.boolean,
}
EVENTS = get_args(PushEvent)
_TARGET: Mapping[str, Read] = {
    "name": people.name,
    "url_command": Reader.text,
    "events": several(choice(EVENTS, "event")),
}
