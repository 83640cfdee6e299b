"""What `take` says."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "would_take": "would: take #{number} {subject}",
        "nothing": "Nothing to take: unassigned tickets wait for the customer, or there are none. "
        "`ticketctl list --mine` shows yours",
    },
    "sv": {
        "would_take": "på prov: #{number} {subject} blir ditt",
        "nothing": "Inget att ta: ärenden utan ansvarig väntar på kunden, eller så finns det inga. "
        "`ticketctl list --mine` visar dina",
    },
}
