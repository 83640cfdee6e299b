"""Mails damaged at random: the same for the same seed. Every damage is one that the wire, a gateway, or spite does."""

from __future__ import annotations

import mailbox
import random
import re
import tarfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tests.mails import mails

LARGEST = 200_000  # bytes of a mail that is taken as a seed
GROWN = 1_000_000  # bytes that a damaged mail may have
NO_MAILS = {".py", ".md", ".json", ".gz", ".csv", ".pyc"}

CHARSETS = (
    b"utf-8 utf-16 utf-32 utf-7 iso-8859-1 windows-1252 us-ascii koi8-r iso-2022-jp hz gb18030 big5 shift_jis"
    b" euc-kr idna punycode unicode_escape raw_unicode_escape base64 rot13 zlib undefined mbcs x-unknown none"
    b" 8bit iso-8859-8-i"
).split()
ENCODINGS = (b"7bit 8bit binary base64 quoted-printable x-uuencode uuencode gzip none").split()
TYPES = (
    b"text/plain text/html text/enriched text/calendar text/rfc822-headers message/rfc822 message/delivery-"
    b" status message/feedback-report message/disposition-notification message/partial multipart/mixed"
    b" multipart/alternative multipart/related multipart/report multipart/signed multipart/encrypted"
    b" multipart/digest application/ms-tnef application/pkcs7-mime application/octet-stream image/png text"
    b" x/y/z multipart"
).split()
TOKENS = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1b[2J",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"\x80",
    b"=?",
    b"?=",
    b"=?utf-8?B?",
    b"=?utf-8?Q?=",
    b"=?utf-7?Q?+AAA-?=",
    b"=?x?x?x?=",
    b"=",
    b"=\n",
    b"=0",
    b"=00",
    b"--",
    b"-- \n",
    b"> ",
    b"From ",
    b"From: ",
    b"\nFrom: x\nSent: 14:03\n",
    b"begin 644 a\n",
    b"\nend\n",
    b"BEGIN:VEVENT\n",
    b'"',
    b"(",
    b")",
    b"<",
    b">",
    b"<>",
    b"@",
    b",",
    b";",
    b":",
    b"\\",
    b"\t",
    b"%",
    b"''",
    b"*0*=",
    b"boundary=",
    b"charset*=''",
    b"<table>",
    b"<blockquote>",
    b"<!--",
    b"&#0;",
    b"&#xD800;",
    b"&amp",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"99999999999999999999",
    b"-1",
    b"Content-Type: ",
    b"Message-ID: <>\n",
    b"[#1]",
    b"Mon, 32 Feb 99999 25:61:61 +9999",
    b"\x1a",
    b"\x85",
    b"\xa0",
)
HEADERS = (
    b"From To Cc Subject Date Message-ID In-Reply-To References Content-Type Content-Transfer-Encoding"
    b" Content-Disposition Return-Path Reply-To Auto-Submitted Precedence List-Id X-Failed-Recipients"
    b" Delivered-To Sender MIME-Version"
).split()

_PARAMETER = re.compile(rb'(?i)(charset="?)[\w-]{1,40}')
_ENCODING = re.compile(rb"(?i)(content-transfer-encoding: ?)[\w-]{1,40}")
_TYPE = re.compile(rb"(?i)(content-type: ?)[\w.+-]{1,40}/[\w.+-]{1,60}")
_BOUNDARY = re.compile(rb'(?i)boundary="?([^"\s;]{1,80})')


def seeds(folder: Path | None) -> list[bytes]:
    """The mails of this folder and all below it, archives and mboxes taken apart; mails of our own without a folder."""
    if folder is None:
        return [mail.raw for mail in mails(300)]
    found: list[bytes] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in NO_MAILS:
            found += _mails_in(path)
    return [raw for raw in found if 0 < len(raw) <= LARGEST]


