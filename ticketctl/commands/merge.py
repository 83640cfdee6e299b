"""`ticketctl merge`"""

from __future__ import annotations

import click

from ticketctl.commands.options import Number, dry_run, optional_numbers
from ticketctl.errors import Usage
from ticketctl.present.words import merge as words
from ticketctl.present.words import say_in
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.merge import Merge, merge


@click.command
@optional_numbers
@click.option("--into", type=Number(), metavar="TARGET", help="The ticket that stays.")
@click.option("--suggest", is_flag=True, help="List likely duplicates; merge nothing.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], into: int | None, suggest: bool, dry_run: bool) -> None:
    """Merge duplicates into one ticket.

    TARGET gets the messages, persons, labels and links of the others, which are closed and point to it; later mail
    to them goes there too. It counts from the earliest start of all, with the higher priority and the earlier
    deadline. Owner and fields are taken over if TARGET has none; you are told what is not. --into must be given,
    so that it is always clear which ticket stays. `ticketctl unmerge` undoes a merge.

    Requesters who are different persons never learn of each other: each is answered in a mail of their own.

    --suggest lists likely duplicates among open tickets and those closed in the last 14 days, of the given tickets
    or of all: same sender, same order or invoice number, similar subject or content, with a score from 0.5 to 1
    and the words they share. Linked tickets are left out: `ticketctl link` says that two are different matters.

    \b
    Examples:
      ticketctl merge --suggest
      ticketctl merge 18 19 --into 17
    """
    say = say_in(shell.language, words.TEXTS)
    if suggest:
        if into is not None:
            raise Usage(say("only_lists"))
        return _suggest(shell, numbers)
    if into is None or not numbers:
        raise Usage(say("what_where"))
    batch = merge(shell.session, Merge(tickets=tuple(numbers), into=into), keep=not dry_run)
    return print_batch(shell, batch, words.line, dry_run=dry_run)


def _suggest(shell: Shell, numbers: list[int]) -> None:
    from ticketctl.content.terminal import as_json, width
    from ticketctl.present.suggestions import duplicate_json, duplicates_table
    from ticketctl.usecases.tickets.merge import suggest_merges

    say, found = say_in(shell.language, words.TEXTS), suggest_merges(shell.session, numbers)
    if shell.json:
        for one in found:
            shell.say(as_json(duplicate_json(one)))
    elif found:
        shell.say("\n".join(duplicates_table(found, width())))
        shell.say(say("look_first", merge=found[0].pair.merge, into=found[0].pair.keep))
    else:
        shell.say(say("no_duplicates"))
