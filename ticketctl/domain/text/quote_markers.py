"""Marks of an older message in a body: banners, header blocks, and the lines that introduce a quote.

All functions look at a bounded number of lines of bounded length, so that a scan over a body is linear in its length;
marks are only sought in the first `DEEPEST` lines, so that a megabyte of almost-marks costs no more than those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from ticketctl.domain.text import forwarded_blocks, phrases
from ticketctl.domain.text.attributions import (
    CLOCK,
    DASHES,
    DECORATION,
    introduces,
    is_verb,
    openers,
    opens_dated,
    stands_alone,
)

Kind = Literal["forwarded", "original", "headers", "attribution"]

SIGNED = "\0"  # before a line that a program told to be part of the signature; no text holds it otherwise
DEEPEST = 5_000  # lines of a body in which marks are sought
WINDOW = 6  # lines that one attribution may take when a client wraps it
LONGEST = 400  # characters of an attribution; addresses of robots are long
BLOCK = 25  # lines of a header block, with wrapped lists of recipients
MARKER = re.compile(r"\s{0,8}([|)}#%!]|--\]|[A-Za-z]{1,10}>)")
LABEL = re.compile(r"\s{0,8}(?!mailto)[^\W\d_][\w -]{0,24}:\s")  # "E-post: …": a field that we do not know
BANNERED = re.compile(r"\s{0,8}(-{4,20} ?[^\n-]{3,60}-{4,20}) ?(?=[^\s-])")
RULE = "-_=—–~*+#"  # what a line is drawn with
DASHED = re.compile(r"[-_=—–~*+#]{3,40} ?[^\W\d_][^\n_=—–~*+#]{1,70}?[^\s_=—–~*+#-] ?[-_=—–~*+#]{3,40}")
CLOCKISH = re.compile(r"^\W*\d")


class Mark(msgspec.Struct, frozen=True):
    """Where an older message begins: lines start to end (exclusive) hold what a client wrote above it.

    `fields` are the values of a header block by sender, sent, to, copy, subject; `quoted` tells whether the message
    itself follows with `>` before its lines; `marker` is what stands there instead (`|`, `AL>`), "" where nothing does.
    `announced` tells of a header block that a line of unknown words announces as a forwarded message.
    """

    kind: Kind
    start: int
    end: int
    fields: dict[str, str] = {}
    quoted: bool = False
    marker: str = ""
    announced: bool = False

    @property
    def holds_all(self) -> bool:
        """Whether all that is quoted below it is the forwarded message, lines that lost their `>` too."""
        return self.quoted and (self.kind == "forwarded" or self.announced)


class Scan:
    """The lines of a body and the marks in them, each of which is sought once, however many readers ask.

    `tip` are the lines that a mail host put on top; in `lines` empty ones stand in their place.
    """

    def __init__(self, lines: list[str], tip: Sequence[str] = ()) -> None:
        self.lines = lines
        self.tip = tip
        self._found: dict[int, Mark | None] = {}

    def at(self, index: int) -> Mark | None:
        if index >= DEEPEST:
            return None
        if index not in self._found:
            self._found[index] = at(self.lines, index)
        return self._found[index]


def unquoted(line: str) -> str:
    """The line without the marks of quoting before it."""
    return line.lstrip("> \t\u00a0\ufeff")


def is_quoted(line: str) -> bool:
    """Whether the line begins with `>`; a decorated link such as `>>> http://… <<<` does not count."""
    bare = line.lstrip(" \t\u00a0\ufeff")
    return bare.startswith(">") and not bare.rstrip().endswith("<<<")


def _marker(lines: Sequence[str], start: int) -> str:
    """What the next lines with words begin with instead of `>`: `|`, initials such as `AL>`, twice `#`; else ""."""
    first = following(lines, start)
    match = MARKER.match(lines[first][:80]) if first < len(lines) else None
    if match is None:
        return ""
    second = following(lines, first + 1)
    again = second < len(lines) and lines[second].lstrip().startswith(match[1])
    return match[1] if again or match[1] not in "#)}%!" else ""


def _snipped(lines: Sequence[str], index: int) -> bool:
    """Whether this line only tells that something was left out (`[snip]`, `...`), the quote following it."""
    bare = lines[index].strip()
    below = following(lines, index + 1)
    short = len(bare) <= 60 and (not any(map(str.isalpha, bare)) or (bare[0] in "[<(" and bare[-1] in "]>)"))
    return short and below < len(lines) and is_quoted(lines[below])


def is_rule(line: str) -> bool:
    """Whether the line is at least three dashes, underscores or the like and nothing else."""
    if line.strip(" \t\u00a0>*-_=—–―─‐"):
        return False
    bare = line.strip(" \t\u00a0>*")
    return len(bare) >= 3 and not bare.strip("-_=—–―─‐")


def following(lines: Sequence[str], index: int) -> int:
    """The first line from `index` on that says something; the number of lines where there is none."""
    while index < len(lines) and not lines[index].strip("> \t\u00a0\ufeff"):
        index += 1
    return index


def banner(line: str) -> Literal["forwarded", "original"] | None:
    """Which banner this line is, if any: `---- Forwarded message ----`, `Vidarebefordrat brev:`."""
    if len(line) > 120 or not line.strip():
        return None
    bare = unquoted(line).strip(DECORATION)
    core = bare.strip(DASHES + "#:")
    dashed = bare.startswith(("--", "__", "==", "——", "––", "─", "‐‐", "##")) or bare.endswith(("--", "__", "=="))
    if not core or not (dashed or bare.endswith((":", "：")) or "*" in line):
        return None
    names = {phrases.fold(part.strip(DASHES + ":")) for part in core.replace("/", "--").split("--")}
    names.add(phrases.fold(core))
    if names & _banners("forwarded"):
        return "forwarded"
    return "original" if dashed and names & _banners("original") else None


@cache
def _banners(field: str) -> frozenset[str]:
    return frozenset(phrases.every(field))


@cache
def _fields() -> dict[str, str]:
    return phrases.fields()


def field(line: str) -> tuple[str, str] | None:
    """(kind, value) where the line is a field of an old message's header: `*Från:* Anna <anna@…>`."""
    bare = unquoted(line[:1000]).lstrip(DECORATION)
    end = min((at for at in (bare.find(":", 0, 32), bare.find("：", 0, 32)) if at > 0), default=-1)
    if end < 0:
        return None
    kind = _fields().get(phrases.fold(bare[:end].strip(DECORATION)))
    return (kind, bare[end + 1 :].strip(DECORATION)) if kind else None


