"""The demonstration’s mails as bytes, as a mail server would have put them into a Maildir."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from ticketctl.demo.story import FILES, MAILS, Mail
from ticketctl.errors import TicketctlError
from ticketctl.ports.store import Store


class Post:
    """Brings the story's mails to the Maildir `mail` of the desk in `folder`, threaded as mail programs would."""

    def __init__(self, folder: Path, store: Callable[[], Store]) -> None:
        self.folder, self.store = folder, store
        self.delivered: dict[str, bytes] = {}

    def deliver(self, mail: Mail, at: datetime) -> None:
        raw = self.delivered[mail.again] if mail.again else as_bytes(mail, at, self._parents(mail))
        self.delivered[mail.key] = raw
        deliver(self.folder / "mail", f"{int(at.timestamp())}.{len(self.delivered):03}.demo", raw, at)

    def number(self, key: str) -> int:
        """The ticket that holds that mail."""
        with self.store().reading() as desk:
            number = desk.find_message(message_id(MAILS[key]))
        if number is None:
            raise TicketctlError(f"the demonstration's mail {key} is on no ticket")
        return number

    def _parents(self, mail: Mail) -> list[str]:
        """Message-IDs that a mail program would put into References."""
        if mail.joins:
            return [message_id(MAILS[mail.joins])]
        if not mail.answers:
            return []
        with self.store().reading() as desk:
            ours = desk.get(self.number(mail.answers)).last(direction="out")
        if ours is None:
            raise TicketctlError(f"the demonstration's mail {mail.key} answers nothing")
        return [message_id(MAILS[mail.answers]), ours.message_id]


def message_id(mail: Mail) -> str:
    """Without angle brackets; plain ASCII."""
    domain = parseaddr(mail.sender)[1].partition("@")[2] or "trasig.example"
    return f"{mail.key.encode('ascii', 'ignore').decode() or 'm'}.{mail.day}@{domain}"


def as_bytes(mail: Mail, at: datetime, parents: Sequence[str]) -> bytes:
    """The whole message; `parents` are the Message-IDs of its thread so far, oldest first."""
    if mail.bounces:
        return _bounce(mail, at, parents[-1])
    if mail.raw:
        return mail.raw.encode("latin-1")
    message = EmailMessage(policy.default.clone(max_line_length=900))  # or it encodes long ids, as no mail program does
    message["From"], message["To"], message["Subject"] = mail.sender, mail.to, mail.subject
    if mail.cc:
        message["Cc"] = mail.cc
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{message_id(mail)}>"
    if parents:
        message["In-Reply-To"] = f"<{parents[-1]}>"
        message["References"] = " ".join(f"<{parent}>" for parent in parents)
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text.rstrip("\n") + "\n")
    if mail.file:
        file = FILES[mail.file]
        message.add_attachment(file.data, *file.type.split("/"), filename=mail.file)
    return message.as_bytes()


def deliver(maildir: Path, name: str, raw: bytes, at: datetime) -> None:
    """As a delivery agent does: written to tmp, renamed to new; the file's time is the arrival."""
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    path = maildir / "tmp" / name
    path.write_bytes(raw)
    os.utime(path, (at.timestamp(), at.timestamp()))
    path.rename(maildir / "new" / name)


def _bounce(mail: Mail, at: datetime, original: str) -> bytes:
    """RFC 3464: what a mail server says when the mailbox is full."""
    return (
        f"From: {mail.sender}\nTo: {mail.to}\nSubject: {mail.subject}\nDate: {format_datetime(at)}\n"
        f"Message-ID: <{message_id(mail)}>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\n"
        "The mail system could not deliver your message to priya.nair@lakeside.example: mailbox full.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.lakeside.example\n\n"
        "Final-Recipient: rfc822; priya.nair@lakeside.example\nAction: failed\nStatus: 5.2.2\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{original}>\n"
        "To: priya.nair@lakeside.example\n\n--b--\n"
    ).encode()
