"""What `inbox` says: what happened on a ticket, as sentences: "Åsa Öberg wrote: “…”", "bo gave it to you"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.times import local
from ticketctl.domain.changes.undo import TRIAGED
from ticketctl.domain.deadlines import promises
from ticketctl.domain.privacy.retention import ANONYMISED
from ticketctl.domain.ticket.mentions import MENTIONED
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import REQUESTER
from ticketctl.domain.ticket.ticket import ASKED_RATING, IMPORTED, PRIORITIES, Event, Ticket
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.present.words.terms import priority_word

TEXTS: Texts = {
    "en": {
        "nothing_new": "Nothing new on your tickets.",
        "nothing_new_since": "Nothing new on your tickets since {since}.",
        "head": "#{number} {subject} ({status}, {priority}, {owner})",
        "owner": "{agent}’s",
        "earlier": "… {count} earlier: `ticketctl show {number} --history`",
        "quoted": "{what}: “{text}”",
        "you": "you",
        "somebody": "somebody",
        "rule": "rule {name}",
        # what happened
        "came": "a message came in",
        "wrote": "{sender} wrote",
        "bounced_mail": "a mail came back",
        "automatic_mail": "an automatic mail came from {sender}",
        "noted": "{who} noted",
        "named_you": "{who} named you in a note",
        "answered": "{who} answered",
        "drafted": "{who} began a reply",
        "draft_changed": "{who} changed the draft {before}",
        "draft_dropped": "{who} dropped the draft {before}",
        "automatic_answer": "an automatic answer was written",
        "gave_back": "{who} gave it back",
        "took_away": "{who} took it from {whom}",
        "took": "{who} took it",
        "took_yours": "{who} took it (it was yours)",
        "took_from": "{who} took it (it was {before}’s)",
        "gave": "{who} gave it to {whom}",
        "gave_yours": "{who} gave it to {whom} (it was yours)",
        "gave_from": "{who} gave it to {whom} (it was {before}’s)",
        "raised": "{who} raised the priority from {before} to {after}",
        "lowered": "{who} lowered the priority from {before} to {after}",
        "labelled": "{who} added the label {after}",
        "unlabelled": "{who} removed the label {before}",
        "set": "{who} set {field} to {after}",
        "set_from": "{who} set {field} to {after} (it was {before})",
        "emptied": "{who} emptied {field} (it was {before})",
        "waiting": "{who} lets it wait for the customer until {after}",
        "woken": "it waits for us again",
        "opened": "{who} opened it",
        "closed": "{who} closed it",
        "closed_how": "{who} closed it ({how})",
        "reopened": "{who} opened it again",
        "open_again": "it is open again",
        "spam": "{who} marked it as spam",
        "no_spam": "{who} said that it is not spam",
        "cause": "{who} noted the cause {after}",
        "cause_removed": "{who} removed the cause {before}",
        "lesson": "{who} noted the lesson “{after}”",
        "lesson_removed": "{who} removed the lesson “{before}”",
        "linked": "{who} linked it to {after}",
        "unlinked": "{who} removed the link to {before}",
        "merged_into": "{who} merged it into {after}",
        "merged_from": "{who} merged {after} into it",
        "unmerged": "{who} took it out of {before} again",
        "unmerged_from": "{who} took {before} out of it again",
        "subject": "{who} changed the subject to “{after}”",
        "takes_part": "{after} takes part now",
        "take_part": "{after} take part now",
        "takes_no_part": "{before} takes part no longer",
        "take_no_part": "{before} take part no longer",
        "language": "the customer writes in the language {after}",
        "masked": "{who} masked what is sensitive ({after})",
        "moved_here": "{who} moved the message {after} here from {before}",
        "moved_away": "{who} moved the message {before} to {after}",
        "originals_deleted": "the original mails were deleted ({after})",
        "anonymised": "it was anonymised",
        "imported_from": "{who} imported it from {before}",
        "legal_hold": "{who} set a legal hold ({after})",
        "hold_lifted": "{who} lifted the legal hold",
        "rated": "the customer rated it: {after}",
        "asked_rating": "the customer was asked for a rating",
        "page_issued": "the customer got a link to their page",
        "page_revoked": "{who} took back the links to the customer's page",
        "requester": "{who} changed the requester from {before} to {after}",
        "scheduled": "{who} scheduled the reply {before} for {after}",
        "taken_back": "{who} took the reply {before} back; it is a draft",
        "released": "{who} released the reply {before}",
        "triaged": "{who} ran the rules on it",
        "promised": "{who} promised an answer by {after}",
        "promise_dropped": "{who} said that nothing is promised any more",
        "promise_kept": "what was promised has been kept",
        "something": "{who}: {what} {after}",
        "delivery_sent": "the reply {key} was sent",
        "delivery_bounced": "the reply {key} came back",
        "delivery_failed": "the reply {key} was refused by the receiving server",
        "delivery_deferred": "the reply {key} has not been accepted yet",
        "delivery_uncertain": "the reply {key} was perhaps not delivered",
        "delivery_held": "the reply {key} is held back",
        "delivery_queued": "the reply {key} waits in the outbox",
        "delivery_draft": "the reply {key} is a draft again",
        "not_to": "the reply {key} did not reach {whom}",
        "detail": "{what} ({detail})",
        # how it was closed
        "no_answer": "no answer",
        "duplicate": "duplicate",
        "merged": "merged",
        "imported": "imported",
        "is_spam": "spam",
    },
    "sv": {
        "nothing_new": "Inget nytt på dina ärenden.",
        "nothing_new_since": "Inget nytt på dina ärenden sedan {since}.",
        "head": "#{number} {subject} ({status}, {priority}, {owner})",
        "owner": "{agent}",
        "earlier": "… {count} tidigare: `ticketctl show {number} --history`",
        "quoted": "{what}: ”{text}”",
        "you": "dig",
        "somebody": "någon",
        "rule": "regeln {name}",
        "came": "ett meddelande kom in",
        "wrote": "{sender} skrev",
        "bounced_mail": "ett mejl kom tillbaka",
        "automatic_mail": "ett automatiskt mejl kom från {sender}",
        "noted": "{who} antecknade",
        "named_you": "{who} nämnde dig i en anteckning",
        "answered": "{who} svarade",
        "drafted": "{who} började på ett svar",
        "draft_changed": "{who} ändrade utkastet {before}",
        "draft_dropped": "{who} kastade utkastet {before}",
        "automatic_answer": "ett automatiskt svar skrevs",
        "gave_back": "{who} lämnade det utan ansvarig",
        "took_away": "{who} tog det från {whom}",
        "took": "{who} tog det",
        "took_yours": "{who} tog det (förut ditt)",
        "took_from": "{who} tog det (förut hos {before})",
        "gave": "{who} gav det till {whom}",
        "gave_yours": "{who} gav det till {whom} (förut ditt)",
        "gave_from": "{who} gav det till {whom} (förut hos {before})",
        "raised": "{who} höjde prioriteten från {before} till {after}",
        "lowered": "{who} sänkte prioriteten från {before} till {after}",
        "labelled": "{who} satte etiketten {after}",
        "unlabelled": "{who} tog bort etiketten {before}",
        "set": "{who} satte {field} till {after}",
        "set_from": "{who} satte {field} till {after} (förut {before})",
        "emptied": "{who} tömde {field} (förut {before})",
        "waiting": "{who} låter det vänta på kunden till {after}",
        "woken": "det väntar på oss igen",
        "opened": "{who} öppnade det",
        "closed": "{who} stängde det",
        "closed_how": "{who} stängde det ({how})",
        "reopened": "{who} öppnade det igen",
        "open_again": "det är öppet igen",
        "spam": "{who} märkte det som skräppost",
        "no_spam": "{who} sade att det inte är skräppost",
        "cause": "{who} antecknade orsaken {after}",
        "cause_removed": "{who} tog bort orsaken {before}",
        "lesson": "{who} antecknade lärdomen ”{after}”",
        "lesson_removed": "{who} tog bort lärdomen ”{before}”",
        "linked": "{who} länkade det till {after}",
        "unlinked": "{who} tog bort länken till {before}",
        "merged_into": "{who} slog ihop det med {after}, där det fortsätter",
        "merged_from": "{who} slog ihop {after} med det",
        "unmerged": "{who} skilde det från {before} igen",
        "unmerged_from": "{who} skilde {before} från det igen",
        "subject": "{who} ändrade ämnet till ”{after}”",
        "takes_part": "{after} deltar nu",
        "take_part": "{after} deltar nu",
        "takes_no_part": "{before} deltar inte längre",
        "take_no_part": "{before} deltar inte längre",
        "language": "kunden skriver på språket {after}",
        "masked": "{who} dolde det som är känsligt ({after})",
        "moved_here": "{who} flyttade hit meddelandet {after} från {before}",
        "moved_away": "{who} flyttade meddelandet {before} till {after}",
        "originals_deleted": "originalmejlen raderades ({after})",
        "anonymised": "det avidentifierades",
        "imported_from": "{who} importerade det från {before}",
        "legal_hold": "{who} satte ett rättsligt gallringsstopp ({after})",
        "hold_lifted": "{who} hävde gallringsstoppet",
        "rated": "kunden satte betyg: {after}",
        "asked_rating": "kunden ombads att sätta betyg",
        "page_issued": "kunden fick en länk till sin sida",
        "page_revoked": "{who} drog tillbaka länkarna till kundens sida",
        "requester": "{who} bytte kund från {before} till {after}",
        "scheduled": "{who} lät svaret {before} vänta till {after}",
        "taken_back": "{who} tog tillbaka svaret {before}; det är ett utkast",
        "released": "{who} släppte i väg svaret {before}",
        "triaged": "{who} körde reglerna på det",
        "promised": "{who} lovade svar senast {after}",
        "promise_dropped": "{who} sade att inget är utlovat längre",
        "promise_kept": "det som utlovades är hållet",
        "something": "{who}: {what} {after}",
        "delivery_sent": "svaret {key} skickades",
        "delivery_bounced": "svaret {key} kom tillbaka",
        "delivery_failed": "mottagarens server avvisade svaret {key}",
        "delivery_deferred": "ingen server har tagit emot svaret {key} än",
        "delivery_uncertain": "svaret {key} kom kanske inte fram",
        "delivery_held": "svaret {key} hålls inne",
        "delivery_queued": "svaret {key} väntar i utkorgen",
        "delivery_draft": "svaret {key} är ett utkast igen",
        "not_to": "svaret {key} nådde inte {whom}",
        "detail": "{what} ({detail})",
        "no_answer": "inget svar",
        "duplicate": "dubblett",
        "merged": "ihopslaget",
        "imported": "importerat",
        "is_spam": "skräppost",
    },
}
_INSTANTS = ("waiting", "scheduled", promises.MADE)  # events whose `after` is an instant
_ENDS = {
    "no_answer": "no_answer",
    "duplicate": "duplicate",
    "merged": "merged",
    "imported": "imported",
    "spam": "is_spam",
}
_NOT_TO = re.compile(r", but not to (.+)")


class Told(msgspec.Struct, frozen=True):
    """An event, and for whom its sentence is; `message` is the one that it is about."""

    event: Event
    reader: str
    zone: tzinfo
    language: str
    message: Message | None = None

    @property
    def say(self) -> Say:
        return say_in(self.language, TEXTS)

    @property
    def who(self) -> str:
        """Who did it: an agent, a rule, or ticketctl."""
        event = self.event
        if event.actor != "system":
            return event.actor or self.say("somebody")
        return self.say("rule", name=event.why.removeprefix("rule ")) if event.why.startswith("rule ") else "ticketctl"

    def facts(self) -> dict[str, str]:
        before, after = (line(value) for value in (self.event.before, self.event.after))
        after = self._moment(after) if self.event.what in _INSTANTS else after
        return {"who": self.who, "before": before, "after": after, "what": self.event.what}

    def name(self, agent: str) -> str:
        return self.say("you") if agent == self.reader else agent

    def _moment(self, text: str) -> str:
        try:
            return local(datetime.fromisoformat(text), self.zone, self.language)
        except ValueError:
            return text


def sentence(ticket: Ticket, event: Event, reader: str, zone: tzinfo, language: str) -> str:
    """One line, for the agent `reader`, with instants in the desk's time."""
    key = event.before if event.what == MENTIONED else event.after
    message = next((one for one in ticket.messages if one.key == key), None)
    told = Told(event, reader, zone, language, message)
    kind = re.sub("^(field|delivery) .*", r"\1", event.what)
    make = _SENTENCES.get(kind, "something")
    said = line(told.say(make, **told.facts()) if isinstance(make, str) else make(told))
    text = line(message.text) if message else ""
    return told.say("quoted", what=said, text=text) if text and kind in _QUOTED else said


