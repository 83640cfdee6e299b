"""`python -m bench.chat [SECONDS]`: what a hundred open chats cost the server, in percent of one core.

A desk with 300 tickets, of which 100 are chats; `serve` in a process of its own, with 8 threads as always. A hundred
pages ask every two seconds, as they do while somebody wrote lately, each over a connection of its own; meanwhile one
visitor after another writes, once in ten seconds. Printed are the CPU of the server process, its memory and threads,
and how long a poll took. The machine is named with the figures, since they mean nothing without it.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from urllib.parse import urlencode

from tests.conftest import RULES, Office, new_office
from ticketctl.usecases.chat.say import Say, say
from ticketctl.usecases.chat.visitor import new_token

CHATS, TICKETS, EVERY, SAID = 100, 200, 2.0, 10.0
RULES_CHAT = RULES + "web: {listen: 127.0.0.1:%d}\nsources:\n  - {name: shop, chat: {}}\n"


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = 18_000 + os.getpid() % 2_000
        office = new_office(Path(folder) / "desk")
        (office.folder / "rules.yaml").write_text(RULES_CHAT % port, encoding="utf-8")
        office.now = datetime.now(UTC)
        for _ in range(TICKETS):
            office.make()
        tokens = [_begun(office, number) for number in range(CHATS)]
        server = subprocess.Popen(
            [sys.executable, "-m", "ticketctl", "--desk", str(office.folder), "--as", "alice", "serve"],
            stdout=subprocess.DEVNULL,
        )
        try:
            _until_it_serves(port)
            _measure(office, server.pid, port, tokens, seconds)
        finally:
            server.terminate()
            server.wait()


def _begun(office: Office, number: int) -> str:
    token = new_token(office.session(), "shop")
    say(office.session(), Say(source="shop", token=token, client=f"client-{number:06d}", text=f"Fråga {number}"))
    return token


def _until_it_serves(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _measure(office: Office, pid: int, port: int, tokens: list[str], seconds: float) -> None:
    answers: list[tuple[int, float]] = []
    until = time.monotonic() + seconds
    pages = [Thread(target=_page, args=(port, token, at, until, answers)) for at, token in enumerate(tokens)]
    for page in pages:
        page.start()
    time.sleep(EVERY * 2)  # the first poll of each page goes into the use case
    before, began = _cpu(pid), time.monotonic()
    writer = Thread(target=_writer, args=(port, tokens, until))
    writer.start()
    time.sleep(max(0.0, until - time.monotonic() - 1))
    share = (_cpu(pid) - before) / (time.monotonic() - began)
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    for page in (*pages, writer):
        page.join()
    times = sorted(one for _, one in answers)
    kept = sum(status == 304 for status, _ in answers)
    told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d}")
    print(f"{len(tokens)} chats, {len(answers)} polls in {seconds:g} s, {kept} of them 304")
    print(f"CPU of the server {share:.1%} of one core, threads {told['Threads']}, memory {told['VmRSS'].strip()}")
    print(f"a poll: median {median(times) * 1000:.1f} ms, p99 {quantiles(times, n=100)[98] * 1000:.1f} ms")


def _cpu(pid: int) -> float:
    """Seconds of user and system time."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _page(port: int, token: str, at: int, until: float, answers: list[tuple[int, float]]) -> None:
    etag = seen = ""
    time.sleep(EVERY * at / CHATS)
    while time.monotonic() < until:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"X-Chat-Token": token, "If-None-Match": etag}
        connection.request("GET", f"/chat/shop/poll?seen={seen}", headers=headers)
        answered = connection.getresponse()
        body = answered.read()
        connection.close()
        answers.append((answered.status, time.monotonic() - began))
        if answered.status == 200:
            etag, seen = answered.headers["ETag"], json.loads(body)["cursor"]
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


def _writer(port: int, tokens: list[str], until: float) -> None:
    for at, token in enumerate(tokens):
        if time.monotonic() > until:
            return
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        body = urlencode({"client": f"again-{at:08d}", "text": "Och en sak till"})
        headers = {"X-Chat-Token": token, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/chat/shop/say", body=body, headers=headers)
        connection.getresponse().read()
        connection.close()
        time.sleep(min(SAID, max(0.0, until - time.monotonic())))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
