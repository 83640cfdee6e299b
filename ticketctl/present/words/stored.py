"""Sentences that tickets keep: why a message is in them, what to look at twice, what a mail is besides its text.

They are stored in English. Here each has a key, by which the languages say it; a sentence that is not here, or in part
only, is said as it is stored, with nothing of another language around it.
"""

from __future__ import annotations

import re
from functools import cache

from ticketctl.present.words import Texts, say_in, spoken

TEXTS: Texts = {
    "en": {
        # why a message is here
        "unknown": "not known",
        "apart": "nothing in it refers to a ticket",
        "answers_ours": "answers our mail of #{number}",
        "to_address": "is sent to the address for answers of #{number}",
        "answers_message": "answers a message of #{number}",
        "same_id": "has the Message-ID of a message of #{number}",
        "was_answered": "was answered by a message of #{number}",
        "answers_same": "answers the same mail as a message of #{number}",
        "names_number": "names the number of #{number}",
        "of_link": "written by the link of #{number}",
        "same_subject": "answers an unknown mail, with the subject and from the requester of #{number}",
        "no_part": "{address} takes no part in it",
        "unknown_sender": "an unknown sender takes no part in it",
        "reply_to_only": "{address} is only named for answers (Reply-To)",
        "closed_since": "that is closed since {day}",
        "edited": "changed by its writer afterwards",
        "removed": "removed by its writer",
        "since_answer": "changed after our answer",
        "said_first": "the first that is said in this conversation",
        "said_anew": "begins a new matter",
        "said_on": "goes on with the conversation of #{number}",
        "said_late": "long after the last word in #{number}",
        "about_ours": "about our own mail of #{number}",
        "bounce_apart": "a bounce that names no mail of ours",
        "above_forwarded": "written above what was forwarded",
        "moved": "moved from #{number} by {agent}",
        "logged": "logged by {agent}",
        "rule_snippet": "rule {rule} with snippet {snippet}",
        "rule": "rule {rule}",
        "escalation": "escalation {step}",
        "handover_note": "hand-over note",
        "handed_over": "written by `ticketctl handover`",
        "customer_wrote": "the customer wrote",
        "not_delivered": "{message} was not delivered",
        # what to look at twice
        "by_number": "joined by its number alone",
        "by_reply_to": "sent from another address: Reply-To alone says who wrote it",
        "by_subject": "joined by its subject alone",
        "by_link": "written by the link, which others may have too",
        "forwarded": "forwarded by {address}",
        "not_verified": "who is not verified",
        "passes_on_offer": "passes on a mail of {person}: `{command}` makes it theirs",
        "passes_on": "passes on a mail of {person}",
        "header_only": "only the header was fetched: the mail has {bytes} bytes",
        # what it is besides its text
        "masked_found": "{what} holds what this desk masks, and it could not be masked in it",
        "masked_unread": "{what} could not be looked into for what this desk masks",
        "written_through": "written through {address}",
        "unproven": "the address is as it was typed, and nothing proves whose it is",
        "room_encrypted": "encrypted with Matrix: can't be read here; ask for it in a room without encryption",
        "room_file_unknown": "the file {name} is not here: encrypted, or without an address",
        "room_file_large": "the file {name} is not here: it is larger than {count} MB",
        "room_file_refused": "the file {name} is not here: the server does not give it ({status})",
        "pgp_signed": "signed (PGP, not checked)",
        "smime_signed": "signed (S/MIME, not checked)",
        "smime_packed": "signed with S/MIME in a packed form: its text can't be read here; open smime.p7m in a mail "
        "program",
        "encrypted": "encrypted with {kind}: can't be read here: save the mail and open it with the key, or ask for "
        "it unencrypted",
        "encrypted_before": "encrypted with {kind}: can't be read here: save it with `show --attachments DIR` and open "
        "it with the key, or ask for it unencrypted",
        "winmail": "winmail.dat is Outlook's container, and nothing could be read from it: ask for the files by "
        "themselves",
        "receipt_unread": "receipt: deleted without being read",
        "receipt": "read receipt",
        "complaint_from": "spam complaint (feedback report) from {address}",
        "complaint": "spam complaint (feedback report)",
        "feedback_from": "feedback report ({kind}) from {address}",
        "feedback": "feedback report ({kind})",
        "accepted": "accepted the invitation: {what}",
        "declined": "declined the invitation: {what}",
        "tentative": "tentatively accepted the invitation: {what}",
        "answered": "answered the invitation: {what}",
        "invitation": "invitation: {what}",
        "cancelled": "cancelled invitation: {what}",
        "counter": "another time is proposed for the invitation: {what}",
        "calendar": "calendar entry: {what}",
        "more_dates": "further dates of the invitation: {what}",
        # between two of them
        "but": ", but ",
        "because": "; there because it ",
        "and": ", ",
    },
    "sv": {
        "unknown": "okänt",
        "apart": "inget i det hänvisar till ett ärende",
        "answers_ours": "svarar på vårt mejl i #{number}",
        "to_address": "är skickat till svarsadressen för #{number}",
        "answers_message": "svarar på ett meddelande i #{number}",
        "same_id": "har samma Message-ID som ett meddelande i #{number}",
        "was_answered": "besvarades av ett meddelande i #{number}",
        "answers_same": "svarar på samma mejl som ett meddelande i #{number}",
        "names_number": "nämner numret på #{number}",
        "of_link": "skrivet genom länken till #{number}",
        "same_subject": "svarar på ett okänt mejl, med ämnet och från kunden i #{number}",
        "no_part": "{address} är inte med i det",
        "unknown_sender": "en okänd avsändare är inte med i det",
        "reply_to_only": "{address} är bara angiven för svar (Reply-To)",
        "closed_since": "det är stängt sedan {day}",
        "edited": "ändrat i efterhand av den som skrev",
        "removed": "borttaget av den som skrev",
        "since_answer": "ändrat efter vårt svar",
        "said_first": "det första som sägs i det här samtalet",
        "said_anew": "börjar ett nytt ärende",
        "said_on": "fortsätter samtalet i #{number}",
        "said_late": "långt efter det sista ordet i #{number}",
        "about_ours": "om vårt eget mejl i #{number}",
        "bounce_apart": "en studs som inte nämner något mejl från oss",
        "above_forwarded": "skrivet ovanför det som vidarebefordrades",
        "moved": "flyttat från #{number} av {agent}",
        "logged": "inlagt av {agent}",
        "rule_snippet": "regeln {rule} med mallen {snippet}",
        "rule": "regeln {rule}",
        "escalation": "eskalering {step}",
        "handover_note": "överlämningsanteckning",
        "handed_over": "skrivet av `ticketctl handover`",
        "customer_wrote": "kunden skrev",
        "not_delivered": "{message} kom inte fram",
        "by_number": "hamnade här bara genom sitt nummer",
        "by_reply_to": "skickat från en annan adress: bara Reply-To säger vem som skrev det",
        "by_subject": "hamnade här bara genom sitt ämne",
        "by_link": "skrivet genom länken, som andra också kan ha",
        "forwarded": "vidarebefordrat av {address}",
        "not_verified": "som inte är verifierad",
        "passes_on_offer": "skickar vidare ett mejl från {person}: `{command}` gör det till deras ärende",
        "passes_on": "skickar vidare ett mejl från {person}",
        "header_only": "bara brevhuvudet hämtades: mejlet är på {bytes} byte",
        "masked_found": "{what} innehåller sådant som vi döljer, och det gick inte att dölja där",
        "masked_unread": "{what} gick inte att öppna för att se om den innehåller sådant som vi döljer",
        "written_through": "skrivet via {address}",
        "unproven": "adressen är som den skrevs in, och inget visar vems den är",
        "room_encrypted": "krypterat med Matrix: kan inte läsas här; be om det i ett rum utan kryptering",
        "room_file_unknown": "filen {name} är inte här: krypterad, eller utan adress",
        "room_file_large": "filen {name} är inte här: den är större än {count} MB",
        "room_file_refused": "filen {name} är inte här: servern ger den inte ({status})",
        "pgp_signed": "signerat (PGP, inte kontrollerat)",
        "smime_signed": "signerat (S/MIME, inte kontrollerat)",
        "smime_packed": "signerat med S/MIME i packad form: texten kan inte läsas här; öppna smime.p7m i ett "
        "e-postprogram",
        "encrypted": "krypterat med {kind}: kan inte läsas här: spara mejlet och öppna det med nyckeln, eller be "
        "om det okrypterat",
        "encrypted_before": "krypterat med {kind}: kan inte läsas här: spara det med `show --attachments DIR` och "
        "öppna det med nyckeln, eller be om det okrypterat",
        "winmail": "winmail.dat är Outlooks behållare, och inget kunde läsas ur den: be om filerna var för sig",
        "receipt_unread": "kvitto: raderat utan att läsas",
        "receipt": "läskvitto",
        "complaint_from": "klagomål på skräppost (feedback report) från {address}",
        "complaint": "klagomål på skräppost (feedback report)",
        "feedback_from": "återkopplingsrapport ({kind}) från {address}",
        "feedback": "återkopplingsrapport ({kind})",
        "accepted": "tackade ja till inbjudan: {what}",
        "declined": "tackade nej till inbjudan: {what}",
        "tentative": "tackade kanske till inbjudan: {what}",
        "answered": "svarade på inbjudan: {what}",
        "invitation": "inbjudan: {what}",
        "cancelled": "inställd inbjudan: {what}",
        "counter": "en annan tid föreslås för inbjudan: {what}",
        "calendar": "kalenderpost: {what}",
        "more_dates": "fler datum för inbjudan: {what}",
        "but": ", men ",
        "because": "; där eftersom det ",
        "and": ", ",
    },
}
STORED = {
    "unknown": "unknown",
    "by_number": "by number",
    "by_subject": "by subject",
    "by_reply_to": "by Reply-To",
    "by_link": "by link",
}  # where that is not the English sentence
BETWEEN = ("but", "because", "and")
_NAME = re.compile("[a-z]+(-[a-z]+)*", re.ASCII)  # of a command, which is the same in all languages
LONGEST = 1_000  # characters of a sentence that is looked up


