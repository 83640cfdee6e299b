"""The command line as a whole: start-up, exit codes, pipes, signals, colours, help."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.growth import HANG
from ticketctl.cli import COMMANDS, HELP, MODULES, cli
from ticketctl.errors import TicketctlError, classes

HEAVY = {
    *("yaml", "jinja2", "dateutil", "imap_tools", "email", "tabulate", "tinydb"),
    *("asyncio", "concurrent.futures", "subprocess", "socket", "ssl", "logging", "re2"),
}
# Their tables and patterns take some milliseconds each, which only who reads, writes or masks mail must pay.
OF_MAIL = {
    *(f"ticketctl.domain.text.{name}" for name in ("tips", "quotes", "signatures", "language", "thanks")),
    *(f"ticketctl.domain.{name}" for name in ("privacy.masking", "mail.auto_mail_phrases", "reply.check")),
    *("json", "shutil", "click.shell_completion"),
}
LOADED = (
    "import atexit, sys; sys.argv = ['ticketctl', *{args!r}]\n"
    "atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr))\n"
    "from ticketctl.cli import main\n"
    "main()"
)


def loaded(office, *args):
    """The modules that one command imported."""
    env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", LOADED.format(args=args)], capture_output=True, text=True, env=env)
    return set(done.stderr.split("LOADED", 1)[1].split())


def test_help_imports_nothing_heavy_and_no_command(office):
    modules = loaded(office, "--help")
    assert not HEAVY & modules
    assert not {name for name in modules if name.startswith(("ticketctl.commands.", "ticketctl.usecases", "msgspec"))}


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["board"], ["list", "--search", "x"]])
def test_what_people_look_at_imports_nothing_heavy(office, command):
    office.make(1)
    office.process("list")  # compiles rules.yaml once
    assert not (HEAVY | OF_MAIL) & loaded(office, *command)


def test_help_lists_every_command_under_its_heading(office):
    shown = office.say("--help")
    for heading, commands in COMMANDS.items():
        assert f"{heading}:" in shown
        for name, told in commands.items():
            assert re.search(rf"^  {name} +{re.escape(told)}$", shown, re.MULTILINE), name


def test_each_kind_of_error_has_its_own_exit_code():
    codes = [kind.exit_code for kind in classes()]
    assert len(codes) == len(set(codes)) and 0 not in codes
    assert all(kind.meaning for kind in classes())
    known = {kind.exit_code for kind in classes()}
    kinds = [TicketctlError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        assert kind.exit_code in known, f"{kind.__name__} has an exit code that the table does not explain"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["list"], 0),
        (["list", "--nonsense"], 2),
        (["show", "99"], 4),
        (["reopen", "1"], 5),
        (["nonsense"], 2),
        (["show"], 2),
        (["--version"], 0),
        (["list", "--help"], 0),
    ],
)
def test_exit_codes(office, command, code):
    office.make(1)
    done = office.process(*command)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == bool(code), "trouble goes to stderr, answers to stdout"


def test_no_desk(office, tmp_path):
    empty = tmp_path / "tomt"
    empty.mkdir()
    env = {"TICKETCTL_DESK": ""}
    done = office.process("list", cwd=empty, env=env)
    assert done.returncode == 3 and "ticketctl init" in done.stderr
    assert office.process("list", cwd=office.folder / "data", env=env).returncode == 0, "found upwards, as git does"
    assert office.process("--desk", empty, "list").returncode == 3


def test_faulty_rules_are_told_with_their_line(office):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + "lables: [x]\n")
    office.make(1)
    assert "rules.yaml:19:1" in office.trouble("show", 1, code=2)


def test_an_unknown_command_and_the_one_that_was_meant(office):
    assert "did you mean `assign`?" in office.trouble("asign", code=2)
    assert "`ticketctl help` lists them" in office.trouble("xyzzy", code=2)


@pytest.mark.parametrize("command", [["--json", "list"], ["list", "--json"]])
def test_json_before_and_after_the_command(office, command):
    office.make(1)
    assert office.say(*command).startswith('{"number": 1')


def test_desk_and_agent_after_the_command(office, tmp_path):
    office.make(1)
    env = {"TICKETCTL_DESK": "", "TICKETCTL_AS": ""}
    done = office.process("assign", "1", "me", "--as", "bo", "--desk", office.folder, env=env, cwd=tmp_path)
    assert done.returncode == 0 and office.get(1).assignee == "bo"


def test_an_agent_that_does_not_exist(office):
    office.make(1)
    assert "alice, bo, vera" in office.trouble("--as", "xyz", "note", 1, "x", user="", code=2)


@pytest.mark.parametrize("words", [["list"], ["show", 1], ["board"], ["export"], ["explain", 1]])
def test_who_does_not_exist_reads_nothing_either(office, words):
    office.make(1)
    told = office.run(*words, "--as", "alise", user="", code=2)
    assert (told.stdout, "did you mean 'alice'" in told.stderr) == ("", True)
    assert "did you mean 'alice'" in office.trouble(*words, user="alise", code=2)


@pytest.mark.parametrize(
    ("command", "shown"),
    [("triage", "[TICKET]..."), ("send", "[ID]"), ("note", "TICKET... [TEXT]"), ("reply", "TICKET..."),
     ("link", "TICKET..."), ("explain", "TICKET...")],
)  # fmt: skip
def test_the_usage_line_shows_what_may_be_left_out(office, command, shown):
    assert office.say(command, "--help").splitlines()[0] == f"Usage: ticketctl {command} [OPTIONS] {shown}"


def test_the_reader_may_go_away(office):
    for _ in range(3):
        office.make(text="rad\n" * 20_000)
    env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = f"{sys.executable} -m ticketctl show 1-3 --json | head -c 10; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=env)
    assert done.stdout.endswith("0\n") and done.stderr == ""


def _until_it_reads(pipe):
    """Writes a byte and waits until it was taken: then the process sits in its read of standard input."""
    os.write(pipe.fileno(), b"x")
    ends = time.monotonic() + HANG
    while struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]:
        assert time.monotonic() < ends, "it never reads"
        time.sleep(0.01)


@pytest.mark.parametrize("words", [["note", "1"], ["fetch", "-"]])  # both wait for their standard input
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_without_a_traceback(office, number, code, words):
    office.make(1)
    env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(
        [sys.executable, "-m", "ticketctl", *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    )
    _until_it_reads(running.stdin)
    running.send_signal(number)
    _, trouble = running.communicate(timeout=HANG)
    assert running.returncode == code and b"Traceback" not in trouble and b"Fatal" not in trouble
    assert len(office.get(1).messages) == 1


def test_what_is_said_after_ctrl_c_begins_a_line(office):
    office.make(1)
    main, terminal = os.openpty()
    env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "ticketctl", "note", "1"]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=terminal, env=env)
    _until_it_reads(running.stdin)
    running.send_signal(signal.SIGINT)
    assert running.wait(HANG) == 130
    assert os.read(main, 100) == b"\r\nticketctl: stopped\r\n"
    os.close(main)
    os.close(terminal)


def test_colour_only_on_a_terminal_that_wants_it(office):
    import pty

    office.make(1, priority="high")
    assert "\x1b" not in office.process("list").stdout
    for wish, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        main, terminal = pty.openpty()
        env = {**os.environ, **office.environment(), "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", **wish}
        running = subprocess.Popen([sys.executable, "-m", "ticketctl", "list"], stdout=terminal, env=env)
        os.close(terminal)
        shown = b""
        try:
            while data := os.read(main, 4096):
                shown += data
        except OSError:  # the other end was closed
            pass
        assert running.wait(HANG) == 0 and (b"\x1b[" in shown) == coloured, wish


def test_python_dash_m_is_the_command(office):
    assert office.process("--version").stdout.startswith("ticketctl ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(office, shell):
    script = office.say("completion", shell)
    assert "_TICKETCTL_COMPLETE" in script and "ticketctl" in script
    if shutil.which(shell):
        assert subprocess.run([shell, "-n", "/dev/stdin"], input=script, text=True, check=False).returncode == 0


def completed(typed, **environ):
    """What is offered for the last of the words typed."""
    from click.shell_completion import ShellComplete

    complete = ShellComplete(cli, {}, "ticketctl", "_TICKETCTL_COMPLETE")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        return [item.value for item in complete.get_completions(typed[:-1], typed[-1])]


@pytest.fixture
def four(office):
    """Tickets 1 and 2 are open, 3 is closed, 4 merged into 1."""
    for _ in range(4):
        office.make()
    office.say("close", 3, "--set", "category=support")
    office.say("merge", 4, "--into", 1)
    return office


FIELDS = ["category=faktura", "category=support", "category=sälj", "area=butik", "area=app", "order_number="]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["show", ""], ["1", "2"]),
        (["show", "#1"], ["1"]),
        (["close", "1", "#2"], ["2"]),
        (["reopen", ""], ["3"]),
        (["unmerge", ""], ["4"]),
        (["assign", "1", "b"], ["bo"]),
        (["priority", "1", "h"], ["high"]),
        (["label", "1", ""], ["1", "2", "drift", "vip", "reklamation"]),
        (["label", "1", "v"], ["vip"]),
        (["label", "1", "+v"], ["+vip"]),
        (["label", "1", "+"], ["+drift", "+vip", "+reklamation"]),
        (["label", "1", "-v"], ["-vip"]),
        (["label", "1", "-vip", "-d"], ["-drift"]),
        (["label", "1", "--remove", "v"], ["vip"]),
        (["close", "1", "--cause", "l"], ["leverans"]),
        (["close", "1", "--set", ""], FIELDS),
        (["close", "1", "--set", "category=f"], ["category=faktura"]),
        (["new", "--set", "area=b"], ["area=butik"]),
        (["list", "--field", ""], FIELDS),
        (["list", "--field", "category=s"], ["category=support", "category=sälj"]),
        (["set", "1", "category=f"], ["category=faktura"]),
        (["--as", "a"], ["alice"]),
        (["assign", "1", "--as", "v"], ["vera"]),
        (["fetch", "s"], ["support", "säljbrevlådan"]),
        (["reply", "1", "--snippet", "aut"], ["autosvar"]),
        (["cl"], ["close"]),
    ],
)
def test_what_is_completed(four, typed, offered):
    """All that is, and nothing twice."""
    rules = four.folder / "rules.yaml"
    rules.write_text(rules.read_text() + "sources: [{name: support, maildir: a}, {name: säljbrevlådan, mbox: b}]\n")
    for language in "sv", "en":
        (four.folder / "snippets" / language / "autosvar.j2").write_text("Subject: Hej\n\nHej\n")
    found = completed(typed, **four.environment())
    assert found == offered


def test_a_desk_named_after_the_command_is_completed_from(office, tmp_path, monkeypatch):
    office.make(7)
    monkeypatch.chdir(tmp_path)
    assert completed(["show", ""], TICKETCTL_DESK="") == []
    assert completed(["show", "--desk", str(office.folder), ""], TICKETCTL_DESK="") == ["7"]
    assert completed(["--desk", str(office.folder), "show", ""], TICKETCTL_DESK="") == ["7"]
    assert completed(["label", "7", "--desk", str(office.folder), "-v"], TICKETCTL_DESK="") == ["-vip"]


@pytest.mark.parametrize("command", [["--json", "completion", "bash"], ["completion", "--json", "bash"]])
def test_a_completion_script_is_no_json(office, command):
    assert "leave --json out" in office.trouble(*command, code=2)


def test_completion_without_a_desk_is_quiet(office, tmp_path):
    env = {"_TICKETCTL_COMPLETE": "bash_complete", "COMP_WORDS": "ticketctl show ", "COMP_CWORD": "2"}
    env["TICKETCTL_DESK"] = ""
    done = office.process(cwd=tmp_path, env=env)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_every_command_has_its_module():
    from importlib.util import find_spec

    assert [name for name in HELP if find_spec(f"ticketctl.commands.{MODULES.get(name, name)}") is None] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_another_users_desk_is_not_used_because_one_stands_in_it(office, tmp_path):
    """Its rules.yaml says which commands print passwords, and they run as whoever calls."""
    os.chown(office.folder / "rules.yaml", 65534, 65534)
    env = {"TICKETCTL_DESK": ""}
    done = office.process("list", cwd=office.folder, env=env)
    assert done.returncode == 3 and "another user" in done.stderr
    assert office.process("--desk", office.folder, "list", env=env).returncode == 0
