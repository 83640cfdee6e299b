"""What the page of figures says around the report."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "title": "Figures",
        "period": "Period",
        "period_week": "last week",
        "period_month": "last month",
        "period_quarter": "last quarter",
        "period_year": "last year",
        "by": "By",
        "by_none": "nothing",
        "by_owner": "owner",
        "by_channel": "channel",
        "by_priority": "priority",
        "by_label": "label",
        "by_cause": "cause",
        "show": "Show",
    },
    "sv": {
        "title": "Siffror",
        "period": "Period",
        "period_week": "förra veckan",
        "period_month": "förra månaden",
        "period_quarter": "förra kvartalet",
        "period_year": "förra året",
        "by": "Per",
        "by_none": "inget",
        "by_owner": "ansvarig",
        "by_channel": "kanal",
        "by_priority": "prioritet",
        "by_label": "etikett",
        "by_cause": "orsak",
        "show": "Visa",
    },
}
