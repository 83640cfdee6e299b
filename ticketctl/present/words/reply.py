"""What `reply` says: what became of a reply, and what does not go together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import local
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.reply.several_requesters import Unanswered
from ticketctl.domain.ticket.delivery import shown, trouble
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words.reply_check import language_name

TEXTS: Texts = {
    "en": {
        # what became of it
        "done": "#{number}: {what}{yours}",
        "yours": "; it is yours now",
        "draft": "#{number}: draft kept{yours}; `ticketctl reply {number} --send` sends it",
        "to": "reply to {to} {when}",
        "at": "is sent {when}; `ticketctl undo {number}` takes it back",
        "in_seconds": "is sent in {seconds} s; `ticketctl undo {number}` takes it back",
        "with_send": "is sent by the first `ticketctl send` after {when}; `ticketctl undo {number}` takes it back",
        "sent": "reply sent to {to}",
        "in_chat": "the reply is in the chat",
        "failed": "reply NOT delivered to {to}",
        "uncertain": "reply perhaps delivered to {to}",
        "queued": "reply queued for {to}",
        "unanswered": "; not answered: {who}",
        "not_to": "; not to {who}",
        "no_address": "no mail address",
        "unread": "nobody reads mail there",
        "language": "wrote {language}",
        "closed": "; closed",
        "open": "; stays open",
        "waits": "; waits until {when}",
        "promised": ", promised by {when}",
        # what went wrong
        "not_left": "#{number}: {trouble}; `ticketctl send --list` shows what can be done",
        "deferred": "#{number}: not accepted yet: {trouble}; it stays in the outbox and `ticketctl send` tries again",
        "interrupted": "the reply on #{number} is in the outbox; `ticketctl send --list` shows it",
        "stored": "the reply on #{number} is stored, and may not have been sent: `ticketctl send --list`",
        "nobody_sends": "nothing sends it by itself ({error}); `ticketctl send` does",
        "stopped": "stopped",
        "text_in": "your text is in {file}",
        "text_was": "your text was:\n{text}",
        "queued_before": "the reply on #{number} was queued before that",
        "draft_on": "your text is kept as a draft on #{number}; `ticketctl reply {number}` goes on with it",
        # the check alone
        "checked": "#{number}: {hint}",
        "no_remark": "nothing to remark",
        "strictly": "#{number}: a strict check would refuse it",
        # what does not go together
        "together": "--{one} and --{other} do not go together",
        "only_requester": "--only-requester sends it to nobody else; leave out --to, --cc, --bcc and --to-all",
        "no_check": "--no-check goes with neither --strict nor --check",
        "choose": "--choose is for one ticket, and goes with neither --snippet nor --text",
        "close_only": "--cause and --lesson are for --close",
        "one_at_a_time": "in the editor one ticket at a time; several are answered with --text or --snippet",
        "needs_terminal": "--edit needs a terminal",
        "too_large": "the attachments are larger than {size} MB, which mail servers refuse",
    },
    "sv": {
        "done": "#{number}: {what}{yours}",
        "yours": "; ärendet är ditt nu",
        "draft": "#{number}: utkastet är sparat{yours}; `ticketctl reply {number} --send` skickar det",
        "to": "svaret till {to} {when}",
        "at": "skickas {when}; `ticketctl undo {number}` tar tillbaka det",
        "in_seconds": "skickas om {seconds} s; `ticketctl undo {number}` tar tillbaka det",
        "with_send": "skickas av första `ticketctl send` efter {when}; `ticketctl undo {number}` tar tillbaka det",
        "sent": "svar skickat till {to}",
        "in_chat": "svaret syns i chatten",
        "failed": "svaret kom INTE fram till {to}",
        "uncertain": "svaret kom kanske fram till {to}",
        "queued": "svar i utkorgen till {to}",
        "unanswered": "; obesvarade: {who}",
        "not_to": "; inte till {who}",
        "no_address": "ingen e-postadress",
        "unread": "ingen läser mejl där",
        "language": "skrev på {language}",
        "closed": "; stängt",
        "open": "; förblir öppet",
        "waits": "; väntar till {when}",
        "promised": ", utlovat till {when}",
        "not_left": "#{number}: {trouble}; `ticketctl send --list` visar vad som kan göras",
        "deferred": "#{number}: inte mottaget än: {trouble}; svaret ligger kvar i utkorgen och `ticketctl send` "
        "försöker igen",
        "interrupted": "svaret på #{number} ligger i utkorgen; `ticketctl send --list` visar det",
        "stored": "svaret på #{number} är sparat, men kanske inte skickat: `ticketctl send --list`",
        "nobody_sends": "ingenting skickar det av sig självt ({error}); `ticketctl send` gör det",
        "stopped": "avbrutet",
        "text_in": "din text finns i {file}",
        "text_was": "din text var:\n{text}",
        "queued_before": "svaret på #{number} lades i utkorgen dessförinnan",
        "draft_on": "din text är sparad som utkast på #{number}; `ticketctl reply {number}` fortsätter med den",
        "checked": "#{number}: {hint}",
        "no_remark": "inget att anmärka på",
        "strictly": "#{number}: en sträng kontroll skulle stoppa det",
        "together": "--{one} och --{other} går inte ihop",
        "only_requester": "--only-requester skickar det inte till någon annan; utelämna --to, --cc, --bcc och --to-all",
        "no_check": "--no-check går varken ihop med --strict eller --check",
        "choose": "--choose är för ett ärende och går varken ihop med --snippet eller --text",
        "close_only": "--cause och --lesson hör till --close",
        "one_at_a_time": "i editorn ett ärende i taget; flera besvaras med --text eller --snippet",
        "needs_terminal": "--edit kräver en terminal",
        "too_large": "bilagorna är större än {size} MB, vilket mejlservrar inte tar emot",
    },
}


class Spoken(msgspec.Struct, frozen=True):
    """In which language, and in which time zone it is said."""

    language: str
    zone: tzinfo

    @property
    def say(self) -> Say:
        return say_in(self.language, TEXTS)

    def when(self, at: datetime) -> str:
        return local(at, self.zone, self.language)


def draft_line(ticket: Ticket, spoken: Spoken, *, yours: bool) -> str:
    return spoken.say("draft", number=ticket.number, yours=spoken.say("yours") if yours else "")


def waiting_line(
    ticket: Ticket, messages: Sequence[Message], missed: str, spoken: Spoken, *, when: str, yours: bool
) -> str:
    """Of a reply that is not sent at once; `when` comes from `leaves_words`."""
    to = "; ".join(map(readers_of, messages))
    return _done(ticket.number, spoken.say("to", to=to, when=when) + missed, spoken, yours=yours)


def leaves_words(
    number: int, message: Message, spoken: Spoken, *, now: datetime, window: timedelta, watched: bool
) -> str:
    """When a reply is sent that waits for its time. `watched`: somebody sits there, and it is sent by itself."""
    say = spoken.say
    if message.leaves_at is not None:
        return say("at", when=spoken.when(message.leaves_at), number=number)
    if watched:
        return say("in_seconds", seconds=f"{window.total_seconds():.0f}", number=number)
    return say("with_send", when=f"{(now + window).astimezone(spoken.zone):%H:%M:%S}", number=number)


def sent_line(
    ticket: Ticket, fates: Sequence[tuple[Message, Outbound | None]], missed: str, spoken: Spoken, *, yours: bool
) -> str:
    """What became of each mail of the reply, who got none, and what the ticket does now."""
    say = spoken.say
    said = "; ".join(say(_fate(message, item), to=readers_of(message)) for message, item in fates)
    return _done(ticket.number, said + missed + _then(ticket, spoken), spoken, yours=yours)


def missed_words(ticket: Ticket, missed: Sequence[Unanswered], spoken: Spoken) -> str:
    """ "; not answered: Eva <eva@…> (`ticketctl reply 17 --to eva@…`)", "; not to Åsa <asa@…>" for who does not wait
    for an answer; "" where everybody gets it."""
    waiting = [_missed(ticket, one, spoken) for one in missed if one.waits]
    others = [str(one.person) for one in missed if not one.waits]
    said = spoken.say("unanswered", who=safe_line(", ".join(waiting))) if waiting else ""
    return said + (spoken.say("not_to", who=safe_line(", ".join(others))) if others else "")


def not_left_line(number: int, items: Sequence[Outbound], spoken: Spoken) -> str:
    """What is to be done where one of the mails was not sent; "" where all were."""
    for states, key in ((("failed", "uncertain"), "not_left"), (("deferred",), "deferred")):
        if found := [item for item in items if item.state in states]:
            return spoken.say(key, number=number, trouble="; ".join(map(trouble, found)))
    return ""


def readers_of(message: Message) -> str:
    """ "asa@kund.example, bo@exempel.example" """
    return ", ".join(one.address for one in (*message.to, *message.cc, *message.bcc))


def _done(number: int, what: str, spoken: Spoken, *, yours: bool) -> str:
    return spoken.say("done", number=number, what=what, yours=spoken.say("yours") if yours else "")


def _fate(message: Message, item: Outbound | None) -> str:
    if message.channel == "chat" and message.delivery == "sent":
        return "in_chat"
    state = shown(item)[0] if item else ""
    return state if state in ("sent", "failed", "uncertain") else "queued"


def _missed(ticket: Ticket, one: Unanswered, spoken: Spoken) -> str:
    alone = one.person == ticket.requester and not ticket.merged
    step = f"`ticketctl reply {ticket.number}{'' if alone else f' --to {one.person.address}'}`"
    why = spoken.say(one.why, language=language_name(one.language, spoken.language)) if one.why else ""
    about = ", ".join(filter(None, (why, step if "@" in one.person.address else "")))
    return f"{one.person} ({about})" if about else str(one.person)


def _then(ticket: Ticket, spoken: Spoken) -> str:
    if ticket.closed:
        return spoken.say("closed")
    owed = running(ticket)
    promised = spoken.say("promised", when=spoken.when(owed.due_at)) if owed else ""
    if ticket.wake_at is None:
        return spoken.say("open") + promised
    return spoken.say("waits", when=spoken.when(ticket.wake_at)) + promised
