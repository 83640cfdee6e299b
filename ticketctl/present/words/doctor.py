"""What `doctor` says: of each finding what is so, and the next step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from ticketctl.content.times import local, span
from ticketctl.domain.settings.settings import Away
from ticketctl.errors import NextStep, TicketctlError
from ticketctl.ports.store import Finding
from ticketctl.present.words import Texts, say_in, spoken
from ticketctl.present.words.away import away_line
from ticketctl.present.words.board import limit_line
from ticketctl.present.words.errors import error_line, speaks, step_words
from ticketctl.present.words.login import state_line
from ticketctl.usecases.automation.rate_limit import Held
from ticketctl.usecases.upkeep.login import LoginState

TEXTS: Texts = {
    "en": {
        # how it is
        "ok": "ok",
        "warning": "look",
        "error": "BAD",
        # rules.yaml and the computer
        "trouble": "{why}",
        "rules": "{folder}, {team} in the team",
        "not_there_yet": "not there yet; made at first use",
        "private": "private (mode {mode})",
        "untrusted": "{why}: whoever may write it decides what is run or sent",
        "private_soon": "not used yet; made private at first use",
        "open_to_others": "others on this machine may look into it (mode {mode})",
        "disk": "{room} free",
        "disk_full": "{room} free; the desk needs {needs}",
        "few_files": "{room} free, but only {files:,} more files fit",
        "clock": "{now} {zone}",
        "clock_went_back": "it is {now} UTC here, but the desk was used {used} UTC",
        "restored_unseen": "from a backup of {made} UTC; nothing is fetched or sent; "
        "mails that may have been sent since: {unsure}",
        "clock_doubted": "it is {now} UTC here, and was {known} UTC when the clock was last known to be right",
        "clock_at_zero": "it is {year} here",
        "same_time": "the same at {host}",
        "clock_ahead": "it is {length} ahead of {host}",
        "clock_behind": "it is {length} behind {host}",
        # the store
        "nothing_stored": "nothing is stored yet",
        "tickets": "{tickets} tickets",
        "counted": "{tickets} tickets, {bytes} bytes, generation {generation}",
        "file_missing": "the file is missing",
        "only_leftovers": "it and its backup are missing, only stored mail or the audit log is left",
        "no_backup": "there is none",
        "archive": "{tickets} tickets in {months} months",
        "archive_holds_deleted": "still holds {tickets} deleted tickets",
        "files": "{count} in use, all there",
        "files_left": "{count} in use, all there; {left} not compared yet: `ticketctl doctor --deep`",
        "files_missing": "{missing} of {count} are missing, such as {missing_one}",
        "files_damaged": "{damaged} are damaged, such as {damaged_one}",
        "files_missing_and_damaged": "{missing} of {count} are missing, such as {missing_one}; "
        "{damaged} are damaged, such as {damaged_one}",
        "set_aside": "kept by `doctor --recover`; it holds customers' data, and purge does not delete it",
        "retention_undated": "{count} that no rule ever takes, because a date is missing or in the future: {tickets}",
        "retention_idle": "nothing was over since {since}, though {count} were closed longer ago than any rule says",
        "look_at_plan": "`ticketctl purge --plan` says why; close them again, or delete them by `person erase`",
        "look_at_rules": "look at `privacy: retention:` in rules.yaml: these tickets are kept for ever",
        "foreign": "{count} in data/ that are not part of the desk: {names}",
        "readable_by_others": "other users of this machine may read it",
        "records": "{records} records",
        "audit_begun_anew": "{why}; kept as {name}, begun anew",
        "recovered": "repaired, with {tickets} readable tickets",
        "goes_on_without": "{why}; the desk goes on without it",
        "not_recovered": "{count} could not be brought back: {numbers}",
        "begun_anew": "nothing is left but stored mail and the audit log; begun anew, the next ticket is #{next}",
        # the privacy notice
        "notice": "in {languages}, with nothing left to fill in",
        "notice_missing": "customers get no information about their personal data",
        "notice_language": "there is none in the language {language}",
        "notice_not_sent": "no rule answers automatically, so nobody gets it",
        "notice_placeholder": "“{found}” must be replaced ({language})",
        # jobs and mail
        "not_examined": "not looked at, since rules.yaml has faults",
        "no_sources": "rules.yaml names no source, so no mail comes in by itself",
        "never_ran": "has never run",
        "never_well": "has never gone well; {why}",
        "not_well": "last went well {ago} ago; {why}",
        "silent": "last ran {ago} ago",
        "went_well": "went well {ago} ago",
        "heartbeat": "called after each good fetch",
        "assistant": "{model} at {url}, when somebody asks for a suggestion",
        "assistant_remote": "{model} at {url}: masked texts may leave this computer (allow_remote)",
        "heartbeat_fails": "could not be called: {why}",
        "not_delivered": "{count} not delivered: {names}",
        "held_back": "{count} held back because somebody wrote in between: {names}",
        "stuck": "{count} waiting, the oldest for {ago}: {why}",
        "not_tried": "{count} waiting, the oldest for {ago}: not tried yet",
        "waiting": "{count} waiting",
        "copy_missing": "{count} reply without a copy in the Sent folder: {why}",
        "copies_missing": "{count} replies without a copy in the Sent folder: {why}",
        "quarantined_one": "{count} message set aside",
        "quarantined": "{count} messages set aside",
        "first_fetch": "{why}",
        "answers": "{what}",
        "not_looked_at": "could not be looked at: {why}",
        # what to do
        "make_private": "chmod 700 {folder}",
        "make_unreadable": "chmod go= {path}",
        "look_at_disk": "df -h .",
        "look_at_files": "df -i .",
        "look_at_clock": "timedatectl",
        "resume": "look at the tickets and `ticketctl outbox`, then `ticketctl doctor --resume`",
        "say_clock_is_right": "timedatectl; if it is right, say so once: `ticketctl escalate --clock-is-right`",
        "set_clock": "timedatectl set-ntp true",
        "recover": "ticketctl doctor --recover",
        "recover_backup": "`ticketctl doctor --recover` makes a new one",
        "install_newer": "install the newer version",
        "next_change_makes_it": "the next change makes one",
        "purge_deleted": "`ticketctl purge` takes them out",
        "restore_or_begin_anew": "put data/ back from a backup; without one, `ticketctl doctor --recover` begins anew",
        "restore_or_go_on": "put it back from a backup; without one, `ticketctl doctor --recover` goes on without it",
        "restore_blobs": "put data/blobs back from a backup; tickets and their texts are not affected",
        "restore_month": "put it back from a backup; without one: rm {path}, and purge deletes its mails",
        "restore_if_there": "put data/ back from a backup if there is one; the audit log or the archive's index "
        "knew of them",
        "restore_or_remove": "put data/ back from a backup; else rm {path}, and purge deletes the mail",
        "remove_set_aside": "once nothing is missing: rm {path}; until then purge deletes no stored file",
        "delete_set_aside": "look through `ticketctl list`; then delete {names}, which holds customers' data",
        "compare_and_move": "a sync tool's conflict copy may hold tickets: compare it, then move it away, and keep "
        "data/ out of sync tools",
        "compare_with_backup": "compare it with a backup: someone or something changed it",
        "add_notice": "privacy: notice: in rules.yaml; `ticketctl init` in a new folder has one to copy",
        "write_notice": "write {path}",
        "add_acknowledgement": "a rule with reply: {{snippet: mottaget, automatic: true}}, or privacy: footer:",
        "fill_notice": "desk: name:, privacy: responsible: and contact: in rules.yaml; `ticketctl privacy check`",
        "add_sources": "add sources: to rules.yaml, or `ticketctl fetch maildir:PATH`",
        "fetch": "ticketctl fetch",
        "say_since_when": "ticketctl fetch {source} --since now",
        "install_cron": "ticketctl cron install",
        "send": "ticketctl send",
        "send_list": "ticketctl send --list",
        "outbox": "ticketctl outbox",
        "quarantine_list": "ticketctl quarantine list",
        "name_deputy": "ticketctl away {agent} --deputy AGENT",
    },
    "sv": {
        # how it is
        "ok": "ok",
        "warning": "se",
        "error": "FEL",
        # rules.yaml and the computer
        "trouble": "{why}",
        "rules": "{folder}, {team} i teamet",
        "not_there_yet": "finns inte än; skapas vid första användningen",
        "private": "privat (rättigheter {mode})",
        "untrusted": "{why}: den som får skriva dit bestämmer vad som körs eller skickas",
        "private_soon": "används inte än; görs privat vid första användningen",
        "open_to_others": "andra användare av datorn kan läsa i den (rättigheter {mode})",
        "disk": "{room} ledigt",
        "disk_full": "{room} ledigt; ärendesystemet behöver {needs}",
        "few_files": "{room} ledigt, men bara {files:,} filer till får plats",
        "clock": "{now} {zone}",
        "clock_went_back": "här är klockan {now} UTC, men data skrevs {used} UTC",
        "restored_unseen": "från en säkerhetskopia av {made} UTC; inget hämtas eller skickas; "
        "mejl som kan ha skickats sedan dess: {unsure}",
        "clock_doubted": "här är klockan {now} UTC; den var {known} UTC när den senast säkert gick rätt",
        "clock_at_zero": "här är det år {year}",
        "same_time": "samma tid som {host}",
        "clock_ahead": "klockan går {length} före {host}",
        "clock_behind": "klockan går {length} efter {host}",
        # the store
        "nothing_stored": "inget är sparat än",
        "tickets": "{tickets} ärenden",
        "counted": "{tickets} ärenden, {bytes} byte, generation {generation}",
        "file_missing": "filen saknas",
        "only_leftovers": "filen och dess kopia saknas, bara sparade mejl eller loggen finns kvar",
        "no_backup": "det finns ingen",
        "archive": "{tickets} ärenden i {months} månader",
        "archive_holds_deleted": "innehåller fortfarande {tickets} raderade ärenden",
        "files": "{count} används, alla finns",
        "files_left": "{count} används, alla finns; {left} är inte jämförda än: `ticketctl doctor --deep`",
        "files_missing": "{missing} av {count} saknas, till exempel {missing_one}",
        "files_damaged": "{damaged} är skadade, till exempel {damaged_one}",
        "files_missing_and_damaged": "{missing} av {count} saknas, till exempel {missing_one}; "
        "{damaged} är skadade, till exempel {damaged_one}",
        "set_aside": "sparad av `doctor --recover`; den innehåller kunders uppgifter, och purge raderar den inte",
        "retention_undated": "{count} som ingen regel gallrar, eftersom ett datum saknas eller ligger i framtiden: "
        "{tickets}",
        "retention_idle": "inget har gallrats sedan {since}, fast {count} avslutades för längre sedan än någon regel "
        "säger",
        "look_at_plan": "`ticketctl purge --plan` visar varför; avsluta dem igen, eller radera dem med `person erase`",
        "look_at_rules": "se över `privacy: retention:` i rules.yaml: dessa ärenden sparas för alltid",
        "foreign": "{count} i data/ som inte hör dit: {names}",
        "readable_by_others": "andra användare av datorn kan läsa den",
        "records": "{records} poster",
        "audit_begun_anew": "{why}; sparad som {name}, en ny är påbörjad",
        "recovered": "reparerad, med {tickets} läsbara ärenden",
        "goes_on_without": "{why}; arbetet fortsätter utan den",
        "not_recovered": "{count} kunde inte återskapas: {numbers}",
        "begun_anew": "bara sparade mejl och loggen finns kvar; börjar om, nästa ärende är #{next}",
        # the privacy notice
        "notice": "finns på {languages}, och allt är ifyllt",
        "notice_missing": "kunderna får ingen information om sina personuppgifter",
        "notice_language": "det finns ingen på språket {language}",
        "notice_not_sent": "ingen regel svarar automatiskt, så ingen får den",
        "notice_placeholder": "”{found}” ska bytas ut ({language})",
        # jobs and mail
        "not_examined": "inte kontrollerat, eftersom rules.yaml har fel",
        "no_sources": "rules.yaml har ingen källa, så inga mejl kommer in av sig själva",
        "never_ran": "har aldrig körts",
        "never_well": "har aldrig lyckats; {why}",
        "not_well": "lyckades senast för {ago} sedan; {why}",
        "silent": "kördes senast för {ago} sedan",
        "went_well": "lyckades för {ago} sedan",
        "heartbeat": "anropas efter varje lyckad hämtning",
        "assistant": "{model} på {url}, när någon ber om ett förslag",
        "assistant_remote": "{model} på {url}: maskerade texter får lämna datorn (allow_remote)",
        "heartbeat_fails": "kunde inte anropas: {why}",
        "not_delivered": "{count} inte levererade: {names}",
        "held_back": "{count} hålls kvar, eftersom någon skrev under tiden: {names}",
        "stuck": "{count} väntar, det äldsta i {ago}: {why}",
        "not_tried": "{count} väntar, det äldsta i {ago}: inget försök är gjort än",
        "waiting": "{count} väntar",
        "copy_missing": "{count} svar utan kopia i mappen för skickat: {why}",
        "copies_missing": "{count} svar utan kopia i mappen för skickat: {why}",
        "quarantined_one": "{count} meddelande i karantän",
        "quarantined": "{count} meddelanden i karantän",
        "first_fetch": "{why}",
        "answers": "{what}",
        "not_looked_at": "kunde inte kontrolleras: {why}",
        # what to do
        "make_private": "chmod 700 {folder}",
        "make_unreadable": "chmod go= {path}",
        "look_at_disk": "df -h .",
        "look_at_files": "df -i .",
        "look_at_clock": "timedatectl",
        "resume": "titta på ärendena och `ticketctl outbox`, kör sedan `ticketctl doctor --resume`",
        "say_clock_is_right": "timedatectl; om klockan går rätt, bekräfta det en gång: "
        "`ticketctl escalate --clock-is-right`",
        "set_clock": "timedatectl set-ntp true",
        "recover": "ticketctl doctor --recover",
        "recover_backup": "`ticketctl doctor --recover` gör en ny",
        "install_newer": "installera den nyare versionen",
        "next_change_makes_it": "nästa ändring skapar en",
        "purge_deleted": "`ticketctl purge` tar bort dem",
        "restore_or_begin_anew": "läs tillbaka data/ från en säkerhetskopia; utan en sådan börjar "
        "`ticketctl doctor --recover` om",
        "restore_or_go_on": "läs tillbaka den från en säkerhetskopia; utan en sådan fortsätter "
        "`ticketctl doctor --recover` utan den",
        "restore_blobs": "läs tillbaka data/blobs från en säkerhetskopia; ärenden och deras texter påverkas inte",
        "restore_month": "läs tillbaka den från en säkerhetskopia; utan en sådan: rm {path}, och purge raderar mejlen",
        "restore_if_there": "läs tillbaka data/ från en säkerhetskopia om det finns en; loggen eller arkivets index "
        "kände till dem",
        "restore_or_remove": "läs tillbaka data/ från en säkerhetskopia; annars rm {path}, och purge raderar mejlet",
        "remove_set_aside": "när inget saknas: rm {path}; dessförinnan raderar purge inga sparade filer",
        "delete_set_aside": "gå igenom `ticketctl list`; radera sedan {names}, som innehåller kunders uppgifter",
        "compare_and_move": "ett synkprograms konfliktkopia kan innehålla ärenden: jämför den, flytta sedan bort den, "
        "och synka inte data/",
        "compare_with_backup": "jämför den med en säkerhetskopia: någon eller något har ändrat den",
        "add_notice": "privacy: notice: i rules.yaml; `ticketctl init` i en ny mapp skapar en att kopiera",
        "write_notice": "skriv {path}",
        "add_acknowledgement": "en regel med reply: {{snippet: mottaget, automatic: true}}, eller privacy: footer:",
        "fill_notice": "desk: name:, privacy: responsible: och contact: i rules.yaml; `ticketctl privacy check`",
        "add_sources": "lägg till sources: i rules.yaml, eller `ticketctl fetch maildir:SÖKVÄG`",
        "fetch": "ticketctl fetch",
        "say_since_when": "ticketctl fetch {source} --since now",
        "install_cron": "ticketctl cron install",
        "send": "ticketctl send",
        "send_list": "ticketctl send --list",
        "outbox": "ticketctl outbox",
        "quarantine_list": "ticketctl quarantine list",
        "name_deputy": "ticketctl away {agent} --deputy AGENT",
    },
}


def detail(finding: Finding, language: str) -> str:
    """What is so."""
    language, facts = _spoken(finding, language), finding.facts
    if finding.code == "away":
        away, today = cast("Away", facts["away"]), cast("date", facts["today"])
        return away_line(str(facts["agent"]), away, today, language)
    if finding.code == "login":
        return state_line(cast("LoginState", facts["login"]), cast("datetime", facts["now"]), language)
    if finding.code == "automatic_mail_held":
        return limit_line(cast("Held", facts["held"]), language)
    return say_in(language, TEXTS)(finding.code, **_said(finding, language))


def step(finding: Finding, language: str) -> str:
    """What to do, "" where there is nothing to do: a command, or a sentence with commands in backticks."""
    language = _spoken(finding, language)
    if isinstance(finding.next_step, NextStep):
        command = step_words(finding.next_step, language)
        return command if finding.next_step.then else command.strip("`")
    return say_in(language, TEXTS)(finding.next_step, **_said(finding, language)) if finding.next_step else ""


def _spoken(finding: Finding, language: str) -> str:
    """English where a fact is a sentence that there is in English alone, such as what a server said."""
    sentences = [finding.facts.get(name) for name in ("why", "what")]
    known = all(speaks(one, language) if isinstance(one, TicketctlError) else not one for one in sentences)
    return spoken(language, TEXTS) if known else "en"


def _said(finding: Finding, language: str) -> dict[str, object]:
    """The facts as people read them."""
    facts = {name: _fact(fact, finding, language) for name, fact in finding.facts.items()}
    if "free" in facts:
        free, needed = cast("int", facts["free"]), cast("int", facts["needed"])
        facts["room"] = f"{free / 1e9:,.1f} GB" if free >= 1e9 else f"{free / 1e6:,.0f} MB"
        facts["needs"] = f"{needed / 1e6:,.0f} MB"
    if "seconds" in facts:
        seconds = cast("int", facts["seconds"])
        facts["length"] = f"{seconds} s" if seconds < 600 else f"{seconds // 60} min"
    return facts


def _fact(fact: object, finding: Finding, language: str) -> object:
    """An error with its own next step where the finding has none; a time in its own zone."""
    if isinstance(fact, TicketctlError):
        return str(fact) if finding.next_step else error_line(fact, language)
    if isinstance(fact, datetime) and fact.tzinfo:
        return local(fact, fact.tzinfo, language)
    return span(fact, language) if isinstance(fact, timedelta) else fact
