"""The privacy notice: filled from rules.yaml, in both languages, in acknowledgements and below replies; doctor says
when it is missing or holds a placeholder."""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy

import pytest

from tests.conftest import ROOT, RULES, Office

OURS = RULES.replace("exempel.example", "lampor.se").replace("Exempel AB", "Lampor i Umeå AB")
PRIVACY = """\
privacy:
  notice: snippets/sv/_integritet.j2
  footer: snippets/sv/_integritet-kort.j2
  responsible: Lampor i Umeå AB (556036-0793)
  contact: dataskydd@lampor.se
  ground: contract
  processors: [{name: Brevhuset, does: e-post, country: SE, contract: true}]
  retention: [{when: {status: closed, closed_for: 24 months}, then: anonymise}]
rules: [{id: hej, events: [created], when: {machine: false}, then: [{reply: {snippet: mottaget, automatic: true}}]}]
"""


@pytest.fixture
def desk(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text(OURS + PRIVACY, "utf-8")
    shutil.copytree(ROOT / "ticketctl/starter/snippets", office.folder / "snippets", dirs_exist_ok=True)
    return office


def sent(office: Office) -> list[str]:
    office.run("send")
    files = sorted((office.folder / "data" / "sent").glob("*/*"), key=lambda path: path.stat().st_mtime_ns)
    mails = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in files)
    return [" ".join(mail.get_body(("plain",)).get_content().split()) for mail in mails]


def mail(text: str) -> str:
    return f"From: k@kund.se\nTo: support@lampor.se\nSubject: Hej\nMessage-ID: <1@kund.se>\n\n{text}\n"


def test_the_acknowledgement_says_who_why_how_long_and_what_rights(desk: Office) -> None:
    desk.run("fetch", "-", stdin=mail("Hej! Min lampa som jag fick i går lyser inte alls, vad gör jag nu?"))
    text = sent(desk)[-1]
    for said in (
        "Lampor i Umeå AB (556036-0793) är ansvarig", "avtal med dig", "lagras det av Brevhuset",
        "i högst 24 månader efter att ärendet har avslutats", "dataskydd@lampor.se", "radera", "imy.se",
    ):  # fmt: skip
        assert said in text


def test_in_english_for_who_writes_english(desk: Office) -> None:
    desk.run("fetch", "-", stdin=mail("Hello! The lamp that I got yesterday does not work, what should I do with it?"))
    text = sent(desk)[-1]
    assert "for at most 24 months after the case is over" in text and "a contract with you" in text
    assert "avtal" not in text


def test_the_footer_stands_below_each_reply(desk: Office) -> None:
    desk.make(1)
    desk.run("reply", 1, "--text", "Vi skickar en ny i dag.")
    text = sent(desk)[-1]
    assert "Lampor i Umeå AB (556036-0793) ansvarar för dina uppgifter" in text
    assert text.index("Vi skickar en ny") < text.index("ansvarar för dina uppgifter")


def doctor(office: Office) -> str:
    return "\n".join(one for one in office.invoke("doctor", "--offline").stdout.splitlines() if "privacy notice" in one)


def test_doctor_finds_nothing_to_say_about_a_notice_that_is_filled_in(desk: Office) -> None:
    assert "ok" in doctor(desk) and "look" not in doctor(desk)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rules: rules.replace("  notice: snippets/sv/_integritet.j2\n", ""), "no information"),
        (lambda rules: rules.replace("dataskydd@lampor.se", "dataskydd@example.com"), "example.com"),
        (lambda rules: rules.replace("Lampor i Umeå AB (556036-0793)", "'[företagets namn]'"), "[företagets namn]"),
        (lambda rules: rules.replace("automatic: true", "automatic: false"), "nobody gets it"),
    ],
)
def test_doctor_says_when_it_is_missing_or_not_filled_in(desk: Office, change, said: str) -> None:
    (desk.folder / "rules.yaml").write_text(change(OURS + PRIVACY), "utf-8")
    assert "look" in doctor(desk) and said in doctor(desk)


def test_doctor_says_which_language_has_none(desk: Office) -> None:
    (desk.folder / "snippets/en/_integritet.j2").unlink()
    assert "there is none in the language en" in doctor(desk)


def test_a_new_desk_is_told_to_fill_it_in(office: Office) -> None:
    shutil.copy(ROOT / "ticketctl/starter/rules.yaml", office.folder / "rules.yaml")
    assert "Exempel AB" in doctor(office)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ground: mood", "ground"), ("tested: {restore: yesterday}", "is not a day"),
        ("processors: [{does: x}]", "name"),
        ("footer: x.txt", "is not a snippet"), ("report_within: soon", "is not a duration"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_line(office: Office, line: str, said: str) -> None:
    (office.folder / "rules.yaml").write_text(RULES + f"privacy: {{{line}}}\n", "utf-8")
    trouble = office.trouble("list", code=2)
    assert "rules.yaml:" in trouble and said in trouble
