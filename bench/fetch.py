"""How fast mail comes in from a real Dovecot, against what parsing and decoding alone costs in the same run."""

from __future__ import annotations

import email
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.timing import CLEAN, once
from tests.mails import mails
from tests.servers import PASSWORD, Dovecot

SIZES = {1_000: 3, 10_000: 1}  # mails: runs


def measure(work: Path, runs: int, folder: Path | None = None) -> list[str]:
    """Rows of a Markdown table; one per number of mails. `runs` is an upper limit. `folder` holds .eml files to take
    instead of our own making, which are small (2 KB): one row for all of them."""
    server = Dovecot(Path(tempfile.mkdtemp(prefix="dovecot-")))  # a short path: sockets lie below it
    server.start()
    try:
        sizes = {len(list(folder.glob("*.eml"))): 3} if folder else SIZES
        rows = [_row(work, server, count, min(wanted, runs), folder) for count, wanted in sizes.items()]
    finally:
        server.stop()
    heads = "| mails | size | fetch, mails/s | parse + decode alone, mails/s | share | peak memory | kept | again |"
    return [heads, "|---" * 8 + "|", *rows]


def _row(work: Path, server: Dovecot, count: int, runs: int, folder: Path | None) -> str:
    # In processes of their own: what this one has ever held would count as the peak memory of all that it starts.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        size = pool.apply(_deliver, (server, f"b{count}", count, folder))
        fetches, limits, peak = [], [], 0.0
        for attempt in range(runs):
            desk = _desk(work / f"fetch-{count}-{attempt}", server, f"b{count}")
            limits.append(pool.apply(_parse_seconds, (count, folder)))
            wall, _, megabytes = once(_ticketctl(desk, "fetch", "-q"), TICKETCTL_PASSWORD_SUPPORT=PASSWORD)
            fetches.append(wall)
            peak = max(peak, megabytes)
        again, _, _ = once(_ticketctl(desk, "fetch", "-q"), TICKETCTL_PASSWORD_SUPPORT=PASSWORD)
        kept = pool.apply(_kept, (desk,))
    fetch, limit = statistics.median(fetches), statistics.median(limits)
    return (
        f"| {count:,} | {size / 1e6:.1f} MB | {count / fetch:.0f} | {count / limit:.0f} | "
        f"{limit / fetch:.0%} | {peak:.0f} MB | {kept:,} | {again:.2f} s |"
    )


def _raws(count: int, folder: Path | None) -> list[bytes]:
    if folder is not None:
        return [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    return [mail.raw for mail in mails(count, seed=count)]


def _deliver(server: Dovecot, user: str, count: int, folder: Path | None) -> int:
    raws = _raws(count, folder)
    server.deliver(user, raws)
    return sum(map(len, raws))


def _desk(folder: Path, server: Dovecot, user: str) -> Path:
    subprocess.run(_ticketctl(folder, "init"), env=CLEAN, check=True, stdout=subprocess.DEVNULL)
    rules = folder / "rules.yaml"
    source = f"{{name: support, imap: {{host: 127.0.0.1, port: {server.port}, security: none, user: {user}}}}}"
    rules.write_text(rules.read_text().replace("sources: []", f"sources: [{source}]"))
    return folder


def _ticketctl(folder: Path, *arguments: str) -> list[str]:
    """Of the tree in which the benchmark is run."""
    return [sys.executable, "-m", "ticketctl", "--desk", os.fspath(folder), *arguments]


def _kept(desk: Path) -> int:
    """Inbound messages on the desk's tickets."""
    exported = subprocess.run(_ticketctl(desk, "export"), env=CLEAN, check=True, capture_output=True, text=True).stdout
    return sum(one["direction"] == "in" for line in exported.splitlines() for one in json.loads(line)["messages"])


def _parse_seconds(count: int, folder: Path | None) -> float:
    """The standard library under compat32, every part decoded: the least that understanding these mails can cost."""
    raws = _raws(count, folder)
    started = time.perf_counter()
    for raw in raws:
        message = email.message_from_bytes(raw)
        for name in ("Subject", "From", "Date", "Message-ID", "References"):
            message[name]
        for part in message.walk():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and part.get_content_maintype() == "text":
                data.decode(part.get_content_charset() or "utf-8", "replace")
    return time.perf_counter() - started
