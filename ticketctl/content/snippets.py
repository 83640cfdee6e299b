"""Snippets: reply templates under `snippets/LANGUAGE/NAME.j2`, first line `Subject: …`, then the body.

The same name in every language folder is the same message, so that `reply 17 --snippet mottaget` answers in the
customer's language. Names that start with `_` are partials, for `{% include "_name.j2" %}` and the privacy notice.

What a customer wrote only ever is a value, on one line, never a template. A snippet can put values in, and use `if` and
`for` over the few lists there are; loops over ranges, arithmetic, calls and macros are refused when it is read, so that
none can run long or grow large. The sandbox stands behind that, not instead of it.

What a snippet may use is in `snippet_values.VARIABLES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

import jinja2
import msgspec
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ticketctl.content import snippet_grammar as grammar
from ticketctl.content import snippet_holes as holes
from ticketctl.content.snippet_values import VARIABLES, sample_contexts, spoken, without_sender
from ticketctl.domain.config import Config
from ticketctl.errors import BadSnippet, Meant

LARGEST_OUTPUT = 256 * 1024
_INCLUDE_AT_END = re.compile(
    r"(\{%-?\s*include\b[^%\n]*[^%\n\s+-])\s*%\}(?=[ \t]*$)", re.MULTILINE
)  # keeps its line end


class Rendered(msgspec.Struct, frozen=True):
    """`subject` is one line; `body` ends with a newline; `language` is the folder it came from."""

    subject: str
    body: str
    language: str = ""


def names(folder: Path, *, partials: bool = False) -> dict[str, tuple[str, ...]]:
    """Name → the languages that have it, of the desk's `snippets/` folder; partials only where asked for."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/*.j2")):
        if partials or not path.stem.startswith("_"):
            found.setdefault(path.stem, []).append(path.parent.name)
    return {name: tuple(languages) for name, languages in sorted(found.items())}


def sources(folder: Path) -> str:
    """What stands in all of them, as it is written."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*/*.j2")))


def render(folder: Path, name: str, language: str, context: Mapping[str, Any], *, automatic: bool = False) -> Rendered:
    """The snippet `name` of the desk's `snippets/` folder in `language`, else in the desk's language, else in any.

    Where a value is empty in the middle of a line, `[Skriv här: …]` stands there, as in `snippet_holes`.

    With `automatic` it holds nothing that the sender wrote (TicketTrick: an acknowledgement must not carry a stranger's
    words to a forged address), and always the privacy notice where the desk has one. Raises BadSnippet with file and
    line."""
    order = _languages(folder, name, language, str(context["desk"]["language"]))
    values = holes.named(spoken(without_sender(context) if automatic else context, order[0]))
    environment = _environment(folder, order, _shape(values))
    notice = _notice(environment, folder, order, str(values["desk"].get("notice", "")), values)
    values["privacy_notice"] = notice
    path = folder / order[0] / f"{name}.j2"
    subject, body = _parts(environment, path, values)
    if automatic and notice and notice not in body:
        body = f"{body}\n\n{notice}"
    return Rendered(subject=subject, body=f"{body}\n", language=order[0])


def used(folder: Path, name: str, language: str, config: Config) -> tuple[str, ...]:
    """The values that the snippet uses in `language`, and in the partials that it includes, in order of their names.
    Raises BadSnippet."""
    values = spoken(sample_contexts(config)[""], language)
    order = (language, config.language)
    environment = _environment(folder, order, _shape(values))
    path = folder / language / f"{name}.j2"
    first, rest = _split(path)
    sources = [(path, first, 0), (path, rest, 1)]
    loader = _Loader(folder, order, values)
    found: set[str] = set()
    for place, source, before in sources:
        grammar.check(environment, place, source, before, {**values, "privacy_notice": ""})
        names, partials = grammar.names(environment, source)
        found |= names
        for partial in partials:
            found |= grammar.names(environment, loader.get_source(environment, partial)[0])[0]
    return tuple(sorted(found))


def may_be_empty(folder: Path, name: str, language: str, config: Config, *, automatic: bool) -> tuple[str, ...]:
    """The values that leave a hole in a sentence on some ticket: "requester.first_name". With `automatic` also those
    that automatic answers never have. A snippet with faults has none."""
    found: dict[str, None] = {}
    for context in sample_contexts(config).values():
        for one in (False, True) if automatic else (False,):
            try:
                rendered = render(folder, name, language, context, automatic=one)
            except BadSnippet:
                continue
            found |= dict.fromkeys(holes.names(f"{rendered.subject}\n{rendered.body}"))
    roots = {name.partition(".")[0] for name in VARIABLES}
    return tuple(name for name in found if name.partition(".")[0] in roots)


def instead(name: str, folder: Path) -> Meant:
    """What to say about a snippet that is not there."""
    known = tuple(names(folder))
    return Meant(next(iter(get_close_matches(name, known, 1)), ""), known)


def signature(folder: Path, language: str, context: Mapping[str, Any]) -> str:
    """The partial `_signature.j2` of that language, else of the desk's, rendered; "" where there is none. Raises
    BadSnippet with file and line."""
    order = tuple(dict.fromkeys((language, str(context["desk"]["language"]))))
    path = next((path for one in order if (path := folder / one / "_signature.j2").is_file()), None)
    if path is None:
        return ""
    values = holes.named(spoken(context, language))
    environment = _environment(folder, order, _shape(values))
    return _run(environment, path, grammar.read(path), {**values, "privacy_notice": ""}, 0).strip("\n")


def partial(folder: Path, name: str, language: str, context: Mapping[str, Any]) -> str:
    """The text of a partial (`_integritet.j2`) in that language, else in the desk's, else in any: the privacy notice of
    an acknowledgement, a reply's footer, a form and a chat. Raises BadSnippet with file and line; "" without a name."""
    if not name:
        return ""
    order = tuple(dict.fromkeys((language, str(context["desk"]["language"]))))
    values = holes.named(spoken(context, language))
    return _notice(_environment(folder, order, _shape(values)), folder, order, Path(name).name, values)


