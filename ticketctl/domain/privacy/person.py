"""One person, by whatever spelling of address and name: who is meant, and where a text names them.

A first name alone is never looked for: many are words (Per, Bo, Dag, Sten). Full names are, and a first name where its
place says that it is one: greetings, signatures, the lines above a quote, and only where the person takes part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

import msgspec

from ticketctl.domain.mail.mail_providers import root_mailbox
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket

_ADDRESS = re.compile(r"[\w.!#$&'*+/=?^`{|}~%-]+(?:@|%40)[^\W_](?:[\w-]|\.(?=\w))*", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.!#$&*+=?^{}~-]+@[^\W_](?:[\w-]|\.(?=\w))*")
_SEPARATOR = r"(?:[ \t\u00a0]+|[_.+-]|%20|[ \t]*\r?\n[>|\s]*|[ \t]*,[ \t]*)"
_BEFORE, _AFTER = r"(?<![^\W_])(?<![^\W_]-)", r"(?:['’]?[sS](?![^\W_]))?(?![^\W_])(?!-[^\W_])"
_WORDS = frozenset(  # names that are words too
    """per bo dag sten stig alf rose björn linn ek berg lund dahl dal lind ström holm sjö hav sand ros man hans kaj liv
    my kim love tor ask al rim frid mark sol viola lilja gran ljung kvist gren blad strand näs vik ö å falk lo varg ren
    stål modig rask stark frisk glad lång kort vit svart hjort orre lax abborre stor ny ung may will grace hope faith
    joy art bill pat rob sue drew chase grant miles young long short white black brown green king day blom hed äng
    bäck skog fors damm hammar nord öst väst söder norr vinter sommar höst vår""".split()  # noqa: SIM905
)
_GREETING = (
    r"hej+(?:san)?|hallå|tjena|god\s(?:morgon|dag|kväll|middag)|hi|hello|hey|dear|good\s(?:morning|afternoon|evening)"
    r"|kära|käre|bästa|bäste"
)
_CLOSING = (
    r"mvh|vh|vänligen|tack|thanks|best|cheers|sincerely|/{1,2}|--?|–"
    r"|(?:med\s)?(?:vänlig(?:a)?\s|bästa\s)?hälsning(?:ar)?|(?:kind\s|best\s|warm\s)?regards"
)
_HEADER = r"från|from|till|to|cc|kopia|avsändare|sender|von|an|namn|name"
_VERB = r"skrev|skriver|wrote|writes|schrieb|skrifaði|kirjoitti"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is: canonical `addresses`, the `names` given with them (longest first), and for callers without mail
    the `callers` they were noted as, folded."""

    addresses: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    callers: frozenset[str] = frozenset()

    def means(self, person: Person) -> bool:
        if person.address:
            return canonical(person.address) in self.addresses
        return bool(person.name) and folded(person.name) in self.callers

    def owns(self, address: str) -> bool:
        return "@" in address and canonical(address) in self.addresses

    @property
    def known_as(self) -> frozenset[str]:
        """What is hashed to know them again: addresses, and what callers were noted as."""
        return self.addresses | self.callers

    @property
    def full_names(self) -> tuple[str, ...]:
        """Names of more than one word, and what a caller was noted as where that is one, or a telephone number."""
        noted = (one for one in sorted(self.callers) if len(_parts(one)) > 1 or sum(map(str.isdigit, one)) > 5)
        return (*(name for name in self.names if len(_parts(name)) > 1), *noted)


def canonical(address: str) -> str:
    """One spelling for all of a mailbox: lower case, Unicode domain, without what stands after a "+"."""
    local, _, domain = unicodedata.normalize("NFC", address.strip().strip("<>")).rpartition("@")
    domain = ".".join(map(_label, domain.lower().rstrip(".").split(".")))
    return root_mailbox(f"{local.lower()}@{domain}")


def folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def meant(written: str) -> Identity:
    """Whom an argument means: an address, or how a caller without mail was noted."""
    if "@" in written:
        found = _PLAIN.search(written)
        return Identity(addresses=frozenset({canonical(found[0] if found else written)}))
    return Identity(callers=frozenset({folded(written)}))


def joined(one: Identity, other: Identity) -> Identity:
    names = sorted({*one.names, *other.names}, key=lambda name: (-len(name), name))
    return Identity(addresses=one.addresses | other.addresses, names=tuple(names), callers=one.callers | other.callers)


def named(who: Identity, tickets: Iterable[Ticket], ours: Collection[str] = ()) -> Identity:
    """With the names that the tickets give to the person's addresses; `ours` are names that are the desk's."""
    own = {folded(name) for name in ours}
    found = {one.name for ticket in tickets for one in people_of(ticket) if one.name and who.means(one)}
    names = frozenset(name for name in found if folded(name) not in own and "@" not in name)
    return joined(who, Identity(names=tuple(names)))


def people_of(ticket: Ticket) -> Iterator[Person]:
    """Everybody whom the ticket's fields name, some several times."""
    yield ticket.requester
    yield from ticket.participants
    for merged in ticket.merged:
        yield from (merged.requester, *merged.participants)
    for one in ticket.messages:
        yield from (one.sender, *one.to, *one.cc, *one.bcc, *one.reply_to)


def takes_part(ticket: Ticket, who: Identity) -> bool:
    return any(who.means(person) for person in people_of(ticket))


