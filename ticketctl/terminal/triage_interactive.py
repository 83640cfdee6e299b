"""`triage --interactive`: shows a ticket, asks what to do with it, does it, goes on. The desk is locked for none of it
but the moment in which an answer is saved."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import click

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import age
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.ticket import PRIORITIES, Ticket
from ticketctl.errors import TicketctlError, Usage
from ticketctl.present.words import assign as assign_words
from ticketctl.present.words import label as label_words
from ticketctl.present.words import priority as priority_words
from ticketctl.present.words import set_fields as set_words
from ticketctl.present.words import spam as spam_words
from ticketctl.present.words import wait as wait_words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import WORDS, available, note_reading
from ticketctl.usecases.results import Batch, C, Done
from ticketctl.usecases.tickets.assign import Assign, assign
from ticketctl.usecases.tickets.label import Label, label
from ticketctl.usecases.tickets.priority import Prioritise, prioritise
from ticketctl.usecases.tickets.set_fields import SetFields, fields_and_subject, set_fields
from ticketctl.usecases.tickets.spam import MarkSpam, mark_spam
from ticketctl.usecases.tickets.wait import Wait, wait

QUESTION = (
    "[a]ssign  [p]riority  [l]abel  se[t]  [r]eply  [w]ait  [c]lose  mer[g]e  [s]pam\n"
    "[m]ore  [u]ndo  [b]ack  [n]ext  [q]uit"
)
SHOWN_LINES = 8


class _Next(Exception):
    """On to the next ticket."""


class _Back(Exception):
    """To the ticket before."""


class _Quit(Exception):
    """Enough for now."""


def go_through(shell: Shell, numbers: list[int]) -> None:
    """Asks about each ticket until the person goes on to the next or quits."""
    if not numbers:
        shell.say("no new tickets")
        return
    try:
        at = 0
        while at < len(numbers):
            try:
                _one(shell, numbers[at], f"{at + 1} of {len(numbers)}")
                at += 1
            except _Back:
                at = max(0, at - 1)
    except _Quit:
        pass
    except click.Abort as end:
        if not isinstance(end.__context__, EOFError):  # Ctrl-C
            raise
        shell.say("")  # the end of the input, or Ctrl-D
    else:
        shell.say("that was the last one; `ticketctl list --mine` shows yours")


def _one(shell: Shell, number: int, place: str) -> None:
    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    shell.say(f"\n{_short(shell, ticket, place)}\n")
    try:
        while True:
            letter = click.prompt(QUESTION, default="n", show_default=False).strip()[:1].lower()
            answer = _ANSWERS.get(letter)
            if answer is None:
                shell.say("one of the letters in brackets, please; Enter goes on to the next")
                continue
            try:
                answer(shell, number)
            except ValueError as trouble:  # an open quotation mark
                shell.warn(str(trouble))
            except TicketctlError as trouble:  # a mistyped name is asked again, not the end of it all
                shell.warn(str(trouble))
    except _Next:
        return


def _short(shell: Shell, ticket: Ticket, place: str) -> str:
    facts = [
        ticket.status,
        ticket.priority,
        ticket.assignee or "unassigned",
        f"{age(ticket.opened_at, shell.session.now)} old",
    ]
    head = f"#{ticket.number}  {line(ticket.subject) or '(no subject)'}  ({place})"
    who = f"{line(str(ticket.requester))} · {' · '.join([*facts, *ticket.labels])}"
    text = next(iter(shown_texts(ticket.messages[:1]).values()), "").strip().splitlines()
    shown = [f"  {safe(one)}" for one in text[:SHOWN_LINES]]
    more = [f"  … {len(text) - SHOWN_LINES} more lines"] if len(text) > SHOWN_LINES else []
    return "\n".join([head, who, *shown, *more])


def _printed(shell: Shell, batch: Batch[C], line_of: Callable[[Done[C], str], str]) -> bool:
    """Says what became of the ticket; whether it was done."""
    try:
        print_batch(shell, batch, line_of)
    except click.exceptions.Exit:
        return False
    return True


def _assign(shell: Shell, number: int) -> None:
    wanted = click.prompt(f"To whom ({', '.join(available(shell.session))}, {', '.join(WORDS)})").strip()
    _printed(shell, assign(shell.session, Assign(tickets=(number,), to=wanted)), assign_words.line)


def _priority(shell: Shell, number: int) -> None:
    wanted = click.prompt("Priority (high, medium, low)").strip().lower()
    chosen = next((one for one in PRIORITIES if wanted and one.startswith(wanted)), None)
    if chosen is None:
        raise Usage(f"{wanted!r} is no priority; write high, medium or low")
    request = Prioritise(tickets=(number,), priority=chosen)
    _printed(shell, prioritise(shell.session, request), priority_words.line)


def _label(shell: Shell, number: int) -> None:
    known = f" ({', '.join(shell.session.config.labels)})" if shell.session.config.labels else ""
    labels = tuple(click.prompt(f"Labels{known}").replace(",", " ").split())
    _printed(shell, label(shell.session, Label(tickets=(number,), add=labels)), label_words.line)


def _reply(shell: Shell, number: int) -> None:
    """A snippet, or none, opens in the editor; the next ticket comes when the reply has left."""
    from ticketctl.terminal.choose_snippet import choose
    from ticketctl.terminal.write_reply import answer

    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    answer(shell, number, choose(shell, ticket))
    raise _Next


def _more(shell: Shell, number: int) -> None:
    """The whole conversation, without what rules sent."""
    from ticketctl.terminal.editor_reminder import told

    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    note_reading(shell.session, "triage", number)
    for one in told(shell.session, [one for one in ticket.messages if one.kind != "automatic"]):
        shell.say(one)


def _spam(shell: Shell, number: int) -> None:
    if _printed(shell, mark_spam(shell.session, MarkSpam(tickets=(number,))), spam_words.line):
        raise _Next


def _close(shell: Shell, number: int) -> None:
    """Asks for cause and missing fields as `close` does; the next ticket comes when it is closed."""
    from ticketctl.commands.close import command

    if _carried_out(command, numbers=[number]):
        raise _Next


def _wait(shell: Shell, number: int) -> None:
    until = " ".join(click.prompt("Until when (3d, fredag, 3 december, vecka 50)").split())
    done = wait(shell.session, Wait(tickets=(number,), until="" if until == "no" else until))
    if _printed(shell, done, wait_words.line):
        raise _Next


def _set(shell: Shell, number: int) -> None:
    known = f" ({', '.join(shell.session.config.fields)})" if shell.session.config.fields else ""
    fields, subject = fields_and_subject(shell.session.config, shlex.split(click.prompt(f"FIELD=VALUE{known}")))
    request = SetFields(tickets=(number,), fields=fields, subject=subject)
    _printed(shell, set_fields(shell.session, request), set_words.line)


def _merge(shell: Shell, number: int) -> None:
    from ticketctl.commands.merge import command

    into = click.prompt("Into which ticket").strip().lstrip("#")
    if not into.isdecimal():
        raise Usage(f"{into!r} is no number of a ticket")
    if _carried_out(command, numbers=[number], into=int(into)):
        raise _Next


def _undo(shell: Shell, number: int) -> None:
    from ticketctl.commands.undo import command

    _carried_out(command, numbers=[number])


def _carried_out(command: click.Command, **given: object) -> bool:
    """Whether the command did it all; it has told what it did not."""
    try:
        click.get_current_context().invoke(command, **given)
    except click.exceptions.Exit:
        return False
    return True


def _back(shell: Shell, number: int) -> None:
    raise _Back


def _next(shell: Shell, number: int) -> None:
    raise _Next


def _quit(shell: Shell, number: int) -> None:
    raise _Quit


_ANSWERS: dict[str, Callable[[Shell, int], None]] = {
    "a": _assign,
    "p": _priority,
    "l": _label,
    "r": _reply,
    "m": _more,
    "t": _set,
    "w": _wait,
    "c": _close,
    "g": _merge,
    "u": _undo,
    "b": _back,
    "s": _spam,
    "n": _next,
    "k": _next,
    "q": _quit,
}
