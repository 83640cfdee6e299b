"""Masking on arrival: what is of the kinds that `privacy: mask` names is nowhere in what is stored of a mail."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import sha256

import msgspec

from ticketctl.domain.settings.settings import Privacy
from ticketctl.domain.ticket.message import Attachment, Inbound, Person
from ticketctl.ports.medium import Medium
from ticketctl.usecases.session import Session

FOUND = "{name} holds what this desk masks, and it could not be masked in it"
UNREAD = "{name} could not be looked into for what this desk masks"
ADDRESSES = {"email", "ip"}  # of which a header and a name consist


def changing(kinds: Collection[str]) -> Callable[[str], str]:
    """What masks a text."""
    from ticketctl.domain.privacy.masking import mask  # its patterns take 3 ms, and most commands mask nothing

    return lambda text: mask(text, kinds)


def typed(session: Session, text: str) -> str:
    """What somebody of ours types into a ticket, as it is kept."""
    kinds = session.config.privacy.mask
    return changing(kinds)(text) if kinds else text


def without_sensitive_file(session: Session, file: Attachment, payload: bytes) -> bytes:
    """A file as it is kept."""
    kinds = session.config.privacy.mask
    return session.medium.rewrite_file(file.name, file.type, payload, changing(kinds)).payload if kinds else payload


def without_sensitive(medium: Medium, inbound: Inbound, raw: bytes, privacy: Privacy) -> tuple[Inbound, bytes]:
    """The message with masked files, each under its new hash, and its masked bytes, with `seal_to` with the original
    in them, encrypted. Files that can only be read and hold it are told in `nature`. Texts and addresses stay: `masked`
    changes them once the message has its place."""
    change = changing(privacy.mask)
    attachments: list[Attachment] = []
    payloads: list[bytes] = []
    nature = list(inbound.nature)
    for one, payload in zip(inbound.attachments, inbound.payloads, strict=True):
        done = medium.rewrite_file(one.name, one.type, payload, change)
        if done.payload != payload:
            one = msgspec.structs.replace(one, size=len(done.payload), sha256=sha256(done.payload).hexdigest())
        if done.flagged:
            nature.append((FOUND if done.flagged == "found" else UNREAD).format(name=one.name))
        attachments.append(one)
        payloads.append(done.payload)
    inbound = msgspec.structs.replace(
        inbound, attachments=tuple(attachments), payloads=tuple(payloads), nature=tuple(nature)
    )
    kept = medium.rewrite(raw, change)
    if privacy.seal_to and kept != raw:
        kept = medium.seal(kept, raw, privacy.seal_to)
    return inbound, kept


def masked(inbound: Inbound, kinds: Collection[str]) -> Inbound:
    """The message with what is of these kinds made unreadable in all that the ticket will hold: texts, subjects, names
    of persons and files, and the words of its header, which the trace of a rule quotes."""
    if not kinds:
        return inbound
    from ticketctl.domain.privacy.masking import mask, mask_names

    names = ("subject", "base_subject", "text", "new_text", "quoted", "signature")
    texts = {text: mask(text, kinds) for text in {getattr(inbound, name) for name in names}}  # most are equal
    if inbound.forwarded is not None:
        subject, text = (mask(one, kinds) for one in (inbound.forwarded.subject, inbound.forwarded.text))
        sender = inbound.forwarded.sender and _person(inbound.forwarded.sender, kinds)
        forwarded = msgspec.structs.replace(inbound.forwarded, subject=subject, text=text, sender=sender)
        inbound = msgspec.structs.replace(inbound, forwarded=forwarded)
    words = [kind for kind in kinds if kind not in ADDRESSES]
    people = {
        name: tuple(_person(one, kinds) for one in getattr(inbound, name))
        for name in ("reply_to", "original_from", "sent_by", "to", "cc")
    }
    return msgspec.structs.replace(
        inbound,
        sender=inbound.sender and _person(inbound.sender, kinds),
        nature=tuple(mask(sentence, kinds) for sentence in inbound.nature),
        attachments=mask_names(inbound.attachments, kinds),
        headers={name: tuple(mask(one, words) for one in values) for name, values in inbound.headers.items()},
        fields={name: mask(value, kinds) for name, value in inbound.fields.items()},
        **people,
        **{name: texts[getattr(inbound, name)] for name in names},
    )


def _person(person: Person, kinds: Collection[str]) -> Person:
    """Somebody who writes a number into their name; the address stays, or nobody could answer."""
    if not person.name:
        return person
    return msgspec.structs.replace(
        person, name=changing([kind for kind in kinds if kind not in ADDRESSES])(person.name)
    )
