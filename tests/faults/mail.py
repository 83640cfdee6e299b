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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.conftest import ROOT, Office
from tests.faults.mail_cases import Account, Case
from tests.faults.proxy import Proxy, drip, stall
from tests.growth import HANG
from tests.servers import PASSWORD, Dovecot, authority, certificate
from ticketctl.channels.email.imap import answers as imap_answers
from ticketctl.cli import cli
from ticketctl.usecases.intake import fetch_run as _intake

TIMEOUT, DEADLINE = 3, 3  # seconds, of mailboxes that stall and of those that drip
SLACK = 2 * HANG  # that a run may take beyond that, on a busy computer


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
        done = subprocess.run(command, env=env, capture_output=True, timeout=5 * HANG, check=False)
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
