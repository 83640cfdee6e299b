"""How personal data is handled: the notice, what is masked, how long things are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node
from ticketctl.domain.privacy.reasons import READINGS
from ticketctl.domain.settings.settings import (
    Duration,
    FieldSpec,
    Ground,
    Privacy,
    Processor,
    RetentionRule,
    Sensitive,
)

_KEYS = ("notice", "mask", "mask_shown", "seal_to", "retention")
_TOLD = ("responsible", "contact", "ground", "footer", "processors", "breach_contact", "report_within", "tested")
_AUDIT = ("audit_key", "audit_keep", "log_lists", "reasons")

Words = tuple[tuple[str, ...], Mapping[str, FieldSpec]]  # labels and fields of rules.yaml


def privacy(reader: Reader, node: Node, folder: Path, words: Words) -> Privacy:
    section = reader.section(node, (*_KEYS, *_TOLD, *_AUDIT), "privacy")
    if section is None:
        return Privacy()
    rules, raw_mail = section.get("retention", lambda at: _retention(reader, at, words), ((), None))
    return Privacy(
        notice=section.get("notice", lambda at: _notice(reader, at, folder), ""),
        mask=section.get("mask", lambda at: reader.listed(at, lambda item: _masked(reader, item)), ()),
        mask_shown=section.get("mask_shown", lambda at: reader.listed(at, lambda item: _masked(reader, item)), ()),
        seal_to=section.get("seal_to", lambda at: reader.listed(at, lambda one: _key(reader, one), single=True), ()),
        retention=rules,
        raw_mail=raw_mail,
        audit_key=section.get("audit_key", reader.text, ""),
        audit_keep=section.get("audit_keep", lambda at: _age(reader, at), None),
        log_lists=section.get("log_lists", reader.boolean, False),
        reasons=section.get("reasons", lambda at: reader.listed(at, lambda item: _reading(reader, item)), ()),
        footer=section.get("footer", lambda at: _notice(reader, at, folder), ""),
        **_told(reader, section),
    )


def _told(reader: Reader, section: Section) -> dict[str, Any]:
    """What the notice, `privacy record`, `privacy check` and `privacy breach` say."""
    found = {key: section.text(key) for key in ("responsible", "contact", "breach_contact")}
    ground = section.get("ground", lambda at: reader.choice(at, get_args(Ground), "ground"), "legitimate_interest")
    processors = section.get("processors", lambda at: tuple(_processor(reader, one) for one in reader.items(at)), ())
    within = section.get("report_within", reader.duration, None)
    return {
        **found,
        "ground": ground,
        "processors": tuple(one for one in processors if one),
        "report_within": within or Privacy().report_within,
        "tested": section.get("tested", lambda at: _tested(reader, at), {}),
    }


def _processor(reader: Reader, node: Node) -> Processor | None:
    section = reader.section(node, ("name", "does", "country", "contract"), "processors")
    if section is None:
        return None
    name = section.need("name", reader.text, "")
    contract = section.get("contract", reader.boolean, None)
    return Processor(name=name, does=section.text("does"), country=section.text("country"), contract=contract)


def _tested(reader: Reader, node: Node) -> dict[str, date]:
    section = reader.section(node, ("restore", "erasure"), "tested")
    days = {key.text: _day(reader, value) for key, value in section or ()}
    return {name: day for name, day in days.items() if day}


def _day(reader: Reader, node: Node) -> date | None:
    text = reader.text(node)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        reader.fault(node, f"{shown(text or '')} is not a day; write it as 2026-11-20")
        return None


def _reading(reader: Reader, node: Node) -> str | None:
    return reader.choice(node, READINGS, "kind of reading")


def _key(reader: Reader, node: Node) -> str | None:
    text = reader.text(node)
    if text is not None and not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", text):
        reader.fault(node, f"{shown(text)} is no public key of age's, as age-keygen prints it: age1…")
    return text


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


def _retention(reader: Reader, node: Node, words: Words) -> tuple[tuple[RetentionRule, ...], Duration | None]:
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
        elif rule := _retention_rule(reader, section, words):
            rules.append(rule)
    return tuple(rules), raw_mail


def _retention_rule(reader: Reader, section: Section, words: Words) -> RetentionRule | None:
    then = section.need("then", lambda at: reader.choice(at, ("anonymise", "delete")), "")
    if "when" not in section:
        reader.fault(section.node, "'when' is missing here")
        return None
    labels, fields = words
    known = ("status", "closed_for", "label", "open", *fields)
    when = reader.section(section.node.items["when"], known, "retention when")
    if when is None:
        return None
    status = when.get("status", lambda at: reader.choice(at, ("closed",), "status"), "")
    label = when.get("label", lambda at: reader.choice(at, (*labels, "spam"), "label"), "")
    open_too = when.get("open", reader.boolean, False)
    if open_too and ("status" in when or "closed_for" in when):
        reader.fault(
            when.node.keys["open"], "open: true goes with a label alone: status and closed_for mean closed tickets"
        )
    ages = (
        when.get("closed_for", lambda at: _age(reader, at), None),
        section.get("after", lambda at: _age(reader, at), None),
    )
    age = ages[0] or ages[1]
    if ("closed_for" in when) + ("after" in section) != 1:
        reader.fault(section.node, "write the age once: closed_for: 24 months inside when, or after: 30 days beside it")
    values = {name: _wanted(reader, when, spec) for name, spec in fields.items() if name in when}
    if not (status or label or values or "closed_for" in when):
        reader.fault(when.node, "this would take every ticket; write status: closed, a label or a field")
        return None
    if not age or not then:
        return None
    return RetentionRule(
        then="delete" if then == "delete" else "anonymise",
        age=age,
        label=label,
        status="closed" if "closed_for" in when else status,
        open=bool(open_too),
        fields=values,
    )


def _wanted(reader: Reader, when: Section, spec: FieldSpec) -> str:
    if spec.values:
        return when.need(spec.name, lambda at: reader.choice(at, spec.values, f"value of {spec.name}"), "")
    return when.need(spec.name, reader.text, "")


def _age(reader: Reader, node: Node) -> Duration | None:
    """Ages are calendar time, in whole days at least."""
    duration = reader.duration(node)
    if duration is None:
        return None
    if duration.minutes:
        reader.fault(node, "an age is given in days, weeks, months or years")
        return None
    return Duration(days=duration.days, months=duration.months, calendar=True)
