"""Mail that came through a mailing list or group of our own: the mail as its writer sent it.

A group such as support@ at Google or a Mailman list adds List-* headers, by which every customer would look like a
newsletter, and where the writer's domain forbids forging (DMARC) it writes in its own name: "'Anna' via Support"
<support@…>, with the writer in X-Original-From or Reply-To. For the lists that rules.yaml names all of that is
transport, and taken back. Who else puts our list's name into a mail only gives up being taken for a list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ticketctl.channels.email.parse import headers

LONGEST = 262_144  # bytes of a header that are looked at
_GAP = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"(?m)^([!-9;-~]+)[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*\n?)")
_TRACES = frozenset({"mailing-list", "x-mailing-list", "x-beenthere", "x-loop", "x-google-group-id"})
_NAMES = ("list-id", "list-post", "mailing-list", "x-beenthere")

Field = tuple[str, bytes, str]
"""The name in lower case, the field as it stands there, and its value unfolded."""


def as_sent(raw: bytes, lists: Collection[str]) -> bytes:
    """`raw` without what one of `lists` (addresses or List-Ids, lower case) added; any other mail as it is."""
    gap = _GAP.search(raw, 0, LONGEST) if lists else None
    if gap is None or b"list" not in raw[: gap.start()].lower():
        return raw
    head = raw[: gap.start()] + b"\r\n"
    fields = [_field(match) for match in _FIELD.finditer(head)]
    ours = {_dotted(one) for one in lists}
    if not _came_through(fields, ours):
        return raw
    writer = _writer(fields, ours)
    kept = [field for field in fields if not _is_trace(field) and not (writer and _is_answer_to(field, writer, ours))]
    lines = [_from(writer) if writer and name == "from" else field for name, field, _ in kept]
    return b"".join(lines).rstrip(b"\r\n") + raw[gap.start() :]


def _field(match: re.Match[bytes]) -> Field:
    value = match[2].decode("utf-8", "surrogateescape")
    return match[1].decode("ascii").lower(), match[0], headers.unfold(value).strip()


def _dotted(name: str) -> str:
    """support@exempel.se is the list with the List-Id support.exempel.se."""
    return name.lower().replace("@", ".")


def _came_through(fields: Sequence[Field], ours: Collection[str]) -> bool:
    """Whether it is a mail of ours: where it names lists by their ids, no other may be among them."""
    ids = [_dotted(one) for name, _, value in fields if name == "list-id" for one in re.findall(r"<([^<>]*)>", value)]
    if ids:
        return all(one in ours for one in ids)
    named = " ".join(value for name, _, value in fields if name in _NAMES)
    return any(_dotted(one) in ours for one in re.findall(r"[^\s<>,;:]+@[^\s<>,;:]+", named))


def _writer(fields: Sequence[Field], ours: Collection[str]) -> str:
    """Who wrote it, as it stands in a header, where From is the list itself; "" where From is right."""
    values = {name: value for name, _, value in reversed(fields)}
    if not _is_list(values.get("from", ""), ours):
        return ""
    answers = (values.get(name, "") for name in ("x-original-from", "reply-to", "x-original-sender"))
    return next((one for one in answers if "@" in one and not _is_list(one, ours)), "")


def _is_list(value: str, ours: Collection[str]) -> bool:
    return any(_dotted(person.address) in ours for person in headers.addresses([value])[:1])


def _is_trace(field: Field) -> bool:
    name, _, value = field
    return name.startswith("list-") or name in _TRACES or (name == "precedence" and value.lower() == "list")


def _is_answer_to(field: Field, writer: str, ours: Collection[str]) -> bool:
    """A Reply-To that the list put there: to itself, or to the writer, who is in From again."""
    name, _, value = field
    return name == "reply-to" and (_is_list(value, ours) or _address(value) == _address(writer))


def _address(value: str) -> str:
    return next((person.address for person in headers.addresses([value])), "")


def _from(writer: str) -> bytes:
    return f"From: {writer}\r\n".encode("utf-8", "surrogateescape")
