"""Who we are and what our tickets carry: desk, team, fields, labels, causes."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import date

from ticketctl.config import tree
from ticketctl.config.reading import FIELD_OF, Read, Reader, Section, choice, matching, number, several, shown, suggest
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.rules import conditions
from ticketctl.domain.rules import match as comparing
from ticketctl.domain.settings.settings import Agent, Away, FieldSpec, Role

_FIELD = re.compile(r"[^\W\d_]\w*")
name = matching(r"[^\W_][\w.-]*", "is not a name; use letters, digits, '.', '_' and '-', without spaces")
language = matching(r"[a-z]{2}", "is not a language; write two small letters, such as sv or en")
country = matching(r"[A-Z]{2}", "is not a country; write two capital letters, such as SE or NO")
label = matching(r"[^\W\d_][\w.-]*", "is not a label; a letter, then letters, digits, '.', '_' and '-'")
ROLES: tuple[Role, ...] = ("admin", "agent", "viewer")
# words that mean somebody else where an agent's name could be
_TAKEN = frozenset({"system", "owner", "team", "deputy", "least_loaded", "round_robin", "none", "me"})


def timezone(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is None or _zone_exists(text):
        return text
    hint = suggest(text, zoneinfo.available_timezones()) or "; write it as Europe/Stockholm"
    reader.fault(node, f"unknown timezone {shown(text)}{hint}")
    return None


def _zone_exists(text: str) -> bool:
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):  # "../x", "Europe" (a folder), "Mars"
        return False
    return True


def clock_days(reader: Reader, node: Node) -> int | None:
    """Whole calendar days."""
    duration = reader.duration(node)
    if duration is None:
        return None
    if duration.minutes or duration.months:
        reader.fault(node, "expected days or weeks, such as 30 days")
        return None
    return duration.days


_dotted = matching(
    r"[^\s<>,;@]+(?:[.@][^\s<>,;@]+)+",
    "is not an address or List-Id; write it as support@example.com or support.example.com",
    lower=True,
)
_DESK: Mapping[str, Read] = {
    "name": Reader.text,
    "timezone": timezone,
    "language": language,
    "country": country,
    "archive_after": clock_days,
    "reopen_window": clock_days,
    "acknowledgement_cap": number(0, 100_000),
    "addresses": several(Reader.address),
    "lists": several(_dotted),
    "forms": several(Reader.address),
    "authserv_id": matching(
        r"[^\s;=()]+", "is not the name of a mail server; it is the first word of Authentication-Results", lower=True
    ),
}


def desk(reader: Reader, node: Node) -> dict[str, object]:
    """The fields of Config that `desk:` sets."""
    section = reader.section(node, _DESK, "desk")
    found = section.values(_DESK, needed=("name", "timezone")) if section else {}
    return {FIELD_OF.get(key, key): value for key, value in found.items()}


def team(reader: Reader, node: Node) -> tuple[Agent, ...]:
    agents: dict[str, Agent] = {}
    logins: set[str] = set()
    for item in reader.items(node):
        section = reader.section(item, _AGENT, "team")
        agent = _agent(reader, section) if section else None
        if section is None or agent is None:
            continue
        if agent.name in agents:
            reader.fault(section.node.items["name"], f"a second agent {shown(agent.name)}")
        if agent.login and agent.login in logins:
            reader.fault(section.node.items["login"], f"login {shown(agent.login)} is already another agent's")
        logins.add(agent.login)
        agents[agent.name] = agent
    _check_deputies(reader, node, agents)
    return tuple(agents.values())


def _agent(reader: Reader, section: Section) -> Agent | None:
    agent = section.struct(Agent, _AGENT, needed=("name", "email"))
    if agent.name in _TAKEN:
        reader.fault(
            section.node.items["name"], f"{shown(agent.name)} has a meaning of its own; name the agent otherwise"
        )
    return agent if agent.name else None


def _signature(reader: Reader, node: Node) -> dict[str, str]:
    """One text for every language, or `{sv: …, en: …}`."""
    if not isinstance(node, tree.Mapping):
        text = reader.text(node, one_line=False)
        return {"": text} if text else {}
    found = {}
    for name, value in node.items.items():
        text = reader.text(value, one_line=False)
        if language(reader, node.keys[name]) and text:
            found[name] = text
    return found


def _absences(reader: Reader, node: Node) -> tuple[Away, ...]:
    """`[{from: 2026-12-20, to: 2027-01-06, deputy: alice}]`, both days included."""
    found: list[Away] = []
    for item in reader.items(node):
        section = reader.section(item, ("from", "to", "deputy"), "away")
        if section is None:
            continue
        start = section.need("from", lambda at: day(reader, at), date.min)
        end = section.need("to", lambda at: day(reader, at), date.max)
        if end < start:
            reader.fault(section.node.items["to"], "this is before `from`")
        found.append(Away(start, end, section.text("deputy")))
    return tuple(found)


_AGENT: Mapping[str, Read] = {
    "name": name,
    "email": Reader.address,
    "login": name,
    "role": choice(ROLES, "role"),
    "signature": _signature,
    "away": _absences,
}


def _check_deputies(reader: Reader, node: Node, agents: dict[str, Agent]) -> None:
    """A deputy may be further down in the list; so this comes last."""
    for item in reader.items(node):
        absences = item.items.get("away") if isinstance(item, tree.Mapping) else None
        for absence in reader.items(absences) if absences else ():
            deputy = absence.items.get("deputy") if isinstance(absence, tree.Mapping) else None
            if isinstance(item, tree.Mapping) and isinstance(deputy, Scalar) and not deputy.empty:
                own = item.items.get("name")
                _check_deputy(reader, deputy, agents, own.text if isinstance(own, Scalar) else "")


def _check_deputy(reader: Reader, node: Scalar, agents: dict[str, Agent], own: str) -> None:
    if node.text not in agents:
        hint = suggest(node.text, agents) or f"; team: lists {', '.join(agents)}"
        reader.fault(node, f"unknown agent {shown(node.text)}{hint}")
    elif node.text == own:
        reader.fault(node, "an agent cannot be their own deputy")
    elif agents[node.text].role == "viewer":
        reader.fault(node, f"{node.text} is a viewer and cannot be given tickets")


def day(reader: Reader, node: Node) -> date | None:
    text = reader.text(node)
    if text is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    reader.fault(node, f"{shown(text)} is not a day; write it as 2026-12-24")
    return None


def fields(reader: Reader, node: Node) -> dict[str, FieldSpec]:
    mapping = reader.mapping(node)
    specs: dict[str, FieldSpec] = {}
    for key, value in Section(reader, mapping) if mapping else ():
        if not _FIELD.fullmatch(key.text):
            reader.fault(key, f"{shown(key.text)} is not a field name; use letters, digits and '_', without spaces")
        elif key.text in RESERVED_FIELDS:
            reader.fault(key, f"{shown(key.text)} has a meaning of its own; call the field something else")
        specs[key.text] = _field(reader, key, value)
    return specs


# a field's name is a key beside these in conditions and in `set`
RESERVED_FIELDS = frozenset(
    {"all", "any", "not", "machine", "about", "labels", "label", "sender", "hours", "cause", "lesson", "spam", "number"}
    | set(conditions.TEXT_SUBJECTS)
    | set(conditions.SCALAR_SUBJECTS)
    | set(conditions.TIME_SUBJECTS)
)


def _field(reader: Reader, key: Scalar, node: Node) -> FieldSpec:
    if isinstance(node, Scalar) and node.empty:
        return FieldSpec(name=key.text)
    section = reader.section(node, ("values", "pattern", "required_at", "label", "value_labels"), "field")
    if section is None:
        return FieldSpec(name=key.text)
    if "values" in section and "pattern" in section:
        reader.fault(section.node.keys["pattern"], "a field has either values or a pattern")
    required = section.get("required_at", lambda at: reader.choice(at, ("close",), "moment"), "")
    values: tuple[str, ...] = section.get("values", lambda at: reader.listed(at, reader.text), ())
    return FieldSpec(
        name=key.text,
        required_at_close=required == "close",
        values=values,
        pattern=section.get("pattern", lambda at: expression(reader, at), ""),
        label=section.get("label", lambda at: _by_language(reader, at), {}),
        value_labels=section.get("value_labels", lambda at: _value_labels(reader, at, values), {}),
    )


def _by_language(reader: Reader, node: Node) -> dict[str, str] | None:
    """`Your order number`, for all languages (""), or `{sv: Ordernummer, en: Order number}`."""
    if isinstance(node, Scalar):
        text = reader.text(node)
        return None if text is None else {"": text}
    mapping = reader.mapping(node)
    found = {}
    for key, value in Section(reader, mapping) if mapping else ():
        spoken, text = language(reader, key), reader.text(value)
        if spoken and text:
            found[spoken] = text
    return found


def _value_labels(reader: Reader, node: Node, values: tuple[str, ...]) -> dict[str, dict[str, str]] | None:
    mapping = reader.mapping(node)
    found = {}
    for key, value in Section(reader, mapping) if mapping else ():
        if key.text not in values:
            reader.fault(key, f"{shown(key.text)} is no value of this field")
        elif labels := _by_language(reader, value):
            found[key.text] = labels
    return found


def expression(reader: Reader, node: Node) -> str | None:
    """A regular expression that RE2 takes."""
    text = reader.text(node)
    if text is None:
        return None
    try:
        comparing.pattern(text)
    except ValueError as error:
        reader.fault(node, f"{shown(text)} is not a regular expression of RE2's: {error}")
        return None
    return text


def labels(reader: Reader, node: Node) -> tuple[tuple[str, ...], int]:
    """The labels, and above how many `rules check` warns."""
    if not isinstance(node, tree.Mapping):
        return reader.listed(node, lambda at: label(reader, at)), 12
    section = reader.section(node, ("values", "at_most"), "labels")
    if section is None:
        return (), 12
    values = section.need("values", lambda at: reader.listed(at, lambda item: label(reader, item)), ())
    return values, section.get("at_most", lambda at: reader.number(at, 1, 1000), 12)


def causes(reader: Reader, node: Node) -> tuple[str, ...]:
    return reader.listed(node, reader.text)
