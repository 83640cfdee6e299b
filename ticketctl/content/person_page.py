"""The pages of an export of a person's data, in their language: what is held, why, for how long, what was said. They
need nothing else: no script, nothing remote; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape

import msgspec

from ticketctl.content.times import local
from ticketctl.content.words import CHANNEL, STATUS, known

CSS = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25 } h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem .3rem 0; text-align: left; border-bottom: 1px solid #8884; vertical-align: top;
  overflow-wrap: normal }
td:first-child { overflow-wrap: anywhere }
article { border-left: 3px solid #8886; padding-left: 1rem; margin: 1.5rem 0 }
pre { white-space: pre-wrap; font: inherit; margin: .5rem 0 } .dim { opacity: .7 } dt { font-weight: 600 }
dd { margin: 0 }
@media (max-width: 40rem) { body { margin: 1rem auto } th, td { font-size: 14px } }
@media print { body { max-width: none; margin: 0 } }
"""
WORDS = {
    "sv": {
        "title": "Vad {desk} har sparat om dig",
        "made": "Skapat {at}.",
        "responsible": "Personuppgiftsansvarig",
        "contact": "Kontakt",
        "ground": "Rättslig grund",
        "helpers": "Uppgifter behandlas för vår räkning av {names}.",
        "who": "Vem du är för oss",
        "addresses": "Adresser",
        "names": "Namn",
        "facts": "Anteckningar om dig",
        "restricted": "Dina uppgifter är begränsade sedan {at}: de sparas men används inte.",
        "why": "Varför, hur länge och till vem",
        "purpose": "Ändamål",
        "purpose_text": "Att besvara det du skrivit till oss och kunna visa vad som avtalats.",
        "kinds": "Uppgifter",
        "kinds_text": "Namn, adress, det du och vi skrivit, bifogade filer, noteringar, tider.",
        "source": "Källa",
        "source_text": "Du själv, eller den som skrev till oss om dig. Kanaler: {channels}.",
        "kept": "Sparas",
        "kept_forever": "Det finns ingen bestämd tid för gallring; fråga oss.",
        "raw": "Mejl i original: {age}.",
        "rule": "{what}: {then} efter {age}.",
        "closed": "Avslutade ärenden",
        "delete": "raderas",
        "anonymise": "anonymiseras",
        "recipients": "Mottagare",
        "recipients_none": "Ingen utanför {desk} utom mottagarna av mejlen.",
        "recipients_some": "{count} andra adresser fick mejl i dina ärenden; mejlen visar vilka.",
        "rights": "Dina rättigheter",
        "rights_text": "Du kan begära rättelse, radering eller begränsning, och klaga hos {authority}.",
        "tickets": "Dina ärenden",
        "ticket": "Ärende",
        "status": "Status",
        "opened": "Öppnat",
        "role": "Du är",
        "only": "kund",
        "requester": "kund",
        "participant": "deltagare",
        "mentioned": "omnämnd",
        "read": "När uppgifterna lästs",
        "read_when": "När",
        "read_what": "Genom",
        "read_why": "Varför",
        "read_none": "Ingen läsning är loggad.",
        "you": "Du",
        "we": "Vi",
        "note": "Notering hos oss",
        "files": "Filer",
        "back": "Till översikten",
        "other": "(annan person)",
        "staff": "(medarbetare)",
    },
    "en": {
        "title": "What {desk} stores about you",
        "made": "Created on {at}.",
        "responsible": "Controller",
        "contact": "Contact",
        "ground": "Legal ground",
        "helpers": "{names} process data on our behalf.",
        "who": "Who you are to us",
        "addresses": "Addresses",
        "names": "Names",
        "facts": "Notes about you",
        "restricted": "Your data has been restricted since {at}: it is stored but not used.",
        "why": "Why, how long, and to whom",
        "purpose": "Purpose",
        "purpose_text": "To answer what you wrote to us, and to be able to show what was agreed.",
        "kinds": "Data",
        "kinds_text": "Name, address, what you and we wrote, attached files, notes, times.",
        "source": "Source",
        "source_text": "You, or whoever wrote to us about you. Channels: {channels}.",
        "kept": "Kept",
        "kept_forever": "There is no fixed time for deletion; ask us.",
        "raw": "Original mail: {age}.",
        "rule": "{what}: {then} after {age}.",
        "closed": "Closed tickets",
        "delete": "deleted",
        "anonymise": "anonymised",
        "recipients": "Recipients",
        "recipients_none": "Nobody outside {desk} except the recipients of the mails.",
        "recipients_some": "{count} other addresses received mail in your tickets; the mails show which.",
        "rights": "Your rights",
        "rights_text": "You can ask for correction, erasure or restriction, and complain to {authority}.",
        "tickets": "Your tickets",
        "ticket": "Ticket",
        "status": "Status",
        "opened": "Opened",
        "role": "You are",
        "only": "requester",
        "requester": "requester",
        "participant": "participant",
        "mentioned": "mentioned",
        "read": "When the data was read",
        "read_when": "When",
        "read_what": "By",
        "read_why": "Why",
        "read_none": "No reading is logged.",
        "you": "You",
        "we": "We",
        "note": "Our note",
        "files": "Files",
        "back": "To the overview",
        "other": "(other person)",
        "staff": "(staff)",
    },
}

