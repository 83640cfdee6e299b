"""`ticketctl chat`"""

from __future__ import annotations

import click

from ticketctl.present.words import say_in
from ticketctl.present.words.chat import TEXTS, room_json, room_line
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.chat.rooms import FindChats, find_chats


@click.command
@click.option("--list", "only_list", is_flag=True, help="Show once who is in the chat, and who waits how long.")
@click.pass_obj
def command(shell: Shell, only_list: bool) -> None:
    """Answer the visitors of the chat on your site, live.

    What they write appears as it comes, with a bell; type to answer. Several chats go on at once: `/17` goes to #17,
    `/list` shows who waits how long. `/NAME` takes a snippet, `/mail TEXT` answers by mail, `/note TEXT` writes a note,
    `/end CAUSE` closes the ticket (`/end CAUSE category=support` sets a field with it), `/quit` ends. If the visitor
    wrote while you typed, you see it first, and Enter sends your answer all the same.

    As long as it runs, visitors see that somebody is there. Without a terminal it is --list. `reply` and the web
    pages answer chats too.

    \b
    Examples:
      ticketctl chat
      ticketctl chat --list
    """
    if not (only_list or shell.json) and answers(shell):
        from ticketctl.terminal.live_chat import talk

        return talk(shell)
    rooms = find_chats(shell.session, FindChats())
    lines = [room_line(one, shell.language, shell.session.now) for one in rooms]
    print_answer(shell, [room_json(one) for one in rooms], lines or [say_in(shell.language, TEXTS)("nobody")])
    return None
