"""What is said, and asked, about what stands in the way of a change."""

from __future__ import annotations

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.terminal import shortened
from ticketctl.content.times import local
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.reply_check import hint_lines, place_text
from ticketctl.usecases.results import Objection

TEXTS: Texts = {
    "en": {
        # refused
        "attachment_missing": "#{number}: the text says “{phrase}”, but nothing is attached; nothing was sent: "
        "`--attach FILE` attaches something, `--no-attachment` sends it without",
        "not_filled_in": "#{number}: nothing was sent; fill it in, or `--no-check` sends it as it is",
        "holds_sensitive": "#{number}: nothing was sent; take it out, or `--no-check` sends it as it is",
        "check_warning": "#{number}: nothing was sent; `--no-check` sends it as it is",
        "checked_strictly": "#{number}: nothing was sent, because replies are checked strictly; `--no-check` sends it "
        "as it is",
        "promise_found": "#{number}: the text promises something by {when} (“{sentence}”); nothing was sent",
        "wrote_meanwhile": "#{number}: {who} wrote meanwhile; `ticketctl show {number}`, then reply again",
        "someone_writing": "#{number}: {agent} has been writing since {since}",
        "larger_than_expected": "this would permanently purge {tickets} of {of} tickets and {mails} of {mails_of} "
        "original mails, more than expected; check `ticketctl purge --plan`, then run `ticketctl purge --yes`",
        "erasures_unknown": "nothing was restored: it is not known who was erased since this backup was made. Copy the "
        "desk's folder erased/ to {folder} and try again, or use --anyway if nobody was erased",
        "erase_person": "this would permanently erase a person from {tickets} tickets; check it with `--dry-run`, then "
        "use `--yes`",
        "files_of_others": "{count} files of other people mention them: use `--files keep` or `--files delete`",
        "about": "#{number}: {line}",
        "place": "line {line}: not filled in: {place}",
        # asked
        "ask_attachment": "The text says “{phrase}”, but nothing is attached. Send it all the same?",
        "ask_check": "Send it all the same? [y]es, [e]dit, [N]o",
        "ask_promise": "promise: {when} (“{sentence}”)?",
        "ask_meanwhile": "\nThis came meanwhile. Send yours as it is (s), edit it (e), or keep it as a draft (d)?",
        "ask_writing": "#{number}: {agent} has been writing since {since}. Write all the same?",
        "attach": "nothing was sent; `--attach FILE` attaches something",
        "not_sent": "nothing was sent",
        "when_done": "nothing was sent; `ticketctl show {number}` shows when the other is done",
    },
    "sv": {
        "attachment_missing": "#{number}: texten säger ”{phrase}”, men ingenting är bifogat; inget skickades: "
        "`--attach FIL` bifogar något, `--no-attachment` skickar utan",
        "not_filled_in": "#{number}: inget skickades; fyll i det, eller så skickar `--no-check` det som det är",
        "holds_sensitive": "#{number}: inget skickades; ta bort det, eller så skickar `--no-check` det som det är",
        "check_warning": "#{number}: inget skickades; `--no-check` skickar det som det är",
        "checked_strictly": "#{number}: inget skickades, för svar kontrolleras strängt; `--no-check` skickar det som "
        "det är",
        "promise_found": "#{number}: texten lovar något till {when} (”{sentence}”); inget skickades",
        "wrote_meanwhile": "#{number}: {who} skrev under tiden; `ticketctl show {number}`, och svara sedan igen",
        "someone_writing": "#{number}: {agent} skriver sedan {since}",
        "larger_than_expected": "detta skulle gallra {tickets} av {of} ärenden och {mails} av {mails_of} "
        "originalmejl för gott, fler än väntat; se `ticketctl purge --plan`, kör sedan `ticketctl purge --yes`",
        "erasures_unknown": "inget återställdes: det är okänt vilka som har raderats sedan kopian gjordes. Kopiera "
        "mappen erased/ till {folder} och försök igen, eller ange --anyway om ingen har raderats",
        "erase_person": "detta skulle radera en person ur {tickets} ärenden för gott; kontrollera med `--dry-run`, "
        "ange sedan `--yes`",
        "files_of_others": "{count} filer från andra nämner personen: ange `--files keep` eller `--files delete`",
        "about": "#{number}: {line}",
        "place": "rad {line}: inte ifyllt: {place}",
        "ask_attachment": "Texten säger ”{phrase}”, men ingenting är bifogat. Skicka ändå?",
        "ask_check": "Skicka ändå? [j]a, [r]edigera, [N]ej",
        "ask_promise": "löfte: {when} (”{sentence}”)?",
        "ask_meanwhile": "\nDetta kom under tiden. Skicka ditt som det är (s), redigera det (r) eller spara det som "
        "utkast (u)?",
        "ask_writing": "#{number}: {agent} skriver sedan {since}. Skriva ändå?",
        "attach": "inget skickades; `--attach FIL` bifogar något",
        "not_sent": "inget skickades",
        "when_done": "inget skickades; `ticketctl show {number}` visar när den andra är klar",
    },
}


def objection_line(one: Objection, language: str) -> str:
    """What stands in the way, in lines, and the options that accept it."""
    say = say_in(language, TEXTS)
    found = [say("about", number=one.ticket, line=line) for line in found_lines(one, language)]
    return "\n".join([*found, say(one.code, **said_facts(one, language))])


def found_lines(one: Objection, language: str) -> list[str]:
    """What was found in the text, a line each."""
    say = say_in(language, TEXTS)
    if one.code == "not_filled_in":
        return [say("place", line=place.line, place=place_text(place, language)) for place in one.facts["places"]]
    if one.code == "holds_sensitive":
        return hint_lines(one.facts["sensitive"], language)
    if one.code == "check_warning":
        return hint_lines([hint for hint in one.facts["hints"] if hint.severity == "warning"], language)
    return hint_lines(one.facts["hints"], language) if one.code == "checked_strictly" else []


def said_facts(one: Objection, language: str) -> dict[str, str]:
    """The facts as words."""
    facts = {"number": str(one.ticket), "text": one.text}
    for name, fact in one.facts.items():
        if isinstance(fact, str):
            facts[name] = safe_line(fact)
    if one.code == "promise_found":
        at = one.facts["at"]
        facts |= {"when": local(at, at.tzinfo, language), "sentence": shortened(facts["sentence"], 60)}
    return facts
