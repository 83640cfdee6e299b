"""Mails that are made to break whoever reads them: by nesting, by number of parts or headers, by size."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator

HEAD = b"From: a@b.example\nTo: support@exempel.example\nSubject: x\nMIME-Version: 1.0\n"


def _multiparts(count: int) -> bytes:
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(count))
    return HEAD + b"".join(levels) + b"\nhej\n"


def _messages(count: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\n\nFrom: a@b.example\n" * count + b"\nhej\n"


def _attached_messages(count: int) -> bytes:
    level = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\nContent-Type: message/rfc822\n\nFrom: a@b.example\n"
    return HEAD + b"".join(level % (one, one) for one in range(count)) + b"\nhej\n"


def _parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * count + b"--b--\n"


def _files(count: int) -> bytes:
    part = b"--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\n%d\n"
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"".join(part % one for one in range(count))
        + b"--b--"
    )


def _html(opening: bytes, closing: bytes = b"") -> Callable[[int], bytes]:
    return lambda count: (
        HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + opening * count + b"hej" + closing * count
    )


def _header(name: bytes, piece: bytes) -> Callable[[int], bytes]:
    return lambda count: HEAD + name + b": " + piece * count + b"\n\nhej\n"


def _headers(piece: bytes) -> Callable[[int], bytes]:
    return lambda count: HEAD + piece * count + b"\nhej\n"


def _body(kind: bytes, piece: bytes) -> Callable[[int], bytes]:
    return lambda count: HEAD + b"Content-Type: " + kind + b"\n\n" + piece * count


def _continued(count: int) -> bytes:
    """RFC 2231 continuations."""
    pieces = b"".join(b";\n name*%d*=utf-8''a" % number for number in range(count))
    return HEAD + b"Content-Type: application/pdf" + pieces + b"\n\nhej\n"


def _base64(count: int) -> bytes:
    head = HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(b"> On 2024-03-05 14:03 a@b.example wrote:\n" * count)


def _packed(count: int) -> bytes:
    head = HEAD + b"Content-Type: application/gzip; name=a.gz\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(zlib.compress(b"\0" * 100 * count))


KINDS: dict[str, Callable[[int], bytes]] = {
    "multiparts in multiparts": _multiparts,
    "messages in messages": _messages,
    "attached messages in attached messages": _attached_messages,
    "parts": _parts,
    "files": _files,
    "divs": _html(b"<div>", b"</div>"),
    "open tables": _html(b"<table><tr><td>"),
    "open quotes": _html(b"<blockquote>"),
    "entities": _html(b"&#x41;"),
    "headers": _headers(b"X-A: y\n"),
    "Received": _headers(b"Received: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\n"),
    "subjects": _headers(b"Subject: x\n"),
    "content types": _headers(b"Content-Type: multipart/mixed; boundary=x\n"),
    "long header": _header(b"X-A", b"y"),
    "folded header": _header(b"X-A", b"y\n "),
    "comments": _header(b"From", b"("),
    "groups": _header(b"To", b"a:"),
    "addresses": _header(b"To", b"a@b.example, "),
    "quoted names": _header(b"Cc", b'"\\"'),
    "references": _header(b"References", b"<a@b.example> "),
    "open references": _header(b"In-Reply-To", b"<"),
    "encoded words": _header(b"Subject", b"=?utf-8?B?w6U=?= "),
    "open encoded words": _header(b"Subject", b"=?utf-8?Q?"),
    "prefixes": _header(b"Subject", b"Re: "),
    "tags": _header(b"Subject", b"[#1] "),
    "dates": _header(b"Date", b"Mon, "),
    "parameters": _header(b"Content-Type", b"text/plain; a=b"),
    "continued parameters": _continued,
    "boundary": lambda count: HEAD + b'Content-Type: multipart/mixed; boundary="' + b"b" * count + b'"\n\n--b\n\nhej',
    "boundary lookalikes": _body(b"multipart/mixed; boundary=b", b"--bx\n"),
    "base64": _base64,
    "packed file": _packed,
    "quoted-printable": _body(b"text/plain\nContent-Transfer-Encoding: quoted-printable", b"=3D=\n"),
    "flowed": _body(b"text/plain; format=flowed", b">>>>>> a \n"),
    "utf-7": _body(b"text/plain; charset=utf-7", b"+AAA-"),
    "escapes": _body(b"text/plain; charset=unicode_escape", b"\\U0010ffff"),
    "shifts": _body(b"text/plain; charset=iso-2022-jp", b"\x1b$B!!\x1b(B"),
    "calendar": _body(b"text/calendar", b"BEGIN:VEVENT\nSUMMARY:x\n"),
    "armour": _body(b"text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\n\n- x\n"),
    "uuencode": _body(b"text/plain", b"begin 644 a\n#86)C\nend\n"),
    "report": _body(b"message/delivery-status", b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n"),
    "container": _body(b"application/ms-tnef", b"x\x9f>\"\x01\0\x02\x0f\x80\x06\0\x01\0\0\0x\0\0"),
    "one byte": _body(b"text/plain", b"\xff"),
    "NUL": _body(b"text/plain", b"\0"),
    "no header": lambda count: b"x" * count,
    "line ends": lambda count: b"\n" * count + b"From: a@b.example\n\nhej",
    "From lines": lambda count: b"From a@b.example Mon Jan  1 00:00:00 2024\n" * count,
    "colons": lambda count: b":" * count,
    "byte order marks": lambda count: b"\xef\xbb\xbf" * count + HEAD + b"\nhej",
    "large": _body(b"application/octet-stream; name=a.bin", b"\0\xff" * 50),
}  # fmt: skip
SIZES = (30, 300, 3_000, 12_000)  # of each kind, in pieces


def bombs(factor: int = 1) -> Iterator[tuple[str, bytes]]:
    """Two hundred of them: each kind in four sizes."""
    for name, kind in KINDS.items():
        for size in SIZES:
            yield f"{name} × {size * factor:,}", kind(size * factor)
