"""The demonstration's desk as web pages, where the extra is installed."""

from __future__ import annotations

import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ticketctl.usecases.users.accounts import SetPassword, add_user


class Portal(NamedTuple):
    """A server that listens already, where it is, and with which password its agent logs in."""

    server: Any
    address: str
    agent: str
    password: str

    def run(self) -> None:
        """Serves until the process is stopped."""
        self.server.run()


def can_serve() -> bool:
    return find_spec("flask") is not None


def portal(folder: Path, agent: str) -> Portal:
    """On a free port of this computer, with some help pages; the agent gets a password. Raises MissingExtra."""
    from ticketctl.web import open_site

    pages = folder / "docs" / "faq"
    pages.mkdir(parents=True, exist_ok=True)
    for page in Path(__file__).with_name("faq").iterdir():
        (pages / page.name).write_bytes(page.read_bytes())
    app, web = open_site(desk=str(folder))
    from ticketctl.web.serving import server_of
    from ticketctl.web.site import LARGEST

    password = secrets.token_urlsafe(12)
    add_user(app.extensions["ticketctl"].open_session(agent, "web"), SetPassword(agent=agent, password=password))
    server = server_of(app, web, "127.0.0.1:0", LARGEST)
    return Portal(server, f"http://127.0.0.1:{server.effective_port}/", agent, password)
