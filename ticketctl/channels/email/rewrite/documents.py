"""The text of documents. Word, Excel and OpenDocument files: from all their parts (body, headers, notes, comments, text
boxes, links, properties); nothing is unpacked to disk, a document type is refused (XML bombs, outside entities), and
sizes are checked before and while a part is read.

PDF files: read by pypdf (extra `[pdf]`) in a process of its own. A file of a few kilobytes can cost a reader seconds
and memory without end, and it must not be this process's.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

MOST_PARTS = 2_000
MOST_BYTES = 60_000_000  # of all parts together, unpacked
PIECE = 1 << 16
# Elements after which a text does not go on: paragraphs, cells, rows, breaks.
BREAKS = {"p", "h", "c", "row", "tr", "tc", "si", "br", "cr", "tab", "table-cell", "table-row", "comment", "line-break"}
TOLD = {"Target", "href", "descr", "title", "value", "string-value"}  # attributes that people read or click
ENDINGS = (".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".odt", ".ods", ".odp", ".ott")

LONE = re.compile(r"(?m)(?:^[ \t]*[\w+-][ \t]*\n){6,}")  # lines of one character

WAIT = 60  # seconds by the clock for a PDF, on a busy machine; its process has ten of processor time


class Unreadable(ValueError):
    """It is no such file, is damaged or locked, is larger than it says, or took too long."""


def office_text(payload: bytes) -> str:
    """All its text, a paragraph or cell a line; raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            infos = [one for one in archive.infolist() if one.filename.lower().endswith((".xml", ".rels"))]
            if len(infos) > MOST_PARTS or sum(one.file_size for one in infos) > MOST_BYTES:
                raise Unreadable("it is too large to be read")
            return _joined("\n".join(_text(archive, one) for one in infos))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, RuntimeError, OSError, EOFError, LookupError) as error:
        raise Unreadable("it is damaged or locked with a password") from error
    except (NotImplementedError, RecursionError, MemoryError, OverflowError) as error:
        raise Unreadable("it is packed in a way that is not known") from error


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.CharacterDataHandler = found.append

    def begin(_name: str, attributes: dict[str, str]) -> None:
        told = (value for name, value in attributes.items() if name.rpartition(" ")[2] in TOLD)
        found.extend(f"\n{value}\n" for value in told)

    def end(name: str) -> None:
        if name.rpartition(" ")[2] in BREAKS:
            found.append("\n")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    for piece in _pieces(archive, info):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return "".join(found)


def _refuse(*_of_document_type: object) -> None:
    raise Unreadable("it declares a document type")


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Never more than it says to hold: a bomb ends here."""
    left = info.file_size
    with archive.open(info) as part:
        while piece := part.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise Unreadable("it holds more than it says")
            yield piece


def can_read_pdf() -> bool:
    return importlib.util.find_spec("pypdf") is not None


def pdf_text(payload: bytes) -> str:
    """Its text, its notes, links and form fields; raises Unreadable."""
    command = [sys.executable, "-I", "-m", "ticketctl.channels.email.rewrite.pdf_reader"]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}  # no password of a mailbox goes in there
    try:
        done = subprocess.run(command, input=payload, capture_output=True, timeout=WAIT, env=environment, check=False)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Unreadable("it took too long") from error
    if done.returncode:
        raise Unreadable("it is damaged, locked with a password, or too large")
    return _joined(done.stdout.decode("utf-8", "replace"))


def _joined(text: str) -> str:
    """Where a file has one character to each line, as some programs write PDF, they are one line again."""
    return LONE.sub(lambda found: "".join(found[0].split()) + "\n", text)
