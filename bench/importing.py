"""The first import of an old mailbox from a real Dovecot: how long, how much memory, and the desk after it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.fetch import _desk, _kept, _ticketctl
from bench.timing import CLEAN, once
from tests.mails import simple
from tests.servers import PASSWORD, Dovecot

COUNT = int(os.environ.get("TICKETCTL_BENCH_IMPORT", "100000"))
YEARS = 8
SINCE = "2001-01-01"


def measure(work: Path, runs: int) -> list[str]:
    """Lines of Markdown. `runs` is not used: one import takes minutes. It is interrupted (Ctrl-C) once on the way."""
    server = Dovecot(Path(tempfile.mkdtemp(prefix="dovecot-")))  # a short path: sockets lie below it
    server.start()
    try:
        size = _deliver(server, "gammal")
        desk = _desk(work / "desk", server, "gammal")
        rules = (desk / "rules.yaml").read_text(encoding="utf-8")
        (desk / "rules.yaml").write_text(rules.replace("user: gammal", "user: gammal, deadline: 7200"))
        command = _ticketctl(desk, "fetch", "--since", SINCE)
        began = time.perf_counter()
        interrupted = _interrupted(command)
        first = time.perf_counter() - began
        rest, cpu, peak = once(_ticketctl(desk, "fetch"), TICKETCTL_PASSWORD_SUPPORT=PASSWORD)
        again, _, _ = once(_ticketctl(desk, "fetch"), TICKETCTL_PASSWORD_SUPPORT=PASSWORD)
        count = _kept(desk)
        timed = {words: once(_ticketctl(desk, *words.split()))[0] for words in ("list", "board", "show 1", "escalate")}
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
    data = desk / "data"
    archived = sum(path.stat().st_size for path in (data / "archive").glob("*")) if (data / "archive").is_dir() else 0
    after = ", ".join(f"`{words}` {seconds * 1000:.0f} ms" for words, seconds in timed.items())
    return [
        f"{COUNT:,} mails of {size / COUNT / 1000:.1f} KB over {YEARS} years; Ctrl-C after {first:.0f} s "
        f"(exit {interrupted}), the rest in {rest:.0f} s (CPU {cpu:.0f} s) with a peak of {peak:.0f} MB; "
        f"kept: {count:,}; {COUNT / (first + rest):.0f} mails/s in all",
        f"desk.json {(data / 'desk.json').stat().st_size / 1e6:.1f} MB, archive {archived / 1e6:.0f} MB; "
        f"a fetch that finds nothing {again:.2f} s; {after}",
    ]


def _interrupted(command: list[str]) -> int:
    """Its exit code after a Ctrl-C that comes when a while has passed."""
    environment = {**CLEAN, "TICKETCTL_PASSWORD_SUPPORT": PASSWORD}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        return process.wait(max(2.0, COUNT / 5000))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return process.wait()


def _deliver(server: Dovecot, user: str) -> int:
    """Mails that arrived evenly over the years; four of ten answer one of the last weeks. Their size in all."""
    box = server.mail / user
    for part in ("new", "cur", "tmp"):
        (box / part).mkdir(parents=True)
    began = datetime.now(UTC) - timedelta(days=365 * YEARS)
    step = timedelta(days=365 * YEARS) / COUNT
    size = 0
    for number, raw in enumerate(_mails()):
        at = began + number * step
        path = box / "new" / f"{int(at.timestamp())}.M{number:07}.test"
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        size += len(raw)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "mail:mail", str(box)], check=True)
    return size


def _mails() -> Iterator[bytes]:
    dice = random.Random(2026)
    begun: list[int] = []
    for number in range(COUNT):
        text = f"Hej!\n\nDet gäller order {number}. " + "Kannan som kom i går är sprucken. " * dice.randrange(2, 30)
        answered = dice.choice(begun[-500:]) if begun and dice.random() < 0.4 else None
        if answered is None:
            begun.append(number)
            yield simple(
                f"Order {number}", text, sender=f"Kund {number % 9000} <kund{number % 9000}@kund.example>",
                message_id=f"{number}@kund.example",
            )  # fmt: skip
        else:
            yield simple(
                f"SV: Order {answered}", text, sender=f"kund{answered % 9000}@kund.example",
                message_id=f"{number}@kund.example", In_Reply_To=f"<{answered}@kund.example>",
            )  # fmt: skip
