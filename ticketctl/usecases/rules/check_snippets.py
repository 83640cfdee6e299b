"""What is wrong with a desk's snippets, and what is probably not meant: for `rules check` and `snippets check`."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content import snippets
from ticketctl.content.snippet_values import sample_contexts
from ticketctl.domain.config import Config
from ticketctl.domain.reply.check import unfilled
from ticketctl.domain.rules.actions import Reply
from ticketctl.errors import BadSnippet
from ticketctl.usecases.session import Session


def faults_of(session: Session, config: Config) -> list[str]:
    """Each as `snippets/sv/NAME.j2:LINE: …`."""
    return [fault.replace(f"{session.folder}/", "") for fault in snippets.check(session.folder / "snippets", config)]


def warnings_of(session: Session, config: Config) -> list[str]:
    folder = session.folder / "snippets"
    names = snippets.names(folder)
    missing = _untranslated(snippets.names(folder, partials=True))
    return [*missing, *_sent_unfilled(session, config, names), *_with_holes(session, config, names)]


def count_of(session: Session) -> int:
    """How many there are; a template in two languages is two."""
    return sum(1 for _ in (session.folder / "snippets").glob("*/[!_]*.j2"))


def _untranslated(names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Snippets and partials that a language lacks which others have: its customers would be answered, or greeted, in
    another one."""
    every = sorted({language for languages in names.values() for language in languages})
    for name, languages in names.items():
        for language in every:
            if language not in languages:
                what = f"is missing; {name} is there in {', '.join(languages)}: translate it"
                yield f"snippets/{language}/{name}.j2:1:1: {what}"


def _sent_unfilled(session: Session, config: Config, names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Snippets that are sent automatically with a place in them that a person should fill in."""
    for name in sorted(_automatic(config) & names.keys()):
        for language in names[name]:
            try:
                text = snippets.render(session.folder / "snippets", name, language, sample_contexts(config)[""]).body
            except BadSnippet:
                continue  # one of the faults
            for place in unfilled(text):
                what = f"{place.found!r} is to be filled in, but a rule sends it automatically"
                yield f"snippets/{language}/{name}.j2: {what}"


def _automatic(config: Config) -> set[str]:
    """The snippets that are sent automatically: by a rule, or by a step of `escalation:`."""
    by_rule = {one.snippet for rule in config.rules for one in rule.then if isinstance(one, Reply) and one.automatic}
    return by_rule | {snippet for step in config.escalation for action, snippet in step.actions if action == "reply"}


def _with_holes(session: Session, config: Config, names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Values that may be empty in the middle of a sentence: an automatic answer with one is not sent, and a person is
    asked to fill it in."""
    folder = session.folder / "snippets"
    automatic = _automatic(config)
    for name, languages in names.items():
        for language in languages:
            for value in snippets.may_be_empty(folder, name, language, config, automatic=name in automatic):
                instead = "an automatic answer is then a draft" if name in automatic else "who replies must fill it in"
                what = f"{value} may be empty there, and {instead}: put {{% if {value} %}} … {{% endif %}} around it"
                yield f"snippets/{language}/{name}.j2: {what}"
