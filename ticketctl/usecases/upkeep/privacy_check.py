"""Goes through what an authority asks of a small company: thirteen rows, each yes, no or not known, with evidence from
this desk. It is a help for whoever is responsible, and no legal advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from ticketctl.content.privacy_values import contact, responsible
from ticketctl.domain.config import ImapSource, MaildirSource
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.rules.actions import Label, PromiseBy
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.usecases.privacy.elsewhere import text_receivers
from ticketctl.usecases.privacy.profiles import ours
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.notice_check import notice_findings
from ticketctl.usecases.upkeep.purge import Plan, PurgeRequest, purge

Answer = Literal["yes", "no", "unknown"]
MONTH = timedelta(days=30)
YEAR = timedelta(days=366)
RESTS = timedelta(days=30)  # mail that lies on the server longer than that was forgotten there
NIGHT = timedelta(days=2)  # a nightly job ran within


class CheckPrivacy(msgspec.Struct, frozen=True, kw_only=True):
    """`offline`: no mail server is asked for its oldest mail."""

    offline: bool = False


class Fact(msgspec.Struct, frozen=True):
    """One piece of evidence: `code` with its `facts` says what is so."""

    code: str
    facts: Mapping[str, object] = {}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`row` names what is asked for (record, ground, …), `to_do` what is to be done, where it is not well or known."""

    number: int
    row: str
    answer: Answer
    evidence: tuple[Fact, ...]
    to_do: str = ""


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of the desk once, for all rows."""

    session: Session
    tickets: tuple[Ticket, ...]
    runs: Mapping[str, datetime]
    plan: Plan
    offline: bool


def check_privacy(session: Session, request: CheckPrivacy) -> tuple[Row, ...]:
    """The thirteen rows, in order. Raises NotAllowed."""
    session.must("privacy check")
    over = purge(session, PurgeRequest(), keep=False)
    with session.store.reading() as desk:
        seen = _seen(session, desk, request.offline, over.plan if over else Plan())
    return tuple(
        Row(number=number, row=name, answer=found[0], evidence=tuple(found[1]), to_do="" if found[0] == "yes" else name)
        for number, (name, look) in enumerate(ROWS.items(), 1)
        for found in [look(seen)]
    )


def _seen(session: Session, desk: Desk, offline: bool, plan: Plan) -> _Seen:
    tickets = tuple(desk.find(texts=True))  # what was closed lately is among them
    runs = {run.name: run.ok_at for run in desk.runs() if run.ok_at}
    return _Seen(session=session, tickets=tickets, runs=runs, plan=plan, offline=offline)


Found = tuple[Answer, list[Fact]]


def _record(seen: _Seen) -> Found:
    config = seen.session.config
    missing = [
        name
        for name, there in (
            ("responsible", config.privacy.responsible),
            ("contact", config.privacy.contact),
            ("processors", config.privacy.processors),
            ("retention", config.privacy.retention),
        )
        if not there
    ]
    told = Fact("controller", {"who": responsible(config), "contact": contact(config) or "–"})
    return ("no" if missing else "yes"), [told, *([Fact("lacks", {"keys": ", ".join(missing)})] if missing else [])]


def _ground(seen: _Seen) -> Found:
    """What moved into a case system should be deleted from the mailbox."""
    facts = [Fact("ground", {"ground": seen.session.config.privacy.ground})]
    worst: Answer = "yes" if seen.session.config.fetched else "unknown"
    for source in seen.session.config.fetched:
        if not isinstance(source, ImapSource | MaildirSource):
            facts.append(Fact("file_stays", {"source": source.name}))
            worst = "no"
            continue
        facts.append(Fact(f"then_{source.then.action}", {"source": source.name, "where": source.then.argument}))
        oldest = _oldest(seen, source.name)
        facts.append(oldest)
        if oldest.code == "oldest" or source.then.action in ("leave", "flag"):
            worst = "no"
        elif oldest.code.startswith("not_asked") and worst == "yes":
            worst = "unknown"
    return worst, facts


def _oldest(seen: _Seen, name: str) -> Fact:
    """The oldest mail that lies on the server longer than it should."""
    if seen.offline:
        return Fact("not_asked", {"source": name})
    try:
        with closing(seen.session.source(name)) as source:
            left = source.old_mail(source.mailboxes(), seen.session.now - RESTS)
    except TicketctlError as error:
        return Fact("not_asked_why", {"source": name, "why": str(error)})
    if not left:
        return Fact("nothing_old", {"source": name, "days": RESTS.days})
    oldest = min(left, key=lambda one: one.oldest)
    facts = {"source": name, "day": oldest.oldest, "count": sum(one.older for one in left), "days": RESTS.days}
    return Fact("oldest", facts)


def _minimal(seen: _Seen) -> Found:
    config = seen.session.config
    kinds = config.privacy.mask
    since = seen.session.now - MONTH
    hits = sum(
        "****" in message.text
        for ticket in seen.tickets
        for message in ticket.messages
        if message.direction == "in" and message.at >= since
    )
    demanded = [spec.name for spec in config.fields.values() if spec.required_at_close]
    facts = [
        Fact("masked", {"kinds": ", ".join(kinds), "hits": hits}) if kinds else Fact("not_masked"),
        Fact("fields", {"names": ", ".join(demanded)}) if demanded else Fact("no_fields"),
        _kept(seen),
    ]
    return ("yes" if {"personnummer", "payment_card"} <= set(kinds) else "no"), facts


def _kept(seen: _Seen) -> Fact:
    raw = seen.session.config.privacy.raw_mail
    return Fact("raw_kept", {"age": raw}) if raw else Fact("raw_as_long")


def _free_text(seen: _Seen) -> Found:
    since = seen.session.now - MONTH
    notes = [m for ticket in seen.tickets for m in ticket.messages if m.kind == "note" and m.at >= since]
    return "unknown", [Fact("notes", {"count": len(notes)}), Fact("they_may_read")]


def _informed(seen: _Seen) -> Found:
    found = list(notice_findings(seen.session))
    facts = [Fact(one.code, one.facts) for one in found]
    return ("yes" if all(one.state == "ok" for one in found) else "no"), facts


def _access(seen: _Seen) -> Found:
    rules = seen.session.config.rules
    clock = [rule for rule in rules if any(isinstance(one, PromiseBy) for one in rule.then)]
    labels = {label for rule in clock for one in rule.then if isinstance(one, Label) for label in one.labels}
    asked = [one for one in seen.tickets if labels & set(one.labels) and not one.closed]
    late = [one.number for one in asked if (owed := running(one)) and owed.due_at < seen.session.now]
    facts = [Fact("clock", {"rules": ", ".join(rule.id for rule in clock)}) if clock else Fact("no_clock")]
    facts.append(Fact("asked", {"count": len(asked)}))
    facts += [Fact("late", {"tickets": ", ".join(f"#{one}" for one in late)})] if late else []
    return ("yes" if clock and labels and not late else "no"), facts


def _rectified(seen: _Seen) -> Found:
    """The commands exist; only a person can say whether they were used rightly. Whoever got the data is to be informed
    (Art. 19): how many got some, each person's are listed by `person show`."""
    facts = [Fact("commands", {"names": "person rectify, person restrict"})]
    got: set[str] = set()
    for ticket in seen.tickets:
        for one in ticket.messages:
            if one.direction == "out" and one.delivery in ("sent", "uncertain"):
                got |= {who.address for who in (*one.to, *one.cc, *one.bcc)} - {ticket.requester.address, ""}
    facts.append(Fact("recipients", {"count": len(got - ours(seen.session)), "names": "person show, person erase"}))
    if seen.session.assistant is not None:
        facts.append(Fact("assistant", {"model": seen.session.assistant.model, "place": seen.session.assistant.place}))
    facts += [Fact("webhook", {"name": name}) for name in text_receivers(seen.session.config)]
    return "yes", facts


