"""Writing to the customer: snippets, past answers, reply check, drafts, sending, taking back; who else writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast, get_args

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.domain.chat.state import is_chat
from ticketctl.domain.reply.check import Hint
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError
from ticketctl.ports.channels_draft import File
from ticketctl.usecases.outgoing.outbox import MailNamed, release
from ticketctl.usecases.reply.check import check
from ticketctl.usecases.reply.drafts import DropDraft, drop_draft
from ticketctl.usecases.reply.keep_draft import keep_draft
from ticketctl.usecases.reply.past_answers import AskPast, past_answers
from ticketctl.usecases.reply.recipients import addressing
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.start import check_request, start
from ticketctl.usecases.reply.take_back import TakeBack, take_back
from ticketctl.usecases.results import ObjectionCode
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language
from ticketctl.web.team.again import again
from ticketctl.web.team.guard import mine
from ticketctl.web.team.presence import stops, writes
from ticketctl.web.team.ticket import Writing, draw
from ticketctl.web.team.work import carried_out, word

pages = Blueprint("reply", __name__)
LEAST_UNDO = 10  # seconds in which a reply can be taken back, whatever rules.yaml says for the shell


@pages.post("/tickets/<ticket:number>/reply")
@door("agent", needs="reply")
def write(number: int) -> ResponseReturnValue:
    do = word("do").partition(":")[0]
    try:
        return DOES.get(do, _sent)(number)
    except TicketctlError as error:
        if do in ("snippet", "answers", "begin", "check"):
            return draw(number, writing=Writing(_text()), wrong=sentence(error, language())), status_of(error)
        return again(number, error)


@pages.post("/tickets/<ticket:number>/take-back")
@door("agent", needs="take_back")
def back(number: int) -> ResponseReturnValue:
    return carried_out(
        number, "taken_back", lambda: take_back(mine(), TakeBack(ticket=number, message=word("message")))
    )


@pages.post("/tickets/<ticket:number>/release")
@door("agent", needs="release")
def let_go(number: int) -> ResponseReturnValue:
    """A reply that is held back, though somebody wrote in between."""

    def call() -> tuple[()]:
        try:
            release(mine(), MailNamed(str(number)))
        except NoSuchTicket as error:  # the ticket is there, and no mail of it waits
            raise Refused.because(error) from error
        return ()

    return carried_out(number, "released", call)


@pages.post("/tickets/<ticket:number>/drop-draft")
@door("agent", needs="drop_draft")
def drop(number: int) -> ResponseReturnValue:
    return carried_out(number, "dropped", lambda: drop_draft(mine(), DropDraft(tickets=(number,))))


@pages.post("/tickets/<ticket:number>/writing")
@door("agent", needs="reply")
def writing_now(number: int) -> Response:
    """The page says so every half minute while somebody types in it, of a chat every three seconds."""
    writes(mine(), number)
    if is_chat(stored_ticket(mine(), number)):
        current_app.extensions["chat"].presence.agent(mine(), typing=number)
    return Response(status=204)


def _with_snippet(number: int) -> ResponseReturnValue:
    name = word("snippet")
    asked = ReplyRequest(ticket=number, snippet=name, accept=frozenset({"someone_writing"}))
    begun = start(mine(), asked).request.text if name else ""
    return draw(number, writing=Writing(_joined(_text(), begun), used=name))


def _with_answers(number: int) -> ResponseReturnValue:
    return draw(number, writing=Writing(_text(), answers=past_answers(mine(), AskPast(ticket=number)).answers))


def _with_answer(number: int) -> ResponseReturnValue:
    """Begun with the past answer of the ticket that `do` names."""
    found = past_answers(mine(), AskPast(ticket=number)).answers
    chosen = next((one.text for one in found if f"begin:{one.ticket}" == word("do")), "")
    return draw(number, writing=Writing(_joined(_text(), chosen)))


def _joined(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def _checked(number: int) -> ResponseReturnValue:
    attached = any(one.filename for one in request.files.getlist("files"))
    hints: tuple[Hint, ...] = check(mine(), number, _text(), attached=attached)
    return draw(number, writing=Writing(_text(), hints=hints))


def _drafted(number: int) -> ResponseReturnValue:
    keep_draft(mine(), _request(number))
    stops(mine(), number)
    return redirect(url_for("ticket.page", number=number, done="drafted"), 303)


def _sent(number: int) -> ResponseReturnValue:
    asked = _request(number)
    check_request(mine(), asked)
    reply(mine(), asked)
    stops(mine(), number)
    at_once = any(one.delivery == "sent" for one in stored_ticket(mine(), number).messages[-1:])
    return redirect(url_for("ticket.page", number=number, done="said" if at_once else "sent", _anchor="end"), 303)


DOES: dict[str, Callable[[int], ResponseReturnValue]] = {
    "snippet": _with_snippet,
    "answers": _with_answers,
    "begin": _with_answer,
    "check": _checked,
    "draft": _drafted,
}


def _request(number: int) -> ReplyRequest:
    after = word("after")
    outgoing = mine().config.outgoing
    return ReplyRequest(
        ticket=number,
        text=_text(),
        seen=frozenset(word("keys", 100_000).split()),
        draft=word("draft"),
        snippet=word("used"),
        asked=addressing(
            mine(), to=_named("to"), cc=_named("cc"), bcc=(), reply_to="", to_all=False, only_requester=False
        ),
        files=_files(),
        wait=word("until") if after == "wait" else "",
        stay_open=after == "stay_open",
        close=after == "close",
        cause=word("cause") if after == "close" else "",
        later=word("later"),
        undo=timedelta(seconds=max(LEAST_UNDO, outgoing.undo if outgoing else 0)),
        promise=word("promise"),
        accept=cast("frozenset[ObjectionCode]", frozenset(request.form.getlist("accept")) & {*get_args(ObjectionCode)}),
    )


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n").strip()


def _named(name: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in word(name, 2000).split(","))))


def _files() -> tuple[File, ...]:
    given: list[Any] = [one for one in request.files.getlist("files") if one.filename]
    return tuple(File(name=one.filename, data=one.read(), type=one.mimetype) for one in given)
