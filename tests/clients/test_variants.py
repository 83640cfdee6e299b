"""What other versions and other programs write above an older mail, or wrote some years ago: answered above it."""

from __future__ import annotations

import pytest

from tests.clients.habits import HABITS
from tests.clients.programs import quoted
from tests.clients.test_matrix import lines, received

VARIANTS = {
    "en": [
        "On Mar 5, 2024, at 2:03 PM, {name} <{address}> wrote:",
        "On Tue, Mar 5, 2024, 14:03 {name} <{address}> wrote:",
        "On 3/5/24 14:03, {name} wrote:",
        "On 5 March 2024 14:03:22 GMT, {name} <{address}> wrote:",
        "On Tue 5 Mar 2024 at 14:03, {name} via Helpdesk <{address}> wrote:",
        "On 05/03/2024 14:03 CET {name} <{address}> wrote:",
        "Anna Åberg wrote on 05.03.2024 14:03:",
        "On Tuesday, 5 March 2024, {name} <{address}> wrote:",
        "---- On Tue, 05 Mar 2024 14:03:11 +0100 {name}<{address}> wrote ----",
        " -------- Original message --------From: {name} <{address}> Date: 05/03/2024 14:03 (GMT+00:00) To: "
        "s@example.com Subject: x ",
        "On Tue, 5 Mar 2024, {name} <{address}> wrote:",
        "Am 05.03.2024 um 14:03 schrieb {name}:",
        "On 2024-03-05 14:03, {name} wrote:",
        "On Tuesday, March 5th, 2024 at 2:03 PM, {name} <{address}> wrote:",
        "In article <x@y>, {name} <{address}> wrote:",
        "From: {name} [mailto:{address}]\nSent: 05 March 2024 14:03\nTo: 'Support'\nSubject: RE: x",
        "From: {name} <{address}> \nSent: 05 March 2024 14:03\nTo: Support <s@example.com>\nCc: A; B\n"
        "Subject: RE: x\nImportance: High",
        "From: {address}\nSent: Tue 05/03/2024 14:03\nTo: s@example.com\nSubject: x",
    ],
    "sv": [
        "Den 5 mars 2024 14:03 skrev {name} <{address}>:",
        "Den 5 mars 2024 kl. 14:03 skrev {name} <{address}>:",
        "Den tis 5 mars 2024 14:03{name} <{address}> skrev:",
        "tis 5 mars 2024 kl. 14:03 skrev {name} <{address}>:",
        "Den tisdag 5 mars 2024 skrev {name} <{address}>:",
        "2024-03-05 14:03 skrev {name}:",
        "On 2024-03-05 14:03, {name} skrev:",
        "{name} <{address}> skrev den 5 mars 2024 14:03:11 CET:",
        "Den 05.03.2024 kl. 14:03 skrev {name} <{address}>:",
        "Från: {address} <{address}>\nSkickat: tisdag 5 mars 2024 14:03\nTill: Support <s@example.com>\nÄmne: SV: x",
        "Från: {name} [mailto:{address}] \nSkickat: den 5 mars 2024 14:03\nTill: 'Support'\nÄmne: SV: x",
        "-------- Ursprungligt meddelande --------\nÄmne:  x\nDatum:  Tue, 5 Mar 2024 14:03:11 +0100\n"
        "Från:  {name} <{address}>\nTill:  s@example.com",
        "---------- Ursprungligt meddelande ----------\nFrån: {name} <{address}>\n"
        "Datum: 5 mars 2024 14:03 CET\nTill: s@example.com\nÄmne: x",
        "{name} <{address}> skrev: (5 mars 2024 14:03:11 CET)",
        "5 mars 2024 kl. 14:03, {name} <{address}> skrev:",
        "On tis, 2024-03-05 at 14:03 +0100, {name} wrote:",
        "tis 2024-03-05 klockan 14:03 +0100 skrev {name}:",
    ],
    "no": [
        "Den tir. 5. mar. 2024, 14:03 skrev {name} <{address}>:",
        "Den 5. mars 2024 kl. 14:03 skrev {name} <{address}>:",
        "Den 05.03.2024 14:03, skrev {name}:",
        "Den 2024-03-05 14:03, skrev {name}:",
        "tir. 5. mar. 2024, 14:03 skrev {name} <{address}>:",
        "Fra: {name} <{address}>\nDato: tirsdag, 5. mars 2024 kl. 14:03\nTil: Support <s@example.com>\nEmne: SV: x",
    ],
    "da": [
        "Den tir. 5. mar. 2024 14.03 skrev {name} <{address}>:",
        "Den 5. marts 2024 kl. 14.03.22 +01.00 skrev {name} <{address}>:",
        "tir. 5. mar. 2024 14.03 skrev {name} <{address}>:",
        "Den 05-03-2024 kl. 14:03 skrev {name}:",
        "Fra: {name} <{address}> \nSendt: 5. marts 2024 14:03\nTil: Support\nEmne: SV: x",
        "Den 5. mar. 2024 klokken 14.03 skrev {name} <{address}>:",
    ],
    "fi": [
        "{name} <{address}> kirjoitti ti 5.3.2024 klo 14.03:",
        "ti 5. maalisk. 2024 klo 14.03 {name} <{address}> kirjoitti:",
        "5.3.2024 14.03, {name} kirjoitti:",
        "{name} {address} kirjoitti 5.3.2024 kello 14.03:",
        "On 5.3.2024 14.03, {name} wrote:",
        "Lähettäjä: {name} <{address}> \nLähetetty: 5. maaliskuuta 2024 14:03\nVastaanottaja: Tuki\nAihe: VS: x",
    ],
    "de": [
        "Am Di., 5. März 2024, 14:03 schrieb {name} <{address}>:",
        "Am 5. März 2024 14:03:22 MEZ schrieb {name} <{address}>:",
        "Am 05.03.2024 14:03, schrieb {name}:",
        "{name} <{address}> schrieb am Di., 5. März 2024, 14:03:",
        "{name} <{address}> hat am 05.03.2024 14:03 CET geschrieben:",
        "Von: {name} [mailto:{address}] \nGesendet: Dienstag, 5. März 2024 14:03\nAn: Support\nBetreff: AW: x",
        'Gesendet: Dienstag, 5. März 2024 um 14:03 Uhr\nVon: "{name}" <{address}>\nAn: s@example.com\nBetreff: x',
        "-------- Original-Nachricht --------\nBetreff: x\nDatum: Tue, 5 Mar 2024 14:03:11 +0100\n"
        "Von: {name} <{address}>\nAn: s@example.com",
        "Am Dienstag, dem 05.03.2024 um 14:03 +0100 schrieb {name}:",
        "{name} schrieb am 05.03.2024 um 14:03:",
        "Zitat von {name} <{address}>:",
    ],
    "nl": [
        "Op di 5 mrt. 2024 14:03 schreef {name} <{address}>:",
        "Op 5 mrt. 2024 om 14:03 heeft {name} <{address}> het volgende geschreven:",
        "Op 05-03-2024 14:03 schreef {name} <{address}>:",
        "{name} schreef op 05-03-2024 14:03:",
        "{name} <{address}> schreef op 5 maart 2024 14:03:",
        "Van: {name} [mailto:{address}] \nVerzonden: dinsdag 5 maart 2024 14:03\nAan: Support\nOnderwerp: RE: x",
        "Van: {name} <{address}>\nDatum: dinsdag, 5 maart 2024 om 14:03\nAan: Support\nOnderwerp: Re: x",
    ],
    "fr": [
        "Le mar. 5 mars 2024, 14:03, {name} <{address}> a écrit :",
        "Le 5 mars 2024 14:03:22 GMT+01:00, {name} <{address}> a écrit :",
        "Le 05/03/2024 14:03, {name} <{address}> a écrit :",
        "Le mardi 5 mars 2024, {name} <{address}> a écrit :",
        "De : {name} [mailto:{address}] \nEnvoyé : mardi 5 mars 2024 14:03\nÀ : Support\nObjet : RE: x",
        'De: "{name}" <{address}>\nÀ: "Support" <s@example.com>\nEnvoyé: Mardi 5 Mars 2024 14:03:11\nObjet: Re: x',
        "Le 5 mars 2024 à 14:03, {name} a écrit :",
        "Selon {name} <{address}>:",
    ],
    "es": [
        "El mar, 5 mar 2024 14:03, {name} <{address}> escribió:",
        "El mar, 5 de marzo de 2024 14:03, {name} <{address}> escribió:",
        "El 5 de marzo de 2024 a las 14:03, {name} <{address}> escribió:",
        "El 05/03/2024 a las 14:03, {name} escribió:",
        "De: {name} [mailto:{address}] \nEnviado el: martes, 5 de marzo de 2024 14:03\nPara: Support\nAsunto: RE: x",
        "De: {name} <{address}>\nEnviado: martes, 5 de marzo de 2024 14:03\nPara: Support <s@example.com>\n"
        "Asunto: RE: x",
        "El 2024-03-05 14:03, {name} escribió:",
        "{name} <{address}> escribió el mar, 5 de mar de 2024 a las 14:03:",
    ],
    "it": [
        "Il mar 5 mar 2024, 14:03 {name} <{address}> ha scritto:",
        "Il giorno 5 marzo 2024 14:03:22 CET, {name} <{address}> ha scritto:",
        "In data 05/03/2024 14:03, {name} ha scritto:",
        "Il 05.03.2024 14:03 {name} ha scritto:",
        "Da: {name} [mailto:{address}] \nInviato: martedì 5 marzo 2024 14:03\nA: Support\nOggetto: R: x",
        'Da: "{name}" <{address}>\nA: s@example.com\nData: Tue, 5 Mar 2024 14:03:11 +0100\nOggetto: Re: x',
        "{name} <{address}> ha scritto il 05/03/2024 14:03:",
    ],
    "pl": [
        "wt., 5 mar 2024, 14:03 użytkownik {name} <{address}> napisał:",
        "W dniu 05.03.2024 o 14:03, {name} napisał(a):",
        "W dniu 5 marca 2024 14:03 użytkownik {name} <{address}> napisał:",
        "Dnia 5 marca 2024 14:03 {name} <{address}> napisał(a):",
        "Od: {name} [mailto:{address}] \nWysłano: wtorek, 5 marca 2024 14:03\nDo: Support\nTemat: RE: x",
        "Od: {name} <{address}>\nWysłane: wtorek, 5 marca 2024 14:03\nDo: Support <s@example.com>\nTemat: Re: x",
        "Wiadomość napisana przez {name} w dniu 05.03.2024, o godz. 14:03:",
        "Dnia 2024-03-05, o godz. 14:03:11\n{name} <{address}> napisał(a):",
    ],
}


@pytest.mark.parametrize("language", VARIANTS)
def test_what_stands_above_is_new(language: str) -> None:
    habits = HABITS[language]
    for form in VARIANTS[language]:
        above = form.format(name="Anna Åberg", address="anna@example.org")
        mail = received(f"{habits.own}\n\n{above}\n\n{quoted(habits.old)}\n", habits.reply)
        assert lines(mail.new_text) == lines(habits.own), above
        if "\n" in above or "@" in above:  # else nothing tells that what follows is not the sender's
            bare = received(f"{habits.own}\n\n{above}\n\n{habits.old}\n", habits.reply)
            assert lines(bare.new_text) == lines(habits.own), above
