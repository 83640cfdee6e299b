"""The rules with `events: [sweep]`, asked of every ticket that is not closed: reminders, closing by itself, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from typing import NamedTuple

import msgspec

from ticketctl.domain.reply.several_requesters import concerned
from ticketctl.domain.rules.actions import NotifyEffect, Reply, Workload
from ticketctl.domain.rules.conditions import Text, leaves
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import Rule, Trace, evaluate
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.run_rules import Occasion, Ruled, run_rules, takes_turns
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.outgoing import queue as _outgoing
from ticketctl.usecases.people import load as workload
from ticketctl.usecases.session import Session


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket on which rules fired, before and after (as saved), and whom that notifies."""

    before: Ticket
    after: Ticket
    fired: tuple[Rule, ...]
    notify: tuple[NotifyEffect, ...]


class Sweep(msgspec.Struct):
    """One run. `held_back` tickets come in a later one; of `failed` ones a person must fix something first;
    `kept` answers have a place left to fill in, and are drafts."""

    swept: list[Swept] = []
    held_back: int = 0
    failed: list[str] = []
    kept: list[str] = []


def sweep(session: Session, desk: Desk) -> Sweep:
    """Runs the rules on each ticket, within each rule's `at_most`, and saves what they change."""
    rules = [rule for rule in session.config.rules if "sweep" in rule.events]
    tickets = list(desk.find(ACTIVE, texts=_ask_for_texts(rules)))
    load = workload(session, desk.find() if takes_turns(rules) else ())
    done, firings, senders = Sweep(), Counter[str](), Senders(desk)
    for outline in tickets:
        spent = {rule.id for rule in rules if rule.at_most and firings[rule.id] >= rule.at_most}
        known = _Known(load, spent, senders)
        trace = _decided(session, rules, outline, known)
        done.held_back += any(one.outcome == "held back" for one in trace.rules)
        if trace.fired and (ruled := _carry_out(session, desk, outline.number, trace, known, done)):
            load = ruled.load
            firings.update(rule.id for rule in trace.fired)
    return done


class _Known(NamedTuple):
    """What the run knows before it comes to a ticket; `spent` rules have had their `at_most`."""

    load: Workload
    spent: Collection[str]
    senders: Senders


def _decided(session: Session, rules: Iterable[Rule], ticket: Ticket, known: _Known) -> Trace:
    message = ticket.last(direction="in")
    before = partial(known.senders.wrote_before, ticket, message)
    view = View(ticket, message, {}, session.now, session.config.hours, before)
    return evaluate(rules, view, "sweep", spent=known.spent)


def _carry_out(session: Session, desk: Desk, number: int, trace: Trace, known: _Known, done: Sweep) -> Ruled | None:
    """What was done and saved; None where it has to wait."""
    before = desk.get(number)
    automatic = any(isinstance(action, Reply) and action.automatic for _, action in trace.actions)
    if automatic and any(_outgoing.must_wait(session, desk, one) for one in concerned(before, "sweep")):
        done.held_back += 1
        return None
    ruled = _ruled(session, desk, before, known)
    done.failed += ruled.failed
    done.kept += ruled.kept
    if ruled.failed and len(ruled.ticket.messages) == len(before.messages):
        return None  # nothing was sent: it is tried again once the snippet is fixed
    after = desk.save(ruled.ticket)
    done.swept.append(Swept(before=before, after=after, fired=trace.fired, notify=ruled.notify))
    return ruled


def _ruled(session: Session, desk: Desk, ticket: Ticket, known: _Known) -> Ruled:
    message = ticket.last(direction="in")
    mail = original(session, message)
    asked = Occasion(
        event="sweep",
        act=Act("system", session.now),
        message=message,
        may_answer=mail is None or mail.may_answer,
        now=session.now,
        spent=known.spent,
    )
    return run_rules(session, desk, ticket, asked, known.load, senders=known.senders)


def _ask_for_texts(rules: Iterable[Rule]) -> bool:
    return any(isinstance(leaf, Text) for rule in rules for leaf in leaves(rule.when))
