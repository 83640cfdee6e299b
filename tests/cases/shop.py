"""A two-person shop whose days a test plays by the clock: mail comes in, people work, cron runs, figures are read.

The histories of test_work*.py were found by two weeks of real use; the comment of each says what went wrong.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.conftest import Office
from ticketctl.cli import cli

ASA = "Åsa Öberg <asa@kund.example>"
CAUSES = "causes: [fel, leverans, betalning]"
RULES = """\
version: 1
desk: {{name: Exempel AB, timezone: {zone}, language: sv, country: SE}}
team:
  - {{name: alice, email: alice@exempel.example, role: admin}}
  - {{name: bo, email: bo@exempel.example}}
outgoing: {{maildir: data/sent, undo: 0s, from: "Exempel support <support@exempel.example>"}}
hours: {{mon-fri: 08:00-17:00}}
{causes}
targets:
  high: {{first_response: 1h, next_response: 4h, resolution: 1d}}
  medium: {{first_response: 4h, next_response: 1d, resolution: 3d}}
  low: {{first_response: 2d, next_response: 3d, resolution: 10d}}
{more}
"""


class Shop(Office):
    """`at` sets the clock; `mail` arrives now, `arrived` arrived earlier and is fetched now; `run` is alice's."""

    def __init__(self, folder: Path, more: str = "", *, causes: str = CAUSES, zone: str = "Europe/Stockholm") -> None:
        super().__init__(folder)
        CliRunner().invoke(cli, ["init", str(folder)], catch_exceptions=False)
        rules = RULES.format(more=more, causes=causes, zone=zone)
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
        self._mails = 0

    def at(self, moment: str) -> Shop:
        """The clock: RFC 3339 with an offset."""
        self.now = datetime.fromisoformat(moment)
        return self

    def cron(self, *args: object, code: int = 0) -> str:
        """What `ticketctl ARGS` prints when cron runs it."""
        return self.run(*args, user="system", code=code).output

    def mail(
        self,
        sender: str,
        subject: str,
        text: str,
        answers: str = "",
        *,
        message_id: str = "",
        headers: str = "",
        code: int = 0,
    ) -> str:
        """A mail comes in on standard input; `answers` is the Message-ID that it answers."""
        raw = self._written(sender, subject, text, answers, message_id, headers)
        return self.run("fetch", "-", user="system", stdin=raw, code=code).output

    def arrived(
        self,
        moment: str,
        sender: str,
        subject: str,
        text: str,
        answers: str = "",
        *,
        message_id: str = "",
        headers: str = "",
    ) -> str:
        """A mail that the mail server got at `moment`, fetched now from a Maildir."""
        for part in ("new", "cur", "tmp"):
            (self.folder / "in" / part).mkdir(parents=True, exist_ok=True)
        raw = self._written(sender, subject, text, answers, message_id, headers)
        path = self.folder / "in" / "new" / f"{self._mails:04}.x"
        path.write_text(raw, encoding="utf-8")
        os.utime(path, (datetime.fromisoformat(moment).timestamp(),) * 2)
        return self.run("fetch", f"maildir:{self.folder / 'in'}", user="system").output

    def last_out(self, number: int) -> str:
        """The Message-ID of the newest reply of a ticket."""
        return [one.message_id for one in self.get(number).messages if one.direction == "out"][-1]

    def figures(self, *window: str) -> dict[str, Any]:
        """`report --json` of that window."""
        return dict(json.loads(self.say("report", "--json", *window)))

    def _written(self, sender: str, subject: str, text: str, answers: str, message_id: str, headers: str) -> str:
        self._mails += 1
        answered = f"In-Reply-To: <{answers}>\nReferences: <{answers}>\n" if answers else ""
        return (
            f"From: {sender}\nTo: support@exempel.example\nSubject: {subject}\n"
            f"Message-ID: <{message_id or f'm{self._mails}@kund.example'}>\nDate: Mon, 02 Nov 2026 08:00:00 +0000\n"
            f"{answered}{headers}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            f"Content-Transfer-Encoding: 8bit\n\n{text}\n"
        )
