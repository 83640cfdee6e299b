"""The reply templates of the desk: how much each is used, what it says, and what it would say on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ticketctl.domain.reply.snippet_usage import Usage, usage
from ticketctl.errors import BadSnippet
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session

if TYPE_CHECKING:
    from ticketctl.content.snippets import Rendered


class Snippet(msgspec.Struct, frozen=True):
    name: str
    languages: tuple[str, ...]
    usage: Usage


class Snippets(msgspec.Struct, frozen=True):
    """Those that there are; `gone` were used, and are no longer there."""

    snippets: tuple[Snippet, ...] = ()
    gone: tuple[Snippet, ...] = ()


class Value(msgspec.Struct, frozen=True):
    """A value that snippets may use, with an example, from a made-up ticket, and what it means."""

    name: str
    example: str
    meaning: str


class Template(msgspec.Struct, frozen=True):
    """A snippet as it is written in one language, with the values that it uses."""

    language: str
    text: str
    values: tuple[Value, ...]


class TrySnippet(msgspec.Struct, frozen=True, kw_only=True):
    """In `language`, else the customer's. `automatic`: as a rule would send it, without a word of the sender's."""

    name: str
    ticket: int
    language: str = ""
    automatic: bool = False


def snippets(session: Session) -> Snippets:
    session.must("snippets")
    from ticketctl.content.snippets import names

    there = names(session.folder / "snippets")
    with session.store.reading() as desk:
        used = usage(desk.find(archive=True), session.now)
    gone = sorted(name for name in used if name not in there)
    return Snippets(
        tuple(Snippet(name, languages, used.get(name, Usage())) for name, languages in there.items()),
        tuple(Snippet(name, (), used[name]) for name in gone),
    )


def show_snippet(session: Session, name: str, language: str = "") -> tuple[Template, ...]:
    """In each language that has it, the desk's own first, or only in `language`. Raises BadSnippet where there is
    none."""
    session.must("show_snippet")
    from ticketctl.content.snippet_grammar import read
    from ticketctl.content.snippets import used

    folder = session.folder / "snippets"
    return tuple(
        Template(
            one,
            read(folder / one / f"{name}.j2"),
            tuple(_value(session, value, one) for value in used(folder, name, one, session.config)),
        )
        for one in _languages(session, name, language)
    )


def try_snippet(session: Session, request: TrySnippet) -> Rendered:
    """What would be sent on the ticket; nothing is. Raises BadSnippet, NoSuchTicket."""
    session.must("try_snippet")
    with session.store.reading() as desk:
        ticket = desk.get(request.ticket)
    note_reading(session, "snippets try", ticket)
    agent = None if request.automatic else session.config.agent(session.actor)
    return rendered(session, ticket, request.name, agent, language=request.language, automatic=request.automatic)


def snippet_values(session: Session) -> tuple[Value, ...]:
    """Every value that a snippet may use."""
    session.must("snippet_values")
    from ticketctl.content.snippet_values import VARIABLES

    return tuple(_value(session, name, session.config.language) for name in VARIABLES)


def _languages(session: Session, name: str, language: str) -> list[str]:
    from ticketctl.content.snippets import languages_of

    there = languages_of(session.folder / "snippets", name)
    if language and language not in there:
        raise BadSnippet(
            "{name} is not there in {language!r}; it is in: {languages}",
            code="not_in_language",
            name=name,
            language=language,
            languages=", ".join(there),
        )
    return [language] if language else sorted(there, key=lambda one: (one != session.config.language, one))


def _value(session: Session, name: str, language: str) -> Value:
    from ticketctl.content.snippet_values import meaning, sample

    return Value(name, sample(session.config, name, language), meaning(name))
