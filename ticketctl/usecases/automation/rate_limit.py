"""Rate limits of automatic mail: one answer to a mailbox a day, a cap for each domain and one on all of them, and no
notices to who answers notices.

A desk that answers by itself can be answered by another machine, for ever. Headers tell most of them (RFC 3834); the
rest is held by counting, here. What is held back is remembered for a day and shown on the board and by `doctor`. A
person's reply is never counted and never held back.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import msgspec

from ticketctl.domain.config import Config
from ticketctl.domain.mail import mail_loops as loops
from ticketctl.domain.mail.mail_loops import DAY, root_address
from ticketctl.domain.mail.mail_providers import owned_domain
from ticketctl.domain.rules.actions import Notify
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_ANSWERED = "answered "  # facts of the desk: "answered <pseudonym of the address>" → "when#pseudonym of the domain"
_HELD = "held "  # "held <pseudonym>" → "when#ticket", one after the other
_NOTIFIED = "notified "  # "notified <pseudonym>" → when, the last few
A_DAY = 3  # automatic mails to an address of ours that opens tickets as if it answered each
OF_A_DOMAIN = 10  # addresses of a domain that are answered in any case, or a fifth of `acknowledgement_cap`
HELD_SHOWN = 3  # held back so often in a day: less is a customer who wrote twice
_REMEMBERED = 20


class Held(msgspec.Struct, frozen=True):
    """Automatic mail that is not sent: to whom ("" where those tickets are purged), about which `tickets` (none where
    the desk has sent its share to all, or to a `domain`), and how often."""

    address: str
    tickets: tuple[int, ...]
    times: int
    notices: bool = False
    domain: str = ""


def may_answer(session: Session, desk: Desk, address: str) -> bool:
    """Whether neither the address, nor its domain, nor the desk has had its share, and nothing but keeping may be done
    with that person's data; forgets what is older than a day."""
    if is_restricted(desk, address):
        return False
    recent = _answered(session, desk)
    domain = _domain(session, address)
    of_domain = sum(value.endswith(f"#{domain}") for value in recent.values()) if domain else 0
    return (
        _ANSWERED + pseudonym(session, address) not in recent
        and len(recent) < session.config.acknowledgement_cap
        and of_domain < domain_cap(session.config)
    )


def is_restricted(desk: Desk, address: str) -> bool:
    """Whether nothing but keeping may be done with that person's data (`person restrict`)."""
    if not any(desk.facts("person ")):
        return False
    from ticketctl.usecases.privacy.profiles import restricted_identities

    return any(who.owns(address) for who in restricted_identities(desk))


def note_answered(session: Session, desk: Desk, address: str) -> None:
    desk.remember(_ANSWERED + pseudonym(session, address), f"{session.now.isoformat()}#{_domain(session, address)}")


def forget_answers(session: Session, desk: Desk, address: str) -> None:
    """As if it had never had an automatic answer."""
    mine = pseudonym(session, address)
    for key in (_ANSWERED + mine, _HELD + mine):
        desk.remember(key, "")


