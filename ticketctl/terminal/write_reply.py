"""A reply as somebody at the shell writes it: begun, written, asked about, committed. The text is never lost: what
cannot be queued is kept as a draft, or at least in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from mimetypes import guess_type
from pathlib import Path

import click
import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Interrupted, NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.channels_draft import File
from ticketctl.present.json import hints_json
from ticketctl.present.words import say_in
from ticketctl.present.words.objections import objection_line
from ticketctl.present.words.remarks import remark_line
from ticketctl.present.words.reply import TEXTS
from ticketctl.present.words.reply_check import hint_lines
from ticketctl.present.words.writing import recipient_lines
from ticketctl.terminal import editor as _editor
from ticketctl.terminal.choose_snippet import choose
from ticketctl.terminal.editor import Written
from ticketctl.terminal.input_text import answers, text_for
from ticketctl.terminal.numbers import must_be_one
from ticketctl.terminal.objections import EditAgain, accepting, asking
from ticketctl.terminal.output import print_answer, print_errors
from ticketctl.terminal.reply_output import Committed, HowWritten, send_committed
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.schedule import window
from ticketctl.usecases.reply.check import attachment_objections, check
from ticketctl.usecases.reply.keep_draft import keep_draft, keep_text
from ticketctl.usecases.reply.presence import objections, writing
from ticketctl.usecases.reply.recipients import letters
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.signature import signature
from ticketctl.usecases.reply.start import Started, check_request, start, text_to_check
from ticketctl.usecases.results import Objected
from ticketctl.usecases.tickets.change import stored_ticket

LARGEST_ATTACHMENTS = 20 * 1024 * 1024


def reply_to_each(shell: Shell, numbers: Sequence[int], request: ReplyRequest, how: HowWritten) -> None:
    """Answers each of the tickets. What is wrong with the request whatever the text becomes is said first."""
    check_request(shell.session, request)
    must_be_one(numbers)
    if how.several and (how.edit or how.choose or how.from_past or how.suggest or not (how.given or request.snippet)):
        raise Usage(say_in(shell.language, TEXTS)("one_at_a_time"))
    if how.text is not None:
        request = msgspec.structs.replace(request, text=text_for(shell, how.text, ""))
    if how.choose:
        chosen = choose(shell, stored_ticket(shell.session, numbers[0]))
        request = msgspec.structs.replace(request, snippet=chosen)
    if how.suggest:
        from ticketctl.terminal.choose_answer import print_suggestion

        return print_suggestion(shell, request.ticket)
    if how.from_past:
        from ticketctl.terminal.choose_answer import choose_answer

        begun = choose_answer(shell, request.ticket)
        if begun is None:
            return None
        request = msgspec.structs.replace(request, text=begun)
    each = [msgspec.structs.replace(request, ticket=number) for number in numbers]
    if how.only_check:
        return print_errors(shell, [trouble for one in each if (trouble := _only_checked(shell, one))])
    troubles: list[TicketctlError] = []
    done: list[Committed] = []
    for one in each:
        try:
            done.append(write_reply(shell, one, how))
        except (NoSuchTicket, Refused) as trouble:
            troubles.append(trouble)
    return print_errors(shell, [*troubles, *send_committed(shell, how, done)])


def files_at(shell: Shell, paths: Sequence[Path]) -> tuple[File, ...]:
    """Attachments of a reply; raises Usage where mail servers would refuse them."""
    if sum(path.stat().st_size for path in paths) > LARGEST_ATTACHMENTS:
        raise Usage(say_in(shell.language, TEXTS)("too_large", size=LARGEST_ATTACHMENTS >> 20))
    return tuple(
        File(name=path.name, data=path.read_bytes(), type=guess_type(path.name)[0] or "application/octet-stream")
        for path in paths
    )


def _only_checked(shell: Shell, request: ReplyRequest) -> TicketctlError | None:
    """Says what the check notices; the refusal where that is strict."""
    number, say = request.ticket, say_in(shell.language, TEXTS)
    text = text_to_check(shell.session, request) or text_for(shell, "-", "")
    attached = bool(request.files) or "attachment_missing" in request.accept
    hints = check(shell.session, number, text, attached=attached)
    lines = hint_lines(hints, shell.language) or [say("no_remark")]
    said = (say("checked", number=number, hint=line) for line in lines)
    print_answer(shell, {"ticket": number, "hints": hints_json(hints)}, said)
    return Refused(say("strictly", number=number)) if request.check == "strict" and hints else None


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
    print_errors(shell, send_committed(shell, how, [write_reply(shell, request, how)]))


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
        raise Usage(say_in(shell.language, TEXTS)("needs_terminal"))
    if not edits:
        for one in objections(shell.session, started.writers):
            shell.warn(objection_line(one, shell.language))
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
        for hint in hint_lines(done.value.hints, shell.language):
            shell.warn(hint)
    for remark in done.remarks:
        shell.warn(remark_line(remark, shell.language))
    return Committed(done.value.after, done.value.taken, written.seconds, done.value.hints)


def _edited(shell: Shell, ticket: Ticket, request: ReplyRequest) -> Written:
    mails = letters(shell.session, ticket, request.asked)
    to = [row for letter in mails for row in recipient_lines(letter.written, shell.language)]
    about = _editor.reminder(shell, ticket, to, signature(shell.session, ticket))
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
            raise Interrupted(say_in(shell.language, TEXTS)("stopped")) from trouble
        raise


def _kept(shell: Shell, request: ReplyRequest, written: Written) -> str:
    """Where the text is now."""
    say = say_in(shell.language, TEXTS)
    try:
        kept = keep_text(shell.session, request)
    except (TicketctlError, OSError):
        return say("text_in", file=written.file) if written.file else say("text_was", text=written.text)
    _editor.discard(written)
    return say("queued_before" if kept.how == "queued" else "draft_on", number=kept.number)
