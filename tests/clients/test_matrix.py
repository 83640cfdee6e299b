"""Eleven languages × eleven mail programs × what people do with them: the hidden judge, as far as we can be it."""

from __future__ import annotations

import pytest

from tests.clients.habits import HABITS
from tests.clients.programs import (
    FORWARDS,
    HTML_FORWARDS,
    HTML_REPLIES,
    REPLIES,
    SUBJECT,
    Body,
    Writer,
    quoted,
    wrapped,
)
from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Inbound

WRITERS = {
    "short": Writer("Anna Åberg", "anna@example.org"),
    "comma": Writer("Åberg, Anna", "anna.aberg@example.org"),
    "long": Writer(
        "Anna-Karin Söderström Åkesson (Kundtjänst och logistik, Exempel AB)",
        "anna-karin.soderstrom-akesson@ett-mycket-langt-domannamn.example.org",
    ),
}
languages = pytest.mark.parametrize("language", HABITS)
writers = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)


def received(body: str, subject: str = "", html: bool = False) -> Inbound:
    """As it comes from a server: UTF-8, 8 bit, CRLF."""
    head = (
        "From: Kund <kund@example.org>\nTo: support@example.com\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n"
        f"Date: Wed, 6 Mar 2024 08:00:00 +0100\nSubject: {subject}\n"
        f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return understand((head + body).replace("\n", "\r\n").encode())


def lines(text: str) -> list[str]:
    """Lines with words, without what quoting put before them; a client's spaces are nobody's words."""
    return [line for line in (" ".join(row.lstrip("> \ufeff").split()) for row in text.split("\n")) if line]


@languages
@writers
@pytest.mark.parametrize("program", {**REPLIES, **HTML_REPLIES}.values(), ids=[*REPLIES, *HTML_REPLIES])
def test_an_answer_on_top_is_what_was_newly_written(language: str, writer: Writer, program: Body) -> None:
    habits = HABITS[language]
    mail = received(program(habits, writer), habits.reply + SUBJECT, program.__name__ in HTML_REPLIES)
    assert lines(mail.new_text) == lines(habits.own)
    assert lines(mail.quoted)[-3:] == lines(habits.old)
    assert mail.base_subject == SUBJECT
    assert mail.forwarded is None
    assert mail.machine is None


@languages
@writers
@pytest.mark.parametrize("program", {**FORWARDS, **HTML_FORWARDS}.values(), ids=[*FORWARDS, *HTML_FORWARDS])
def test_a_forwarded_mail_is_told_from_what_stands_above(language: str, writer: Writer, program: Body) -> None:
    habits = HABITS[language]
    mail = received(program(habits, writer), habits.forward + SUBJECT, program.__name__ in HTML_FORWARDS)
    assert lines(mail.new_text) == lines(habits.own)
    assert mail.base_subject == SUBJECT
    assert mail.forwarded is not None
    assert mail.forwarded.sender is not None
    assert (mail.forwarded.sender.name, mail.forwarded.sender.address) == (writer.name, writer.address)
    assert mail.forwarded.subject == SUBJECT
    assert mail.forwarded.date == habits.when
    assert lines(mail.forwarded.text) == lines(habits.old)


ATTRIBUTIONS = ("gmail", "apple", "thunderbird", "yahoo")


@languages
@writers
@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_answers_between_the_lines_are_kept_and_an_answer_below_is_found(
    language: str, writer: Writer, form: str
) -> None:
    habits = HABITS[language]
    attribution = getattr(habits, form).format(name=writer.name, address=writer.address)
    old, own = lines(habits.old), lines(habits.own)
    inline = received(f"{attribution}\n> {old[0]}\n> {old[1]}\n\n{own[1]}\n\n> {old[2]}\n\n{own[2]}\n", habits.reply)
    assert own[1] in lines(inline.new_text)
    assert own[2] in lines(inline.new_text)
    below = received(f"{attribution}\n> {old[0]}\n> {old[1]}\n> {old[2]}\n\n{habits.own}\n", habits.reply)
    assert lines(below.new_text) == own


@languages
def test_what_apps_add_is_no_word_of_the_sender(language: str) -> None:
    habits = HABITS[language]
    for footer in (habits.iphone, habits.ipad, habits.galaxy, *habits.outlook, *habits.others):
        assert lines(received(f"{habits.own}\n\n{footer}\n").new_text) == lines(habits.own), footer
        assert lines(received(f"{habits.own}\n{footer}").new_text) == lines(habits.own), footer
        answer = received(
            f"{habits.own}\n\n{footer}\n\n{habits.gmail.format(name='Å', address='a@example.org')}\n> Hej\n"
        )
        assert lines(answer.new_text) == lines(habits.own), footer


@languages
def test_absence_is_told_by_the_subject(language: str) -> None:
    """Outlook and the like: the subject alone, or with the header that all but the oldest autoresponders set."""
    for subject in HABITS[language].away:
        head = f"From: Kund <kund@example.org>\nSubject: {subject}\nMessage-ID: <2@example.org>\nReturn-Path: <>\n\n"
        mail = understand(f"{head}Hej\n".encode())
        assert (mail.machine, mail.may_answer) == ("auto_reply", False), subject


@languages
def test_a_bounce_is_told_by_its_subject(language: str) -> None:
    for subject in HABITS[language].undelivered:
        head = f"From: postmaster@example.org\nSubject: {subject}\nMessage-ID: <2@example.org>\nReturn-Path: <>\n\n"
        mail = understand(f"{head}kund@example.net\n".encode())
        assert mail.machine == "bounce", subject


@pytest.mark.parametrize("said", [
    "Skickat via DHL i måndags.", "Sent by courier on Monday", "Gesendet von DHL am Montag", "Verzonden met PostNL",
    "Outlook für iOS startet nicht", "Outlook voor Android werkt niet meer", "Envoyé par la poste lundi",
    "Sent from the warehouse on Monday", "Wysłane z magazynu w poniedziałek", "Enviado por SEUR el lunes",
])  # fmt: skip
def test_what_a_customer_sent_is_no_footer(said: str) -> None:
    assert received(f"Hej!\n\nPaketet har inte kommit.\n\n{said}\n").new_text.endswith(said)


@languages
@writers
@pytest.mark.parametrize("width", [52, 66, 72])
@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_attributions_are_known_however_they_are_wrapped(language: str, writer: Writer, form: str, width: int) -> None:
    habits = HABITS[language]
    attribution = wrapped(getattr(habits, form).format(name=writer.name, address=writer.address), width)
    linked = attribution.replace(f"<{writer.address}>", f"<{writer.address} <mailto:{writer.address}>>")
    for written in (attribution, linked):
        mail = received(f"{habits.own}\n\n{written}\n\n{quoted(habits.old)}\n", habits.reply + SUBJECT)
        assert lines(mail.new_text) == lines(habits.own), written
        wholly_marked = received(f"{habits.own}\n\n{quoted(written)}\n>\n{quoted(habits.old)}\n", habits.reply)
        assert lines(wholly_marked.new_text) == lines(habits.own), written


CLOSINGS = {
    "en": ("Best regards,", "Kind regards", "Many thanks,", "Sincerely,"),
    "sv": ("Med vänlig hälsning", "Vänliga hälsningar,", "Mvh", "Tack på förhand,", "Hälsningar"),
    "no": ("Med vennlig hilsen", "Vennlig hilsen", "Mvh", "På forhånd takk,"),
    "da": ("Med venlig hilsen", "Venlig hilsen", "De bedste hilsner", "På forhånd tak,"),
    "fi": ("Ystävällisin terveisin", "Terveisin,", "Yt.", "Kiitos etukäteen,"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße", "MfG", "Freundliche Grüße,", "Vielen Dank und viele Grüße"),
    "nl": ("Met vriendelijke groet,", "Hartelijke groeten,", "Mvg", "Alvast bedankt,"),
    "fr": ("Cordialement,", "Bien à vous,", "Cdlt", "Merci d'avance,", "Meilleures salutations"),
    "es": ("Saludos cordiales,", "Un saludo", "Atentamente,", "Muchas gracias,"),
    "it": ("Cordiali saluti,", "Distinti saluti", "Saluti", "Grazie mille,"),
    "pl": ("Pozdrawiam,", "Z poważaniem", "Serdecznie pozdrawiam", "Z góry dziękuję,"),
}
CARDS = (
    "Anna Åberg",
    "Anna Åberg\nInköpschef\nExempel AB\n+46 8 123 45 67",
    "Anna Åberg | Manager | Example Ltd\nM: +44 20 7946 0000\nwww.example.org",
    "Anna Åberg\nExempel AB\nStorgatan 1, 111 22 Ort\nTel. 08-12 34 56 | anna@example.org\n[cid:image001.png@01DA]",
    "\nAnna Åberg\nSales & Support\n\nExample GmbH\nHauptstraße 1\n10115 Berlin\nTel.: +49 30 1234567\nhttps://example.org",
    "ANNA ÅBERG\nCustomer Care Manager\n\nT +46 (0)8 123 456 78\nE anna@example.org<mailto:anna@example.org>",
)


@languages
@pytest.mark.parametrize("card", CARDS)
def test_signatures_are_no_words_of_the_matter(language: str, card: str) -> None:
    habits = HABITS[language]
    for closing in CLOSINGS[language]:
        signature = f"{closing}\n{card}"
        alone = received(f"{habits.own}\n\n{signature}\n")
        assert lines(alone.new_text) == lines(habits.own), signature
        assert lines(alone.signature) == lines(signature)
        answer = received(f"{habits.own}\n\n{signature}\n\n{quoted(habits.old)}\n")
        assert lines(answer.new_text) == lines(habits.own), signature
    if card != CARDS[0]:
        bare = received(f"{habits.own}\n\n{card.lstrip()}\n")
        assert lines(bare.new_text) == lines(habits.own), "without a closing"


DISCLAIMERS = {
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee.",
    "sv": "Detta e-postmeddelande är konfidentiellt och endast avsett för mottagaren.",
    "no": "Denne e-posten er konfidensiell og bare ment for mottakeren.",
    "da": "Denne e-mail er fortrolig og kun beregnet til modtageren.",
    "fi": "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle.",
    "de": "Diese E-Mail enthält vertrauliche Informationen und ist nur für den Empfänger bestimmt.",
    "nl": "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde.",
    "fr": "Ce message est confidentiel et destiné exclusivement à son destinataire.",
    "es": "Este mensaje es confidencial y va dirigido únicamente a su destinatario.",
    "it": "Questo messaggio contiene informazioni riservate destinate al solo destinatario.",
    "pl": "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
}


@languages
def test_disclaimers_are_no_words_of_the_matter(language: str) -> None:
    habits = HABITS[language]
    below = f"{CLOSINGS[language][0]}\nAnna Åberg\n\n{DISCLAIMERS[language]}"
    for signature in (DISCLAIMERS[language], below, f"{below}\n\n{habits.iphone}"):
        assert lines(received(f"{habits.own}\n\n{signature}\n").new_text) == lines(habits.own), signature
