"""Reply, quote and signature are told apart as the clients of the world write them."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.text.quotes import Body, split

OWN = "Hej!\n\nJa, det går bra på torsdag."
OLD = "Passar torsdag?\nEller fredag?"

INTRODUCTIONS = [
    # Gmail
    "Den tis 5 mars 2024 kl 14:03 skrev Anna Larsson <anna@example.org>:",
    "Den tis 5 mars 2024 kl 14:03 skrev Anna Larsson <\nanna.larsson.med.langt.namn@example.org>:",
    "On Tue, Mar 5, 2024 at 2:03\u202fPM Anna Larsson <anna@example.org> wrote:",
    "On Tue, Mar 5, 2024 at 2:03 PM Anna Larsson via Support <\nsupport@example.com> wrote:",
    "Am Di., 5. März 2024 um 14:03 Uhr schrieb Anna Larsson <anna@example.org>:",
    "Le mar. 5 mars 2024 à 14:03, Anna Larsson <anna@example.org> a\nécrit :",
    "El mar, 5 mar 2024 a las 14:03, Anna Larsson (<anna@example.org>) escribió:",
    "Il giorno mar 5 mar 2024 alle ore 14:03 Anna Larsson <anna@example.org>\nha scritto:",
    "Op di 5 mrt 2024 om 14:03 schreef Anna Larsson <anna@example.org>:",
    "Den tir. 5. mar. 2024 kl. 14.03 skrev Anna Larsson <anna@example.org>:",
    "tir. 5. mars 2024 kl. 14:03 skrev Anna Larsson <anna@example.org>:",
    "ti 5. maalisk. 2024 klo 14.03 Anna Larsson (anna@example.org) kirjoitti:",
    "wt., 5 mar 2024 o 14:03 Anna Larsson <anna@example.org> napisał(a):",
    "út 5. 3. 2024 v 14:03 odesílatel Anna Larsson <anna@example.org> napsal:",
    "Em ter., 5 de mar. de 2024 às 14:03, Anna Larsson <anna@example.org> escreveu:",
    "вт, 5 мар. 2024 г. в 14:03, Anna Larsson <anna@example.org>:",
    "2024年3月5日(火) 14:03 Anna Larsson <anna@example.org>:",
    "Anna Larsson <anna@example.org> 于2024年3月5日周二 14:03写道：",
    # Apple Mail and iOS
    "5 mars 2024 kl. 14:03 skrev Anna Larsson <anna@example.org>:",
    "On 5 Mar 2024, at 14:03, Anna Larsson <anna@example.org> wrote:",
    "Skickat från min iPhone\n\n5 mars 2024 kl. 14:03 skrev Anna Larsson <anna@example.org>:",
    "Op 5 mrt. 2024, om 14:03 heeft Anna Larsson <anna@example.org> het volgende\ngeschreven:",
    "Anna Larsson <anna@example.org> kirjoitti 5.3.2024 kello 14.03:",
    # Thunderbird
    "Den 2024-03-05 kl. 14:03, skrev Anna Larsson:",
    "On 05/03/2024 14:03, Anna Larsson wrote:",
    "Am 05.03.24 um 14:03 schrieb Anna Larsson:",
    "Anna Larsson skrev den 2024-03-05 14:03:",
    # Outlook: desktop, new, web, mobile
    "Från: Anna Larsson <anna@example.org>\nSkickat: den 5 mars 2024 14:03\n"
    "Till: Support <s@example.com>\nÄmne: Torsdag",
    "Från: Anna Larsson <anna@example.org>\nDatum: tisdag, 5 mars 2024 14:03\nTill: Support <s@example.com>\nÄmne: ",
    "________________________________\nFrån: Anna Larsson <anna@example.org>\nSkickat: den 5 mars 2024 14:03\n"
    "Till: Support <s@example.com>; Kalle <k@example.com>;\n Olle <o@example.com>\nKopia: Lisa\nÄmne: Torsdag",
    "-----Ursprungligt meddelande-----\nFrån: Anna Larsson\nSkickat: den 5 mars 2024 14:03\nTill: Support\nÄmne: Hej",
    "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Anna <anna@example.org>\n"
    "Sent: Tuesday, March 5, 2024 2:03:11 PM\nTo: Support <s@example.com>\nSubject: Thursday",
    "*From:* Anna Larsson <anna@example.org>\n*Sent:* Tuesday, March 5, 2024 2:03 PM\n*To:* Support\n*Subject:* Hi",
    "From: Anna <anna@example.org>\nDate: Tuesday, March 5, 2024 at 2:03 PM\nTo: Support <s@example.com>\nSubject: Hi",
    "Von: Anna Larsson <anna@example.org>\nGesendet: Dienstag, 5. März 2024 14:03\nAn: Support\nBetreff: Donnerstag",
    "De : Anna Larsson <anna@example.org>\nEnvoyé : mardi 5 mars 2024 14:03\nÀ : Support\nObjet : Jeudi",
    "Fra: Anna Larsson <anna@example.org>\nSendt: tirsdag 5. mars 2024 14:03\nTil: Support\nEmne: Torsdag",
    "Lähettäjä: Anna <anna@example.org>\nLähetetty: tiistai 5. maaliskuuta 2024 14.03\nVastaanottaja: Tuki\nAihe: Hei",
    "Od: Anna Larsson <anna@example.org>\nWysłano: wtorek, 5 marca 2024 14:03\nDo: Support\nTemat: Czwartek",
    # Yahoo, Samsung, Proton, eM Client, Zoho, helpdesks
    "    On Tuesday, March 5, 2024 at 02:03:11 PM GMT+1, Anna Larsson\n<anna@example.org> wrote:",
    "-------- Originalmeddelande --------\nFrån: Anna <anna@example.org>\nDatum: 2024-03-05 14:03 (GMT+01:00)\n"
    "Till: s@example.com\nRubrik: Torsdag",
    "------- Original Message -------\nOn Tuesday, March 5th, 2024 at 2:03 PM, Anna <anna@example.org> wrote:",
    '------ Originalmeddelande ------\nFrån: "Anna" <anna@example.org>\nTill: "Support" <s@example.com>\n'
    "Skickat: 2024-03-05 14:03:22\nÄmne: Torsdag",
    "---- On Tue, 05 Mar 2024 14:03:11 +0100 Anna Larsson <anna@example.org> wrote ----",
    "Anna Larsson <anna@example.org> skrev: (5 mars 2024 14:03:22 CET)",
    "Citerar Anna Larsson <anna@example.org>:",
    "##- Skriv ditt svar ovanför den här raden -##",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("marked", [False, True], ids=["plain", "marked"])
def test_what_stands_above_an_older_message_is_new(introduction: str, marked: bool) -> None:
    old = "\n".join(f"> {line}" for line in OLD.split("\n")) if marked else OLD
    body = split(f"{OWN}\n\n{introduction}\n\n{old}\n")
    assert body.new_text == OWN
    assert body.quoted.endswith(old)


SIGNATURES = [
    "Med vänlig hälsning\nAnna Larsson",
    "Med vänliga hälsningar,\n\nAnna Larsson\nEkonom\n\nExempel AB\nStorgatan 1\nTel: 08-123 456 78\nwww.example.com",
    "Mvh\nAnna",
    "Hälsningar!\nAnna",
    "Mvh Anna",
    "mvh anna",
    "MVH/Anna",
    "/Anna",
    "// Anna",
    "--\nAnna",
    "Tack på förhand!\n\nMvh Anna Larsson",
    "Skickat från min iPhone",
    "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
    "Med vänlig hälsning / Best regards\n\nAnna Larsson",
    "Best regards,\nAnna Larsson\nSales Manager | Example Ltd\nM: +46 70 123 45 67\nE: anna@example.org",
    "Thanks,\nAnna",
    "Mit freundlichen Grüßen\n\nAnna Larsson",
    "Cordialement,\nAnna Larsson",
    "Un saludo,\nAnna",
    "Cordiali saluti\nAnna Larsson",
    "Met vriendelijke groet,\n\nAnna Larsson",
    "Med vennlig hilsen\nAnna Larsen",
    "Med venlig hilsen\nAnna",
    "Ystävällisin terveisin\nAnna Virtanen",
    "Pozdrawiam,\nAnna",
    "Anna Larsson\nExempel AB\n070-123 45 67",
    "Anna Larsson\nEkonomichef\n\nExempel AB\nGatan 1 | 111 22 Lund\nanna@example.org | www.example.org",
    "*Anna Larsson*\nProjektledare\n*Exempel AB*\n070-123 45 67",
    "Mvh\nAnna\n\nDetta meddelande är avsett endast för adressaten och kan innehålla konfidentiell information.",
    "Mvh\nAnna\n\n[cid:logotyp.png@01DA]",
    "Ha en fin dag!\n\nMed vänliga hälsningar\nAnna\n\nSkickat från min iPhone",
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "below",
    ["", "\n\nDen 5 mars 2024 kl 14:03 skrev Olle <o@example.org>:\n\n> Hej\n> Svara gärna\n"],
    ids=["", "quote"],
)
def test_the_signature_is_taken_off(signature: str, below: str) -> None:
    body = split(f"{OWN}\n\n{signature}{below}")
    assert (body.new_text, body.signature) == (OWN, signature)


def test_the_delimiter_of_rfc_3676_begins_a_signature() -> None:
    assert split(f"{OWN}\n-- \nAnna\nvilken rad som helst") == Body(OWN, "", "--\nAnna\nvilken rad som helst")


WHOLE = [
    "Hej\n\nTack",
    "Hej,\nDet fungerar inte.\nTack!",
    "Min adress är:\n\nAnna Larsson\nStorgatan 1\n111 22 Lund",
    "Hej\n\n- Skrivaren är trasig\n- Skärmen är svart",
    "Felet:\n--------------\nERROR 42\nat line 7\n--------------\nVad gör jag?",
    "On Monday I called you.\nYou said:\nit would be fixed.",
    "Den 5 mars skrev jag till er utan svar. Den här gången hoppas jag på bättre:\nsnabbt svar.",
    "Från: Stockholm\nTill: Göteborg\nDatum: 5 maj\n\nKan ni boka detta?",
    "Namn: Anna\nE-post: anna@example.org\nTelefon: 070-123\nÄmne: Faktura\nMeddelande: hej",
    "Från: Webbformulär\nE-post: o@example.org\nÄmne: Faktura\n\nHej, jag vill ha en ny faktura.",
    "Mvh är en förkortning. Vad betyder det?",
    "Best way to do this?\nI tried twice.",
    "Thanks for the help so far.\nBut one more thing: the invoice is wrong.",
    "Kontakta mig på 070-123 45 67 eller anna@example.org",
    "Skickat från vårt lager i går, men inte framme. Var är det?",
    "Vi har tre frågor om detta mail:\nDetta mail kom i går. Är det äkta?",
    "--\nAnna",
    "",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_only_looks_like_a_quote_or_signature_stays(text: str) -> None:
    assert split(text) == Body(new_text=text)


def test_answers_between_quoted_lines_keep_the_lines_they_answer() -> None:
    text = "Hej Anna!\n\n> Passar torsdag?\n\nJa.\n\n> Hos er?\n\nGärna hos er.\n\n> Vi ses\n> Anna\n\nMvh\nOlle"
    body = split(text)
    assert body.new_text == "Hej Anna!\n\n> Passar torsdag?\n\nJa.\n\n> Hos er?\n\nGärna hos er."
    assert body.quoted == "> Vi ses\n> Anna"
    assert body.signature == "Mvh\nOlle"


def test_answers_right_under_quoted_lines_are_not_lost() -> None:
    text = "On 5 Mar 2024, at 14:03, Anna <a@example.org> wrote:\n> one?\nyes\n> two?\nno\n> three?\nmaybe"
    assert split(text).new_text.split("\n")[2::2] == ["yes", "no", "maybe"]


def test_an_answer_below_the_whole_quote_stands_alone() -> None:
    body = split("Den 5 mars 2024 kl 14:03 skrev Anna <a@example.org>:\n> Passar torsdag?\n\nJa tack!\n\nMvh Olle")
    assert body == Body(
        "Ja tack!", "Den 5 mars 2024 kl 14:03 skrev Anna <a@example.org>:\n> Passar torsdag?", "Mvh Olle"
    )


def test_a_footer_below_the_quote_is_no_answer() -> None:
    body = split("Ja tack!\n\n> Passar torsdag?\n\n-- \nOlle\n")
    assert body == Body("Ja tack!", "> Passar torsdag?", "--\nOlle")


def test_a_forward_keeps_what_stands_above_it() -> None:
    body = split(
        "För kännedom.\n\n---------- Forwarded message ---------\nFrån: Anna <a@example.org>\nDate: tis 5 mars 2024\n"
        "Subject: Avtal\nTo: <olle@example.org>\n\nHär är avtalet.\n"
    )
    assert body.new_text == "För kännedom."
    assert body.quoted.endswith("Här är avtalet.")


@pytest.mark.parametrize(
    "footer",
    [
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
        "Sent from my iPhone, please excuse typos",
        "Skickat från min Android-enhet med K-9 Mail. Ursäkta min fåordighet.",
        "Skickat från min iPhone. Ursäkta eventuella stavfel.",
        "Envoyé de mon appareil Android avec Courriel K-9 Mail. Veuillez excuser ma brièveté.",
        "Verzonden vanaf mijn telefoon. Excuses voor de spelfouten.",
    ],
)
def test_the_footer_of_an_app_may_ask_to_be_excused(footer: str) -> None:
    assert split(f"Ja tack!\n\n{footer}\n").signature == footer


@pytest.mark.parametrize(
    "words", ["Sent from my phone, call me back on Monday", "Skickat från min bil. Den gick sönder."]
)
def test_a_sentence_that_goes_on_otherwise_is_the_senders(words: str) -> None:
    assert words in split(f"Hej!\n\n{words}\n").new_text


def test_what_follows_the_footer_of_an_app_is_history() -> None:
    body = split("Ja tack!\n\nSkickat från min Samsung-enhet\n\nHej, passar torsdag?\n")
    assert (body.new_text, body.signature) == ("Ja tack!", "Skickat från min Samsung-enhet")


def test_an_attribution_that_shares_the_line_of_the_answer() -> None:
    assert (
        split("Ja tack On Tue, Mar 5, 2024 at 2:03 PM, anna@example.org wrote:\n> Passar torsdag?").new_text
        == "Ja tack"
    )


@pytest.mark.parametrize(
    "mark",
    [
        "Från: anna@example.org\nSkickat: den 5 mars 2024 14:03\nTill: olle@example.org\nÄmne: Möte",
        "发件人：anna@example.org\n发送时间：2024年3月5日 14:03\n收件人：olle@example.org\n主题：Möte",
        "On 5 March 2024 Anna <anna@example.org> wrote\n> ",
        "Den 5 mars 2024 anna@example.org skrev\n> ",
    ],
)
def test_marks_without_signs_at_the_ends_of_their_lines(mark: str) -> None:
    assert split(f"{OWN}\n\n{mark}\n> Passar torsdag?").new_text == OWN


def test_many_lines_without_a_contact_are_no_signature() -> None:
    answers = "\n".join(f"Rum {number} passar" for number in range(16))
    assert split(f"{OWN}\n\nMvh\n{answers}").signature == ""


def test_an_answer_below_a_quote_that_follows_the_footer_of_an_app() -> None:
    text = "Ja tack!\n\nSkickat från min iPhone\n\n> Passar torsdag?\n\nTorsdag går bra."
    assert split(text).new_text == text


def test_windows_line_ends_and_decorated_links() -> None:
    assert split("Hej\r\n>>> https://example.org <<<\r\nDå\r\n").new_text == "Hej\n>>> https://example.org <<<\nDå"


WORST = [
    "\n", "a\n", ">\n", ">", "> >\n", ":\n", "\n:", "wrote:\n", "On ", "On 1\n", "On 3 May wrote\n",
    "On Mon, 3 May 2024 at 10:00,\n", "On 3 May 2024\n10:00 a@b.c\nx\nwrote:\n>\n",
    "On 3 May 2024 10:00 a@b.c wrote:\n>\n",
    "From:\n", "From: a\n b\n", "From: a\nTo: ", "To: b\n", "Från: x@y.z\n\n", "a>:\n", "1@<a>:\n", "On 1 <a@b>:\n",
    "-", "-- \n", "--\n", "--\nx\n", "_\n", "Mvh\n", "Mvh\nAnna\n", "\nSent from my iPhone\n\n", "disclaimer\n\n",
    "detta är\n\n", "> Forwarded message:\n", "a@b.c, " * 50 + ":\n", "x" * 70 + "\n",
    "> " + "x" * 70 + "\nabc\n", "\r", "İ",
]  # fmt: skip


@pytest.mark.parametrize("piece", WORST, ids=repr)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    assert_linear(lambda size: split(filled(piece, size)), 300_000)


@pytest.mark.parametrize("mark", ["|", "  | ", "# ", "AL> ", "    A> ", "--]"])
def test_answers_below_quotes_with_other_marks_are_not_lost(mark: str) -> None:
    text = f"On 5 Mar 2024, Anna Larsson wrote:\n\n{mark}Passar torsdag?\n{mark}Eller fredag?\n\nTorsdag passar.\n"
    assert split(text).new_text == "Torsdag passar."


@pytest.mark.parametrize("omission", ["[...]", "<snip>", "...", "[jag klipper lite]"])
def test_answers_below_shortened_quotes_are_not_lost(omission: str) -> None:
    text = f"Den 5 mars 2024 kl 14:03 skrev Anna:\n\n{omission}\n> Passar torsdag?\n\nTorsdag passar.\n"
    assert "Torsdag passar." in split(text).new_text


def test_an_answer_below_an_attribution_whose_quote_was_deleted_is_not_lost() -> None:
    text = "Den 5 mars 2024 kl 14:03 skrev Anna:\n\nTorsdag passar."
    assert split(text).new_text == split(text, "SV: Torsdag").new_text == "Torsdag passar."
    assert split(text, "VB: Torsdag") == Body(quoted=text)


def test_an_answer_right_below_a_quoted_attribution_is_not_lost() -> None:
    text = "> Passar torsdag?\n>\n> Den 1 mars 2024 kl 10:00 skrev Olle <o@example.org>:\n\nTorsdag passar.\n"
    assert split(text).new_text == "Torsdag passar."
