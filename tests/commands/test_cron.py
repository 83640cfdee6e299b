"""`cron`, against a small working crontab, and the real one where the user has none of his own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FAKE = """\
#!/bin/sh
# Keeps what it is given in $CRONTAB_FILE, as crontab(1) does.
case "$1" in
  -l) if [ -f "$CRONTAB_FILE" ]; then cat "$CRONTAB_FILE"; else echo "no crontab for åsa" >&2; exit 1; fi ;;
  -) cat > "$CRONTAB_FILE.new"
     if grep -q '^bad' "$CRONTAB_FILE.new"; then echo "-:1: bad minute" >&2; exit 1; fi
     mv "$CRONTAB_FILE.new" "$CRONTAB_FILE" ;;
  -r) rm "$CRONTAB_FILE" ;;
  *) exit 2 ;;
esac
"""
OTHERS = "# egna rader, åäö\nMAILTO=åsa@exempel.example\n\n5 4 * * * backup --all '50\\%'\n"
REPORT = "report: {to: [alice], every: tuesday 06:45}\n"


@pytest.fixture
def table(tmp_path, monkeypatch) -> Path:
    """The crontab, kept in a file."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(FAKE, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CRONTAB_FILE", str(tmp_path / "crontab"))
    return tmp_path / "crontab"


@pytest.fixture
def desk(office):
    """A desk whose folder has a space and a per cent sign in its name, and that mails a report."""
    folder = office.folder.parent / "Åsas 100% 'desk'"
    shutil.move(office.folder, folder)
    office.folder = folder
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + REPORT, "utf-8")
    return office


def jobs(table):
    """Schedule → command, as cron hands it to the shell."""
    lines = [line for line in table.read_text("utf-8").splitlines() if "ticketctl" in line and not line.startswith("#")]
    return {" ".join(line.split()[:5]): handed_over(line.split(None, 5)[5]) for line in lines}


def handed_over(command):
    """What the shell gets of a line's sixth field: all up to the first % that has no backslash before it, which ends
    the command (the rest is its standard input); a backslash before a % goes, any other stays (crontab(5))."""
    return re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")


@pytest.mark.parametrize(
    ("command", "got"), [("date +%H", "date +"), (r"date +\%H", "date +%H"), (r"echo a\b", r"echo a\b")]
)
def test_what_cron_hands_over(command, got):
    assert handed_over(command) == got


def test_install_writes_the_jobs(desk, table):
    assert "4 jobs" in desk.say("cron", "install")
    found = jobs(table)
    assert list(found) == ["*/5 * * * *", "*/15 * * * *", "45 * * * *", "30 3 * * *"]
    assert all("--as system" in command for command in found.values())
    assert found["*/5 * * * *"].index("fetch -q") < found["*/5 * * * *"].index("send -q")


def test_what_cron_runs_works(desk, table):
    """Each line, run by the shell in an empty environment as cron does it, exits 0 and says nothing."""
    desk.make(1)
    desk.say("cron", "install")
    (desk.folder / "mail").mkdir()
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "sources: [{name: spool, maildir: mail}]\n", "utf-8")
    for part in ("cur", "new", "tmp"):
        (desk.folder / "mail" / part).mkdir()
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/",
        "TICKETCTL_NOW": desk.now.isoformat(),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    for command in jobs(table).values():
        done = subprocess.run(["/bin/sh", "-c", command], env=env, cwd="/", capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    with desk.store.reading() as inside:
        assert {"escalate", "purge", "report 2026-W46"} <= {run.name for run in inside.runs()}


def test_other_lines_stay_and_a_second_install_changes_nothing(desk, table):
    table.write_text(OTHERS, "utf-8")
    desk.say("cron", "install")
    once = table.read_bytes()
    assert once.startswith(OTHERS.encode())
    assert "already" in desk.say("cron", "install")
    assert table.read_bytes() == once
    desk.say("cron", "remove")
    assert table.read_text("utf-8") == OTHERS
    assert "no lines" in desk.say("cron", "remove")


def test_install_again_after_a_change_replaces_the_lines(desk, table):
    table.write_text(OTHERS, "utf-8")
    desk.say("cron", "install")
    table.write_text(table.read_text("utf-8") + "1 1 * * * last\n", "utf-8")
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("tuesday 06:45", "sunday 20:00"), "utf-8")
    desk.say("cron", "install")
    assert "0 * * * *" in jobs(table) and "45 * * * *" not in jobs(table)
    assert table.read_text("utf-8").startswith(OTHERS)
    assert "1 1 * * * last" in table.read_text("utf-8")
    assert table.read_text("utf-8").count("# >>> ticketctl") == 1


