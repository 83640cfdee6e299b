"""Errors as the shell says them: the sentence, and the command or option that is the next step."""

from __future__ import annotations

from ticketctl.errors import NextStep, TicketctlError
from ticketctl.usecases.results import Objected

# By the code of an error or objection: the options that take it out of the way.
OPTIONS = {
    "attachment_missing": ": `--attach FILE` attaches something, `--no-attachment` means it so",
    "not_filled_in": ", or `--no-check` means it so",
    "check_warning": "; `--no-check` means it so",
    "checked_strictly": "; `--no-check` means it so",
    "wrote_meanwhile": "; `ticketctl show {number}`, then reply again",
}


def error_line(error: TicketctlError) -> str:
    """The sentence, followed by what to type where there is a next step."""
    if isinstance(error, Objected):
        said = [one.text + OPTIONS.get(one.code, "").format(number=one.ticket) for one in error.objections]
        return "\n".join(said)
    if error.next_step:
        return f"{error}; {step_words(error.next_step)}"
    return f"{error}{OPTIONS.get(error.code, '')}"


def step_words(step: NextStep) -> str:
    """ "`ticketctl reopen 17` first" """
    words = ["ticketctl", step.verb, *([str(step.ticket)] if step.ticket else []), *([step.more] if step.more else [])]
    return " ".join([f"`{' '.join(words)}`", *([step.then] if step.then else [])])
