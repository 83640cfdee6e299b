"""What `person` says: all that is held of somebody, the plan of an erasure, and its certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from ticketctl.content.terminal import counted, line, width
from ticketctl.content.times import local, zone
from ticketctl.content.words import STATUS, known
from ticketctl.domain.privacy.profile import Profile
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words.person_link import maybe_lines
from ticketctl.usecases.privacy.elsewhere import Elsewhere
from ticketctl.usecases.privacy.erase import Certificate, Erased
from ticketctl.usecases.privacy.profiles import Known
from ticketctl.usecases.privacy.rectify import Rectified
from ticketctl.usecases.privacy.show import PersonFile

TEXTS: Texts = {
    "en": {
        "also": "also: {what}",
        "names": "names: {what}",
        "note": "note {number}: {text} ({by}, {at})",
        "restricted": "restricted since {at} by {by}: the data is stored but not used",
        "not_restricted": "no longer restricted",
        "restricted_before": "restricted already, since {at} by {by}",
        "never_restricted": "not restricted",
        "stranger": "no ticket here is from or to that person: is the address right?",
        "restricted_now": "restricted from now on: no automatic mail, and no retention rule deletes anything",
        "noted": "noted: {text}",
        "dropped": "note dropped",
        "ticket": "ticket",
        "role": "as",
        "status": "status",
        "opened": "opened",
        "wrote": "wrote",
        "got": "received",
        "notes": "notes",
        "files": "files",
        "subject": "subject",
        "only": "only customer",
        "requester": "requester",
        "participant": "participant",
        "mentioned": "mentioned",
        "outbox": "in the outbox: {count}",
        "quarantine": "in quarantine: {count}",
        "texts": "unsaved texts of an editor: {count}",
        "held": "legal hold: {numbers}",
        "read": "read",
        "read_when": "when",
        "read_what": "by",
        "read_why": "why",
        "never_read": "The audit log has no reading.",
        "plan": "would erase: {what}",
        "plan_only": "{tickets} with no other customer: anonymised",
        "plan_requester": "{tickets} of theirs with other participants: subject, notes, what they wrote or received",
        "plan_participant": "{tickets} where they take part: what they wrote or only they received",
        "plan_mentioned": "{tickets} that mention them: full name and address",
        "plan_outbox": "{count} in the outbox: will not be sent",
        "plan_quarantine": "{count} in quarantine",
        "plan_texts": "{count} unsaved texts of an editor",
        "plan_notes": "notes about them",
        "plan_held": "kept by a legal hold: {numbers}",
        "plan_file": "file of somebody else that mentions them: #{number} {key} {name}",
        "plan_shared": "somebody else is also called {name}: the name is only replaced in tickets in which this person "
        "takes part",
        "elsewhere": "Elsewhere:",
        "else_mailbox": "{count} in the mailbox {name}",
        "else_server": "{name}: UID {uids}",
        "else_sent": "sent to them or about them: {count}; copies in {folder}",
        "else_sent_no_folder": "sent to them or about them: {count}; the recipients have them",
        "else_forwarded": "other addresses that received mail of these tickets: {count}",
        "else_recipient": "{who}: {tickets}",
        "else_assistant": "language model {model}, {at}: texts without names",
        "else_webhook": "webhook {name}: it gets the texts of tickets; ask its owner to delete them",
        "tell": "To inform, unless that is impossible or takes too much effort (Art. 19):",
        "else_notice": "notice to {to}, {at}",
        "else_named": "{where} mentions them: remove it yourself",
        "else_export": "export {path}: deleted if it is still there, but copies are not",
        "else_backup": "backups of data/: the erasure is repeated after a restore, as long as erased/ exists",
        "mail": "mail",
        "address": "address",
        "mails": "mails",
        "addresses": "addresses",
        "go_on": "Erase this for good?",
        "which_files": "{count} files of other people mention them. Delete these too?",
        "stopped": "nothing was erased",
        "certificate": "Certificate of erasure {id}",
        "cert_desk": "{desk}, {at}",
        "cert_done": "All data about the person on this desk was erased or anonymised:",
        "cert_tickets": "tickets: {count} ({roles})",
        "cert_messages": "messages changed or emptied: {count}",
        "cert_files": "files deleted: {count}",
        "cert_files_kept": "files of other people that mention the person, kept: {count}",
        "cert_rest": "in the outbox: {outbox}, in quarantine: {quarantine}, texts: {texts}, copies of sent mail: "
        "{copies}, exports: {exports}, notes: {notes}",
        "cert_held": "tickets on legal hold, erased when the hold ends: {count}",
        "cert_server": "mails deleted on the mail server: {count}",
        "cert_until": "A keyed hash is kept until {until}, so that the erasure is repeated if a backup is restored.",
        "cert_log": "The log of who read and changed what is kept; it names no customer.",
        "cert_elsewhere": "Outside our control:",
        "cert_mailboxes": "mails in our mailboxes on the mail server: {count}",
        "cert_assistant": "texts without names that a language model got: {models}",
        "cert_webhooks": "texts that other programs of ours got: {names}",
        "cert_notices": "notices in mailboxes of the team: {count}",
        "rectified": "corrected on {tickets}",
        "rectified_none": "corrected; no ticket had to be changed",
        "same": "one person: {addresses}",
        "waiting": "{count} in the outbox still go to the old address",
        "tickets_one": "ticket",
        "tickets": "tickets",
        "exported": "{path}: {tickets}, {files}; send it to the person, then delete it",
        "file_one": "file",
        "hint": "hint: they may read this; write only what the work needs, nothing about health, belief or crime",
    },
    "sv": {
        "also": "även: {what}",
        "names": "namn: {what}",
        "note": "anteckning {number}: {text} ({by}, {at})",
        "restricted": "begränsad sedan {at} av {by}: uppgifterna sparas men används inte",
        "not_restricted": "inte längre begränsad",
        "restricted_before": "redan begränsad, sedan {at} av {by}",
        "never_restricted": "inte begränsad",
        "stranger": "inget ärende här är från eller till personen: stämmer adressen?",
        "restricted_now": "begränsad från och med nu: inga automatiska mejl, inget gallras",
        "noted": "antecknat: {text}",
        "dropped": "anteckningen är borttagen",
        "ticket": "ärende",
        "role": "som",
        "status": "status",
        "opened": "öppnat",
        "wrote": "skrev",
        "got": "fick",
        "notes": "noteringar",
        "files": "filer",
        "subject": "ämne",
        "only": "enda kunden",
        "requester": "kund",
        "participant": "deltagare",
        "mentioned": "omnämnd",
        "outbox": "i utkorgen: {count}",
        "quarantine": "i karantän: {count}",
        "texts": "osparade texter från en redigerare: {count}",
        "held": "rättsligt stopp: {numbers}",
        "read": "läst",
        "read_when": "när",
        "read_what": "genom",
        "read_why": "varför",
        "never_read": "Loggen har ingen läsning.",
        "plan": "skulle radera: {what}",
        "plan_only": "{tickets} där ingen annan deltar: anonymiseras",
        "plan_requester": "{tickets} där personen är kund och andra deltar: ämne, noteringar, vad personen skrev och "
        "fick",
        "plan_participant": "{tickets} där personen deltar: vad personen skrev och vad bara den fick",
        "plan_mentioned": "{tickets} som nämner personen: fullt namn och adress",
        "plan_outbox": "{count} i utkorgen, som inte skickas",
        "plan_quarantine": "{count} i karantän",
        "plan_texts": "{count} osparade texter från en redigerare",
        "plan_notes": "anteckningar om personen",
        "plan_held": "sparas genom rättsligt stopp: {numbers}",
        "plan_file": "någon annans fil som nämner personen: #{number} {key} {name}",
        "plan_shared": "någon annan heter också {name}: namnet söks bara i ärenden där personen deltar",
        "elsewhere": "På andra ställen:",
        "else_mailbox": "{count} i brevlådan {name}",
        "else_server": "{name}: UID {uids}",
        "else_sent": "skickat till eller om personen: {count}; kopior i {folder}",
        "else_sent_no_folder": "skickat till eller om personen: {count}, hos dem som fick dem",
        "else_recipient": "{who}: {tickets}",
        "else_assistant": "språkmodellen {model}, {at}: texter utan namn",
        "else_webhook": "webhooken {name}: den får ärendenas texter; be dess ägare att radera dem",
        "tell": "Att underrätta, om det inte är omöjligt eller för betungande (art. 19):",
        "else_forwarded": "andra adresser som fick mejl ur ärendena: {count}",
        "else_notice": "avisering till {to}, {at}",
        "else_named": "{where} nämner personen: ta bort det själv",
        "else_export": "utdraget {path}: raderas om det finns kvar, men inte kopior av det",
        "else_backup": "säkerhetskopior av data/: raderingen görs om när en kopia återställs, så länge erased/ finns",
        "mail": "mejl",
        "address": "adress",
        "mails": "mejl",
        "addresses": "adresser",
        "go_on": "Radera detta för gott?",
        "which_files": "{count} filer från andra nämner personen. Radera dem också?",
        "stopped": "inget raderades",
        "certificate": "Intyg om radering {id}",
        "cert_desk": "{desk}, {at}",
        "cert_done": "Alla uppgifter om personen här har raderats eller anonymiserats:",
        "cert_tickets": "ärenden: {count} ({roles})",
        "cert_messages": "meddelanden ändrade eller tömda: {count}",
        "cert_files": "filer raderade: {count}",
        "cert_files_kept": "filer från andra som nämner personen och finns kvar: {count}",
        "cert_rest": "i utkorgen: {outbox}, i karantän: {quarantine}, texter: {texts}, kopior av skickade mejl: "
        "{copies}, utdrag: {exports}, anteckningar: {notes}",
        "cert_held": "ärenden som sparas genom rättsligt stopp och raderas när det upphör: {count}",
        "cert_server": "mejl raderade på mejlservern: {count}",
        "cert_until": "Ett hashvärde sparas till {until}, så att raderingen kan göras om ifall en säkerhetskopia "
        "återställs.",
        "cert_log": "Loggen över vem som läst och ändrat vad finns kvar; den nämner ingen kund.",
        "cert_elsewhere": "Utanför vår kontroll:",
        "cert_mailboxes": "mejl i våra brevlådor på mejlservern: {count}",
        "cert_assistant": "texter utan namn som en språkmodell har fått: {models}",
        "cert_webhooks": "texter som andra program hos oss har fått: {names}",
        "cert_notices": "aviseringar i medarbetares brevlådor: {count}",
        "rectified": "rättat i {tickets}",
        "rectified_none": "rättat; inget ärende behövde ändras",
        "same": "en person: {addresses}",
        "waiting": "{count} i utkorgen går fortfarande till den gamla adressen",
        "tickets_one": "ärende",
        "tickets": "ärenden",
        "exported": "{path}: {tickets}, {files}; lämna ut filen och radera den sedan",
        "file_one": "fil",
        "hint": "tips: personen får läsa detta; skriv bara det som arbetet kräver, inget om hälsa, tro eller brott",
    },
}  # fmt: skip


def shown(found: PersonFile, timezone: str, language: str) -> Iterator[str]:
    """Addresses, notes, a table of tickets, what waits, when it was read, what lies elsewhere."""
    say, where = say_in(language, TEXTS), zone(timezone)
    yield line(", ".join(found.addresses))
    if found.names:
        yield line(say("names", what=", ".join(found.names)))
    yield from known_lines(found.profile, timezone, language)
    yield from maybe_lines(found.maybe_same, language)
    yield from _ticket_table(found, where, say, language)
    for key, count in (("outbox", found.outbox), ("quarantine", found.quarantine), ("texts", found.texts)):
        if count:
            yield say(key, count=count)
    if found.held:
        yield say("held", numbers=_numbers(found.held))
    if found.readings:
        readings = [
            [local(one.at, where, language), one.what, f"#{one.ticket}" if one.ticket else "", line(one.why)]
            for one in found.readings
        ]
        heads = [
            Column(say("read_when")),
            Column(say("read_what"), least=8),
            Column(say("ticket")),
            Column(say("read_why"), least=10, weight=2),
        ]
        yield from table(heads, readings, width())
    else:
        yield say("never_read")
    yield from elsewhere_lines(found.elsewhere, timezone, language)


def _ticket_table(found: PersonFile, where: tzinfo, say: Say, language: str) -> Iterator[str]:
    """As wide as the terminal; a count that is 0 everywhere is left out."""
    if not found.tickets:
        return
    counts = [name for name in ("wrote", "got", "notes", "files") if any(getattr(one, name) for one in found.tickets)]
    rows = [
        [
            f"#{one.number}",
            say(one.role),
            STATUS[known(language)].get(one.status, one.status),
            f"{one.opened_at.astimezone(where):%Y-%m-%d}",
            *(str(getattr(one, name)) for name in counts),
            line(one.subject),
        ]
        for one in found.tickets
    ]
    heads = [
        Column(say("ticket")),
        Column(say("role"), least=9, weight=2),
        Column(say("status")),
        Column(say("opened")),
        *(Column(say(name), right=True, optional=1) for name in counts),
        Column(say("subject"), least=12, weight=2),
    ]
    yield from table(heads, rows, width())


def known_lines(profile: Profile, timezone: str, language: str) -> Iterator[str]:
    """What is noted about a customer, as each of their tickets shows it."""
    say, where = say_in(language, TEXTS), zone(timezone)
    if profile.restricted_at:
        yield say("restricted", at=local(profile.restricted_at, where, language), by=line(profile.restricted_by))
    for number, note in enumerate(profile.notes, 1):
        at = local(note.at, where, language)
        yield line(say("note", number=number, text=note.text, by=note.by, at=at))


def plan_lines(done: Erased, timezone: str, language: str) -> Iterator[str]:
    """What an erasure would do, what a hold keeps, files to decide about, what lies elsewhere."""
    say, plan = say_in(language, TEXTS), done.traces
    for role in ("only", "requester", "participant", "mentioned"):
        numbers = [number for number, found in sorted(plan.tickets.items()) if found == role]
        if numbers:
            yield say("plan", what=say(f"plan_{role}", tickets=_tickets(say, numbers)))
    for key, items in (("outbox", plan.outbox), ("quarantine", plan.quarantine), ("texts", plan.texts)):
        if items:
            yield say("plan", what=say(f"plan_{key}", count=len(items)))
    if any(key.startswith("person ") for key in plan.facts):
        yield say("plan", what=say("plan_notes"))
    if plan.held:
        yield say("plan_held", numbers=_numbers(tuple(plan.held)))
    for one in plan.files:
        yield line(say("plan_file", number=one.ticket, key=one.message, name=one.file.name))
    for name in sorted(plan.erasure.shared):
        yield line(say("plan_shared", name=name))
    yield from elsewhere_lines(done.elsewhere, timezone, language)


def elsewhere_lines(outside: Elsewhere, timezone: str, language: str) -> Iterator[str]:
    say, where = say_in(language, TEXTS), zone(timezone)
    yield say("elsewhere")
    for name, ids in outside.mailboxes.items():
        yield line(f"- {say('else_mailbox', count=_mails(say, len(ids)), name=name)}")
    for name, uids in outside.on_server.items():
        yield line(f"- {say('else_server', name=name, uids=', '.join(map(str, uids)))}")
    if outside.sent:
        key = "else_sent" if outside.sent_folder else "else_sent_no_folder"
        yield f"- {say(key, count=_mails(say, len(outside.sent)), folder=outside.sent_folder)}"
    if outside.forwarded:
        yield f"- {say('else_forwarded', count=outside.forwarded)}"
        yield from (f"  {one}" for one in _recipients(outside, say))
    for asked in outside.assistant:
        yield line(f"- {say('else_assistant', model=asked.model, at=local(asked.at, where, language))}")
    for name in outside.webhooks:
        yield line(f"- {say('else_webhook', name=name)}")
    for one in outside.notices:
        yield line(f"- {say('else_notice', to=', '.join(one.to), at=local(one.at, where, language))}")
    for place in outside.named_in:
        yield line(f"- {say('else_named', where=place)}")
    for path in outside.exports:
        yield line(f"- {say('else_export', path=path)}")
    yield f"- {say('else_backup')}"


def _recipients(outside: Elsewhere, say: Say) -> Iterator[str]:
    for one in outside.recipients:
        yield line(f"- {say('else_recipient', who=one.address or one.channel, tickets=_numbers(one.tickets))}")


def tell_lines(outside: Elsewhere, language: str) -> Iterator[str]:
    """For the desk, beside the certificate, which names nobody: what is left to do by hand."""
    say = say_in(language, TEXTS)
    for place in outside.named_in:
        yield line(say("else_named", where=place))
    for name in outside.webhooks:
        yield line(say("else_webhook", name=name))
    if outside.recipients:
        yield say("tell")
        yield from _recipients(outside, say)


def certificate_lines(found: Certificate, timezone: str, language: str) -> Iterator[str]:
    """For the person: what was done, in their language, without anything that names them."""
    say, where = say_in(language, TEXTS), zone(timezone)
    yield say("certificate", id=found.id)
    yield line(say("cert_desk", desk=found.desk, at=local(found.at, where, language)))
    yield ""
    yield say("cert_done")
    roles = ", ".join(f"{say(role)}: {count}" for role, count in found.roles.items())
    yield f"- {say('cert_tickets', count=sum(found.roles.values()), roles=roles)}"
    yield f"- {say('cert_messages', count=found.messages)}"
    yield f"- {say('cert_files', count=found.files)}"
    rest = ("outbox", "quarantine", "texts", "copies", "exports", "notes")
    yield f"- {say('cert_rest', **{name: getattr(found, name) for name in rest})}"
    if found.on_server:
        yield f"- {say('cert_server', count=found.on_server)}"
    if found.files_kept:
        yield f"- {say('cert_files_kept', count=found.files_kept)}"
    if found.held:
        yield f"- {say('cert_held', count=len(found.held))}"
    yield ""
    yield from _not_ours(found, say)
    yield say("cert_log")
    yield say("cert_until", until=f"{found.until.astimezone(where):%Y-%m-%d}")


def _not_ours(found: Certificate, say: Say) -> Iterator[str]:
    outside, lines = found.elsewhere, []
    left = sum(len(ids) for ids in outside.mailboxes.values()) - found.on_server
    if left > 0:
        lines.append(say("cert_mailboxes", count=left))
    if outside.sent:
        lines.append(say("else_sent_no_folder", count=_mails(say, len(outside.sent))))
    if outside.forwarded:
        lines.append(say("else_forwarded", count=outside.forwarded))
    if outside.assistant:
        lines.append(say("cert_assistant", models=", ".join(sorted({one.model for one in outside.assistant}))))
    if outside.webhooks:
        lines.append(line(say("cert_webhooks", names=", ".join(outside.webhooks))))
    if outside.notices:
        lines.append(say("cert_notices", count=len(outside.notices)))
    if lines:
        yield say("cert_elsewhere")
        yield from (f"- {one}" for one in lines)
        yield ""


def noted(done: Known, language: str) -> str:
    say = say_in(language, TEXTS)
    if len(done.after.notes) < len(done.before.notes):
        return say("dropped")
    return line(say("noted", text=done.after.notes[-1].text))


def restricted(done: Known, timezone: str, language: str) -> str:
    say, after = say_in(language, TEXTS), done.after
    if done.before.restricted_at == after.restricted_at:
        if not after.restricted_at:
            return say("never_restricted")
        at = local(after.restricted_at, zone(timezone), language)
        return line(say("restricted_before", at=at, by=after.restricted_by))
    return say("restricted_now" if after.restricted_at else "not_restricted")


def rectified(done: Rectified, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if done.tickets:
        yield say("rectified", tickets=_tickets(say, done.tickets))
    else:
        yield say("rectified_none")
    if len(done.after.addresses) > 1:
        yield line(say("same", addresses=", ".join(done.after.addresses)))
    if done.waiting:
        yield say("waiting", count=_mails(say, done.waiting))


def exported(path: str, tickets: int, files: int, language: str) -> str:
    say = say_in(language, TEXTS)
    return line(
        say(
            "exported",
            path=path,
            tickets=counted(tickets, say("tickets_one"), say("tickets")),
            files=counted(files, say("file_one"), say("files")),
        )
    )


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"#{number}" for number in sorted(numbers))


def _tickets(say: Say, numbers: Sequence[int]) -> str:
    shown = _numbers(numbers[:10]) + (" …" if len(numbers) > 10 else "")
    return f"{counted(len(numbers), say('tickets_one'), say('tickets'))} ({shown})"


def _mails(say: Say, count: int) -> str:
    return counted(count, say("mail"), say("mails"))
