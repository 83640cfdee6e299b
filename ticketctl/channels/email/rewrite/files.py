"""A file with its text changed, where it is one of plain text; where it is none and its text would change, that is
told. Text, CSV, HTML and calendar files and attached mails are written anew; Word, Excel, OpenDocument and PDF files
are only read."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import tnef
from ticketctl.channels.email.parse.bodies import html_text
from ticketctl.channels.email.rewrite import documents
from ticketctl.ports.medium import Rewritten

Change = Callable[[str], str]

TEXT = (".txt", ".csv", ".tsv", ".ics", ".vcf", ".md", ".log", ".json", ".xml", ".yaml", ".yml", ".ini", ".sql", ".rtf")
HTML = (".html", ".htm", ".xhtml")
TEXT_TYPES = {"application/json", "application/xml", "application/csv", "application/ics", "application/sql"}
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
META = re.compile(r"(?i)(<(?:meta|\?xml)[^<>]{1,200}?\b(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?)[\w:.-]{2,40}")
TAG = re.compile(r"<[^<>]{0,2000}>")
LONGEST = 20_000_000  # bytes of a file that is looked into


def rewrite_file(name: str, kind: str, payload: bytes, change: Change) -> Rewritten:
    """A file of that name and type. It stays as it is, byte for byte, where no text in it changes."""
    lower = name.lower()
    if len(payload) > LONGEST:
        return Rewritten(payload)
    if payload[:5] == b"%PDF-" or lower.endswith(".pdf"):
        return _read_only(payload, documents.pdf_text, change) if documents.can_read_pdf() else Rewritten(payload)
    packed = lower.endswith(documents.ENDINGS) or "officedocument" in kind or "opendocument" in kind
    if packed and payload[:2] in (b"PK", b"\xd0\xcf"):  # the latter is one that is locked with a password
        return _read_only(payload, documents.office_text, change)
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or lower == "winmail.dat":
        return Rewritten(payload, "found" if _packed_changes(payload, change) else "")
    if _is_text(lower, kind, payload):
        is_html = lower.endswith(HTML) or kind in ("text/html", "application/xhtml+xml")
        return Rewritten(_changed(payload, is_html, change))
    return Rewritten(payload)


def _read_only(payload: bytes, text_of: Callable[[bytes], str], change: Change) -> Rewritten:
    try:
        text = text_of(payload)
    except documents.Unreadable:
        return Rewritten(payload, "unread")
    return Rewritten(payload, "found" if change(text) != text else "")


def _packed_changes(payload: bytes, change: Change) -> bool:
    held = tnef.read(payload)
    said = html_text(held.text) if held.html else held.text
    inner = (rewrite_file(one.name, "", one.payload, change) != Rewritten(one.payload) for one in held.files)
    return change(said) != said or any(inner)


def _is_text(lower: str, kind: str, payload: bytes) -> bool:
    if payload.startswith(tuple(mark for mark, _ in BOMS)):
        return True
    named = lower.endswith(TEXT + HTML) or kind.startswith("text/") or kind in TEXT_TYPES
    return (named or "." not in lower) and not BINARY.search(payload)


def _changed(payload: bytes, html: bool, change: Change) -> bytes:
    codec = next((codec for mark, codec in BOMS if payload.startswith(mark)), None)
    text = charset.decode(payload) if codec is None else payload.decode(codec, "replace")
    after = changed_html(text, change) if html else change(text)
    if after == text:
        return payload
    if html:
        after = META.sub(r"\g<1>utf-8", after)
    return after.encode(codec or "utf-8", "replace")


def changed_html(text: str, change: Change) -> str:
    """Changed where it stands in the source; where the text that people read shows it still (it is divided by tags, or
    written in entities), that text in its place."""
    after = change(text)
    bare = unescape(TAG.sub("", text))
    if after == text and change(bare) == bare:
        return (
            text  # neither in the source nor without the tags: seen at a tenth of the cost of reading it as people do
        )
    read = html_text(after)
    said = change(read)
    return after if said == read else f"<pre>{escape(said)}</pre>"
