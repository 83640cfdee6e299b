"""`ticketctl reply`"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import click
import msgspec

from ticketctl.commands.options import base_revision, complete_causes, complete_snippets, numbers, wanted_revision
from ticketctl.content.terminal import as_json
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.channels_draft import File
from ticketctl.terminal.changes import must_be_one, say_all
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.reply_output import Committed, HowWritten, leave
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.write_reply import write_reply
from ticketctl.usecases.reply.check import check, told_of
from ticketctl.usecases.reply.check import shape as hint_shape
from ticketctl.usecases.reply.recipients import addressing
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.start import check_request, text_to_check
from ticketctl.usecases.tickets.change import stored_ticket

LARGEST_ATTACHMENTS = 20 * 1024 * 1024
# What does not go together, by the names of the parameters below.
EXCLUDE = (
    ("text", "snippet"),
    ("at_once", "as_draft"),
    ("at_once", "edit"),
    ("queue", "as_draft"),
    ("later", "as_draft"),
    ("later", "queue"),
    ("until", "stay_open"),
    ("until", "close"),
    ("as_draft", "close"),
    ("as_draft", "attach"),
    ("attach", "no_attachment"),
    ("promise", "close"),
    ("promise", "as_draft"),
)
NAMES = {
    "stay_open": "stay-open",
    "at_once": "send",
    "as_draft": "draft",
    "until": "wait",
    "no_attachment": "no-attachment",
}


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
    _must_go_together(click.get_current_context().params)
    request = ReplyRequest(
        ticket=numbers[0],
        snippet=snippet,
        asked=addressing(
            shell.session, to=to, cc=cc, bcc=bcc, reply_to=reply_to, to_all=to_all, only_requester=only_requester
        ),
        files=_read(attach),
        wait=until,
        stay_open=stay_open,
        close=close,
        cause=cause,
        lesson=lesson,
        later=later,
        promise=promise,
        check="strict" if strict else "off" if no_check else "",
        accept=frozenset(["attachment_missing"] if no_attachment else []),
        revision=wanted_revision(),
    )
    how = HowWritten(
        given=text is not None,
        on_input=text == "-",
        edit=edit,
        at_once=at_once,
        several=len(numbers) > 1,
        as_draft=as_draft,
        queue=queue,
        later=bool(later),
    )
    check_request(shell.session, request)
    must_be_one(numbers)
    if how.several and (edit or (text is None and not snippet)):
        raise Usage("in the editor one ticket at a time; several are answered with --text or --snippet")
    if text is not None:
        request = msgspec.structs.replace(request, text=text_for(shell, text, ""))
    if choose:
        request = msgspec.structs.replace(request, snippet=_chosen(shell, numbers[0]))
    each = [msgspec.structs.replace(request, ticket=number) for number in numbers]
    if only_check:
        return say_all(shell.session, [trouble for one in each if (trouble := _only_check(shell, one))])
    troubles: list[TicketctlError] = []
    done: list[Committed] = []
    for one in each:
        try:
            done.append(write_reply(shell, one, how))
        except (NoSuchTicket, Refused) as trouble:
            troubles.append(trouble)
    return say_all(shell.session, [*troubles, *leave(shell, how, done)])


def _only_check(shell: Shell, request: ReplyRequest) -> TicketctlError | None:
    """Tells what the check notices; the refusal where that is strict."""
    number = request.ticket
    text = text_to_check(shell.session, request) or text_for(shell, "-", "")
    attached = bool(request.files) or "attachment_missing" in request.accept
    hints = check(shell.session, number, text, attached=attached)
    if shell.json:
        shell.say(as_json({"ticket": number, "hints": hint_shape(hints)}))
    else:
        shell.say("\n".join(f"#{number}: {line}" for line in told_of(hints) or ["nothing to remark"]))
    strict = request.check == "strict" and hints
    return Refused(f"#{number}: a strict check would refuse it") if strict else None


def _chosen(shell: Shell, number: int) -> str:
    from ticketctl.terminal.choose_snippet import choose

    return choose(shell, stored_ticket(shell.session, number))


def _must_go_together(given: Mapping[str, Any]) -> None:
    """Raises Usage for options that exclude each other."""
    if given["only_requester"] and any(given[name] for name in ("to", "cc", "bcc", "to_all")):
        raise Usage("--only-requester sends it to nobody else; leave out --to, --cc, --bcc and --to-all")
    if given["no_check"] and (given["strict"] or given["only_check"]):
        raise Usage("--no-check goes with neither --strict nor --check")
    if given["choose"] and (given["snippet"] or given["text"] is not None or len(given["numbers"]) > 1):
        raise Usage("--choose is for one ticket, and goes with neither --snippet nor --text")
    for one, other in EXCLUDE:
        if _is_given(given[one]) and _is_given(given[other]):
            raise Usage(f"--{NAMES.get(one, one)} and --{NAMES.get(other, other)} do not go together")
    if (given["cause"] or given["lesson"]) and not given["close"]:
        raise Usage("--cause and --lesson are for --close")


def _is_given(value: object) -> bool:
    return value not in (None, "", False, ())


def _read(paths: Sequence[Path]) -> tuple[File, ...]:
    if sum(path.stat().st_size for path in paths) > LARGEST_ATTACHMENTS:
        raise Usage(f"the attachments are larger than {LARGEST_ATTACHMENTS >> 20} MB, which mail servers refuse")
    return tuple(
        File(name=path.name, data=path.read_bytes(), type=guess_type(path.name)[0] or "application/octet-stream")
        for path in paths
    )
