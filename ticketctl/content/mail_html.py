"""The HTML part of our mail, made from its text: the same words, so that nobody reads anything else than was written.

Paragraphs, lists, quoted lines, links and the signature are marked up; everything is escaped, nothing is loaded from
elsewhere, and no colour is set but greys, so that mail programs can show it dark. The styles are the few that Word's
engine (Outlook on Windows) carries out as well: font, margin, padding, a border on the left, inline on each element.
Linear in the size of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, pairwise

BODY = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5"
PARAGRAPH = "margin:0 0 14px 0"
LIST = "margin:0 0 14px 0;padding:0 0 0 28px"
QUOTE = "margin:0 0 14px 0;padding:0 0 0 10px;border-left:2px solid #bbbbbb;color:#666666"
FIXED = "margin:0 0 14px 0;font-family:Consolas,'Courier New',monospace;font-size:13px;white-space:pre-wrap"
SIGNATURE = "margin:0;color:#666666"

DELIMITER = "-- "  # RFC 3676, 4.3
DEEPEST_QUOTE = 20
NARROWEST, WIDEST = 60, 80  # columns at which people and editors wrap text

_QUOTED = re.compile(r"> ?")
_BULLET = re.compile(r" {0,3}[-*•–] +(?=\S)")
_NUMBER = re.compile(r" {0,3}(\d{1,3})[.)] +(?=\S)")
_INDENTED = re.compile(r"(?: {4}|\t)")
_LINK = re.compile(
    r"""(?P<url>https?://[^\s<>"\x00-\x20]{1,2000})|(?P<mail>(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})""",
    re.IGNORECASE,
)


def mail_html(text: str, language: str) -> str:
    """A whole HTML document that says what `text` says."""
    body, signature = _divided(text.replace("\r\n", "\n").rstrip().split("\n"))
    blocks = [*_blocks(body, 0)]
    if signature is not None:
        blocks.append(f'<p style="{SIGNATURE}">-- <br>\n{_broken(signature)}</p>')
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n</head>\n'
        f'<body>\n<div style="{BODY}">\n' + "\n".join(blocks) + "\n</div>\n</body>\n</html>\n"
    )


def _divided(lines: list[str]) -> tuple[list[str], list[str] | None]:
    """Body and signature, which stands behind the last delimiter; None where there is none."""
    at = next((at for at in range(len(lines) - 1, -1, -1) if lines[at] == DELIMITER), None)
    return (lines, None) if at is None else (lines[:at], lines[at + 1 :])


# --- blocks ---


def _blocks(lines: Sequence[str], depth: int) -> Iterator[str]:
    for quoted, group in groupby(lines, lambda line: line.startswith(">") and depth < DEEPEST_QUOTE):
        if quoted:
            inner = "\n".join(_blocks([_QUOTED.sub("", line, count=1) for line in group], depth + 1))
            yield f'<blockquote type="cite" style="{QUOTE}">\n{inner}\n</blockquote>'
        else:
            for filled, run in groupby(group, lambda line: bool(line.strip())):
                if filled:
                    yield from _paragraphs(list(run))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """What stands between two empty lines: text, and lists below it or by themselves."""
    if all(_INDENTED.match(line) for line in lines):
        yield f'<pre style="{FIXED}">{escape(chr(10).join(line.expandtabs(4)[4:] for line in lines))}</pre>'
        return
    text: list[str] = []
    at = 0
    while at < len(lines):
        end = _end_of_list(lines, at)
        if not end:
            text.append(lines[at])
            at += 1
            continue
        yield from _paragraph(text)
        yield _list(lines[at:end])
        text, at = [], end
    yield from _paragraph(text)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f'<p style="{PARAGRAPH}">{_broken(lines)}</p>'


def _end_of_list(lines: Sequence[str], start: int) -> int:
    """Where the list ends that begins there; 0 where none does: "- Bo" below a greeting is none. Indented lines go on
    with an item."""
    mark = _mark(lines[start])
    end, items = start, 0
    while mark and end < len(lines):
        if _mark(lines[end]) == mark:
            items += 1
        elif _mark(lines[end]) or not lines[end].startswith("  "):
            break
        end += 1
    return end if items > 1 else 0


def _mark(line: str) -> str:
    """ "ul", "ol", or "" for a line that begins no item."""
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBER.match(line) else ""


def _list(lines: Sequence[str]) -> str:
    """The numbers are the writer's, also where they make no row."""
    tag = _mark(lines[0])
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        if _mark(line):
            number = _NUMBER.match(line)
            value = f' value="{int(number[1])}"' if number else ""
            items.append((value, [(_NUMBER if number else _BULLET).sub("", line, count=1)]))
        else:
            items[-1][1].append(line.strip())
    inner = "\n".join(f"<li{value}>{_broken(item)}</li>" for value, item in items)
    return f'<{tag} style="{LIST}">\n{inner}\n</{tag}>'


# --- lines ---


def _broken(lines: Sequence[str]) -> str:
    """Lines with a break between them where the writer made one; where only the editor did, they run on, so that they
    fit a telephone."""
    width = max(map(len, lines))
    wrapped = NARROWEST <= width <= WIDEST
    out = _linked(lines[0])
    for line, following in pairwise(lines):
        room = width - len(line) - 1
        soft = wrapped and len(following.split(None, 1)[0] if following.strip() else "") > room
        out += ("\n" if soft else "<br>\n") + _linked(following)
    return out


def _linked(line: str) -> str:
    """Escaped, with links; runs of spaces are kept."""
    out, at = [], 0
    for match in _LINK.finditer(line):
        target = _without_ending(match[0]) if match["url"] else match[0]
        href = target if match["url"] else f"mailto:{target}"
        out += [_spaced(line[at : match.start()]), f'<a href="{escape(href)}">{escape(target)}</a>']
        at = match.start() + len(target)
    return "".join([*out, _spaced(line[at:])])


def _without_ending(url: str) -> str:
    """Without the marks of the sentence behind it; a closing bracket stays where it is opened in the address."""
    for _ in range(20):
        last = url[-1]
        opened = {")": "(", "]": "["}.get(last)
        if last not in ".,;:!?'*_" and not (opened and url.count(last) > url.count(opened)):
            break
        url = url[:-1]
    return url


def _spaced(text: str) -> str:
    return escape(text.expandtabs(4), quote=False).replace("  ", "&nbsp; ")
