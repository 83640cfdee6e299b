"""A reply that is committed leaves, and its writer is told what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from ticketctl.app import App
from ticketctl.commands._background import send_in_background
from ticketctl.commands._changes import stored_ticket
from ticketctl.commands._leaving import leaves_words, reply_of, window
from ticketctl.commands._reply_check import shape as hint_shape
from ticketctl.commands._sending import send_due
from ticketctl.commands._sent_copies import make_copies
from ticketctl.commands._texts import answers
from ticketctl.commands._wishes import Wishes
from ticketctl.domain.delivery import shown, trouble
from ticketctl.domain.outbound import Outbound
from ticketctl.domain.promised import running
from ticketctl.domain.reply_check import Hint
from ticketctl.domain.ticket import Ticket
from ticketctl.errors import ChannelFailed, StoreFailed, TicketctlError
from ticketctl.present.terminal import as_json
from ticketctl.present.times import local, zone

SPARE = 0.5  # seconds after the window


def leave(app: App, wishes: Wishes, done: Sequence[Done]) -> list[TicketctlError]:
    """What is committed leaves, unless it is to leave later, and each is told."""
    at_once = not (wishes.as_draft or wishes.queue or wishes.later or window(app))
    troubles: list[TicketctlError] = []
    for one in done:
        try:
            _say(one.at(app), wishes, one)
        except ChannelFailed as trouble:
            troubles.append(trouble)
    if at_once:
        for missing in make_copies(app):
            app.warn(missing)
    if done and window(app) and answers(app) and not (wishes.as_draft or wishes.queue or wishes.later):
        send_in_background(done[-1].at(app), window(app).total_seconds() + SPARE)
    return troubles


class Done(NamedTuple):
    """A reply that is committed: its ticket, whether that is the writer's by it, and how long the writing took."""

    ticket: Ticket
    taken: bool
    seconds: float
    hints: tuple[Hint, ...] = ()

    def at(self, app: App) -> App:
        return replace(app, now=app.now + timedelta(seconds=self.seconds))


def _say(app: App, wishes: Wishes, done: Done) -> None:
    ticket, yours = done.ticket, "; it is yours now" if done.taken else ""
    if wishes.as_draft:
        return _answer(app, ticket, f"draft kept{yours}; `ticketctl reply {ticket.number} --send` sends it")
    message = reply_of(ticket)
    to = ", ".join(one.address for one in (*message.to, *message.cc, *message.bcc))
    if not wishes.queue and (wishes.later or window(app)):
        return _answer(app, ticket, f"reply to {to} {leaves_words(app, ticket)}{yours}")
    item, failure = None, None
    try:
        tried = () if wishes.queue else send_due(app, {message.message_id}) or ()  # what a dead run left comes back too
        item = next((one for one in tried if one.message_id == message.message_id), None)
    except TicketctlError as error:
        failure = error
    except (KeyboardInterrupt, SystemExit):
        app.warn(f"the reply on #{ticket.number} is in the outbox; `ticketctl send --list` shows it")
        raise
    after = stored_ticket(app, ticket.number)  # as it is now that the reply has left, and kept a promise
    _answer(app, after, f"{_fate(item)} {to}{_then(app, after)}{yours}", done.hints)
    if isinstance(failure, StoreFailed):  # of what follows the reply, which is stored
        failure.outcome = f"the reply on #{ticket.number} is stored, and may not have left: `ticketctl send --list`"
    if failure is not None:
        raise failure
    if item is not None and item.state in ("failed", "uncertain"):
        raise ChannelFailed(f"#{ticket.number}: {trouble(item)}; `ticketctl send --list` shows what can be done")
    if item is not None and item.state == "deferred":
        stays = "it stays in the outbox and `ticketctl send` tries again"
        raise ChannelFailed(f"#{ticket.number}: not accepted yet: {trouble(item)}; {stays}")
    return None


FATES = {"sent": "reply sent to", "failed": "reply NOT delivered to", "uncertain": "reply perhaps delivered to"}


def _fate(item: Outbound | None) -> str:
    return FATES.get(shown(item)[0] if item else "", "reply queued for")


def _then(app: App, ticket: Ticket) -> str:
    if ticket.closed:
        return "; closed"
    owed = running(ticket)
    promised = f", promised by {local(owed.due_at, zone(app.config.timezone))}" if owed else ""
    if ticket.wake_at is None:
        return f"; stays open{promised}"
    return f"; waits until {local(ticket.wake_at, zone(app.config.timezone))}{promised}"


def _answer(app: App, ticket: Ticket, told: str, hints: tuple[Hint, ...] = ()) -> None:
    if not app.json:
        return app.say(f"#{ticket.number}: {told}")
    from ticketctl.present.shapes import message_json, ticket_json

    last = next(one for one in reversed(ticket.messages) if one.direction == "out" and one.kind == "message")
    return app.say(as_json({**ticket_json(ticket, False), "message": message_json(last), "hints": hint_shape(hints)}))
