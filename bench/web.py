"""How fast the team's pages answer, and what the server's memory is: `python -m bench.web`.

A desk of 2,000 active tickets (three messages each) and 3,000 archived ones; the pages are asked in this process, as
waitress's threads would, by somebody who is logged in. "warm": the desk did not change; "after a change": another
process has just stored something.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

RUNS = 31
PASSWORD = "sju gula cyklar"


def main() -> None:
    cores, system = os.cpu_count(), f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print(f"{date.today()}, {cores} cores, {system}, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory(prefix="ticketctl-bench-") as work:
        folder = Path(work) / "desk"
        ticketctl = [sys.executable, "-m", "ticketctl"]
        subprocess.run([*ticketctl, "init", str(folder)], check=True, capture_output=True)
        subprocess.run([sys.executable, "-m", "bench.desks", str(folder), "2000", "3000"], check=True)
        for line in measure(folder):
            print(line)


def measure(folder: Path) -> list[str]:
    from ticketctl.web import open_site

    _ticketctl(
        folder, "user", "add", "alice", given=f"{PASSWORD}\n"
    )  # by a process of its own: memory is measured here
    app, _ = open_site(desk=str(folder))
    client = app.test_client()
    client.post("/login", data={"user": "alice", "password": PASSWORD})
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/account").text)
    assert token is not None
    mark, ticket = (client.get(f"{one}/live").headers["ETag"] for one in ("/board", "/tickets/4500"))

    def get(path: str, **headers: str) -> Callable[[], object]:
        return lambda: client.get(path, headers=headers)

    def elsewhere() -> None:
        _ticketctl(folder, "note", "4001", "--text", "Hej")

    def form(path: str, **fields: str) -> Callable[[], object]:
        return lambda: client.post(path, data={"csrf": token[1], **fields})

    known = {"If-None-Match": mark}
    rows = [
        "| page | median | slowest |",
        "|---|---|---|",
        _row("board, warm", get("/board")),
        _row("board, asked again (304)", get("/board/live", **known)),
        _row("list, warm", get("/tickets")),
        _row("list of one owner, warm", get("/tickets?owner=alice")),
        _row("ticket, warm", get("/tickets/4500")),
        _row("ticket, asked again (304)", get("/tickets/4500/live", **{"If-None-Match": ticket})),
        _row("board after a change", get("/board"), 7, elsewhere),
        _row("note", form("/tickets/4400/note", text="Hej"), 7),
    ]
    memory = f"memory of the process: {_memory():.0f} MB; after searches and figures "
    rows += [_row("search of two words", get("/tickets?q=felaktig+4711"), 5)]
    rows += [_row("figures of a week", get("/figures"), 5)]
    return [*rows, "", f"{memory}{_memory():.0f} MB"]


def _ticketctl(folder: Path, *words: str, given: str = "") -> None:
    command = [sys.executable, "-m", "ticketctl", "--desk", str(folder), *words]
    subprocess.run(command, check=True, capture_output=True, input=given, text=True)


def _row(name: str, call: Callable[[], object], runs: int = RUNS, before: Callable[[], None] = lambda: None) -> str:
    call()
    times = []
    for _ in range(runs):
        before()
        start = perf_counter()
        call()
        times.append((perf_counter() - start) * 1000)
    return f"| {name} | {statistics.median(times):.0f} ms | {max(times):.0f} ms |"


def _memory() -> float:
    """Resident now, as Linux tells."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