def headers(lines: Sequence[str], start: int) -> Mark | None:
    """The header block of an old message that begins at this very line, or None."""
    first = field(lines[start])
    if first is None:
        return None
    fields: dict[str, str] = {}
    last, end, index = "", start, start
    while index < min(len(lines), start + BLOCK):
        found = field(lines[index])
        if found and not (found[0] in fields and found[0] != "copy"):
            last, end = found[0], index + 1
            fields.setdefault(last, found[1])
        elif found or not _continues(lines, index, last, fields):
            break
        elif lines[index].strip("> \t\u00a0"):
            fields[last] = f"{fields[last]} {unquoted(lines[index]).strip(DECORATION)}".strip()
            end = index + 1
        index += 1
    return Mark("headers", start, end, fields) if _convincing(fields) else None


def _continues(lines: Sequence[str], index: int, last: str, fields: dict[str, str]) -> bool:
    """Whether a line that is no field belongs to the block: a wrapped value, or one empty line between two fields."""
    if not unquoted(lines[index]).strip():
        after = following(lines, index)
        if after - index > 2 or after == len(lines):
            return False
        if not fields.get(last) and last != "copy":  # `Subject:` alone, its value below
            return False
        found = field(lines[after])
        return found is not None and (found[0] not in fields or found[0] == "copy") and "subject" not in fields
    if last in ("to", "copy", "sender") and ("@" in lines[index] or lines[index].strip().startswith("<")):
        return LABEL.match(lines[index]) is None
    rest = lines[index + 1 : index + 6]
    if last == "subject":
        rest = rest[:2]
    for line in rest:
        if not unquoted(line).strip():
            # the last value of the block may be wrapped once where an empty line follows
            return last == "subject" and line is rest[0] and lines[index][:1] not in "> " and _wrapped(lines[index - 1])
        found = field(line)
        if found:
            return found[0] not in fields or found[0] == "copy"
    return False


def _wrapped(line: str) -> bool:
    """Whether a client seems to have wrapped this line: it is long."""
    return 60 <= len(line.rstrip()) <= 80


