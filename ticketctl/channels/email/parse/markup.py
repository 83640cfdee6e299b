"""HTML as a stream of tags and texts: a tokenizer that is linear in the size of any input and never fails.

The standard library's parser is quadratic on some broken input (CVE-2025-6069) in versions that we support, and mail
is where broken input comes from. This one knows as much as reading needs: tags with attributes, comments, raw elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal

import msgspec

RAW = frozenset(("script", "style", "title", "textarea", "xml", "noscript", "template", "svg", "object", "iframe"))
BARE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})>")  # a tag without attributes, as most are
NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,40}")
ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:-]{0,40})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'>]+)""")
HIDDEN = re.compile(r" hidden(?=[\s/>])")
VALUE = re.compile(r""""[^"]*"|'[^']*'""")
LONGEST = 8000  # characters of a tag whose attributes are read


class Token(msgspec.Struct, frozen=True):
    """A start tag (`value` is its name, in lower case), an end tag, or a text (`value`, entities resolved)."""

    kind: Literal["start", "end", "text"]
    value: str
    attributes: dict[str, str] = {}


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of this HTML, in order; comments, declarations and elements that are not read are left out."""
    position, last = 0, html.rfind(">")
    missing: set[str] = set()  # endings that were sought in vain, so that none is sought twice
    known: dict[str, Token] = {}  # the tags without attributes, of which a mail has few kinds
    while position < len(html):
        start = html.find("<", position)
        if start < 0 or start > last:
            yield Token("text", unescape(html[position:]))
            return
        if start > position:
            text = html[position:start]
            yield Token("text", unescape(text) if "&" in text else text)
        bare = BARE.match(html, start)
        if bare is not None:
            token = known.get(bare[0]) or known.setdefault(bare[0], _bare(*bare.groups()))
            if token.kind == "end" or token.value not in RAW:
                yield token
                position = bare.end()
                continue
        name = NAME.match(html, start + 1)
        if name is not None:
            end = _tag_end(html, start)
            tag = html[start:end]
            value = name[0].lower()
            if value.startswith("/"):
                yield Token("end", value[1:])
            elif value in RAW:
                end = _past(html, f"</{value}", end, missing)
            else:
                yield Token("start", value, _attributes(tag))
            position = end
        elif html.startswith("<!--", start):
            position = _past(html, "-->", start + 2, missing)
        elif html[start + 1 : start + 2] in ("!", "?", "/"):
            position = html.find(">", start) + 1
        else:
            yield Token("text", "<")
            position = start + 1


def _bare(slash: str, name: str) -> Token:
    return Token("end" if slash else "start", name.lower())


def _tag_end(html: str, start: int) -> int:
    """Past the `>` of the tag, which does not count within the quotes of an attribute (looked for a short way only)."""
    end = html.index(">", start) + 1
    if '"' not in html[start : min(end, start + LONGEST)]:
        return end
    for _ in range(3):
        tag = html[start:end] if end - start <= LONGEST else ""
        if tag.count('"') % 2 == 0:
            break
        further = html.find(">", end, end + LONGEST) + 1
        if not further:
            break
        end = further
    return end


def _past(html: str, ending: str, start: int, missing: set[str]) -> int:
    """Past this ending and the `>` after it; where there is none, past the next `>`."""
    match = None if ending in missing else re.compile(re.escape(ending), re.IGNORECASE).search(html, start)
    if match is None:
        missing.add(ending)
        return html.find(">", start) + 1 or len(html)
    return match.end() if ending.endswith(">") else html.find(">", match.end()) + 1 or len(html)


def _attributes(tag: str) -> dict[str, str]:
    hidden = {"hidden": ""} if " hidden" in tag and HIDDEN.search(VALUE.sub("", tag[:LONGEST])) else {}
    if "=" not in tag:
        return hidden
    return hidden | {name.lower(): unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(tag[:LONGEST])}
