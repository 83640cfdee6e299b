"""Asking a person to choose one of several values."""

from __future__ import annotations

import click

from ticketctl.content.terminal import safe
from ticketctl.present.words import Say


def choose_one(say: Say, what: str, values: tuple[str, ...]) -> str:
    """One of `values` by its number or its name; "" when passed over with Enter. `say` has "skip" and "choose"."""
    for at, value in enumerate(values, 1):
        click.echo(safe(f"  {at}  {value}"))
    numbered = {str(at): value for at, value in enumerate(values, 1)}

    def chosen(answer: str) -> str:
        if answer and answer not in (*numbered, *values):
            raise click.BadParameter(say("choose", count=len(values)))
        return numbered.get(answer, answer)

    answer: str = click.prompt(say("skip", what=what), value_proc=chosen, default="", show_default=False)
    return answer
