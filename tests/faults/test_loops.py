"""Machines are not answered; where nothing tells them from people, the brake keeps a loop short, and shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.faults import loops
from tests.faults.test_faults import folder
from tests.machine_mail import shapes
from ticketctl.domain.mail.mail_loops import echoing, is_echo, root_address
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

__all__ = ["folder"]
HOUR = loops.DAY / 24


def test_no_shape_of_machine_mail_is_answered_and_all_are_kept(folder: Path) -> None:
    post = loops.settle(folder / "desk", "support@exempel.example")
    mails = shapes()
    assert len(mails) >= 60
    for raw in mails.values():
        post.arrive(raw)
    assert [mail["To"] for mail in post.work(escalate=False)] == []
    loops.check(post, ())
    kinds = {one["message_id"]: one["kind"] for ticket in post.tickets() for one in ticket["messages"]}
    told = {name: kinds[f"maskin.{number}@kund.example"] for number, name in enumerate(mails)}
    assert {name for name, kind in told.items() if kind == "message"} == set()


@pytest.mark.parametrize("scene", loops.SCENES)
def test_no_pair_gets_more_than_three_automatic_mails_a_day(scene: str, folder: Path) -> None:
    loops.SCENES[scene](30, folder)


def test_a_loop_through_the_agents_own_address_stays_small(folder: Path) -> None:
    """Each notice is answered without a word that tells a machine, and each answer opens a ticket that is due too."""
    responder = loops.Responder((loops.ANNA, loops.ALICE), keeps_references=False)
    post = loops.against(responder, 96, folder)
    assert len(post.tickets()) <= 10
    shown = post.office.say("board")
    assert "A mail loop with alice@exempel.example? " in shown
    assert any("alice@exempel.example" in told for told in json.loads(post.office.say("board", "--json"))["braked"])
    assert "look  automatic mail" in post.office.run("doctor", "--offline").stdout


def test_the_brake_is_shown_and_lets_go(folder: Path) -> None:
    post = loops.against(loops.Responder((loops.ANNA,), keeps_references=False, chatty=True), 8, folder)
    assert f"A mail loop with {loops.ANNA}? " in post.office.say("board")
    assert "automatic answers in 24 h held back: #2, " in post.office.say("board")
    assert "automatic answers in 24 h held back: #2, " in post.office.run("doctor", "--offline").stdout
    rows = (post.office.folder / "data" / "desk.json").read_text("utf-8").splitlines()
    facts = [row for row in rows if '"held ' in row or '"answered ' in row]
    assert len(facts) == 2 and loops.ANNA not in "".join(facts)
    post.office.now += loops.DAY
    assert "A mail loop" not in post.office.say("board")


def test_a_persons_reply_is_never_held_back(folder: Path) -> None:
    post = loops.against(loops.Responder((loops.ANNA,), chatty=True), 12, folder)
    for number in (1, 2, 3, 4, 5):
        post.office.run("reply", number, "--text", "Nu svarar en människa.", "--send")
    sent = [loops.read(path.read_bytes()) for path in (post.office.folder / "data/sent/new").glob("*")]
    replies = [mail for mail in sent if "en människa" in mail.get_content()]
    assert len(replies) == 5


def test_the_desks_cap_shows_when_it_is_reached(folder: Path) -> None:
    post = loops.settle(folder / "desk", "support@exempel.example", cap=5)
    for number in range(40):
        one = loops.Responder((f"kund{number}@kund{number}.example",))
        post.arrive(one.opening(post.address, post.office.now))
    assert len(post.work(escalate=False)) == 5
    loops.check(post, ())
    assert "No more automatic answers today: 5 in 24 h (acknowledgement_cap)" in post.office.say("board")
    facts = (post.office.folder / "data" / "desk.json").read_text("utf-8")
    assert facts.count('"held ') == 0  # forty forged senders leave no forty marks


def test_the_addresses_of_one_domain_have_a_share_together(folder: Path) -> None:
    post = loops.settle(folder / "desk", "support@exempel.example", cap=60)
    for number in range(30):
        one = loops.Responder((f"robot{number}@mail{number % 3}.slinga.example",))
        post.arrive(one.opening(post.address, post.office.now))
    for number in range(15):
        one = loops.Responder((f"person{number}@gmail.com",))
        post.arrive(one.opening(post.address, post.office.now))
    answered = post.work(escalate=False)
    assert len(answered) == 12 + 15  # a fifth of all to the domain; strangers at a provider have no share together
    told = "No more automatic answers to slinga.example today: 12 of its addresses got one in 24 h"
    assert told in post.office.say("board") and told in post.office.run("doctor", "--offline").stdout
    assert "slinga" not in "".join(
        row
        for row in (post.office.folder / "data" / "desk.json").read_text("utf-8").splitlines()
        if '"answered ' in row
    )


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("anna+17@kund.example", "anna@kund.example"), ("Anna@Kund.example", "anna@kund.example"),
        ("anna@kund.example", "anna@kund.example"), ("+x@kund.example", "+x@kund.example"), ("", ""),
        ("070-123 45", "070-123 45"),
        ("an.na.berg+x@gmail.com", "annaberg@gmail.com"), ("AnnaBerg@GoogleMail.com", "annaberg@gmail.com"),
        ("anna.berg@outlook.com", "anna.berg@outlook.com"), ("anna-shop@yahoo.se", "anna@yahoo.se"),
        ("anna@me.com", "anna@icloud.com"), ("an-na@protonmail.com", "anna@proton.me"),
        ("shop@anna.fastmail.com", "anna@fastmail.com"), ("anna-berg@kund.example", "anna-berg@kund.example"),
    ],
)  # fmt: skip
def test_the_mailbox_behind_an_address(address: str, root: str) -> None:
    assert root_address(address) == root


def opened(number: int, address: str, hours: float, *references: str) -> Ticket:
    at = NOW - hours * HOUR
    first = Message(key="m1", direction="in", kind="message", at=at, sender=Person(address), references=references)
    return Ticket(number=number, subject="x", requester=Person(address), opened_at=at, messages=(first,))


def test_who_opens_too_many_tickets() -> None:
    told = {"alice@exempel.example": [NOW - 3 * HOUR, NOW - 6 * HOUR]}
    after_each = [opened(1, "alice+x@exempel.example", 5.9), opened(2, "alice@exempel.example", 2.9)]
    assert echoing(after_each, told, NOW) == {"alice@exempel.example": (1, 2)}
    assert echoing(after_each[:1], told, NOW) == {}
    own_matters = [opened(1, "alice@exempel.example", 4.5), opened(2, "alice@exempel.example", 1.5)]
    assert echoing(own_matters, told, NOW) == {}
    assert echoing(after_each, told, NOW + loops.DAY) == {}
    form = [opened(number, "anna@kund.example", 2.9) for number in range(1, 50)]
    assert echoing(form, told, NOW) == {}


def test_an_answer_to_a_notice_calls_forth_no_other() -> None:
    notice = f"notice.{'0a' * 16}@exempel.example"
    assert is_echo(opened(1, "anna@kund.example", 1, notice), ())
    assert not is_echo(opened(1, "anna@kund.example", 1, "notice.x@kund.example"), ())
    assert is_echo(opened(1, "anna+1@kund.example", 1), {"anna@kund.example"})
