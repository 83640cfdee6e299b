"""`triage --interactive`: shows a ticket, asks what to do with it, does it, goes on. The desk is locked for none of it
but the moment in which an answer is saved."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial

import click

from ticketctl.content.terminal import line, safe
from ticketctl.content.times import age, zone
from ticketctl.domain.reply.showing import shown_texts
from ticketctl.domain.ticket.ticket import PRIORITIES, Ticket
from ticketctl.errors import TicketctlError, Usage
from ticketctl.present.words import assign as assign_words
from ticketctl.present.words import close as close_words
from ticketctl.present.words import label as label_words
from ticketctl.present.words import merge as merge_words
from ticketctl.present.words import priority as priority_words
from ticketctl.present.words import say_in
from ticketctl.present.words import set_fields as set_words
from ticketctl.present.words import spam as spam_words
from ticketctl.present.words import undo as undo_words
from ticketctl.present.words import wait as wait_words
from ticketctl.present.words.errors import error_line
from ticketctl.present.words.triage import TEXTS
from ticketctl.terminal.choices import ask_about_old, ask_what_it_lacks
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import WORDS, available
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.results import Batch, C, Done
from ticketctl.usecases.tickets.assign import Assign, assign
from ticketctl.usecases.tickets.close import Close, MarkSpam, close, mark_spam
from ticketctl.usecases.tickets.label import Label, label
from ticketctl.usecases.tickets.merge import Merge, merge
from ticketctl.usecases.tickets.priority import Prioritise, prioritise
from ticketctl.usecases.tickets.set_fields import SetFields, fields_and_subject, set_fields
from ticketctl.usecases.tickets.undo import Undo, undo
from ticketctl.usecases.tickets.wait import Wait, wait

SHOWN_LINES = 8


def _say(shell: Shell, key: str, **facts: object) -> str:
    return say_in(shell.language, TEXTS)(key, **facts)


class _Next(Exception):
    """On to the next ticket."""


class _Back(Exception):
    """To the ticket before."""


class _Quit(Exception):
    """Enough for now."""


def go_through(shell: Shell, numbers: Sequence[int]) -> None:
    """Asks about each ticket until the person goes on to the next or quits."""
    if not numbers:
        shell.say(_say(shell, "no_new"))
        return
    try:
        at = 0
        while at < len(numbers):
            try:
                _one(shell, numbers[at], _say(shell, "place", at=at + 1, count=len(numbers)))
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
        shell.say(_say(shell, "last"))


def _one(shell: Shell, number: int, place: str) -> None:
    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    note_reading(shell.session, "triage", ticket)
    shell.say(f"\n{_short(shell, ticket, place)}\n")
    try:
        while True:
            letter = click.prompt(_say(shell, "question"), default="n", show_default=False).strip()[:1].lower()
            answer = _ANSWERS.get(letter)
            if answer is None:
                shell.say(_say(shell, "one_letter"))
                continue
            try:
                answer(shell, number)
            except ValueError as trouble:  # an open quotation mark
                shell.warn(str(trouble))
            except TicketctlError as trouble:  # a mistyped name is asked again, not the end of it all
                shell.warn(error_line(trouble, shell.language))
    except _Next:
        return


def _short(shell: Shell, ticket: Ticket, place: str) -> str:
    facts = [
        ticket.status,
        ticket.priority,
        ticket.assignee or _say(shell, "unassigned"),
        _say(shell, "old", age=age(ticket.opened_at, shell.session.now)),
    ]
    head = f"#{ticket.number}  {line(ticket.subject) or _say(shell, 'no_subject')}  ({place})"
    who = f"{line(str(ticket.requester))} · {' · '.join([*facts, *ticket.labels])}"
    text = next(iter(shown_texts(ticket.messages[:1]).values()), "").strip().splitlines()
    shown = [f"  {safe(one)}" for one in text[:SHOWN_LINES]]
    rest = len(text) - SHOWN_LINES
    more = [f"  {_say(shell, 'one_more_line' if rest == 1 else 'more_lines', count=rest)}"] if rest > 0 else []
    return "\n".join([head, who, *shown, *more])


def _printed(shell: Shell, batch: Batch[C], line_of: Callable[[Done[C], str], str]) -> bool:
    """Says what became of the ticket; whether it was done."""
    try:
        print_batch(shell, batch, line_of)
    except click.exceptions.Exit:
        return False
    return True


def _assign(shell: Shell, number: int) -> None:
    wanted = click.prompt(_say(shell, "to_whom", names=", ".join([*available(shell.session), *WORDS]))).strip()
    _printed(shell, assign(shell.session, Assign(tickets=(number,), to=wanted)), assign_words.line)


def _priority(shell: Shell, number: int) -> None:
    wanted = click.prompt(_say(shell, "priority")).strip().lower()
    chosen = next((one for one in PRIORITIES if wanted and one.startswith(wanted)), None)
    if chosen is None:
        raise Usage(_say(shell, "no_priority", word=wanted))
    request = Prioritise(tickets=(number,), priority=chosen)
    _printed(shell, prioritise(shell.session, request), priority_words.line)


def _label(shell: Shell, number: int) -> None:
    known = f" ({', '.join(shell.session.config.labels)})" if shell.session.config.labels else ""
    labels = tuple(click.prompt(_say(shell, "labels", known=known)).replace(",", " ").split())
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
    from ticketctl.terminal.editor import conversation

    with shell.session.store.reading() as desk:
        ticket = desk.get(number)
    for one in conversation(shell, [one for one in ticket.messages if one.kind != "automatic"]):
        shell.say(one)


def _spam(shell: Shell, number: int) -> None:
    if _printed(shell, mark_spam(shell.session, MarkSpam(tickets=(number,))), spam_words.line):
        raise _Next


def _close(shell: Shell, number: int) -> None:
    """Asks for cause and missing fields as `close` does; the next ticket comes when it is closed."""
    request = Close(tickets=(number,))
    if answers(shell):
        request = ask_what_it_lacks(shell, request)
    if _printed(shell, close(shell.session, request), close_words.line):
        raise _Next


def _wait(shell: Shell, number: int) -> None:
    until = " ".join(click.prompt(_say(shell, "until")).split())
    done = wait(shell.session, Wait(tickets=(number,), until="" if until == "no" else until))
    if _printed(shell, done, wait_words.line):
        raise _Next


def _set(shell: Shell, number: int) -> None:
    known = f" ({', '.join(shell.session.config.fields)})" if shell.session.config.fields else ""
    fields, subject = fields_and_subject(
        shell.session.config, shlex.split(click.prompt(_say(shell, "fields", known=known)))
    )
    request = SetFields(tickets=(number,), fields=fields, subject=subject)
    _printed(shell, set_fields(shell.session, request), set_words.line)


def _merge(shell: Shell, number: int) -> None:
    into = click.prompt(_say(shell, "into")).strip().lstrip("#")
    if not into.isdecimal():
        raise Usage(_say(shell, "no_number", word=into))
    if _printed(shell, merge(shell.session, Merge(tickets=(number,), into=int(into))), merge_words.line):
        raise _Next


def _undo(shell: Shell, number: int) -> None:
    request = ask_about_old(shell, Undo(tickets=(number,)))
    line = partial(undo_words.line, zone=zone(shell.session.config.timezone))
    _printed(shell, undo(shell.session, request), line)


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
