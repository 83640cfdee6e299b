"""What can go wrong with a mailbox: one case for each fault, and the mailbox that it happens to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.faults.proxy import Fault, Talk, answer, cut, drip, reset, say, stall
from tests.mails import simple
from tests.servers import Dovecot

MARK = "\\Deleted"


class Account:
    """A mailbox of its own on the server, and what a desk must hold of it in the end."""

    def __init__(self, server: Dovecot, case: Case, count: int, prefix: str) -> None:
        self.server, self.case = server, case
        self.name = re.sub(r"\W+", "-", case.name.lower())
        self.user = f"{prefix}-{self.name}"
        self.raws = [self._mail(number) for number in range(1, count + 1)]
        server.deliver(self.user, self.raws, case.folder)
        for more in {"INBOX", "Hanterat"} - {case.folder}:
            server.deliver(self.user, [], more)
        self.expected = list(self.raws)
        self.arrived = 0

    def _mail(self, number: int, size: int = 0) -> bytes:
        name = f"{self.user}.{number}@kund.example"
        text = f"Hej, det här är brev {number}.\n" + "åäö " * (number % 7 * 40) + "x" * 76 * (size // 76)
        raw = simple(f"Ärende {number}", text, message_id=name, sender=f"{self.user}{number}@kund.example")
        return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def arrive(self, *, size: int = 0, flags: str | None = None) -> None:
        self.arrived += 1
        raw = self._mail(1000 + self.arrived, size)
        with self.client() as client:
            assert client.append(self.case.folder, flags, None, raw)[0] == "OK"
        self.expected.append(raw)

    def client(self, folder: str = "") -> Any:
        return self.server.client(self.user, folder or self.case.folder)

    def gone(self, number: int) -> None:
        """Another client expunges the mail with that UID before we have read it."""
        with self.client() as client:
            client.uid("STORE", str(number), "+FLAGS", f"({MARK})")
            client.uid("EXPUNGE", str(number))
        self.expected.remove(self.raws[number - 1])

    def moved(self, number: int) -> None:
        with self.client() as client:
            client.uid("MOVE", str(number), "Hanterat")
        self.expected.remove(self.raws[number - 1])

    def flag(self, number: int | str, flags: str) -> None:
        with self.client() as client:
            client.uid("STORE", str(number), "+FLAGS", f"({flags})")

    def renumber(self) -> None:
        for path in (self.server.mail / self.user).rglob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # UIDVALIDITY is the second in which the mailbox was made

    def replace_folder(self) -> None:
        """Another client deletes the folder and makes it anew with the same mails."""
        with self.client("INBOX") as client:
            client.rename(self.case.folder, "Gammal")
            client.create(self.case.folder)
            client.select("Gammal")
            client.uid("COPY", "1:*", self.case.folder)

    def numbers(self) -> tuple[int, int]:
        """(UIDVALIDITY, the highest UID there ever was), from Dovecot's own list."""
        part = "" if self.case.folder == "INBOX" else f".{self.case.folder}"
        first = (self.server.mail / self.user / part / "dovecot-uidlist").read_text().splitlines()[0]
        validity, following = re.search(r" V(\d+) N(\d+)", first).groups()
        return int(validity), int(following) - 1

    def lying(self, folder: str = "") -> dict[int, str]:
        """UID → flags of what lies in the folder."""
        with self.client(folder) as client:
            lines = [line.decode() for line in client.uid("FETCH", "1:*", "(UID FLAGS)")[1] if line]
        return {int(re.search(r"UID (\d+)", line)[1]): line for line in lines}


@dataclass(frozen=True)
class Case:
    """`told` is a pattern of what the run with the fault says of this mailbox; "" where the run must be good.
    `before` is done before it, `between` after it; `at_once` is what must be so after it, `after` in the end."""

    name: str
    fault: Fault | None = None
    told: str = ""
    security: str = "tls"
    certificate: str = "server"
    without: tuple[bytes, ...] = ()
    then: object = "leave"
    folder: str = "INBOX"
    before: Callable[[Account], None] = lambda account: None
    between: Callable[[Account], None] = lambda account: None
    at_once: Callable[[Account], None] = lambda account: None
    after: Callable[[Account], None] = lambda account: None
    refused: bool = False  # for good, not only while the fault lasts


