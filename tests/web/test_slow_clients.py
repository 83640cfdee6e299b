"""Who sends a request byte by byte holds up nobody, and is cut off after a while."""

from __future__ import annotations

import socket
import urllib.request
from threading import Thread

import pytest

from ticketctl.domain.config import Web
from ticketctl.web import serving
from ticketctl.web.site import LARGEST

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)  # of the close at the end
SLOW = 60  # more than the server has threads


@pytest.fixture
def server(site):
    server = serving.server_of(site.app, Web(), "127.0.0.1:0", LARGEST)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(timeout=60)


@pytest.fixture
def slow(server):
    """Clients that have sent half of a request."""
    half = b"POST /form/web HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nemail="
    found = []
    for _ in range(SLOW):
        found.append(socket.create_connection(("127.0.0.1", server.effective_port), timeout=60))
        found[-1].sendall(half)
    yield found
    for one in found:
        one.close()


def health(server) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/health") as answered:
        return answered.read()


def test_others_are_answered_meanwhile(server, slow):
    for _ in range(5):
        assert health(server) == b"ok\n"


def test_one_address_does_not_take_all_connections(server, slow, monkeypatch):
    """It is at its limit; others, here by another address of this machine, are served."""
    monkeypatch.setattr(serving, "PER_ADDRESS", SLOW)
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=60) as client:
        assert client.recv(1000) == b"", "the server has closed it"
    with socket.create_connection(
        ("127.0.0.1", server.effective_port), timeout=60, source_address=("127.0.0.2", 0)
    ) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.long
def test_they_are_cut_off(server, slow, monkeypatch):
    monkeypatch.setattr(serving, "REQUEST_SECONDS", 0)
    assert health(server) == b"ok\n"
    for one in slow:
        assert one.recv(1000) == b"", "the server has closed it"
    assert health(server) == b"ok\n"


def test_a_client_that_sends_nothing_more_does_not_keep_a_request_that_is_whole(server):
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=60) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
