"""What `report` says beside the report itself, whose words are in content/: it becomes a mail and a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ticketctl.content.terminal import line
from ticketctl.domain.settings.absences import OPEN_END
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.views.people import DAYS, UNUSED, People, Unused
from ticketctl.usecases.views.report import MailedReport

MOST = 10  # numbers of tickets in a line

TEXTS: Texts = {
    "en": {
        "page": "{page}: the report of {window}",
        "key_label": "label {value}: {person} wrote all {answers} answers in the last {days} days",
        "key_area": "area {value}: {person} wrote all {answers} answers in the last {days} days",
        "no_keys": "No label and no area has all its answers from one person.",
        "away": "{person} is away {start} to {end}; open: {tickets}",
        "away_open": "{person} is away from {start}; open: {tickets}",
        "unused_field": "field {field}: no rule and no snippet names it, and nobody set it by hand in {days} days",
        "no_field": "snippet {snippet} asked for {data} in {mails} mails; no field holds it",
        "never_set": "snippet {snippet} asked for {data} in {mails} mails; {field} was set after none of them",
        "never_sent": "snippet {snippet} asked for {data} in {mails} mails; no file came after any of them",
        "not_seen": "Ask before you remove it: ticketctl cannot know who only reads it or lists by it.",
        "order": "an order number",
        "customer_number": "a customer number",
        "serial": "a serial number",
        "personnummer": "a personal identity number",
        "birth": "a date of birth",
        "phone": "a telephone number",
        "address": "a postal address",
        "screenshot": "a screenshot",
        "written": "not mailed; {folder} has {files}",
        "queued": "report {window}: in the outbox for {to}",
        "mailed_before": "report {window}: mailed already on {before}",
        "nothing_to_report": "report {window}: there were no tickets yet; nothing is mailed",
    },
    "sv": {
        "page": "{page}: rapporten för {window}",
        "key_label": "etikett {value}: {person} skrev alla {answers} svar de senaste {days} dagarna",
        "key_area": "område {value}: {person} skrev alla {answers} svar de senaste {days} dagarna",
        "no_keys": "Ingen etikett och inget område har alla sina svar från en enda person.",
        "away": "{person} är borta {start} till {end}; öppna: {tickets}",
        "away_open": "{person} är borta från {start}; öppna: {tickets}",
        "unused_field": "fält {field}: ingen regel eller mall nämner det, ingen har satt det för hand på {days} dagar",
        "no_field": "mallen {snippet} frågade efter {data} i {mails} mejl; inget fält är till för det",
        "never_set": "mallen {snippet} frågade efter {data} i {mails} mejl; {field} sattes inte efter något av dem",
        "never_sent": "mallen {snippet} frågade efter {data} i {mails} mejl; ingen fil kom efter något av dem",
        "not_seen": "Fråga innan ni tar bort det: det syns inte vem som bara läser det eller listar efter det.",
        "order": "ordernummer",
        "customer_number": "kundnummer",
        "serial": "serienummer",
        "personnummer": "personnummer",
        "birth": "födelsedatum",
        "phone": "telefonnummer",
        "address": "postadress",
        "screenshot": "en skärmbild",
        "written": "skickas inte; i {folder} finns {files}",
        "queued": "rapport {window}: i utkorgen till {to}",
        "mailed_before": "rapport {window}: skickades redan {before}",
        "nothing_to_report": "rapport {window}: det fanns inga ärenden än; inget skickas",
    },
}


def mailed_line(mailed: MailedReport, language: str) -> str:
    say = say_in(language, TEXTS)
    return say(mailed.outcome, window=mailed.window.name, to=", ".join(mailed.to), before=mailed.before)


def people_lines(found: People, language: str) -> Iterator[str]:
    """Key persons, who is away with open tickets, and what is asked for and not used."""
    say = say_in(language, TEXTS)
    for one in found.key_persons:
        facts = {"value": line(one.value), "person": line(one.person), "answers": one.answers}
        yield say(f"key_{one.kind}", **facts, days=DAYS)
    if not found.key_persons:
        yield say("no_keys")
    for away in found.away:
        numbers = ", ".join(f"#{number}" for number in away.tickets[:MOST])
        numbers += ", …" if len(away.tickets) > MOST else ""
        key = "away_open" if away.end == OPEN_END else "away"
        yield say(key, person=line(away.person), start=away.start, end=away.end, tickets=numbers)
    yield from _unused_lines(found.unused, say)


def _unused_lines(found: Unused, say: Callable[..., str]) -> Iterator[str]:
    for name in found.fields:
        yield say("unused_field", field=line(name), days=UNUSED)
    for one in found.data:
        facts = {"snippet": line(one.snippet), "data": say(one.data), "mails": one.mails, "field": line(one.field)}
        yield say(one.why, **facts)
    if found.fields or found.data:
        yield say("not_seen")
