"""Who we are and what our tickets carry: desk, team, fields, labels, causes."""

from __future__ import annotations

import re
import zoneinfo
from datetime import date

from ticketctl.config.reading import Reader, Section, shown, suggest
from ticketctl.config.tree import Mapping, Node, Scalar
from ticketctl.domain.rules import conditions
from ticketctl.domain.rules import match as comparing
from ticketctl.domain.settings.settings import Agent, Away, FieldSpec, Role

_NAME = re.compile(r"[^\W_][\w.-]*")
_FIELD = re.compile(r"[^\W\d_]\w*")
ROLES: tuple[Role, ...] = ("admin", "agent", "viewer")
# words that stand for somebody else where an agent's name could stand
_TAKEN = frozenset({"system", "owner", "team", "deputy", "least_loaded", "round_robin", "none", "me"})
DESK_KEYS = (
    *("name", "timezone", "language", "country", "archive_after", "reopen_window", "acknowledgement_cap"),
    *("addresses", "lists", "forms", "authserv_id"),
)


def name(reader: Reader, node: Node) -> str | None:
    """A name that can be typed in a shell: letters, digits, `.`, `_`, `-`."""
    text = reader.text(node)
    if text is not None and not _NAME.fullmatch(text):
        reader.fault(node, f"{shown(text)} is not a name; use letters, digits, '.', '_' and '-', without spaces")
        return None
    return text


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


def language(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"[a-z]{2}", text):
        reader.fault(node, f"{shown(text)} is not a language; write two small letters, such as sv or en")
        return None
    return text


def country(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"[A-Z]{2}", text):
        reader.fault(node, f"{shown(text)} is not a country; write two capital letters, such as SE or NO")
        return None
    return text


def clock_days(reader: Reader, node: Node) -> int | None:
    """Whole calendar days."""
    duration = reader.duration(node)
    if duration is None:
        return None
    if duration.minutes or duration.months:
        reader.fault(node, "expected days or weeks, such as 30 days")
        return None
    return duration.days


def desk(reader: Reader, node: Node) -> dict[str, object]:
    """The fields of Config that `desk:` sets."""
    section = reader.section(node, DESK_KEYS, "desk")
    if section is None:
        return {}
    return {
        "name": section.need("name", reader.text, "Support"),
        "timezone": section.need("timezone", lambda at: timezone(reader, at), "UTC"),
        "language": section.get("language", lambda at: language(reader, at), "sv"),
        "country": section.get("country", lambda at: country(reader, at), "SE"),
        "archive_after_days": section.get("archive_after", lambda at: clock_days(reader, at), 30),
        "reopen_window_days": section.get("reopen_window", lambda at: clock_days(reader, at), 14),
        "acknowledgement_cap": section.get("acknowledgement_cap", lambda at: reader.number(at, 0, 100_000), 100),
        "addresses": section.get("addresses", lambda at: reader.listed(at, reader.address, single=True), ()),
        "lists": section.get("lists", lambda at: reader.listed(at, lambda one: _dotted(reader, one), single=True), ()),
        "forms": section.get("forms", lambda at: reader.listed(at, reader.address, single=True), ()),
        "authserv_id": section.get("authserv_id", lambda at: _server(reader, at), ""),
    }


def _dotted(reader: Reader, node: Node) -> str | None:
    """An address or a List-Id, in lower case."""
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"[^\s<>,;@]+(?:[.@][^\s<>,;@]+)+", text):
        reader.fault(node, f"{shown(text)} is none; write it as support@example.com or support.example.com")
        return None
    return text.lower() if text else None


def _server(reader: Reader, node: Node) -> str | None:
    """The name that our mail server gives itself in Authentication-Results, in lower case."""
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"[^\s;=()]+", text):
        reader.fault(node, f"{shown(text)} is no name of a mail server; it stands first in Authentication-Results")
        return None
    return text.lower() if text else None


