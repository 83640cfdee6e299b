"""What strangers put into subjects, names and file names comes out of every door as nothing but text: replies with
copies and attachments, acknowledgements, reminders, escalations, reports; read again from the bytes that left."""

from __future__ import annotations

import base64
import os
import random
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from tests.channels.test_compose import hostile
from tests.conftest import RULES, Office
from tests.e2e.desk import HOUR, Desk

COUNT = int(os.environ.get("TICKETCTL_TEST_HOSTILE", "40"))  # mails, each with three texts
ALLOWED = {
    *("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version"),
    *("Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Ticketctl-Loop"),
}
MORE = """\
rules:
  - id: acknowledge
    events: [created]
    then: [{reply: {snippet: mottaget, automatic: true}}]
  - id: remind
    events: [sweep]
    when: {since_our_reply: {at_least: calendar 25h}}
    then: [{reply: {snippet: paminnelse, automatic: true}}]
escalation:
  - {when: {used: 1%}, then: [{notify: team}, {notify: chef@exempel.example}]}
report: {to: [alice@exempel.example, bo@exempel.example], every: monday 07:00}
"""


def word(text: str) -> str:
    """Everything that can be said in a header is said in encoded words: newlines, controls, whole headers."""
    data = text.encode("utf-8", "replace")
    return " ".join(f"=?utf-8?b?{base64.b64encode(data[at : at + 42]).decode()}?=" for at in range(0, len(data), 42))


def mail(number: int) -> bytes:
    subject, name, file = (hostile(3 * number + at) for at in range(3))
    file_name = quote_from_bytes(file.encode("utf-8", "replace"))
    head = [
        f"From: {word(name)} <kund{number}@kund{number}.example>",
        f"To: support@exempel.example, {word(file)} <kopia{number}@kund{number}.example>",
        f"Subject: {word(subject)}",
        f"Message-ID: <{number}@kund{number}.example>",
        f"References: {word(name)} <forut.{number}@kund.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="snitt"',
    ]
    body = (
        f"--snitt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{subject.encode('utf-8', 'replace').decode()}\r\n"
        f"--snitt\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''{file_name}\r\n\r\n"
        "bifogat\r\n--snitt--\r\n"
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


@pytest.fixture
def desk(office: Office) -> Desk:
    rules = RULES.replace("country: SE", "country: SE, acknowledgement_cap: 100000") + MORE
    (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return Desk(office.folder)


def left(desk: Desk) -> list[EmailMessage]:
    """All that has left, by a reader other than ours."""
    found = []
    for path in sorted((desk.folder / "data" / "sent" / "new").glob("*")):
        message = message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def addressed(message: EmailMessage, name: str) -> list[str]:
    return [one.addr_spec for one in message[name].addresses] if message[name] else []


def test_every_door(desk: Desk, tmp_path: Path) -> None:
    folder = desk.folder / "in" / "new"
    folder.mkdir(parents=True)
    for number in range(1, COUNT + 1):
        path = folder / f"{number:05}.x"
        path.write_bytes(mail(number))
        desk.utime(path)
    desk.arrive(b"Subject: sist\r\nFrom: sist@kund.example\r\nMessage-ID: <sist@kund.example>\r\n\r\nhej\r\n")
    requesters = reply_to_all(desk, tmp_path)
    desk.now += HOUR
    desk.run("escalate", "-q")
    desk.now += 26 * HOUR
    desk.run("escalate", "-q")  # reminders
    desk.run("report", "--email", "-q")
    desk.run("send", "-q")
    messages = left(desk)
    assert len(messages) >= 3 * COUNT
    kinds = {str(message["Auto-Submitted"]) for message in messages}
    assert kinds == {"None", "auto-replied", "auto-generated"}
    allowed = {*requesters, "alice@exempel.example", "bo@exempel.example", "chef@exempel.example"}
    for message in messages:
        assert set(message.keys()) <= ALLOWED
        assert len(message.keys()) == len(set(message.keys()))
        assert addressed(message, "From") == ["support@exempel.example"]
        assert set(addressed(message, "To")) <= allowed
        assert set(addressed(message, "Cc")) <= {"cc@kund.example"}
        for name in ("Subject", "To", "From"):
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]|=\?", str(message[name]))
        for part in message.walk():
            shown = part.get_filename() or ""
            assert not re.search(r"[\x00-\x1f/\\]", shown) and not shown.startswith(".")


def reply_to_all(desk: Desk, tmp_path: Path) -> set[str]:
    """A person answers each with a copy and a file whose name is as bad as the file system allows."""
    requesters = set()
    dice = random.Random(3)
    for number in range(1, COUNT + 1):
        ticket = desk.get(number)
        requesters.add(ticket.requester.address)
        name = re.sub(r"[/\0]", "_", hostile(9_000 + number)).encode("utf-8", "replace")[:80].decode("utf-8", "ignore")
        file = tmp_path / (name.strip(". ") or "fil")
        file.write_text("x", encoding="utf-8")
        subject = dice.choice(["Hej", "Här kommer svaret"])
        desk.run(
            "reply", number, "--text", subject, "--cc", "cc@kund.example", "--attach", file, "--queue", "--stay-open"
        )
    desk.run("send", "-q")
    return requesters | {"sist@kund.example"}
