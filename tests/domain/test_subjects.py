"""Prefixes and tags come off a subject; the ticket number in our tag is read."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.text import subjects


@pytest.mark.parametrize(
    "subject",
    [
        "Fakturan", "Re: Fakturan", "RE: Re: re: Fakturan", "SV: Fakturan", "Sv: VB: Fakturan", "Re[2]: Fakturan",
        "Re(3): Fakturan", "Re^2: Fakturan", "RE : Fakturan", "TR : Fakturan", "AW: WG: Fakturan", "Antw: Fakturan",
        "Fwd: FW: Fakturan", "Ang: Fakturan", "VS: VL: Fakturan", "RV: Fakturan", "R: I: Fakturan", "Odp: PD: Fakturan",
        "[#17] Fakturan", "Re: [#17] Fakturan", "Re: [#17] SV: Fakturan", "Fakturan [#17]", "SV:Fakturan",
        "回复：Fakturan",
        "  Re:\r\n Fakturan ", "Doorst: Fakturan",
    ],
)  # fmt: skip
def test_base_subject(subject: str) -> None:
    assert subjects.base_subject(subject) == "Fakturan"


@pytest.mark.parametrize(
    "subject",
    ["Regarding: the invoice", "Fel: skrivaren", "Obs: viktigt", "Svar sökes", "re", "Ångerrätt: order 12", "12: tolv"],
)
def test_words_that_are_no_prefix_stay(subject: str) -> None:
    assert subjects.base_subject(subject) == subject


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: [#17] Fakturan", 17), ("Fakturan [#4711]", 4711), ("[#1][#2]", 1), ("Order #17", None), ("[17]", None),
        ("[#]", None), ("[#٣]", None), ("[#12345678901]", None), ("", None),
    ],
)  # fmt: skip
def test_ticket_number(subject: str, number: int | None) -> None:
    assert subjects.ticket_number(subject) == number


def test_replies_and_forwards_by_the_outermost_prefix() -> None:
    assert subjects.is_reply("[#17] SV: VB: Fakturan") and not subjects.is_forward("SV: VB: Fakturan")
    assert subjects.is_forward("VB: SV: Fakturan") and not subjects.is_reply("VB: SV: Fakturan")
    assert not subjects.is_reply("Fakturan") and not subjects.is_forward("Fakturan")


@pytest.mark.parametrize("piece", ["Re:", "re ", "[#", "[", "a", "Re[1", " "])
def test_linear(piece: str) -> None:
    def read(size: int) -> None:
        text = filled(piece, size)
        subjects.base_subject(text)
        subjects.ticket_number(text)
        subjects.is_reply(text)

    assert_linear(read, 300_000)
