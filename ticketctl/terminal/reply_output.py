"""A reply that is committed leaves, and its writer is told what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from ticketctl.content.terminal import as_json, line
from ticketctl.content.times import local, zone
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.reply.check import Hint
from ticketctl.domain.reply.several_requesters import Unanswered, unanswered
from ticketctl.domain.ticket.delivery import shown, trouble
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import ChannelFailed, StoreFailed, TicketctlError
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal.background import send_in_background
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.undo_window import leaves_words, readers_of, replies_of
from ticketctl.usecases.outgoing.schedule import window
from ticketctl.usecases.outgoing.send import Sent, send_due
from ticketctl.usecases.outgoing.sent_folder import make_copies
from ticketctl.usecases.reply.check import shape as hint_shape
from ticketctl.usecases.reply.recipients import spoken
from ticketctl.usecases.tickets.change import stored_ticket

SPARE = 0.5  # seconds after the window


class HowWritten(msgspec.Struct, frozen=True, kw_only=True):
    """How the text of a reply comes about at the shell, and what then becomes of it: `given` on the command line or
    `on_input` (and then nowhere else), `several` at once, without the editor."""

    given: bool = False
    on_input: bool = False
    edit: bool = False
    at_once: bool = False
    several: bool = False
    as_draft: bool = False
    queue: bool = False
    later: bool = False

    @property
    def edits(self) -> bool:
        """The editor opens, where there is a terminal."""
        return (self.edit or not self.given) and not (self.at_once or self.several)


def leave(shell: Shell, how: HowWritten, done: Sequence[Committed]) -> list[TicketctlError]:
    """Sends the committed replies (except those for later) and says what became of each."""
    length = window(shell.session, watched=answers(shell))
    waits = how.as_draft or how.queue or how.later
    troubles: list[TicketctlError] = []
    for one in done:
        try:
            _say(one.at(shell), how, one)
        except ChannelFailed as trouble:
            troubles.append(trouble)
    if not (waits or length):
        for missing in make_copies(shell.session):
            shell.warn(remark_line(missing, shell.language))
    if done and length and answers(shell) and not waits:
        send_in_background(done[-1].at(shell), length.total_seconds() + SPARE)
    return troubles


class Committed(NamedTuple):
    """A reply that is committed: its ticket, whether that is the writer's by it, and how long the writing took."""

    ticket: Ticket
    taken: bool
    seconds: float
    hints: tuple[Hint, ...] = ()

    def at(self, shell: Shell) -> Shell:
        return shell.at(shell.session.now + timedelta(seconds=self.seconds))


def _say(shell: Shell, how: HowWritten, done: Committed) -> None:
    ticket, yours = done.ticket, "; it is yours now" if done.taken else ""
    if how.as_draft:
        _answer(shell, ticket, f"draft kept{yours}; `ticketctl reply {ticket.number} --send` sends it")
        return
    messages = replies_of(ticket)
    if not how.queue and (how.later or window(shell.session, watched=answers(shell))):
        to = "; ".join(map(readers_of, messages))
        _answer(shell, ticket, f"reply to {to} {leaves_words(shell, ticket)}{_unanswered(shell, ticket)}{yours}")
        return
    items, failure = dict[str, Outbound](), None
    try:  # what a dead run left comes back too
        wanted = frozenset(one.message_id for one in messages)
        sent = Sent() if how.queue else send_due(shell.session, wanted)
        items = {item.message_id: item for item in sent.mails}
        for remark in sent.remarks:
            shell.warn(remark_line(remark, shell.language))
    except TicketctlError as error:
        failure = error
    except (KeyboardInterrupt, SystemExit):
        shell.warn(f"the reply on #{ticket.number} is in the outbox; `ticketctl send --list` shows it")
        raise
    after = stored_ticket(shell.session, ticket.number)  # as it is now that the reply has left, and kept a promise
    fates = "; ".join(f"{_fate(items.get(one.message_id))} {readers_of(one)}" for one in messages)
    _answer(shell, after, f"{fates}{_unanswered(shell, ticket)}{_then(shell, after)}{yours}", done.hints, messages)
    if isinstance(failure, StoreFailed):  # of what follows the reply, which is stored
        failure.outcome = f"the reply on #{ticket.number} is stored, and may not have left: `ticketctl send --list`"
    if failure is not None:
        raise failure
    _must_have_left(ticket.number, [items[one.message_id] for one in messages if one.message_id in items])


def _must_have_left(number: int, items: Sequence[Outbound]) -> None:
    """Raises ChannelFailed where one of the mails has not left."""
    lost = [item for item in items if item.state in ("failed", "uncertain")]
    if lost:
        raise ChannelFailed(f"#{number}: {_troubles(lost)}; `ticketctl send --list` shows what can be done")
    deferred = [item for item in items if item.state == "deferred"]
    if deferred:
        stays = "it stays in the outbox and `ticketctl send` tries again"
        raise ChannelFailed(f"#{number}: not accepted yet: {_troubles(deferred)}; {stays}")


def _troubles(items: Sequence[Outbound]) -> str:
    return "; ".join(map(trouble, items))


def _unanswered(shell: Shell, ticket: Ticket) -> str:
    """ "; not answered: Eva <eva@…> (`ticketctl reply 17 --to eva@…`)", "; not to Åsa <asa@…>" for who does not wait
    for an answer; "" where everybody gets it."""
    missed = unanswered(ticket, replies_of(ticket), spoken(shell.session))
    waiting = [_missed(ticket, one) for one in missed if one.waits]
    others = [str(one.person) for one in missed if not one.waits]
    told = f"; not answered: {line(', '.join(waiting))}" if waiting else ""
    return f"{told}; not to {line(', '.join(others))}" if others else told


def _missed(ticket: Ticket, one: Unanswered) -> str:
    alone = one.person == ticket.requester and not ticket.merged
    step = f"`ticketctl reply {ticket.number}{'' if alone else f' --to {one.person.address}'}`"
    about = ", ".join(filter(None, (one.why, step if "@" in one.person.address else "")))
    return f"{one.person} ({about})" if about else str(one.person)


FATES = {"sent": "reply sent to", "failed": "reply NOT delivered to", "uncertain": "reply perhaps delivered to"}


def _fate(item: Outbound | None) -> str:
    return FATES.get(shown(item)[0] if item else "", "reply queued for")


def _then(shell: Shell, ticket: Ticket) -> str:
    if ticket.closed:
        return "; closed"
    owed = running(ticket)
    promised = f", promised by {local(owed.due_at, zone(shell.session.config.timezone))}" if owed else ""
    if ticket.wake_at is None:
        return f"; stays open{promised}"
    return f"; waits until {local(ticket.wake_at, zone(shell.session.config.timezone))}{promised}"


def _answer(
    shell: Shell, ticket: Ticket, told: str, hints: tuple[Hint, ...] = (), sent: Sequence[Message] = ()
) -> None:
    if not shell.json:
        return shell.say(f"#{ticket.number}: {told}")
    from ticketctl.present.json import message_json, person_json, ticket_json

    keys = {one.key for one in sent}
    last = next(one for one in reversed(ticket.messages) if one.direction == "out" and one.kind == "message")
    messages = [one for one in ticket.messages if one.key in keys] or [last]
    shape = {
        **ticket_json(ticket, False),
        "message": message_json(messages[0]),
        "messages": [message_json(one) for one in messages],
        "not_answered": [
            person_json(one.person) for one in unanswered(ticket, messages, spoken(shell.session)) if one.waits
        ],
        "hints": hint_shape(hints),
    }
    return shell.say(as_json(shape))
