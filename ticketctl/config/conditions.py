"""`when:` → domain Conditions. Every name in it must be declared in the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast, get_args

from ticketctl.config import people, promises
from ticketctl.config.names import Names, field_value, label, label_list
from ticketctl.config.reading import Reader, Section, kind, shown, suggest
from ticketctl.config.tree import Mapping, Node, Scalar, Sequence
from ticketctl.domain.rules import conditions
from ticketctl.domain.rules.conditions import Condition, LabelOperator
from ticketctl.domain.rules.match import TextOperator
from ticketctl.domain.ticket.ticket import PRIORITIES, STATUSES, Channel

TEXT_OPERATORS = cast(tuple[TextOperator, ...], get_args(TextOperator))
TOPICS = cast(tuple[conditions.Topic, ...], get_args(conditions.Topic))
_ONE = ("is", "contains", "starts_with", "ends_with", "matches")
_CHOICES: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "priority": PRIORITIES,
    "channel": get_args(Channel),
}


class Conditions:
    """Reads `when`. A mapping with several keys asks for all of them."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.reader = reader
        self.names = names

    def read(self, node: Node) -> Condition | None:
        mapping = self.reader.mapping(node)
        if mapping is None:
            return None
        parts = [self._one(key, value) for key, value in Section(self.reader, mapping)]
        if not parts:
            self.reader.fault(node, "a condition is missing here")
        known = tuple(part for part in parts if part is not None)
        return known[0] if len(known) == 1 else conditions.All(known) if known else None

    def _one(self, key: Scalar, value: Node) -> Condition | None:
        name = key.text
        if name in ("all", "any"):
            parts = self._parts(value)
            return conditions.All(parts) if name == "all" else conditions.AnyOf(parts)
        if name == "not":
            part = self.read(value)
            return None if part is None else conditions.Not(part)
        if name == "machine":
            expected = self.reader.boolean(value)
            return None if expected is None else conditions.Machine(expected)
        if name == "about":
            return self._about(value)
        if name in ("label", "labels"):
            return self._labels(value)
        if name == "sender":
            return self._sender(value)
        if name in conditions.NUMBER_SUBJECTS:
            return self._number(name, value)
        if name == "hours":
            where = self.reader.choice(value, ("inside", "outside"), "time")
            return None if where is None else conditions.Open(where == "inside")
        if name in conditions.TIME_SUBJECTS:
            return self._since(name, value)
        if name in conditions.TEXT_SUBJECTS or re.fullmatch(r"header\.[!-9;-~]+", name):
            return self._text(name, value)
        if name in conditions.SCALAR_SUBJECTS or name in self.names.fields:
            return self._scalar(name, value)
        if not self.reader.not_yet(key, "condition"):
            self.reader.fault(key, f"unknown condition {shown(name)}{suggest(name, self._known())}")
        return None

    def _known(self) -> list[str]:
        return [
            "all",
            "any",
            "not",
            "machine",
            "about",
            "label",
            "labels",
            "sender",
            "hours",
            *conditions.NUMBER_SUBJECTS,
            *conditions.TIME_SUBJECTS,
            *conditions.TEXT_SUBJECTS,
            *conditions.SCALAR_SUBJECTS,
            *self.names.fields,
        ]

    def _parts(self, node: Node) -> tuple[Condition, ...]:
        if not isinstance(node, Sequence) or not node.items:
            self.reader.fault(node, f"expected a list of conditions, found {kind(node)}")
            return ()
        parts = (self.read(item) for item in node.items)
        return tuple(part for part in parts if part is not None)

    def _about(self, node: Node) -> Condition | None:
        asked = self.reader.choice(node, TOPICS, "topic")
        topic = next((one for one in TOPICS if one == asked), None)
        return None if topic is None else conditions.About(topic)

    def _sender(self, node: Node) -> Condition | None:
        section = self.reader.section(node, ("domain", "known", "first_contact"), "sender")
        if section is None:
            return None
        if not section.node.items:
            self.reader.fault(node, "expected domain, known or first_contact")
        parts = tuple(part for key, value in section if (part := self._about_sender(key.text, value)))
        return parts[0] if len(parts) == 1 else conditions.All(parts) if parts else None

    def _about_sender(self, key: str, node: Node) -> Condition | None:
        if key == "domain":
            return self._text("sender.domain", node)
        expected = self.reader.boolean(node)
        return None if expected is None else conditions.Known(expected == (key == "known"))

    def _text(self, subject: str, node: Node) -> Condition | None:
        """`{any_word: [a, b]}`; a text alone asks for exactly it where that makes sense."""
        if isinstance(node, Scalar) and subject in ("sender.domain", "from", "to"):
            text = self.reader.text(node)
            return None if text is None else conditions.Text(subject, "is", (text,))
        if not isinstance(node, Mapping):
            self.reader.fault(node, f"expected an operator such as {{contains: …}}, found {kind(node)}")
            return None
        section = self.reader.section(node, TEXT_OPERATORS, "operator")
        parts: list[Condition] = []
        for operator in TEXT_OPERATORS:
            if section and operator in section:
                parts.append(conditions.Text(subject, operator, self._values(operator, section.node.items[operator])))
        if section and not section.node.items:
            self.reader.fault(node, f"an operator is missing here; one of: {', '.join(TEXT_OPERATORS)}")
        return parts[0] if len(parts) == 1 else conditions.All(tuple(parts)) if parts else None

    def _values(self, operator: str, node: Node) -> tuple[str, ...]:
        if operator == "matches":
            return self.reader.listed(node, lambda at: people.expression(self.reader, at), single=True)
        if operator in _ONE:
            if isinstance(node, Sequence):
                self.reader.fault(node, f"{operator} takes one text; write any: with several conditions")
                return ()
            value = self.reader.text(node, one_line=False)
            return () if value is None else (value,)
        return self.reader.listed(node, self.reader.text, single=True)

    def _scalar(self, name: str, node: Node) -> Condition | None:
        """`status: waiting`, `channel: {any_of: [email, form]}`, `category: {none_of: [faktura]}`."""
        subject = name if name in conditions.SCALAR_SUBJECTS else f"field.{name}"
        if isinstance(node, Scalar):
            value = self._scalar_value(name, node)
            return None if value is None else conditions.Scalar(subject, "any_of", (value,))
        section = self.reader.section(node, ("is", "any_of", "none_of"), "operator")
        if section is None or len(section.node.items) != 1:
            self.reader.fault(node, "expected one of is, any_of, none_of")
            return None
        values = self.reader.listed(
            next(iter(section.node.items.values())), lambda at: self._scalar_value(name, at), single=True
        )
        return conditions.Scalar(subject, "none_of" if "none_of" in section else "any_of", values)

    def _scalar_value(self, name: str, node: Node) -> str | None:
        if isinstance(node, Scalar) and node.text == "none" and (name == "assignee" or name in self.names.fields):
            return ""
        if name == "language":
            return people.language(self.reader, node)
        if name == "assignee":
            return promises.agent(self.reader, node, self.names.team)
        if name in _CHOICES:
            return self.reader.choice(node, _CHOICES[name], name)
        return field_value(self.reader, self.names.fields[name], node)

    def _labels(self, node: Node) -> Condition | None:
        """`label: vip`, `labels: {any_of: [vip, drift]}`."""
        if isinstance(node, Scalar):
            known = label(self.reader, node, self.names)
            return None if known is None else conditions.Labels("has", (known,))
        section = self.reader.section(node, ("has", "any_of", "none_of"), "operator")
        if section is None or len(section.node.items) != 1:
            self.reader.fault(node, "expected one of has, any_of, none_of")
            return None
        operator, values = next(iter(section.node.items.items()))
        asked = next((one for one in get_args(LabelOperator) if one == operator), None)
        return None if asked is None else conditions.Labels(asked, label_list(self.reader, values, self.names))

    def _number(self, subject: str, node: Node) -> Condition | None:
        section = self.reader.section(node, ("at_least", "at_most"), "operator")
        if section is None or not section.node.items:
            self.reader.fault(node, "expected {at_least: NUMBER} or {at_most: NUMBER}")
            return None
        read: Callable[[Node], int | None] = self._size if subject == "attachment.size" else self._count
        low, high = section.get("at_least", read, None), section.get("at_most", read, None)
        if low is None and high is None:
            return None
        return conditions.Number(subject, low, high)

    def _since(self, subject: str, node: Node) -> Condition | None:
        section = self.reader.section(node, ("at_least", "at_most"), "operator")
        if section is None or not section.node.items:
            self.reader.fault(node, "expected {at_least: DURATION} or {at_most: DURATION}, such as {at_least: 5d}")
            return None
        low = section.get("at_least", self.reader.duration, None)
        high = section.get("at_most", self.reader.duration, None)
        return None if low is None and high is None else conditions.Since(subject, low, high)

    def _count(self, node: Node) -> int | None:
        return self.reader.number(node, 0, 1_000_000)

    def _size(self, node: Node) -> int | None:
        """`500`, `500 KB`, `5 MB` → bytes."""
        match = re.fullmatch(r"([0-9]{1,9}) ?(KB|MB)?", node.text) if isinstance(node, Scalar) else None
        if match is None:
            self.reader.fault(node, f"expected a size such as 500 KB or 5 MB, found {kind(node)}")
            return None
        return int(match[1]) * {"KB": 1024, "MB": 1024 * 1024, None: 1}[match[2]]
