"""The values that a snippet may use: VARIABLES lists them, `context` makes them of a ticket, `sample_contexts` of none.

What is said in words, such as `expected`, is made for each language; `render` takes that of the snippet it has chosen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ticketctl.content import day_words
from ticketctl.content.privacy_values import privacy_words
from ticketctl.domain.config import Config
from ticketctl.domain.deadlines.reply_forecast import answer_due, outlook
from ticketctl.domain.settings.settings import Agent
from ticketctl.domain.text.rating_question import QUESTION
from ticketctl.domain.text.subjects import NO_SUBJECT
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

LONGEST_VALUE = 500
SPOKEN = "in words"  # in a context: language → the values that are words

VARIABLES = {
    "ticket.number": "the ticket's number",
    "ticket.subject": "the subject, as the customer wrote it; empty where there is none, and in automatic answers",
    "ticket.status": "new, open, waiting or closed",
    "ticket.priority": "high, medium or low",
    "ticket.opened": "the day it came",
    "ticket.labels": "its labels, a list",
    "ticket.link": "the page of the ticket for the customer; empty without `web: address:` in rules.yaml",
    "ticket.fields.NAME": "a field of rules.yaml; empty where it is not set",
    "requester.name": "the customer's name; empty in automatic answers",
    "requester.first_name": "the first name; empty where there is none, and in automatic answers",
    "requester.address": "the customer's address; empty in automatic answers",
    "agent.name": "who answers; empty where a rule does",
    "agent.email": "the address of who answers; the desk's where a rule does",
    "agent.signed": "yes where a signature stands below what they write, else empty",
    "desk.name": "the name of the desk",
    "desk.email": "the address that replies come from",
    "desk.language": "the desk's own language",
    "expected": "by when the customer has an answer, from `targets:` and `hours:`; empty where nothing is promised",
    "open_now": "yes while the desk is open, else empty",
    "opens_at": "when the desk opens next; empty while it is open",
    "closed_from": "the first day of holidays (three days or more) that are near; empty where none are",
    "back_at": "when the desk opens after the holidays that are near or have begun; empty where there are none",
    "privacy.responsible": "who is responsible for personal data: `privacy: responsible:`, or the desk's name",
    "privacy.contact": "where to write about personal data: `privacy: contact:`, or the desk's address",
    "privacy.ground": "the legal ground, in words",
    "privacy.kept": "how long it is kept, in words, from `privacy: retention:`",
    "privacy.recipients": "the names of `privacy: processors:`; empty where there are none",
    "privacy.authority": "the authority to complain to",
    "rating_question": "the question how satisfied they are; what they answer by mail, 1 to 5, is kept as their rating",
    "privacy_notice": "the text of `privacy: notice:`",
}


def context(
    ticket: Ticket,
    config: Config,
    now: datetime,
    agent: Agent | None = None,
    *,
    signed: bool = False,
    link: str = "",
) -> dict[str, Any]:
    """What a snippet may use, as VARIABLES tells. Every value is text on one line, or a list of such. `signed`: a
    signature will stand below it, so that the snippet need not say who writes. `link` is the customer's page."""
    opened = ticket.opened_at.astimezone(ZoneInfo(config.timezone))
    sender = config.outgoing.sender if config.outgoing else ""
    values: dict[str, Any] = {
        "ticket": {
            "number": str(ticket.number),
            "subject": "" if ticket.subject == NO_SUBJECT else ticket.subject,
            "status": ticket.status,
            "priority": ticket.priority,
            "opened": f"{opened:%Y-%m-%d}",
            "labels": list(ticket.labels),
            "link": link,
            "fields": {name: ticket.fields.get(name, "") for name in config.fields},
        },
        "requester": _requester(ticket.requester),
        "agent": {
            "name": _person(agent.name) if agent else "",
            "email": agent.email if agent else _address(sender),
            "signed": "yes" if signed else "",
        },
        "desk": {
            "name": config.name,
            "email": _address(sender),
            "language": config.language,
            "notice": Path(config.privacy.notice).name,
        },
        SPOKEN: {language: _words(ticket, config, now, language) for language in day_words.LANGUAGES},
    }
    cleaned: dict[str, Any] = _cleaned(values)
    return cleaned


def _requester(person: Person) -> dict[str, str]:
    return {"name": person.name, "first_name": first_name(person.name), "address": person.address}


