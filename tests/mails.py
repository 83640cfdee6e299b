"""Mails of our own making, always the same for a seed: Swedish and English, threads, attachments, auto-replies,
bounces. For tests that need many; what a test is about should stand in the test itself."""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

PEOPLE = [
    ("Åsa Öberg", "asa.oberg@kund.example"),
    ("Göran Ek", "goran@ekbygg.example"),
    ("Maja Lind", "maja@lind.example"),
    ("Håkan Åkesson", "hakan@akeri.example"),
    ("Priya Nair", "priya@nair.example"),
    ("Tom Baker", "tom@bakery.example"),
    ("Ester Sjö", "ester@sjo.example"),
    ("Noah Reed", "noah.reed@reed.example"),
    ("Li Wei", "li.wei@handel.example"),
]
MATTERS = [
    ("sv", "Trasig kanna", "Hej!\n\nKannan som kom i går är sprucken. Kan ni skicka en ny?\n"),
    ("sv", "Fråga om faktura", "Hej,\n\nfakturan för oktober verkar vara dubblerad. Hälsningar från Åmål.\n"),
    ("sv", "Kan inte logga in", "Jag får bara ett felmeddelande när jag försöker logga in på sidan.\n"),
    ("en", "Where is my parcel", "Hello,\n\nthe parcel was due on Monday and has not come. What happened?\n"),
    ("en", "Change of address", "Please send the next order to our new office – same town, other street.\n"),
]
FOLLOW_UPS = {
    "sv": "Har ni hunnit titta på det här? Jag väntar fortfarande.\n",
    "en": "Any news? I am still waiting for an answer.\n",
}


@dataclass(frozen=True)
class Mail:
    """`root` is the Message-ID of the mail that began the conversation; `kind`: new, reply, auto_reply, bounce."""

    raw: bytes
    message_id: str
    root: str
    kind: str
    sender: str


def mails(count: int, seed: int = 1) -> Iterator[Mail]:
    """`count` mails: about half begin a matter, others go on with one; every tenth has an attachment."""
    dice = random.Random(seed)
    begun: list[tuple[str, int, int]] = []
    for number in range(1, count + 1):
        message_id = f"{seed}.{number}.{dice.getrandbits(40):x}@post.example"
        roll = dice.random()
        if begun and roll < 0.42:
            root, person, matter = dice.choice(begun)
            kind = "reply" if roll < 0.38 else "auto_reply"
            yield Mail(
                _reply(dice, number, message_id, root, person, matter, kind), message_id, root, kind, PEOPLE[person][1]
            )
        elif roll > 0.98:
            yield Mail(_bounce(number, message_id), message_id, message_id, "bounce", "mailer-daemon@post.example")
        else:
            person, matter = dice.randrange(len(PEOPLE)), dice.randrange(len(MATTERS))
            begun.append((message_id, person, matter))
            yield Mail(_new(dice, number, message_id, person, matter), message_id, message_id, "new", PEOPLE[person][1])


def simple(
    subject: str = "Trasig kanna",
    text: str = "Hej! Kannan är trasig.",
    *,
    sender: str = "asa@kund.example",
    message_id: str = "",
    to: str = "support@exempel.example",
    **headers: str,
) -> bytes:
    """One plain mail; `in_reply_to="<…>"` and the like become headers."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Message-ID: <{message_id}>"] if message_id else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, ""])).encode()


def _new(dice: random.Random, number: int, message_id: str, person: int, matter: int) -> bytes:
    _, subject, text = MATTERS[matter]
    head = _head(number, message_id, PEOPLE[person], f"{subject} {number}")
    if dice.random() < 0.2:
        return head + _with_attachment(dice, text)
    return head + _text(text * dice.randrange(1, 6), dice.choice(["utf-8", "iso-8859-1", "utf-8"]))


def _reply(dice: random.Random, number: int, message_id: str, root: str, person: int, matter: int, kind: str) -> bytes:
    language, subject, text = MATTERS[matter]
    prefixes = {"reply": {"sv": "SV", "en": "Re"}, "auto_reply": {"sv": "Autosvar", "en": "Automatic reply"}}
    prefix = prefixes[kind][language]
    head = _head(number, message_id, PEOPLE[person], f"{prefix}: {subject}")
    head += f"In-Reply-To: <{root}>\r\nReferences: <{root}>\r\n".encode()
    if kind == "auto_reply":
        return head + b"Auto-Submitted: auto-replied\r\n" + _text("Jag är på semester till den 9 augusti.\n", "utf-8")
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    return head + _text(f"{FOLLOW_UPS[language]}\nDen fre 20 nov. 2026 kl 10:00 skrev Exempel:\n{quoted}", "utf-8")


def _bounce(number: int, message_id: str) -> bytes:
    head = _head(
        number,
        message_id,
        ("Mail Delivery System", "mailer-daemon@post.example"),
        "Undelivered Mail Returned to Sender",
    )
    return (
        head
        + (
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="grans"\r\n\r\n'
            "--grans\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
            "--grans\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; post.example\r\n\r\n"
            f"Final-Recipient: rfc822; borta{number}@kund.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            "--grans\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: <sent.{number}@elsewhere.example>\r\nSubject: Nyhetsbrev\r\n\r\n--grans--\r\n"
        ).encode()
    )


def _head(number: int, message_id: str, person: tuple[str, str], subject: str) -> bytes:
    at = datetime(2026, 11, 2, 7, 0, tzinfo=UTC) + timedelta(minutes=number)
    return (
        f"Received: from post.example by mx.example; {format_datetime(at)}\r\n"
        f"From: {_encoded(person[0])} <{person[1]}>\r\nTo: Exempel <support@exempel.example>\r\n"
        f"Subject: {_encoded(subject)}\r\nDate: {format_datetime(at)}\r\nMessage-ID: <{message_id}>\r\n"
    ).encode()


def _encoded(text: str) -> str:
    return text if text.isascii() else f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def _text(text: str, charset: str) -> bytes:
    body = quopri.encodestring(text.replace("–", "-").encode(charset)).replace(b"\n", b"\r\n")
    return (
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + body


def _with_attachment(dice: random.Random, text: str) -> bytes:
    picture = base64.encodebytes(dice.randbytes(dice.randrange(200, 20_000))).replace(b"\n", b"\r\n")
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="snitt"\r\n\r\n--snitt\r\n'
        + _text(text, "utf-8")
        + b"\r\n--snitt\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="bild.png"\r\n\r\n' + picture + b"\r\n--snitt--\r\n"
    )
