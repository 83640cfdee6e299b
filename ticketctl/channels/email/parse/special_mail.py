"""What a mail is besides its text, in sentences for people: an invitation, a receipt, a complaint, signed, encrypted.

Nothing is verified or decrypted here: a signature is told as "not checked", and of what is encrypted what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import headers, invitations
from ticketctl.channels.email.parse.mime_tree import Part

OPEN_IT = "can't be read here: save the mail and open it with the key, or ask for it unencrypted"
SIGNED_PGP = "signed (PGP, not checked)"
SIGNED_SMIME = "signed (S/MIME, not checked)"
PACKED_SMIME = "signed with S/MIME in a packed form: its text can't be read here; open smime.p7m in a mail program"
PACKED_BY_OUTLOOK = (
    "winmail.dat is Outlook's container, and nothing could be read from it: ask for the files by themselves"
)
CALENDARS = 5  # of a mail, that are read
FIELDS = 20_000  # bytes of a report
_CALENDAR = {"text/calendar", "application/ics"}
_ARMOUR = re.compile(r"^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*$", re.M)
_BEGIN, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "\n-----BEGIN PGP SIGNATURE-----"
_END = "\n-----END PGP SIGNATURE-----"


def of(root: Part, text: str, unread: bool = False) -> tuple[str, ...]:
    """The sentences about this message, whose readable text is `text`; most messages have none. `unread`: it has a
    winmail.dat from which nothing could be read."""
    if not root.children and root.type in ("text/plain", "text/html"):  # as most
        return tuple(_armoured(text))
    leaves = list(root.leaves())
    packed = [PACKED_BY_OUTLOOK] if unread else []
    found = (*_secured(root, leaves), *_armoured(text), *_reported(leaves), *_invited(leaves), *packed)
    return tuple(dict.fromkeys(found))


def unarmoured(text: str) -> str:
    """The text without what PGP puts around what it signs (RFC 9580, 7); unchanged where nothing is signed so."""
    start = text.find(_BEGIN)
    inside, end = text.find("\n\n", start), text.find(_SIGNATURE, start)
    if start < 0 or (start and text[start - 1] != "\n") or not 0 <= inside < end:
        return text
    said = "\n".join(line.removeprefix("- ") for line in text[inside + 2 : end].split("\n"))
    past = text.find(_END, end)
    rest = text[past + len(_END) :] if past >= 0 else ""
    return f"{text[:start]}{said}{rest}".strip("\n")


def originals(root: Part, kind: str | None) -> tuple[str, ...]:
    """The Message-IDs of our mails that a receipt or a complaint is about."""
    if kind not in ("read_receipt", "feedback_report"):
        return ()
    fields = [_report(part) for part in root.leaves() if part.type == "message/disposition-notification"]
    named = [one["original-message-id"] for one in fields if "original-message-id" in one]
    returned = [_report(part) for part in root.leaves() if part.type in ("message/rfc822", "text/rfc822-headers")]
    return headers.ids([*named, *(one["message-id"] for one in returned if "message-id" in one)])


def is_calendar_answer(root: Part) -> bool:
    """Whether all that it says is "accepted", "declined" or "perhaps" to an invitation."""
    calendars = _calendars(list(root.leaves()))
    return bool(calendars) and all(invitations.is_answer(one) for one in calendars)


def _secured(root: Part, leaves: Sequence[Part]) -> Iterator[str]:
    kinds = {part.type for part in leaves}
    if root.type == "multipart/encrypted" or "application/pgp-encrypted" in kinds:
        yield f"encrypted with PGP: {OPEN_IT}"
    packed = [part for part in root.walk() if part.is_packed]
    if any(part.children and "compressed" not in part.parameters.get("smime-type", "") for part in packed):
        yield SIGNED_SMIME
    for part in packed:
        if not part.children:
            yield (
                PACKED_SMIME
                if "signed" in part.parameters.get("smime-type", "")
                else f"encrypted with S/MIME: {OPEN_IT}"
            )
    if "application/pgp-signature" in kinds:
        yield SIGNED_PGP
    if kinds & {"application/pkcs7-signature", "application/x-pkcs7-signature"}:
        yield SIGNED_SMIME


def _armoured(text: str) -> Iterator[str]:
    match = _ARMOUR.search(text) if "-----BEGIN PGP" in text else None
    if match is not None:
        yield SIGNED_PGP if match[1] else f"encrypted with PGP: {OPEN_IT}"


def _reported(leaves: Sequence[Part]) -> Iterator[str]:
    for part in leaves:
        if part.type == "message/disposition-notification":
            disposition = _report(part).get("disposition", "").rpartition(";")[2].strip().lower()
            yield "receipt: deleted without being read" if disposition.startswith("deleted") else "read receipt"
        elif part.type == "message/feedback-report":
            fields = _report(part)
            about = fields.get("original-rcpt-to", "").strip("<> ")[:200]
            kind = fields.get("feedback-type", "").strip().lower()[:40]
            told = "spam complaint (feedback report)" if kind in ("abuse", "") else f"feedback report ({kind})"
            yield f"{told} from {about}" if about else told


def _invited(leaves: Sequence[Part]) -> Iterator[str]:
    for calendar in _calendars(leaves):
        if told := invitations.sentence(calendar):
            yield told


def _calendars(leaves: Sequence[Part]) -> list[str]:
    wanted = [part for part in leaves if part.type in _CALENDAR or part.filename.lower().endswith(".ics")][:CALENDARS]
    return [charset.decode(part.payload()[:FIELDS], part.parameters.get("charset")) for part in wanted]


_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60}):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.M)


def _report(part: Part) -> dict[str, str]:
    text = charset.decode(part.payload()[:FIELDS], None).replace("\r\n", "\n")
    return {match[1].lower(): " ".join(match[2].split()) for match in _FIELD.finditer(text)}
