"""What of each message is shown at once: its new words, a short signature, and the quotes that the ticket has not.

A quote of a mail that stands above in the ticket is noise; a mail that a customer passed on, or an older answer that
never came here, is part of the matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ticketctl.domain.text import phrases
from ticketctl.domain.ticket.message import Message

if TYPE_CHECKING:  # their patterns take 7 ms: they are imported where a message has quotes
    from ticketctl.domain.text import quotes as quoting

SIGNATURE = 4  # lines of a signature that are shown
MOST = 200  # lines of quotes that are shown of a message
RUN = 4  # words that follow one another in two texts where one quotes the other
SHARE = 0.6  # of its runs that a quote has in common with what it quotes; clients change links and breaks
REMEMBERED = 400_000  # characters of a ticket that quotes are compared with


def shown_texts(messages: Sequence[Message]) -> dict[str, str]:
    """Key → the text to show, for all messages of a ticket in their order. Linear in the length of all texts."""
    had: set[tuple[str, ...]] = set()
    room = REMEMBERED
    texts: dict[str, str] = {}
    for message in messages:
        texts[message.key] = _shown(message, had)
        whole = (message.whole or message.text)[: max(0, room)]
        room -= len(whole)
        had.update(_runs(_words(whole.split("\n"))))
    return texts


def _shown(message: Message, had: set[tuple[str, ...]]) -> str:
    if not message.whole or message.direction == "out" or message.kind not in ("message", "note"):
        return message.text
    body = _taken_apart(message)
    if body is None:
        return message.text
    signature = body.signature if _count(body.signature) <= SIGNATURE else ""
    quotes = [line for section in _sections(body.quoted) if not _is_had(section, had) for line in section]
    parts = (message.text.strip("\n"), signature, "\n".join(quotes[:MOST]).strip("\n"))
    return "\n\n".join(filter(None, parts))


def _taken_apart(message: Message) -> quoting.Body | None:
    """The whole text with its parts told apart, or from where the message's own text begins: what a colleague passed on
    stands below the colleague's words. None where the text is not in it, as after masking."""
    from ticketctl.domain.text import quotes as quoting

    body = quoting.split(message.whole, message.subject)
    if body.new_text == message.text.strip():
        return body
    start = message.whole.find(message.text)
    return quoting.split(message.whole[start:], message.subject) if start >= 0 and message.text else None


def _sections(quoted: str) -> Iterator[list[str]]:
    """The quoted mails one by one, each with what a client wrote above it."""
    from ticketctl.domain.text import quote_markers as marks
    from ticketctl.domain.text import tips

    lines = tips.scan_lines(marks.lines_of(quoted)).lines
    section: list[str] = []
    depth = index = 0
    while index < len(lines):
        mark = marks.at(lines, index)
        if mark is not None:  # what it takes of the lines above comes along
            kept = max(0, len(section) - (index - mark.start))
            yield section[:kept]
            section = [*section[kept:], *lines[index : mark.end]]
            index = mark.end
            first = marks.following(lines, index)
            depth = _depth(lines[first]) if first < len(lines) else 0
            continue
        if section and lines[index].strip() and _depth(lines[index]) != depth:
            yield section
            section, depth = [], _depth(lines[index])
        section.append(lines[index])
        index += 1
    yield section


def _depth(line: str) -> int:
    """How many `>` stand before the words."""
    from ticketctl.domain.text.quote_markers import unquoted

    before = line[: len(line) - len(unquoted(line))]
    return before.count(">")


def _is_had(section: Sequence[str], had: set[tuple[str, ...]]) -> bool:
    """Whether the ticket has what this section quotes, or it says nothing itself."""
    from ticketctl.domain.text import quote_markers as marks

    mark = next((found for index in range(min(len(section), 8)) if (found := marks.at(section, index))), None)
    runs = list(_runs(_words(section[mark.end :] if mark is not None else section)))
    return not runs or sum(run in had for run in runs) >= SHARE * len(runs)


def _words(lines: Sequence[str]) -> list[str]:
    """The words without marks of quoting and punctuation, and whatever their case."""
    bare = ("".join(filter(str.isalnum, word)) for word in phrases.fold(" ".join(lines)).split())
    return [word for word in bare if word]


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every so many words that follow one another; all of them, where they are fewer."""
    for start in range(max(1, len(words) - RUN + 1) if words else 0):
        yield tuple(words[start : start + RUN])


def _count(text: str) -> int:
    """The lines with words; the dashes above a signature have none."""
    return sum(any(map(str.isalnum, line)) for line in text.split("\n"))
