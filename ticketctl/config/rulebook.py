"""`rules:` → domain Rules."""

from __future__ import annotations

from ticketctl.config import people
from ticketctl.config.actions import Actions
from ticketctl.config.conditions import Conditions
from ticketctl.config.names import Names
from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.rules import EVENTS, EventName, Rule

RULE_KEYS = ("id", "events", "when", "then", "why", "stop", "once")


def rules(reader: Reader, node: Node, names: Names) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for item in reader.items(node):
        section = reader.section(item, RULE_KEYS, "rule")
        if section is None:
            continue
        rule = _rule(reader, section, names)
        if rule.id in found:
            reader.fault(section.node.items["id"], f"a second rule {shown(rule.id)}")
        if rule.id:
            found[rule.id] = rule
    return tuple(found.values())


def _rule(reader: Reader, section: Section, names: Names) -> Rule:
    when = Conditions(reader, names).read(section.node.items["when"]) if "when" in section else None
    once = section.get("once", lambda at: _once(reader, at), "per_event")
    return Rule(
        id=section.need("id", lambda at: people.name(reader, at), ""),
        events=section.need("events", lambda at: reader.listed(at, lambda item: _event(reader, item), single=True), ()),
        when=when,
        then=section.need("then", Actions(reader, names).read, ()),
        why=section.text("why"),
        stop=section.get("stop", reader.boolean, False),
        once="per_ticket" if once == "per_ticket" else "per_event",
        line=section.node.line,
    )


def _event(reader: Reader, node: Node) -> EventName | None:
    if isinstance(node, Scalar) and reader.not_yet(node, "event"):
        return None
    text = reader.choice(node, EVENTS, "event")
    return next((event for event in EVENTS if event == text), None)


def _once(reader: Reader, node: Node) -> str | None:
    if isinstance(node, Scalar) and reader.not_yet(node, "once"):
        return None
    return reader.choice(node, ("per_event", "per_ticket"))