# What a reading was, by the name that the log gives it, or by its first word.
READ = {
    "sv": {
        "show": "ärendet öppnades",
        "attachments": "filer öppnades",
        "reply": "ett svar skrevs",
        "inbox": "nyheter lästes",
        "explain": "reglerna granskades",
        "export": "alla ärenden togs ut",
        "search": "sökning",
        "show answers": "tidigare svar lästes",
        "quarantine show": "ett mejl i karantän lästes",
        "drafts": "utkast lästes",
        "watch": "ärendet bevakades",
        "triage": "nya ärenden sorterades",
        "list": "ärenden listades",
        "board": "ärenden listades",
        "report": "en rapport gjordes",
        "product": "en rapport gjordes",
        "people": "en rapport gjordes",
        "patterns": "återkommande frågor granskades",
        "snippets try": "en svarsmall provades",
        "unmask": "ett mejl i original öppnades",
        "person erase": "radering",
        "person show": "uppgifter om dig togs fram",
        "person export": "det här utdraget gjordes",
        "person note": "en anteckning om dig skrevs",
        "person restrict": "begränsning",
        "person rectify": "rättelse",
        "person link": "sammanföring av adresser",
        "person unlink": "delning av adresser",
    },
    "en": {
        "show": "the ticket was opened",
        "attachments": "files were opened",
        "reply": "a reply was written",
        "inbox": "new messages were read",
        "explain": "the effect of the rules was checked",
        "export": "all tickets were exported",
        "search": "search",
        "show answers": "past answers were read",
        "quarantine show": "a mail in quarantine was read",
        "drafts": "drafts were read",
        "watch": "the ticket was watched",
        "triage": "new tickets were sorted",
        "list": "tickets were listed",
        "board": "tickets were listed",
        "report": "a report was made",
        "product": "a report was made",
        "people": "a report was made",
        "patterns": "recurring questions were reviewed",
        "snippets try": "a reply template was tried",
        "unmask": "an original mail was opened",
        "person erase": "erasure",
        "person show": "your data was looked up",
        "person export": "this export was made",
        "person note": "a note about you was written",
        "person restrict": "restriction",
        "person rectify": "correction",
        "person link": "joining of addresses",
        "person unlink": "separation of addresses",
    },
}


class Rule(msgspec.Struct, frozen=True):
    """A retention rule: a label or "" for all closed tickets, what happens, after how long."""

    label: str
    then: str
    age: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket in the overview."""

    number: int
    subject: str
    status: str
    role: str
    opened_at: datetime


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the person may see it; `whose` is "you", "we", "note" or "other". `files` are paths in the export,
    from the page."""

    at: datetime
    whose: str
    subject: str
    text: str
    files: tuple[tuple[str, str], ...] = ()


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """`told` are the values of the privacy notice: responsible, contact, ground, recipients, authority."""

    desk: str
    at: datetime
    addresses: Sequence[str]
    names: Sequence[str]
    facts: Sequence[tuple[datetime, str]]
    restricted_at: datetime | None
    channels: Sequence[str]
    rules: Sequence[Rule]
    raw: str
    forwarded: int
    readings: Sequence[tuple[datetime, str, str]]
    told: Mapping[str, str]


def word(language: str, key: str, **facts: object) -> str:
    table = WORDS.get(language, WORDS["en"])
    return table[key].format(**facts)


def reading(action: str, language: str) -> str:
    """What a reading of that name in the log was; the log adds an id to some."""
    table, words = READ.get(language, READ["en"]), action.split()
    names = (" ".join(words[:count]) for count in (len(words), 2, 1))
    return next((table[name] for name in names if name in table), action)


