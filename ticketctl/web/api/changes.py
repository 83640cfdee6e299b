"""Changing tickets by the API: each route is one use case."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from ticketctl.domain.config import Config
from ticketctl.ports.channels_draft import File
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.people import person
from ticketctl.usecases.reply.recipients import addressing
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.assign import Assign, assign
from ticketctl.usecases.tickets.close import Close, Reopen, close, reopen
from ticketctl.usecases.tickets.label import Label, label
from ticketctl.usecases.tickets.new import NewTicket, new
from ticketctl.usecases.tickets.note import WriteNote, write_note
from ticketctl.usecases.tickets.priority import Prioritise, prioritise
from ticketctl.usecases.tickets.set_fields import SetFields, set_fields
from ticketctl.usecases.tickets.wait import Wait, wait
from ticketctl.web.api import bodies
from ticketctl.web.api.describe import changed, operation, read, revision_seen
from ticketctl.web.doors import door

changes = Blueprint("api_changes", __name__, url_prefix="/api/v1/tickets")
LARGEST_REPLY = 36_000_000  # bytes: 25 MB of files in Base64, and the text


@changes.post("")
@door("api", needs="write")
@operation("Log a phone call, a visit or a matter of one's own", body=bodies.NewBody, status=201)
def new_ticket() -> Response:
    body = read(bodies.NewBody)

    def logged(session: Session) -> object:
        asked = NewTicket(
            text=body.text,
            requester=person(body.requester) if body.requester else None,
            subject=body.subject,
            channel=body.channel,
            assign=body.assign,
            priority=body.priority,
            labels=body.labels,
            fields=_fields(session.config, body.fields),
        )
        return new(session, asked)

    return changed(logged, status=201)


@changes.post("/<ticket:number>/reply")
@door("api", needs="write")
@operation("Answer the requester", body=bodies.ReplyBody)
def reply_to(number: int) -> Response:
    """It is sent by the next `ticketctl send`."""
    body, seen = read(bodies.ReplyBody, LARGEST_REPLY), revision_seen()

    def replied(session: Session) -> object:
        asked = ReplyRequest(
            ticket=number,
            text=body.text,
            revision=seen,
            asked=addressing(
                session, to=body.to, cc=body.cc, bcc=body.bcc, reply_to="", to_all=False, only_requester=False
            ),
            files=tuple(File(name=one.name, data=one.data, type=one.type) for one in body.files),
            wait=body.wait,
            stay_open=body.stay_open,
            close=body.close,
            cause=body.cause,
            lesson=body.lesson,
            later=body.later,
            promise=body.promise,
            accept=frozenset(body.accept),
        )
        return reply(session, asked)

    return changed(replied)


@changes.post("/<ticket:number>/notes")
@door("api", needs="write")
@operation("Write an internal note", body=bodies.NoteBody)
def note(number: int) -> Response:
    body, seen = read(bodies.NoteBody), revision_seen()
    return changed(lambda session: write_note(session, WriteNote(tickets=(number,), text=body.text, seen=seen)))


@changes.post("/<ticket:number>/assign")
@door("api", needs="write")
@operation("Give it to an agent, or to nobody", body=bodies.AssignBody)
def assign_to(number: int) -> Response:
    body, seen = read(bodies.AssignBody), revision_seen()
    asked = Assign(tickets=(number,), to=body.to, anyway=body.anyway, seen=seen)
    return changed(lambda session: assign(session, asked))


@changes.post("/<ticket:number>/close")
@door("api", needs="write")
@operation("Close it, with cause and lesson", body=bodies.CloseBody)
def close_ticket(number: int) -> Response:
    body, seen = read(bodies.CloseBody), revision_seen()

    def closed(session: Session) -> object:
        fields = _fields(session.config, body.fields)
        asked = Close(
            tickets=(number,),
            cause=body.cause,
            lesson=body.lesson,
            resolution=body.resolution,
            fields=fields,
            seen=seen,
        )
        return close(session, asked)

    return changed(closed)


@changes.post("/<ticket:number>/reopen")
@door("api", needs="write")
@operation("Open it again", body=bodies.Nothing)
def reopen_ticket(number: int) -> Response:
    read(bodies.Nothing)
    seen = revision_seen()
    return changed(lambda session: reopen(session, Reopen(tickets=(number,), seen=seen)))


@changes.post("/<ticket:number>/labels")
@door("api", needs="write")
@operation("Add labels and remove others", body=bodies.LabelBody)
def labels(number: int) -> Response:
    body, seen = read(bodies.LabelBody), revision_seen()
    asked = Label(tickets=(number,), add=body.add, remove=body.remove, seen=seen)
    return changed(lambda session: label(session, asked))


@changes.patch("/<ticket:number>")
@door("api", needs="write")
@operation("Set fields and subject", body=bodies.SetBody)
def set_on(number: int) -> Response:
    body, seen = read(bodies.SetBody), revision_seen()

    def set_all(session: Session) -> object:
        fields = _fields(session.config, body.fields)
        return set_fields(session, SetFields(tickets=(number,), fields=fields, subject=body.subject, seen=seen))

    return changed(set_all)


@changes.post("/<ticket:number>/priority")
@door("api", needs="write")
@operation("Say how urgent it is", body=bodies.PriorityBody)
def priority(number: int) -> Response:
    body, seen = read(bodies.PriorityBody), revision_seen()
    asked = Prioritise(tickets=(number,), priority=body.priority, seen=seen)
    return changed(lambda session: prioritise(session, asked))


@changes.post("/<ticket:number>/wait")
@door("api", needs="write")
@operation("Wait for the customer until a time, or take it back", body=bodies.WaitBody)
def wait_until(number: int) -> Response:
    body, seen = read(bodies.WaitBody), revision_seen()
    return changed(lambda session: wait(session, Wait(tickets=(number,), until=body.until, seen=seen)))


def _fields(config: Config, fields: Mapping[str, str]) -> dict[str, str]:
    """Raises Usage for what rules.yaml does not declare."""
    return checked_fields(config, [f"{name}={value}" for name, value in fields.items()])
