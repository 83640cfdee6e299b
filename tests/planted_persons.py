"""Texts as customers and colleagues write them, with what tells of a person planted in them: names, ways to reach
somebody, places, numbers, greetings. Names are common ones, rare ones and made-up ones, since a list knows not all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from ticketctl.domain.ticket.message import Person

GIVEN = {
    "sv": "Anna Kerstin Lars Per Björn Gunilla Åsa Örjan Anna-Karin Fatima Zbigniew Nguyen Sölve Thorvald Bo Stig Dag"
    " Linnéa Jean-Pierre Svetlana Alva Hjördis Ebba Xiomara Olufemi",
    "en": "John Mary Olivia Zbigniew Siobhan Priya Will Mark Grace Jean-Luc Niamh Kwame Wei Aoife Rose Xanthe"
    " Dieudonné Bronwyn Tadeusz Ngozi Brynn Eun-ji Faye Hamish Ingrid",
}
FAMILY = {
    "sv": "Lundqvist|Andersson|von Essen|Öberg|Hammarskjöld|Berg|Ek|Nguyen|Karlsson|Ström|Al-Rashid|Kowalczyk|af Klint"
    "|Wallenberg|Nyström|Dahl",
    "en": "Smith|O'Connor|Featherstonehaugh|Patel|Jones|McDonald|Kowalski|Van Dyke|Brown|Okonkwo|Wright|Thompson|Lee"
    "|Castellanos|de Souza",
}
STREETS = {
    "sv": ("Storgatan {n}", "Stora Nygatan {n} B", "Björkvägen {n}", "Sveavägen {n}, 113 50 Stockholm", "Box {n}"),
    "en": (
        "{n} High Street",
        "{n}b Church Lane",
        "Flat {n}, 12 Station Road",
        "221 Baker Street, NW1 6XE",
        "PO Box {n}",
    ),
}
USEFUL = {
    "sv": (
        "Du ändrar adressen under inställningar.", "Klicka på länken i mejlet och välj ett nytt lösenord.",
        "Det tar upp till 3 dagar innan pengarna är tillbaka.", "Vi skickar en ny vara i morgon.",
        "Starta om appen och logga in igen.", "Fakturan kostar 49 kr om den skickas på papper.",
    ),
    "en": (
        "You can change the address in your settings.", "Click the link in the email and choose a new password.",
        "It takes up to 3 days until the money is back.", "We will send a new one tomorrow.",
        "Please restart the app and log in again.", "A paper invoice costs $5.",
    ),
}  # fmt: skip
TELLING = {
    "sv": (
        "Jag pratade med {name} om det i går.", "{name} ringde dig på {phone} i måndags.", "Hälsa {given} så mycket!",
        "Paketet går till {street}.", "Ditt personnummer {pnr} är rättat.", "Skriv till {mail} om det är något.",
        "Din order {order} är på väg.", "Vi drog {card} i dag.", "Din kollega {name} har redan frågat om det.",
        "Ring {given} {family} på {phone}.", "{family} har nyckeln, fråga där.", "Ärende #{n} är samma sak.",
        "Kontot {iban} stämmer inte.", "Det står {name} på fakturan, {street}.", "Så säger {given}s chef.",
    ),
    "en": (
        "I spoke to {name} about it yesterday.", "{name} called you on {phone} on Monday.", "Say hello to {given}!",
        "The parcel goes to {street}.", "Your number {pnr} is corrected.", "Write to {mail} if there is anything.",
        "Your order {order} is on its way.", "We charged {card} today.", "Your colleague {name} has asked already.",
        "Call {given} {family} on {phone}.", "{family} has the key, ask there.", "Ticket #{n} is the same.",
        "The account {iban} is wrong.", "The invoice says {name}, {street}.", "So says {given}'s manager.",
    ),
}  # fmt: skip
GREETINGS = {
    "sv": ("Hej {given}!", "Hej {given},", "Hejsan {name}!", "God morgon {given}", "Hej!", "Tjena {given}!"),
    "en": (
        "Hi {given},",
        "Dear {name},",
        "Dear Mrs {family},",
        "Hello {given}!",
        "Good morning {given},",
        "Hey {given}",
    ),
}
CLOSINGS = {
    "sv": (
        "Mvh\n{name}\n{phone}", "Med vänlig hälsning\n{given}", "Hälsningar {given}", "/{given}",
        "Tack på förhand\n{name}",
    ),
    "en": (
        "Best regards,\n{name}\n{phone}", "Kind regards\n{given}", "Thanks,\n{given}", "Cheers\n{name}",
        "Sincerely,\n{name}",
    ),
}  # fmt: skip


class Planted(NamedTuple):
    """`told`: what must not be found in what is left of `text`; `useful`: sentences that tell of nobody. `customer` is
    on the ticket; the others in the text are not."""

    language: str
    text: str
    told: tuple[str, ...]
    useful: tuple[str, ...]
    customer: Person


def planted(count: int, seed: int = 2026) -> Iterator[Planted]:
    """In turn in each language."""
    chance = random.Random(seed)
    for at in range(count):
        yield _one(chance, ("sv", "en")[at % 2])


def _one(chance: random.Random, language: str) -> Planted:
    customer, other = _person(chance, language), _person(chance, language)
    pick = chance.choice
    useful = chance.sample(USEFUL[language], 2)
    greeting = pick(GREETINGS[language]).format(**customer)
    telling = pick(TELLING[language]).format(**other)
    closing = pick(CLOSINGS[language]).format(**other)
    lines = (greeting, "", f"{useful[0]} {telling} {useful[1]}", "", closing)
    text = "\n".join(lines)
    values = {value for one in (customer, other) for value in one.values() if value in text and value != ""}
    parts = {part for one in (customer, other) for part in one["name"].split() if part in text and len(part) > 2}
    told = tuple(sorted(values | parts))
    return Planted(language, text, told, tuple(useful), Person(customer["mail"], customer["name"]))


def _person(chance: random.Random, language: str) -> dict[str, str]:
    given, family = chance.choice(GIVEN[language].split()), chance.choice(FAMILY[language].split("|"))
    if chance.random() < 0.2:
        family = _made_up(chance)

    def digits(count: int) -> str:
        return "".join(chance.choices("123456789", k=count))

    return {
        "given": given,
        "family": family,
        "name": f"{given} {family}",
        "phone": chance.choice((f"070-{digits(3)} {digits(2)} {digits(2)}", f"+46 70 {digits(7)}", f"08-{digits(6)}")),
        "mail": f"{digits(3)}x@kund{digits(2)}.example",
        "street": chance.choice(STREETS[language]).format(n=digits(2)),
        "pnr": chance.choice(("811218-9876", "19811218-9876", "8112189876")),
        "order": chance.choice((f"A{digits(6)}", digits(7), f"SE-{digits(5)}", f"{digits(3)}-{digits(4)}")),
        "card": "4111 1111 1111 1111",
        "iban": "SE45 5000 0000 0583 9825 7466",
        "n": digits(4),
    }


def _made_up(chance: random.Random) -> str:
    syllables = [first + second for first in "bdfgklmnrstv" for second in "aeiouyö"]
    return "".join(chance.choices(syllables, k=3)).capitalize()