def _mails_in(path: Path) -> list[bytes]:
    if path.suffixes[-2:] == [".tar", ".xz"]:
        with tarfile.open(path) as archive:
            opened = (archive.extractfile(member) for member in archive)
            return [one.read() for one in opened if one is not None]
    if path.suffix == ".mbox":
        with closing(mailbox.mbox(path, create=False)) as box:
            return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - an mbox iterates over its messages
    return [path.read_bytes()]


def damaged(seeds: Sequence[bytes], seed: int, index: int) -> bytes:
    """The mail number `index`: one of the seeds with one to four damages."""
    dice = random.Random(f"{seed}:{index}")
    raw = dice.choice(seeds)
    for _ in range(dice.choice((1, 1, 2, 2, 3, 4))):
        raw = dice.choice(DAMAGES)(dice, raw, seeds)
    return raw[:GROWN]


Damage = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _bits(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    data = bytearray(raw)
    for _ in range(dice.choice((1, 3, 10, 40)) if data else 0):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _truncated(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    return raw[: dice.randrange(len(raw) + 1)]


def _gap(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    return raw[:start] + raw[start + dice.choice((1, 10, 100, 1000)) :]


def _tokens(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    for _ in range(dice.choice((1, 2, 5))):
        at = dice.randrange(len(raw) + 1) if dice.random() < 0.5 else dice.randrange(min(len(raw), 1_500) + 1)
        raw = raw[:at] + dice.choice(TOKENS) * dice.choice((1, 1, 1, 3, 300)) + raw[at:]
    return raw


def _header_twice(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    head, separator, body = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    extra = [dice.choice(lines) for _ in range(dice.choice((1, 3, 50)))]
    return b"\n".join([*extra, *lines] if dice.random() < 0.5 else [*lines, *extra]) + separator + body


def _strange_header(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    name = dice.choice(HEADERS)
    piece = dice.choice((*TOKENS, *TYPES, b"a" * 300, bytes(dice.randrange(256) for _ in range(30))))
    return name + dice.choice((b": ", b":", b" : ", b":\n ")) + piece * dice.choice((1, 1, 20, 500)) + b"\n" + raw


def _lie(pattern: re.Pattern[bytes], lies: Sequence[bytes]) -> Damage:
    def lie(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
        return pattern.sub(lambda match: match[1] + dice.choice(lies), raw, count=dice.choice((1, 2, 0)))

    return lie


def _boundary(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    match = _BOUNDARY.search(raw)
    if match is None:
        return b"Content-Type: multipart/mixed; boundary=b\n" + raw.replace(b"\n\n", b"\n--b\n\n")
    other = dice.choice((b"", match[1][:-1], match[1] + b" ", match[1] + b"x", b"b", b"\xe5", b"=?utf-8?Q?b?=", b'"'))
    return raw.replace(match[1], other, dice.choice((1, 2, -1)))


def _spliced(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    other = dice.choice(seeds)
    return raw[: dice.randrange(len(raw) + 1)] + other[dice.randrange(len(other) + 1) :]


def _within(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    """The mail attached to another."""
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n"
    return head + raw + b"\n--f--\n"


def _repeated(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    piece = raw[start : start + dice.choice((1, 7, 80, 2_000))] or b"x"
    return raw[:start] + piece * (dice.choice((500, 20_000, 200_000)) // len(piece)) + raw[start:]


def _line_ends(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(
        b"\n", dice.choice((b"\r\n", b"\r", b"\r\r\n", b"\n\n", b"\n\r", b" \n"))
    )


def _shuffled(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


def _upper_bits(dice: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    return bytes(byte | 0x80 if dice.random() < 0.02 else byte for byte in raw[:20_000]) + raw[20_000:]


DAMAGES: tuple[Damage, ...] = (
    *(
        _bits,
        _truncated,
        _gap,
        _tokens,
        _tokens,
        _header_twice,
        _strange_header,
        _boundary,
        _spliced,
        _within,
        _repeated,
    ),
    *(_line_ends, _shuffled, _upper_bits),
    *(_lie(_PARAMETER, CHARSETS), _lie(_ENCODING, ENCODINGS), _lie(_TYPE, TYPES)),
)