def test_two_desks_do_not_touch_each_other(desk, starter, table):
    desk.say("cron", "install")
    first = table.read_bytes()
    starter.say("cron", "install")
    assert len(table.read_text("utf-8").splitlines()) > len(first.splitlines())
    starter.say("cron", "remove")
    assert table.read_bytes() == first


def test_a_crontab_of_ours_alone_goes_with_us(desk, table):
    desk.say("cron", "install")
    desk.say("cron", "remove")
    assert not table.exists()


def test_a_desk_is_the_same_by_whatever_way_it_is_named(desk, table, tmp_path, monkeypatch):
    """Installed through a relative path with a link in it, removed by one who stands in the folder."""
    (tmp_path / "länk").symlink_to(desk.folder)
    beside = tmp_path / "bredvid"
    beside.mkdir()
    monkeypatch.chdir(beside)
    desk.say("--desk", "../länk", "cron", "install")
    assert f"# >>> ticketctl {desk.folder} >>>" in table.read_text("utf-8")
    assert "länk" not in table.read_text("utf-8") and ".." not in table.read_text("utf-8")
    monkeypatch.chdir(desk.folder / "data")
    env = {"TICKETCTL_DESK": ""}
    assert "Removed" in desk.process("cron", "remove", env=env).stdout
    assert not table.exists()


def test_install_and_remove_answer_as_json(desk, table):
    told = json.loads(desk.say("cron", "install", "--json"))
    assert told == {"desk": str(desk.folder), "lines": table.read_text("utf-8").splitlines(), "changed": True}
    assert json.loads(desk.say("--json", "cron", "install"))["changed"] is False
    assert json.loads(desk.say("cron", "remove", "--json")) == {**told, "changed": True}
    assert json.loads(desk.say("cron", "remove", "--json")) == {"desk": str(desk.folder), "lines": [], "changed": False}


def test_a_lost_marker_is_told_and_nothing_is_written(desk, table):
    desk.say("cron", "install")
    broken = "\n".join(table.read_text("utf-8").splitlines()[:-1]) + "\n"
    table.write_text(broken, "utf-8")
    assert "crontab -e" in desk.trouble("cron", "install", code=5)
    assert "crontab -e" in desk.trouble("cron", "remove", code=5)
    assert table.read_text("utf-8") == broken


def test_show_prints_what_install_writes(desk, table):
    shown = desk.say("cron", "show")
    assert not table.exists()
    assert json.loads(desk.say("cron", "show", "--json"))["installed"] is False
    desk.say("cron", "install")
    assert table.read_text("utf-8") == shown
    assert json.loads(desk.say("cron", "show", "--json"))["installed"] is True


def test_a_crontab_that_refuses_or_is_not_there(desk, table, monkeypatch):
    table.write_text("bad line\n", "utf-8")
    trouble = desk.trouble("cron", "install", code=1)
    assert "bad minute" in trouble and "your crontab is unchanged" in trouble
    assert table.read_text("utf-8") == "bad line\n"
    monkeypatch.setenv("PATH", "/nowhere")
    assert "--systemd" in desk.trouble("cron", "install", code=1)


