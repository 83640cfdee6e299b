"""Run as a process of its own by `documents`: a PDF on standard input, its text on standard output, within limits of
processor time and memory that hold for this process alone."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

SECONDS = 10
MEMORY = 600_000_000
PAGES = 300
MOST = 5_000_000  # characters


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    if reader.is_encrypted and not reader.decrypt(""):
        return 3
    written = 0
    for text in _texts(reader):
        piece = text[: MOST - written].encode("utf-8", "replace") + b"\n"
        sys.stdout.buffer.write(piece)
        written += len(piece)
        if written >= MOST:
            break
    return 0


def _texts(reader: Any) -> Iterator[str]:
    """What is printed, in the order of the file and as it is laid out; notes, links and form fields; the properties."""
    yield "\n".join(str(value) for value in (reader.metadata or {}).values())
    for page in reader.pages[:PAGES]:
        yield page.extract_text()
        try:
            yield page.extract_text(extraction_mode="layout")
        except Exception:  # noqa: BLE001 - the plain text of this page is there already
            yield ""
        yield from _notes(page)
    for field in (reader.get_fields() or {}).values():
        yield str(field.get("/V", ""))


def _notes(page: Any) -> Iterator[str]:
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        yield str(note.get("/Contents", ""))
        link = note.get("/A")
        yield str(link.get_object().get("/URI", "")) if link else ""
        yield str(note.get("/V", ""))


if __name__ == "__main__":
    sys.exit(main())
