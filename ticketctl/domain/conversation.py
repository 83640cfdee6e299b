"""Where a message belongs: in a ticket that is there, or in a new one, perhaps linked to others.

Evidence, strongest first: a Message-ID of ours whose keyed hash is right; a Message-ID that we know, in In-Reply-To or
References, or the message's own; a Message-ID that we do not know but another message here refers to (answers come
before what they answer, and beside it); our number in the subject or address. From is a claim and numbers can be
guessed, so:

- only the requester, a participant or an agent of the team adds to a ticket; a stranger with whatever evidence gets a
  new ticket that is linked to it; who has an agent's address in From, but is not vouched for by our own mail server
  where rules.yaml names it, is a stranger;
- the number alone is flagged "by number" even then;
- a bounce belongs to the mail that came back, shown by our own Message-ID and nothing else;
- a ticket closed longer ago than the reopen window gets no answers: they open a new ticket linked to it;
- mail to a merged ticket follows to its target.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from ticketctl.domain.authentication import is_authentic
from ticketctl.domain.message import Inbound, Person
from ticketctl.domain.subjects import ticket_number
from ticketctl.domain.ticket import Ticket
from ticketctl.domain.tokens import ticket_of

Evidence = Literal["token", "reference", "same id", "mention", "number", "none"]
BY_NUMBER = "by number"
REFERENCES = 100  # ids of one message that are looked at: the newest, and the first


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


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are: addresses are lower case. `key` signs our Message-IDs. Where `authserv_id` names our own mail server,
    an agent's address in From counts only if that server vouches for it."""

    key: bytes
    own: frozenset[str]
    team: frozenset[str]
    reopen_window: timedelta = timedelta(days=14)
    authserv_id: str = ""

    def is_from_team(self, inbound: Inbound, address: str) -> bool:
        """Whether an agent wrote it, as far as we can know."""
        if address not in self.team:
            return False
        return not self.authserv_id or is_authentic(inbound.headers, self.authserv_id, address)

    def is_ours(self, address: str) -> bool:
        """Whether it is one of our own addresses (support+17@ too) or an agent's."""
        detail = _DETAIL.fullmatch(address)
        return address in self.own or address in self.team or bool(detail and detail[1] + detail[3] in self.own)


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is the ticket to add to, None for a new one. `links` are tickets of the same conversation. `evidence`
    led here, `flagged` asks for a second look, `why` says it in words. `from_team`: an agent's address is in From."""

    number: int | None
    evidence: Evidence = "none"
    links: tuple[int, ...] = ()
    flagged: str = ""
    why: str = ""
    from_team: bool = False


def author_of(inbound: Inbound, policy: Policy) -> Person | None:
    """Whose words these are: From; but a form on our own site writes in our name, with the customer in Reply-To."""
    sender = inbound.author
    if sender is not None and sender.address in policy.own:
        return next((one for one in inbound.reply_to if not policy.is_ours(one.address)), sender)
    return sender


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
    author = author_of(inbound, policy)
    address = author.address if author else ""
    from_team = policy.is_from_team(inbound, address)
    first: Placement | None = None
    found: list[int] = []
    for hint in _hints(inbound, known, policy):
        ticket = _followed(hint.number, known)
        if ticket is None:
            continue
        if first is None or (first.number is None and hint.evidence != "number"):
            placement = _judged(ticket, hint, inbound, address, policy, arrived_at)
            first = placement if first is None or placement.number is not None else first
        if hint.evidence != "number" or not found:
            found.append(ticket.number)
    if first is None:
        return Placement(number=None, why="nothing in it refers to a ticket", from_team=from_team)
    links = tuple(dict.fromkeys(number for number in found if number != first.number))
    return msgspec.structs.replace(first, links=_unconnected(links, first.number, known), from_team=from_team)


def _judged(
    ticket: Ticket, hint: _Hint, inbound: Inbound, address: str, policy: Policy, arrived_at: datetime
) -> Placement:
    """Whether the sender may add to this ticket now."""
    why = f"{hint.by} of #{ticket.number}"
    if not (ticket.takes_part(address) or policy.is_from_team(inbound, address)):
        why = f"{why}, but {address or 'an unknown sender'} takes no part in it"
        return Placement(number=None, evidence=hint.evidence, why=why)
    if _is_over(ticket, inbound, policy, arrived_at):
        why = f"{why}, but that is closed since {ticket.closed_at:%Y-%m-%d}"
        return Placement(number=None, evidence=hint.evidence, why=why)
    flagged = BY_NUMBER if hint.evidence == "number" else ""
    return Placement(number=ticket.number, evidence=hint.evidence, flagged=flagged, why=why)


def _is_over(ticket: Ticket, inbound: Inbound, policy: Policy, arrived_at: datetime) -> bool:
    """Machine mail reopens nothing, so that it may join even a ticket that is long closed."""
    if ticket.closed_at is None or inbound.machine is not None:
        return False
    return arrived_at - ticket.closed_at > policy.reopen_window


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
    for message_id in references:
        number = known.holder(message_id)
        if number is not None:
            yield _Hint(number, "reference", "answers a message")
    number = known.holder(inbound.message_id)
    if number is not None:
        yield _Hint(number, "same id", "has the Message-ID of a message")
    for number in sorted(known.mentions(inbound.message_id)):
        yield _Hint(number, "mention", "was answered by a message")
    for message_id in references:
        for number in sorted(known.mentions(message_id)):
            yield _Hint(number, "mention", "answers the same mail as a message")
    for number in _numbers(inbound, policy):
        yield _Hint(number, "number", "names the number")


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
    ids = list(dict.fromkeys((*inbound.in_reply_to, *reversed(inbound.references))))
    return ids if len(ids) <= REFERENCES else [*ids[: REFERENCES - 1], ids[-1]]


def _numbers(inbound: Inbound, policy: Policy) -> Iterator[int]:
    """[#17] in the subject, or support+17@ where support@ is ours."""
    number = ticket_number(inbound.subject)
    if number is not None:
        yield number
    for address in (*inbound.delivered_to, *(person.address for person in (*inbound.to, *inbound.cc))):
        match = _DETAIL.fullmatch(address)
        if match is not None and match[1] + match[3] in policy.own:
            yield int(match[2])


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
