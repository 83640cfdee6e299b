"""What mail clients and people write, one module a language, data only; may import nothing of ticketctl.

To teach a phrase, add it to its line; to add a language, add a module and its name to `CODES`. Phrases are separated by
`|`, are compared without regard to case, and need no punctuation: `Från` matches `Från:`, `*Från:*` and `FRÅN :`.

    reply, forward   subject prefixes, without the colon
    opener, wrote    first and deciding word of the line above a quote: "On … wrote:", "Den … skrev …:"
    quoting          stands before a name in that line: "Quoting …:"
    sender, sent, to, copy, subject   names of the fields above an old message; `copy` holds all that is merely skipped
    forwarded, original   what stands between dashes, or before a colon, above an old message
    closing          opens a signature even with nothing below it; `thanking` does so only above a name
    mobile           beginnings of what apps add
    excusing         how a sentence may go on behind that: "…, please excuse my brevity"
    app              the same where people write so too ("sent via DHL"): counts only with a word of `APPS`
    disclaimer       beginnings of what companies and mailing lists add; believed with a stem of `legal` in that text
    thanks           what a message may consist of that only says thank you
    owing            words that may follow such a phrase: "tack *för* …", "thanks *so* much"
    unless           words that make it more than a thank-you: "men", "in *advance*"
    praise           words of which a remark beside a good rating may consist that says nothing else
    greeting         how messages begin
    attaching        says that something is attached to the mail at hand; not what asks somebody to attach something
    common           frequent short words, by which the language is recognised
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

import msgspec

CODES = (  # where languages disagree, the later one is heeded
    "en", "sv", "no", "da", "fi", "de", "nl", "fr", "es", "pt", "it", "pl", "cs", "sk", "hu", "ro", "hr", "et", "tr",
    "ru", "uk", "vi", "ja", "zh",
)  # fmt: skip

# Apps and devices, or the beginnings of words for them, that tell "sent with …" from what a customer writes.
APPS = (
    "iphone ipad ios android galaxy samsung huawei xiaomi oneplus pixel nokia xperia motorola blackberry windows"
    " outlook yahoo gmail aol gmx web.de proton tutanota tuta spark airmail k-9 bluemail typeapp edison zoho"
    " fastmail hotmail icloud mymail canary superhuman mailspring thunderbird smartphone mobil mobiel móvil movil"
    " handy telefon téléphone telefoon teléfono puhelim matkapuhelim laitte cellulare tablet surfplatta"
    " smarttelefon phone device enhet enhed gerät dispositivo appareil apparaat urządzen aplikac correo mail-app"
    " mail app"
)


class Phrases(msgspec.Struct, frozen=True, kw_only=True):
    """The phrases of one language; every field is a `|`-separated list."""

    reply: str = ""
    forward: str = ""
    opener: str = ""
    wrote: str = ""
    quoting: str = ""
    sender: str = ""
    sent: str = ""
    to: str = ""
    copy: str = ""
    subject: str = ""
    forwarded: str = ""
    original: str = ""
    closing: str = ""
    thanking: str = ""
    mobile: str = ""
    app: str = ""
    excusing: str = ""
    disclaimer: str = ""
    legal: str = ""
    thanks: str = ""
    owing: str = ""
    unless: str = ""
    praise: str = ""
    greeting: str = ""
    attaching: str = ""
    common: str = ""


@cache
def languages() -> Mapping[str, Phrases]:
    """By code; read when they are first needed, since many commands need none."""
    return {code: import_module(f"{__name__}.{code}").PHRASES for code in CODES}


def fold(text: str) -> str:
    """The text as it is compared: without regard to case, letters composed, the Turkish capital İ as i."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).casefold().replace("i\u0307", "i")


def words(phrases: str) -> tuple[str, ...]:
    """The phrases of one list, folded."""
    return tuple(phrase for phrase in (fold(part.strip()) for part in phrases.split("|")) if phrase)


def every(field: str) -> Iterator[str]:
    """The phrases of this field in all languages, folded; the same phrase may come more than once."""
    for language in languages().values():
        yield from words(getattr(language, field))


def spoken(line: str) -> frozenset[str]:
    """The languages in which a client wrote this line or these lines: those of most of the fields and verbs in them."""
    said = {word.strip(",.:*_-<>()") for word in fold(line).split()}
    known = {code: sum(phrase in said for phrase in _telling(code)) for code in CODES}
    most = max(known.values())
    return frozenset(code for code, count in known.items() if count == most) if most else frozenset()


@cache
def _telling(code: str) -> tuple[str, ...]:
    names = ("sender", "sent", "to", "subject", "wrote", "original")
    return tuple(
        {word for name in names for phrase in words(getattr(languages()[code], name)) for word in phrase.split()}
    )


def fields() -> dict[str, str]:
    """Header field name, folded → sender, sent, to, copy or subject, for all languages."""
    kinds = ("copy", "to", "subject", "sent", "sender")  # the later wins where languages disagree
    return {name: kind for kind in kinds for name in every(kind)}
