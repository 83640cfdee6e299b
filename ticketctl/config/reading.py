"""Readers for parts of the tree: each gives a value, or records a fault and gives None, so that one run finds all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from collections.abc import Mapping as Table
from typing import Any, TypeVar

import msgspec

from ticketctl.config.tree import Faults, Mapping, Node, Scalar, Sequence
from ticketctl.domain.settings.settings import Duration, parse_duration

# Place → key → what it means: what the format has and this version does not carry out; refused, never ignored.
NOT_YET: dict[str, dict[str, str]] = {
    "": {"store": "another store than the data folder"},
}
Value = TypeVar("Value")
Default = TypeVar("Default")
Kind = TypeVar("Kind")
ADDRESS = r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+"


def suggest(word: str, known: Collection[str]) -> str:
    """` (did you mean 'priority'?)` where something known is close, else ""."""
    near = difflib.get_close_matches(word.lower(), {one.lower(): one for one in known}, n=1, cutoff=0.6)
    original = {one.lower(): one for one in known}
    return f" (did you mean {original[near[0]]!r}?)" if near else ""


def shown(text: str) -> str:
    """A value quoted in a fault, never longer than fits a line."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.empty else shown(node.text)


class Reader:
    """Reads scalars; every method takes a node and returns None after recording a fault."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def fault(self, node: Node, what: str) -> None:
        self.faults.add(node, what)

    def text(self, node: Node, *, one_line: bool = True) -> str | None:
        if not isinstance(node, Scalar) or node.empty:
            self.fault(node, f"expected a text, found {kind(node)}")
        elif not node.text.strip():
            self.fault(node, "expected a text, found an empty one")
        elif one_line and ("\n" in node.text or "\r" in node.text):
            self.fault(node, "expected one line of text")
        else:
            return node.text
        return None

    def choice(self, node: Node, known: Collection[str], what: str = "value") -> str | None:
        """One of `known`."""
        text = self.text(node)
        if text is None or text in known:
            return text
        listed = ", ".join(known) if len(known) <= 12 else ""
        hint = suggest(text, known) or (f"; one of: {listed}" if listed else "")
        self.fault(node, f"unknown {what} {shown(text)}{hint}")
        return None

    def boolean(self, node: Node) -> bool | None:
        if isinstance(node, Scalar) and node.text in ("true", "false"):
            return node.text == "true"
        self.fault(node, f"expected true or false, found {kind(node)}")
        return None

    def number(self, node: Node, low: int, high: int) -> int | None:
        if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,12}", node.text) and low <= int(node.text) <= high:
            return int(node.text)
        self.fault(node, f"expected a whole number from {low} to {high}, found {kind(node)}")
        return None

    def duration(self, node: Node) -> Duration | None:
        text = self.text(node)
        if text is None:
            return None
        try:
            duration = parse_duration(text)
        except ValueError as error:
            self.fault(node, str(error))
            return None
        if duration.minutes or 0 < duration.days <= 36500 or 0 < duration.months <= 1200:
            return duration
        self.fault(node, f"{shown(text)} must be longer than nothing and no longer than 100 years")
        return None

    def address(self, node: Node) -> str | None:
        text = self.text(node)
        if text is not None and not re.fullmatch(ADDRESS, text):
            self.fault(node, f"{shown(text)} is not a mail address")
            return None
        return text.lower() if text else None

    def listed(self, node: Node, read: Callable[[Node], Value | None], *, single: bool = False) -> tuple[Value, ...]:
        """The values of a list that holds at least one; with `single`, one value alone stands for a list of one."""
        if isinstance(node, Sequence) and node.items:
            values = [(item, read(item)) for item in node.items]
            return self._once_each([(item, value) for item, value in values if value is not None])
        if single and isinstance(node, Scalar) and not node.empty:
            value = read(node)
            return () if value is None else (value,)
        found = "an empty one" if isinstance(node, Sequence) else kind(node)
        self.fault(node, f"expected a list [..., ...], found {found}")
        return ()

    def _once_each(self, values: list[tuple[Node, Value]]) -> tuple[Value, ...]:
        seen: list[Value] = []
        for item, value in values:
            if value in seen:
                self.fault(item, f"{kind(item)} is listed twice")
            else:
                seen.append(value)
        return tuple(seen)

    def items(self, node: Node) -> list[Node]:
        """The items of a list that may be empty."""
        if isinstance(node, Sequence):
            return node.items
        if not (isinstance(node, Scalar) and node.empty):
            self.fault(node, f"expected a list (lines that start with `- `), found {kind(node)}")
        return []

    def section(self, node: Node, keys: Collection[str], where: str) -> Section | None:
        """A mapping that may hold only `keys`; `where` names it in NOT_YET."""
        mapping = self.mapping(node)
        if mapping is None:
            return None
        for name, key in mapping.keys.items():
            if name not in keys and not self.not_yet(key, where):
                self.fault(key, f"unknown key {shown(name)}{suggest(name, keys) or _all(keys)}")
        return Section(self, mapping)

    def not_yet(self, key: Scalar, where: str) -> bool:
        """Records a fault where `key` is part of the format but not carried out by this version."""
        meaning = NOT_YET.get(where, {}).get(key.text)
        if meaning:
            self.fault(key, f"{key.text!r} ({meaning}) is not carried out yet by this version; take it out")
        return bool(meaning)

    def mapping(self, node: Node) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        self.fault(node, f"expected `key: value` pairs, found {kind(node)}")
        return None


class Section:
    """A mapping whose keys were checked. A key that is absent or wrong gives the default; wrong is also a fault."""

    def __init__(self, reader: Reader, node: Mapping) -> None:
        self.reader = reader
        self.node = node

    def __contains__(self, key: str) -> bool:
        return key in self.node.items

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return ((self.node.keys[name], value) for name, value in self.node.items.items())

    def get(self, key: str, read: Callable[[Node], Value | None], default: Default) -> Value | Default:
        if key not in self.node.items:
            return default
        value = read(self.node.items[key])
        return default if value is None else value

    def need(self, key: str, read: Callable[[Node], Value | None], default: Default) -> Value | Default:
        if key not in self.node.items:
            self.reader.fault(self.node, f"{key!r} is missing here")
        return self.get(key, read, default)

    def text(self, key: str, default: str = "") -> str:
        return self.get(key, self.reader.text, default)

    def values(self, reads: Table[str, Read], *, needed: Collection[str] = ()) -> dict[str, Any]:
        """What the keys say, each read in its way; those that are absent or wrong are left out."""
        for key in needed:
            if key not in self:
                self.reader.fault(self.node, f"{key!r} is missing here")
        found = {key: read(self.reader, self.node.items[key]) for key, read in reads.items() if key in self}
        return {key: value for key, value in found.items() if value is not None}

    def struct(self, made: type[Kind], reads: Table[str, Read], *, needed: Collection[str] = (), **given: Any) -> Kind:
        """A struct of what the keys say, with its own defaults for what they do not say; a key of another name than its
        field is in FIELD_OF. What is `needed` (a text) and wrong is "" there, as the file is refused at the end."""
        found = {FIELD_OF.get(key, key): value for key, value in self.values(reads, needed=needed).items()}
        return msgspec.convert({**{FIELD_OF.get(key, key): "" for key in needed}, **given, **found}, made)


# --- ways to read, for tables: key → way ---

Read = Callable[[Reader, Node], Any]
FIELD_OF = {"from": "sender", "archive_after": "archive_after_days", "reopen_window": "reopen_window_days"}


def number(low: int, high: int) -> Read:
    return lambda reader, node: reader.number(node, low, high)


def choice(known: Collection[str], what: str = "value") -> Read:
    return lambda reader, node: reader.choice(node, known, what)


def listed(read: Read) -> Read:
    return lambda reader, node: reader.listed(node, lambda item: read(reader, item))


def several(read: Read) -> Read:
    """A list, or one alone."""
    return lambda reader, node: reader.listed(node, lambda item: read(reader, item), single=True)


def matching(pattern: str, otherwise: str, *, lower: bool = False) -> Callable[[Reader, Node], str | None]:
    """One line that the pattern matches whole; else the fault says that the text `otherwise`."""
    form = re.compile(pattern)

    def read(reader: Reader, node: Node) -> str | None:
        text = reader.text(node)
        if text is not None and not form.fullmatch(text):
            reader.fault(node, f"{shown(text)} {otherwise}")
            return None
        return text.lower() if text and lower else text

    return read


def _all(keys: Collection[str]) -> str:
    return f"; known: {', '.join(keys)}" if 0 < len(keys) <= 12 else ""
