"""Values that are empty where a snippet puts them in: "Hej ,", "Order  är". What is left is a hole in a sentence.

While a snippet renders, an empty value prints a mark with its name, which no text of a customer can hold. Afterwards a
mark that stands alone on its line goes, since a whole line was left out; elsewhere it becomes a place to fill in,
`[Skriv här: requester.first_name]`, which the reply check knows. What a snippet prints empty by itself (`if`,
`default("")`) leaves no mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

MARK = "\0"
_MARKED = re.compile(f"{MARK}([^{MARK}\n]*){MARK}")
_WORDS = {"sv": "Skriv här", "en": "Write here"}
_PLACE = re.compile(rf"\[(?:{'|'.join(_WORDS.values())}): ([a-z_]+(?:\.\w+)*)\]")


class Empty(str):
    """An empty text that knows which value it is."""

    name: str = ""


class EmptyList(list[Any]):
    """The same for a list."""

    name: str = ""


def named(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The values of a snippet, with the empty ones knowing their names, such as "ticket.fields.area"."""
    return {key: _named(value, f"{above}{key}") for key, value in values.items()}


def _named(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return named(value, f"{name}.")
    if value == "" or value == []:
        empty = Empty() if value == "" else EmptyList()
        empty.name = name
        return empty
    return value


def printed(value: Any) -> Any:
    """What is printed for a value: an empty one leaves its mark. Jinja's `finalize`."""
    return f"{MARK}{value.name}{MARK}" if isinstance(value, Empty | EmptyList) else value


def keeping(used: Callable[..., Any], *, meant: bool = False) -> Callable[..., Any]:
    """The filter, but an empty value stays the one that it was: `requester.first_name|upper` has a name too. `meant`:
    who writes this filter wants it empty."""

    @wraps(used)
    def kept(*args: Any, **options: Any) -> Any:
        result = used(*args, **options)
        if meant:
            return str(result) if isinstance(result, Empty) else result
        empty = next((one for one in args if isinstance(one, Empty | EmptyList)), None)
        return _named("", empty.name) if empty is not None and result == "" else result

    return kept


def filled_in(text: str, language: str) -> str:
    """The rendered text without marks: places to fill in stand where a sentence has a hole."""
    if MARK not in text:
        return text
    word = _WORDS.get(language, _WORDS["en"])
    return "\n".join(_line(line, word) for line in text.split("\n"))


def names(text: str) -> list[str]:
    """The values whose places to fill in stand in a rendered text."""
    return _PLACE.findall(text)


def _line(line: str, word: str) -> str:
    if not _MARKED.sub("", line).strip():
        return _MARKED.sub("", line)
    return _MARKED.sub(lambda found: f"[{word}: {found[1]}]", line)
