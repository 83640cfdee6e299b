"""Asks whoever sits at the terminal about what stands in the way of a change, and tries again with what they accept.
Without a terminal an objection is a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click
import msgspec

from ticketctl.content.terminal import safe
from ticketctl.errors import Refused
from ticketctl.present.words import say_in
from ticketctl.present.words.objections import TEXTS, said_facts
from ticketctl.present.words.reply_check import hint_lines
from ticketctl.terminal.editor import conversation
from ticketctl.terminal.input_text import answers, confirm
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.results import Objected, Objection, ObjectionCode
from ticketctl.usecases.tickets.change import stored_ticket

T = TypeVar("T")
MEANWHILE = ("s", "e", "r", "d", "u")  # send, edit (redigera), draft (utkast); skicka
CHECK: tuple[ObjectionCode, ...] = ("not_filled_in", "holds_sensitive", "check_warning")  # one question


class EditAgain(Exception):
    """The writer wants to go on writing."""


def asking(shell: Shell, request: ReplyRequest, use_case: Callable[[ReplyRequest], T]) -> T:
    """What the use case makes of the request, once nothing stands in its way. Raises Objected or Refused where it
    shall not be done, EditAgain."""
    while True:
        try:
            return use_case(request)
        except Objected as objected:
            if not answers(shell):
                raise
            for one in objected.objections:
                if one.code not in request.accept:
                    request = _QUESTIONS[one.code](shell, request, one, objected)


def accepting(request: ReplyRequest, *codes: ObjectionCode) -> ReplyRequest:
    return msgspec.structs.replace(request, accept=request.accept.union(codes))


def _attachment(shell: Shell, request: ReplyRequest, one: Objection, _all: Objected) -> ReplyRequest:
    if not confirm(_asked(shell, "ask_attachment", one), shell.language):
        raise Refused(_asked(shell, "attach", one))
    return accepting(request, one.code)


def _check(shell: Shell, request: ReplyRequest, one: Objection, _all: Objected) -> ReplyRequest:
    for line in hint_lines(one.facts["hints"], shell.language):
        shell.warn(line)
    answer = click.prompt(_asked(shell, "ask_check", one), default="n", show_default=False, err=True)
    letter = answer.strip()[:1].lower()
    if letter in ("e", "r"):  # r: redigera
        raise EditAgain
    if letter not in ("y", "j"):  # j: ja
        raise Refused(_asked(shell, "not_sent", one))
    return accepting(request, *CHECK)


def _strictly(shell: Shell, request: ReplyRequest, one: Objection, everything: Objected) -> ReplyRequest:
    """The desk, or whoever called, wanted no question."""
    raise everything


def _promise(shell: Shell, request: ReplyRequest, one: Objection, _all: Objected) -> ReplyRequest:
    if confirm(_asked(shell, "ask_promise", one), shell.language, default=True):
        return accepting(request, one.code)
    return msgspec.structs.replace(request, promise="none")


def _meanwhile(shell: Shell, request: ReplyRequest, one: Objection, everything: Objected) -> ReplyRequest:
    """Accepted is what was shown, and not what may come after it."""
    keys = one.facts["messages"].split()
    ticket = stored_ticket(shell.session, one.ticket)
    for line in conversation(shell, [message for message in ticket.messages if message.key in keys]):
        shell.say(line)
    choice = ""
    while choice not in MEANWHILE:
        choice = click.prompt(_asked(shell, "ask_meanwhile", one), prompt_suffix=" ").strip().lower()
    if choice in ("d", "u"):
        raise everything
    if choice in ("e", "r"):
        raise EditAgain
    return msgspec.structs.replace(request, seen=(request.seen or frozenset()).union(keys))


def _someone(shell: Shell, request: ReplyRequest, one: Objection, everything: Objected) -> ReplyRequest:
    """Each of them is asked about, and the last yes is for all."""
    if not confirm(_asked(shell, "ask_writing", one), shell.language):
        raise Refused(_asked(shell, "when_done", one))
    return accepting(request, one.code) if one is everything.objections[-1] else request


def _asked(shell: Shell, key: str, one: Objection) -> str:
    return safe(say_in(shell.language, TEXTS)(key, **said_facts(one, shell.language)))


_QUESTIONS: dict[ObjectionCode, Callable[[Shell, ReplyRequest, Objection, Objected], ReplyRequest]] = {
    "attachment_missing": _attachment,
    "not_filled_in": _check,
    "holds_sensitive": _check,
    "check_warning": _check,
    "checked_strictly": _strictly,
    "promise_found": _promise,
    "wrote_meanwhile": _meanwhile,
    "someone_writing": _someone,
}
