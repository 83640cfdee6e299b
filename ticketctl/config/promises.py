"""What we promise and keep to: opening hours, targets, who is notified, the weekly report."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from ticketctl.config import people, special_days
from ticketctl.config.reading import Reader, Section, shown, suggest
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.config import Report
from ticketctl.domain.settings.settings import TARGET_KINDS, Agent, Duration, Hours, Target
from ticketctl.domain.ticket.ticket import PRIORITIES, Priority

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOT_DAYS = ("closed", "special", "holidays", "eves")
_TIME = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
Spans = tuple[tuple[int, int], ...]


def minutes(text: str) -> int | None:
    """ "08:30" → minutes after midnight, up to 24:00; None where it is no time of day."""
    match = _TIME.fullmatch(text.strip())
    total = int(match[1]) * 60 + int(match[2]) if match else None
    return total if total is not None and total <= 24 * 60 else None


def hours(reader: Reader, node: Node, zone: str) -> Hours:
    """`mon-fri: 08:00-17:00`, `sat: [09:00-12:00, 13:00-15:00]`, `closed: [2026-12-24, 12-24..01-01]`,
    `special: {2026-12-23: 08:00-12:00}`, `holidays: SE` (`eves: false`: without the Swedish eves), whose days `build`
    adds once the whole file is right."""
    mapping = reader.mapping(node)
    week: dict[int, Spans] = {}
    closed: tuple[date, ...] = ()
    special: dict[date, Spans] = {}
    country, eves = "", True
    for key, value in Section(reader, mapping) if mapping else ():
        if key.text == "closed":
            closed = special_days.closed(reader, value)
        elif key.text == "special":
            special = special_days.special(reader, value, _spans)
        elif special_days.named(key):
            reader.fault(key, f"{shown(key.text)} is a day of its own; write it under special: or closed:")
        elif key.text == "holidays":
            country = _holidays(reader, value) or ""
        elif key.text == "eves":
            eves = reader.boolean(value) is not False
        else:
            for weekday in _weekdays(reader, key):
                if weekday in week:
                    reader.fault(key, f"{DAYS[weekday]} has its hours already")
                week[weekday] = _spans(reader, value)
    open_days = {weekday: spans for weekday, spans in week.items() if spans}
    if week and not open_days:
        reader.fault(node, "the desk is never open; leave `hours` out to count calendar time")
    if mapping and "eves" in mapping.items and country != "SE":
        reader.fault(mapping.keys["eves"], "eves are those of holidays: SE; list other days under closed:")
    return Hours(timezone=zone, week=open_days, closed=frozenset(closed), special=special, holidays=country, eves=eves)


def _holidays(reader: Reader, node: Node) -> str | None:
    text = people.country(reader, node)
    if text is not None and not special_days.are_known(text):
        reader.fault(node, f"no public holidays are known for {shown(text)}; list the days under closed:")
    return text


def _weekdays(reader: Reader, key: Scalar) -> range:
    first, _, last = key.text.lower().partition("-")
    if first in DAYS and (last or first) in DAYS and DAYS.index(first) <= DAYS.index(last or first):
        return range(DAYS.index(first), DAYS.index(last or first) + 1)
    reader.fault(
        key,
        (
            f"unknown day {shown(key.text)}{suggest(key.text, (*DAYS, 'mon-fri', *_NOT_DAYS))}; "
            "write mon … sun, mon-fri, closed, special, holidays or eves"
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


def notified(reader: Reader, node: Node, team: tuple[Agent, ...]) -> str | None:
    """`owner`, `team`, `deputy`, an agent (whose address it gives) or an address."""
    text = reader.text(node)
    if text is None or text in ("owner", "team", "deputy"):
        return text
    if "@" in text:
        return reader.address(node)
    known = {one.name: one.email for one in team}
    if text not in known:
        hint = suggest(text, ["owner", "team", "deputy", *known]) or (
            "; write owner, team, deputy, an agent or an address"
        )
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
    section = reader.section(node, ("to", "every", "per_person_times", "ascii"), "report")
    if section is None:
        return Report()
    known = {one.name: one.email for one in team}
    weekday, minute = section.get("every", lambda at: _every(reader, at), (0, 420))
    to = section.get("to", lambda at: reader.listed(at, lambda item: _recipient(reader, item, known), single=True), ())
    times = section.get("per_person_times", reader.boolean, False)
    bars = section.get("ascii", reader.boolean, False)
    return Report(to=to, weekday=weekday, minute=minute, per_person_times=times, ascii=bars)


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
    meant = "" if word in _WEEKDAYS else suggest(word, _WEEKDAYS)
    reader.fault(node, f"{shown(text)} is not a weekly time{meant}; write it as monday 07:00")
    return None
