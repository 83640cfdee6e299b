"""`privacy: mask`: what a ticket holds no longer shows card numbers and personnummer; without it nothing is touched."""

from __future__ import annotations

import re

from tests.conftest import RULES, Office

MAIL = """\
From: Anna <anna@kund.example>
To: support@exempel.example
Subject: Kort 4111 1111 1111 1111
Message-ID: <kort@kund.example>
Content-Type: text/plain; charset=utf-8

Dra 500 kr från 4111 1111 1111 1111, jag är 811218-9876.
Ring 070-123 45 67.
"""


def test_what_is_to_be_masked_is_not_kept_in_the_ticket(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + "privacy: {mask: [payment_card, personnummer]}\n", "utf-8")
    office.say("fetch", "-", stdin=MAIL)
    shown = office.say("show", 1)
    assert "1111 1111" not in shown and "811218-9876" not in shown
    assert "**** **** **** 1111" in shown and "070-123 45 67" in shown
    assert "4111 1111" not in (office.folder / "data" / "desk.json").read_text("utf-8")


def test_without_it_the_text_stays(office: Office) -> None:
    office.say("fetch", "-", stdin=MAIL)
    assert "4111 1111 1111 1111" in office.say("show", 1)


INVITED = """\
From: Anna <anna@kund.example>
To: support@exempel.example
Subject: Inbjudan
Message-ID: <inbjudan@kund.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=snitt

--snitt
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1
DTSTART:20261201T090000Z
SUMMARY:Samtal om 811218-9876
END:VEVENT
END:VCALENDAR
--snitt
Content-Type: text/plain; name="intyg 811218-9876.txt"
Content-Disposition: attachment; filename="intyg 811218-9876.txt"

intyg
--snitt
Content-Type: message/rfc822

From: Bo <bo@kund.example>
Subject: Mitt nummer 811218-9876

Hej
--snitt--
"""


def test_what_tells_of_a_mail_and_its_files_is_masked_too(office: Office) -> None:
    """The title of an invitation, the name of a file, and that of an attached mail, which is its subject."""
    (office.folder / "rules.yaml").write_text(RULES + "privacy: {mask: [personnummer]}\n", "utf-8")
    office.say("fetch", "-", stdin=INVITED)
    assert "811218" not in (office.folder / "data" / "desk.json").read_text("utf-8")
    shown = re.sub(r"\s+", " ", office.say("show", 1))
    assert "Samtal om ******-****" in shown
    assert "intyg ******-****.txt" in shown and "Mitt nummer ******-****.eml" in shown


def test_a_rule_masks_the_same(office: Office) -> None:
    rule = (
        "rules:\n  - id: dolj\n    events: [created]\n    when: {machine: false}\n    then: [{mask: [personnummer]}]\n"
    )
    (office.folder / "rules.yaml").write_text(RULES + rule, "utf-8")
    office.say("fetch", "-", stdin=INVITED)
    assert "811218" not in (office.folder / "data" / "desk.json").read_text("utf-8")
