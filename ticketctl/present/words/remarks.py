"""Remarks of use cases, as lines."""

from __future__ import annotations

from datetime import datetime

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.errors import TicketctlError
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.errors import error_line, speaks
from ticketctl.usecases.results import Remark

ONLY_VERBOSE = ("job_skipped",)  # said with --verbose alone
TEXTS: Texts = {
    "en": {
        "rule_trouble": "{text}",
        "server_not_asked": "{source}: not looked through on the server: {error}",
        "job_skipped": "{job}: another run is still at work; this one does nothing",
        "number_there": "it had the number #{there} in the system that it was imported from",
        "reading_not_noted": "not noted in the audit log: {error}",
        "no_promise": "no date is promised in this text, or none that is certain; `--promise WHEN` says which",
        "no_copy": "the reply was sent, but there is no copy in the Sent folder yet: {error}",
        "reply_waits": "#{number}: {author}’s reply {message} is sent {when}; "
        "`ticketctl outbox cancel {number}` makes it a draft",
        "reply_held": "#{number}: {author}’s reply {message} is held back; "
        "`ticketctl outbox cancel {number}` makes it a draft",
        "answers_elsewhere": "#{number}: {sender} asks for answers to {there}; `--to {there}` sends it there",
    },
    "sv": {
        "rule_trouble": "{text}",
        "server_not_asked": "{source}: inte genomsökt på servern: {error}",
        "job_skipped": "{job}: en annan körning pågår; den här gör ingenting",
        "number_there": "det hade numret #{there} i systemet som det importerades från",
        "reading_not_noted": "inte antecknat i åtkomstloggen: {error}",
        "no_promise": "ingen dag utlovas i texten, eller ingen som är säker; `--promise NÄR` säger vilken",
        "no_copy": "svaret är skickat, men det finns ingen kopia i mappen Skickat än: {error}",
        "reply_waits": "#{number}: svaret {message} av {author} skickas {when}; "
        "`ticketctl outbox cancel {number}` gör det till ett utkast",
        "reply_held": "#{number}: svaret {message} av {author} hålls kvar; "
        "`ticketctl outbox cancel {number}` gör det till ett utkast",
        "answers_elsewhere": "#{number}: {sender} vill ha svar till {there}; `--to {there}` skickar det dit",
    },
}


def remark_line(remark: Remark, language: str) -> str:
    """In English where an error is told in it that the language has no sentence for."""
    told = [fact for fact in remark.facts.values() if isinstance(fact, TicketctlError)]
    said = language if all(speaks(error, language) for error in told) else "en"
    facts = {name: _fact(fact, said) for name, fact in remark.facts.items()}
    return line(say_in(said, TEXTS)(remark.code, number=remark.ticket, **facts))


def _fact(fact: object, language: str) -> object:
    """A time is one of the desk's zone."""
    if isinstance(fact, TicketctlError):
        return error_line(fact, language)
    return local(fact, fact.tzinfo, language) if isinstance(fact, datetime) and fact.tzinfo else fact