def _convincing(fields: dict[str, str]) -> bool:
    """Headers, not a form or a travel plan: a sender or a date, and something that only mail has."""
    address = "@" in fields.get("sender", "") + fields.get("to", "")
    clock = CLOCK.search(fields.get("sent", "")[:100]) is not None
    if "sender" in fields:
        return len(fields.keys() & {"sent", "to", "subject"}) >= 1 and (address or clock or len(fields) >= 4)
    return clock and "to" in fields and (address or "subject" in fields)


def attribution(lines: Sequence[str], end: int) -> Mark | None:
    """The attribution whose last line is this one ("On … wrote:"), possibly wrapped over some lines, or None."""
    if not _closes(lines, end):
        return None
    after = following(lines, end + 1)
    quoted = after < len(lines) and (is_quoted(lines[after]) or _snipped(lines, after))
    marker = "" if quoted else _marker(lines, end + 1)
    sure: int | None = None
    text = ""
    for start in range(end, max(-1, end - WINDOW), -1):
        line = unquoted(lines[start]).strip(DECORATION)
        below, text = text, f"{line} {text}".strip()
        if len(text) > LONGEST or (start < end and not below[:1].isdigit() and _ends_sentence(line)):
            break
        if not line:
            if start < end and not text.startswith(("<", "mailto:")):
                break
            continue
        if introduces(text, quoted) or (marker and stands_alone(text)):
            sure = start
            if opens_dated(line):
                break
        elif sure is not None and not opens_dated(line):
            break
    if sure is None:
        return None
    sure = _with_name(lines, sure, end)
    return Mark("attribution", sure, end + 1, {}, quoted or is_quoted(lines[sure]), marker)


def _with_name(lines: Sequence[str], start: int, end: int) -> int:
    """Where an attribution begins whose name was wrapped: it can begin neither with its verb or address ("Anna
    Berg\\n<anna@…>\\nkirjoitti 5.3.2024:") nor within parentheses."""
    for above in range(start - 1, max(-1, end - WINDOW), -1):
        text = " ".join(unquoted(line).strip(DECORATION) for line in lines[above + 1 : end + 1])
        first = text.split(None, 1)[0]
        whole = not first.startswith("<") and not is_verb(first) and text.count(")") <= text.count("(")
        if whole or not unquoted(lines[above]).strip() or len(lines[above]) > LONGEST or _ends_sentence(lines[above]):
            return above + 1
    return max(0, min(start, end - WINDOW + 1))


def _closes(lines: Sequence[str], index: int) -> bool:
    """Cheap: whether an attribution could end with this line."""
    bare = lines[index][-LONGEST:].rstrip(" \t*_-—\u00a0")
    if not bare or len(lines[index]) > LONGEST:
        return False
    if bare.endswith((":", "：", "wrote", "skrev")) or (bare.endswith(")") and ": (" in bare):
        return True
    return bare.endswith((">", ")")) and "@" in bare and CLOCKISH.search(bare) is not None


def _ends_sentence(line: str) -> bool:
    """Whether an upper line is a paragraph of its own rather than the beginning of a wrapped attribution."""
    return line.endswith((".", "!", "?")) and not line[-2:-1].isdigit() and len(line) > 30


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever its line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def unglued(lines: list[str]) -> list[str]:
    """The lines, with a break before an attribution that a client put behind the sender's last words, and one behind
    a banner that shares its line with what follows, as Samsung's plain text has it."""
    for index, line in enumerate(lines[:DEEPEST]):
        if line.lstrip()[:2] == "--" and (match := BANNERED.match(line[:LONGEST])):
            rest = line[match.end() :]
            if fields := forwarded_blocks.apart(rest):
                return [*lines[:index], match[1], *fields, "", *lines[index + 1 :]]
            if banner(match[1]):
                return [*lines[:index], match[1], rest, *lines[index + 1 :]]
        elif line.count(":") + line.count("：") >= 4 and field(line) and (fields := forwarded_blocks.apart(line)):
            return [*lines[:index], *fields, "", *lines[index + 1 :]]
    glued = {index: _glued_at(lines, index) for index, line in enumerate(lines[:DEEPEST]) if line.endswith((":", ": "))}
    if not any(glued.values()):
        return lines
    apart: list[str] = []
    for index, line in enumerate(lines):
        start = glued.get(index, 0)
        apart += [line[:start].rstrip("- "), line[start:]] if start else [line]
    return apart


