"""How a mail was understood, for people (`inspect`) and as the JSON object that other programs read (docs: JSON)."""

from __future__ import annotations

from ticketctl.content.terminal import line
from ticketctl.domain.privacy import masking
from ticketctl.domain.ticket.message import Attachment, Bounce, Forwarded, Inbound, Person
from ticketctl.present.json import Json, attachment_json, person_json
from ticketctl.present.words import Say, say_in
from ticketctl.present.words.inspect import TEXTS


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


def account(file: str, mail: Inbound, language: str) -> str:
    """Several lines for people: what was found, and what follows from it."""
    say = say_in(language, TEXTS)
    rows = [
        ("subject", _subject(mail, say)),
        ("from", str(mail.sender or say("nobody")) if mail.message_id else ""),
        ("reply_to", _people(mail.reply_to)),
        ("to", _people(mail.to)),
        ("cc", _people(mail.cc)),
        ("date", mail.date.isoformat(" ") if mail.date else ""),
        ("message_id", mail.message_id),
        ("answers", ", ".join(mail.in_reply_to or mail.references[-1:])),
        ("language", mail.language or say("too_short")),
        ("kind", _kind(mail, say)),
        ("nature", "; ".join(mail.nature)),
        ("not_reached", _not_reached(mail.bounce, say)),
        ("about", (mail.bounce.message_id or "") if mail.bounce else ""),
        ("forwarded", _forwarded(mail.forwarded, say)),
        ("sensitive", _sensitive(mail.new_text)),
    ]
    rows += [("attached", _attached(attachment, say)) for attachment in mail.attachments]
    texts = (("new_text", mail.new_text), ("signature", mail.signature), ("quoted", mail.quoted))
    blocks = [f"{say(label)}:\n{_indented(text)}" for label, text in texts if text]
    head = "\n".join(f"  {say(label) + ':':12} {line(value)}" for label, value in rows if value)
    return "\n\n".join([f"{line(file)}\n{head}", *blocks])


def _subject(mail: Inbound, say: Say) -> str:
    if mail.subject == mail.base_subject:
        return mail.subject
    return say("with_base", subject=mail.subject, base=mail.base_subject)


def _people(people: tuple[Person, ...]) -> str:
    return ", ".join(map(str, people))


def _kind(mail: Inbound, say: Say) -> str:
    if not mail.message_id:
        return say("bare_text")
    who = say("automatic", kind=mail.machine.replace("_", " ")) if mail.machine else say("by_person")
    return say("may_answer" if mail.may_answer else "must_not_answer", who=who)


def _not_reached(bounce: Bounce | None, say: Say) -> str:
    keys = {True: "permanent", False: "temporary", None: "not_said"}
    return ", ".join(
        f"{one.address} ({' '.join(filter(None, (one.status, say(keys[one.permanent]))))})"
        for one in (bounce.recipients if bounce else ())
    )


def _forwarded(forwarded: Forwarded | None, say: Say) -> str:
    if forwarded is None:
        return ""
    sender, subject = forwarded.sender or say("unknown"), forwarded.subject or say("no_subject")
    return say("forwarded_mail", sender=sender, subject=subject)


def _sensitive(text: str) -> str:
    kinds = [mask.kind for mask in masking.find(text)]
    return ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))


def _attached(one: Attachment, say: Say) -> str:
    return say("inline_file" if one.inline else "file", name=one.name, type=one.type, size=one.size)


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
