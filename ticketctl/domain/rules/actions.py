"""What a rule does. What concerns only the ticket is done here; replies, notices and links come out as
values for others to carry out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from ticketctl.domain.deadlines import promises
from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.settings.settings import Duration, Hours
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Event, Priority, RuleRun, Ticket

if TYPE_CHECKING:
    from ticketctl.domain.rules.rules import Trace

Turn = Literal["least_loaded", "round_robin"]


class SetPriority(msgspec.Struct, frozen=True, tag="priority"):
    priority: Priority

    def __str__(self) -> str:
        return f"set priority: {self.priority}"


class SetField(msgspec.Struct, frozen=True, tag="field"):
    name: str
    value: str

    def __str__(self) -> str:
        return f"set {self.name}: {self.value or '(none)'}"


class Label(msgspec.Struct, frozen=True, tag="label"):
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"label {', '.join(self.labels)}"


class Unlabel(msgspec.Struct, frozen=True, tag="unlabel"):
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"unlabel {', '.join(self.labels)}"


class Assign(msgspec.Struct, frozen=True, tag="assign"):
    """`to` is an agent's name, a Turn (then only a ticket that nobody owns is given out), or "deputy": the
    deputy of its owner. In the place of somebody who is away their deputy gets it."""

    to: str

    def __str__(self) -> str:
        return f"assign to {self.to}"


class Reply(msgspec.Struct, frozen=True, tag="reply"):
    """`automatic` is sent under the rules for machine mail; otherwise it becomes a draft for a person."""

    snippet: str
    automatic: bool = False

    def __str__(self) -> str:
        return f"{'reply' if self.automatic else 'draft a reply'} with {self.snippet}"


class Notify(msgspec.Struct, frozen=True, tag="notify"):
    """`whom` is "owner", "team", "deputy" or an address."""

    whom: str

    def __str__(self) -> str:
        return f"notify {self.whom}"


class Note(msgspec.Struct, frozen=True, tag="note"):
    text: str

    def __str__(self) -> str:
        return f"note “{self.text}”"


class Spam(msgspec.Struct, frozen=True, tag="spam"):
    def __str__(self) -> str:
        return "mark as spam"


class Close(msgspec.Struct, frozen=True, tag="close"):
    resolution: str = "solved"
    cause: str = ""

    def __str__(self) -> str:
        return f"close ({self.resolution})"


class Wait(msgspec.Struct, frozen=True, tag="wait"):
    """For the customer, until `duration` has passed."""

    duration: Duration

    def __str__(self) -> str:
        return f"wait {self.duration}"


class PromiseBy(msgspec.Struct, frozen=True, tag="promise"):
    """A clock on the ticket that only its close ends, or that somebody says it was kept: `duration` from the message on
    which the rule fired."""

    duration: Duration

    def __str__(self) -> str:
        return f"promise {self.duration}"


class LinkTo(msgspec.Struct, frozen=True, tag="link"):
    """To a ticket by its number, or to the requester's "own_open": their other tickets that are not closed."""

    to: int | Literal["own_open"]

    def __str__(self) -> str:
        return f"link with {f'#{self.to}' if isinstance(self.to, int) else 'their other open tickets'}"


class Mask(msgspec.Struct, frozen=True, tag="mask"):
    """Stars out what is of these kinds (domain.masking) in all that the ticket says."""

    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"mask {', '.join(self.kinds)}"


Action = (
    SetPriority
    | SetField
    | Label
    | Unlabel
    | Assign
    | Reply
    | Notify
    | Note
    | Spam
    | Close
    | Wait
    | PromiseBy
    | LinkTo
    | Mask
)


class ReplyEffect(msgspec.Struct, frozen=True, kw_only=True):
    """For others to carry out: render `snippet` in the ticket's language and queue or draft it. `message` is the key of
    the message that is answered, "" where there is none."""

    rule: str
    snippet: str
    automatic: bool
    message: str = ""


class NotifyEffect(msgspec.Struct, frozen=True, kw_only=True):
    """For others to carry out: notify `whom` ("owner", "team", "deputy", an address) that the rule fired."""

    rule: str
    whom: str
    why: str = ""


class LinkEffect(msgspec.Struct, frozen=True, kw_only=True):
    """For others to carry out, who know the other tickets: link with them."""

    rule: str
    to: int | Literal["own_open"]


Effect = ReplyEffect | NotifyEffect | LinkEffect


_WEIGHT: dict[Priority, float] = {"high": 2, "medium": 1, "low": 0.5}
_WAITING = 0.25  # what waits for the customer is little work now, but comes back


def weight(ticket: Ticket) -> float:
    """How much an open ticket loads its owner; one of medium priority that waits for us is 1."""
    return _WEIGHT[ticket.priority] * (_WAITING if ticket.status == "waiting" else 1)


