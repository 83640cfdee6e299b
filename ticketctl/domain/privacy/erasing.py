"""A person taken out of a ticket for good: what they said and what was said to them goes, the words of others stay.

| the person is | the ticket |
|---|---|
| its only customer | is anonymised: figures stay, no words do |
| its requester, beside others | loses subject, notes and fields, what they wrote and got; others' words stay |
| a participant, or in Cc | loses what they wrote and what only they got; all else stays, names replaced |
| only mentioned | keeps all words; full name and address are replaced |
| an agent | is refused: the log must show who acted |
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal
from zlib import crc32

import msgspec

from ticketctl.domain.privacy.person import Identity, Replacer, canonical, folded, people_of, takes_part
from ticketctl.domain.privacy.retention import Kept, anonymised, blank_event, blank_message, blobs_of
from ticketctl.domain.privacy.rewriting import Change, rewritten
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

ERASED = "(erased)"
WHAT = "person erased"  # the event
Role = Literal["only", "requester", "participant", "mentioned"]
_LEAST = 16  # characters of a quoted line that is known again as the person's
_QUOTED = re.compile(r"\s*[>|]")
_FROM = re.compile(r"(?i)[\s>|*]*(?:från|from|von|avsändare|sender)\*?:")


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """Who is erased, what anonymised tickets keep, the desk's own addresses, and the `names` that stand in for theirs:
    one for each address. `shared`: full names that somebody else has too. `said` is all that they wrote, as `plain`
    makes it: to know it again in quotes. Tickets opened after `before` stay."""

    who: Identity
    kept: Kept
    ours: frozenset[str] = frozenset()
    stands_in: str = "erased"
    shared: frozenset[str] = frozenset()
    said: str = ""
    before: datetime | None = None

    @property
    def replacer(self) -> Replacer:
        return Replacer(self.who, ERASED, ERASED, self.shared)

    def stand_in(self, person: Person) -> Person:
        """One for each address or name, so that who is who stays as it was; others are themselves."""
        if not self.who.means(person):
            return person
        own = sorted(self.who.addresses) + sorted(self.who.callers)
        number = own.index(canonical(person.address) if person.address else folded(person.name)) + 1
        return Person("", f"({self.stands_in}-{number})" if number > 1 else f"({self.stands_in})")


def role(ticket: Ticket, erasure: Erasure, replacer: Replacer) -> Role | None:
    """What the person is in the ticket; None where nothing of them is in it. Needs the message texts."""
    if erasure.before is not None and ticket.opened_at > erasure.before:
        return None
    if not takes_part(ticket, erasure.who):
        return "mentioned" if _rewritten(ticket, erasure, replacer, near=False) != ticket else None
    if not _others(ticket, erasure):
        return "only"
    requesters = (ticket.requester, *(one.requester for one in ticket.merged))
    return "requester" if any(map(erasure.who.means, requesters)) else "participant"


def _others(ticket: Ticket, erasure: Erasure) -> bool:
    """Whether other customers are in it: anybody but the person, the desk and machines."""
    people = [ticket.requester, *ticket.participants]
    people += [person for one in ticket.merged for person in (one.requester, *one.participants)]
    for one in ticket.messages:
        people += [one.sender] if one.direction == "in" and one.kind == "message" else []
        people += [*one.to, *one.cc, *one.bcc] if not one.machine else []
    return any(
        (one.address or one.name) and not erasure.who.means(one) and one.address not in erasure.ours for one in people
    )


def erased(ticket: Ticket, act: Act, erasure: Erasure, replacer: Replacer, files: Collection[str] = ()) -> Ticket:
    """The ticket without the person; `files` are hashes of original mails, and of other people's attachments, that go
    too. The very same where nothing of the person is in it."""
    found = role(ticket, erasure, replacer)
    if found is None and not blobs_of(ticket) & set(files):
        return ticket
    if not ticket.closed and found == "only":
        ticket = ticket.close(act, resolution="erased")
    if found == "only":
        return anonymised(ticket, act, erasure.kept)
    own = takes_part(ticket, erasure.who)
    after = _without_words(ticket, erasure) if own else ticket
    quoting = _Quotes(erasure, replacer)
    after = msgspec.structs.replace(after, messages=tuple(map(quoting.without, after.messages)))
    after = _rewritten(after, erasure, replacer, near=own)
    messages = tuple(
        _without_bytes(now, before, files, own=own) for now, before in zip(after.messages, ticket.messages, strict=True)
    )
    return msgspec.structs.replace(after, messages=messages).changed(act, WHAT)


def _without_words(ticket: Ticket, erasure: Erasure) -> Ticket:
    """Without what the person said and got; as a requester's also without what was noted about their matter."""
    whose = erasure.who.means(ticket.requester)
    messages = tuple(_blanked(one, erasure) if _is_theirs(one, erasure, whose) else one for one in ticket.messages)
    ticket = msgspec.structs.replace(ticket, messages=messages, rule_runs=())
    if not whose:
        return ticket
    kept = erasure.kept
    return msgspec.structs.replace(
        ticket,
        subject=ERASED,
        fields={name: value for name, value in ticket.fields.items() if name in kept.fields},
        labels=tuple(label for label in ticket.labels if label in kept.labels),
        cause=ticket.cause if ticket.cause in kept.causes else "",
        lesson="",
        legal_hold="",
        rating_text="",
        events=tuple(blank_event(event, kept) for event in ticket.events),
        merged=tuple(
            msgspec.structs.replace(one, subject=ERASED) if erasure.who.means(one.requester) else one
            for one in ticket.merged
        ),
    )


