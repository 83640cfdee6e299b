"""A reply as somebody at the shell writes it: begun, written, asked about, committed. The text is never lost: what
cannot be queued is kept as a draft, or at least in its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import click
import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Interrupted, TicketctlError, Usage
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal import editor as _editor
from ticketctl.terminal import editor_reminder as _thread
from ticketctl.terminal.changes import say_all
from ticketctl.terminal.editor import Written
from ticketctl.terminal.input_text import answers, text_for
from ticketctl.terminal.objections import EditAgain, accepting, asking
from ticketctl.terminal.reply_output import Committed, HowWritten, leave
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.schedule import window
from ticketctl.usecases.reply.check import attachment_objections, told_of
from ticketctl.usecases.reply.keep_draft import keep_draft, keep_text
from ticketctl.usecases.reply.presence import told as writer_line
from ticketctl.usecases.reply.presence import writing
from ticketctl.usecases.reply.recipients import letters, told
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.signature import signature
from ticketctl.usecases.reply.start import Started, check_request, start
from ticketctl.usecases.results import Objected
from ticketctl.usecases.tickets.change import stored_ticket


def write_reply(shell: Shell, request: ReplyRequest, how: HowWritten) -> Committed:
    """What is wrong is told before anything is written. Raises Refused and the like; what was written is then kept."""
    request = _with_terminal(shell, request, how)
    beforehand = request.accept
    typed = "" if how.on_input else request.text
    started, request = _started(shell, request, how)
    written = _first_text(shell, started, request, how)
    while True:
        at = shell.at(shell.session.now + timedelta(seconds=written.seconds))
        accept = request.accept if written.text == typed else beforehand
        request = msgspec.structs.replace(request, text=written.text, accept=accept)
        try:
            with kept_on_failure(at, request, written):
                done = _committed(at, request, how, written)
                break
        except EditAgain:
            pass
        request, written = _rewritten(shell, request, written)
    _editor.discard(written)
    return done


def answer(shell: Shell, number: int, snippet: str) -> None:
    """A reply in the editor that begins with `snippet`, as `reply --snippet` does it."""
    request, how = ReplyRequest(ticket=number, snippet=snippet), HowWritten()
    check_request(shell.session, request)
    say_all(shell.session, leave(shell, how, [write_reply(shell, request, how)]))


def _with_terminal(shell: Shell, request: ReplyRequest, how: HowWritten) -> ReplyRequest:
    """With the undo window that somebody here could use, and without the questions that nobody answers."""
    undo = timedelta() if how.queue else window(shell.session, watched=answers(shell))
    request = msgspec.structs.replace(request, undo=undo, hints=shell.json)
    if not request.promise and (how.several or not answers(shell)):
        request = msgspec.structs.replace(request, promise="none")
    return request if answers(shell) else accepting(request, "check_warning")


def _started(shell: Shell, request: ReplyRequest, how: HowWritten) -> tuple[Started, ReplyRequest]:
    """Who else writes is asked about where the editor opens, and told elsewhere."""
    edits = how.edits and answers(shell)
    begin = partial(start, shell.session)
    started = asking(shell, request, begin) if edits else begin(accepting(request, "someone_writing"))
    request = started.all_seen() if answers(shell) else started.request
    if how.given and not (how.on_input or how.as_draft):
        request = asking(shell, request, _must_have_attachment)
    for remark in started.remarks:
        shell.warn(remark_line(remark, shell.language))
    if how.edit and not edits:
        raise Usage("--edit needs a terminal")
    if not edits:
        for one in started.writers:
            shell.warn(f"#{one.number}: {writer_line(shell.session, one)}")
    return started, msgspec.structs.replace(request, accept=request.accept - {"someone_writing"})


def _must_have_attachment(request: ReplyRequest) -> ReplyRequest:
    """A text of the command line is refused at once, and need not be kept."""
    found = [] if request.files else attachment_objections(request.ticket, request.text)
    if left := [one for one in found if one.code not in request.accept]:
        raise Objected(*left)
    return request


def _first_text(shell: Shell, started: Started, request: ReplyRequest, how: HowWritten) -> Written:
    if how.edits and answers(shell):
        return _edited(shell, started.ticket, request)
    if how.given:
        return Written(request.text)
    return Written(request.text.strip("\n").rstrip() or text_for(shell, "-", ""))


def _committed(shell: Shell, request: ReplyRequest, how: HowWritten, written: Written) -> Committed:
    if how.as_draft:
        kept = keep_draft(shell.session, request)
        return Committed(kept.value.after, kept.value.taken, written.seconds)
    done = asking(shell, request, partial(reply, shell.session))
    if answers(shell):
        for hint in told_of(done.value.hints):
            shell.warn(hint)
    for remark in done.remarks:
        shell.warn(remark_line(remark, shell.language))
    return Committed(done.value.after, done.value.taken, written.seconds, done.value.hints)


def _edited(shell: Shell, ticket: Ticket, request: ReplyRequest) -> Written:
    to = [row for letter in letters(shell.session, ticket, request.asked) for row in told(letter.written)]
    about = _thread.reminder(shell, ticket, to, signature(shell.session, ticket))
    with writing(shell.session, ticket.number):
        return _editor.write(shell, request.text, about, f"reply-{ticket.number}")


def _rewritten(shell: Shell, request: ReplyRequest, before: Written) -> tuple[ReplyRequest, Written]:
    """The text once more in the editor, beside the conversation as it is now; it is kept where that comes to
    nothing."""
    ticket = stored_ticket(shell.session, request.ticket)
    with kept_on_failure(shell, request, before):
        after = _edited(shell, ticket, request)
    _editor.discard(before)
    request = msgspec.structs.replace(request, seen=frozenset(one.key for one in ticket.messages))
    return request, msgspec.structs.replace(after, seconds=before.seconds + after.seconds)


@contextmanager
def kept_on_failure(shell: Shell, request: ReplyRequest, written: Written) -> Iterator[None]:
    """What was written is kept as a draft when it cannot be queued, or at least in its file, and that is said."""
    try:
        yield
    except (TicketctlError, OSError, click.Abort, KeyboardInterrupt) as trouble:
        shell.warn(_kept(shell, request, written))
        if isinstance(trouble, click.Abort | KeyboardInterrupt):
            raise Interrupted("stopped") from trouble
        raise


def _kept(shell: Shell, request: ReplyRequest, written: Written) -> str:
    """Where the text is now."""
    try:
        kept = keep_text(shell.session, request)
    except (TicketctlError, OSError):
        return f"your text is in {written.file}" if written.file else f"your text was:\n{written.text}"
    _editor.discard(written)
    if kept.how == "queued":
        return f"the reply on #{kept.number} was queued before that"
    return f"your text is kept as a draft on #{kept.number}; `ticketctl reply {kept.number}` goes on with it"
