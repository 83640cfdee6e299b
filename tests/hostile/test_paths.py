"""Every file and folder that the desk has or reads, with a link, a pipe, a hard link or another user's in its place:
it is refused, what lies behind it stays as it was, and nothing hangs. Links to the desk's own rules.yaml and snippets
are for whoever names the desk to decide (tests/cases/test_trust.py)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import NOW, RULES, Office, new_office, some_now
from tests.mails import simple

STRANGER = 65534
COMMANDS = (
    "list", "show 1", "show 1 --attachments ut", "show 2", "note 1 x", "reply 1 --text Hej --no-check --queue", "send",
    "fetch --since all", "drafts", "purge --clock-is-right", "audit verify", "report", "doctor --offline --deep",
)  # fmt: skip
MORE = """\
sources: [{name: in, maildir: inkorg}, {name: box, mbox: box}]
privacy: {retention: [{when: {status: closed, closed_for: 12 months}, then: anonymise}]}
"""
FOLDERS = (
    "data", "data/archive", "data/blobs", "data/blobs/??", "data/drafts", "data/maildirs", "data/sent", "data/sent/new",
    "data/sent/cur", "data/sent/tmp", "data/tmp", "data/tokens", "data/writing", "inkorg/new", "inkorg/cur",
)  # fmt: skip
FILES = (
    "data/.purge.lock", "data/.send.lock", "data/fetch.lock", "data/desk.lock", "data/.rules.cache", "data/desk.json",
    "data/desk.json.bak", "data/audit.jsonl", "data/audit.head", "data/key", "data/archive/*.json",
    "data/archive/index.bin", "data/blobs/*/*", "data/blobs/verified", "data/drafts/*.txt", "data/maildirs/*",
    "data/sent/new/*", "inkorg/new/a2", "box",
)  # fmt: skip
CASES = [*product(FOLDERS, ("link", "stranger")), *product(FILES, ("link", "pipe", "hard link", "stranger"))]
# Written anew by the next command that writes: what lay in its place is never read.
REPLACED = ("data/.rules.cache", "data/desk.json.bak")
# Others deliver there: a hard link, or a file of another user, is a mail.
DELIVERED = ("inkorg/new/a2", "inkorg/new", "inkorg/cur", "box")
SAID = ("symbolic link", "a link", "not a plain file", "no plain file", "not a folder", "belongs to another user")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A desk with something in every place."""
    office = new_office(tmp_path_factory.mktemp("mall") / "kontoret")
    (office.folder / "rules.yaml").write_text(RULES + MORE, "utf-8")
    for part in ("new", "cur", "tmp"):
        (office.folder / "inkorg" / part).mkdir(parents=True)
    (office.folder / "inkorg" / "new" / "a1").write_bytes(simple("Hej", "Fil", sender="a@kund.example"))
    (office.folder / "box").write_bytes(b"")
    office.run("fetch", "--since", "all")
    office.run("fetch", "-", stdin=simple("Två", "Fil", sender="b@kund.example").decode())
    office.run("reply", 1, "--text", "Hej", "--no-check")
    office.run("send")
    office.run("close", 2, "--cause", "leverans", "--set", "category=support")
    office.now = NOW + timedelta(days=60)
    office.run("purge", "--clock-is-right")
    for name in ("drafts", "tokens", "writing"):
        (office.folder / "data" / name).mkdir(exist_ok=True, mode=0o700)
    (office.folder / "data" / "drafts" / "reply-1-abc.txt").write_text("utkast")
    (office.folder / "inkorg" / "new" / "a2").write_bytes(simple("Senare", "Fil", sender="c@kund.example"))
    return office


def content(trap: Path) -> object:
    if trap.is_dir():
        return {one.name: one.read_bytes() for one in sorted(trap.rglob("*")) if one.is_file()}
    return trap.read_bytes() if trap.exists() else None


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda path, trap: (path.rename(trap), path.symlink_to(trap)),
    "pipe": lambda path, _trap: (path.unlink(), os.mkfifo(path)),
    "hard link": lambda path, trap: os.link(path, trap),
    "stranger": lambda path, _trap: os.chown(path, STRANGER, STRANGER),
}


@pytest.mark.parametrize(("place", "kind"), some_now(CASES, 7))
def test_what_is_not_ours_is_refused(used: Office, tmp_path: Path, place: str, kind: str) -> None:
    if kind == "stranger" and os.geteuid() != 0:
        pytest.skip("only root can give files away")
    office = Office(tmp_path / "kontoret")
    office.now = used.now
    shutil.copytree(used.folder, office.folder, symlinks=True)
    path, trap = sorted(office.folder.glob(place))[0], tmp_path / "fällan"
    CHANGES[kind](path, trap)
    before = content(trap)
    said = ""
    for command in COMMANDS:
        ended = office.invoke(*command.split())
        assert ended.exception is None or isinstance(ended.exception, SystemExit), (command, ended.exception)
        said += ended.output
    assert content(trap) == before
    if place in REPLACED:
        found = path.lstat()
        assert path.is_file() and not path.is_symlink() and found.st_uid == os.geteuid()
    elif place not in DELIVERED or (place == "box" and kind in ("link", "pipe")):
        assert any(word in said for word in (*SAID, "hard link")), said
    elif kind in ("link", "pipe"):
        assert "c@kund.example" not in office.say("list", "--all", "--json")
