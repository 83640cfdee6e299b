"""HTML bodies as readable text, written so that `domain.quoting` finds the quotes in it.

Quoted blocks get `> ` before their lines, rules become underscores, lists keep their bullets, rows of a table of data
stand on one line. Containers that only their class tells to be a quote get a banner where their text has none.

No library does it, not even where one is installed. inscriptis 2.7, put here in its place, read no family of the mail
corpora better, and quotes worse (96.7 % against 97.1 %, mean of the figures 97.1 against 98.4): it marks no quoted
block, leaves out where a link leads, sets columns of a layout side by side, and loses text nested a thousand deep.
"""

from __future__ import annotations

import re

from ticketctl.channels.email.parse.markup import Token, tokens
from ticketctl.domain.text import quote_markers as marks

DEEPEST = 30  # nested quotes and tables that are kept apart; deeper ones are read as if they were not nested
PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "form", "fieldset"))
BLOCKS = frozenset(
    (
        "div",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "address",
        "tr",
        "li",
        "dt",
        "dd",
        "body",
        "html",
        "caption",
    )
)
VOID = frozenset(("br", "hr", "img", "meta", "link", "input", "wbr", "area", "base", "col", "source"))
QUOTES = frozenset(
    ("yahoo_quoted", "gmail_quote", "protonmail_quote", "tutanota_quote", "moz-forward-container", "zmail_extra",
     "outlookmessageheader", "ymail_quote", "hcreply", "aolreplacedbody", "wm_quote", "mail_extra_quote")
)  # fmt: skip
# What programs call the element that holds the sender's signature, by class or id.
SIGNATURES = frozenset(
    ("gmail_signature", "moz-signature", "applemailsignature", "ms-outlook-mobile-signature", "yahoo-signature",
     "protonmail_signature_block", "zmail_signature", "tutanota_signature", "_rc_sig", "mail-signature")
)  # fmt: skip
SIGNED = frozenset(("div", "table", "pre", "p"))  # the elements that are sought for it
LONGEST = 30  # lines of a signature; one element may hold the whole mail, where it was written into it
# Not `font-size: 0`: frames for columns have it, with all that is to be read in them.
HIDDEN = re.compile(
    r"display ?: ?none|mso-hide ?: ?all|visibility ?: ?hidden|(?:max-height|opacity) ?: ?0(?:px|pt|em)?(?:;|$)", re.I
)
TIGHT = re.compile(r"margin(?:-top|-bottom)?: ?0(?:cm|in|px|pt|em)?(?:;| ?0|$)", re.I)
SPACE = re.compile(r"[ \t\r\n\f]+")
RULE = "_" * 32
BANNER = "-----Original Message-----"


