"""One reply to several requesters: who reads its language, how each is greeted, and who has not been answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.parties import Party, apart, parties, predecessors
from ticketctl.domain.ticket.ticket import Ticket

SCANDINAVIAN = frozenset({"sv", "no", "da"})  # who writes one reads the others
FEWEST = 4  # words: the language of less is a guess
LONGEST_GREETING = 80  # characters of a first line that can be one


Hindrance = Literal["", "no_address", "unread", "language"]


class Unanswered(msgspec.Struct, frozen=True):
    """A requester who did not get the reply. `waits`: for an answer of ours; `why` is what stood in the way; in another
    language than the reply's they wrote `language`."""

    person: Person
    waits: bool
    why: Hindrance = ""
    language: str = ""


def readers(ticket: Ticket, text: str, spoken: Collection[str]) -> tuple[Party, ...]:
    """The parties that `text` is for: of several, not those who wrote in another language that the desk writes too
    (`spoken`), as long as there is one who reads it."""
    found = parties(ticket)
    from ticketctl.domain.text.language import likeliest  # `show` needs none of its tables

    written = likeliest(text, spoken) if len(found) > 1 and len(text.split()) >= FEWEST else None
    if written is None or all(_is_foreign(one.ticket, written, spoken) for one in found):
        return found
    return tuple(one for one in found if not _is_foreign(one.ticket, written, spoken))


def greeted(text: str, named: Person, reader: Person) -> str:
    """`text` with `reader`'s name in the place of `named`'s in the greeting, the first line: "Hej Göran!" becomes "Hej
    Eva!", or "Hej!" where the name is not known. It stays as it is where the greeting names nobody."""
    if named == reader:
        return text
    start = len(text) - len(text.lstrip())
    line, rest = _first_line(text, start)
    for theirs, ours in ((named.name, reader.name), (_given(named.name), _given(reader.name))):
        if theirs and len(line) <= LONGEST_GREETING and (match := re.search(rf"\b{re.escape(theirs)}\b", line)):
            before, after = line[: match.start()], line[match.end() :]
            return text[:start] + (f"{before}{ours}{after}" if ours else before.rstrip() + after) + rest
    return text


def unanswered(ticket: Ticket, replies: Sequence[Message], spoken: Collection[str]) -> tuple[Unanswered, ...]:
    """Of the ticket's requesters, and of those who asked last without having met the requester, whoever gets none of
    `replies`."""
    reached = {one.address for reply in replies for one in (*reply.to, *reply.cc, *reply.bcc)}
    text = replies[0].text if replies else ""
    fitting = {one.number for one in readers(ticket, text, spoken)}
    found: dict[Person, Unanswered] = {}
    for number, party in parties(ticket):
        last = party.last(direction="in")
        strangers = apart(party) - predecessors(party)
        asker = (last.sender,) if last and last.sender.address in strangers else ()
        for person in (party.requester, *asker):
            if person.address not in reached or not person.address:
                waiting = awaits_answer(party) or (person != party.requester)
                why = _why(person, number in fitting)
                language = party.language if why == "language" else ""
                found.setdefault(person, Unanswered(person, waiting, why, language))
    return tuple(found.values())


def concerned(ticket: Ticket, event: str, message: Message | None = None) -> tuple[Ticket, ...]:
    """The ticket as each requester knows it whom an automatic answer at that event of domain.rules is for: who wrote
    `message`, or to whom we wrote it, or at a close everybody. A sweep reminds those who have our answer, as long as
    the ticket waits for them; else it speaks to those who wait for us."""
    found = [one.ticket for one in parties(ticket)]
    if len(found) == 1 or event == "closed":
        return tuple(found)
    if event == "sweep":
        answered = ticket.status == "waiting"
        chosen = [one for one in found if awaits_answer(one) != answered]
    else:
        stroke = {one.key for one in same_reply(ticket, message)} if message else set[str]()
        chosen = [one for one in found if stroke & {mail.key for mail in one.messages}]
    return tuple(chosen or found[:1])


def owed(ticket: Ticket, occasion: str) -> tuple[Ticket, ...]:
    """The ticket as each requester knows it to whom the promise of that occasion (domain.deadlines) was made."""
    kind, _, which = occasion.partition(" ")
    which = which.partition(" (")[0]
    found = parties(ticket)
    if kind == "next_response":
        chosen = [one.ticket for one in found if any(mail.key == which for mail in one.ticket.messages)]
    elif kind == "first_response" and which.startswith("#"):
        home = f"{which[1:]}."
        chosen = [one.ticket for one in found if any(mail.key.startswith(home) for mail in one.ticket.messages)]
    else:
        chosen = [one.ticket for one in (found[:1] if kind == "first_response" else found)]
    return tuple(chosen or [one.ticket for one in found])


def same_reply(ticket: Ticket, message: Message) -> list[Message]:
    """All mails of the reply that `message` is one of; the message alone where it is none."""
    if not message.is_reply:
        return [message]
    return [one for one in ticket.messages if one.is_reply and one.reply_key == message.reply_key]


def waits(ticket: Ticket, replies: Sequence[Message]) -> bool:
    """Whether one of several requesters, who got none of `replies`, wrote something that nobody has answered."""
    new = {one.key for one in replies}
    return any(
        one.last(direction="in") is not None
        and not any(reply.key in new for reply in one.messages)
        and awaits_answer(one)
        for _, one in parties(ticket)
    )


def awaits_answer(party: Ticket) -> bool:
    """Whether the last word in that conversation is the customer's."""
    spoken = [one for one in party.messages if one.from_customer or (one.is_reply and not one.aside)]
    return bool(spoken) and spoken[-1].from_customer


def _why(person: Person, fits: bool) -> Hindrance:
    if "@" not in person.address:
        return "no_address"
    from ticketctl.domain.mail.writers import is_unanswerable  # its patterns take 10 ms, and `show` needs none

    if is_unanswerable(person.address):
        return "unread"
    return "" if fits else "language"


def _is_foreign(party: Ticket, written: str, spoken: Collection[str]) -> bool:
    theirs = party.language
    return bool(theirs) and theirs != written and theirs in spoken and not {theirs, written} <= SCANDINAVIAN


def _first_line(text: str, start: int) -> tuple[str, str]:
    end = text.find("\n", start)
    return (text[start:], "") if end < 0 else (text[start:end], text[end:])


def _given(name: str) -> str:
    """ "Åström, Anna" and "Anna Åström" → "Anna"."""
    last, comma, first = name.partition(",")
    words = (first if comma else last).split()
    return words[0] if words and len(words[0]) > 1 and words[0][0].isalpha() else ""
