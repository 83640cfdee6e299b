"""Questions of verbs to a person at the terminal, before the use case is called."""

from __future__ import annotations

import click
import msgspec

from ticketctl.content.terminal import safe
from ticketctl.content.times import zone
from ticketctl.errors import Refused
from ticketctl.present.words import Say, say_in
from ticketctl.present.words import close as close_words
from ticketctl.present.words import undo as undo_words
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.close import Close, lacks
from ticketctl.usecases.tickets.undo import Undo, old_commands


def choose_one(say: Say, what: str, values: tuple[str, ...]) -> str:
    """One of `values` by its number or its name; "" when passed over with Enter. `say` has "skip" and "choose"."""
    for at, value in enumerate(values, 1):
        click.echo(safe(f"  {at}  {value}"))
    numbered = {str(at): value for at, value in enumerate(values, 1)}
    while True:
        answer = click.prompt(say("skip", what=what), default="", show_default=False).strip()
        if answer in ("", *numbered, *values):
            return numbered.get(answer, answer)
        click.echo(safe(say("choose", count=len(values))))


def ask_what_it_lacks(shell: Shell, request: Close) -> Close:
    """With the cause and the fields that the tickets still need, as far as the person says."""
    missing = lacks(shell.session, request)
    say = say_in(shell.language, close_words.TEXTS)
    fields = {spec.name: choose_one(say, spec.name, spec.values) for spec in missing.fields}
    cause = choose_one(say, say("which_cause"), missing.causes) if missing.causes else ""
    return msgspec.structs.replace(request, asked_cause=cause, filled={k: v for k, v in fields.items() if v})


def ask_about_old(shell: Shell, request: Undo) -> Undo:
    """Raises Refused where something is older than a day and is not to be taken back."""
    old, say = old_commands(shell.session, request), say_in(shell.language, undo_words.TEXTS)
    if not old:
        return request
    commands = undo_words.old_line(old, shell.language, zone(shell.session.config.timezone))
    if not click.confirm(safe(say("take_back", commands=commands))):
        raise Refused(say("no"))
    return msgspec.structs.replace(request, old=True)
