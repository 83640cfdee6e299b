"""Sending to a real server: what arrives, what a failure at each step means, and that no secret leaves too early."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.growth import HANG
from tests.smtp_server import PASSWORD, TOKEN, USER, Authority, Mailbox, serving
from ticketctl.channels.email.smtp.sink import SmtpSink
from ticketctl.domain.config import SmtpOut
from ticketctl.domain.settings.hosts import is_loopback
from ticketctl.ports.channels import SendFailed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd minds what we test
SENDER, ANNA, BO = "support@exempel.example", "anna@kund.example", "bo@kund.example"
RAW = b"Subject: Hej\r\nTo: anna@kund.example\r\n\r\nrad\r\n.\r\n..x\r\n.slut\r\n"


def sink_at(port: int, *, environ: dict[str, str] | None = None, **config: Any) -> SmtpSink:
    given = {"host": "127.0.0.1", "security": "none", "timeout": HANG, "deadline": HANG, **config}
    return SmtpSink(SmtpOut(port=port, **given), folder=Path("/"), environ=environ or {})


@contextmanager
def plain(**options: Any) -> Iterator[tuple[SmtpSink, Mailbox]]:
    with serving(**options) as (port, mailbox):
        sink = sink_at(port)
        yield sink, mailbox
        sink.close()


def test_the_bytes_arrive_as_they_are() -> None:
    with plain() as (sink, mailbox):
        receipt = sink.send(SENDER, [ANNA, "bo@räksmörgås.example"], RAW)
    (mail,) = mailbox.mails
    assert mail.content == RAW
    assert (mail.mail_from, mail.rcpt_tos) == (SENDER, [ANNA, "bo@xn--rksmrgs-5wao1o.example"])
    assert (receipt.detail, receipt.refused) == ("250 2.0.0 OK: taken", {})


@pytest.mark.parametrize("answer", ["251 2.1.5 kept for another host", "252 2.5.0 will try", "299 done"])
def test_any_answer_that_begins_with_2_is_success(answer: str) -> None:
    with plain() as (sink, mailbox):
        mailbox.plan["DOT"] = [f"take, {answer}"]
        receipt = sink.send(SENDER, [ANNA], RAW)
        sink.send(SENDER, [ANNA], RAW)  # the connection is as good as before
        assert (mailbox.connections, len(mailbox.mails)) == (1, 2)
    assert (receipt.detail, receipt.refused) == (answer, {})


def test_the_null_return_path() -> None:
    with plain() as (sink, mailbox):
        sink.send("", [ANNA], RAW)
    assert mailbox.mails[0].mail_from == "<>"  # as aiosmtpd writes it


def test_a_run_uses_one_connection_and_says_quit() -> None:
    with plain() as (sink, mailbox):
        for _ in range(3):
            sink.send(SENDER, [ANNA], RAW)
        sink.close()
        assert (mailbox.connections, len(mailbox.mails), mailbox.seen[-1]) == (1, 3, "QUIT")


def test_a_connection_that_died_while_idle_is_made_again() -> None:
    with plain() as (sink, mailbox):
        sink.send(SENDER, [ANNA], RAW)
        mailbox.plan["RSET"] = ["drop"]
        sink.send(SENDER, [ANNA], RAW)
        assert (mailbox.connections, len(mailbox.mails)) == (2, 2)


@pytest.mark.parametrize("action", ["drop", "stall", "500 no"])
def test_the_success_stands_whatever_quit_does(action: str) -> None:
    with serving() as (port, mailbox):
        sink = sink_at(port)
        mailbox.plan["QUIT"] = [action]
        assert sink.send(SENDER, [ANNA], RAW).detail.startswith("250")
        start = time.monotonic()
        sink.close()
        assert time.monotonic() - start < HANG


# --- what a failure means ---

LATER, NEVER, PERHAPS = (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("step", "action", "meaning"),
    [
        ("CONNECT", "drop", LATER), ("CONNECT", "421 busy", LATER), ("CONNECT", "554 go away", LATER),
        ("EHLO", "drop", LATER), ("MAIL", "drop", LATER), ("MAIL", "451 later", LATER), ("MAIL", "421 bye", LATER),
        ("MAIL", "550 not you", NEVER), ("MAIL", "530 log in first", LATER),
        ("RCPT", "drop", LATER), ("RCPT", "450 greylisted", LATER), ("RCPT", "421 bye", LATER),
        ("RCPT", "550 5.1.1 no such user", NEVER),
        ("DATA", "drop", LATER), ("DATA", "451 later", LATER), ("DATA", "554 no", NEVER),
        ("DOT", "451 later", LATER), ("DOT", "554 spam", NEVER), ("DOT", "421 bye", LATER),
        ("DOT", "drop", PERHAPS), ("DOT", "take, drop", PERHAPS), ("DOT", "nonsense", PERHAPS),
        ("DOT", "354 what", PERHAPS),
        ("DOT", "2222", PERHAPS),
    ],
)  # fmt: skip
def test_what_a_failure_means_and_that_the_next_mail_is_not_harmed(
    step: str, action: str, meaning: tuple[bool, bool]
) -> None:
    with plain() as (sink, mailbox):
        mailbox.plan[step] = [action]
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == meaning
        assert len(mailbox.mails) == action.startswith("take")
        if step in ("CONNECT", "EHLO"):
            return
        before = len(mailbox.mails)
        sink.send(SENDER, [BO], RAW)
        assert [mail.rcpt_tos for mail in mailbox.mails[before:]] == [[BO]]


def test_a_break_while_the_body_is_sent_is_no_doubt() -> None:
    with plain() as (sink, mailbox):
        mailbox.plan["BODY"] = ["drop"]
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA], b"Subject: stor\r\n\r\n" + b"x" * 76 + b"\r\n" * 4_000_000)
        assert (failure.value.permanent, failure.value.uncertain) == LATER
        assert mailbox.mails == []


def test_each_recipient_has_its_own_answer() -> None:
    with plain() as (sink, mailbox):
        mailbox.plan[f"RCPT:{BO}"] = ["550 5.1.1 no such\x1b[2J user"]
        mailbox.plan["RCPT:c@kund.example"] = ["452 too many"]
        receipt = sink.send(SENDER, [ANNA, BO, "c@kund.example"], RAW)
        assert receipt.refused == {BO: "550 5.1.1 no such[2J user", "c@kund.example": "452 too many"}
        assert [mail.rcpt_tos for mail in mailbox.mails] == [[ANNA]]
        mailbox.plan[f"RCPT:{ANNA}"] = ["550 no"]
        mailbox.plan[f"RCPT:{BO}"] = ["450 later"]
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA, BO], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER  # one of them may still be reached
        assert len(mailbox.mails) == 1


@pytest.mark.parametrize("bad", ["anna", "anna@kund.example\r\nRCPT TO:<x@y.example>", "a b@kund.example", ""])
def test_what_is_no_address_never_reaches_the_server(bad: str) -> None:
    with plain() as (sink, mailbox):
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [bad], RAW)
        assert failure.value.permanent
        assert mailbox.seen == []


def test_addresses_that_are_not_ascii_need_smtputf8() -> None:
    raw = "To: åsa@kund.example\r\n\r\nhej\r\n".encode()
    with plain() as (sink, mailbox):
        sink.send(SENDER, ["åsa@kund.example"], raw)
        assert mailbox.mails[0].rcpt_tos == ["åsa@kund.example"]
        assert mailbox.mails[0].content == raw
        assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(mailbox.mails[0].mail_options)
    with plain(utf8=False) as (sink, mailbox):
        with pytest.raises(SendFailed, match="SMTPUTF8") as failure:
            sink.send(SENDER, ["åsa@kund.example"], raw)
        assert failure.value.permanent
        assert mailbox.mails == []


# --- time ---


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("action", ["stall", "drip"])
def test_nothing_outlasts_the_deadline(step: str, action: str) -> None:
    deadline = 0.25
    while not (failure := failed_at(step, action, deadline)):  # a slow machine did not come so far in that time
        deadline *= 4
    assert failure.uncertain == (step == "DOT")


def failed_at(step: str, action: str, deadline: float) -> SendFailed | None:
    """How sending to a server that does so at this step fails; None where the deadline was over before."""
    with serving() as (port, mailbox):
        mailbox.plan[step] = [action]
        sink = sink_at(port, deadline=deadline, timeout=600)
        start = time.monotonic()
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert time.monotonic() - start < HANG + deadline
        sink.close()
        return failure.value if step in mailbox.seen else None


def test_the_deadline_holds_in_the_tls_handshake_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        sink = sink_at(mute.getsockname()[1], security="tls", deadline=0.25, timeout=600)
        start = time.monotonic()
        with pytest.raises(SendFailed):
            sink.send(SENDER, [ANNA], RAW)
        assert time.monotonic() - start < HANG


def test_a_server_that_cannot_be_reached_is_asked_once_a_run() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    sink = sink_at(port)
    for _ in range(2):
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER
    with serving() as (_, mailbox):
        mailbox.plan["CONNECT"] = ["421 busy"] * 2
        sink = sink_at(_)
        for _ in range(2):
            with pytest.raises(SendFailed):
                sink.send(SENDER, [ANNA], RAW)
        assert mailbox.connections == 1


# --- TLS and secrets ---


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


SECRETS = {"TICKETCTL_PASSWORD_OUTGOING": PASSWORD}


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_logged_in_over_tls(authority: Authority, security: str, host: str) -> None:
    with serving(**{security: authority.server()}, auth=security == "starttls") as (port, mailbox):
        user = USER if security == "starttls" else ""  # aiosmtpd offers AUTH only after STARTTLS
        sink = sink_at(port, host=host, security=security, ca_file=str(authority.file), user=user, environ=SECRETS)
        assert "reached" in sink.check()
        sink.send(SENDER, [ANNA], RAW)
        sink.close()
        assert mailbox.bodies == [RAW]


def test_tls_with_a_port_that_speaks_none() -> None:
    with serving() as (port, _):
        with pytest.raises(SendFailed, match="does not speak TLS on that port: see `security:`") as failure:
            sink_at(port, security="tls").send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER


def test_a_token_logs_in(authority: Authority) -> None:
    with serving(starttls=authority.server(), auth=True) as (port, mailbox):
        given = {"security": "starttls", "ca_file": str(authority.file), "user": USER}
        sink = sink_at(port, token_command=f"printf {TOKEN}", **given)
        sink.send(SENDER, [ANNA], RAW)
        sink.close()
        assert mailbox.bodies == [RAW]
        sink = sink_at(port, token_command="printf old-token", **given)
        with pytest.raises(SendFailed, match="login refused") as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER
        assert "old-token" not in told(failure.value)


def told(error: BaseException) -> str:
    """All that a traceback would show."""
    return "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize("secret", ["fel-lösenord-åäö", "fel-losenord"])
def test_a_wrong_password_waits_and_is_never_told(authority: Authority, secret: str) -> None:
    with serving(starttls=authority.server(), auth=True) as (port, mailbox):
        sink = sink_at(
            port, security="starttls", ca_file=str(authority.file), user=USER,
            environ={"TICKETCTL_PASSWORD_OUTGOING": secret},
        )  # fmt: skip
        with pytest.raises(SendFailed, match="login refused") as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER
        assert secret not in told(failure.value)
        assert mailbox.mails == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", ["self-signed", "unknown authority", "other host"])
def test_no_secret_goes_to_a_server_that_is_not_who_it_says(
    authority: Authority, tmp_path: Path, security: str, fault: str
) -> None:
    names = "DNS:annan.example" if fault == "other host" else "IP:127.0.0.1"
    maker = Authority(tmp_path) if fault == "unknown authority" else authority
    context = maker.server(names, signed=fault != "self-signed")
    with serving(**{security: context}, auth=True) as (port, mailbox):
        sink = sink_at(port, security=security, ca_file=str(authority.file), user=USER, environ=SECRETS)
        with pytest.raises(SendFailed, match="not trusted"):
            sink.send(SENDER, [ANNA], RAW)
    assert not {"AUTH", "MAIL"} & set(mailbox.seen)


@pytest.mark.parametrize("plan", [{}, {"STARTTLS": ["454 not now"]}, {"STARTTLS": ["500 what?"]}])
def test_no_secret_goes_without_tls(plan: dict[str, list[str]], authority: Authority) -> None:
    """Stripped: the server, or somebody between, offers no STARTTLS, or refuses it."""
    with serving(starttls=authority.server() if plan else None, auth=True) as (port, mailbox):
        mailbox.plan = plan
        sink = sink_at(port, security="starttls", ca_file=str(authority.file), user=USER, environ=SECRETS)
        with pytest.raises(SendFailed) as failure:
            sink.send(SENDER, [ANNA], RAW)
        assert (failure.value.permanent, failure.value.uncertain) == LATER
    assert not {"AUTH", "MAIL"} & set(mailbox.seen)


def test_what_was_injected_before_tls_is_not_believed(authority: Authority) -> None:
    """CVE-2021-38502 and its kin: answers sent together with the 220 to STARTTLS."""
    received: list[bytes] = []

    def inject(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hej\r\n")
            lines.readline()
            connection.sendall(b"250-hej\r\n250 STARTTLS\r\n")
            lines.readline()
            connection.sendall(b"220 go\r\n250-hej\r\n250 AUTH PLAIN\r\n235 welcome\r\n")
            received.append(connection.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=inject, args=(server,), daemon=True)
        thread.start()
        given = {"security": "starttls", "ca_file": str(authority.file), "user": USER, "environ": SECRETS}
        sink = sink_at(server.getsockname()[1], deadline=HANG, **given)
        with pytest.raises(SendFailed):
            sink.send(SENDER, [ANNA], RAW)
        thread.join(HANG)
    assert received[0].startswith(b"\x16\x03")  # a TLS handshake and nothing else


def test_plaintext_is_for_this_machine_only() -> None:
    with pytest.raises(SendFailed, match="security: none"):
        sink_at(25, host="192.0.2.1").send(SENDER, [ANNA], RAW)
    assert is_loopback("127.1.2.3")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("localhost.evil.example")


def test_a_password_that_cannot_be_had_is_said() -> None:
    with pytest.raises(SendFailed, match="TICKETCTL_PASSWORD_OUTGOING"):
        sink_at(1, user=USER).send(SENDER, [ANNA], RAW)
    with pytest.raises(SendFailed, match="ca_file"):
        sink_at(1, security="tls", ca_file="finns-inte.pem").send(SENDER, [ANNA], RAW)
