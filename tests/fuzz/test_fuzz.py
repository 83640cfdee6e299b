"""Damaged mails and bombs are kept, each once, and the next mail gets through; `python -m tests.fuzz` does it at
length. Processes of their own, as there: with a limit of memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.fuzz import mutate
from tests.fuzz.__main__ import outcomes
from tests.fuzz.bombs import bombs
from tests.fuzz.intake import OURS, Outcome, taken_in
from tests.mails import mails, simple
from ticketctl.channels.email.parse import mime

MAILS = 200
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited by what /proc tells")


def only(found: list[Outcome]) -> Outcome:
    (outcome,) = found
    return outcome


@linux
@pytest.mark.long
def test_bombs_are_contained_and_the_mail_after_each_is_a_ticket() -> None:
    outcome = only(list(outcomes(-1, 0, 1, 1, None)))
    assert outcome.faults == []
    assert outcome.mails == 2 * len(list(bombs())) == 400
    assert outcome.tickets >= 200
    assert outcome.quarantined >= 10  # what nests too deep, or has too many parts


@linux
def test_damaged_mails_are_kept() -> None:
    outcome = only(list(outcomes(7, 0, MAILS, 1, None)))
    assert outcome.faults == []
    kept = outcome.tickets + outcome.joined + outcome.known + outcome.quarantined
    assert outcome.mails == kept == MAILS


def test_damages_are_the_same_for_the_same_number_and_differ_between_numbers() -> None:
    seeds = [mail.raw for mail in mails(20)]
    first = [mutate.damaged(seeds, 1, number) for number in range(50)]
    assert first == [mutate.damaged(seeds, 1, number) for number in range(50)]
    assert len(set(first)) > 40
    assert sum(raw not in seeds for raw in first) > 40


def test_a_folder_gives_its_mails_but_not_what_else_lies_there(tmp_path: Path) -> None:
    (tmp_path / "ett").mkdir()
    (tmp_path / "ett" / "a.eml").write_bytes(simple("a"))
    (tmp_path / "b.mbox").write_bytes(b"From a Mon\n" + simple("b") + b"\nFrom a Mon\n" + simple("c") + b"\n")
    (tmp_path / "expected.json").write_text("{}")
    assert sorted(raw.count(b"Subject") for raw in mutate.seeds(tmp_path)) == [1, 1, 1]


def test_what_breaks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours, which the intake contains: the mail is kept, and the fuzzer names it."""

    def broken(*args: object, **options: object) -> None:
        raise ZeroDivisionError("trasigt")

    monkeypatch.setattr(mime.quoting, "split", broken)
    outcome = taken_in([("mail 17", simple("a", message_id="1@kund.example"))])
    assert outcome.quarantined == 1
    assert outcome.faults == [f"mail 17: {OURS[0]}: ZeroDivisionError: trasigt"]
