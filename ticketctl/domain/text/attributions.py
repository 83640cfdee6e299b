"""The line above a quote that tells whose words follow: "On … wrote:", "Den … skrev …:", "2024-05-03 14:03 Anna <…>:".

Only single, unwrapped texts of bounded length are judged here; `marks` puts wrapped lines together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ticketctl.domain.text import phrases

DECORATION = " \t*_|~\u00a0\u200b\u200e\u200f\ufeff"
DASHES = "-_=—–―─‐*> \t\u00a0"
ADDRESS = re.compile(r"[^\s<>\"'()\[\],;:]{1,64}@[^\s<>\"'()\[\],;:]{1,255}")
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b|\d時", re.IGNORECASE)
DIGIT = re.compile(r"\d")
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[-/.][^\W\d]{3,9}\.?[-/.]\d{2,4}|\b(?:19|20)\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d]{3,12}\b|\b[^\W\d]{3,12}\.? \d{1,2}\b|\d月"
)


def introduces(text: str, quoted: bool) -> bool:
    """Whether this (unwrapped) text introduces a quote; `quoted` tells that lines with `>` follow."""
    bare = text.strip(DASHES + DECORATION)
    if bare.endswith(")") and ": (" in bare:  # "Anna <anna@…> skrev: (5 mars 2024 14:03:22 CET)"
        bare = bare.replace(": (", " ", 1)[:-1] + ":"
    colon = bare.endswith((":", "："))
    core = bare.rstrip(":： ")
    tokens = phrases.fold(core).split()
    digits = DIGIT.search(core) is not None
    dated = digits and DATE.search(core) is not None
    clock = digits and CLOCK.search(core) is not None
    address = "@" in core
    at = _verb_at(tokens) if _may_hold_verb(core) else None
    if colon and core.casefold().startswith(_quoting()) and (address or quoted) and len(tokens) <= 12:
        return True
    if at is None:
        if core.endswith(_endings()):
            return colon or quoted
        if colon:
            return address and (dated or clock) and _short_before_address(core)
        return quoted and address and dated and _date_first(core)
    if not (colon or (dated and (clock or address)) or text.strip().startswith("--")):
        return False
    if at >= len(tokens) - 3:  # "… skrev:", "… skrev följande:", "… het volgende geschreven:"
        return _dated_or_named(tokens, dated or clock, address, quoted, text)
    # "… schrieb Anna <anna@…>:", "Anna <anna@…> skrev följande den 28/10/2021:", "Anna Berg skrev den 5 mars 14:03:"
    named = at <= 4 and dated and clock and _capitalised(core.split()[:at])
    long_name = quoted and colon and dated and clock and opens_dated(core)  # "Den … skrev Anna (Ekonomi, Exempel AB):"
    named = named or long_name or (quoted and len(tokens) - at <= 8)
    return (dated or clock) and (address or named) and (colon or quoted)


def stands_alone(text: str) -> bool:
    """Whether it is "date name <address>" and nothing else, with no verb, as forums and some programs write it."""
    core = text.lstrip(DASHES + DECORATION).rstrip(DECORATION + ":：")
    whole = core.endswith((">", ")")) and "@" in core and len(core.split()) <= 12
    return whole and DATE.search(core) is not None and _date_first(core)


def _capitalised(words: Sequence[str]) -> bool:
    return bool(words) and all(word[:1].isupper() for word in words)


def _dated_or_named(tokens: list[str], dated: bool, address: bool, quoted: bool, text: str) -> bool:
    if dated:
        return any(any(c.isdigit() for c in token) for token in tokens) or address
    if text.strip().startswith("--"):
        return len(tokens) <= 6
    if tokens[0] in openers():
        return address or quoted
    return (quoted and len(tokens) <= 12) or (address and len(tokens) <= 10)


def _short_before_address(core: str) -> bool:
    """Whether what stands before the address is a date and a name, not a sentence; the address ends the text."""
    match = ADDRESS.search(core)
    if match is None or len(core) - match.end() > 60:
        return False
    return len(core[: match.start()].split()) <= 16 and (opens_dated(core) or CLOCK.search(core[:40]) is not None)


def opens_dated(line: str) -> bool:
    """Whether a line begins as attributions do: "On Tue, 3 May", "Den 3 maj", "2024-05-03", "ons 4 dec."."""
    tokens = phrases.fold(line).split(None, 6)[:6]
    if not tokens or not any(any(c.isdigit() for c in token) for token in tokens):
        return False
    return tokens[0] in openers() or " ".join(tokens[:2]) in openers() or _date_first(line)


def _date_first(line: str) -> bool:
    match = DATE.search(line[:40])
    return match is not None and match.start() <= 12


def is_verb(word: str) -> bool:
    """Whether this word is the deciding one of an attribution: wrote, skrev, schrieb."""
    return phrases.fold(word.strip(",.:*_-")) in _verbs()


def _verb_at(tokens: list[str]) -> int | None:
    verbs = _verbs()
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].strip(",.:*_-\"'") in verbs or tokens[at].strip(",:*_-\"'") in verbs or _glued(tokens[at]):
            return at
    return None


def _may_hold_verb(core: str) -> bool:
    """Cheap: False for most texts without a verb, whatever stands around their words."""
    return not _verb_beginnings().isdisjoint(phrases.fold(core).translate(_AROUND).split())


_AROUND = dict.fromkeys(map(ord, ",.:*_-\"'>"), " ")


@cache
def _verb_beginnings() -> frozenset[str]:
    return frozenset(word for verb in _verbs() for word in verb.translate(_AROUND).split()[:1])


def _glued(token: str) -> bool:
    """`<anna@example.org>wrote` and `…com>:wrote`, as some clients write."""
    tail = token.rpartition(">")[2]
    return tail != token and tail.strip(",.:") in _verbs()


@cache
def openers() -> frozenset[str]:
    """First words of attributions, folded."""
    return frozenset(phrases.every("opener"))


@cache
def _quoting() -> tuple[str, ...]:
    return tuple(f"{phrase} " for phrase in phrases.every("quoting"))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(phrase.rpartition(" ")[2] for phrase in phrases.every("wrote"))


@cache
def _endings() -> tuple[str, ...]:
    """Verbs of languages that write without spaces."""
    return tuple(verb for verb in _verbs() if not verb.isascii() and ord(verb[-1]) > 0x3000)
