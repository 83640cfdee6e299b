"""Which mails a mail answers, by In-Reply-To and References (RFC 5322, 3.6.4).

An id stands in angle brackets. RFC 822 also allowed prose there ("Kim <kim@kund.example>'s message of Friday"), and
some programs still write it: an address in a sentence is no id, though it looks like one. A bare word that looks like
an id is only a candidate: it counts where the desk knows it (domain.conversation).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse.headers import LIST, unfold, words

_TOKEN = re.compile(r'<[^<>]{1,996}>|"[^"]{0,998}"|\([^()]{0,998}\)|[^\s<>"()]+|.', re.S)
_MADE = re.compile(r"\d|[A-Z]{12}")
_MAILBOX = re.compile(r"(?!message|msg)(?:[a-z]+[._-])*[a-z]{6,}[._-]?\d{0,4}")  # kundtjanst.2024@
_BARE = re.compile(r"""[^\s@<>()\[\],;:"'\\]{1,250}@[^\s@<>()\[\],;:"'\\]{1,250}""")


def answered(values: Iterable[str], addresses: Collection[str] = (), *, prose: bool = True) -> tuple[str, ...]:
    """The ids in these header values without angle brackets, each once, in order; none of `addresses`, which stand in
    the same mail as those of people (lower case). `prose`: people are named there, as in In-Reply-To; words between the
    ids of References are damage."""
    found = dict.fromkeys(one for value in values for one in _in_brackets(_tokens(value), prose))
    return tuple(one for one in found if one and one.lower() not in addresses)


def bare(values: Iterable[str], addresses: Collection[str] = ()) -> tuple[str, ...]:
    """Words without brackets that have the shape of an id, where the value is nothing but ids."""
    found: dict[str, None] = {}
    for value in values:
        named = [token.strip(",;") for token in _tokens(value) if not token.startswith(("<", "("))]
        if all(_BARE.fullmatch(token) for token in named if token):
            found.update(dict.fromkeys(token for token in named if token))
    return tuple(one for one in found if one.lower() not in addresses)


def _tokens(value: str) -> list[str]:
    """Ids in brackets, quoted strings, comments and words."""
    text = charset.from_surrogates(unfold(value[:LIST]))
    if "=?" in text:
        text = words(text)  # not allowed there (RFC 2047, 5), but Python's own generator does it to long ids
    return [token for token in _TOKEN.findall(text) if token.strip()]


def _in_brackets(tokens: Sequence[str], prose: bool) -> Iterator[str]:
    """All where nothing but ids stands there. Of a sentence those at its beginning, and those at its end unless a
    name stands in front."""
    if all(map(_no_prose, tokens)):
        return _bracketed(tokens)
    if not prose:
        return filter(_looks_made, _bracketed(tokens))
    begin = list(takewhile(_no_prose, tokens))
    end = list(takewhile(_no_prose, reversed(tokens)))[::-1]
    words_before = tokens[: len(tokens) - len(end)][-2:]
    return filter(_looks_made, _bracketed([*begin, *([] if _is_name(words_before) else end)]))


def _no_prose(token: str) -> bool:
    return token.startswith(("<", "(")) or not any(map(str.isalnum, token))


def _bracketed(tokens: Iterable[str]) -> Iterator[str]:
    return ("".join(token[1:-1].split()) for token in tokens if token.startswith("<") and token.endswith(">"))


def _is_name(words: Sequence[str]) -> bool:
    """Whether it can be the end of a name; a date, "message" and "id:" cannot."""
    dated = any(map(str.isdigit, "".join(words)))
    return not dated and words[-1].strip(":").lower() not in ("message", "mail", "message-id", "id")


def _looks_made(one: str) -> bool:
    """Whether a program made it up: before the "@" it has a number (more than a word's few digits), or
    many capitals."""
    left, at, right = one.rpartition("@")
    return bool(at and right) and _MADE.search(left) is not None and _MAILBOX.fullmatch(left.lower()) is None
