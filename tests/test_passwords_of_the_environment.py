"""What ticketctl starts is not handed the passwords of its environment; and what a bug tells steers no terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.commands.test_first_fetch import at_a_terminal
from tests.conftest import ROOT
from tests.growth import HANG

SECRET = "kanariefagel-77"
GIVEN = {"TICKETCTL_PASSWORD_SUPPORT": SECRET, "TICKETCTL_PASSWORD_OUTGOING": SECRET}


def program(folder, name, then=""):
    """A program that writes down its environment."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nenv > {folder}/{name}.env\n{then}\n")
    path.chmod(0o755)
    return path


def seen(folder, name):
    text = (folder / f"{name}.env").read_text()
    assert "PATH=" in text
    return text


def test_the_editor(office, tmp_path, monkeypatch):
    office.make(1)
    editor = program(tmp_path, "editor", 'echo "Hej från redigeraren" > "$1"')
    for key, value in {**GIVEN, "EDITOR": str(editor)}.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("VISUAL", raising=False)
    at_a_terminal(office, "", "reply", "1", "--draft")
    assert SECRET not in seen(tmp_path, "editor")


def test_crontab(office, tmp_path):
    program(tmp_path, "crontab", "exit 1")
    office.process("cron", "show", env={**GIVEN, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    office.process("cron", "install", env={**GIVEN, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert SECRET not in seen(tmp_path, "crontab")


def test_the_pager(office, tmp_path, monkeypatch):
    office.make(1, text="rad\n" * 300)
    pager = program(tmp_path, "pager", "cat > /dev/null")
    for key, value in {**GIVEN, "PAGER": str(pager), "TERM": "xterm"}.items():
        monkeypatch.setenv(key, value)
    at_a_terminal(office, "", "show", "1", "--full")
    assert SECRET not in seen(tmp_path, "pager")


def test_the_password_is_found_all_the_same(office):
    rules = office.folder / "rules.yaml"
    imap = "{host: 127.0.0.1, port: 1, security: none, user: asa}"
    rules.write_text(rules.read_text() + f"sources: [{{name: support, imap: {imap}}}]\n")
    assert "no password" in office.process("fetch").stderr
    assert "could not connect" in office.process("fetch", env=GIVEN).stderr


@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_traceback_shows_no_raw_controls(where):
    raises = "def bug(): raise RuntimeError('said \\x1b[8m\\x1b]0;title\\x07')\n"
    calls = {"main": "cli.cli.main = lambda **_: bug()", "thread": "cli.cli.main = lambda **_: in_thread()"}[where]
    code = (
        f"import threading\nfrom ticketctl import cli\n{raises}"
        "def in_thread():\n t = threading.Thread(target=bug); t.start(); t.join()\n"
        f"{calls}\ncli.main()\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, timeout=HANG, check=False)
    assert b"RuntimeError" in ran.stderr and b"\x1b" not in ran.stderr and b"\x07" not in ran.stderr
