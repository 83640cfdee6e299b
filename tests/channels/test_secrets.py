"""Passwords come from a command or the environment, and show up nowhere."""

from __future__ import annotations

import time

import pytest

from tests.growth import HANG
from ticketctl.channels import secrets
from ticketctl.errors import ChannelFailed

CANARY = "kanariefågel-77"


def told(failure):
    return "".join(map(str, (failure.value, failure.value.__cause__, failure.value.__context__)))


def test_a_command_goes_before_the_environment():
    environ = {"TICKETCTL_PASSWORD_SUPPORT": "annat", "PATH": "/usr/bin:/bin"}
    assert secrets.password("support", f"echo '{CANARY}'; echo mer", environ) == CANARY
    assert secrets.password("support", "", environ) == "annat"
    assert secrets.token("support", "printf ya29", environ) == "ya29"


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("support", "TICKETCTL_PASSWORD_SUPPORT"),
        ("min-låda 2", "TICKETCTL_PASSWORD_MIN_LÅDA_2"),
    ],
)
def test_the_variable_is_named_after_the_source(name, variable):
    assert secrets.variable_of(name) == variable
    with pytest.raises(ChannelFailed, match=f"{name}: no password; .* set {variable}"):
        secrets.password(name, "", {})


def test_a_line_end_would_be_a_command_of_its_own():
    with pytest.raises(ChannelFailed, match="contains a line end; set it without") as failure:
        secrets.password("support", "", {"TICKETCTL_PASSWORD_SUPPORT": f"{CANARY}\r\nA1 LOGOUT"})
    assert CANARY not in told(failure)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (f"echo '{CANARY}'; echo '{CANARY}' >&2; exit 3", "failed .exit 3."),
        ("true", "printed nothing"),
        ("echo", "printed nothing"),
        (f"no-such-command-{CANARY}", "failed .exit 127."),
    ],
)
def test_a_command_that_fails_tells_no_secret(command, reason):
    with pytest.raises(ChannelFailed, match=f"support: password_command {reason}") as failure:
        secrets.password("support", command, {})
    assert CANARY not in told(failure)


def test_a_command_that_hangs_is_ended_with_all_it_started():
    start = time.monotonic()
    with pytest.raises(ChannelFailed, match=r"did not end within 0\.3 s"):
        secrets.run_command("support", "password_command", f"echo '{CANARY}'; sleep 300 & sleep 300", {}, seconds=0.3)
    assert time.monotonic() - start < HANG


def test_other_passwords_are_not_handed_to_it():
    environ = {"TICKETCTL_PASSWORD_OUTGOING": CANARY, "HOME": "/root", "PATH": "/usr/bin:/bin"}
    assert CANARY not in secrets.password("support", "env | tr '\\n' ' '", environ)
