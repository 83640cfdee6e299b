"""Runs the rules of today, or of another file, on the mails of the past. Nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.config import Config
from ticketctl.domain.rules.conditions import Text, leaves
from ticketctl.domain.rules.replay import Contrast, Kind, Past, Replayed, can_be_replayed, counted
from ticketctl.domain.rules.replay import replay as replay_ticket
from ticketctl.domain.rules.rules import MAIL_EVENTS
from ticketctl.domain.settings.absences import stand_ins, with_absences
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.query import Query
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.period import ago


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is how far back, "90d" of the calendar; `rules` another file in place of the desk's rules.yaml."""

    since: str
    rules: Path | None = None


class Firings(msgspec.Struct, frozen=True):
    """On how many tickets a rule would have fired, and did."""

    would: int
    did: int


class Compared(msgspec.Struct, frozen=True):
    """How many `tickets` were asked about; by field, how many agree and how many do not; `rules` by id, first those of
    the file, then those that it no longer has; and each thing of each ticket that is not the same."""

    tickets: int
    fields: Mapping[str, Mapping[Kind, int]]
    rules: Mapping[str, Firings]
    differences: tuple[Contrast, ...]


def replay(session: Session, request: Replay) -> Compared:
    """Every ticket opened since then, those of the archive too. Raises Usage where `since` is no length, BadRules."""
    session.must("rules replay")
    config = session.app.read_config(request.rules, session.folder) if request.rules else session.config
    opened_from = ago(session, request.since)
    with session.store.reading() as desk:
        past = _past(session, desk, config)
        tickets = desk.find(Query(opened_from=opened_from), archive=True, texts=True)
        every = [replay_ticket(one, config.rules, config.hours, past) for one in tickets if can_be_replayed(one)]
    contrasts = [one for ticket in every for one in ticket.contrasts]
    differences = tuple(one for one in contrasts if one.kind != "same")
    return Compared(len(every), counted(contrasts), _firings(every, config), differences)


def _firings(every: Sequence[Replayed], config: Config) -> dict[str, Firings]:
    would = Counter(rule for one in every for rule in one.would_fire)
    did = Counter(rule for one in every for rule in one.fired)
    names = [rule.id for rule in config.rules if {*rule.events} & {*MAIL_EVENTS}]
    return {name: Firings(would[name], did[name]) for name in dict.fromkeys([*names, *sorted(did)])}


def _past(session: Session, desk: Desk, config: Config) -> Past:
    asked = (leaf for rule in config.rules for leaf in leaves(rule.when))
    with_headers = any(isinstance(leaf, Text) and leaf.subject.startswith("header.") for leaf in asked)
    zone, team = ZoneInfo(config.timezone), with_absences(config.team, session.absences)

    def headers(message: Message) -> Mapping[str, tuple[str, ...]]:
        mail = original(session, message) if with_headers else None  # reading a mail again takes longer than all rules
        return mail.headers if mail else {}

    return Past(headers, Senders(desk).wrote_before, lambda at: stand_ins(team, at.astimezone(zone).date()))
