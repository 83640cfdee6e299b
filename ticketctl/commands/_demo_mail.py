"""The demonstration’s mails as bytes, as a mail server would have put them into a Maildir."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from ticketctl.commands._demo_story import Mail


def message_id(mail: Mail) -> str:
    """Without angle brackets; plain ASCII."""
    domain = parseaddr(mail.sender)[1].partition("@")[2] or "trasig.example"
    return f"{mail.key.encode('ascii', 'ignore').decode() or 'm'}.{mail.day}@{domain}"


def as_bytes(mail: Mail, at: datetime, parents: Sequence[str]) -> bytes:
    """The whole message; `parents` are the Message-IDs of its thread so far, oldest first."""
    if mail.raw == b"bounce":
        return _bounce(mail, at, parents[-1])
    if mail.raw.startswith(b"From:"):
        return mail.raw
    message = EmailMessage(policy.default.clone(max_line_length=900))  # or it encodes long ids, as no mail program does
    message["From"], message["To"], message["Subject"] = mail.sender, mail.to, mail.subject
    if mail.cc:
        message["Cc"] = mail.cc
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{message_id(mail)}>"
    if parents:
        message["In-Reply-To"] = f"<{parents[-1]}>"
        message["References"] = " ".join(f"<{parent}>" for parent in parents)
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text + "\n")
    if mail.attachment:
        name, kind, data = mail.attachment
        message.add_attachment(data, *kind.split("/"), filename=name)
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
