"""What `close` says."""

from __future__ import annotations

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.close import Closed

TEXTS: Texts = {
    "en": {
        "closed": "#{number} closed ({how})",
        "already": "#{number}, closed before: {learnt}",
        "solved": "solved",
        "no_answer": "no answer",
        "duplicate": "duplicate",
        "cause": "cause {cause}",
        "cause_instead": "cause {cause} instead of {before}",
        "no_known_cause": "no cause",
        "a_lesson": "a lesson",
        "lesson": "lesson",
        "added": "{learnt} added",
        "nothing": "has that already",
        "and": " and ",
        "draft_unsent": "a draft was not sent",
        "reply_scheduled": "a reply still waits for its time: `ticketctl outbox cancel {number}` takes it back",
        "not_delivered": "a reply was not delivered",
        "unanswered": "nobody answered the requester",
        "no_cause": "`ticketctl close {number} --cause …` adds the cause",
        "which_cause": "Cause",
        "skip": "{what} (Enter: none)",
        "choose": "write a number from 1 to {count}, or a name",
    },
    "sv": {
        "closed": "#{number} stängt ({how})",
        "already": "#{number}, stängt sedan tidigare: {learnt}",
        "solved": "löst",
        "no_answer": "inget svar",
        "duplicate": "dubblett",
        "cause": "orsak {cause}",
        "cause_instead": "orsak {cause} i stället för {before}",
        "no_known_cause": "ingen orsak",
        "a_lesson": "en lärdom",
        "lesson": "lärdom",
        "added": "{learnt} tillagt",
        "nothing": "har det redan",
        "and": " och ",
        "draft_unsent": "ett utkast är inte skickat",
        "reply_scheduled": "ett svar väntar på sin tid: `ticketctl outbox cancel {number}` tar tillbaka det",
        "not_delivered": "ett svar kom inte fram",
        "unanswered": "ingen har svarat kunden",
        "no_cause": "`ticketctl close {number} --cause …` lägger till orsaken",
        "which_cause": "Orsak",
        "skip": "{what} (Enter: ingen)",
        "choose": "skriv en siffra från 1 till {count}, eller ett namn",
    },
}


def line(done: Done[Closed], language: str) -> str:
    say = say_in(language, TEXTS)
    before, after = done.value.before, done.value.after
    if before.closed:
        return say("already", number=done.number, learnt=_learnt(say, before, after))
    ends = [say(end, number=done.number) for end in done.value.loose_ends]
    return "; ".join([say("closed", number=done.number, how=_how(say, after)), *ends])


def _how(say: Say, ticket: Ticket) -> str:
    cause = say("cause", cause=ticket.cause) if ticket.cause else say("no_known_cause")
    return ", ".join([say(ticket.resolution), cause, *([say("a_lesson")] if ticket.lesson else [])])


def _learnt(say: Say, before: Ticket, after: Ticket) -> str:
    learnt = [f"{name} {value}" for name, value in after.fields.items() if before.fields.get(name) != value]
    if after.cause != before.cause:
        key = "cause_instead" if before.cause else "cause"
        learnt.append(say(key, cause=after.cause, before=before.cause))
    learnt += [say("lesson")] if after.lesson != before.lesson else []
    return say("added", learnt=say("and").join(learnt)) if learnt else say("nothing")
