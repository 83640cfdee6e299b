"""What the help pages say beside their own texts."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "title": "Help",
        "search": "Search",
        "words": "What do you want to know?",
        "found": "{count} found",
        "found_none": "Nothing fits. Try other words, or write to us.",
        "empty": "There are no help pages yet.",
        "all": "All help pages",
        "write": "Write to us",
        "not_answered": "Was it not this?",
    },
    "sv": {
        "title": "Hjälp",
        "search": "Sök",
        "words": "Vad vill du veta?",
        "found": "{count} hittade",
        "found_none": "Inget passar. Prova andra ord, eller skriv till oss.",
        "empty": "Det finns inga hjälpsidor än.",
        "all": "Alla hjälpsidor",
        "write": "Skriv till oss",
        "not_answered": "Var det inte det här?",
    },
}
