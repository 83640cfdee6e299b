"""Whether a form holds: `python -m bench.forms [--rate 50] [--seconds 60]`.

A real `ticketctl serve` on a desk of 300 active tickets takes that many submissions a second (as a shop's own server
sends them, on 24 connections), while cron fetches, escalates and sends, and two agents work by the shell. Afterwards
each submission that was answered with success must be one ticket, and nothing twice.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event, Thread

KEY = "k" * 32
RULES = """
version: 1
desk: {name: Exempel AB, timezone: Europe/Stockholm, language: sv}
team: [{name: alice, email: alice@exempel.example, role: admin}, {name: bo, email: bo@exempel.example}]
outgoing: {maildir: data/sent, from: "Exempel <support@exempel.example>"}
targets: {medium: {first_response: 4h}}
hours: {mon-fri: 08:00-17:00}
sources:
  - {name: web, form: {per_address: 10000, per_day: 100000}}
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""
TICKETCTL = [sys.executable, "-m", "ticketctl"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.forms", description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    system = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print(f"{date.today()}, {os.cpu_count()} cores, {system}, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory(prefix="ticketctl-bench-") as work:
        folder = Path(work) / "desk"
        subprocess.run([*TICKETCTL, "init", str(folder)], check=True, capture_output=True)
        (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "bench.desks", str(folder), "300", "0"], check=True)
        return under_load(folder, options.rate, options.seconds)


def under_load(folder: Path, rate: int, seconds: int) -> int:
    """Prints what became of it; 1 where something was lost or is there twice."""
    env = {**os.environ, "TICKETCTL_PASSWORD_WEB": KEY}
    command = [*TICKETCTL, "--desk", str(folder), "serve", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert server.stdout is not None
        at = re.search(r"http://([\d.:]+)/", server.stdout.readline())
        assert at is not None
        done, others = Event(), []
        for words in (["fetch", "-q"], ["escalate", "-q"], ["send", "-q"]):
            others.append(Thread(target=_again, args=(folder, "system", words, 5.0, done)))
        for agent, number in (("alice", "1"), ("bo", "2")):
            others.append(Thread(target=_again, args=(folder, agent, ["note", number, "--text", "Hej"], 1.0, done)))
        for one in others:
            one.start()
        begun = time.monotonic()
        with ThreadPoolExecutor(24) as pool:
            sent = list(pool.map(lambda n: _send(at[1], n, begun + n / rate), range(rate * seconds)))
        took = time.monotonic() - begun
        done.set()
        for one in others:
            one.join()
        memory = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())
    finally:
        server.kill()
        server.wait()
    statuses = Counter(status for status, _ in sent)
    times = sorted(wait for _, wait in sent)
    listed = subprocess.run(
        [*TICKETCTL, "--desk", str(folder), "--as", "system", "export"], check=True, capture_output=True, text=True
    )
    found = Counter(re.findall(r"submission (\d+)\b", " ".join(
        json.loads(line)["messages"][0]["text"] for line in listed.stdout.splitlines() if json.loads(line)["messages"]
    )))  # fmt: skip
    taken = [str(n) for n, (status, _) in enumerate(sent) if status in (200, 201)]
    lost, twice = sum(one not in found for one in taken), sum(count > 1 for count in found.values())
    print(f"{len(sent)} submissions in {took:.0f} s ({len(sent) / took:.0f} a second): {dict(statuses)}")
    median, most = statistics.median(times) * 1000, times[len(times) * 99 // 100] * 1000
    print(f"answered after {median:.0f} ms, 99 % within {most:.0f} ms")
    print(f"lost {lost}, twice {twice}; memory of the server at most {int(memory[1]) / 1024 if memory else 0:.0f} MB")
    return int(bool(lost or twice))


def _send(at: str, number: int, when: float) -> tuple[int, float]:
    """Its status, and how long it took."""
    time.sleep(max(0.0, when - time.monotonic()))
    body = json.dumps({"email": f"kund{number % 200}@kund.example", "text": f"submission {number} Hej!"})
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": f"n{number}", "Content-Type": "application/json"}
    begun = time.monotonic()
    for _ in range(5):  # as a shop's server does: again, with the same key
        connection = http.client.HTTPConnection(at, timeout=60)
        try:
            connection.request("POST", "/api/form/web", body, headers)
            status = connection.getresponse().status
        except OSError:
            status = 0
        finally:
            connection.close()
        if status and status < 500:
            break
    return status, time.monotonic() - begun


def _again(folder: Path, agent: str, words: list[str], pause: float, done: Event) -> None:
    while not done.wait(pause):
        subprocess.run([*TICKETCTL, "--desk", str(folder), "--as", agent, *words], check=False, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
