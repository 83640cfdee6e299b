"""Remarks of use cases, as lines."""

from __future__ import annotations

from ticketctl.content.terminal import line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Remark

TEXTS: Texts = {
    "en": {
        "rule_trouble": "{text}",
        "reading_not_noted": "not noted in the audit log: {error}",
        "no_promise": "no date is promised in this text, or none that is certain; `--promise WHEN` says which",
        "no_copy": "the reply was sent, but there is no copy in the Sent folder yet: {error}",
        "reply_waits": "#{number}: {author}’s reply {message} is sent {when}; "
        "`ticketctl outbox cancel {number}` makes it a draft",
        "reply_held": "#{number}: {author}’s reply {message} is held back; "
        "`ticketctl outbox cancel {number}` makes it a draft",
        "answers_elsewhere": "#{number}: {sender} asks for answers to {there}; `--to {there}` sends it there",
    },
}


def remark_line(remark: Remark, language: str) -> str:
    return line(say_in(language, TEXTS)(remark.code, number=remark.ticket, **remark.facts))
