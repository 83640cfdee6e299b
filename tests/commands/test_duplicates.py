"""`merge --suggest`: likely duplicates are listed and never merged."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.conftest import Office
from ticketctl.domain.ticket.message import Person

DAY = timedelta(days=1)
HELMET = "Min blåa hjälm i storlek 56 kom sprucken i paketet. Kan jag få en ny före lördag?"


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(1, subject="Sprucken hjälm", text=HELMET)
    office.make(2, subject="SV: sprucken hjälm", text=HELMET)
    office.make(3, subject="Faktura 20418", text="Beloppet är fel.", requester=Person("bo@annan.example"))
    return office


def test_the_table_tells_score_what_is_the_same_and_shared_words(desk: Office) -> None:
    lines = desk.say("merge", "--suggest").splitlines()
    assert lines[0].split() == ["score", "merge", "into", "same", "subject", "shared", "words"]
    assert "#2" in lines[1] and "#1" in lines[1] and "sender, subject, content" in lines[1]
    assert "sprucken" in lines[1]
    assert lines[2] == "Nothing is merged. Look first, then for instance `ticketctl merge 2 --into 1`"
    assert max(map(len, lines)) <= 100


def test_it_merges_nothing(desk: Office) -> None:
    before = (desk.folder / "data" / "desk.json").read_bytes()
    desk.run("merge", "--suggest", user="vera")
    assert (desk.folder / "data" / "desk.json").read_bytes() == before


def test_json_is_a_pair_a_line(desk: Office) -> None:
    (pair,) = [json.loads(one) for one in desk.say("merge", "--suggest", "--json").splitlines()]
    assert (pair["merge"], pair["into"], pair["same"]) == (2, 1, ["sender", "subject", "content"])
    assert 0.5 <= pair["score"] <= 1 and "hjälm" in pair["words"]


def test_only_those_of_the_tickets_that_are_named(desk: Office) -> None:
    assert "#2" in desk.say("merge", "--suggest", 1)
    assert desk.say("merge", "--suggest", 3) == "No likely duplicates.\n"
    desk.run("merge", "--suggest", 77, code=4)


def test_what_was_closed_long_ago_is_left_out(desk: Office) -> None:
    closed = {"subject": "Sprucken hjälm", "text": HELMET, "status": "closed", "age": 40 * DAY}
    desk.make(4, **closed, closed_at=desk.now - 20 * DAY)
    assert "#4" not in desk.say("merge", "--suggest")
    desk.make(5, **closed, closed_at=desk.now - 2 * DAY)
    assert "#5" in desk.say("merge", "--suggest")


def test_what_is_suggested_can_be_typed_and_is_gone_then(desk: Office) -> None:
    desk.run("merge", 2, "--into", 1)
    assert desk.say("merge", "--suggest") == "No likely duplicates.\n"


@pytest.mark.parametrize("words", [["--suggest", "--into", 1], [2], ["--into", 1], []])
def test_what_does_not_go_together(desk: Office, words: list[object]) -> None:
    desk.run("merge", *words, code=2)
