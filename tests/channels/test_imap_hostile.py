"""The IMAP source against servers that lie, drip, hang up or strip TLS: one line, in time, and no password."""

from __future__ import annotations

import ssl
import time
from datetime import datetime

import pytest

from tests.growth import HANG
from tests.servers import Scripted, certificates
from ticketctl.channels.email.imap.answers import flag, listed, literals
from ticketctl.channels.email.imap.source import Imap
from ticketctl.domain.config import ImapSource
from ticketctl.errors import ChannelFailed

SECRET = "kanariefagel-77"
GREETING = b"* OK ready\r\n"


@pytest.fixture
def serve():
    """`serve(script, context=None)` → a running server."""
    running = []

    def start(script, context=None):
        running.append(Scripted(script, context))
        return running[-1]

    yield start
    for server in running:
        server.close()


SOON = {"timeout": 1, "deadline": 1}  # for servers that say nothing more


def fetch(server, places=None, folder=None, **fields):
    config = {
        "name": "support",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": "asa",
        "timeout": HANG,
        "deadline": HANG,
        **fields,
    }
    source = Imap(ImapSource(**config), environ={"TICKETCTL_PASSWORD_SUPPORT": SECRET}, folder=folder)
    try:
        return list(source.fetch(places or {}))
    finally:
        source.close()


def answering(**answers):
    """A script of a server that is good but for `answers`: command → lines (bytes), or a function of `send`."""
    usual = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n",
        "LOGIN": b"",
        "LOGOUT": b"* BYE\r\n",
        "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 5] ok\r\n",
        "UID": b'* 1 FETCH (UID 7 RFC822.SIZE 4 INTERNALDATE "20-Nov-2026 09:00:00 +0000")\r\n',
    }

    def script(send, hear):
        greeting = answers.get("greeting", GREETING)
        greeting(send) if callable(greeting) else send(greeting)
        while line := hear():
            tag, command = line.split()[:2]
            answer = answers.get(command.decode(), usual.get(command.decode(), b""))
            if callable(answer):
                answer(send)
                continue
            done = b"" if answer.startswith(b"!") else tag + b" OK done\r\n"
            send((answer.lstrip(b"!") + done).replace(b"%TAG%", tag))

    return script


def drip(send):
    while True:  # until it hangs up
        send(b"*")
        time.sleep(0.2)


def hang_up(_send):
    raise OSError("enough")


def failing(server, **fields):
    """The line that the failure tells, which came within the deadline."""
    start = time.monotonic()
    with pytest.raises(ChannelFailed) as failure:
        fetch(server, **fields)
    assert time.monotonic() - start < HANG
    text = str(failure.value)
    assert SECRET not in text
    assert text.startswith("support: ")
    assert "\n" not in text
    return text


HANGS = {
    "greeting that drips": {"greeting": drip},
    "no greeting": {"greeting": lambda send: time.sleep(2 * HANG)},
    "login that drips": {"LOGIN": drip},
    "folder that drips": {"EXAMINE": drip},
    "mail that drips": {"UID": drip},
}


@pytest.mark.parametrize("fault", HANGS)
def test_a_server_that_hangs_or_drips_is_left_in_time(serve, fault):
    assert "too slow" in failing(serve(answering(**HANGS[fault])), **SOON)


