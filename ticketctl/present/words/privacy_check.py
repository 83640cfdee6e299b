"""What `privacy check` says: the rows, their evidence, what is to be done. It is no legal advice, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ticketctl.content.privacy_values import in_words
from ticketctl.content.terminal import folded, line
from ticketctl.content.times import local, zone
from ticketctl.domain.settings.settings import Duration
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words import doctor as doctor_words
from ticketctl.usecases.upkeep.privacy_check import Fact, Row

TEXTS: Texts = {
    "en": {
        "yes": "yes",
        "no": "NO",
        "unknown": "not known",
        "head": "What an authority asks of those who handle personal data, and what this desk shows of it.",
        "foot": "This is not legal advice. {yes} yes, {no} no, {unknown} not known.",
        "to_do": "to do: {what}",
        # what is asked
        "record": "Record of processing (Art. 30)",
        "ground": "Legal ground; mail leaves the mailbox (Art. 5–6)",
        "minimal": "No more than is needed (Art. 5)",
        "free_text": "Free text about people",
        "informed": "Information to those who write (Art. 13–14)",
        "access": "Access on request (Art. 12, 15)",
        "rectify": "Rectify, restrict, object (Art. 16, 18, 21)",
        "erasure": "Erasure (Art. 17)",
        "retention": "A time limit, carried out (Art. 5)",
        "security": "Security (Art. 32)",
        "breach": "Breaches (Art. 33–34)",
        "processors": "Processors and third countries (Art. 28, 44)",
        "accountability": "Show it (Art. 5.2)",
        # what is to be done
        "do_record": "name responsible:, contact: and processors: under privacy: in rules.yaml; then keep what "
        "`ticketctl privacy record` prints",
        "do_ground": "set then: {{move: …}} or then: delete on each source, and delete old mail on the server; write "
        "down "
        "why the ground holds",
        "do_minimal": "name personnummer and payment_card under privacy: mask:; ask for no more than the matter needs",
        "do_free_text": "agree what notes may say: relevant, never insulting, nothing about health or crime; look "
        "through a few",
        "do_informed": "see `ticketctl doctor`; the notice is in snippets/",
        "do_access": "a rule that labels requests and has promise: calendar 30d (the starter has one); answer what "
        "is late",
        "do_rectify": "until the commands are there: correct by hand, and tell those who got it",
        "do_erasure": "try an erasure on a copy of the desk, and write the day under privacy: tested: {{erasure: …}}",
        "do_retention": "privacy: retention: in rules.yaml, and `ticketctl cron install`; look at `ticketctl purge "
        "--dry-run`",
        "do_security": "see `ticketctl doctor`; privacy: audit_keep: 12 months; look through the roles under team:",
        "do_breach": "privacy: breach_contact: who is called when something is lost or leaks; tell all where to "
        "report it",
        "do_processors": "privacy: processors: with name, what they do, country, and contract: true once there is one",
        "do_accountability": "try a restore and an erasure once a year; write the days under privacy: tested:",
        # evidence
        "controller": "responsible: {who}; contact: {contact}",
        "lacks": "not in rules.yaml: {keys}",
        "ground_is": "ground: {ground}",
        "then_leave": "{source}: mail stays in the mailbox (then: leave)",
        "then_flag": "{source}: mail is only flagged, and stays in the mailbox",
        "then_move": "{source}: mail is moved to {where}, and stays on the server",
        "then_delete": "{source}: mail is deleted from the server",
        "file_stays": "{source}: a file, in which mail stays",
        "oldest": "{source}: {count} mails older than {days} days are on the server, the oldest of {day}",
        "nothing_old": "{source}: nothing older than {days} days is in the folders that are read",
        "not_asked": "{source}: the server was not asked for its oldest mail",
        "not_asked_why": "{source}: the server could not be asked: {why}",
        "masked": "masked on arrival: {kinds}; {hits} messages with it in 30 days",
        "not_masked": "nothing is masked on arrival",
        "fields": "fields that must be set: {names}",
        "no_fields": "no field must be set",
        "raw_kept": "original mail is kept for {age}",
        "raw_as_long": "original mail is kept as long as the ticket",
        "notes": "{count} notes in 30 days",
        "they_may_read": "the person may ask to read them",
        "clock": "requests are known and start a clock: rule {rules}",
        "no_clock": "no rule knows a request and starts a clock",
        "asked": "{count} requests are open",
        "late": "too late: {tickets}",
        "commands": "commands: {names}",
        "no_commands": "not in this version: {names}",
        "erasure_tested": "an erasure was tried on {day}",
        "erasure_not_tested": "no erasure was tried",
        "restore_tested": "a restore was tried on {day}",
        "restore_not_tested": "no restore was tried",
        "retention_rules": "{count} rules",
        "no_retention": "no retention rule",
        "purged": "last carried out {at}",
        "never_purged": "never carried out",
        "overdue": "tickets to be purged now: {count}; kept past their time by a legal hold or a restriction: {held}",
        "folder_private": "no other user of the computer can read data/",
        "folder_open": "other users of the computer can look into data/",
        "log_whole": "the log of changes and reads is whole",
        "log_broken": "the log of changes and reads is damaged: `ticketctl audit verify`",
        "roles": "roles: {admin} admin, {agent} agent, {viewer} viewer",
        "log_kept": "the log is kept for {age}",
        "log_for_ever": "the log is kept for ever",
        "breach_contact": "to call: {who}",
        "no_contact": "nobody is named",
        "hours": "report within {hours} hours: `ticketctl privacy breach` fills in the form",
        "processors_are": "{names}",
        "no_processors": "none is named in rules.yaml",
        "hosts": "servers in rules.yaml: {hosts}",
        "without_contract": "no contract noted: {names}",
    },
    "sv": {
        "yes": "ja",
        "no": "NEJ",
        "unknown": "vet inte",
        "head": "Vad en myndighet frågar den som hanterar personuppgifter, och vad den här installationen visar om "
        "det.",
        "foot": "Det här är ingen juridisk rådgivning. {yes} ja, {no} nej, {unknown} vet inte.",
        "to_do": "att göra: {what}",
        "record": "Register över behandlingar (art. 30)",
        "ground": "Rättslig grund; mejlen lämnar inkorgen (art. 5–6)",
        "minimal": "Inte mer än som behövs (art. 5)",
        "free_text": "Fritext om personer",
        "informed": "Information till den som skriver (art. 13–14)",
        "access": "Tillgång på begäran (art. 12, 15)",
        "rectify": "Rätta, begränsa, invända (art. 16, 18, 21)",
        "erasure": "Radering (art. 17)",
        "retention": "En tidsgräns som följs (art. 5)",
        "security": "Säkerhet (art. 32)",
        "breach": "Personuppgiftsincidenter (art. 33–34)",
        "processors": "Biträden och tredje land (art. 28, 44)",
        "accountability": "Kunna visa det (art. 5.2)",
        "do_record": "skriv responsible:, contact: och processors: under privacy: i rules.yaml; spara sedan det som "
        "`ticketctl privacy record` skriver ut",
        "do_ground": "skriv then: {{move: …}} eller then: delete vid varje källa, och ta bort gamla mejl på servern; "
        "skriv "
        "upp varför grunden håller",
        "do_minimal": "skriv personnummer och payment_card under privacy: mask:; fråga inte efter mer än ärendet "
        "kräver",
        "do_free_text": "kom överens om vad anteckningar får säga: relevant, aldrig kränkande, inget om hälsa eller "
        "brott; "
        "läs igenom några",
        "do_informed": "se `ticketctl doctor`; texten ligger i snippets/",
        "do_access": "en regel som märker en begäran och har promise: calendar 30d (startfilen har en); besvara det "
        "som är "
        "för sent",
        "do_rectify": "tills kommandona finns: rätta för hand, och berätta för dem som har fått uppgifterna",
        "do_erasure": "pröva en radering på en kopia av mappen, och skriv dagen under privacy: tested: {{erasure: …}}",
        "do_retention": "privacy: retention: i rules.yaml, och `ticketctl cron install`; se `ticketctl purge "
        "--dry-run`",
        "do_security": "se `ticketctl doctor`; privacy: audit_keep: 12 months; gå igenom rollerna under team:",
        "do_breach": "privacy: breach_contact: den som ska ringas när något läcker eller går förlorat; berätta för "
        "alla "
        "var de anmäler det",
        "do_processors": "privacy: processors: med namn, vad de gör, land, och contract: true när det finns ett avtal",
        "do_accountability": "pröva en återläsning och en radering en gång om året; skriv dagarna under privacy: "
        "tested:",
        "controller": "ansvarig: {who}; kontakt: {contact}",
        "lacks": "saknas i rules.yaml: {keys}",
        "ground_is": "grund: {ground}",
        "then_leave": "{source}: mejlen ligger kvar i inkorgen (then: leave)",
        "then_flag": "{source}: mejlen flaggas bara, och ligger kvar i inkorgen",
        "then_move": "{source}: mejlen flyttas till {where}, och ligger kvar på servern",
        "then_delete": "{source}: mejlen tas bort från servern",
        "file_stays": "{source}: en fil, där mejlen ligger kvar",
        "oldest": "{source}: {count} mejl som är äldre än {days} dagar ligger på servern, det äldsta från {day}",
        "nothing_old": "{source}: inget äldre än {days} dagar ligger i mapparna som läses",
        "not_asked": "{source}: servern har inte tillfrågats om sitt äldsta mejl",
        "not_asked_why": "{source}: servern kunde inte tillfrågas: {why}",
        "masked": "döljs när det kommer in: {kinds}; {hits} meddelanden med sådant på 30 dagar",
        "not_masked": "ingenting döljs när det kommer in",
        "fields": "fält som måste fyllas i: {names}",
        "no_fields": "inget fält måste fyllas i",
        "raw_kept": "originalmejl sparas i {age}",
        "raw_as_long": "originalmejl sparas lika länge som ärendet",
        "notes": "{count} anteckningar på 30 dagar",
        "they_may_read": "personen kan begära att få läsa dem",
        "clock": "en begäran känns igen och startar en klocka: regel {rules}",
        "no_clock": "ingen regel känner igen en begäran och startar en klocka",
        "asked": "{count} öppna begäranden",
        "late": "för sent: {tickets}",
        "commands": "kommandon: {names}",
        "no_commands": "finns inte i den här versionen: {names}",
        "erasure_tested": "en radering prövades {day}",
        "erasure_not_tested": "ingen radering har prövats",
        "restore_tested": "en återläsning prövades {day}",
        "restore_not_tested": "ingen återläsning har prövats",
        "retention_rules": "{count} regler",
        "no_retention": "ingen regel om gallring",
        "purged": "senast utfört {at}",
        "never_purged": "aldrig utfört",
        "overdue": "ärenden som ska gallras nu: {count}; sparas längre genom rättsligt stopp eller begränsning: {held}",
        "folder_private": "ingen annan användare på datorn kan läsa data/",
        "folder_open": "andra användare på datorn kan se in i data/",
        "log_whole": "loggen över ändringar och läsningar är hel",
        "log_broken": "loggen över ändringar och läsningar är skadad: `ticketctl audit verify`",
        "roles": "roller: {admin} admin, {agent} agent, {viewer} viewer",
        "log_kept": "loggen sparas i {age}",
        "log_for_ever": "loggen sparas för alltid",
        "breach_contact": "att ringa: {who}",
        "no_contact": "ingen är utsedd",
        "hours": "anmäl inom {hours} timmar: `ticketctl privacy breach` fyller i formuläret",
        "processors_are": "{names}",
        "no_processors": "inget är nämnt i rules.yaml",
        "hosts": "servrar i rules.yaml: {hosts}",
        "without_contract": "inget avtal noterat: {names}",
    },
}
NOTICE: Texts = {
    "en": {key: text for key, text in doctor_words.TEXTS["en"].items() if key.startswith("notice")},
    "sv": {
        "notice": "finns på {languages}, och inget är kvar att fylla i",
        "notice_missing": "kunderna får inte veta något om sina uppgifter",
        "notice_language": "ingen text på språket {language}",
        "notice_not_sent": "ingen regel svarar automatiskt, så ingen får den",
        "notice_placeholder": "där står ”{found}” ({language})",
    },
}
GROUNDS = {
    "en": {
        "legitimate_interest": "legitimate interests",
        "contract": "contract",
        "legal_obligation": "legal obligation",
        "consent": "consent",
    },
    "sv": {
        "legitimate_interest": "intresseavvägning",
        "contract": "avtal",
        "legal_obligation": "rättslig förpliktelse",
        "consent": "samtycke",
    },
}
RENAMED = {"ground": "ground_is", "processors": "processors_are"}  # evidence called as a row is


def lines(rows: Sequence[Row], where: str, width: int, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    mark = max(len(say(answer)) for answer in ("yes", "no", "unknown"))
    yield from folded(say("head"), width)
    for row in rows:
        yield ""
        yield f"{row.number:2}  {say(row.answer):{mark}}  {say(row.row)}"
        pad = " " * (mark + 6)
        for one in row.evidence:
            yield from folded(_evidence(say, one, where, language), width, pad + "  ", pad + "- ")
        if row.to_do:
            yield from folded(say("to_do", what=say(f"do_{row.to_do}")), width, pad + "  ", pad)
    counts = {answer: sum(row.answer == answer for row in rows) for answer in ("yes", "no", "unknown")}
    yield ""
    yield from folded(say("foot", **counts), width)


def as_dicts(rows: Sequence[Row], where: str) -> list[dict[str, object]]:
    """For --json, in English."""
    say = say_in("en", TEXTS)
    return [
        {
            "row": row.number,
            "asked": say(row.row),
            "answer": row.answer,
            "evidence": [_evidence(say, one, where, "en") for one in row.evidence],
            "to_do": say(f"do_{row.to_do}") if row.to_do else "",
        }
        for row in rows
    ]


def _evidence(say: Say, fact: Fact, where: str, language: str) -> str:
    facts = {name: _fact(name, value, where, language) for name, value in fact.facts.items()}
    if fact.code.startswith("notice"):
        return line(say_in(language, NOTICE)(fact.code, **facts))
    return line(say(RENAMED.get(fact.code, fact.code), **facts))


def _fact(name: str, value: object, where: str, language: str) -> object:
    if isinstance(value, datetime):
        return local(value, zone(where), language)
    if isinstance(value, date):
        return value.isoformat()
    if name == "ground":
        return GROUNDS["sv" if language == "sv" else "en"][str(value)]
    return in_words(value, language) if isinstance(value, Duration) else value
