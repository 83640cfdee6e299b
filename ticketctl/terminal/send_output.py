"""What the shell says of mail that was sent, and of what is in the outbox."""

from __future__ import annotations

from ticketctl.content.terminal import as_json, width
from ticketctl.content.times import zone
from ticketctl.errors import ChannelFailed
from ticketctl.present.json import outbound_json
from ticketctl.present.words import outbox as outbox_words
from ticketctl.present.words import say_in
from ticketctl.present.words import send as words
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.outbox import outbox
from ticketctl.usecases.outgoing.send import Sent


def print_sent(shell: Shell, sent: Sent, *, quiet: bool = False) -> None:
    """Raises ChannelFailed with what was not sent."""
    for remark in sent.remarks:
        if not (quiet and remark.code == "no_copy"):
            shell.warn(remark_line(remark, shell.language))
    if sent.elsewhere and not quiet:
        shell.warn(say_in(shell.language, words.TEXTS)("elsewhere"))
    if shell.json:
        shell.say(as_json([outbound_json(item) for item in sent.mails]))
    elif not quiet:
        for line in words.sent_lines(sent, shell.language):
            shell.say(line)
    if trouble := words.trouble_lines(sent, shell.language, zone(shell.session.config.timezone)):
        raise ChannelFailed("\n".join(trouble))


def print_outbox(shell: Shell) -> None:
    items, session = outbox(shell.session), shell.session
    if shell.json:
        return shell.say(as_json([outbound_json(item) for item in items]))
    where = zone(session.config.timezone)
    return shell.say(
        "\n".join(outbox_words.outbox_lines(items, shell.language, now=session.now, zone=where, width=width()))
    )
