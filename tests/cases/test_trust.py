"""A desk that was only come across must be one's own; a pipe stops nothing; faults of rules.yaml stop every command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cases.shop import ASA, Shop
from tests.conftest import Office
from ticketctl.content import snippet_grammar
from ticketctl.errors import BadSnippet
from ticketctl.store import fs

STRANGER = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def inside(office: Office, *args: str) -> tuple[int, str]:
    """What happens to who runs a command in the desk's folder without naming it: exit code and errors."""
    env = {name: value for name, value in os.environ.items() if name != "TICKETCTL_DESK"}
    env |= {
        "TICKETCTL_NOW": office.now.isoformat(),
        "TICKETCTL_AS": "alice",
    }
    done = office.process(*(args or ("list",)), cwd=office.folder / "data", env=env | {"TICKETCTL_DESK": ""})
    return done.returncode, done.stderr


def test_ones_own_desk_is_found(office: Office) -> None:
    assert inside(office) == (0, "")


def test_a_link_in_the_place_of_rules_yaml_makes_no_desk(office: Office, tmp_path: Path) -> None:
    """A stranger's folder with a link to a file of ours; and one that is flipped after it was looked at."""
    rules = office.folder / "rules.yaml"
    rules.rename(tmp_path / "mine.yaml")
    rules.symlink_to(tmp_path / "mine.yaml")
    code, told = inside(office)
    assert code == 3 and "rules.yaml cannot be opened as it lies there" in told and "--desk" in told
    assert office.run("list").exit_code == 0  # named, it is trusted


@root_only
@pytest.mark.parametrize("name", [".", "rules.yaml", "snippets", "snippets/sv", "snippets/sv/mottaget.j2", "data"])
def test_what_belongs_to_another_user(office: Office, name: str) -> None:
    os.chown(office.folder / name, STRANGER, STRANGER)
    code, told = inside(office)
    assert code == 3 and "is another user's desk" in told


@pytest.mark.parametrize("name", [".", "rules.yaml", "snippets", "snippets/sv", "snippets/sv/mottaget.j2"])
@pytest.mark.parametrize("mode", [0o777, 0o707])
def test_what_others_may_write(office: Office, name: str, mode: int) -> None:
    (office.folder / name).chmod(mode)
    code, told = inside(office)
    assert code == 3 and "others may write" in told
    assert office.run("list").exit_code == 0


@root_only
def test_a_group_of_others(office: Office) -> None:
    os.chown(office.folder, 0, STRANGER)
    office.folder.chmod(0o770)
    assert inside(office)[0] == 3


@pytest.mark.parametrize("what", ["sources: [{name: in, maildir: brev/in}]", "x"])
def test_what_rules_yaml_names_relative_is_judged_too(office: Office, what: str) -> None:
    (office.folder / "brev").mkdir()
    (office.folder / "brev").chmod(0o777)
    rules = office.folder / "rules.yaml"
    if what != "x":
        rules.write_text(rules.read_text("utf-8") + what + "\n", "utf-8")
    code, told = inside(office)
    assert (code, "others may write brev" in told) == ((3, True) if what != "x" else (0, False))


def test_a_link_among_the_snippets(office: Office, tmp_path: Path) -> None:
    (tmp_path / "annan.j2").write_text("Subject: x\n\nhej\n", "utf-8")
    (office.folder / "snippets" / "sv" / "annan.j2").symlink_to(tmp_path / "annan.j2")
    code, told = inside(office)
    assert code == 3 and "snippets/sv/annan.j2 is a symbolic link" in told


def test_a_pipe_as_snippet_does_not_hang(office: Office) -> None:
    pipe = office.folder / "snippets" / "sv" / "pipa.j2"
    os.mkfifo(pipe)
    with pytest.raises(BadSnippet, match="is not a plain file"):
        snippet_grammar.read(pipe)
    assert "pipa.j2: is not a plain file" in office.run("snippets", "check", code=2).output
    office.make(1)
    office.run("reply", 1, "--snippet", "pipa", code=2)


@pytest.mark.parametrize(
    "command",
    ["send", "send --list", "list", "outbox", "board", "show 1", "quarantine", "export", "purge", "escalate", "drafts",
     "inbox", "undo 1", "label 1 +x", "report", "fetch", "cron show", "rules check", "snippets", "explain 1"],
)  # fmt: skip
def test_a_broken_rules_yaml_stops_every_command(office: Office, command: str) -> None:
    office.make(1)
    (office.folder / "rules.yaml").write_text("version: 1\ndesk: {name: X}\n", "utf-8")
    told = office.run(*command.split(), code=2).output
    assert "rules.yaml:2:" in told


def test_doctor_and_inspect_go_on_with_a_broken_rules_yaml(office: Office) -> None:
    (office.folder / "rules.yaml").write_text("version: 1\ndesk: {name: X}\n", "utf-8")
    assert "desk.json" in office.run("doctor", "--offline", code=2).output
    (office.folder / "brev.eml").write_text("From: a@b.example\nSubject: hej\n\nhej\n", "utf-8")
    assert office.run("inspect", office.folder / "brev.eml").exit_code == 0


def test_what_a_killed_process_left_aside_goes_at_the_next_command(open_shop) -> None:
    shop: Shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    aside = shop.folder / "data" / "tmp"
    living = aside / f"{'a' * 64}.{os.getpid()}.7{fs.TEMPORARY}"
    dead = [aside / f"{'b' * 64}.4194399.0{fs.TEMPORARY}", aside / f"key.4194399.1{fs.TEMPORARY}"]
    for path in (living, *dead):
        path.write_bytes(b"halv")
    shop.run("note", 1, "--text", "hej")
    assert [path.name for path in aside.iterdir()] == [living.name]