FAULTS = {
    "bye as greeting": {"greeting": b"* BYE go away\r\n"},
    "rubbish as greeting": {"greeting": b"\xff\xfe\x00rubbish\r\n"},
    "hangs up at once": {"greeting": hang_up},
    "hangs up while fetching": {"UID": hang_up},
    "bye at login": {"LOGIN": b"* BYE closing\r\n!"},
    "bye while fetching": {"UID": b"!* BYE restarting\r\n"},
    "rubbish while fetching": {"UID": b"!\x00\x00 what\r\n"},
    "bad": {"UID": b"!%TAG% BAD no such command\r\n"},
    "no": {"UID": b"!%TAG% NO not today\r\n"},
    "a literal that ends too soon": {"UID": b"!* 1 FETCH (UID 7 BODY[] {100000}\r\nFrom: a\r\n"},
    "a literal beyond all memory": {"UID": b"!* 1 FETCH (UID 7 BODY[] {99999999999999999}\r\nFrom: a\r\n"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_breaks_off_is_one_line(serve, fault):
    failing(serve(answering(**FAULTS[fault])), **SOON)


def test_nobody_there():
    class Nobody:
        port = 1

    assert "127.0.0.1:1: could not connect: " in failing(Nobody)


def test_an_answer_that_repeats_the_password_is_not_shown(serve):
    server = serve(answering(LOGIN=b"!%TAG% NO wrong password " + SECRET.encode() + b"\r\n"))
    assert "refused the password of asa" in failing(server)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """With the certificate of `localhost` and the authority that signed it."""
    folder = tmp_path_factory.mktemp("tls")
    try:
        certificates(folder)
    except FileNotFoundError:
        pytest.skip("openssl is not installed: no certificate can be made")
    return folder


class TestNoTlsNoPassword:
    def context(self, folder):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        return context

    def heard(self, server):
        return b"".join(server.heard)

    def test_starttls_stripped_from_the_capabilities(self, serve):
        server = serve(answering(CAPABILITY=b"* CAPABILITY IMAP4rev1\r\n"))
        failing(server, security="starttls", host="localhost")
        assert b"LOGIN" not in self.heard(server)

    def test_starttls_refused(self, serve):
        server = serve(answering(STARTTLS=b"!%TAG% NO not now\r\n"))
        failing(server, security="starttls", host="localhost")
        assert b"LOGIN" not in self.heard(server)

    def test_a_session_that_is_logged_in_beforehand(self, serve):
        server = serve(answering(greeting=b"* PREAUTH welcome\r\n"))
        failing(server, security="starttls", host="localhost")
        assert SECRET.encode() not in self.heard(server)

    def test_tls_port_that_speaks_plain(self, serve):
        server = serve(answering())
        failing(server, security="tls", host="localhost")
        assert SECRET.encode() not in self.heard(server)

    def test_a_stranger_with_a_certificate_of_their_own(self, serve, folder):
        server = serve(answering(), self.context(folder))
        assert "not to be trusted" in failing(server, security="tls", host="localhost")
        assert server.heard == []

    def test_the_right_certificate_is_let_in(self, serve, folder):
        server = serve(answering(EXAMINE=b"* 0 EXISTS\r\n* OK [UIDVALIDITY 5] ok\r\n"), self.context(folder))
        assert fetch(server, security="tls", host="localhost", ca_file="ca.pem", folder=folder) == []
        assert SECRET.encode() in self.heard(server)

    def test_a_handshake_that_never_ends(self, serve):
        def script(send, hear):
            for byte in b"\x16\x03\x03\x40\x00" + bytes(100):
                send(bytes([byte]))
                time.sleep(0.2)

        assert "too slow" in failing(serve(script), security="tls", host="localhost", **SOON)


class TestXoauth2:
    def script(self, heard, answer=b"%TAG% OK in\r\n"):
        def script(send, hear):
            send(GREETING)
            while line := hear():
                tag, command = line.split()[:2]
                if command == b"AUTHENTICATE":
                    send(b"+ \r\n")
                    heard.append(hear())
                    send(answer.replace(b"%TAG%", tag))
                    if answer.startswith(b"+"):
                        hear()
                        send(tag + b" NO invalid\r\n")
                elif command == b"EXAMINE":
                    send(b"* 0 EXISTS\r\n" + tag + b" OK done\r\n")
                else:
                    send(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + tag + b" OK done\r\n")

        return script

    def test_the_token_of_the_command_is_handed_over(self, serve):
        import base64

        heard = []
        assert fetch(serve(self.script(heard)), token_command="echo ya29.token") == []
        assert base64.b64decode(heard[0]) == b"user=asa\x01auth=Bearer ya29.token\x01\x01"

    def test_a_refused_token_is_one_line(self, serve):
        server = serve(self.script([], b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n"))
        text = failing(server, token_command="echo ya29.token")
        assert "refused the token of asa" in text
        assert "ya29" not in text


class TestWire:
    @pytest.mark.parametrize(
        ("line", "arrived_at"),
        [
            (b'3 (UID 17 RFC822.SIZE 4711 INTERNALDATE "20-Nov-2026 14:30:00 +0100")', "2026-11-20T14:30:00+01:00"),
            (b'3 (RFC822.SIZE 4711 INTERNALDATE " 1-Nov-2026 14:30:00 -0230" UID 17)', "2026-11-01T14:30:00-02:30"),
        ],
    )
    def test_a_line_of_the_list(self, line, arrived_at):
        assert listed(line) == (17, 4711, datetime.fromisoformat(arrived_at))

    @pytest.mark.parametrize("line", [b"3 (FLAGS (\\Seen))", b"", b"rubbish", b"3 (UID x RFC822.SIZE y)"])
    def test_what_is_no_such_line(self, line):
        assert listed(line) is None

    @pytest.mark.parametrize(
        "date", [b"", b' INTERNALDATE "31-Feb-2026 14:30:00 +0000"', b' INTERNALDATE "01-Foo-2026 14:30:00 +0000"']
    )
    def test_a_date_that_is_none_is_the_present_for_the_receiver(self, date):
        assert listed(b"3 (UID 17 RFC822.SIZE 4711" + date + b")").arrived_at.year == 1

    def test_the_uid_may_stand_behind_the_mail(self):
        answer = [(b"1 (BODY[] {3}", b"abc"), b" UID 9)", (b"2 (UID 10 BODY[] {3}", b"def"), b")", None]
        assert dict(literals(answer)) == {9: b"abc", 10: b"def"}

    def test_flags(self):
        assert [flag("seen"), flag("\\Seen"), flag("Hanterat-2")] == ["\\Seen", "\\Seen", "Hanterat-2"]
