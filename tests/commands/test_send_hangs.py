"""A send that hangs, which keeps everything from leaving, is said: by doctor, and by who wants to send."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

import pytest

from ticketctl.store import locks


@contextmanager
def another_send(office, seconds):
    """One that began its mail so long ago."""
    lock = office.folder / "data" / ".send.lock"
    with locks.locked(lock, 0):
        locks.note_holder(lock, f"{os.getpid()} {time.time() - seconds:.0f}")
        yield


@pytest.fixture
def waiting(office):
    office.make(1)
    office.run("reply", 1, "--text", "Hej", "--queue")
    return office


def test_one_that_is_at_work_is_left_to_it(waiting):
    with another_send(waiting, 10):
        assert "another `ticketctl send` is running" in waiting.run("send").stderr
        assert "BAD" not in waiting.say("doctor", "--offline")


def test_one_that_hangs_is_told_by_everybody(waiting):
    with another_send(waiting, 3600):
        told = waiting.trouble("send", code=8)
        assert f"hangs: process {os.getpid()} has been at one mail since" in told
        assert "hangs" in waiting.trouble("reply", 1, "--text", "Hej igen", code=8)
        assert "BAD   send" in waiting.say("doctor", "--offline", code=8)


def test_once_it_has_ended_all_is_well(waiting):
    with another_send(waiting, 3600):
        pass
    assert "BAD" not in waiting.say("doctor", "--offline")
    waiting.run("send")
    assert "BAD" not in waiting.say("doctor", "--offline")
