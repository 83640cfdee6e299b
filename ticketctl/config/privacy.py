"""How personal data is handled: the notice, what is masked, how long things are kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node
from ticketctl.domain.privacy.reasons import READINGS
from ticketctl.domain.settings.settings import Duration, Privacy, RetentionRule, Sensitive

_KEYS = ("notice", "mask", "retention")
_AUDIT = ("audit_key", "audit_keep", "log_lists", "reasons")


def privacy(reader: Reader, node: Node, folder: Path, labels: tuple[str, ...]) -> Privacy:
    section = reader.section(node, (*_KEYS, *_AUDIT), "privacy")
    if section is None:
        return Privacy()
    rules, raw_mail = section.get("retention", lambda at: _retention(reader, at, labels), ((), None))
    return Privacy(
        notice=section.get("notice", lambda at: _notice(reader, at, folder), ""),
        mask=section.get("mask", lambda at: reader.listed(at, lambda item: _masked(reader, item)), ()),
        retention=rules,
        raw_mail=raw_mail,
        audit_key=section.get("audit_key", reader.text, ""),
        audit_keep=section.get("audit_keep", lambda at: _age(reader, at), None),
        log_lists=section.get("log_lists", reader.boolean, False),
        reasons=section.get("reasons", lambda at: reader.listed(at, lambda item: _reading(reader, item)), ()),
    )


def _reading(reader: Reader, node: Node) -> str | None:
    return reader.choice(node, READINGS, "kind of reading")


def _masked(reader: Reader, node: Node) -> str | None:
    return reader.choice(node, get_args(Sensitive), "kind of content")


def _notice(reader: Reader, node: Node, folder: Path) -> str | None:
    text = reader.text(node)
    if text is None:
        return None
    if not re.fullmatch(r"snippets/[a-z]{2}/[\w.-]+\.j2", text):
        reader.fault(node, f"{shown(text)} is not a snippet; write it as snippets/sv/_integritet.j2")
    elif not (folder / text).is_file():
        reader.fault(node, f"there is no file {text}")
    return text


def _retention(
    reader: Reader, node: Node, labels: tuple[str, ...]
) -> tuple[tuple[RetentionRule, ...], Duration | None]:
    rules: list[RetentionRule] = []
    raw_mail: Duration | None = None
    for item in reader.items(node):
        section = reader.section(item, ("when", "after", "then", "raw_mail"), "retention")
        if section is None:
            continue
        if "raw_mail" in section:
            if raw_mail or len(section.node.items) > 1:
                reader.fault(section.node.keys["raw_mail"], "write raw_mail once, in an entry of its own")
            raw_mail = section.get("raw_mail", lambda at: _age(reader, at), None)
        elif rule := _retention_rule(reader, section, labels):
            rules.append(rule)
    return tuple(rules), raw_mail


def _retention_rule(reader: Reader, section: Section, labels: tuple[str, ...]) -> RetentionRule | None:
    then = section.need("then", lambda at: reader.choice(at, ("anonymise", "delete")), "")
    if "when" not in section:
        reader.fault(section.node, "'when' is missing here")
        return None
    when = reader.section(section.node.items["when"], ("status", "closed_for", "label", "open"), "retention when")
    if when is None:
        return None
    status = when.get("status", lambda at: reader.choice(at, ("closed",), "status"), "")
    label = when.get("label", lambda at: reader.choice(at, (*labels, "spam"), "label"), "")
    open_too = when.get("open", reader.boolean, False)
    if open_too and ("status" in when or "closed_for" in when):
        reader.fault(
            when.node.keys["open"], "open: true goes with a label alone: status and closed_for mean closed tickets"
        )
    ages = [
        one
        for one in (
            when.get("closed_for", lambda at: _age(reader, at), None),
            section.get("after", lambda at: _age(reader, at), None),
        )
        if one
    ]
    if ("closed_for" in when) + ("after" in section) != 1:
        reader.fault(section.node, "write the age once: closed_for: 24 months inside when, or after: 30 days beside it")
    if not (status or label or "closed_for" in when):
        reader.fault(when.node, "this would take every ticket; write status: closed or a label")
        return None
    if not ages or not then:
        return None
    return RetentionRule(
        then="delete" if then == "delete" else "anonymise",
        age=ages[0],
        label=label,
        status="closed" if "closed_for" in when else status,
        open=bool(open_too),
    )


def _age(reader: Reader, node: Node) -> Duration | None:
    """Ages are calendar time, in whole days at least."""
    duration = reader.duration(node)
    if duration is None:
        return None
    if duration.minutes:
        reader.fault(node, "an age is given in days, weeks, months or years")
        return None
    return Duration(days=duration.days, months=duration.months, calendar=True)