class Workload(msgspec.Struct, frozen=True):
    """Who may be given tickets, in the team's order: the weight of what each has now; and who was given one, the
    latest last (`handed_to`), whether they have it still or not. `away` are those who are not here, with who stands in
    for them ("": nobody)."""

    active: dict[str, float]
    handed_to: tuple[str, ...] = ()
    away: dict[str, str] = {}

    def receiver(self, to: str, owner: str) -> str:
        """Who gets a ticket of `owner` that shall go to `to`, an agent, a Turn or "deputy"; "" where nobody can."""
        if to in ("least_loaded", "round_robin"):
            return self.turn("least_loaded" if to == "least_loaded" else "round_robin")
        return self.away.get(owner, "") if to == "deputy" else self.away.get(to, to)

    def turn(self, to: Turn) -> str:
        """Whose turn it is: who was given one longest ago, of those with least to do where that is asked; "" where
        there is nobody."""
        queue = [name for name in self.active if name not in self.handed_to]
        queue += [name for name in self.handed_to if name in self.active]
        if to == "least_loaded":
            return min(queue, key=lambda name: self.active[name], default="")
        return next(iter(queue), "")

    def given(self, name: str, weighs: float = 1) -> Workload:
        """After `name` was given one more."""
        if name not in self.active:
            return self
        others = tuple(one for one in self.handed_to if one != name)
        return Workload(self.active | {name: self.active[name] + weighs}, (*others, name), self.away)


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket afterwards, what others have to carry out, and what could not be done with the reason. `kept` is what
    a rule left as a person had set it, with that person's name."""

    ticket: Ticket
    effects: tuple[Effect, ...]
    workload: Workload
    skipped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def workload(tickets: Iterable[Ticket], names: Sequence[str], away: dict[str, str] | None = None) -> Workload:
    """The load of the agents `names` (those who may be given tickets) by those of `tickets` that are not closed, and
    who was given one of them when, also of those that were closed or handed on since."""
    active: dict[str, float] = dict.fromkeys(names, 0)
    latest: dict[str, tuple[datetime, int, int]] = {}
    for ticket in tickets:
        if ticket.assignee in active and not ticket.closed:
            active[ticket.assignee] += weight(ticket)
        for place, event in enumerate(ticket.events):
            if event.what == "assigned" and event.after in active:
                latest[event.after] = max(latest.get(event.after, _NEVER), (event.at, ticket.number, place))
    return Workload(active, tuple(sorted(latest, key=lambda name: latest[name])), away or {})


_NEVER = (datetime.min.replace(tzinfo=UTC), 0, 0)


def apply(ticket: Ticket, trace: Trace, act: Act, load: Workload, hours: Hours) -> Applied:
    """Does what the fired rules of `trace` ask, in order, each event of the history naming its rule. An action that the
    ticket's state does not allow (it was closed by an earlier rule, say) is skipped and reported, never raised. A
    customer's later mail changes nothing that a person has set."""
    effects: list[Effect] = []
    skipped: list[str] = []
    kept: list[str] = []
    later = trace.event == "customer_message"
    for rule, occasion in trace.firings:
        by_rule = msgspec.structs.replace(act, why=f"rule {rule.id}")
        for action in rule.then:
            if isinstance(action, Reply):
                effects.append(
                    ReplyEffect(
                        rule=rule.id,
                        snippet=action.snippet,
                        automatic=action.automatic,
                        message=trace.message,
                    )
                )
            elif isinstance(action, Notify):
                effects.append(NotifyEffect(rule=rule.id, whom=action.whom, why=rule.why))
            elif isinstance(action, LinkTo):
                effects.append(LinkEffect(rule=rule.id, to=action.to))
            elif later and (agent := _set_by_hand(action, ticket)):
                kept.append(f"{rule.id}: {action}: left as {agent} set it")
            elif reason := _cannot(action, ticket, load):
                skipped.append(f"{rule.id}: {action}: {reason}")
            else:
                before = ticket.assignee
                action = _without_labels_by_hand(action, ticket, rule.id, kept) if later else action
                ticket = _carry_out(action, ticket, by_rule, load, hours)
                load = load.given(ticket.assignee, weight(ticket)) if ticket.assignee != before else load
        ticket = ticket.note_fired(rule.id, occasion, act.at)
    return Applied(ticket=ticket, effects=tuple(effects), workload=load, skipped=tuple(skipped), kept=tuple(kept))


def _set_by_hand(action: Action, ticket: Ticket) -> str:
    """Who set what the action would change; "" where no person did."""
    match action:
        case SetPriority(priority):
            return decided_by(ticket, "priority") if priority != ticket.priority else ""
        case SetField(name, value):
            return decided_by(ticket, f"field {name}") if value != ticket.fields.get(name, "") else ""
        case Assign():
            return decided_by(ticket, "assigned")
    return ""


def _without_labels_by_hand(action: Action, ticket: Ticket, rule: str, kept: list[str]) -> Action:
    """Of several labels those that no person has put on or taken off; the others are reported."""
    if not isinstance(action, Label | Unlabel):
        return action
    on = isinstance(action, Label)
    by = {label: labelled_by(ticket, label) for label in action.labels if (label in ticket.labels) != on}
    kept += [f"{rule}: {type(action)((label,))}: left as {agent} set it" for label, agent in by.items() if agent]
    return type(action)(tuple(label for label in action.labels if not by.get(label)))


