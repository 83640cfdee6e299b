"""What of a message body is new, what is quoted, and what is the signature.

A line scanner in two passes. The first cuts the body into runs of the sender's own lines, quoted lines, and what a
client wrote above them; from a header block, a banner, or an attribution without `>` below it, the rest is history
(unless the lines below share another mark, such as `|`).
The second decides whether own lines below a quote are answers to it, which keep the lines they answer, or a signature.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from ticketctl.domain.text import quote_markers as marks
from ticketctl.domain.text import signatures, subjects, tips


class Body(msgspec.Struct, frozen=True):
    """A body taken apart; each part is without empty lines at its ends, "" where there is none.

    `new_text` is what the sender newly wrote; answers between quoted lines stay with the lines they answer, and above
    a forwarded message stands only what was added to it. `quoted` is the history that `new_text` does not hold, below
    what a mail host put on top.
    """

    new_text: str = ""
    quoted: str = ""
    signature: str = ""


class Run(msgspec.Struct):
    """Consecutive lines, start to end (exclusive); own: the sender's words, else quoted or written by a client."""

    own: bool
    start: int
    end: int


def split(text: str, subject: str = "", scan: marks.Scan | None = None) -> Body:
    """Take a readable text apart into what its sender newly wrote, the quoted history and the signature.

    With the `subject` of a forward (`VB:`, `Fwd:`) an attribution on top is that of the forwarded message; otherwise
    what follows it without `>` is the answer. A line that begins with `marks.SIGNED` is told to be of the signature,
    by HTML. `scan` is that of the text, where somebody has it already. Never raises; linear in the length of the text.
    """
    told: set[int] = set()
    if marks.SIGNED in text:
        whole = marks.unglued(marks.lines_of(text))
        told = {number for number, line in enumerate(whole) if line.startswith(marks.SIGNED)}
        scan = tips.scan_lines([line.replace(marks.SIGNED, "") for line in whole])
    scan = scan or tips.scan(text)
    lines = scan.lines
    runs = _runs(scan, subjects.is_forward(subject))
    marked = _told(lines, runs, told) if told else []
    signature = [*_take_signatures(lines, runs), *marked]
    own = [number for number, run in enumerate(runs) if run.own and _says(lines, run)]
    answered = _answers(runs, own)
    last = own[-1] if own else -1
    kept = [run for number, run in enumerate(runs) if number <= last and (run.own or answered)]
    left = [run for number, run in enumerate(runs) if not run.own and not (answered and number <= last)]
    quoted = "\n\n".join(filter(None, (_strip(scan.tip), _join(lines, left))))
    return Body(_join(lines, kept), quoted, _strip(signature))


def _runs(scan: marks.Scan, forward: bool) -> list[Run]:
    lines = scan.lines
    runs: list[Run] = []
    index, closed = 0, False  # closed: below the footer of an app, where all that follows is history
    marker = ""  # what this mail has before quoted lines in place of `>`
    end = min(len(lines), marks.DEEPEST)
    while index < end:
        mark = scan.at(index)
        if mark is None:
            quoted = marks.is_quoted(lines[index])
            apart = not quoted and not _belongs_to_quote(lines, index, runs, marker)
            own = apart and not (closed and lines[index].strip())
            _add(runs, own, index, index + 1)
            closed = not quoted and (closed or (own and signatures.ends_message(lines, index)))
            index += 1
            continue
        _retract(runs, mark.start)
        marker = mark.marker or marker
        if not mark.quoted and not mark.marker and (forward or not _answered_without_quote(lines, mark, runs)):
            _add(runs, False, mark.start, len(lines))
            return runs
        index, closed = marks.quoted_end(lines, mark) if mark.holds_all else mark.end, False
        _add(runs, False, mark.start, index)
    _add_deep(runs, lines, index)
    return runs


def _add_deep(runs: list[Run], lines: Sequence[str], start: int) -> None:
    """Below the lines in which marks are sought, what begins with `>` is quoted and nothing else."""
    own = runs[-1].own if runs else True
    for index in range(start, len(lines)):
        line = lines[index]
        now = not marks.is_quoted(line) if ">" in line else own or not (not line or line.isspace())
        if now != own:
            _add(runs, own, start, index)
            start, own = index, now
    _add(runs, own, start, len(lines))


