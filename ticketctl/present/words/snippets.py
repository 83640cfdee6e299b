"""What `snippets` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from textwrap import wrap
from typing import TYPE_CHECKING

from ticketctl.content.terminal import columns, shortened, styled
from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import local
from ticketctl.domain.reply.check import unfilled
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Texts, say_in, spoken
from ticketctl.present.words.reply_check import place_text
from ticketctl.usecases.views.snippets import Snippets, Template, Value

if TYPE_CHECKING:
    from ticketctl.content.snippets import Rendered

TEXTS: Texts = {
    "en": {
        "none": "no snippets yet; they are files, snippets/LANGUAGE/NAME.j2",
        "snippet": "snippet",
        "lately": "90 days",
        "ever": "in all",
        "last": "last used",
        "never": "never",
        "gone": "no longer there: {names}",
        "no_values": "it uses no values",
        "value": "value",
        "example": "such as",
        "subject": "Subject:",
        "instead": "{name} is not there in {wanted!r}; this is {language!r}",
        "place": "to be filled in, line {line} of the text: {place}",
    },
}
LONGEST_EXAMPLE = 30


def list_lines(found: Snippets, language: str, *, zone: tzinfo, width: int) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found.snippets:
        yield say("none")
        return
    every = sorted({one for snippet in found.snippets for one in snippet.languages})
    figures = [Column(say(key), right=True) for key in ("lately", "ever")]
    heads = [Column(say("snippet"), least=12), *map(Column, every), *figures, Column(say("last"))]
    rows = []
    for one in found.snippets:
        marks = [code if code in one.languages else "–" for code in every]
        last = local(one.usage.last_at, zone, spoken(language, TEXTS)) if one.usage.last_at else say("never")
        rows.append([safe_line(one.name), *marks, str(one.usage.lately), str(one.usage.ever), last])
    title, *lines = table(heads, rows, width)
    yield styled(title, dim=True)
    yield from lines
    if found.gone:
        names = ", ".join(f"{safe_line(one.name)} ({one.usage.ever})" for one in found.gone)
        yield say("gone", names=names)


def template_lines(name: str, templates: Sequence[Template], language: str, *, width: int) -> Iterator[str]:
    """The snippet in each language, and below them the values that it uses."""
    for one in templates:
        yield styled(f"snippets/{one.language}/{name}.j2", bold=True)
        yield one.text.rstrip("\n") + "\n"
    values = {value.name: value for one in templates for value in one.values}
    yield from value_lines([*values.values()], language, width=width)


def value_lines(values: Sequence[Value], language: str, *, width: int) -> Iterator[str]:
    """Value, example and meaning, side by side; a long meaning goes on below itself."""
    say = say_in(language, TEXTS)
    if not values:
        yield say("no_values")
        return
    names = max(len(one.name) for one in values)
    examples: Mapping[str, str] = {
        one.name: shortened(safe_line(one.example), LONGEST_EXAMPLE) or "–" for one in values
    }
    wide = max(map(columns, examples.values()))
    room = max(24, width - names - wide - 4)
    yield styled(f"{say('value'):{names}}  {say('example')}", dim=True)
    for one in values:
        first, *more = wrap(one.meaning, room)
        example = examples[one.name]
        yield f"{one.name:{names}}  {example}{' ' * (wide - columns(example))}  {first}"
        yield from (" " * (names + wide + 4) + rest for rest in more)


def answer_text(answer: Rendered, language: str) -> str:
    subject = styled(say_in(language, TEXTS)("subject"), bold=True)
    return f"{subject} {answer.subject}\n\n{answer.body.rstrip()}"


def answer_notes(name: str, wanted: str, answer: Rendered, language: str) -> Iterator[str]:
    """That it is not in the language that was asked for, and what is to be filled in by hand."""
    say = say_in(language, TEXTS)
    if wanted and answer.language != wanted:
        yield say("instead", name=name, wanted=wanted, language=answer.language)
    for place in unfilled(answer.body):
        yield say("place", line=place.line, place=place_text(place, language))