def _cannot(action: Action, ticket: Ticket, load: Workload) -> str:
    """Why the action is left out; "" where nothing is in its way."""
    if ticket.closed and isinstance(action, SetPriority | Assign | Close | Wait | PromiseBy):
        return "the ticket is closed"
    return _cannot_assign(action.to, ticket, load) if isinstance(action, Assign) else ""


def _cannot_assign(to: str, ticket: Ticket, load: Workload) -> str:
    if to in ("least_loaded", "round_robin"):
        if ticket.assignee:
            return f"{ticket.assignee} has it already"
        return "" if load.active else "nobody in team: can be given tickets"
    if to == "deputy" and ticket.assignee not in load.away:
        return "its owner is not away" if ticket.assignee else "nobody owns it"
    away = ticket.assignee if to == "deputy" else to
    return "" if load.receiver(to, ticket.assignee) else f"{away} is away, and nobody stands in"


def _carry_out(action: Action, ticket: Ticket, act: Act, load: Workload, hours: Hours) -> Ticket:
    match action:
        case SetPriority(priority):
            return ticket.prioritise(act, priority)
        case SetField(name, value):
            return ticket.set_field(act, name, value)
        case Label(labels):
            return ticket.label(act, *labels)
        case Unlabel(labels):
            return ticket.unlabel(act, *labels)
        case Assign(to):
            return ticket.assign(act, load.receiver(to, ticket.assignee))
        case Note(text):
            return ticket.write(act, _note(ticket, act, text))
        case Spam():
            return ticket.mark_spam(act)
        case Close(resolution, cause):
            return ticket.close(act, resolution=resolution, cause=cause)
        case Wait(duration):
            return ticket.wait(act, add(act.at, duration, hours))
        case PromiseBy(duration):
            return promises.promise(ticket, act, add(act.at, duration, hours))
        case Mask(kinds):
            return masked(ticket, act, kinds)
        case Reply() | Notify() | LinkTo():
            raise TypeError("this is an effect, not a change of the ticket")


def masked(ticket: Ticket, act: Act, kinds: Sequence[str]) -> Ticket:
    """The ticket with what is of these kinds made unreadable in its subject and messages, apart from a draft, which is
    still to be sent; the original bytes keep it. What the ticket remembers of its rules quotes those no more: it may
    hold half of a number, which no check digit shows."""
    after = unreadable(ticket, kinds)
    unchanged = (after.subject, after.messages) == (ticket.subject, ticket.messages)
    return ticket if unchanged else after.changed(act, "masked", "", list(kinds))


def unreadable(ticket: Ticket, kinds: Sequence[str]) -> Ticket:
    """The same, with no event that says so."""
    from ticketctl.domain.privacy.masking import mask  # its patterns take 3 ms, and `list` masks nothing

    return msgspec.structs.replace(
        ticket,
        subject=mask(ticket.subject, kinds),
        messages=tuple(_masked(one, kinds) for one in ticket.messages),
        rule_runs=tuple(map(_unquoted, ticket.rule_runs)),
    )


def _masked(message: Message, kinds: Sequence[str]) -> Message:
    if message.delivery == "draft":
        return message
    from ticketctl.domain.privacy.masking import mask, mask_names

    texts = {name: mask(getattr(message, name), kinds) for name in ("subject", "text", "whole")}
    nature = tuple(mask(sentence, kinds) for sentence in message.nature)
    attachments = mask_names(message.attachments, kinds)
    return msgspec.structs.replace(message, nature=nature, attachments=attachments, **texts)


def _unquoted(run: RuleRun) -> RuleRun:
    rules = (
        msgspec.structs.replace(one, reasons=tuple(msgspec.structs.replace(it, actual="") for it in one.reasons))
        for one in run.rules
    )
    return msgspec.structs.replace(run, rules=tuple(rules))


def _note(ticket: Ticket, act: Act, text: str) -> Message:
    return Message(
        key=ticket.next_key(),
        direction="internal",
        kind="note",
        at=act.at,
        sender=Person("", act.actor),
        author=act.actor,
        text=text,
        why=act.why,
    )


# --- what a person has decided, which a rule that a later mail sets off leaves alone ---


def decided_by(ticket: Ticket, what: str) -> str:
    """The agent who set that last ("priority", "assigned", "field area"); "" where a rule, an escalation step or nobody
    did."""
    return next((_by_person(event) for event in reversed(ticket.events) if event.what == what), "")


def labelled_by(ticket: Ticket, label: str) -> str:
    """The agent who put that label on, or took it off, last; "" where that was no person's."""
    for event in reversed(ticket.events):
        if event.what in ("labelled", "unlabelled") and label in (event.after or event.before).split(", "):
            return _by_person(event)
    return ""


def _by_person(event: Event) -> str:
    return "" if event.actor == "system" or event.why.startswith(("rule ", "escalation ")) else event.actor
