"""An SMTP server that drips, never ends, or repeats what we said to it."""

from __future__ import annotations

import re
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

import pytest

from tests.growth import HANG
from tests.servers import Scripted
from ticketctl.channels.email.smtp.client import LINES
from ticketctl.channels.email.smtp.sink import SmtpSink
from ticketctl.domain.config import SmtpOut
from ticketctl.ports.channels import SendFailed

SECRET = "kanariefagel-77"
MAIL = b"Subject: hej\r\n\r\nhej\r\n"


def answering(auth="PLAIN", **answers):
    """A script of a good server but for `answers`: command (DOT for the final one) → bytes or a function of `send`.
    %AUTH% is what the client said to log in."""
    usual = {"EHLO": b"250-here\r\n250 AUTH " + auth.encode() + b"\r\n", "AUTH": b"235 in\r\n", "DATA": b"354 go\r\n"}

    def script(send, hear):
        said = b""
        send(answers.get("greeting", b"220 ready\r\n"))
        while line := hear():
            command = line.split()[0].decode().upper()
            if command == "AUTH":
                said = line.strip()
            answer = answers.get(command, usual.get(command, b"250 ok\r\n"))
            answer(send) if callable(answer) else send(answer.replace(b"%AUTH%", said))
            if command == "AUTH" and callable(answer) is False and answer.startswith(b"334"):
                said += hear().strip()
                send(b"535 no\r\n")
            if command == "DATA" and not callable(answer) and answer.startswith(b"3"):
                while hear() not in (b".\r\n", b""):
                    pass
                dot = answers.get("DOT", b"250 queued\r\n")
                send(dot.replace(b"%AUTH%", said))
            if command == "QUIT":
                return

    return script


def drip(send):
    send(b"250-")
    while True:  # until it hangs up
        send(b"x")
        time.sleep(0.1)


def endless(send):
    while True:
        send(b"250-more\r\n" * 1_000)


@pytest.fixture
def sink():
    made = []

    def start(script, **fields):
        server = Scripted(script)
        config = {"user": "asa", "password_command": f"echo {SECRET}", "timeout": HANG, "deadline": HANG, **fields}
        settings = SmtpOut(host="127.0.0.1", port=server.port, security="none", **config)
        made.append((server, SmtpSink(settings, folder=Path(), environ={"PATH": "/usr/bin:/bin"})))
        return made[-1][1]

    yield start
    for server, one in made:
        server.close()
        one.close()


def send(sink):
    return sink.send("a@x.example", ["b@x.example"], MAIL)


def test_a_drip_at_quit_ends_in_time(sink):
    one, deadline = sink(answering(QUIT=drip), deadline=0.5), 0.5
    while not sent_by(one):  # a busy machine did not come so far in that time
        deadline *= 4
        one = sink(answering(QUIT=drip), deadline=deadline)
    start = time.monotonic()
    one.close()
    assert time.monotonic() - start < HANG


def sent_by(sink):
    try:
        return send(sink).detail == "250 queued"
    except SendFailed:
        return False


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"])
def test_an_answer_without_end_is_left(sink, command):
    one = sink(answering(**{command: endless}))
    if command == "QUIT":
        send(one)
        one.close()
        return
    with pytest.raises(SendFailed) as failure:
        send(one)
    assert f"more than {LINES} lines" in str(failure.value)
    assert not failure.value.permanent


REPEATED = {
    "AUTH": b"535 rejected: %AUTH%\r\n",
    "AUTH in lines": b"535-rejected:\r\n535 %AUTH%\r\n",
    "MAIL": b"451 rejected: %AUTH%\r\n",
    "RCPT": b"550 rejected: %AUTH%\r\n",
    "DATA": b"451 rejected: %AUTH%\r\n",
    "DOT": b"451 rejected: %AUTH%\r\n",
}


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("point", REPEATED)
def test_what_we_said_is_not_repeated(sink, point, mechanism):
    tokens = mechanism.startswith(("X", "O"))
    given = {"password_command": "", "token_command": f"echo {SECRET}"} if tokens else {}
    with pytest.raises(SendFailed) as failure:
        send(sink(answering(auth=mechanism, **{point.split()[0]: REPEATED[point]}), **given))
    told = str(failure.value)
    assert SECRET not in told
    for word in re.findall(r"[A-Za-z0-9+/=]{4,}", told):
        for start in range(4):
            with suppress(ValueError):
                assert SECRET.encode() not in b64decode(word[start:] + "===")


def test_a_refusal_that_gives_the_token_as_its_reason(sink):
    reason = b64encode(b'{"status":"' + SECRET.replace("-", "_").encode() + b'"}')
    script = answering(auth="XOAUTH2", AUTH=b"334 " + reason + b"\r\n")
    one = sink(script, password_command="", token_command=f"echo {SECRET.replace('-', '_')}")
    with pytest.raises(SendFailed) as failure:
        send(one)
    assert "kanariefagel" not in str(failure.value)


def test_a_text_of_a_server_is_cut(sink):
    with pytest.raises(SendFailed) as failure:
        send(sink(answering(MAIL=b"550-" + b"a" * 900 + b"\r\n550 " + b"b" * 900 + b"\x1b[8m\r\n")))
    assert len(str(failure.value)) < 700 and str(failure.value).isprintable()
