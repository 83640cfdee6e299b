"""What was asked and what was answered in a ticket that is over, and in one that is not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache

import msgspec

from ticketctl.domain.reply.similarity import asked
from ticketctl.domain.text import phrases
from ticketctl.domain.text.signatures import find
from ticketctl.domain.text.subjects import NO_SUBJECT, base_subject
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket

SHORTEST = 6  # words of an answer; "Varsågod!" ends a ticket and answers nothing
LONGEST_GREETING = 60  # characters of a line that can be one
_NOT_SENT = frozenset({"draft", "failed", "bounced", "held"})
_WORD = re.compile(r"\w+")


class PastAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered to a question like the one asked. `likeness` is 0 … 1; `words` are those that both questions
    have; `also` are other tickets with the same answer; `at` is when it was sent, `message` its key there."""

    ticket: int
    message: str
    at: datetime
    likeness: float
    text: str
    subject: str = ""
    words: tuple[str, ...] = ()
    also: tuple[int, ...] = ()


def question(ticket: Ticket) -> str:
    """Subject and first question of a ticket."""
    return _with_subject(ticket, asked(ticket))


def open_question(ticket: Ticket) -> str:
    """What waits for an answer: what customers wrote since the last reply, else the first question."""
    texts: list[str] = []
    for message in ticket.messages:
        if message.is_reply:
            texts = []
        elif message.from_customer and message.text.strip():
            texts.append(message.text)
    return _with_subject(ticket, "\n".join(texts) or asked(ticket))


def answer(ticket: Ticket) -> Message | None:
    """The reply that ended a closed ticket: the last one that says something, else the longest. None where nobody
    replied, and for what is no matter of a customer: spam, tests, merged tickets."""
    if not ticket.closed or ticket.spam or ticket.test or ticket.merged_into:
        return None
    sent = [one for one in ticket.messages if is_sent_reply(one)]
    telling = [one for one in sent if says_something(one.text)]
    return telling[-1] if telling else max(sent, key=lambda one: len(one.text), default=None)


def is_sent_reply(message: Message) -> bool:
    """Whether it is a reply with words, to who had asked, that as far as is known arrived."""
    return message.is_reply and not message.aside and message.delivery not in _NOT_SENT and bool(message.text.strip())


def says_something(text: str) -> bool:
    return len(_WORD.findall(body(text))) >= SHORTEST


def body(text: str) -> str:
    """What is said, without greeting and signature: of "Hej Anna!", "Vi skickar den.", "Mvh", "Bo" the second line."""
    lines = text.strip().splitlines()
    signed = find(lines, above=True) if lines else None
    if signed:
        lines = lines[:signed]
    while lines and (not lines[0].strip() or is_greeting(lines[0])):
        del lines[0]
    if lines:
        lines[0] = _after_greeting(lines[0])
    return "\n".join(lines).strip()


def is_greeting(line: str) -> bool:
    """Whether a line only greets: "Hej Anna!", "Dear Mr Smith,", "Hello"."""
    words = _WORD.findall(line)
    return 0 < len(words) <= 4 and len(line) <= LONGEST_GREETING and _greets(words) and line.rstrip()[-1] not in ".?"


def same_answers(found: Iterable[PastAnswer], count: int) -> tuple[PastAnswer, ...]:
    """The first `count` different ones; each names the tickets that got the same."""
    by_text: dict[str, PastAnswer] = {}
    for one in found:
        said = " ".join(_WORD.findall(body(one.text).casefold()))
        first = by_text.get(said)
        if first is not None:
            by_text[said] = msgspec.structs.replace(first, also=(*first.also, one.ticket))
        elif len(by_text) < count:
            by_text[said] = one
    return tuple(by_text.values())


def _with_subject(ticket: Ticket, text: str) -> str:
    subject = "" if ticket.subject == NO_SUBJECT else base_subject(ticket.subject)
    return f"{subject}\n{text}".strip()


def _greets(words: list[str]) -> bool:
    folded = [word.casefold() for word in words]
    return folded[0] in _greetings() or " ".join(folded[:2]) in _greetings()


@cache
def _greetings() -> frozenset[str]:
    return frozenset(phrases.every("greeting"))


def _after_greeting(line: str) -> str:
    """ "Hej Anna! Vi skickar den." without the greeting."""
    head, mark, rest = re.match(r"([^!,.?\n]{0,60})([!,]?)\s*(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
    return rest if mark and rest and is_greeting(head + mark) else line
