"""Two agents and their customers at the same desk at the same time, with real processes: nothing is lost, every message
is in exactly one ticket, and whatever could not be done was told.

TICKETCTL_TEST_AGENT_COMMANDS sets how many commands each of them gives: 8 in the usual run, 60 in
`python -m tests.faults --long`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import msgspec
import pytest

from tests.conftest import ROOT, Office
from tests.growth import HANG
from tests.mails import simple

COMMANDS = int(os.environ.get("TICKETCTL_TEST_AGENT_COMMANDS", "8"))
TICKETS = 6
TOLD = {2, 4, 5}  # usage, no such ticket, refused


class Done(msgspec.Struct, frozen=True):
    words: tuple[str, ...]
    mark: str
    code: int
    said: str
    trouble: str


class Shift:
    """One person's commands, one after the other, each at an instant of its own."""

    _seconds = count(1)
    _lock = threading.Lock()

    def __init__(self, office: Office, user: str, seed: int) -> None:
        self.office, self.user, self.dice = office, user, random.Random(seed)
        self.done: list[Done] = []
        self.seen: dict[int, int] = {}

    def run(self) -> list[Done]:
        for step in range(COMMANDS):
            words, mail = self.customer(step) if self.user == "system" else self.agent(step)
            self.do([str(word) for word in words], self.mark(step), mail)
        return self.done

    def mark(self, step: int) -> str:
        return f"märke-{self.user}-{step}."

    def do(self, words: list[str], mark: str, mail: bytes | None = None) -> Done:
        with self._lock:
            now = self.office.now + timedelta(seconds=next(self._seconds))
        env = {**os.environ, **self.office.environment(self.user), "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            [sys.executable, "-m", "ticketctl", *words],
            env={**env, "TICKETCTL_NOW": now.isoformat()},
            input=mail or b"",
            capture_output=True,
            timeout=2 * HANG,
            check=False,
        )
        done = Done(tuple(words), mark, ran.returncode, ran.stdout.decode(), ran.stderr.decode())
        self.done.append(done)
        return done

    def customer(self, step: int) -> tuple[list[object], bytes]:
        number = self.dice.randint(1, TICKETS)
        answer = {"in_reply_to": f"<{number}@kund.example>"} if self.dice.random() < 0.7 else {}
        mail = simple(f"Fraga {step}", self.mark(step), message_id=f"ny-{step}@kund.example", **answer)
        return ["fetch", "-"], mail

    def agent(self, step: int) -> tuple[list[object], None]:
        dice, mark = self.dice, self.mark(step)
        number, other = dice.sample(range(1, TICKETS + 3), 2)
        colleague = "bo" if self.user == "alice" else "alice"
        return dice.choice([
            ["note", number, f"@{colleague} {mark}"],
            ["reply", number, "--text", mark, "--queue", "--stay-open"],
            ["reply", number, "--text", mark, "--queue", "--promise", "tomorrow", *self.base(number)],
            ["reply", number, "--text", mark, "--queue", "--close", *self.base(number)],
            ["reply", number, "--text", mark, "--draft"],
            ["assign", number, dice.choice(["me", colleague, "none", "least_loaded", "round_robin"])],
            ["priority", number, dice.choice(["high", "medium", "low"])],
            ["label", number, dice.choice(["vip", "drift", "-vip", "-drift"])],
            ["set", number, "category=faktura"],
            ["wait", number, "2d"],
            ["promise", number, dice.choice(["friday 15:00", "tomorrow", "kept", "drop"])],
            ["close", number, "--set", "category=support", "--cause", "leverans"],
            ["reopen", number],
            ["merge", number, "--into", other],
            ["unmerge", number],
            ["move", number, f"m{dice.randint(1, 4)}", other],
            ["split", number, f"m{dice.randint(1, 4)}"],
            ["undo", number],
            ["undo", number],
            ["take"],
            ["watch", number],
            ["handover", self.user, colleague],
            ["inbox"],
            ["send"],
        ]), None  # fmt: skip

    def base(self, number: int) -> list[object]:
        """The revision that a script saw: a look of its own, long enough before for the other to come between."""
        look = self.do(["show", str(number), "--json"], "")
        return ["--base-revision", json.loads(look.said)["revision"]] if look.code == 0 else []


@pytest.mark.long
def test_two_agents_and_their_customers(office: Office) -> None:
    for number in range(1, TICKETS + 1):
        office.make(number, text=f"märke-kund-{number}.")
    shifts = [Shift(office, user, seed) for seed, user in enumerate(("alice", "bo", "system"), 5)]
    with ThreadPoolExecutor(len(shifts)) as pool:
        every = [one for done in pool.map(Shift.run, shifts) for one in done]

    for one in every:
        assert "Traceback" not in one.trouble, one
        assert one.code in TOLD | {0}, one
        assert one.code == 0 or one.trouble.startswith("ticketctl: ") or "Usage:" in one.trouble, one
    tickets = [json.loads(line) for line in office.process("export").stdout.splitlines()]
    assert len({ticket["number"] for ticket in tickets}) == len(tickets)
    said = [message for ticket in tickets for message in ticket["messages"]]
    texts = [one["text"] for one in said if one["why"] != "hand-over note"]  # it quotes the others
    places = Counter(word for text in texts for word in set(text.split()) if word.startswith("märke-"))
    for number in range(1, TICKETS + 1):
        assert places[f"märke-kund-{number}."] == 1
    for one in every:
        if one.words[0] in ("note", "reply", "fetch") and one.code == 0:
            assert places[one.mark] == 1, one
        elif one.mark:
            assert places[one.mark] == ("kept as a draft" in one.trouble), one
    assert all(not ticket["messages"] for ticket in tickets if ticket["merged_into"])

    based = [(one.words[1], one.words[-1]) for one in every if "--base-revision" in one.words and one.code == 0]
    assert len(based) == len(set(based))  # of two who saw the same, one was told
    ids = Counter(
        message["message_id"] for ticket in tickets for message in ticket["messages"] if message["message_id"]
    )
    assert set(ids.values()) == {1}
    with office.store.reading() as desk:
        assert {item.message_id for item in desk.outbox() if item.ticket} <= set(ids)
    findings = [json.loads(line) for line in office.process("doctor", "--offline", "--json").stdout.splitlines()]
    assert [finding for finding in findings if finding["state"] == "error"] == []
    done = Counter(one.words[0] for one in every if one.code == 0)
    assert len(done) > 5 and any(one.code for one in every), "too little happened to show anything"