def _answered_without_quote(lines: Sequence[str], mark: marks.Mark, runs: Sequence[Run]) -> bool:
    """Whether an attribution stands at the very top and what it introduced was deleted, so that the answer follows.

    Outlook for Mac forwards in the same shape, but indents the message.
    """
    below = marks.following(lines, mark.end)
    at_top = mark.kind == "attribution" and not any(_says(lines, run) for run in runs)
    return at_top and below < len(lines) and not lines[below].startswith("    ")


def _retract(runs: list[Run], start: int) -> None:
    """Take back own lines that turned out to be the upper part of a mark."""
    while runs and runs[-1].end > start:
        runs[-1].end = max(runs[-1].start, start)
        if runs[-1].start < runs[-1].end:
            break
        runs.pop()


def _add(runs: list[Run], own: bool, start: int, end: int) -> None:
    if runs and runs[-1].own == own:
        runs[-1].end = end
    elif start < end:
        runs.append(Run(own, start, end))


def _belongs_to_quote(lines: Sequence[str], index: int, runs: list[Run], marker: str) -> bool:
    """Whether a line without `>` is part of the quote above it, or quoted with this `marker`."""
    line = lines[index]
    if marker and line.lstrip().startswith(marker):
        return True
    if not runs or runs[-1].own:
        return False
    if not line.strip():
        return True
    return _is_overflow(lines, index)


def _is_overflow(lines: Sequence[str], index: int) -> bool:
    """The rest of a quoted line that a client wrapped without a `>`: between quoted lines, and no answer."""
    if index + 1 >= len(lines) or not (marks.is_quoted(lines[index - 1]) and marks.is_quoted(lines[index + 1])):
        return False
    bare, upper = lines[index].strip(), lines[index - 1].rstrip()
    if bare.endswith(">") or (" " not in bare and any(c in bare for c in "/=&%")):
        return True
    return len(upper) >= 66 and upper[-1].isalpha() and bare[0].islower()


def _says(lines: Sequence[str], run: Run) -> bool:
    return any(line.strip() for line in lines[run.start : run.end])


def _take_signatures(lines: Sequence[str], runs: list[Run]) -> list[str]:
    """Cut the signature off the own runs, from the last one up to the first that says more; its lines, in order."""
    taken: list[str] = []
    own = [number for number, run in enumerate(runs) if run.own and _says(lines, run)]
    for number in reversed(own[-3:]):
        run = runs[number]
        start = signatures.find(lines[run.start : run.end], above=number != own[0])
        if start is not None:
            taken = [*lines[run.start + start : run.end], *([""] if taken else []), *taken]
            run.end = run.start + start
        if _says(lines, run):
            break
    return taken


def _told(lines: list[str], runs: Sequence[Run], told: Collection[int]) -> list[str]:
    """Cut the lines that are told to be of the signature out of the sender's own, unless these say nothing else."""
    own = [number for run in runs if run.own for number in range(run.start, run.end)]
    others = [number for number in own if number not in told and lines[number].strip()]
    mine = [number for number in own if number in told]
    if not mine or all(signatures.is_separator(lines[number]) for number in others):
        return []
    above = max((number for number in others if number < mine[0]), default=-1)
    if above >= 0 and signatures.is_separator(lines[above]):
        mine = [above, *mine]
    taken = ["", *(lines[number] for number in mine)]
    for number in mine:
        lines[number] = ""
    return taken


def _answers(runs: Sequence[Run], own: Sequence[int]) -> bool:
    """Whether own lines answer quoted ones: they stand below a quote, and other own lines or quotes surround both."""
    if not own or own[-1] == 0:
        return False
    return len(own) >= 2 or own[-1] + 1 < len(runs)


def _join(lines: Sequence[str], runs: Sequence[Run]) -> str:
    return _strip([line for run in runs for line in lines[run.start : run.end]])


def _strip(lines: Sequence[str]) -> str:
    first, end = 0, len(lines)
    while first < end and not lines[first].strip():
        first += 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    return "\n".join([line.rstrip() for line in lines[first:end]])
