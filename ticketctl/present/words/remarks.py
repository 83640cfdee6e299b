"""Remarks of use cases, as lines."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Remark

TEXTS: Texts = {
    "en": {
        "rule_trouble": "{text}",
    },
}


def remark_line(remark: Remark, language: str) -> str:
    return say_in(language, TEXTS)(remark.code, number=remark.ticket, **remark.facts)
