"""The note with which a ticket changes hands: all that the next person needs, made from the ticket's own data, in the
desk's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line, shortened
from ticketctl.content.times import ahead, local
from ticketctl.content.words import PRIORITY, STATUS, known
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.domain.reply.next_step import Step
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket

LATEST = 3
ROOM = 160
WORDS = {
    "en": {
        "handed_over": "Handed over from {giver} to {receiver}.",
        "status": "Status: {facts}; opened {at}",
        "deadline": "Deadline: {due}",
        "no_deadline": "none runs now",
        "promised": "Promised to the customer: {due}",
        "wakes": "Wakes: {at}",
        "nothing_written": "Nothing was written yet.",
        "no_text": "(no text)",
        "draft": "{author} (draft, not sent)",
        "note": "{author} (note)",
        "replied": "{author} replied",
        "not_delivered": "{author} replied, NOT delivered",
        "somebody": "somebody",
        "customer": "the customer",
        "next": "Next: {step}",
        "next_merged": "look at #{target}, into which it was merged",
        "next_closed": "nothing; the customer's next mail opens it again",
        "next_spam": "nothing; it is spam",
        "next_draft": "finish the draft {message}",
        "next_held": "a reply is held back: send it, or make it a draft",
        "next_not_delivered": "a reply was not delivered: check the address, then reply again",
        "next_not_delivered_to": "a reply was not delivered: check the address, then reply to {person} again",
        "next_customer_answers": "wait for the customer’s answer",
        "next_unassigned": "somebody has to take it",
        "next_one_waits": "reply; {person} waits for {agent}",
        "next_customer_waits": "reply; the customer waits for {agent}",
        "next_answered": "wait for the customer, or close it",
    },
    "sv": {
        "handed_over": "Överlämnat från {giver} till {receiver}.",
        "status": "Status: {facts}; kom in {at}",
        "deadline": "Frist: {due}",
        "no_deadline": "ingen löper nu",
        "promised": "Utlovat till kunden: {due}",
        "wakes": "Väcks: {at}",
        "nothing_written": "Inget är skrivet än.",
        "no_text": "(ingen text)",
        "draft": "{author} (utkast, inte skickat)",
        "note": "{author} (anteckning)",
        "replied": "{author} svarade",
        "not_delivered": "{author} svarade, INTE levererat",
        "somebody": "någon",
        "customer": "kunden",
        "next": "Nästa steg: {step}",
        "next_merged": "se #{target}, som det är ihopslaget med",
        "next_closed": "inget; kundens nästa mejl öppnar det igen",
        "next_spam": "inget; det är skräppost",
        "next_draft": "skriv klart utkastet {message}",
        "next_held": "ett svar hålls tillbaka: skicka det, eller gör det till utkast",
        "next_not_delivered": "ett svar kom inte fram: kontrollera adressen och svara igen",
        "next_not_delivered_to": "ett svar kom inte fram: kontrollera adressen och svara {person} igen",
        "next_customer_answers": "vänta på kundens svar",
        "next_unassigned": "någon måste ta det",
        "next_one_waits": "svara; {person} väntar på {agent}",
        "next_customer_waits": "svara; kunden väntar på {agent}",
        "next_answered": "vänta på kunden, eller stäng det",
    },
}


class HandoverNote(msgspec.Struct, frozen=True, kw_only=True):
    """Who hands which ticket over to whom, and what is to be done next. `language` is the desk's."""

    giver: str
    receiver: str
    standing: TicketInQueue
    next: Step
    zone: tzinfo
    language: str

    def say(self, key: str, **facts: object) -> str:
        return WORDS[known(self.language)][key].format(**facts)

    def local(self, moment: datetime) -> str:
        return local(moment, self.zone, self.language)

    def due(self, moment: datetime) -> str:
        """When it is due, and how late that is."""
        now = self.standing.now
        return self.local(moment) + (f", {ahead(moment, now, self.language)}" if moment <= now else "")

    @property
    def text(self) -> str:
        """Some lines: status, deadline or wake-up date, the last messages each in a line, and what to do next. Times
        are local with the date, since the note is read later."""
        return "\n".join(_lines(self))


def _lines(note: HandoverNote) -> Iterator[str]:
    ticket, standing = note.standing.ticket, note.standing
    yield note.say("handed_over", giver=note.giver, receiver=note.receiver)
    yield note.say("status", facts=", ".join(_facts(ticket, known(note.language))), at=note.local(ticket.opened_at))
    yield note.say("deadline", due=note.due(standing.due) if standing.due else note.say("no_deadline"))
    if standing.promised is not None:
        yield note.say("promised", due=note.due(standing.promised))
    if ticket.wake_at is not None:
        yield note.say("wakes", at=note.local(ticket.wake_at))
    latest = [message for message in ticket.messages if message.kind in ("message", "note")][-LATEST:]
    for message in latest:
        text = shortened(line(message.text), ROOM) or note.say("no_text")
        yield f"{note.local(message.at)} {_who(note, message)}: {text}"
    if not latest:
        yield note.say("nothing_written")
    yield note.say("next", step=_step(note))


def _facts(ticket: Ticket, language: str) -> list[str]:
    fields = [f"{name}={value}" for name, value in ticket.fields.items()]
    return [STATUS[language][ticket.status], PRIORITY[language][ticket.priority], *ticket.labels, *fields]


def _who(note: HandoverNote, message: Message) -> str:
    if message.delivery == "draft":
        return note.say("draft", author=message.author)
    if message.kind == "note":
        return note.say("note", author=message.author or note.say("somebody"))
    if message.direction == "out":
        lost = message.delivery in ("failed", "bounced", "uncertain")
        return note.say("not_delivered" if lost else "replied", author=message.author)
    return line(message.sender.name or message.sender.address) or note.say("customer")


def _step(note: HandoverNote) -> str:
    step = note.next
    facts = {"target": step.target, "message": step.message, "person": line(step.person), "agent": step.agent}
    return note.say(f"next_{step.situation}", **facts)
