"""Texts of servers, made fit to be shown and kept: without our secret, in one line, and not long.

A server may repeat what we said to it, and with it the password, in any answer. What it says goes through a Redactor
before anything else sees it. Mails do not: a customer who got a mail back with words left out would have a way to guess
at the password.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from urllib.parse import quote, quote_plus

from ticketctl.domain.text.one_line import one_line

MARK = b"***"
ON_THE_WIRE = 6  # characters: a shorter secret could be a word of the protocol, which must stay readable
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_LINE_END = re.compile(rb"\s*=?[\r\n]+\s*")
_PIECE = 16  # characters of a long secret that tell too much of it
_CORE = 6  # characters of base64 that are the same wherever the secret stands; fewer could be anything


class Redactor:
    """`add` each secret before it is sent. It finds them as they are, in capitals, escaped for IMAP, JSON, HTML, mail
    and URLs, in hexadecimal, and in base64 with anything before and behind: AUTH PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER.
    In what is told it also finds those that were broken into lines, and pieces of long ones."""

    def __init__(self, *secrets: str) -> None:
        self._secrets: set[str] = set()
        self._every, self._long = _Finder(()), _Finder(())
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        if secret and secret not in self._secrets:
            self._secrets.add(secret)
            self._every = _Finder(self._secrets)
            self._long = _Finder(one for one in self._secrets if len(one) >= ON_THE_WIRE)

    def line(self, data: bytes) -> bytes:
        """A line of the protocol, as it is but for the secrets."""
        return self._long.without(data)

    def told(self, words: object) -> str:
        """A text to be shown (bytes are UTF-8): without the secrets and controls, in one line, at most TEXT long."""
        raw = words if isinstance(words, bytes) else str(words).encode("utf-8", "replace")
        unbroken = _LINE_END.sub(b"", raw)
        if self._every.without(unbroken) != unbroken:
            raw = unbroken
        return one_line(self._every.without_pieces(self._every.without(raw)).decode("utf-8", "replace"))


class _Finder:
    """Finds secrets; a stretch of base64 that holds one is taken out whole."""

    def __init__(self, secrets: Iterable[str]) -> None:
        given = tuple(secrets)
        plain = sorted({one for secret in given for one in _spellings(secret) if one}, key=len, reverse=True)
        coded = sorted({core for secret in given for core in _cores(secret)}, key=len, reverse=True)
        self._lowered = {one.lower() for one in plain}
        self._plain, self._coded = _any(plain, re.IGNORECASE), _any(coded)
        self._pieces = {piece for one in (*plain, *coded) for piece in _pieces_of(one)}

    def without(self, data: bytes) -> bytes:
        if self._coded is not None:
            data = self._without_coded(data, self._coded)
        lowered = data.lower()
        if self._plain is not None and any(one in lowered for one in self._lowered):  # faster than the pattern
            data = self._plain.sub(MARK, data)
        return data

    def without_pieces(self, data: bytes) -> bytes:
        """Without stretches that hold a piece of a long secret."""
        if not self._pieces:
            return data
        return _STRETCH.sub(lambda found: MARK if self._holds_piece(found[0]) else found[0], data)

    def _holds_piece(self, stretch: bytes) -> bool:
        lowered = stretch.lower()
        return any(lowered[at : at + _PIECE] in self._pieces for at in range(len(lowered) - _PIECE + 1))

    def _without_coded(self, data: bytes, coded: re.Pattern[bytes]) -> bytes:
        kept, at = [], 0
        while found := coded.search(data, at):
            start, end = found.span()
            while start > at and data[start - 1] in _BASE64:
                start -= 1
            while end < len(data) and data[end] in _BASE64:
                end += 1
            kept += [data[at:start], MARK]
            at = end
        return b"".join(kept) + data[at:] if kept else data


_STRETCH = re.compile(rb"[^\s\"'<>]{%d,}" % _PIECE)


def _pieces_of(spelling: bytes) -> Iterator[bytes]:
    """Each run of _PIECE characters, in lower case; none of a secret that is not much longer."""
    if len(spelling) >= 2 * _PIECE:
        lowered = spelling.lower()
        yield from (lowered[at : at + _PIECE] for at in range(len(lowered) - _PIECE + 1))


def _any(spellings: Sequence[bytes], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[bytes] | None:
    return re.compile(b"|".join(map(re.escape, spellings)), flags) if spellings else None


def _spellings(secret: str) -> Iterator[bytes]:
    doubled = secret.replace("\\", "\\\\")
    for one in (
        secret,
        secret.upper(),
        secret.lower(),
        doubled,
        doubled.replace('"', '\\"'),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
    ):
        yield one.encode()
    with suppress(UnicodeEncodeError):
        yield secret.encode("latin-1")
    yield secret.replace("&", "&-").encode()  # modified UTF-7, of ASCII
    yield b2a_qp(secret.encode()).replace(b"=\n", b"")
    yield secret.encode().hex().encode()
    yield repr(secret.encode())[2:-1].encode()  # as an exception of the library writes it
    yield secret.encode("unicode_escape")
    yield b64encode(secret.encode())


def _cores(secret: str) -> Iterator[bytes]:
    """The characters of base64 that the secret has, whatever stands before and behind it: one for each remainder of its
    place by three."""
    raw = secret.encode()
    for before in range(3):
        coded = b64encode(bytes(before) + raw)
        end = len(coded.rstrip(b"="))
        if (before + len(raw)) % 3:
            end -= 1  # the last one also has bits of what follows
        core = coded[(0, 2, 3)[before] : end]
        if len(core) >= _CORE:
            yield core
            yield core.replace(b"+", b"-").replace(b"/", b"_")
