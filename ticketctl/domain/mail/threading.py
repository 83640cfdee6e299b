"""Where a message belongs: in a ticket that is there, or in a new one, perhaps linked to others.

Evidence, strongest first: a Message-ID of ours whose keyed hash is right; a Message-ID that we know, in In-Reply-To or
References, or the message's own; a Message-ID that we do not know but another message here refers to (answers come
before what they answer, and beside it); our number in the subject or address; the subject of an answer to a mail that
we do not know. From is a claim and numbers can be guessed, so:

- only the requester, a participant or an agent of the team adds to a ticket; a stranger with whatever evidence gets a
  new ticket that is linked to it; who has an agent's address in From, but is not vouched for by our own mail server
  where rules.yaml names it, is a stranger;
- who is known only by Reply-To (a form, a list that rewrites From: domain.writers) adds only by a keyed hash of ours,
  and is never an agent;
- the number alone is flagged "by number" even then; the subject alone, "by subject", adds only to the requester's own
  open ticket in which we wrote: some servers give our mail another Message-ID on its way, which the answer then names;
- an id that the mails of many tickets refer to is evidence of nothing where their subjects differ;
- a bounce belongs to the mail that came back, shown by our own Message-ID and nothing else;
- a ticket closed longer ago than the reopen window gets no answers: they open a new ticket linked to it;
- mail to a merged ticket follows to its target;
- what is said in a room or chat belongs to the newest ticket of that person's conversation there, until they have been
  silent for its quiet time while the word was not ours to have, or say that it is a new matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.mail.authentication import is_authentic
from ticketctl.domain.mail.mail_providers import root_mailbox
from ticketctl.domain.mail.message_ids import looks_made, ticket_of, ticket_of_address
from ticketctl.domain.mail.writers import Writer, root, writer_of
from ticketctl.domain.text.subjects import base_subject, numbers_there, ticket_number
from ticketctl.domain.ticket.message import Inbound, Message, Person
from ticketctl.domain.ticket.ticket import Ticket

Evidence = Literal["token", "reference", "same id", "mention", "number", "subject", "none"]
BY_NUMBER = "by number"
BY_SUBJECT = "by subject"
BY_REPLY_TO = "by Reply-To"
REFERENCES = 100  # ids of one message that are looked at: the newest, and the first
SUBJECT = 60  # characters of subjects that are compared
REPEATED = 4  # tickets: an id that more of them refer to is one that a program repeats in every mail


class Known(Protocol):
    """What is known of the desk's conversations."""

    def ticket(self, number: int) -> Ticket | None:
        """With or without its message texts."""
        ...

    def holder(self, message_id: str) -> int | None:
        """The ticket that holds that message."""
        ...

    def mentions(self, message_id: str) -> Collection[int]:
        """The tickets whose messages refer to it, whether it is here or not."""
        ...

    def open_of(self, address: str) -> Collection[int]:
        """The tickets that are not closed and whose requester that is."""
        ...

    def renumbered(self, number: int) -> Collection[int]:
        """The imported tickets that had this number in another system, and have another here."""
        ...


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are: addresses are lower case. `key` signs our Message-IDs. Where `authserv_id` names our own mail server,
    an agent's address in From counts only if that server vouches for it. `forms` write for others. `linked`: a
    mailbox → all addresses of whom a colleague said that it is one person's."""

    key: bytes
    own: frozenset[str]
    team: frozenset[str]
    reopen_window: timedelta = timedelta(days=14)
    timezone: str = "UTC"
    authserv_id: str = ""
    forms: frozenset[str] = frozenset()
    linked: Mapping[str, frozenset[str]] = {}

    def is_from_team(self, inbound: Inbound) -> bool:
        """Whether an agent wrote it, as far as we can know. Who is known by Reply-To alone never is one."""
        writer = writer_of(inbound, self)
        if writer is None or writer.claimed or writer.person.address not in self.team:
            return False
        return not self.authserv_id or is_authentic(inbound.headers, self.authserv_id, writer.person.address)

    def takes_part(self, ticket: Ticket, address: str) -> bool:
        """By whichever of their addresses."""
        if ticket.takes_part(address) or not self.linked or not address:
            return ticket.takes_part(address)
        theirs = self.linked.get(root_mailbox(address), frozenset())
        return any(root_mailbox(one.address) in theirs for one in (ticket.requester, *ticket.participants))

    def is_ours(self, address: str) -> bool:
        """Whether it is one of our own addresses (support+17@ too) or an agent's."""
        return address in self.own or address in self.team or root(address) in self.own


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is the ticket to add to, None for a new one. `links` are tickets of the same conversation. `evidence`
    led here, `flagged` asks for a second look, `why` says it in words. `from_team`: an agent wrote it."""

    number: int | None
    evidence: Evidence = "none"
    links: tuple[int, ...] = ()
    flagged: str = ""
    why: str = ""
    from_team: bool = False


def author_of(inbound: Inbound, policy: Policy) -> Person | None:
    """Whose words these are (domain.writers)."""
    writer = writer_of(inbound, policy)
    return writer.person if writer else None


def is_own(inbound: Inbound, policy: Policy) -> bool:
    """Whether we wrote it ourselves: a copy of our own mail, or what our other programs send in our name."""
    author = author_of(inbound, policy)
    return author is not None and author.address in policy.own


class _Hint(msgspec.Struct, frozen=True):
    number: int
    evidence: Evidence
    by: str


def place(inbound: Inbound, known: Known, policy: Policy, arrived_at: datetime) -> Placement:
    """Where `inbound`, which came at `arrived_at`, belongs; a pure function of what is known."""
    if inbound.machine == "bounce":
        return _bounced(inbound, known, policy)
    if inbound.conversation:
        return _said(inbound, known, policy, arrived_at)
    writer = writer_of(inbound, policy) or Writer(Person(""))
    from_team = policy.is_from_team(inbound)
    first: Placement | None = None
    found: list[int] = []
    for hint in _hints(inbound, known, policy):
        ticket = _followed(hint.number, known)
        if ticket is None or (writer.claimed and _is_repeated(hint, ticket, writer)):
            continue
        if first is None or (first.number is None and (hint.evidence != "number" or first.evidence == "number")):
            placement = _judged(ticket, hint, inbound, writer, policy, arrived_at)
            first = placement if first is None or placement.number is not None else first
        if hint.evidence != "number" or not found:
            found.append(ticket.number)
    if first is None or (first.number is None and _answers_unknown(inbound, known, policy)):
        by_subject = _by_subject(inbound, writer, known, from_team=from_team)
        first = by_subject if first is None or by_subject.number is not None else first
    links = tuple(dict.fromkeys(number for number in found if number != first.number))
    return msgspec.structs.replace(first, links=_unconnected(links, first.number, known), from_team=from_team)


def with_known_ids(inbound: Inbound, known: Known, policy: Policy) -> Inbound:
    """With those of its `bare_ids` that are ids here among the ones that it answers, and the others gone."""
    ids = tuple(
        one for one in inbound.bare_ids if _home(one, known, policy) is not None or known.holder(one) is not None
    )
    answered = inbound.in_reply_to or ids[:1]
    return msgspec.structs.replace(inbound, in_reply_to=answered, references=(*inbound.references, *ids), bare_ids=())


def answers_automatic(inbound: Inbound, known: Known, policy: Policy) -> bool:
    """Whether it answers an automatic mail of ours: a machine there may answer each, from whatever address, and say
    nothing of itself. Shown by the Message-ID, or by number and subject where that is lost."""
    nearest = (*inbound.in_reply_to, *inbound.references[-1:])
    for message_id in nearest[:REFERENCES]:
        number = _home(message_id, known, policy)
        ticket = _followed(number, known) if number else None
        if ticket and any(one.message_id == message_id and _is_automatic(one) for one in ticket.messages):
            return True
    named = (known.ticket(number) for number in _numbers(inbound, policy))
    subject = _bare_subject(inbound.subject)
    return any(
        _is_automatic(one) and _bare_subject(one.subject) == subject
        for ticket in named
        for one in (ticket.messages if ticket else ())
    )


def _is_automatic(message: Message) -> bool:
    return message.direction == "out" and message.kind == "automatic"


def _is_repeated(hint: _Hint, ticket: Ticket, writer: Writer) -> bool:
    """Whether the evidence is what a form may put into every mail, for whomever it writes."""
    return hint.evidence in ("same id", "mention") and not ticket.takes_part(writer.person.address)


def _judged(
    ticket: Ticket, hint: _Hint, inbound: Inbound, writer: Writer, policy: Policy, arrived_at: datetime
) -> Placement:
    """Whether the sender may add to this ticket now."""
    why, address = f"{hint.by} of #{ticket.number}", writer.person.address
    if not (policy.takes_part(ticket, address) or policy.is_from_team(inbound)):
        why = f"{why}, but {address or 'an unknown sender'} takes no part in it"
        return Placement(number=None, evidence=hint.evidence, why=why)
    if writer.claimed and hint.evidence != "token":
        why = f"{why}, but {address} is only named for answers (Reply-To)"
        return Placement(number=None, evidence=hint.evidence, why=why)
    if _is_over(ticket, inbound, policy, arrived_at):
        why = f"{why}, but that is closed since {ticket.closed_at:%Y-%m-%d}"
        return Placement(number=None, evidence=hint.evidence, why=why)
    flagged = BY_NUMBER if hint.evidence == "number" else BY_REPLY_TO if writer.claimed else ""
    return Placement(number=ticket.number, evidence=hint.evidence, flagged=flagged, why=why)


def _answers_unknown(inbound: Inbound, known: Known, policy: Policy) -> bool:
    """Whether a mail that it answers is not here: a copy of ours, perhaps, that another has answered too."""
    return any(_home(one, known, policy) is None and known.holder(one) is None for one in _references(inbound))


def _by_subject(inbound: Inbound, writer: Writer, known: Known, *, from_team: bool) -> Placement:
    """The requester's open ticket of that subject, where the mail answers one that we do not know and we wrote there:
    Amazon SES and others put an id of their own on our mail. Of several the one in which we wrote last."""
    apart = Placement(number=None, why="nothing in it refers to a ticket", from_team=from_team)
    subject = _bare_subject(inbound.subject)
    answers = inbound.in_reply_to or inbound.references or inbound.bare_ids
    if not (answers and subject) or writer.claimed or from_team or inbound.machine not in (None, "auto_reply"):
        return apart
    tickets = [one for number in known.open_of(writer.person.address) if (one := known.ticket(number))]
    wrote = {one.number: at for one in tickets if (at := _wrote_at(one, subject)) is not None}
    if not wrote:
        return apart
    number = max(wrote, key=lambda one: (wrote[one], one))
    why = f"answers an unknown mail, with the subject and from the requester of #{number}"
    return Placement(number=number, evidence="subject", flagged=BY_SUBJECT, why=why)


def _wrote_at(ticket: Ticket, subject: str) -> datetime | None:
    """When we last wrote in an open ticket of that subject; None where it has another, or we did not."""
    ours = [one for one in ticket.messages if one.direction == "out" and one.delivery not in ("draft", "failed")]
    if ticket.closed or subject not in map(_bare_subject, (ticket.subject, *(one.subject for one in ours))):
        return None
    return max((one.at for one in ours), default=None)


def _bare_subject(subject: str) -> str:
    """What it is about, to compare: mail programs cut long ones, and some change the case."""
    bare = base_subject(subject)
    while match := _OUTSIDE.match(bare):
        bare = base_subject(bare[match.end() :])
    return bare[:SUBJECT].strip().casefold()


# What mail hosts put into the subject of mail from outside: "SV: [EXTERNAL] Trasig kanna".
_OUTSIDE = re.compile(
    r"(?i)[\[({*]{1,2}ext(?:ern(?:al|ally|t|en?|es|o|a)?)?(?: (?:e-?mail|e-?post|mail|sender|avsändare|absender))?"
    r"[\])}*]{1,2}|external:"
)


def _is_over(ticket: Ticket, inbound: Inbound, policy: Policy, arrived_at: datetime) -> bool:
    """Counted in local days: of 14, the 14th day after the close is in, the 15th out. Machine mail and who writes into
    spam reopen nothing, so that they may join even a ticket that is long closed."""
    if ticket.closed_at is None or inbound.machine is not None or ticket.spam:
        return False
    zone = ZoneInfo(policy.timezone)
    gone = arrived_at.astimezone(zone).date() - ticket.closed_at.astimezone(zone).date()
    return gone.days > policy.reopen_window.days


def _said(inbound: Inbound, known: Known, policy: Policy, arrived_at: datetime) -> Placement:
    """Where what somebody says in a room or chat belongs. What they answer decides, then where they spoke last."""
    sender = inbound.sender.address if inbound.sender else ""
    answered = (_home(one, known, policy) or known.holder(one) for one in _references(inbound))
    there = [*filter(None, answered), *sorted(known.mentions(inbound.conversation), reverse=True)]
    tickets = [one for number in dict.fromkeys(there) if (one := _followed(number, known)) is not None]
    links = tuple(dict.fromkeys(one.number for one in tickets))[:1]
    if inbound.new_matter:
        return Placement(number=None, links=links, why="begins a new matter")
    own = [one for one in tickets if one.takes_part(sender)] or _begun_by_us(inbound, sender, known)
    if not own:
        return Placement(number=None, links=links, why="the first that is said in this conversation")
    ticket = own[0]
    if _is_over(ticket, inbound, policy, arrived_at):
        why = f"goes on with the conversation of #{ticket.number}, but that is closed since {ticket.closed_at:%Y-%m-%d}"
        return Placement(number=None, links=(ticket.number,), why=why)
    if not inbound.in_reply_to and rests(ticket, inbound.quiet, arrived_at):
        return Placement(number=None, links=(ticket.number,), why=f"long after the last word in #{ticket.number}")
    why = f"goes on with the conversation of #{ticket.number}"
    return Placement(number=ticket.number, evidence="reference", why=why)


def _begun_by_us(inbound: Inbound, sender: str, known: Known) -> list[Ticket]:
    """The ticket in which we wrote to them in a room that they had said nothing in yet."""
    medium = inbound.sender.medium if inbound.sender else ""
    every = [one for number in known.open_of(sender) if (one := known.ticket(number)) is not None]
    asked = [one for one in every if one.messages and one.messages[-1].is_reply and one.messages[-1].channel == medium]
    return [one for one in asked if not any(m.from_customer and m.channel == medium for m in one.messages)]


def rests(ticket: Ticket, quiet: timedelta | None, at: datetime) -> bool:
    """Whether the matter has rested so long that what is said now is another one; not while they wait for us, or we for
    them."""
    spoken = [one for one in ticket.messages if one.from_customer or one.is_reply]
    if quiet is None or not spoken or ticket.status == "waiting":
        return False
    return (ticket.closed or spoken[-1].is_reply) and at - spoken[-1].at > quiet


def placed_in(number: int, why: str, inbound: Inbound, known: Known, policy: Policy, arrived_at: datetime) -> Placement:
    """Where something belongs that was written for that ticket, as `why` says: there, or where that was merged into; a
    new one, linked, where that is closed for long. Raises LookupError where it is gone."""
    ticket = _followed(number, known)
    if ticket is None:
        raise LookupError(number)
    if _is_over(ticket, inbound, policy, arrived_at):
        why = f"{why} of #{ticket.number}, but that is closed since {ticket.closed_at:%Y-%m-%d}"
        return Placement(number=None, links=(ticket.number,), why=why)
    return Placement(number=ticket.number, evidence="token", why=f"{why} of #{ticket.number}")


def _bounced(inbound: Inbound, known: Known, policy: Policy) -> Placement:
    returned = inbound.bounce.message_id if inbound.bounce else None
    for message_id in (returned or "", *_references(inbound)):
        number = _home(message_id, known, policy)
        ticket = _followed(number, known) if number else None
        if ticket is not None:
            return Placement(number=ticket.number, evidence="token", why=f"about our own mail of #{ticket.number}")
    return Placement(number=None, why="a bounce that names no mail of ours")


def _hints(inbound: Inbound, known: Known, policy: Policy) -> Iterator[_Hint]:
    """All tickets that something in the message points to, the strongest evidence first."""
    references = _references(inbound)
    for message_id in references:
        number = _home(message_id, known, policy)
        if number is not None:
            yield _Hint(number, "token", "answers our mail")
    for address in _addressed(inbound):
        number = ticket_of_address(address, policy.key) if root(address) in policy.own else None
        if number is not None:
            yield _Hint(number, "token", "is sent to the address for answers")
    for message_id in references:
        number = known.holder(message_id)
        if number is not None:
            yield _Hint(number, "reference", "answers a message")
    number = known.holder(inbound.message_id)
    if number is not None:
        yield _Hint(number, "same id", "has the Message-ID of a message")
    for number in _mentioned(inbound.message_id, inbound.subject, known):
        yield _Hint(number, "mention", "was answered by a message")
    for message_id in filter(looks_made, references):
        for number in _mentioned(message_id, inbound.subject, known):
            yield _Hint(number, "mention", "answers the same mail as a message")
    for number in _numbers(inbound, policy):
        yield _Hint(number, "number", "names the number")
    for there in numbers_there(inbound.subject):
        for number in known.renumbered(there):
            yield _Hint(number, "number", "names the number in the system that it was imported from")


def _mentioned(message_id: str, subject: str, known: Known) -> list[int]:
    """The tickets that refer to it. Where a program seems to repeat it in every mail, only those of that subject."""
    numbers = sorted(known.mentions(message_id))
    if len(numbers) <= REPEATED:
        return numbers
    bare = _bare_subject(subject)
    return [number for number in numbers if (one := known.ticket(number)) and _bare_subject(one.subject) == bare]


def _home(message_id: str, known: Known, policy: Policy) -> int | None:
    """The ticket of a mail of ours, by its token; where it was moved from there since, the one that holds it now."""
    number = ticket_of(message_id, policy.key)
    if number is None:
        return None
    ticket = known.ticket(number)
    if ticket is None or any(one.message_id == message_id for one in ticket.messages):
        return number
    moved = any(event.what == "moved away" for event in ticket.events)
    return (known.holder(message_id) if moved else None) or number


def _references(inbound: Inbound) -> list[str]:
    """What the message answers, nearest first."""
    ids = list(dict.fromkeys((*inbound.in_reply_to, *reversed(inbound.references), *reversed(inbound.bare_ids))))
    return ids if len(ids) <= REFERENCES else [*ids[: REFERENCES - 1], ids[-1]]


def _numbers(inbound: Inbound, policy: Policy) -> Iterator[int]:
    """[#17] in the subject, or support+17@ where support@ is ours."""
    number = ticket_number(inbound.subject)
    if number is not None:
        yield number
    for address in _addressed(inbound):
        match = _DETAIL.fullmatch(address)
        if match is not None and match[1] + match[3] in policy.own:
            yield int(match[2])


def _addressed(inbound: Inbound) -> Iterator[str]:
    yield from inbound.delivered_to
    yield from (person.address for person in (*inbound.to, *inbound.cc))


_DETAIL = re.compile(r"([^@+]+)\+(\d{1,9})(@.+)", re.ASCII)


def _followed(number: int, known: Known) -> Ticket | None:
    """The ticket, or the one that it was merged into."""
    seen: set[int] = set()
    ticket = known.ticket(number)
    while ticket is not None and ticket.merged_into and ticket.number not in seen:
        seen.add(ticket.number)
        ticket = known.ticket(ticket.merged_into)
    return ticket


def _unconnected(numbers: Iterable[int], home: int | None, known: Known) -> tuple[int, ...]:
    """Those to link to: a ticket that another of them already leads to needs no link of its own."""
    reached = _reachable(home, known) if home is not None else set[int]()
    kept: list[int] = []
    for number in numbers:
        if number not in reached:
            kept.append(number)
            reached |= _reachable(number, known)
    return tuple(kept)


_REACH = 500  # tickets


def _reachable(number: int, known: Known) -> set[int]:
    """Tickets of the same conversation, by links."""
    found, waiting = {number}, [number]
    while waiting and len(found) < _REACH:
        ticket = known.ticket(waiting.pop())
        for link in ticket.links if ticket else ():
            if link.to not in found:
                found.add(link.to)
                waiting.append(link.to)
    return found
