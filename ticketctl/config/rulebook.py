"""`rules:` → domain Rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from ticketctl.config import people
from ticketctl.config.actions import Actions
from ticketctl.config.conditions import Conditions
from ticketctl.config.names import Names
from ticketctl.config.reading import Read, Reader, Section, choice, number, several, shown
from ticketctl.config.tree import Node
from ticketctl.domain.rules.actions import Reply
from ticketctl.domain.rules.conditions import Text, leaves
from ticketctl.domain.rules.rules import EVENTS, MAIL_EVENTS, Once, Rule


def rules(reader: Reader, node: Node, names: Names) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for item in reader.items(node):
        section = reader.section(item, (*_RULE, "when", "then"), "rule")
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
    then = section.need("then", Actions(reader, names).read, ())
    if "events" not in section:
        reader.fault(section.node, "'events' is missing here")
    rule = section.struct(Rule, _RULE, needed=("id",), when=when, then=then, events=(), line=section.node.line)
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


_HINT = {"at_most": "it limits a run of the sweep", "once": "it means the time of waiting for the customer"}
_RULE: Mapping[str, Read] = {
    "id": people.name,
    "events": several(choice(EVENTS, "event")),
    "why": Reader.text,
    "stop": Reader.boolean,
    "once": choice(get_args(Once)),
    "at_most": number(1, 100_000),
}
