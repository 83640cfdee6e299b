"""Replies with an HTML part and a signature: what the customer gets, and what stands on the ticket."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed
from tests.conftest import RULES, Office
from tests.mails import simple
from ticketctl.config import load
from ticketctl.errors import BadRules

ALICE = "  - {name: alice, email: alice@exempel.example, role: admin}\n"
SIGNED = """\
  - name: alice
    email: alice@exempel.example
    signature:
      sv: |
        Alice Ek, Exempel AB
        08-123 45 67
      en: Alice Ek, Example Ltd
"""


def rules(office: Office, *, html: bool = False, team: str = ALICE) -> None:
    text = RULES.replace("undo: 0s", "undo: 0s, html: true") if html else RULES
    (office.folder / "rules.yaml").write_text(text.replace(ALICE, team), encoding="utf-8")


def parts(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


# --- HTML ---


def test_the_text_stays_as_it_is_and_the_html_says_the_same(office: Office, tmp_path: Path) -> None:
    rules(office, html=True)
    office.make(17, subject="Räksmörgås & <b>fetstil</b>")
    text = "Hej Åsa!\n\nSe https://exempel.example/ö <script>alert(1)</script>\n\n> Hej\n"
    office.run("reply", 17, "--text", text)
    (mail,) = sent(office)
    assert parts(mail) == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = mail.iter_parts()
    assert plain.get_content() == text
    assert '<a href="https://exempel.example/ö">' in html.get_content()
    assert "&lt;script&gt;" in html.get_content() and "<script" not in html.get_content()
    assert '<html lang="sv">' in html.get_content()
    file = tmp_path / "kvitto.pdf"
    file.write_bytes(b"%PDF")
    office.run("reply", 17, "--text", "Kvittot.", "--attach", file)
    mail = next(mail for mail in sent(office) if mail.is_multipart() and "mixed" in mail.get_content_type())
    assert parts(mail) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]


def test_an_automatic_answer_has_it_too(office: Office) -> None:
    rules(office, html=True, team=SIGNED)
    with (office.folder / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write("rules:\n  - {id: a, events: [created], then: [{reply: {snippet: mottaget, automatic: true}}]}\n")
    office.process("fetch", "-q", "-", input=simple(Date="Fri, 20 Nov 2026 08:00:00 +0000").decode())
    office.run("send")
    (mail,) = sent(office)
    assert parts(mail) == ["multipart/alternative", "text/plain", "text/html"]
    assert "Alice Ek" not in mail.as_string(), "a rule is nobody"


# --- signatures ---

SWEDISH = "Alice Ek, Exempel AB\n08-123 45 67"


@pytest.mark.parametrize(
    ("language", "below"),
    [("sv", SWEDISH), ("en", "Alice Ek, Example Ltd"), ("", SWEDISH)],
)
def test_an_agents_signature_in_the_tickets_language(office: Office, language: str, below: str) -> None:
    rules(office, team=SIGNED)
    office.make(17, language=language)
    office.run("reply", 17, "--text", "Hej!")
    (mail,) = sent(office)
    assert mail.get_content() == f"Hej!\n\n-- \n{below}\n"
    message = office.get(17).messages[-1]
    assert (message.text, message.whole) == ("Hej!", f"Hej!\n\n-- \n{below}")
    assert below.splitlines()[0] not in office.say("show", 17)
    assert below.splitlines()[0] in office.say("show", 17, "--full")


def test_a_snippet_signs_for_those_who_have_none_of_their_own(office: Office) -> None:
    for language, told in (("sv", "Vänligen"), ("en", "Yours")):
        file = office.folder / "snippets" / language / "_signature.j2"
        file.write_text(f"{told}, {{{{ agent.name }}}}\n{{{{ desk.email }}}}\n", encoding="utf-8")
    rules(office, team=SIGNED)
    office.make(17, language="en")
    office.run("reply", 17, "--text", "Hi", user="bo")
    assert sent(office)[0].get_content() == "Hi\n\n-- \nYours, Bo\nsupport@exempel.example\n"
    office.make(18, language="de")  # no German one: the desk's language
    office.run("reply", 18, "--text", "Hallo", user="bo")
    assert any("Vänligen, Bo" in mail.get_content() for mail in sent(office))
    (office.folder / "snippets" / "sv" / "_signature.j2").write_text("{{ agent.nme }}", encoding="utf-8")
    assert "_signature.j2:1" in office.trouble("reply", 18, "--text", "Hallo", user="bo", code=2)
    assert "_signature.j2:1" in office.run("rules", "check", code=2).stderr


def test_a_snippet_leaves_the_name_to_the_signature(office: Office) -> None:
    rules(office, team=SIGNED)
    office.make(17, language="sv")
    office.run("reply", 17, "--snippet", "losning", "--send")  # alice has a signature
    assert sent(office)[0].get_content().endswith(f"\n\nVänliga hälsningar\n\n-- \n{SWEDISH}\n")
    assert office.say("snippets", "try", "losning", 17, user="bo").endswith("Vänliga hälsningar\nBo, Exempel AB\n")
    answer = office.say("snippets", "try", "mottaget", 17, "--automatic")
    assert "Vänliga hälsningar\nExempel AB" in answer, "a rule has no signature"


def test_a_text_that_is_signed_already_is_not_signed_twice(office: Office) -> None:
    rules(office, team=SIGNED)
    office.make(17)
    office.run("reply", 17, "--text", "Hej\n\n--\nA. Ek")
    assert sent(office)[0].get_content() == "Hej\n\n-- \nA. Ek\n"


def test_the_writer_sees_it_below_the_line_and_a_draft_has_none(office: Office, tmp_path: Path) -> None:
    rules(office, team=SIGNED)
    office.make(17)
    seen = tmp_path / "visat"
    Terminal(office, tmp_path, f"cp \"$1\" '{seen}'; {typed('Hej')}", "reply", 17, "--draft").end()
    shown = seen.read_text(encoding="utf-8")
    assert "# This is added below what you write:\n#   Alice Ek, Exempel AB\n#   08-123 45 67\n" in shown
    assert office.get(17).messages[-1].text == "Hej"
    assert "nothing was written" in Terminal(office, tmp_path, ': > "$1"', "reply", 17).end(5)
    office.run("reply", 17, "--queue")
    office.run("undo", 17)
    office.run("reply", 17, "--send")
    assert [mail.get_content().count("08-123 45 67") for mail in sent(office)] == [1]


@pytest.mark.parametrize(
    ("signature", "place", "told"),
    [
        ("{svenska: Hej}", "4:", "not a language"),
        ("[Hej]", "4:", "expected a text"),
        ("{sv: ''}", "4:", "an empty one"),
    ],
)
def test_what_is_no_signature(office: Office, signature: str, place: str, told: str) -> None:
    rules(office, team=f"  - {{name: alice, email: a@exempel.example, signature: {signature}}}\n")
    with pytest.raises(BadRules) as caught:
        load(office.folder / "rules.yaml")
    assert f"rules.yaml:{place}" in str(caught.value) and told in str(caught.value)
