"""Two who write at once: who is writing is seen, what came meanwhile is told, drafts are kept and listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed, wrote
from tests.conftest import Office
from tests.growth import HANG


class Slow:
    """alice's editor on #17, open until `close`."""

    def __init__(self, office: Office, tmp_path: Path, script: str) -> None:
        self.here, self.go = tmp_path / "here", tmp_path / "go"
        wait = f"touch '{self.here}'; while [ ! -e '{self.go}' ]; do sleep 0.02; done; {script}"
        self.terminal = Terminal(office, tmp_path, wait, "reply", 17)
        self.terminal.until(self.here.exists)

    def close(self, code: int = 0) -> str:
        self.go.touch()
        return self.terminal.end(code)


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(17)
    return office


@pytest.fixture
def alice(desk: Office, tmp_path: Path) -> Iterator[Slow]:
    slow = Slow(desk, tmp_path, typed("Mitt svar"))
    yield slow
    slow.terminal.kill()


def test_it_is_seen_as_long_as_the_editor_is_open(desk: Office, alice: Slow) -> None:
    assert "alice has been writing since 10:00" in desk.say("show", 17)
    assert "alice is writing: Var är min" in desk.say("list")
    assert "#17: alice has been writing since 10:00" in desk.say("board")
    assert json.loads(desk.say("show", 17, "--json"))["writing"] == ["alice"]
    assert json.loads(desk.say("board", "--json"))["writing"][0]["agent"] == "alice"
    alice.close()
    for words in (["show", 17], ["list"], ["board"]):
        assert "writing" not in desk.say(*words)
    assert not list((desk.folder / "data" / "writing").iterdir())


def test_one_that_is_killed_writes_no_more_and_its_text_is_listed(desk: Office, alice: Slow) -> None:
    alice.terminal.process.kill()
    alice.terminal.process.wait(HANG)
    assert "writing since" not in desk.say("show", 17)
    assert not list((desk.folder / "data" / "writing").iterdir())
    (file,) = (desk.folder / "data" / "drafts").iterdir()
    assert f"left by an editor: {file}" in desk.say("drafts")


def test_a_second_writer_is_told_and_asked(desk: Office, alice: Slow, tmp_path: Path) -> None:
    second = Terminal(desk, tmp_path, "true", "--as", "bo", "reply", 17)
    second.answer("#17: alice has been writing since 10:00. Write all the same?", "n")
    assert "nothing was sent" in second.end(5)
    assert "#17: alice has been writing" in desk.run("reply", 17, "--text", "Från bo", user="bo").stderr


def test_the_text_of_an_open_editor_is_not_listed_as_left(desk: Office, alice: Slow) -> None:
    assert desk.say("drafts") == "There are no drafts.\n"


def test_what_came_meanwhile_can_be_answered_in_the_same_reply(desk: Office, tmp_path: Path) -> None:
    count, seen = tmp_path / "count", tmp_path / "seen"
    script = f"cp \"$1\" '{seen}'; echo x >> '{count}'; {typed('Rad')}"
    slow = Slow(desk, tmp_path, script)
    wrote(desk, 17, "Glöm det!")
    slow.go.touch()
    slow.terminal.answer("edit it (e), or keep it as a draft (d)?", "e")
    assert "reply sent" in slow.terminal.end()
    assert count.read_text() == "x\nx\n"
    assert "Glöm det!" in seen.read_text("utf-8")  # the second time, below the line
    assert [mail.get_content() for mail in sent(desk)] == ["Rad\nRad\n"]
    assert not list((desk.folder / "data" / "drafts").iterdir())


def test_a_script_gives_the_revision_that_it_saw(desk: Office) -> None:
    seen = json.loads(desk.say("show", 17, "--json"))["revision"]
    desk.say("note", 17, "Ringde.", user="bo")
    told = desk.trouble("reply", 17, "--text", "Svar", "--base-revision", seen, code=5)
    assert "was changed since revision 1: it is at 2" in told and "kept as a draft" in told
    assert sent(desk) == []
    now = json.loads(desk.say("show", 17, "--json"))["revision"]
    desk.say("reply", 17, "--text", "Svar", "--base-revision", now)
    assert len(sent(desk)) == 1


def test_drafts_are_listed_all_or_mine(desk: Office) -> None:
    desk.make(18, subject="Fakturan")
    desk.say("reply", 17, "--draft", "--text", "Hej Åsa, vi ser på det.")
    desk.now += timedelta(hours=1)
    desk.say("reply", 18, "--draft", "--text", "Från bo", user="bo")
    rows = desk.say("drafts").splitlines()
    assert len(rows) == 3 and rows[1].split()[:3] == ["17", "alice", "1h"] and "Hej Åsa, vi ser på det." in rows[1]
    assert "Från bo" not in desk.say("drafts", "--mine")
    assert [json.loads(row)["ticket"] for row in desk.say("drafts", "--json").splitlines()] == [17, 18]
    assert len(desk.say("drafts", 18).splitlines()) == 2


def test_ones_own_draft_goes_before_a_colleagues(desk: Office) -> None:
    desk.say("reply", 17, "--draft", "--text", "Från alice")
    desk.now += timedelta(hours=1)
    desk.say("reply", 17, "--draft", "--text", "Från bo", user="bo")
    desk.run("reply", 17, "--send", code=5)  # bo wrote meanwhile, which alice has not seen
    desk.say("reply", 17, "--send", user="bo")
    assert [mail.get_content() for mail in sent(desk)] == ["Från bo\n"]


def test_dropping_a_draft(desk: Office) -> None:
    desk.say("reply", 17, "--draft", "--text", "Från alice")
    assert "no draft of yours" in desk.trouble("drafts", 17, "--drop", code=5, user="bo")
    assert desk.say("drafts", 17, "--drop") == "#17 draft m2 dropped\n"
    assert desk.say("drafts") == "There are no drafts.\n"
    assert "which draft?" in desk.trouble("drafts", "--drop", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ["assign", 17, "bo"], ["close", 17, "--cause", "leverans"], ["label", 17, "+vip"], ["note", 17, "Hej"],
        ["priority", 17, "high"], ["promise", 17, "2026-12-01"], ["set", 17, "area=app"], ["spam", 17],
        ["wait", 17, "5d"],
    ],
)  # fmt: skip
def test_every_change_can_name_the_revision_that_was_seen(desk: Office, words: list[object]) -> None:
    desk.run("set", 17, "category=support")
    seen = json.loads(desk.say("show", 17, "--json"))["revision"]
    desk.run("label", 17, "+drift", user="bo")
    before = (desk.folder / "data" / "desk.json").read_bytes()
    told = desk.trouble(*words, "--base-revision", seen, code=5)
    assert f"#17 was changed since revision {seen}: it is at {seen + 1}" in told
    assert (desk.folder / "data" / "desk.json").read_bytes() == before
    desk.run(*words, "--base-revision", seen + 1)
    assert "for one ticket" in desk.trouble("label", "17-18", "+vip", "--base-revision", seen, code=2)
