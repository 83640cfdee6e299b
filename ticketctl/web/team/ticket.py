"""The page of a ticket: what was said, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, g, render_template, request
from markupsafe import escape

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import age, ahead, local, short, zone
from ticketctl.content.words import CHANNEL, PRIORITY, PROMISE, STATUS
from ticketctl.domain.chat.state import is_chat
from ticketctl.domain.reply.answers import PastAnswer
from ticketctl.domain.reply.check import Hint
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import PRIORITIES, Ticket
from ticketctl.errors import NoSuchTicket, TicketctlError
from ticketctl.present.thread import event_words
from ticketctl.present.words.reply_check import hint_lines
from ticketctl.present.words.stored import in_words
from ticketctl.present.words.terms import status_word
from ticketctl.present.words.web_ticket import TEXTS
from ticketctl.usecases.chat.rooms import Room, find_room
from ticketctl.usecases.reply.presence import writers
from ticketctl.usecases.reply.recipients import Addressing, letters
from ticketctl.usecases.reply.snippets import snippet_names
from ticketctl.usecases.results import Failed
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.usecases.tickets.close import Close, lacks
from ticketctl.usecases.views.file import GetFile, get_file
from ticketctl.usecases.views.message_html import ShowHtml, message_html
from ticketctl.usecases.views.show import Show, Shown, show
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import may, mine
from ticketctl.web.team.mail_html import FRAME_POLICY, sanitised
from ticketctl.web.team.presence import sweep

pages = Blueprint("ticket", __name__)
GIVEN = ("after", "until", "cause", "to", "cc", "later", "promise", "used")
SECONDS, CHAT_SECONDS = 5, 2  # how often a page that is open asks whether there is something new
UNDELIVERED = ("failed", "bounced", "uncertain", "deferred", "held")
WORK = (
    "assign", "note", "priority", "label", "set", "wait", "close", "reopen", "merge", "split", "link", "spam", "undo",
    "reply", "unmerge",
)  # fmt: skip


@pages.get("/tickets/<ticket:number>")
@door("agent", needs="show")
def page(number: int) -> str:
    return draw(number)


@pages.get("/tickets/<ticket:number>/messages/<key>/html")
@door("agent", needs="message_html")
def html(number: int, key: str) -> Response:
    """For a sandboxed frame: nothing of it runs, nothing is loaded from elsewhere."""
    try:
        found = sanitised(message_html(mine(), ShowHtml(ticket=number, message=key)))
    except NoSuchTicket as error:
        if error.code != "no_html":
            raise
        found = escape(speak(TEXTS)("no_html"))
    response = Response(render_template("agent/mail.html", mail=found, language=language()))
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


html.framed_by_us = True  # type: ignore[attr-defined]  # functions take attributes


@pages.get("/tickets/<ticket:number>/messages/<key>/files/<int:place>")
@door("agent", needs="file")
def file(number: int, key: str, place: int) -> Response:
    """Only to be saved: never with a type of its own, whatever its name says."""
    message = stored_ticket(mine(), number).message(key)
    if place >= len(message.attachments):
        abort(404)
    found = get_file(mine(), GetFile(ticket=number, sha256=message.attachments[place].sha256))
    response = Response(found.data, mimetype="application/octet-stream")
    name = mine().medium.file_name(message.attachments[place].name)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@pages.get("/tickets/<ticket:number>/live")
@door("agent", needs="show")
def live(number: int) -> Response:
    """What a page that is open asks for: the conversation and who writes, or 304 while they are the same."""
    mark = _mark(number)
    if request.headers.get("If-None-Match") == mark:
        return Response(status=304, headers={"ETag": mark})
    shown = _shown(number)
    page = render_template("agent/_conversation.html", say=speak(TEXTS), **_conversation(number, shown))
    return Response(page, headers={"ETag": mark})


class Writing(NamedTuple):
    """What somebody writes to the customer: the text, the snippet it began with, what the reply check says of it, and
    past answers (None: not asked for)."""

    text: str
    used: str = ""
    hints: Sequence[Hint] = ()
    answers: Sequence[PastAnswer] | None = None


def draw(number: int, *, writing: Writing | None = None, wrong: str = "") -> str:
    mark, shown = _mark(number), _shown(number)
    ticket = shown.ticket
    return render_template(
        "agent/ticket.html",
        say=speak(TEXTS),
        here="ticket",
        wrong=wrong,
        done=request.args.get("done", ""),
        ticket=ticket,
        next=_next(shown),
        mark=mark,
        every=CHAT_SECONDS if is_chat(ticket) and not ticket.closed else SECONDS,
        keys=" ".join(one.key for one in ticket.messages),
        **_conversation(number, shown),
        **_reply_form(ticket, writing),
        **_choices(ticket),
    )


def _shown(number: int) -> Shown:
    (outcome,) = show(mine(), Show(tickets=(number,), why=True))
    if isinstance(outcome, Failed):
        raise outcome.error
    return outcome.value


def _conversation(number: int, shown: Shown) -> dict[str, Any]:
    """What _conversation.html says, which is drawn again while the page is open."""
    return {
        "number": number,
        "revision": shown.ticket.revision,
        "head": _head(shown),
        "messages": _messages(shown.ticket),
        "visitor": _visitor(find_room(mine(), number)),
        "may": {one: may(one) for one in WORK},
    }


def _visitor(room: Room | None) -> str:
    """Whether whoever chats is there; "" where it is no chat that goes on."""
    if room is None or room.ticket.closed:
        return ""
    state = "types" if room.types else "here" if room.here else "ended" if room.ended else "left"
    if state in ("ended", "left") and room.mail:
        state = "mail"
    return speak(TEXTS)(f"visitor_{state}")


def _mark(number: int) -> str:
    """What is the same as long as the conversation would be."""
    sweep()
    ticket = stored_ticket(mine(), number)
    there = _visitor(find_room(mine(), number)) if is_chat(ticket) else ""
    others = "".join(f"-{one.agent}" for one in writers(mine(), number) if one.agent != g.user)
    return f'"{ticket.revision}-{hash((others, there)) & 0xFFFFFF:x}-{language()}"'


def _reply_form(ticket: Ticket, writing: Writing | None) -> dict[str, Any]:
    """With what was chosen for a reply that somebody is writing: a snippet or a check loses nothing of it."""
    draft, answers = _draft(ticket), writing.answers if writing else None
    given = {name: request.form.get(name, "") if writing else "" for name in GIVEN}
    if writing and writing.used:
        given["used"] = writing.used
    return {
        "draft": draft.key if draft else "",
        "text": writing.text if writing else draft.text if draft else "",
        "writing": writing is not None,
        "given": given,
        "files_again": any(one.filename for one in request.files.getlist("files")),
        "hints": hint_lines(writing.hints, language()) if writing else (),
        "answers": None if answers is None else [_answer(one) for one in answers],
        "to": _recipients(ticket),
        "snippets": snippet_names(mine()) if may("reply") else [],
    }


def _choices(ticket: Ticket) -> dict[str, Any]:
    config = mine().config
    found = lacks(mine(), Close(tickets=(ticket.number,))) if may("close") and not ticket.closed else None
    return {
        "owners": [one.name for one in config.team if one.role != "viewer"],
        "priorities": [(one, PRIORITY[language()][one]) for one in PRIORITIES],
        "labels": [(one, one in ticket.labels) for one in (*config.labels, *_undeclared(ticket, config.labels))],
        "fields": [(one, ticket.fields.get(one.name, "")) for one in config.fields.values()],
        "lacking": found.fields if found else (),
        "causes": config.causes,
    }


def _undeclared(ticket: Ticket, declared: Sequence[str]) -> list[str]:
    return [one for one in ticket.labels if one not in declared]


def _draft(ticket: Ticket) -> Message | None:
    """The newest draft of one's own, else the newest of a rule's: that is what the shell goes on with too."""
    drafts = [one for one in ticket.messages if one.delivery == "draft" and one.author in (g.user, "system")]
    return max(drafts, key=lambda one: (one.author == g.user, one.at), default=None)


def _recipients(ticket: Ticket) -> str:
    if ticket.closed or not may("reply"):
        return ""
    try:
        every = [person for one in letters(mine(), ticket, Addressing()) for person in one.written.all]
    except TicketctlError as error:
        return sentence(error, language())
    return ", ".join(line(str(one)) for one in every)


def _head(shown: Shown) -> dict[str, Any]:
    ticket, now, spoken = shown.ticket, mine().now, language()
    where = zone(mine().config.timezone)
    return {
        "subject": line(ticket.subject),
        "status": status_word(ticket, spoken),
        "state": "closed" if ticket.closed else ticket.status,
        "priority": PRIORITY[spoken][ticket.priority],
        "owner": line(ticket.assignee),
        "who": line(str(ticket.requester)),
        "opened": local(ticket.opened_at, where, spoken),
        "age": age(ticket.opened_at, now, spoken),
        "due": ahead(shown.due_at, now, spoken) if shown.due_at and not ticket.closed else "",
        "late": bool(shown.due_at and shown.due_at < now and not ticket.closed),
        "promised": local(shown.promised_at, where, spoken) if shown.promised_at else "",
        "channel": CHANNEL[spoken].get(ticket.channel, ticket.channel),
        "labels": [line(one) for one in ticket.labels],
        "fields": [(name, line(value)) for name, value in ticket.fields.items()],
        "wakes": local(ticket.wake_at, where, spoken) if ticket.wake_at and ticket.status == "waiting" else "",
        "cause": line(ticket.cause),
        "lesson": line(ticket.lesson),
        "hold": line(ticket.legal_hold),
        "links": ticket.links,
        "merged_into": ticket.merged_into,
        "writing": [
            (line(one.agent), short(one.since, now, where, spoken)) for one in shown.writing if one.agent != g.user
        ],
        "also_open": [_other(one) for one in shown.also_open],
        "closed_before": [_other(one) for one in shown.closed_before],
        "known": [line(one.text) for one in shown.known.notes] if shown.known else [],
        "restricted": bool(shown.known and shown.known.restricted_at),
        **_past(shown),
    }


def _past(shown: Shown) -> dict[str, Any]:
    """What is promised, which rules ran, and what happened, the latest first."""
    ticket, spoken, where = shown.ticket, language(), zone(mine().config.timezone)
    why = shown.why
    return {
        "deadlines": [
            {
                "name": PROMISE[spoken].get(one.kind, one.kind),
                "due": local(one.due_at, where, spoken),
                "state": one.state,
                "paused": one.paused,
                "used": round(one.used * 100),
            }
            for one in (why.deadlines if why else ())
        ],
        "rules": [(one.rule, local(one.at, where, spoken)) for one in ticket.fired],
        "history": [(local(one.at, where, spoken), event_words(one, where, spoken)) for one in reversed(ticket.events)],
    }


def _other(ticket: Ticket) -> dict[str, Any]:
    return {"number": ticket.number, "subject": line(ticket.subject), "status": STATUS[language()][ticket.status]}


def _next(shown: Shown) -> str:
    if shown.why is None:
        return ""
    step = shown.why.next
    facts = {"target": step.target, "person": line(step.person), "agent": line(step.agent)}
    return speak(TEXTS)(f"next_{step.situation}", **facts)


def _messages(ticket: Ticket) -> list[dict[str, Any]]:
    where, spoken = zone(mine().config.timezone), language()
    ordered = sorted(ticket.messages, key=lambda one: one.at)
    texts = shown_texts(ordered)
    return [_message(one, texts.get(one.key, one.text), where, spoken) for one in ordered]


def _message(one: Message, text: str, where: Any, spoken: str) -> dict[str, Any]:
    say = speak(TEXTS)
    kind = "draft" if one.delivery == "draft" else "note" if one.direction == "internal" else one.direction
    heads = {"draft": "draft_by", "note": "note_by", "out": "reply_by"}
    who = line(one.author) if kind != "in" else line(str(one.sender))
    if one.kind == "automatic" and kind == "out":
        head = say("automatic")
    else:
        head = say(heads[kind], author=who or "–") if kind in heads else who or say("somebody")
    whole = one.whole or one.text
    return {
        "key": one.key,
        "kind": kind,
        "head": head,
        "at": local(one.at, where, spoken),
        "to": ", ".join(line(str(person)) for person in (*one.to, *one.cc)) if kind == "out" else "",
        "text": safe(text.strip("\n")),
        "rest": safe(whole) if whole.strip() != text.strip() else "",
        "files": [
            {"name": line(file.name) or say("no_name"), "size": _size(file.size), "place": at}
            for at, file in enumerate(one.attachments)
        ],
        "html": bool(one.raw) and one.direction == "in" and one.channel == "email",
        "machine": bool(one.machine),
        "nature": [_stored(word) for word in one.nature],
        "flagged": _stored(one.flagged),
        "why": _stored(one.why if one.direction == "in" or one.kind == "automatic" else ""),
        "state": say(f"delivery_{one.delivery}") if kind == "out" and one.delivery else "",
        "bad": one.delivery in UNDELIVERED,
        "leaves": local(one.leaves_at, where, spoken) if one.leaves_at else "",
        "held": one.delivery == "held",
        "takeable": one.is_reply and one.delivery in ("queued", "held"),
        "from_customer": one.from_customer,
    }


def _stored(sentence: str) -> tuple[str, str]:
    """A sentence that the ticket keeps, and its language: not all of them are known in every one."""
    return in_words(line(sentence), language())


def _size(size: int) -> str:
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def _answer(one: PastAnswer) -> dict[str, Any]:
    return {"number": one.ticket, "subject": line(one.subject), "text": safe(one.text), "words": ", ".join(one.words)}
