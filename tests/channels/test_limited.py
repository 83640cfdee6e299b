"""A look-up of a host name that hangs, as the C library's does: neither a socket's timeout nor a signal ends it."""

from __future__ import annotations

import ctypes
import socket
import threading
import time

import pytest

from tests.growth import HANG
from ticketctl.channels import web
from ticketctl.channels.email.imap.source import Imap
from ticketctl.channels.email.oauth import issuer
from ticketctl.channels.email.smtp.sink import SmtpSink
from ticketctl.channels.time_limit import within
from ticketctl.domain.config import ImapSource, SmtpOut
from ticketctl.domain.settings.oauth import OAuth
from ticketctl.errors import ChannelFailed
from ticketctl.ports.channels import SendFailed

LONGEST = 2 * HANG  # seconds: what the look-up takes, which no test waits for


@pytest.fixture
def resolver(monkeypatch):
    """One that waits in C, for a lock that nobody gives back before the test is over."""
    libc = ctypes.CDLL(None)
    lock = ctypes.create_string_buffer(64)
    libc.pthread_mutex_lock(lock)

    class Timespec(ctypes.Structure):
        _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]

    def hang(*args, **options):
        until = Timespec(int(time.time() + LONGEST), 0)
        if not libc.pthread_mutex_timedlock(lock, ctypes.byref(until)):
            libc.pthread_mutex_unlock(lock)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield
    libc.pthread_mutex_unlock(lock)


def soon(call):
    began = time.monotonic()
    with pytest.raises(ChannelFailed) as failure:
        call()
    assert time.monotonic() - began < HANG
    return str(failure.value)


@pytest.mark.parametrize("in_thread", [False, True], ids=["main", "thread"])
def test_an_imap_server(resolver, tmp_path, in_thread):
    config = ImapSource(name="support", host="imap.example.com", user="u", deadline=1)
    source = Imap(config, environ={"TICKETCTL_PASSWORD_SUPPORT": "x"}, folder=tmp_path)
    told = []

    def call():
        told.append(soon(lambda: list(source.fetch({}))))

    if in_thread:  # as `fetch --watch` listens: no signal comes here
        thread = threading.Thread(target=call)
        thread.start()
        thread.join(HANG)
    else:
        call()
    assert told and "too slow to connect" in told[0]


def test_an_smtp_server(resolver, tmp_path):
    config = SmtpOut(host="smtp.example.com", timeout=1, deadline=1)
    sink = SmtpSink(config, folder=tmp_path, environ={})
    told = soon(lambda: sink.send("a@x.example", ["b@x.example"], b"Subject: x\r\n\r\n"))
    assert "connecting failed" in told


def test_an_smtp_failure_passes(resolver, tmp_path):
    sink = SmtpSink(SmtpOut(host="smtp.example.com", timeout=1, deadline=1), folder=tmp_path, environ={})
    with pytest.raises(SendFailed) as failure:
        sink.send("a@x.example", ["b@x.example"], b"Subject: x\r\n\r\n")
    assert (failure.value.permanent, failure.value.uncertain) == (False, False)


def test_a_server_of_tokens(resolver, monkeypatch):
    monkeypatch.setattr(issuer, "SECONDS", 1.0)
    oauth = OAuth(client_id="x", issuer="https://id.example.com")
    assert "did not answer within 1 s" in soon(lambda: issuer.discover("support", oauth))


def test_the_heartbeat(resolver, monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 1.0)
    assert "did not answer within 1 s" in soon(lambda: web.call("https://ping.example.com/x"))


def test_what_is_done_in_time_is_as_if_there_were_no_limit():
    assert within(5, lambda: 17) == 17
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
