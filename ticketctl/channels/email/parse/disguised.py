"""HTML that came as plain text: by Content-Type, or by having none."""

from __future__ import annotations

import re

from ticketctl.channels.email.parse.html import VOID
from ticketctl.channels.email.parse.markup import tokens

_DOCUMENT = re.compile(r"(?is)<(?:!doctype\s+html|html)\b[^<>]{0,2000}>")
_ELEMENT = re.compile(
    r"(?i)<(?:html|head|body|meta|title|style|base|p|div|table|tbody|tr|td|br|hr|span|font|center|h[1-6]|ul|ol|li|pre|"
    r"blockquote|section|article|b|strong|i|em|u|a|img)\b[^<>]{0,2000}>"
)
_PROLOGUE = re.compile(r"(?is)\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,9}")
_BREAK = re.compile(r"(?i)<br ?/?>")
_GAP = re.compile(r"(?i)<br ?/?>\s{0,9}<br ?/?>")
_SHARE = 20  # one letter in so many may stand outside of all elements
READ = 100_000  # characters of a text that are looked at


def is_html(text: str) -> bool:
    """Whether a text that claims to be plain is HTML: it begins with a document's first tags, or stands in elements as
    a whole, or ends each of its lines with a break. Who writes *about* HTML has words outside of it."""
    if "<" not in text:
        return False
    text = text.strip(" \t\r\n\ufeff\u200b")[:READ]
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    if _DOCUMENT.match(text, start):
        return True
    return (_ELEMENT.match(text, start) is not None and _within_elements(text)) or _broken(text)


def _within_elements(text: str) -> bool:
    depth = inside = outside = tags = 0
    for token in tokens(text):
        if token.kind == "text":
            letters = sum(map(str.isalnum, token.value))
            inside, outside = (inside + letters, outside) if depth else (inside, outside + letters)
            continue
        tags += 1
        if token.value not in VOID:
            depth = max(0, depth + (1 if token.kind == "start" else -1))
    return inside > 0 and tags > 1 and outside * _SHARE <= inside


def _broken(text: str) -> bool:
    """Whether line ends are written as <br>: every one of them, or two in a row where there is one line only."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return len(_BREAK.findall(text)) > 2 and _GAP.search(text) is not None
    return all(_BREAK.fullmatch(line, max(0, line.rfind("<"))) for line in lines[:-1])
