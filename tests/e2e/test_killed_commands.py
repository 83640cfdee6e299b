"""Real commands killed at random file operations: the desk is whole afterwards, and nothing reported is gone.

TICKETCTL_TEST_COMMAND_KILLS sets how many: 40 in the usual run, 500 in `python -m tests.faults --long`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.conftest import ROOT, Office
from tests.mails import simple

KILLS = int(os.environ.get("TICKETCTL_TEST_COMMAND_KILLS", "40"))
TICKETS = 6
OPERATIONS = 250  # of files; a command has some 80 to 200


def run(office: Office, nth: int, words: Sequence[object], mail: bytes | None) -> tuple[bool, str]:
    """Whether it was killed, at its file operation number `nth`, and what it had said."""
    environment = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.die_at", str(nth), *map(str, words)]
    done = subprocess.run(
        command, env=environment, input=mail or b"", capture_output=True, start_new_session=True, check=False
    )
    return done.returncode == -signal.SIGKILL, done.stdout.decode()


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


@pytest.mark.long
def test_random_kills_over_mixed_commands(office: Office) -> None:
    dice = random.Random(11)
    for number in range(1, TICKETS + 1):
        office.make(number)
    promised, killed = [], 0
    for step in range(KILLS):
        words, mail, mark = command(dice, step)
        died, said = run(office, dice.randint(1, OPERATIONS), words, mail)
        killed += died
        if said.endswith("\n") and mark:
            promised.append(mark)
    findings = [json.loads(line) for line in office.process("doctor", "--offline", "--json").stdout.splitlines()]
    bad = {finding["subject"] for finding in findings if finding["state"] == "error"}
    assert bad <= {"outbox"}  # a reply that was leaving when it was killed is uncertain, and says so
    export = office.process("export").stdout
    assert [mark for mark in promised if mark not in export] == []
    numbers = [line.split(",")[0] for line in export.splitlines()]
    assert len(numbers) == len(set(numbers))
    assert promised and killed > KILLS // 4