def _erased(seen: _Seen) -> Found:
    tested = _tested(seen).get("erasure")
    trial = Fact("erasure_tested", {"day": tested}) if tested else Fact("erasure_not_tested")
    return ("yes" if tested else "unknown"), [Fact("commands", {"names": "person erase"}), trial]


def _retained(seen: _Seen) -> Found:
    rules = seen.session.config.privacy.retention
    ran = seen.runs.get("purge")
    facts = [Fact("retention_rules", {"count": len(rules)}) if rules else Fact("no_retention")]
    facts.append(Fact("purged", {"at": ran}) if ran else Fact("never_purged"))
    facts.append(Fact("overdue", {"count": len(seen.plan.tickets), "held": len(seen.plan.held)}))
    recent = ran is not None and seen.session.now - ran < NIGHT
    return ("yes" if rules and recent and not seen.plan.tickets else "no"), facts


def _secured(seen: _Seen) -> Found:
    session = seen.session
    private, log = session.store.check_privacy(), session.audit.verify()
    roles = [agent.role for agent in session.config.team]
    keep = session.config.privacy.audit_keep
    facts = [
        Fact("folder_private" if private.state == "ok" else "folder_open"),
        Fact("log_whole" if log.state == "ok" else "log_broken"),
        Fact("roles", {role: roles.count(role) for role in ("admin", "agent", "viewer")}),
        Fact("log_kept", {"age": keep}) if keep else Fact("log_for_ever"),
    ]
    return ("yes" if private.state == log.state == "ok" and keep else "no"), facts


