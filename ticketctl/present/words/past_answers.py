"""What is said of past answers, wherever they are shown, and of a draft that a language model suggests."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "title": "Past answers to questions like this one (as they were sent; the most alike first)",
        "none": "No past answer to a question like this one.",
        "no_words": "no word in common",
        "also": "the same answer in {tickets}",
        "more": "… {count} more lines: `ticketctl show {number}`",
        # reply --from-past
        "which": "Begin with which one (number; Enter: none)",
        "none_of_them": "{word!r} is none of them",
        "nothing_filled_in": "Nothing was filled in: that is asked on a terminal.",
        # reply --suggest-draft
        "suggested": "#{number}: draft kept, suggested by {model}; read and change it: `ticketctl reply {number}`",
        "suggested_past": "#{number}: draft kept, the answer of {tickets}; read and change it: "
        "`ticketctl reply {number}`",
        "source": "  #{ticket} · {likeness}",
        "nobody": "#{number}: no past answer to draw on; nothing was asked and no draft kept",
        "not_used": "the language model could not be used: {why}",
    },
    "sv": {
        "title": "Tidigare svar på liknande frågor (som de skickades; de mest lika först)",
        "none": "Inget tidigare svar på en liknande fråga.",
        "no_words": "inget gemensamt ord",
        "also": "samma svar i {tickets}",
        "more": "… {count} rader till: `ticketctl show {number}`",
        "which": "Börja med vilket (nummer; Enter: inget)",
        "none_of_them": "{word!r} är inget av dem",
        "nothing_filled_in": "Ingenting fylldes i: frågan ställs i en terminal.",
        "suggested": "#{number}: utkast sparat, föreslaget av {model}; läs och ändra det: `ticketctl reply {number}`",
        "suggested_past": "#{number}: utkast sparat, svaret i {tickets}; läs och ändra det: `ticketctl reply {number}`",
        "source": "  #{ticket} · {likeness}",
        "nobody": "#{number}: inget tidigare svar att utgå från; ingenting frågades och inget utkast sparades",
        "not_used": "språkmodellen kunde inte användas: {why}",
    },
}
