"""The draft of an entry of a FAQ as Markdown, and its answer as a snippet. What they are drawn from stands in a comment
that no page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import msgspec

_TEXTS = {
    "en": {
        "also": "Other customers asked:",
        "none": "No answer has proved itself yet.",
        "draft": "Draft of {day}, not published. Pattern {id}: {name}. From {tickets}; {proven} answers that"
        " solved a ticket. Read it before you publish it.",
        "draft_none": "Draft of {day}, not published. Pattern {id}: {name}. From {tickets}; {proven} answers that"
        " solved a ticket, at least 3 are needed. Write the answer yourself.",
    },
    "sv": {
        "also": "Så har andra kunder frågat:",
        "none": "Det finns inget beprövat svar än.",
        "draft": "Utkast {day}, inte publicerat. Mönster {id}: {name}. Från {tickets}; {proven} svar som löste"
        " ärendet. Läs det innan du publicerar det.",
        "draft_none": "Utkast {day}, inte publicerat. Mönster {id}: {name}. Från {tickets}; {proven} svar som löste"
        " ärendet, minst 3 behövs. Skriv svaret själv.",
    },
}


class Faq(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the pattern's ("P7"). `answer` is "" where none of `proven` has proved itself. `tickets` are those that
    the texts are drawn from."""

    id: str
    name: str
    language: str
    day: date
    question: str
    wordings: Sequence[str] = ()
    answer: str = ""
    tickets: Sequence[int] = ()
    proven: int = 0


def markdown(faq: Faq) -> str:
    texts = _TEXTS.get(faq.language, _TEXTS["en"])
    named = ", ".join(f"#{number}" for number in faq.tickets)
    key = "draft" if faq.answer else "draft_none"
    said = texts[key].format(day=faq.day, id=faq.id, name=faq.name, tickets=named, proven=faq.proven)
    parts = [f"# {_inline(faq.question)}", _block(faq.answer) or texts["none"]]
    if faq.wordings:
        parts.append("\n".join([texts["also"], "", *(f"- {_inline(one)}" for one in faq.wordings)]))
    parts.append(f"<!-- {said.replace('--', '-').replace('>', '')} -->")
    return "\n\n".join(parts) + "\n"


def snippet(faq: Faq) -> str:
    """The answer as it would be sent; nothing in it is carried out."""
    subject = _inert(" ".join(faq.question.split()))
    return (
        f'Subject: {subject}\n{{% include "_hej.j2" %}}\n\n{_inert(faq.answer)}\n\n{{% include "_underskrift.j2" %}}\n'
    )


def plain_snippet(faq: Faq) -> str:
    """The same for a desk whose snippets have no greeting and signature to include."""
    return f"Subject: {_inert(' '.join(faq.question.split()))}\n\n{_inert(faq.answer)}\n"


def _inert(text: str) -> str:
    """Without what Jinja would carry out."""
    return re.sub(r"\{(?=[{%#])|(?<=[}%#])\}", "", text)


def _inline(text: str) -> str:
    """One line in which nothing is markup."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _block(text: str) -> str:
    """Paragraphs and lists stay; no heading, no HTML, no link that hides where it leads."""
    lines = [re.sub(r"([\\`_\[\]<>|~]|^\s{0,3}#|^\s{0,3}=+$|\*(?!\s))", r"\\\1", line) for line in text.splitlines()]
    return "\n".join(re.sub(r"^ {4,}|^\t+", "", line).rstrip() for line in lines).strip()
