"""The Markdown of a help page as HTML: paragraphs, lists, headings, bold, code and links; all else is text. Nothing of
it is HTML of its writer's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_HEADING = re.compile(r"(#{1,4}) +(.+?) *#*")
_ITEM = re.compile(r" {0,3}(?:[-*+]|(\d{1,3})[.)]) +(.*)")
_SPAN = re.compile(
    r"\\([!-/:-@\[-`{-~])"  # what a backslash makes plain
    r"|`([^`\n]+)`"
    r"|\*\*(.+?)\*\*"
    r"|\[([^\]\n]+)\]\(([^)\s]+)\)"
)
_SAFE = re.compile(r"https://[^\s\"<>]+|mailto:[^\s\"<>]+|/(?!/)[^\s\"<>]*")


def html(text: str) -> str:
    return "\n".join(_block(lines) for lines in _blocks(text))


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that belong together: a paragraph, a list, a heading."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        ends = not line.strip() or _HEADING.fullmatch(line.strip())
        begins = _ITEM.fullmatch(line) and lines and not _ITEM.fullmatch(lines[0])
        if (ends or begins) and lines:
            yield lines
            lines = []
        if _HEADING.fullmatch(line.strip()):
            yield [line.strip()]
        elif line.strip():
            lines.append(line)


def _block(lines: list[str]) -> str:
    if heading := _HEADING.fullmatch(lines[0]):
        level = min(len(heading[1]) + 1, 4)
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    first = _ITEM.fullmatch(lines[0])
    if first is None:
        return f"<p>{_inline(chr(10).join(one.strip() for one in lines))}</p>"
    items: list[str] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item:
            items.append(item[2])
        else:
            items[-1] += f"\n{line.strip()}"
    kind = "ol" if first[1] else "ul"
    return f"<{kind}>{''.join(f'<li>{_inline(one)}</li>' for one in items)}</{kind}>"


def _inline(text: str) -> str:
    parts, at = [], 0
    for found in _SPAN.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(_span(found))
        at = found.end()
    return "".join([*parts, escape(text[at:])])


def _span(found: re.Match[str]) -> str:
    plain, code, bold, words, address = found.groups()
    if plain:
        return escape(plain)
    if code:
        return f"<code>{escape(code)}</code>"
    if bold:
        return f"<strong>{_inline(bold)}</strong>"
    if not _SAFE.fullmatch(address):
        return escape(found[0])
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{_inline(words)}</a>'
