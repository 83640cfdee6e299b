"""What an agent does to a ticket: form → request → use case → the ticket again.

Whatever is refused is shown with all that was typed, to be sent again: an objection with a tick-box, a conflict with
the ticket as it is by now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.domain.ticket.ticket import PRIORITIES
from ticketctl.errors import TicketctlError, Usage
from ticketctl.usecases.results import Done, Failed
from ticketctl.usecases.tickets.assign import Assign, assign
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.usecases.tickets.close import Close, MarkSpam, Reopen, close, mark_spam, reopen
from ticketctl.usecases.tickets.label import Label, label
from ticketctl.usecases.tickets.link import LinkTickets, link
from ticketctl.usecases.tickets.merge import Merge, Unmerge, merge, unmerge
from ticketctl.usecases.tickets.move import Move, Split, move, split
from ticketctl.usecases.tickets.note import WriteNote, write_note
from ticketctl.usecases.tickets.priority import Prioritise, prioritise
from ticketctl.usecases.tickets.set_fields import SetFields, set_fields
from ticketctl.usecases.tickets.undo import Undo, undo
from ticketctl.usecases.tickets.wait import Wait, wait
from ticketctl.web.doors import door
from ticketctl.web.team.again import again
from ticketctl.web.team.guard import mine

pages = Blueprint("work", __name__)
Outcome = Any  # a Done, or a Batch of one


def carried_out(number: int, done: str, call: Callable[[], Outcome]) -> ResponseReturnValue:
    """The ticket again where it went well (`done` is what the page says then), else the form."""
    try:
        outcome = call()
        for one in outcome if isinstance(outcome, tuple) else (outcome,):
            if isinstance(one, Failed):
                raise one.error
    except TicketctlError as error:
        return again(number, error)
    return redirect(url_for("ticket.page", number=number, done=done), 303)


def seen() -> int | None:
    """The revision that the form was made for; raises Usage where somebody wrote another thing into it."""
    given = request.form.get("seen", "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal()):
        raise Usage("{given!r} is no revision", code="not_a_revision", given=given)
    return int(given)


def numbered(word: str) -> int:
    """ "17", "#17"; raises Usage."""
    given = word.strip().lstrip("#")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Usage("{word!r} is no ticket number", code="not_a_number", word=word)
    return int(given)


def word(name: str, most: int = 500) -> str:
    return request.form.get(name, "").strip()[:most]


@pages.post("/tickets/<ticket:number>/assign")
@door("agent", needs="assign")
def assign_it(number: int) -> ResponseReturnValue:
    def call() -> Outcome:
        anyway = word("anyway") == "on"
        return assign(mine(), Assign(tickets=(number,), to=word("to") or "none", anyway=anyway, seen=seen()))

    return carried_out(number, "assigned", call)


@pages.post("/tickets/<ticket:number>/note")
@door("agent", needs="note")
def note_it(number: int) -> ResponseReturnValue:
    """Notes do not stand in each other's way: no revision is asked for."""
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    return carried_out(number, "noted", lambda: write_note(mine(), WriteNote(tickets=(number,), text=text)))


@pages.post("/tickets/<ticket:number>/priority")
@door("agent", needs="priority")
def prioritise_it(number: int) -> ResponseReturnValue:
    def call() -> Outcome:
        chosen = next((one for one in PRIORITIES if one == word("priority")), None)
        if chosen is None:
            raise Usage("{word!r} is no priority", code="not_a_priority", word=word("priority"))
        return prioritise(mine(), Prioritise(tickets=(number,), priority=chosen, seen=seen()))

    return carried_out(number, "prioritised", call)


@pages.post("/tickets/<ticket:number>/labels")
@door("agent", needs="label")
def label_it(number: int) -> ResponseReturnValue:
    """The boxes that are ticked are its labels afterwards."""

    def call() -> Outcome:
        now = set(stored_ticket(mine(), number).labels)
        wanted = {*request.form.getlist("label"), *filter(None, map(str.strip, word("more").split(",")))}
        add, remove = tuple(sorted(wanted - now)), tuple(sorted(now - wanted))
        return label(mine(), Label(tickets=(number,), add=add, remove=remove, seen=seen()))

    return carried_out(number, "labelled", call)


