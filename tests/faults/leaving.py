"""Mail on its way out under faults: every step × fault × kind of mail, and a run that dies at every file operation.

Each case lets one mail leave through a real server that fails as told, then runs `send` under a moved clock until the
outbox is at rest, and compares what the server took with what the desk believes:

- nothing is lost: a recipient has the mail, or `send --list`, the exit code, the board and the ticket say that not;
- nothing is doubled, but a reply whose fate was unknown, once, under its Message-ID and with identical bytes;
- what the server said it took is never told as not delivered, and the other way round.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Literal

from aiosmtpd.smtp import Envelope

from tests.conftest import NOW, ROOT, RULES, Office
from tests.faults.disk import Disk, Killed, kill_after, kill_before, using
from tests.growth import HANG
from tests.smtp_server import Mailbox, serving
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act
from ticketctl.usecases.outgoing.queue import AutomaticAnswer, queue_acknowledgement, queue_notice

ANNA, BO, CIA = "anna@kund.example", "bo@kund.example", "cia@kund.example"
ALICE = "alice@exempel.example"
KINDS = {  # who gets a mail of that kind
    "reply": (ANNA,),
    "reply to several": (ANNA, BO, CIA),
    "acknowledgement": (ANNA,),
    "reminder": (ANNA,),
    "escalation": (ALICE,),
    "report": (ALICE,),
}
RESENT = ("reply", "reply to several")
NULL = ("acknowledgement", "reminder")  # these leave with the null return path

FAULTS = {
    "CONNECT": ("drop", "stall", "421 busy", "554 go away"),
    "EHLO": ("drop", "stall", "421 busy", "502 what"),
    "MAIL": ("drop", "stall", "421 bye", "451 later", "452 full", "550 not you", "530 log in first"),
    "RCPT": ("drop", "stall", "421 bye", "450 greylisted", "550 5.1.1 unknown", "552 full"),
    "DATA": ("drop", "stall", "421 bye", "451 later", "554 no"),
    "BODY": ("drop",),
    "DOT": ("drop", "stall", "421 bye", "451 later", "554 spam", "nonsense", "take, drop", "take, stall"),
    "QUIT": ("drop", "stall", "500 no"),
}
PARTIAL = ("550 5.1.1 unknown", "450 greylisted", "421 bye", "drop")
KILLED_AT = ("CONNECT", "MAIL", "RCPT", "DATA", "BODY", "DOT", "DOT taken", "QUIT")

Plan = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """`faults` are (step, fault) in the order in which they befall; `lasting`: the last one for ever. `crash` is the
    number of the file operation of the first run at which it dies, 0 for none; `killed` a step of the server at which
    the whole process is."""

    kind: str
    faults: Plan = ()
    lasting: bool = False
    crash: int = 0
    after: bool = False
    killed: str = ""

    @property
    def slow(self) -> bool:
        return bool(self.killed) or any("stall" in fault for _, fault in self.faults)


def cases(crashes: dict[str, int] | None = None) -> list[Case]:
    """All of them, each once; `crashes` is how many file operations a run takes with a mail of each kind."""
    singles = [(step, fault) for step, faults in FAULTS.items() for fault in faults]
    quick = [one for one in singles if "stall" not in one[1] and one[0] != "QUIT"]
    found = [Case(kind, (one,)) for kind, one in product(KINDS, singles)]
    found += [
        Case("reply to several", ((f"RCPT:{one}", told), (f"RCPT:{other}", said)))
        for one, other in ((ANNA, BO), (BO, CIA), (ANNA, CIA))
        for told, said in product(PARTIAL[:2], PARTIAL)
    ]
    lasting = [("CONNECT", "421 busy"), ("MAIL", "451 later"), ("RCPT", "450 greylisted"), ("DOT", "451 later")]
    found += [Case(kind, (one,), lasting=True) for kind, one in product(KINDS, lasting)]
    dice = random.Random(1)
    pairs = [Case(kind, (one, other)) for kind, one, other in product(KINDS, quick, quick)]
    found += dice.sample(pairs, 120)
    for kind, count in (crashes or {}).items():
        found += [Case(kind, crash=at, after=after) for at in range(1, count + 1) for after in (False, True)]
    found += [Case(kind, killed=step) for kind, step in product(KINDS, KILLED_AT)]
    return found


def sample(number: int) -> list[Case]:
    """So many quick ones of all, spread over them."""
    chosen = [case for case in cases(dict.fromkeys(KINDS, 30)) if not case.slow]
    return random.Random(2).sample(chosen, number)


class Trial:
    """One case on a desk of its own."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.office = desk_in(folder)
        self.exit_codes: list[int] = []

    def run(self) -> None:
        with serving() as (port, mailbox):
            server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none{self._patience()}}}"
            rules = RULES.replace("maildir: data/sent", server)
            (self.office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
            queue(self.case.kind, self.office)
            for step, fault in self.case.faults:
                mailbox.plan.setdefault(step, []).extend([fault] * (1_000 if self.case.lasting else 1))
            self._first(mailbox)
            self._until_at_rest()
            self._compare(mailbox)

    def operations(self) -> int:
        """How many file operations a run takes that nothing befalls."""
        with serving() as (port, _):
            server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none}}"
            rules = RULES.replace("maildir: data/sent", server)
            (self.office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
            queue(self.case.kind, self.office)
            with using(Disk()) as disk:
                self.office.run("send")
            return len(disk.calls)

    def _patience(self) -> str:
        """A second with a server that says nothing more; with all others as long as they need."""
        silent = any("stall" in fault or "drip" in fault for _, fault in self.case.faults)
        return ", timeout: 1, deadline: 1" if silent else ""

    # --- what befalls ---

    def _first(self, mailbox: Mailbox) -> None:
        if self.case.killed:
            step, _, taken = self.case.killed.partition(" ")
            mailbox.plan[step] = ["take, kill" if taken else "kill"]
            assert killed_run(self.office, mailbox) == -9
        elif self.case.crash:
            disk = Disk(self.case.crash, kill_after if self.case.after else kill_before)
            try:
                with using(disk):
                    self.office.run("send")
            except Killed:
                pass
            finally:
                disk.bury()

    def _until_at_rest(self) -> None:
        for _ in range(300):
            self._send()
            moments = [item.next_at for item in self.outbox if item.next_at is not None]
            if not moments:
                break
            self.office.now = max(self.office.now, min(moments))
        else:
            raise AssertionError("never at rest")
        self.office.now += timedelta(days=9)
        self._send()

    def _send(self) -> None:
        code = self.office.invoke("send").exit_code
        assert code in (0, 8), code
        self.exit_codes.append(code)

    # --- what must hold ---

    @property
    def outbox(self) -> list[Outbound]:
        with self.office.store.reading() as desk:
            return list(desk.outbox())

    def _compare(self, mailbox: Mailbox) -> None:
        left = self.outbox
        assert all(item.state in ("failed", "uncertain") for item in left), left
        copies = {one: [mail for mail in mailbox.mails if one in mail.rcpt_tos] for one in KINDS[self.case.kind]}
        assert len({_message_id(mail) for mail in mailbox.mails}) <= 1
        assert len({bytes(mail.content or b"") for mail in mailbox.mails}) <= 1, "a resend has other bytes"
        for mails in copies.values():
            self._never_twice_without_doubt(mails, mailbox)
        missed = [one for one, mails in copies.items() if not mails]
        told = {one for item in left for one in item.recipients if one not in item.accepted}
        assert set(missed) <= told, f"{missed} lost"
        self._no_false_alarm(left, copies, mailbox)
        self._shown(left)
        self._as_expected(left)

    def _never_twice_without_doubt(self, mails: list[Envelope], mailbox: Mailbox) -> None:
        doubtful = (
            self.case.crash or self.case.killed or mails[:1] == [one for one in mailbox.silent if one in mails[:1]]
        )
        assert len(mails) <= (2 if self.case.kind in RESENT and doubtful else 1), "twice without a doubt"

    def _no_false_alarm(self, left: list[Outbound], copies: dict[str, list[Envelope]], mailbox: Mailbox) -> None:
        if self.case.crash or self.case.killed:
            return  # what the server said may not have been recorded
        for item in left:
            for one in item.recipients:
                confirmed = [mail for mail in copies[one] if mail not in mailbox.silent]
                assert bool(confirmed) == (one in item.accepted), one

    def _shown(self, left: list[Outbound]) -> None:
        """On the ticket, on the board, and by the exit code of the run in which it ended."""
        board = self.office.say("board")
        if self.case.kind in RESENT or self.case.kind in NULL:
            delivery = self.office.get(17).messages[-1].delivery
            reached = left and left[0].recipients[0] in left[0].accepted
            assert delivery == ("sent" if not left or reached else left[0].state)
        assert ("1 not delivered" in board) == bool(left), board
        if left:
            assert 8 in self.exit_codes
            assert left[0].id[:8] in self.office.say("send", "--list")

    def _as_expected(self, left: list[Outbound]) -> None:
        """The fate that a single fault leads to."""
        case = self.case
        if case.crash or case.killed or len(case.faults) != 1:
            return
        [(step, fault)] = case.faults
        expected = {"sent"}
        if case.lasting:
            expected = {"failed"}
        elif step in ("MAIL", "RCPT", "DATA", "DOT") and fault.startswith("55"):
            expected = {"sent"} if step == "MAIL" and case.kind in NULL else {"failed"}
        elif step in ("DOT", "BODY") and not re.match("[45]", fault) and case.kind not in RESENT:
            expected = {"uncertain"} if step == "DOT" else {"uncertain", "sent"}
        assert (left[0].state if left else "sent") in expected, (left, expected)


def queue(kind: str, office: Office, number: int = 17, requester: str = ANNA) -> None:
    """A mail of that kind into the outbox."""
    if kind in RESENT:
        office.make(number, requester=Person(requester))
        copies = [word for one in KINDS[kind][1:] for word in ("--cc", one)]
        office.run("reply", number, "--text", "Hej på dig!\n.\nSlut.", *copies, "--queue")
        return
    session = office.session()
    if kind in NULL:
        office.make(number, requester=Person(requester))
    with session.store.transaction() as desk:
        if kind in NULL:
            named: Literal["acknowledgement", "automatic"] = "automatic" if kind == "reminder" else "acknowledgement"
            act = Act("system", session.now, "rule x")
            ticket = queue_acknowledgement(
                session, desk, desk.get(number), AutomaticAnswer("mottaget", True, named), act=act
            )
            assert ticket is not None
            desk.save(ticket)
        else:
            queue_notice(session, desk, [ALICE], "Försenat", "…", "report" if kind == "report" else "notification")


def killed_run(office: Office, mailbox: Mailbox) -> int:
    """`ticketctl send` in a process that the server may kill or interrupt; its exit code."""
    command = [sys.executable, "-m", "ticketctl", "send"]
    gate = [sys.executable, "-c", f"import os; input(); os.execv({sys.executable!r}, {command!r})"]
    env = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(gate, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    mailbox.victim = process.pid
    process.communicate(b"\n", timeout=HANG)
    return process.returncode


def all_of_them(folder: Path) -> int:
    """Runs every case; how many there were."""
    crashes = {kind: Trial(Case(kind), folder / f"count {kind}").operations() for kind in KINDS}
    count = 0
    for case in cases(crashes):
        trial(case, folder / "trial")
        count += 1
    return count


def some_of_them(folder: Path) -> int:
    for case in sample(60):
        trial(case, folder / "trial")
    return 60


def trial(case: Case, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        Trial(case, folder).run()
    except AssertionError as error:
        raise AssertionError(f"{case}: {error}") from error


def desk_in(folder: Path) -> Office:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "ticketctl" / "starter" / "snippets", folder / "snippets")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "data").mkdir(mode=0o700)
    office = Office(folder)
    office.now = NOW
    return office


def _message_id(mail: Envelope) -> str:
    found = re.search(rb"(?im)^Message-ID: (\S+)", bytes(mail.content or b""))
    assert found
    return found[1].decode()
