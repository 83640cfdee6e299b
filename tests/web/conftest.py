"""What the tests of the web share: the site of a desk, and a browser on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from msgspec.structs import replace

from ticketctl.usecases.users.accounts import SetPassword, add_user, users

flask = pytest.importorskip("flask", reason="needs the extra [web]")

WEB = """\
web: {address: http://127.0.0.1:8080}
"""


PASSWORD = "sju gula cyklar"


class Agent:
    """A browser of an agent."""

    def __init__(self, client) -> None:
        self.client = client

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def token(self) -> str:
        return re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get("/account").text)[1]

    def post(self, path: str, **form):
        """A form of ours."""
        return self.client.post(path, data={"csrf": self.token(), **form}, content_type="multipart/form-data")


class Site:
    """The site of an office: `client` asks it in this process."""

    def __init__(self, office) -> None:
        from ticketctl.web.site import create_site

        self.office = office
        self.app = create_site(self._open)
        self.client = self.app.test_client()

    def _open(self, user, via):
        from ticketctl.wiring import build_session

        session = build_session(desk=str(self.office.folder), user=user, via=via)
        return replace(session, now=self.office.now)

    def log_in(self, user: str = "alice", password: str = PASSWORD) -> Agent:
        """A browser of its own in which they are logged in."""
        session = self.office.session("alice")
        if user not in {one.name for one in users(session)}:
            add_user(session, SetPassword(agent=user, password=password))
        browser = Agent(self.app.test_client())
        answered = browser.client.post("/login", data={"user": user, "password": password})
        assert answered.status_code == 303, answered.text
        return browser

    def rules(self, text: str) -> None:
        """Adds it to rules.yaml."""
        path = self.office.folder / "rules.yaml"
        path.write_text(path.read_text() + text)


@pytest.fixture
def site(office) -> Site:
    site = Site(office)
    site.rules(WEB)
    return site


@pytest.fixture
def served(site) -> Iterator[str]:
    """The address of the site on a real server."""
    from ticketctl.domain.config import Web
    from ticketctl.web.serving import server_of
    from ticketctl.web.site import LARGEST

    server = server_of(site.app, Web(), "127.0.0.1:0", LARGEST)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=60)
