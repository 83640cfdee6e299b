"""`fetch --watch` and a server that keeps saying that there is mail."""

from __future__ import annotations

from queue import SimpleQueue

import pytest

from ticketctl.usecases.intake import watch as _watch


class Chatty:
    """A listener that hears of mail at once, and then has its server hang up for good."""

    name = "support"

    def __init__(self, times):
        self.left = times

    def listen(self, seconds, begun):
        begun()
        self.left -= 1
        if not self.left:
            raise SystemExit
        return True


def test_it_pauses_longer_and_longer(monkeypatch):
    slept = []
    monkeypatch.setattr(_watch.time, "sleep", slept.append)
    with pytest.raises(SystemExit):
        _watch._listen(Chatty(12), SimpleQueue())
    assert slept[0] == 2.0 and slept == sorted(slept) and slept[-1] == 5.0


def test_one_that_speaks_now_and_then_is_heard_at_once():
    assert _watch.rest_after(_watch.QUICK, 5.0) == 0.0
