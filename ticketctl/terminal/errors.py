"""Errors as the shell says them: the sentence, and the command that is the next step."""

from __future__ import annotations

from ticketctl.errors import NextStep, TicketctlError


def error_line(error: TicketctlError) -> str:
    """The sentence, followed by what to type where there is a next step."""
    return f"{error}; {step_words(error.next_step)}" if error.next_step else str(error)


def step_words(step: NextStep) -> str:
    """ "`ticketctl reopen 17` first" """
    words = ["ticketctl", step.verb, *([str(step.ticket)] if step.ticket else []), *([step.more] if step.more else [])]
    return " ".join([f"`{' '.join(words)}`", *([step.then] if step.then else [])])
