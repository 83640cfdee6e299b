"""`rules replay`: the rules of today, or of another file, on the mails of the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ticketctl.content.terminal import line, width
from ticketctl.domain.config import Config
from ticketctl.domain.rules.conditions import Text, leaves
from ticketctl.domain.rules.replay import Past, Replayed, can_be_replayed, counted, replay
from ticketctl.domain.rules.rules import MAIL_EVENTS
from ticketctl.domain.settings.absences import stand_ins, with_absences
from ticketctl.domain.settings.settings import parse_duration
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.query import Query
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.present.tables import Column, table
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.session import Session

SHOWN = 20


def since(session: Session, text: str) -> datetime:
    """ "90d" of the calendar before now; raises Usage."""
    try:
        length = parse_duration(text)
        return session.now - timedelta(days=length.days + 30 * length.months, minutes=length.minutes)
    except ValueError as error:
        raise Usage(str(error)) from None
    except OverflowError:
        raise Usage(f"{text!r} is longer ago than there are dates") from None


def config_of(session: Session, path: Path | None) -> Config:
    """What `path` says, about this desk's snippets; without it the desk's own file. Raises BadRules."""
    return session.app.read_config(path, session.folder) if path else session.config


def replayed(session: Session, config: Config, opened_from: datetime) -> list[Replayed]:
    """Every ticket opened since then, those of the archive too."""
    with session.store.reading() as desk:
        past = _past(session, desk, config)
        tickets = desk.find(Query(opened_from=opened_from), archive=True, texts=True)
        return [replay(ticket, config.rules, config.hours, past) for ticket in tickets if can_be_replayed(ticket)]


def _past(session: Session, desk: Desk, config: Config) -> Past:
    asked = (leaf for rule in config.rules for leaf in leaves(rule.when))
    with_headers = any(isinstance(leaf, Text) and leaf.subject.startswith("header.") for leaf in asked)
    zone, team = ZoneInfo(config.timezone), with_absences(config.team, session.absences)

    def headers(message: Message) -> Mapping[str, tuple[str, ...]]:
        mail = original(session, message) if with_headers else None  # reading a mail again takes longer than all rules
        return mail.headers if mail else {}

    return Past(headers, Senders(desk).wrote_before, lambda at: stand_ins(team, at.astimezone(zone).date()))


# --- saying it ---


def tell(every: Sequence[Replayed], config: Config) -> Iterator[str]:
    """How many agree, by field; how often each rule would fire and did; and the first tickets that differ."""
    contrasts = [one for ticket in every for one in ticket.contrasts]
    yield f"{len(every)} ticket{'s' * (len(every) != 1)} replayed; nothing was changed"
    rows = [
        [line(what), *(str(count or "–") for count in kinds.values())] for what, kinds in counted(contrasts).items()
    ]
    heads = ("same", "other value", "rules alone", "done alone")
    if rows:
        yield ""
        yield from _counts(("what", *heads), rows)
    rules = [[name, str(would), str(did)] for name, (would, did) in firings(every, config).items()]
    if rules:
        yield ""
        yield from _counts(("rule", "would fire", "fired"), rules)
    differing = [one for one in contrasts if one.kind in ("other", "rules alone")]
    if differing:
        yield ""
        cells = [[f"#{one.ticket}", line(one.what), line(one.would), line(one.was) or "–"] for one in differing[:SHOWN]]
        columns = (Column("#", right=True), Column("what"), Column("would be", least=10), Column("is", least=10))
        yield from table(columns, cells, width())
    if len(differing) > SHOWN:
        yield f"… and {len(differing) - SHOWN} more; --json has all"


def firings(every: Sequence[Replayed], config: Config) -> dict[str, tuple[int, int]]:
    """On how many tickets each rule would have fired, and did; first the file's, then what it no longer has."""
    would = Counter(rule for one in every for rule in one.would_fire)
    did = Counter(rule for one in every for rule in one.fired)
    names = [rule.id for rule in config.rules if {*rule.events} & {*MAIL_EVENTS}]
    return {name: (would[name], did[name]) for name in dict.fromkeys([*names, *sorted(did)])}


def shape(every: Sequence[Replayed], config: Config) -> dict[str, object]:
    contrasts = [one for ticket in every for one in ticket.contrasts]
    return {
        "tickets": len(every),
        "fields": {
            what: {kind.replace(" ", "_"): count for kind, count in kinds.items()}
            for what, kinds in counted(contrasts).items()
        },
        "rules": {name: {"would": would, "did": did} for name, (would, did) in firings(every, config).items()},
        "differences": [
            {"ticket": one.ticket, "what": one.what, "would": one.would, "was": one.was, "kind": one.kind}
            for one in contrasts
            if one.kind != "same"
        ],
    }


def _counts(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    from tabulate import tabulate

    right = ("right",) * (len(heads) - 1)
    yield from tabulate(rows, heads, tablefmt="plain", colalign=("left", *right), disable_numparse=True).splitlines()
