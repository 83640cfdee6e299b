"""What in a valid rules.yaml is probably not meant: warnings, which stop nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations

from ticketctl.domain import actions
from ticketctl.domain.actions import Action
from ticketctl.domain.config import Config, SmtpOut
from ticketctl.domain.hours import add
from ticketctl.domain.rules import Rule
from ticketctl.domain.settings import Duration, Hours
from ticketctl.domain.ticket import PRIORITIES

_A_MONDAY = datetime(2026, 6, 1, 10, tzinfo=UTC)  # a working morning, to compare durations on


def lint(config: Config, name: str = "rules.yaml") -> list[str]:
    """`rules.yaml: …` for each thing, `rules.yaml:LINE: …` for a rule, in the order in which the file is usually
    written."""
    whole = [*_people(config), *_mail(config), *_labels(config), *_targets(config)]
    rules = [*_rules(config.rules), *_replies(config)]
    return [f"{name}: {one}" for one in whole] + [f"{name}:{rule.line}: rule {rule.id}: {one}" for rule, one in rules]


def _people(config: Config) -> Iterator[str]:
    if not config.team:
        yield "team: nobody is listed; nothing can be assigned"
    nameless = [agent.name for agent in config.team if not agent.login]
    if nameless and len(config.team) > 1:
        yield f"team: no login for {', '.join(nameless)}: they need --as NAME unless that is their user name"


def _mail(config: Config) -> Iterator[str]:
    if config.outgoing is None:
        yield "outgoing: is missing; replies cannot leave"
    elif isinstance(config.outgoing.sink, SmtpOut) and not config.outgoing.sink.user:
        yield "outgoing: no user, so the server is not logged in to"
    if not config.privacy.retention:
        yield "privacy: no retention; closed tickets are kept for ever"


def _labels(config: Config) -> Iterator[str]:
    if len(config.labels) > config.labels_at_most:
        yield (f"labels: {len(config.labels)} of them, more than {config.labels_at_most}; too many choices slow triage")


def _targets(config: Config) -> Iterator[str]:
    if not config.targets and any(step.promise is None for step in config.escalation):
        yield "escalation: never happens without targets"
    for priority, target in config.targets.items():
        first, whole = target.first_response, target.resolution
        if first and whole and _longer(first, whole, config.hours):
            yield f"targets: {priority} promises a first response ({first}) later than the resolution ({whole})"
    for more, less in combinations([one for one in PRIORITIES if one in config.targets], 2):
        urgent, calm = config.targets[more].first_response, config.targets[less].first_response
        if urgent and calm and _longer(urgent, calm, config.hours):
            yield f"targets: {more} waits longer for a first response ({urgent}) than {less} ({calm})"


def _longer(one: Duration, other: Duration, hours: Hours) -> bool:
    return add(_A_MONDAY, one, hours) > add(_A_MONDAY, other, hours)


def _rules(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, str]]:
    for index, later in enumerate(rules):
        for earlier in rules[:index]:
            shared = set(earlier.events) & set(later.events)
            if earlier.stop and earlier.when is None and set(later.events) <= set(earlier.events):
                yield later, f"never reached, {earlier.id} always stops before it"
            elif shared and not earlier.stop:
                for what in sorted(_written(earlier) & _written(later)):
                    yield later, f"sets {what} as {earlier.id} does; where both fire the later one wins"


def _written(rule: Rule) -> set[str]:
    return {name for action in rule.then if (name := _target(action))}


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


def _replies(config: Config) -> Iterator[tuple[Rule, str]]:
    for rule in config.rules:
        for action in rule.then:
            if isinstance(action, actions.Reply) and action.automatic and not config.privacy.notice:
                yield rule, "answers automatically, but privacy: has no notice for it"
