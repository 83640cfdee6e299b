"""A dry run says what would be done in one language: that of the verb's texts."""

from __future__ import annotations

import pytest

from tests.conftest import Office


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("close 1", "på prov: #1 stängt ("),
        ("priority 1 high", "på prov: #1 har nu prioritet hög (förut medel)"),
        ("wait 1 2026-12-01", "på prov: #1 väntar på kunden till tis 2026-12-01 08:00"),
        ("merge 2 --into 1", "would: #2 merged into #1 "),
    ],
)
def test_in_swedish(office: Office, line: str, said: str) -> None:
    for number in (1, 2):
        office.make(number, fields={"category": "support"})
    assert office.say("--language", "sv", *line.split(), "--dry-run").startswith(said)


def test_in_english(office: Office) -> None:
    office.make(1, fields={"category": "support"})
    assert office.say("close", 1, "--dry-run").startswith("would: #1 closed (")


def test_nothing_to_take(office: Office) -> None:
    said = office.say("--language", "sv", "take")
    assert said.startswith("Inget att ta: ") and "Nothing" not in said
