"""A mail of ours as bytes: every header written, encoded and folded here, none by the standard library's generator.

Python's EmailMessage turns a long References header into encoded-words, which breaks threading in Outlook, and copies
an encoded newline from a customer's subject into a header of its own (CVE-2024-6923, CVE-2026-1299). So values are
plain strings without controls and without the literal `=?`; RFC 2047 is used for subjects and display names only; ids
are folded at their spaces alone. The finished bytes are read again by another parser (`verify.py`).
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from ticketctl.channels.email.compose import verify
from ticketctl.channels.email.compose.header_encoding import (
    Header,
    Unsafe,
    addresses,
    body_text,
    file_name,
    folded,
    ids,
    parameter,
    plain,
    subject,
    unstructured,
)
from ticketctl.ports.channels_draft import Draft, File, Picture


def compose(draft: Draft) -> bytes:
    """The whole mail: CRLF, lines of at most 998 bytes, ASCII unless an address itself is not. Raises Unsafe."""
    if not draft.to and not draft.cc:
        raise Unsafe("a mail needs a recipient")
    kind, body = _body(draft)
    headers = [*_headers(draft), ("MIME-Version", "1.0"), *kind]
    raw = _written(headers).encode("utf-8") + b"\r\n" + body
    verify.check(raw, draft, headers)
    return raw


def redated(raw: bytes, date: datetime) -> bytes:
    """The mail that `compose` made, with another Date, which is its first header."""
    return b"Date: %s\r\n%s" % (format_datetime(date).encode("ascii"), raw.partition(b"\r\n")[2])


def _headers(draft: Draft) -> list[Header]:
    references = ids(draft.references)
    in_reply_to = ids((draft.in_reply_to,))
    optional = [
        ("Cc", addresses(draft.cc)),
        ("Reply-To", addresses(draft.reply_to)),
        ("In-Reply-To", folded(in_reply_to, len("In-Reply-To: "))),
        ("References", folded(references, len("References: "))),
        ("Auto-Submitted", draft.automatic),
        ("X-Auto-Response-Suppress", "All" if draft.automatic else ""),
        ("X-Ticketctl-Loop", plain(draft.loop)),
    ]
    own_id = ids((draft.message_id,))
    if not own_id:
        raise Unsafe(f"{draft.message_id!r} is no Message-ID")
    return [
        ("Date", format_datetime(draft.date)),
        ("From", addresses((draft.sender,))),
        ("To", addresses(draft.to)),
        ("Subject", unstructured(subject(draft.subject), len("Subject: "))),
        ("Message-ID", own_id[0]),
        *((name, value) for name, value in optional if value),
    ]


def _written(headers: Iterable[Header]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers)


# --- bodies ---


def _body(draft: Draft) -> tuple[list[Header], bytes]:
    part = _text("plain", draft.text)
    if draft.html:
        rich = _text("html", draft.html)
        if draft.pictures:
            rich = _multipart("related", draft.message_id, [rich, *map(_shown, draft.pictures)])
        part = _multipart("alternative", draft.message_id, [part, rich])
    if draft.files:
        part = _multipart("mixed", draft.message_id, [part, *map(_attached, draft.files)])
    return part


def _text(kind: str, text: str) -> tuple[list[Header], bytes]:
    lines = body_text(text).encode("utf-8").split(b"\n")[:-1]
    # Line by line: b2a_qp would keep or double the line ends of a text as it finds them
    quoted = [_dotless(b2a_qp(line, quotetabs=False, istext=True)).replace(b"=\n", b"=\r\n") for line in lines]
    headers = [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable")]
    return headers, b"".join(line + b"\r\n" for line in quoted)


def _dotless(line: bytes) -> bytes:
    """Lines that some relays change on their way: "From " at the beginning, a dot alone."""
    if line.startswith(b"From "):
        return b"=46" + line[1:]
    return b"=2E" + line[1:] if line.startswith(b".") else line


def _multipart(kind: str, seed: str, parts: Sequence[tuple[list[Header], bytes]]) -> tuple[list[Header], bytes]:
    # "=_" occurs neither in quoted-printable nor in base64, so that no body can hold the boundary
    boundary = f"=_{kind}_{sha256(seed.encode()).hexdigest()[:24]}"
    pieces = [f"--{boundary}\r\n{_written(headers)}\r\n".encode() + body + b"\r\n" for headers, body in parts]
    body = b"".join(pieces) + f"--{boundary}--\r\n".encode()
    return [("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"')], body


_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_RISKY = re.compile(r"message/.*|multipart/.*")  # RFC 2046 forbids base64 for these


def _attached(file: File) -> tuple[list[Header], bytes]:
    kind = file.type.lower()
    if not _TYPE.fullmatch(kind) or _RISKY.fullmatch(kind):
        kind = "application/octet-stream"
    headers = [
        ("Content-Type", kind),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment" + parameter("filename", file_name(file.name))),
    ]
    return headers, _base64(file.data)


def _shown(picture: Picture) -> tuple[list[Header], bytes]:
    """A picture of the HTML part beside it (RFC 2387)."""
    (cid,) = ids((picture.cid,)) or ("",)
    if not cid:
        raise Unsafe(f"{picture.cid!r} is no Content-ID")
    headers = [
        ("Content-Type", "image/png"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-ID", cid),
        ("Content-Disposition", "inline" + parameter("filename", file_name(picture.name))),
    ]
    return headers, _base64(picture.data)


def _base64(data: bytes) -> bytes:
    coded = b2a_base64(data, newline=False)
    return b"".join(coded[at : at + 76] + b"\r\n" for at in range(0, len(coded), 76))
