"""What is due by the clock, carried out: sweep rules, escalation steps, waking, the archive, and one notice to each
person of the team."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from ticketctl.content.escalation import Notice
from ticketctl.domain.deadlines.escalation import Escalated, escalated, notified, plan, rule_of, waking
from ticketctl.domain.reply.several_requesters import owed
from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.domain.rules.actions import ReplyEffect
from ticketctl.domain.settings.settings import EscalationStep
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import BadSnippet
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation import notifications
from ticketctl.usecases.automation.notifications import Notices
from ticketctl.usecases.automation.run_rules import reply
from ticketctl.usecases.automation.sweep import Swept, sweep
from ticketctl.usecases.chat.end import end_idle
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.measures.early_warning import look_for_warnings
from ticketctl.usecases.outgoing import queue as _outgoing
from ticketctl.usecases.outgoing.push import remember_push
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.clock_check import must_be_right, note_clock
from ticketctl.usecases.upkeep.jobs import alone, note_run
from ticketctl.usecases.upkeep.restore import must_have_looked

REPLIES = ("reply", "draft")


class Escalate(msgspec.Struct, frozen=True):
    """`sure`: somebody said that the clock is right."""

    sure: bool = False


class Step(msgspec.Struct, frozen=True):
    """A step that was carried out, and the addresses that it notifies."""

    what: Escalated
    persons: tuple[str, ...]


class Escalation(msgspec.Struct):
    """What one run did. `mentioned` are tickets with who is notified since a note named them or they watch it. `chats`
    ended by themselves. `held_back` tickets come in a later run; of `failed` ones a person must fix a snippet first;
    `kept` answers have a place left to fill in, and are drafts. `silent` are tickets with who was not notified, since a
    notice might only call forth the next. `warnings` are what comes unusually often, as found today."""

    steps: list[Step] = []
    swept: list[Swept] = []
    mentioned: tuple[tuple[int, str], ...] = ()
    woken: tuple[int, ...] = ()
    chats: tuple[int, ...] = ()
    archived: int = 0
    mails: int = 0
    held_back: int = 0
    failed: list[str] = []
    kept: list[str] = []
    silent: dict[int, list[str]] = {}
    warnings: tuple[EarlyWarning, ...] = ()


def escalate(session: Session, request: Escalate, *, keep: bool = True) -> Escalation | None:
    """Carries out all that is due; running it twice does nothing more. None where another run is at it. Raises Refused
    where the clock may be wrong, NotAllowed."""
    session.must("escalate", keep=keep)
    if keep:
        must_be_right(session, sure=request.sure)
    with alone(session, "escalate") as mine:
        return _run(session, keep=keep) if mine else None


def _run(session: Session, *, keep: bool) -> Escalation:
    done = Escalation()
    with session.store.transaction(keep=keep) as desk, session.store.blobs.together(keep=keep):
        if keep:
            must_have_looked(desk)
        notices = notifications.take(desk)  # what a fetch that was killed left
        done.chats = tuple(end_idle(session, desk))
        _sweep(session, desk, done, notices)  # before waking: a rule sees a wait that ends now
        done.woken = tuple(_wake(session, desk))
        _steps(session, desk, done, notices)
        done.mentioned = tuple(notifications.take_mentions(session, desk, notices))
        mailed = notifications.mail(session, desk, notices)
        done.mails, done.silent = mailed.mails, mailed.silent
        note_run(session, desk, "escalate")
        note_clock(session, desk)
    before = session.now - timedelta(days=session.config.archive_after_days)
    done.archived = session.store.archive(before) if keep else _to_archive(session, before)
    if keep:
        _group(session)
        done.warnings = tuple(look_for_warnings(session))  # after grouping, which makes patterns
    return done


def _group(session: Session) -> None:
    """New tickets join the patterns; not in `fetch`, which others wait for."""
    from ticketctl.usecases.patterns.group import group_new

    with alone(session, "patterns") as mine:
        if mine:
            group_new(session)


def _sweep(session: Session, desk: Desk, done: Escalation, notices: Notices) -> None:
    if not any("sweep" in rule.events for rule in session.config.rules):
        return
    result = sweep(session, desk)
    done.swept, done.held_back, done.failed, done.kept = result.swept, result.held_back, result.failed, result.kept
    for one in result.swept:
        for effect in one.notify:
            notices.add_rule(session, one.before, one.after, effect)


def _wake(session: Session, desk: Desk) -> list[int]:
    numbers = waking(desk.find(Query(statuses=frozenset({"waiting"}))), session.now)
    for number in numbers:
        desk.save(desk.get(number).wake(Act("system", session.now, "its wake-up date has come")))
    return numbers


def _to_archive(session: Session, before: datetime) -> int:
    with session.store.reading() as desk:
        closed = desk.find(Query(statuses=frozenset({"closed"})))
        return sum(ticket.closed_at is not None and ticket.closed_at < before for ticket in closed)


# --- the steps ---


def _steps(session: Session, desk: Desk, done: Escalation, notices: Notices) -> None:
    """Carries out and saves what is due; adds to `notices` what each address is to be told."""
    config, absent = session.config, away(session)
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
            persons = notified(after, one.step, config.team, absent)
            notices.add(persons, Notice(before, after, one.deadline, unowned_since=one.unowned_since))
            remember_push(session, desk, "escalation", str(number))
            done.steps.append(Step(one, tuple(persons)))


def _barred(session: Session, desk: Desk, ticket: Ticket, due: Collection[str], done: Escalation) -> set[str]:
    """The steps whose answer cannot be sent in this run: the requester had one today, or the snippet does not render.
    The others must not wait for that; those of them that are `due` are reported."""
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
