"""Real commands killed at random moments: every desk is whole afterwards, and nothing that was reported is gone.

TICKETCTL_TEST_COMMAND_KILLS sets how many: 40 in the usual run, 500 in `python -m tests.faults --long`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.conftest import ROOT, Office
from tests.mails import simple

KILLS = int(os.environ.get("TICKETCTL_TEST_COMMAND_KILLS", "40"))
TICKETS = 6


def start(office: Office, words: Sequence[object], mail: bytes | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ticketctl", *map(str, words)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    if mail is not None:
        process.stdin.write(mail)
    process.stdin.close()
    return process


def command(dice: random.Random, step: int) -> tuple[list[object], bytes | None, str]:
    """Words, standard input, and the mark that must be on the desk if the command said that it was done."""
    number, mark = dice.randint(1, TICKETS), f"märke-{step}"
    return dice.choice([
        (["note", number, mark], None, mark),
        (["reply", number, "--text", mark, "--stay-open"], None, mark),
        (["new", "--subject", mark, "--text", "ringde", "--requester", "asa@kund.example"], None, mark),
        (["fetch", "-"], simple(mark, message_id=f"{step}@kund.example"), mark),
        (["send"], None, ""),
        (["escalate"], None, ""),
    ])  # fmt: skip


def test_random_kills_over_mixed_commands(office: Office) -> None:
    dice = random.Random(11)
    for number in range(1, TICKETS + 1):
        office.make(number)
    promised = []
    for step in range(KILLS):
        words, mail, mark = command(dice, step)
        process = start(office, words, mail)
        time.sleep(dice.uniform(0.02, 0.35))
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        said = process.stdout.read().decode()
        process.wait()
        if said.endswith("\n") and mark and process.returncode in (0, -signal.SIGKILL) and said.strip():
            promised.append(mark)
    findings = [json.loads(line) for line in office.process("doctor", "--offline", "--json").stdout.splitlines()]
    bad = {finding["subject"] for finding in findings if finding["state"] == "error"}
    assert bad <= {"outbox"}  # a reply that was leaving when it was killed is uncertain, and says so
    export = office.process("export").stdout
    assert [mark for mark in promised if mark not in export] == []
    numbers = [line.split(",")[0] for line in export.splitlines()]
    assert len(numbers) == len(set(numbers))
    assert promised, "no command got far enough to promise anything: the pauses are too short"
