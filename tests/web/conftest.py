"""What the tests of the web share: the site of a desk, and a browser on it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from msgspec.structs import replace

flask = pytest.importorskip("flask", reason="needs the extra [web]")

WEB = """\
web: {address: http://127.0.0.1:8080}
"""


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
