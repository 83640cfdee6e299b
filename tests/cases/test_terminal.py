"""On a terminal nothing that a mail brought steers it, colours too: every command that prints, on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.cases.shop import Shop
from tests.conftest import ROOT
from tests.growth import HANG

EVIL = (
    "\x1b[8mdold\x1b[0m \x1b[31mröd\x1b[1;5m \x1b]0;titel\x07 \x1b[2J\x9b8m \x1b[38;5;1mx\x1bP1$q\x1b\\ "
    "\u202eesrever\u202c \x08\x08"
)
RULES = """\
sources: [{name: in, maildir: in}]
labels: [vip]
fields: {order: {pattern: ".*"}}
privacy: {retention: [{when: {label: spam}, after: 30 days, then: delete}]}
rules:
  - {id: hej, events: [created], when: {subject: {contains: dold}}, then: [{label: vip}]}
"""
COMMANDS = [
    "show 1", "show 1 --full", "show 1 --history", "show 2", "list", "list --all", "board", "inbox", "explain 1",
    "explain 1 --all", "drafts", "outbox", "send --list", "quarantine", "quarantine show QID", "inspect evil.eml",
    "report --from 2026-11-01", "export", "list --json", "doctor --offline", "rules check",
    "rules replay --since 2026-11-01",
    "snippets", "snippets show mottaget", "snippets try mottaget 1", "purge --dry-run", "escalate --dry-run",
    "set 1 order=ABC", "set 2 order=ABC", "label 1 +vip --dry-run", "close 1 --dry-run", "merge 1 2 --dry-run",
    "spam 1 --dry-run", "note 1 --text hej", "take", "assign 1 bo", "undo 1", "priority 1 high", "wait 1 3d",
    "reopen 1",
    "move 1 m1 --dry-run", "split 1 m1 --dry-run", "link 1 2", "watch 1", "promise 1 3d", "handover alice bo --dry-run",
    "triage", "reply 1 --check", "fetch", "fetch mbox:\x1b[8m",
    "list --search dold", "nonsense", "show 99", "cron show",
]  # fmt: skip
OURS = re.compile(rb"\x1b\[(?:0|1|2|31|32|33|36)(?:;\d+)*m|\x1b\[\?25[lh]|\x1b\[K")  # what styled and click's bar make
RAW = re.compile(rb"\x1b|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]")


def on_terminal(shop: Shop, *args: str, env: dict[str, str] | None = None) -> bytes:
    """What the command writes to a terminal: its output and its errors."""
    ours, theirs = pty.openpty()
    given = {**os.environ, **shop.environment(), "TERM": "xterm", "PAGER": "cat", "COLUMNS": "100"}
    given.pop("NO_COLOR", None)
    given |= env or {}
    process = subprocess.Popen(
        [sys.executable, "-m", "ticketctl", *args],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=shop.folder,
        env={**given, "PYTHONPATH": str(ROOT)},
    )
    os.close(theirs)
    found = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        found += part
    os.close(ours)
    process.wait(HANG)
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """#1 and #2 in which everything that a customer writes is evil, a draft, a mail that waits, one in quarantine."""
    shop = Shop(tmp_path_factory.mktemp("skal") / "butik", RULES, causes="").at("2026-11-16T09:00+01:00")
    header = EVIL.replace("\x9b", "").replace("\x08", "").replace("\x07", "")
    for name in ("eva", "ada"):
        shop.mail(f'"{header}" <{name}@kund.example>', f"Order {header}", f"Hej {EVIL}\n\n> {EVIL}\n\n{EVIL}")
    shop.run("note", 1, "--text", f"obs {EVIL}")
    shop.run("set", 1, f"order={EVIL}")
    shop.run("reply", 1, "--text", f"Hej {EVIL}", "--draft", "--no-check")
    shop.run("reply", 2, "--text", f"Hej {EVIL}", "--queue", "--no-check")
    shop.mail("c@kund.example", "tredje", "hej")
    shop.run("close", 3, "--cause", f"orsak {EVIL}", "--lesson", f"läxa {EVIL}")
    shop.run("fetch", "-", user="system", stdin="\x00\x01\x02 no mail " + EVIL)
    (shop.folder / "in").mkdir(exist_ok=True)
    for part in ("new", "cur", "tmp"):
        (shop.folder / "in" / part).mkdir(exist_ok=True)
    raw = f"From: {header} <z@kund.example>\nSubject: {header}\nContent-Type: text/plain; charset=utf-8\n\n{EVIL}\n"
    (shop.folder / "evil.eml").write_text(raw, encoding="utf-8")
    return shop


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_passes_on_what_a_mail_brought(shop: Shop, command: str) -> None:
    with shop.store.reading() as desk:
        entry = next(iter(desk.quarantined())).id
    written = on_terminal(shop, *command.replace("QID", entry).split())
    assert written.strip()
    assert RAW.search(OURS.sub(b"", written)) is None, written
    for hidden in (b"\x1b[8m", b"\x1b[0m \x1b[31mr", b"\x1b[38;5;1m", b"\x1b[1;5m"):
        assert hidden not in written, written


def test_our_own_colours_are_there(shop: Shop) -> None:
    assert b"\x1b[2m" in on_terminal(shop, "list")
    assert b"\x1b" not in on_terminal(shop, "list", env={"NO_COLOR": "1"})


def test_a_colour_in_a_mail_is_text(shop: Shop) -> None:
    for command in ("show 1", "inspect evil.eml"):
        written = on_terminal(shop, *command.split())
        assert b"^[[8mdold^[[0m" in written and b"^[[31mr" in written, command


def test_what_is_piped_has_no_escapes_at_all(shop: Shop) -> None:
    assert "\x1b" not in shop.run("show", 1, "--history").output


def test_the_gate_lets_nobody_make_a_sequence_of_ours() -> None:
    from ticketctl.content import terminal

    own: Any = terminal.styled("röd", fg="red")
    assert terminal.guarded(own) == "\x1b[31mröd\x1b[0m"
    assert terminal.guarded("\x1b[31mröd\x1b[0m") == "^[[31mröd^[[0m"
    assert terminal.guarded(terminal.styled("a\x1b[8mb", bold=True)) == "\x1b[1ma^[[8mb\x1b[0m"