def test_the_lines_are_shown_as_json_where_there_is_no_crontab(desk, table, monkeypatch):
    monkeypatch.setenv("PATH", str(table.parent / "nothing"))
    shown = json.loads(desk.say("cron", "show", "--json"))
    assert shown["installed"] is None and len(shown["lines"]) > 3


def test_a_user_who_may_have_no_crontab_is_told_of_timers(desk, table):
    program = table.parent / "bin" / "crontab"
    program.write_text("#!/bin/sh\necho 'åsa: not allowed to use this program' >&2; exit 1\n", "utf-8")
    trouble = desk.trouble("cron", "install", code=1)
    assert "not allowed" in trouble and "cron show --systemd" in trouble


def test_the_ticketctl_that_is_called_is_the_one_that_cron_calls(desk, table, tmp_path):
    program = tmp_path / "venv 2" / "ticketctl"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom ticketctl.cli import main\nmain()\n", "utf-8")
    program.chmod(0o755)
    env = {**os.environ, **desk.environment(), "PYTHONPATH": str(Path(__file__).parents[2])}
    for call, cwd in (["./venv 2/ticketctl"], tmp_path), ([str(program)], Path("/")):
        done = subprocess.run([*call, "cron", "show"], env=env, cwd=cwd, capture_output=True, text=True, check=True)
        assert f" '{program}' --desk " in done.stdout


def test_a_folder_that_no_crontab_can_hold(office, table):
    office.folder = office.folder.rename(office.folder.parent / "två\nrader")
    assert "line break" in office.trouble("cron", "install", code=5)


def test_no_report_line_without_anybody_to_mail_it_to(office, table):
    office.say("cron", "install")
    assert list(jobs(table)) == ["*/5 * * * *", "*/15 * * * *", "30 3 * * *"]


def test_systemd_units_are_what_systemd_accepts(desk, tmp_path):
    told = desk.say("cron", "show", "--systemd")
    units = tmp_path / "units"
    units.mkdir()
    for part in told.split("# ticketctl-")[1:]:
        name, _, text = part.partition("\n")
        (units / f"ticketctl-{name}").write_text(text, "utf-8")
    assert json.loads(desk.say("cron", "show", "--systemd", "--json"))["units"].keys() == set(os.listdir(units))
    desk_part = re.search(r"ticketctl-(asas-100-desk-[0-9a-f]{8})-fetch\.timer", told)[1]
    assert sorted(path.name for path in units.iterdir()) == sorted(
        f"ticketctl-{desk_part}-{job}.{kind}"
        for job in ("fetch", "send", "escalate", "report", "purge")
        for kind in ("service", "timer")
    )
    assert "OnCalendar=*-*-* *:45:00" in told
    assert "100%% 'desk'\"" in told
    if shutil.which("systemd-analyze"):
        env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        done = subprocess.run(
            ["systemd-analyze", "verify", "--user", *units.iterdir()],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_units_of_two_desks_have_names_of_their_own(desk, office, tmp_path):
    """Also where both folders have the same name."""
    first = json.loads(desk.say("cron", "show", "--systemd", "--json"))["units"]
    other = tmp_path / "annan" / desk.folder.name
    shutil.copytree(desk.folder, other)
    second = json.loads(desk.say("--desk", other, "cron", "show", "--systemd", "--json"))["units"]
    assert len(first) == len(second) == 10
    assert not first.keys() & second.keys()


def _own_crontab() -> bool:
    if not shutil.which("crontab"):
        return True
    done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    return not (done.returncode and "no crontab" in done.stderr)


@pytest.mark.skipif(_own_crontab(), reason="no crontab command, or a crontab that is not to be touched")
def test_the_real_crontab_takes_the_lines(desk):
    try:
        desk.say("cron", "install")
        listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=True).stdout
        assert listed == desk.say("cron", "show")
        assert "already" in desk.say("cron", "install")
        desk.say("cron", "remove")
        assert "no crontab" in subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False).stderr
    finally:
        subprocess.run(["crontab", "-r"], check=False)
