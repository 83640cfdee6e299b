"""`ticketctl serve`"""

from __future__ import annotations

import click

from ticketctl.errors import ChannelFailed
from ticketctl.present.words import serve as words
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.users.accounts import users


@click.command
@click.option("--listen", metavar="ADDRESS:PORT", help="Where to listen; else `web: listen:` of rules.yaml.")
@click.pass_obj
def command(shell: Shell, listen: str | None) -> None:
    """Serve the web pages until stopped: forms, chat, the team's pages, the API.

    It listens on 127.0.0.1:8080 unless rules.yaml says otherwise (`web: listen:`): put nginx or Caddy with TLS
    before it (docs/web.md). Only cron and `ticketctl send` send mail; `serve` sends none itself.

    \b
    Examples:
      ticketctl serve
      ticketctl serve --listen 127.0.0.1:8090
    """
    from ticketctl.web import open_site

    app, web = open_site(desk=str(shell.session.folder), environ=shell.environ)
    from ticketctl.web.serving import server_of
    from ticketctl.web.site import LARGEST

    at = listen or web.listen
    try:
        server = server_of(app, web, at, LARGEST)
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ChannelFailed("cannot listen on {at}: {reason}", code="cannot_listen", at=at, reason=reason) from error
    at = f"{at.rpartition(':')[0]}:{server.effective_port}"
    for line in words.lines(shell.session.config, at, len(users(shell.session)), shell.language):
        shell.say(line)
    server.run()
