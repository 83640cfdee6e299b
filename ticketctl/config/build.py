"""The tree of rules.yaml → Config. Only this imports the readers of the parts; it runs where no cache helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from ticketctl.config import (
    escalation,
    mailboxes,
    people,
    privacy,
    promises,
    rule_tests,
    rulebook,
    special_days,
    web,
)
from ticketctl.config.names import Names, snippets
from ticketctl.config.reading import Reader, Section
from ticketctl.config.tree import Faults, parse
from ticketctl.domain.config import Config, Report, SourceConfig, Web
from ticketctl.domain.rules.rules import Rule
from ticketctl.domain.rules.tests import Rulebook, RuleTest
from ticketctl.domain.settings.settings import FieldSpec, Hours, Privacy
from ticketctl.errors import BadRules, NextStep

KEYS = (
    "version",
    "desk",
    "team",
    "sources",
    "outgoing",
    "web",
    "hours",
    "fields",
    "labels",
    "causes",
    "targets",
    "escalation",
    "rules",
    "tests",
    "privacy",
    "report",
    "heartbeat",
    "assistant",
    "notify",
    "webhooks",
)
VERSION = "1"


def build(raw: bytes, name: str, folder: Path) -> Config:
    """What `raw`, the file `name` in `folder`, says; raises BadRules with all faults, MissingExtra."""
    faults = Faults()
    root = parse(raw, faults)
    fields: dict[str, Any] = {}
    if root is None:
        if not faults:
            step = NextStep("init", more="FOLDER", then="makes one to start from")
            raise BadRules([f"{name}:1:1: the file is empty"], step)
    else:
        fields = _read(Reader(faults), root, folder)
    if faults:
        raise BadRules(faults.lines(name))
    return _with_holidays(Config(**fields))


def _with_holidays(config: Config) -> Config:
    """Raises MissingExtra, only now: what is wrong with the file is shown first."""
    hours = config.hours
    if not hours.holidays:
        return config
    closed = hours.closed | special_days.public_holidays(hours.holidays, eves=hours.eves)
    return replace(config, hours=replace(hours, closed=closed))


def _read(reader: Reader, root: Any, folder: Path) -> dict[str, Any]:
    section = reader.section(root, KEYS, "")
    if section is None:
        return {}
    section.need("version", lambda at: _version(reader, at), True)
    fields: dict[str, Any] = {}
    fields |= section.need("desk", lambda at: people.desk(reader, at), fields)
    zone = str(fields.get("timezone", "UTC"))
    team = section.get("team", lambda at: people.team(reader, at), ())
    labels, labels_at_most = section.get("labels", lambda at: people.labels(reader, at), ((), 12))
    no_fields: dict[str, FieldSpec] = {}
    declared = section.get("fields", lambda at: people.fields(reader, at), no_fields)
    causes = section.get("causes", lambda at: people.causes(reader, at), ())
    names = Names(team, declared, labels, causes, snippets(folder))
    no_sources: tuple[SourceConfig, ...] = ()
    sources = section.get("sources", lambda at: mailboxes.sources(reader, at), no_sources)
    fields["forms"] = tuple(dict.fromkeys((*fields.get("forms", ()), *(one for it in sources for one in it.forms))))
    if "sources" in section:
        web.check_names(reader, section.node.items["sources"], sources, declared)
    rules = section.get("rules", lambda at: rulebook.rules(reader, at, names), ())
    return fields | {
        "team": team,
        "labels": labels,
        "labels_at_most": labels_at_most,
        "fields": declared,
        "causes": causes,
        "sources": sources,
        "outgoing": section.get("outgoing", lambda at: mailboxes.outgoing(reader, at, sources), None),
        "hours": section.get("hours", lambda at: promises.hours(reader, at, zone), Hours(timezone=zone)),
        "targets": section.get("targets", lambda at: promises.targets(reader, at), {}),
        "escalation": section.get("escalation", lambda at: escalation.escalation(reader, at, names), ()),
        "rulebook": _packed(rules, section.get("tests", rule_tests.Tests(reader, names, rules).read, ())),
        "privacy": section.get(
            "privacy", lambda at: privacy.privacy(reader, at, folder, (labels, declared)), Privacy()
        ),
        "report": section.get("report", lambda at: promises.report(reader, at, team), Report()),
        "heartbeat": section.get("heartbeat", lambda at: mailboxes.heartbeat(reader, at), ""),
        **_services(reader, section),
    }


def _services(reader: Reader, section: Section) -> dict[str, Any]:
    """What is offered to others, and asked of them."""
    return {
        "web": section.get("web", lambda at: web.web(reader, at), Web()),
        "assistant": section.get("assistant", lambda at: mailboxes.assistant(reader, at), None),
        "notify": section.get("notify", lambda at: mailboxes.notify(reader, at), ()),
        "webhooks": section.get("webhooks", lambda at: web.webhooks(reader, at), ()),
    }


def _packed(rules: tuple[Rule, ...], tests: tuple[RuleTest, ...]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(Rulebook(rules=rules, tests=tests)))


def _version(reader: Reader, node: Any) -> bool | None:
    text = reader.text(node)
    if text is not None and text != VERSION:
        reader.fault(node, f"version {text} cannot be read; write version {VERSION}")
    return None if text is None else True
