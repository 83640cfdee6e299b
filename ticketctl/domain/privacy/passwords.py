"""Passwords and keys in a text: what follows a word such as "lösenord:" or "API key =", and keys that are known by
their form.

After a colon or an equals sign the next word counts where it looks like a password or is alone on its line; after "är"
or "is" only where it looks like one, so that "lösenordet är fel" stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

LABEL = (
    r"lösenord(?:et|en)?|lösen|lösenfras(?:en)?|engångskod(?:en)?|säkerhetskod(?:en)?|inloggningskod(?:en)?"
    r"|pin-?kod(?:en)?"
    r"|api-?nyckel(?:n)?|åtkomstnyckel(?:n)?|hemlig nyckel|kod till (?:kortet|larmet|porten)|portkod(?:en)?"
    r"|larmkod(?:en)?"
    r"|passwords?|passwd|passphrase|passcode|pwd|pw|pin|pin code|one-?time code|security code|cvc|cvv2?"
    r"|api[ _-]?key|api[ _-]?token|access[ _-]?(?:key|token)|secret[ _-]?(?:access[ _-]?)?key|client[ _-]?secret|secret"
    r"|auth[ _-]?token|token|private[ _-]?key"
    r"|passwort|kennwort|mot de passe|contraseña|wachtwoord|salasana|adgangskode|kodeord|passord|hasło|senha|parola"
)
AFTER_LABEL = re.compile(
    rf"(?<![^\W_])(?:{LABEL})\b(?: ?\([^)\n]{{1,30}}\))?[\"'*_` ]{{0,3}}"
    r"(?:(?P<sure>[:=]|->|=>)|(?P<soft> ?(?:är|is|was|var|blev|ist|est|er|es)\b:?))"
    r"[ \t\u00a0]{0,4}(?P<line>\n[ \t>]{0,8})?[\"'“”‘’«*_`(\[<]{0,3}(?P<value>[^\s\"“”«»`<>]{3,200})",
    re.IGNORECASE,
)
# In each word of LABEL is one of these; it begins at most AHEAD characters before it.
STEMS = (
    *("lösen", "kod", "pin", "nyckel", "pass", "pwd", "pw", "code", "cvc", "cvv", "key", "token", "secret", "wort"),
    *("contra", "wacht", "salasana", "has", "senha", "parola"),
)
AHEAD, BEHIND = 24, 320
END = ".,;?)]}*_'’"
KEYS = re.compile(
    r"(?<![\w-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}"
    r"|sk[-_](?:live_|test_|proj-|ant-)?[A-Za-z0-9_-]{20,200}|xox[abprs]-[A-Za-z0-9-]{10,200}"
    r"|glpat-[A-Za-z0-9_-]{20,64}|AIza[0-9A-Za-z_-]{35}|AGE-SECRET-KEY-1[0-9A-Z]{50,70}"
    r"|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000})"
    r"|(?<=Bearer )[A-Za-z0-9._~+/-]{16,2000}=*"
    r"|(?<=PRIVATE KEY-----)[^-]{20,20000}(?=-----END)"
)
NO_PASSWORD = re.compile(r"(?i)https?://|www\.|mailto:|[*x•.…_\-]{3,}$|\{|\[|<|%\w")
SPECIAL = re.compile(r"[^\w.,:;'’()/-]|_|[^\W\d_][.,:;/-]*\d|\d[.,:;/-]*[^\W\d_]")
NUMBERS = re.compile(r"\d{4,12}$")
REST = re.compile(r"[^\n]{0,80}")


def passwords(text: str) -> Iterator[Span]:
    """Spans of passwords and keys, in order, apart; linear in the text."""
    found = sorted([*_labelled(text), *(match.span() for match in KEYS.finditer(text))])
    last = 0
    for start, end in found:
        if start >= last:
            yield start, end
            last = end


def _labelled(text: str) -> Iterator[Span]:
    for match in _after_labels(text):
        value = match["value"]
        if match["sure"] == "=":
            value = value.partition("&")[0]
        value = value.rstrip(END) or value
        start = match.start("value")
        if NO_PASSWORD.match(value) or len(value) < 3:
            continue
        end = start + len(value)
        alone = not match["line"] and not _more(text, end)
        if _looks_like_one(value) or (match["sure"] and alone):
            yield start, end


def _after_labels(text: str) -> Iterator[re.Match[str]]:
    """Looked for round the beginnings of the words alone: most mails have none of them."""
    lower, end = text.lower(), 0
    if len(lower) != len(text):  # a letter that has two in lower case: the places would not be the same
        yield from AFTER_LABEL.finditer(text)
        return
    for place in sorted({at for stem in STEMS for at in _places(lower, stem)}):
        if place >= end and (match := AFTER_LABEL.search(text, max(end, place - AHEAD), place + BEHIND)):
            end = match.end()
            yield match


def _places(text: str, stem: str) -> Iterator[int]:
    at = text.find(stem)
    while at >= 0:
        yield at
        at = text.find(stem, at + len(stem))


def _looks_like_one(value: str) -> bool:
    """Letters with digits, special characters, capitals within, or a code of digits."""
    within = value[1:]
    mixed = within != within.lower() and within != within.upper()
    return bool(SPECIAL.search(value)) or mixed or bool(NUMBERS.match(value))


def _more(text: str, end: int) -> bool:
    """Whether the line goes on behind it with more words."""
    rest = REST.match(text, end)
    return any(c.isalnum() for c in rest[0]) if rest else False