@pages.post("/tickets/<ticket:number>/fields")
@door("agent", needs="set")
def set_it(number: int) -> ResponseReturnValue:
    def call() -> Outcome:
        given = _fields()
        subject = word("subject") if "subject" in request.form else None
        return set_fields(mine(), SetFields(tickets=(number,), fields=given, subject=subject, seen=seen()))

    return carried_out(number, "set", call)


@pages.post("/tickets/<ticket:number>/wait")
@door("agent", needs="wait")
def wait_for_it(number: int) -> ResponseReturnValue:
    def call() -> Outcome:
        until = "" if word("do") == "back" else word("until") or "5d"
        return wait(mine(), Wait(tickets=(number,), until=until, seen=seen()))

    return carried_out(number, "waits", call)


@pages.post("/tickets/<ticket:number>/close")
@door("agent", needs="close")
def close_it(number: int) -> ResponseReturnValue:
    def call() -> Outcome:
        resolution = "no_answer" if word("resolution") == "no_answer" else "solved"
        request_ = Close(
            tickets=(number,),
            cause=word("cause"),
            lesson=word("lesson", 2000),
            resolution=resolution,  # type: ignore[arg-type]
            fields={name: value for name, value in _fields().items() if value},
            seen=seen(),
        )
        return close(mine(), request_)

    return carried_out(number, "closed", call)


@pages.post("/tickets/<ticket:number>/reopen")
@door("agent", needs="reopen")
def reopen_it(number: int) -> ResponseReturnValue:
    return carried_out(number, "reopened", lambda: reopen(mine(), Reopen(tickets=(number,), seen=seen())))


@pages.post("/tickets/<ticket:number>/merge")
@door("agent", needs="merge")
def merge_it(number: int) -> ResponseReturnValue:
    """This one is closed and points to the other; it is said where their customers are different persons."""
    try:
        (done,) = merge(mine(), Merge(tickets=(number,), into=numbered(word("into"))))
        if isinstance(done, Failed):
            raise done.error
    except TicketctlError as error:
        return again(number, error)
    others = done.value.of_somebody_else
    return redirect(url_for("ticket.page", number=number, done="merged_others" if others else "merged"), 303)


@pages.post("/tickets/<ticket:number>/split")
@door("agent", needs="split")
def split_it(number: int) -> ResponseReturnValue:
    try:
        done: Done[Any] = split(mine(), Split(ticket=number, message=word("message"), subject=word("subject")))
    except TicketctlError as error:
        return again(number, error)
    return redirect(url_for("ticket.page", number=done.value.after.number, done="split"), 303)


@pages.post("/tickets/<ticket:number>/unmerge")
@door("agent", needs="unmerge")
def unmerge_it(number: int) -> ResponseReturnValue:
    """The one that was merged away is a ticket of its own again."""
    return carried_out(number, "unmerged", lambda: unmerge(mine(), Unmerge(tickets=(number,))))


@pages.post("/tickets/<ticket:number>/move")
@door("agent", needs="move")
def move_it(number: int) -> ResponseReturnValue:
    """A message goes to another ticket, which is shown then."""
    try:
        target = numbered(word("target"))
        move(mine(), Move(ticket=number, message=word("message"), target=target))
    except TicketctlError as error:
        return again(number, error)
    return redirect(url_for("ticket.page", number=target, done="moved"), 303)


@pages.post("/tickets/<ticket:number>/link")
@door("agent", needs="link")
def link_it(number: int) -> ResponseReturnValue:
    remove = word("do") == "remove"

    def call() -> Outcome:
        return link(mine(), LinkTickets(ticket=number, others=(numbered(word("other")),), remove=remove))

    return carried_out(number, "unlinked" if remove else "linked", call)


@pages.post("/tickets/<ticket:number>/spam")
@door("agent", needs="spam")
def spam_it(number: int) -> ResponseReturnValue:
    return carried_out(number, "spam", lambda: mark_spam(mine(), MarkSpam(tickets=(number,), seen=seen())))


@pages.post("/tickets/<ticket:number>/undo")
@door("agent", needs="undo")
def undo_it(number: int) -> ResponseReturnValue:
    return carried_out(number, "undone", lambda: undo(mine(), Undo(tickets=(number,), old=word("old") == "on")))


def _fields() -> dict[str, str]:
    """What was chosen for the fields of rules.yaml, as they check it; raises Usage."""
    from ticketctl.usecases.fields import checked_fields

    given = [f"{name[6:]}={value.strip()}" for name, value in request.form.items() if name.startswith("field-")]
    return checked_fields(mine().config, given)
