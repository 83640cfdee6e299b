"""Mail through a group of our own is the customer's mail; through any other list it stays a list's."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear
from tests.mails import simple
from ticketctl.channels.email.parse.lists import as_sent
from ticketctl.channels.email.parse.mime import understand

OURS = ("support@exempel.example",)
GROUP = {
    "Precedence": "list",
    "Mailing-list": "list support@exempel.example; contact support+owners@exempel.example",
    "List-ID": "<support.exempel.example>",
    "X-Google-Group-Id": "1234567890",
    "List-Post": "<https://groups.exempel.example/group/support/post>, <mailto:support@exempel.example>",
    "List-Help": "<https://support.exempel.example/a>,\r\n <mailto:support+help@exempel.example>",
    "List-Archive": "<https://groups.exempel.example/group/support/>",
    "List-Unsubscribe": "<mailto:googlegroups-manage+1234567890+unsubscribe@exempel.example>",
}
MAILMAN = {
    "Precedence": "list",
    "X-BeenThere": "support@exempel.example",
    "List-Id": "Kundtjänst <support.exempel.example>",
    "List-Post": "<mailto:support@exempel.example>",
}


def through(headers: dict[str, str], **fields: str) -> bytes:
    """A customer's mail after the list: its fields stand above the customer's."""
    raw = simple(message_id="fraga@kund.example", **fields)
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + raw


@pytest.mark.parametrize("headers", [GROUP, MAILMAN], ids=["Google Groups", "Mailman"])
@pytest.mark.parametrize("named", ["support@exempel.example", "support.exempel.example"])
def test_a_customer_is_no_list(headers: dict[str, str], named: str) -> None:
    raw = through(headers)
    assert understand(raw).machine == "list"
    found = understand(as_sent(raw, [named]))
    assert (found.machine, found.may_answer) == (None, True)
    direct = understand(simple(message_id="fraga@kund.example"))
    assert found.content == direct.content  # by the group and directly: one message


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"X-Original-From": "Anna Åström <anna@kund.example>", "X-Original-Sender": "anna@kund.example"}, {}),
        ({"X-Original-From": "Anna Åström <anna@kund.example>"}, {"Reply_To": "Anna Åström <anna@kund.example>"}),
        ({}, {"Reply_To": "Anna Åström <anna@kund.example>"}),
        ({"X-Original-From": "=?utf-8?q?Anna_=C3=85str=C3=B6m?= <anna@kund.example>"}, {"Reply_To": OURS[0]}),
    ],
)
def test_the_writer_behind_the_groups_own_name(headers: dict[str, str], answer: dict[str, str]) -> None:
    """Where the writer's domain forbids others to write in its name (DMARC)."""
    rewritten = "\"'Anna Åström' via Support\" <support@exempel.example>"
    found = understand(as_sent(through({**GROUP, **headers}, sender=rewritten, **answer), OURS))
    assert found.sender is not None
    assert (found.sender.address, found.sender.name) == ("anna@kund.example", "Anna Åström")
    assert (found.reply_to, found.machine) == ((), None)


def test_an_answer_to_that_goes_elsewhere_stays() -> None:
    found = understand(as_sent(through(GROUP, sender="anna@kund.example", Reply_To="anna@hem.example"), OURS))
    assert [one.address for one in found.reply_to] == ["anna@hem.example"]


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Id": "<nyheter.annan.example>", "Precedence": "list"},
        {"List-Id": "<nyheter.annan.example>", "List-Post": "<mailto:support@exempel.example>"},
        {"List-Unsubscribe": "<mailto:av@annan.example>", "Precedence": "bulk"},
        {**GROUP, "List-ID": "<support.exempel.example>\r\nList-Id: <nyheter.annan.example>"},
    ],
)
def test_other_lists_stay_lists(headers: dict[str, str]) -> None:
    raw = through(headers)
    assert as_sent(raw, OURS) == raw
    assert understand(raw).machine in ("list", "bulk")


@pytest.mark.parametrize(
    ("field", "machine"),
    [("Auto-Submitted: auto-replied", "auto_reply"), ("X-Autoreply: yes", "auto_reply"), ("Precedence: bulk", "bulk")],
)
def test_a_machine_that_writes_through_our_group_is_one(field: str, machine: str) -> None:
    raw = field.encode() + b"\r\n" + through({key: value for key, value in GROUP.items() if key != "Precedence"})
    assert understand(as_sent(raw, OURS)).machine == machine


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"list", b"List-Id: <support.exempel.example>", b"\x00list\r\n\r\nx"]
)
def test_what_is_hardly_a_mail_stays_as_it_is(raw: bytes) -> None:
    assert as_sent(raw, OURS) == raw
    assert as_sent(through(GROUP), ()) == through(GROUP)


def test_line_ends_and_the_body_are_untouched() -> None:
    raw = through(GROUP).replace(b"\r\n", b"\n")
    sent = as_sent(raw, OURS)
    assert sent.partition(b"\n\n")[2] == raw.partition(b"\n\n")[2]
    assert understand(sent).machine is None


@pytest.mark.parametrize("line", [b"a", b"list:", b"a\r\n ", b"<a@"])
def test_headers_of_any_shape_are_no_work(line: bytes) -> None:
    def sent(size: int) -> bytes:
        value = line * (size // len(line))
        return as_sent(b"List-Id: " + value + b"\r\n" + value + b"\r\n\r\nx", OURS)

    assert_linear(sent, 250_000)
