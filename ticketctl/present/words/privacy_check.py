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
        "head": "What an authority asks about personal data, and what this desk can show.",
        "foot": "This is not legal advice. {yes} yes, {no} no, {unknown} not known.",
        "to_do": "to do: {what}",
        # what is asked
        "record": "Record of processing (Art. 30)",
        "ground": "Legal ground; mail leaves the mailbox (Art. 5–6)",
        "minimal": "Data minimisation (Art. 5)",
        "free_text": "Free text about people",
        "informed": "Information to those who write (Art. 13–14)",
        "access": "Access on request (Art. 12, 15)",
        "rectify": "Rectify, restrict, object, inform recipients (Art. 16, 18, 19, 21)",
        "erasure": "Erasure (Art. 17)",
        "retention": "Storage limitation (Art. 5)",
        "security": "Security (Art. 32)",
        "breach": "Breaches (Art. 33–34)",
        "processors": "Processors and third countries (Art. 28, 44)",
        "accountability": "Accountability (Art. 5.2)",
        # what is to be done
        "do_record": "set responsible:, contact: and processors: under privacy: in rules.yaml; then save the output of "
        "`ticketctl privacy record`",
        "do_ground": "set then: {{move: …}} or then: delete on each source, and delete old mail on the server; write "
        "down "
        "why the legal ground applies",
        "do_minimal": "add personnummer and payment_card to privacy: mask:; ask customers only for what you need",
        "do_free_text": "agree on what notes may contain: relevant, never insulting, nothing about health or crime; "
        "read a few",
        "do_informed": "run `ticketctl doctor`; the notice is in snippets/",
        "do_access": "add a rule that labels requests and has promise: calendar 30d (the starter has one); answer "
        "late requests",
        "do_erasure": "test an erasure on a copy of the desk, and write the date under privacy: tested: {{erasure: …}}",
        "do_retention": "set privacy: retention: in rules.yaml, and run `ticketctl cron install`; check `ticketctl "
        "purge --plan`",
        "do_security": "run `ticketctl doctor`; set privacy: audit_keep: 12 months; check the roles under team:",
        "do_breach": "set privacy: breach_contact: (whom to call when data is lost or leaks), and tell the team",
        "do_processors": "add each processor under privacy: processors: with name, does, country, and contract: true "
        "once it is signed",
        "do_accountability": "test a restore and an erasure once a year; write the dates under privacy: tested:",
        # evidence
        "controller": "responsible: {who}; contact: {contact}",
        "lacks": "not in rules.yaml: {keys}",
        "ground_is": "ground: {ground}",
        "then_leave": "{source}: mail stays in the mailbox (then: leave)",
        "then_flag": "{source}: mail is only flagged, and stays in the mailbox",
        "then_move": "{source}: mail is moved to {where}, and stays on the server",
        "then_delete": "{source}: mail is deleted from the server",
        "file_stays": "{source}: a file; mail stays in it",
        "oldest": "{source}: mails older than {days} days on the server: {count}; the oldest is of {day}",
        "nothing_old": "{source}: no mail older than {days} days in the folders that are fetched",
        "not_asked": "{source}: the server was not asked for its oldest mail",
        "not_asked_why": "{source}: the server could not be asked: {why}",
        "masked": "masked on arrival: {kinds}; messages masked in 30 days: {hits}",
        "not_masked": "nothing is masked on arrival",
        "fields": "required fields: {names}",
        "no_fields": "no required fields",
        "raw_kept": "original mail is kept for {age}",
        "raw_as_long": "original mail is kept as long as the ticket",
        "notes": "notes in 30 days: {count}",
        "they_may_read": "the person has the right to read them",
        "clock": "a rule recognises requests and starts a clock: {rules}",
        "no_clock": "no rule recognises requests and starts a clock",
        "asked": "open requests: {count}",
        "late": "overdue: {tickets}",
        "commands": "commands: {names}",
        "recipients": "other addresses that received mail of a ticket: {count}; for each person: {names}",
        "assistant": "a language model gets texts without names: {model} at {place}",
        "webhook": "a webhook gets the texts of tickets: {name}",
        "erasure_tested": "an erasure was tested on {day}",
        "erasure_not_tested": "no erasure was tested",
        "restore_tested": "a restore was tested on {day}",
        "restore_not_tested": "no restore was tested",
        "retention_rules": "retention rules: {count}",
        "no_retention": "no retention rule",
        "purged": "last purge: {at}",
        "never_purged": "never purged",
        "overdue": "tickets to be purged now: {count}; kept past their time by a legal hold or a restriction: {held}",
        "folder_private": "no other user of the computer can read data/",
        "folder_open": "other users of the computer can read data/",
        "log_whole": "the audit log is complete and unchanged",
        "log_broken": "the audit log is damaged: `ticketctl audit verify`",
        "roles": "roles: {admin} admin, {agent} agent, {viewer} viewer",
        "log_kept": "the log is kept for {age}",
        "log_for_ever": "the log is never deleted",
        "breach_contact": "contact after a breach: {who}",
        "no_contact": "no contact for breaches",
        "hours": "report within {hours} hours: `ticketctl privacy breach` fills in the form",
        "processors_are": "{names}",
        "no_processors": "no processor in rules.yaml",
        "hosts": "servers in rules.yaml: {hosts}",
        "without_contract": "no contract noted: {names}",
    },
    "sv": {
        "yes": "ja",
        "no": "NEJ",
        "unknown": "vet inte",
        "head": "Vad en myndighet frågar om personuppgifter, och vad den här installationen kan visa.",
        "foot": "Det här är ingen juridisk rådgivning. {yes} ja, {no} nej, {unknown} vet inte.",
        "to_do": "att göra: {what}",
        "record": "Register över behandlingar (art. 30)",
        "ground": "Rättslig grund; mejlen lämnar inkorgen (art. 5–6)",
        "minimal": "Uppgiftsminimering (art. 5)",
        "free_text": "Fritext om personer",
        "informed": "Information till den som skriver (art. 13–14)",
        "access": "Tillgång på begäran (art. 12, 15)",
        "rectify": "Rätta, begränsa, invända, underrätta mottagare (art. 16, 18, 19, 21)",
        "erasure": "Radering (art. 17)",
        "retention": "Lagringsminimering (art. 5)",
        "security": "Säkerhet (art. 32)",
        "breach": "Personuppgiftsincidenter (art. 33–34)",
        "processors": "Biträden och tredje land (art. 28, 44)",
        "accountability": "Ansvarsskyldighet (art. 5.2)",
        "do_record": "ange responsible:, contact: och processors: under privacy: i rules.yaml; spara sedan "
        "utskriften av `ticketctl privacy record`",
        "do_ground": "skriv then: {{move: …}} eller then: delete vid varje källa, och ta bort gamla mejl på servern; "
        "skriv "
        "ner varför den rättsliga grunden gäller",
        "do_minimal": "lägg till personnummer och payment_card under privacy: mask:; fråga bara efter det ni behöver",
        "do_free_text": "kom överens om vad noteringar får innehålla: relevant, aldrig kränkande, inget om hälsa eller "
        "brott; "
        "läs några",
        "do_informed": "kör `ticketctl doctor`; texten ligger i snippets/",
        "do_access": "lägg till en regel som märker en begäran och har promise: calendar 30d (startfilen har en); "
        "besvara försenade",
        "do_erasure": "testa en radering på en kopia av mappen, och skriv datumet under privacy: tested: "
        "{{erasure: …}}",
        "do_retention": "ange privacy: retention: i rules.yaml och kör `ticketctl cron install`; se `ticketctl purge "
        "--plan`",
        "do_security": "kör `ticketctl doctor`; ange privacy: audit_keep: 12 months; gå igenom rollerna under team:",
        "do_breach": "ange privacy: breach_contact: (vem man ringer när uppgifter läcker eller går förlorade), och "
        "berätta det för alla",
        "do_processors": "ange varje biträde under privacy: processors: med name, does, country, och contract: true "
        "när avtal finns",
        "do_accountability": "testa en återställning och en radering en gång om året; skriv datumen under privacy: "
        "tested:",
        "controller": "ansvarig: {who}; kontakt: {contact}",
        "lacks": "saknas i rules.yaml: {keys}",
        "ground_is": "grund: {ground}",
        "then_leave": "{source}: mejlen ligger kvar i inkorgen (then: leave)",
        "then_flag": "{source}: mejlen flaggas bara, och ligger kvar i inkorgen",
        "then_move": "{source}: mejlen flyttas till {where}, och ligger kvar på servern",
        "then_delete": "{source}: mejlen tas bort från servern",
        "file_stays": "{source}: en fil; mejlen ligger kvar i den",
        "oldest": "{source}: mejl äldre än {days} dagar på servern: {count}; det äldsta är från {day}",
        "nothing_old": "{source}: inga mejl äldre än {days} dagar i mapparna som hämtas",
        "not_asked": "{source}: servern har inte tillfrågats om sitt äldsta mejl",
        "not_asked_why": "{source}: servern kunde inte tillfrågas: {why}",
        "masked": "döljs när det kommer in: {kinds}; meddelanden där något doldes på 30 dagar: {hits}",
        "not_masked": "ingenting döljs när det kommer in",
        "fields": "obligatoriska fält: {names}",
        "no_fields": "inga obligatoriska fält",
        "raw_kept": "originalmejl sparas i {age}",
        "raw_as_long": "originalmejl sparas lika länge som ärendet",
        "notes": "noteringar på 30 dagar: {count}",
        "they_may_read": "personen har rätt att läsa dem",
        "clock": "en regel känner igen en begäran och startar en tidsfrist: {rules}",
        "no_clock": "ingen regel känner igen en begäran och startar en tidsfrist",
        "asked": "öppna begäranden: {count}",
        "late": "försenade: {tickets}",
        "commands": "kommandon: {names}",
        "recipients": "andra adresser som fick mejl ur ett ärende: {count}; för varje person: {names}",
        "assistant": "en språkmodell får texter utan namn: {model} på {place}",
        "webhook": "en webhook får ärendenas texter: {name}",
        "erasure_tested": "en radering testades {day}",
        "erasure_not_tested": "ingen radering har testats",
        "restore_tested": "en återställning testades {day}",
        "restore_not_tested": "ingen återställning har testats",
        "retention_rules": "gallringsregler: {count}",
        "no_retention": "ingen gallringsregel",
        "purged": "senaste gallring: {at}",
        "never_purged": "aldrig gallrat",
        "overdue": "ärenden som ska gallras nu: {count}; sparas längre genom rättsligt stopp eller begränsning: {held}",
        "folder_private": "ingen annan användare på datorn kan läsa data/",
        "folder_open": "andra användare på datorn kan läsa data/",
        "log_whole": "loggen över ändringar och läsningar är fullständig och oförändrad",
        "log_broken": "loggen över ändringar och läsningar är skadad: `ticketctl audit verify`",
        "roles": "roller: {admin} admin, {agent} agent, {viewer} viewer",
        "log_kept": "loggen sparas i {age}",
        "log_for_ever": "loggen raderas aldrig",
        "breach_contact": "kontakt vid incident: {who}",
        "no_contact": "ingen kontakt vid incident",
        "hours": "anmäl inom {hours} timmar: `ticketctl privacy breach` fyller i formuläret",
        "processors_are": "{names}",
        "no_processors": "inget biträde i rules.yaml",
        "hosts": "servrar i rules.yaml: {hosts}",
        "without_contract": "inget avtal noterat: {names}",
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
        return line(say_in(language, doctor_words.TEXTS)(fact.code, **facts))
    return line(say(RENAMED.get(fact.code, fact.code), **facts))


def _fact(name: str, value: object, where: str, language: str) -> object:
    if isinstance(value, datetime):
        return local(value, zone(where), language)
    if isinstance(value, date):
        return value.isoformat()
    if name == "ground":
        return GROUNDS["sv" if language == "sv" else "en"][str(value)]
    return in_words(value, language) if isinstance(value, Duration) else value
