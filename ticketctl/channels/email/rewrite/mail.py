"""A mail written anew with every text in it changed: the subject and other words of the header, text and HTML parts,
text files and attached mails. Addresses, Message-IDs and what is no text stay, so that it is understood as before.

What cannot be taken apart is changed where it lies, base64 too.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from email.header import Header
from urllib.parse import quote

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import bodies, headers, uuencode
from ticketctl.channels.email.parse.mime_tree import Part, parse
from ticketctl.channels.email.rewrite import files
from ticketctl.channels.email.rewrite.files import META, Change, changed_html
from ticketctl.ports.medium import Rewritten, Unreadable

WITHIN = 10  # attached mails within attached mails
# Fields of which only the words that are no address are changed, and those that must stay as they are.
PEOPLE = {"from", "to", "cc", "bcc", "sender", "reply-to"}
KEPT = PEOPLE | {
    *("message-id", "in-reply-to", "references", "date", "received", "return-path", "mime-version", "content-id"),
    *("content-transfer-encoding", "content-type", "content-disposition", "list-id", "delivered-to", "dkim-signature"),
    *("x-ticketctl-sealed", "authentication-results", "x-original-to", "envelope-to", "auto-submitted", "precedence"),
}
PARAMETERS = ("format", "delsp", "method", "report-type", "reply-type")


Fields = list[tuple[str, str]]


def rewrite(raw: bytes, change: Change, depth: int = 0) -> bytes:
    """The same bytes where nothing in it changes."""
    try:
        root = parse(raw)
    except Unreadable:
        return as_it_lies(raw, change)
    if not root.fields:
        return as_it_lies(raw, change)
    unread = _unread(root).decode("utf-8", "replace") if root.children else ""
    hidden = change(unread) != unread
    return _part(root, change, depth) or (_whole(root) if hidden else raw)


def _unread(root: Part) -> bytes:
    """What stands before the first part and behind the last, for no one; all, where the boundary was only guessed."""
    boundary = root.parameters.get("boundary", "").rstrip()
    if not boundary or root.is_packed:
        return root.body
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    before, _, rest = root.body.partition(mark)
    return before + b"\n" + (rest.rpartition(mark + b"--")[2] if mark + b"--" in rest else b"")


def rewrite_file(name: str, kind: str, payload: bytes, change: Change, depth: int = 0) -> Rewritten:
    """A file that hangs on a mail; an attached mail too."""
    if kind == "message/rfc822" or name.lower().endswith(".eml"):
        return Rewritten(rewrite(payload, change, depth + 1)) if depth < WITHIN else Rewritten(payload, "unread")
    return files.rewrite_file(name, kind, payload, change)


def as_it_lies(raw: bytes, change: Change) -> bytes:
    """Every text in the bytes themselves, and in the base64 among them."""
    text = change(raw.decode("utf-8", "surrogateescape"))

    def block(match: re.Match[str]) -> str:
        try:
            data = binascii.a2b_base64(match[0]).decode("utf-8", "surrogateescape")
        except binascii.Error:
            return match[0]
        said = change(data)
        return match[0] if said == data else _base64(said.encode("utf-8", "surrogateescape")).decode()

    return _BLOCK.sub(block, text).encode("utf-8", "surrogateescape")


_BLOCK = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}(?:\r?\n[A-Za-z0-9+/]{4,}={0,2})*")


def _part(part: Part, change: Change, depth: int) -> bytes | None:
    """None where nothing in it changes."""
    fields = _fields(part, change)
    if part.children:
        inner = [_part(child, change, depth) for child in part.children]
        changes = fields is not None or any(one is not None for one in inner)
        return _multipart(part, fields or part.fields, inner) if changes else None
    content = _content(part, change, depth)
    if content is None:
        return None if fields is None else _written(fields, part.body)
    kind, body = content
    return _written(_typed(fields or part.fields, kind, "base64"), _base64(body))


def _whole(part: Part) -> bytes:
    """As it is, without what stands between its parts."""
    if not part.children or part.is_packed:
        return _written(part.fields, part.body)
    return _multipart(part, part.fields, [None] * len(part.children))


def _multipart(part: Part, fields: Fields, inner: Sequence[bytes | None]) -> bytes:
    """With the changed parts in the place of those that they were; what was packed and signed is unpacked."""
    boundary = part.parameters.get("boundary") or f"=_masked_{len(part.children)}_{len(part.fields)}"
    kind = part.type if part.type.startswith("multipart/") else "multipart/mixed"
    mark = b"--" + boundary.rstrip().encode("utf-8", "surrogateescape")
    whole = (_whole(child) if new is None else new for child, new in zip(part.children, inner, strict=True))
    body = b"".join(b"%b\r\n%b\r\n" % (mark, one) for one in whole) + mark + b"--\r\n"
    return _written(_typed(fields, f'{kind}; boundary="{boundary}"{_parameters(part)}', ""), body)


def _typed(fields: Fields, kind: str, encoding: str) -> Fields:
    kept = [one for one in fields if one[0] not in ("content-type", "content-transfer-encoding")]
    return [*kept, ("content-type", kind), *([("content-transfer-encoding", encoding)] if encoding else [])]


def _parameters(part: Part) -> str:
    return "".join(f'; {name}="{part.parameters[name]}"' for name in PARAMETERS if name in part.parameters)


def _written(fields: Fields, body: bytes) -> bytes:
    lines = (f"{name}: {value}\r\n".encode("utf-8", "surrogateescape") for name, value in fields)
    return b"".join(lines) + b"\r\n" + body


def _base64(data: bytes) -> bytes:
    pieces = (binascii.b2a_base64(data[at : at + 57], newline=False) for at in range(0, len(data), 57))
    return b"\r\n".join(pieces) + b"\r\n"


# --- the content of a part ---


def _content(part: Part, change: Change, depth: int) -> tuple[str, bytes] | None:
    """Its new type and bytes; None where they stay."""
    if part.type == "message/rfc822":
        payload = part.payload()
        after = rewrite_file("", part.type, payload, change, depth).payload
        return None if after == payload else (part.type, after)
    if part.type.startswith(("text/", "message/")) or part.type == "application/xhtml+xml":
        return _text(part, change)
    payload = part.payload()
    done = rewrite_file(part.filename, part.type, payload, change, depth)
    if done.flagged == "found" and (part.type in bodies.TNEF or part.filename.lower() == "winmail.dat"):
        return part.type, b""  # its files and its text are in the ticket
    return None if done.payload == payload else (part.type, done.payload)


def _text(part: Part, change: Change) -> tuple[str, bytes] | None:
    data, below = part.decoded()
    text = charset.decode(data, bodies.declared_charset(part, data)) + (charset.decode(below) if below.strip() else "")
    said, taken = uuencode.take_out(text) if part.type == "text/plain" else (text, [])
    if any(rewrite_file(one.name, "", one.payload, change) != Rewritten(one.payload) for one in taken):
        after = change(said)  # the files are in the ticket
    elif part.type in ("text/html", "application/xhtml+xml"):
        after = META.sub(r"\g<1>utf-8", changed_html(text, change)) if changed_html(text, change) != text else text
    else:
        after = change(text) if said == text or change(said) != said else text
    if after == text:
        return None
    return f'{part.type}; charset="utf-8"{_parameters(part)}', charset.clean(after).encode("utf-8", "replace")


# --- the header of a part ---


def _fields(part: Part, change: Change) -> Fields | None:
    """With its words changed; None where they stay."""
    after = [(name, _value(part, name, value, change)) for name, value in part.fields]
    return after if after != part.fields else None


def _value(part: Part, name: str, value: str, change: Change) -> str:
    if name in ("content-type", "content-disposition"):
        named = change(part.filename)
        if named == part.filename:
            return value
        return part.type if name == "content-type" else f"attachment; filename*=utf-8''{quote(named)}"
    if name in PEOPLE:
        return _people(value, change)
    if name in KEPT:
        return value
    said = headers.words(value)
    after = change(said)
    return value if after == said else _encoded(after)


def _people(value: str, change: Change) -> str:
    people = headers.addresses((value,))
    named = [change(one.name) for one in people]
    if named == [one.name for one in people]:
        return value
    return ", ".join(
        f"{_encoded(name)} <{one.address}>" if name else one.address for one, name in zip(people, named, strict=True)
    )


def _encoded(words: str) -> str:
    return Header(" ".join(words.split()), "utf-8").encode(linesep="\r\n")
