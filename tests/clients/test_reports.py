"""Bounces that lost their fields on the way (a gateway flattened them), in the words that servers write them in."""

from __future__ import annotations

import pytest

from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.ticket.message import Inbound

FAILED = {
    "en": (
        "Undeliverable: Thursday",
        "Your message to {who} couldn't be delivered.\nThe address wasn't found at example.net.",
    ),
    "sv": (
        "Kan inte leverera: Torsdag",
        "Det gick inte att leverera ditt meddelande till {who}.\nAdressen finns inte.",
    ),
    "no": ("Kan ikke leveres: Torsdag", "Meldingen til {who} kunne ikke leveres.\nAdressen finnes ikke."),
    "da": ("Kan ikke leveres: Torsdag", "Din meddelelse til {who} kunne ikke leveres.\nAdressen findes ikke."),
    "fi": ("Ei voi toimittaa: Torstai", "Viestiäsi vastaanottajalle {who} ei voitu toimittaa.\nOsoitetta ei löydy."),
    "de": ("Unzustellbar: Donnerstag", "Ihre Nachricht an {who} konnte nicht zugestellt werden.\nUnbekannte Adresse."),
    "nl": ("Onbestelbaar: Donderdag", "Uw bericht aan {who} kan niet worden bezorgd.\nHet adres is onbekend."),
    "fr": ("Non remis : Jeudi", "Votre message à {who} n'a pas pu être remis.\nL'adresse est introuvable."),
    "es": ("No se puede entregar: Jueves", "No se pudo entregar el mensaje a {who}.\nLa dirección no existe."),
    "it": ("Non recapitabile: Giovedì", "Impossibile recapitare il messaggio a {who}.\nL'indirizzo non esiste."),
    "pl": ("Niedostarczalne: Czwartek", "Nie można dostarczyć wiadomości do {who}.\nAdres nie istnieje."),
}
DELAYED = {
    "en": ("Delivery delayed: Thursday", "Your message to {who} has been delayed. We will keep trying."),
    "sv": ("Leverans fördröjd: Torsdag", "Leveransen av ditt meddelande till {who} är fördröjd. Vi försöker igen."),
    "no": ("Levering forsinket: Torsdag", "Leveringen av meldingen til {who} er forsinket. Vi prøver igjen."),
    "da": ("Levering forsinket: Torsdag", "Leveringen af din meddelelse til {who} er forsinket. Vi prøver igen."),
    "fi": ("Toimitus viivästyi: Torstai", "Viestisi toimitus vastaanottajalle {who} viivästyy. Yritämme uudelleen."),
    "de": ("Zustellung verzögert: Donnerstag", "Die Zustellung Ihrer Nachricht an {who} verzögert sich."),
    "nl": ("Bezorging vertraagd: Donderdag", "De bezorging van uw bericht aan {who} is vertraagd."),
    "fr": ("Remise retardée : Jeudi", "La remise de votre message à {who} est retardée."),
    "es": ("Entrega retrasada: Jueves", "La entrega de su mensaje a {who} está retrasada."),
    "it": ("Recapito ritardato: Giovedì", "Il recapito del messaggio a {who} è ritardato."),
    "pl": ("Opóźnione dostarczenie: Czwartek", "Dostarczenie wiadomości do {who} jest opóźnione."),
}
SENDERS = (
    "postmaster@mail.example.net",
    "MAILER-DAEMON@mail.example.net",
    "MicrosoftExchange329e71ec88ae@mail.example.net",
)
WHO = "borta@example.net"


def report(sender: str, subject: str, text: str) -> Inbound:
    head = f"From: Mail <{sender}>\nTo: support@exempel.example\nSubject: {subject}\nMessage-ID: <1@mail.example.net>\n"
    below = "\n\nFrom: support@exempel.example\nSubject: x\nMessage-ID: <vart@exempel.example>\n"
    body = f"{text.format(who=WHO)}\n\n-----Original Message-----{below}"
    return understand(f"{head}Return-Path: <>\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode())


@pytest.mark.parametrize("language", FAILED)
@pytest.mark.parametrize("sender", SENDERS)
def test_a_failure_in_prose_names_its_recipient_and_is_for_good(language: str, sender: str) -> None:
    mail = report(sender, *FAILED[language])
    assert mail.machine == "bounce"
    assert mail.bounce is not None
    assert [(one.address, one.permanent) for one in mail.bounce.recipients] == [(WHO, True)]
    assert mail.bounce.message_id == "vart@exempel.example"


@pytest.mark.parametrize("language", DELAYED)
def test_a_delay_in_prose_is_for_now(language: str) -> None:
    mail = report(SENDERS[0], *DELAYED[language])
    assert mail.machine == "bounce"
    assert mail.bounce is not None
    assert [(one.address, one.permanent) for one in mail.bounce.recipients] == [(WHO, False)]
