"""Raw mail to an `Inbound`: pure, linear in the size of the mail, and without surprises for whatever bytes come.

`understand` puts together what its neighbours find: `tree` the parts, `headers` the fields, `bodies` text and
attachments; and the domain's readers of text. What can't be understood raises `Unreadable` and belongs in quarantine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import bodies, headers, message_ids, reports, special_mail
from ticketctl.channels.email.parse.mime_tree import Part, Unreadable, head, parse
from ticketctl.domain.mail import auto_mail as machine
from ticketctl.domain.mail import bounces, forwarding, retrieval
from ticketctl.domain.text import language, tips
from ticketctl.domain.text import quote_markers as marks
from ticketctl.domain.text import quotes as quoting
from ticketctl.domain.text.subjects import base_subject
from ticketctl.domain.ticket.message import Inbound, Person

__all__ = ["Unreadable", "header_only", "understand", "understand_text"]

VALUE = 4_096  # characters kept of a header value for the rules' `header.X`
VALUES = 500  # header values kept of a message
SUBJECT = 1_000  # characters
SAMPLE = 600  # characters are enough to tell the language

# The fields that make a mail what it is. All others (Received, Delivered-To, Status, X-UID, verdicts of spam filters …)
# are traces of its way, which differ between two mailboxes that got the same mail.
IDENTITY = {
    *("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id"),
}


def understand(raw: bytes, *, arrived_at: datetime | None = None) -> Inbound:
    """What a message says. `arrived_at` stands in for a Date that is missing or unreadable.

    Raises Unreadable for what is no mail or passes the limits of depth and number of parts.
    """
    root = _with_words(parse(raw))
    _must_be_mail(root)
    return _inbound(len(raw), root, bodies.read(root), arrived_at)


def header_only(raw: bytes, *, arrived_at: datetime | None = None) -> Inbound:
    """What the header of a message says, for mail above the size limit: no text, no attachments. Raises Unreadable."""
    fields, body = head(raw)
    root = Part(fields, body, "text/plain", {}, "", "", [])
    _must_be_mail(root)
    return _inbound(len(raw), root, bodies.Content(), arrived_at)


def understand_text(text: str, *, html: bool = False) -> Inbound:
    """A bare body, such as a form's or one from another tool, read as the text of a message would be."""
    body = bodies.marked_text(text) if html else bodies.plain_text(text)
    digest = sha256(body.replace(marks.SIGNED, "").encode()).hexdigest()
    return Inbound(message_id="", content=digest, may_answer=False, size=len(text), **_reading(body, ""))


def _reading(marked: str, subject: str) -> dict[str, Any]:
    """The fields of an Inbound that say what its text holds; lines of it may be `marked` as a signature."""
    text = marked.replace(marks.SIGNED, "")
    said = special_mail.unarmoured(marked)
    scan = tips.scan(said)
    written = quoting.split(said, subject, scan)
    return {
        "text": text,
        "new_text": written.new_text,
        "quoted": written.quoted,
        "signature": written.signature,
        "forwarded": forwarding.unwrap(text, subject, scan if said == text else None),
        "language": language.detect((written.new_text or text)[:SAMPLE]),
    }


def _must_be_mail(root: Part) -> None:
    if not root.fields and not root.body.strip():
        raise Unreadable("the message is empty", code="empty_message")
    if not root.fields and b"\0" in root.body[:4_096]:
        raise Unreadable("this is not a mail: it has no header and is not text", code="not_a_mail")


def _inbound(size: int, root: Part, content: bodies.Content, arrived_at: datetime | None) -> Inbound:
    values = _values(root)
    subject = headers.one_line(values.get("subject", ("",))[0])[:SUBJECT]
    sender, told = _author(root)
    reply_to = _people(root, "reply-to")
    digest = content_hash(root)
    ids = headers.ids(root.all("message-id"))
    mail = _mail(root, values, subject, sender, reply_to, content)
    kind = machine.classify(mail)
    reading = _reading(content.marked, subject)
    if kind is None and special_mail.is_calendar_answer(root) and (not reading["new_text"] or _by_calendar(root)):
        kind = "notification"
    if notice := retrieval.read(content.text, subject, next(iter(sender), None)):
        kind, told = "notification", (*told, notice.sentence)
        reading |= {"new_text": content.text, "quoted": "", "signature": "", "forwarded": notice.about}
    originals = special_mail.originals(root, kind)
    return Inbound(
        message_id=ids[0] if ids else f"sha256-{digest}@content.invalid",
        content=digest,
        subject=subject,
        base_subject=base_subject(subject),
        sender=sender[0] if sender else None,
        reply_to=reply_to,
        original_from=_people(root, "x-original-from"),
        sent_by=_people(root, "sender"),
        to=_people(root, "to"),
        cc=_people(root, "cc"),
        delivered_to=_delivered_to(root),
        date=headers.date(root.first("date")) or arrived_at,
        **_threading(root, originals),
        attachments=tuple(content.attachments),
        payloads=tuple(content.payloads),
        machine=kind,
        may_answer=machine.may_answer(mail, kind),
        bounce=bounces.read(mail.report) if kind == "bounce" else None,
        headers=values,
        size=size,
        nature=(*told, *special_mail.of(root, content.text, content.unread)),
        **reading,
    )


