"""A reply that is committed is sent, and its writer hears what became of it.

As long as the undo window (`outgoing: {undo: 10s}`) lasts it can be taken back; it is spent in the outbox, and the
command returns at once. On a terminal a `ticketctl send` is started that sends the reply after it; from a script only
windows of more than a minute count, and the next `ticketctl send` takes the reply along.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from ticketctl.content.terminal import as_json
from ticketctl.content.times import zone
from ticketctl.domain.reply.check import Hint
from ticketctl.domain.reply.several_requesters import same_reply, unanswered
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import ChannelFailed, StoreFailed, TicketctlError
from ticketctl.present.words import reply as words
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal.background import send_in_background
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.schedule import window
from ticketctl.usecases.outgoing.send import Sent, send_due
from ticketctl.usecases.outgoing.sent_folder import make_copies
from ticketctl.usecases.reply.recipients import spoken
from ticketctl.usecases.shown import shown
from ticketctl.usecases.tickets.change import stored_ticket

SPARE = 0.5  # seconds after the window


class HowWritten(msgspec.Struct, frozen=True, kw_only=True):
    """How the text of a reply comes about at the shell, and what then becomes of it: `text` is what the command line
    gives ("-": standard input, and then nowhere else), `several` at once are written without the editor."""

    text: str | None = None
    edit: bool = False
    at_once: bool = False
    several: bool = False
    as_draft: bool = False
    queue: bool = False
    later: bool = False
    choose: bool = False
    only_check: bool = False
    from_past: bool = False
    suggest: bool = False

    @property
    def given(self) -> bool:
        return self.text is not None

    @property
    def on_input(self) -> bool:
        return self.text == "-"

    @property
    def edits(self) -> bool:
        """The editor opens, where there is a terminal."""
        return (self.edit or not self.given) and not (self.at_once or self.several)


class Committed(NamedTuple):
    """A reply that is committed: its ticket, whether that is the writer's by it, and how long the writing took."""

    ticket: Ticket
    taken: bool
    seconds: float
    hints: tuple[Hint, ...] = ()

    def at(self, shell: Shell) -> Shell:
        return shell.at(shell.session.now + timedelta(seconds=self.seconds))


def send_committed(shell: Shell, how: HowWritten, done: Sequence[Committed]) -> list[TicketctlError]:
    """Sends the committed replies (except those for later) and says what became of each."""
    length = window(shell.session, watched=answers(shell))
    waits = how.as_draft or how.queue or how.later
    troubles: list[TicketctlError] = []
    for one in done:
        try:
            _one(one.at(shell), how, one)
        except ChannelFailed as trouble:
            troubles.append(trouble)
    if not (waits or length):
        for missing in make_copies(shell.session):
            shell.warn(remark_line(missing, shell.language))
    if done and length and answers(shell) and not waits:
        send_in_background(done[-1].at(shell), length.total_seconds() + SPARE)
    return troubles


def spoken_to(shell: Shell) -> words.Spoken:
    return words.Spoken(shell.language, zone(shell.session.config.timezone))


def _one(shell: Shell, how: HowWritten, done: Committed) -> None:
    ticket, to = done.ticket, spoken_to(shell)
    if how.as_draft:
        return _answer(shell, ticket, words.draft_line(ticket, to, yours=done.taken))
    messages = _replies_of(ticket)
    missed = words.missed_words(ticket, unanswered(ticket, messages, spoken(shell.session)), to)
    length, watched = window(shell.session, watched=answers(shell)), answers(shell)
    here = messages[0].delivery == "sent"  # it was read where it was stored
    if not (how.queue or here) and (how.later or length):
        now = shell.session.now
        when = words.leaves_words(ticket.number, messages[0], to, now=now, window=length, watched=watched)
        return _answer(shell, ticket, words.waiting_line(ticket, messages, missed, to, when=when, yours=done.taken))
    sent, failure = _sent(shell, how, ticket, messages)
    items = {item.message_id: item for item in sent.mails}  # what a dead run left comes back too
    after = stored_ticket(shell.session, ticket.number)  # as it is now that the reply was sent, and kept a promise
    fates = [(one, items.get(one.message_id)) for one in messages]
    _answer(shell, after, words.sent_line(after, fates, missed, to, yours=done.taken), done.hints, messages)
    if failure is not None:
        raise failure
    if trouble := words.not_left_line(ticket.number, [item for _, item in fates if item], to):
        raise ChannelFailed(trouble)
    return None


def _sent(
    shell: Shell, how: HowWritten, ticket: Ticket, messages: Sequence[Message]
) -> tuple[Sent, TicketctlError | None]:
    """What came of sending the mails, and what stopped it."""
    to = spoken_to(shell)
    if how.queue:
        return Sent(), None
    try:
        sent = send_due(shell.session, frozenset(one.message_id for one in messages))
    except TicketctlError as error:
        if isinstance(error, StoreFailed):  # of what follows the reply, which is stored
            error.outcome = to.say("stored", number=ticket.number)
        return Sent(), error
    except (KeyboardInterrupt, SystemExit):
        shell.warn(to.say("interrupted", number=ticket.number))
        raise
    for remark in sent.remarks:
        shell.warn(remark_line(remark, shell.language))
    return sent, None


def _replies_of(ticket: Ticket) -> list[Message]:
    """The mails of the reply that was just written, one to each requester; a rule may have added messages behind."""
    return same_reply(ticket, next(one for one in reversed(ticket.messages) if one.is_reply))


def _answer(
    shell: Shell, ticket: Ticket, said: str, hints: tuple[Hint, ...] = (), sent: Sequence[Message] = ()
) -> None:
    if not shell.json:
        return shell.say(said)
    ticket = shown(shell.session, ticket)
    from ticketctl.present.json import hints_json, message_json, person_json, ticket_json

    keys = {one.key for one in sent}
    last = next(one for one in reversed(ticket.messages) if one.direction == "out" and one.kind == "message")
    messages = [one for one in ticket.messages if one.key in keys] or [last]
    missed = unanswered(ticket, messages, spoken(shell.session))
    shape = {
        **ticket_json(ticket, False),
        "message": message_json(messages[0]),
        "messages": [message_json(one) for one in messages],
        "not_answered": [person_json(one.person) for one in missed if one.waits],
        "hints": hints_json(hints),
    }
    return shell.say(as_json(shape))
