"""The scanner for planted words finds them however they are packed; else it would prove nothing."""

from __future__ import annotations

import base64
import gzip
import io
import json
import quopri
import zipfile
import zlib
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import planted

WORD = "Kanariefågel Öberg"


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", data)
    return out.getvalue()


def mail() -> bytes:
    inner = EmailMessage()
    inner["Subject"] = "inne"
    inner.set_content(f"Hej, jag heter {WORD}", charset="iso-8859-1", cte="base64")
    outer = EmailMessage()
    outer.set_content("se bilagan")
    outer.add_attachment(inner)
    outer.add_attachment(zipped(WORD.encode()), maintype="application", subtype="zip", filename="a.docx")
    return bytes(outer)


PACKED = {
    "plain": WORD.encode(),
    "upper case": WORD.upper().encode(),
    "latin-1": WORD.encode("latin-1"),
    "utf-16": b"x" + WORD.encode("utf-16-le"),
    "utf-16 be": WORD.encode("utf-16-be"),
    "base64": base64.b64encode(b"ab" + WORD.encode()),
    "base64 in lines": base64.encodebytes(b"x" * 70 + WORD.encode() + b"y" * 70),
    "base64 of utf-16": base64.b64encode(WORD.encode("utf-16")),
    "quoted-printable": quopri.encodestring(WORD.encode() * 5),
    "header": Header(f"Ärende av {WORD}", "utf-8").encode().encode(),
    "json": json.dumps({"a": WORD}).encode(),
    "entities": b"Kanarief&aring;gel&nbsp;&Ouml;berg",
    "tags": "<b>Kanariefågel</b> <i>Öberg</i>".encode(),
    "percent": b"?q=Kanarief%C3%A5gel%20%C3%96berg",
    "zlib": b"stream\n" + zlib.compress(b"BT (" + WORD.encode() + b") Tj ET"),
    "gzip": gzip.compress(WORD.encode()),
    "zip": zipped(f"<w:t>{WORD}</w:t>".encode()),
    "pdf hex": b"<" + WORD.encode("utf-16-be").hex().encode() + b"> Tj",
    "mail in a mail": mail(),
    "mail in JSON": json.dumps({"raw": base64.b64encode(mail()).decode()}).encode(),
    "quoted over lines": "> Kanariefågel\n> Öberg".encode(),
}


@pytest.mark.parametrize("way", [*PACKED])
def test_a_word_is_found(tmp_path: Path, way: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_bytes(b"\n\x00before " + PACKED[way] + b" after\n")
    assert len(planted.hits(tmp_path, [WORD, "annat ord"])) == 1


def test_a_word_in_a_file_name_is_found(tmp_path: Path) -> None:
    (tmp_path / WORD).write_text("x")
    assert planted.hits(tmp_path, [WORD]) == [f"{WORD}: {WORD} (name)"]


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    for way, data in PACKED.items():
        (tmp_path / way).write_bytes(data)
    assert planted.hits(tmp_path, ["Sothöna Ek", "bo@hemlig.example"]) == []
