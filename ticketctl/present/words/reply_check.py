"""What the reply check says: a line for each hint."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.domain.reply.check import Hint, Place
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "whole": "{severity}: {text}",
        "line": "{severity}: line {line}: {text}",
        "warning": "warning",
        "hint": "hint",
        "attachment": "the text says “{phrase}”, but nothing is attached",
        "unfilled": "not filled in: {place}",
        "gap": "a gap in “{gap}”",
        "personal_number": "{what} ({shown}) does not belong in a mail",
        "payment_card": "a card number",
        "secret": "a password or a key",
        "personnummer": "a personal identity number",
        "other_customer": "{word} is known from #{ticket}, which is another customer's",
        "language": "it is written in {ours}, and the customer wrote {theirs}",
        "summary": "it does not say first what you understood: one sentence on what the customer wants",
        "next_step": "it names no next step: what do you do, or what shall the customer do?",
        "time": "it promises to go on, but not when: name a day or a time",
    },
    "sv": {
        "whole": "{severity}: {text}",
        "line": "{severity}: rad {line}: {text}",
        "warning": "varning",
        "hint": "tips",
        "attachment": "texten säger ”{phrase}”, men ingenting är bifogat",
        "unfilled": "inte ifyllt: {place}",
        "gap": "en lucka i ”{gap}”",
        "personal_number": "{what} ({shown}) hör inte hemma i ett mejl",
        "payment_card": "ett kortnummer",
        "secret": "ett lösenord eller en nyckel",
        "personnummer": "ett personnummer",
        "other_customer": "{word} är känt från #{ticket}, som är en annan kunds",
        "language": "det är skrivet på {ours}, och kunden skrev på {theirs}",
        "summary": "det säger inte först vad du har förstått: en mening om vad kunden vill",
        "next_step": "det nämner inget nästa steg: vad gör du, eller vad ska kunden göra?",
        "time": "det lovar en fortsättning, men inte när: nämn en dag eller ett klockslag",
    },
}
LANGUAGES = {  # what a language is called in each of ours
    "en": {
        "sv": "Swedish", "en": "English", "de": "German", "fr": "French", "fi": "Finnish", "no": "Norwegian",
        "da": "Danish", "es": "Spanish", "nl": "Dutch", "it": "Italian", "pl": "Polish",
    },
    "sv": {
        "sv": "svenska", "en": "engelska", "de": "tyska", "fr": "franska", "fi": "finska", "no": "norska",
        "da": "danska", "es": "spanska", "nl": "nederländska", "it": "italienska", "pl": "polska",
    },
}  # fmt: skip


def hint_lines(hints: Sequence[Hint], language: str) -> list[str]:
    say = say_in(language, TEXTS)
    return [
        say("line" if one.line else "whole", severity=say(one.severity), line=one.line, text=hint_text(one, language))
        for one in hints
    ]


def hint_text(hint: Hint, language: str) -> str:
    say, facts = say_in(language, TEXTS), dict(hint.facts)
    if hint.code == "unfilled":
        facts["place"] = say("gap", gap=facts["gap"]) if facts["gap"] else facts["found"]
    elif hint.code == "personal_number":
        facts["what"] = say(facts["kind"])
    elif hint.code == "language":
        facts = {name: language_name(code, language) for name, code in facts.items()}
    return say(hint.code, **facts)


def place_text(place: Place, language: str) -> str:
    """What is to be filled in."""
    return say_in(language, TEXTS)("gap", gap=place.gap) if place.gap else place.found


def language_name(code: str, language: str) -> str:
    return LANGUAGES.get(language, LANGUAGES["en"]).get(code, code)
