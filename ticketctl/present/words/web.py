"""What every web page says: its frame, and what went wrong."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "other_language": "Svenska",
        "other_language_code": "sv",
        "skip": "To the content",
        "back": "Back",
        "contact": "Write to us",
        "help": "Help pages",
        "nothing_here": "There is nothing here to fill in. Write to us by e-mail.",
        "status_400": "That could not be read",
        "status_403": "That is not allowed",
        "status_404": "That page does not exist, or no longer",
        "status_405": "That cannot be done here",
        "status_409": "That cannot be done now",
        "status_410": "That page is gone",
        "status_413": "That was too large",
        "status_422": "Something in it is not right",
        "status_429": "Too many at once. Please try again in a while",
        "status_500": "Something went wrong on our side",
        "status_502": "A server that is needed for this did not answer",
        "status_503": "We are busy right now. Please try again in a few seconds",
        "bug": "It was noted under {number}.",
    },
    "sv": {
        "other_language": "English",
        "other_language_code": "en",
        "skip": "Till innehållet",
        "back": "Tillbaka",
        "contact": "Skriv till oss",
        "help": "Hjälpsidor",
        "nothing_here": "Här finns inget att fylla i. Skriv till oss med e-post.",
        "status_400": "Det gick inte att läsa",
        "status_403": "Det är inte tillåtet",
        "status_404": "Sidan finns inte, eller finns inte längre",
        "status_405": "Det går inte att göra här",
        "status_409": "Det går inte att göra nu",
        "status_410": "Sidan är borttagen",
        "status_413": "Det var för stort",
        "status_422": "Något i det stämmer inte",
        "status_429": "Det blev för många på en gång. Försök igen om en stund",
        "status_500": "Något gick fel hos oss",
        "status_502": "En server som behövs för det svarade inte",
        "status_503": "Det är mycket just nu. Försök igen om några sekunder",
        "bug": "Felet har fått nummer {number}.",
    },
}
