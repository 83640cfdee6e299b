"""`ticketctl search`: `list --search --all` under the name that people type."""

from __future__ import annotations

from typing import Any

import click

from ticketctl.commands import list_
from ticketctl.errors import Usage


@click.command(
    params=[
        click.Argument(["words"], nargs=-1, metavar="WORDS..."),
        *(param for param in list_.command.params if param.name not in ("search", "everything")),
    ]
)
@click.pass_context
def command(ctx: click.Context, /, words: tuple[str, ...], **given: Any) -> None:
    """Search all tickets, closed and archived ones too.

    Finds those with all WORDS in number, subject, texts and notes, people, fields, labels, cause, lesson or file names;
    å matches å and, where nothing else does, a. A telephone number is found in any spelling, `#17` by its number. It is
    `list --search WORDS --all`, and takes the other options of `list` too.

    \b
    Examples:
      ticketctl search faktura öberg
      ticketctl search 070-123 45 67
      ticketctl search moms --after november --status closed
    """
    if not words:
        raise Usage("search for what? `ticketctl search faktura öberg`")
    ctx.invoke(list_.command, search=" ".join(words), everything=True, **given)
