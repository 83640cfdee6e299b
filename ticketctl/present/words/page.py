"""What `page` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.customer.links import LinkIssued
from ticketctl.usecases.results import Done

TEXTS: Texts = {
    "en": {
        "issued": "{address} (until {until:%Y-%m-%d})",
        "revoked": "#{number}: no link to the customer's page works any more; there were {count}",
    },
    "sv": {
        "issued": "{address} (till {until:%Y-%m-%d})",
        "revoked": "#{number}: ingen länk till kundens sida fungerar längre; det fanns {count}",
    },
}


def issued(done: Done[LinkIssued], language: str) -> str:
    return say_in(language, TEXTS)("issued", address=done.value.address, until=done.value.until)


def revoked(done: Done[int], language: str) -> str:
    return say_in(language, TEXTS)("revoked", number=done.number, count=done.value)
