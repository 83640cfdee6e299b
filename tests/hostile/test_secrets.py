"""Secrets are nowhere: a word in every secret of a desk, every command run, and then looked for in all that was said,
stored, or handed to a program that was started; also in what a bug says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.test_first_fetch import at_a_terminal
from tests.commands.test_roles import LINES, LOOKS
from tests.conftest import ROOT, RULES, Office
from tests.growth import HANG
from tests.mails import simple

ENVIRONMENT, COMMAND, REFRESH, ACCESS = (f"kanarie-{one}-7Qz!ö" for one in ("miljo", "kommando", "fornya", "tillfalle"))
SERVERS = """\
sources:
  - {{name: support, imap: {{host: 127.0.0.1, port: 1, security: none, user: asa}}}}
  - {{name: post, imap: {{host: 127.0.0.1, port: 1, security: none, user: asa, password_command: "{script}"}}}}
  - {{name: moln, imap: {{host: 127.0.0.1, port: 1, security: none, user: asa, token_command: "{script}"}}}}
"""
SMTP = (
    "outgoing: {smtp: {host: 127.0.0.1, port: 1, security: none, user: asa}, undo: 0s, "
    'from: "Exempel support <support@exempel.example>"}'
)
MORE = (
    "audit show", "audit verify", "show 1 --json", "show 1 --history --why", "doctor", "fetch -v", "send -v", "drafts",
    "search Hej", "help", "inbox --json", "label 1 +finns-inte", "show 99", "fetch finns-inte", "search finns-inte",
)  # fmt: skip


def spellings(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield from (raw, raw.hex().encode(), json.dumps(secret)[1:-1].encode(), repr(raw)[2:-1].encode(), raw[:14])
    yield from (b64encode(bytes(before) + raw)[4:-4] for before in range(3))


@pytest.fixture
def desk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    script = tmp_path / "hemlig"
    script.write_text(f"#!/bin/sh\necho '{COMMAND}'\n")
    script.chmod(0o700)
    rules = "\n".join(SMTP if line.startswith("outgoing:") else line for line in RULES.splitlines())
    (office.folder / "rules.yaml").write_text(f"{rules}\n{SERVERS.format(script=script)}", "utf-8")
    for name in ("SUPPORT", "OUTGOING"):
        monkeypatch.setenv(f"TICKETCTL_PASSWORD_{name}", ENVIRONMENT)
    tokens = office.folder / "data" / "tokens"
    tokens.mkdir(mode=0o700)
    (tokens / "moln.json").write_text(json.dumps({"refresh_token": REFRESH, "access_token": ACCESS}))
    (tokens / "moln.json").chmod(0o600)
    monkeypatch.chdir(office.folder)
    for number in (1, 2, 3):
        office.make(number, fields={"category": "support"})
    return office


def secrets_of(office: Office) -> list[bytes]:
    key = office.session().key
    found = [one for secret in (ENVIRONMENT, COMMAND, REFRESH, ACCESS) for one in spellings(secret)]
    return [*found, key, key.hex().encode(), b64encode(key)]


def test_no_command_says_or_stores_a_secret(desk: Office) -> None:
    said = b""
    for line in (*LINES.values(), *LOOKS, *MORE):
        ended = desk.invoke(*line.split(), stdin=simple("Hej", "Hej", sender="a@kund.example").decode())
        said += ended.output.encode()
        assert ended.exception is None or isinstance(ended.exception, SystemExit), (line, ended.exception)
    assert b"could not connect" in said
    stored = {
        str(path.relative_to(desk.folder)): path.read_bytes()
        for path in desk.folder.rglob("*")
        if path.is_file() and path.name not in ("key", "desk.tar") and "tokens" not in path.parts
    }  # desk.tar is a backup: it has the desk's key, as docs/operations.md says, and no other secret
    assert all(secret not in (desk.folder / "desk.tar").read_bytes() for secret in secrets_of(desk)[:-3])
    for secret in secrets_of(desk):
        assert secret not in said
        assert [name for name, content in stored.items() if secret in content] == []


def spy(folder: Path, name: str, then: str = "") -> Path:
    """A program that writes down its environment, and the arguments of everything that runs."""
    path = folder / name
    seen = folder / f"{name}.seen"
    path.write_text(f"#!/bin/sh\n{{ env; cat /proc/[0-9]*/cmdline; }} > {seen} 2>/dev/null\n{then}\n")
    path.chmod(0o755)
    return path


STARTED = {  # the program → what is typed at a terminal so that it is started
    "editor of reply": ("reply 1 --draft", "EDITOR"),
    "editor of new": ("new --requester Eva", "EDITOR"),
    "editor of note": ("note 1", "EDITOR"),
    "pager": ("show 4 --full", "PAGER"),
    "crontab": ("cron install", "PATH"),
}


@pytest.mark.parametrize("name", STARTED)
def test_no_program_is_handed_a_secret(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    line, variable = STARTED[name]
    desk.make(4, text="rad\n" * 300, fields={"category": "support"})
    program = spy(tmp_path, name.replace(" ", "-"), '[ "$1" = -l ] || echo "Hej från redigeraren" > "$1"')
    monkeypatch.setenv(variable, f"{tmp_path}:{os.environ['PATH']}" if variable == "PATH" else str(program))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    if name == "crontab":
        desk.process(*line.split(), env={"PATH": os.environ["PATH"]})
    else:
        at_a_terminal(desk, "", *line.split())
    found = (tmp_path / f"{program.name}.seen").read_bytes()
    assert b"PATH=" in found and b"cmdline" not in found
    assert [one for one in secrets_of(desk) if one in found] == []


def test_a_command_that_prints_one_secret_is_handed_no_other(desk: Office, tmp_path: Path) -> None:
    spy(tmp_path, "hemlig", f"echo '{COMMAND}'")
    desk.process("fetch", "post", "moln", env={"TICKETCTL_PASSWORD_OUTGOING": ENVIRONMENT})
    found = (tmp_path / "hemlig.seen").read_bytes()
    assert b"PATH=" in found
    assert [one for one in secrets_of(desk) if one in found] == []


def test_no_bug_says_a_secret(desk: Office) -> None:
    """A traceback has lines of the program and its sentence, no values of variables."""
    code = (
        "from ticketctl import cli\nfrom ticketctl.channels.email.imap import source\n"
        "import ticketctl.channels.secrets as s\nreal = s.password\n"
        "def bug(*given):\n    secret = real(*given)\n    raise RuntimeError(f'{len(secret)} characters')\n"
        "s.password = bug\nimport sys\n"
        "for name, module in list(sys.modules.items()):\n"
        "    if name.startswith('ticketctl.') and getattr(module, 'password', None) is real: module.password = bug\n"
        "cli.main()\n"
    )
    env = {**os.environ, **desk.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, "fetch", "support", "-v"]
    ran = subprocess.run(command, capture_output=True, env=env, timeout=HANG, check=False)
    assert f"{len(ENVIRONMENT)} characters".encode() in ran.stdout + ran.stderr
    assert [one for one in secrets_of(desk) if one in ran.stdout + ran.stderr] == []