def team(reader: Reader, node: Node) -> tuple[Agent, ...]:
    agents: dict[str, Agent] = {}
    logins: set[str] = set()
    for item in reader.items(node):
        section = reader.section(item, ("name", "email", "login", "role", "signature", "away"), "team")
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
    agent = section.need("name", lambda at: name(reader, at), "")
    if agent in _TAKEN:
        reader.fault(section.node.items["name"], f"{shown(agent)} has a meaning of its own; name the agent otherwise")
    email = section.need("email", reader.address, "")
    role = section.get("role", lambda at: reader.choice(at, ROLES, "role"), "agent")
    login = section.get("login", lambda at: name(reader, at), "")
    known_role: Role = next((one for one in ROLES if one == role), "agent")
    away = section.get("away", lambda at: _absences(reader, at), ())
    no_signature: dict[str, str] = {}
    signature = section.get("signature", lambda at: _signature(reader, at), no_signature)
    if not agent:
        return None
    return Agent(name=agent, email=email, login=login, role=known_role, signature=signature, away=away)


def _signature(reader: Reader, node: Node) -> dict[str, str]:
    """One text for every language, or `{sv: …, en: …}`."""
    if not isinstance(node, Mapping):
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


def _check_deputies(reader: Reader, node: Node, agents: dict[str, Agent]) -> None:
    """A deputy may stand further down in the list; so this comes last."""
    for item in reader.items(node):
        absences = item.items.get("away") if isinstance(item, Mapping) else None
        for absence in reader.items(absences) if absences else ():
            deputy = absence.items.get("deputy") if isinstance(absence, Mapping) else None
            if isinstance(item, Mapping) and isinstance(deputy, Scalar) and not deputy.empty:
                own = item.items.get("name")
                _check_deputy(reader, deputy, agents, own.text if isinstance(own, Scalar) else "")


def _check_deputy(reader: Reader, node: Scalar, agents: dict[str, Agent], own: str) -> None:
    if node.text not in agents:
        hint = suggest(node.text, agents) or f"; team: lists {', '.join(agents)}"
        reader.fault(node, f"unknown agent {shown(node.text)}{hint}")
    elif node.text == own:
        reader.fault(node, "nobody stands in for themselves")
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


# a field's name stands as a key beside these in conditions and in `set`
RESERVED_FIELDS = frozenset(
    {"all", "any", "not", "machine", "labels", "label", "sender", "hours", "cause", "lesson", "spam", "number"}
    | set(conditions.TEXT_SUBJECTS)
    | set(conditions.SCALAR_SUBJECTS)
    | set(conditions.TIME_SUBJECTS)
)


def _field(reader: Reader, key: Scalar, node: Node) -> FieldSpec:
    if isinstance(node, Scalar) and node.empty:
        return FieldSpec(name=key.text)
    section = reader.section(node, ("values", "pattern", "required_at"), "field")
    if section is None:
        return FieldSpec(name=key.text)
    if "values" in section and "pattern" in section:
        reader.fault(section.node.keys["pattern"], "a field has either values or a pattern")
    required = section.get("required_at", lambda at: reader.choice(at, ("close",), "moment"), "")
    return FieldSpec(
        name=key.text,
        required_at_close=required == "close",
        values=section.get("values", lambda at: reader.listed(at, reader.text), ()),
        pattern=section.get("pattern", lambda at: expression(reader, at), ""),
    )


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
    if not isinstance(node, Mapping):
        return reader.listed(node, lambda at: label(reader, at)), 12
    section = reader.section(node, ("values", "at_most"), "labels")
    if section is None:
        return (), 12
    values = section.need("values", lambda at: reader.listed(at, lambda item: label(reader, item)), ())
    return values, section.get("at_most", lambda at: reader.number(at, 1, 1000), 12)


def label(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"[^\W\d_][\w.-]*", text):
        reader.fault(node, f"{shown(text)} is not a label; a letter, then letters, digits, '.', '_' and '-'")
        return None
    return text


def causes(reader: Reader, node: Node) -> tuple[str, ...]:
    return reader.listed(node, reader.text)
