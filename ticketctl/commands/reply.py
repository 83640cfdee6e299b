"""`ticketctl reply`"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from mimetypes import guess_type
from pathlib import Path

import click
import msgspec

from ticketctl.commands.options import base_revision, complete_causes, complete_snippets, numbers
from ticketctl.content.terminal import as_json
from ticketctl.domain.reply.check import Hint
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.channels_draft import File
from ticketctl.store import fs
from ticketctl.terminal.changes import must_be_one, say_all
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.reply_editor import first_text, own_draft, prefill, rewritten
from ticketctl.terminal.reply_output import Done, leave
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.undo_window import warn_of_waiting
from ticketctl.usecases.outgoing.schedule import when_it_leaves
from ticketctl.usecases.people import act
from ticketctl.usecases.reply.check import checked, hints_for, told_of, unattached
from ticketctl.usecases.reply.check import shape as hint_shape
from ticketctl.usecases.reply.headers import own_address
from ticketctl.usecases.reply.promise import check_promise, with_promise
from ticketctl.usecases.reply.recipients import addressing, warn_of_reply_to
from ticketctl.usecases.reply.reply import EditAgain, kept_on_failure, must_have_attachment, must_take_replies, replied
from ticketctl.usecases.reply.request import Wishes, must_go_together, wake_at_end, with_wishes_of
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.usecases.tickets.close import check_cause

LARGEST_ATTACHMENTS = 20 * 1024 * 1024


@click.command
@numbers
@click.option("--text", metavar="TEXT", help="The reply; `-` reads standard input. Else your editor opens.")
@click.option("--snippet", default="", shell_complete=complete_snippets, help="Begin with this snippet.")
@click.option("--choose", is_flag=True, help="Choose the snippet from a list.")
@click.option("--edit", is_flag=True, help="Open the editor, with --text too.")
@click.option("--send", "at_once", is_flag=True, help="Send without opening the editor.")
@click.option("--queue", is_flag=True, help="Leave it in the outbox for the next `ticketctl send`.")
@click.option("--later", default="", metavar="TIME", help="Send it then, unless somebody writes in between.")
@click.option("--draft", "as_draft", is_flag=True, help="Keep it as a draft; nothing is sent.")
@click.option("--wait", "--until", "until", default="", metavar="TIME", help="When it comes back; else in 7 days.")
@click.option("--stay-open", is_flag=True, help="Do not wait for the customer.")
@click.option(
    "--promise", default="", metavar="WHEN", help="What it promises by when; `auto` reads the text, or `none`."
)
@click.option("--close", is_flag=True, help="Close the ticket with this reply.")
@click.option("--cause", default="", shell_complete=complete_causes, help="With --close: why it arose.")
@click.option("--lesson", default="", metavar="TEXT", help="With --close: what was learnt.")
@click.option("--to", multiple=True, metavar="WHO", help="Send it to them instead of the requester; may be repeated.")
@click.option("--cc", multiple=True, metavar="WHO", help="Someone else to send it to; may be repeated.")
@click.option("--bcc", multiple=True, metavar="WHO", help="The same, unseen by the others.")
@click.option("--to-all", is_flag=True, help="Send it to all participants too.")
@click.option("--only-requester", is_flag=True, help="Send no copies, whoever asked last or takes part.")
@click.option("--reply-to", default="", metavar="ADDRESS", help="Where the answer shall go.")
@click.option(
    "--attach",
    multiple=True,
    metavar="FILE",
    help="Attach a file; may be repeated.",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--no-attachment", is_flag=True, help="It is meant so, whatever the text says of attachments.")
@click.option("--check", "only_check", is_flag=True, help="Only tell what the reply check notices; send nothing.")
@click.option("--strict", is_flag=True, help="Send nothing that the reply check has a remark on.")
@click.option("--no-check", is_flag=True, help="Do not check the reply.")
@base_revision
@click.pass_obj
def command(
    shell: Shell,
    numbers: list[int],
    text: str | None,
    snippet: str,
    choose: bool,
    edit: bool,
    at_once: bool,
    queue: bool,
    later: str,
    as_draft: bool,
    until: str,
    stay_open: bool,
    promise: str,
    close: bool,
    cause: str,
    lesson: str,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    to_all: bool,
    only_requester: bool,
    reply_to: str,
    attach: tuple[Path, ...],
    no_attachment: bool,
    only_check: bool,
    strict: bool,
    no_check: bool,
) -> None:
    """Answer the requester.

    Your editor opens with the snippet, or the draft that is on the ticket, and with the conversation below a line; what
    stands above the line is sent. Write nothing to send nothing. It is committed to the outbox first and sent at once;
    where the server cannot be reached, `ticketctl send` tries again.

    On a terminal it leaves after 10 seconds (`outgoing: undo:` in rules.yaml); until then `undo` makes it a draft.
    --later sends it at that time (`"fredag 15"`, `tomorrow`, `2h`: as for `wait`), with the next `ticketctl send`; if
    somebody outside the team writes on the ticket in between it is held back, and `ticketctl outbox` says what to do.

    It goes to the requester, with a copy to whoever asked last if they take part (`outgoing: participants:` in
    rules.yaml: asker, all or none). --to, --cc and --bcc name others, by address or a colleague's name; to whom you
    write openly takes part from then on. Our own addresses get none.

    Where tickets of several people were merged, each requester gets a mail of their own: in their own thread, greeted
    by their own name, with a snippet in their own language. Nobody sees another's address unless you name it. Who gets
    it and who does not is told; a text in another language than theirs is not sent to them, and the ticket stays open
    as long as one of them waits.

    After the reply the ticket waits for the customer: 7 days unless --wait says otherwise (`5d` is business time,
    `calendar 5d` is not; `2026-12-01`, `"i morgon 9"` and the like are days, as for `wait`), not at all with
    --stay-open. It becomes yours if it was nobody's and you are not away.

    If a colleague is writing on the ticket, you are told before your editor opens. If the customer or a colleague wrote
    while you did, you see it before anything is sent, and send, edit, or keep a draft; without a terminal it is refused
    (exit code 5). What you wrote is never lost: when it cannot be sent it is kept as a draft, as `drafts` lists them.

    Where the text promises a date ("vi återkommer senast fredag", "within 24 hours"), you are asked whether the ticket
    shall be due then; it then stays open. Without a terminal only --promise does it.

    Several tickets are answered at once with --text or --snippet, and without the editor; each gets a reply of its own.

    Where the text speaks of an attachment ("bifogar", "attached") and there is none, you are asked before it is sent;
    without a terminal it is refused, unless --no-attachment says that it is meant so.

    Before it leaves, the reply is checked: places left to fill in, card and personal numbers, other customers' names
    and numbers, the wrong language (you are asked); no summary, no next step, no time (you are told). --strict, or
    `outgoing: {check: strict}`, refuses with exit code 5 and keeps the text as a draft. Without a terminal nobody
    is asked: a place left to fill in refuses too, everything else only where it is strict. --check tells what would be
    noticed about --text, --snippet, the draft or standard input.

    \b
    Examples:
      ticketctl reply 17
      ticketctl reply 17 --snippet mottaget --send --wait 5d
      ticketctl reply 17 --choose
      ticketctl reply 17 --check
      ticketctl reply 17 --text "Klart, tack för tipset!" --close --cause leverans
    """  # fmt: skip
    asked = addressing(
        shell.session, to=to, cc=cc, bcc=bcc, reply_to=reply_to, to_all=to_all, only_requester=only_requester
    )  # fmt: skip
    wishes = Wishes(
        number=numbers[0], text=text, snippet=snippet, at_once=at_once, edit=edit, as_draft=as_draft, until=until,
        stay_open=stay_open, close=close, cause=cause, lesson=lesson, asked=asked,
        files=_read(attach), no_attachment=no_attachment, promise=promise, later=later, queue=queue,
        check="strict" if strict else "off" if no_check else "",
    )  # fmt: skip
    if no_check and (strict or only_check):
        raise Usage("--no-check goes with neither --strict nor --check")
    if choose and (snippet or text is not None or len(numbers) > 1):
        raise Usage("--choose is for one ticket, and goes with neither --snippet nor --text")
    _check(shell, wishes)
    must_be_one(numbers)
    if len(numbers) > 1:
        if edit or (text is None and not snippet):
            raise Usage("in the editor one ticket at a time; several are answered with --text or --snippet")
        wishes = msgspec.structs.replace(wishes, unattended=True)
    if text is not None:
        wishes = msgspec.structs.replace(wishes, text=text_for(shell, text, ""), on_input=text == "-")
    if choose:
        wishes = msgspec.structs.replace(wishes, snippet=_chosen(shell, numbers[0]))
    if only_check:
        return say_all(
            shell.session, [trouble for number in numbers if (trouble := _only_check(shell, number, wishes))]
        )
    troubles: list[TicketctlError] = []
    done: list[Done] = []
    for number in numbers:
        try:
            done.append(_reply(shell, msgspec.structs.replace(wishes, number=number)))
        except (NoSuchTicket, Refused) as trouble:
            troubles.append(trouble)
    return say_all(shell.session, [*troubles, *leave(shell, wishes, done)])


def _only_check(shell: Shell, number: int, wishes: Wishes) -> TicketctlError | None:
    """Tells what the check notices; the refusal where that is strict."""
    ticket = stored_ticket(shell.session, number)
    text = prefill(shell, ticket, wishes, own_draft(shell, ticket, wishes)).strip() or text_for(shell, "-", "")
    attached = wishes.files or wishes.no_attachment
    hints = (*(() if attached else unattached(text)), *hints_for(shell.session, ticket, text))
    if shell.json:
        shell.say(as_json({"ticket": number, "hints": hint_shape(hints)}))
    else:
        shell.say("\n".join(f"#{number}: {line}" for line in told_of(hints) or ["nothing to remark"]))
    strict = wishes.check == "strict" and hints
    return Refused(f"#{number}: a strict check would refuse it") if strict else None


def _reply(shell: Shell, wishes: Wishes) -> Done:
    ticket = stored_ticket(shell.session, wishes.number)
    must_take_replies(shell.session, ticket, wishes)
    typed = "" if wishes.on_input else wishes.text or ""
    must_have_attachment(shell.session, wishes, typed)
    draft = own_draft(shell, ticket, wishes)
    warn_of_waiting(shell, ticket)
    warn_of_reply_to(shell.session, ticket, wishes.asked)
    wishes = with_wishes_of(shell.session, draft, ticket, wishes)
    wake_at_end(shell.session, wishes)  # a day that has passed since it was drafted is told before writing
    written = first_text(shell, ticket, wishes, draft)
    hints: tuple[Hint, ...] | None = None
    while True:
        at = shell.session.at(shell.session.now + timedelta(seconds=written.seconds))
        try:
            with kept_on_failure(at, wishes, written, draft):
                if written.text != typed:
                    must_have_attachment(at, wishes, written.text)
                hints = () if wishes.as_draft else checked(at, ticket, written.text, wishes.check)
                if hints is not None:
                    promising = with_promise(when_it_leaves(at, wishes.later), wishes, written.text)
                    done = replied(at, ticket, promising, written.text, draft)
                    break
        except EditAgain:
            pass
        ticket, written = rewritten(shell, wishes, written, draft)
    if written.file:
        fs.discard(written.file)
    return Done(done, bool(done.assignee) and not ticket.assignee, written.seconds, hints)


def answer(shell: Shell, number: int, snippet: str) -> None:
    """A reply in the editor that begins with `snippet`, as `reply --snippet` does it."""
    wishes = Wishes(number=number, snippet=snippet)
    _check(shell, wishes)
    say_all(shell.session, leave(shell, wishes, [_reply(shell, wishes)]))


def _chosen(shell: Shell, number: int) -> str:
    from ticketctl.terminal.choose_snippet import choose

    return choose(shell, stored_ticket(shell.session, number))


# --- before anything is written ---


def _check(shell: Shell, wishes: Wishes) -> None:
    """Whatever is wrong is told before anything is written."""
    must_go_together(wishes)
    check_cause(shell.session, wishes.cause)
    own_address(shell.session)
    wake_at_end(shell.session, wishes)
    check_promise(when_it_leaves(shell.session, wishes.later), wishes)
    act(shell.session, "reply")  # a viewer is told so before writing


def _read(paths: Sequence[Path]) -> tuple[File, ...]:
    if sum(path.stat().st_size for path in paths) > LARGEST_ATTACHMENTS:
        raise Usage(f"the attachments are larger than {LARGEST_ATTACHMENTS >> 20} MB, which mail servers refuse")
    return tuple(
        File(name=path.name, data=path.read_bytes(), type=guess_type(path.name)[0] or "application/octet-stream")
        for path in paths
    )