def _received(told: Told) -> str:
    message, say = told.message, told.say
    if message is None:
        return say("came")
    sender = message.sender.name or message.sender.address or say("somebody")
    if message.kind == "bounce":
        return say("bounced_mail")
    return say("automatic_mail" if message.machine else "wrote", sender=sender)


def _assigned(told: Told) -> str:
    before, after, who, say = told.event.before, told.event.after, told.who, told.say
    if not after:
        return say("gave_back", who=who) if before == who else say("took_away", who=who, whom=told.name(before))
    verb = "took" if after == who else "gave"
    end = "" if not before or before == who else "_yours" if before == told.reader else "_from"
    return say(f"{verb}{end}", who=who, whom=told.name(after), before=before)


def _priority(told: Told) -> str:
    before, after = told.event.before, told.event.after
    rank: dict[str, int] = {name: at for at, name in enumerate(PRIORITIES)}
    key = "raised" if rank.get(after, 0) < rank.get(before, 0) else "lowered"
    names = {"before": priority_word(before, told.language), "after": priority_word(after, told.language)}
    return told.say(key, who=told.who, **names)


def _field(told: Told) -> str:
    key = "emptied" if not told.event.after else "set_from" if told.event.before else "set"
    return told.say(key, field=told.event.what.removeprefix("field "), **told.facts())


