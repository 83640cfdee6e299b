"""Fetching under faults: a real Dovecot, a proxy in front of it that breaks the conversation at one point for each
mailbox, and a desk that fetches all those mailboxes and a sound one at once. Whatever happened, after good runs the
desk holds exactly what the mailboxes held, once, byte for byte.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.conftest import ROOT, Office
from tests.faults.proxy import Fault, Proxy, Talk, answer, cut, drip, reset, say, stall
from tests.mails import simple
from tests.servers import PASSWORD, Dovecot, authority, certificate
from ticketctl.channels import imap_answers
from ticketctl.cli import cli
from ticketctl.commands import _intake

TIMEOUT, DEADLINE = 1, 2  # seconds, of mailboxes that stall and of those that drip
SLACK = 20.0  # seconds that a run may take beyond that, on a busy computer
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
    commands = {"CAPABILITY": "connect", "LOGIN": "log in", "SELECT": "open", "LIST": "list", "FETCH": "fetch"}
    for point, what in commands.items():
        found += [
            Case(f"{point} stalls", Fault(point, stall), f"too slow to {what}"),
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
        Case("mails listed but not given", Fault("FETCH", answer(b"%TAG% OK done\r\n")), "does not give it"),
        Case("literal of 100 MB", Fault("FETCH", _giant), "more than was asked for"),
        Case("connection reset in a literal", Fault("FETCH", reset, "middle"), "could not"),
        Case("drips in a literal", Fault("FETCH", drip, "middle"), "too slow"),
        *(Case(f"literal stalls at its {at}", Fault("FETCH", stall, at), "too slow") for at in _AT),
        *(Case(f"literal cut off at its {at}", Fault("FETCH", cut, at), "could not") for at in _AT),
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


@dataclass
class Result:
    """Of one round: how many mails were sent and kept, and how long the run with the faults took (s)."""

    faults: int
    mails: int
    seconds: float


class Round:
    """A desk that fetches one mailbox for each case, and a sound one, all at once."""

    def __init__(
        self, folder: Path, server: Dovecot, chosen: Sequence[Case], *, count: int, batch: int = 2, prefix: str = "f"
    ) -> None:
        self.office = _office(folder)
        self.server, self.batch, self.prefix = server, batch, prefix
        keys = _certificates(server.ca_file.parent)
        self.accounts = [Account(server, case, count, prefix) for case in [*chosen, Case("sound")]]
        self.proxies = [_proxy(server, account, keys) for account in self.accounts]
        os.environ.update({f"TICKETCTL_PASSWORD_{_variable(one.name)}": PASSWORD for one in self.accounts})

    def close(self) -> None:
        for proxy in self.proxies:
            proxy.close()
        for account in self.accounts:
            os.environ.pop(f"TICKETCTL_PASSWORD_{_variable(account.name)}")

    def run(self) -> Result:
        """Raises AssertionError where anything is lost, doubled, late, or said over a line that nobody vouches for."""
        for account in self.accounts:
            account.case.before(account)
        self.configure(faulty=True)
        started = time.monotonic()
        told, code = self.fetch()
        seconds = time.monotonic() - started
        assert seconds < DEADLINE + SLACK, seconds
        self._told_of_each(told, code)
        return self.mend(seconds)

    def killed(self, point: str, nth: int) -> bool:
        """The run with the faults, in a process of its own that is killed when it comes to that point of a commit for
        the `nth` time; False where it never came to it."""
        for account in self.accounts:
            account.case.before(account)
        self.configure(faulty=True)
        command = [sys.executable, "-m", "tests.faults.stop_at", point, str(nth), str(self.batch), "fetch", "--quiet"]
        env = {**os.environ, **self.office.environment(), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=env, capture_output=True, timeout=120, check=False)
        assert done.returncode in (-signal.SIGKILL, 0, 8), done.stderr[-2000:]
        return done.returncode == -signal.SIGKILL

    def mend(self, seconds: float = 0.0) -> Result:
        """The faults are over: good runs until all is well, and what must then be so."""
        for account, proxy in zip(self.accounts, self.proxies, strict=True):
            proxy.fault = None
            if not account.case.refused:
                proxy.without = tuple(word for word in proxy.without if word != b"STARTTLS")
            proxy.certificate = "server"
            account.case.between(account)
        self.configure(faulty=False)
        refused = {account.name for account in self.accounts if account.case.refused}
        for _ in range(4):
            told, code = self.fetch()
            assert {name for name, one in told.items() if one["error"]} == refused, told
            assert code == (8 if refused else 0)
            if not any(one["new"] or one["joined"] or one["known"] for one in told.values()):
                break
        else:
            raise AssertionError("it never comes to an end")
        self._kept()
        self._places()
        self._secrets()
        for account in self.accounts:
            account.case.after(account)
        return Result(len(self.accounts) - 1, sum(len(one.expected) for one in self.accounts), seconds)

    def configure(self, *, faulty: bool) -> None:
        sources = [self._source(*pair, faulty) for pair in zip(self.accounts, self.proxies, strict=True)]
        base = (ROOT / "tests" / "faults" / "rules.yaml").read_text(encoding="utf-8")
        (self.office.folder / "rules.yaml").write_text(f"{base}sources: {json.dumps(sources)}\n", encoding="utf-8")

    def _source(self, account: Account, proxy: Proxy, faulty: bool) -> dict[str, object]:
        case = account.case
        does = case.fault.do if faulty and case.fault else None
        imap: dict[str, object] = {
            "host": "localhost",
            "port": proxy.port,
            "user": account.user,
            "ca_file": str(self.server.ca_file),
        }
        imap |= {"security": case.security, "folders": [case.folder], "then": case.then}
        imap |= {"deadline": DEADLINE if does is drip else 120, "timeout": TIMEOUT if does is stall else 60}
        return {"name": account.name, "imap": imap}

    def fetch(self) -> tuple[dict[str, Any], int]:
        """(what is told of each source, exit code)"""
        with _small(self.batch):
            result = CliRunner(env=self.office.environment()).invoke(cli, ["fetch", "--json"])
        assert isinstance(result.exception, (SystemExit, type(None))), result.exc_info
        return {one["source"]: one for one in map(json.loads, result.stdout.splitlines())}, result.exit_code

    def _told_of_each(self, told: Mapping[str, Any], code: int) -> None:
        wrong = []
        for account in self.accounts:
            case, said = account.case, told[account.name]["error"] or ""
            if (bool(case.told) != bool(said) and case.told != ".*") or not re.search(case.told, said):
                wrong.append(f"{case.name}: {said!r} instead of {case.told!r}")
            case.at_once(account)
        assert not wrong, "\n".join(wrong)
        assert code == (8 if any(account.case.told for account in self.accounts) else 0)
        assert len(told["sound"]["new"]) == len(self.accounts[-1].raws), "the sound mailbox is fetched meanwhile"

    def _kept(self) -> None:
        """Exactly what the mailboxes held, by content and by Message-ID."""
        found: Counter[str] = Counter()
        ids: Counter[str] = Counter()
        with self.office.store.reading() as desk:
            for ticket in desk.find(archive=True, texts=True):
                found.update(message.raw for message in ticket.messages)
                ids.update(message.message_id for message in ticket.messages)
        for name in found:
            self.office.store.blobs.get(name)  # raises where the bytes are not there, or others
        expected = [raw for account in self.accounts for raw in account.expected]
        wanted = {sha256(_taken(raw)).hexdigest(): raw[:200] for raw in expected}
        lost = [raw for name, raw in wanted.items() if name not in found]
        assert not lost, f"lost {len(lost)}, such as {lost[:3]}"
        assert found == Counter(wanted.keys()), [wanted.get(name, name) for name, count in found.items() if count > 1][
            :3
        ]
        assert len(wanted) == len(expected) == len(ids)
        assert set(ids.values()) == {1}

    def _places(self) -> None:
        """How far each mailbox was read: to its end."""
        with self.office.store.reading() as desk:
            for account, proxy in zip(self.accounts, self.proxies, strict=True):
                folder = account.case.folder
                cursor = desk.cursor(f"{account.user}@localhost:{proxy.port}/{folder}")
                assert (cursor.validity, cursor.uid) == account.numbers(), account.name
            waiting = {name for name, _ in desk.facts("afterwards ")}
        assert len(waiting) == sum(account.case.refused for account in self.accounts)

    def _secrets(self) -> None:
        """No name and no password over a plain line, nor over one with a certificate that nobody vouches for."""
        secret = [PASSWORD.encode(), base64.b64encode(f"\0{PASSWORD}".encode())[-16:]]
        for account, proxy in zip(self.accounts, self.proxies, strict=True):
            for line in (line for over, line in proxy.heard if over != "server"):
                assert not any(one in line for one in secret), account.name
                assert b"LOGIN" not in line.upper().split()[1:2] and b"AUTHENTICATE" not in line.upper(), account.name


def _taken(raw: bytes) -> bytes:
    """What is kept of a mail: of one that is too large the header."""
    return raw if len(raw) < 25_000_000 else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _office(folder: Path) -> Office:
    office = Office(folder)
    (folder / "data").mkdir(mode=0o700, parents=True)
    office.now = datetime.now(UTC).replace(microsecond=0)
    return office


def _variable(name: str) -> str:
    return re.sub(r"\W", "_", name.upper())


@cache
def _certificates(folder: Path) -> dict[str, ssl.SSLContext]:
    """What servers show; `folder` has the authority and the certificate of a Dovecot."""
    certificate(folder, "expired", days=-1)
    certificate(folder, "other", host="annan.example")
    authority(folder, "stranger")
    certificate(folder, "unknown", signer="stranger")
    contexts = {}
    for name in ("server", "expired", "other", "unknown"):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return contexts


def _proxy(server: Dovecot, account: Account, contexts: Mapping[str, ssl.SSLContext]) -> Proxy:
    case = account.case
    proxy = Proxy(
        server.port,
        fault=case.fault,
        contexts=contexts,
        certificate=case.certificate,
        starttls=case.security == "starttls",
        without=case.without,
    )
    proxy.owner = account
    return proxy


@contextmanager
def _small(batch: int) -> Iterator[None]:
    """Batches of that size, so that a fault finds some that were committed before."""
    before = imap_answers.BATCH, _intake.BATCH
    imap_answers.BATCH = _intake.BATCH = batch
    try:
        yield
    finally:
        imap_answers.BATCH, _intake.BATCH = before
