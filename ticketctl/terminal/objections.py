"""Asks whoever sits at the terminal about what stands in the way of a change, and tries again with what they accept.
Without a terminal an objection is a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click
import msgspec

from ticketctl.content.terminal import safe
from ticketctl.errors import Refused
from ticketctl.terminal.editor_reminder import told
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.results import Objected, Objection, ObjectionCode
from ticketctl.usecases.tickets.change import stored_ticket

T = TypeVar("T")
CHECK: tuple[ObjectionCode, ...] = ("not_filled_in", "check_warning")  # one question


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
    found = one.facts["found"]
    if not click.confirm(safe(f"{found[0].upper()}{found[1:]}. Send it all the same?")):
        raise Refused("nothing was sent; `--attach FILE` attaches something")
    return accepting(request, one.code)


def _check(shell: Shell, request: ReplyRequest, one: Objection, _all: Objected) -> ReplyRequest:
    for hint in one.facts["hints"].split("\n"):
        shell.warn(hint)
    answer = click.prompt("Send it all the same? [y]es, [e]dit, [N]o", default="n", show_default=False, err=True)
    letter = answer.strip()[:1].lower()
    if letter == "e":
        raise EditAgain
    if letter not in ("y", "j"):  # j: ja
        raise Refused("nothing was sent")
    return accepting(request, *CHECK)


def _promise(shell: Shell, request: ReplyRequest, one: Objection, _all: Objected) -> ReplyRequest:
    if click.confirm(safe(f"promise: {one.facts['when']} (“{one.facts['sentence']}”)?"), default=True):
        return accepting(request, one.code)
    return msgspec.structs.replace(request, promise="none")


def _meanwhile(shell: Shell, request: ReplyRequest, one: Objection, everything: Objected) -> ReplyRequest:
    """Accepted is what was shown, and not what may come after it."""
    keys = one.facts["messages"].split()
    ticket = stored_ticket(shell.session, one.ticket)
    for line in told(shell.session, [message for message in ticket.messages if message.key in keys]):
        shell.say(line)
    choice = click.prompt(
        "\nThis came meanwhile. Send yours as it is (s), edit it (e), or keep it as a draft (d)?",
        type=click.Choice(["s", "e", "d"]),
        show_choices=False,
        prompt_suffix=" ",
    )
    if choice == "d":
        raise everything
    if choice == "e":
        raise EditAgain
    return msgspec.structs.replace(request, seen=(request.seen or frozenset()).union(keys))


def _someone(shell: Shell, request: ReplyRequest, one: Objection, everything: Objected) -> ReplyRequest:
    """Each of them is asked about, and the last yes is for all."""
    if not click.confirm(f"{one.text}. Write all the same?"):
        raise Refused(f"nothing was sent; `ticketctl show {one.ticket}` tells when the other is done")
    return accepting(request, one.code) if one is everything.objections[-1] else request


_QUESTIONS: dict[ObjectionCode, Callable[[Shell, ReplyRequest, Objection, Objected], ReplyRequest]] = {
    "attachment_missing": _attachment,
    "not_filled_in": _check,
    "check_warning": _check,
    "promise_found": _promise,
    "wrote_meanwhile": _meanwhile,
    "someone_writing": _someone,
}
