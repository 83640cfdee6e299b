"""What `board` says; `inbox` and `doctor` say some of it too."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from ticketctl.content.early_warning import warning_line
from ticketctl.content.outage import Down
from ticketctl.content.terminal import line
from ticketctl.content.times import short
from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.terms import figure
from ticketctl.usecases.automation.rate_limit import Held
from ticketctl.usecases.reply.presence import Writing

if TYPE_CHECKING:
    from ticketctl.usecases.outgoing.webhooks import FailingHook

TEXTS: Texts = {
    "en": {
        "nothing_open": "Nothing is open. `ticketctl fetch` looks for new mail.",
        "no_mail_since": "no mail from {source} since {since}: {reason}",
        "no_mail_yet": "no mail from {source} yet: {reason}",
        "not_fetched": "no mail from {source} since {since}: nothing has fetched it; `ticketctl cron install` does",
        "hook_failing": "the webhook {name} has taken nothing since {since}: `ticketctl webhook test {name}` says why",
        "hook_paused": "the webhook {name} is paused, it has taken nothing since {since}: "
        "`ticketctl webhook resume {name}`",
        "quarantined": "{count} mails in quarantine that nobody has looked at: `ticketctl quarantine`",
        "one_quarantined": "1 mail in quarantine that nobody has looked at: `ticketctl quarantine`",
        "deferred": "{count} mails not accepted yet, the oldest for {age}: `ticketctl send --list` says why",
        "one_deferred": "1 mail not accepted yet, for {age}: `ticketctl send --list` says why",
        # automatic mail that is not sent
        "limit_of_desk": "No more automatic answers today: {times} in 24 h (acknowledgement_cap)",
        "limit_of_domain": "No more automatic answers to {domain} today: {times} of its addresses got one in 24 h",
        "notice_loop": "A mail loop with {who}? {times} tickets right after mails to it, no more notices: {tickets}",
        "answer_loop": "A mail loop with {who}? {times} automatic answers in 24 h held back: {tickets}",
        "somebody_purged": "somebody whose tickets are purged",
        # counts
        "open": "{count} open",
        "one_open": "1 open",
        "unopened": "{count} unopened",
        "one_unopened": "1 unopened",
        "unassigned": "{count} unassigned",
        "one_unassigned": "1 unassigned",
        "overdue": "{count} overdue",
        "one_overdue": "1 overdue",
        "promised": "{count} promised by today",
        "one_promised": "1 promised by today",
        "away": "{count} with people who are away",
        "one_away": "1 with people who are away",
        "waking": "{count} waking today",
        "one_waking": "1 waking today",
        "not_delivered": "{count} not delivered",
        "one_not_delivered": "1 not delivered",
        "held": "{count} held back",
        "one_held": "1 held back",
        "scheduled": "{count} scheduled",
        "one_scheduled": "1 scheduled",
        "pending": "{count} in the outbox",
        "one_pending": "1 in the outbox",
        # groups
        "head_held": "Held back: somebody wrote in between",
        "head_not_delivered": "Not delivered",
        "head_promised": "Promised, today or late",
        "head_overdue": "Overdue",
        "head_away": "With people who are away",
        "head_unopened": "Unopened",
        "head_unassigned": "Unassigned",
        "head_waking": "Waking today",
        "head": "{head} ({count})",
        "head_some_above": "{head} ({count}, {above} of them above)",
        "more": "… and {count} more: `ticketctl {command}`",
        # columns
        "prio": "p",
        "due": "due",
        "who": "who",
        "subject": "subject",
        "owner": "owner",
        "column_open": "open",
        "for_us": "waits for us",
        "for_customer": "for customer",
        "column_overdue": "overdue",
        "oldest": "oldest",
        "the_oldest": "Oldest: #{number} {subject}, {age}, {owner}",
        "writing": "#{number}: {agent} has been writing since {since}",
    },
    "sv": {
        "nothing_open": "Inget är öppet. `ticketctl fetch` hämtar ny post.",
        "no_mail_since": "ingen post från {source} sedan {since}: ”{reason}”",
        "no_mail_yet": "ingen post från {source} än: ”{reason}”",
        "not_fetched": "ingen post från {source} sedan {since}: inget har hämtat den; "
        "`ticketctl cron install` ordnar det",
        "hook_failing": "webhooken {name} har inte tagit emot något sedan {since}: "
        "`ticketctl webhook test {name}` visar varför",
        "hook_paused": "webhooken {name} är pausad, den har inte tagit emot något sedan {since}: "
        "`ticketctl webhook resume {name}`",
        "quarantined": "{count} mejl i karantän som ingen har tittat på: `ticketctl quarantine`",
        "one_quarantined": "1 mejl i karantän som ingen har tittat på: `ticketctl quarantine`",
        "deferred": "{count} mejl som ingen server har tagit emot än, det äldsta på {age}: "
        "`ticketctl send --list` visar varför",
        "one_deferred": "1 mejl som ingen server har tagit emot på {age}: `ticketctl send --list` visar varför",
        "limit_of_desk": "Inga fler automatiska svar i dag: {times} på 24 tim (acknowledgement_cap)",
        "limit_of_domain": "Inga fler automatiska svar till {domain} i dag: {times} av adresserna där har fått ett "
        "på 24 tim",
        "notice_loop": "Rundgång med {who}? {times} ärenden direkt efter mejl dit, inga fler aviseringar: {tickets}",
        "answer_loop": "Rundgång med {who}? {times} automatiska svar på 24 tim hölls inne: {tickets}",
        "somebody_purged": "någon vars ärenden är raderade",
        "open": "{count} öppna",
        "one_open": "1 öppet",
        "unopened": "{count} nya",
        "one_unopened": "1 nytt",
        "unassigned": "{count} utan ansvarig",
        "one_unassigned": "1 utan ansvarig",
        "overdue": "{count} försenade",
        "one_overdue": "1 försenat",
        "promised": "{count} utlovade till i dag",
        "one_promised": "1 utlovat till i dag",
        "away": "{count} hos frånvarande",
        "one_away": "1 hos frånvarande",
        "waking": "{count} väcks i dag",
        "one_waking": "1 väcks i dag",
        "not_delivered": "{count} kom inte fram",
        "one_not_delivered": "1 kom inte fram",
        "held": "{count} hålls inne",
        "one_held": "1 hålls inne",
        "scheduled": "{count} skickas senare",
        "one_scheduled": "1 skickas senare",
        "pending": "{count} i utkorgen",
        "one_pending": "1 i utkorgen",
        "head_held": "Hålls inne: någon skrev emellan",
        "head_not_delivered": "Kom inte fram",
        "head_promised": "Utlovade till i dag eller tidigare",
        "head_overdue": "Försenade",
        "head_away": "Hos frånvarande",
        "head_unopened": "Nya",
        "head_unassigned": "Utan ansvarig",
        "head_waking": "Väcks i dag",
        "head": "{head} ({count})",
        "head_some_above": "{head} ({count}, varav {above} ovan)",
        "more": "… och {count} till: `ticketctl {command}`",
        "prio": "p",
        "due": "frist",
        "who": "kund",
        "subject": "ämne",
        "owner": "ansvarig",
        "column_open": "öppna",
        "for_us": "väntar på oss",
        "for_customer": "på kunden",
        "column_overdue": "försenade",
        "oldest": "äldst",
        "the_oldest": "Äldst: #{number} {subject}, {age}, {owner}",
        "writing": "#{number}: {agent} skriver sedan {since}",
    },
}
COMMANDS = {  # that show all of a group
    "held": "outbox",
    "not_delivered": "show N",
    "promised": "list",
    "overdue": "list --overdue",
    "away": "list",
    "unopened": "list --status new",
    "unassigned": "list --unassigned",
    "waking": "list --waiting",
}
MOST_NUMBERS = 4  # tickets that a line names


def count_words(name: str, count: int, language: str, **facts: object) -> str:
    """A text that has a form of its own for one."""
    say = say_in(language, TEXTS)
    return say(f"one_{name}" if count == 1 else name, count=figure(count, language), **facts)


def hook_line(one: FailingHook, now: datetime, where: tzinfo, language: str) -> str:
    """ "the webhook lager has taken nothing since 09:35: `ticketctl webhook test lager` says why" """
    key = "hook_paused" if one.paused else "hook_failing"
    return say_in(language, TEXTS)(key, name=one.name, since=short(one.since, now, where, language))


def mailbox_line(one: Down, now: datetime, where: tzinfo, language: str) -> str:
    """ "no mail from support since 09:35: mail.exempel.se refused the password of support" """
    since = short(one.since, now, where, language) if one.since else ""
    key = "not_fetched" if not one.reason else "no_mail_since" if since else "no_mail_yet"
    reason = line(one.reason).removeprefix(f"{one.source}: ")
    return say_in(language, TEXTS)(key, source=line(one.source), since=since, reason=reason)


def limit_line(one: Held, language: str) -> str:
    """Which automatic mail is not sent: the address before the numbers, which may be many."""
    say = say_in(language, TEXTS)
    if one.domain:
        return say("limit_of_domain", domain=one.domain, times=one.times)
    if not one.tickets:
        return say("limit_of_desk", times=one.times)
    numbers = ", ".join(f"#{number}" for number in one.tickets[:MOST_NUMBERS])
    more = "…" if len(one.tickets) > MOST_NUMBERS else ""
    key = "notice_loop" if one.notices else "answer_loop"
    return say(key, who=one.address or say("somebody_purged"), times=one.times, tickets=numbers + more)


def warned_line(one: EarlyWarning, language: str) -> str:
    """What comes unusually often, and the command that shows it."""
    kind, value = one.thing.kind, one.thing.value
    command = {
        "pattern": f"patterns show P{value}",
        "label": f"list --all --label {line(value)}",
        "new": f"show {value}",
    }.get(kind, f"show {one.tickets[-1]}" if one.tickets else "list")
    return f"{warning_line(one, language)}: `ticketctl {command}`"


def writing_line(one: Writing, now: datetime, where: tzinfo, language: str) -> str:
    """ "#17: bo has been writing since 10:02"; with the day where that is another."""
    since = short(one.since, now, where, language)
    return say_in(language, TEXTS)("writing", number=one.number, agent=line(one.agent), since=since)
