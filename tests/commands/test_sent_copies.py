"""Copies of replies in the Sent folder of a real Dovecot: each once, whatever dies in between, and nothing waits for
them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest

from tests.conftest import ROOT, RULES, Office
from tests.growth import HANG
from tests.servers import PASSWORD, Dovecot, Scripted, dovecot
from ticketctl.config import load
from ticketctl.domain.ticket.message import Person
from ticketctl.errors import BadRules

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot

ON_DISK = "Skickat-&APY-"  # in modified UTF-7, as the server keeps it


class Account:
    """An office whose replies are copied into an account of its own."""

    def __init__(self, office: Office, server: Dovecot, user: str) -> None:
        self.office, self.server, self.user = office, server, user
        self.rules()
        office.make(17, requester=Person("anna@kund.example", "Anna Åström"))
        self.make_folder()

    def rules(self, sent: str = "support", port: int = 0) -> None:
        port = port or self.server.port
        source = f"host: 127.0.0.1, port: {port}, security: none, user: {self.user}, timeout: 2"
        text = RULES.replace("undo: 0s", f"undo: 0s, sent: {sent}")
        text += f"sources:\n  - {{name: support, imap: {{{source}}}}}\n"
        (self.office.folder / "rules.yaml").write_text(text, encoding="utf-8")

    def make_folder(self, name: str = ON_DISK) -> None:
        self.server.deliver(self.user, [], name)

    def copies(self, folder: str = ON_DISK) -> list[tuple[bytes, str]]:
        """What lies in the folder: bytes and flags."""
        with self.server.client(self.user, f'"{folder}"') as client:
            found = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")[1]
        return [(one[1], one[0].decode()) for one in found if isinstance(one, tuple)]

    def waiting(self) -> int:
        with self.office.store.reading() as desk:
            return len(list(desk.facts("sent copy ")))


@pytest.fixture
def account(
    office: Office, dovecot: Dovecot, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Account:
    monkeypatch.setenv("TICKETCTL_PASSWORD_SUPPORT", PASSWORD)
    return Account(office, dovecot, re.sub(r"\W+", "-", request.node.name).lower()[-40:])


@contextmanager
def between(port: int, when: str) -> Iterator[tuple[int, list[int]]]:
    """A port that leads to the server's; when APPEND has been heard, or answered, the victim is killed."""
    victims: list[int] = []

    def script(send: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            tag = b""

            def answers() -> None:
                with suppress(OSError), server.makefile("rb") as lines:
                    for line in lines:
                        if tag and line.startswith(tag):
                            os.kill(victims[0], signal.SIGKILL)
                            return
                        send(line)

            threading.Thread(target=answers, daemon=True).start()
            while line := hear():
                if b" APPEND " in line:
                    if when == "before":
                        os.kill(victims[0], signal.SIGKILL)
                        return
                    tag = line.split()[0] + b" "
                server.sendall(line)

    server = Scripted(script)
    try:
        yield server.port, victims
    finally:
        server.close()


def raw(office: Office) -> bytes:
    return office.store.blobs.get(office.get(17).messages[-1].raw)


def test_the_same_bytes_lie_in_the_servers_sent_folder_as_read(account: Account) -> None:
    office = account.office
    assert "reply sent to" in office.say("reply", 17, "--text", "Hej Anna! Åäö")
    ((copy, told),) = account.copies()
    assert copy == raw(office)
    assert "\\Seen" in told
    assert account.waiting() == 0
    office.run("send")
    assert len(account.copies()) == 1
    assert "copies of replies are put into 'Skickat-ö' of support" in office.run("doctor").stdout


def test_a_folder_by_name_and_one_that_is_not_there(account: Account) -> None:
    office = account.office
    account.make_folder("Egna.Svar")
    account.rules("{source: support, folder: Egna.Svar}")
    office.run("reply", 17, "--text", "Hej")
    assert (len(account.copies("Egna.Svar")), len(account.copies())) == (1, 0)
    account.rules("{source: support, folder: Borta}")
    result = office.run("reply", 17, "--text", "Hej igen")
    assert "#17: reply sent to anna@kund.example" in result.stdout
    assert "there is no copy in the Sent folder yet" in result.stderr and "'Borta'" in result.stderr
    assert account.waiting() == 1
    assert "1 reply without a copy" in office.say("doctor", "--offline")
    account.rules()
    assert "Sent" not in office.run("send").stderr, "not asked again at once"
    office.now += timedelta(minutes=5)
    office.run("send")
    assert (len(account.copies()), account.waiting()) == (1, 0)


def test_what_the_provider_put_there_itself_does_not_come_twice(account: Account) -> None:
    office = account.office
    office.run("reply", 17, "--text", "Hej", "--queue")
    account.server.deliver(account.user, [raw(office)], ON_DISK)
    office.run("send")
    assert (len(account.copies()), account.waiting()) == (1, 0)


def test_nothing_but_replies_is_copied(account: Account) -> None:
    office = account.office
    office.run("note", 17, "Bara för oss")
    office.run("reply", 17, "--text", "Utkast", "--draft")
    office.run("reply", 17, "--text", "Sedan", "--later", "monday")
    office.run("send")
    assert account.copies() == []


def test_a_server_that_is_down_delays_nothing_and_is_asked_less_and_less(account: Account) -> None:
    office = account.office
    account.rules(port=1)
    for text in ("Ett", "Två"):
        assert "reply sent to" in office.run("reply", 17, "--text", text).stdout
    assert account.waiting() == 2
    assert office.run("send", "-q").stderr == "", "cron is not troubled; doctor tells"
    for _ in range(40):
        office.now += timedelta(hours=4)
        office.run("send", "-q")
    assert account.waiting() == 0, "given up: the ticket has the reply"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_append_there_is_one_copy(account: Account, when: str) -> None:
    """A go-between that kills us when we append: before the server has the copy, or once it has it."""
    office = account.office
    office.run("reply", 17, "--text", "Hej", "--queue")
    with between(account.server.port, when) as (port, victims):
        account.rules(port=port)
        command = [sys.executable, "-m", "ticketctl", "send"]
        gate = [sys.executable, "-c", f"import os; input(); os.execv({sys.executable!r}, {command!r})"]
        env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(gate, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        victims.append(process.pid)
        process.communicate(b"\n", timeout=HANG)
        assert process.returncode == -signal.SIGKILL
    assert len(account.copies()) == (when == "after")
    assert account.waiting() == 1, "not forgotten"
    assert office.get(17).messages[-1].delivery == "sent"
    account.rules()
    office.run("send")
    assert (len(account.copies()), account.waiting()) == (1, 0)


def test_what_is_not_to_be_copied_any_more_is_forgotten(account: Account) -> None:
    office = account.office
    account.rules(port=1)
    office.run("reply", 17, "--text", "Hej")
    (office.folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    office.now += timedelta(hours=1)
    office.run("send")
    assert account.waiting() == 0


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("nobody", "unknown imap source 'nobody'"),
        ("{folder: Sent}", "'source' is missing"),
        ("{source: support, box: x}", "unknown key 'box'"),
        ("[]", "expected"),
    ],
)
def test_what_is_no_sent_folder(office: Office, sent: str, told: str) -> None:
    text = RULES.replace("undo: 0s", f"sent: {sent}") + "sources: [{name: support, imap: {host: h.example, user: u}}]\n"
    (office.folder / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRules) as caught:
        load(office.folder / "rules.yaml")
    assert told in str(caught.value)