_PEOPLE = ("from", "reply-to", "sender", "to", "cc")


def _threading(root: Part, originals: tuple[str, ...]) -> dict[str, Any]:
    """The fields of an Inbound that say what it answers. `originals` are of reports, which name it in other places."""
    people = {person.address for name in _PEOPLE for person in _people(root, name)}
    in_reply_to, references = root.all("in-reply-to"), root.all("references")
    return {
        "in_reply_to": message_ids.answered(in_reply_to, people) or originals,
        "references": message_ids.answered(references, people, prose=False),
        "bare_ids": message_ids.bare((*in_reply_to, *references), people),
    }


def _author(root: Part) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """Who wrote it, as a list of one or none, and a sentence where From does not tell it: Sender stands in for a From
    that is missing or names no address, then the envelope's sender, if nothing says where to answer."""
    named = sorted(_people(root, "from"), key=lambda person: "@" not in person.address)[:1]
    if named and named[0].address:
        return tuple(named), ()
    others = ("sender",) if root.first("reply-to") else ("sender", "return-path")
    for field in others:
        for person in _people(root, field):
            if "@" in person.address:
                name = (named[0].name if named else "") or person.name
                return (Person(address=person.address, name=name),), (f"From names nobody: {field.title()} stands in",)
    return tuple(named), ()


def _with_words(root: Part) -> Part:
    """With the header's raw 8-bit bytes as text: those that are no utf-8 are most likely in the charset that the body
    declares, or another header field. RFC 6532 allows utf-8 only."""
    if all(value.isascii() and "\x1b$" not in value for _, value in root.fields):
        return root
    named = (part.parameters.get("charset", "") for part in root.leaves() if part.type.startswith("text/"))
    names = (*named, *headers.charsets(value for _, value in root.fields))
    likely = next((name for name in names if charset.codec(name) not in (None, "utf-8")), None)
    return root._replace(fields=[(name, charset.from_surrogates(value, likely)) for name, value in root.fields])


def _by_calendar(root: Part) -> bool:
    """Whether a calendar server wrote the text for the person who clicked, as Google's does."""
    return any("calendar-notification@" in value for value in root.all("sender"))


def _people(root: Part, name: str) -> tuple[Person, ...]:
    return headers.addresses(root.all(name))


def _delivered_to(root: Part) -> tuple[str, ...]:
    """The addresses that the mail was delivered to, as our own servers noted them."""
    noted = (value for name in ("delivered-to", "x-original-to", "envelope-to") for value in root.all(name))
    return tuple(dict.fromkeys(person.address for person in headers.addresses(noted) if "@" in person.address))


def _values(root: Part) -> dict[str, tuple[str, ...]]:
    """All decoded header values by lower-case name, capped."""
    values: dict[str, tuple[str, ...]] = {}
    for raw_name, value in root.fields[:VALUES]:
        name = charset.from_surrogates(raw_name).lower()
        values[name] = (*values.get(name, ()), headers.words(value[: 16 * VALUE])[:VALUE])
    return values


def content_hash(root: Part) -> str:
    """sha256 of a message without its traces: the same for the same mail in two mailboxes, whatever their line ends."""
    hasher = sha256()
    for name, value in root.fields:
        if name in IDENTITY:
            hasher.update(f"{name}:{' '.join(value.split())}\n".encode("utf-8", "surrogateescape"))
    body = root.body.replace(b"\r\n", b"\n") if b"\r" in root.body else root.body  # seeking one byte is much faster
    hasher.update(b"\n")
    hasher.update(body.strip(b"\n"))
    return hasher.hexdigest()


# Machine mail


def _mail(
    root: Part,
    values: dict[str, tuple[str, ...]],
    subject: str,
    sender: Sequence[Person],
    reply_to: tuple[Person, ...],
    content: bodies.Content,
) -> machine.Mail:
    leaves = list(root.leaves())
    author = sender[0] if sender else Person(address="")
    return machine.Mail(
        headers=values,
        subject=subject,
        # "From: <>" names nobody: it is how a mail server writes, whoever passed it on
        sender="" if "<>" in root.first("from").replace(" ", "") else author.address,
        sender_name=author.name,
        answer_to=next(iter((*reply_to, *sender)), author).address,
        kinds=frozenset({root.type, *(part.type for part in leaves)}),
        report_type=root.parameters.get("report-type", "").lower(),
        report=reports.report(root, values, content.text),
    )
