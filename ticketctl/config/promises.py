"""What we promise and keep to: opening hours, targets, escalation, the weekly report."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from ticketctl.config import people, public_holidays
from ticketctl.config.reading import Reader, Section, kind, shown, suggest
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.config import Report
from ticketctl.domain.settings import (
    TARGET_KINDS,
    Agent,
    Duration,
    EscalationStep,
    Hours,
    Target,
)
from ticketctl.domain.ticket import PRIORITIES, Priority

DUE = Duration()  # a promise: when it is due, not before
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
Spans = tuple[tuple[int, int], ...]


def minutes(text: str) -> int | None:
    """ "08:30" → minutes after midnight, up to 24:00; None where it is no time of day."""
    match = _TIME.fullmatch(text.strip())
    total = int(match[1]) * 60 + int(match[2]) if match else None
    return total if total is not None and total <= 24 * 60 else None


def hours(reader: Reader, node: Node, zone: str) -> Hours:
    """`mon-fri: 08:00-17:00`, `sat: [09:00-12:00, 13:00-15:00]`, `closed: [2026-12-24]`,
    `holidays: SE`, whose days `build` adds once the whole file is right."""
    mapping = reader.mapping(node)
    week: dict[int, Spans] = {}
    closed: tuple[date, ...] = ()
    country = ""
    for key, value in Section(reader, mapping) if mapping else ():
        if key.text == "closed":
            closed = reader.listed(value, lambda at: people.day(reader, at))
        elif key.text == "holidays":
            country = _holidays(reader, value) or ""
        else:
            for weekday in _weekdays(reader, key):
                if weekday in week:
                    reader.fault(key, f"{DAYS[weekday]} has its hours already")
                week[weekday] = _spans(reader, value)
    open_days = {weekday: spans for weekday, spans in week.items() if spans}
    if week and not open_days:
        reader.fault(node, "the desk is never open; leave `hours` out to count calendar time")
    return Hours(timezone=zone, week=open_days, closed=frozenset(closed), holidays=country)


def _holidays(reader: Reader, node: Node) -> str | None:
    text = people.country(reader, node)
    if text is not None and not public_holidays.known(text):
        reader.fault(node, f"no public holidays are known for {shown(text)}; list the days under closed:")
    return text


def _weekdays(reader: Reader, key: Scalar) -> range:
    first, _, last = key.text.lower().partition("-")
    if first in DAYS and (last or first) in DAYS and DAYS.index(first) <= DAYS.index(last or first):
        return range(DAYS.index(first), DAYS.index(last or first) + 1)
    reader.fault(
        key,
        (
            f"unknown day {shown(key.text)}{suggest(key.text, (*DAYS, 'closed', 'holidays', 'mon-fri'))}; "
            "write mon … sun, mon-fri, closed or holidays"
        ),
    )
    return range(0)


def _spans(reader: Reader, node: Node) -> Spans:
    if isinstance(node, Scalar) and node.text == "closed":
        return ()
    spans = reader.listed(node, lambda at: _span(reader, at), single=True)
    ordered = sorted(spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        reader.fault(node, "these hours overlap")
    return tuple(ordered)


def _span(reader: Reader, node: Node) -> tuple[int, int] | None:
    text = reader.text(node)
    if text is None:
        return None
    start, _, end = text.partition("-")
    opens, closes = minutes(start), minutes(end)
    if opens is None or closes is None:
        reader.fault(node, f"{shown(text)} are no hours; write 08:00-17:00, or closed")
        return None
    if opens >= closes:
        reader.fault(node, f"{shown(text)} ends before it starts; two lines are needed for a night")
        return None
    return opens, closes


def targets(reader: Reader, node: Node) -> dict[Priority, Target]:
    section = reader.section(node, PRIORITIES, "targets")
    found: dict[Priority, Target] = {}
    for priority in PRIORITIES:
        if section and priority in section:
            found[priority] = section.get(priority, lambda at: _target(reader, at), Target())
    return found


def _target(reader: Reader, node: Node) -> Target | None:
    section = reader.section(node, TARGET_KINDS, "target")
    if section is None:
        return None
    promises: dict[str, Duration | None] = {
        name: section.get(name, reader.duration, None) for name in TARGET_KINDS if name in section
    }
    return Target(**promises)


def escalation(reader: Reader, node: Node, team: tuple[Agent, ...]) -> tuple[EscalationStep, ...]:
    steps: list[EscalationStep] = []
    names: set[str] = set()
    for item in reader.items(node):
        section = reader.section(item, ("id", "when", "then"), "escalation step")
        if section is None:
            continue
        used, owner_away, promise = section.need("when", lambda at: _when(reader, at), (0, None, None))
        name = section.text("id") or _free(_named(used, promise), names)
        if name in names:
            reader.fault(section.node.items["id"], f"a second step {shown(name)}")
        names.add(name)
        actions = section.need("then", lambda at: _steps(reader, at, team), ())
        steps.append(
            EscalationStep(name=name, used=used / 100, actions=actions, owner_away=owner_away, promise=promise)
        )
    return tuple(steps)


def _named(used: int, promise: Duration | None) -> str:
    if promise is None:
        return f"{used}%"
    return f"promise {promise}" if promise != DUE else "promise due"


def _free(name: str, taken: set[str]) -> str:
    number = 2
    wanted = name
    while wanted in taken:
        wanted, number = f"{name} {number}", number + 1
    return wanted


def _when(reader: Reader, node: Node) -> tuple[int, bool | None, Duration | None] | None:
    """Per cent of the target, whether the owner must be away, and instead of a target how long before a promised
    date."""
    section = reader.section(node, ("used", "owner_away", "promise"), "escalation")
    if section is None:
        return None
    owner_away = section.get("owner_away", reader.boolean, None)
    if "promise" not in section:
        return section.need("used", lambda at: _per_cent(reader, at), 0), owner_away, None
    if "used" in section:
        reader.fault(node, "used and promise do not go together; write two steps")
    return 0, owner_away, section.get("promise", lambda at: _before(reader, at), DUE)


def _before(reader: Reader, node: Node) -> Duration | None:
    """`due`, or how long before that: `2h`."""
    return DUE if isinstance(node, Scalar) and node.text == "due" else reader.duration(node)


def _per_cent(reader: Reader, node: Node) -> int | None:
    text = reader.text(node) or ""
    if re.fullmatch(r"[0-9]{1,4} ?%", text) and 1 <= int(text.rstrip(" %")) <= 1000:
        return int(text.rstrip(" %"))
    reader.fault(node, f"expected a share of the target from 1% to 1000%, such as 75%, found {kind(node)}")
    return None


def _steps(reader: Reader, node: Node, team: tuple[Agent, ...]) -> tuple[tuple[str, str], ...]:
    found = reader.listed(node, lambda at: _step(reader, at, team))
    return tuple(one for some in found for one in some)


def _step(reader: Reader, node: Node, team: tuple[Agent, ...]) -> tuple[tuple[str, str], ...] | None:
    section = reader.section(node, ("notify", "raise_priority", "assign"), "escalation action")
    if section is None:
        return None
    if not section.node.items:
        reader.fault(node, "an action is missing here")
    actions = {
        "notify": section.get("notify", lambda at: notified(reader, at, team), ""),
        "raise_priority": section.get("raise_priority", lambda at: reader.choice(at, PRIORITIES, "priority"), ""),
        "assign": section.get("assign", lambda at: receiver(reader, at, team), ""),
    }
    return tuple((what, actions[what]) for what in section.node.items if actions.get(what))


def notified(reader: Reader, node: Node, team: tuple[Agent, ...]) -> str | None:
    """`owner`, `team`, an agent (whose address it gives) or an address."""
    text = reader.text(node)
    if text is None or text in ("owner", "team"):
        return text
    if "@" in text:
        return reader.address(node)
    known = {one.name: one.email for one in team}
    if text not in known:
        hint = suggest(text, ["owner", "team", *known]) or "; write owner, team, an agent or an address"
        reader.fault(node, f"unknown person {shown(text)}{hint}")
    return known.get(text)


def receiver(reader: Reader, node: Node, team: tuple[Agent, ...]) -> str | None:
    """`deputy`, or somebody who can be given tickets."""
    if isinstance(node, Scalar) and node.text == "deputy":
        return node.text
    return agent(reader, node, team)


def agent(reader: Reader, node: Node, team: tuple[Agent, ...]) -> str | None:
    """The name of somebody in team: who can be given tickets."""
    text = reader.text(node)
    if text is None:
        return None
    known = {one.name: one for one in team}
    if text not in known:
        hint = suggest(text, known) or f"; team: lists {', '.join(known) or 'nobody'}"
        reader.fault(node, f"unknown agent {shown(text)}{hint}")
        return None
    if known[text].role == "viewer":
        reader.fault(node, f"{text} is a viewer and cannot be given tickets")
    return text


# --- the report ---


def report(reader: Reader, node: Node, team: tuple[Agent, ...]) -> Report:
    section = reader.section(node, ("to", "every"), "report")
    if section is None:
        return Report()
    known = {one.name: one.email for one in team}
    weekday, minute = section.get("every", lambda at: _every(reader, at), (0, 420))
    to = section.get("to", lambda at: reader.listed(at, lambda item: _recipient(reader, item, known), single=True), ())
    return Report(to=to, weekday=weekday, minute=minute)


def _recipient(reader: Reader, node: Node, known: dict[str, str]) -> str | None:
    if isinstance(node, Scalar) and node.text in known:
        return known[node.text]
    return reader.address(node)


def _every(reader: Reader, node: Node) -> tuple[int, int] | None:
    """`monday 07:00` → (0, 420)."""
    text = reader.text(node)
    if text is None:
        return None
    word, _, clock = text.strip().lower().partition(" ")
    at = minutes(clock)
    if word in _WEEKDAYS and at is not None and at < 24 * 60:
        return _WEEKDAYS.index(word), at
    reader.fault(node, f"{shown(text)} is not a weekly time{suggest(word, _WEEKDAYS)}; write it as monday 07:00")
    return None
