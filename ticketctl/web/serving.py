"""Serves the site by waitress until it is told to stop, behind the proxies of rules.yaml if any.

waitress never cuts a client that sends a byte now and then (its `channel_timeout` counts from the last byte), so the
age of an unfinished request is looked at here; and it lets one address take all connections, which is stopped here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import Any

from flask import Flask
from waitress.server import create_server

from ticketctl.domain.config import Web

THREADS = 24  # as many submissions are stored in one commit (together.py)
CONNECTIONS = 500
PER_ADDRESS = 200  # of these: a browser opens six, and an office of many people comes from one address
REQUEST_SECONDS = 120  # from the first to the last byte of a request; 64 MB in it need 4.3 Mbit/s
SILENT_SECONDS = 30


def server_of(app: Flask, web: Web, listen: str, largest: int) -> Any:
    """A waitress server that listens already: `run` serves, `close` ends. Raises OSError where the address is taken."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it would warn of each request that waits
    host, _, port = listen.rpartition(":")
    trusted: dict[str, Any] = {}
    if web.proxies:
        trusted = {
            "trusted_proxy": web.proxies[0],
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    server = create_server(
        app,
        host=host.strip("[]"),
        port=int(port),
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=5,
        max_request_body_size=largest,
        clear_untrusted_proxy_headers=True,
        ident="",
        **trusted,
    )
    _cut_slow_clients(server)
    _limit_each_address(server, web.proxies)
    return server


def _cut_slow_clients(server: Any) -> None:
    usual = server.maintenance

    def maintenance(now: float) -> None:
        usual(now)
        _cut_slow(list(server.active_channels.values()))

    server.maintenance = maintenance


def _limit_each_address(server: Any, proxies: Collection[str]) -> None:
    usual = server.accept

    def accept() -> Any:
        accepted = usual()
        if accepted is None or accepted[1][0] in proxies or _open_from(server, accepted[1][0]) < PER_ADDRESS:
            return accepted
        accepted[0].close()
        return None

    server.accept = accept


def _open_from(server: Any, address: str) -> int:
    return sum(one.addr[0] == address for one in list(server.active_channels.values()))


def _cut_slow(channels: list[Any]) -> None:
    """Ends what has been sending one request for too long."""
    for channel in channels:
        request = channel.request
        if request is None or request.completed:
            channel.began_at = None
        elif getattr(channel, "began_at", None) is None:
            channel.began_at = time.monotonic()
        elif time.monotonic() - channel.began_at > REQUEST_SECONDS:
            channel.will_close = True
