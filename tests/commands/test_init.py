"""`init` makes a desk that works as it is, and never writes over anything."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import Office
from ticketctl.cli import cli
from ticketctl.store.tiny.checking import PUBLIC

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "ticketctl" / "starter"


def git(*args: object) -> str:
    return subprocess.run(["git", *map(str, args)], capture_output=True, text=True, check=True).stdout


def init(*args: object, code: int = 0) -> Result:
    result = CliRunner(env={"TICKETCTL_DESK": ""}).invoke(cli, [str(arg) for arg in args], prog_name="ticketctl")
    assert result.exit_code == code, result.output
    return result


def test_a_new_folder_becomes_a_desk(tmp_path: Path) -> None:
    desk = tmp_path / "nytt" / "kundtjänst"
    old = os.umask(0)
    try:
        said = init("init", desk).stdout
    finally:
        os.umask(old)
    assert str(desk) in said and "Next:" in said and "ticketctl doctor" in said
    assert (desk / "rules.yaml").read_bytes() == (STARTER / "rules.yaml").read_bytes()
    assert {path.name for path in desk.iterdir()} == {"rules.yaml", "data", "snippets"}
    assert {path.name for path in (desk / "data").iterdir()} == {"README.md", ".gitignore"}
    assert {path.name for path in (desk / "snippets").iterdir()} == {"sv", "en"}
    assert (desk / "data").stat().st_mode & 0o777 == 0o700


def test_with_the_global_option_and_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init("--desk", tmp_path / "a", "init")
    init("init", "--desk", tmp_path / "b")
    (tmp_path / "c").mkdir()
    monkeypatch.chdir(tmp_path / "c")
    init("init")
    for name in "abc":
        assert (tmp_path / name / "rules.yaml").is_file()


def test_the_new_desk_works_at_once_without_network(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    init("init", desk)
    assert "16 rules" in init("--desk", desk, "rules", "check").stdout
    init("--desk", desk, "new", "--requester", "anna@kund.example", "--subject", "Det ligger nere", "--text", "Hjälp!")
    assert "Det ligger nere" in init("--desk", desk, "list").stdout


def test_a_desk_is_never_written_over(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    init("init", desk)
    (desk / "rules.yaml").write_text("version: 1\n", "utf-8")
    assert "is a desk already" in init("init", desk, code=5).stderr
    assert (desk / "rules.yaml").read_text("utf-8") == "version: 1\n"


def test_what_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.bak\n", "utf-8")
    (tmp_path / "snippets" / "sv").mkdir(parents=True)
    (tmp_path / "snippets" / "sv" / "mottaget.j2").write_text("Subject: vårt\nvårt\n", "utf-8")
    (tmp_path / "snippets" / "en").symlink_to(tmp_path / "snippets" / "sv")
    init("init", tmp_path)
    assert (tmp_path / ".gitignore").read_text("utf-8") == "*.bak\n"
    assert (tmp_path / "snippets" / "sv" / "mottaget.j2").read_text("utf-8") == "Subject: vårt\nvårt\n"
    assert (tmp_path / "rules.yaml").is_file()


def test_where_it_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert "no desk was made" in init("init", tmp_path / "file" / "desk", code=10).stderr


def test_json(tmp_path: Path) -> None:
    told = json.loads(init("--json", "init", tmp_path / "d").stdout)
    assert told["desk"] == str(tmp_path / "d")
    assert {"rules.yaml", "data", "data/.gitignore", "data/README.md", "snippets/sv/mottaget.j2"} <= set(told["made"])


def test_git_sees_of_data_only_what_init_wrote(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    init("init", desk)
    init("--desk", desk, "new", "--requester", "anna@kund.example", "--subject", "Det ligger nere", "--text", "Hjälp!")
    git("init", "--quiet", desk)
    assert git("-C", desk, "status", "--porcelain", "--untracked-files=all", "data").split() == [
        "??", "data/.gitignore", "??", "data/README.md",
    ]  # fmt: skip


def test_data_is_made_private_at_first_use(tmp_path: Path) -> None:
    """As in a clone: Git keeps no modes."""
    desk = tmp_path / "desk"
    init("init", desk)
    (desk / "data").chmod(0o755)
    assert "made private at first use" in init("--desk", desk, "doctor", "--offline").stdout
    assert (desk / "data").stat().st_mode & 0o777 == 0o755  # doctor changes nothing
    init("--desk", desk, "new", "--requester", "anna@kund.example", "--subject", "Det ligger nere", "--text", "Hjälp!")
    assert (desk / "data").stat().st_mode & 0o777 == 0o700
    said = init("--desk", desk, "doctor", "--offline").stdout
    assert "private (mode 0700)" in said and "foreign files" not in said and "may read it" not in said


def test_the_repository_is_a_desk_with_the_same_data_folder() -> None:
    for name, source in ((".gitignore", "gitignore"), ("README.md", "README.md")):
        assert (ROOT / "data" / name).read_bytes() == (STARTER / "data" / source).read_bytes()


def test_nobody_else_may_write_it_whatever_the_umask(tmp_path: Path) -> None:
    """rules.yaml names commands that are run, and snippets become mail."""
    before = os.umask(0)
    try:
        init("init", tmp_path / "a" / "desk")
        office = Office(tmp_path / "a" / "desk")
        office.run("new", "--text", "Hej", user="alice")
        office.run("show", 1)
        os.umask(0o777)
        office.run("note", 1, "under a umask that leaves nothing")
    finally:
        os.umask(before)
    for path in (office.folder, *office.folder.rglob("*")):
        mode = path.stat().st_mode & 0o777
        assert mode & 0o022 == 0, path
        if office.folder / "data" in (path, *path.parents) and path.name not in PUBLIC:
            assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))
    told = office.say("doctor", "--offline")
    assert "access" not in told
    for name in ("rules.yaml", "snippets/sv/mottaget.j2", "."):
        (office.folder / name).chmod(0o777)
        assert "others may write" in office.invoke("doctor", "--offline").output, name
        (office.folder / name).chmod(0o755)
