"""Media whose messages are a PlainMessage: form, chat, Matrix, Telegram, Mattermost, webhook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from ticketctl.channels.limits import MAIL
from ticketctl.domain.text import language, subjects
from ticketctl.domain.ticket.message import Attachment, Inbound
from ticketctl.ports.channels import Receipt
from ticketctl.ports.channels_draft import Draft
from ticketctl.ports.medium import Medium, Rewritten, Skill, Unreadable, Unsafe
from ticketctl.ports.plain_message import PlainFile, PlainMessage

MEDIA = ("form", "chat", "matrix", "telegram", "mattermost", "webhook", "notify")
SUBJECT = 78  # characters of the first line, where a message has no subject


class Plain:
    """`files` reads and rewrites files of any kind, and seals: the medium mail."""

    largest = MAIL

    def __init__(self, name: str, files: Medium) -> None:
        self.name = name
        self.can: frozenset[Skill] = frozenset({"attachments", "here"} if name == "chat" else {"attachments"})
        self.rewrite_file: Callable[[str, str, bytes, Callable[[str], str]], Rewritten] = files.rewrite_file
        self.seal = files.seal
        self.unseal = files.unseal
        self.file_name = files.file_name
        self.parse_text = files.parse_text
        self._files = files

    def parse(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        said = _read(raw)
        text = said.text.replace("\r\n", "\n").strip("\n")
        before = tuple(dict.fromkeys(filter(None, (*said.references, said.conversation))))
        subject = said.subject.strip() or _first_line(text) or next((one.name for one in said.files), "")
        return Inbound(
            message_id=said.id,
            content=sha256(f"{self.name} {said.id}".encode()).hexdigest(),
            subject=subject,
            base_subject=subjects.base_subject(subject),
            sender=said.sender,
            to=said.to,
            reply_to=said.reply_to,
            date=said.at or arrived_at,
            in_reply_to=(said.answers,) if said.answers else (),
            references=before,
            text=text,
            new_text=text,
            attachments=tuple(map(_attachment, said.files)),
            payloads=tuple(one.data for one in said.files),
            machine="notification" if said.machine else None,
            may_answer=not said.machine,
            language=said.language or language.detect(text[:600]),
            size=len(raw),
            nature=said.nature,
            conversation=said.conversation,
            new_matter=said.new_matter,
            edits=said.edits,
            redacts=said.redacts,
            quiet=timedelta(seconds=said.quiet) if said.quiet >= 0 else None,
            claimed=said.claimed,
            fields=said.fields,
        )

    def parse_head(self, raw: bytes, *, arrived_at: datetime | None = None, lists: Collection[str] = ()) -> Inbound:
        whole = self.parse(raw, arrived_at=arrived_at)
        return replace(whole, text="", new_text="", attachments=(), payloads=())

    def markup(self, raw: bytes) -> str:
        return ""

    def rewrite(self, raw: bytes, change: Callable[[str], str]) -> bytes:
        try:
            said = _read(raw)
        except Unreadable:
            return change(raw.decode("utf-8", "replace")).encode()
        files = tuple(self._changed(one, change) for one in said.files)
        words = {name: change(getattr(said, name)) for name in ("text", "subject", "original")}
        fields = {name: change(value) for name, value in said.fields.items()}
        sender = replace(said.sender, name=change(said.sender.name))
        after = replace(
            said, sender=sender, files=files, fields=fields, nature=tuple(map(change, said.nature)), **words
        )
        return raw if after == said else msgspec.json.encode(after)

    def _changed(self, file: PlainFile, change: Callable[[str], str]) -> PlainFile:
        data = self.rewrite_file(file.name, file.type, file.data, change).payload
        return replace(file, name=change(file.name), data=data)

    def texts(self, data: bytes) -> Iterator[str]:
        try:
            said = _read(data)
        except Unreadable:
            yield from self._files.texts(data)
            return
        people = (said.sender, *said.to, *said.reply_to)
        yield from (text for one in people for text in (one.address, one.name))
        yield from (said.text, said.subject, said.original, *said.nature, *said.fields.values())
        for file in said.files:
            yield file.name
            yield from self._files.texts(file.data)

    def freeze(self, draft: Draft) -> bytes:
        if not draft.to:
            raise Unsafe("it is written to nobody")
        said = PlainMessage(
            id=draft.message_id,
            sender=draft.sender,
            to=draft.to,
            at=draft.date,
            subject=draft.subject,
            text=draft.text,
            answers=draft.in_reply_to,
            references=draft.references,
            files=tuple(PlainFile(name=one.name, data=one.data, type=one.type) for one in draft.files),
            machine=bool(draft.automatic),
        )
        return msgspec.json.encode(said)

    def redate(self, raw: bytes, date: datetime) -> bytes:
        return msgspec.json.encode(replace(_read(raw), at=date))

    def address(self, address: str) -> str:
        return address


class Here:
    """Sends what is read on the desk's own pages: it has arrived where it is stored."""

    name = "chat"

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        return Receipt()

    def check(self) -> str:
        return "is read on our own pages"

    def close(self) -> None: ...


def _read(raw: bytes) -> PlainMessage:
    try:
        return msgspec.json.decode(raw, type=PlainMessage)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable("is no message of this medium: {reason}", code="not_of_medium", reason=error) from error


def _first_line(text: str) -> str:
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line if len(line) <= SUBJECT else f"{line[: SUBJECT - 1].rstrip()}…"


def _attachment(file: PlainFile) -> Attachment:
    return Attachment(name=file.name, type=file.type, size=len(file.data), sha256=sha256(file.data).hexdigest())
