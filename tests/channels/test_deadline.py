"""One deadline for a whole conversation."""

from __future__ import annotations

import socket

from ticketctl.channels.deadline import Deadline


def test_a_connection_that_comes_after_the_deadline_is_cut_at_once() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    with ours, theirs, Deadline(0.001) as deadline:
        while not deadline.passed:
            pass
        deadline.watch(ours)
        assert ours.recv(1) == b"", "it would wait for ever on a busy computer"


def test_a_connection_is_cut_when_the_time_is_up() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    with ours, theirs, Deadline(0.05) as deadline:
        deadline.watch(ours)
        assert ours.recv(1) == b""
        assert deadline.passed
