"""Names that strangers gave to files."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.present.filenames import LONGEST, numbered, safe_name


@pytest.mark.parametrize(
    ("given_name", "saved"),
    [
        ("faktura.pdf", "faktura.pdf"),
        ("Ärende åäö (2).txt", "Ärende åäö (2).txt"),
        ("A\u030angstro\u0308m.txt", "Ångström.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\win.ini", "win.ini"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("/", "attachment"),
        ("", "attachment"),
        ("..", "attachment"),
        ("...", "attachment"),
        ("\x00", "attachment"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.pdf", "_Com1.pdf"),
        ("console.txt", "console.txt"),
        ("a\nb\tc.txt", "a_b_c.txt"),
        ("\u202egpj.exe", "_gpj.exe"),
        ("\x1b[2J.txt", "_[2J.txt"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("namn. . ", "namn"),
        ("\ud800.txt", "?.txt".replace("?", "_")),
    ],
)
def test_what_becomes_of_a_name(given_name, saved):
    assert safe_name(given_name) == saved


def test_a_long_name_keeps_its_ending():
    assert safe_name("å" * 400 + ".pdf").endswith("å.pdf")
    assert len(safe_name("å" * 400 + ".pdf").encode()) <= LONGEST
    assert len(safe_name("a." + "b" * 400).encode()) <= LONGEST


@given(st.text(max_size=300))
def test_any_name_becomes_one_harmless_component(text):
    name = safe_name(text)
    assert name and len(name.encode()) <= LONGEST
    assert not set(name) & set('/\\:*?"<>|\x00') and name not in (".", "..") and name[0] not in ".-~"
    assert not any(unicodedata.category(char) == "Cc" for char in name)


def test_numbered():
    assert [numbered(name, 2) for name in ("a.pdf", "utan", "x.tar.gz")] == ["a (2).pdf", "utan (2)", "x.tar (2).gz"]
