"""`list` and `board` of a desk with 300 tickets, in 100 columns, whatever names and subjects there are."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata

import pytest

from bench.crowd import NAMES, SUBJECTS, fill
from tests.conftest import ROOT, Office
from ticketctl.content.terminal import columns, line


@pytest.fixture
def crowded(office: Office) -> Office:
    fill(office.folder, 300, office.now)
    return office


def on_terminal(office: Office, rows: int, wide: int, *args: str) -> list[str]:
    """What a person sees, line by line, without colours."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, wide, 0, 0))
    env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    env.pop("COLUMNS", None)
    env.pop("LINES", None)
    command = [sys.executable, "-m", "ticketctl", *args]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env) as process:
        os.close(slave)
        output = b""
        while chunk := _read(master):
            output += chunk
    os.close(master)
    assert process.returncode == 0, output
    return re.sub(r"\x1b\[[0-9;]*m", "", output.decode()).replace("\r\n", "\n").rstrip("\n").split("\n")


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    "args", [("list",), ("list", "--overdue"), ("list", "--all", "--status", "waiting"), ("board",)]
)
def test_no_line_is_wider_than_100_columns(crowded: Office, args: tuple[str, ...]) -> None:
    lines = crowded.say(*args).rstrip("\n").split("\n")
    assert len(lines) > 20
    assert [one for one in lines if columns(one) > 100] == []


def test_columns_stand_under_each_other(crowded: Office) -> None:
    title, *lines = crowded.say("list").rstrip("\n").split("\n")
    assert len(lines) == 300
    at = title.index("requester")
    for one in lines:
        before = next(place for place in range(len(one)) if columns(one[:place]) == at)
        assert one[before - 2 : before] == "  " and not one[before].isspace(), one


def test_the_board_has_the_same_columns_in_every_group_and_tells_what_is_above(crowded: Office) -> None:
    lines = crowded.say("board").rstrip("\n").split("\n")
    rows = [one for one in lines if re.match(r"  +#\d+  ", one)]
    starts = {columns(one[: re.search(r"#\d+  \w+ +(?:in \w+|\w+ late)? *", one).end()]) for one in rows}
    assert len(rows) >= 15 and len(starts) == 1
    counted = {match[2]: int(match[1]) for match in re.finditer(r"(\d+) (unopened|overdue|unassigned)", lines[1])}
    heads = {match[1]: (int(match[2]), int(match[3] or 0)) for match in map(HEAD.match, lines) if match}
    assert heads["Overdue"] == (counted["overdue"], 0)
    assert heads["Unopened"][0] == counted["unopened"] and heads["Unopened"][1] > 0
    assert heads["Unassigned"][0] == counted["unassigned"]


HEAD = re.compile(r"(Overdue|Unopened|Unassigned) \((\d+)(?:, (\d+) of them above)?\)")


def test_a_person_sees_the_most_urgent_and_how_many_more(crowded: Office) -> None:
    lines = on_terminal(crowded, 30, 100, "list")
    assert len(lines) == 28 and max(map(columns, lines)) <= 100
    piped = crowded.say("list").rstrip("\n").split("\n")
    assert [one.split()[0] for one in lines[:-2]] == [one.split()[0] for one in piped[:26]]
    late = len(crowded.say("list", "--overdue").rstrip("\n").split("\n")) - 1
    assert lines[-2].startswith(f"… and 275 more of 300, {late - 25} of them overdue")
    assert lines[-1] == "  `list --limit 300` shows all; `--mine`, `--overdue`, `--search` fewer"
    assert len(on_terminal(crowded, 30, 100, "list", "--limit", "300")) == 301
    assert len(on_terminal(crowded, 30, 100, "list", "--limit", "3")) == 6
    assert "; all " not in lines[-2]


def test_a_narrow_terminal_and_a_short_one(crowded: Office) -> None:
    lines = on_terminal(crowded, 8, 60, "list")
    assert len(lines) == 14 and max(map(columns, lines)) <= 60
    assert lines[-1].endswith(" fewer")
    lines = on_terminal(crowded, 24, 60, "board")
    assert max(map(columns, lines)) <= 60


def test_many_kinds_of_counts_do_not_wrap(crowded: Office) -> None:
    rules = crowded.folder / "rules.yaml"
    away = "away: [{from: 2026-11-01, to: 2026-12-01}]"
    rules.write_text(rules.read_text("utf-8").replace("name: bo,", f"name: bo, {away},"), "utf-8")
    for number in (1, 2, 3):
        crowded.run("reply", number, "--text", "Klart", "--queue", "--stay-open")
    lines = crowded.say("board").split("\n")
    assert "with people who are away" in lines[1] and "in the outbox" in lines[2]
    assert max(map(columns, lines)) <= 100


# --- widths ---


@pytest.mark.parametrize(
    ("text", "shown", "wide"),
    [
        ("Åsa", "Åsa", 3),
        ("A\u030asa", "Åsa", 3),
        ("王小明", "王小明", 6),
        ("👩‍👩‍👧‍👦 Ek", "👩 Ek", 5),
        ("👍🏽", "👍", 2),
        ("❤️", "❤", 1),
        ("🇸🇪", "SE", 2),
        ("1️⃣", "1", 1),
        ("สมชาย ใจดี", "สมชาย ใจดี", 9),
        ("नमस्ते", "नमस्ते", 4),
        ("می‌خواهم", "میخواهم", 7),
        ("a‍b", "a<U+200D>b", 10),
        ("Z\u0336\u0335\u0334\u0338", "Z\u0336\u0335", 1),
    ],
)
def test_a_line_is_as_wide_as_a_terminal_draws_it(text: str, shown: str, wide: int) -> None:
    """As tmux 3.3 draws them, asked for its cursor (ESC [6n)."""
    assert line(text) == unicodedata.normalize("NFC", shown)
    assert columns(line(text)) == wide


def test_nothing_of_the_crowd_stays_unsafe() -> None:
    for text in (*NAMES, *SUBJECTS):
        assert not re.search(r"[\x00-\x1f\u200b-\u200f\u202a-\u202e]", line(text))