def check(folder: Path, config: Config) -> list[str]:
    """Renders every snippet and partial against made-up tickets: what is wrong with each, as `FILE:LINE: …`."""
    faults: list[str] = []
    for path in sorted(folder.glob("*/*.j2")):
        faults += next(
            filter(None, (_faults(folder, path, config, *one) for one in sample_contexts(config).items())), ()
        )
    return list(dict.fromkeys(faults))


# --- inside ---


def _faults(folder: Path, path: Path, config: Config, about: str, context: Mapping[str, Any]) -> list[str]:
    """With one made-up ticket; `about` tells of it what is unusual."""
    order = tuple(dict.fromkeys((path.parent.name, config.language)))
    values = spoken(context, order[0])
    environment = _environment(folder, order, _shape(values))
    try:
        notice = _notice(environment, folder, order, values["desk"]["notice"], values)
        _parts(environment, path, {**values, "privacy_notice": notice})
    except BadSnippet as error:
        return [f"{one}; for {about}" if about else one for one in str(error).splitlines()]
    return []


def languages_of(folder: Path, name: str) -> tuple[str, ...]:
    """The languages in which the snippet is there. Raises BadSnippet where it is in none."""
    there = tuple(names(folder).get(name, ()))
    if not there:
        raise BadSnippet(
            "no snippet {name!r} in {folder}{meant}",
            code="no_snippet",
            name=name,
            folder=folder,
            meant=instead(name, folder),
        )
    return there


def _languages(folder: Path, name: str, language: str, desk_language: str) -> tuple[str, ...]:
    """The language folders in the order in which they are looked into; the first one has the snippet."""
    there = languages_of(folder, name)
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
        finalize=holes.printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {
        name: holes.keeping(environment.filters[name], meant=name in ("d", "default")) for name in grammar.FILTERS
    }
    environment.tests = {name: environment.tests[name] for name in grammar.TESTS}
    return environment


def _parts(environment: jinja2.Environment, path: Path, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body; a partial has no subject. They are two templates, so that a block on the first line does not
    swallow its end."""
    if path.stem.startswith("_"):
        return "", _run(environment, path, grammar.read(path), context, 0).strip("\n")
    first, source = _split(path)
    subject = " ".join(_run(environment, path, first, context, 0).split())
    body = _run(environment, path, source, context, 1)
    return subject, re.sub(r"\n{3,}", "\n\n", body).strip("\n")  # what was left out leaves no gap


def _split(path: Path) -> tuple[str, str]:
    """The template of the subject and that of the body."""
    first, _, rest = grammar.read(path).partition("\n")
    if not first.startswith("Subject:") or not first.removeprefix("Subject:").strip():
        raise BadSnippet(
            "{path}:1: the first line must be `Subject: …`, the subject of the reply",
            code="snippet_without_subject",
            path=path,
        )
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
                raise BadSnippet(
                    "{path}: makes more than {limit} KB of text",
                    code="snippet_too_long",
                    path=path,
                    limit=LARGEST_OUTPUT // 1024,
                )
    except jinja2.TemplateNotFound as error:
        file, line = _place(error, path, lines_before)
        raise BadSnippet(
            "{file}:{line}: there is no partial {name!r} to include",
            code="no_partial",
            file=file,
            line=line,
            name=error.name,
        ) from None
    except jinja2.TemplateError as error:
        file, line = _place(error, path, lines_before)
        raise BadSnippet(
            "{path}:{line}: {reason}",
            code="snippet_fault",
            line=line,
            reason=error.message or "cannot be rendered",
            path=file,
        ) from None
    except (TypeError, ValueError) as error:
        file, line = _place(error, path, lines_before)
        raise BadSnippet("{path}:{line}: {reason}", code="snippet_fault", line=line, reason=error, path=file) from None
    return holes.filled_in("".join(parts), path.parent.name)


@lru_cache(maxsize=64)
def _compiled(
    environment: jinja2.Environment, path: Path, source: str, lines_before: int, shape: bytes
) -> jinja2.Template:
    """By what the file holds now: a snippet that is edited is another one."""
    grammar.check(environment, path, source, lines_before, msgspec.json.decode(shape))
    return environment.from_string(_INCLUDE_AT_END.sub(r"\1 +%}", source))


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