def spoken(context: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The context with its words in `language`, or English where this house does not speak it."""
    words = context.get(SPOKEN, {})
    rest = {name: value for name, value in context.items() if name != SPOKEN}
    return {**rest, **words.get(language, words.get("en", {}))}


def without_sender(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context without a word that the sender of the mail could have chosen."""
    return {
        **context,
        "ticket": {**context["ticket"], "subject": ""},
        "requester": dict.fromkeys(context["requester"], ""),
    }


def sample_contexts(config: Config) -> dict[str, dict[str, Any]]:
    """What is told about a made-up ticket → its context: one that has everything, one that has next to nothing, one
    that came the evening before Christmas."""
    opened = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    anna = Person("anna@example.com", "Anna Åström")
    message = Message(key="m1", direction="in", kind="message", at=opened, sender=anna, text="Hej!")
    full = Ticket(
        number=17,
        subject="Kvitto saknas",
        requester=anna,
        opened_at=opened,
        labels=config.labels[:1],
        fields={name: spec.values[0] if spec.values else "x" for name, spec in config.fields.items()},
        messages=(message,),
    )
    bare = Ticket(number=18, subject="", requester=Person("info@example.org"), opened_at=opened, status="waiting")
    return {
        "": context(full, config, opened, config.team[0] if config.team else None, link=_sample_link(config)),
        "a ticket without name, labels and fields": context(bare, config, datetime(2026, 11, 22, 20, tzinfo=UTC)),
        "a ticket two days before Christmas": context(full, config, datetime(2026, 12, 22, 18, tzinfo=UTC)),
        "an answer with a signature below": context(full, config, opened, signed=True),
    }


def _sample_link(config: Config) -> str:
    return f"{config.web.address or 'https://support.example.com'}/t/dGhpc2lzb25seXNhbXA"


def sample(config: Config, name: str, language: str) -> str:
    """What the value holds on a made-up ticket, as a snippet prints it; "" for one that is empty on all of them."""
    if name == "privacy_notice":
        return config.privacy.notice and f"the text of {config.privacy.notice}"
    if name == "ticket.fields.NAME":
        name = f"ticket.fields.{next(iter(config.fields), '')}"
    values = (_at(spoken(one, language), name) for one in sample_contexts(config).values())
    return next(filter(None, values), "")


def _at(value: Any, name: str) -> str:
    for part in name.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return ", ".join(value) if isinstance(value, list) else str(value)


def meaning(name: str) -> str:
    """What VARIABLES tells of a value."""
    return VARIABLES.get("ticket.fields.NAME" if name.startswith("ticket.fields") else name, "")


def first_name(name: str) -> str:
    """ "Anna Åström", "Åström, Anna" → "Anna"; "" where the name is none: an address, initials, digits."""
    last, comma, first = name.partition(",")
    words = (first if comma else last).split()
    word = words[0].strip("\"'") if words else ""
    return word if len(word) > 1 and all(one.isalpha() or one in "-'’" for one in word) else ""


# --- inside ---


def _words(ticket: Ticket, config: Config, now: datetime, language: str) -> dict[str, Any]:
    return {
        **_times(ticket, config, now, language),
        "rating_question": QUESTION[language],
        "privacy": privacy_words(config, language),
    }


def _times(ticket: Ticket, config: Config, now: datetime, language: str) -> dict[str, str]:
    zone = ZoneInfo(config.timezone)
    due = answer_due(ticket, config.targets, config.hours, now)
    desk = outlook(now, config.hours, due)
    return {
        "expected": day_words.by(due, now, zone, language) if due else "",
        "open_now": {"sv": "ja", "en": "yes"}[language] if desk.open_now else "",
        "opens_at": day_words.at(desk.opens_at, now, zone, language) if desk.opens_at else "",
        "closed_from": day_words.day(desk.closed_from, language) if desk.closed_from else "",
        "back_at": day_words.at(desk.back_at, now, zone, language) if desk.back_at else "",
    }


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return _one_line(value)


def _one_line(text: str) -> str:
    """Control and direction characters gone, white space single: a value cannot begin a line of its own."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join(kept.split())[:LONGEST_VALUE]


def _person(name: str) -> str:
    """An agent's name as a customer reads it: "anna-karin.ek" → "Anna-Karin Ek"; one with capitals stays as it is."""
    return name.replace(".", " ").replace("_", " ").title() if name.islower() else name


def _address(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ")
