"""What `doctor` says: of each finding what is so, and the next step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from ticketctl.content.times import span
from ticketctl.domain.settings.settings import Away
from ticketctl.errors import NextStep, TicketctlError
from ticketctl.ports.store import Finding
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.away import away_line
from ticketctl.present.words.board import limit_line
from ticketctl.present.words.errors import error_line, step_words
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
        "restored_unseen": "from a backup of {made:%Y-%m-%d %H:%M} UTC; nothing is fetched or sent; "
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
        "notice_missing": "customers are told nothing about their personal data",
        "notice_language": "there is none in the language {language}",
        "notice_not_sent": "no rule answers automatically, so nobody gets it",
        "notice_placeholder": "it says “{found}” ({language})",
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
}


def detail(finding: Finding, language: str) -> str:
    """What is so."""
    language = language if language in TEXTS else "en"
    facts = finding.facts
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
    if isinstance(finding.next_step, NextStep):
        command = step_words(finding.next_step, language)
        return command if finding.next_step.then else command.strip("`")
    return say_in(language, TEXTS)(finding.next_step, **_said(finding, language)) if finding.next_step else ""


def _said(finding: Finding, language: str) -> dict[str, object]:
    """The facts as people read them."""
    facts = {name: _fact(fact, finding, language) for name, fact in finding.facts.items()}
    if "free" in facts:
        free, needed = cast("int", facts["free"]), cast("int", facts["needed"])
        facts["room"] = f"{free / 1e9:,.1f} GB" if free >= 1e9 else f"{free / 1e6:,.0f} MB"
        facts["needs"] = f"{needed / 1e6:,.0f} MB"
    if "seconds" in facts:
        seconds = cast("int", facts["seconds"])
        facts["length"] = f"{seconds} s" if seconds < 600 else f"{seconds // 60} minutes"
    return facts


def _fact(fact: object, finding: Finding, language: str) -> object:
    """An error with its own next step where the finding has none."""
    if isinstance(fact, TicketctlError):
        return str(fact) if finding.next_step else error_line(fact, language)
    return span(fact, language) if isinstance(fact, timedelta) else fact
