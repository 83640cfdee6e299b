"""Values as they stand in the headers of a mail of ours: encoded, quoted and folded, or refused.

Values are plain strings without controls and without the literal `=?`: an encoded newline in a customer's subject must
not become a header of its own (CVE-2024-6923, CVE-2026-1299). RFC 2047 is for subjects and display names only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ticketctl.domain.ticket.message import Person
from ticketctl.ports.medium import Unsafe as Unsafe

WIDTH = 76  # columns before a header is folded; RFC 2047 allows an encoded-word 75
LONGEST_SUBJECT = 250
LONGEST_NAME = 120
LONGEST_FILE_NAME = 150
MOST_REFERENCES = 100


Header = tuple[str, str]
"""Name and folded value, ready to be written."""


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")
_ENCODED = re.compile(r"=+\?+")


def plain(text: str) -> str:
    """One line without control characters, bidirectional overrides, lone surrogates and `=?` (in whole runs, so that
    taking one away cannot make another)."""
    return " ".join(_ENCODED.sub("", _HIDDEN.sub("", _CONTROL.sub(" ", text))).split())


def subject(text: str) -> str:
    """The subject as it will be read."""
    return _cut(plain(text), LONGEST_SUBJECT)


def display_name(text: str) -> str:
    """A person's name as it will be read."""
    return _cut(plain(text), LONGEST_NAME)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def folded(tokens: Sequence[str], used: int) -> str:
    """The tokens with spaces between them; a new line begins where the next would pass the width."""
    out = ""
    for token in tokens:
        if not out:
            out, used = token, used + len(token)
        elif used + 1 + len(token) > WIDTH:
            out, used = f"{out}\r\n {token}", 1 + len(token)
        else:
            out, used = f"{out} {token}", used + 1 + len(token)
    return out


def unstructured(text: str, used: int) -> str:
    if text.isascii() and all(len(word) < WIDTH for word in text.split()):
        return folded(text.split(), used)
    return folded(_encoded_words(text), used)


_AS_IT_IS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def _encoded_words(text: str) -> list[str]:
    """RFC 2047, Q, UTF-8; no character is divided. Only what is allowed in a display name stays as it is."""
    words, word = [], ""
    for char in text:
        code = char if char in _AS_IT_IS else "_" if char == " " else "".join(f"={byte:02X}" for byte in char.encode())
        if len(word) + len(code) > 50:
            words.append(word)
            word = ""
        word += code
    return [f"=?utf-8?q?{word}?=" for word in [*words, word]]


# --- addresses and ids ---

_SIMPLE_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_QUOTABLE_NAME = re.compile(r"""[A-Za-z0-9!#$%&'*+/=?^_`{|}~ .,:;@()<>\[\]-]+""")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x20\x7f-\x9f\ud800-\udfff]{1,64}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LITERAL = re.compile(r"\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]", re.IGNORECASE)


def addresses(persons: Sequence[Person]) -> str:
    """A list of mailboxes, one a line from the second: commas stay at the ends of lines."""
    return ",\r\n ".join(_mailbox(person) for person in persons)


def _mailbox(person: Person) -> str:
    address, name = wire_address(person.address), display_name(person.name)
    if not name or name == person.address:
        return address
    if len(name) > 60 or not _QUOTABLE_NAME.fullmatch(name):
        return f"{folded(_encoded_words(name), 20)}\r\n <{address}>"
    return f"{name} <{address}>" if _SIMPLE_NAME.fullmatch(name) else f'"{name}" <{address}>'


def wire_address(address: str) -> str:
    """The address as it travels: the domain in ASCII (IDNA 2008's Punycode; nothing is mapped, so that straße.de does
    not become strasse.de). A local part that is not ASCII stays and needs SMTPUTF8. Raises Unsafe."""
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Unsafe(f"{address!r} is no mail address that can be written to")
    if _HIDDEN.search(local) or _ENCODED.search(local):
        raise Unsafe(f"{address!r} has hidden characters")
    if _LITERAL.fullmatch(domain):
        return f"{local}@{domain}"
    labels = [_label(label, address) for label in domain.split(".")]
    return f"{local}@{'.'.join(labels)}"


def _label(label: str, address: str) -> str:
    if not label.isascii():
        label = unicodedata.normalize("NFC", label.lower())
        if not all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in label):
            raise Unsafe(f"the domain of {address!r} has a character that no domain can have")
        label = "xn--" + label.encode("punycode").decode("ascii")
    if not _LABEL.fullmatch(label):
        raise Unsafe(f"the domain of {address!r} is none")
    return label


_ID = re.compile(r"[!-;=?-~]{1,400}")
NO_ID = "@content.invalid"  # what channels/mime.py calls a mail that came without a Message-ID


def ids(names: Iterable[str]) -> list[str]:
    """Message-IDs in angle brackets, each once, in order; what is none is left out. Of very many, the first and the
    last are kept, as RFC 5322 3.6.4 expects."""
    good = [
        f"<{name}>"
        for name in dict.fromkeys(names)
        if _ID.fullmatch(name) and "=?" not in name and not name.endswith(NO_ID)
    ]
    return good if len(good) <= MOST_REFERENCES else [good[0], *good[1 - MOST_REFERENCES :]]


# --- files ---


def file_name(name: str) -> str:
    """A name for the recipient's disk: the last part of a path, no controls, no leading dot, of bounded length. Quotes
    and angle brackets round it go too: some readers take them off, and what was behind them would then lead."""
    last = plain(re.split(r"[/\\]", plain(name))[-1]).lstrip(". \"'<>").rstrip(" \"'<>")
    stem, dot, ending = last.rpartition(".")
    if len(last) > LONGEST_FILE_NAME:
        ending = ending[-20:] if dot else ""
        last = f"{(stem or last)[: LONGEST_FILE_NAME - 21]}{dot}{ending}"
    return last.strip() or "attachment"


_PARAMETER_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")


def parameter(name: str, value: str) -> str:
    """RFC 2231: as it is where it is simple, else percent-encoded UTF-8, in pieces where it is long."""
    if len(value) <= 50 and all(char in _PARAMETER_SAFE or char == " " for char in value):
        return f';\r\n {name}="{value}"'
    pieces, piece = [], "utf-8''"
    for char in value:
        code = char if char in _PARAMETER_SAFE else "".join(f"%{byte:02X}" for byte in char.encode())
        if len(piece) + len(code) > 60:
            pieces.append(piece)
            piece = ""
        piece += code
    pieces.append(piece)
    if len(pieces) == 1:
        return f";\r\n {name}*={pieces[0]}"
    return "".join(f";\r\n {name}*{at}*={piece}" for at, piece in enumerate(pieces))


# --- texts ---


def body_text(text: str) -> str:
    """The text as it will be read: lines end with \\n, one at the end; no controls but tab, no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "", text)
    return text.rstrip() + "\n"
