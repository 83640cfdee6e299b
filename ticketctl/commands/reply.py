"""`ticketctl reply`"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
import msgspec

from ticketctl.commands.options import (
    PRESENT_FILE,
    base_revision,
    complete_causes,
    complete_snippets,
    given_together,
    numbers,
    wanted_revision,
)
from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words.reply import TEXTS
from ticketctl.terminal.reply_output import HowWritten
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.write_reply import files_at, reply_to_each
from ticketctl.usecases.reply.recipients import addressing
from ticketctl.usecases.reply.request import ReplyRequest

# What does not go together, by the names of the parameters below.
EXCLUDE = {
    "text": ("snippet",), "at_once": ("as_draft", "edit"), "queue": ("as_draft",), "later": ("as_draft", "queue"),
    "until": ("stay_open", "close"), "as_draft": ("close", "attach"), "attach": ("no_attachment",),
    "promise": ("close", "as_draft"), "only_requester": ("to", "cc", "bcc", "to_all"), "choose": ("snippet", "text"),
    "no_check": ("strict", "only_check"), "from_past": ("text", "snippet", "choose", "at_once", "only_check"),
    "suggest": (
        "text", "snippet", "choose", "from_past", "edit", "at_once", "queue", "later", "as_draft", "until", "stay_open",
        "close", "attach", "promise", "to", "cc", "bcc", "to_all", "only_requester", "only_check",
    ),
}  # fmt: skip


@click.command
@numbers
@click.option("--text", metavar="TEXT", help="The reply; `-` reads standard input. Else your editor opens.")
@click.option("--snippet", default="", shell_complete=complete_snippets, help="Begin with this snippet.")
@click.option("--choose", is_flag=True, help="Choose the snippet from a list.")
@click.option("--from-past", is_flag=True, help="Choose a past answer to a like question to begin with.")
@click.option("--suggest-draft", "suggest", is_flag=True, help="Let your own language model suggest a draft.")
@click.option("--edit", is_flag=True, help="Open the editor, with --text too.")
@click.option("--send", "at_once", is_flag=True, help="Send without opening the editor.")
@click.option("--queue", is_flag=True, help="Leave it in the outbox for the next `ticketctl send`.")
@click.option("--later", default="", metavar="TIME", help="Send it then, unless somebody writes in between.")
@click.option("--draft", "as_draft", is_flag=True, help="Keep it as a draft; nothing is sent.")
@click.option("--wait", "--until", "until", default="", metavar="TIME", help="When it comes back; else in 7 days.")
@click.option("--stay-open", is_flag=True, help="Do not wait for the customer.")
@click.option("--promise", default="", metavar="WHEN", help="What it promises; `auto` reads the text, or `none`.")
@click.option("--close", is_flag=True, help="Close the ticket with this reply.")
@click.option("--cause", default="", shell_complete=complete_causes, help="With --close: why it arose.")
@click.option("--lesson", default="", metavar="TEXT", help="With --close: what was learnt.")
@click.option("--to", multiple=True, metavar="WHO", help="Send it to them instead of the requester; may be repeated.")
@click.option("--cc", multiple=True, metavar="WHO", help="Someone else to send it to; may be repeated.")
@click.option("--bcc", multiple=True, metavar="WHO", help="The same, unseen by the others.")
@click.option("--to-all", is_flag=True, help="Send it to all participants too.")
@click.option("--only-requester", is_flag=True, help="Send no copies, whoever asked last or takes part.")
@click.option("--via", help="Answer the visitor of a chat there, or by mail.", type=click.Choice(["mail", "chat"]))
@click.option("--reply-to", default="", metavar="ADDRESS", help="Where the answer shall go.")
@click.option("--attach", multiple=True, metavar="FILE", type=PRESENT_FILE, help="Attach a file; may be repeated.")
@click.option("--no-attachment", is_flag=True, help="Send it without one, whatever the text says of attachments.")
@click.option("--check", "only_check", is_flag=True, help="Only show what the reply check notices; send nothing.")
@click.option("--strict", is_flag=True, help="Send nothing that the reply check has a remark on.")
@click.option("--no-check", is_flag=True, help="Do not check the reply.")
@base_revision
@click.pass_obj
def command(
    shell: Shell, numbers: list[int], text: str | None, snippet: str, choose: bool, from_past: bool, suggest: bool,
    edit: bool, at_once: bool, queue: bool, later: str, as_draft: bool, until: str, stay_open: bool, promise: str,
    close: bool, cause: str, lesson: str, to: tuple[str, ...], cc: tuple[str, ...], bcc: tuple[str, ...],
    to_all: bool, only_requester: bool, via: Literal["mail", "chat"] | None, reply_to: str, attach: tuple[Path, ...],
    no_attachment: bool, only_check: bool, strict: bool, no_check: bool,
) -> None:  # fmt: skip
    """Answer the requester.

    Your editor opens with the snippet, or the draft on the ticket, and with the conversation below a line; what is
    above the line is sent. An empty text sends nothing. The reply is committed to the outbox first and sent at
    once; if the server cannot be reached, `ticketctl send` tries again.

    --from-past lists the three past answers to the most similar questions, without names and numbers, and asks which
    one to start with; without a terminal it only lists them. --suggest-draft saves a draft that the language model of
    `assistant:` in rules.yaml writes from these three (docs/answers.md); nothing is sent.

    On a terminal it is sent after 10 seconds (`outgoing: undo:` in rules.yaml); until then `undo` makes it a
    draft. --later sends it at that time (`"fredag 15"`, `tomorrow`, `2h`: as for `wait`), with the next `ticketctl
    send`. If somebody outside the team writes on the ticket before that, it is held back, and `ticketctl outbox`
    shows what to do.

    It goes to the requester, with a copy to the participant who wrote last (`outgoing: participants:` in
    rules.yaml: asker, all or none). --to, --cc and --bcc name others, by address or a colleague's name; recipients
    of --to and --cc become participants. Our own addresses are left out.

    If tickets of several people were merged, each requester gets a mail of their own: in their own thread, with
    their own name, and a snippet in their own language. Nobody sees another's address unless you name it. You are
    told who gets it and who does not; a text in another language than theirs is not sent to them, and the ticket
    stays open while one of them waits.

    The visitor of a chat reads the reply on your site as soon as it is stored. If they have left and named an
    address, they get it by mail, with what was said before; --via says which.

    After the reply the ticket waits for the customer: 7 days unless --wait says otherwise (`5d` is business time,
    `calendar 5d` is not; or a day as for `wait`), or not at all with --stay-open. It becomes yours if it was
    unassigned and you are not away.

    You are told if a colleague is writing on the ticket, and you see what the customer or a colleague wrote
    meanwhile before anything is sent: then send, edit, or keep a draft; without a terminal it is refused (exit
    code 5). Your text is never lost: if it cannot be sent it is kept as a draft (`drafts` lists them).

    If the text promises a date ("vi återkommer senast fredag", "within 24 hours"), you are asked whether the
    ticket is due then; it then stays open. Without a terminal use --promise.

    Several tickets can be answered at once with --text or --snippet; each gets a reply of its own. Before it is sent,
    it is checked: for a missing attachment, placeholders, card and personal numbers, other customers' names and
    numbers and the wrong language you are asked; a missing summary, next step or time is only mentioned. --strict, or
    `outgoing: {check: strict}`, refuses with exit code 5; so do a missing attachment and a placeholder without a
    terminal.

    \b
    Examples:
      ticketctl reply 17
      ticketctl reply 17 --snippet mottaget --send --wait 5d
      ticketctl reply 17 --from-past
      ticketctl reply 17 --text "Klart, tack för tipset!" --close --cause leverans
    """  # fmt: skip
    say = say_in(shell.language, TEXTS)
    for one, other in given_together(EXCLUDE):
        raise Usage(say("together", one=one, other=other))
    if (cause or lesson) and not close:
        raise Usage(say("close_only"))
    asked = addressing(
        shell.session, to=to, cc=cc, bcc=bcc, reply_to=reply_to, to_all=to_all, only_requester=only_requester,
    )  # fmt: skip
    request = ReplyRequest(
        ticket=numbers[0], snippet=snippet, files=files_at(shell, attach), wait=until, stay_open=stay_open, close=close,
        cause=cause, lesson=lesson, later=later, promise=promise, revision=wanted_revision(),
        asked=msgspec.structs.replace(asked, via=via or ""), check="strict" if strict else "off" if no_check else "",
        accept=frozenset(["attachment_missing"] if no_attachment else []),
    )  # fmt: skip
    how = HowWritten(
        text=text, edit=edit, at_once=at_once, several=len(numbers) > 1, as_draft=as_draft, queue=queue,
        later=bool(later), choose=choose, only_check=only_check, from_past=from_past, suggest=suggest,
    )  # fmt: skip
    reply_to_each(shell, numbers, request, how)