def domain_cap(config: Config) -> int:
    """How many addresses of one domain get an automatic answer in a day: a machine that has a domain of its own may
    write from any number of addresses."""
    cap = config.acknowledgement_cap
    return max(min(cap, OF_A_DOMAIN), cap // 5)


def _domain(session: Session, address: str) -> str:
    """A pseudonym of the domain that somebody owns; "" where anybody may have an address."""
    found = owned_domain(address)
    return hmac.digest(session.key, f"domain:{found}".encode(), "sha256")[:16].hex() if found else ""


def note_held(session: Session, desk: Desk, ticket: Ticket) -> None:
    """An automatic answer on this ticket was not given. It is remembered where its address had one already: where only
    the desk's cap was reached, thousands of others may be behind it."""
    mine = pseudonym(session, ticket.requester.address)
    if _ANSWERED + mine not in _answered(session, desk):
        return
    for key, value in list(desk.facts(_HELD)):
        if not _recent(session, value):
            desk.remember(key, "")
    entries = [*_recent(session, desk.recall(_HELD + mine)), f"{session.now.isoformat()}#{ticket.number}"]
    desk.remember(_HELD + mine, " ".join(entries[-_REMEMBERED:]))


def may_notify(session: Session, desk: Desk, address: str, echoing: Collection[str]) -> bool:
    """Whether a notice may go to somebody of ours; if so it is counted. Only an address that seems to answer each one
    has a limit: it is there that a loop would begin."""
    if root_address(address) in echoing and len(_moments(session, desk, address)) >= A_DAY:
        return False
    key = _NOTIFIED + pseudonym(session, address)
    desk.remember(key, " ".join([*_recent(session, desk.recall(key)), session.now.isoformat()][-A_DAY:]))
    return True


def pseudonym(session: Session, address: str) -> str:
    """The desk remembers whom it answered without keeping their addresses; the same for all of a mailbox's."""
    return hmac.digest(session.key, f"address:{root_address(address)}".encode(), "sha256")[:16].hex()


def echoes(session: Session, desk: Desk, tickets: Iterable[Ticket]) -> dict[str, tuple[int, ...]]:
    """The addresses of ours that answer as machines do, with the tickets that these answers opened, of all `tickets` on
    the desk. Nobody is notified of their tickets."""
    today = [ticket for ticket in tickets if session.now - ticket.opened_at < DAY]
    ours = {root_address(one) for one in _notified(session.config)} & {
        root_address(ticket.requester.address) for ticket in today
    }
    return loops.echoing(today, {one: _moments(session, desk, one) for one in ours}, session.now)


def _moments(session: Session, desk: Desk, address: str) -> list[datetime]:
    """When automatic mail was last written to one of ours, within a day."""
    name = pseudonym(session, address)
    return [
        datetime.fromisoformat(at.partition("#")[0])
        for at in _recent(session, f"{desk.recall(_NOTIFIED + name)} {desk.recall(_ANSWERED + name)}")
    ]


def held(session: Session, desk: Desk, tickets: Collection[Ticket]) -> list[Held]:
    """What the brake holds now; `tickets` are all on the desk."""
    return [
        *_cap(session, desk),
        *_domains(session, desk, tickets),
        *_answers(session, desk),
        *_notices(session, desk, tickets),
    ]


def _cap(session: Session, desk: Desk) -> Iterator[Held]:
    answered = sum(bool(_recent(session, value)) for _, value in desk.facts(_ANSWERED))
    if answered and answered >= session.config.acknowledgement_cap:
        yield Held("", (), answered)


def _domains(session: Session, desk: Desk, tickets: Iterable[Ticket]) -> Iterator[Held]:
    """Told by name where a ticket of today tells the name."""
    counts = Counter(entry.partition("#")[2] for _, value in desk.facts(_ANSWERED) for entry in _recent(session, value))
    full = {name for name, count in counts.items() if name and count >= domain_cap(session.config)}
    today = {owned_domain(one.requester.address) for one in tickets if full and session.now - one.opened_at < DAY}
    for domain in sorted(filter(None, today)):
        if (name := _domain(session, f"x@{domain}")) in full:
            yield Held("", (), counts[name], domain=domain)


def _answers(session: Session, desk: Desk) -> Iterator[Held]:
    for _, value in desk.facts(_HELD):
        entries = _recent(session, value)
        if len(entries) >= HELD_SHOWN:
            numbers = tuple(dict.fromkeys(int(entry.partition("#")[2]) for entry in entries))
            found = list(desk.find(Query(numbers=frozenset(numbers))))
            address = root_address(found[-1].requester.address) if found else ""
            yield Held(address, numbers, len(entries))


def _notices(session: Session, desk: Desk, tickets: Iterable[Ticket]) -> Iterator[Held]:
    if session.config.escalation or any(isinstance(one, Notify) for rule in session.config.rules for one in rule.then):
        for address, numbers in echoes(session, desk, tickets).items():
            yield Held(address, numbers, len(numbers), notices=True)


def _answered(session: Session, desk: Desk) -> dict[str, str]:
    """The facts of answers within the last day; older ones are forgotten."""
    recent = {}
    for key, value in list(desk.facts(_ANSWERED)):
        if _recent(session, value):
            recent[key] = value
        else:
            desk.remember(key, "")
    return recent


def _recent(session: Session, value: str) -> list[str]:
    return [entry for entry in value.split() if session.now - datetime.fromisoformat(entry.partition("#")[0]) < DAY]


def _notified(config: Config) -> list[str]:
    whom = [agent.email for agent in config.team]
    whom += [value for step in config.escalation for action, value in step.actions if action == "notify"]
    whom += [one.whom for rule in config.rules for one in rule.then if isinstance(one, Notify)]
    return [one for one in whom if "@" in one]
