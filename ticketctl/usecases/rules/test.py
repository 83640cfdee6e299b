"""Runs the tests in rules.yaml: each made-up mail is read as a real one is, and the rules decide about it. Nothing is
stored or sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.mail.filing import Arrival, open_ticket
from ticketctl.domain.mail.threading import Placement, Policy
from ticketctl.domain.rules.actions import Applied, apply, workload
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import Trace, evaluate
from ticketctl.domain.rules.tests import Difference, Given, RuleTest, differences
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.session import Session

STATE_AFTER: dict[str, dict[str, str]] = {  # of the ticket, by the event, unless the test says otherwise
    "agent_reply": {"status": "waiting"},
    "closed": {"status": "closed"},
    "reopened": {"status": "open"},
}
A_MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a test says the same whenever it is run


class Tested(msgspec.Struct, frozen=True):
    """`wrong` is empty where the test passed."""

    test: RuleTest
    trace: Trace
    applied: Applied
    wrong: tuple[Difference, ...]


def run_tests(session: Session) -> tuple[Tested, ...]:
    """Every test of rules.yaml, in the file's order."""
    session.must("rules test")
    return tuple(_run(session, one) for one in session.config.tests)


def _run(session: Session, test: RuleTest) -> Tested:
    """What the rules make of the test's mail, and where that is not what was expected."""
    given, hours = test.given, session.config.hours
    came = given.at.replace(tzinfo=ZoneInfo(hours.timezone)).astimezone(UTC) if given.at else A_MONDAY
    ticket, headers = _ticket(session, given, came)
    now = add(came, given.passed, hours) if given.passed else came
    everybody = [agent.name for agent in session.config.team if agent.role != "viewer"]  # whoever is away today
    message = ticket.messages[-1 if given.event == "agent_reply" else 0]
    view = View(ticket, message, headers, now, hours, lambda: given.known)
    trace = evaluate(session.config.rules, view, given.event)
    applied = apply(ticket, trace, Act("system", now), workload([], everybody), hours)
    return Tested(test, trace, applied, differences(test.expect, trace, applied))


def _ticket(session: Session, given: Given, at: datetime) -> tuple[Ticket, dict[str, tuple[str, ...]]]:
    inbound = session.medium.parse(_mail(given), arrived_at=at)
    own = own_addresses(session) if session.config.outgoing else frozenset[str]()
    policy = Policy(key=b"", own=own, team=frozenset(agent.email for agent in session.config.team))
    arrival = Arrival(inbound=inbound, at=at, source="test")
    ticket = open_ticket(1, arrival, Placement(number=None, why="a test"), policy)
    if given.since == "since_our_reply" or given.event == "agent_reply":
        ticket = ticket.write(Act("system", at), _reply(ticket, given))
    state: dict[str, Any] = STATE_AFTER.get(given.event, {}) | given.state
    return msgspec.structs.replace(ticket, labels=given.labels, fields=given.fields, **state), inbound.headers


def _reply(ticket: Ticket, given: Given) -> Message:
    return Message(
        key=ticket.next_key(),
        direction="out",
        kind="message",
        at=ticket.opened_at,
        sender=Person(""),
        to=(ticket.requester,),
        subject=given.subject,
        text=given.text,
        delivery="sent",
    )


def _mail(given: Given) -> bytes:
    """As it could have come over the wire. A header that the test names stands in for ours."""
    own = {"From": given.sender, "To": given.to, "Subject": given.subject, "Content-Type": "text/plain; charset=utf-8"}
    named = {name.lower() for name in given.headers}
    fields = {name: value for name, value in own.items() if value and name.lower() not in named} | given.headers
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{head}\r\n{given.text}\r\n".encode()
