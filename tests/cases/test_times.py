"""Days and times on the command line: which number is the ticket, and what is told of a time that is none."""

from __future__ import annotations

import pytest

from tests.cases.shop import ASA


@pytest.fixture
def shop(open_shop):
    shop = open_shop().at("2026-11-20T10:00+01:00")  # a Friday
    for number in range(3):
        shop.mail(ASA, f"Fråga {number}", "Hej")
    return shop


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("2 3 dagar", "#2 waits for the customer until Wed 2026-11-25 10:00"),
        ("2 3 d", "#2 waits for the customer until Wed 2026-11-25 10:00"),
        ("2 3 december", "#2 waits for the customer until Thu 2026-12-03 08:00"),
        ("2 2 veckor", "#2 waits for the customer until Fri 2026-12-04 10:00"),
        ("2 3 business days", "#2 waits for the customer until Wed 2026-11-25 10:00"),
        ("2 den 3 december", "#2 waits for the customer until Thu 2026-12-03 08:00"),
        ("2 fredag nästa vecka", "#2 waits for the customer until Fri 2026-11-27 08:00"),
        ("2 i kväll", "#2 waits for the customer until Fri 2026-11-20 18:00"),
        ("2 vecka 50", "#2 waits for the customer until Mon 2026-12-07 08:00"),
        ("2 end of month", "#2 waits for the customer until Mon 2026-11-30 08:00"),
        ("2 December 3", "#2 waits for the customer until Thu 2026-12-03 08:00"),
        ("2 dec 3rd", "#2 waits for the customer until Thu 2026-12-03 08:00"),
        ("2 den 3/12", "#2 waits for the customer until Thu 2026-12-03 08:00"),
        ("2 fre 4/12", "#2 waits for the customer until Fri 2026-12-04 08:00"),
        ("2 2026-12-4", "#2 waits for the customer until Fri 2026-12-04 08:00"),
        ("2 friday the 4th", "#2 waits for the customer until Fri 2026-12-04 08:00"),
        ("2 end of week", "#2 waits for the customer until Fri 2026-11-20 17:00"),
        ("2 slutet av veckan", "#2 waits for the customer until Fri 2026-11-20 17:00"),
        ("2 måndag om en vecka", "#2 waits for the customer until Mon 2026-11-30 08:00"),
        ("2 a week on monday", "#2 waits for the customer until Mon 2026-11-30 08:00"),
        ("2 nästa arbetsdag", "#2 waits for the customer until Mon 2026-11-23 08:00"),
        ("2 i januari", "#2 waits for the customer until Fri 2027-01-01 08:00"),
        ("2 efter jul", "#2 waits for the customer until Mon 2026-12-28 08:00"),
        ("2 julafton", "#2 waits for the customer until Thu 2026-12-24 08:00"),
        ("2 1 h 30 min", "#2 waits for the customer until Fri 2026-11-20 11:30"),
        ("2 1,5 timmar", "#2 waits for the customer until Fri 2026-11-20 11:30"),
    ],
)
def test_which_number_is_the_ticket(shop, words, told):
    assert shop.say("wait", *words.split()).strip() == told


def test_two_tickets_before_a_time(shop):
    assert shop.say("wait", 1, 2, 3, "dagar").count("Wed 2026-11-25") == 2
    assert shop.get(3).status == "new"


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        ("wait", "2 igår", "igår is in the past"),
        ("wait", "3 dagar", "which ticket?"),
        ("wait", "1 januari", "which ticket?"),
        ("wait", "2 fredag 5/12", "2026-12-05 is a Saturday"),
        ("away", "bo lördag 4 december", "2026-12-04 is a Friday"),
        ("wait", "2 31 november", "November has 30 days"),
        ("promise", "2 igår", "igår is in the past"),
        ("promise", "2 vecka 54", "2026 has 53 weeks"),
        ("away", "bo igår", "igår is in the past"),
        ("away", "bo 31 november", "November has 30 days"),
        ("away", "bo sommar", "'sommar' is not a day"),
    ],
)
def test_what_cannot_be_is_told_with_its_reason(shop, command, words, told):
    assert told in shop.trouble(command, *words.split(), code=2)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("3 december", "Thu 2026-12-03 17:00"),
        ("fredag nästa vecka", "Fri 2026-11-27 17:00"),
        ("vecka 50", "Fri 2026-12-11 17:00"),
        ("end of month", "Mon 2026-11-30 17:00"),
        ("end of december", "Thu 2026-12-31 17:00"),
        ("slutet av året", "Thu 2026-12-31 17:00"),
        ("på tisdag", "Tue 2026-11-24 17:00"),
        ("den 30", "Mon 2026-11-30 17:00"),
        ("idag", "Fri 2026-11-20 17:00"),
    ],
)
def test_a_promised_day_lasts_until_its_closing(shop, words, told):
    assert told in shop.say("promise", 2, *words.split())


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("21 december 23 december", "2026-12-21", "2026-12-23"),
        ("21 december till 6 januari", "2026-12-21", "2027-01-06"),
        ("måndag to 2026-12-01", "2026-11-23", "2026-12-01"),
        ("fredag nästa vecka", "2026-11-27", None),
        ("tomorrow 2026-12-01", "2026-11-21", "2026-12-01"),
        ("", "2026-11-20", None),
        ("om 3 arbetsdagar", "2026-11-25", None),
        ("om en vecka till julafton", "2026-11-27", "2026-12-24"),
        ("24/12 - 6 januari", "2026-12-24", "2027-01-06"),
    ],
)
def test_who_is_away_from_when_to_when(shop, words, first, last):
    import json

    told = json.loads(shop.say("away", "bo", *words.split(), "--json"))
    assert (told["from"], told["to"]) == (first, last)


def test_a_reply_leaves_later(shop):
    assert "is sent Thu 2026-12-03 08:00" in shop.say("reply", 2, "--text", "Hej Åsa!", "--later", "3 december")


@pytest.mark.parametrize("words", ["igår", "yesterday", "i förrgår", "2026-11-21"])
def test_a_day_that_is_over_is_in_the_past_also_behind_a_weekend(shop, words):
    """On Monday morning the desk was shut yesterday, so that yesterday's next opening is today's."""
    shop.at("2026-11-23T09:00+01:00")
    assert f"{words} is in the past; today is 2026-11-23" in shop.trouble("wait", 2, *words.split(), code=2)
