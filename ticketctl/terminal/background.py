"""A `ticketctl send` of its own that sends a reply when it can no longer be taken back, so that neither the shell nor
cron has to wait for it.

It lives in a session of its own: closing the terminal does not end it. Where it cannot be started, or dies with the
machine, the mail stays in the outbox, and the next `ticketctl send`, of cron or of a person, takes it along.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from time import monotonic, sleep

from ticketctl.errors import TicketctlError
from ticketctl.present.words import say_in
from ticketctl.present.words.reply import TEXTS
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.send import Send, send

AGAIN = (1, 5, 10, 30, 60)  # seconds after which it looks again where another run is sending


def send_in_background(shell: Shell, seconds: float) -> bool:
    """Whether a `ticketctl send` was started that sends what is due in so many seconds."""
    environment = {**shell.environ, "TICKETCTL_DESK": str(shell.session.folder)}
    if "TICKETCTL_NOW" in environment:
        environment["TICKETCTL_NOW"] = shell.session.now.isoformat()
    command = [
        sys.executable,
        "-m",
        "ticketctl",
        "--as",
        shell.session.actor,
        "send",
        "--quiet",
        "--after",
        f"{seconds:.1f}",
    ]
    try:
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        shell.warn(say_in(shell.language, TEXTS)("nobody_sends", error=error))
        return False
    return True


def send_after(shell: Shell, seconds: float) -> None:
    """Waits so long, then sends, and again where another run was at it just then. What goes wrong shows on the ticket
    and the board, as for any `send`."""
    start = monotonic()
    sleep(seconds)
    for pause in (*AGAIN, 0):
        later = shell.at(shell.session.now + timedelta(seconds=monotonic() - start))
        try:
            if not send(later.session, Send()).elsewhere:
                return
        except TicketctlError:
            return
        sleep(pause)
