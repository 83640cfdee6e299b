"""The text of a reply: from the command line, a draft, a snippet, standard input, or out of the editor."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.store import fs
from ticketctl.terminal import editor as _editor
from ticketctl.terminal import editor_reminder as _thread
from ticketctl.terminal.editor import Written
from ticketctl.terminal.input_text import answers, text_for
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.reply.presence import mind_others, writing
from ticketctl.usecases.reply.recipients import letters, told
from ticketctl.usecases.reply.reply import kept_on_failure
from ticketctl.usecases.reply.request import Wishes
from ticketctl.usecases.reply.signature import signature
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.tickets.change import stored_ticket


def own_draft(shell: Shell, ticket: Ticket, wishes: Wishes) -> Message | None:
    """The newest draft of one's own on the ticket, else the newest of all, unless another text is given."""
    if wishes.text is not None or wishes.snippet:
        return None
    drafts = [one for one in ticket.messages if one.delivery == "draft"]
    return max(drafts, key=lambda one: (one.author == shell.session.actor, one.at), default=None)


def first_text(shell: Shell, ticket: Ticket, wishes: Wishes, draft: Message | None) -> Written:
    """What is to be sent, once somebody has written it; who else is at it is told before."""
    if wishes.text is not None and not wishes.edit:
        mind_others(shell.session, ticket.number, ask=False)
        return Written(wishes.text)
    begun = prefill(shell, ticket, wishes, draft)
    if answers(shell) and not wishes.at_once and not wishes.unattended:
        mind_others(shell.session, ticket.number, ask=True)
        return _edited(shell, ticket, wishes, begun)
    if wishes.edit:
        raise Usage("--edit needs a terminal")
    mind_others(shell.session, ticket.number, ask=False)
    return Written(begun.strip("\n").rstrip() or text_for(shell, "-", ""))


def _edited(shell: Shell, ticket: Ticket, wishes: Wishes, begun: str) -> Written:
    to = [row for letter in letters(shell.session, ticket, wishes.asked) for row in told(letter.written)]
    about = _thread.reminder(shell, ticket, to, signature(shell.session, ticket))
    with writing(shell.session, ticket.number):
        return _editor.write(shell, begun, about, f"reply-{ticket.number}")


def rewritten(shell: Shell, wishes: Wishes, before: Written, draft: Message | None) -> tuple[Ticket, Written]:
    """The text once more in the editor, beside the conversation as it is now; it is kept where that comes to
    nothing."""
    ticket = stored_ticket(shell.session, wishes.number)
    with kept_on_failure(shell.session, wishes, before, draft):
        after = _edited(shell, ticket, wishes, before.text)
    if before.file:
        fs.discard(before.file)
    return ticket, msgspec.structs.replace(after, seconds=before.seconds + after.seconds)


def prefill(shell: Shell, ticket: Ticket, wishes: Wishes, draft: Message | None) -> str:
    """What stands there before anybody writes; "" where that is nothing."""
    if wishes.text is not None:
        return wishes.text
    if draft:
        return draft.text
    return (
        rendered(shell.session, ticket, wishes.snippet, shell.session.config.agent(shell.session.actor)).body
        if wishes.snippet
        else ""
    )
