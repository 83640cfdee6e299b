"""Which mail no person wrote, and which mail may be acknowledged."""

from __future__ import annotations

import pytest

from ticketctl.domain.mail.auto_mail import Mail, classify, folded, may_answer
from ticketctl.domain.mail.bounces import Report


def mail(subject: str = "Fråga", sender: str = "asa@kund.example", **headers: str) -> Mail:
    values = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return Mail(headers=values, subject=subject, sender=sender, answer_to=sender)


def kind_of(*args: str, **headers: str) -> str | None:
    return classify(mail(*args, **headers))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, None),
        ({"auto_submitted": "no"}, None),
        ({"auto_submitted": "auto-replied"}, "auto_reply"),
        ({"auto_submitted": "Auto-Replied (vacation)"}, "auto_reply"),
        ({"auto_submitted": "auto-generated"}, "notification"),
        ({"auto_submitted": "auto-notified; owner-email=a@b.example"}, "notification"),
        ({"precedence": "BULK"}, "bulk"),
        ({"precedence": "junk"}, "bulk"),
        ({"precedence": "list"}, "list"),
        ({"precedence": "auto_reply"}, "auto_reply"),
        ({"precedence": "first-class"}, None),
        ({"list_id": "<nyheter.example>"}, "list"),
        ({"list_unsubscribe": "<https://x.example>"}, "bulk"),
        ({"x_autoreply": "yes"}, "auto_reply"),
        ({"x_autoreply": "no"}, None),
        ({"x_autorespond": "semester"}, "auto_reply"),
        ({"x_mailer": "vacation 1.2"}, "auto_reply"),
        ({"x_auto_response_suppress": "DR, OOF, AutoReply"}, None),  # Exchange puts it on people's mail too
        ({"return_path": "<>"}, "notification"),
    ],
)
def test_headers_tell(headers: dict[str, str], kind: str | None) -> None:
    assert kind_of(**headers) == kind


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Er faktura",
        "Автоматический ответ: кувшин",
        "Автоматична відповідь: глечик",
        "Automatická odpověď: džbán",
        "Automatikus válasz: kancsó",
        "Otomatik yanıt: sürahi",
        "Αυτόματη απάντηση: κανάτα",
        "自動応答：水差し",
        "자동 회신: 주전자",
        "Automatic reply",
        "Auto-Reply: Hi",
        "Out of Office: Er faktura",
        "Out of office AutoReply: Er faktura",
        "I am out of the office until Monday",
        "Autosvar: Er faktura",
        "Automatiskt svar: Er faktura",
        "Frånvaromeddelande",
        "Ej på kontoret",
        "Jag är inte på kontoret v. 30",
        "Automatisk svar: Deres henvendelse",
        "Ikke til stede: Faktura",
        "Automatisk svar: Din forespørgsel",
        "Automatische Antwort: Ihre Rechnung",
        "Abwesenheitsnotiz: Ihre Rechnung",
        "Automatisch antwoord: Uw factuur",
        "Afwezigheidsbericht",
        "Réponse automatique : Votre facture",
        "Message d'absence",
        "Automaattinen vastaus: Laskunne",
        "Poissaoloilmoitus: Laskunne",
        "Respuesta automática: Su factura",
        "Fuera de la oficina: Su factura",
        "Risposta automatica: Fattura",
        "Fuori ufficio",
        "Odpowiedź automatyczna: Faktura",
        "Jestem poza biurem do piątku",
        "[ticket] Out of Office AutoReply: Hello",
    ],
)
def test_subjects_of_autoresponders(subject: str) -> None:
    assert kind_of(subject) == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply does not work",
        "Re: Automatic reply: Er faktura",
        "SV: Autosvar: Er faktura",
        "Autosvaret fungerar inte",
        "Out of office phones are dead",
        "Semester",
        "Frånvaro: Kalle är sjuk i dag",
        "Auto: offert på vinterdäck",
        "Urlaub buchen",
        "Absence of invoices",
        "Leveransproblem",
        "Delivery problem with my parcel",
        "Delayed delivery",
        "Returned message bottle",
        "",
    ],
)
def test_people_write_such_subjects_too(subject: str) -> None:
    assert kind_of(subject) is None
    assert may_answer(mail(subject), None)


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Semester", {"precedence": "bulk"}),
        ("Re: Automatic reply from Åsa", {"return_path": "<>"}),
        ("Frånvarande: Er faktura", {"in_reply_to": "<1@exempel.example>"}),
        ("Abwesend: Rechnung", {"auto_submitted": "auto-generated"}),
    ],
)
def test_a_weak_subject_counts_with_a_header_beside_it(subject: str, headers: dict[str, str]) -> None:
    assert kind_of(subject, **headers) == "auto_reply"


def test_a_person_who_says_so_is_a_person() -> None:
    assert kind_of("Automatic reply: så ställer ni in den", auto_submitted="no") is None


@pytest.mark.parametrize(
    ("kinds", "report_type", "kind"),
    [
        ({"multipart/report", "message/feedback-report"}, "feedback-report", "feedback_report"),
        ({"multipart/report", "message/disposition-notification"}, "disposition-notification", "read_receipt"),
        ({"multipart/report"}, "", "notification"),
    ],
)
def test_reports(kinds: set[str], report_type: str, kind: str) -> None:
    found = Mail(
        headers={}, sender="a@b.example", answer_to="a@b.example", kinds=frozenset(kinds), report_type=report_type
    )
    assert classify(found) == kind


def test_a_refusal_that_comes_as_a_read_receipt_is_a_bounce() -> None:
    report = Report(
        statuses=(
            "Final-Recipient: rfc822; bo@x.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n",
        ),
        text="Your message to <bo@x.example> was automatically rejected:\nQuota exceeded",
    )
    kinds = frozenset({"multipart/report", "message/disposition-notification"})
    assert classify(Mail(headers={}, kinds=kinds, sender="a@x.example", report=report)) == "bounce"


@pytest.mark.parametrize(
    "sender", ["noreply@x.example", "no-reply+7@x.example", "do-not-reply@x.example", "inget-svar@x.example"]
)
def test_an_address_that_nobody_reads_gets_no_answer(sender: str) -> None:
    assert kind_of("Ny order", sender) == "notification"


def test_a_form_that_names_the_customer_in_reply_to_is_answered() -> None:
    form = Mail(headers={}, subject="Nytt meddelande", sender="noreply@butik.example", answer_to="asa@kund.example")
    assert (classify(form), may_answer(form, None)) == (None, True)


def test_challenges() -> None:
    assert kind_of("Please confirm your message") == "challenge"
    assert kind_of("Your message to bo@x.example requires confirmation") == "challenge"


@pytest.mark.parametrize(
    "headers",
    [
        {"x_auto_response_suppress": "All"},
        {"x_auto_response_suppress": "OOF"},
        {"return_path": "<>"},
        {"x_loop": "desk@exempel.example"},
        {"x_spam_flag": "YES"},
        {"x_spam_status": "Yes, score=9.1"},
    ],
)
def test_what_forbids_an_answer(headers: dict[str, str]) -> None:
    assert not may_answer(mail(**headers), None)


def test_nobody_to_answer() -> None:
    assert not may_answer(mail(sender=""), None)
    assert not may_answer(mail(sender="root"), None)
    assert may_answer(mail(x_auto_response_suppress="None", x_spam_status="No, score=-1"), None)


def test_subjects_are_compared_without_case_and_accents() -> None:
    assert folded(" RÉPONSE\n automatique ") == "reponse automatique"
    assert folded("Frånvaro på Ö") == "franvaro pa o"
