"""What `privacy record` and `privacy breach` print: drafts in Markdown, filled from the desk; `[…]` is left open."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.privacy_values import in_words
from ticketctl.content.times import local, zone
from ticketctl.domain.settings.settings import Duration, Privacy, RetentionRule
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words.privacy_check import GROUNDS
from ticketctl.present.words.terms import channel_word
from ticketctl.usecases.upkeep.privacy_record import Breach, ProcessingRecord

TEXTS: Texts = {
    "en": {
        "record": "# Record of processing activities: {name}",
        "draft": "Draft of {day}, from rules.yaml and the desk (GDPR, Article 30). Fill in the [brackets], "
        "and keep it up to date. This is not legal advice.",
        "controller": "Controller",
        "who": "{who}. Contact: {contact}",
        "purposes": "Purposes and legal ground",
        "purpose": "Answering and following up what customers write, by e-mail ({sources}){doors} and telephone. "
        "Ground: "
        "{ground}. "
        "[why it outweighs the interests of the persons, or which contract]",
        "categories": "Categories of persons and of data",
        "persons": "Customers and others who write, and employees who answer.",
        "data": "Names, e-mail addresses, what is written and attached, times, and who answered. Fields: {fields}. "
        "[special "
        "categories, if any]",
        "masked": "Made unreadable before it is stored: {kinds}.",
        "not_masked": "Nothing is made unreadable on arrival.",
        "recipients": "Recipients and processors",
        "processor": "{name}: {does}; {country}; {contract}",
        "contract": "contract in place",
        "no_contract": "[contract?]",
        "no_processors": "[mail provider, backup, others]",
        "hosts": "Servers in rules.yaml: {hosts}",
        "third": "Transfers to third countries",
        "third_said": "[none, or which and on which legal ground]. Countries named above: {countries}",
        "times": "Time limits for erasure",
        "rule_delete": "{what}: deleted after {age}",
        "rule_anonymise": "{what}: anonymised after {age}",
        "closed": "closed tickets",
        "label": "tickets with the label {label}",
        "raw": "original mail: deleted after {age}",
        "no_times": "[none set: privacy: retention: in rules.yaml]",
        "security": "Security measures",
        "folder": "The data folder is closed to other users of the computer: {yes}.",
        "roles": "Roles: {roles}. Changes and reads are recorded in a tamper-evident log{kept}.",
        "kept": ", which is kept for {age}",
        "more": "[encryption of the disk, backups, locked room]",
        "size": "Tickets now: {tickets}, since {since}",
        "yes": "yes",
        "no": "NO",
        "breach": "# Report of a personal data breach",
        "breach_draft": "Draft for the form of the authority (in Sweden IMY), filled from the log. Fill in the "
        "[brackets]. This is not legal advice.",
        "reported_by": "Controller and contact",
        "call": "{who}. Contact: {contact}. Contact after a breach: {call}",
        "times_of": "When",
        "discovered": "Discovered: {at}",
        "report_by": "To be reported by: {at}",
        "began": "Began: {at}",
        "ended": "Ended: {at}",
        "unknown": "[not known]",
        "what": "What happened",
        "what_said": "[lost, destroyed, changed, disclosed, or accessed without right; how; how it was noticed]",
        "concerned": "Persons and data",
        "count": "Persons: about {persons}, on {tickets} tickets ({source})",
        "by_log": "from the log of that period",
        "by_hand": "as given",
        "numbers": "Tickets: {numbers}",
        "kinds": "Data: names, e-mail addresses, what was written; {files} attached files. [sensitive data?] {masked}",
        "log": "What the log shows for that period",
        "actions": "{records} records: {actions}",
        "agents": "Agents who acted: {agents}",
        "whole": "The log is complete and unchanged.",
        "broken": "The log is DAMAGED or incomplete: it proves nothing.",
        "consequences": "Likely consequences",
        "consequences_said": "[identity theft, fraud, loss of confidentiality, none; how serious, why]",
        "measures": "Measures",
        "measures_said": "[what was done to stop it, to limit the harm, and to prevent it in future]",
        "told": "Who was informed",
        "told_said": "[the persons concerned: when and how, or why not (Article 34); processors; police]",
    },
    "sv": {
        "record": "# Register över behandlingar: {name}",
        "draft": "Utkast {day}, från rules.yaml och ärendena (GDPR, artikel 30). Fyll i det som står inom "
        "[hakparentes] och håll "
        "det aktuellt. Det här är ingen juridisk rådgivning.",
        "controller": "Personuppgiftsansvarig",
        "who": "{who}. Kontakt: {contact}",
        "purposes": "Ändamål och rättslig grund",
        "purpose": "Att besvara och följa upp det som kunder skriver, per e-post ({sources}){doors} och telefon. "
        "Grund: "
        "{ground}. "
        "[varför den väger tyngre än personernas intressen, eller vilket avtal]",
        "categories": "Kategorier av personer och uppgifter",
        "persons": "Kunder och andra som skriver, och anställda som svarar.",
        "data": "Namn, e-postadresser, det som skrivs och bifogas, tider, och vem som svarade. Fält: {fields}. "
        "[känsliga "
        "uppgifter, om några]",
        "masked": "Görs oläsligt innan det sparas: {kinds}.",
        "not_masked": "Ingenting görs oläsligt när det kommer in.",
        "recipients": "Mottagare och biträden",
        "processor": "{name}: {does}; {country}; {contract}",
        "contract": "avtal finns",
        "no_contract": "[avtal?]",
        "no_processors": "[e-postleverantör, säkerhetskopior, andra]",
        "hosts": "Servrar i rules.yaml: {hosts}",
        "third": "Överföring till tredje land",
        "third_said": "[ingen, eller vilken och på vilken grund]. Länder som nämns ovan: {countries}",
        "times": "Tidsfrister för radering",
        "rule_delete": "{what}: raderas efter {age}",
        "rule_anonymise": "{what}: avidentifieras efter {age}",
        "closed": "stängda ärenden",
        "label": "ärenden med etiketten {label}",
        "raw": "originalmejl: raderas efter {age}",
        "no_times": "[ingen är satt: privacy: retention: i rules.yaml]",
        "security": "Säkerhetsåtgärder",
        "folder": "Datamappen är stängd för andra användare på datorn: {yes}.",
        "roles": "Roller: {roles}. Ändringar och läsningar skrivs i en logg där manipulation syns{kept}.",
        "kept": ", som sparas i {age}",
        "more": "[kryptering av disken, säkerhetskopior, låst rum]",
        "size": "Ärenden nu: {tickets}, sedan {since}",
        "yes": "ja",
        "no": "NEJ",
        "breach": "# Anmälan av en personuppgiftsincident",
        "breach_draft": "Utkast till myndighetens formulär (i Sverige IMY), ifyllt från loggen. Fyll i det som står "
        "inom [hakparentes]. Det här är ingen juridisk rådgivning.",
        "reported_by": "Ansvarig och kontakt",
        "call": "{who}. Kontakt: {contact}. Kontakt vid incident: {call}",
        "times_of": "När",
        "discovered": "Upptäcktes: {at}",
        "report_by": "Ska anmälas senast: {at}",
        "began": "Började: {at}",
        "ended": "Slutade: {at}",
        "unknown": "[vet inte]",
        "what": "Vad som hände",
        "what_said": "[förlorat, förstört, ändrat, röjt eller läst av obehörig; hur; hur det märktes]",
        "concerned": "Personer och uppgifter",
        "count": "Personer: ungefär {persons}, i {tickets} ärenden ({source})",
        "by_log": "från loggen för den tiden",
        "by_hand": "som angivits",
        "numbers": "Ärenden: {numbers}",
        "kinds": "Uppgifter: namn, e-postadresser, det som skrevs; {files} bifogade filer. [känsliga uppgifter?] "
        "{masked}",
        "log": "Vad loggen visar för den tiden",
        "actions": "{records} poster: {actions}",
        "agents": "Handläggare: {agents}",
        "whole": "Loggen är fullständig och oförändrad.",
        "broken": "Loggen är SKADAD eller ofullständig: den bevisar ingenting.",
        "consequences": "Troliga följder",
        "consequences_said": "[identitetsstöld, bedrägeri, förlorad sekretess, inga; hur allvarligt, varför]",
        "measures": "Åtgärder",
        "measures_said": "[vad som gjordes för att stoppa det, minska skadan, och för att det inte ska hända igen]",
        "told": "Vilka som har fått veta",
        "told_said": "[de berörda: när och hur, eller varför inte (artikel 34); biträden; polis]",
    },
}


def record_lines(found: ProcessingRecord, language: str) -> Iterator[str]:
    """The draft of Article 30, a paragraph a line."""
    say, privacy = say_in(language, TEXTS), found.privacy
    grounds = GROUNDS["sv" if language == "sv" else "en"]
    yield from (say("record", name=found.name), "", say("draft", day=found.drawn_up))
    yield from _part(say, "controller", say("who", who=found.responsible, contact=found.contact or say("unknown")))
    sources = ", ".join(found.sources) or "–"
    doors = "".join(f", {channel_word(kind, language)} ({name})" for kind, name in found.doors)
    purpose = say("purpose", sources=sources, doors=doors, ground=grounds[privacy.ground])
    yield from _part(say, "purposes", purpose)
    masked = say("masked", kinds=", ".join(privacy.mask)) if privacy.mask else say("not_masked")
    data = say("data", fields=", ".join(found.fields) or "–")
    yield from _part(say, "categories", say("persons"), data, masked)
    yield from _part(say, "recipients", *_recipients(say, found))
    countries = ", ".join(dict.fromkeys(one.country for one in privacy.processors if one.country)) or "–"
    yield from _part(say, "third", say("third_said", countries=countries))
    yield from _part(say, "times", *_times(say, privacy, language))
    yield from _part(say, "security", *_security(say, found, language))


def _recipients(say: Say, found: ProcessingRecord) -> Iterator[str]:
    for one in found.privacy.processors:
        contract = say("contract") if one.contract else say("no_contract")
        yield say("processor", name=one.name, does=one.does or "–", country=one.country or "–", contract=contract)
    if not found.privacy.processors:
        yield say("no_processors")
    if found.hosts:
        yield say("hosts", hosts=", ".join(found.hosts))


def _times(say: Say, privacy: Privacy, language: str) -> Iterator[str]:
    for rule in privacy.retention:
        yield say(f"rule_{rule.then}", what=_which(say, rule), age=in_words(rule.age, language))
    if privacy.raw_mail:
        yield say("raw", age=in_words(privacy.raw_mail, language))
    if not privacy.retention:
        yield say("no_times")


def _which(say: Say, rule: RetentionRule) -> str:
    return say("label", label=rule.label) if rule.label else say("closed")


def _security(say: Say, found: ProcessingRecord, language: str) -> Iterator[str]:
    kept: Duration | None = found.privacy.audit_keep
    roles = ", ".join(f"{count} {role}" for role, count in sorted(found.roles.items()))
    yield say("folder", yes=say("yes" if found.private else "no"))
    yield say("roles", roles=roles, kept=say("kept", age=in_words(kept, language)) if kept else "")
    yield say("more")
    yield say("size", tickets=found.tickets, since=found.since or "–")


def breach_lines(found: Breach, where: str, language: str) -> Iterator[str]:
    """The fields of the authority's form, a paragraph a line."""
    say, place = say_in(language, TEXTS), zone(where)

    def at(key: str, moment: object) -> str:
        return say(key, at=local(moment, place, language) if moment else say("unknown"))  # type: ignore[arg-type]

    yield from (say("breach"), "", say("breach_draft"))
    call = say("call", who=found.responsible, contact=found.contact, call=found.call or say("unknown"))
    yield from _part(say, "reported_by", call)
    moments = {"discovered": found.discovered, "report_by": found.report_by, "began": found.began, "ended": found.ended}
    yield from _part(say, "times_of", *(at(key, moment) for key, moment in moments.items()))
    yield from _part(say, "what", say("what_said"))
    yield from _part(say, "concerned", *_concerned(say, found))
    yield from _part(say, "log", *_log(say, found))
    for key in ("consequences", "measures", "told"):
        yield from _part(say, key, say(f"{key}_said"))


def _concerned(say: Say, found: Breach) -> Iterator[str]:
    source = say("by_log" if found.from_log else "by_hand")
    yield say("count", persons=found.persons, tickets=len(found.tickets), source=source)
    if found.tickets:
        shown = ", ".join(f"#{number}" for number in found.tickets[:50])
        yield say("numbers", numbers=shown + (" …" if len(found.tickets) > 50 else ""))
    masked = say("masked", kinds=", ".join(found.masked)) if found.masked else ""
    yield say("kinds", files=found.files, masked=masked).strip()


def _log(say: Say, found: Breach) -> Iterator[str]:
    actions = ", ".join(f"{name} {count}" for name, count in found.actions.items()) or "–"
    yield say("actions", records=found.records, actions=actions)
    if found.agents:
        yield say("agents", agents=", ".join(f"{name} ({count})" for name, count in sorted(found.agents.items())))
    yield say("whole" if found.log_is_whole else "broken")


def _part(say: Say, heading: str, *texts: str) -> Iterator[str]:
    yield from ("", f"## {say(heading)}", "")
    yield from (f"- {text}" for text in texts) if len(texts) > 1 else texts