class Frame:
    """Text under construction: finished lines, and the pieces of the line that is being written."""

    __slots__ = ("cells", "divisions", "lines", "name", "pieces", "signature")

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.cells: list[list[str]] = []
        self.divisions = 0
        self.signature = False

    def write(self, text: str) -> None:
        if text.startswith(" ") and (not self.pieces or self.pieces[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.pieces.append(text)

    def end_line(self, always: bool = False) -> None:
        if not self.pieces:
            if always:
                self.lines.append("")
            return
        whole = "".join(self.pieces)
        line = whole.replace("\u00a0", " ").rstrip()
        if line or always or "\u00a0" in whole:
            self.lines.append(line)
        self.pieces = []

    def end_paragraph(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def finished(self) -> list[str]:
        if self.pieces:
            self.end_line()
        lines = self.lines
        if not lines or (lines[0] and lines[-1]):
            return lines
        first, end = 0, len(lines)
        while first < end and not lines[first]:
            first += 1
        while end > first and not lines[end - 1]:
            end -= 1
        return lines[first:end]


class Reader:
    """Reads tokens into nested frames: one for each quote, table, row, cell and quoting container."""

    def __init__(self, hidden: bool) -> None:
        self.frame = Frame("")  # the innermost, on top of the stack
        self.stack = [self.frame]
        self.hidden = hidden  # whether hidden elements are shown
        self.hid = False  # whether any was left out
        self.skipping = ""
        self.skipped = 0
        self.lists: list[int] = []  # of each open list the last number, or -1 where it has bullets
        self.links: list[tuple[str, int]] = []
        self.preformatted = 0

    def read(self, html: str) -> list[str]:
        for token in tokens(html):
            if self.skipping:
                self.skip(token)
            elif token.kind == "text":
                self.text(token.value)
            elif token.kind == "start":
                self.start(token)
            else:
                self.end(token.value)
        self.close_to(1)
        return self.frame.finished()

    def skip(self, token: Token) -> None:
        if token.value == self.skipping and token.kind != "text":
            self.skipped += 1 if token.kind == "start" else -1
            if not self.skipped:
                self.skipping = ""

    def text(self, text: str) -> None:
        if not self.preformatted:
            if text.isalnum():
                self.frame.pieces.append(text)
            else:
                self.frame.write(SPACE.sub(" ", text))
            return
        first, *others = text.replace("\r\n", "\n").split("\n")
        self.frame.pieces.append(first)
        for line in others:
            self.frame.end_line(always=True)
            self.frame.pieces.append(line)

    def start(self, token: Token) -> None:
        name, attributes = token.value, token.attributes
        if attributes and not self.hidden and name not in VOID and _is_hidden(attributes):
            self.skipping, self.skipped, self.hid = name, 1, True
        elif name == "br":
            self.frame.end_line(always=True)
        elif name == "hr":
            self.frame.end_line()
            if self.frame.lines[-1:] != [RULE]:
                self.frame.lines.append(RULE)
        elif name == "img":
            self.image(attributes.get("alt", ""))
        elif name == "a":
            self.links.append((attributes.get("href", "").strip(), len(self.frame.pieces)))
        elif name == "li":
            self.item()
        elif name in ("tr", "td", "th"):
            self.open_cell("tr" if name == "tr" else "td")
        elif attributes and name in SIGNED and _is_signature(attributes):
            self.open_signature(name)
        elif name in ("blockquote", "table") or (name == "div" and _is_quote(attributes)):
            self.open(name)
        else:
            self.block(name, attributes)

    def block(self, name: str, attributes: dict[str, str]) -> None:
        tight = name == "p" and ("MsoNormal" in attributes.get("class", "") or _is_tight(attributes))
        if name in PARAGRAPHS and not tight and not self.lists:
            self.frame.end_paragraph()
        elif name in BLOCKS or name in PARAGRAPHS:
            self.frame.end_line()
        if name == "div":
            self.frame.divisions += 1
        elif name in ("ul", "ol"):
            self.lists.append(_first_number(attributes) - 1 if name == "ol" else -1)
        elif name == "pre":
            self.preformatted += 1

    def end(self, name: str) -> None:
        if name == "a" and self.links:
            self.link(*self.links.pop())
        elif name in ("blockquote", "td", "th", "tr", "table"):
            self.close_until("td" if name == "th" else name)
        elif name == "div" and self.frame.name == "div" and not self.frame.divisions:
            self.close()
        elif name in ("pre", "p") and any(frame.name == name for frame in self.stack):
            self.close_until(name)
            self.preformatted = max(0, self.preformatted - (name == "pre"))
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()
            (self.frame.end_line if self.lists else self.frame.end_paragraph)()
        elif name in PARAGRAPHS:
            self.frame.end_line() if name == "p" or self.lists else self.frame.end_paragraph()
            self.preformatted = max(0, self.preformatted - (name == "pre"))
        elif name in BLOCKS:
            self.frame.end_line()
            self.frame.divisions = max(0, self.frame.divisions - (name == "div"))

    def item(self) -> None:
        self.frame.end_line()
        indent = "  " * min(len(self.lists) - 1, 8)
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.frame.pieces.append(f"{indent}{self.lists[-1]}. ")
        else:
            self.frame.pieces.append(f"{indent}- ")

    def image(self, alternative: str) -> None:
        words = " ".join(alternative.split())
        if any(c.isalpha() for c in words) and len(words) <= 200 and not re.search(r"\.\w{3,4}$", words):
            self.frame.write(f"[{words}]")

    def link(self, target: str, start: int) -> None:
        """`text <target>` where the text does not show the target already."""
        text = "".join(self.frame.pieces[start:]).strip()
        target = target.removeprefix("mailto:").partition("?")[0] if target.startswith("mailto:") else target
        shown = _plain(text)
        known = not target.startswith(("http://", "https://")) and "@" not in target
        if known or not text or _plain(target) in shown or len(target) > 500:
            return
        if shown and _plain(target).startswith(shown.rstrip(".…")) and "." in shown:  # shortened for the eye
            del self.frame.pieces[start:]
            self.frame.write(target)
        else:
            self.frame.write(f" <{target}>")

    def open_cell(self, name: str) -> None:
        """Open a row or a cell, closing the one before it in the same table: their end tags are often left out."""
        opened = 0  # the outermost of its kind within the innermost table
        for depth in range(len(self.stack) - 1, 0, -1):
            above = self.stack[depth].name
            if above == name:
                opened = depth
            elif above == "table":
                break
        if opened:
            self.close_to(opened)
        self.open(name)

    def open(self, name: str) -> None:
        if len(self.stack) > DEEPEST:
            self.frame.end_line()
            return
        self.frame = Frame(name)
        self.stack.append(self.frame)

    def open_signature(self, name: str) -> None:
        self.frame.end_paragraph() if name in PARAGRAPHS else self.frame.end_line()
        above = self.frame
        self.open(name)
        self.frame.signature = self.frame is not above
        self.preformatted += name == "pre"

    def close_until(self, name: str) -> None:
        """Close the innermost frame of this name and all in it; where there is none, only the line."""
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].name == name:
                self.close_to(depth)
                return
        self.frame.end_line()

    def close_to(self, depth: int) -> None:
        while len(self.stack) > depth:
            self.close()

    def close(self) -> None:
        frame = self.stack.pop()
        lines = frame.finished()
        parent = self.frame = self.stack[-1]
        if frame.name == "td" and parent.name == "tr":
            parent.cells.append(lines)
            return
        if frame.name == "tr":
            lines = _row(frame.cells) + lines if frame.cells else lines
        if parent.pieces:
            parent.end_line()
        if frame.name in ("blockquote", "table"):
            parent.end_paragraph()
        if frame.name == "blockquote":
            lines = [f"> {line}".rstrip() if not line.startswith(">") else f">{line}" for line in lines]
        elif frame.signature:
            lines = _signed(lines)
        elif frame.name == "div":
            lines = _introduced(lines)
        parent.lines.extend(lines)
        if frame.name in ("blockquote", "table"):
            parent.end_paragraph()


def to_text(html: str) -> str:
    """Readable text of an HTML body, with `\\n` line ends; "" where nothing can be read.

    Never raises; linear in the size of the body. Scripts, styles and hidden elements are left out, the latter only
    where something else can be read.
    """
    return marked(html).replace(marks.SIGNED, "")


def marked(html: str) -> str:
    """The same with `marks.SIGNED` before each line of what the sender's program says to be the signature."""
    html = html.replace(marks.SIGNED, "")
    reader = Reader(hidden=False)
    lines = reader.read(html)
    if not lines and reader.hid:
        lines = Reader(hidden=True).read(html)
    return "\n".join(_without_gaps(lines))


def _without_gaps(lines: list[str]) -> list[str]:
    """Without more than two empty lines in a row."""
    return [line for number, line in enumerate(lines) if line or number < 2 or lines[number - 1] or lines[number - 2]]


def _row(cells: list[list[str]]) -> list[str]:
    filled = [cell for cell in cells if cell]
    if all(len(cell) == 1 for cell in filled):
        return [" | ".join(cell[0] for cell in filled)] if filled else []
    return [line for cell in filled for line in cell]


def _signed(lines: list[str]) -> list[str]:
    """The lines of a signature, each with the mark for it, unless they hold more than that."""
    if len(lines) > LONGEST or any(marks.is_quoted(line) for line in lines):
        return lines
    return [marks.SIGNED + line for line in lines]


def _introduced(lines: list[str]) -> list[str]:
    """The lines of a quoting container, with a banner where the client wrote none that we know."""
    if not lines or any(marks.is_quoted(line) for line in lines):
        return lines
    if any(marks.at(lines, number) for number in range(min(len(lines), 8))):
        return lines
    return [BANNER, "", *lines]


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or HIDDEN.search(attributes.get("style", "")[:500]) is not None


def _first_number(attributes: dict[str, str]) -> int:
    """The number with which a list begins."""
    start = attributes.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 and start != "0" else 1


def _is_quote(attributes: dict[str, str]) -> bool:
    if not attributes:
        return False
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:500].casefold()
    return any(name in QUOTES or name.endswith(("yahoo_quoted", "gmail_quote")) for name in names.split())


def _is_signature(attributes: dict[str, str]) -> bool:
    names = f"{attributes.get('class', '')} {attributes.get('data-smartmail', '')} {attributes.get('id', '')}"
    return attributes.get("id", "").casefold() == "signature" or any(
        name in SIGNATURES or name.endswith(("gmail_signature", "yahoo-signature"))
        for name in names[:500].casefold().split()
    )


def _is_tight(attributes: dict[str, str]) -> bool:
    return len(TIGHT.findall(attributes.get("style", "")[:500])) > 0


def _plain(text: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", text.strip(" \t\n/<>")).rstrip("/").casefold()
