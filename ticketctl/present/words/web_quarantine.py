"""What the page of messages that were set aside says."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "title": "Quarantine",
        "hint": "Messages that could not be understood are kept here, whole. Nothing else stops because of them.",
        "none": "Nothing is in quarantine.",
        "new": "not looked at",
        "from": "from {source}",
        "look": "Look at it",
        "release": "Make it a ticket",
        "release_hint": "It is read once more. What still cannot be read becomes a ticket with the original attached.",
        "drop": "Delete it for good",
        "drop_hint": "Nothing fetches it again, and it cannot be undone.",
        "sure": "Yes, delete it",
        "not_sure": "Nothing was deleted: tick the box first.",
        "message": "The message as it came",
        "size": "{count} bytes",
        "cut": "The beginning is shown.",
        "withheld": "Nothing of it is here: the mail server lists it and does not give it. Each fetch asks for "
        "it again.",
        "back": "Back to the quarantine",
        "done_known": "It was a mail that is in a ticket already.",
        "done_dropped": "It is deleted.",
    },
    "sv": {
        "title": "Karantän",
        "hint": "Meddelanden som inte gick att förstå sparas här, hela. Inget annat stannar på grund av dem.",
        "none": "Inget är i karantän.",
        "new": "inte tittat på",
        "from": "från {source}",
        "look": "Titta på det",
        "release": "Gör det till ett ärende",
        "release_hint": "Det läses en gång till. Det som ändå inte går att läsa blir ett ärende med originalet "
        "bifogat.",
        "drop": "Radera det för gott",
        "drop_hint": "Inget hämtar det igen, och det går inte att ångra.",
        "sure": "Ja, radera det",
        "not_sure": "Inget raderades: kryssa i rutan först.",
        "message": "Meddelandet som det kom",
        "size": "{count} byte",
        "cut": "Början visas.",
        "withheld": "Inget av det finns här: e-postservern har det i sin lista men lämnar inte ut det. Varje hämtning "
        "frågar efter det igen.",
        "back": "Tillbaka till karantänen",
        "done_known": "Det var ett mejl som redan finns i ett ärende.",
        "done_dropped": "Det är raderat.",
    },
}
