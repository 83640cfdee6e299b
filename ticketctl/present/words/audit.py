"""What `audit` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ticketctl.content.terminal import line, width
from ticketctl.content.times import local, zone
from ticketctl.ports.audit import Record, Verified
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "when": "when",
        "who": "who",
        "what": "what",
        "ticket": "ticket",
        "why": "why",
        "nothing": "No records found.",
        "whole": "{records} records, {first} to {last}: none of these was changed, and none between them is missing.",
        "alone": "An older copy of the whole folder would pass too. To rule that out, compare with the last record in "
        "a mailed report.",
        "head": "Last record: {number}:{mac}",
        "unfinished": "{count} changes have no result: the process was killed before it recorded it.",
        "unfinished_one": "1 change has no result: the process was killed before it recorded it.",
        "empty": "There are no records yet.",
        "anchored": "It contains the {count} records that you named.",
        "anchored_one": "It contains the record that you named.",
    },
    "sv": {
        "when": "när",
        "who": "vem",
        "what": "vad",
        "ticket": "ärende",
        "why": "varför",
        "nothing": "Inga poster hittades.",
        "whole": "{records} poster, {first} till {last}: ingen av dem har ändrats och ingen däremellan saknas.",
        "alone": "En äldre kopia av hela mappen skulle också godkännas. Jämför med sista posten i en mejlad rapport "
        "för att utesluta det.",
        "head": "Sista posten: {number}:{mac}",
        "unfinished": "{count} ändringar saknar resultat: körningen avbröts innan det skrevs.",
        "unfinished_one": "1 ändring saknar resultat: körningen avbröts innan det skrevs.",
        "empty": "Det finns inga poster än.",
        "anchored": "Den innehåller de {count} poster som du angav.",
        "anchored_one": "Den innehåller posten som du angav.",
    },
}
_SHOWN = 16  # characters of a mac, as in reports


def lines(records: Iterable[Record], timezone: str, language: str) -> Iterator[str]:
    """A table."""
    say = say_in(language, TEXTS)
    rows = [_row(record, timezone, language) for record in records]
    if not rows:
        yield say("nothing")
        return
    heads = [
        Column(say("when")),
        Column(say("who"), least=6),
        Column(say("what"), least=8),
        Column(say("ticket"), least=6),
        Column(say("why"), least=10, weight=2),
    ]
    yield from table(heads, rows, width())


def _row(record: Record, timezone: str, language: str) -> list[str]:
    who = f"{record.actor} ({record.via})" if record.via else record.actor
    ticket = f"#{record.ticket}" if record.ticket else record.shown
    why = "; ".join(one for one in (record.reason, record.why) if one)
    return [line(one) for one in (local(record.at, zone(timezone), language), who, record.action, ticket, why)]


def verified(found: Verified, anchors: int, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found.records:
        yield say("empty")
        return
    yield say("whole", records=found.records, first=found.first, last=found.head.number)
    yield say("head", number=found.head.number, mac=found.head.mac[:_SHOWN])
    if anchors:
        yield say("anchored_one" if anchors == 1 else "anchored", count=anchors)
    else:
        yield say("alone")
    if found.unfinished:
        yield say("unfinished_one" if found.unfinished == 1 else "unfinished", count=found.unfinished)
