"""Containers within a mail, damaged at will: CMS (S/MIME) and the RTF of a winmail.dat are read as far as they go."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth import assert_linear
from ticketctl.channels.email.parse import base64, cms, rtf


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes(4, "big")
    return bytes((tag, 0x84)) + size + body


def open_ended(tag: int, *parts: bytes) -> bytes:
    return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"


SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")


def signed(content: bytes) -> bytes:
    return der(0x30, SIGNED, der(0xA0, der(0x30, der(2, b"\1"), der(0x31), der(0x30, DATA, der(0xA0, content)))))


SOUND = signed(open_ended(0x24, der(4, b"Hej, "), der(4, "order 4711 är borta".encode())))
DAMAGE = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12)


def damaged(data: bytes, damage: list[tuple[int, int]], cut: int) -> bytes:
    found = bytearray(data)
    for place, value in damage:
        found[place % len(found)] = value
    return bytes(found[: len(found) - cut])


def test_the_content_is_found_in_pieces() -> None:
    assert cms.signed_content(SOUND) == "Hej, order 4711 är borta".encode()
    assert cms.signed_content(signed(der(4))) is None
    assert cms.signed_content(b"") is None


@given(DAMAGE, st.integers(0, 60))
@settings(max_examples=400, deadline=None)
def test_a_damaged_container_is_read_or_not_and_nothing_else(damage: list[tuple[int, int]], cut: int) -> None:
    found = cms.signed_content(damaged(SOUND, damage, cut))
    assert found is None or len(found) <= len(SOUND)


@pytest.mark.parametrize("shape", [
    lambda size: signed(open_ended(0x24, *[b"\x04\x00"] * (size // 2))),
    lambda size: b"\x30\x80" * (size // 2),
    lambda size: b"\x24\x80" * (size // 4) + b"\0\0" * (size // 4),
    lambda size: b"\x30\x88" + b"\xff" * size,
], ids=["empty pieces", "open for ever", "nested", "a length that lies"])  # fmt: skip
def test_a_hostile_container_costs_no_more_than_its_size(shape: Callable[[int], bytes]) -> None:
    assert_linear(lambda size: cms.signed_content(shape(size)), 30_000)


RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
    rb"Order \'e4r \u229\'e5 {\*\htmltag72 </p>}\htmlrtf }\par\htmlrtf0 {\*\htmltag27 </html>}}"
)
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


@given(DAMAGE, st.integers(0, 40))
@settings(max_examples=400, deadline=None)
def test_damaged_rtf_ends_the_reading_and_nothing_else(damage: list[tuple[int, int]], cut: int) -> None:
    rtf.text(b"{\\rtf" + damaged(RTF, damage, cut))
    assert len(rtf.unpacked(damaged(PACKED, damage, cut))) <= rtf.LIMIT


def test_what_unpacks_without_end_is_cut() -> None:
    bomb = struct.pack("<IIII", 0xFFFFFFFF, 0xFFFFFFFF, 0x75465A4C, 0) + b"\xff" + b"\x00\x0f" * 8
    assert len(rtf.unpacked(bomb * 100_000)) <= rtf.LIMIT


@pytest.mark.parametrize("piece", [b"{", b"}", b"\\", b"\\'e5", b"\\u229 ", b"{\\*\\htmltag ", b"a", b"\\par"])
def test_hostile_rtf_costs_no_more_than_its_size(piece: bytes) -> None:
    assert_linear(lambda size: rtf.text(b"{\\rtf1 " + piece * (size // len(piece))), 30_000)


@pytest.mark.parametrize("piece", [b"=", b"A=", b"AAAA\n", b"a b\n", b"!\n", b"AAAA" * 11 + b"\n!\n", b"\r"])
def test_hostile_base64_costs_no_more_than_its_size(piece: bytes) -> None:
    assert_linear(lambda size: base64.decode(b"!" + piece * (size // len(piece))), 100_000)
