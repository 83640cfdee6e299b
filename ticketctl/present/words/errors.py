"""What the shell says of an error: its sentence, and the command or option that is the next step.

An error's own sentence is the English one. `SENTENCES` has the others, by the error's code: an error without one there
is said in English from beginning to end, so that no line is mixed.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ticketctl.errors import Meant, NextStep, Reasons, TicketctlError
from ticketctl.ports.store import Finding
from ticketctl.present.words import Texts
from ticketctl.usecases.results import Objected

# By the code of an error: the options that take it out of the way.
TEXTS: Texts = {
    "en": {
        "several_periods": ": give one of --week, --month and --from … --to",
        "no_first_day": ": `--from DAY` names it",
        "no_desk_here": "; `ticketctl init` makes one, `--desk FOLDER` names one",
        "untrusted_desk": "; if you trust what its rules.yaml runs: `--desk {folder}`",
        "unknown_login": ", or use --as AGENT",
        "no_calendar_extra": ": pip install 'ticketctl[calendar]'",
        "no_oauth_extra": ": pip install 'ticketctl[oauth]'",
    },
}
SENTENCES: Texts = {}  # language → code → the error's sentence
THEN: Texts = {}  # language → the English words behind a next step → the same in that language


def error_line(error: TicketctlError, language: str = "en") -> str:
    """The sentence, followed by what to type where there is a next step."""
    if isinstance(error, Objected):
        from ticketctl.present.words.objections import objection_line

        return "\n".join(objection_line(one, language) for one in error.objections)
    return _line(error, language if _speaks(error, language) else "en")


def step_words(step: NextStep, language: str = "en") -> str:
    """ "`ticketctl reopen 17` first" """
    given = [f"--{name.replace('_', '-')}{'' if value is True else f' {value}'}" for name, value in step.given.items()]
    words = ["ticketctl", step.verb, *([str(step.ticket)] if step.ticket else []), *([step.more] if step.more else [])]
    then = THEN.get(language, {}).get(step.then, step.then)
    return " ".join([f"`{' '.join([*words, *given])}`", *([then] if then else [])])


def with_step(finding: Finding) -> Finding:
    """With what to type in the place of its step."""
    if finding.step is None:
        return finding
    step = step_words(finding.step)
    detail, then = finding.detail.replace("{step}", step), finding.next_step.replace("{step}", step)
    return msgspec.structs.replace(finding, detail=detail, next_step=then, step=None)


def _speaks(error: TicketctlError, language: str) -> bool:
    """Whether the language has the sentence, its next steps and its facts."""
    inner = [one for fact in error.facts.values() for one in (fact if isinstance(fact, Reasons) else [fact])]
    return (
        error.code in SENTENCES.get(language, {})
        and all(not step.then or step.then in THEN.get(language, {}) for step in error.next_steps)
        and all(_speaks(one, language) for one in inner if isinstance(one, TicketctlError))
    )


def _line(error: TicketctlError, language: str) -> str:
    template = SENTENCES.get(language, {}).get(error.code, error.template)
    facts = {name: _fact(name, fact, language) for name, fact in error.facts.items()}
    said = template.format(**facts) if facts else str(error)
    steps = ", ".join(step_words(step, language) for step in error.next_steps)
    return f"{said}; {steps}" if steps else said + _option(error.code, language, facts)


def _fact(name: str, fact: object, language: str) -> object:
    if isinstance(fact, TicketctlError):
        return _line(fact, language)
    if isinstance(fact, Reasons):
        return "; ".join(_line(one, language) for one in fact)
    if isinstance(fact, Meant):
        return _meant(fact, language)
    return f"--{str(fact).replace('_', '-')}" if name == "field" else fact


def _meant(fact: Meant, language: str) -> str:
    if language != "sv":
        return str(fact)
    if fact.near:
        return f"; menade du {fact.near!r}?"
    return f" (det finns: {', '.join(fact.known)})" if fact.known else " (det finns inga)"


def _option(code: str, language: str, facts: Mapping[str, object]) -> str:
    texts = TEXTS.get(language) or TEXTS["en"]
    return texts.get(code, "").format(**facts)
