"""When a reply leaves: at the time that --later names, or once the writer can no longer take it back.

The window (`outgoing: {undo: 10s}`) is spent in the outbox, and the command returns at once. On a terminal it starts a
`ticketctl send` that lets the reply go after it; from a script only windows of more than a minute count, and the next
`ticketctl send` takes the reply along.
"""

from __future__ import annotations

from ticketctl.content.times import local, zone
from ticketctl.domain.reply.several_requesters import same_reply
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.schedule import window


def replies_of(ticket: Ticket) -> list[Message]:
    """The mails of the reply that was just written, one to each requester; a rule may have added messages behind."""
    return same_reply(ticket, next(one for one in reversed(ticket.messages) if one.is_reply))


def readers_of(message: Message) -> str:
    """ "asa@kund.example, bo@exempel.example" """
    return ", ".join(one.address for one in (*message.to, *message.cc, *message.bcc))


def leaves_words(shell: Shell, ticket: Ticket) -> str:
    """For a reply that waits for its time, what the command says of it; "" for one that leaves at once."""
    message = replies_of(ticket)[0]
    where = zone(shell.session.config.timezone)
    back = f"`ticketctl undo {ticket.number}` takes it back"
    if message.leaves_at is not None:
        return f"leaves {local(message.leaves_at, where)}; {back}"
    if answers(shell):
        return f"leaves in {window(shell.session, watched=answers(shell)).total_seconds():.0f} s; {back}"
    until = shell.session.now + window(shell.session, watched=answers(shell))
    return f"leaves with the first `ticketctl send` after {until.astimezone(where):%H:%M:%S}; {back}"
