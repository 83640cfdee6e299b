"""The reply check: what it notices, and above all that it says nothing about an ordinary good reply."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.growth import assert_linear, filled
from ticketctl.domain.reply.check import check, unfilled
from ticketctl.domain.reply.other_customers import others_of
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Link, Ticket
from ticketctl.present.words.reply_check import hint_text

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ASA = Person("asa@kund.example", "Åsa Öberg")
SWEDISH = (
    "Hej! Jag beställde en gul kanna av er i förra veckan, men den som kom har en spricka i pipen. Vad gör jag nu?"
)
ENGLISH = (
    "Hello, the invoice that I got this morning shows two jackets although I only ordered one. Can you have a look?"
)


def ticket(text: str = SWEDISH, language: str = "sv", number: int = 17, **fields: object) -> Ticket:
    requester = fields.pop("requester", ASA)
    message = Message(key="m1", direction="in", kind="message", at=NOW, sender=requester, text=text)
    one = Ticket(
        number=number, subject=fields.pop("subject", ""), requester=requester, opened_at=NOW, language=language
    )
    return msgspec.structs.replace(one.receive(Act("system", NOW), message), **fields)


def codes(text: str, asked: str = SWEDISH, language: str = "sv") -> list[str]:
    return [hint.code for hint in check(text, ticket(asked, language), spoken=("sv", "en"))]


GOOD_SWEDISH = [
    "Hej Åsa!\n\nVad tråkigt att kannan kom med en spricka. Jag har skickat en ny till dig i dag, och den är"
    " framme senast"
    " på torsdag. Den trasiga behöver du inte skicka tillbaka.\n\nVänliga hälsningar\nAlice",
    "Hej! Klart, tack för tipset!",
    "Hej igen! Det är fixat nu.",
    "Tack, då stänger vi ärendet.",
    "Hej Åsa! Kan du skicka en bild på sprickan? Då ordnar vi en ny kanna direkt.\n\nHälsningar\nAlice",
    "Hej! Vi tittar på det här och återkommer senast i morgon, tisdag, kl. 15.\n\nAlice",
    "Hej! Vi undersöker saken med fabriken och hör av oss inom två arbetsdagar.\n\nAlice",
    "Hej Åsa! Jag förstår att du vill ha en hel kanna. Den gula är slut, men den blå finns i lager. Vill du ha"
    " den i stället,"
    " eller hellre pengarna tillbaka? Svara på det här mejlet så ordnar vi det samma dag.\n\nVänliga hälsningar\nBo",
    "Hej! Återbetalningen är gjord. Pengarna syns på ditt konto inom 3-5 bankdagar, beroende på vilken bank du"
    " har, och du"
    " behöver inte göra något själv. Kannan får du gärna behålla om du har användning för den ändå.\n\nMvh Bo",
    "Hej! Ring oss gärna på 08-123 45 67 så hjälper vi dig direkt. Vårt organisationsnummer är 556036-0793.",
    "Hej!\n\nLogga in på Mina sidor, välj Beställningar och klicka på Reklamera. Där laddar du upp bilden, och"
    " sedan får du"
    " ett mejl med en fraktsedel. Hör av dig om något inte fungerar så hjälper vi dig vidare.\n\nAlice, Exempel AB",
    "Hej!\nDu hittar kvittot här: https://shop.example/kvitto?id=4711",
    "Hej! Vi hör av oss så snart du har svarat på frågan om vilken storlek du vill ha.",
    "Hej! På fakturan står XXL, inte XL. TODOIST-listan är rättad. Se rad [12] i [loggen].",
]
GOOD_ENGLISH = [
    "Hi Åsa,\n\nThank you for telling us. You ordered one jacket and were billed for two; I have corrected the"
    " invoice and"
    " attached the new one. Nothing is left to pay.\n\nKind regards,\nAlice",
    "Hello, please try again now. It should work.",
    "Thanks, that is all we needed. We will send it tomorrow.",
    "Hi! We are looking into this and will get back to you by Friday at noon.",
    "Sorry about that! A new one left our warehouse this morning; you can follow it at https://post.example/track/1",
    "Hello! Could you tell us which browser you use, and send us a screenshot of what you see?",
    "Dear Åsa, we have refunded the second jacket. The money reaches your account within three business days.",
    "Hi, I have passed this on to our accountant, and I will let you know on Monday what she says.",
    "Hello! The log says [ERROR] disk full; delete /tmp/x and restart. The key looks like 4F-XX-1, not XX.XX.",
]


@pytest.mark.parametrize("text", GOOD_SWEDISH)
def test_nothing_is_said_of_a_good_reply_in_swedish(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("text", GOOD_ENGLISH)
def test_nothing_is_said_of_a_good_reply_in_english(text: str) -> None:
    assert codes(text, ENGLISH, "en") == []


# --- places to fill in ---


@pytest.mark.parametrize(
    ("text", "found", "line"),
    [
        ("Hej!\nDu får svar [Skriv här: dag och\ntid].", "[Skriv här: dag och tid]", 2),
        ("Hello,\nby [Write here: day and time].", "[Write here: day and time]", 2),
        ("Hej [NAMN]!", "[NAMN]", 1),
        ("Hej [namn]!", "[namn]", 1),
        ("Dear [Customer Name],", "[Customer Name]", 1),
        ("Hej <NAMN>!", "<NAMN>", 1),
        ("Beloppet är <fyll i belopp> kr.", "<fyll i belopp>", 1),
        ("Hej {{ requester.first_name }}!", "{{ requester.first_name }}", 1),
        ("Hej!\n{% if x %}Ja", "{% if x %}Ja", 2),
        ("Ditt ordernummer är XXX.", "XXX", 1),
        ("Vi kommer den XXXXX kl. 9", "XXXXX", 1),
        ("Klart!\n\nTODO: kolla med Bo", "TODO", 3),
        ("Hej ,\n\nKlart.", "Hej ,", 1),
        ("\n\nHello None, it works.", "Hello None", 3),
        ("Lorem ipsum dolor", "Lorem ipsum", 1),
        ("Hallo,\n\nam [hier Datum eintragen].", "[hier Datum eintragen]", 3),
        ("Bonjour,\n[Votre réponse ici]", "[Votre réponse ici]", 2),
        ("Hej!\n<ditt svar>", "<ditt svar>", 2),
        ("Hej {namn}!", "{namn}", 1),
        ("Hi ${first_name}!", "${first_name}", 1),
        ("Hej %FÖRNAMN%!", "%FÖRNAMN%", 1),
        ("Order {order_number} är på väg.", "{order_number}", 1),
        ("Din order nr ____ kommer.", "a gap in “r ____”", 1),
        ("Ditt ordernummer: .", "a gap in “ordernummer: .”", 1),
        ('Din vara "" kommer.', 'a gap in “""”', 1),
    ],
)
def test_what_is_left_to_fill_in(text: str, found: str, line: int) -> None:
    (place,) = unfilled(text)
    assert (place.found, place.line) == (found, line)
    (hint,) = [one for one in check(text, ticket()) if one.code == "unfilled"]
    assert hint.severity == "warning" and hint.line == line


@pytest.mark.parametrize(
    "text",
    ["[1] se nedan", "Öppna %APPDATA% och %TEMP%", "{antal} {x}", "________________", "100 % av namn%", "[hjälp]",
     "[Yourself]", "[OK]", "arr[name]", "[länk till sidan]", "storlek XXL och XXXL-tröja", "kort XXXX-XXXX-XXXX-1234",
     "10.XXX.XXX.1", "xxx", "all todo lists", "Hej, du", "Hej!", "ls <name>", "a <b> c", "{ a: 1 }", "Hi, None"
     " of them"],
)  # fmt: skip
def test_what_only_looks_like_it(text: str) -> None:
    assert unfilled(text) == ()


def test_quoted_lines_are_not_looked_at() -> None:
    text = "> Hej [NAMN], mitt nummer är 4111 1111 1111 1111\n> TODO\nKlart, nu är det rättat!"
    assert check(text, ticket()) == ()


# --- sensitive numbers ---


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ditt kort 4111 1111 1111 1111 har debiterats.", "a card number (**** **** **** 1111)"),
        ("Vi har 811228-9874 som ditt personnummer.", "a personal identity number"),
    ],
)
def test_card_and_personal_numbers(text: str, what: str) -> None:
    (hint,) = check(text, ticket())
    assert hint.code == "personal_number" and hint_text(hint, "en").startswith(what)
    assert "9874" not in hint_text(hint, "en") and "4111" not in hint_text(hint, "en")


@pytest.mark.parametrize(
    "text", ["Order 4111 1111 1111 1112.", "Ärende 811228-9875", "Bankgiro 123-4567", "556036-0793"]
)
def test_numbers_that_are_none(text: str) -> None:
    assert check(text, ticket()) == ()


# --- other customers ---


def told(text: str, *active: Ticket, mine: Ticket | None = None, ours: tuple[str, ...] = ()) -> list[str]:
    mine = mine or ticket()
    return [
        hint_text(hint, "en")
        for hint in check(text, mine, others=others_of(mine, active, ours))
        if hint.code == "other_customer"
    ]


BERTIL = Person("bertil@annan.example", "Bertil Ek")


def test_another_customers_address_name_and_number() -> None:
    other = ticket("Hej", number=23, requester=BERTIL, fields={"order_number": "481516"})
    assert told("Hej Bertil Ek! Order 481516 skickas till bertil@annan.example.", other) == [
        "bertil@annan.example is known from #23, which is another customer's",
        "Bertil Ek is known from #23, which is another customer's",
        "481516 is known from #23, which is another customer's",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Hej Bertil!",
        "Bertil Ekström kommer.",
        "x.bertil@annan.example",
        "Order 4815162 och A-481516.",
        "bertil ek",
        "Klart.",
    ],
)
def test_only_exact_matches_count(text: str) -> None:
    assert told(text, ticket("Hej", number=23, requester=BERTIL, fields={"order_number": "481516"})) == []


def test_what_the_customer_knows_already_is_no_leak() -> None:
    other = ticket("Hej", number=23, requester=BERTIL, fields={"order_number": "481516"})
    text = "Bertil Ek har order 481516."
    assert told(text, other) != []
    mentioned = ticket("Min granne Bertil Ek har order 481516, som kom till mig.")
    assert told(text, other, mine=mentioned) == []
    assert told(text, other, mine=ticket(links=(Link(23, "related"),))) == []
    assert told(text, other, mine=ticket(participants=(BERTIL,), fields={"order_number": "481516"})) == []
    assert told("Bertil Ek hjälper dig.", other, ours=("Bertil Ek",)) == []
    assert told(text, msgspec.structs.replace(other, spam=True)) == []


def test_a_colleague_at_the_same_company_may_be_named_but_not_a_stranger_with_the_same_provider() -> None:
    colleague = ticket("Hej", number=23, requester=Person("bertil@kund.example", "Bertil Ek"))
    assert told("Jag har pratat med Bertil Ek.", colleague) == []
    mine = ticket(requester=Person("asa@gmail.com", "Åsa Öberg"))
    stranger = ticket("Hej", number=23, requester=Person("bertil@gmail.com", "Bertil Ek"))
    assert told("Jag har pratat med Bertil Ek.", stranger, mine=mine) != []


@pytest.mark.parametrize("name", ["Support Team", "Kundtjänst Ek", "bertil ek", "Bertil", "B. Ek", ""])
def test_offices_and_half_names_are_no_names(name: str) -> None:
    other = ticket("Hej", number=23, requester=Person("x@annan.example", name))
    assert told(f"Hej {name}, kontakta Support Team och Bertil.", other) == []


def test_the_same_with_an_o_that_was_typed_otherwise() -> None:
    other = ticket("Hej", number=23, requester=Person("x@annan.example", "Örjan Åkesson"))
    assert told("Hej O\u0308rjan A\u030akesson!", other) != []


# --- language ---


@pytest.mark.parametrize(
    ("text", "theirs", "noticed"),
    [
        (GOOD_ENGLISH[0], "sv", True),
        (GOOD_SWEDISH[0], "en", True),
        (GOOD_SWEDISH[0], "de", True),
        (GOOD_ENGLISH[0], "de", False),  # the desk has nothing in German
        (GOOD_SWEDISH[0], "no", False),
        (GOOD_SWEDISH[0], "da", False),
        (GOOD_SWEDISH[0], "sv", False),
        (GOOD_SWEDISH[0], "", False),
        ("Hello, it works now.", "sv", False),  # too short to tell
    ],
)
def test_the_wrong_language(text: str, theirs: str, noticed: bool) -> None:
    assert ("language" in codes(text, SWEDISH if theirs == "sv" else ENGLISH, theirs)) is noticed


# --- the guide ---


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Vi återkommer så snart vi vet mer.",
        "Hej! Vi undersöker saken och hör av oss inom kort.",
        "Tack för ditt mejl. Jag har skickat vidare frågan till en kollega som tittar på den.",
        "Hello! We are looking into this and will get back to you as soon as possible.",
        "Thanks, we are working on it and we will let you know once we know more.",
    ],
)
def test_more_work_without_a_time(text: str) -> None:
    assert codes(text, language="") == ["time"]


LONG = (
    "Tack för ditt mejl till oss på kundtjänst. Alla våra produkter tillverkas med stor omsorg av ett litet"
    " företag i norr"
    " och granskas noga. Det händer sällan att någon blir missnöjd. Företaget har funnits i snart hundra år, och många"
    " som finns där är barnbarn till den som grundade det."
)


def test_a_long_first_answer_that_neither_sums_up_nor_goes_on() -> None:
    assert codes(LONG) == ["summary", "next_step"]
    assert codes(f"Du skriver att den var trasig. {LONG}") == ["next_step"]
    assert codes(f"{LONG} Vill du ha en ny?") == ["summary"]
    assert codes(f"Kannan är gul. {LONG}", "En kanna. " * 20) == ["next_step"]
    assert codes(f"> {SWEDISH}\n{LONG}") == ["next_step"]
    assert codes(LONG, "Hej!") == ["next_step"]


def test_a_later_answer_need_not_sum_up_again() -> None:
    before = ticket()
    ours = Message(key="m2", direction="out", kind="message", at=NOW, sender=ASA, text="Hej", delivery="sent")
    assert [hint.code for hint in check(LONG, before.write(Act("alice", NOW), ours))] == ["next_step"]


@pytest.mark.parametrize("piece", ["[", "{{ ", "vi ", "a@", "4111 ", "\n"])
def test_linear(piece: str) -> None:
    others = others_of(ticket(), [ticket(number=2, requester=BERTIL)])
    assert_linear(lambda size: check(filled(piece, size), ticket(), others=others), 300_000)