def in_words(text: str, language: str) -> tuple[str, str]:
    """The sentence, and the language that it is in."""
    found = _translated(text, spoken(language, TEXTS)) if len(text) <= LONGEST else None
    if found is not None:
        return found, language
    return _translated(text, "en") or text if len(text) <= LONGEST else text, "en"


def _translated(text: str, language: str) -> str | None:
    say = say_in(language, TEXTS)
    for key, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return say(key, **match.groupdict())
    if _NAME.fullmatch(text):
        return text
    for key in BETWEEN:
        before, between, after = text.partition(TEXTS["en"][key])
        first = _translated(before, language) if between else None
        second = _translated(after, language) if first is not None else None
        if first is not None and second is not None:
            return f"{first}{say(key)}{second}"
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = {key: STORED.get(key, text) for key, text in TEXTS["en"].items() if key not in BETWEEN}
    return tuple((key, _pattern(text)) for key, text in texts.items())


def _pattern(text: str) -> re.Pattern[str]:
    """Facts take whatever there is; a number, an address or a name of rules.yaml has no blanks."""
    parts = re.split(r"{(\w+)}", text)
    loose = ("what", "person", "command", "step", "name")
    return re.compile(
        "".join(
            (rf"(?P<{part}>.+?)" if part in loose else rf"(?P<{part}>\S+)") if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
    )
