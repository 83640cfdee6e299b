"""Rewrites whatever is stored, field by field, as the registry says what each field holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from ticketctl.domain.privacy.registry import FIELDS, Kind, entry
from ticketctl.domain.ticket.message import Person

T = TypeVar("T", bound=msgspec.Struct)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of persons, of bare addresses, and of texts by their kind; a kind that is not here stays."""

    person: Callable[[Person], Person]
    address: Callable[[str], str]
    texts: dict[Kind, Callable[[str], str]]


def rewritten(value: T, change: Change) -> T:
    """The struct with every field treated; the very same where nothing changed. Raises KeyError for a struct that the
    registry does not list."""
    listed = FIELDS[entry(type(value))]
    changed = {}
    for name, kind in listed.items():
        before = getattr(value, name)
        after = _treated(before, kind, change) if before else before
        if after is not before and after != before:
            changed[name] = after
    return msgspec.structs.replace(value, **changed) if changed else value


def _treated(value: Any, kind: Kind, change: Change) -> Any:
    if kind == "part":
        return _each(value, lambda one: rewritten(one, change))
    if kind == "person":
        return _each(value, change.person)
    if kind == "address":
        return _each(value, change.address)
    text = change.texts.get(kind)
    return value if text is None else _each(value, text)


def _each(value: Any, treat: Callable[[Any], Any]) -> Any:
    """A value, or each of a tuple or of a dict's values; where a dict has addresses for keys, these too."""
    if isinstance(value, tuple):
        return tuple(map(treat, value))
    if isinstance(value, dict):
        return {treat(key) if "@" in key else key: treat(one) for key, one in value.items()}
    return treat(value)
