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
        "one_at_a_time": "--from-past and --suggest-draft are for one ticket",
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
        "one_at_a_time": "--from-past och --suggest-draft är för ett ärende",
    },
}
