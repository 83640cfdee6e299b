"""`rules:` → domain Rules."""

from __future__ import annotations

from typing import get_args

from ticketctl.config import people
from ticketctl.config.actions import Actions
from ticketctl.config.conditions import Conditions
from ticketctl.config.names import Names
from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node
from ticketctl.domain.rules.actions import Reply
from ticketctl.domain.rules.conditions import Text, leaves
from ticketctl.domain.rules.rules import EVENTS, MAIL_EVENTS, EventName, Once, Rule

RULE_KEYS = ("id", "events", "when", "then", "why", "stop", "once", "at_most")


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
    rule = Rule(
        id=section.need("id", lambda at: people.name(reader, at), ""),
        events=section.need("events", lambda at: reader.listed(at, lambda item: _event(reader, item), single=True), ()),
        when=when,
        then=section.need("then", Actions(reader, names).read, ()),
        why=section.text("why"),
        stop=section.get("stop", reader.boolean, False),
        once=section.get("once", lambda at: _once(reader, at), "per_event"),
        at_most=section.get("at_most", lambda at: reader.number(at, 1, 100_000), 0),
        line=section.node.line,
    )
    _check_events(reader, section, rule)
    return rule


def _check_events(reader: Reader, section: Section, rule: Rule) -> None:
    """What has a meaning at some events alone."""
    keys = section.node.keys
    if rule.events != ("sweep",):
        for key in ("at_most", "once"):
            if key in keys and (key == "at_most" or rule.once == "per_wait"):
                reader.fault(section.node.items[key], f"this works in rules with events: [sweep] alone; {_HINT[key]}")
    if not {*rule.events} <= {*MAIL_EVENTS}:
        for leaf in leaves(rule.when):
            if isinstance(leaf, Text) and leaf.subject.startswith("header."):
                reader.fault(keys["when"], f"{leaf.subject} is known when mail comes in, at no other event")
    if "closed" in rule.events and any(isinstance(one, Reply) and not one.automatic for one in rule.then):
        reader.fault(keys["then"], "a draft on a closed ticket cannot be sent; write {snippet: …, automatic: true}")


_HINT = {"at_most": "it bounds a run of `ticketctl escalate`", "once": "it means the time of waiting for the customer"}


def _event(reader: Reader, node: Node) -> EventName | None:
    text = reader.choice(node, EVENTS, "event")
    return next((event for event in EVENTS if event == text), None)


def _once(reader: Reader, node: Node) -> Once | None:
    known = get_args(Once)
    text = reader.choice(node, known)
    return next((one for one in known if one == text), None)
