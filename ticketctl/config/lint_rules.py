"""What in valid rules is probably not meant: rules that never fire, that undo each other, that nobody tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ticketctl.config.tree import Places
from ticketctl.domain.config import Config
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.actions import Action
from ticketctl.domain.rules.conditions import Condition, Machine, Since, implies
from ticketctl.domain.rules.overlap import both_never, covers, never_at
from ticketctl.domain.rules.rules import Rule

Finding = tuple[str, str]
NEEDS_OPEN = (actions.SetPriority, actions.Assign, actions.Close, actions.Wait)


def about_rules(config: Config, at: Places) -> Iterator[Finding]:
    for index, rule in enumerate(config.rules):
        for key, fault in _about(config, config.rules[:index], rule):
            yield at.at("rules", index, key), f"rule {rule.id}: {fault}"
    yield from _untested(config, at)


def _about(config: Config, earlier: tuple[Rule, ...], rule: Rule) -> Iterator[tuple[str, str]]:
    """(key of the rule, what is said about it)"""
    unreachable = list(_never(earlier, rule))
    yield from unreachable
    if not unreachable:
        yield from _written_twice(earlier, rule)
    yield from _undone(rule)
    yield from _without_effect(rule)
    yield from _replies(config, rule)
    yield from _presses(rule)


def _never(earlier: tuple[Rule, ...], rule: Rule) -> Iterator[tuple[str, str]]:
    reasons = {event: reason for event in rule.events if (reason := never_at(rule, event))}
    if len(reasons) == len(rule.events):
        yield "when", f"never fires: {next(iter(reasons.values()))} cannot both be; take one out, or write any:"
        return
    for event, reason in reasons.items():
        yield "events", f"never fires at {event}: {reason} cannot both be; take {event} out"
    for other in earlier:
        if covers(other, rule):
            always = "always" if other.when is None else "whenever this one could fire, because it asks for less,"
            yield "when", f"never reached: {other.id} {always} stops before it; move it above {other.id}"
            return


def _written_twice(earlier: tuple[Rule, ...], rule: Rule) -> Iterator[tuple[str, str]]:
    for other in earlier:
        if set(other.events) & set(rule.events) and not other.stop and not both_never(other, rule):
            for what in sorted({*_written(other)} & {*_written(rule)}):
                fault = f"sets {what} as {other.id} does; where both fire the later one wins"
                yield "then", f"{fault}: write stop: true in {other.id}, or let one of them be"


def _undone(rule: Rule) -> Iterator[tuple[str, str]]:
    """What one action does and a later one of the same rule does again, or takes back."""
    for what, count in Counter(_written(rule)).items():
        if count > 1:
            yield "then", f"sets {what} {count} times; the last one wins: take the others out"
    given = {label for action in rule.then if isinstance(action, actions.Label) for label in action.labels}
    taken = {label for action in rule.then if isinstance(action, actions.Unlabel) for label in action.labels}
    for label in sorted(given & taken):
        yield "then", f"gives and takes the label {label}; take one of them out"


def _written(rule: Rule) -> list[str]:
    return [name for action in rule.then if (name := _target(action))]


def _target(action: Action) -> str:
    match action:
        case actions.SetPriority():
            return "priority"
        case actions.SetField(name):
            return name
        case actions.Assign():
            return "assignee"
        case _:
            return ""


def _without_effect(rule: Rule) -> Iterator[tuple[str, str]]:
    if "closed" not in rule.events:
        return
    for action in rule.then:
        if isinstance(action, NEEDS_OPEN):
            yield (
                "then",
                f"{action} does nothing at closed: the ticket is closed then; use the event reopened, or sweep",
            )


def _replies(config: Config, rule: Rule) -> Iterator[tuple[str, str]]:
    for action in rule.then:
        if isinstance(action, actions.Reply) and action.automatic and not config.privacy.notice:
            yield "then", "answers automatically, but privacy: has no notice for it; add `notice: snippets/…`"


def _presses(rule: Rule) -> Iterator[tuple[str, str]]:
    """A sweep that reminds or closes who may have answered."""
    if "sweep" not in rule.events or implies(rule.when, _spares):
        return
    for action in rule.then:
        if isinstance(action, actions.Close) or (isinstance(action, actions.Reply) and action.automatic):
            verb = "closes" if isinstance(action, actions.Close) else "writes to"
            fault = f"{verb} customers who may have answered; `since_our_reply: {{at_least: 5d}}` beside the other"
            yield "when", f"{fault} conditions holds only where nobody has written since our reply"
            return


def _spares(condition: Condition) -> bool:
    """Whether it holds only where the customer has not written since our reply, or a machine wrote."""
    if isinstance(condition, Machine):
        return condition.expected
    return isinstance(condition, Since) and condition.subject == "since_our_reply"


def _untested(config: Config, at: Places) -> Iterator[Finding]:
    """Rules that no test lets fire. A test that does not ask which rules fire says nothing about them."""
    fired = {name for test in config.tests for name in test.expect.fired or ()}
    lacking = [rule.id for rule in config.rules if rule.id not in fired]
    if config.rules and not config.tests:
        yield at.at("rules"), "tests: is missing, so the rules are not tried on anything; add `tests:`"
    elif lacking:
        yield (
            at.at("tests"),
            f"tests: none lets {', '.join(lacking)} fire; add one with `expect: {{fired: [{lacking[0]}]}}`",
        )
