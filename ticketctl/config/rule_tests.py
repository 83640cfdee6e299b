"""`tests:` → RuleTests. Every name in them must be declared in the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import get_args

from ticketctl.config import people, promises
from ticketctl.config.actions import RESOLUTIONS
from ticketctl.config.names import Names, field_value, label_list
from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node, Scalar, Sequence
from ticketctl.domain.rules.conditions import TIME_SUBJECTS
from ticketctl.domain.rules.rules import EVENTS, Rule
from ticketctl.domain.rules.tests import Expectation, Given, RuleTest
from ticketctl.domain.ticket.ticket import PRIORITIES, STATUSES, Channel

GIVEN = ("event", "from", "to", "subject", "text", "headers", "labels", "known", "at")
STATE = ("status", "priority", "assignee", "language", "channel")
EXPECTED = ("priority", "status", "assignee", "resolution")
_OTHERS = frozenset(
    (*GIVEN, *STATE, *EXPECTED, "fired", "replies", "notified")
)  # a field of that name cannot be tested
_OWN = frozenset({"from", "to", "subject"})  # headers that a test writes as keys of their own


class Tests:
    def __init__(self, reader: Reader, names: Names, rules: tuple[Rule, ...]) -> None:
        self.reader = reader
        self.names = names
        self.rules = tuple(rule.id for rule in rules)

    def read(self, node: Node) -> tuple[RuleTest, ...]:
        found: list[RuleTest] = []
        for item in self.reader.items(node):
            section = self.reader.section(item, ("name", "given", "expect"), "test")
            if section is None:
                continue
            name = section.need("name", self.reader.text, "")
            if name and name in {one.name for one in found}:
                self.reader.fault(section.node.items["name"], f"a second test {shown(name)}")
            given = section.need("given", self._given, Given())
            expect = section.need("expect", self._expect, Expectation())
            found.append(RuleTest(name=name, given=given, expect=expect, line=section.node.line))
        return tuple(found)

    def _given(self, node: Node) -> Given | None:
        section = self.reader.section(node, (*GIVEN, *STATE, *TIME_SUBJECTS, *self.names.fields), "given")
        if section is None:
            return None
        since = [name for name in TIME_SUBJECTS if name in section]
        for name in since[1:]:
            self.reader.fault(section.node.keys[name], "a test knows one time that has passed")
        event = section.get("event", lambda at: self.reader.choice(at, EVENTS, "event"), "created")
        return Given(
            event=next(one for one in EVENTS if one == event),
            sender=section.text("from", Given().sender),
            to=section.text("to"),
            subject=section.text("subject", Given().subject),
            text=section.get("text", lambda at: self.reader.text(at, one_line=False), ""),
            headers=section.get("headers", self._headers, {}),
            state=self._values(section, STATE),
            labels=section.get("labels", lambda at: label_list(self.reader, at, self.names), ()),
            fields=self._fields(section),
            known=section.get("known", self.reader.boolean, False),
            at=section.get("at", self._at, None),
            since=since[0] if since else "",
            passed=section.get(since[0], self.reader.duration, None) if since else None,
        )

    def _at(self, node: Node) -> datetime | None:
        text = self.reader.text(node) or ""
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        self.reader.fault(node, f"{shown(text)} is not a time; write it as 2026-12-24 18:00")
        return None

    def _headers(self, node: Node) -> dict[str, str] | None:
        mapping = self.reader.mapping(node)
        if mapping is None:
            return None
        found: dict[str, str] = {}
        for key, value in Section(self.reader, mapping):
            if key.text.lower() in _OWN:
                self.reader.fault(key, f"write {key.text.lower()}: beside headers:, not in it")
            elif not re.fullmatch(r"[!-9;-~]+", key.text):
                self.reader.fault(key, f"{shown(key.text)} is not a header's name")
            else:
                found[key.text] = self.reader.text(value) or ""
        return found

    def _expect(self, node: Node) -> Expectation | None:
        known = (*EXPECTED, "labels", "fired", "replies", "notified", *self.names.fields)
        section = self.reader.section(node, known, "expect")
        if section is None:
            return None
        if not section.node.items:
            self.reader.fault(node, "what is expected is missing here")
        fields = {f"field.{name}": value for name, value in self._fields(section).items()}
        return Expectation(
            values=self._values(section, EXPECTED) | fields,
            labels=self._list(section, "labels", lambda at: label_list(self.reader, at, self.names)),
            fired=self._list(section, "fired", lambda at: self._known(at, self.rules, "rule")),
            replies=self._list(section, "replies", lambda at: self._known(at, sorted(self.names.snippets), "snippet")),
            notified=self._list(section, "notified", self._notified),
        )

    def _list(self, section: Section, key: str, read: Callable[[Node], tuple[str, ...]]) -> tuple[str, ...] | None:
        """None where it is not asked; `[]` asks for none at all."""
        if key not in section:
            return None
        node = section.node.items[key]
        return () if isinstance(node, Sequence) and not node.items else read(node)

    def _notified(self, node: Node) -> tuple[str, ...]:
        return self.reader.listed(node, lambda at: promises.notified(self.reader, at, self.names.team), single=True)

    def _known(self, node: Node, known: tuple[str, ...] | list[str], what: str) -> tuple[str, ...]:
        return self.reader.listed(node, lambda at: self.reader.choice(at, known, what), single=True)

    def _fields(self, section: Section) -> dict[str, str]:
        return self._values(
            section, tuple(name for name in self.names.fields if name in section and name not in _OTHERS)
        )

    def _values(self, section: Section, keys: tuple[str, ...]) -> dict[str, str]:
        found = {key: self._value(key, section.node.items[key]) for key in keys if key in section}
        return {key: value for key, value in found.items() if value is not None}

    def _value(self, key: str, node: Node) -> str | None:
        """A value that the ticket can have; `none` for no owner, for a field that is not set."""
        if isinstance(node, Scalar) and node.text == "none" and (key == "assignee" or key in self.names.fields):
            return ""
        if key == "assignee":
            return promises.agent(self.reader, node, self.names.team)
        if key == "language":
            return people.language(self.reader, node)
        choices = {
            "status": STATUSES,
            "priority": PRIORITIES,
            "channel": get_args(Channel),
            "resolution": (*RESOLUTIONS, "spam"),
        }
        if key in choices:
            return self.reader.choice(node, choices[key], key)
        return field_value(self.reader, self.names.fields[key], node)
