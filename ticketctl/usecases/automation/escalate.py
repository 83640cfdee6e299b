"""The escalation steps that are due, carried out: what the domain decides, replies and who is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from ticketctl.content.escalation import Notice
from ticketctl.domain.deadlines.escalation import Escalated, escalated, plan, rule_of, told
from ticketctl.domain.reply.several_requesters import owed
from ticketctl.domain.rules.actions import ReplyEffect
from ticketctl.domain.settings.settings import EscalationStep
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import BadSnippet
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.run_rules import reply
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.outgoing import queue as _outgoing
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session

REPLIES = ("reply", "draft")


class Escalation(msgspec.Struct):
    """One run: the steps with the addresses that they notify. `held_back` tickets come in a later run; of `failed`
    ones a person must mend a snippet first; `kept` answers have a place left to fill in, and are drafts."""

    steps: list[tuple[Escalated, list[str]]] = []
    held_back: int = 0
    failed: list[str] = []
    kept: list[str] = []


def escalate(session: Session, desk: Desk, notices: dict[str, list[Notice]]) -> Escalation:
    """Carries out and saves what is due; adds to `notices` what is to be told, by address."""
    config, absent, done = session.config, away(session), Escalation()
    world = (config.targets, config.hours, session.now, absent)
    for number in dict.fromkeys(due.number for due in plan(desk.find(ACTIVE), config.escalation, *world)):
        before = desk.get(number)
        due = {one.step.name for one in plan([before], config.escalation, *world)}
        barred = _barred(session, desk, before, due, done)
        after, steps = escalated(before, [step for step in config.escalation if step.name not in barred], *world)
        if not steps:
            continue
        after = desk.save(_answered(session, desk, after, steps, done.kept))
        for one in steps:
            persons = told(after, one.step, config.team, absent)
            for address in persons:
                notice = Notice(before, after, one.deadline, unowned_since=one.unowned_since)
                notices.setdefault(address, []).append(notice)
            done.steps.append((one, persons))
    return done


def _barred(session: Session, desk: Desk, ticket: Ticket, due: Collection[str], done: Escalation) -> set[str]:
    """The steps whose answer cannot leave in this run: the requester had one today, or the snippet does not render.
    The others must not wait for that; those of them that are `due` are told."""
    answering = [step for step in session.config.escalation if _snippets(step)]
    automatic = {step.name for step in answering if any(action == "reply" for action, _ in step.actions)}
    waiting = automatic and any(_outgoing.must_wait(session, desk, one) for _, one in parties(ticket))
    barred = automatic if waiting else set[str]()
    done.held_back += bool(barred & set(due))
    for step in answering:
        try:
            for snippet in _snippets(step):
                rendered(session, ticket, snippet, automatic=True)
        except BadSnippet as error:
            done.failed += [f"escalation {step.name} on #{ticket.number}: {error}"] if step.name in due else []
            barred = barred | {step.name}
    return barred


def _snippets(step: EscalationStep) -> list[str]:
    return [snippet for action, snippet in step.actions if action in REPLIES]


def _answered(session: Session, desk: Desk, ticket: Ticket, steps: Sequence[Escalated], kept: list[str]) -> Ticket:
    """The ticket with the replies that its steps send or draft, to whom the promise was made; who has no mail address
    gets none. Adds to `kept`."""
    if session.config.outgoing is None:
        return ticket
    for one in steps:
        for action, snippet in one.step.actions:
            to = [party for party in owed(ticket, one.occasion) if "@" in party.requester.address]
            if action in REPLIES and to:
                effect = ReplyEffect(rule=one.step.name, snippet=snippet, automatic=action == "reply")
                mail = original(session, ticket.last(direction="in"))
                act = Act("system", session.now, rule_of(one.step))
                may_answer = mail is None or mail.may_answer
                answer = _outgoing.AutomaticAnswer(snippet, may_answer, "automatic")
                ticket, told = reply(session, desk, ticket, effect, act, answer=answer, to=to)
                kept += [f"escalation {one.step.name} on {told}"] if told else []
    return ticket
