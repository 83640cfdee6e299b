"""Snippets: reply templates under `snippets/LANGUAGE/NAME.j2`, first line `Subject: …`, then the body.

The same name in every language folder is the same message, so that `reply 17 --snippet mottaget` answers in the
customer's language. Names that start with `_` are partials, for `{% include "_name.j2" %}` and the privacy notice.

What a customer wrote only ever is a value, on one line, never a template. A snippet can put values in, and use `if` and
`for` over the few lists there are; loops over ranges, arithmetic, calls and macros are refused when it is read, so that
none can run long or grow large. The sandbox stands behind that, not instead of it.

What a snippet may use is in VARIABLES; `context` makes it of a ticket, `sample_context` of nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ticketctl.domain.message import Person
from ticketctl.domain.settings import Agent, FieldSpec, Privacy
from ticketctl.domain.ticket import Ticket
from ticketctl.errors import BadSnippet
from ticketctl.present import snippet_grammar as grammar

LARGEST_OUTPUT = 256 * 1024
LONGEST_VALUE = 500

VARIABLES: dict[str, dict[str, str]] = {
    "ticket": {
        "number": "17",
        "subject": "the subject, as the customer wrote it",
        "status": "new, open, waiting or closed",
        "priority": "high, medium or low",
        "opened": "the day it came, such as 2026-11-21",
        "labels": "a list",
        "fields": "the declared fields, such as ticket.fields.category; empty where not set",
    },
    "requester": {"name": "", "first_name": "", "address": ""},
    "agent": {"name": "who answers, such as Alice; empty where a rule does", "email": ""},
    "desk": {"name": "", "email": "our address", "language": "sv"},
    "privacy_notice": {},
}


class Sending(Protocol):
    @property
    def sender(self) -> str: ...


class Desk(Protocol):
    """What is asked of the desk's Config."""

    @property
    def name(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, FieldSpec]: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def team(self) -> tuple[Agent, ...]: ...
    @property
    def privacy(self) -> Privacy: ...
    @property
    def outgoing(self) -> Sending | None: ...


class Rendered(msgspec.Struct, frozen=True):
    """`subject` is one line; `body` ends with a newline; `language` is the folder it came from."""

    subject: str
    body: str
    language: str = ""


