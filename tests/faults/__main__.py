"""`python -m tests.faults [--long] [--mail]`: the store, fetching and sending under faults; a line for each kind, how
often and how long."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.faults import leaving, loops, mail, trials
from tests.faults.mail_cases import cases
from tests.faults.stop_at import POINTS
from tests.faults.test_faults import MEMORY
from tests.servers import Dovecot


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--long", action="store_true", help="large counts: some minutes")
    parser.add_argument("--mail", action="store_true", help="only fetching")
    long, only_mail = (options := parser.parse_args()).long, options.mail
    if only_mail:
        _mail_faults(count=11 if long else 3, rounds=3 if long else 1)
        return
    for lasting in (False, True):
        for name in trials.OPERATIONS:
            _tell(
                f"fault at every file operation of {name}{', lasting' if lasting else ''}",
                partial(trials.every_operation, name, lasting=lasting),
                memory=True,
            )
    _tell("damaged bytes", lambda folder: trials.damage(folder / "data", count=4000 if long else 400), memory=True)
    commits, rounds = (250, 500) if long else (25, 12)
    _tell("commits of 4 processes, longest s", lambda folder: trials.writers(folder / "data", commits=commits))
    _tell("killed processes, steps reported", lambda folder: trials.kills(folder / "data", rounds=rounds))
    _tell("killed commands", lambda folder: _killed_commands(500 if long else 40))
    _tell("killed fetches", lambda folder: _killed_fetches(100 if long else 8))
    _tell("killed runs of cron, stories of two weeks", lambda folder: _killed_stories(10 if long else 1))
    _tell("mails that leave, cases", leaving.all_of_them if long else leaving.some_of_them, memory=True)
    rounds = 1_000 if long else 40
    _tell("rounds against answering machines", lambda folder: loops.all_scenes(rounds, folder), memory=True)
    _tell("hostile texts through every door", lambda folder: 3 * _hostile(700 if long else 40))
    _tell("two agents at once, commands", lambda folder: _two_agents(60 if long else 8))
    _tell("commits until files may not grow", lambda folder: trials.limited_file_size(folder / "data"))
    _mail_faults(count=11 if long else 3, rounds=3 if long else 1)
    try:
        with trials.small_disk() as disk:
            _tell("commits until the disk is full", lambda folder: trials.full_disk(disk / "data"))
    except PermissionError:
        print("a full disk: not tried, only root may mount a small one")


def _mail_faults(count: int, rounds: int) -> None:
    """Mail from a real server through a proxy that breaks the conversation; then the same killed at each point of a
    commit, at the first, third … time that it comes there."""
    server = Dovecot(Path(tempfile.mkdtemp(prefix="dovecot-")))
    server.start()
    try:
        _tell("faults of a mail server", lambda folder: _round(folder, server, count, "f"))
        for point in POINTS:
            for turn in range(rounds):
                what = f"the same, killed {point}, the {2 * turn + 1}. time"
                prefix = f"k{list(POINTS).index(point)}{turn}"
                _tell(what, partial(_killed_round, server=server, count=count, prefix=prefix, point=point, turn=turn))
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def _round(folder: Path, server: Dovecot, count: int, prefix: str) -> str:
    with closing(mail.Round(folder, server, cases(), count=count, batch=4, prefix=prefix)) as trial:
        return _told(trial.run())


def _killed_round(folder: Path, server: Dovecot, count: int, prefix: str, point: str, turn: int) -> str:
    with closing(mail.Round(folder, server, cases(), count=count, batch=4, prefix=prefix)) as trial:
        trial.killed(point, 2 * turn + 1)
        return _told(trial.mend())


def _told(result: mail.Result) -> str:
    took = f", run with the faults {result.seconds:.1f} s" if result.seconds else ""
    return f"{result.faults} faults, {result.mails:,} mails in, {result.mails:,} kept once{took}"


def _killed_commands(count: int) -> int:
    """Whole commands of the command line: the end-to-end test, with as many kills as asked for."""
    return _test("tests/e2e/test_killed_commands.py", "TICKETCTL_TEST_COMMAND_KILLS", count)


def _killed_fetches(count: int) -> int:
    """A fetch of a thousand mails, killed so often."""
    return _test("tests/e2e/test_ingest.py", "TICKETCTL_TEST_KILLS", count)


def _killed_stories(count: int) -> int:
    """The tutorial's two weeks with cron's runs killed, each time others."""
    return _test("tests/e2e/test_two_weeks.py", "TICKETCTL_TEST_STORY_KILLS", count)


def _two_agents(count: int) -> int:
    """Two agents and their customers, each with so many commands, at the same time."""
    return _test("tests/e2e/test_two_agents.py", "TICKETCTL_TEST_AGENT_COMMANDS", count)


def _hostile(count: int) -> int:
    """Mails with hostile subjects, names and file names, and all that leaves because of them."""
    return _test("tests/e2e/test_hostile_headers.py", "TICKETCTL_TEST_HOSTILE", count)


def _test(file: str, variable: str, count: int) -> int:
    """A test of the ordinary suite, with another count."""
    environment = {**os.environ, variable: str(count)}
    test = ["-m", "pytest", "-q", "-m", "long or not long", "--timeout=1800", file]
    subprocess.run([sys.executable, *test], env=environment, check=True, stdout=subprocess.DEVNULL)
    return count


def _tell(what: str, trial: Callable[[Path], object], *, memory: bool = False) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY if memory and MEMORY.is_dir() else None) as folder:
        count = trial(Path(folder))
    print(f"{what}: {count} ({time.monotonic() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
