"""The last look at a mail of ours: its bytes, read by the standard library's parser, must say what was meant, no more.

Whatever a customer put into a subject, a name or a file name, a mail whose bytes would be read in another way (a `Bcc:`
out of a newline, CVE-2024-6923) does not leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_string
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from ticketctl.channels.email.compose import header_encoding
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.channels_draft import Draft

_FOLD = re.compile(r"\r?\n(?=[ \t])")


def check(raw: bytes, draft: Draft, headers: Sequence[header_encoding.Header]) -> None:
    """Raises header_encoding.Unsafe unless `raw` shows exactly these headers, recipients, subject, texts and files."""
    _lines(raw)
    mail = message_from_string(raw.decode("utf-8"))
    _same("headers", [name for name, _ in mail.items()], [name for name, _ in headers])
    _same("header values", [_unfolded(value) for _, value in mail.items()], [_unfolded(value) for _, value in headers])
    for name, persons in (("From", (draft.sender,)), ("To", draft.to), ("Cc", draft.cc), ("Reply-To", draft.reply_to)):
        _same(name, _persons(mail, name), [_meant(person) for person in persons])
    _same("Subject", _words(str(mail["Subject"])), header_encoding.subject(draft.subject))
    _parts(mail, draft)


def _lines(raw: bytes) -> None:
    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        raise header_encoding.Unsafe("a line does not end with CRLF")
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        raise header_encoding.Unsafe("a line is longer than 998 bytes")


def _parts(mail: Message, draft: Draft) -> None:
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    if any(part.defects for part in mail.walk()):
        raise header_encoding.Unsafe("the parts do not read as they were written")
    texts = [draft.text, *([draft.html] if draft.html else [])]
    read = [_payload(part).decode("utf-8").replace("\r\n", "\n") for part in leaves[: len(texts)]]
    _same("text", read, [header_encoding.body_text(text) for text in texts])
    pictures = draft.pictures if draft.html else ()
    rest = len(texts) + len(pictures)
    shown = [(part["Content-ID"], part.get_filename(), _payload(part)) for part in leaves[len(texts) : rest]]
    meant = [(f"<{one.cid}>", header_encoding.file_name(one.name), one.data) for one in pictures]
    _same("pictures", shown, meant)
    files = [(part.get_filename(), _payload(part)) for part in leaves[rest:]]
    _same("files", files, [(header_encoding.file_name(file.name), file.data) for file in draft.files])


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _same(what: str, read: object, meant: object) -> None:
    if read != meant:
        raise header_encoding.Unsafe(f"{what} of the mail would be read as something else than was meant")


def _unfolded(value: str) -> str:
    return _FOLD.sub("", value)


def _persons(mail: Message, name: str) -> list[tuple[str, str]]:
    values = [_unfolded(value) for value in mail.get_all(name, [])]
    return [(_words(shown), address) for shown, address in getaddresses(values)]


def _meant(person: Person) -> tuple[str, str]:
    name = header_encoding.display_name(person.name)
    return ("" if name == person.address else name), header_encoding.wire_address(person.address)


def _words(value: str) -> str:
    return "".join(
        data if isinstance(data, str) else data.decode(charset or "ascii")
        for data, charset in decode_header(_unfolded(value))
    )