def names(folder: Path) -> dict[str, tuple[str, ...]]:
    """Name → the languages that have it, of the desk's `snippets/` folder; partials left out."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/*.j2")):
        if not path.stem.startswith("_"):
            found.setdefault(path.stem, []).append(path.parent.name)
    return {name: tuple(languages) for name, languages in sorted(found.items())}


def render(folder: Path, name: str, language: str, context: Mapping[str, Any], *, automatic: bool = False) -> Rendered:
    """The snippet `name` of the desk's `snippets/` folder in `language`, else in the desk's language, else in any.

    With `automatic` it holds nothing that the sender wrote (TicketTrick: an acknowledgement must not carry a stranger's
    words to a forged address), and always the privacy notice where the desk has one. Raises BadSnippet with file and
    line."""
    context = {**context, **_without_sender(context)} if automatic else dict(context)
    order = _languages(folder, name, language, str(context["desk"]["language"]))
    environment = _environment(folder, order, _shape(context))
    notice = _notice(environment, folder, order, str(context["desk"].get("notice", "")), context)
    context["privacy_notice"] = notice
    path = folder / order[0] / f"{name}.j2"
    subject, body = _parts(environment, path, context)
    if automatic and notice and notice not in body:
        body = f"{body}\n\n{notice}"
    return Rendered(subject=subject, body=f"{body}\n", language=order[0])


def signature(folder: Path, language: str, context: Mapping[str, Any]) -> str:
    """The partial `_signature.j2` of that language, else of the desk's, rendered; "" where there is none. Raises
    BadSnippet with file and line."""
    order = tuple(dict.fromkeys((language, str(context["desk"]["language"]))))
    path = next((path for one in order if (path := folder / one / "_signature.j2").is_file()), None)
    if path is None:
        return ""
    environment = _environment(folder, order, _shape(context))
    return _run(environment, path, grammar.read(path), {**context, "privacy_notice": ""}, 0).strip("\n")


def check(folder: Path, config: Desk) -> list[str]:
    """Renders every snippet and partial against a made-up ticket: what is wrong with each, as `FILE:LINE: …`."""
    faults: list[str] = []
    sample = sample_context(config)
    for path in sorted(folder.glob("*/*.j2")):
        order = tuple(dict.fromkeys((path.parent.name, config.language)))
        environment = _environment(folder, order, _shape(sample))
        try:
            notice = _notice(environment, folder, order, sample["desk"]["notice"], sample)
            _parts(environment, path, {**sample, "privacy_notice": notice})
        except BadSnippet as error:
            faults += str(error).splitlines()
    return list(dict.fromkeys(faults))


def context(ticket: Ticket, config: Desk, agent: Agent | None = None) -> dict[str, Any]:
    """What a snippet may use, as VARIABLES tells. Every value is text on one line, or a list of such."""
    opened = ticket.opened_at.astimezone(ZoneInfo(config.timezone))
    fields = {name: ticket.fields.get(name, "") for name in config.fields}
    sender = config.outgoing.sender if config.outgoing else ""
    values: dict[str, Any] = {
        "ticket": {
            "number": str(ticket.number),
            "subject": ticket.subject,
            "status": ticket.status,
            "priority": ticket.priority,
            "opened": f"{opened:%Y-%m-%d}",
            "labels": list(ticket.labels),
            "fields": fields,
        },
        "requester": {
            "name": ticket.requester.name,
            "first_name": first_name(ticket.requester.name),
            "address": ticket.requester.address,
        },
        "agent": {"name": _person(agent.name) if agent else "", "email": agent.email if agent else _address(sender)},
        "desk": {
            "name": config.name,
            "email": _address(sender),
            "language": config.language,
            "notice": Path(config.privacy.notice).name,
        },
    }
    cleaned: dict[str, Any] = _cleaned(values)
    return cleaned


def sample_context(config: Desk) -> dict[str, Any]:
    """The context of a made-up ticket, with which `rules check` renders every snippet."""
    ticket = Ticket(
        number=17,
        subject="Kvitto saknas",
        requester=Person("anna@example.com", "Anna Åström"),
        opened_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        labels=config.labels[:1],
        fields={name: spec.values[0] if spec.values else "x" for name, spec in config.fields.items()},
    )
    return context(ticket, config, config.team[0] if config.team else None)


def first_name(name: str) -> str:
    """ "Anna Åström", "Åström, Anna" → "Anna"; "" where the name is none: an address, initials, digits."""
    last, comma, first = name.partition(",")
    words = (first if comma else last).split()
    word = words[0].strip("\"'") if words else ""
    return word if len(word) > 1 and all(one.isalpha() or one in "-'’" for one in word) else ""


# --- inside ---


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return _one_line(value)


def _one_line(text: str) -> str:
    """Control and direction characters gone, white space single: a value cannot begin a line of its own."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join(kept.split())[:LONGEST_VALUE]


def _person(name: str) -> str:
    """An agent's name as a customer reads it: "anna-karin.ek" → "Anna-Karin Ek"; one with capitals stays as it is."""
    return name.replace(".", " ").replace("_", " ").title() if name.islower() else name


def _address(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ")


def _without_sender(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ticket": {**context["ticket"], "subject": ""},
        "requester": {**context["requester"], "name": "", "first_name": ""},
    }


def _languages(folder: Path, name: str, language: str, desk_language: str) -> tuple[str, ...]:
    """The language folders in the order in which they are looked into; the first one has the snippet."""
    there = names(folder).get(name, ())
    if not there:
        known = ", ".join(names(folder)) or "none"
        raise BadSnippet(f"no snippet {name!r} in {folder}; there are: {known}")
    order = [one for one in (language, desk_language, *there) if one]
    first = next(one for one in order if one in there)
    return tuple(dict.fromkeys((first, desk_language)))


class _Loader(jinja2.BaseLoader):
    """Partials, from the snippet's own language folder first. Never a path, never another snippet."""

    def __init__(self, folder: Path, languages: tuple[str, ...], context: Mapping[str, Any]) -> None:
        self.folder = folder
        self.languages = languages
        self.context = {**context, "privacy_notice": ""}

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path, source = self._read(template)
        grammar.check(environment, path, source, 0, self.context)
        return source, str(path), lambda: self._read(template) == (path, source)

    def _read(self, template: str) -> tuple[Path, str]:
        for language in self.languages:
            path = self.folder / language / template
            if re.fullmatch(r"_[\w-]+\.j2", template) and path.is_file():
                return path, grammar.read(path)
        raise jinja2.TemplateNotFound(template)


def _shape(context: Mapping[str, Any]) -> bytes:
    """The names in the context and which of them are lists, without the values: what a template is checked against. It
    is the same for all tickets, so that each template is checked and compiled once in a run."""
    return msgspec.json.encode(_emptied({**context, "privacy_notice": ""}))


def _emptied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _emptied(one) for key, one in value.items()}
    return [] if isinstance(value, list) else ""


