"""Answering a customer without a shell: the use cases alone, and a program that speaks JSON to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Office
from tests.growth import HANG
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.start import start
from ticketctl.usecases.results import Objected

BLOCKED = "import runpy, sys; sys.modules['click'] = sys.modules['termios'] = None; runpy.run_path(sys.argv[1])"
FRONT = Path(__file__).with_name("json_front.py")


def talk(office: Office, *asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What the JSON program answers; click and termios cannot be imported in it."""
    env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    command = [sys.executable, "-c", BLOCKED, str(FRONT)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=env, timeout=HANG, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_program_without_a_terminal_answers_objects_accepts_closes_and_undoes(office: Office) -> None:
    office.make(17)
    office.run("set", 17, "category=support")
    asked = {"do": "reply", "ticket": 17, "text": "Hej! Se bilagan, [NAMN].", "undo": 600}
    first, accepted, closed, undone = talk(
        office,
        asked,
        {**asked, "accept": ["attachment_missing", "not_filled_in", "check_warning"]},
        {"do": "close", "ticket": 17, "cause": "leverans"},
        {"do": "take_back", "ticket": 17},
    )
    assert first["error"] == "objected"
    assert set(first["objections"]) >= {"attachment_missing", "not_filled_in"}
    assert accepted == {"ticket": 17, "status": "waiting", "delivery": "queued"}
    assert closed == {"ticket": 17, "status": "closed", "delivery": "queued"}
    assert undone["delivery"] == "draft"
    assert office.get(17).messages[-1].text == "Hej! Se bilagan, [NAMN]."
    assert office.say("send", "--list") == "the outbox is empty\n"


def test_an_objection_changes_nothing_and_names_all_reasons(office: Office) -> None:
    before = office.make(17)
    session = office.session("alice")
    request = ReplyRequest(ticket=17, text="Se bilagan. Vi återkommer senast 2026-12-01.")
    with pytest.raises(Objected) as objected:
        reply(session, request)
    assert [one.code for one in objected.value.objections if one.code != "check_warning"] == [
        "attachment_missing",
        "promise_found",
    ]
    assert office.get(17) == before


def test_what_was_written_meanwhile_is_an_objection_until_it_was_seen(office: Office) -> None:
    office.make(17)
    session = office.session("alice")
    begun = start(session, ReplyRequest(ticket=17, text="Tack!", promise="none", check="off")).request
    office.run("note", 17, "Jag ringde henne.", user="bo")
    with pytest.raises(Objected) as objected:
        reply(session, begun)
    (one,) = objected.value.objections
    assert (one.code, one.facts["who"]) == ("wrote_meanwhile", "bo")
    begun = start(session, ReplyRequest(ticket=17, text="Tack!", promise="none", check="off")).request
    assert reply(session, begun).value.after.status == "waiting"


def test_a_viewer_answers_nobody(office: Office) -> None:
    before = office.make(17)
    with pytest.raises(Exception, match="vera is a viewer"):
        reply(office.session("vera"), ReplyRequest(ticket=17, text="Hej"))
    assert office.get(17) == before
