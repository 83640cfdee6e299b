"""Copies, reply-all, two addresses of ours, a group: one conversation is one ticket, and one mail one message."""

from __future__ import annotations

import pytest

from tests.conftest import Office
from tests.e2e.desk import Desk
from tests.mails import simple

ANNA, BO, CIA = "Anna <anna@kund.example>", "Bo <bo@kund.example>", "cia@kund.example"
SUPPORT, ORDER = "support@exempel.example", "order@exempel.example"


@pytest.fixture
def desk(office: Office) -> Desk:
    rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
    both = f"country: SE, addresses: [{ORDER}], lists: [hjalp@exempel.example]}}"
    (office.folder / "rules.yaml").write_text(rules.replace("country: SE}", both), encoding="utf-8")
    return Desk(office.folder)


def whole(desk: Desk) -> list[tuple[int, int]]:
    """(number, messages of customers) of each ticket."""
    with desk.store.reading() as found:
        return [(one.number, sum(message.direction == "in" for message in one.messages)) for one in found.find()]


def opened(desk: Desk) -> None:
    desk.arrive(simple("Offert", "Kan vi få en offert?", sender=ANNA, message_id="1@kund.example", Cc=f"{BO}, {CIA}"))


def test_reply_all_by_everybody_stays_in_one_ticket(desk: Desk) -> None:
    opened(desk)
    assert [one.address for one in desk.get(1).participants] == ["bo@kund.example", "cia@kund.example"]
    reply_all = {"to": f"{SUPPORT}, {ANNA}", "Cc": CIA}
    desk.arrive(
        simple(
            "Sv: Offert",
            "Gärna två.",
            sender=BO,
            message_id="2@kund.example",
            In_Reply_To="<1@kund.example>",
            **reply_all,
        )
    )
    desk.run("reply", 1, "--text", "Här kommer den.", "--cc", "bo@kund.example", "--send")
    ours = desk.get(1).messages[-1].message_id
    everybody = f"{BO}, {CIA}"
    desk.arrive(
        simple(
            "Re: Offert",
            "Tack! En fråga till?",
            sender=ANNA,
            message_id="3@kund.example",
            In_Reply_To=f"<{ours}>",
            References=f"<1@kund.example> <{ours}>",
            Cc=everybody,
        )
    )
    desk.arrive(
        simple(
            "Re: Offert",
            "Jag undrar också.",
            sender=CIA,
            message_id="4@kund.example",
            In_Reply_To="<3@kund.example>",
            to=f"{ANNA}, {BO}",
            Cc=SUPPORT,
        )
    )
    assert whole(desk) == [(1, 4)]


def test_answers_that_come_before_what_they_answer(desk: Desk) -> None:
    """Bo's reply-all is fetched first: Anna's mail, and what Cia adds, find it."""
    desk.arrive(
        simple(
            "Sv: Offert",
            "Gärna två.",
            sender=BO,
            message_id="2@kund.example",
            In_Reply_To="<1@kund.example>",
            to=f"{SUPPORT}, {ANNA}",
            Cc=CIA,
        )
    )
    opened(desk)
    desk.arrive(
        simple(
            "Sv: Offert",
            "Tre!",
            sender=CIA,
            message_id="5@kund.example",
            In_Reply_To="<1@kund.example>",
            References="<1@kund.example>",
        )
    )
    assert whole(desk) == [(1, 3)]


def test_a_stranger_who_was_not_on_copy_gets_a_linked_ticket(desk: Desk) -> None:
    opened(desk)
    desk.arrive(simple("Sv: Offert", "Hej", sender="mallory@annan.example", In_Reply_To="<1@kund.example>"))
    assert whole(desk) == [(1, 1), (2, 1)]
    assert desk.get(2).links[0].to == 1


@pytest.mark.parametrize("second", ["in", "in2"])
def test_mail_to_two_of_our_addresses_is_one_message(desk: Desk, second: str) -> None:
    """Delivered to both mailboxes, with other traces; we are no participants of our own matter."""
    raw = simple("Offert", "Kan vi få en offert?", sender=ANNA, message_id="1@kund.example", to=f"{SUPPORT}, {ORDER}")
    desk.arrive(b"Delivered-To: support@exempel.example\r\nReceived: by a\r\n" + raw)
    if second == "in":
        desk.arrive(b"Delivered-To: order@exempel.example\r\nReceived: by b\r\n" + raw)
    else:
        other = Desk(desk.folder)
        (desk.folder / "in2" / "new").mkdir(parents=True)
        for part in ("cur", "tmp"):
            (desk.folder / "in2" / part).mkdir()
        (desk.folder / "in2" / "new" / "1.x").write_bytes(b"Delivered-To: order@exempel.example\r\n" + raw)
        other.run("fetch", f"maildir:{desk.folder / 'in2'}")
    ticket = desk.get(1)
    assert whole(desk) == [(1, 1)]
    assert ticket.participants == ()
    assert len(ticket.messages[0].source) == (1 if second == "in" else 2)


def test_once_through_the_group_and_once_directly_is_one_message(desk: Desk) -> None:
    to = {"to": f"hjalp@exempel.example, {SUPPORT}"}
    direct = simple("Offert", "Kan vi få en offert?", sender=ANNA, message_id="1@kund.example", **to)
    group = (
        b"Precedence: list\r\nList-ID: <hjalp.exempel.example>\r\nList-Post: <mailto:hjalp@exempel.example>\r\n"
        b"X-Original-From: Anna <anna@kund.example>\r\n"
    )
    rewritten = direct.replace(b"From: Anna <anna@kund.example>", b"From: 'Anna' via Hjalp <hjalp@exempel.example>")
    desk.arrive(group + rewritten)
    ticket = desk.get(1)
    assert (str(ticket.requester), ticket.messages[0].kind, ticket.participants) == (ANNA, "message", ())
    desk.arrive(direct)
    assert whole(desk) == [(1, 1)]
    assert "reply sent to anna@kund.example" in desk.say("reply", 1, "--text", "Ja.", "--send")


def test_without_the_setting_the_group_is_a_list(office: Office) -> None:
    desk = Desk(office.folder)
    desk.arrive(b"List-ID: <hjalp.exempel.example>\r\n" + simple("Offert", sender=ANNA))
    assert desk.get(1).messages[0].machine == "list"
