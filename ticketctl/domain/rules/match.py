"""How a rule's texts are compared with those of a ticket.

Text is compared case-folded, in NFC and with white space collapsed, so that `Å` composed or not is the same letter and
a phrase may run over a line break. Nothing here backtracks: `matches` is RE2's, the rest are plain searches.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

from ticketctl.domain.ticket.query import fold

TextOperator = Literal["is", "any_of", "contains", "any_word", "starts_with", "ends_with", "matches"]
JOINED = 64 << 20  # bytes for an expression of many
MANY = 8  # words: so many are worth a search for all of them at once


@lru_cache(maxsize=256)
def pattern(text: str, *, any_case: bool = True, memory: int = 0) -> Any:
    """The compiled linear-time expression; raises ValueError that says what RE2 does not take, in the bytes that it may
    take (0: what is usual)."""
    import re2  # a C++ library that most desks never need: `matches` is rare

    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    if memory:
        options.max_mem = memory
    try:
        return re2.compile(unicodedata.normalize("NFC", text), options)
    except re2.error as error:
        detail = error.args[0] if error.args else ""
        raise ValueError(detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)) from None


def first(operator: str, values: tuple[str, ...], texts: tuple[str, ...], encoded: Callable[[], bytes]) -> str | None:
    """The first of the values that one of the texts (plain) passes for; `encoded` gives them together, in UTF-8."""
    if len(values) >= MANY and not _all_at_once(values).search(encoded()):
        return None
    passes = _OPERATORS[operator]
    return next((value for value, plain in _folded(values) if any(passes(one, plain) for one in texts)), None)


@lru_cache(maxsize=1024)
def _all_at_once(values: tuple[str, ...]) -> Any:
    """Finds whether any of them is anywhere, which every operator asks at least: in most mails none is, and one pass by
    RE2 finds that out ten times as fast as a search for each."""
    import re2

    try:
        return pattern("|".join(re2.escape(plain) for _, plain in _folded(values)), any_case=False)
    except ValueError:
        return pattern("")  # more than RE2 takes: it may be there, and each is looked for


@lru_cache(maxsize=1024)
def _folded(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each value as it is written and as it is compared: the same for every mail."""
    return tuple((value, plain_text(value)) for value in values)


@lru_cache(maxsize=256)
def _any_of(patterns: tuple[str, ...]) -> Any:
    """One expression for all: in most mails none is, which one pass finds out."""
    try:
        return pattern("|".join(f"(?:{one})" for one in patterns), memory=JOINED)
    except ValueError:
        return pattern("")


def search(patterns: tuple[str, ...], texts: tuple[str, ...]) -> str | None:
    """What the first of the expressions that is in one of the texts finds there."""
    # RE2 reads UTF-8; a lone surrogate typed on a terminal must not stop the desk
    encoded = [unicodedata.normalize("NFC", text).encode("utf-8", "replace") for text in texts]
    if len(patterns) > 1 and not any(_any_of(patterns).search(text) for text in encoded):
        return None
    for one in patterns:
        for text in encoded:
            if match := pattern(one).search(text):
                return str(match.group(0).decode("utf-8", "replace"))
    return None


def plain_text(text: str) -> str:
    """As it is compared."""
    return " ".join(fold(text).replace("’", "'").split())  # phones type can’t


def _has_word(text: str, word: str) -> bool:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _in_word(text[start - 1])) and not (end < len(text) and _in_word(text[end])):
            return True
        start = text.find(word, start + 1)
    return False


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda text, value: text == value,
    "any_of": lambda text, value: text == value,
    "contains": lambda text, value: value in text,
    "any_word": _has_word,
    "starts_with": lambda text, value: text.startswith(value),
    "ends_with": lambda text, value: text.endswith(value),
}


def short(text: str, limit: int = 60) -> str:
    """The beginning of the text, on one line."""
    line = " ".join(text[: 8 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
