"""Bytes of rules.yaml → a tree of nodes that know their line and column.

Every plain scalar stays the text it looks like (`NO`, `on`, `12:30`, `010`): what it means is decided by the key it
is under, not by how it is written. So YAML's resolver table is empty here. Aliases, anchors and tags are refused
(an alias bomb loads in milliseconds and then explodes), so are duplicate keys and what is nested deeper than MAX_DEPTH.
The tree is built from libyaml's events without recursion, so that no file can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 20
MAX_BYTES = 256 * 1024
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Scalar:
    """`plain`: it was written without quotes. `empty`: nothing, `null` or `~` was written."""

    line: int
    column: int
    text: str
    plain: bool = True

    @property
    def empty(self) -> bool:
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Sequence:
    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Mapping:
    """Keys in file order; `keys` has the place of each key itself."""

    line: int
    column: int
    items: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


class Faults:
    """Collects what is wrong, to be shown all at once in file order."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, str], None] = {}
        self._spent: set[tuple[int, int]] = set()

    def add(self, place: Node, what: str, *, last: bool = False) -> None:
        """With `last`, nothing more is said about that place."""
        if (place.line, place.column) not in self._spent:
            self._found[place.line, place.column, what] = None
        if last:
            self._spent.add((place.line, place.column))

    def __bool__(self) -> bool:
        return bool(self._found)

    def lines(self, name: str) -> list[str]:
        """`rules.yaml:41:9: what is wrong`, sorted by place."""
        return [f"{name}:{line}:{column}: {what}" for line, column, what in sorted(self._found)]


def parse(raw: bytes, faults: Faults) -> Node | None:
    """The tree, or None where the bytes are no YAML at all; everything wrong is added to `faults`."""
    text = _decode(raw, faults)
    if text is None:
        return None
    try:
        return _build(text, faults)
    except yaml.YAMLError as error:
        faults.add(_mark(error), _problem(error))
        return None


def _decode(raw: bytes, faults: Faults) -> str | None:
    if len(raw) > MAX_BYTES:
        faults.add(Scalar(1, 1, ""), f"the file is larger than {MAX_BYTES // 1024} KB ({len(raw)} bytes)")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8", "replace")
        faults.add(_place(good), f"not UTF-8 (byte 0x{raw[error.start]:02x}); save the file as UTF-8")
        return None
    if bad := _UNPRINTABLE.search(text):
        faults.add(_place(text[: bad.start()]), f"control character U+{ord(bad[0]):04X}; delete it")
        return None
    return text


def _place(before: str) -> Scalar:
    return Scalar(before.count("\n") + 1, len(before) - before.rfind("\n"), "")


def _mark(error: yaml.YAMLError) -> Scalar:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Scalar(mark.line + 1, mark.column + 1, "") if mark else Scalar(1, 1, "")


def _problem(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", None) or "cannot be read")
    for sign, advice in _ADVICE:
        if sign in problem:
            return f"not valid YAML: {problem} ({advice})"
    return f"not valid YAML: {problem}"


_ADVICE = (
    ("cannot start any token", "indent with spaces, not tabs; put quotes round text that starts with @, ` or %"),
    ("mapping values are not allowed", "put quotes round text that contains a colon and a space"),
    ("could not find expected ':'", "each line here needs `key: value`"),
    ("did not find expected key", "check the indentation, the quotes and brackets just above"),
    ("did not find expected '-' indicator", "check the indentation of this list"),
    ("expected ',' or '", "a bracket or comma is missing"),
    ("unexpected end of stream", "a closing quote is missing"),
)


def _build(text: str, faults: Faults) -> Node | None:
    root: list[Node] = []
    stack: list[_Open] = []
    documents = 0
    for event in _events(text):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                faults.add(_at(event), "a second document; the file is one document, without `---` inside")
                return root[0] if root else None
        elif isinstance(event, yaml.CollectionStartEvent):
            _refuse_extras(event, faults)
            if len(stack) >= MAX_DEPTH:
                faults.add(_at(event), f"nested deeper than {MAX_DEPTH} levels")
                return None
            place = _at(event)
            kind = Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
            stack.append(_Open(kind(place.line, place.column)))
        elif isinstance(event, yaml.CollectionEndEvent):
            _attach(stack.pop().node, stack, root, faults)
        elif isinstance(event, yaml.ScalarEvent):
            _refuse_extras(event, faults)
            place = _at(event)
            _attach(Scalar(place.line, place.column, event.value, not event.style), stack, root, faults)
        elif isinstance(event, yaml.AliasEvent):
            faults.add(_at(event), f"alias *{event.anchor}: write the value out, aliases are not read", last=True)
            _attach(_at(event), stack, root, faults)
    return root[0] if root else None


@dataclass
class _Open:
    node: Sequence | Mapping
    key: Scalar | None = None
    expects_key: bool = True


def _attach(node: Node, stack: list[_Open], root: list[Node], faults: Faults) -> None:
    """Puts a finished node where it belongs: into the innermost open list or mapping, or at the root."""
    if not stack:
        root.append(node)
        return
    top = stack[-1]
    if isinstance(top.node, Sequence):
        top.node.items.append(node)
    elif top.expects_key:
        top.key, top.expects_key = _key(node, faults), False
    else:
        top.expects_key = True
        if top.key is not None:
            _enter(top.node, top.key, node, faults)


def _key(node: Node, faults: Faults) -> Scalar | None:
    if isinstance(node, Scalar):
        return node
    faults.add(node, "a list or mapping cannot be a key; put quotes round text that holds { or [")
    return None


def _enter(mapping: Mapping, key: Scalar, value: Node, faults: Faults) -> None:
    if key.text in mapping.items:
        faults.add(key, f"key {key.text!r} twice (first on line {mapping.keys[key.text].line})")
        return
    mapping.items[key.text] = value
    mapping.keys[key.text] = key


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)


def _at(event: yaml.Event) -> Scalar:
    mark = event.start_mark
    return Scalar(mark.line + 1, mark.column + 1, "") if mark else Scalar(1, 1, "")


def _refuse_extras(event: yaml.CollectionStartEvent | yaml.ScalarEvent, faults: Faults) -> None:
    if event.anchor is not None:
        faults.add(_at(event), f"anchor &{event.anchor}: write values out, anchors are not read")
    if event.tag is not None:
        faults.add(_at(event), f"tag {event.tag}: tags are not read")


class Places:
    """Where something is in a file that is right. `at("rules", 3, "then")` → "41:5": the key, or the item of a list;
    as deep as the file goes."""

    def __init__(self, raw: bytes) -> None:
        self._root = parse(raw, Faults())

    def at(self, *path: str | int) -> str:
        node: Node | None = self._root
        line, column = 1, 1
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str) and step in node.items:
                line, column = node.keys[step].line, node.keys[step].column
                node = node.items[step]
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                line, column = node.line, node.column
            else:
                break
        return f"{line}:{column}"

    def among(self, path: tuple[str | int, ...], text: str) -> str:
        """Where `text` is listed at that path, else the place of the list."""
        node: Node | None = self._root
        for step in path:
            node = node.items.get(step) if isinstance(node, Mapping) and isinstance(step, str) else None
        items = node.items if isinstance(node, Sequence) else []
        found = next((item for item in items if getattr(item, "text", None) == text), None)
        return f"{found.line}:{found.column}" if found else self.at(*path)
