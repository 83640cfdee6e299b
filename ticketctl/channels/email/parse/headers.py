"""The few headers that matter, decoded by our own linear scanners: words (RFC 2047), addresses and ids (RFC 5322),
parameters (RFC 2231), dates. All of them take hostile input and return what can be understood of it."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import base64
from ticketctl.domain.ticket.message import Person

STRUCTURED = 4_096  # characters of a Content-* header or a date that are read
LIST = 65_536  # characters of an address list or of References that are read

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*(?:(?<!=)\?(?!=)[^?]*){0,3})\?=")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_SPACES = re.compile(r"\s{2,}|[\t\n\r\f\v\xa0]")


def unfold(value: str) -> str:
    """One line of a header value as it came, folding removed."""
    return _FOLD.sub(" ", value) if "\n" in value or "\r" in value else value


def one_line(text: str) -> str:
    """Without control characters, white space collapsed: fit for a table, a log or another header."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()


def words(value: str) -> str:
    """A header value for people: encoded words and raw 8-bit bytes (as surrogates) decoded, folding removed."""
    value = unfold(value)
    if "=?" not in value:
        return charset.from_surrogates(value)
    out: list[str] = []
    end = 0
    pending, pending_charset = b"", ""
    for match in _WORD.finditer(value):
        gap = value[end : match.start()]
        data, name = _word_bytes(match), match[1].lower()
        if pending and (gap.strip() or name != pending_charset):
            out.append(charset.decode(pending, pending_charset))
            pending = b""
        if gap.strip() or not end:  # white space between two encoded words is no text
            out.append(charset.from_surrogates(gap))
        pending, pending_charset, end = pending + data, name, match.end()
    if pending:
        out.append(charset.decode(pending, pending_charset))
    out.append(charset.from_surrogates(value[end:]))
    return "".join(out)


def charsets(values: Iterable[str]) -> Iterator[str]:
    """The charsets that encoded words in these header values name."""
    yield from (match[1] for value in values if "=?" in value for match in _WORD.finditer(value[:LIST]))


def _word_bytes(match: re.Match[str]) -> bytes:
    data = match[3].encode("utf-8", "surrogateescape")
    if match[2] in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    return base64.decode(data)[0]


# Addresses

_SIMPLE = re.compile(
    r'\s*(?:"([^"\\<>]*)"|([^"<>()\[\],;:@\\]*?))\s*<([^\s<>()\[\],;:"\\]+@[^\s<>()\[\],;:"\\]+)>\s*\Z'
)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|<[^<>]*>?|[,;:()]|[^",;:()<>\\]+|.', re.S)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,200}\)")
_ESCAPED = re.compile(r"\\(.)", re.S)
_ANGLED = re.compile(r"<[^\s<>@]{1,128}@[^\s<>@]{1,255}>")
_BARE = re.compile(r"""[^\s<>"',;]{1,128}@[^\s<>"',;]{1,255}""")


def addresses(values: Iterable[str]) -> tuple[Person, ...]:
    """The people of all From, To, Cc … headers given. Names are decoded after splitting: an encoded comma is none."""
    return tuple(person for value in values for person in _address_list(unfold(value[:LIST])))


def _address_list(value: str) -> Iterator[Person]:
    simple = _SIMPLE.match(value) if len(value) < 200 else None
    if simple:
        found = [_person(simple[1] or simple[2] or "", simple[3])]
    else:
        found = [_mailbox(mailbox) for mailbox in _mailboxes(value)]
    yield from (person for person in found if person is not None)


def _mailboxes(value: str) -> Iterator[list[str]]:
    """The pieces of each mailbox; comments are pieces that start with '(', group names and separators are gone."""
    mailbox: list[str] = []
    comment: list[str] = []
    depth = 0
    for piece in _PIECE.findall(value):
        if piece == "(":
            depth += 1
        if depth:
            comment.append(piece)
            if piece == ")":
                depth -= 1
                if not depth:
                    mailbox.append("".join(comment))
                    comment = []
        elif piece in ",;":
            yield mailbox
            mailbox = []
        elif piece == ":" and not any("@" in part for part in mailbox):
            mailbox = []  # the name of a group
        else:
            mailbox.append(piece)
    if comment:  # never closed: a lone "(" in a name
        mailbox.append("".join(comment))
    yield mailbox


def _mailbox(pieces: list[str]) -> Person | None:
    comments = [piece for piece in pieces if piece.startswith("(")]
    plain = [piece for piece in pieces if not piece.startswith("(") and piece != "<>"]
    angles = [piece for piece in plain if piece.startswith("<") and piece.strip("<> \t")]
    if angles:
        # "real@here <claimed@there> <real@here>": the last one is what mail servers use
        name = "".join(_unquote(piece) for piece in plain if not piece.startswith("<"))
        return _person(name, _COMMENT.sub("", angles[-1].strip("<>")))
    text = " ".join("".join(plain).split())
    if "@" in text:  # obsolete syntax allows white space around dots
        text = text.replace(" .", ".").replace(". ", ".").replace(" @", "@").replace("@ ", "@")
    if not text:
        return None
    if text.startswith('"') and "@" not in text.rpartition('"')[2]:
        text = _unquote(text).strip("'\"")
    if " " in text and (found := _BARE.search(text)):
        return _person(text[: found.start()] + text[found.end() :], found[0])
    name = comments[-1][1:].removesuffix(")") if comments else ""
    if "@" in text or not (
        " " in text or text.startswith(("[", "=?"))
    ):  # a lone word is a mailbox of the own host: "root"
        return _person(_unquote(name), text)
    return _person(text, "")