def foreign(act: Callable[[Account], None]) -> Callable[[Talk, bytes], None]:
    """What another mail program does in the middle of our session."""

    def do(talk: Talk, line: bytes) -> None:
        act(talk.proxy.owner)

    return do


def _giant(talk: Talk, line: bytes) -> None:
    """A literal of 100 MB where a small mail was asked for."""
    talk.send(b"* 1 FETCH (UID 1 BODY[] {100000000}\r\n")
    for _ in range(100):
        talk.connection.sendall(b"x" * 1_000_000)


def _nothing_left(account: Account) -> None:
    assert account.lying() == {}, account.lying()
    assert len(account.lying("Hanterat")) >= len(account.expected)


def _all_flagged(account: Account) -> None:
    assert all("\\Seen" in flags for flags in account.lying().values())


def _theirs_stays(account: Account) -> None:
    """Ours are gone; what another client has marked as deleted meanwhile is not ours to expunge."""
    (flags,) = account.lying().values()
    assert MARK in flags


def cases() -> list[Case]:
    """One for each fault."""
    found = [
        Case("handshake stalls", Fault("handshake", stall), "too slow"),
        Case("handshake cut off", Fault("handshake", cut), "could not connect"),
        Case("plain text on the TLS port", Fault("handshake", say(b"* OK ready\r\n")), "could not connect|speak TLS"),
        Case("certificate expired", told="not to be trusted", certificate="expired"),
        Case("certificate of another host", told="not to be trusted", certificate="other"),
        Case("certificate of an unknown authority", told="not to be trusted", certificate="unknown"),
    ]
    starttls = [
        Case("STARTTLS left out", told="could not connect", without=(b"STARTTLS",)),
        Case("STARTTLS refused", Fault("STARTTLS", answer(b"%TAG% NO not now\r\n")), "could not connect"),
        Case("STARTTLS not understood", Fault("STARTTLS", answer(b"%TAG% BAD what\r\n")), "could not connect"),
        Case("STARTTLS then cut off", Fault("STARTTLS", cut), "could not connect"),
        Case("STARTTLS then stalls", Fault("STARTTLS", stall), "too slow"),
        Case("STARTTLS granted, then no TLS", Fault("STARTTLS", say(b"%TAG% OK go\r\n* OK\r\n")), "could not connect"),
        Case("STARTTLS, certificate expired", told="not to be trusted", certificate="expired"),
        Case("STARTTLS, certificate of another host", told="not to be trusted", certificate="other"),
        Case("logged in beforehand", Fault("greeting", answer(b"* PREAUTH welcome\r\n")), "could not connect"),
    ]
    found += [replace(case, security="starttls") for case in starttls]
    busy = b"%TAG% NO [UNAVAILABLE] busy\r\n"
    commands = ("CAPABILITY", "LOGIN", "SELECT", "LIST", "FETCH")
    for point in commands:
        found += [
            Case(f"{point} stalls", Fault(point, stall), "too slow"),
            Case(f"{point} cut off", Fault(point, cut), "could not"),
            Case(f"{point} cut off, answer lost", Fault(point, cut, "lost"), "could not"),
            Case(f"{point} answered by BYE", Fault(point, say(b"* BYE closing\r\n")), "could not"),
            Case(f"{point} answered by rubbish", Fault(point, say(b"\xff\x00 ??\r\n%TAG%\r\n")), "could not"),
        ]
    found += [
        Case("greeting stalls", Fault("greeting", stall), "too slow"),
        Case("greeting drips", Fault("greeting", drip), "too slow"),
        Case("greeting is BYE", Fault("greeting", say(b"* BYE too many\r\n")), "could not connect"),
        Case("greeting is rubbish", Fault("greeting", say(b"\x00\xff\xfe\r\n")), "could not connect"),
        Case("login refused for now", Fault("LOGIN", answer(busy)), "refused the password"),
        Case("login drips", Fault("LOGIN", drip, "answer"), "too slow"),
        Case("folder refused for now", Fault("SELECT", answer(busy)), "refuses it"),
        Case("list refused for now", Fault("LIST", answer(busy)), "did not list"),
        Case("list drips", Fault("LIST", drip, "answer"), "too slow"),
        Case("list cut off in the middle", Fault("LIST", cut, "answer"), "could not"),
        Case("mails refused for now", Fault("FETCH", answer(busy)), "did not fetch"),
        Case("mails not understood", Fault("FETCH", answer(b"%TAG% BAD what\r\n")), "could not"),
        Case("mails listed but not given", Fault("FETCH", answer(b"%TAG% OK done\r\n")), "does not give them"),
        Case("literal of 100 MB", Fault("FETCH", _giant), "more than was asked for"),
        Case("connection reset in a literal", Fault("FETCH", reset, "middle")),  # alone each mail comes
        Case("drips in a literal", Fault("FETCH", drip, "middle"), "too slow"),
        *(Case(f"literal stalls at its {at}", Fault("FETCH", stall, at)) for at in _AT),
        *(Case(f"literal cut off at its {at}", Fault("FETCH", cut, at)) for at in _AT),
        Case("LOGOUT stalls", Fault("LOGOUT", stall)),
        Case("LOGOUT cut off", Fault("LOGOUT", cut)),
    ]
    listed = "command"  # of FETCH: the mails were listed, and are just being asked for
    found += [
        Case("expunged by another client", Fault("FETCH", foreign(lambda one: one.gone(2)), listed, times=1)),
        Case("moved by another client", Fault("FETCH", foreign(lambda one: one.moved(2)), listed, times=1)),
        Case("read by another client", before=lambda one: one.flag("1:*", "\\Seen")),
        Case("read meanwhile", Fault("FETCH", foreign(lambda one: one.flag("1:*", "\\Seen")), listed)),
        Case("more comes meanwhile", Fault("FETCH", foreign(lambda one: one.arrive()), listed, times=1)),
        Case("marked as deleted by another client", before=lambda one: one.flag(2, MARK)),
        Case("UIDVALIDITY changed between runs", between=lambda one: one.renumber()),
        Case(
            "UIDVALIDITY changed in a session",
            Fault("FETCH", foreign(lambda one: one.replace_folder()), listed, times=1),
            told=".*",
            folder="Order",
        ),
        Case("a mail of 26 MB", before=lambda one: one.arrive(size=26_000_000)),
    ]
    return found + afterwards()


