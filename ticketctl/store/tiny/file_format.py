"""The format of desk and archive files: valid JSON, one document a line, and nothing in it unguarded.

Line 1 is `{"ticketctl": {"format": 1, "generation": N, "length": L, "sha256": "…"},`, where L and the sum cover all
bytes after it; then the tables, each `"name": {`, its rows `"key": {document},`, and `},`; at the end the generation
once more, `"generation": N}`, which puts it under the sum too. A row that nobody changed stays, byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from ticketctl.errors import Damaged, NextStep

FORMAT = 1
Rows = dict[str, bytes]
Tables = dict[str, Rows]
"""By table and key, the JSON of each document."""

_HEADER = re.compile(
    rb'\{"ticketctl": \{"format": (\d+), "generation": (\d+), "length": (\d+), "sha256": "([0-9a-f]{64})"\},\n'
)
_ANY_FORMAT = rb'\{"ticketctl": \{"format": (\d+)'
_ROW = re.compile(rb'"((?:[^"\\\n]|\\.)*)": ')
_END = re.compile(rb'"generation": (\d+)\}')


class NewerFormat(Damaged):
    """Written by a later version, which alone may touch it."""


class Content(NamedTuple):
    """What a file holds. `size` is its length in bytes, 0 where there is no file yet."""

    tables: Tables
    generation: int = 0
    size: int = 0


def render(tables: Mapping[str, Mapping[str, bytes]], generation: int) -> bytes:
    """The whole file."""
    return b"".join(pieces(tables, generation))


def pieces(tables: Mapping[str, Mapping[str, bytes]], generation: int) -> list[bytes]:
    """The whole file, in its order. The rows in it are those of `tables`: a large desk is not in memory twice. They are
    sorted, numbers by value, so that a diff of two generations shows what changed."""
    parts: list[bytes] = []
    for name, rows in tables.items():
        if rows:
            parts.append(b"%s: {\n" % _quoted(name))
            for key in sorted(rows, key=lambda key: (len(key), key)):
                parts += (_quoted(key), b": ", rows[key], b",\n")
            parts[-1] = b"\n},\n"
    parts.append(b'"generation": %d}\n' % generation)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return [_header(generation, sum(map(len, parts)), digest.hexdigest()), *parts]


def _header(generation: int, length: int, digest: str) -> bytes:
    return b'{"ticketctl": {"format": %d, "generation": %d, "length": %d, "sha256": "%s"},\n' % (
        FORMAT,
        generation,
        length,
        digest.encode(),
    )


def _quoted(key: str) -> bytes:
    return msgspec.json.encode(key)


def parse(data: bytes, name: str, before: Mapping[str, Mapping[str, bytes]] = MappingProxyType({})) -> Content:
    """What was rendered; raises Damaged, naming the file as `name`, unless every byte is as it was written. A row that
    is as it was `before` is that very object: it takes no memory again."""
    generation = verify(data, name)
    tables: Tables = {}
    for table, key, start, end in walk(data, name):
        known = before[table].get(key, b"") if table in before else b""
        same = known and len(known) == end - start and data.startswith(known, start)
        tables.setdefault(table, {})[key] = known if same else data[start:end]
    return Content(tables, generation, len(data))


def walk(data: bytes, name: str) -> Iterator[tuple[str, str, int, int]]:
    """Table and key of every row of a verified file, and where its document starts and ends in the bytes."""
    table = ""
    position = data.index(b"\n") + 1
    last = data.rindex(b"\n", 0, len(data) - 1) + 1
    while position < last:
        end = data.index(b"\n", position)
        if data[position : position + 1] == b"}":
            table = ""
        elif (found := _ROW.match(data, position, end)) is None:
            raise _damaged(name, "has a line that is no document")
        elif table:
            yield table, _key(found[1]), found.end(), end - (data[end - 1 : end] == b",")
        else:
            table = _key(found[1])
        position = end + 1


def verify(data: bytes, name: str) -> int:
    """The generation of an undamaged file; raises Damaged."""
    header = _HEADER.match(data)
    if header is None or int(header[1]) != FORMAT:
        raise _not_ours(data, name)
    generation, start = int(header[2]), header.end()
    if len(data) - start != int(header[3]):
        raise _damaged(name, f"is {len(data) - start} bytes long after its first line, not {int(header[3])}")
    digest = hashlib.sha256(memoryview(data)[start:]).hexdigest()
    if header[0] != _header(generation, len(data) - start, digest):
        raise _damaged(name, "does not match its checksum")
    end = _END.fullmatch(data, data.rfind(b"\n", 0, len(data) - 1) + 1, len(data) - 1)
    if end is None or int(end[1]) != generation:
        raise _damaged(name, "does not end with its generation")
    return generation


def head(data: bytes) -> tuple[int, str] | None:
    """Generation and checksum as the first line says them; None where that is none of ours."""
    found = _HEADER.match(data)
    return (int(found[2]), found[4].decode()) if found else None


def _not_ours(data: bytes, name: str) -> Damaged:
    found = re.match(_ANY_FORMAT, data)
    if found and int(found[1]) > FORMAT:
        return NewerFormat(
            "{name} has format {format}; this version knows {newest}: install the newer version that wrote it",
            code="newer_format",
            name=name,
            format=int(found[1]),
            newest=FORMAT,
        )
    return _damaged(name, "has no valid first line")


def _damaged(name: str, how: str) -> Damaged:
    return Damaged(
        "{name} {how}: it is damaged, or was edited by hand",
        code="file_damaged",
        name=name,
        how=how,
        next_step=NextStep("doctor", then="repairs it", given={"recover": True}),
    )


def _key(written: bytes) -> str:
    return msgspec.json.decode(b'"' + written + b'"', type=str) if b"\\" in written else written.decode()


# --- what can be read out of damaged files ---


def salvage(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Every row (table, key, document) that is still readable, in a file that was edited by hand too."""
    try:
        tables = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        yield from _readable_lines(data)
        return
    for table, rows in tables.items():
        if isinstance(rows, dict) and table != "ticketctl":
            yield from ((table, key, msgspec.json.encode(row)) for key, row in rows.items() if isinstance(row, dict))


def _readable_lines(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    table = ""
    for line in data.split(b"\n"):
        found = _ROW.match(line)
        if found is None:
            continue
        raw = line[found.end() :].rstrip(b",")
        try:
            if raw == b"{":
                table = _key(found[1])
            elif table and isinstance(msgspec.json.decode(raw), dict):
                yield table, _key(found[1]), raw
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue


def claimed_generation(data: bytes) -> int:
    """What a damaged file says its generation is, 0 if it does not."""
    found = _HEADER.match(data)
    return int(found[2]) if found else 0