def _breach(seen: _Seen) -> Found:
    privacy = seen.session.config.privacy
    hours = privacy.report_within.minutes // 60 + 24 * privacy.report_within.days
    facts = [Fact("breach_contact", {"who": privacy.breach_contact}) if privacy.breach_contact else Fact("no_contact")]
    return ("yes" if privacy.breach_contact else "no"), [*facts, Fact("hours", {"hours": hours})]


def _processors(seen: _Seen) -> Found:
    config = seen.session.config
    listed = config.privacy.processors
    hosts = config.hosts
    hosts += [host for host in [getattr(config.outgoing.sink, "host", "")] if host] if config.outgoing else []
    without = [one.name for one in listed if one.contract is not True]
    names = ", ".join(_named(one.name, one.country) for one in listed)
    facts = [Fact("processors", {"names": names})] if listed else []
    facts += [Fact("hosts", {"hosts": ", ".join(dict.fromkeys(hosts))})] if hosts else []
    facts += [Fact("without_contract", {"names": ", ".join(without)})] if without else []
    if not listed:
        return ("no" if hosts else "unknown"), [Fact("no_processors"), *facts]
    return ("no" if without else "yes"), facts


def _named(name: str, country: str) -> str:
    return f"{name} ({country})" if country else name


def _tested(seen: _Seen) -> Mapping[str, date]:
    """Without a day that is to come."""
    tested = seen.session.config.privacy.tested
    return {what: day for what, day in tested.items() if day <= seen.session.now.date()}


def _shown(seen: _Seen) -> Found:
    today, tested = seen.session.now.date(), _tested(seen)
    facts = [
        Fact(f"{what}_tested", {"day": tested[what]}) if what in tested else Fact(f"{what}_not_tested")
        for what in ("restore", "erasure")
    ]
    recent = all(what in tested and today - tested[what] < YEAR for what in ("restore", "erasure"))
    return ("yes" if recent else "no"), facts


ROWS: Mapping[str, Callable[[_Seen], Found]] = {
    "record": _record,
    "ground": _ground,
    "minimal": _minimal,
    "free_text": _free_text,
    "informed": _informed,
    "access": _access,
    "rectify": _rectified,
    "erasure": _erased,
    "retention": _retained,
    "security": _secured,
    "breach": _breach,
    "processors": _processors,
    "accountability": _shown,
}
