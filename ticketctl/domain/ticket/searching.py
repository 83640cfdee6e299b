"""What a search finds: all its words, anywhere in a ticket that a person would look for them.

Number, subject, texts and notes, people, fields, labels, cause, lesson and file names; case-folded, as parts of words
too. A telephone number is found in any spelling: 0701234567, 070-123 45 67 and +46 70 123 45 67 are one. `17` is that
ticket, and where a text has it as a word of its own; `#17` is that ticket, and where a text speaks of it. `loose` takes
marks off letters on both sides, so that `malmo` finds Malmö, and finds numbers inside words (`4711` in INV4711).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from ticketctl.domain.ticket.ticket import IMPORTED, Ticket

LEAST = 7  # digits of what is looked for as a telephone number, too
# Compiled where something is looked for: `list` looks for nothing, mostly.
_RUN = r"(?a)\+?\(?\d(?:[\d ()./\u00a0\u2010-\u2015-]*\d)?"
_ALONE = rf"(?a)(?<!\S)(?:{_RUN[4:]})(?!\S)"
_NUMBER = r"(?a)#?(\d{1,9})"
_QUOTES = r"(?<!\S)[\"“”„»«]+|[\"“”»«]+(?!\S)"  # round what was meant as one; each word is looked for
_TRUNK = "(0)"  # +46 (0)70: the 0 is for who calls from inside the country
_NOT_MARKED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


_compiled = lru_cache(re.compile)


def fold(text: str) -> str:
    """Case-folded NFC, so that Å composed or not, upper or lower case, is the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def unmarked(text: str) -> str:
    """Folded, and without the marks on letters: å, ä and á are a."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFD", fold(text))
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_NOT_MARKED)


class Phone(msgspec.Struct, frozen=True):
    """A number that is looked for: `digits` as written, without (0); `abroad` where + or 00 stands before them."""

    digits: str
    abroad: bool

    def is_in(self, text: str) -> bool:
        return any(self.is_like(_phone(found[0])) for found in _compiled(_RUN).finditer(text))

    def is_like(self, other: Phone) -> bool:
        """Whether both can be the same line; this one may be the beginning of it."""
        if self.digits in other.digits:
            return True
        if self.abroad and not other.abroad:
            codes = [code for code in self._without_country() if len(code) >= LEAST - 1]
            return any(f"0{code}" in other.digits or code == other.digits for code in codes)
        core = self.digits.lstrip("0")
        return other.abroad and any(code.startswith(core) for code in other._without_country())

    def _without_country(self) -> list[str]:
        return [self.digits[length:] for length in (1, 2, 3)]  # ITU-T E.164: country codes have one to three digits


class _Part(msgspec.Struct, frozen=True):
    """What must be found: every word of `words`, or the number that they are together."""

    words: tuple[str, ...]
    phone: Phone | None = None


class Search(msgspec.Struct, frozen=True):
    parts: tuple[_Part, ...]
    loose: bool

    def finds(self, ticket: Ticket) -> bool:
        whole = "\n".join(_texts(ticket))
        folded = unmarked(whole) if self.loose else fold(whole)
        return all(self._is_there(part, ticket, folded, whole) for part in self.parts)

    def _is_there(self, part: _Part, ticket: Ticket, folded: str, whole: str) -> bool:
        if all(self._word_is_there(word, ticket.number, folded) for word in part.words):
            return True
        return part.phone is not None and part.phone.is_in(whole)

    def _word_is_there(self, word: str, number: int, folded: str) -> bool:
        named = re.fullmatch(_NUMBER, word)
        if named is None:
            return word in folded
        if int(named[1]) == number:
            return True
        if word.startswith("#"):
            return re.search(rf"{word}(?!\d)", folded) is not None
        return word in folded and (self.loose or re.search(rf"(?<!\w){word}(?!\w)", folded) is not None)

    @property
    def numbers(self) -> frozenset[int]:
        """The tickets that its words name, if they are meant as numbers of tickets."""
        found = (re.fullmatch(_NUMBER, word) for part in self.parts if part.phone is None for word in part.words)
        return frozenset(int(one[1]) for one in found if one)


@lru_cache(maxsize=8)
def search(words: str, loose: bool = False) -> Search:
    """The search for `words`."""
    simple = unmarked if loose else fold
    parts, at = [], 0
    if not words:
        return Search((), loose)
    words = _compiled(_QUOTES).sub(" ", words)
    for found in _compiled(_ALONE).finditer(words):
        phone = _phone(found[0])
        if len(phone.digits) < LEAST:
            continue
        parts += [_Part((word,)) for word in simple(words[at : found.start()]).split()]
        parts.append(_Part(tuple(simple(found[0]).split()), phone))
        at = found.end()
    parts += [_Part((word,)) for word in simple(words[at:]).split()]
    return Search(tuple(parts), loose)


def _phone(run: str) -> Phone:
    digits = re.sub(r"\D", "", run.replace(_TRUNK, ""))
    if run.startswith("+") or digits.startswith("00"):
        return Phone(digits.removeprefix("00"), True)
    return Phone(digits, False)


def _texts(ticket: Ticket) -> Iterator[str]:
    yield from (ticket.subject, ticket.assignee, ticket.cause, ticket.lesson, *ticket.labels)
    yield from (f"{name}={value}" for name, value in ticket.fields.items())
    yield from (event.before for event in ticket.events[:1] if event.what == IMPORTED)  # its number elsewhere
    for person in (ticket.requester, *ticket.participants):
        yield from (person.name, person.address)
    for message in ticket.messages:
        yield from (message.subject, message.text, message.whole, message.sender.name, message.sender.address)
        yield from (attachment.name for attachment in message.attachments)
        if message.direction == "out":  # what came in was written to ourselves
            for person in (*message.to, *message.cc, *message.bcc):
                yield from (person.name, person.address)