@lru_cache(maxsize=32)
def _environment(folder: Path, languages: tuple[str, ...], shape: bytes) -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(  # plain text: nothing to escape
        loader=_Loader(folder, languages, msgspec.json.decode(shape)),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in grammar.FILTERS}
    environment.tests = {name: environment.tests[name] for name in grammar.TESTS}
    return environment


def _parts(environment: jinja2.Environment, path: Path, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body; a partial has no subject. They are two templates, so that a block on the first line does not
    swallow its end."""
    if path.stem.startswith("_"):
        return "", _run(environment, path, grammar.read(path), context, 0).strip("\n")
    first, source = _split(path)
    subject = " ".join(_run(environment, path, first, context, 0).split())
    return subject, _run(environment, path, source, context, 1).strip("\n")


def _split(path: Path) -> tuple[str, str]:
    """The template of the subject and that of the body."""
    first, _, rest = grammar.read(path).partition("\n")
    if not first.startswith("Subject:") or not first.removeprefix("Subject:").strip():
        raise BadSnippet(f"{path}:1: the first line must be `Subject: …`, the subject of the reply")
    return first.removeprefix("Subject:"), rest


def _notice(
    environment: jinja2.Environment, folder: Path, languages: tuple[str, ...], name: str, context: Mapping[str, Any]
) -> str:
    if not name:
        return ""
    path = next((path for one in languages if (path := folder / one / name).is_file()), folder / languages[0] / name)
    return _run(environment, path, grammar.read(path), {**context, "privacy_notice": ""}, 0).strip()


def _run(
    environment: jinja2.Environment, path: Path, source: str, context: Mapping[str, Any], lines_before: int
) -> str:
    """Renders `source`, which begins `lines_before` lines into the file `path`."""
    parts: list[str] = []
    size = 0
    try:
        for part in _compiled(environment, path, source, lines_before, _shape(context)).generate(**context):
            parts.append(part)
            size += len(part)
            if size > LARGEST_OUTPUT:
                raise BadSnippet(f"{path}: makes more than {LARGEST_OUTPUT // 1024} KB of text")
    except jinja2.TemplateNotFound as error:
        raise BadSnippet(f"{path}: there is no partial {error.name!r} to include") from None
    except jinja2.TemplateError as error:
        file, line = _place(error, path, lines_before)
        raise BadSnippet(f"{file}:{line}: {error.message or 'cannot be rendered'}") from None
    except (TypeError, ValueError) as error:
        file, line = _place(error, path, lines_before)
        raise BadSnippet(f"{file}:{line}: {error}") from None
    return "".join(parts)


@lru_cache(maxsize=64)
def _compiled(
    environment: jinja2.Environment, path: Path, source: str, lines_before: int, shape: bytes
) -> jinja2.Template:
    """By what the file holds now: a snippet that is edited is another one."""
    grammar.check(environment, path, source, lines_before, msgspec.json.decode(shape))
    return environment.from_string(source)


def _place(error: Exception, path: Path, lines_before: int) -> tuple[str, int]:
    """File and line of the innermost template line; Jinja names the template itself `<template>`."""
    place = str(path), 1 + lines_before
    for frame, line in walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file == "<template>":
            place = str(path), line + lines_before
        elif file.endswith(".j2"):
            place = file, line
    return place
