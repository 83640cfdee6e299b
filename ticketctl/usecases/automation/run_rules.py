"""Running the desk's rules on a ticket: decided by the domain, carried out here inside an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from ticketctl.domain.reply.several_requesters import concerned
from ticketctl.domain.rules import actions, rules
from ticketctl.domain.rules.actions import Assign, Effect, LinkEffect, NotifyEffect, ReplyEffect, Turn, Workload
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import EventName, Rule
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import BadSnippet, NoSuchTicket, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.automation.link_rule import Neighbours, OnDesk, linked
from ticketctl.usecases.automation.notifications import is_echo
from ticketctl.usecases.outgoing import queue as _outgoing
from ticketctl.usecases.outgoing.queue import AutomaticAnswer
from ticketctl.usecases.reply.headers import requester_of
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session

ReplyKind = Literal["acknowledgement", "automatic"]
_UNSENT = "the requester takes no automatic answer, or had one today"
ANSWERED_WITHIN = timedelta(days=2)  # older mail, such as that of a first fetch, gets no acknowledgement


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules are asked about: the event, the message and the headers of its mail, and whether they may answer
    it; `act` is in whose name they change a ticket. `spent` rules have had their share for now."""

    event: EventName
    act: Act
    message: Message | None = None
    headers: Mapping[str, tuple[str, ...]] = {}
    may_answer: bool = False
    now: datetime | None = None
    spent: Collection[str] = ()


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket afterwards (not yet saved), and what was not done, in words: `failed` needs somebody to fix
    something, `trouble` tells also of what the ticket's state did not allow; `unsent` are automatic answers that may
    not go to the requester, or not yet; `kept` have a place left to fill in, and are drafts now."""

    ticket: Ticket
    load: Workload
    notify: tuple[NotifyEffect, ...] = ()
    unsent: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()


def takes_turns(desk_rules: Iterable[Rule]) -> bool:
    """Whether any rule gives tickets out by workload, so that it must be known."""
    turns = get_args(Turn)
    return any(isinstance(one, Assign) and one.to in turns for rule in desk_rules for one in rule.then)


def run_rules(
    session: Session,
    desk: Desk,
    ticket: Ticket,
    asked: Occasion,
    load: Workload,
    *,
    senders: Senders | None = None,
    others: Neighbours | None = None,
) -> Ruled:
    """Decides and carries out what the rules ask; `others` are the tickets that they may link with. A reply that cannot
    be made (a snippet that is missing or does not render), or a link, is reported and left out: mail must come in
    whatever the snippets are like. What the rules do is no event: no rule fires because another one did."""
    hours, message = session.config.hours, asked.message
    known = senders or Senders(desk)
    view = View(ticket, message, asked.headers, asked.now, hours, lambda: known.wrote_before(ticket, message))
    trace = rules.evaluate(session.config.rules, view, asked.event, spent=asked.spent)
    if run := rules.recorded(trace, asked.act.at):
        ticket = ticket.note_rules(run)
    applied = actions.apply(ticket, trace, asked.act, load, hours)
    done = _Effects(session, desk, applied.ticket.note_kept(applied.kept), asked)
    for effect in applied.effects:
        done.carry_out(effect, others or OnDesk(desk))
    return Ruled(
        ticket=done.ticket,
        load=applied.workload,
        notify=tuple(one for one in applied.effects if isinstance(one, NotifyEffect) and not is_echo(message)),
        unsent=tuple(done.unsent),
        failed=tuple(done.failed),
        kept=tuple(done.kept),
        trouble=(*applied.skipped, *done.failed, *done.kept),
    )


class _Effects:
    """Carries out what rules ask beyond the ticket itself, one effect after the other."""

    def __init__(self, session: Session, desk: Desk, ticket: Ticket, asked: Occasion) -> None:
        self.session, self.desk, self.ticket, self.asked = session, desk, ticket, asked
        self.failed: list[str] = []
        self.unsent: list[str] = []
        self.kept: list[str] = []

    def carry_out(self, effect: Effect, others: Neighbours) -> None:
        act = Act(self.asked.act.actor, self.session.now, f"rule {effect.rule}")
        try:
            if isinstance(effect, ReplyEffect):
                self._reply(effect, act)
            elif isinstance(effect, LinkEffect):
                self.ticket = linked(self.ticket, effect, act, others)
        except (BadSnippet, NoSuchTicket, Refused, Usage) as error:
            self.failed.append(f"rule {effect.rule} on #{self.ticket.number}: {error}")

    def _reply(self, effect: ReplyEffect, act: Act) -> None:
        before, event = self.ticket, self.asked.event
        kind: ReplyKind = "acknowledgement" if event == "created" else "automatic"
        answer = AutomaticAnswer(effect.snippet, self.asked.may_answer, kind)
        to = concerned(before, event, self.asked.message)
        self.ticket, told = reply(self.session, self.desk, before, effect, act, answer=answer, to=to)
        if told:
            self.kept.append(f"rule {effect.rule} on {told}")
        elif self.ticket is before:
            self.unsent.append(f"rule {effect.rule} on #{before.number}: {effect.snippet} is not sent: {_UNSENT}")


def reply(
    session: Session,
    desk: Desk,
    ticket: Ticket,
    effect: ReplyEffect,
    act: Act,
    *,
    answer: AutomaticAnswer,
    to: Sequence[Ticket],
) -> tuple[Ticket, str]:
    """The ticket with the reply that a rule or step asks for, queued or as a draft, where one may go at all; `to` is
    the ticket as each requester knows it whom it concerns. What has a place left to fill in is a draft for a person,
    and told in a sentence, else "". Raises BadSnippet, Refused, Usage."""
    act = Act(act.actor, act.at, f"{act.why} with snippet {effect.snippet}")
    if not effect.automatic:
        return _draft(session, ticket, effect, act), ""
    for party in to:
        try:
            answered = _outgoing.queue_acknowledgement(session, desk, ticket, answer, act=act, party=party)
        except _outgoing.Unfilled as unfilled:
            number = ticket.number
            told = f"#{number}: {unfilled}; it is a draft for a person now, and the snippet needs fixing"
            return _draft(session, ticket, effect, act), told
        ticket = answered or ticket
    return ticket, ""


def _draft(session: Session, ticket: Ticket, effect: ReplyEffect, act: Act) -> Ticket:
    """For a person to look at and send; once, however often it is asked for."""
    requester_of(ticket)
    text = rendered(session, ticket, effect.snippet).body
    if any(one.delivery == "draft" and one.text == text for one in ticket.messages):
        return ticket
    return _outgoing.with_draft(session, ticket, _outgoing.ReplyMail(text=text), act)
