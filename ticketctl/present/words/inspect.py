"""What `inspect` says."""

from __future__ import annotations

from ticketctl.content.terminal import line
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "unreadable": "{file}\n  could not be understood: {reason}",
        # what stands before a fact or a text
        "subject": "Subject",
        "from": "From",
        "reply_to": "Reply to",
        "to": "To",
        "cc": "Copy to",
        "date": "Date",
        "message_id": "Message-ID",
        "answers": "Answers",
        "language": "Language",
        "kind": "Kind",
        "nature": "Holds",
        "not_reached": "Not reached",
        "about": "About",
        "forwarded": "Forwarded",
        "sensitive": "Sensitive",
        "attached": "Attached",
        "new_text": "New text",
        "signature": "Signature",
        "quoted": "Quoted",
        # facts
        "with_base": "{subject}  (matter: {base})",
        "nobody": "nobody (no From)",
        "too_short": "too short to tell",
        "bare_text": "bare text",
        "by_person": "from a person",
        "automatic": "automatic ({kind})",
        "may_answer": "{who}; an acknowledgement may be sent",
        "must_not_answer": "{who}; an acknowledgement must not be sent",
        "permanent": "for good",
        "temporary": "for now",
        "not_said": "it does not say for how long",
        "forwarded_mail": "{sender}: {subject}",
        "unknown": "unknown",
        "no_subject": "no subject",
        "file": "{name} ({type}, {size:,} bytes)",
        "inline_file": "{name} ({type}, {size:,} bytes, inline)",
    },
}


def unreadable(file: str, reason: str, language: str) -> str:
    return say_in(language, TEXTS)("unreadable", file=line(file), reason=line(reason))