_AT = ("start", "middle", "end")


def afterwards() -> list[Case]:
    """Faults of what is done on the server after the commit."""
    flag, move = {"flag": "seen"}, {"move": "Hanterat"}
    found = []
    for command, then in (("STORE", flag), ("MOVE", move), ("COPY", move), ("EXPUNGE", "delete")):
        done = _all_flagged if then is flag else _nothing_left if then is move else _gone
        shared: dict[str, Any] = {"then": then, "after": done, "without": (b"MOVE",) if command == "COPY" else ()}
        found += [
            Case(f"{command} stalls", Fault(command, stall), "still to be", **shared),
            Case(f"{command} cut off", Fault(command, cut), "still to be", **shared),
            Case(f"{command} done, answer lost", Fault(command, cut, "lost"), "still to be", **shared),
            Case(f"{command} refused", Fault(command, answer(b"%TAG% NO over quota\r\n")), "still to be", **shared),
        ]
    neither = (b"MOVE", b"UIDPLUS")
    return [
        *found,
        Case("moved, no MOVE, foreign deletion", then=move, without=(b"MOVE",), **_FOREIGN),
        Case("moved, foreign deletion", then=move, **_FOREIGN),
        Case("deleted, foreign deletion", then="delete", **_FOREIGN),
        Case("deleted, no UIDPLUS", then="delete", without=neither, after=_all_marked),
        Case("moved, neither MOVE nor UIDPLUS", None, "cannot move", then=move, without=neither, refused=True),
    ]


def _gone(account: Account) -> None:
    assert account.lying() == {}


def _all_marked(account: Account) -> None:
    lying = account.lying()
    assert len(lying) == len(account.expected)
    assert all(MARK in flags for flags in lying.values())


def _another_deletes(account: Account) -> None:
    """A mail that we have not seen yet comes to lie in the folder and is marked as deleted."""
    account.arrive(flags=MARK)


_FOREIGN: dict[str, Any] = {
    "fault": Fault("FETCH", foreign(_another_deletes), times=1),
    "at_once": _theirs_stays,
    "after": _gone,
}
