"""What in a valid rules.yaml is probably not meant: warnings, which stop nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import combinations

from ticketctl.config.lint_rules import about_rules
from ticketctl.config.tree import Places
from ticketctl.domain.config import Config, SmtpOut
from ticketctl.domain.deadlines.business_hours import add
from ticketctl.domain.rules.usage import MANY, Usage
from ticketctl.domain.settings.settings import Duration, Hours
from ticketctl.domain.ticket.ticket import PRIORITIES

_A_MONDAY = datetime(2026, 6, 1, 10, tzinfo=UTC)  # a working morning, to compare durations on
Finding = tuple[str, str]  # "41:9", and what is said about that place


def lint(
    config: Config, raw: bytes, name: str = "rules.yaml", usage: Usage | None = None, today: date | None = None
) -> list[str]:
    """`rules.yaml:LINE:COLUMN: …` for each thing, in the order in which the file is usually written; `raw` is the file
    that `config` was read from. Each says what to do. `usage`, where the desk has tickets, says what nobody uses,
    `today` which days are over."""
    at = Places(raw)
    found = [
        *_people(config, at),
        *_mail(config, at),
        *_labels(config, at),
        *_promises(config, at),
        *(_closed_days(config, at, today) if today else ()),
        *about_rules(config, at),
        *(_unused(config, at, usage) if usage and usage.tickets >= MANY else ()),
    ]
    return [f"{name}:{place}: {what}" for place, what in found]


def _people(config: Config, at: Places) -> Iterator[Finding]:
    if not config.team:
        yield at.at("team"), "team: nobody is listed; nothing can be assigned: add `{name: …, email: …}`"
    nameless = [agent.name for agent in config.team if not agent.login]
    if nameless and len(config.team) > 1:
        found = "they must say who they are unless that is their user name; add `login:`"
        yield at.at("team"), f"team: no login for {', '.join(nameless)}: {found}"


def _mail(config: Config, at: Places) -> Iterator[Finding]:
    if config.outgoing is None:
        yield at.at("outgoing"), "outgoing: is missing; replies cannot leave: add `smtp:` or `maildir:`, and `from:`"
    elif isinstance(config.outgoing.sink, SmtpOut) and not config.outgoing.sink.user:
        yield at.at("outgoing"), "outgoing: no user, so the server is not logged in to; add `user:` if it wants that"
    if not config.privacy.retention:
        yield at.at("privacy"), "privacy: no retention; closed tickets are kept for ever: add `retention:`"


def _labels(config: Config, at: Places) -> Iterator[Finding]:
    count, most = len(config.labels), config.labels_at_most
    if count > most:
        yield (
            at.at("labels"),
            f"labels: {count} of them, more than {most}; too many choices slow triage: take some out, or raise at_most",
        )


def _promises(config: Config, at: Places) -> Iterator[Finding]:
    if not config.hours.week:
        yield at.at("hours"), "hours: is missing; promises count nights and weekends too: add `mon-fri: 08:00-17:00`"
    if not config.targets:
        yield at.at("targets"), "targets: is missing; nothing is promised: add `medium: {first_response: 4h}`"
        for index, step in enumerate(config.escalation):
            if step.used:
                yield at.at("escalation", index), f"escalation: {step.name} never happens without targets: add some"
        return
    lacking = [one for one in PRIORITIES if one not in config.targets]
    if lacking:
        yield at.at("targets"), f"targets: nothing is promised for {' and '.join(lacking)}; add a line for each"
    yield from _durations(config, at)


def _closed_days(config: Config, at: Places, today: date) -> Iterator[Finding]:
    hours = config.hours
    if hours.week and not any(day > today for day in hours.closed) and not any(day > today for day in hours.special):
        found = "no closed day lies ahead, so holidays count as working days: add `holidays: SE`"
        yield at.at("hours", "closed"), f"hours: {found}, or every year’s days as `closed: [12-24..12-26, 01-01]`"


def _durations(config: Config, at: Places) -> Iterator[Finding]:
    for priority, target in config.targets.items():
        first, whole = target.first_response, target.resolution
        if first and whole and _longer(first, whole, config.hours):
            yield (
                at.at("targets", priority, "first_response"),
                f"targets: {priority} promises a first response ({first}) later than the resolution ({whole}); "
                "make it shorter",
            )
    for more, less in combinations([one for one in PRIORITIES if one in config.targets], 2):
        urgent, calm = config.targets[more].first_response, config.targets[less].first_response
        if urgent and calm and _longer(urgent, calm, config.hours):
            yield (
                at.at("targets", more, "first_response"),
                f"targets: {more} waits longer for a first response ({urgent}) than {less} ({calm}); make it shorter",
            )


def _longer(one: Duration, other: Duration, hours: Hours) -> bool:
    return add(_A_MONDAY, one, hours) > add(_A_MONDAY, other, hours)


def _unused(config: Config, at: Places, usage: Usage) -> Iterator[Finding]:
    """What no ticket of a year had and no rule speaks of: choices that only slow triage."""
    spoken = repr((config.rules, config.escalation, config.privacy.retention))
    for label in config.labels:
        if label not in usage.labels and repr(label) not in spoken:
            path = ("labels", "values") if at.at("labels", "values") != at.at("labels") else ("labels",)
            found = f"labels: no ticket of the last year has {label}, and no rule speaks of it; take it out"
            yield at.among(path, label), found
    for name, spec in config.fields.items():
        lacking = [one for one in spec.values if (name, one) not in usage.values and repr(one) not in spoken]
        if lacking and len(lacking) == len(spec.values):
            found = f"fields: no ticket of the last year has any {name}, and no rule speaks of it; take it out"
            yield at.at("fields", name), found
            continue
        for value in spec.values:
            if value in lacking:
                found = f"fields: no ticket of the last year has {name} {value}, and no rule speaks of it; take it out"
                yield at.among(("fields", name, "values"), value), found