def _glued_at(lines: Sequence[str], index: int) -> int:
    """Where in this line an attribution begins, its quote on the next line; 0 where none does."""
    line = lines[index]
    below = lines[index + 1] if index + 1 < len(lines) else ""
    if len(line) > LONGEST or not is_quoted(below) or is_quoted(line) or opens_dated(line):
        return 0
    for opener in openers():
        start = max(line.rfind(f" {opener.capitalize()} "), line.rfind(f"-{opener.capitalize()} ")) + 1
        if start and opens_dated(line[start:]) and introduces(line[start:], True):
            return start
    return 0


def at(lines: Sequence[str], index: int) -> Mark | None:
    """The mark that this line begins (banner, header block) or ends (attribution), or None."""
    line = lines[index]
    if _is_plain(line) or index >= DEEPEST or len(line) > 1000 or not line.strip():
        return None
    if kind := banner(line):
        return _bannered(lines, index, kind)
    if (announced := _announced(lines, index)) is not None:
        return announced
    if ":" in line[:64] or "：" in line[:64]:
        block = headers(lines, index)
        if block is not None:
            marker = "" if is_quoted(line) else _marker(lines, index) or _marker(lines, block.end)
            return msgspec.structs.replace(
                block, start=_above_block(lines, index), quoted=is_quoted(line), marker=marker
            )
    return attribution(lines, index)


def _is_plain(line: str) -> bool:
    """Cheap: whether neither a banner nor a field nor the end of an attribution can be in this line, as in most."""
    bare = unquoted(line) if line[:1] == ">" else line
    if not bare:
        return True
    edges = bare[0].isalnum() and (bare[-1].isalnum() or bare[-1] in ".,!?")
    return edges and not (":" in bare or "：" in bare or bare.endswith(("wrote", "skrev")))


def _announced(lines: Sequence[str], index: int) -> Mark | None:
    """A header block under a line of words that no table has: `----- words -----`, or within a quote a line that ends
    in a colon. Outlook puts its own words between dashes without a space above what is merely answered."""
    whole = unquoted(lines[index]).strip()
    bare = whole.strip("* \t")
    dashed = DASHED.fullmatch(whole[:100]) is not None or DASHED.fullmatch(bare[:100]) is not None
    if not dashed and not (is_quoted(lines[index]) and bare.endswith((":", "：")) and len(bare) <= 100):
        return None
    below = following(lines, index + 1)
    if below - index > 3 or below >= len(lines) or is_quoted(lines[below]) != is_quoted(lines[index]):
        return None
    block = headers(lines, below) or None
    fields, count = forwarded_blocks.shaped(lines[below : below + BLOCK])
    if count and (block is None or below + count > block.end):
        block = Mark("headers", below, below + count, fields)
    if block is None:
        return None
    spaced = not dashed or " " in whole.strip(RULE)[:1] + whole.strip(RULE)[-1:]
    quoted = is_quoted(lines[below])
    return msgspec.structs.replace(block, start=index, quoted=quoted, announced=spaced)


def _bannered(lines: Sequence[str], index: int, kind: Literal["forwarded", "original"]) -> Mark | None:
    below = following(lines, index + 1)
    block = headers(lines, below) if below < len(lines) else None
    if block is None and kind == "forwarded" and below - index <= 3:
        fields, count = forwarded_blocks.shaped(lines[below : below + BLOCK])
        block = Mark("headers", below, below + count, fields) if count else None
    quoted = is_quoted(lines[index]) or (below < len(lines) and is_quoted(lines[below]))
    if block is not None:
        return Mark(kind, index, block.end, block.fields, quoted)
    first = field(lines[below]) if below < len(lines) else None
    return Mark(kind, index, below + 1 if first else index + 1, dict([first] if first else []), quoted)


def quoted_end(lines: Sequence[str], mark: Mark) -> int:
    """Where the quote below a mark ends: at the first line of words without `>`; below the banner of a forwarded
    message at the last quoted line, with what follows that without an empty line between."""
    end, whole = mark.end, mark.holds_all
    for index in range(mark.end, len(lines)):
        if is_quoted(lines[index]):
            end = index + 1
        elif lines[index].strip() and not whole:
            break
    while whole and mark.end < end < len(lines) and lines[end].strip() and unquoted(lines[end - 1]).strip():
        end += 1
    return end


def _above_block(lines: Sequence[str], index: int) -> int:
    """A rule above a header block belongs to it, with empty lines between."""
    above = index - 1
    while above >= 0 and index - above <= 4 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and is_rule(lines[above]) else index