def _closed(told: Told) -> str:
    how, say = told.event.after, told.say
    if how in ("", "solved"):
        return say("closed", who=told.who)
    return say("closed_how", who=told.who, how=say(_ENDS[how]) if how in _ENDS else how)


def _delivery(told: Told) -> str:
    key, say = told.event.what.removeprefix("delivery "), told.say
    state, _, detail = line(told.event.after).partition(" ")
    if missed := _NOT_TO.search(told.event.after):
        return say("not_to", key=key, whom=missed[1])
    what = say(f"delivery_{state}", key=key)
    return say("detail", what=what, detail=detail) if detail else what


def _by_system(by_system: str, by_agent: str) -> Callable[[Told], str]:
    return lambda told: told.say(by_system if told.event.actor == "system" else by_agent, who=told.who)


def _emptied(filled: str, empty: str) -> Callable[[Told], str]:
    return lambda told: told.say(filled if told.event.after else empty, **told.facts())


def _several(one: str, many: str) -> Callable[[Told], str]:
    return lambda told: told.say(many if "," in told.event.after + told.event.before else one, **told.facts())


def _linked(told: Told) -> str:
    return told.say("linked", who=told.who, after=told.event.after.rpartition(" ")[2])


def _released(told: Told) -> str:
    """A reply that was held back; or the end of a merge, for the ticket that goes on."""
    return told.say("unmerged_from" if told.event.before.startswith("#") else "released", **told.facts())


