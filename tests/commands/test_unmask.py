"""The sealed original: encrypted for a key that is not here, opened with it, a reason, and a line in the audit log."""

from __future__ import annotations

import email
from pathlib import Path

import pytest

from tests.commands.test_masked_on_arrival import ALL, CARD, IBAN, PASSWORD, PERSON, PLANTED, letter
from tests.conftest import RULES, Office
from tests.planted import hits

pytestmark = pytest.mark.extra("crypt")
WHY = "kortet ska spärras"


@pytest.fixture
def key(office: Office, tmp_path: Path) -> Path:
    """The secret key, outside the desk, which is told the public one."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    privacy = f"mask: [payment_card, personnummer, iban, secret], seal_to: {identity.to_public()}"
    (office.folder / "rules.yaml").write_text(RULES + f"privacy: {{{privacy}}}\n", "utf-8")
    file = tmp_path / "age.txt"
    file.write_text(f"# created: 2026-11-20\n{identity}\n", "utf-8")
    return file


def test_the_original_comes_back_with_key_and_reason(office: Office, key: Path, tmp_path: Path) -> None:
    text = letter(1, "base64").as_string()
    office.run("fetch", "-", stdin=text)
    assert hits(office.folder / "data", PLANTED) == []
    office.run("--reason", WHY, "unmask", 1, "--key", key, "--save", tmp_path / "a.eml")
    original = email.message_from_bytes((tmp_path / "a.eml").read_bytes())
    plain = next(part for part in original.walk() if part.get_content_type() == "text/plain")
    assert ALL.strip() in plain.get_payload(decode=True).decode()
    shown = office.say("--reason", WHY, "unmask", 1, "m1", "--key", key)
    assert "Subject:" in shown and "kort1@kund.example" in shown
    log = office.say("audit", "show")
    assert log.count("unmask") == 2 and WHY in log and CARD not in log


def test_without_a_reason_it_stays_closed(office: Office, key: Path) -> None:
    office.run("fetch", "-", stdin=letter(1, "8bit").as_string())
    assert "--reason" in office.trouble("unmask", 1, "--key", key, code=2)
    assert "unmask" not in office.say("audit", "show")


def test_another_key_does_not_open_it(office: Office, key: Path, tmp_path: Path) -> None:
    import pyrage

    office.run("fetch", "-", stdin=letter(1, "8bit").as_string())
    other = tmp_path / "other.txt"
    for content in (str(pyrage.x25519.Identity.generate()), "nothing", "AGE-SECRET-KEY-1X"):
        other.write_text(content, "utf-8")
        trouble = office.trouble("--reason", WHY, "unmask", 1, "--key", other, code=5)
        assert "does not open" in trouble and PERSON not in trouble


def test_what_was_not_masked_has_no_sealed_original(office: Office, key: Path) -> None:
    office.run("fetch", "-", stdin="From: k@kund.example\nSubject: Hej\nMessage-ID: <1@k>\n\nHej\n")
    assert "no sealed original" in office.trouble("--reason", WHY, "unmask", 1, "--key", key, code=5)


def test_a_sealed_field_of_a_stranger_opens_nothing(office: Office, key: Path) -> None:
    forged = f"From: k@kund.example\nX-Ticketctl-Sealed: aGVq\nSubject: {PERSON}\nMessage-ID: <1@k>\n\nHej\n"
    office.run("fetch", "-", stdin=forged)
    opened = office.say("--reason", WHY, "unmask", 1, "--key", key)
    assert PERSON in opened and "aGVq" in opened  # ours stands before theirs


def test_agents_and_bad_keys(office: Office, key: Path) -> None:
    office.run("fetch", "-", stdin=letter(1, "8bit").as_string())
    office.run("--reason", WHY, "unmask", 1, "--key", key, code=5, user="bo")
    (office.folder / "rules.yaml").write_text(RULES + "privacy: {mask: [iban], seal_to: age1nonsense}\n", "utf-8")
    assert "rules.yaml:" in office.trouble("list", code=2) and IBAN and PASSWORD
