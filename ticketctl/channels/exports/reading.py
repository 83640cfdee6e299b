"""Files of JSON and CSV: one value a line, or one array, or the pages of an API one after the other."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ticketctl.channels.exports import freescout, osticket, zammad
from ticketctl.domain.ticket.importing import Place
from ticketctl.errors import BadImport, Usage

OWN = "ticketctl"
SYSTEMS: Mapping[str, Callable[[Sequence[Place], str], Iterator[Place]]] = {
    "zammad": zammad.tickets,
    "freescout": freescout.tickets,
    "osticket": osticket.tickets,
}


def read(system: str, paths: Sequence[Path], zone: str) -> Callable[[], Iterable[Place]]:
    """Tickets of a system ("ticketctl": the shape of `export`), each with its place as FILE:LINE; read anew at each
    call. `zone` is the time zone of times without one. Raises Usage for a system that is not known, BadImport."""
    if system == OWN:
        return lambda: (one for path in paths for one in values(path))
    if system not in SYSTEMS:
        raise Usage(
            "{system!r} is not known; there are: {systems}",
            code="no_such_system",
            system=system,
            systems=", ".join((OWN, *SYSTEMS)),
        )
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Usage(
            "{zone!r} is not a time zone; write it as Europe/Stockholm", code="no_such_zone", zone=zone
        ) from None
    found = list(SYSTEMS[system]([one for path in paths for one in values(path)], zone))
    return lambda: found


def values(path: Path) -> Iterator[Place]:
    """The objects of a file with their places; of CSV the rows, with the file's name as "_table". Raises BadImport."""
    if path.suffix.lower() == ".csv":
        yield from _rows(path)
        return
    with _opened(path) as file:
        first = next((line for line in file if line.strip()), "")
        file.seek(0)
        if first.lstrip().startswith("[") or not _is_whole(first):
            yield from _whole_file(path, file.read())
            return
        for number, line in enumerate(file, 1):
            if line.strip():
                yield from _flat(f"{path.name}:{number}", _parsed(line, f"{path.name}:{number}"), path)


def _opened(path: Path) -> Any:
    try:
        return path.open(encoding="utf-8-sig", newline=None)
    except OSError as error:
        raise BadImport([f"{path}: {error.strerror}"]) from None


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _whole_file(path: Path, text: str) -> Iterator[Place]:
    """One value over many lines, or several one after the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        line = text.count("\n", 0, at) + 1
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError as error:
            where = f"{path.name}:{getattr(error, 'lineno', line)}"
            raise BadImport([f"{where}: this is no JSON: {getattr(error, 'msg', error)}"]) from None
        yield from _flat(f"{path.name}:{line}", value, path)


def _parsed(line: str, place: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadImport([f"{place}: this is no JSON: {getattr(error, 'msg', error)}"]) from None


def _flat(place: str, value: Any, path: Path) -> Iterator[Place]:
    if isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _flat(f"{place} ({number})", one, path)
    elif isinstance(value, dict):
        value.setdefault("_table", path.stem)
        yield place, value
    else:
        raise BadImport([f"{place}: an object is expected, as {{…}}, not {str(value)[:40]!r}"])


def _rows(path: Path) -> Iterator[Place]:
    with _opened(path) as file:
        sample = file.read(4096)
        file.seek(0)
        separator = max(",;\t", key=sample.partition("\n")[0].count)
        csv.field_size_limit(1 << 30)
        for row in (reader := csv.DictReader(file, delimiter=separator)):
            if None in row:
                raise BadImport([f"{path.name}:{reader.line_num}: more values than there are columns"])
            known = {name: "" if value in ("\\N", "NULL") else value for name, value in row.items()}
            yield f"{path.name}:{reader.line_num}", {**known, "_table": path.stem}