def _unquote(piece: str) -> str:
    if len(piece) > 1 and piece.startswith('"') and piece.endswith('"'):
        piece = piece[1:-1]
    return _ESCAPED.sub(r"\1", piece) if "\\" in piece else piece


def _person(name: str, address: str) -> Person | None:
    shown = one_line(words(name)).strip("\"' \t")
    spec = one_line(words(address) if "=?" in address else charset.from_surrogates(address)).replace(" ", "")
    if "undisclosed" in spec.lower()[:20]:
        return None
    if "@" not in spec and (found := _ANGLED.search(shown) or _BARE.search(shown)) and "=?" in name:
        spec = found[0].strip("<> ")  # all of it was made one encoded word (RFC 2047, 5, forbids it)
        shown = one_line(shown.replace(found[0], " ")).strip("\"' \t")
    if "@" not in spec:
        return Person(address=spec.lower(), name=shown) if shown or spec else None
    return Person(address=normal(spec), name="" if shown.lower() == spec.lower() else shown)


_KELVIN = "\u212a"


def normal(address: str) -> str:
    """An address as we compare it: lower case, source route gone, xn-- labels of the domain in Unicode. No other
    character becomes an ASCII letter by it: in lower case the sign for kelvin would be a k (as in CVE-2019-19844)."""
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    address = address.removeprefix("mailto:").rstrip(".")
    address = _KELVIN.join(part.lower() for part in address.split(_KELVIN))
    local, _, domain = address.rpartition("@")
    if "xn--" in domain:
        domain = ".".join(map(_label, domain.split(".")))
    return f"{local}@{domain}"


def _label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > 63:
        return label
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except ValueError:
        return label
    whole = text.isprintable() and text == charset.clean(text) and not text.isascii()  # "xn--kund-" is not "kund"
    return text if whole else label


# Ids and dates

_ID = re.compile(r"<([^<>]{1,996})>")


def ids(values: Iterable[str]) -> tuple[str, ...]:
    """The message ids of Message-ID, In-Reply-To or References headers, without angle brackets, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        text = charset.from_surrogates(unfold(value[:LIST]))
        if "=?" in text:
            text = words(text)  # not allowed there (RFC 2047, 5), but Python's own generator does it to long ids
        if "<" in text:
            names = [match[1] for match in _ID.finditer(text)]
        else:
            names = [word for word in text.split() if "@" in word]
        found.update(dict.fromkeys("".join(name.split()) for name in names))
    return tuple(found)


def date(value: str | None) -> datetime | None:
    """An RFC 5322 date with its own offset; UTC where it names none; None where it can't be read."""
    try:
        parts = parsedate_tz(one_line(charset.from_surrogates((value or "")[:200])))
        if parts is None:
            return None
        zone = UTC if not parts[9] else timezone(timedelta(seconds=parts[9]))
        return datetime(*parts[:6], tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# Content-Type, Content-Disposition

_PARAMETER = re.compile(r""";\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)""")


def content(value: str) -> tuple[str, dict[str, str]]:
    """The lower-case value of a Content-* header before its parameters, and those, decoded, by lower-case name."""
    head, semicolon, _ = value.partition(";")
    if not semicolon:
        return head.strip().lower(), {}
    rest = unfold(value[len(head) : len(head) + STRUCTURED])
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, str]] = {}
    for match in _PARAMETER.finditer(rest):
        name, text = match[1].lower(), match[2].strip()
        if text.startswith('"'):
            text = _unquote(text if len(text) > 1 and text.endswith('"') else text + '"')
        base, star, number = name.partition("*")
        if star:
            index = number.removesuffix("*")
            pieces.setdefault(base, {})[int(index) if index.isdecimal() and len(index) < 4 else 0] = (
                "%" + text if number.endswith("*") or not number else " " + text
            )
        else:
            plain.setdefault(name, text)
    decoded = {name: words(text) for name, text in plain.items()}
    decoded |= {name: _continued(parts) for name, parts in pieces.items()}
    return head.strip().lower(), decoded


def _continued(parts: dict[int, str]) -> str:
    """RFC 2231: pieces in order of number; "%" marks a percent-encoded one, the first of which names the charset."""
    name, data = None, b""
    for index in sorted(parts):
        text = parts[index][1:]
        if parts[index][0] == "%":
            if name is None:
                name, text = _charset(text)
            data += unquote_to_bytes(text.encode("ascii", "surrogateescape"))
        else:
            data += text.encode("ascii", "surrogateescape")
    text = charset.decode(data, name)
    return words(text) if "=?" in text else text


def _charset(text: str) -> tuple[str, str]:
    fields = text.split("'", 2)
    return (fields[0], fields[2]) if len(fields) == 3 else ("", text)
