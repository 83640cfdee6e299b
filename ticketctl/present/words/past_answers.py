"""What is said of past answers, wherever they are shown, and of a draft that a language model suggests."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "title": "Past answers to similar questions (as they were sent; most similar first)",
        "none": "No past answer to a similar question.",
        "no_words": "no word in common",
        "also": "same answer in {tickets}",
        "more": "… {count} more lines: `ticketctl show {number}`",
        # reply --from-past
        "which": "Start with which one (number; Enter: none)",
        "none_of_them": "{word!r} is not one of them",
        "nothing_filled_in": "Nothing was filled in: you can only choose one on a terminal.",
        # reply --suggest-draft
        "suggested": "#{number}: draft saved, suggested by {model}; read and change it: `ticketctl reply {number}`",
        "suggested_past": "#{number}: draft saved, the answer of {tickets}; read and change it: "
        "`ticketctl reply {number}`",
        "source": "  #{ticket} · {likeness}",
        "nobody": "#{number}: there is no past answer to use; the model was not asked and no draft was saved",
        "not_used": "the language model could not be used: {why}",
    },
    "sv": {
        "title": "Tidigare svar på liknande frågor (som de skickades; de mest lika först)",
        "none": "Inget tidigare svar på en liknande fråga.",
        "no_words": "inget gemensamt ord",
        "also": "samma svar i {tickets}",
        "more": "… {count} rader till: `ticketctl show {number}`",
        "which": "Börja med vilket (nummer; Enter: inget)",
        "none_of_them": "{word!r} är inte ett av dem",
        "nothing_filled_in": "Ingenting fylldes i: du kan bara välja i en terminal.",
        "suggested": "#{number}: utkast sparat, föreslaget av {model}; läs och ändra det: `ticketctl reply {number}`",
        "suggested_past": "#{number}: utkast sparat, svaret i {tickets}; läs och ändra det: `ticketctl reply {number}`",
        "source": "  #{ticket} · {likeness}",
        "nobody": "#{number}: det finns inget tidigare svar att utgå från; modellen tillfrågades inte och inget "
        "utkast sparades",
        "not_used": "språkmodellen kunde inte användas: {why}",
    },
}