def _is_theirs(message: Message, erasure: Erasure, whose: bool) -> bool:
    """What they wrote; what went to them alone; on their own ticket also our notes and replies."""
    if erasure.who.means(message.sender):
        return True
    if message.direction == "internal" or message.kind in ("bounce", "automatic"):
        return whose
    got = [one for one in (*message.to, *message.cc, *message.bcc) if one.address not in erasure.ours]
    return message.direction == "out" and bool(got) and all(map(erasure.who.means, got))


def _blanked(message: Message, erasure: Erasure) -> Message:
    """Without words and files; who wrote it to whom stays, by their stand-ins: figures hang on it."""
    bare = blank_message(message, {})
    return msgspec.structs.replace(
        bare,
        sender=erasure.stand_in(message.sender),
        to=tuple(map(erasure.stand_in, message.to)),
        cc=tuple(map(erasure.stand_in, message.cc)),
        bcc=tuple(map(erasure.stand_in, message.bcc)),
    )


def _rewritten(ticket: Ticket, erasure: Erasure, replacer: Replacer, *, near: bool) -> Ticket:
    """With stand-ins for the person, and their name and address out of every text that the registry lists."""
    spare = {one.name for one in people_of(ticket) if one.name and not erasure.who.means(one)} if near else set[str]()

    def text(words: str) -> str:
        return replacer.replaced(words, near=near, spare=spare)

    change = Change(
        person=erasure.stand_in,
        address=lambda address: ERASED if erasure.who.owns(address) else address,
        texts={"words": text, "said": text, "label": text, "message_id": lambda one: _id(one, replacer)},
    )
    return rewritten(ticket, change)


def _id(message_id: str, replacer: Replacer) -> str:
    """An id that is made of the address names the person; another says nothing of them."""
    return (
        f"{crc32(message_id.encode('utf-8', 'replace')):x}@erased.invalid" if replacer.finds(message_id) else message_id
    )


def _without_bytes(now: Message, before: Message, files: Collection[str], *, own: bool) -> Message:
    """Original bytes go where the person took part or was named: they cannot be changed. Files stay but for `files`."""
    attachments = tuple(one for one in now.attachments if one.sha256 not in files)
    raw = "" if own or now != before or len(attachments) < len(now.attachments) or before.raw in files else now.raw
    if (attachments, raw) == (now.attachments, now.raw):
        return now
    return msgspec.structs.replace(now, attachments=attachments, raw=raw)


def plain(text: str) -> str:
    """Without marks of quoting, case and breaks."""
    return " ".join(re.sub(r"(?m)^[>|\s]+", "", text).split()).casefold()


class _Quotes:
    """Takes lines of the person's out of what others quote; lines that others wrote themselves stay as they are."""

    def __init__(self, erasure: Erasure, replacer: Replacer) -> None:
        self._said, self._replacer = erasure.said, replacer

    def without(self, message: Message) -> Message:
        if not (self._said and message.text):
            return message
        own = {line.strip() for line in message.text.splitlines() if not _QUOTED.match(line)}
        text, whole = self._text(message.text, own), self._text(message.whole, own)
        if (text, whole) == (message.text, message.whole):
            return message
        return msgspec.structs.replace(message, text=text, whole=whole)

    def _text(self, text: str, own: Collection[str]) -> str:
        """A line counts as quoted where it has a mark, where it is not among what was newly written, and below a header
        that names the person."""
        lines, below = [], False
        for line in text.split("\n"):
            below = below or bool(_FROM.match(line) and self._replacer.finds(line, near=True))
            quoted = below or bool(_QUOTED.match(line)) or line.strip() not in own
            lines.append(self._line(line) if quoted else line)
        return "\n".join(lines)

    def _line(self, line: str) -> str:
        words = plain(line)
        if len(words) < _LEAST or words not in self._said:
            return line
        mark = re.match(r"[>|\s]*", line)
        return f"{mark[0] if mark else ''}{ERASED}"


def shared_names(who: Identity, tickets: Mapping[str, str]) -> frozenset[str]:
    """Of the person's full names those that another address has too; `tickets` is address → name as it was given."""
    others = {folded(name) for address, name in tickets.items() if not who.owns(address)}
    return frozenset(name for name in who.full_names if folded(name) in others)
