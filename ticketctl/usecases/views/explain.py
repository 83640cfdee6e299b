"""Why a ticket is as the rules made it."""

from __future__ import annotations

from functools import partial

import msgspec

from ticketctl.domain.privacy.masking import mask
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import MAIL_EVENTS, EventName, Trace, evaluate
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.known_senders import Senders
from ticketctl.usecases.intake.original_mail import original
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.results import Batch, Done, Failed
from ticketctl.usecases.session import Session


class Explain(msgspec.Struct, frozen=True, kw_only=True):
    """`event`: the rules for which event are evaluated again."""

    tickets: tuple[int, ...]
    event: EventName = "created"


class Explained(msgspec.Struct, frozen=True):
    """`trace` is what the rules of today find in the ticket as it is now; what they decided then is in the ticket."""

    ticket: Ticket
    trace: Trace


def explain(session: Session, request: Explain) -> Batch[Explained]:
    session.must("explain")
    batch: list[Done[Explained] | Failed] = []
    with session.store.reading() as desk:
        for number in request.tickets:
            try:
                ticket = desk.get(number)
            except NoSuchTicket as error:
                batch.append(Failed(number, error))
            else:
                batch.append(Done(number, Explained(ticket, _trace(session, desk, ticket, request.event))))
    read = [one.value.ticket for one in batch if isinstance(one, Done)]
    if read:
        note_reading(session, "explain", *read)
    return tuple(batch)


def _trace(session: Session, desk: Desk, ticket: Ticket, event: EventName) -> Trace:
    message = _message_of(ticket, event)
    mail = original(session, message)
    afresh = msgspec.structs.replace(ticket, fired=())  # a rule that has fired is evaluated all the same
    now = None if event in MAIL_EVENTS else session.now
    before = partial(Senders(desk).wrote_before, ticket, message)
    kinds = session.config.privacy.mask
    headers = {name: tuple(mask(one, kinds) for one in values) for name, values in mail.headers.items()} if mail else {}
    return evaluate(session.config.rules, View(afresh, message, headers, now, session.config.hours, before), event)


def _message_of(ticket: Ticket, event: EventName) -> Message | None:
    """The message that the rules of that event look at."""
    if event == "created" and ticket.messages:
        return ticket.messages[0]
    reply = next((one for one in reversed(ticket.messages) if one.is_reply), None)
    return reply if event == "agent_reply" and reply else ticket.last(direction="in")
