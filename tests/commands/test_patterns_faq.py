"""`patterns faq`: a draft of a FAQ entry from what customers asked and what helped them; it tells of nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

QUESTIONS = (
    "Hur ändrar jag adressen på fakturan?",
    "Kan jag byta adress på min faktura?",
    "Min faktura har fel adress, hur ändrar jag den?",
    "Jag vill ändra fakturans adress, hur gör jag?",
    "Fakturan går till fel adress, kan ni byta den?",
    "Var ändrar man adressen för fakturor?",
)
ANSWER = "Du ändrar adressen under inställningar, och nästa faktura går dit. Det tar upp till 3 dagar."
OTHER = "Skriv till oss med den nya adressen, så byter vi den åt dig på en gång."


def fill(office: Office, answers: tuple[str, ...], *, names: bool = True) -> None:
    """A ticket of each question, of different persons who sign; closed 40 days ago with the answer of its place."""
    people = ("Kerstin Lundqvist", "Zbigniew Kowalczyk", "Åsa Öberg", "Per Ek", "Xiomara Olufemi", "Alva Hammarskjöld")
    for at, (question, name) in enumerate(zip(QUESTIONS, people, strict=True)):
        given = name.split()[0]
        text = f"Hej!\n\n{question} {given} ringde er på 070-123 45 6{at}. Jag bor på Storgatan 1{at}.\n\nMvh\n{name}"
        customer = Person(f"kund{at}@kund.example", name)
        made = office.make(text=text, subject="Fråga", age=timedelta(days=40 + at), requester=customer)
        if at >= len(answers):
            continue
        sent = office.now - timedelta(days=39 + at)
        said = Message(
            key="m2", direction="out", kind="message", at=sent, sender=Person("support@exempel.example"), author="bo",
            text=f"Hej {given}!\n\n{answers[at]} Vi ringde {name} om order 471{at}22.\n\nMvh\nBo", delivery="sent",
        )  # fmt: skip
        office.change(made.number, lambda one, said=said: msgspec.structs.replace(one, messages=(*one.messages, said)))
        close = Act("bo", sent + timedelta(hours=1))
        office.change(made.number, lambda one, close=close: one.close(close, cause="leverans"))


def draft(office: Office, *more: str) -> tuple[dict[str, object], str]:
    """What it says, and the page."""
    found = json.loads(office.say("--json", "patterns", "faq", "P1", *more))
    return found, (office.folder / str(found["file"])).read_text("utf-8")


def test_the_page_has_the_question_the_answer_and_where_they_are_from(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, OTHER, ANSWER))
    found, page = draft(office)
    assert found["file"] == "docs/faq/P1.md" and found["language"] == "sv" and found["proven"] == 4
    assert found["question"] in QUESTIONS
    wordings = found["wordings"]
    assert isinstance(wordings, list) and len({*wordings, found["question"]}) == 3 and {*wordings} <= {*QUESTIONS}
    assert found["answer"] == ANSWER
    assert page.startswith(f"# {found['question']}\n\n{ANSWER}\n\nSå har andra kunder frågat:\n\n- ")
    assert page.rstrip().endswith("-->") and "2026-11-20, inte publicerat" in page and "#1" in page


def test_nobody_is_in_it(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    draft(office)
    written = "".join(
        path.read_text("utf-8") for path in office.folder.rglob("*") if "faq" in str(path) and path.is_file()
    )
    for told in (
        "Kerstin",
        "Lundqvist",
        "Zbigniew",
        "Åsa",
        "Öberg",
        "Per ",
        "Xiomara",
        "070",
        "Storgatan",
        "471",
        "Mvh",
    ):
        assert told not in written, told
    assert "Hej" not in written.replace('"_hej.j2"', "")


def test_the_answer_is_a_snippet_too_that_can_be_used(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    found, _ = draft(office)
    assert found["snippet"] == "snippets/sv/faq-p1.j2"
    assert "are fine" in office.say("snippets", "check") + office.say("rules", "check")
    number = office.make(text="Hur byter jag adress?", requester=Person("ny@kund.example", "Ny"), language="sv").number
    assert ANSWER.split(",")[0] in office.say("snippets", "try", "faq-p1", number)


@pytest.mark.parametrize("answers", [(), (ANSWER, ANSWER)])
def test_with_fewer_than_three_no_answer_has_proved_itself(office: Office, answers: tuple[str, ...]) -> None:
    fill(office, answers)
    found, page = draft(office)
    assert (found["answer"], found["snippet"], found["proven"]) == (None, None, len(answers))
    assert "Det finns inget beprövat svar än." in page
    assert not (office.folder / "snippets" / "sv" / "faq-p1.j2").exists()
    assert "no answer has proved itself yet" in office.say("patterns", "faq", "P1", "--replace")


def test_an_answer_after_which_the_customer_came_back_proves_nothing(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    back = office.get(1).closed_at
    assert back is not None
    office.change(1, lambda one: one.reopen(Act("system", back + timedelta(days=14), "fetch")))
    office.change(1, lambda one: one.close(Act("bo", back + timedelta(days=20)), cause="leverans"))
    office.change(2, lambda one: one.reopen(Act("system", office.now, "fetch")))  # much later: that is another matter
    office.change(2, lambda one: one.close(Act("bo", office.now), cause="leverans"))
    assert draft(office)[0]["proven"] == 3  # the second close of 1 was not taken back
    office.change(3, lambda one: one.reopen(Act("system", one.closed_at + timedelta(days=3), "fetch")))
    found, _ = draft(office, "--replace")
    assert (found["proven"], found["answer"]) == (2, None)


def test_what_is_there_is_not_written_over_unasked(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    draft(office)
    page = office.folder / "docs" / "faq" / "P1.md"
    page.write_text("Min egen text", "utf-8")
    said = office.trouble("patterns", "faq", "P1", code=5)
    assert "docs/faq/P1.md exists already" in said and "--replace" in said
    assert page.read_text("utf-8") == "Min egen text"
    office.say("patterns", "faq", "P1", "--replace", "--dry-run")
    assert page.read_text("utf-8") == "Min egen text"
    office.say("patterns", "faq", "P1", "--replace")
    assert page.read_text("utf-8").startswith("# ")


def test_a_dry_run_writes_nothing_and_an_unknown_one_is_named(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    assert "would: P1: docs/faq/P1.md" in office.say("patterns", "faq", "P1", "--dry-run")
    assert not (office.folder / "docs").exists()
    assert "there is no pattern P9" in office.trouble("patterns", "faq", "P9", code=4)


def test_nothing_in_it_is_carried_out(office: Office) -> None:
    """A customer's or a colleague's text is no markup and no template."""
    evil = "Du ändrar {{ 7 * 7 }} adressen <script>alert(1)</script> under {% include 'x' %} [här](javascript:x)."
    fill(office, (evil, evil, evil))
    found, page = draft(office)
    if found["snippet"]:
        text = (office.folder / str(found["snippet"])).read_text("utf-8")
        assert "{{" not in text and "{%" not in text.replace('{% include "_hej.j2" %}', "").replace(
            '{% include "_underskrift.j2" %}', ""
        )
    assert "<script" not in page.replace("\\<", "") and "](javascript" not in page.replace("\\]", "")


def test_who_read_what_is_in_the_audit_log(office: Office) -> None:
    fill(office, (ANSWER, ANSWER, ANSWER))
    found, _ = draft(office)
    log = [json.loads(line) for line in (office.folder / "data" / "audit.jsonl").read_text().splitlines()]
    assert sorted(one["ticket"] for one in log if one["action"] == "patterns faq") == found["tickets"]


def test_in_swedish(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES, "utf-8")
    fill(office, (ANSWER, ANSWER))
    said = office.say("--language", "sv", "patterns", "faq", "P1")
    assert "det finns inget beprövat svar än (2 av minst 3)" in said and "läs det innan du publicerar det" in said
    assert Path(office.folder / "docs" / "faq" / "P1.md").exists()


def test_who_may_only_look_writes_none_and_sees_what_would_be(office: Office) -> None:
    from tests.usecases.conftest import ACTORS

    assert ACTORS["vera"] == "viewer"
    fill(office, (ANSWER, ANSWER, ANSWER))
    assert "vera is a viewer" in office.trouble("patterns", "faq", "P1", code=5, user="vera")
    assert not (office.folder / "docs").exists()
    assert "would: P1" in office.say("patterns", "faq", "P1", "--dry-run", user="vera")
