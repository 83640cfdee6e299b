"""What comes unusually often: found by cron each morning, on the board, and in a mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from tests.conftest import NOW, Office
from tests.simulated.desks import days_of, filled, ticket
from ticketctl.domain.patterns.pattern import Pattern
from ticketctl.domain.ticket.ticket import Ticket

FIRST = date(2026, 4, 27)  # a Monday, 29 weeks before that of NOW, 2026-11-16
MONDAY = date(2026, 11, 16)
MONDAYS_ONLY = 14  # P(X ≥ 14) = .00095 where five are usual
REPORT = "report: {to: [alice]}\n"


def desk(last: int, *, usual: int = 5, weeks: int = 28) -> Iterator[Ticket]:
    """vip a week, `last` in the week before MONDAY, and ten others."""
    number = 0
    for week in range(weeks, -1, -1):
        monday = MONDAY - timedelta(days=7 * (week + 1))
        for at, day in enumerate([*days_of(monday, last if week == 0 else usual), *days_of(monday, 10)]):
            number += 1
            yield ticket(number, day, labels=("vip",) if at < (last if week == 0 else usual) else ())


def at(office: Office, day: date) -> Office:
    """The office at ten o'clock of that day."""
    office.now = NOW + timedelta(days=(day - NOW.date()).days)
    return office


def mails(office: Office) -> list[Any]:
    with office.store.reading() as tickets:
        return list(tickets.outbox())


def test_three_times_as_many_are_found_once_and_mailed(office: Office) -> None:
    (office.folder / "rules.yaml").write_text((office.folder / "rules.yaml").read_text("utf-8") + REPORT, "utf-8")
    filled(office.store, desk(18))
    at(office, MONDAY)
    said = "Label vip: 18 tickets in 7 days, usually 2–8, since 2026-11-09 (#425, #430, #435)"
    assert office.say("escalate").splitlines()[0] == said
    assert len(mails(office)) == 1
    assert "Label vip" not in office.say("escalate")
    board = office.say("board")
    assert "Label vip: 18 tickets in 7 days, usually 2–8, since 2026-11-09" in " ".join(board.split())
    assert "ticketctl list --all --label vip" in " ".join(board.split())
    (warned,) = json.loads(office.say("board", "--json"))["warnings"]
    assert (warned["label"], warned["count"], warned["usual"]) == ("vip", 18, [2, 8])
    assert len(warned["tickets"]) == 3
    assert "Etikett vip: 18 ärenden på 7 dagar" in " ".join(office.say("--language", "sv", "board").split())


def test_nothing_unusual_says_nothing(office: Office) -> None:
    filled(office.store, desk(8))
    at(office, MONDAY)
    office.say("escalate")
    assert json.loads(office.say("board", "--json"))["warnings"] == []


def test_eleven_weeks_are_too_few(office: Office) -> None:
    filled(office.store, desk(18, weeks=11))
    at(office, MONDAY)
    office.say("escalate")
    assert json.loads(office.say("board", "--json"))["warnings"] == []


def test_a_monday_that_cron_missed_is_made_up_for(office: Office) -> None:
    """What is unusual by a Monday's measure only."""
    filled(office.store, desk(MONDAYS_ONLY))
    at(office, MONDAY - timedelta(days=3)).say("escalate")
    at(office, MONDAY + timedelta(days=2)).say("escalate")
    assert [one["found"] for one in json.loads(office.say("board", "--json"))["warnings"]] == ["2026-11-16"]


def test_the_board_only_reads_what_cron_found(office: Office) -> None:
    """The board computes nothing: without cron there is nothing on it."""
    filled(office.store, desk(18))
    at(office, MONDAY)
    assert json.loads(office.say("board", "--json"))["warnings"] == []


def test_after_two_weeks_it_leaves_the_board(office: Office) -> None:
    filled(office.store, desk(18))
    at(office, MONDAY).say("escalate")
    at(office, MONDAY + timedelta(days=14))
    assert json.loads(office.say("board", "--json"))["warnings"] == []


def new_group(office: Office, customers: int) -> None:
    tickets = list(desk(5))
    last = len(tickets)
    fresh = [ticket(last + one, MONDAY - timedelta(days=2)) for one in range(1, 5)]
    for at_, one in enumerate(fresh):
        who = msgspec.structs.replace(one.requester, address=f"kund{at_ % customers}@kund.example")
        tickets.append(msgspec.structs.replace(one, requester=who))
    filled(office.store, tickets)
    with office.store.transaction() as store:
        vocabulary = msgspec.structs.replace(store.vocabulary(), seen=last + 4)
        store.set_vocabulary(vocabulary)
        store.save_pattern(Pattern(key=-1, tickets=tuple(one.number for one in fresh)))


def test_something_new_of_four_tickets_and_three_customers(office: Office) -> None:
    new_group(office, 3)
    at(office, MONDAY).say("escalate")
    (warned,) = json.loads(office.say("board", "--json"))["warnings"]
    assert (warned["count"], warned["tickets"][-1] - int(warned["new"])) == (4, 3)
    assert "4 tickets from 3 customers in 7 days that resemble no known pattern" in " ".join(
        office.say("board").split()
    )


def test_one_customer_who_writes_four_times_is_nothing_new(office: Office) -> None:
    new_group(office, 2)
    at(office, MONDAY).say("escalate")
    assert json.loads(office.say("board", "--json"))["warnings"] == []


def test_the_weekly_mail_has_it_under_what_is_coming_in(office: Office) -> None:
    (office.folder / "rules.yaml").write_text((office.folder / "rules.yaml").read_text("utf-8") + REPORT, "utf-8")
    filled(office.store, desk(18))
    at(office, MONDAY).say("escalate")
    out = office.folder / "mail"
    office.say("report", "--email", "--week", "2026-W46", "--dry-run", "--out", out)
    text = " ".join("".join(one.read_text("utf-8") for one in sorted(out.glob("*.txt"))).split())
    assert "Etikett vip: 18 ärenden på 7 dagar, vanligt 2–8" in text