class Replacer:
    """Puts `address` and `name` where a text names the person, each unless it is None. `shared` full names are also
    another person's: they are left alone unless the person takes part."""

    def __init__(self, who: Identity, address: str | None, name: str | None, shared: Collection[str] = ()) -> None:
        self.who, self.address, self.name = who, address, name
        distinct = [one for one in who.full_names if one not in shared]
        self._distant = _pattern(distinct)
        self._near = _pattern(who.full_names)
        self._display = _displayed(who.names)
        self._singles = {
            first: _single(first) for first in sorted({_parts(one)[0] for one in who.names if _parts(one)})
        }

    def finds(self, text: str, *, near: bool = False) -> bool:
        """Whether the text names the person; `near`: in a ticket in which they take part."""
        return self.replaced(text, near=near) != text

    def replaced(self, text: str, *, near: bool = False, spare: Collection[str] = ()) -> str:
        """`spare` are other people's names: one that the person's is a part of stays, and so does a first name that
        somebody else has too."""
        if not text:
            return text
        names = self._near if near else self._distant
        if names is not None and self.name is not None:
            text = _without(text, names, self.name, spare)
        if self.address is not None:
            text = self._addresses(text, self.address)
        if near and self.name is not None:
            others = {part for name in spare for part in _parts(name)[:1]}
            for single in (one for first, one in self._singles.items() if first not in others):
                text = single.sub(lambda found: f"{found[1] or ''}{self.name}{found[3] or ''}", text)
        return text

    def _addresses(self, text: str, put: str) -> str:
        if "@" not in text and "%40" not in text:
            return text
        out, last = [], 0
        for found in _ADDRESS.finditer(text):
            start = self._start(found)
            if start is None:
                continue
            before = text[last:start]
            display = self._display.search(before[-120:]) if self._display else None
            if display and self.name is not None:
                before = before[: len(before) - len(before[-120:]) + display.start()] + self.name + display[2]
            out += [before, put]
            last = found.end()
        return "".join([*out, text[last:]]) if out else text

    def _start(self, found: re.Match[str]) -> int | None:
        """Where the person's address begins in what looks like one; None where it is another's."""
        for plain in (found[0], unquote(found[0])):
            inside = _PLAIN.search(plain.strip("'`*_/|"))
            if inside and self.who.owns(inside[0].strip(".'")):
                at = found[0].find(inside[0])
                return found.start() + max(at, 0)
        return None


def _without(text: str, names: re.Pattern[str], put: str, spare: Collection[str]) -> str:
    """Longest first: what is part of a longer name of somebody else stays."""
    longer = [one for one in spare if names.search(one)]
    if not longer:
        return names.sub(put, text)
    kept = re.compile("|".join(re.escape(one) for one in sorted(longer, key=len, reverse=True)), re.IGNORECASE)
    out, last = [], 0
    for found in kept.finditer(text):
        out += [names.sub(put, text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*out, names.sub(put, text[last:])])


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """All spellings of full names: over lines, "Last, First", first and last of three, upper case; in lower case too
    where not every part is a word."""
    forms: dict[str, int] = {}
    for name in names:
        parts = _parts(name)
        orders = [parts, [*parts[-1:], *parts[:-1]]]
        if len(parts) > 2:
            orders += [[parts[0], parts[-1]], [parts[-1], parts[0]]]
        for order in orders:
            for form in {unicodedata.normalize(kind, "\0".join(order)) for kind in ("NFC", "NFD")}:
                forms[_form(form)] = len(form)
    ordered = sorted(forms, key=lambda form: -forms[form])
    return re.compile(f"{_BEFORE}(?:{'|'.join(ordered)}){_AFTER}") if ordered else None


def _form(name: str) -> str:
    parts = name.split("\0")
    loose = any(part.casefold() not in _WORDS for part in parts)
    if loose:
        return f"(?i:{_SEPARATOR.join(map(re.escape, parts))})"
    spellings = {tuple(parts), tuple(part.upper() for part in parts)}
    return "|".join(_SEPARATOR.join(map(re.escape, one)) for one in sorted(spellings))


def _displayed(names: Collection[str]) -> re.Pattern[str] | None:
    """A name right before the address it belongs to: `"Anna" <`, `Anna [mailto:`."""
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?i)([\"'*]{{0,2}}(?:{every})[\"'*]{{0,2}})(\s*[<\[(](?:\s*mailto:)?\s*)$") if every else None


def _single(first: str) -> re.Pattern[str]:
    """A first name where its place says that it is one; groups: before, the name, after."""
    name = "|".join(sorted({re.escape(first), re.escape(first.upper())}))
    margin = r"[>|* \t\u00a0]*"  # of one line: across lines a long run of empty ones would take for ever
    return re.compile(
        rf"(?m)(^{margin}(?i:{_GREETING})[ ,]{{1,3}}(?:[^\W\d_]+(?:,| och| and| &)? ){{0,3}}"
        rf"|^{margin}(?:(?i:{_CLOSING})[ ,:]{{0,3}})?(?=(?:{name})[ \t.,!]*$)"
        rf"|^{margin}(?i:{_HEADER})\*?:\*? ?\*?(?=(?:{name})\s*(?:$|[,;<\[(]))"
        rf"|^{margin}[^\n]{{0,100}}\b(?i:{_VERB})\s(?=(?:{name})\s*:)"
        rf"|^{margin}(?=(?:{name})\s(?i:{_VERB})\b)"
        rf")(?<![^\W_])({name})(?![^\W_])()"
    )


def _parts(name: str) -> list[str]:
    """ "Öberg, Anna" → ["Anna", "Öberg"]; what stands in brackets is no name."""
    plain = re.sub(r"\([^)]*\)|\"|(?<!\w)'|'(?!\w)", " ", name)
    last, comma, first = plain.partition(",")
    return (f"{first} {last}" if comma and first.strip() else plain.replace(",", " ")).split()


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except ValueError:
        return label