# By the kind of event: a text's key, or how its sentence is made.
_SENTENCES: Mapping[str, str | Callable[[Told], str]] = {
    "received": _received,
    "noted": "noted",
    MENTIONED: "named_you",
    "replied": "answered",
    "drafted": "drafted",
    "draft changed": "draft_changed",
    "draft dropped": "draft_dropped",
    "sent automatically": "automatic_answer",
    "assigned": _assigned,
    "priority": _priority,
    "labelled": "labelled",
    "unlabelled": "unlabelled",
    "field": _field,
    "waiting": "waiting",
    "woken": "woken",
    "opened": "opened",
    "closed": _closed,
    "reopened": _by_system("open_again", "reopened"),
    "spam": _emptied("spam", "no_spam"),
    "cause": _emptied("cause", "cause_removed"),
    "lesson": _emptied("lesson", "lesson_removed"),
    "linked": _linked,
    "unlinked": "unlinked",
    "merged into": "merged_into",
    "merged from": "merged_from",
    "unmerged": "unmerged",
    "released": _released,
    "subject": "subject",
    "participants": _several("takes_part", "take_part"),
    "participants left": _several("takes_no_part", "take_no_part"),
    "language": "language",
    "masked": "masked",
    "moved here": "moved_here",
    "moved away": "moved_away",
    "original mail removed": "originals_deleted",
    ANONYMISED: "anonymised",
    IMPORTED: "imported_from",
    "legal hold": _emptied("legal_hold", "hold_lifted"),
    "rated": "rated",
    ASKED_RATING: "asked_rating",
    "page": _emptied("page_issued", "page_revoked"),
    REQUESTER: "requester",
    "scheduled": "scheduled",
    "taken back": "taken_back",
    TRIAGED: "triaged",
    promises.MADE: "promised",
    promises.DROPPED: "promise_dropped",
    promises.KEPT: "promise_kept",
    "delivery": _delivery,
}
KINDS = tuple(_SENTENCES)
_QUOTED = ("received", "noted", MENTIONED, "replied", "drafted", "sent automatically")
