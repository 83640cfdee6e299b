"""The tutorial's two weeks: what it prints is printed, and the desk does what it should at its minute, once."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.e2e.fortnight import BEGIN, PAGE, ZONE, Fortnight, Happened, Kill, play
from tests.faults.test_faults import MEMORY
from ticketctl.store.tiny.store import TinyStore

KILLS = int(os.environ.get("TICKETCTL_TEST_STORY_KILLS", "1"))  # how often the story is played with runs killed
# Cron's next run; and a wait that ended a run later moves what its ticket promises by as much.
LATE = timedelta(minutes=35)
PAGE_NOW = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where that can be: thousands of commits are synced to no disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made:
        yield Path(made)


def expected() -> list[str]:
    """The table at the story's end: each line reckoned by hand from the rules above; make_tutorial leaves it alone."""
    found = re.search(r"### What the desk did by itself\n.*?```\n(.*?)```", PAGE_NOW, re.DOTALL)
    assert found
    return found[1].splitlines()


@pytest.mark.long
def test_the_page_is_what_happens(folder: Path) -> None:
    story, lines = play(folder / "norrsken", PAGE_NOW)
    assert list(map(str, story.happened())) == expected()
    assert "\n".join(lines) == PAGE_NOW, "python -m docs.make_tutorial prints the page anew"


@pytest.mark.long
def test_the_same_when_runs_are_killed(folder: Path) -> None:
    """At its minute, or at cron's next when the run that should have done it died; each once."""
    wanted = [parsed(line) for line in expected()]
    for seed in range(KILLS):
        kill = Kill(Random(seed), {one.at.astimezone(UTC) for one in wanted}, PAGE_NOW)
        story, _ = play(folder / str(seed), PAGE_NOW, kill)
        assert kill.died > 10
        found = story.happened()
        assert parts(found) == parts(wanted)
        for (number, what), at in times(wanted).items():
            assert at <= times(found)[number, what] <= at + LATE, f"#{number} {what}"
        told_once(story, wanted)


def told_once(story: Fortnight, wanted: list[Happened]) -> None:
    """No agent gets two mails from one run, and each is told of every ticket. A notice whose run died while it left
    may be missing: it is never sent twice, and the outbox lists it as uncertain."""
    mails = [(address.username, mail["Date"].datetime, mail["Subject"])
             for mail in story.notices() for address in mail["To"].addresses]  # fmt: skip
    assert Counter((who, at) for who, at, _ in mails).most_common(1)[0][1] == 1
    with TinyStore(story.folder / "data").reading() as desk:
        uncertain = [item for item in desk.outbox() if item.state == "uncertain"]
    missing = 0
    for one in wanted:
        names, _, subject = one.what.partition(": ")
        for who in names.split(", ") if one.number == 0 else ():
            about = re.findall(r"#\d+", subject) or [subject]
            missing += not any(
                name == who and all(number in told for number in about) and one.at <= at <= one.at + LATE
                for name, at, told in mails
            )
    assert missing <= len(uncertain)


def parsed(line: str) -> Happened:
    """A line of the page's table."""
    found = re.fullmatch(r"\w+ (\d+) (\d+):(\d+) +(#\d+|→)  (.*)", line)
    assert found, line
    day, hour, minute = map(int, found.groups()[:3])
    month = 11 if day < BEGIN.day else BEGIN.month
    number = 0 if found[4] == "→" else int(found[4][1:])
    return Happened(datetime(BEGIN.year, month, day, hour, minute, tzinfo=ZONE), number, found[5])


def parts(happened: list[Happened]) -> Counter[tuple[int, str]]:
    """What was done on tickets, and how often: two steps may run together when the first one's run died."""
    return Counter((one.number, part) for one in happened if one.number for part in one.what.split("; "))


def times(happened: list[Happened]) -> dict[tuple[int, str], datetime]:
    return {(one.number, part): one.at for one in reversed(happened) if one.number for part in one.what.split("; ")}
