"""What is said where the disk is full or fails, is so."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from tests.cases.shop import ASA, Shop
from ticketctl.store import fs


class Failing:
    """`os` for the store, in which fsync of a folder fails from the call number `at` on."""

    def __init__(self, at: int = 1) -> None:
        self.left = at

    def __getattr__(self, name: str) -> Any:
        return self._fsync if name == "fsync" else getattr(os, name)

    def _fsync(self, descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}") and os.readlink(f"/proc/self/fd/{descriptor}").endswith(
            "/data"
        ):
            self.left -= 1
            if self.left <= 0:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fsync(descriptor)


@pytest.mark.parametrize("command", ["note 1 --text hej", "new --text Ring", "close 1", "label 1 +vip"])
def test_after_the_rename_it_may_have_been_stored(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    shop: Shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    before = shop.get(1).revision
    monkeypatch.setattr(fs, "os", Failing())
    told = shop.run(*command.split(), code=10).output
    monkeypatch.setattr(fs, "os", os)
    assert "it may have been stored; look before you repeat it" in told and "old state" not in told
    assert shop.get(1).revision > before or shop.get(2)


def test_before_the_rename_the_old_state_stands(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shop: Shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    before = shop.get(1)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fs, "write_all", full)
    told = shop.run("note", 1, "--text", "hej", code=10).output
    monkeypatch.undo()
    assert "the old state stands: free some space, then try again" in told
    assert shop.get(1) == before


def test_a_reply_that_is_stored_and_cannot_leave_says_that_alone(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply is committed, and the next commit, which begins to send it, fails."""
    shop: Shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    replace, count = fs.replace, [0]

    def full_later(path: Any, *arguments: Any, **options: Any) -> None:
        count[0] += path.name == "desk.json"
        if count[0] > 1:
            raise fs.StoreFailed("disken: No space left on device", fs.STANDS)
        replace(path, *arguments, **options)

    monkeypatch.setattr(fs, "replace", full_later)
    told = shop.run("reply", 1, "--text", "Den kommer i morgon.", "--no-check", code=10).output
    monkeypatch.undo()
    assert "reply queued for asa@kund.example" in told
    assert "the reply on #1 is stored, and may not have been sent: `ticketctl send --list`" in told
    assert "old state" not in told and "your text was" not in told


def test_what_a_run_had_stored_before_it_failed_stays(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shop: Shop = open_shop().at("2026-06-16T09:00+02:00")
    shop.mail(ASA, "Order", "Hej")
    shop.run("close", 1, "--cause", "fel")

    def full(*_arguments: object) -> None:
        raise fs.StoreFailed("disken: No space left on device", fs.STANDS)

    monkeypatch.setattr("ticketctl.store.tiny.archive.Archive.add", full)
    shop.at("2026-11-16T09:00+01:00")
    told = shop.run("escalate", user="system", code=10).output
    assert "what this run had stored before stays" in told and "old state" not in told