def overview(found: Overview, rows: Iterable[Row], language: str, where: tzinfo) -> Iterator[str]:
    """The first page, piece by piece."""

    def say(key: str, **facts: object) -> str:
        return escape(word(language, key, **facts))

    yield _head(say("title", desk=found.desk), language)
    yield f"<p class=dim>{say('made', at=local(found.at, where, language))}</p>\n<h2>{say('who')}</h2>\n<dl>"
    yield f"<dt>{say('addresses')}<dd>{escape(', '.join(found.addresses))}"
    if found.names:
        yield f"<dt>{say('names')}<dd>{escape(', '.join(found.names))}"
    if found.facts:
        facts = "<br>".join(f"{local(at, where, language)}: {escape(text)}" for at, text in found.facts)
        yield f"<dt>{say('facts')}<dd>{facts}"
    yield "</dl>\n"
    if found.restricted_at:
        yield f"<p>{say('restricted', at=local(found.restricted_at, where, language))}</p>\n"
    yield from _why(found, language)
    yield f"<h2>{say('tickets')}</h2>\n<table><tr>"
    yield "".join(f"<th>{say(key)}" for key in ("ticket", "status", "opened", "role"))
    for row in rows:
        yield (
            f'\n<tr><td><a href="tickets/{row.number}.html">#{row.number} {escape(row.subject)}</a>'
            f"<td>{escape(STATUS[known(language)].get(row.status, row.status))}"
            f"<td>{row.opened_at.astimezone(where):%Y-%m-%d}"
            f"<td>{say(row.role)}"
        )
    yield f"\n</table>\n<h2>{say('read')}</h2>\n"
    if found.readings:
        yield "<table><tr>" + "".join(f"<th>{say(key)}" for key in ("read_when", "read_what", "read_why"))
        for at, what, why in found.readings:
            yield f"\n<tr><td>{local(at, where, language)}<td>{escape(reading(what, language))}<td>{escape(why)}"
        yield "\n</table>\n"
    else:
        yield f"<p>{say('read_none')}</p>\n"
    yield "</html>\n"


def _why(found: Overview, language: str) -> Iterator[str]:
    """Purposes, kinds, source, times, recipients, rights: of this person and this desk."""

    def say(key: str, **facts: object) -> str:
        return escape(word(language, key, **facts))

    times = [
        say("rule", what=one.label or word(language, "closed"), then=word(language, one.then), age=one.age)
        for one in found.rules
    ]
    times += [say("raw", age=found.raw)] if found.raw else []
    recipients = say("recipients_some", count=found.forwarded) if found.forwarded else ""
    channels = ", ".join(CHANNEL[known(language)].get(one, one) for one in found.channels)
    if found.told["recipients"]:
        recipients = f"{recipients} {say('helpers', names=found.told['recipients'])}".strip()
    yield f"<h2>{say('why')}</h2>\n<dl>"
    for key in ("responsible", "contact", "ground"):
        if found.told[key]:
            yield f"<dt>{say(key)}<dd>{escape(found.told[key])}"
    yield f"<dt>{say('purpose')}<dd>{say('purpose_text')}<dt>{say('kinds')}<dd>{say('kinds_text')}"
    yield f"<dt>{say('source')}<dd>{say('source_text', channels=channels)}"
    yield f"<dt>{say('kept')}<dd>{'<br>'.join(times) or say('kept_forever')}"
    yield f"<dt>{say('recipients')}<dd>{recipients or say('recipients_none', desk=found.desk)}"
    yield f"<dt>{say('rights')}<dd>{say('rights_text', authority=found.told['authority'])}</dl>\n"


def ticket_page(row: Row, messages: Iterable[Said], language: str, where: tzinfo) -> str:
    """One ticket with what the person may see of it."""
    parts = [_head(escape(f"#{row.number} {row.subject}"), language)]
    parts.append(f'<p><a href="../index.html">{escape(word(language, "back"))}</a></p>\n')
    for one in messages:
        parts.append(f"<article><p class=dim>{escape(word(language, one.whose))}, {local(one.at, where, language)}</p>")
        parts.append(f"<p><b>{escape(one.subject)}</b></p>" if one.subject else "")
        parts.append(f"<pre>{escape(one.text)}</pre>")
        links = ", ".join(f'<a href="../{escape(path)}">{escape(name)}</a>' for name, path in one.files)
        parts.append(f"<p>{escape(word(language, 'files'))}: {links}</p></article>\n" if links else "</article>\n")
    return "".join([*parts, "</html>\n"])


def _head(title: str, language: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{CSS}</style>\n<h1>{title}</h1>\n"
    )
