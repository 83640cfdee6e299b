"""How a mail was understood, for people (`inspect`) and as the JSON object that other programs read (docs: JSON)."""

from __future__ import annotations

from typing import Any

from ticketctl.content.terminal import line
from ticketctl.domain.privacy import masking
from ticketctl.domain.ticket.message import Bounce, Forwarded, Inbound, Person
from ticketctl.present.json import attachment_json, person_json

Json = dict[str, Any]


def whole_json(file: str, mail: Inbound) -> Json:
    """The object of one file; keys may be added, these stay."""
    masks = masking.find(mail.new_text)
    return {
        "file": file,
        "ok": True,
        "error": None,
        "subject": mail.subject,
        "base_subject": mail.base_subject,
        "from": person_json(mail.sender) if mail.sender else None,
        "to": [person_json(person) for person in mail.to],
        "cc": [person_json(person) for person in mail.cc],
        "reply_to": [person_json(person) for person in mail.reply_to],
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": None if mail.message_id.endswith("@content.invalid") else mail.message_id or None,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "text": mail.text,
        "new_text": mail.new_text,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "attachments": [attachment_json(attachment) for attachment in mail.attachments],
        "machine": mail.machine,
        "may_answer": mail.may_answer,
        "bounce": _bounce_json(mail.bounce) if mail.bounce else None,
        "forwarded": _forwarded_json(mail.forwarded) if mail.forwarded else None,
        "language": mail.language,
        "masked_text": masking.mask(mail.new_text),
        "masked": [{"kind": mask.kind, "start": mask.start, "end": mask.end} for mask in masks],
        "content": mail.content or None,
        "size": mail.size,
        "nature": list(mail.nature),
    }


def unreadable_json(file: str, reason: str) -> Json:
    """The object of a file that could not be understood."""
    return {"file": file, "ok": False, "error": reason}


def account(file: str, mail: Inbound) -> str:
    """A readable account of several lines: what was found, and what follows from it."""
    rows = [
        ("Subject", _with_base(mail)),
        ("From", _person(mail.sender) if mail.message_id else ""),
        ("Reply to", _people(mail.reply_to)),
        ("To", _people(mail.to)),
        ("Copy to", _people(mail.cc)),
        ("Date", mail.date.isoformat(" ") if mail.date else ""),
        ("Message-ID", mail.message_id),
        ("Answers", ", ".join(mail.in_reply_to or mail.references[-1:])),
        ("Language", mail.language or "too short to tell"),
        ("Kind", _kind(mail) if mail.message_id else "bare text"),
        ("Holds", "; ".join(mail.nature)),
        ("Not reached", _unreached(mail.bounce)),
        ("About", (mail.bounce.message_id or "") if mail.bounce else ""),
        ("Forwarded", _forwarded(mail.forwarded)),
        ("Sensitive", _sensitive(mail.new_text)),
    ]
    rows += [("Attached", _attached(mail, number)) for number in range(len(mail.attachments))]
    texts = (("New text", mail.new_text), ("Signature", mail.signature), ("Quoted", mail.quoted))
    blocks = [f"{label}:\n{_indented(text)}" for label, text in texts if text]
    head = "\n".join(f"  {label + ':':12} {line(value)}" for label, value in rows if value)
    return "\n\n".join([f"{line(file)}\n{head}", *blocks])


def _with_base(mail: Inbound) -> str:
    return mail.subject if mail.base_subject == mail.subject else f"{mail.subject}  (matter: {mail.base_subject})"


def _person(person: Person | None) -> str:
    return str(person) if person else "nobody (no From)"


def _people(people: tuple[Person, ...]) -> str:
    return ", ".join(map(str, people))


def _kind(mail: Inbound) -> str:
    told = "from a person" if mail.machine is None else f"automatic ({mail.machine.replace('_', ' ')})"
    return f"{told}; an acknowledgement {'may' if mail.may_answer else 'must not'} be sent"


def _unreached(bounce: Bounce | None) -> str:
    words = {True: "for good", False: "for now", None: "not told for how long"}
    return ", ".join(
        f"{one.address} ({' '.join(filter(None, (one.status, words[one.permanent])))})"
        for one in (bounce.recipients if bounce else ())
    )


def _forwarded(forwarded: Forwarded | None) -> str:
    return f"{forwarded.sender or 'unknown'}: {forwarded.subject or 'no subject'}" if forwarded else ""


def _sensitive(text: str) -> str:
    kinds = [mask.kind for mask in masking.find(text)]
    return ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))


def _attached(mail: Inbound, number: int) -> str:
    one = mail.attachments[number]
    return f"{one.name} ({one.type}, {one.size:,} bytes{', inline' if one.inline else ''})"


def _indented(text: str) -> str:
    return "\n".join(f"  {row}".rstrip() for row in text.split("\n"))


def _bounce_json(bounce: Bounce) -> Json:
    return {
        "recipients": [
            {"address": one.address, "status": one.status, "permanent": one.permanent} for one in bounce.recipients
        ],
        "message_id": bounce.message_id,
    }


def _forwarded_json(forwarded: Forwarded) -> Json:
    return {
        "from": person_json(forwarded.sender) if forwarded.sender else None,
        "subject": forwarded.subject,
        "date": forwarded.date,
        "text": forwarded.text,
    }
